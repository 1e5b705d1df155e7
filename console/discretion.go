package console

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// discretionPage is how discretion was used (article D5), as a funnel: the share
// of acts outside their tier against how many were decided.
var discretionPage = page{
	name: "discretion", route: "/discretion", must: "discretion",
	document: `query Discretion($by: DiscretionBy!, $filter: DiscretionFilter) {
  discretion(by: $by, filter: $filter) { unit { id name nameEn } post { id name nameEn } decided outside outsideShare alike spread }
  norms(filter: {kind: DISCRETION_BENCHMARK}, first: 50) { nodes { id title } }
}`,
	variables: func(a *asked) (map[string]any, error) {
		by := strings.ToUpper(a.URL.Query().Get("by"))
		if by == "" {
			by = "UNIT"
		}
		return map[string]any{"by": by, "filter": choice(a, map[string]any{}, "kind", "benchmark", "unit")}, nil
	},
	prepare: func(v *view) error {
		var answer struct{ Discretion []discretionRow }
		if err := v.into(&answer); err != nil {
			return err
		}
		v.X = drawFunnel(v, answer.Discretion)
		return nil
	},
}

// fewActs is how many acts there must be of somebody before their share is
// told: of fewer, one act makes it.
const fewActs = 5

// discretionRow is a member of the answer; Outside of Decided.
type discretionRow struct {
	Unit, Post       *struct{ ID, Name, NameEn string }
	Decided, Outside int
	Spread           float64
	Alike            int
}

// funnel is the use of discretion as a picture and as a table.
type funnel struct {
	Width, Height            int
	Left, Right, Top, Bottom int // of the plot
	All, Outside             int
	Share                    string // of all together
	Mean                     int    // its height
	Limits                   []funnelLimit
	Across, Up               []tick
	Points                   []funnelPoint
	Rows                     []funnelPoint
	Few, Beyond95, Beyond998 int
}

type funnelLimit struct{ Class, Path string }

// funnelPoint is whose acts are counted.
type funnelPoint struct {
	X, Y             int
	Of               map[string]any // the unit or post
	Link             string
	Label            string
	Place            string // in, out95, out998, or few
	Decided, Outside int
	Share, Low, High string
	Alike            int
	Spread           string
}

const (
	funnelLeft, funnelRight, funnelTop, funnelBottom = 56, 984, 16, 372
	funnelHeight                                     = 420
)

// drawFunnel places who has enough acts, and draws the limits of what all have
// together.
func drawFunnel(v *view, rows []discretionRow) *funnel {
	f := &funnel{Width: drawWidth, Height: funnelHeight, Left: funnelLeft, Right: funnelRight, Top: funnelTop, Bottom: funnelBottom}
	most := 0
	for _, r := range rows {
		f.All += r.Decided
		f.Outside += r.Outside
		if most = max(most, r.Decided); r.Decided < fewActs {
			f.Few++
		}
	}
	if f.All == 0 {
		return f
	}
	p := float64(f.Outside) / float64(f.All)
	f.Share = percent(p)
	top := 0.05
	for i, r := range rows {
		x := funnelPoint{Of: ofRow(v.D["discretion"], i), Decided: r.Decided, Outside: r.Outside, Place: "few", Alike: r.Alike, Spread: strconv.FormatFloat(r.Spread, 'f', -1, 64)}
		x.Link = actsOf(v, r)
		if r.Decided >= fewActs {
			share := float64(r.Outside) / float64(r.Decided)
			x.Place, x.Share = placeInFunnel(r.Decided, r.Outside, p), percent(share)
			x.Low, x.High = percent(lowerLimit(r.Decided, p, tail95)), percent(upperLimit(r.Decided, p, tail95))
			top = max(top, share, upperLimit(r.Decided, p, tail998))
			switch x.Place {
			case "out998":
				f.Beyond998++
			case "out95":
				f.Beyond95++
			}
		}
		f.Rows = append(f.Rows, x)
	}
	slices.SortStableFunc(f.Rows, func(a, b funnelPoint) int { return placeOrder[a.Place] - placeOrder[b.Place] })
	if most >= fewActs {
		f.draw(v.tongue, p, most, min(1, top*1.06))
	}
	return f
}

// placeOrder has rows that were too few stand last.
var placeOrder = map[string]int{"few": 1}

// ofRow is the unit or post of a row of the answer.
func ofRow(answer any, i int) map[string]any {
	row := answer.([]any)[i].(map[string]any)
	for _, member := range []string{"unit", "post"} {
		if of, ok := row[member].(map[string]any); ok {
			return of
		}
	}
	return nil
}

// actsOf leads to the acts of a unit, or to the page of a post.
func actsOf(v *view, r discretionRow) string {
	switch {
	case r.Unit != nil:
		query := url.Values{"unit": {r.Unit.ID}, "deviated": {"1"}}
		if kind := v.Param("kind"); kind != "" {
			query.Set("kind", kind)
		}
		return pathTo("enforcements") + "?" + query.Encode()
	case r.Post != nil:
		return pathTo("posts", r.Post.ID)
	}
	return ""
}

// draw makes the picture: to the right up to most acts, upwards to the share top.
func (f *funnel) draw(t *tongue, p float64, most int, top float64) {
	x := func(n float64) int { return funnelLeft + int(float64(funnelRight-funnelLeft)*n/float64(most)+0.5) }
	y := func(share float64) int {
		return funnelBottom - int(float64(funnelBottom-funnelTop)*min(share/top, 1)+0.5)
	}
	f.Mean = y(p)
	for _, limit := range []struct {
		class string
		of    func(int) float64
	}{
		{"limit998", func(n int) float64 { return upperLimit(n, p, tail998) }}, {"limit95", func(n int) float64 { return upperLimit(n, p, tail95) }},
		{"limit95", func(n int) float64 { return lowerLimit(n, p, tail95) }}, {"limit998", func(n int) float64 { return lowerLimit(n, p, tail998) }},
	} {
		var path strings.Builder
		for i, n := range funnelSteps(most) {
			fmt.Fprintf(&path, "%c%d %d", "ML"[min(i, 1)], x(float64(n)), y(limit.of(n)))
		}
		f.Limits = append(f.Limits, funnelLimit{limit.class, path.String()})
	}
	for _, n := range niceSteps(float64(most)) {
		f.Across = append(f.Across, tick{x(n), t.number(int(n))})
	}
	for _, share := range niceSteps(top * 100) {
		f.Up = append(f.Up, tick{y(share / 100), strconv.FormatFloat(share, 'f', -1, 64) + " %"})
	}
	for i, r := range f.Rows {
		if r.Place == "few" {
			continue
		}
		r.X, r.Y = x(float64(r.Decided)), y(float64(r.Outside)/float64(r.Decided))
		r.Label = fmt.Sprintf("%s: %d / %d = %s %%", t.plainName(r.Of), r.Outside, r.Decided, r.Share)
		f.Rows[i] = r
		f.Points = append(f.Points, r)
	}
}

// funnelSteps are the numbers of acts at which limits are reckoned, closest
// where they are few: there the limits bend most.
func funnelSteps(most int) []int {
	const steps = 120
	var out []int
	for i := range steps + 1 {
		n := 1 + int(math.Round(float64(most-1)*math.Pow(float64(i)/steps, 2)))
		if len(out) == 0 || n > out[len(out)-1] {
			out = append(out, n)
		}
	}
	return out
}

// niceSteps are at most eight round numbers from 0 to the last.
func niceSteps(last float64) []float64 {
	step := math.Pow(10, math.Floor(math.Log10(max(last, 1e-3)/8)))
	for _, times := range []float64{1, 2, 5, 10} {
		if last/(step*times) <= 7 {
			step *= times
			break
		}
	}
	var out []float64
	for n := 0; float64(n)*step <= last*1.0001; n++ {
		out = append(out, math.Round(float64(n)*step*1000)/1000)
	}
	return out
}

// percent is a share in per cent, to two places.
func percent(share float64) string {
	return strconv.FormatFloat(math.Round(share*10000)/100, 'f', -1, 64)
}
