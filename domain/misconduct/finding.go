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
	// Result is sustained, partly_sustained, not_sustained, exonerated or
	// unfounded.
	Result Result `json:"result"`
	// Intent is intent, negligence or none.
	Intent Intent `json:"intent"`
	// Clause is the norm that was broken.
	Clause string `json:"clause,omitzero"`
	// Measure is the sanction proposed, from the rulebook's ladder; only
	// where the allegation is borne out.
	Measure domain.Measure `json:"measure,omitzero"`
	Opinion string         `json:"opinion"`
}

// check refuses a malformed finding, naming it by its place in the list.
func (f Finding) check(place int, s Case, book *domain.Rulebook) error {
	if err := domain.First(s.inScope("findings", f.Officer),
		domain.CheckText("findings", f.Allegation), domain.CheckText("findings", f.Opinion),
		domain.CheckOptionalText("findings", f.Clause),
		domain.CheckOneOf("findings", f.Result, ResultSustained, ResultPartlySustained, ResultNotSustained, ResultExonerated, ResultUnfounded),
		domain.CheckOneOf("findings", f.Intent, IntentIntent, IntentNegligence, IntentNone)); err != nil {
		return entry(place, err)
	}
	if f.Measure == "" {
		return nil
	}
	if _, _, ok := book.Sanction.Rung(f.Measure); !ok {
		return domain.Refuse(domain.CodeInvalid, "findings", "entry %d: %q is no measure of %s", place, f.Measure, book.ID)
	}
	if !f.Result.BearsOut() {
		return domain.Refuse(domain.CodeRule, "findings", "entry %d: a finding that is %s carries no measure", place, f.Result)
	}
	return nil
}

// entry says in a refusal which entry of the list it is about.
func entry(place int, err error) error {
	if r, ok := errors.AsType[*domain.Refusal](err); ok {
		return domain.Refuse(r.Code, r.Field, "entry %d: %s", place, r.Message).Under(r.Rule)
	}
	return err
}

// checkFindings refuses an empty list, a malformed finding, and two findings
// on the same allegation against the same officer.
func checkFindings(findings []Finding, s Case, book *domain.Rulebook) error {
	if len(findings) == 0 {
		return domain.Refuse(domain.CodeInvalid, "findings", "is required")
	}
	for i, f := range findings {
		if err := f.check(i+1, s, book); err != nil {
			return err
		}
		if slices.ContainsFunc(findings[:i], func(g Finding) bool { return g.Officer == f.Officer && g.Allegation == f.Allegation }) {
			return domain.Refuse(domain.CodeInvalid, "findings", "entry %d: there are two findings on %q against %s", i+1, f.Allegation, f.Officer)
		}
	}
	return nil
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

func (FindingProposed) Kind() domain.Kind { return "misconduct.finding_proposed.v1" }

func (e FindingProposed) Apply(c *Case, act domain.Act) {
	c.Status, c.Proposer, c.Proposed = StatusProposed, act.Actor, e.Findings
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
	return s.matter().Files(act.Actor)
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
	if err := checkFindings(c.Findings, s, book); err != nil {
		return nil, err
	}
	for _, f := range c.Findings {
		if f.Result.BearsOut() && !(s.notified(f.Officer) && s.heard(f.Officer)) {
			return nil, domain.Refuse(domain.CodeIncomplete, "findings", "%s must have notice and be heard before anything is found against them", f.Officer).Under(book.Inquiry.DueProcess)
		}
	}
	if err := noHeavier(s.Before, c.Findings, book, book.Inquiry.DueProcess); err != nil {
		return nil, err
	}
	return []domain.Event{FindingProposed(c)}, nil
}

func (c Case) notified(o domain.OfficerID) bool { return slices.Contains(c.Notified, o) }

func (c Case) heard(o domain.OfficerID) bool { return slices.Contains(c.Heard, o) }
