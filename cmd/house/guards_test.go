package house

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/reward"
)

// fold finds the state of an aggregate as it was before an event.
type fold func(domain.Ref) any

func before[S any](f fold, ref domain.Reference) S { return *f(ref.Ref()).(*S) }

// breach says how a recorded event breaks a guard that crosses aggregates,
// "" when it breaks none. It judges by what was recorded before alone, in
// words of its own rather than the rooms'.
func breach(f fold, r domain.Recorded, book *domain.Rulebook) string {
	if r.Act.Imported() {
		return "" // judged by no rule of ours
	}
	today := book.Calendar.Day(r.Act.OccurredAt)
	switch e := r.Event.(type) {
	case officer.Promoted, officer.Rotated, officer.Appointed, officer.Separated:
		return moved(before[officer.Officer](f, domain.OfficerID(r.Act.Subject)), e, today)
	case reward.Nominated:
		return honoured(f, e.Officer, today)
	case reward.Verified:
		return honoured(f, before[reward.Reward](f, rewardID(r)).Officer, today)
	case reward.Granted:
		return honoured(f, e.Officer, today)
	case misconduct.InvestigatorsNamed, misconduct.FindingConfirmed, misconduct.Archived:
		return inquired(before[misconduct.Case](f, domain.CaseID(r.Act.Subject)), r)
	case inspection.Opened:
		return supervised(f, e.Enforcement, e.Officers, e.Supervisors)
	case inspection.SupervisorsReplaced:
		s := before[inspection.Inspection](f, domain.InspectionID(r.Act.Subject))
		return supervised(f, s.Enforcement, s.Officers, e.Supervisors)
	case plan.StageClosed:
		for _, t := range before[plan.Plan](f, domain.PlanID(r.Act.Subject)).Targets {
			if t.Stage == e.Stage && (t.Result == plan.ResultMissed || t.Result == plan.ResultOpen) {
				return fmt.Sprintf("target %s of the stage is %s and unexplained", t.Code, t.Result)
			}
		}
	}
	if r.Event.Kind().Room() == "enforcement" {
		return enforced(f, r, today)
	}
	return ""
}

type rewardRef string

func (r rewardRef) Ref() domain.Ref { return domain.Ref{Type: "reward", ID: string(r)} }

func rewardID(r domain.Recorded) rewardRef { return rewardRef(r.Act.Subject) }

func moved(o officer.Officer, e domain.Event, today domain.Date) string {
	if s, ok := e.(officer.Separated); ok && (s.Reason == officer.ReasonDismissed || s.Reason == officer.ReasonDeceased) {
		return ""
	}
	if len(o.Inquiries) > 0 {
		return fmt.Sprintf("the officer is under inquiry (%v)", o.Inquiries)
	}
	if _, ok := e.(officer.Promoted); ok {
		for _, r := range o.Restrictions {
			if r.BarsPromotion && r.InForce(today) {
				return fmt.Sprintf("sanction %s bars promotion", r.Sanction)
			}
		}
	}
	return ""
}

func honoured(f fold, id domain.OfficerID, today domain.Date) string {
	if id == "" {
		return "" // a unit has no file
	}
	o := before[officer.Officer](f, id)
	if len(o.Inquiries) > 0 {
		return fmt.Sprintf("%s is under inquiry (%v)", id, o.Inquiries)
	}
	for _, r := range o.Restrictions {
		if r.BarsHonours && r.InForce(today) {
			return fmt.Sprintf("sanction %s bars %s from honours", r.Sanction, id)
		}
	}
	return ""
}

func inquired(c misconduct.Case, r domain.Recorded) string {
	switch e := r.Event.(type) {
	case misconduct.InvestigatorsNamed:
		if len(distinct(e.Investigators)) < 2 {
			return fmt.Sprintf("%v are fewer than two investigators", e.Investigators)
		}
		for _, o := range c.Officers {
			if slices.Contains(e.Investigators, domain.ActorID(o)) {
				return fmt.Sprintf("%s investigates their own conduct", o)
			}
		}
	case misconduct.FindingConfirmed:
		if c.Proposer == r.Act.Actor {
			return "who proposed the finding confirmed it"
		}
	case misconduct.Archived:
		if !c.PersonAnalysed || !c.InstitutionAnalysed {
			return "an analysis is missing"
		}
	}
	return ""
}

func supervised(f fold, about domain.EnforcementID, officers, supervisors []domain.OfficerID) string {
	if len(distinct(supervisors)) < 2 {
		return fmt.Sprintf("%v are fewer than two supervisors", supervisors)
	}
	var chain []domain.ActorID
	if about != "" {
		chain = before[enforcement.Enforcement](f, about).Chain
	}
	for _, s := range supervisors {
		if slices.Contains(officers, s) || slices.Contains(chain, domain.ActorID(s)) {
			return fmt.Sprintf("supervisor %s stands in the chain", s)
		}
	}
	return ""
}

func distinct[T comparable](list []T) map[T]bool {
	out := map[T]bool{}
	for _, x := range list {
		out[x] = true
	}
	return out
}

// enforced judges the events of an administrative act.
func enforced(f fold, r domain.Recorded, today domain.Date) string {
	s := before[enforcement.Enforcement](f, domain.EnforcementID(r.Act.Subject))
	switch e := r.Event.(type) {
	case enforcement.Opened:
		return certified(f, e.Officers, today)
	case enforcement.OfficersReplaced:
		return certified(f, e.Officers, today)
	case enforcement.StepTaken:
		if what := inTurn(f, s, e.Step); what != "" {
			return what
		}
		switch e.StepKind {
		case norm.StepInvestigate, norm.StepPreserve, norm.StepNotify, norm.StepStatement, norm.StepServe, norm.StepExecute:
			who := []domain.OfficerID{e.Officer}
			if e.Second != "" {
				who = append(who, e.Second)
			}
			return certified(f, who, e.On)
		}
	case enforcement.StepOverridden:
		if e.AskedBy == "" || e.Approver == e.AskedBy || slices.Contains(s.Investigators, e.Approver) {
			return fmt.Sprintf("%s granted what %s asked for", e.Approver, e.AskedBy)
		}
	case enforcement.Deviated:
		if e.Reason == "" || e.AskedBy == "" || e.Approver == e.AskedBy || slices.Contains(s.Investigators, e.Approver) {
			return fmt.Sprintf("%s granted what %s asked for", e.Approver, e.AskedBy)
		}
	case enforcement.Decided:
		if e.Tier != "" && (e.Amount < e.MinAmount || e.Amount > e.MaxAmount) && (s.Deviation.Approver == "" || s.Deviation.Amount != e.Amount) {
			return fmt.Sprintf("%d is outside %d to %d and nobody granted it", e.Amount, e.MinAmount, e.MaxAmount)
		}
		if e.Outcome == enforcement.OutcomeTerminated {
			return "" // given up, at whatever step
		}
		return inTurn(f, s, e.Step)
	}
	return ""
}

func certified(f fold, ids []domain.OfficerID, on domain.Date) string {
	for _, id := range ids {
		if c := before[officer.Officer](f, id).Certificate; c.Status != officer.CertificateValid || on.Before(c.ValidFrom) || on.After(c.ValidTo) {
			return fmt.Sprintf("%s holds no certificate valid on %s: %+v", id, on, c)
		}
	}
	return ""
}

// inTurn looks for a required step that was neither taken nor overridden.
func inTurn(f fold, s enforcement.Enforcement, code string) string {
	v, ok := before[norm.Norm](f, s.Procedure).Adopted(s.ProcedureVersion)
	step, known := v.Step(code)
	if !ok || !known {
		return fmt.Sprintf("procedure %s version %d has no step %s", s.Procedure, s.ProcedureVersion, code)
	}
	for _, need := range step.Requires {
		taken := slices.ContainsFunc(s.Steps, func(t enforcement.StepState) bool { return t.Code == need })
		spared := slices.ContainsFunc(s.Overrides, func(o enforcement.Override) bool { return o.Step == need && o.Granted })
		if required, _ := v.Step(need); !taken && !spared && !required.Optional {
			return fmt.Sprintf("step %s was skipped before %s", need, code)
		}
	}
	return ""
}
