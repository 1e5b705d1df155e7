package domain_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

// spring2024 is the real arrangement around Qingming and Labour Day 2024.
func spring2024() domain.Calendar {
	days := func(list ...string) map[domain.Date]bool {
		m := map[domain.Date]bool{}
		for _, d := range list {
			m[domain.MustDate(d)] = true
		}
		return m
	}
	return domain.Calendar{
		Holidays:   days("2024-04-04", "2024-04-05", "2024-05-01", "2024-05-02", "2024-05-03"),
		MakeUpDays: days("2024-04-07", "2024-04-28", "2024-05-11"),
	}
}

func TestATermEndsOnItsLastDay(t *testing.T) {
	tests := []struct {
		name  string
		term  domain.Term
		start string
		want  string
	}{
		{"the starting day is not counted", domain.Term{Length: 1, Unit: domain.Days}, "2024-03-04", "2024-03-05"},
		{"calendar days run through weekends", domain.Term{Length: 15, Unit: domain.Days}, "2024-03-04", "2024-03-19"},
		{"months end on the same day", domain.Term{Length: 6, Unit: domain.Months}, "2024-03-04", "2024-09-04"},
		{"or on the last of the month", domain.Term{Length: 1, Unit: domain.Months}, "2024-01-31", "2024-02-29"},
		{"years are twelve months", domain.Term{Length: 5, Unit: domain.Years}, "2024-02-29", "2029-02-28"},
		{"working days leave the weekend out", domain.Term{Length: 5, Unit: domain.Workdays}, "2024-03-04", "2024-03-11"},
		{"from a Friday the first is Monday", domain.Term{Length: 1, Unit: domain.Workdays}, "2024-03-08", "2024-03-11"},
		{"from a Saturday the first is Monday too", domain.Term{Length: 1, Unit: domain.Workdays}, "2024-03-09", "2024-03-11"},
		{"a holiday is left out, a Sunday made up for it counts", domain.Term{Length: 2, Unit: domain.Workdays}, "2024-04-03", "2024-04-08"},
		{"the made-up Sunday alone", domain.Term{Length: 1, Unit: domain.Workdays}, "2024-04-03", "2024-04-07"},
		{"over Labour Day", domain.Term{Length: 5, Unit: domain.Workdays}, "2024-04-26", "2024-05-07"},
		{"no term ends where it starts", domain.Term{}, "2024-03-04", "2024-03-04"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.term.After(domain.MustDate(tt.start), spring2024()); got != domain.MustDate(tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestWorkdays(t *testing.T) {
	cal := spring2024()
	for day, want := range map[string]bool{
		"2024-04-03": true,  // Wednesday
		"2024-04-04": false, // Thursday, holiday
		"2024-04-06": false, // Saturday
		"2024-04-07": true,  // Sunday, made up
		"2024-04-14": false, // Sunday
	} {
		if got := cal.IsWorkday(domain.MustDate(day)); got != want {
			t.Errorf("%s is a working day: %v, want %v", day, got, want)
		}
	}
}

// Worked examples for the law on administrative sanctions, art. 15.
func TestCombine(t *testing.T) {
	const (
		education = domain.MeasureEducation
		warning   = domain.MeasureWarning
		demerit   = domain.MeasureDemerit
		demotion  = domain.MeasureDemotion
		dismissal = domain.MeasureDismissal
	)
	tests := []struct {
		name        string
		measures    []domain.Measure
		heaviest    domain.Measure
		least, most int
	}{
		{"one warning", []domain.Measure{warning}, warning, 6, 6},
		{"two warnings: between one period and their sum", []domain.Measure{warning, warning}, warning, 6, 12},
		{"a warning and a demerit: the heavier kind alone", []domain.Measure{warning, demerit}, demerit, 12, 12},
		{"two warnings and a demerit: warnings add nothing to a demerit", []domain.Measure{warning, demerit, warning}, demerit, 12, 12},
		{"two demotions: exactly the cap", []domain.Measure{demotion, demotion}, demotion, 24, 48},
		{"four demotions: capped", []domain.Measure{demotion, demotion, demotion, demotion}, demotion, 24, 48},
		{"two educations: no period", []domain.Measure{education, education}, education, 0, 0},
		{"a dismissal swallows all", []domain.Measure{demotion, dismissal, demotion}, dismissal, 0, 0},
		{"unknown measures are ignored", []domain.Measure{"flogging", warning}, warning, 6, 6},
		{"nothing known", []domain.Measure{"flogging"}, "", 0, 0},
		{"nothing at all", nil, "", 0, 0},
	}
	rules := domain.CN2024().Sanction
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			heaviest, least, most := rules.Combine(tt.measures)
			if heaviest.Measure != tt.heaviest || least != tt.least || most != tt.most {
				t.Errorf("got %q for %d to %d months, want %q for %d to %d", heaviest.Measure, least, most, tt.heaviest, tt.least, tt.most)
			}
		})
	}
	t.Run("one period above the cap is not cut", func(t *testing.T) {
		rules.MaxMonths = 12
		if _, least, most := rules.Combine([]domain.Measure{demotion, demotion}); least != 24 || most != 24 {
			t.Errorf("got %d to %d months, want 24 to 24", least, most)
		}
	})
}

func TestTheLadderOfCN2024(t *testing.T) {
	rules := domain.CN2024().Sanction
	for m, want := range map[domain.Measure]int{
		domain.MeasureWarning: 6, domain.MeasureDemerit: 12, domain.MeasureMajor: 18,
		domain.MeasureDemotion: 24, domain.MeasureRemoval: 24, domain.MeasureDismissal: 0,
	} {
		if rung, _, ok := rules.Rung(m); !ok || !rung.Formal || rung.Effect.Length != want {
			t.Errorf("%s takes effect for %d months (formal %v), want %d", m, rung.Effect.Length, rung.Formal, want)
		}
	}
	if _, _, ok := rules.Rung("flogging"); ok {
		t.Error("flogging is on the ladder")
	}
	for i, rung := range rules.Ladder {
		if _, place, _ := rules.Rung(rung.Measure); place != i {
			t.Errorf("%s stands on the ladder at %d and %d", rung.Measure, i, place)
		}
		if rung.Source == "" || rung.Chinese == "" {
			t.Errorf("%s has no source or no Chinese term", rung.Measure)
		}
		if !rung.Effect.IsZero() && (rung.Effect.Unit != domain.Months || rung.Effect.Source == "") {
			t.Errorf("%s: effect period %+v is not in months, or has no source", rung.Measure, rung.Effect)
		}
		if rung.ForGood && !rung.Effect.IsZero() {
			t.Errorf("%s is for good and has a period", rung.Measure)
		}
	}
}

func TestARulebookMayGrantACommandToOthers(t *testing.T) {
	book := domain.CN2024()
	if got := book.MayGive(paint{}); !slices.Equal(got, []domain.Role{domain.RoleHR}) {
		t.Errorf("by default %v may paint, want hr", got)
	}
	book.Authority = map[domain.CommandName][]domain.Role{"door.paint": {domain.RoleLeader}}
	if got := book.MayGive(paint{}); !slices.Equal(got, []domain.Role{domain.RoleLeader}) {
		t.Errorf("by the rulebook %v may paint, want leader", got)
	}
}

// A term ends on the day that corresponds to the starting day.
func ExampleTerm_After() {
	book := domain.CN2024()
	last := book.Sanction.Execute.After(domain.MustDate("2024-01-31"), book.Calendar)
	fmt.Println("HR carries it out by", last, "under", book.Sanction.Execute.Source)
	// Output: HR carries it out by 2024-02-29 under 公职人员政务处分法 art. 54
}
