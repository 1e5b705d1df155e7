package indicators

import (
	"cmp"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reward"
)

// service is what the facts about an officer are derived from.
type service struct {
	// Here: something was decided here about them, Since that day; who is on
	// file from old records alone does not count.
	Here  bool   `json:",omitzero"`
	Since Day    `json:",omitzero"`
	Stays []stay `json:",omitempty"`
	// Gone are the times out of the service.
	Gone    []span         `json:",omitempty"`
	Papers  []paper        `json:",omitempty"`
	Courses []course       `json:",omitempty"`
	Grades  []grade        `json:",omitempty"`
	Honours []honour       `json:",omitempty"`
	Bars    []bar          `json:",omitempty"`
	Known   []acknowledged `json:",omitempty"`
}

type (
	stay struct {
		From Day
		Unit domain.UnitID
	}
	span struct{ From, To Day }
	// paper is what happened to the certificate.
	paper struct {
		On       Day
		What     string // issued, renewed, suspended, restored, revoked
		From, To Day    `json:",omitzero"`
	}
	course struct {
		On    Day
		Hours int
	}
	grade struct {
		Year  int
		Grade string
		On    Day
	}
	honour struct {
		Reward string
		On     Day
	}
	// bar is a sanction that bars honours.
	bar struct {
		Sanction domain.SanctionID
		From, To Day
	}
	acknowledged struct {
		Norm    domain.NormID
		Version int
		On      Day
	}
)

// part is a time in which a fact of a stock holds, before it is cut by where
// the officer served.
type part struct {
	from, to Day
	hits     int64
}

// officer folds the event of an officer's own stream.
func (x *scene) officer() {
	m := x.own()
	if m.Service == nil {
		m.Service = &service{}
	}
	s := m.Service
	all := x.arrive(m)
	switch e := x.r.Event.(type) {
	case officer.Enrolled:
		s.Stays, all = []stay{{DayOf(e.On), e.Unit}}, true
	case officer.Imported:
		s.Stays = []stay{{0, e.Unit}}
		if !e.SeparatedOn.IsZero() {
			s.Gone = []span{{DayOf(e.SeparatedOn), Ever}}
		}
	case officer.Appointed:
		all = s.move(DayOf(e.On), e.Unit) || all
	case officer.Rotated:
		all = s.move(DayOf(e.On), e.Unit) || all
	case officer.Separated:
		s.Gone, all = append(s.Gone, span{x.on(e.On), Ever}), true
	case officer.Reinstated:
		if n := len(s.Gone); n > 0 {
			s.Gone[n-1].To = x.on(e.On)
		}
		all = true
	case officer.TrainingCompleted:
		s.Courses = inPlace(s.Courses, course{x.on(e.On), e.Hours}, func(a, b course) int { return cmp.Compare(a.On, b.On) })
		x.hours(m)
	case officer.Appraised:
		x.grade(m, e.Year, e.Grade)
	case officer.AppraisalCorrected:
		x.grade(m, e.Year, e.Grade)
	case officer.Restricted:
		if e.BarsHonours {
			b := bar{e.Sanction, DayOf(e.From), Ever}
			if !e.ForGood && !e.Until.IsZero() {
				b.To = DayOf(e.Until) + 1
			}
			s.Bars = append(slices.DeleteFunc(s.Bars, func(b bar) bool { return b.Sanction == e.Sanction }), b)
			x.honours(m)
		}
	case officer.RestrictionLifted:
		for i := range s.Bars {
			if b := &s.Bars[i]; b.Sanction == e.Sanction {
				b.To = max(b.From, min(b.To, x.day))
			}
		}
		x.honours(m)
	default:
		x.certificate(m)
	}
	if all {
		x.derive(m)
	}
}

// arrive lets an officer count from the first event that was decided here,
// and tells whether this was it.
func (x *scene) arrive(m *Matter) bool {
	s := m.Service
	if s.Here || x.r.Act.Imported() {
		return false
	}
	s.Here, s.Since = true, x.day
	if e, ok := x.r.Event.(officer.Enrolled); ok {
		s.Since = DayOf(e.On)
	}
	roll, id := x.around.Matter("roll"), domain.OfficerID(x.r.Act.Subject)
	if i, met := slices.BinarySearch(roll.Roll, id); !met {
		roll.Roll = slices.Insert(roll.Roll, i, id)
	}
	return true
}

// move notes where the officer serves from the day on, and tells whether that
// is another unit than before.
func (s *service) move(from Day, unit domain.UnitID) bool {
	if s.unitOn(from) == unit && (len(s.Stays) == 0 || s.Stays[len(s.Stays)-1].From <= from) {
		return false
	}
	s.Stays = slices.DeleteFunc(s.Stays, func(st stay) bool { return st.From == from })
	s.Stays = inPlace(s.Stays, stay{from, unit}, func(a, b stay) int { return cmp.Compare(a.From, b.From) })
	return true
}

// inPlace inserts behind what does not come after it.
func inPlace[T any](list []T, v T, order func(a, b T) int) []T {
	i := len(list)
	for i > 0 && order(list[i-1], v) > 0 {
		i--
	}
	return slices.Insert(list, i, v)
}

// unitOn returns where the officer served on the day.
func (s *service) unitOn(on Day) (unit domain.UnitID) {
	for i, st := range s.Stays {
		if i == 0 || st.From <= on {
			unit = st.Unit
		}
	}
	return unit
}

// stock cuts the parts into facts by where the officer served; a part
// outside the service is dropped.
func (s *service) stock(indicator string, parts []part) (out []Fact) {
	for _, st := range s.served() {
		for _, p := range parts {
			if from, to := max(p.from, st.from), min(p.to, st.to); from < to {
				out = append(out, Fact{Indicator: indicator, Unit: st.unit, From: from, To: to, Hits: p.hits, Of: 1})
			}
		}
	}
	return out
}

type served struct {
	from, to Day
	unit     domain.UnitID
}

// served are the times of service that count, in each unit.
func (s *service) served() (out []served) {
	if !s.Here {
		return nil
	}
	for i, st := range s.Stays {
		from, to := max(st.From, s.Since), Ever
		if i == 0 {
			from = s.Since
		}
		if i+1 < len(s.Stays) {
			to = s.Stays[i+1].From
		}
		for _, g := range s.Gone {
			if g.From >= to || g.To <= from {
				continue
			}
			if from < g.From {
				out = append(out, served{from, g.From, st.Unit})
			}
			from = g.To
		}
		if from < to {
			out = append(out, served{from, to, st.Unit})
		}
	}
	return out
}

// derive sets every stock of the officer anew.
func (x *scene) derive(m *Matter) {
	x.papers(m)
	x.hours(m)
	x.appraisals(m)
	for _, l := range x.around.Look("lists").Lists {
		x.list(m, l)
	}
}

// reward notes that an officer was honoured, or no more.
func (x *scene) reward() {
	switch e := x.r.Event.(type) {
	case reward.Granted:
		if e.Officer != "" {
			m := x.person(e.Officer)
			m.Service.Honours = append(m.Service.Honours, honour{x.r.Act.Subject, x.day})
			x.honours(m)
		}
	case reward.Revoked:
		if e.Officer != "" {
			m := x.person(e.Officer)
			m.Service.Honours = slices.DeleteFunc(m.Service.Honours, func(h honour) bool { return h.Reward == x.r.Act.Subject })
			x.honours(m)
		}
	}
}

// person returns the matter of an officer.
func (x *scene) person(id domain.OfficerID) *Matter {
	m := x.around.Matter(officerMatter(id))
	if m.Service == nil {
		m.Service = &service{}
	}
	return m
}

// honours sets the facts about the honours granted.
func (x *scene) honours(m *Matter) {
	var out []Fact
	for _, h := range m.Service.Honours {
		barred := slices.ContainsFunc(m.Service.Bars, func(b bar) bool { return b.From <= h.On && h.On < b.To })
		out = append(out, happened("D7.honour_restricted", m.Service.unitOn(h.On), h.On, counted(barred), 1))
	}
	x.set(m, "honours", merged(out)...)
}
