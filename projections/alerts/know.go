package alerts

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/unit"
)

// act is what the rules know of an administrative act.
type act struct {
	Kind      enforcement.Kind
	Unit      domain.UnitID
	Party     string
	PartyKind enforcement.PartyKind
	Procedure domain.NormID
	Version   int
	OnTheSpot bool `json:",omitzero"`
}

// text is what they know of a rule text.
type text struct {
	Kind     norm.Kind
	Unit     domain.UnitID
	Proposed []norm.Step `json:",omitempty"`
	Versions []version   `json:",omitempty"`
}

type version struct {
	Number int
	Steps  []norm.Step `json:",omitempty"`
}

// list is a list of prohibited conduct that officers acknowledge.
type list struct {
	Norm     domain.NormID
	Unit     domain.UnitID `json:",omitzero"`
	Versions []dated
	// Until is the first day without it, 0 while it has no end.
	Until Day `json:",omitzero"`
}

type dated struct {
	Number int
	From   Day
	Event  domain.EventID
}

// know takes in what more than one rule needs.
func (x *scene) know() {
	switch e := x.r.Event.(type) {
	case unit.Established:
		x.lies(e.Parent, x.on(e.On))
	case unit.Imported:
		x.lies(e.Parent, x.day)
	case unit.Moved:
		x.lies(e.Parent, x.day)
		x.moved()
	case enforcement.Opened:
		x.around.Matter(actMatter(x.r.Act.Subject)).Act = &act{Kind: e.ActKind, Unit: e.Unit, Party: e.Party, PartyKind: e.PartyKind,
			Procedure: e.Procedure, Version: e.ProcedureVersion, OnTheSpot: e.OnTheSpot}
	case norm.Drafted:
		x.text().Text = &text{Kind: e.NormKind, Unit: e.Unit, Proposed: e.Steps}
	case norm.Imported:
		x.text().Text = &text{Kind: e.NormKind, Unit: e.Unit, Versions: []version{{1, e.Steps}}}
	case norm.Revised:
		if m := x.text(); m.Text != nil {
			m.Text.Proposed = e.Steps
		}
	case norm.Adopted:
		m := x.text()
		if m.Text == nil {
			return
		}
		m.Text.Versions = append(m.Text.Versions, version{e.Version, m.Text.Proposed})
		m.Text.Proposed = nil
		if m.Text.Kind == norm.KindProhibition {
			x.listed(m.Text, e)
		}
	case norm.Repealed:
		m := x.around.Matter("lists")
		for i := range m.Lists {
			if m.Lists[i].Norm == domain.NormID(x.r.Act.Subject) {
				m.Lists[i].Until = x.on(e.From)
			}
		}
	}
}

func actMatter(id string) string { return "act " + id }

// act returns what is known of the event's act; a zero one where it is not.
func (x *scene) act() act {
	if a := x.around.Look(actMatter(x.r.Act.Subject)).Act; a != nil {
		return *a
	}
	return act{}
}

func (x *scene) text() *Matter { return x.around.Matter("text " + x.r.Act.Subject) }

// listed notes a version of a list of prohibited conduct.
func (x *scene) listed(t *text, e norm.Adopted) {
	m, id := x.around.Matter("lists"), domain.NormID(x.r.Act.Subject)
	i := slices.IndexFunc(m.Lists, func(l list) bool { return l.Norm == id })
	if i < 0 {
		i = len(m.Lists)
		m.Lists = append(m.Lists, list{Norm: id, Unit: t.Unit})
	}
	l := &m.Lists[i]
	l.Versions = append(l.Versions, dated{e.Version, x.on(e.From), x.r.ID})
	slices.SortStableFunc(l.Versions, func(a, b dated) int { return int(a.From - b.From) })
}

// steps are those of the procedure that an act is bound to.
func (x *scene) steps(a act) []norm.Step {
	t := x.around.Look("text " + string(a.Procedure)).Text
	if t == nil {
		return nil
	}
	for _, v := range t.Versions {
		if v.Number == a.Version {
			return v.Steps
		}
	}
	return nil
}
