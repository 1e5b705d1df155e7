package plan_test

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/plan"
)

var progressing = []domaintest.Scenario{
	{Name: "an officer reports on their own target", Given: running(), When: plan.ReportProgress{Target: "T1", Percent: 40, Note: "half the list", Evidence: proof}, As: officer,
		Then: []domain.Event{plan.ProgressReported{Target: "T1", Percent: 40, Note: "half the list", Evidence: proof}}},
	{Name: "an inspector reports on any", Given: running(missedOne), When: plan.ReportProgress{Target: "T1"}, As: inspector,
		Then: []domain.Event{plan.ProgressReported{Target: "T1"}}},
	{Name: "an officer does not report on another's target", Given: running(), When: plan.ReportProgress{Target: "T1", Percent: 40}, As: other,
		Refused: domain.CodeForbidden, Field: "target"},
	{Name: "the former officer does not either", Given: running(domaintest.Past{Act: leader, Event: plan.TargetReassigned{Target: "T1", Unit: "U3", Officer: "P8", Former: "P7", Reason: "ill", Approver: "leader-chen"}}),
		When: plan.ReportProgress{Target: "T1", Percent: 40}, As: officer,
		Refused: domain.CodeForbidden, Field: "target"},
	{Name: "more than everything is refused", Given: running(), When: plan.ReportProgress{Target: "T1", Percent: 101}, As: officer,
		Refused: domain.CodeInvalid, Field: "percent"},
	{Name: "less than nothing is refused", Given: running(), When: plan.ReportProgress{Target: "T1", Percent: -1}, As: officer,
		Refused: domain.CodeInvalid, Field: "percent"},
	{Name: "a note keeps the size limit", Given: running(), When: plan.ReportProgress{Target: "T1", Note: long}, As: officer,
		Refused: domain.CodeInvalid, Field: "note"},
	{Name: "malformed evidence is refused", Given: running(), When: plan.ReportProgress{Target: "T1", Evidence: []domain.Evidence{{}}}, As: officer,
		Refused: domain.CodeInvalid, Field: "evidence"},
	{Name: "a target that was met makes no more progress", Given: running(metOne), When: plan.ReportProgress{Target: "T1", Percent: 50}, As: officer,
		Refused: domain.CodeState, Field: "target"},
	{Name: "an unknown target is refused", Given: running(), When: plan.ReportProgress{Target: "T9"}, As: officer,
		Refused: domain.CodeIncomplete, Field: "target"},
}

var meeting = []domaintest.Scenario{
	{Name: "a target is met on its due day", Given: running(), When: plan.MeetTarget{Target: "T1", Evidence: proof}, As: late(officer, "2024-03-15"),
		Then: []domain.Event{plan.TargetMet{Target: "T1", Unit: "U2", Officer: "P7", On: day("2024-03-15"), Evidence: proof}}},
	{Name: "a target was met on an earlier day", Given: running(), When: plan.MeetTarget{Target: "T1", On: day("2024-03-14"), Evidence: proof}, As: late(hr, "2024-03-20"),
		Then: []domain.Event{plan.TargetMet{Target: "T1", Unit: "U2", Officer: "P7", On: day("2024-03-14"), Evidence: proof}}},
	{Name: "late evidence counts the days", Given: running(missedOne), When: plan.MeetTarget{Target: "T1", Evidence: proof}, As: late(officer, "2024-03-18"),
		Then: []domain.Event{plan.TargetMet{Target: "T1", Unit: "U2", Officer: "P7", On: day("2024-03-18"), DaysLate: 3, Evidence: proof}}},
	{Name: "late evidence is filed after the stage was closed", Given: running(missedOne, explained, metTwo, reported, passed, stageDone), When: plan.MeetTarget{Target: "T1", Evidence: proof}, As: late(officer, "2024-04-15"),
		Then: []domain.Event{plan.TargetMet{Target: "T1", Unit: "U2", Officer: "P7", On: day("2024-04-15"), DaysLate: 31, Evidence: proof}}},
	{Name: "a miss on record is not turned into a target met in time", Given: running(missedOne), When: plan.MeetTarget{Target: "T1", On: day("2024-03-15"), Evidence: proof}, As: late(officer, "2024-03-18"),
		Refused: domain.CodeState, Field: "on"},
	{Name: "a target is not met by word", Given: running(), When: plan.MeetTarget{Target: "T1"}, As: officer,
		Refused: domain.CodeIncomplete, Field: "evidence", Rule: "创双政 art. I1"},
	{Name: "malformed evidence is refused", Given: running(), When: plan.MeetTarget{Target: "T1", Evidence: []domain.Evidence{{}}}, As: officer,
		Refused: domain.CodeInvalid, Field: "evidence"},
	{Name: "a day to come is refused", Given: running(), When: plan.MeetTarget{Target: "T1", On: day("2024-03-05"), Evidence: proof}, As: officer,
		Refused: domain.CodeInvalid, Field: "on"},
	{Name: "a day before the plan is refused", Given: running(), When: plan.MeetTarget{Target: "T1", On: day("2023-12-31"), Evidence: proof}, As: officer,
		Refused: domain.CodeInvalid, Field: "on"},
	{Name: "a target is met once", Given: running(metOne), When: plan.MeetTarget{Target: "T1", Evidence: proof}, As: officer,
		Refused: domain.CodeState, Field: "target"},
	{Name: "an officer does not file for another", Given: running(), When: plan.MeetTarget{Target: "T1", Evidence: proof}, As: other,
		Refused: domain.CodeForbidden, Field: "target"},
	{Name: "an unknown target is refused", Given: running(), When: plan.MeetTarget{Target: "T9", Evidence: proof}, As: officer,
		Refused: domain.CodeIncomplete, Field: "target"},
}

var missing = []domaintest.Scenario{
	{Name: "the clock records a miss the day after", Given: running(), When: plan.MissTarget{Target: "T1"}, As: late(system, "2024-03-16"),
		Then: []domain.Event{plan.TargetMissed{Target: "T1", Unit: "U2", Officer: "P7", Due: day("2024-03-15")}}},
	{Name: "on the due day nothing is missed", Given: running(), When: plan.MissTarget{Target: "T1"}, As: late(system, "2024-03-15"),
		Refused: domain.CodeTooEarly, Field: "target"},
	{Name: "a target that was met is not missed", Given: running(metOne), When: plan.MissTarget{Target: "T1"}, As: late(hr, "2024-03-16"),
		Refused: domain.CodeState, Field: "target"},
	{Name: "a miss is recorded once", Given: running(missedOne), When: plan.MissTarget{Target: "T1"}, As: late(system, "2024-03-17"),
		Refused: domain.CodeState, Field: "target"},
	{Name: "an unknown target is refused", Given: running(), When: plan.MissTarget{Target: "T9"}, As: late(system, "2024-03-16"),
		Refused: domain.CodeIncomplete, Field: "target"},
}

var explaining = []domaintest.Scenario{
	{Name: "the responsible officer explains", Given: running(missedOne), When: plan.ExplainMiss{Target: "T1", Explanation: "the law changed", Evidence: proof}, As: officer,
		Then: []domain.Event{plan.MissExplained{Target: "T1", Unit: "U2", Officer: "P7", Explanation: "the law changed", By: "P7", Evidence: proof}}},
	{Name: "a leader adds to the explanation", Given: running(missedOne, explained), When: plan.ExplainMiss{Target: "T1", Explanation: "it did"}, As: leader,
		Then: []domain.Event{plan.MissExplained{Target: "T1", Unit: "U2", Officer: "P7", Explanation: "it did", By: "leader-chen"}}},
	{Name: "another officer does not explain", Given: running(missedOne), When: plan.ExplainMiss{Target: "T1", Explanation: "lazy"}, As: other,
		Refused: domain.CodeForbidden, Field: "target"},
	{Name: "an explanation says something", Given: running(missedOne), When: plan.ExplainMiss{Target: "T1"}, As: officer,
		Refused: domain.CodeInvalid, Field: "explanation"},
	{Name: "malformed evidence is refused", Given: running(missedOne), When: plan.ExplainMiss{Target: "T1", Explanation: "ill", Evidence: []domain.Evidence{{}}}, As: officer,
		Refused: domain.CodeInvalid, Field: "evidence"},
	{Name: "what was not missed is not explained", Given: running(), When: plan.ExplainMiss{Target: "T1", Explanation: "ill"}, As: officer,
		Refused: domain.CodeState, Field: "target"},
	{Name: "what went to account is explained there", Given: running(missedOne, accounted), When: plan.ExplainMiss{Target: "T1", Explanation: "ill"}, As: officer,
		Refused: domain.CodeState, Field: "target"},
	{Name: "an unknown target is refused", Given: running(), When: plan.ExplainMiss{Target: "T9", Explanation: "ill"}, As: leader,
		Refused: domain.CodeIncomplete, Field: "target"},
}

var excusing = []domaintest.Scenario{
	{Name: "a leader excuses a miss that was explained", Given: running(missedOne, explained), When: plan.ExcuseMiss{Target: "T1", Reason: "the law changed"}, As: leader,
		Then: []domain.Event{plan.MissExcused{Target: "T1", Unit: "U2", Officer: "P7", Reason: "the law changed"}}},
	{Name: "and one that was not", Given: running(missedOne), When: plan.ExcuseMiss{Target: "T1", Reason: "the flood"}, As: leader,
		Then: []domain.Event{plan.MissExcused{Target: "T1", Unit: "U2", Officer: "P7", Reason: "the flood"}}},
	{Name: "nobody excuses themselves", Given: running(missedOne, explained), When: plan.ExcuseMiss{Target: "T1", Reason: "the flood"}, As: ownLeader,
		Refused: domain.CodeConflict, Field: "actor", Rule: "common practice"},
	{Name: "a reason is required", Given: running(missedOne), When: plan.ExcuseMiss{Target: "T1"}, As: leader,
		Refused: domain.CodeInvalid, Field: "reason"},
	{Name: "what was met late needs no excuse", Given: running(missedOne, lateOne), When: plan.ExcuseMiss{Target: "T1", Reason: "the flood"}, As: leader,
		Refused: domain.CodeState, Field: "target"},
	{Name: "an excuse stands when the evidence comes late", Given: running(missedOne, excused, lateOne), When: plan.HoldToAccount{Target: "T1", Reason: "late"}, As: leader,
		Refused: domain.CodeState, Field: "target"},
	{Name: "what went to account is not excused", Given: running(missedOne, accounted), When: plan.ExcuseMiss{Target: "T1", Reason: "the flood"}, As: leader,
		Refused: domain.CodeState, Field: "target"},
}

var holding = []domaintest.Scenario{
	{Name: "an unexplained miss goes to account", Given: running(missedOne), When: plan.HoldToAccount{Target: "T1", Reason: "no word of it"}, As: system,
		Then: []domain.Event{plan.MissHeldToAccount{Target: "T1", Unit: "U2", Officer: "P7", Due: day("2024-03-15"), Reason: "no word of it"}}},
	{Name: "so does one whose explanation is not accepted", Given: running(missedOne, explained), When: plan.HoldToAccount{Target: "T1", Reason: "it did not change"}, As: inspector,
		Then: []domain.Event{plan.MissHeldToAccount{Target: "T1", Unit: "U2", Officer: "P7", Due: day("2024-03-15"), Reason: "it did not change"}}},
	{Name: "a reason is required", Given: running(missedOne), When: plan.HoldToAccount{Target: "T1"}, As: leader,
		Refused: domain.CodeInvalid, Field: "reason"},
	{Name: "an excused miss does not go to account", Given: running(missedOne, excused), When: plan.HoldToAccount{Target: "T1", Reason: "after all"}, As: leader,
		Refused: domain.CodeState, Field: "target"},
	{Name: "a miss goes to account once", Given: running(missedOne, accounted), When: plan.HoldToAccount{Target: "T1", Reason: "again"}, As: leader,
		Refused: domain.CodeState, Field: "target"},
	{Name: "what is still open does not go to account", Given: running(), When: plan.HoldToAccount{Target: "T1", Reason: "slow"}, As: leader,
		Refused: domain.CodeState, Field: "target"},
	{Name: "an unknown target is refused", Given: running(), When: plan.HoldToAccount{Target: "T9", Reason: "slow"}, As: leader,
		Refused: domain.CodeIncomplete, Field: "target"},
}
