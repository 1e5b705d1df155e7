package misconduct

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// The events of this file are the first forms of how a case began, of a finding, of what it
// became, and of an analysis. They are recorded and stay readable; nothing decides them any more.

// OpenedV1: an inquiry began, as Opened says; it names no inspection.
type OpenedV1 struct {
	Origin    Origin             `json:"origin"`
	Complaint domain.ComplaintID `json:"complaint,omitzero"`
	Unit      domain.UnitID      `json:"unit,omitzero"`
	Officers  []domain.OfficerID `json:"officers,omitempty"`
	Conduct   string             `json:"conduct"`
}

func (OpenedV1) Kind() domain.Kind { return "misconduct.opened.v1" }

func (e OpenedV1) Apply(c *Case, act domain.Act) { e.Now().Apply(c, act) }

// Now returns the event in its present form.
func (e OpenedV1) Now() Opened {
	return Opened{Origin: e.Origin, Complaint: e.Complaint, Unit: e.Unit, Officers: e.Officers, Conduct: e.Conduct}
}

// FindingV1 is a finding without the day of the conduct, its norm and its
// class.
type FindingV1 struct {
	Officer    domain.OfficerID `json:"officer"`
	Allegation string           `json:"allegation"`
	Result     Result           `json:"result"`
	Intent     Intent           `json:"intent"`
	Clause     string           `json:"clause,omitzero"`
	Measure    domain.Measure   `json:"measure,omitzero"`
	Opinion    string           `json:"opinion"`
}

// now returns findings of the first form in the present one.
func now(old []FindingV1) []Finding {
	var out []Finding
	for _, f := range old {
		out = append(out, Finding{Officer: f.Officer, Allegation: f.Allegation, Result: f.Result, Intent: f.Intent,
			Clause: f.Clause, Measure: f.Measure, Opinion: f.Opinion})
	}
	return out
}

// FindingProposedV1: an investigator said what is found, and proposed
// measures.
type FindingProposedV1 struct {
	Findings []FindingV1 `json:"findings"`
}

func (FindingProposedV1) Kind() domain.Kind { return "misconduct.finding_proposed.v1" }

func (e FindingProposedV1) Apply(c *Case, act domain.Act) {
	FindingProposed{now(e.Findings)}.Apply(c, act)
}

// FindingConfirmedV1: the findings proposed became findings, word for word.
type FindingConfirmedV1 struct {
	Findings []FindingV1 `json:"findings"`
}

func (FindingConfirmedV1) Kind() domain.Kind { return "misconduct.finding_confirmed.v1" }

func (e FindingConfirmedV1) Apply(c *Case, act domain.Act) { e.Now().Apply(c, act) }

// Now returns the event in its present form.
func (e FindingConfirmedV1) Now() FindingConfirmed {
	return FindingConfirmed{Findings: now(e.Findings)}
}

// AppealDecidedV1: the appeal was decided 复审决定, as AppealDecided says.
type AppealDecidedV1 struct {
	Officer  domain.OfficerID `json:"officer"`
	Outcome  Outcome          `json:"outcome"`
	Opinion  string           `json:"opinion"`
	Findings []FindingV1      `json:"findings,omitempty"`
	// DaysLate counts the days past the term for deciding.
	DaysLate int `json:"daysLate,omitzero"`
}

func (AppealDecidedV1) Kind() domain.Kind { return "misconduct.appeal_decided.v1" }

func (e AppealDecidedV1) Apply(c *Case, act domain.Act) { e.Now().Apply(c, act) }

// Now returns the event in its present form.
func (e AppealDecidedV1) Now() AppealDecided {
	return AppealDecided{e.Officer, e.Outcome, e.Opinion, now(e.Findings), e.DaysLate}
}

// RereviewedV1: the re-review was decided 复核决定, as Rereviewed says.
type RereviewedV1 struct {
	Officer  domain.OfficerID `json:"officer"`
	Outcome  Outcome          `json:"outcome"`
	Opinion  string           `json:"opinion"`
	Findings []FindingV1      `json:"findings,omitempty"`
	// DaysLate counts the days past the term for deciding.
	DaysLate int `json:"daysLate,omitzero"`
}

func (RereviewedV1) Kind() domain.Kind { return "misconduct.rereviewed.v1" }

func (e RereviewedV1) Apply(c *Case, act domain.Act) { e.Now().Apply(c, act) }

// Now returns the event in its present form.
func (e RereviewedV1) Now() Rereviewed {
	return Rereviewed{e.Officer, e.Outcome, e.Opinion, now(e.Findings), e.DaysLate}
}

// Of returns the findings that are against the officer.
func Of(findings []Finding, officer domain.OfficerID) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Officer != officer })
}

// GapV1 is a gap that names no text.
type GapV1 struct {
	// Kind is control or norm.
	Kind GapKind `json:"kind"`
	// Post is where a control is missing.
	Post        domain.PostID `json:"post,omitzero"`
	Description string        `json:"description"`
}

// AnalysedV1: the case was analysed under one aspect, as Analysed says. Its
// gaps have no numbers, and nothing followed from them.
type AnalysedV1 struct {
	Aspect Aspect  `json:"aspect"`
	Text   string  `json:"text"`
	Gaps   []GapV1 `json:"gaps,omitempty"`
}

func (AnalysedV1) Kind() domain.Kind { return "misconduct.analysed.v1" }

func (e AnalysedV1) Apply(c *Case, act domain.Act) { c.analysed(e.Aspect) }
