package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
)

func TestNothingIsDecidedOnAppealBeforeAFinding(t *testing.T) {
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "an open case has no appeal", Given: past(opened),
			When: misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}, As: second,
			Refused: domain.CodeState,
		},
		{
			Name: "nor a re-review", Given: past(opened),
			When: misconduct.DecideRereview{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}, As: second,
			Refused: domain.CodeState,
		},
	})
}

func TestAnAppealCitesAnAdoptedNorm(t *testing.T) {
	stands := domaintest.Past{Act: leader, Event: misconduct.FindingConfirmed{Findings: []misconduct.Finding{breach(func(f *misconduct.Finding) { f.NormVersion = 1 })}}}
	given := append(past(judged...), stands, appealed)
	asked := append(past(given...), upheld, rereviewAsked)
	vary := misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "small", Findings: []misconduct.Finding{breach(func(f *misconduct.Finding) { f.Measure = domain.MeasureWarning })}}
	draft := map[domain.Reference]any{domain.NormID("N1"): norm.Norm{Status: norm.StatusDraft}}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "on appeal", Given: given, When: vary, As: second, Sees: draft, Refused: domain.CodeNotFound, Field: "findings"},
		{Name: "on re-review", Given: asked, When: misconduct.DecideRereview(vary), As: third, Sees: draft, Refused: domain.CodeNotFound, Field: "findings"},
	})
}

func TestNothingTollsACaseThatIsOver(t *testing.T) {
	begin := misconduct.BeginTolling{Officer: "P7", Ground: "criminal_case", Reason: "charged"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "no tolling begins", Given: past(opened, dismissed), When: begin, As: inspector, Book: affairs(), Refused: domain.CodeState},
		{Name: "none ends", Given: past(opened, dismissed), When: misconduct.EndTolling{Officer: "P7"}, As: inspector, Book: affairs(), Refused: domain.CodeState},
	})
}
