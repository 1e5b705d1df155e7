package screening

import (
	"strings"
	"testing"
	"unicode"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/indicators"
)

func TestEveryMeasureSaysWhatItIs(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Measures() {
		if seen[m.Code] || domain.CheckID("code", m.Code) != nil || Find(m.Code) != m {
			t.Errorf("%q is no code of its own", m.Code)
		}
		seen[m.Code] = true
		for name, text := range map[string]string{"version": m.Version, "name": m.Name, "article": string(m.Article), "finds": m.Finds, "not": m.Not} {
			if text == "" || strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: the %s is %q", m.Code, name, text)
			}
		}
		for name, text := range map[string]string{"name": m.Chinese, "finds": m.FindsChinese, "not": m.NotChinese} {
			if !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: the Chinese %s is %q", m.Code, name, text)
			}
		}
		if m.OfChange() != strings.HasPrefix(m.Code, "change.") {
			t.Errorf("%s: a change or not", m.Code)
		}
	}
	for _, code := range []string{"peers.late", "peers.skipped", "peers.outside", "peers.overturned", "peers.amounts", "peers.meetings",
		"change.late", "change.skipped", "change.outside", "change.overturned"} {
		if !seen[code] {
			t.Errorf("there is no %s", code)
		}
	}
	if len(seen) != 10 || Find("peers.complaints") != nil {
		t.Errorf("%d measures", len(seen))
	}
}

func TestMonths(t *testing.T) {
	for _, day := range []string{"2024-02-29", "2024-03-01", "2023-12-31", "1969-12-31", "2000-01-01"} {
		d := dayOf(day)
		m := MonthOf(d)
		if m.String() != day[:7] || d < m.First() || d > m.Last() || MonthOf(m.First()) != m || MonthOf(m.Last()) != m || (m+1).First() != m.Last()+1 {
			t.Errorf("%s is in %s, %s to %s", day, m, m.First().Date(), m.Last().Date())
		}
	}
	if LastWhole(dayOf("2026-03-31")).String() != "2026-02" || LastWhole(dayOf("2026-01-01")).String() != "2025-12" {
		t.Error("the last whole month")
	}
}

func dayOf(text string) Day { return indicators.DayOf(domain.MustDate(text)) }
