package reactions

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/warning"
)

func openWarned(cause domain.Act, e warning.ActedOn) []domain.Instruction {
	if e.To != warning.TargetMisconduct {
		return nil
	}
	open := misconduct.Open{Origin: misconduct.OriginWarning, Unit: e.Unit, Conduct: e.Conduct}
	if e.Officer != "" {
		open.Officers = []domain.OfficerID{e.Officer}
	}
	return []domain.Instruction{tell(e.Case, open)}
}

// traceFinding opens one trace for the case, at those against whom something
// is borne out.
func traceFinding(cause domain.Act, e misconduct.FindingConfirmed) []domain.Instruction {
	id := domain.CaseID(cause.Subject)
	open := traceback.Open{Cause: traceback.CauseFinding, Case: id}
	n := 0
	for _, f := range e.Findings {
		if !f.Result.BearsOut() {
			continue
		}
		if n++; n == 1 {
			open.Fault = f.Allegation
		}
		if !slices.Contains(open.Officers, f.Officer) {
			open.Officers = append(open.Officers, f.Officer)
		}
	}
	if n == 0 {
		return nil
	}
	if n > 1 {
		open.Fault = fmt.Sprintf("%d findings of case %s", n, id)
	}
	return []domain.Instruction{tell(TracebackOfCase(id), open)}
}

func traceMiss(cause domain.Act, e plan.MissHeldToAccount) []domain.Instruction {
	id := domain.PlanID(cause.Subject)
	return []domain.Instruction{tell(TracebackOfTarget(id, e.Target), traceback.Open{
		Cause: traceback.CauseMissedTarget, Plan: id, Target: e.Target,
		Officers: []domain.OfficerID{e.Officer}, Unit: e.Unit, Fault: e.Reason,
	})}
}

// traceFault opens the trace of an act whose fault review found somebody at
// fault.
func traceFault(cause domain.Act, e enforcement.FaultReviewed) []domain.Instruction {
	if !e.Found {
		return nil
	}
	return []domain.Instruction{traceAct(domain.EnforcementID(cause.Subject), e.Officers, e.Unit, e.Opinion)}
}

// TraceUnreviewed returns what a clock says when the day for the fault review
// of an overturned act has passed and nobody reviewed it: the act is traced
// as it stands. Where a trace was opened meanwhile it is refused.
func TraceUnreviewed(id domain.EnforcementID, e enforcement.Reviewed) domain.Instruction {
	return traceAct(id, e.Officers, e.Unit, e.Ground)
}

func traceAct(id domain.EnforcementID, officers []domain.OfficerID, unit domain.UnitID, fault string) domain.Instruction {
	return tell(TracebackOfAct(id), traceback.Open{
		Cause: traceback.CauseOverturnedAct, Enforcement: id, Officers: officers, Unit: unit, Fault: fault,
	})
}

// proposeForLink proposes the measure wherever the link was handed on to: the
// room of sanctions is where every measure of the ladder is decided.
func proposeForLink(cause domain.Act, e traceback.HandedOn) []domain.Instruction {
	return []domain.Instruction{tell(SanctionOfLink(domain.TracebackID(cause.Subject), e.Link), sanction.Propose{
		Officer: e.Officer, Case: e.Case, Measure: e.Measure, Conduct: e.Conduct,
	})}
}

// TracebackOfCase returns the id of the trace that a confirmed finding of the
// case opens.
func TracebackOfCase(c domain.CaseID) domain.TracebackID {
	return domain.TracebackID("case:" + string(c))
}

// TracebackOfTarget returns the id of the trace that a missed target of the
// plan opens.
func TracebackOfTarget(p domain.PlanID, target string) domain.TracebackID {
	return domain.TracebackID("target:" + string(p) + ":" + target)
}

// TracebackOfAct returns the id of the trace that an overturned act opens.
func TracebackOfAct(e domain.EnforcementID) domain.TracebackID {
	return domain.TracebackID("act:" + string(e))
}

// SanctionOfLink returns the id of the sanction that a link of the trace
// proposes.
func SanctionOfLink(t domain.TracebackID, link string) domain.SanctionID {
	return domain.SanctionID(string(t) + "." + link)
}
