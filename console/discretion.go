package console

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/console/tongues"
)

// discretionPage is how discretion was used (article D5), as a funnel: the share
// of acts outside their tier against how many were decided.
var discretionPage = page{
	name: "discretion", route: "/discretion",
	document: `query Discretion($by: DiscretionBy!, $filter: DiscretionFilter) {
  discretionFunnel(by: $by, filter: $filter) {
    rows {
      unit { id name nameEn } post { id name nameEn } officer { id name latinName } benchmark { id title } clause
      decided outside outsideShare alike spread place limits { ` + funnelShares + ` }
    }
    mean spread doubt curve { decided limits { ` + funnelShares + ` } chance { low95 high95 } }
  }
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
		var answer struct{ DiscretionFunnel discretionAnswer }
		if err := v.into(&answer); err != nil {
			return err
		}
		v.X = drawFunnel(v, &answer.DiscretionFunnel)
		return nil
	},
}

const funnelShares = `low95 high95 low998 high998`

// fewActs is how many acts there must be of somebody before their share is
// told: of fewer, one act makes it.
const fewActs = 5

// fewPeers is how many must be compared for the limits to say much: among fewer,
// one who is far out widens what is taken for usual.
const fewPeers = 10

// discretionAnswer is the answer. Shares and limits are in per cent.
type discretionAnswer struct {
	Rows                []discretionRow
	Mean, Spread, Doubt float64
	Curve               []struct {
		Decided        int
		Limits, Chance funnelLimits
	}
}

// discretionRow is one whose acts are counted: Outside of Decided.
type discretionRow struct {
	Unit, Post, Officer *struct{ ID string }
	Benchmark           *struct{ ID, Title string }
	Clause              string
	Decided, Outside    int
	OutsideShare        float64
	Spread              float64
	Alike               int
	Place               string
	Limits              funnelLimits
}

type funnelLimits struct{ Low95, High95, Low998, High998 float64 }

// funnel is the use of discretion as a picture and as a table.
type funnel struct {
	Width, Height            int
	Left, Right, Top, Bottom int // of the plot
	All, Outside             int
	Share                    string // of all together
	Mean                     int    // its height
	Differ                   string // how much those compared differ beyond chance
	Limits                   []funnelLimit
	Across, Up               []tick
	Points                   []funnelPoint
	Rows                     []funnelPoint
	Few, Beyond95, Beyond998 int
	FewPeers                 bool
}

type funnelLimit struct{ Class, Path string }

// funnelPoint is whose acts are counted.
type funnelPoint struct {
	X, Y             int
	Of               map[string]any // the unit, post or officer; nil for a clause
	Link             string
	Name, Label      string
	Place            string // in, out95, out998, or few
	Decided, Outside int
	Share, Low, High string
	Alike            int
	Spread           string
}

// placeClass are the places by what the style calls them.
var placeClass = map[string]string{"WITHIN": "in", "BEYOND_95": "out95", "BEYOND_998": "out998"}

const (
	funnelLeft, funnelRight, funnelTop, funnelBottom = 56, 984, 16, 372
	funnelHeight                                     = 420
)

// drawFunnel places who has enough acts, and draws the limits of what all have
// together.
func drawFunnel(v *view, answer *discretionAnswer) *funnel {
	f := &funnel{Width: drawWidth, Height: funnelHeight, Left: funnelLeft, Right: funnelRight, Top: funnelTop, Bottom: funnelBottom}
	most, top := 0, 5.0
	for i, r := range answer.Rows {
		f.All += r.Decided
		f.Outside += r.Outside
		most = max(most, r.Decided)
		x := funnelPoint{Of: ofRow(v.D["discretionFunnel"], i), Decided: r.Decided, Outside: r.Outside, Place: "few", Alike: r.Alike, Spread: decimal(r.Spread)}
		if x.Name = v.tongue.plainName(x.Of); r.Benchmark != nil {
			x.Name = tongues.Plainly(cmp.Or(r.Benchmark.Title, r.Benchmark.ID) + " " + r.Clause)
		}
		x.Link = actsOf(v, r)
		if r.Decided >= fewActs {
			x.Place, x.Share, x.Low, x.High = placeClass[r.Place], decimal(r.OutsideShare), decimal(r.Limits.Low95), decimal(r.Limits.High95)
			top = max(top, r.OutsideShare, r.Limits.High998)
		}
		switch x.Place {
		case "out998":
			f.Beyond998++
		case "out95":
			f.Beyond95++
		case "few":
			f.Few++
		}
		f.Rows = append(f.Rows, x)
	}
	if f.All == 0 {
		return f
	}
	f.Share, f.FewPeers = percent(float64(f.Outside)/float64(f.All)), len(answer.Rows) < fewPeers
	f.Differ = strconv.FormatFloat(answer.Spread, 'f', 3, 64) + " ± " + strconv.FormatFloat(answer.Doubt, 'f', 3, 64)
	slices.SortStableFunc(f.Rows, func(a, b funnelPoint) int { return placeOrder[a.Place] - placeOrder[b.Place] })
	if most >= fewActs {
		f.draw(v.tongue, answer, most, min(100, top*1.06))
	}
	return f
}

// placeOrder has rows that were too few stand last.
var placeOrder = map[string]int{"few": 1}

// ofRow is the unit, post or officer of a row of the answer.
func ofRow(answer any, i int) map[string]any {
	row := answer.(map[string]any)["rows"].([]any)[i].(map[string]any)
	for _, member := range []string{"unit", "post", "officer"} {
		if of, ok := row[member].(map[string]any); ok {
			return of
		}
	}
	return nil
}

// actsOf leads to the acts of a unit, officer or benchmark, or to the page of a
// post.
func actsOf(v *view, r discretionRow) string {
	query := url.Values{"deviated": {"1"}}
	switch {
	case r.Unit != nil:
		query.Set("unit", r.Unit.ID)
	case r.Officer != nil:
		query.Set("officer", r.Officer.ID)
	case r.Benchmark != nil:
		query.Set("benchmark", r.Benchmark.ID)
	case r.Post != nil:
		return pathTo("posts", r.Post.ID)
	default:
		return ""
	}
	if kind := v.Param("kind"); kind != "" {
		query.Set("kind", kind)
	}
	return pathTo("enforcements") + "?" + query.Encode()
}

// draw makes the picture: to the right up to most acts, upwards to the share top.
func (f *funnel) draw(t *tongue, answer *discretionAnswer, most int, top float64) {
	x := func(n float64) int { return funnelLeft + int(float64(funnelRight-funnelLeft)*n/float64(most)+0.5) }
	y := func(share float64) int {
		return funnelBottom - int(float64(funnelBottom-funnelTop)*min(share/top, 1)+0.5)
	}
	f.Mean = y(answer.Mean)
	var paths [6]strings.Builder
	for i, p := range answer.Curve {
		for k, share := range []float64{p.Chance.High95, p.Chance.Low95, p.Limits.High998, p.Limits.High95, p.Limits.Low95, p.Limits.Low998} {
			fmt.Fprintf(&paths[k], "%c%d %d", "ML"[min(i, 1)], x(float64(p.Decided)), y(share))
		}
	}
	for k, class := range []string{"chance95", "chance95", "limit998", "limit95", "limit95", "limit998"} {
		f.Limits = append(f.Limits, funnelLimit{class, paths[k].String()})
	}
	for _, n := range niceSteps(float64(most)) {
		f.Across = append(f.Across, tick{x(n), t.number(int(n))})
	}
	for _, share := range niceSteps(top) {
		f.Up = append(f.Up, tick{y(share), decimal(share) + " %"})
	}
	for i, r := range f.Rows {
		if r.Place == "few" {
			continue
		}
		r.X, r.Y = x(float64(r.Decided)), y(100*float64(r.Outside)/float64(r.Decided))
		r.Label = fmt.Sprintf("%s: %d / %d = %s %%", r.Name, r.Outside, r.Decided, r.Share)
		f.Rows[i] = r
		f.Points = append(f.Points, r)
	}
}

// decimal writes a number with as many places as it needs.
func decimal(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

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
