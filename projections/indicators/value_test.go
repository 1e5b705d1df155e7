package indicators_test

import (
	"fmt"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/indicators"
)

func TestAValueIsRoundedAndItsWarningExact(t *testing.T) {
	for _, c := range []struct {
		indicator string
		hits, of  int64
		share     int
		met       bool
		text      string
	}{
		{"I1.on_time", 0, 0, 0, false, "nothing to judge in the period (at least 100.00 %, 创双政 art. I1)"},
		{"I1.on_time", 2, 3, 6667, true, "a milestone is late: 2 of 3, 66.67 % (at least 100.00 %, 创双政 art. I1)"},
		{"I1.on_time", 99_999, 100_000, 10_000, true, "a milestone is late: 99999 of 100000, 100.00 % (at least 100.00 %, 创双政 art. I1)"},
		{"I2.coverage", 90, 100, 9000, false, "within the limit: 90 of 100, 90.00 % (at least 90.00 %, common practice)"},
		{"I10.overrides", 5, 100, 500, false, "within the limit: 5 of 100, 5.00 % (at most 5.00 %, common practice)"},
		{"I10.overrides", 51, 1000, 510, true, "steps are overridden too often: 51 of 1000, 5.10 % (at most 5.00 %, common practice)"},
		{"D3.bad", 2, 10, 2000, false, "within the limit: 2 of 10, 20.00 % (at most 10.00 %, passed where chance has less than 5 %, common practice)"},
		{"D3.bad", 20, 100, 2000, true, "more bad ratings than chance explains: 20 of 100, 20.00 % (at most 10.00 %, passed where chance has less than 5 %, common practice)"},
		{"D5.spread", 15_600, 20_000, 7800, true, "like cases are decided too differently: 78.00 % from the mean on average, 2 acts (at most 50.00 %, common practice)"},
		{"I3.substantiated", 1, 2, 5000, false, ""},
	} {
		v := indicators.Find(c.indicator).Evaluate(indicators.Sum{Hits: c.hits, Of: c.of}, domain.CN2024())
		if v.Share != c.share || v.Warning.Met != c.met || v.Warning.Text != c.text {
			t.Errorf("%s %d/%d: %d, %v, %q; want %d, %v, %q", c.indicator, c.hits, c.of, v.Share, v.Warning.Met, v.Warning.Text, c.share, c.met, c.text)
		}
	}
}

func TestWithoutALimitNothingWarns(t *testing.T) {
	for _, a := range indicators.Articles() {
		for _, d := range a.Indicators {
			for hits := range int64(2) {
				if v := d.Evaluate(indicators.Sum{Hits: hits, Of: 1}, &domain.Rulebook{}); v.Warning.Set || v.Warning.Met || v.Warning.Text != "" {
					t.Errorf("%s warns under a rulebook without limits: %+v", d.ID, v.Warning)
				}
			}
		}
	}
}

func TestASuppressedValueTellsNoCount(t *testing.T) {
	for _, c := range []struct {
		indicator string
		hits, of  int64
		small     bool
		text      string // "" where too few are behind it to tell of a limit
	}{
		{"I3.clocks", 0, 4, true, ""},
		{"I3.clocks", 5, 9, true, "deadlines of complaints are missed (at least 100.00 %, 信访工作条例)"},
		{"I3.clocks", 9, 9, true, "within the limit (at least 100.00 %, 信访工作条例)"},
		{"I3.clocks", 5, 10, false, "deadlines of complaints are missed (at least 100.00 %, 信访工作条例)"},
		{"D5.spread", 40_000, 40_000, true, ""},
		{"D5.spread", 100, 50_000, false, "within the limit (at most 50.00 %, common practice)"},
		{"I3.substantiated", 5, 9, true, ""},
	} {
		full := indicators.Find(c.indicator).Evaluate(indicators.Sum{Hits: c.hits, Of: c.of}, domain.CN2024())
		v := full.Suppress(5)
		if got := full.Small(5); got != c.small {
			t.Errorf("%s %d/%d: small is %v", c.indicator, c.hits, c.of, got)
		}
		if !v.Suppressed || v.Known() || v.Hits != 0 || v.Share != 0 || v.Warning.Text != c.text || v.Warning.Met != (c.text != "" && full.Warning.Met) {
			t.Errorf("%s %d/%d: %+v, want %q", c.indicator, c.hits, c.of, v, c.text)
		}
	}
}

func TestEveryIndicatorSaysWhatItIsAbout(t *testing.T) {
	for _, a := range indicators.Articles() {
		for _, d := range a.Indicators {
			if d.About == "" {
				t.Errorf("%s does not say which objects it counts, so nobody is kept from small counts of them", d.ID)
			}
		}
	}
}

func TestTheScoreIsTheMeanOfWhatCanBeMeasured(t *testing.T) {
	type sums map[string]indicators.Sum
	for _, c := range []struct {
		name string
		sums sums
		want string
	}{
		{"nothing to be measured", sums{}, "none"},
		{"what only informs makes no score", sums{"I3.substantiated": {Hits: 1, Of: 1}}, "none"},
		{"more is better", sums{"I3.clocks": {Hits: 3, Of: 4}}, "75"},
		{"less is better", sums{"I3.repeats": {Hits: 1, Of: 4}}, "75"},
		{"the mean of both, rounded half up", sums{"I3.clocks": {Hits: 3, Of: 4}, "I3.repeats": {Hits: 0, Of: 4}}, "88"},
		{"never below nothing", sums{"I10.overrides": {Hits: 5, Of: 1}}, "0"},
	} {
		var values []indicators.Value
		for id, s := range c.sums {
			values = append(values, indicators.Find(id).Evaluate(s, domain.CN2024()))
		}
		got := "none"
		if score, ok := indicators.Score(values); ok {
			got = fmt.Sprint(score)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// The level of an article is data of the rulebook.
func TestLevelsComeFromTheRulebook(t *testing.T) {
	if got := indicators.LevelOf("I1", domain.CN2024()); got != indicators.Required {
		t.Errorf("I1 is %s", got)
	}
	if got := indicators.LevelOf("I8", domain.CN2024()); got != indicators.Recommended {
		t.Errorf("I8 is %s", got)
	}
	if got := indicators.LevelOf("I8", &domain.Rulebook{}); got != indicators.Required {
		t.Errorf("without levels I8 is %s", got)
	}
}
