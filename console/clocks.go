package console

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/probity-ledger/probity/console/tongues"
)

// complaintClocks are the deadlines of complaints that somebody of the house owes,
// as the schema names them. Terms within which a reporter may ask are none.
var complaintClocks = []string{"acknowledge", "route", "contest_transfer", "notify_real_name", "handle", "feedback", "answer_real_name", "decide_review", "decide_rereview"}

// perClock is how many of each kind are asked for, the nearest last day first.
const perClock = 40

// clocksPage draws what is owed on complaints on one time line.
var clocksPage = page{
	name: "clocks", route: "/clocks", must: "handle",
	document: clocksDocument(),
	variables: func(a *asked) (map[string]any, error) {
		vars := map[string]any{"first": perClock}
		for _, clock := range complaintClocks {
			vars[clock] = choice(a, map[string]any{"clock": "complaint." + clock}, "unit", "who")
		}
		return vars, nil
	},
	prepare: func(v *view) error {
		var err error
		v.X, err = drawClocks(v)
		return err
	},
}

func clocksDocument() string {
	var head, body strings.Builder
	for _, clock := range complaintClocks {
		head.WriteString(", $" + clock + ": ObligationFilter")
		body.WriteString(clock + ": obligations(filter: $" + clock + ", first: $first) { pageInfo { hasNextPage } nodes { " + obligation + " } }\n")
	}
	return "query Clocks($first: Int" + head.String() + ") { " + body.String() + "}"
}

// clockBoard is what is owed as a picture: a row for each deadline, from the day
// it began to the last day, and on to today where it is late.
type clockBoard struct {
	Width, Height int
	Ticks         []tick
	Today         int
	Rows          []clockRow
	All           []any // obligations, the earliest last day first
	Late          int
	More          bool // than are listed
	Kinds         []clockKind
}

// clockRow is one deadline. Over is how far it is late, in the picture.
type clockRow struct {
	Y, From, Width, Due, Over int
	Tone, Text, Link, Label   string
}

// clockKind counts the listed deadlines of a kind; there may be More.
type clockKind struct {
	Clock        string
	Listed, Late int
	More         bool
}

// drawnClocks is how many rows are drawn; the table has all.
const drawnClocks = 60

func drawClocks(v *view) (*clockBoard, error) {
	b := &clockBoard{Width: drawWidth}
	for _, clock := range complaintClocks {
		list, _ := v.D[clock].(map[string]any)
		if list == nil {
			continue
		}
		info, _ := list["pageInfo"].(map[string]any)
		k := clockKind{Clock: "complaint." + clock, Listed: len(list["nodes"].([]any)), More: info["hasNextPage"] == true}
		for _, o := range list["nodes"].([]any) {
			if b.All = append(b.All, o); o.(map[string]any)["state"] == "LATE" {
				k.Late++
			}
		}
		b.More = b.More || k.More
		b.Late += k.Late
		if k.Listed > 0 {
			b.Kinds = append(b.Kinds, k)
		}
	}
	slices.SortStableFunc(b.All, func(x, y any) int {
		return cmp.Compare(asText(x.(map[string]any)["due"]), asText(y.(map[string]any)["due"]))
	})
	today, err := time.Parse(time.DateOnly, v.Today())
	if err != nil || len(b.All) == 0 {
		return b, err
	}
	b.draw(v, today)
	return b, nil
}

// draw places the nearest deadlines. What began long ago begins at the edge.
func (b *clockBoard) draw(v *view, today time.Time) {
	shown := b.All[:min(len(b.All), drawnClocks)]
	first, last := today.AddDate(0, 0, -7), today.AddDate(0, 0, 7)
	for _, o := range shown {
		from, due, ok := daysOf(o.(map[string]any))
		if !ok {
			continue
		}
		if from.Before(first) {
			first = from
		}
		if due.Before(first) {
			first = due
		}
		if due.After(last) {
			last = due
		}
	}
	x := func(t time.Time) int {
		return drawLeft + int(float64(drawWidth-drawLeft-drawRight)*t.Sub(first).Seconds()/last.Sub(first).Seconds())
	}
	b.Ticks, b.Today = ticks(first, last, x), x(today)
	const row = 22
	for _, node := range shown {
		o := node.(map[string]any)
		from, due, ok := daysOf(o)
		if !ok {
			continue
		}
		r := clockRow{Y: laneTop + row*len(b.Rows) + row/2, From: x(from), Due: x(due), Tone: "open", Link: refPath(o["subject"])}
		r.Width = max(2, r.Due-r.From)
		switch {
		case o["state"] == "LATE":
			r.Tone, r.Over = "bad", max(0, b.Today-r.Due)
		case asInt(o["shareUsed"]) >= 70: // as the ledger begins to warn
			r.Tone = "warn"
		}
		subject, _ := o["subject"].(map[string]any)
		id := tongues.Plainly(asText(subject["id"]))
		r.Text = cut(id, 18)
		what := v.tongue.known("c."+asText(o["clock"]), tongues.Plainly(asText(o["what"])))
		r.Label = v.tongue.say("clocks.row", id, what, v.tongue.day(due), v.tongue.plain("ObligationState", tongues.Plainly(asText(o["state"]))))
		b.Rows = append(b.Rows, r)
	}
	b.Height = laneTop + row*len(b.Rows) + 8
}

// daysOf are the day an obligation began and its last.
func daysOf(o map[string]any) (from, due time.Time, ok bool) {
	due, err := time.Parse(time.DateOnly, asText(o["due"]))
	if err != nil {
		return from, due, false
	}
	if from, err = time.Parse(time.DateOnly, asText(o["startedOn"])); err != nil || from.After(due) {
		from = due
	}
	return from, due, true
}
