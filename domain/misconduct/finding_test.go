package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

func propose(findings ...misconduct.Finding) misconduct.ProposeFinding {
	return misconduct.ProposeFinding{Findings: findings}
}

func TestProposingAFinding(t *testing.T) {
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "an investigator proposes; only who is found against must be heard", Given: defended,
			When: propose(found...), As: inspector,
			Then: []domain.Event{misconduct.FindingProposed{Findings: found}},
		},
		{
			Name: "a waived statement is enough",
			Given: past(opened, investigated, notified,
				domaintest.Past{Act: inspector, Event: misconduct.StatementHeard{Officer: "P7", Waived: true}}),
			When: propose(bribe), As: partner,
			Then: []domain.Event{misconduct.FindingProposed{Findings: []misconduct.Finding{bribe}}},
		},
		{
			Name: "without a statement nothing is found against an officer", Given: append(past(underInquiry...), notified),
			When: propose(bribe), As: inspector,
			Refused: domain.CodeIncomplete, Field: "findings", Rule: "公职人员政务处分法 art. 43",
		},
		{
			Name: "further conduct needs to be heard as well", Given: append(past(defended...), further),
			When: propose(bribe), As: inspector,
			Refused: domain.CodeIncomplete, Field: "findings",
		},
		{
			Name: "so does further conduct as it was recorded at first", Given: append(past(defended...), widened),
			When: propose(bribe), As: inspector,
			Refused: domain.CodeIncomplete, Field: "findings",
		},
		{
			Name: "only an investigator proposes", Given: defended,
			When: propose(bribe), As: outsider,
			Refused: domain.CodeForbidden, Field: "actor", Rule: "公职人员政务处分法 art. 42",
		},
		{
			Name: "one who was replaced proposes no more", Given: append(past(defended...), replaced),
			When: propose(bribe), As: partner,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "investigators come first", Given: past(opened),
			When: propose(bribe), As: inspector,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "one proposal at a time", Given: judged,
			When: propose(bribe), As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: propose(bribe), As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nobody under inquiry proposes", Given: defended,
			When: propose(cleared), As: ownInspector,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does a leader", Given: defended,
			When: propose(bribe), As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestAFindingIsWellFormed(t *testing.T) {
	refused := func(name string, code domain.Code, findings ...misconduct.Finding) domaintest.Scenario {
		return domaintest.Scenario{Name: name, Given: defended, When: propose(findings...), As: inspector, Refused: code, Field: "findings"}
	}
	changed := func(change func(*misconduct.Finding)) misconduct.Finding { return with(bribe, change)[0] }
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		refused("there is at least one", domain.CodeInvalid),
		refused("it is against an officer under inquiry", domain.CodeInvalid,
			cleared, changed(func(f *misconduct.Finding) { f.Officer = "P9" })),
		refused("it is against somebody", domain.CodeInvalid, changed(func(f *misconduct.Finding) { f.Officer = "" })),
		refused("it is on an allegation", domain.CodeInvalid, changed(func(f *misconduct.Finding) { f.Allegation = "" })),
		refused("it has a known result", domain.CodeInvalid, changed(func(f *misconduct.Finding) { f.Result = "proved" })),
		refused("pending is a result of history alone", domain.CodeInvalid, changed(func(f *misconduct.Finding) { f.Result = misconduct.ResultPending })),
		refused("it tells intent from negligence", domain.CodeInvalid, changed(func(f *misconduct.Finding) { f.Intent = "" })),
		refused("it carries an opinion", domain.CodeInvalid, changed(func(f *misconduct.Finding) { f.Opinion = "" })),
		refused("its measure stands on the ladder", domain.CodeInvalid, changed(func(f *misconduct.Finding) { f.Measure = "caning" })),
		refused("what is not sustained carries no measure", domain.CodeRule, changed(func(f *misconduct.Finding) { f.Result = misconduct.ResultNotSustained })),
		refused("one officer and allegation have one finding", domain.CodeInvalid, bribe, bribe),
	})
}

// A new proposal never makes it heavier: the officer has spoken before.
func TestANewProposalIsNotHeavier(t *testing.T) {
	accuse := with(cleared, func(f *misconduct.Finding) { f.Result = misconduct.ResultPartlySustained })[0]
	heardAlso := past(
		domaintest.Past{Act: inspector, Event: misconduct.NoticeGiven{Officer: "P8"}},
		domaintest.Past{Act: inspector, Event: misconduct.StatementHeard{Officer: "P8", Waived: true}})
	renewed := append(past(sentBack...), further, notified, heard)
	demotion := measured(bribe, domain.MeasureDemotion)
	without := domaintest.Past{Act: inspector, Event: misconduct.FindingProposed{Findings: []misconduct.Finding{cleared}}}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "the same measure may be proposed again", Given: sentBack,
			When: propose(bribe), As: inspector,
			Then: []domain.Event{misconduct.FindingProposed{Findings: []misconduct.Finding{bribe}}},
		},
		{
			Name: "a lighter one too", Given: sentBack,
			When: propose(measured(bribe, domain.MeasureEducation)...), As: inspector,
			Then: []domain.Event{misconduct.FindingProposed{Findings: measured(bribe, domain.MeasureEducation)}},
		},
		{
			Name: "a heavier one is refused", Given: sentBack,
			When: propose(demotion...), As: inspector,
			Refused: domain.CodeRule, Field: "findings", Rule: "公职人员政务处分法 art. 43",
		},
		{
			Name: "leaving the officer out once in between changes nothing", Given: append(past(sentBack...), without, rejected),
			When: propose(demotion...), As: inspector,
			Refused: domain.CodeRule, Field: "findings",
		},
		{
			Name: "who was cleared is not found against", Given: append(past(sentBack...), heardAlso...),
			When: propose(bribe, accuse), As: inspector,
			Refused: domain.CodeRule, Field: "findings",
		},
		{
			Name: "further conduct, heard anew, may weigh more", Given: renewed,
			When: propose(demotion...), As: inspector,
			Then: []domain.Event{misconduct.FindingProposed{Findings: demotion}},
		},
	})
}
