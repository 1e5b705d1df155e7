package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	service "github.com/probity-ledger/probity/domain/officer"
)

// tied is the file of somebody in the service with the tie.
func tied(tie service.Interest) service.Officer {
	return service.Officer{Status: service.StatusServing, Interests: []service.Interest{tie}}
}

// The case is against P7 and P8, in the unit U3.
func TestOnlyWhoHasNoTieToTheCaseInvestigatesAndJudges(t *testing.T) {
	named := []domain.ActorID{"inspector-he", "inspector-lin"}
	steps := []struct {
		name   string
		given  []domaintest.Past
		when   domain.Command
		as     domain.Act
		person domain.ActorID
		field  string
		then   domain.Event
	}{
		{"investigates", past(opened), misconduct.NameInvestigators{Investigators: named}, leader, "inspector-lin", "investigators", misconduct.InvestigatorsNamed{Investigators: named}},
		{"proposes a finding", defended, misconduct.ProposeFinding{Findings: found}, inspector, "inspector-he", "actor", misconduct.FindingProposed{Findings: found}},
		{"confirms", judged, misconduct.ConfirmFinding{}, leader, "leader-chen", "actor", misconduct.FindingConfirmed{Findings: found}},
		{"rejects", judged, misconduct.RejectFinding{Reason: "thin"}, leader, "leader-chen", "actor", misconduct.FindingRejected{Reason: "thin"}},
		{"dismisses", judged, misconduct.Dismiss{Reason: "thin"}, leader, "leader-chen", "actor", misconduct.Dismissed{Officers: []domain.OfficerID{"P7", "P8"}, Reason: "thin"}},
		{"decides the appeal", onAppeal, misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}, second, "leader-guo", "actor",
			misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}},
		{"decides the re-review", onRereview, misconduct.DecideRereview{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}, third, "leader-han", "actor",
			misconduct.Rereviewed{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}},
	}
	files := []struct {
		who     string
		own     service.Officer
		ofP8    service.Interest // declared by P8, one of the accused
		refused domain.Code
	}{
		{who: "somebody without a file"},
		{who: "somebody in the service", own: service.Officer{Status: service.StatusServing}},
		{who: "somebody with a tie elsewhere", own: tied(service.Interest{Nature: "spouse", Officer: "P9", Unit: "U9"})},
		{who: "somebody with a tie in words alone", own: tied(service.Interest{Nature: "shareholding", With: "a broker"})},
		{who: "somebody whose tie to the accused ended yesterday", own: tied(service.Interest{Nature: "lodger", Officer: "P8", Until: day("2024-03-03")})},
		{who: "somebody whose tie to the accused ends today", own: tied(service.Interest{Nature: "lodger", Officer: "P8", Until: day("2024-03-04")}), refused: domain.CodeConflict},
		{who: "the spouse of an accused", own: tied(service.Interest{Nature: "spouse", Officer: "P8"}), refused: domain.CodeConflict},
		{who: "somebody with a stake in the unit", own: tied(service.Interest{Nature: "former post", Unit: "U3"}), refused: domain.CodeConflict},
		{who: "somebody to whom an accused declared a tie", ofP8: service.Interest{Nature: "cousin"}, refused: domain.CodeConflict},
		{who: "somebody under inquiry", own: service.Officer{Status: service.StatusServing, Inquiries: []domain.CaseID{"M2"}}, refused: domain.CodeRule},
		{who: "somebody off duty", own: service.Officer{Status: service.StatusSuspended}, refused: domain.CodeRule},
		{who: "somebody who left", own: service.Officer{Status: service.StatusSeparated}, refused: domain.CodeRule},
	}
	for _, s := range steps {
		var scenarios []domaintest.Scenario
		for _, f := range files {
			sc := domaintest.Scenario{Name: f.who + " " + s.name, Given: s.given, When: s.when, As: s.as,
				Sees: map[domain.Reference]any{domain.OfficerID(s.person): f.own}}
			if f.ofP8.Nature != "" {
				f.ofP8.Officer = domain.OfficerID(s.person)
				sc.Sees[domain.OfficerID("P8")] = tied(f.ofP8)
			}
			if f.refused == "" {
				sc.Then = []domain.Event{s.then}
			} else {
				sc.Name = "not " + sc.Name
				sc.Refused, sc.Field, sc.Rule = f.refused, s.field, "公务员法 art. 76"
			}
			scenarios = append(scenarios, sc)
		}
		t.Run(s.name, func(t *testing.T) { domaintest.Run(t, misconduct.Room, scenarios) })
	}
}

func TestACaseWithinNoUnitIsTiedToNone(t *testing.T) {
	nowhere := domaintest.Past{Act: inspector, Event: misconduct.Opened{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{"P7"}, Conduct: "a gift"}}
	named := []domain.ActorID{"inspector-he", "inspector-lin"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{{
		Name: "a tie to a body names no unit either", Given: past(nowhere), When: misconduct.NameInvestigators{Investigators: named}, As: leader,
		Sees: map[domain.Reference]any{domain.OfficerID("inspector-lin"): tied(service.Interest{Nature: "shareholding", With: "a broker"})},
		Then: []domain.Event{misconduct.InvestigatorsNamed{Investigators: named}},
	}})
}
