package indicators

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/post"
)

// position is what the facts about a post are derived from.
type position struct {
	Unit     domain.UnitID
	Closed   Day       `json:",omitzero"`
	Risks    []risk    `json:",omitempty"`
	Controls []control `json:",omitempty"`
	// Points are the days on which the post became, or ceased to be, one of
	// high risk or one without a tested control.
	Points []point `json:",omitempty"`
}

type (
	risk struct {
		Code  string
		Grade post.Grade `json:",omitzero"`
	}
	control struct {
		Code, Risk string
		On         Day
		Tests      []test `json:",omitempty"`
	}
	test struct {
		On     Day
		Passed bool
	}
	point struct {
		On              Day
		High, Unguarded bool
	}
)

// post folds what happens to a post.
func (x *scene) post() {
	m := x.own()
	if m.Post == nil {
		m.Post = &position{}
	}
	p := m.Post
	switch e := x.r.Event.(type) {
	case post.Defined:
		p.Unit = e.Unit
	case post.Imported:
		p.Unit = e.Unit
	case post.RiskIdentified:
		p.Risks = append(p.Risks, risk{Code: e.Risk})
	case post.RiskGraded:
		if e.Level != post.LevelLeadership {
			return
		}
		for i := range p.Risks {
			if p.Risks[i].Code == e.Risk {
				p.Risks[i].Grade = e.Grade
			}
		}
	case post.ControlAdopted:
		p.Controls = append(p.Controls, control{Code: e.Control, Risk: e.Risk, On: x.day})
		x.controls(m)
	case post.ControlTested:
		for i := range p.Controls {
			if c := &p.Controls[i]; c.Code == e.Control {
				c.Tests = inPlace(c.Tests, test{x.day, e.Passed}, func(a, b test) int { return int(a.On - b.On) })
			}
		}
		x.controls(m)
	case post.Closed:
		p.Closed = x.on(e.On)
		x.controls(m)
	default:
		return
	}
	x.guarded(m)
}

// end is the first day without the post.
func (p *position) end() Day {
	if p.Closed != 0 {
		return p.Closed
	}
	return Ever
}

// controls sets the facts about whether each control passed its last test.
func (x *scene) controls(m *Matter) {
	p := m.Post
	for _, c := range p.Controls {
		var out []Fact
		from, passed := c.On, false
		add := func(to Day) {
			if to = min(to, p.end()); from < to {
				out = append(out, Fact{Indicator: "I9.tested", Unit: p.Unit, From: from, To: to, Hits: counted(passed), Of: 1})
			}
		}
		for _, t := range c.Tests {
			if t.Passed != passed {
				add(t.On)
				from, passed = max(from, t.On), t.Passed
			}
		}
		add(Ever)
		x.set(m, "control "+c.Code, out...)
	}
}

// guarded sets the facts about whether every high risk of the post has a
// control that passed its last test.
func (x *scene) guarded(m *Matter) {
	p := m.Post
	now := point{On: x.day}
	for _, r := range p.Risks {
		if r.Grade != post.GradeHigh {
			continue
		}
		now.High = true
		works := slices.ContainsFunc(p.Controls, func(c control) bool {
			return c.Risk == r.Code && len(c.Tests) > 0 && c.Tests[len(c.Tests)-1].Passed
		})
		now.Unguarded = now.Unguarded || !works
	}
	if n := len(p.Points); n > 0 {
		last := p.Points[n-1]
		now.On = max(now.On, last.On)
		if p.Closed == 0 && now.High == last.High && now.Unguarded == last.Unguarded {
			return
		}
		if now.On == last.On {
			p.Points = p.Points[:n-1]
		}
	} else if !now.High {
		return
	}
	p.Points = append(p.Points, now)
	for i, at := range p.Points {
		to := p.end()
		if i+1 < len(p.Points) {
			to = min(to, p.Points[i+1].On)
		}
		name := fmt.Sprint("high risk ", at.On)
		if !at.High || at.On >= to {
			x.set(m, name)
			continue
		}
		x.set(m, name, Fact{Indicator: "I9.unguarded", Unit: p.Unit, From: at.On, To: to, Hits: counted(at.Unguarded), Of: 1})
	}
}
