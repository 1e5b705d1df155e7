package indicators

import (
	"fmt"
	"math"

	"github.com/probity-ledger/probity/domain"
)

// whole is 100 per cent, in the hundredths of a per cent in which values are
// given.
const whole = 10_000

// portion is a whole one of those that cases of an indicator count.
const portion = 100

// Sum is what the facts of an indicator add up to.
type Sum struct{ Hits, Of int64 }

// Value is an indicator as it stands for a unit and period.
type Value struct {
	*Definition
	Sum
	// Share is Hits of Of in hundredths of a per cent, rounded half up; of an
	// indicator without exposure it says nothing.
	Share int
	// Suppressed: the counts may lead back to a person and are not told. Sum
	// and Share are then 0; see [Value.Suppress].
	Suppressed bool
	// Warning is its condition, as it is met or not.
	Warning Warning
}

// Known tells whether there was exposure, without which there is no value.
func (v Value) Known() bool { return v.Of > 0 }

// Warning is a warning condition and whether it is met.
type Warning struct {
	// Set tells whether the rulebook has a limit for the indicator, in
	// hundredths of a per cent, and Source where it is written.
	Set    bool
	Limit  int
	Source string
	// Met: the limit is passed. Text says so, or that it is not, in plain
	// words; "" where no limit is set.
	Met  bool
	Text string
	rule string // in words
}

// Evaluate gives the indicator its value under the rulebook.
func (d *Definition) Evaluate(sum Sum, book *domain.Rulebook) Value {
	v := Value{Definition: d, Sum: sum}
	if v.Known() {
		v.Share = int((2*sum.Hits*whole + sum.Of) / (2 * sum.Of))
	}
	l, ok := d.limit(book)
	if !ok {
		return v
	}
	w := Warning{Set: true, Limit: l.Limit * 100, Source: l.Source}
	if v.Known() {
		w.Met = d.passes(sum, l.Limit) && (!d.Chance || v.unlikely(l.Limit, book.Indicators.Tail))
	}
	w.rule = v.rule(w, book)
	w.Text = v.explain(w)
	v.Warning = w
	return v
}

// Cases is how many there are.
func (v Value) Cases() int64 {
	switch {
	case v.Spread:
		return v.Of / whole
	case v.Portion:
		return v.Of / portion
	}
	return v.Of
}

// Small tells whether those that count, or those that do not, are fewer than
// the least, none included: that nobody counts says something of everybody.
// Of a spread, or of portions, the cases themselves must not be fewer.
func (v Value) Small(least int64) bool {
	if v.Spread || v.Portion {
		return v.Cases() < least
	}
	return v.Hits < least || v.Of-v.Hits < least
}

// Suppress returns the value without its counts. Whether its limit is passed
// is told all the same, but of fewer cases than the least.
func (v Value) Suppress(least int64) Value {
	out := Value{Definition: v.Definition, Suppressed: true}
	if v.Cases() < least {
		return out
	}
	if out.Warning = v.Warning; v.Warning.Set {
		told := "within the limit"
		if v.Warning.Met {
			told = v.Warns
		}
		out.Warning.Text = fmt.Sprintf("%s (%s)", told, v.Warning.rule)
	}
	return out
}

// passes tells whether the exact share passes the limit in per cent.
func (d *Definition) passes(sum Sum, limit int) bool {
	if d.Direction == Higher {
		return 100*sum.Hits < int64(limit)*sum.Of
	}
	return 100*sum.Hits > int64(limit)*sum.Of
}

func (v Value) rule(w Warning, book *domain.Rulebook) string {
	rule := "at most"
	if v.Direction == Higher {
		rule = "at least"
	}
	rule = fmt.Sprintf("%s %s %%", rule, percent(w.Limit))
	if v.Chance {
		rule += fmt.Sprintf(", passed where chance has less than %d %%", book.Indicators.Tail)
	}
	return rule + ", " + w.Source
}

func (v Value) explain(w Warning) string {
	switch {
	case !v.Known():
		return fmt.Sprintf("nothing to judge in the period (%s)", w.rule)
	case w.Met:
		return fmt.Sprintf("%s: %s (%s)", v.Warns, v.told(), w.rule)
	}
	return fmt.Sprintf("within the limit: %s (%s)", v.told(), w.rule)
}

// told gives the value in words.
func (v Value) told() string {
	if v.Spread {
		return fmt.Sprintf("%s %% from the mean on average, %d acts", percent(v.Share), v.Of/whole)
	}
	return fmt.Sprintf("%d of %d, %s %%", v.Hits, v.Of, percent(v.Share))
}

// Counts are the numerator and the denominator as they are shown. Of a spread
// they are the distances in per cent, and of portions these in per cent, added
// up, and the cases behind them.
func (v Value) Counts() (numerator, denominator int64) {
	if v.Portion {
		return v.Hits, v.Cases()
	}
	if v.Spread {
		return (v.Hits + 50) / 100, v.Cases()
	}
	return v.Hits, v.Of
}

func percent(hundredths int) string { return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100) }

// unlikely tells whether as many hits or more have less than tail per cent of
// chance, each case hitting with the probability of limit per cent.
func (v Value) unlikely(limit, tail int) bool {
	p := float64(limit) / 100
	if p <= 0 || p >= 1 {
		return true
	}
	return tailOf(v.Hits, v.Of, p) < float64(tail)/100
}

// tailOf is the chance of k hits or more in n cases.
func tailOf(k, n int64, p float64) (sum float64) {
	choose := func(n, k float64) float64 {
		a, _ := math.Lgamma(n + 1)
		b, _ := math.Lgamma(k + 1)
		c, _ := math.Lgamma(n - k + 1)
		return a - b - c
	}
	for i := k; i <= n; i++ {
		term := math.Exp(choose(float64(n), float64(i)) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
		sum += term
		if term < 1e-12*sum {
			break // what is left is smaller still: k lies above the mean
		}
	}
	return sum
}

// points is what the value adds to the score of its article, in hundredths.
func (v Value) points() int {
	if v.Direction == Higher {
		return max(0, min(whole, v.Share))
	}
	return max(0, whole-v.Share)
}

// Score is the mean of the scored values with exposure, from 0 to 100,
// rounded half up; ok is false where there is none.
func Score(values []Value) (score int, ok bool) {
	sum, n := 0, 0
	for _, v := range values {
		if v.Known() && !v.Unscored {
			sum, n = sum+v.points(), n+1
		}
	}
	if n == 0 {
		return 0, false
	}
	return (2*sum + 100*n) / (200 * n), true
}
