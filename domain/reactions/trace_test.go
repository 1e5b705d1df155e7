package reactions_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/warning"
)

func TestTheTraceWalksFromTheFindingToTheLeader(t *testing.T) {
	l := newLedger(t)
	l.do(service()...)
	l.do(step{"2020-01-06", "hr-li", domain.RoleHR, "P1", officer.Enroll{FullName: "陈刚", Unit: "U1", Rank: "一级主任"}})
	l.do(upTo(complaint.ResultSubstantiated, "P7")...)
	l.do(inquiry(finding("P7", "accepted gifts", misconduct.ResultSustained, domain.MeasureMajor))...)

	const id = "case:K1"
	l.do(
		step{"2024-02-28", "inspector-he", domain.RoleInspector, id, traceback.Trace{Link: "L1", Officer: "P7", Unit: "U1", Step: "accept papers", Duty: "to refuse gifts",
			Stage: traceback.StageInProcess, Liability: traceback.LiabilityDirect, Intent: traceback.IntentIntent, Weight: 80}},
		step{"2024-02-28", "inspector-he", domain.RoleInspector, id, traceback.Trace{Link: "L2", Officer: "P1", Unit: "U1", Duty: "to check the register",
			Stage: traceback.StageInProcess, Liability: traceback.LiabilityLeading, Intent: traceback.IntentNegligence, Weight: 20, Because: []string{"L1"}}},
		step{"2024-03-05", "leader-chen", domain.RoleLeader, id, traceback.Conclude{Opinion: "as traced"}},
	)
	// The clerk bears the measure of the finding; the leader's is new.
	l.refuses(domain.CodeRule, step{"2024-03-06", "leader-chen", domain.RoleLeader, id, traceback.HandOn{Link: "L1", To: traceback.ToSanction, Measure: domain.MeasureWarning}})
	l.do(
		step{"2024-03-06", "leader-chen", domain.RoleLeader, id, traceback.Excuse{Link: "L1", Reason: "bears the measure of the finding"}},
		step{"2024-03-06", "leader-chen", domain.RoleLeader, id, traceback.HandOn{Link: "L2", To: traceback.ToSanction, Measure: domain.MeasureWarning}},
		step{"2024-03-07", "leader-chen", domain.RoleLeader, id, traceback.Close{}},
	)
	if s := l.state("sanction", "case:K1.L2").(*sanction.Sanction); s.Status != sanction.StatusProposed || s.Officer != "P1" || s.Measure != domain.MeasureWarning || s.Case != "K1" {
		t.Errorf("the sanction of the leader is %+v", s)
	}
	if len(l.refused) > 0 {
		t.Errorf("reactions were refused: %q", l.refused)
	}
}

func TestAWarningLeadsToTheCaseItNames(t *testing.T) {
	l := newLedger(t)
	l.do(service()...)
	l.do(
		step{"2024-01-08", domain.ActorSystem, domain.RoleSystem, "W1", warning.Raise{Rule: "discretion-outlier", Version: "1", Officer: "P7", Explanation: "19 of 214 penalties lie outside their range"}},
		step{"2024-01-09", "inspector-wang", domain.RoleInspector, "W1", warning.Acknowledge{}},
		step{"2024-01-10", "inspector-wang", domain.RoleInspector, "W1", warning.Review{Opinion: "no reasons on file"}},
		step{"2024-01-10", "inspector-wang", domain.RoleInspector, "W1", warning.ActOn{To: warning.TargetMisconduct, ID: "C9"}},
	)
	if got := l.officer("P7").Inquiries; !slices.Equal(got, []domain.CaseID{"C9"}) {
		t.Errorf("the inquiries of P7 are %v, want C9", got)
	}
	if len(l.refused) > 0 {
		t.Errorf("reactions were refused: %q", l.refused)
	}
}

func TestAnOverturnedActThatNobodyReviewedIsTracedByTheClock(t *testing.T) {
	overturned := enforcement.Reviewed{Unit: "U1", Officers: []domain.OfficerID{"P7", "P8"}, Outcome: enforcement.ResultOverturned, Ground: "no hearing was held"}
	got := reactions.TraceUnreviewed("E1", overturned)
	want := to("act:E1", traceback.Open{Cause: traceback.CauseOverturnedAct, Enforcement: "E1", Officers: []domain.OfficerID{"P7", "P8"}, Unit: "U1", Fault: "no hearing was held"})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("what the clock says (-want +got):\n%s", diff)
	}
	// Whichever comes first opens the trace; the other finds it open.
	l := newLedger(t)
	clock := step{"2024-04-08", domain.ActorSystem, domain.RoleSystem, got.Act.Subject, got.Command}
	l.do(clock)
	l.refuses(domain.CodeExists, clock)
}
