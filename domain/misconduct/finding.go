package misconduct

import (
	"errors"
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Result is what is found of one allegation.
type Result string

// The results. Pending and not applicable stand in imported history alone.
const (
	ResultSustained       Result = "sustained"
	ResultPartlySustained Result = "partly_sustained"
	ResultNotSustained    Result = "not_sustained" // neither proved nor disproved
	ResultExonerated      Result = "exonerated"    // it happened and was lawful
	ResultUnfounded       Result = "unfounded"     // it did not happen
	ResultPending         Result = "pending"
	ResultNotApplicable   Result = "not_applicable"
)

// BearsOut tells whether the result confirms the allegation, wholly or in
// part.
func (r Result) BearsOut() bool { return r == ResultSustained || r == ResultPartlySustained }

// Intent is the state of mind.
type Intent string

// The states of mind.
const (
	IntentIntent     Intent = "intent"     // 故意
	IntentNegligence Intent = "negligence" // 过失
	IntentNone       Intent = "none"
)

// Finding is what is found of one allegation against one officer.
type Finding struct {
	Officer    domain.OfficerID `json:"officer"`
	Allegation string           `json:"allegation"`
	// DeedOn is the day of the conduct, its last day where it lasted; required
	// where the allegation is borne out. The rules of that day bind it.
	DeedOn domain.Date `json:"deedOn,omitzero"`
	// Result is sustained, partly_sustained, not_sustained, exonerated or
	// unfounded, as far as the rulebook has that finding.
	Result Result `json:"result"`
	// Intent is intent, negligence or none.
	Intent Intent `json:"intent"`
	// Norm is the text that was broken, such as a list of prohibited conduct,
	// and Clause the code of its clause in the version in force on DeedOn.
	// Without a norm of ours Clause names the rule in words.
	Norm   domain.NormID `json:"norm,omitzero"`
	Clause string        `json:"clause,omitzero"`
	// NormVersion is the version in force on DeedOn: worked out, and refused
	// where a command states another.
	NormVersion int `json:"normVersion,omitzero"`
	// Standard is the standard of proof of the rulebook, where it has one:
	// filled in, and refused where a command states another.
	Standard string `json:"standard,omitzero"`
	// Class is that of the offence, where the rulebook has a discipline
	// matrix, and Priors the earlier findings that count: worked out, and
	// refused where a command states another number.
	Class  string `json:"class,omitzero"`
	Priors int    `json:"priors,omitzero"`
	// Measure is the sanction proposed, from the rulebook's ladder; only
	// where the allegation is borne out.
	Measure domain.Measure `json:"measure,omitzero"`
	// Departure is the reason for a measure outside the matrix, given exactly
	// where it is.
	Departure string `json:"departure,omitzero"`
	Opinion   string `json:"opinion"`
}

// check refuses a malformed finding, or one against a rule, and fills in what
// the rules say of it.
func (f *Finding) check(s Case, act domain.Act, book *domain.Rulebook) error {
	if err := domain.First(s.inScope("findings", f.Officer),
		domain.CheckText("findings", f.Allegation), domain.CheckText("findings", f.Opinion),
		domain.CheckOptionalText("findings", f.Clause), domain.CheckOptionalID("findings", f.Norm),
		domain.CheckOneOf("findings", f.Result, ResultSustained, ResultPartlySustained, ResultNotSustained, ResultExonerated, ResultUnfounded),
		domain.CheckOneOf("findings", f.Intent, IntentIntent, IntentNegligence, IntentNone)); err != nil {
		return err
	}
	for _, holds := range []error{f.imposable(book), f.proved(act, book)} {
		if holds != nil {
			return holds
		}
	}
	if err := f.cited(act, book); err != nil {
		return err
	}
	return f.graded(act, book)
}

// entry says in a refusal which entry of the list it is about.
func entry(place int, err error) error {
	if r, ok := errors.AsType[*domain.Refusal](err); ok {
		return domain.Refuse(r.Code, r.Field, "entry %d: %s", place, r.Message).Under(r.Rule)
	}
	return err
}

// checked returns the findings with what the rules say of them filled in. It
// refuses an empty list, a malformed finding, one against a rule, and two on
// the same allegation against the same officer.
func (c Case) checked(findings []Finding, act domain.Act, book *domain.Rulebook) ([]Finding, error) {
	if len(findings) == 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "findings", "is required")
	}
	out := slices.Clone(findings)
	for i := range out {
		f := &out[i]
		if err := f.check(c, act, book); err != nil {
			return nil, entry(i+1, err)
		}
		if slices.ContainsFunc(out[:i], func(g Finding) bool { return g.Officer == f.Officer && g.Allegation == f.Allegation }) {
			return nil, domain.Refuse(domain.CodeInvalid, "findings", "entry %d: there are two findings on %q against %s", i+1, f.Allegation, f.Officer)
		}
	}
	return out, nil
}

// weight orders what findings mean for an officer: 0 nothing is borne out, 1
// something is, without a measure, and above that the measure's place on the
// ladder. named tells whether the findings speak of the officer at all.
func weight(findings []Finding, officer domain.OfficerID, book *domain.Rulebook) (w int, named bool) {
	for _, f := range findings {
		if f.Officer != officer {
			continue
		}
		named = true
		if f.Result.BearsOut() {
			_, place, _ := book.Sanction.Rung(f.Measure)
			w = max(w, place+2)
		}
	}
	return w, named
}

// noHeavier refuses findings that weigh more on an officer than those before.
// Officers of whom those before do not speak are free.
func noHeavier(before, after []Finding, book *domain.Rulebook, rule string) error {
	for _, f := range after {
		was, named := weight(before, f.Officer, book)
		if is, _ := weight(after, f.Officer, book); named && is > was {
			return domain.Refuse(domain.CodeRule, "findings", "the outcome for %s may not become heavier than it was before the officer spoke", f.Officer).Under(rule)
		}
	}
	return nil
}

// FindingProposed: an investigator says what is found, and proposes measures.
type FindingProposed struct {
	Findings []Finding `json:"findings"`
}

func (FindingProposed) Kind() domain.Kind { return "misconduct.finding_proposed.v2" }

func (e FindingProposed) Apply(c *Case, act domain.Act) {
	c.Status, c.Proposer, c.Proposed, c.ProposedAt = StatusProposed, act.Actor, e.Findings, act.OccurredAt
	before := slices.DeleteFunc(slices.Clone(c.Before), func(f Finding) bool {
		return slices.ContainsFunc(e.Findings, func(g Finding) bool { return g.Officer == f.Officer })
	})
	c.Before = append(before, e.Findings...)
}

// ProposeFinding says what an investigator finds of each allegation. Every
// officer against whom something is borne out has had notice and was heard,
// or waived it. A proposal after one that was rejected is not heavier for any
// officer, unless the scope was widened by further conduct of theirs.
type ProposeFinding struct {
	Findings []Finding `json:"findings"`
}

func (ProposeFinding) Name() domain.CommandName { return "misconduct.propose_finding" }

func (ProposeFinding) By() []domain.Role { return []domain.Role{domain.RoleInspector} }

func (c ProposeFinding) Reads(s Case, act domain.Act) []domain.Reference {
	return append(s.matter().Files(act.Actor), normsOf(c.Findings)...)
}

func (c ProposeFinding) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.running("found on", book), s.in("found on", StatusInquiry), s.unconcerned(act, book)); err != nil {
		return nil, err
	}
	if !slices.Contains(s.Investigators, act.Actor) {
		return nil, domain.Refuse(domain.CodeForbidden, "actor", "only an investigator of the case may propose a finding").Under(book.Inquiry.InvestigatorsSource)
	}
	if err := s.impartial("actor", act.Actor, act, book); err != nil {
		return nil, err // a tie may have come up since they were named
	}
	findings, err := s.checked(c.Findings, act, book)
	if err != nil {
		return nil, err
	}
	for _, f := range findings {
		if f.Result.BearsOut() && !(s.notified(f.Officer) && s.heard(f.Officer)) {
			return nil, domain.Refuse(domain.CodeIncomplete, "findings", "%s must have notice and be heard before anything is found against them", f.Officer).Under(book.Inquiry.DueProcess)
		}
		if err := notBefore(act, s.party(f.Officer).HeardAt, "the statement of "+string(f.Officer)); err != nil {
			return nil, err
		}
	}
	if err := noHeavier(s.Before, findings, book, book.Inquiry.DueProcess); err != nil {
		return nil, err
	}
	return []domain.Event{FindingProposed{findings}}, nil
}

func (c Case) notified(o domain.OfficerID) bool { return slices.Contains(c.Notified, o) }

func (c Case) heard(o domain.OfficerID) bool { return slices.Contains(c.Heard, o) }
