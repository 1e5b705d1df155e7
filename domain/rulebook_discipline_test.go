package domain_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
)

func TestFindingsAllowedByARulebook(t *testing.T) {
	us := domain.FindingRules{Results: []string{"sustained", "unfounded"}}
	for result, want := range map[string]bool{"sustained": true, "unfounded": true, "partly_sustained": false, "": false} {
		if got := us.Allows(result); got != want {
			t.Errorf("%q is allowed: %v, want %v", result, got, want)
		}
	}
	if !(domain.FindingRules{}).Allows("anything") {
		t.Error("a rulebook without a list allows any finding")
	}
}

func TestTheLimitationStandsStillWhileItIsTolled(t *testing.T) {
	span := func(from, to string) domain.Span {
		return domain.Span{From: domain.MustDate(from), To: domain.MustDate(to)}
	}
	year := domain.LimitationRules{Complete: domain.Term{Length: 1, Unit: domain.Years}}
	tests := []struct {
		name   string
		tolled []domain.Span
		want   string
	}{
		{"one year from discovery", nil, "2025-03-04"},
		{"ten days tolled", []domain.Span{span("2024-06-01", "2024-06-10")}, "2025-03-14"},
		{"a single day", []domain.Span{span("2024-06-01", "2024-06-01")}, "2025-03-05"},
		{"days named twice count once", []domain.Span{span("2024-06-05", "2024-06-14"), span("2024-06-01", "2024-06-10")}, "2025-03-18"},
		{"one within another counts once", []domain.Span{span("2024-06-01", "2024-06-10"), span("2024-06-03", "2024-06-04")}, "2025-03-14"},
		{"days before the discovery do not count", []domain.Span{span("2024-01-01", "2024-03-06")}, "2025-03-06"},
		{"nor a span that ended by then", []domain.Span{span("2024-01-01", "2024-03-04")}, "2025-03-04"},
		{"nor days after the end", []domain.Span{span("2025-03-05", "2025-04-05")}, "2025-03-04"},
		{"but those within what was gained do", []domain.Span{span("2024-06-01", "2024-06-10"), span("2025-03-10", "2025-03-11")}, "2025-03-16"},
		{"a span that ends before it begins is none", []domain.Span{span("2024-06-10", "2024-06-01")}, "2025-03-04"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := year.Last(domain.MustDate("2024-03-04"), domain.Calendar{}, tt.tolled...)
			if !ok || got != domain.MustDate(tt.want) {
				t.Errorf("the last day is %s (%v), want %s", got, ok, tt.want)
			}
		})
	}
	if _, ok := (domain.LimitationRules{}).Last(domain.MustDate("2024-03-04"), domain.Calendar{}); ok {
		t.Error("without the rule there is a last day")
	}
}

func TestTheMatrixRisesWithEarlierFindings(t *testing.T) {
	step := func(least, most domain.Measure) domain.MatrixStep {
		return domain.MatrixStep{Least: least, Most: most}
	}
	matrix := domain.MatrixRules{Classes: []domain.OffenceClass{
		{Class: "A", Steps: []domain.MatrixStep{step("counseling", "reprimand"), step("reprimand", "suspension")}},
		{Class: "B"},
	}}
	tests := []struct {
		class  string
		priors int
		want   domain.MatrixStep
		ok     bool
	}{
		{"A", 0, step("counseling", "reprimand"), true},
		{"A", 1, step("reprimand", "suspension"), true},
		{"A", 7, step("reprimand", "suspension"), true},
		{"A", -1, domain.MatrixStep{}, false},
		{"B", 0, domain.MatrixStep{}, false},
		{"C", 0, domain.MatrixStep{}, false},
	}
	for _, tt := range tests {
		if got, ok := matrix.Range(tt.class, tt.priors); got != tt.want || ok != tt.ok {
			t.Errorf("class %s after %d findings: %v (%v), want %v (%v)", tt.class, tt.priors, got, ok, tt.want, tt.ok)
		}
	}
}

// Worked examples over the holidays of China, which a notice of the State
// Council sets each year.
func TestTermsOverTheHolidaysOfChina(t *testing.T) {
	cal := domain.CN2024().Calendar
	tests := []struct {
		name     string
		workdays int
		start    string
		want     string
	}{
		{"from the last working day before the Spring Festival of 2024", 1, "2024-02-09", "2024-02-18"},
		{"over the Sunday made up before it", 5, "2024-02-02", "2024-02-08"},
		{"over Qingming 2024", 2, "2024-04-03", "2024-04-08"},
		{"over Labour Day 2024", 5, "2024-04-26", "2024-05-07"},
		{"over the Mid-Autumn Festival of 2024", 3, "2024-09-13", "2024-09-19"},
		{"over the National Day of 2024", 7, "2024-09-27", "2024-10-12"},
		{"over the Spring Festival of 2025", 6, "2025-01-24", "2025-02-08"},
		{"over the National Day of 2025", 6, "2025-09-26", "2025-10-11"},
		{"over the New Year of 2026", 1, "2025-12-31", "2026-01-04"},
		{"over the Spring Festival of 2026", 1, "2026-02-14", "2026-02-24"},
		{"over the Dragon Boat Festival of 2026", 1, "2026-06-18", "2026-06-22"},
		{"over the National Day of 2026", 3, "2026-09-30", "2026-10-10"},
		{"in a year without a notice weekends alone are free", 1, "2030-09-30", "2030-10-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			term := domain.Term{Length: tt.workdays, Unit: domain.Workdays}
			if got := term.After(domain.MustDate(tt.start), cal); got != domain.MustDate(tt.want) {
				t.Errorf("%d working days from %s end on %s, want %s", tt.workdays, tt.start, got, tt.want)
			}
		})
	}
}
