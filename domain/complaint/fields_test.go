package complaint_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
)

// No field takes a text past the limit, an id that names nothing, or evidence
// without a digest.
func TestEveryFieldIsChecked(t *testing.T) {
	long := strings.Repeat("长", domain.MaxText)
	var scenarios []domaintest.Scenario
	check := func(field string, as domain.Act, given []domaintest.Past, when domain.Command) {
		scenarios = append(scenarios, domaintest.Scenario{
			Name: string(when.Name()) + " checks " + field, Given: given, When: when, As: as, Refused: domain.CodeInvalid, Field: field,
		})
	}
	receive := complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held"}
	for field, change := range map[string]func(*complaint.Receive){
		"summary": func(c *complaint.Receive) { c.Summary = long },
		"place":   func(c *complaint.Receive) { c.Place = long },
		"post":    func(c *complaint.Receive) { c.Post = "gate/2" },
	} {
		c := receive
		change(&c)
		check(field, intake, nil, c)
	}
	old := complaint.Import{ReceivedOn: day("2016-01-19"), Category: "conduct", Summary: "of old"}
	for field, change := range map[string]func(*complaint.Import){
		"summary": func(c *complaint.Import) { c.Summary = "" },
		"place":   func(c *complaint.Import) { c.Place = long },
		"unit":    func(c *complaint.Import) { c.Unit = "17 / 2" },
		"post":    func(c *complaint.Import) { c.Post = "gate/2" },
	} {
		c := old
		change(&c)
		check(field, importer, nil, c)
	}
	conclude := complaint.Conclude{Result: complaint.ResultPartly, Conduct: "shouted", Officers: []domain.OfficerID{"P7"}, Opinion: "recorded"}
	for field, change := range map[string]func(*complaint.Conclude){
		"conduct":      func(c *complaint.Conclude) { c.Conduct = long },
		"unit":         func(c *complaint.Conclude) { c.Unit = "U/3" },
		"officers":     func(c *complaint.Conclude) { c.Officers = []domain.OfficerID{"P7", "P7"} },
		"namingReason": func(c *complaint.Conclude) { c.NamingReason = long },
		"evidence":     func(c *complaint.Conclude) { c.Evidence = []domain.Evidence{{MediaType: "image/png"}} },
	} {
		c := conclude
		change(&c)
		check(field, handler, handled, c)
	}
	check("toUnit", intake, past(received, admissible), complaint.Transfer{To: "the port office", ToUnit: "U 9", Ground: "theirs"})
	check("handler", leader, open, complaint.RecuseHandler{Ground: "a cousin"})
	domaintest.Run(t, complaint.Room, scenarios)
}
