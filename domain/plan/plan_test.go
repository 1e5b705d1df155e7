package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/plan"
)

// Who acts in the scenarios. P7 is responsible for target T1, P8 for T2, P9
// for T3; all at domaintest.Now unless said otherwise: 2024-03-04.
var (
	leader    = domaintest.By("leader-chen", domain.RoleLeader)
	second    = domaintest.By("leader-guo", domain.RoleLeader)
	inspector = domaintest.By("inspector-he", domain.RoleInspector)
	hr        = domaintest.By("hr-li", domain.RoleHR)
	officer   = domaintest.By("P7", domain.RoleOfficer)
	other     = domaintest.By("P8", domain.RoleOfficer)
	ownLeader = domaintest.By("P7", domain.RoleLeader)
	system    = domaintest.By(domain.ActorSystem, domain.RoleSystem)
	importer  = domaintest.By("import", domain.RoleImporter)
)

var (
	sheet = domain.Evidence{Digest: "sha256:" + strings.Repeat("a", 64), MediaType: "application/pdf", Size: 9}
	proof = []domain.Evidence{sheet}
	long  = strings.Repeat("长", domain.MaxText)
)

// The plan of the scenarios has a stage S1 up to the end of March, with the
// targets T1 and T2, and a stage S2 up to the end of June with T3.
var (
	stages  = []plan.Stage{{Stage: "S1", Title: "first quarter", Ends: day("2024-03-31")}, {Stage: "S2", Ends: day("2024-06-30")}}
	drafted = domaintest.Past{Act: hr, Event: plan.Drafted{Title: "反腐工作计划", From: day("2024-01-01"), To: day("2024-06-30"), Unit: "U1", Owner: "P1", Stages: stages}}
	adopted = domaintest.Past{Act: leader, Event: plan.Adopted{}}
	first   = plan.TargetSet{Target: "T1", Title: "publish the power list", Due: day("2024-03-15"), Unit: "U2", Officer: "P7", Stage: "S1"}
	setOne  = domaintest.Past{Act: hr, Event: first}
	setTwo  = domaintest.Past{Act: hr, Event: plan.TargetSet{Target: "T2", Title: "visit the court", Due: day("2024-03-31"), Unit: "U3", Officer: "P8", Stage: "S1"}}
	setNext = domaintest.Past{Act: hr, Event: plan.TargetSet{Target: "T3", Title: "rotate the gate", Due: day("2024-06-30"), Unit: "U3", Officer: "P9", Stage: "S2"}}

	metOne     = domaintest.Past{Act: officer, Event: plan.TargetMet{Target: "T1", Unit: "U2", Officer: "P7", On: day("2024-03-04"), Evidence: proof}}
	lateOne    = domaintest.Past{Act: officer, Event: plan.TargetMet{Target: "T1", Unit: "U2", Officer: "P7", On: day("2024-03-18"), DaysLate: 3, Evidence: proof}}
	missedOne  = domaintest.Past{Act: system, Event: plan.TargetMissed{Target: "T1", Unit: "U2", Officer: "P7", Due: day("2024-03-15")}}
	explained  = domaintest.Past{Act: officer, Event: plan.MissExplained{Target: "T1", Unit: "U2", Officer: "P7", Explanation: "the law changed", By: "P7"}}
	excused    = domaintest.Past{Act: leader, Event: plan.MissExcused{Target: "T1", Unit: "U2", Officer: "P7", Reason: "the law changed"}}
	accounted  = domaintest.Past{Act: leader, Event: plan.MissHeldToAccount{Target: "T1", Unit: "U2", Officer: "P7", Due: day("2024-03-15"), Reason: "no word of it"}}
	metTwo     = domaintest.Past{Act: other, Event: plan.TargetMet{Target: "T2", Unit: "U3", Officer: "P8", On: day("2024-03-20"), Evidence: proof}}
	reported   = domaintest.Past{Act: leader, Event: plan.StageReportFiled{Stage: "S1"}}
	returned   = domaintest.Past{Act: second, Event: plan.StageReportDeliberated{Stage: "S1", Outcome: plan.OutcomeReturned, Remarks: "why late?"}}
	passed     = domaintest.Past{Act: second, Event: plan.StageReportDeliberated{Stage: "S1", Outcome: plan.OutcomePassed}}
	stageDone  = domaintest.Past{Act: leader, Event: plan.StageClosed{Stage: "S1"}}
	stagesDone = domaintest.Past{Act: leader, Event: plan.StageClosed{Stage: "S2"}}
	closed     = domaintest.Past{Act: leader, Event: plan.Closed{}}
	imported   = domaintest.Past{Act: importer, Event: plan.Imported{Title: "Plan of 2014"}}
)

func day(s string) domain.Date { return domain.MustDate(s) }

// late returns the act on the day.
func late(act domain.Act, day string) domain.Act { return domaintest.At(act, domaintest.On(day)) }

// running is the adopted plan with its targets, and what happened since.
func running(more ...domaintest.Past) []domaintest.Past {
	return append([]domaintest.Past{drafted, adopted, setOne, setTwo, setNext}, more...)
}

func TestPlan(t *testing.T) {
	for _, subject := range []struct {
		name      string
		scenarios []domaintest.Scenario
	}{
		{"draft", drafting}, {"adopt", adopting}, {"set a target", setting}, {"reassign a target", reassigning},
		{"report progress", progressing}, {"meet a target", meeting}, {"miss a target", missing},
		{"explain", explaining}, {"excuse", excusing}, {"hold to account", holding},
		{"report on a stage", reporting}, {"deliberate", deliberating}, {"close", closing}, {"import", importing},
	} {
		t.Run(subject.name, func(t *testing.T) { domaintest.Run(t, plan.Room, subject.scenarios) })
	}
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, plan.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, plan.Room) }

// authority is who may give each command by default.
var authority = map[string]string{
	"plan.draft": "hr inspector leader", "plan.adopt": "leader", "plan.set_target": "hr inspector leader",
	"plan.reassign_target": "leader", "plan.report_progress": "hr inspector leader officer",
	"plan.meet_target": "hr inspector leader officer", "plan.miss_target": "hr inspector leader system",
	"plan.explain_miss": "leader officer", "plan.excuse_miss": "leader", "plan.hold_to_account": "inspector leader system",
	"plan.file_stage_report": "hr inspector leader", "plan.deliberate_stage_report": "leader",
	"plan.close_stage": "hr inspector leader", "plan.close": "leader", "plan.import": "importer",
}

func TestOnlyTheRightRolesMayGiveACommand(t *testing.T) {
	got := map[string]string{}
	for _, c := range plan.Room.Commands {
		var roles []string
		for _, role := range domain.Roles() {
			if err := decide(c, domaintest.By("someone", role)); domain.RefusalCode(err) != domain.CodeForbidden {
				roles = append(roles, string(role))
			}
		}
		slices.Sort(roles)
		got[string(c.Name)] = strings.Join(roles, " ")
	}
	if diff := cmp.Diff(authority, got); diff != "" {
		t.Errorf("who may give what (-want +got):\n%s", diff)
	}
}

// decide gives an empty command after the history, and returns the error.
func decide(c *domain.CommandType, as domain.Act, history ...domaintest.Past) error {
	state := plan.Room.NewState()
	for _, p := range history {
		plan.Room.Apply(state, p.Event, p.Act)
	}
	_, err := plan.Room.Decide(state, c.Value(c.New()), as, domain.CN2024())
	return err
}

func TestEveryCommandButEntryNeedsAPlanUnderWay(t *testing.T) {
	for _, c := range plan.Room.Commands {
		if c.Name == "plan.draft" || c.Name == "plan.import" {
			continue // refused with EXISTS, see the scenarios
		}
		as := domaintest.By("someone", c.By[0])
		if got := domaintest.Met(c.Name, decide(c, as)); got != domain.CodeNotFound {
			t.Errorf("%s where there is no plan: refused with %q, want NOT_FOUND", c.Name, got)
		}
		if got := domaintest.Met(c.Name, decide(c, as, running(closed)...)); got != domain.CodeState {
			t.Errorf("%s on a closed plan: refused with %q, want STATE", c.Name, got)
		}
		if got := domaintest.Met(c.Name, decide(c, as, imported)); got != domain.CodeState {
			t.Errorf("%s on a plan of old: refused with %q, want STATE", c.Name, got)
		}
		if c.Name == "plan.adopt" || c.Name == "plan.set_target" {
			continue // a draft takes these
		}
		if got := domaintest.Met(c.Name, decide(c, as, drafted, setOne)); got != domain.CodeState {
			t.Errorf("%s on a draft: refused with %q, want STATE", c.Name, got)
		}
	}
}

// The life of one plan, every step decided on the events of the steps before.
func TestAPlanLivesFromDraftToClose(t *testing.T) {
	all := []plan.Comparison{{Target: "T1", Remark: "two weeks late"}, {Target: "T2"}}
	steps := []struct {
		command domain.Command
		as      domain.Act
	}{
		{plan.Draft{Title: "反腐工作计划", From: day("2024-01-01"), To: day("2024-03-31"), Unit: "U1", Owner: "P1", Stages: stages[:1]}, hr},
		{plan.SetTarget{Target: "T1", Title: "publish", Due: day("2024-03-15"), Unit: "U2", Officer: "P9", Stage: "S1"}, hr},
		{plan.Adopt{}, leader},
		{plan.ReassignTarget{Target: "T1", Unit: "U2", Officer: "P7", Reason: "P9 left"}, leader},
		{plan.SetTarget{Target: "T2", Title: "visit", Due: day("2024-03-31"), Unit: "U3", Officer: "P8", Stage: "S1"}, hr},
		{plan.ReportProgress{Target: "T1", Percent: 40}, officer},
		{plan.MissTarget{Target: "T1"}, late(system, "2024-03-16")},
		{plan.ExplainMiss{Target: "T1", Explanation: "the printer broke"}, late(officer, "2024-03-18")},
		{plan.MeetTarget{Target: "T2", Evidence: proof}, late(other, "2024-03-20")},
		{plan.FileStageReport{Stage: "S1", Lines: all}, late(hr, "2024-04-01")},
		{plan.DeliberateStageReport{Stage: "S1", Outcome: plan.OutcomeReturned, Remarks: "a printer?"}, late(leader, "2024-04-02")},
		{plan.HoldToAccount{Target: "T1", Reason: "printers do not explain two weeks"}, late(leader, "2024-04-03")},
		{plan.MeetTarget{Target: "T1", Evidence: proof}, late(officer, "2024-04-03")},
		{plan.FileStageReport{Stage: "S1", Lines: all}, late(hr, "2024-04-05")},
		{plan.DeliberateStageReport{Stage: "S1", Outcome: plan.OutcomePassed}, late(leader, "2024-04-08")},
		{plan.CloseStage{Stage: "S1"}, late(hr, "2024-04-08")},
		{plan.Close{}, late(leader, "2024-04-08")},
	}
	state := plan.Room.NewState()
	for _, s := range steps {
		events, err := plan.Room.Decide(state, s.command, s.as, domain.CN2024())
		if err != nil {
			t.Fatalf("%s: %v", s.command.Name(), err)
		}
		for _, e := range events {
			plan.Room.Apply(state, e, s.as)
		}
	}
	want := &plan.Plan{
		Status: plan.StatusClosed, Unit: "U1", Owner: "P1", From: day("2024-01-01"), To: day("2024-03-31"),
		Stages: []plan.StageState{{Code: "S1", Ends: day("2024-03-31"), Status: plan.StageDone, Filer: "hr-li"}},
		Targets: []plan.Target{
			{Code: "T1", Stage: "S1", Due: day("2024-03-15"), Unit: "U2", Officer: "P7", Result: plan.ResultAccountable, Met: true, DaysLate: 19},
			{Code: "T2", Stage: "S1", Due: day("2024-03-31"), Unit: "U3", Officer: "P8", Result: plan.ResultMet, Met: true},
		},
	}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Errorf("the plan (-want +got):\n%s", diff)
	}
}

func TestAFoldSharesNoListWithTheStateBefore(t *testing.T) {
	state := plan.Room.NewState().(*plan.Plan)
	for _, p := range running() {
		plan.Room.Apply(state, p.Event, p.Act)
	}
	before := *state
	for _, p := range []domaintest.Past{lateOne, reported, setTwo} {
		plan.Room.Apply(state, p.Event, p.Act)
	}
	if before.Targets[0].Met || before.Stages[0].Status != plan.StageOpen || len(before.Targets) != 3 {
		t.Errorf("the state before changed: %+v", before)
	}
}
