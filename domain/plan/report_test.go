package plan_test

import (
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/plan"
)

var (
	both   = []plan.Comparison{{Target: "T2", Remark: "in time"}, {Target: "T1"}}
	report = plan.FileStageReport{Stage: "S1", Lines: both}
	end    = "2024-03-31"
)

// line is what the report says of T1.
func line(result plan.Result, daysLate int) plan.Line {
	return plan.Line{Target: "T1", Unit: "U2", Officer: "P7", Due: day("2024-03-15"), Result: result, DaysLate: daysLate}
}

// compared is a scenario in which T1 stands at the result in the report.
func compared(name string, result plan.Result, daysLate int, since ...domaintest.Past) domaintest.Scenario {
	return domaintest.Scenario{
		Name: name, Given: running(append(since, metTwo)...), When: report, As: late(hr, end),
		Then: []domain.Event{plan.StageReportFiled{Stage: "S1", Lines: []plan.Line{
			line(result, daysLate),
			{Target: "T2", Unit: "U3", Officer: "P8", Due: day("2024-03-31"), Result: plan.ResultMet, Remark: "in time"},
		}}},
	}
}

var reporting = []domaintest.Scenario{
	compared("a report compares what was met in time", plan.ResultMet, 0, metOne),
	compared("what was met late", plan.ResultLate, 3, missedOne, lateOne),
	compared("what was explained and then met late", plan.ResultLate, 3, missedOne, explained, lateOne),
	compared("what was missed without a word", plan.ResultMissed, 0, missedOne),
	compared("what was explained", plan.ResultExplained, 0, missedOne, explained),
	compared("what was excused", plan.ResultExcused, 0, missedOne, excused),
	compared("what went to account", plan.ResultAccountable, 0, missedOne, accounted),
	compared("what went to account and then came late", plan.ResultAccountable, 3, missedOne, accounted, lateOne),
	{Name: "a returned report is filed again", Given: running(metOne, metTwo, reported, returned), As: late(hr, end),
		When: plan.FileStageReport{Stage: "S1", Lines: []plan.Comparison{{Target: "T1"}, {Target: "T2"}}, Evidence: proof},
		Then: []domain.Event{plan.StageReportFiled{Stage: "S1", Evidence: proof, Lines: []plan.Line{
			line(plan.ResultMet, 0), {Target: "T2", Unit: "U3", Officer: "P8", Due: day("2024-03-31"), Result: plan.ResultMet},
		}}}},
	{Name: "a stage for which no target was set has nothing to compare", Given: []domaintest.Past{drafted, adopted}, When: plan.FileStageReport{Stage: "S1"}, As: late(hr, end),
		Then: []domain.Event{plan.StageReportFiled{Stage: "S1"}}},
	{Name: "a report leaves no target out", Given: running(metOne, metTwo), As: late(hr, end),
		When:    plan.FileStageReport{Stage: "S1", Lines: []plan.Comparison{{Target: "T1"}}},
		Refused: domain.CodeIncomplete, Field: "lines", Rule: "创双政 art. I1"},
	{Name: "a report says of every target what became of it", Given: running(metTwo), When: report, As: late(hr, end),
		Refused: domain.CodeIncomplete, Field: "lines"},
	{Name: "a report compares a target once", Given: running(metOne, metTwo), As: late(hr, end),
		When:    plan.FileStageReport{Stage: "S1", Lines: append([]plan.Comparison{{Target: "T1"}}, both...)},
		Refused: domain.CodeInvalid, Field: "lines"},
	{Name: "a report keeps to its stage", Given: running(metOne, metTwo), As: late(hr, end),
		When:    plan.FileStageReport{Stage: "S1", Lines: append([]plan.Comparison{{Target: "T3"}}, both...)},
		Refused: domain.CodeInvalid, Field: "lines"},
	{Name: "a remark keeps the size limit", Given: running(metOne, metTwo), As: late(hr, end),
		When:    plan.FileStageReport{Stage: "S1", Lines: []plan.Comparison{{Target: "T1", Remark: long}}},
		Refused: domain.CodeInvalid, Field: "lines"},
	{Name: "the remarks share one limit of size", Given: running(metOne, metTwo), As: late(hr, end),
		When: plan.FileStageReport{Stage: "S1", Lines: []plan.Comparison{
			{Target: "T1", Remark: strings.Repeat("x", domain.MaxText)}, {Target: "T2", Remark: "y"}}},
		Refused: domain.CodeInvalid, Field: "lines"},
	{Name: "a stage is not reported on before its last day", Given: running(metOne, metTwo), When: report, As: late(hr, "2024-03-30"),
		Refused: domain.CodeTooEarly, Field: "stage"},
	{Name: "a filed report waits for the leadership", Given: running(metOne, metTwo, reported), When: report, As: late(hr, end),
		Refused: domain.CodeState, Field: "stage"},
	{Name: "there must be such a stage", Given: running(), When: plan.FileStageReport{Stage: "S3"}, As: late(hr, end),
		Refused: domain.CodeInvalid, Field: "stage"},
	{Name: "malformed evidence is refused", Given: running(metOne, metTwo), When: plan.FileStageReport{Stage: "S1", Lines: both, Evidence: []domain.Evidence{{}}}, As: late(hr, end),
		Refused: domain.CodeInvalid, Field: "evidence"},
}

var deliberating = []domaintest.Scenario{
	{Name: "the leadership passes a report", Given: running(reported), When: plan.DeliberateStageReport{Stage: "S1", Outcome: plan.OutcomePassed, Remarks: "go on"}, As: second,
		Then: []domain.Event{plan.StageReportDeliberated{Stage: "S1", Outcome: plan.OutcomePassed, Remarks: "go on"}}},
	{Name: "or returns it", Given: running(reported), When: plan.DeliberateStageReport{Stage: "S1", Outcome: plan.OutcomeReturned, Remarks: "why late?"}, As: second,
		Then: []domain.Event{plan.StageReportDeliberated{Stage: "S1", Outcome: plan.OutcomeReturned, Remarks: "why late?"}}},
	{Name: "the filer does not deliberate", Given: running(reported), When: plan.DeliberateStageReport{Stage: "S1", Outcome: plan.OutcomePassed}, As: leader,
		Refused: domain.CodeConflict, Field: "actor", Rule: "common practice"},
	{Name: "a returned report is told why", Given: running(reported), When: plan.DeliberateStageReport{Stage: "S1", Outcome: plan.OutcomeReturned}, As: second,
		Refused: domain.CodeInvalid, Field: "remarks"},
	{Name: "remarks keep the size limit", Given: running(reported), When: plan.DeliberateStageReport{Stage: "S1", Outcome: plan.OutcomePassed, Remarks: long}, As: second,
		Refused: domain.CodeInvalid, Field: "remarks"},
	{Name: "an unknown outcome is refused", Given: running(reported), When: plan.DeliberateStageReport{Stage: "S1", Outcome: "noted"}, As: second,
		Refused: domain.CodeInvalid, Field: "outcome"},
	{Name: "there must be a report", Given: running(), When: plan.DeliberateStageReport{Stage: "S1", Outcome: plan.OutcomePassed}, As: second,
		Refused: domain.CodeState, Field: "stage"},
	{Name: "there must be such a stage", Given: running(reported), When: plan.DeliberateStageReport{Stage: "S3", Outcome: plan.OutcomePassed}, As: second,
		Refused: domain.CodeInvalid, Field: "stage"},
}

var closing = []domaintest.Scenario{
	{Name: "a stage closes when its report was passed", Given: running(metOne, metTwo, reported, passed), When: plan.CloseStage{Stage: "S1"}, As: hr,
		Then: []domain.Event{plan.StageClosed{Stage: "S1"}}},
	{Name: "a stage closes over an explained miss", Given: running(missedOne, explained, metTwo, reported, passed), When: plan.CloseStage{Stage: "S1"}, As: hr,
		Then: []domain.Event{plan.StageClosed{Stage: "S1"}}},
	{Name: "and over one that goes to account", Given: running(missedOne, accounted, metTwo, reported, passed), When: plan.CloseStage{Stage: "S1"}, As: hr,
		Then: []domain.Event{plan.StageClosed{Stage: "S1"}}},
	{Name: "a stage does not close over an unexplained miss", Given: running(missedOne, metTwo, reported, passed), When: plan.CloseStage{Stage: "S1"}, As: hr,
		Refused: domain.CodeIncomplete, Field: "stage", Rule: "创双政 art. I1"},
	{Name: "a stage does not close without a report", Given: running(metOne, metTwo), When: plan.CloseStage{Stage: "S1"}, As: hr,
		Refused: domain.CodeIncomplete, Field: "stage"},
	{Name: "nor while the report waits", Given: running(metOne, metTwo, reported), When: plan.CloseStage{Stage: "S1"}, As: hr,
		Refused: domain.CodeIncomplete, Field: "stage"},
	{Name: "nor when it was returned", Given: running(metOne, metTwo, reported, returned), When: plan.CloseStage{Stage: "S1"}, As: hr,
		Refused: domain.CodeIncomplete, Field: "stage"},
	{Name: "a stage closes once", Given: running(metOne, metTwo, reported, passed, stageDone), When: plan.CloseStage{Stage: "S1"}, As: hr,
		Refused: domain.CodeState, Field: "stage"},
	{Name: "there must be such a stage", Given: running(), When: plan.CloseStage{Stage: "S3"}, As: hr,
		Refused: domain.CodeInvalid, Field: "stage"},
	{Name: "a plan closes when all its stages are closed", Given: running(stageDone, stagesDone), When: plan.Close{}, As: leader,
		Then: []domain.Event{plan.Closed{}}},
	{Name: "a plan does not close over an open stage", Given: running(stageDone), When: plan.Close{}, As: leader,
		Refused: domain.CodeIncomplete, Rule: "创双政 art. I1"},
}
