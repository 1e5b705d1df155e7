package misconduct_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

// No field takes a text past the limit, or an id that names nothing.
func TestEveryFieldIsChecked(t *testing.T) {
	long := strings.Repeat("长", domain.MaxText)
	var scenarios []domaintest.Scenario
	check := func(field string, as domain.Act, given []domaintest.Past, when domain.Command) {
		scenarios = append(scenarios, domaintest.Scenario{
			Name: string(when.Name()) + " checks " + field, Given: given, When: when, As: as, Refused: domain.CodeInvalid, Field: field,
		})
	}
	open := misconduct.Open{Origin: misconduct.OriginWarning, Unit: "U3", Conduct: "a gift"}
	for field, change := range map[string]func(*misconduct.Open){
		"complaint": func(c *misconduct.Open) { c.Complaint = "C 1" },
		"unit":      func(c *misconduct.Open) { c.Unit = "U/3" },
		"officers":  func(c *misconduct.Open) { c.Officers = []domain.OfficerID{"P7", "P7"} },
		"conduct":   func(c *misconduct.Open) { c.Conduct = long },
	} {
		c := open
		change(&c)
		check(field, inspector, nil, c)
	}
	gap := misconduct.Gap{Kind: misconduct.GapControl, Post: "gate/2", Description: "one person"}
	check("officers", inspector, underInquiry, misconduct.WidenScope{Officers: []domain.OfficerID{"P/9"}, Conduct: "drove the car"})
	check("statement", inspector, append(past(underInquiry...), notified), misconduct.HearStatement{Officer: "P7", Statement: long})
	check("findings", inspector, defended, propose(with(bribe, func(f *misconduct.Finding) { f.Clause = long })...))
	check("gaps", inspector, final, misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "alone", Gaps: []misconduct.Gap{gap}})
	check("unit", importer, nil, misconduct.Import{Unit: "17 / 2"})
	check("note", importer, nil, misconduct.ImportFinding{Category: "conduct", Result: misconduct.ResultPending, Note: long})
	domaintest.Run(t, misconduct.Room, scenarios)
}
