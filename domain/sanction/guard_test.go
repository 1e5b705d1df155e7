package sanction_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	service "github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/sanction"
)

// tied is the file of somebody in the service with the tie.
func tied(tie service.Interest) service.Officer {
	return service.Officer{Status: service.StatusServing, Interests: []service.Interest{tie}}
}

func TestOnlyWhoHasNoTieToThePersonDecidesOverThem(t *testing.T) {
	steps := []struct {
		name  string
		given []domaintest.Past
		when  domain.Command
		as    domain.Act
		then  domain.Event
	}{
		{"approves", chain(notified, heard), sanction.Approve{}, leader, sanction.Approved{Officer: "P7"}},
		{"imposes", chain(notified, heard, approved), sanction.Impose{}, leader, demerit},
		{"decides the appeal", effective(served, appealed), sanction.DecideAppeal{Outcome: sanction.OutcomeUpheld, Opinion: "late"}, on(leader, "2024-04-30"), decidedUpheld.Event},
	}
	files := []struct {
		who     string
		own     service.Officer
		ofP7    service.Officer
		refused domain.Code
	}{
		{who: "somebody without a file"},
		{who: "somebody in the service", own: service.Officer{Status: service.StatusServing}},
		{who: "somebody with a tie elsewhere", own: tied(service.Interest{Nature: "spouse", Officer: "P9"})},
		{who: "somebody whose tie ended", own: tied(service.Interest{Nature: "lodger", Officer: "P7", Until: domain.MustDate("2024-03-03")})},
		{who: "the spouse of the person", own: tied(service.Interest{Nature: "spouse", Officer: "P7"}), refused: domain.CodeConflict},
		{who: "somebody to whom the person declared a tie", ofP7: tied(service.Interest{Nature: "cousin", Officer: "leader-chen"}), refused: domain.CodeConflict},
		{who: "somebody under inquiry", own: service.Officer{Status: service.StatusServing, Inquiries: []domain.CaseID{"M2"}}, refused: domain.CodeRule},
		{who: "somebody off duty", own: service.Officer{Status: service.StatusSuspended}, refused: domain.CodeRule},
		{who: "somebody who left", own: service.Officer{Status: service.StatusSeparated}, refused: domain.CodeRule},
	}
	for _, s := range steps {
		var scenarios []domaintest.Scenario
		for _, f := range files {
			sc := domaintest.Scenario{Name: f.who + " " + s.name, Given: s.given, When: s.when, As: s.as,
				Sees: map[domain.Reference]any{domain.OfficerID("leader-chen"): f.own, domain.OfficerID("P7"): f.ofP7}}
			if f.refused == "" {
				sc.Then = []domain.Event{s.then}
			} else {
				sc.Name = "not " + sc.Name
				sc.Refused, sc.Field, sc.Rule = f.refused, "actor", "公务员法 art. 76"
			}
			scenarios = append(scenarios, sc)
		}
		t.Run(s.name, func(t *testing.T) { domaintest.Run(t, sanction.Room, scenarios) })
	}
}
