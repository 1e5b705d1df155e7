package sanction_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	service "github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/sanction"
)

// onFile sees P7 in the service.
var onFile = map[domain.Reference]any{domain.OfficerID("P7"): service.Officer{Status: service.StatusServing}}

// found is the case C1 in which these measures are asked for against P7; ""
// stands for a finding that is borne out and asks for none.
func found(measures ...domain.Measure) misconduct.Case {
	c := misconduct.Case{Status: misconduct.StatusConfirmed, Officers: []domain.OfficerID{"P7"}}
	for _, m := range measures {
		c.Confirmed = append(c.Confirmed, misconduct.Finding{Officer: "P7", Result: misconduct.ResultSustained, Measure: m})
	}
	return c
}

// inCase sees P7 in the service, the case C1, and what its finding proposed.
func inCase(c misconduct.Case, first ...sanction.Sanction) map[domain.Reference]any {
	sees := map[domain.Reference]any{domain.OfficerID("P7"): onFile[domain.OfficerID("P7")], domain.CaseID("C1"): c}
	for _, s := range first {
		sees[sanction.OfFinding("C1", "P7")] = s
	}
	return sees
}

// ofOld is an imported case with the finding on P7.
func ofOld(r misconduct.Result) misconduct.Case {
	state := misconduct.Room.NewState()
	misconduct.Room.Apply(state, misconduct.FindingImported{Officer: "P7", Category: "gifts", Result: r}, on(inspector, "2024-01-08"))
	return *state.(*misconduct.Case)
}

func TestAPersonProposesWhatTheCaseCarries(t *testing.T) {
	propose := func(m domain.Measure) sanction.Propose {
		return sanction.Propose{Officer: "P7", Case: "C1", Measure: m, Conduct: "accepted gifts"}
	}
	alone := func(m domain.Measure) sanction.Propose {
		c := propose(m)
		c.Case = ""
		return c
	}
	together := sanction.Propose{Officer: "P7", Conduct: "absences", Acts: deeds(2, domain.MeasureWarning)}
	admonition := func(c domain.CaseID) []domain.Event {
		return []domain.Event{sanction.Proposed{Officer: "P7", Case: c, Measure: domain.MeasureAdmonition, Months: 6, Conduct: "accepted gifts"}}
	}
	demerit := []domain.Event{sanction.Proposed{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 12, Conduct: "accepted gifts"}}
	under := func(s misconduct.Status) misconduct.Case {
		c := found()
		c.Status = s
		return c
	}
	others := misconduct.Case{Status: misconduct.StatusInquiry, Officers: []domain.OfficerID{"P8"}}
	scenarios := []domaintest.Scenario{
		{Name: "nobody who is not on file", When: propose(domain.MeasureDemerit), Refused: domain.CodeNotFound, Field: "officer"},
		{Name: "for no case that is not there", When: propose(domain.MeasureDemerit), Sees: onFile, Refused: domain.CodeNotFound, Field: "case"},
		{Name: "not before the finding is confirmed", When: propose(domain.MeasureDemerit), Sees: inCase(under(misconduct.StatusProposed)),
			Refused: domain.CodeRule, Field: "case", Rule: "公职人员政务处分法 art. 43"},
		{Name: "nor after the case was dismissed", When: propose(domain.MeasureDemerit), Sees: inCase(under(misconduct.StatusDismissed)), Refused: domain.CodeRule, Field: "case"},
		{Name: "not where no finding asks for a measure", When: propose(domain.MeasureDemerit), Sees: inCase(found("")), Refused: domain.CodeRule, Field: "case"},
		{Name: "nothing heavier than the findings ask for", When: propose(domain.MeasureMajor), Sees: inCase(found(domain.MeasureWarning, domain.MeasureDemerit)),
			Refused: domain.CodeRule, Field: "measure", Rule: "公职人员政务处分法 art. 43"},
		{Name: "what the heaviest of them asks for", When: propose(domain.MeasureDemerit), Sees: inCase(found(domain.MeasureWarning, domain.MeasureDemerit)), Then: demerit},
		{Name: "one act is not sanctioned twice", When: propose(domain.MeasureDemerit), Sees: inCase(found(domain.MeasureDemerit), sanction.Sanction{Status: sanction.StatusReleased}),
			Refused: domain.CodeRule, Field: "case", Rule: "公职人员政务处分法 art. 16"},
		{Name: "again after the first proposal was withdrawn", When: propose(domain.MeasureDemerit), Sees: inCase(found(domain.MeasureDemerit), sanction.Sanction{Status: sanction.StatusWithdrawn}), Then: demerit},
		{Name: "nothing formal without a case", When: alone(domain.MeasureWarning), Sees: onFile, Refused: domain.CodeRule, Field: "case", Rule: "公职人员政务处分法 art. 42"},
		{Name: "nor judged together from several acts", When: together, Sees: onFile, Refused: domain.CodeRule, Field: "case"},
		{Name: "an organisational measure without one", When: alone(domain.MeasureAdmonition), Sees: onFile, Then: admonition("")},
		{Name: "nothing formal in a case against others", When: propose(domain.MeasureDemerit), Sees: inCase(others), Refused: domain.CodeRule, Field: "case", Rule: "公职人员政务处分法 art. 42"},
		{Name: "somebody who answers for another's conduct, by an organisational measure", When: propose(domain.MeasureAdmonition), Sees: inCase(others), Then: admonition("C1")},
		{Name: "for an imported case as its papers say", When: propose(domain.MeasureDemerit), Sees: inCase(ofOld(misconduct.ResultSustained)), Then: demerit},
		{Name: "nothing formal for one that bears nothing out", When: propose(domain.MeasureDemerit), Sees: inCase(ofOld(misconduct.ResultNotSustained)), Refused: domain.CodeRule, Field: "case"},
	}
	for i := range scenarios {
		scenarios[i].As = inspector
	}
	domaintest.Run(t, sanction.Room, scenarios)
}

func TestNothingHeavierIsImposedThanTheFindingsAskForByNow(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{Name: "the findings stand", Given: chain(notified, heard, approved), When: sanction.Impose{}, As: leader, Sees: inCase(found(domain.MeasureDemerit)),
			Then: []domain.Event{demerit}},
		{Name: "an appeal made them milder", Given: chain(notified, heard, approved), When: sanction.Impose{}, As: leader, Sees: inCase(found(domain.MeasureWarning)),
			Refused: domain.CodeRule, Field: "measure"},
		{Name: "none of them asks for a measure any more", Given: chain(notified, heard, approved), When: sanction.Impose{}, As: leader, Sees: inCase(found("")),
			Refused: domain.CodeRule, Field: "case"},
	})
}
