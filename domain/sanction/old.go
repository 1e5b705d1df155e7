package sanction

import "github.com/probity-ledger/probity/domain"

// The events of this file are the first forms of a proposal and a measure.
// They are recorded and stay readable; nothing decides them any more.

// DeedV1 is one of several acts judged together, without its day.
type DeedV1 struct {
	Measure domain.Measure `json:"measure"`
	Conduct string         `json:"conduct"`
	Case    domain.CaseID  `json:"case,omitzero"`
}

// ProposedV1: a measure against a person was put forward.
type ProposedV1 struct {
	Officer domain.OfficerID `json:"officer"`
	Case    domain.CaseID    `json:"case,omitzero"`
	Measure domain.Measure   `json:"measure"`
	Months  int              `json:"months,omitzero"`
	Conduct string           `json:"conduct"`
	Acts    []DeedV1         `json:"acts,omitempty"`
}

func (ProposedV1) Kind() domain.Kind { return "sanction.proposed.v1" }

func (e ProposedV1) Apply(s *Sanction, act domain.Act) {
	now := Proposed{Officer: e.Officer, Case: e.Case, Measure: e.Measure, Months: e.Months, Conduct: e.Conduct}
	for _, a := range e.Acts {
		now.Acts = append(now.Acts, Deed{Measure: a.Measure, Conduct: a.Conduct, Case: a.Case})
	}
	now.Apply(s, act)
}

// ImposedV1: the measure is in force from the day it was decided, under the
// rulebook of that day.
type ImposedV1 struct {
	Officer domain.OfficerID `json:"officer"`
	Case    domain.CaseID    `json:"case,omitzero"`
	Measure domain.Measure   `json:"measure"`
	Months  int              `json:"months,omitzero"`
	From    domain.Date      `json:"from"`
	Until   domain.Date      `json:"until,omitzero"`
	// ForGood: the effect never ends.
	ForGood             bool `json:"forGood"`
	BarsPromotion       bool `json:"barsPromotion"`
	BarsPayRise         bool `json:"barsPayRise"`
	BarsHonours         bool `json:"barsHonours"`
	SuspendsCertificate bool `json:"suspendsCertificate"`
	// RestoresRank: release brings the former rank back.
	RestoresRank bool `json:"restoresRank"`
}

func (ImposedV1) Kind() domain.Kind { return "sanction.imposed.v1" }

func (e ImposedV1) Apply(s *Sanction, act domain.Act) { e.Now().Apply(s, act) }

// Now returns the event in its present form.
func (e ImposedV1) Now() Imposed {
	return Imposed{
		Officer: e.Officer, Case: e.Case, Measure: e.Measure, Months: e.Months, From: e.From, Until: e.Until, ForGood: e.ForGood,
		BarsPromotion: e.BarsPromotion, BarsPayRise: e.BarsPayRise, BarsHonours: e.BarsHonours,
		SuspendsCertificate: e.SuspendsCertificate, RestoresRank: e.RestoresRank,
	}
}

// VariedV1: an appeal made the measure milder, as Varied says.
type VariedV1 struct {
	Officer             domain.OfficerID `json:"officer"`
	Case                domain.CaseID    `json:"case,omitzero"`
	Measure             domain.Measure   `json:"measure"`
	Months              int              `json:"months,omitzero"`
	From                domain.Date      `json:"from"`
	Until               domain.Date      `json:"until,omitzero"`
	ForGood             bool             `json:"forGood"`
	BarsPromotion       bool             `json:"barsPromotion"`
	BarsPayRise         bool             `json:"barsPayRise"`
	BarsHonours         bool             `json:"barsHonours"`
	SuspendsCertificate bool             `json:"suspendsCertificate"`
	RestoresRank        bool             `json:"restoresRank"`
	// LiftsRestriction and RestoresCertificate tell what the old measure
	// held and the new one does not.
	LiftsRestriction    bool `json:"liftsRestriction"`
	RestoresCertificate bool `json:"restoresCertificate"`
}

func (VariedV1) Kind() domain.Kind { return "sanction.varied.v1" }

func (e VariedV1) Apply(s *Sanction, act domain.Act) { e.Now().Apply(s, act) }

// Now returns the event in its present form.
func (e VariedV1) Now() Varied {
	return Varied{
		Officer: e.Officer, Case: e.Case, Measure: e.Measure, Months: e.Months, From: e.From, Until: e.Until, ForGood: e.ForGood,
		BarsPromotion: e.BarsPromotion, BarsPayRise: e.BarsPayRise, BarsHonours: e.BarsHonours,
		SuspendsCertificate: e.SuspendsCertificate, RestoresRank: e.RestoresRank,
		LiftsRestriction: e.LiftsRestriction, RestoresCertificate: e.RestoresCertificate,
	}
}
