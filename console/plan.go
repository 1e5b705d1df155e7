package console

import (
	"cmp"
	"slices"
	"time"

	"github.com/probity-ledger/probity/console/tongues"
)

// plansPage lists plans.
var plansPage = page{
	name: "plans", route: "/plans", must: "plans",
	document: connection("plans", "PlanFilter", `id title status from to unit { id name nameEn } owner { id name latinName } targets { code result overdue }`),
	variables: func(a *asked) (map[string]any, error) {
		return addPage(a, 20, map[string]any{"filter": choice(a, map[string]any{}, "status", "unit", "officer", "result")}), nil
	},
}

// planPage is the board of a plan: its targets on a time line.
var planPage = page{
	name: "plan", route: "/plans/{id}", must: "plan",
	document: `query Plan($id: ID!) {
  plan(id: $id) {
    id title status from to imported unit { id name nameEn } owner { id name latinName }
    stages { code title ends status reports { filedOn filedBy outcome remarks deliberatedOn deliberatedBy } }
    targets { code title measure stage due result overdue percent metOn daysLate explanation decision unit { id name nameEn } officer { id name latinName } }
    tracebacks { id status fault target }
  }
  clocks: obligations(filter: {subject: {type: PLAN, id: $id}}, first: 50) { nodes { ` + obligation + ` } }
}`,
	variables: id,
	prepare:   drawPlan,
}

// board is a plan as a picture: a row for each target, from when it is due to
// when it was met.
type board struct {
	Width, Height int
	Ticks         []tick
	Today         int // 0 where it is not within the plan
	Rows          []boardRow
}

type boardRow struct {
	Y, Due, Met int // Met is 0 where the target was not met
	Width       int // of the delay
	Tone        string
	Text        string
}

// boardTones colour a target by its result, late ones at a glance.
var boardTones = map[string]string{"MET": "good", "LATE": "warn", "MISSED": "bad", "ACCOUNTABLE": "bad", "EXPLAINED": "warn", "EXCUSED": "warn"}

func drawPlan(v *view) error {
	var answer struct {
		Plan struct {
			From, To string
			Targets  []struct {
				Code, Title, Due, Result, MetOn string
				Overdue                         bool
			}
		}
	}
	if err := v.into(&answer); err != nil {
		return err
	}
	p := answer.Plan
	first, err := time.Parse(time.DateOnly, p.From)
	last, err2 := time.Parse(time.DateOnly, p.To)
	if err != nil || err2 != nil || len(p.Targets) == 0 {
		return nil // imported plans have no days or targets
	}
	slices.SortStableFunc(p.Targets, func(a, b struct {
		Code, Title, Due, Result, MetOn string
		Overdue                         bool
	}) int {
		return cmp.Compare(a.Due, b.Due)
	})
	today, _ := time.Parse(time.DateOnly, v.Today())
	for _, t := range p.Targets {
		for _, text := range []string{t.Due, t.MetOn} {
			if day, err := time.Parse(time.DateOnly, text); err == nil && day.After(last) {
				last = day
			}
		}
	}
	const row = 24
	b := &board{Width: drawWidth, Height: laneTop + row*len(p.Targets) + 8}
	x := func(t time.Time) int {
		return drawLeft + int(float64(drawWidth-drawLeft-drawRight)*t.Sub(first).Seconds()/max(1, last.Sub(first).Seconds()))
	}
	b.Ticks = ticks(first, last, x)
	if !today.Before(first) && !today.After(last) {
		b.Today = x(today)
	}
	for i, t := range p.Targets {
		due, err := time.Parse(time.DateOnly, t.Due)
		if err != nil {
			continue
		}
		r := boardRow{Y: laneTop + row*i + row/2, Due: x(due), Tone: cmp.Or(boardTones[t.Result], "open"), Text: cut(tongues.Plainly(t.Code), 18)}
		if t.Overdue {
			r.Tone = "bad"
		}
		if met, err := time.Parse(time.DateOnly, t.MetOn); err == nil {
			r.Met = x(met)
			r.Width = max(0, r.Met-r.Due)
		} else if t.Overdue && b.Today > r.Due {
			r.Width = b.Today - r.Due
		}
		b.Rows = append(b.Rows, r)
	}
	v.X = b
	return nil
}
