package misconduct_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

// A history of first forms and its present form fold to the same case, and the
// commands of today go on from it.
func TestFirstFormsFoldAsTheirPresentOnes(t *testing.T) {
	first := []misconduct.FindingV1{{Officer: "P7", Allegation: "took a gift", Result: misconduct.ResultSustained, Intent: misconduct.IntentIntent,
		Clause: "prohibition 3", Measure: domain.MeasureDemerit, Opinion: "admitted"}}
	present := with(bribe, func(f *misconduct.Finding) { f.DeedOn = domain.Date{} })
	lessV1, less := []misconduct.FindingV1{first[0]}, with(present[0], func(f *misconduct.Finding) { f.Measure = domain.MeasureWarning })
	lessV1[0].Measure = domain.MeasureWarning
	steps := []struct{ was, is domaintest.Past }{
		{domaintest.Past{Act: inspector, Event: misconduct.FindingProposedV1{Findings: first}}, domaintest.Past{Act: inspector, Event: misconduct.FindingProposed{Findings: present}}},
		{domaintest.Past{Act: leader, Event: misconduct.FindingConfirmedV1{Findings: first}}, domaintest.Past{Act: leader, Event: misconduct.FindingConfirmed{Findings: present}}},
		{appealed, appealed},
		{domaintest.Past{Act: second, Event: misconduct.AppealDecidedV1{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "small", Findings: lessV1}},
			domaintest.Past{Act: second, Event: misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "small", Findings: less}}},
		{rereviewAsked, rereviewAsked},
		{domaintest.Past{Act: third, Event: misconduct.RereviewedV1{Officer: "P7", Outcome: misconduct.OutcomeOverturned, Opinion: "a loan"}},
			domaintest.Past{Act: third, Event: misconduct.Rereviewed{Officer: "P7", Outcome: misconduct.OutcomeOverturned, Opinion: "a loan"}}},
		{domaintest.Past{Act: inspector, Event: misconduct.AnalysedV1{Aspect: misconduct.AspectPerson, Text: "debts"}}, ofPerson},
		{domaintest.Past{Act: inspector, Event: misconduct.AnalysedV1{Aspect: misconduct.AspectInstitution, Text: "alone", Gaps: []misconduct.GapV1{{Kind: misconduct.GapNorm, Description: "no rule"}}}},
			domaintest.Past{Act: inspector, Event: misconduct.Analysed{Aspect: misconduct.AspectInstitution, Text: "alone"}}},
	}
	was, is := misconduct.Room.NewState(), misconduct.Room.NewState()
	for _, p := range defended {
		misconduct.Room.Apply(is, p.Event, p.Act)
		if e, ok := p.Event.(misconduct.Opened); ok {
			p.Event = misconduct.OpenedV1{Origin: e.Origin, Unit: e.Unit, Officers: e.Officers, Conduct: e.Conduct}
		}
		misconduct.Room.Apply(was, p.Event, p.Act)
	}
	given := past(defended...)
	for i, s := range steps {
		misconduct.Room.Apply(was, s.was.Event, s.was.Act)
		misconduct.Room.Apply(is, s.is.Event, s.is.Act)
		if diff := cmp.Diff(is, was); diff != "" {
			t.Fatalf("after %s (-present +first form):\n%s", s.was.Event.Kind(), diff)
		}
		if given = append(given, s.was); i == 0 {
			domaintest.Run(t, misconduct.Room, []domaintest.Scenario{{Name: "a proposal of the first form is confirmed in the present one", Given: past(given...),
				When: misconduct.ConfirmFinding{}, As: leader, Then: []domain.Event{misconduct.FindingConfirmed{Findings: present}}}})
		}
	}
}
