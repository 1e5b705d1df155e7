package evaluate

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/probity-ledger/probity/projections/outlier"
)

// Chicago is the public record of complaints against officers of Chicago:
// what was known of whom on any day.
type Chicago struct {
	officers []cop
}

type cop struct {
	id           int
	from, to     int // days of service; to is 0 for who never left
	race, gender string
	reports      []accusation
}

type accusation struct {
	made, closed int // days; closed is 0 where it is not known
	category     string
	upheld       bool
}

// LoadChicago reads the three files of the record from a folder.
func LoadChicago(dir string) (*Chicago, error) {
	type dates struct{ made, closed int }
	cases := map[string]dates{}
	err := rows(filepath.Join(dir, "complaints.csv.gz"), func(cell func(string) string) error {
		cases[cell("cr_id")] = dates{day(cell("complaint_date")), day(cell("closed_date"))}
		return nil
	})
	if err != nil {
		return nil, err
	}
	by := map[int]*cop{}
	err = rows(filepath.Join(dir, "officers.csv.gz"), func(cell func(string) string) error {
		id, err := number(cell("UID"))
		if err != nil {
			return err
		}
		by[id] = &cop{id: id, from: day(cell("appointed_date")), to: day(cell("resignation_date")), race: cell("race"), gender: cell("gender")}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// An officer with several allegations in one complaint is complained about
	// once; it was upheld where one of them was.
	type once struct {
		officer int
		of      string
	}
	met := map[once]int{}
	err = rows(filepath.Join(dir, "accused.csv.gz"), func(cell func(string) string) error {
		id, err := number(cell("UID"))
		if err != nil {
			return err
		}
		c, of := by[id], cell("cr_id")
		d := cases[of]
		if c == nil || d.made == 0 {
			return nil
		}
		upheld := cell("final_finding") == "SU"
		if at, ok := met[once{id, of}]; ok {
			c.reports[at].upheld = c.reports[at].upheld || upheld
			return nil
		}
		met[once{id, of}] = len(c.reports)
		c.reports = append(c.reports, accusation{d.made, d.closed, group(cell("complaint_category")), upheld})
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := &Chicago{}
	for _, c := range by {
		out.officers = append(out.officers, *c)
	}
	slices.SortFunc(out.officers, func(a, b cop) int { return cmp.Compare(a.id, b.id) })
	return out, nil
}

// rows reads a packed CSV with a header.
func rows(path string, row func(cell func(string) string) error) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	r := csv.NewReader(z)
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	at := map[string]int{}
	for i, name := range header {
		at[name] = i
	}
	for {
		record, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		var missing string
		err = row(func(name string) string {
			i, ok := at[name]
			if !ok {
				missing = name
				return ""
			}
			return record[i]
		})
		line, _ := r.FieldPos(0)
		if missing != "" {
			err = fmt.Errorf("there is no column %s", missing)
		}
		if err != nil {
			return fmt.Errorf("%s: line %d: %w", path, line, err)
		}
	}
}

// number reads an officer's number, which some files write as 130469.0.
func number(s string) (int, error) {
	f, err := strconv.ParseFloat(s, 64)
	return int(f), err
}

// day numbers a date; 0 where there is none.
func day(s string) int {
	t, err := time.Parse(time.DateOnly, s[:min(len(s), len(time.DateOnly))])
	if err != nil {
		return 0
	}
	return int(t.Unix() / 86400)
}

func first1January(year int) int {
	return int(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// group is the first part of a category, up to a colon.
func group(category string) string {
	for i := range category {
		if category[i] == ':' {
			return category[:i]
		}
	}
	return category
}

// BackTest is one ranking at one cut-off.
type BackTest struct {
	Ranking string
	// Lift is how much more often the first 2 % had a complaint upheld in the
	// next two years than officers on average; Recall what part of those who had
	// one are among the first 5 %.
	Lift, Recall Estimate
}

// Cut is a cut-off and what was found.
type Cut struct {
	Year, Officers int
	Base           float64 // part of the officers with an upheld complaint in the two years
	Tests          []BackTest
	// OverRaw is the lift of the engine over that of the raw count of all years.
	OverRaw Estimate
	// Fair says of each group what part of it is among the first 2 %, and what
	// part had an upheld complaint later.
	Fair []Fair
}

// Fair is one group of a protected attribute, which no ranking sees.
type Fair struct {
	Group          string
	Officers       int
	Flagged, Later float64
}

// ranked is who had served for a year at a cut-off, how each ranking orders
// them by what was known then, and what came of it.
type ranked struct {
	people []cop
	later  []bool // a complaint of the next two years was upheld
	ranks  map[string][]float64
}

// The rankings of a back-test: the engine, and what it is compared with.
const (
	byEngine    = "engine"
	byAll       = "raw count, all years"
	byTwoYears  = "raw count, two years"
	byThreshold = "3 or more in 12 months"
	byChance    = "random"
)

// rank stands at the beginning of a year.
func (c *Chicago) rank(year int) ranked {
	cut, end := first1January(year), first1January(year+2)
	var known []outlier.Report
	var seen [][]outlier.Report
	out := ranked{ranks: map[string][]float64{}}
	for _, o := range c.officers {
		var own []outlier.Report
		comes := false
		for _, a := range o.reports {
			switch {
			case a.made < cut:
				concluded := a.closed != 0 && a.closed < cut
				own = append(own, outlier.Report{Age: cut - a.made, Category: a.category, Concluded: concluded, Upheld: concluded && a.upheld})
			case a.made < end && a.upheld:
				comes = true
			}
		}
		known = append(known, own...)
		if o.from != 0 && o.from < cut-365 && (o.to == 0 || o.to >= cut) {
			out.people, seen, out.later = append(out.people, o), append(seen, own), append(out.later, comes)
		}
	}
	queue := outlier.NewQueue(known)
	within := func(days int) func([]outlier.Report) float64 {
		return func(reports []outlier.Report) float64 {
			n := 0.0
			for _, r := range reports {
				if r.Age <= days {
					n++
				}
			}
			return n
		}
	}
	for name, rank := range map[string]func([]outlier.Report) float64{
		byEngine: queue.Rank, byAll: within(1 << 30), byTwoYears: within(730),
		byThreshold: func(r []outlier.Report) float64 { return min(1, math.Floor(within(365)(r)/3)) },
		byChance:    func([]outlier.Report) float64 { return 0 },
	} {
		for _, reports := range seen {
			out.ranks[name] = append(out.ranks[name], rank(reports))
		}
	}
	return out
}

// BackTest stands at the beginning of a year, ranks who had served for a year
// by what was known then, and looks at the next two years.
func (c *Chicago) BackTest(year int) Cut {
	r, seed := c.rank(year), uint64(year)
	out := Cut{Year: year, Officers: len(r.people), Base: share(r.later, all(len(r.later)))}
	for _, name := range []string{byEngine, byAll, byTwoYears, byThreshold, byChance} {
		out.Tests = append(out.Tests, back(name, r.ranks[name], r.later, seed))
	}
	out.Fair = fairness(r.people, r.ranks[byEngine], r.later, seed)
	engine, raw := byLot(r.ranks[byEngine], seed), byLot(r.ranks[byAll], seed)
	out.OverRaw = estimate(len(r.people), seed, func(cases []int) float64 {
		top := len(cases) / 50
		return share(r.later, engine(cases)[:top]) / share(r.later, raw(cases)[:top])
	})
	return out
}

func all(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func share(what []bool, of []int) float64 {
	n := 0
	for _, i := range of {
		if what[i] {
			n++
		}
	}
	return float64(n) / float64(max(1, len(of)))
}

// byLot orders cases, the highest rank first; ties by lot, anew each time.
func byLot(ranks []float64, seed uint64) func([]int) []int {
	r := rand.New(rand.NewPCG(seed, 2))
	return func(cases []int) []int {
		order := slices.Clone(cases)
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ranks[b], ranks[a]) })
		return order
	}
}

// back measures one ranking.
func back(name string, ranks []float64, later []bool, seed uint64) BackTest {
	sorted := byLot(ranks, seed)
	return BackTest{
		Ranking: name,
		Lift: estimate(len(ranks), seed, func(cases []int) float64 {
			order := sorted(cases)
			return share(later, order[:len(order)/50]) / share(later, order)
		}),
		Recall: estimate(len(ranks), seed, func(cases []int) float64 {
			order := sorted(cases)
			top := order[:len(order)/20]
			return share(later, top) * float64(len(top)) / (share(later, order) * float64(len(order)))
		}),
	}
}

func fairness(people []cop, ranks []float64, later []bool, seed uint64) []Fair {
	flagged := make([]bool, len(people))
	for _, i := range byLot(ranks, seed)(all(len(people)))[:len(people)/50] {
		flagged[i] = true
	}
	groups := map[string][]int{}
	for i, p := range people {
		for _, g := range []string{p.race, p.gender} {
			if g != "" {
				groups[g] = append(groups[g], i)
			}
		}
	}
	var out []Fair
	for name, members := range groups {
		if len(members) >= 200 { // fewer say nothing
			out = append(out, Fair{name, len(members), share(flagged, members), share(later, members)})
		}
	}
	slices.SortFunc(out, func(a, b Fair) int { return cmp.Compare(b.Officers, a.Officers) })
	return out
}
