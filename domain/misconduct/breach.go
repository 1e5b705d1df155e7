package misconduct

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
)

// The checks of this file hold a finding against the texts and the rulebooks
// that bind it, and fill in what follows from them: the version of the norm,
// the standard of proof and the count of earlier findings. What a finding
// states of these itself must be so.

// normsOf names the norms that the findings cite, to be seen.
func normsOf(findings []Finding) []domain.Reference {
	var out []domain.Reference
	for _, f := range findings {
		out = append(out, f.Norm)
	}
	return out
}

// proved holds the result against the findings of the rulebook, and names the
// standard of proof.
func (f *Finding) proved(act domain.Act, book *domain.Rulebook) error {
	rules := book.Findings
	if !rules.Allows(string(f.Result)) {
		return domain.Refuse(domain.CodeRule, "findings", "%s has no finding that is %s, only %v", book.ID, f.Result, rules.Results).Under(rules.Source)
	}
	if f.Standard != "" && f.Standard != rules.Standard {
		return domain.Refuse(domain.CodeRule, "findings", "the standard of proof of %s is %q, not %q", book.ID, rules.Standard, f.Standard).Under(rules.Source)
	}
	f.Standard = rules.Standard
	today := book.Calendar.Day(act.OccurredAt)
	switch {
	case f.DeedOn.After(today):
		return domain.Refuse(domain.CodeInvalid, "findings", "the day of the conduct, %s, lies after %s", f.DeedOn, today)
	case f.DeedOn.IsZero() && (f.Result.BearsOut() || f.Norm != ""):
		return domain.Refuse(domain.CodeInvalid, "findings", "say on which day the conduct was, the last one where it lasted (deedOn); the rules of that day bind it").Under(book.Enforcement.Lighter)
	}
	return nil
}

// cited holds the clause against the version of the norm in force on the day
// of the conduct, and the measure against the clause's range on the ladder of
// that day. Without a norm the clause is plain text: a rule that is not kept
// here.
func (f *Finding) cited(act domain.Act, book *domain.Rulebook) error {
	if f.Norm == "" {
		if f.NormVersion != 0 {
			return domain.Refuse(domain.CodeInvalid, "findings", "names version %d of no norm", f.NormVersion)
		}
		return nil
	}
	text := domain.See[norm.Norm](act, f.Norm)
	if text.Status == norm.StatusNone || text.Status == norm.StatusDraft {
		return domain.Refuse(domain.CodeNotFound, "findings", "there is no adopted norm %s", f.Norm)
	}
	version, held := text.InForce(f.DeedOn)
	if !held {
		return domain.Refuse(domain.CodeRule, "findings", "no version of %s was in force on %s, the day of the conduct", f.Norm, f.DeedOn).Under(book.Norm.NoRetroaction)
	}
	if f.NormVersion != 0 && f.NormVersion != version.Number {
		return domain.Refuse(domain.CodeRule, "findings", "version %d of %s was in force on %s, not version %d", version.Number, f.Norm, f.DeedOn, f.NormVersion).Under(book.Norm.NoRetroaction)
	}
	f.NormVersion = version.Number
	clause, found := version.Clause(f.Clause)
	if _, step := version.Step(f.Clause); !found && !step {
		return domain.Refuse(domain.CodeInvalid, "findings", "version %d of %s, in force on %s, has no clause %q", version.Number, f.Norm, f.DeedOn, f.Clause).Under(book.Norm.NoRetroaction)
	}
	if text.NormKind != norm.KindProhibition || !f.Result.BearsOut() {
		return nil
	}
	if then := book.On(f.DeedOn); !clause.Allows(f.Measure, then.Sanction) {
		return domain.Refuse(domain.CodeRule, "findings", "clause %s of %s (version %d) draws %s to %s, not %s", f.Clause, f.Norm, version.Number, clause.Least, clause.Most, orNone(f.Measure)).
			Under(string(f.Norm) + " " + f.Clause)
	}
	return nil
}

// imposable refuses a measure that the rules of the day of the conduct and of
// today do not both know.
func (f *Finding) imposable(book *domain.Rulebook) error {
	if f.Measure == "" {
		return nil
	}
	if _, _, ok := book.Sanction.Rung(f.Measure); !ok {
		return domain.Refuse(domain.CodeInvalid, "findings", "%q is no measure of %s", f.Measure, book.ID)
	}
	if !f.Result.BearsOut() {
		return domain.Refuse(domain.CodeRule, "findings", "a finding that is %s carries no measure", f.Result)
	}
	if f.DeedOn.IsZero() {
		return nil
	}
	if then := book.On(f.DeedOn); then != book {
		if _, _, ok := domain.Lighter(then, book, f.Measure); !ok {
			return domain.Refuse(domain.CodeRule, "findings", "%s (version %s), in force on %s, did not know the measure %s", then.ID, then.Version, f.DeedOn, f.Measure).Under(book.Enforcement.Lighter)
		}
	}
	return nil
}

// graded holds the finding against the discipline matrix, where the rulebook
// has one: the class is named, earlier findings are counted from the
// officer's file, and a measure outside the range needs a reason.
func (f *Finding) graded(act domain.Act, book *domain.Rulebook) error {
	rules := book.Matrix
	if len(rules.Classes) == 0 || !f.Result.BearsOut() {
		if f.Class != "" || f.Priors != 0 || f.Departure != "" {
			return domain.Refuse(domain.CodeInvalid, "findings", "class, priors and departure are for what is borne out, and for a rulebook with a discipline matrix")
		}
		return nil
	}
	priors := domain.See[officer.Officer](act, f.Officer).FoundBefore(f.DeedOn, domain.CaseID(act.Subject), rules.Lookback, book.Calendar)
	if f.Priors != 0 && f.Priors != priors {
		return domain.Refuse(domain.CodeRule, "findings", "%d earlier findings against %s count, not %d", priors, f.Officer, f.Priors).Under(rules.Lookback.Source)
	}
	f.Priors = priors
	step, ok := rules.Range(f.Class, priors)
	if !ok {
		return domain.Refuse(domain.CodeInvalid, "findings", "class %q is not of the matrix of %s; name one of its classes", f.Class, book.ID).Under(rules.Source)
	}
	inside := norm.Clause{Least: step.Least, Most: step.Most}.Allows(f.Measure, book.Sanction)
	switch {
	case !inside && f.Departure == "":
		return domain.Refuse(domain.CodeRule, "findings", "conduct of class %s after %d earlier findings draws %s to %s; %s needs a reason (departure), and a second person's approval", f.Class, priors, step.Least, step.Most, orNone(f.Measure)).Under(rules.Source)
	case inside && f.Departure != "":
		return domain.Refuse(domain.CodeInvalid, "findings", "%s lies within the matrix, %s to %s, and departs from nothing", f.Measure, step.Least, step.Most).Under(rules.Source)
	}
	return domain.CheckOptionalText("findings", f.Departure)
}

func orNone(m domain.Measure) domain.Measure {
	if m == "" {
		return "no measure"
	}
	return m
}
