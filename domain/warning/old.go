package warning

import "github.com/probity-ledger/probity/domain"

// The events of this file are the first forms of those that now say in Chinese
// too what they say. They are recorded and stay readable; nothing decides them
// any more.

// RaisedV1: a rule found something worth looking at, in one language.
type RaisedV1 struct {
	Rule        string           `json:"rule"`
	Version     string           `json:"version"`
	Unit        domain.UnitID    `json:"unit,omitzero"`
	Post        domain.PostID    `json:"post,omitzero"`
	Officer     domain.OfficerID `json:"officer,omitzero"`
	Evidence    []domain.EventID `json:"evidence,omitempty"`
	Score       int              `json:"score"`
	Exposure    int              `json:"exposure,omitzero"`
	Baseline    string           `json:"baseline,omitzero"`
	Peers       string           `json:"peers,omitzero"`
	Explanation string           `json:"explanation"`
	Due         domain.Date      `json:"due,omitzero"`
}

func (RaisedV1) Kind() domain.Kind { return "warning.raised.v1" }

func (e RaisedV1) Apply(w *Warning, act domain.Act) { e.Now().Apply(w, act) }

// Now returns the event in its present form.
func (e RaisedV1) Now() Raised {
	return Raised{Rule: e.Rule, Version: e.Version, Unit: e.Unit, Post: e.Post, Officer: e.Officer, Evidence: e.Evidence,
		Score: e.Score, Exposure: e.Exposure, Baseline: e.Baseline, Peers: e.Peers, Explanation: e.Explanation, Due: e.Due}
}

// GroupedV1: the rule found it again while it was open, in one language.
type GroupedV1 struct {
	Officer     domain.OfficerID `json:"officer,omitzero"`
	Version     string           `json:"version"`
	Evidence    []domain.EventID `json:"evidence,omitempty"`
	Score       int              `json:"score"`
	Exposure    int              `json:"exposure,omitzero"`
	Explanation string           `json:"explanation"`
}

func (GroupedV1) Kind() domain.Kind { return "warning.grouped.v1" }

func (e GroupedV1) Apply(w *Warning, act domain.Act) { e.Now().Apply(w, act) }

// Now returns the event in its present form.
func (e GroupedV1) Now() Grouped {
	return Grouped{Officer: e.Officer, Version: e.Version, Evidence: e.Evidence, Score: e.Score, Exposure: e.Exposure, Explanation: e.Explanation}
}

// EscalatedV1: a role further up is to look at the warning, in one language.
type EscalatedV1 struct {
	Officer domain.OfficerID `json:"officer,omitzero"`
	To      domain.Role      `json:"to"`
	Reason  string           `json:"reason"`
}

func (EscalatedV1) Kind() domain.Kind { return "warning.escalated.v1" }

func (e EscalatedV1) Apply(w *Warning, act domain.Act) { e.Now().Apply(w, act) }

// Now returns the event in its present form.
func (e EscalatedV1) Now() Escalated {
	return Escalated{Officer: e.Officer, To: e.To, Reason: e.Reason}
}

// Now returns an event of the room in its present form, and any other as it is.
func Now(e domain.Event) domain.Event {
	switch e := e.(type) {
	case RaisedV1:
		return e.Now()
	case GroupedV1:
		return e.Now()
	case EscalatedV1:
		return e.Now()
	}
	return e
}
