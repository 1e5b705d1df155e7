package indicators

import (
	"cmp"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
)

// text is what the facts about a rule text are derived from.
type text struct {
	Kind     norm.Kind
	Unit     domain.UnitID
	Proposed []conflict `json:",omitempty"`
	Versions []version  `json:",omitempty"`
	Until    Day        `json:",omitzero"` // the first day without it
}

// conflict says that two steps are never one person's.
type conflict struct{ A, B string }

type version struct {
	Number       int
	From         Day
	SinglePerson bool       `json:",omitzero"`
	Conflicts    []conflict `json:",omitempty"`
}

// list is a list of prohibited conduct that officers acknowledge.
type list struct {
	Norm     domain.NormID
	Unit     domain.UnitID `json:",omitzero"`
	Versions []dated
	Until    Day
}

type dated struct {
	Number int
	From   Day
}

// norm folds what happens to a rule text. A text of old records is in force,
// but was not adopted here and is not counted; its steps are known.
func (x *scene) norm() {
	switch e := x.r.Event.(type) {
	case norm.Drafted:
		x.own().Norm = &text{Kind: e.NormKind, Unit: e.Unit, Proposed: conflicts(e.Steps)}
	case norm.Imported:
		x.own().Norm = &text{Kind: e.NormKind, Unit: e.Unit, Versions: []version{{Number: 1, From: DayOf(e.From), Conflicts: conflicts(e.Steps)}}}
	case norm.Revised:
		if m := x.own(); m.Norm != nil {
			m.Norm.Proposed = conflicts(e.Steps)
		}
	case norm.Adopted:
		x.adopted(e)
	case norm.Repealed:
		if m := x.own(); m.Norm != nil {
			m.Norm.Until = x.on(e.From)
			x.singles(m)
			x.lists(m.Norm)
		}
	case norm.Acknowledged:
		m := x.person(e.Officer)
		m.Service.Known = append(m.Service.Known, acknowledged{domain.NormID(x.r.Act.Subject), e.Version, x.day})
		for _, l := range x.around.Look("lists").Lists {
			if l.Norm == domain.NormID(x.r.Act.Subject) {
				x.list(m, l)
			}
		}
	}
}

func conflicts(steps []norm.Step) (out []conflict) {
	for _, s := range steps {
		for _, other := range s.ConflictsWith {
			out = append(out, conflict{s.Code, other})
		}
	}
	return out
}

func (x *scene) adopted(e norm.Adopted) {
	m := x.own()
	if m.Norm == nil {
		return
	}
	v := version{e.Version, x.on(e.From), e.SinglePerson, m.Norm.Proposed}
	m.Norm.Versions = inPlace(m.Norm.Versions, v, func(a, b version) int { return cmp.Compare(a.From, b.From) })
	m.Norm.Proposed = nil
	x.singles(m)
	x.lists(m.Norm)
}

// singles sets the facts about a procedure that one person can walk alone.
func (x *scene) singles(m *Matter) {
	t := m.Norm
	if t.Kind != norm.KindProcedure {
		return
	}
	var out []Fact
	for i, v := range t.Versions {
		to := Ever
		if i+1 < len(t.Versions) {
			to = t.Versions[i+1].From
		}
		if t.Until != 0 {
			to = min(to, t.Until)
		}
		if v.From < to {
			out = append(out, Fact{Indicator: "D9.single_person", Unit: t.Unit, From: v.From, To: to, Hits: counted(v.SinglePerson), Of: 1})
		}
	}
	x.set(m, "single person", out...)
}

// lists brings a list of prohibited conduct up to date, and what every
// officer owes to it.
func (x *scene) lists(t *text) {
	if t.Kind != norm.KindProhibition {
		return
	}
	l := list{Norm: domain.NormID(x.r.Act.Subject), Unit: t.Unit, Until: Ever}
	for _, v := range t.Versions {
		l.Versions = append(l.Versions, dated{v.Number, v.From})
	}
	if t.Until != 0 {
		l.Until = t.Until
	}
	m := x.around.Matter("lists")
	if i := slices.IndexFunc(m.Lists, func(o list) bool { return o.Norm == l.Norm }); i >= 0 {
		m.Lists[i] = l
	} else {
		m.Lists = append(m.Lists, l)
	}
	for _, id := range x.around.Look("roll").Roll {
		x.list(x.person(id), l)
	}
}

// list sets the facts about whether an officer acknowledged a list: each
// version of it, from the day it is in force or the officer arrives.
//
// A list of one unit is for those who serve in it or below it, by the tree as
// it stands when the facts are set: when the list is adopted, amended or
// repealed, and when the officer acknowledges it, arrives, is posted elsewhere,
// leaves or returns. That a unit moves sets none: its officers go on owing
// the lists of where it lay, and owe those of where it lies, from the next of
// these events on; no day of the move is kept by which the time before could
// be told from the time after.
func (x *scene) list(m *Matter, l list) {
	s, term := m.Service, x.book.Norm.Acknowledge
	var known, overdue []part
	for i, v := range l.Versions {
		from, to := max(v.From, s.Since), l.Until
		if i+1 < len(l.Versions) {
			to = min(to, l.Versions[i+1].From)
		}
		if from >= to {
			continue
		}
		done := to
		for _, a := range s.Known {
			if a.Norm == l.Norm && a.Version >= v.Number {
				done = min(done, max(a.On, from))
			}
		}
		known = append(known, part{from, done, 0}, part{done, to, 1})
		late := done
		if !term.IsZero() {
			late = min(done, DayOf(term.After(from.Date(), x.book.Calendar))+1)
		}
		overdue = append(overdue, part{from, late, 0}, part{late, done, 1}, part{done, to, 0})
	}
	var out []Fact
	for _, f := range append(s.stock("I6.acknowledged", known), s.stock("I6.overdue", overdue)...) {
		if l.Unit == "" || x.under(f.Unit, l.Unit) {
			out = append(out, f)
		}
	}
	x.set(m, "list "+string(l.Norm), out...)
}
