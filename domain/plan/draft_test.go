package plan_test

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/plan"
)

var wholeDraft = plan.Draft{Title: "反腐工作计划", From: day("2024-01-01"), To: day("2024-06-30"), Unit: "U1", Owner: "P1", Stages: stages}

// draft returns the whole draft, changed.
func draft(change func(*plan.Draft)) plan.Draft {
	c := wholeDraft
	change(&c)
	return c
}

func staged(list ...plan.Stage) plan.Draft { return draft(func(c *plan.Draft) { c.Stages = list }) }

var drafting = []domaintest.Scenario{
	{Name: "a plan is drafted with its stages", When: wholeDraft, As: inspector,
		Then: []domain.Event{plan.Drafted(wholeDraft)}},
	{Name: "a plan is drafted once", Given: []domaintest.Past{drafted}, When: wholeDraft, As: hr,
		Refused: domain.CodeExists, Field: "subject"},
	{Name: "a plan of old is not drafted again", Given: []domaintest.Past{imported}, When: wholeDraft, As: hr,
		Refused: domain.CodeExists, Field: "subject"},
	{Name: "a title is required", When: draft(func(c *plan.Draft) { c.Title = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "title"},
	{Name: "a first day is required", When: draft(func(c *plan.Draft) { c.From = domain.Date{} }), As: hr,
		Refused: domain.CodeInvalid, Field: "from"},
	{Name: "a period does not end before it begins", When: draft(func(c *plan.Draft) { c.To = day("2023-12-31") }), As: hr,
		Refused: domain.CodeInvalid, Field: "to"},
	{Name: "a unit is required", When: draft(func(c *plan.Draft) { c.Unit = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "unit"},
	{Name: "an owner is required", When: draft(func(c *plan.Draft) { c.Owner = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "owner"},
	{Name: "a plan has a stage", When: staged(), As: hr,
		Refused: domain.CodeInvalid, Field: "stages"},
	{Name: "a plan has not too many stages", When: staged(make([]plan.Stage, plan.MostStages+1)...), As: hr,
		Refused: domain.CodeInvalid, Field: "stages"},
	{Name: "a stage has a code", When: staged(plan.Stage{Ends: day("2024-03-31")}), As: hr,
		Refused: domain.CodeInvalid, Field: "stages"},
	{Name: "a stage has a code of its own", When: staged(stages[0], plan.Stage{Stage: "S1", Ends: day("2024-06-30")}), As: hr,
		Refused: domain.CodeInvalid, Field: "stages"},
	{Name: "a stage's title keeps the size limit", When: staged(plan.Stage{Stage: "S1", Title: long, Ends: day("2024-03-31")}), As: hr,
		Refused: domain.CodeInvalid, Field: "stages"},
	{Name: "a stage has an end", When: staged(plan.Stage{Stage: "S1"}), As: hr,
		Refused: domain.CodeInvalid, Field: "stages"},
	{Name: "a stage does not end before the plan begins", When: staged(plan.Stage{Stage: "S1", Ends: day("2023-12-31")}), As: hr,
		Refused: domain.CodeInvalid, Field: "stages"},
	{Name: "a stage does not end after the plan", When: staged(plan.Stage{Stage: "S1", Ends: day("2024-07-01")}), As: hr,
		Refused: domain.CodeInvalid, Field: "stages"},
	{Name: "two stages do not end on one day", When: staged(stages[0], plan.Stage{Stage: "S2", Ends: day("2024-03-31")}), As: hr,
		Refused: domain.CodeInvalid, Field: "stages"},
	{Name: "stages stand in their order", When: staged(stages[1], stages[0]), As: hr,
		Refused: domain.CodeInvalid, Field: "stages"},
}

var adopting = []domaintest.Scenario{
	{Name: "the leadership adopts a draft", Given: []domaintest.Past{drafted}, When: plan.Adopt{Evidence: proof}, As: leader,
		Then: []domain.Event{plan.Adopted{Evidence: proof}}},
	{Name: "a plan is adopted once", Given: running(), When: plan.Adopt{}, As: leader,
		Refused: domain.CodeState},
	{Name: "malformed evidence is refused", Given: []domaintest.Past{drafted}, When: plan.Adopt{Evidence: []domain.Evidence{{}}}, As: leader,
		Refused: domain.CodeInvalid, Field: "evidence"},
}

var wholeTarget = plan.SetTarget{Target: "T9", Title: "train the gate", Due: day("2024-03-29"), Unit: "U2", Officer: "P7", Stage: "S1", Measure: "all attended"}

// target returns the whole target, changed.
func target(change func(*plan.SetTarget)) plan.SetTarget {
	c := wholeTarget
	change(&c)
	return c
}

// crowded is a plan whose first stage has all the targets it may have.
func crowded() []domaintest.Past {
	list := []domaintest.Past{drafted, adopted}
	for i := range plan.MostTargets {
		e := first
		e.Target = fmt.Sprintf("T%d", 100+i)
		list = append(list, domaintest.Past{Act: hr, Event: e})
	}
	return list
}

var setting = []domaintest.Scenario{
	{Name: "a target has a unit and a person", Given: running(), When: wholeTarget, As: hr,
		Then: []domain.Event{plan.TargetSet(wholeTarget)}},
	{Name: "a draft takes targets", Given: []domaintest.Past{drafted}, When: wholeTarget, As: leader,
		Then: []domain.Event{plan.TargetSet(wholeTarget)}},
	{Name: "a stage whose report was returned takes targets", Given: running(reported, returned), When: wholeTarget, As: inspector,
		Then: []domain.Event{plan.TargetSet(wholeTarget)}},
	{Name: "a target without a person is refused", Given: running(), When: target(func(c *plan.SetTarget) { c.Officer = "" }), As: hr,
		Refused: domain.CodeRule, Field: "officer", Rule: "创双政 art. I1"},
	{Name: "a target without a unit is refused", Given: running(), When: target(func(c *plan.SetTarget) { c.Unit = "" }), As: hr,
		Refused: domain.CodeRule, Field: "unit", Rule: "创双政 art. I1"},
	{Name: "a malformed unit is refused", Given: running(), When: target(func(c *plan.SetTarget) { c.Unit = "U/2" }), As: hr,
		Refused: domain.CodeInvalid, Field: "unit"},
	{Name: "a malformed person is refused", Given: running(), When: target(func(c *plan.SetTarget) { c.Officer = "P 7" }), As: hr,
		Refused: domain.CodeInvalid, Field: "officer"},
	{Name: "a code is required", Given: running(), When: target(func(c *plan.SetTarget) { c.Target = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "target"},
	{Name: "a title is required", Given: running(), When: target(func(c *plan.SetTarget) { c.Title = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "title"},
	{Name: "a measure keeps the size limit", Given: running(), When: target(func(c *plan.SetTarget) { c.Measure = long }), As: hr,
		Refused: domain.CodeInvalid, Field: "measure"},
	{Name: "a target belongs to a stage of the plan", Given: running(), When: target(func(c *plan.SetTarget) { c.Stage = "S3" }), As: hr,
		Refused: domain.CodeInvalid, Field: "stage"},
	{Name: "a target is due within its stage", Given: running(), When: target(func(c *plan.SetTarget) { c.Due = day("2024-04-01") }), As: hr,
		Refused: domain.CodeInvalid, Field: "due"},
	{Name: "a target is set ahead of its day", Given: running(), When: target(func(c *plan.SetTarget) { c.Due = day("2024-03-03") }), As: hr,
		Refused: domain.CodeInvalid, Field: "due"},
	{Name: "a target is due in the plan's period", Given: []domaintest.Past{drafted}, As: late(hr, "2023-12-01"),
		When:    target(func(c *plan.SetTarget) { c.Due = day("2023-12-31") }),
		Refused: domain.CodeInvalid, Field: "due"},
	{Name: "a target is set once", Given: running(), When: target(func(c *plan.SetTarget) { c.Target = "T3" }), As: hr,
		Refused: domain.CodeExists, Field: "target"},
	{Name: "a stage that is reported on takes no more targets", Given: running(reported), When: wholeTarget, As: hr,
		Refused: domain.CodeState, Field: "stage"},
	{Name: "a stage has no more targets than a report can hold", Given: crowded(), When: wholeTarget, As: hr,
		Refused: domain.CodeInvalid, Field: "stage"},
}

var reassigning = []domaintest.Scenario{
	{Name: "a leader hands a target on", Given: running(), When: plan.ReassignTarget{Target: "T1", Unit: "U3", Officer: "P8", Reason: "on leave"}, As: leader,
		Then: []domain.Event{plan.TargetReassigned{Target: "T1", Unit: "U3", Officer: "P8", Former: "P7", Reason: "on leave", Approver: "leader-chen"}}},
	{Name: "on the due day it may still be handed on", Given: running(), When: plan.ReassignTarget{Target: "T1", Unit: "U2", Officer: "P8", Reason: "ill"}, As: late(leader, "2024-03-15"),
		Then: []domain.Event{plan.TargetReassigned{Target: "T1", Unit: "U2", Officer: "P8", Former: "P7", Reason: "ill", Approver: "leader-chen"}}},
	{Name: "after the due day nobody escapes", Given: running(), When: plan.ReassignTarget{Target: "T1", Unit: "U2", Officer: "P8", Reason: "ill"}, As: late(leader, "2024-03-16"),
		Refused: domain.CodeTooLate, Field: "target", Rule: "创双政 art. I1"},
	{Name: "a missed target is not handed on", Given: running(missedOne), When: plan.ReassignTarget{Target: "T1", Unit: "U2", Officer: "P8", Reason: "ill"}, As: leader,
		Refused: domain.CodeState, Field: "target"},
	{Name: "a target is not handed on to who has it", Given: running(), When: plan.ReassignTarget{Target: "T1", Unit: "U2", Officer: "P7", Reason: "ill"}, As: leader,
		Refused: domain.CodeInvalid, Field: "officer"},
	{Name: "nobody hands on their own target", Given: running(), When: plan.ReassignTarget{Target: "T1", Unit: "U2", Officer: "P8", Reason: "ill"}, As: ownLeader,
		Refused: domain.CodeConflict, Field: "actor", Rule: "common practice"},
	{Name: "nobody hands a target on to themselves", Given: running(), When: plan.ReassignTarget{Target: "T2", Unit: "U2", Officer: "P7", Reason: "ill"}, As: ownLeader,
		Refused: domain.CodeConflict, Field: "actor"},
	{Name: "an unknown target is refused", Given: running(), When: plan.ReassignTarget{Target: "T9", Unit: "U2", Officer: "P8", Reason: "ill"}, As: leader,
		Refused: domain.CodeIncomplete, Field: "target"},
	{Name: "a unit is required", Given: running(), When: plan.ReassignTarget{Target: "T1", Officer: "P8", Reason: "ill"}, As: leader,
		Refused: domain.CodeInvalid, Field: "unit"},
	{Name: "a person is required", Given: running(), When: plan.ReassignTarget{Target: "T1", Unit: "U2", Reason: "ill"}, As: leader,
		Refused: domain.CodeInvalid, Field: "officer"},
	{Name: "a reason is required", Given: running(), When: plan.ReassignTarget{Target: "T1", Unit: "U2", Officer: "P8"}, As: leader,
		Refused: domain.CodeInvalid, Field: "reason"},
}

var importing = []domaintest.Scenario{
	{Name: "a plan of old is filed with its counts", As: importer,
		When: plan.Import{Title: "Plan of 2014", Unit: "U1", Owner: "P1", From: day("2014-01-01"), To: day("2014-12-31"), Targets: 9, Met: 7},
		Then: []domain.Event{plan.Imported{Title: "Plan of 2014", Unit: "U1", Owner: "P1", From: day("2014-01-01"), To: day("2014-12-31"), Targets: 9, Met: 7}}},
	{Name: "a title alone will do", When: plan.Import{Title: "Plan of 2014"}, As: importer,
		Then: []domain.Event{plan.Imported{Title: "Plan of 2014"}}},
	{Name: "a plan on file is not imported over", Given: running(), When: plan.Import{Title: "Plan of 2014"}, As: importer,
		Refused: domain.CodeExists, Field: "subject"},
	{Name: "a title is required", When: plan.Import{}, As: importer,
		Refused: domain.CodeInvalid, Field: "title"},
	{Name: "a malformed unit is refused", When: plan.Import{Title: "Plan", Unit: "U/1"}, As: importer,
		Refused: domain.CodeInvalid, Field: "unit"},
	{Name: "a malformed owner is refused", When: plan.Import{Title: "Plan", Owner: "P/1"}, As: importer,
		Refused: domain.CodeInvalid, Field: "owner"},
	{Name: "a period does not end before it begins", When: plan.Import{Title: "Plan", From: day("2014-12-31"), To: day("2014-01-01")}, As: importer,
		Refused: domain.CodeInvalid, Field: "to"},
	{Name: "no more targets are met than there were", When: plan.Import{Title: "Plan", Targets: 2, Met: 3}, As: importer,
		Refused: domain.CodeInvalid, Field: "met"},
	{Name: "a count is not negative", When: plan.Import{Title: "Plan", Targets: 2, Met: -1}, As: importer,
		Refused: domain.CodeInvalid, Field: "met"},
}
