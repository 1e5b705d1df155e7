package traceback_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/traceback"
)

func TestOpen(t *testing.T) {
	noTerm := domain.CN2024()
	noTerm.Traceback.Conclude = domain.Term{}
	finding := traceback.Open{Cause: traceback.CauseFinding, Case: "C1", Officers: []domain.OfficerID{"P7"}, Unit: "U1", Fault: "accepted gifts"}
	domaintest.Run(t, traceback.Room, []domaintest.Scenario{
		{
			Name: "a confirmed finding is traced within thirty days",
			When: finding, As: system,
			Then: []domain.Event{opened.Event},
		},
		{
			Name: "without a term there is no last day", Book: noTerm,
			When: traceback.Open{Cause: traceback.CauseOverturnedAct, Enforcement: "E1", Unit: "U1", Fault: "no hearing was held"}, As: inspector,
			Then: []domain.Event{traceback.Opened{Cause: traceback.CauseOverturnedAct, Enforcement: "E1", Unit: "U1", Fault: "no hearing was held"}},
		},
		{
			Name: "a missed target names plan and target",
			When: traceback.Open{Cause: traceback.CauseMissedTarget, Plan: "PL1", Target: "T3", Officers: []domain.OfficerID{"P7"}, Fault: "no training was held"}, As: system,
			Then: []domain.Event{traceback.Opened{Cause: traceback.CauseMissedTarget, Plan: "PL1", Target: "T3", Officers: []domain.OfficerID{"P7"}, Fault: "no training was held", Due: domain.MustDate("2024-04-03")}},
		},
		{
			Name: "a plan without its target is refused",
			When: traceback.Open{Cause: traceback.CauseMissedTarget, Plan: "PL1", Unit: "U1", Fault: "no training was held"}, As: system,
			Refused: domain.CodeInvalid, Field: "target",
		},
		{
			Name: "an unknown cause is refused",
			When: traceback.Open{Cause: "rumour", Case: "C1", Unit: "U1", Fault: "talk"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "cause",
		},
		{
			Name: "a finding without its case is refused",
			When: traceback.Open{Cause: traceback.CauseFinding, Unit: "U1", Fault: "accepted gifts"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "case",
		},
		{
			Name: "what does not go with the cause is refused",
			When: traceback.Open{Cause: traceback.CauseFinding, Case: "C1", Enforcement: "E1", Unit: "U1", Fault: "accepted gifts"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "enforcement",
		},
		{
			Name: "somebody or some unit is where it showed",
			When: traceback.Open{Cause: traceback.CauseFinding, Case: "C1", Fault: "accepted gifts"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "the fault is required",
			When: traceback.Open{Cause: traceback.CauseFinding, Case: "C1", Unit: "U1"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "fault",
		},
		{
			Name: "nobody traces their own fault",
			When: finding, As: self,
			Refused: domain.CodeConflict, Field: "officers", Rule: "common practice",
		},
		{
			Name: "a trace is opened once", Given: chain(),
			When: finding, As: system,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "a leader does not open a trace",
			When: finding, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
