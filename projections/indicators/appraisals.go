package indicators

import (
	"cmp"
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// grade notes the grade of a year; a correction keeps its day.
func (x *scene) grade(m *Matter, year int, to string) {
	s := m.Service
	i := slices.IndexFunc(s.Grades, func(g grade) bool { return g.Year == year })
	if i < 0 {
		s.Grades = inPlace(s.Grades, grade{year, to, x.day}, func(a, b grade) int { return cmp.Compare(a.Year, b.Year) })
	} else {
		s.Grades[i].Grade = to
	}
	if x.r.Act.Imported() {
		return
	}
	x.appraisals(m)
	x.grades(m)
}

// grades sets the facts about the grades given.
func (x *scene) grades(m *Matter) {
	all := x.book.Service.Grades
	if len(all) == 0 {
		return
	}
	worst := all[len(all)-1]
	var out []Fact
	for i, g := range m.Service.Grades {
		unit, isWorst, again := m.Service.unitOn(g.On), g.Grade == worst, false
		if i > 0 {
			before := m.Service.Grades[i-1]
			again = isWorst && before.Grade == worst && before.Year == g.Year-1
		}
		out = append(out, happened("D4.worst", unit, g.On, counted(isWorst), 1), happened("D4.worst_again", unit, g.On, counted(again), 1))
	}
	x.set(m, "grades", merged(out)...)
}

// merged adds up what counts for one indicator, unit and day, so that no two
// facts of a case are equal.
func merged(facts []Fact) (out []Fact) {
	for _, f := range facts {
		i := slices.IndexFunc(out, func(o Fact) bool {
			return o.Indicator == f.Indicator && o.Unit == f.Unit && o.From == f.From && o.To == f.To && o.Label == f.Label
		})
		if i < 0 {
			out = append(out, f)
			continue
		}
		out[i].Hits, out[i].Of = out[i].Hits+f.Hits, out[i].Of+f.Of
	}
	return out
}

// mostYears bounds the years an officer is looked for to be appraised.
const mostYears = 100

// appraisals sets the facts about whether the last year due was graded.
func (x *scene) appraisals(m *Matter) {
	s, term := m.Service, x.book.Indicators.Appraise
	if term.IsZero() || !s.Here {
		return
	}
	due := func(year int) Day { // the first day on which it is late
		return DayOf(term.After(domain.Date{Year: year, Month: 12, Day: 31}, x.book.Calendar)) + 1
	}
	since := s.Since.Date()
	first := since.Year
	if since.Month != 1 || since.Day != 1 {
		first++
	}
	last := first
	for _, g := range s.Grades {
		if g.Year < first+mostYears {
			last = max(last, g.Year+1)
		}
	}
	var parts []part
	for year := first; year <= last; year++ {
		from, to := due(year), due(year+1)
		if year == last {
			to = Ever
		}
		graded := to
		if i := slices.IndexFunc(s.Grades, func(g grade) bool { return g.Year == year }); i >= 0 {
			graded = max(from, min(to, s.Grades[i].On))
		}
		parts = append(parts, part{from, graded, 0}, part{graded, to, 1})
	}
	x.set(m, "appraised", s.stock("D4.appraised", parts)...)
}
