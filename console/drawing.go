package console

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/probity-ledger/probity/console/tongues"
)

// drawing is a timeline as a picture, in units of its own: one lane for each
// room, time to the right.
type drawing struct {
	Width, Height int
	Lanes         []lane
	Ticks         []tick
	Dots          []dot
	Causes        []string // paths from cause to effect
	From, To      string   // days
	Zoom          []zoom
	Base          string // of the object's pages, "" where it has none
}

type lane struct {
	Text  string
	Y     int
	Color int
}

type tick struct {
	X    int
	Text string
}

type dot struct {
	X, Y, Color int
	Event       map[string]any
	Link        string
	Label       string
}

type zoom struct{ Key, Link string }

const (
	drawLeft, drawRight = 130, 20
	drawWidth           = 1000
	laneHeight          = 34
	laneTop             = 26
)

// draw makes the drawing of a timeline.
func (v *view) draw(timeline any, base string) error {
	list, _ := timeline.(map[string]any)
	if list == nil {
		return errMissing
	}
	d := &drawing{Width: drawWidth, Base: base}
	var at []time.Time
	var events []map[string]any
	var rooms []string
	for _, node := range list["nodes"].([]any) {
		e := node.(map[string]any)["event"].(map[string]any)
		when, err := time.Parse(time.RFC3339, e["occurredAt"].(string))
		if err != nil {
			return err
		}
		at, events = append(at, when.In(v.zone)), append(events, e)
		if room := roomOf(e); !slices.Contains(rooms, room) {
			rooms = append(rooms, room)
		}
	}
	v.X = d
	if len(at) == 0 {
		return nil
	}
	slices.Sort(rooms)
	first, last := slices.MinFunc(at, time.Time.Compare), slices.MaxFunc(at, time.Time.Compare)
	if span := last.Sub(first); span < 24*time.Hour {
		first, last = first.Add(-12*time.Hour), last.Add(12*time.Hour)
	}
	d.From, d.To = first.Format(time.DateOnly), last.Format(time.DateOnly)
	d.Height = laneTop + laneHeight*len(rooms) + 8
	for i, room := range rooms {
		d.Lanes = append(d.Lanes, lane{cut(v.tongue.plain("Room", tongues.Plainly(room)), 18), laneTop + laneHeight*i + laneHeight/2, i%8 + 1})
	}
	x := func(t time.Time) int {
		return drawLeft + int(float64(drawWidth-drawLeft-drawRight)*t.Sub(first).Seconds()/last.Sub(first).Seconds())
	}
	d.Ticks = ticks(first, last, x)
	d.place(v, rooms, events, at, x)
	d.zooms(v, first, last)
	return nil
}

// place puts the events on their lanes; those at the same place stand a little
// beside each other.
func (d *drawing) place(v *view, rooms []string, events []map[string]any, at []time.Time, x func(time.Time) int) {
	taken := map[[2]int]int{}
	byID := map[string]dot{}
	for i, e := range events {
		l := d.Lanes[slices.Index(rooms, roomOf(e))]
		p := dot{X: x(at[i]), Y: l.Y, Color: l.Color, Event: e, Link: pathTo("events", e["id"].(string))}
		cell := [2]int{p.X / 8, p.Y}
		n := taken[cell]
		taken[cell]++
		p.Y += []int{0, -7, 7, -12, 12}[n%5]
		p.Label = v.tongue.kind(e["kind"]) + ", " + v.tongue.day(at[i])
		d.Dots = append(d.Dots, p)
		byID[e["id"].(string)] = p
	}
	for _, p := range d.Dots {
		cause, ok := byID[fmt.Sprint(p.Event["causeId"])]
		if !ok {
			continue
		}
		middle := (cause.X + p.X) / 2
		d.Causes = append(d.Causes, fmt.Sprintf("M%d %dC%d %d %d %d %d %d", cause.X, cause.Y, middle, cause.Y, middle, p.Y, p.X, p.Y))
	}
}

// ticks are the beginnings of years, or of months where there are few.
func ticks(first, last time.Time, x func(time.Time) int) []tick {
	step, format := 12, "2006"
	switch months := int(last.Sub(first).Hours() / 24 / 30); {
	case months <= 3:
		step, format = 1, "2006-01"
	case months <= 9:
		step, format = 2, "2006-01"
	case months <= 30:
		step, format = 6, "2006-01"
	case months > 20*12:
		step, format = 60, "2006"
	}
	var out []tick
	for t := time.Date(first.Year(), 1, 1, 0, 0, 0, 0, first.Location()); !t.After(last); t = t.AddDate(0, step, 0) {
		if !t.Before(first) {
			out = append(out, tick{x(t), t.Format(format)})
		}
	}
	if len(out) == 0 {
		middle := first.Add(last.Sub(first) / 2)
		out = append(out, tick{x(middle), middle.Format(time.DateOnly)})
	}
	return out
}

// zooms lead to half of the time, to earlier and later, and back to all.
func (d *drawing) zooms(v *view, first, last time.Time) {
	span := last.Sub(first)
	link := func(key string, from, to time.Time) {
		d.Zoom = append(d.Zoom, zoom{key, v.With("from", from.Format(time.DateOnly), "to", to.Format(time.DateOnly), "after", "", "before", "")})
	}
	if span > 48*time.Hour {
		link("zoom.firstHalf", first, first.Add(span/2))
		link("zoom.secondHalf", first.Add(span/2), last)
	}
	if v.Param("from") != "" || v.Param("to") != "" {
		link("zoom.earlier", first.Add(-span), first)
		link("zoom.later", last, last.Add(span))
		d.Zoom = append(d.Zoom, zoom{"zoom.all", v.With("from", "", "to", "", "after", "", "before", "")})
	}
}

func roomOf(event map[string]any) string {
	room, _, _ := strings.Cut(event["kind"].(string), ".")
	return room
}

// svgPath marks a path that was made of numbers as what may stand in an
// attribute.
func svgPath(d string) template.HTMLAttr { return template.HTMLAttr(`d="` + d + `"`) }
