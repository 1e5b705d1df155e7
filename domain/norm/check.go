package norm

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// MaxContent bounds the clauses, tiers and steps of one version: the bytes of
// their texts and codes, and entryCost for each entry. Longer texts are filed
// as evidence, with the clauses in short.
const (
	MaxContent = 24 << 10
	entryCost  = 96
)

// check refuses a version that its kind of text cannot be.
func (v Version) check(kind Kind, book *domain.Rulebook) error {
	if err := domain.First(
		domain.CheckOneOf("kind", kind, KindProhibition, KindBenchmark, KindProcedure, KindWindow, KindInternalRule),
		v.checkSize()); err != nil {
		return err
	}
	for _, part := range []struct {
		field string
		has   bool
		owner Kind
	}{{"tiers", len(v.Tiers) > 0, KindBenchmark}, {"steps", len(v.Steps) > 0, KindProcedure}} {
		if part.has && kind != part.owner {
			return domain.Refuse(domain.CodeInvalid, part.field, "belong to a %s, not to a %s", part.owner, kind)
		}
		if !part.has && kind == part.owner {
			return domain.Refuse(domain.CodeInvalid, part.field, "a %s needs at least one", kind)
		}
	}
	if len(v.Clauses) == 0 && kind != KindProcedure {
		return domain.Refuse(domain.CodeInvalid, "clauses", "a %s needs at least one", kind)
	}
	return domain.First(v.checkClauses(kind, book), v.checkTiers(), v.checkSteps(book))
}

func (v Version) checkSize() error {
	size := entryCost * (len(v.Clauses) + len(v.Tiers) + len(v.Steps))
	for _, c := range v.Clauses {
		size += len(c.Code) + len(c.Text)
	}
	for _, t := range v.Tiers {
		size += len(t.Code) + len(t.Clause) + len(t.Factors)
	}
	for _, s := range v.Steps {
		size += len(s.Code) + len(s.StepName)
		for _, code := range slices.Concat(s.Requires, s.ConflictsWith) {
			size += len(code)
		}
	}
	if size > MaxContent {
		return domain.Refuse(domain.CodeInvalid, "clauses", "the version takes %d bytes, at most %d are allowed; file the full text as evidence and keep the clauses short", size, MaxContent)
	}
	return nil
}

func (v Version) checkClauses(kind Kind, book *domain.Rulebook) error {
	for i, c := range v.Clauses {
		if err := domain.First(domain.CheckID("clauses", c.Code), domain.CheckText("clauses", c.Text)); err != nil {
			return err
		}
		if _, twice := find(v.Clauses[:i], func(d Clause) bool { return d.Code == c.Code }); twice {
			return domain.Refuse(domain.CodeInvalid, "clauses", "there are two clauses %s", c.Code)
		}
		if err := c.checkRange(kind, book); err != nil {
			return err
		}
	}
	return nil
}

// checkRange holds the range of penalties against the ladder.
func (c Clause) checkRange(kind Kind, book *domain.Rulebook) error {
	if kind != KindProhibition {
		if c.Least != "" || c.Most != "" {
			return domain.Refuse(domain.CodeInvalid, "clauses", "clause %s: only a prohibition carries a range of penalties", c.Code)
		}
		return nil
	}
	_, least, ok := book.Sanction.Rung(c.Least)
	_, most, too := book.Sanction.Rung(c.Most)
	if !ok || !too {
		return domain.Refuse(domain.CodeInvalid, "clauses", "clause %s: %q to %q is no range on the ladder of %s", c.Code, c.Least, c.Most, book.ID)
	}
	if least > most {
		return domain.Refuse(domain.CodeInvalid, "clauses", "clause %s: %s is heavier than %s; the range runs from the lightest to the heaviest", c.Code, c.Least, c.Most)
	}
	return nil
}

func (v Version) checkTiers() error {
	for i, t := range v.Tiers {
		if err := domain.First(domain.CheckID("tiers", t.Code), domain.CheckText("tiers", t.Factors)); err != nil {
			return err
		}
		if _, twice := find(v.Tiers[:i], func(u Tier) bool { return u.Code == t.Code }); twice {
			return domain.Refuse(domain.CodeInvalid, "tiers", "there are two tiers %s", t.Code)
		}
		if _, ok := v.Clause(t.Clause); !ok {
			return domain.Refuse(domain.CodeInvalid, "tiers", "tier %s: there is no clause %q", t.Code, t.Clause)
		}
		if t.MinAmount < 0 || t.MinAmount > t.MaxAmount {
			return domain.Refuse(domain.CodeInvalid, "tiers", "tier %s: %d to %d fen is no range", t.Code, t.MinAmount, t.MaxAmount)
		}
	}
	return nil
}

func (v Version) checkSteps(book *domain.Rulebook) error {
	if len(v.Steps) == 0 {
		return nil
	}
	for i, s := range v.Steps {
		if err := domain.First(domain.CheckID("steps", s.Code), domain.CheckText("steps", s.StepName), domain.CheckOneOf("steps", s.StepKind, stepKinds...),
			domain.CheckIDs("steps", s.Requires), domain.CheckIDs("steps", s.ConflictsWith)); err != nil {
			return err
		}
		if _, twice := find(v.Steps[:i], func(t Step) bool { return t.Code == s.Code }); twice {
			return domain.Refuse(domain.CodeInvalid, "steps", "there are two steps %s", s.Code)
		}
		for _, code := range slices.Concat(s.Requires, s.ConflictsWith) {
			if _, ok := v.Step(code); !ok {
				return domain.Refuse(domain.CodeInvalid, "steps", "step %s: there is no step %q", s.Code, code)
			}
		}
		if slices.Contains(s.ConflictsWith, s.Code) {
			return domain.Refuse(domain.CodeInvalid, "steps", "step %s conflicts with itself; where two persons are needed, say twoOfficers", s.Code)
		}
		if v.Precedes(s.Code, s.Code) {
			return domain.Refuse(domain.CodeInvalid, "steps", "step %s comes before itself: the requirements run in a circle", s.Code).Under(book.Norm.Soundness)
		}
	}
	return v.checkDecision(book)
}

// checkDecision refuses a procedure without exactly one decision, a step on
// the wrong side of it, and one on neither (an orphan).
func (v Version) checkDecision(book *domain.Rulebook) error {
	var decisions []Step
	for _, s := range v.Steps {
		if s.StepKind == StepDecide {
			decisions = append(decisions, s)
		}
	}
	if len(decisions) != 1 || decisions[0].Optional {
		return domain.Refuse(domain.CodeInvalid, "steps", "there are %d steps that decide; a procedure has exactly one, and it is not optional", len(decisions)).Under(book.Norm.Soundness)
	}
	decision := decisions[0].Code
	for _, s := range v.Steps {
		before, after := v.Precedes(s.Code, decision), v.Precedes(decision, s.Code)
		switch {
		case s.Code == decision:
		case !before && !after:
			return domain.Refuse(domain.CodeInvalid, "steps", "step %s is an orphan: it neither leads to the decision nor follows from it", s.Code).Under(book.Norm.Soundness)
		case before && slices.Contains(stepsAfter, s.StepKind), after && slices.Contains(stepsBefore, s.StepKind):
			return domain.Refuse(domain.CodeInvalid, "steps", "step %s (%s) stands on the wrong side of the decision", s.Code, s.StepKind).Under(book.Norm.Soundness)
		}
	}
	return nil
}
