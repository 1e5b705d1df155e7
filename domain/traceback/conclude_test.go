package traceback_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/traceback"
)

func TestConclude(t *testing.T) {
	conclude := traceback.Conclude{Opinion: "as traced"}
	circle := func(code, because string, l traceback.Liability) domaintest.Past {
		return domaintest.Past{Act: inspector, Event: traceback.LinkTraced{Link: code, Officer: "P9", Unit: "U1", Duty: "d", Liability: l, Weight: 1, Because: []string{because}}}
	}
	domaintest.Run(t, traceback.Room, []domaintest.Scenario{
		{
			Name: "the links that were not cleared stand", Given: chain(direct, leading, supervisory, noWatch),
			When: conclude, As: leader,
			Then: []domain.Event{traceback.Concluded{Opinion: "as traced", Links: []traceback.Answer{
				{Link: "L1", Officer: "P7", Post: "counter-3", Unit: "U1", Liability: traceback.LiabilityDirect, Stage: traceback.StageInProcess, Intent: traceback.IntentIntent, Weight: 70},
				{Link: "L2", Officer: "P1", Unit: "U1", Liability: traceback.LiabilityLeading, Stage: traceback.StageInProcess, Intent: traceback.IntentNegligence, Weight: 20},
			}}},
		},
		{
			Name: "an inspector who traced nothing concludes too", Given: chain(unweighed, weighed),
			When: conclude, As: second,
			Then: []domain.Event{traceback.Concluded{Opinion: "as traced", Links: []traceback.Answer{
				{Link: "L1", Officer: "P7", Unit: "U1", Liability: traceback.LiabilityDirect, Stage: traceback.StageInProcess, Intent: traceback.IntentIntent, Weight: 80},
			}}},
		},
		{
			Name: "a supervisor far up the chain stands with the direct link", Given: chain(direct, leading, supervisory),
			When: conclude, As: leader,
			Then: []domain.Event{traceback.Concluded{Opinion: "as traced", Links: []traceback.Answer{
				{Link: "L1", Officer: "P7", Post: "counter-3", Unit: "U1", Liability: traceback.LiabilityDirect, Stage: traceback.StageInProcess, Intent: traceback.IntentIntent, Weight: 70},
				{Link: "L2", Officer: "P1", Unit: "U1", Liability: traceback.LiabilityLeading, Stage: traceback.StageInProcess, Intent: traceback.IntentNegligence, Weight: 20},
				{Link: "L3", Officer: "P2", Unit: "U9", Liability: traceback.LiabilitySupervisory, Stage: traceback.StageExPost, Intent: traceback.IntentNegligence},
			}}},
		},
		{
			Name: "nobody answers where every link was cleared", Given: chain(direct, noClerk),
			When: conclude, As: leader,
			Then: []domain.Event{traceback.Concluded{Opinion: "as traced"}},
		},
		{
			Name: "who traced does not conclude", Given: chain(direct),
			When: conclude, As: inspector,
			Refused: domain.CodeConflict, Field: "actor", Rule: "common practice",
		},
		{
			Name: "nor who cleared", Given: chain(direct, domaintest.Past{Act: second, Event: noClerk.Event}),
			When: conclude, As: second,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor who is traced", Given: chain(direct, leading),
			When: conclude, As: chief,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nothing is concluded before anything is traced", Given: chain(),
			When: conclude, As: leader,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "a direct link must be weighed", Given: chain(unweighed),
			When: conclude, As: leader,
			Refused: domain.CodeIncomplete, Field: "weight",
		},
		{
			Name: "a leader does not answer alone once the direct link is cleared", Given: chain(direct, leading, noClerk),
			When: conclude, As: leader,
			Refused: domain.CodeRule, Field: "link", Rule: "问责条例",
		},
		{
			Name: "nor a supervisor whose leader was cleared", Given: chain(direct, leading, supervisory, noHead),
			When: conclude, As: leader,
			Refused: domain.CodeRule, Field: "link",
		},
		{
			Name: "links of odd histories that go in a circle are refused", Given: chain(
				circle("A", "B", traceback.LiabilityDirect), circle("B", "A", traceback.LiabilityDirect)),
			When: conclude, As: leader,
			Refused: domain.CodeRule, Field: "because",
		},
		{
			Name: "an opinion is required", Given: chain(direct),
			When: traceback.Conclude{}, As: leader,
			Refused: domain.CodeInvalid, Field: "opinion",
		},
		{
			Name: "a trace is concluded once", Given: settled(),
			When: conclude, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "the system does not conclude", Given: chain(direct),
			When: conclude, As: system,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestHandOn(t *testing.T) {
	sanctioned := map[domain.Reference]any{domain.CaseID("C1"): misconduct.Case{Confirmed: []misconduct.Finding{
		{Officer: "P7", Result: misconduct.ResultSustained, Measure: domain.MeasureDemerit},
		{Officer: "P1", Result: misconduct.ResultSustained},
		{Officer: "P1", Result: misconduct.ResultNotSustained, Measure: domain.MeasureWarning},
	}}}
	missed := domaintest.Past{Act: system, Event: traceback.Opened{Cause: traceback.CauseMissedTarget, Plan: "PL1", Target: "T1", Officers: []domain.OfficerID{"P7"}, Unit: "U1", Fault: "no training was held"}}
	byTwo := domaintest.Past{Act: second, Event: leading.Event}
	domaintest.Run(t, traceback.Room, []domaintest.Scenario{
		{
			Name: "without an inquiry behind it one tracer is not enough for a sanction", Given: []domaintest.Past{missed, direct, leading, concluded},
			When: traceback.HandOn{Link: "L2", To: traceback.ToSanction, Measure: domain.MeasureRemoval}, As: leader,
			Refused: domain.CodeRule, Field: "to", Rule: "公职人员政务处分法 art. 42",
		},
		{
			Name: "two of them are", Given: []domaintest.Past{missed, direct, byTwo, concluded},
			When: traceback.HandOn{Link: "L2", To: traceback.ToSanction, Measure: domain.MeasureWarning}, As: leader,
			Then: []domain.Event{traceback.HandedOn{Link: "L2", Officer: "P1", To: traceback.ToSanction, Measure: domain.MeasureWarning, Conduct: "to check the register"}},
		},
		{
			Name: "and one is for an organisational measure", Given: []domaintest.Past{missed, direct, leading, concluded},
			When: traceback.HandOn{Link: "L2", To: traceback.ToOrganisational, Measure: domain.MeasureCirculated}, As: leader,
			Then: []domain.Event{traceback.HandedOn{Link: "L2", Officer: "P1", To: traceback.ToOrganisational, Measure: domain.MeasureCirculated, Conduct: "to check the register"}},
		},
		{
			Name: "the leader is handed on to a sanction", Given: settled(),
			When: traceback.HandOn{Link: "L2", To: traceback.ToSanction, Measure: domain.MeasureWarning}, As: leader, Sees: sanctioned,
			Then: []domain.Event{handedOn.Event},
		},
		{
			Name: "or to an organisational measure", Given: settled(),
			When: traceback.HandOn{Link: "L2", To: traceback.ToOrganisational, Measure: domain.MeasureAdmonition}, As: leader,
			Then: []domain.Event{traceback.HandedOn{Link: "L2", Officer: "P1", Case: "C1", To: traceback.ToOrganisational, Measure: domain.MeasureAdmonition, Conduct: "to check the register"}},
		},
		{
			Name: "whom the finding sanctions is not sanctioned twice", Given: settled(),
			When: traceback.HandOn{Link: "L1", To: traceback.ToSanction, Measure: domain.MeasureWarning}, As: leader, Sees: sanctioned,
			Refused: domain.CodeRule, Field: "link", Rule: "art. 16",
		},
		{
			Name: "an admonition is no sanction", Given: settled(),
			When: traceback.HandOn{Link: "L2", To: traceback.ToSanction, Measure: domain.MeasureAdmonition}, As: leader,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "a demerit is no organisational measure", Given: settled(),
			When: traceback.HandOn{Link: "L2", To: traceback.ToOrganisational, Measure: domain.MeasureDemerit}, As: leader,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "there is nowhere else", Given: settled(),
			When: traceback.HandOn{Link: "L2", To: "the press", Measure: domain.MeasureDemerit}, As: leader,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "a measure off the ladder is refused", Given: settled(),
			When: traceback.HandOn{Link: "L2", To: traceback.ToSanction, Measure: "flogging"}, As: leader,
			Refused: domain.CodeInvalid, Field: "measure",
		},
		{
			Name: "a link is handed on once", Given: settled(handedOn),
			When: traceback.HandOn{Link: "L2", To: traceback.ToSanction, Measure: domain.MeasureWarning}, As: leader,
			Refused: domain.CodeState, Field: "link",
		},
		{
			Name: "nothing is handed on before the conclusion", Given: chain(direct, leading),
			When: traceback.HandOn{Link: "L2", To: traceback.ToSanction, Measure: domain.MeasureWarning}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "an unknown link is refused", Given: settled(),
			When: traceback.HandOn{Link: "L9", To: traceback.ToSanction, Measure: domain.MeasureWarning}, As: leader,
			Refused: domain.CodeInvalid, Field: "link",
		},
		{
			Name: "nobody hands themselves on", Given: settled(),
			When: traceback.HandOn{Link: "L2", To: traceback.ToSanction, Measure: domain.MeasureWarning}, As: chief,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "the system does not choose a measure", Given: settled(),
			When: traceback.HandOn{Link: "L2", To: traceback.ToSanction, Measure: domain.MeasureWarning}, As: system,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestExcuseAndClose(t *testing.T) {
	excuse := traceback.Excuse{Link: "L1", Reason: "bears the measure of the finding"}
	domaintest.Run(t, traceback.Room, []domaintest.Scenario{
		{
			Name: "a link is excused with a reason", Given: settled(),
			When: excuse, As: leader,
			Then: []domain.Event{excused.Event},
		},
		{
			Name: "a reason is required", Given: settled(),
			When: traceback.Excuse{Link: "L1"}, As: leader,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "what was handed on is not excused", Given: settled(handedOn),
			When: traceback.Excuse{Link: "L2", Reason: "mercy"}, As: leader,
			Refused: domain.CodeState, Field: "link",
		},
		{
			Name: "nobody excuses themselves", Given: settled(),
			When: excuse, As: self,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "the system excuses nobody", Given: settled(),
			When: excuse, As: system,
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "a trace is closed when every link is settled", Given: settled(handedOn, excused),
			When: traceback.Close{}, As: leader,
			Then: []domain.Event{closed.Event},
		},
		{
			Name: "a link that nothing became of keeps it open", Given: settled(excused),
			When: traceback.Close{}, As: leader,
			Refused: domain.CodeIncomplete, Field: "link",
		},
		{
			Name: "what is not concluded cannot be closed", Given: chain(direct, noClerk),
			When: traceback.Close{}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "who is concerned does not close", Given: settled(handedOn, excused),
			When: traceback.Close{}, As: chief,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a trace is closed once", Given: settled(handedOn, excused, closed),
			When: traceback.Close{}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "the system does not close", Given: settled(handedOn, excused),
			When: traceback.Close{}, As: system,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
