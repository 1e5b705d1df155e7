package console

import (
	"encoding/json"
	"strconv"

	"github.com/probity-ledger/probity/console/tongues"
)

// measureAspects are what is asked of each measure.
var measureAspects = []string{"exists", "known", "wanted"}

// measureChart has three bars for each measure, and a mark where the survey
// before stood.
type measureChart struct {
	Width, Height int
	Ticks         []tick
	Rows          []measureRow
	Before        bool // some mark is drawn
}

type measureRow struct {
	Y    int
	Text string
	Bars []measureBar
}

// measureBar is the share that says so; Mark is that of the survey before, 0
// where it is not told.
type measureBar struct {
	Y, X, Width, Mark int
	Class, Label      string
	Untold            bool
}

const (
	measureLeft = 330
	measureSpan = drawWidth - measureLeft - drawRight
	measureHigh = 46 // of a measure: three bars and a gap
)

// drawMeasures draws what the answers say of each measure.
func drawMeasures(t *tongue, measures, before []any) *measureChart {
	c := &measureChart{Width: drawWidth, Height: laneTop + measureHigh*len(measures) + 8}
	for share := 0; share <= 100; share += 25 {
		c.Ticks = append(c.Ticks, tick{measureLeft + measureSpan*share/100, strconv.Itoa(share) + " %"})
	}
	earlier := map[string]map[string]any{}
	for _, m := range before {
		measure := m.(map[string]any)
		earlier[asText(measure["code"])] = measure
	}
	for i, m := range measures {
		measure := m.(map[string]any)
		top := laneTop + measureHigh*i
		row := measureRow{Y: top + 24, Text: cut(tongues.Plainly(asText(measure["text"])), 44)}
		for k, aspect := range measureAspects {
			bar := measureBar{Y: top + 4 + 12*k, X: measureLeft, Class: "c" + strconv.Itoa([]int{1, 4, 3}[k])}
			name := t.say("programme." + aspect)
			if share, ok := shareOfCell(measure[aspect]); ok {
				bar.Width = int(measureSpan*share/100 + 0.5)
				bar.Label = t.say("programme.bar", row.Text, name, strconv.FormatFloat(share, 'f', -1, 64))
			} else {
				bar.Untold, bar.Label = true, row.Text+": "+name+": "+t.say("suppressed")
			}
			if was, ok := shareOfCell(earlier[asText(measure["code"])][aspect]); ok {
				bar.Mark = measureLeft + int(measureSpan*was/100+0.5)
				bar.Label += " " + t.say("programme.was", strconv.FormatFloat(was, 'f', -1, 64))
				c.Before = true
			}
			row.Bars = append(row.Bars, bar)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// asNumber is a value that is a number, as it was written.
func asNumber(v any) string {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return ""
}
