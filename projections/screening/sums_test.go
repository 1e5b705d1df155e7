package screening

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/projections/outlier"
)

// whole is a wide number, in two's complement.
func whole(w wide) *big.Int {
	out := new(big.Int).SetUint64(w.hi)
	out.Lsh(out, 64).Add(out, new(big.Int).SetUint64(w.lo))
	if w.hi>>63 == 1 {
		out.Sub(out, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	return out
}

func TestWideNumbersAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, most uint64) uint64 { return rapid.Uint64Range(0, most).Draw(t, name) }
		a, b, c, times := n("a", largest-1), n("b", largest-1), n("c", largest-1), n("times", 1<<24)
		ba, bb, bc, bt := new(big.Int).SetUint64(a), new(big.Int).SetUint64(b), new(big.Int).SetUint64(c), new(big.Int).SetUint64(times)
		want := new(big.Int).Mul(ba, bb)
		want.Mul(want, bt)
		got := product(a, b).times(times)
		if whole(got).Cmp(want) != 0 {
			t.Fatalf("%d × %d × %d = %v", a, b, times, whole(got))
		}
		diff := product(a, a).minus(product(b, c))
		exact := new(big.Int).Sub(new(big.Int).Mul(ba, ba), new(big.Int).Mul(bb, bc))
		if whole(diff).Cmp(exact) != 0 || whole(diff.plus(product(b, c))).Cmp(new(big.Int).Mul(ba, ba)) != 0 {
			t.Fatalf("%d² - %d × %d = %v", a, b, c, whole(diff))
		}
		near, _ := new(big.Float).SetInt(exact).Float64()
		if f := diff.float(); math.Abs(f-near) > 1e-12*math.Abs(near) {
			t.Fatalf("%v is taken for %g", exact, f)
		}
		sum := wide{}
		for range times%7 + 1 {
			sum = sum.plus(wide{lo: a})
		}
		if got := sum.over(times%7 + 1); got != a {
			t.Fatalf("the mean of %d is %d", a, got)
		}
	})
}

// TestAmountsAreJudgedByTheSameSumsAsOneByOne compares with distances taken of
// every single amount, also where these are large and close to one another.
func TestAmountsAreJudgedByTheSameSumsAsOneByOne(t *testing.T) {
	for name, base := range map[string]int64{"small": 5_000, "large": largest - 10_000_000, "nothing": 0} {
		s := newStory(11)
		values := map[string][]float64{}
		own := map[domain.OfficerID]map[string][]float64{}
		for i := range 8 {
			id := domain.OfficerID(rune('a' + i))
			own[id] = map[string][]float64{}
			for m := last - 11; m <= last; m++ {
				for range 4 {
					like := string(rune('x' + s.IntN(3)))
					c := penalty
					c.Like, c.Amount = like, base+int64(i)*300+s.Int64N(10_000)
					s.month(m, 1, 0, c, id)
					values[like] = append(values[like], float64(c.Amount-base))
					own[id][like] = append(own[id][like], float64(c.Amount-base))
				}
			}
		}
		run := s.screen().rest()
		run.sum(run.over(last))
		got := run.compareAmounts(run.over(last))
		if len(got.found) != 8 {
			t.Fatalf("%s: %d compared", name, len(got.found))
		}
		var samples []outlier.Sample
		for i := range 8 {
			var distances []float64
			for like, some := range own[domain.OfficerID(rune('a'+i))] {
				mean, square := 0.0, 0.0
				for _, x := range values[like] {
					mean += x / float64(len(values[like]))
				}
				for _, x := range values[like] {
					square += (x - mean) * (x - mean) / float64(len(values[like]))
				}
				for _, x := range some {
					distances = append(distances, (x-mean)/math.Sqrt(square))
				}
			}
			samples = append(samples, outlier.SampleOf(distances))
		}
		spread := outlier.FitMeans(samples)
		for i, c := range got.found {
			if want := spread.Tail(samples[i]); math.Abs(c.tail-want) > 1e-6*want {
				t.Errorf("%s: officer %d has a tail of %g, %g one by one", name, i, c.tail, want)
			}
		}
	}
}

func TestAmountsThatSayNothingAreLeftOut(t *testing.T) {
	for name, c := range map[string]Case{
		"all alike":       {Like: "x", Amount: 1000},
		"too large":       {Like: "x", Amount: largest},
		"largest of all":  {Like: "x", Amount: math.MaxInt64},
		"below nothing":   {Like: "x", Amount: -5},
		"under no tier":   {Amount: 1000},
		"of each its own": {Like: "own", Amount: 1000},
	} {
		s := newStory(12)
		c.Unit, c.Stream, c.Procedure = "U1", enforcement.KindPenalty, "P1"
		for i := range 9 {
			one := c
			if one.Like == "own" {
				one.Like, one.Amount = string(rune('a'+i)), 1000+int64(i)
			}
			for m := last - 11; m <= last; m++ {
				s.month(m, 5, 0, one, domain.OfficerID(rune('a'+i)))
			}
		}
		got := s.report(t).compared("peers.amounts")
		if got.Spells != 0 || len(got.Left) != 1 || got.Left[0].Spells != 9 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestTotalsAddUp: whatever the cases, in whatever order, what was counted is
// what was given, in every stretch.
func TestTotalsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		screen := New(rules, Since(rules, last), last, one)
		type of struct {
			officer domain.OfficerID
			unit    domain.UnitID
			share   int
			month   Month
		}
		want := map[of]outlier.Count{}
		met := map[string]int{}
		for range rapid.IntRange(0, 60).Draw(t, "cases") {
			c := Case{
				Unit: domain.UnitID(rapid.SampledFrom([]string{"U1", "U2"}).Draw(t, "unit")), Procedure: "P1", Stream: enforcement.KindLevy,
				Party: rapid.SampledFrom([]string{"", "w1", "w2"}).Draw(t, "party"),
				Late:  rapid.Bool().Draw(t, "late"), Skipped: rapid.Bool().Draw(t, "skipped"), Outside: rapid.Bool().Draw(t, "outside"),
				Like: rapid.SampledFrom([]string{"", "x"}).Draw(t, "like"), Reviewed: rapid.Bool().Draw(t, "reviewed"), Overturned: rapid.Bool().Draw(t, "overturned"),
			}
			c.Officers = append(c.Officers, rapid.SliceOfN(rapid.SampledFrom([]domain.OfficerID{"a", "b", "c"}), 0, 3).Draw(t, "officers")...)
			on := Since(rules, last) + Month(rapid.IntRange(-1, rules.Window+rules.Learn+1).Draw(t, "month"))
			c.Decided = on.First() + Day(rapid.IntRange(0, 27).Draw(t, "day"))
			counts := screen.Add(c)
			if counts != (on >= Since(rules, last) && on <= last && len(c.Officers) > 0) {
				t.Fatalf("%+v counts: %v", c, counts)
			}
			if !counts {
				continue
			}
			seen := map[domain.OfficerID]bool{}
			for _, o := range c.Officers {
				if seen[o] {
					continue
				}
				seen[o] = true
				if c.Party != "" && on > last-Month(rules.Window) {
					met[string(o)+string(c.Unit)+c.Party]++
				}
				for j := range shares {
					if hit, of1 := shares[j].counts(&c); of1 {
						k := of{o, c.Unit, j, on}
						n := want[k]
						n.Of++
						if hit {
							n.Hits++
						}
						want[k] = n
					}
				}
			}
		}
		r := screen.rest()
		for _, stretch := range []stretch{r.over(last), r.learnt(last), {last, last}, {Since(rules, last), last}} {
			r.sum(stretch)
			for i, n := range r.spells {
				s := screen.spells.all[n]
				for j := range shares {
					sum := outlier.Count{}
					for m := stretch.from; m <= stretch.to; m++ {
						n := want[of{domain.OfficerID(screen.words.all[s.officer]), domain.UnitID(screen.words.all[s.unit]), j, m}]
						sum.Hits, sum.Of = sum.Hits+n.Hits, sum.Of+n.Of
					}
					if got := r.total(i, j, stretch); got != sum {
						t.Fatalf("%v of share %d, given %v", got, j, sum)
					}
				}
			}
		}
		for at, seat := range screen.seats.all {
			for _, m := range r.meet(nil, uint32(at), r.over(last)) {
				if seat.officer == 0 {
					continue
				}
				name := screen.words.all[seat.officer-1] + screen.words.all[seat.unit] + screen.words.all[m.what]
				if met[name] != int(m.n) {
					t.Fatalf("%s met %d times, given %d", name, m.n, met[name])
				}
				delete(met, name)
			}
		}
		if len(met) > 0 {
			t.Fatalf("lost: %v", met)
		}
	})
}

func TestSumsKeepWhatTheyWereGiven(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var s sums[nothing]
	want := map[[3]uint32]uint32{}
	for range 50_000 {
		k := [3]uint32{r.Uint32N(5), r.Uint32N(20), r.Uint32N(3)}
		want[k]++
		s.put(row[nothing]{who: k[0], what: k[1], month: k[2], n: 1})
		if len(s.rows) > 2*300+1024 {
			t.Fatalf("%d rows of 300 names", len(s.rows))
		}
	}
	s.settle()
	if len(s.rows) != len(want) {
		t.Fatalf("%d rows of %d names", len(s.rows), len(want))
	}
	for i := range s.rows {
		if x := &s.rows[i]; want[[3]uint32{x.who, x.what, x.month}] != x.n || i > 0 && s.rows[i-1].order(x) >= 0 {
			t.Errorf("row %d: %+v", i, x)
		}
	}
}

func TestAMonthOfMoreCasesThanATallyHolds(t *testing.T) {
	screen := New(rules, Since(rules, last), last, one)
	const cases = 150_000
	for i := range cases {
		screen.Add(Case{Unit: "U", Officers: []domain.OfficerID{"O"}, Decided: last.First(), Late: i%3 == 0})
	}
	r := screen.rest()
	r.sum(r.over(last))
	if got := r.total(0, 0, r.over(last)); got != (outlier.Count{Hits: cases / 3, Of: cases}) {
		t.Errorf("%+v", got)
	}
	if got := r.months(nil, 0, 0, r.over(last)); got[11].Of != cases || got[10].Of != 0 {
		t.Errorf("%+v", got)
	}
}

// TestOneTierByTwoProceduresIsTwoKindsOfCase: whose procedure is for smaller
// matters is not far from like cases, though the tier is the same.
func TestOneTierByTwoProceduresIsTwoKindsOfCase(t *testing.T) {
	s := newStory(14)
	for i := range 20 {
		about, mean := penalty, int64(400_000)
		if i < 10 {
			about.Procedure, mean = "simple", 200_000
		}
		about.Like = "b/1/c/t1"
		for m := last - 11; m <= last; m++ {
			for range 4 {
				about.Amount = mean + s.Int64N(100_000)
				s.month(m, 1, 0, about, domain.OfficerID(rune('a'+i)))
			}
		}
	}
	r := s.report(t)
	if got := r.compared("peers.amounts"); got.Spells != 20 || len(r.of("peers.amounts")) > 0 {
		t.Errorf("%d of %d who decide what their procedure brings stand out", len(r.of("peers.amounts")), got.Spells)
	}
}
