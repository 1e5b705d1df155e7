package domain_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
)

func TestAMonthEndsOnTheSameDayOrTheLastOfTheMonth(t *testing.T) {
	tests := []struct {
		start  string
		months int
		want   string
	}{
		{"2024-03-04", 6, "2024-09-04"},
		{"2024-01-31", 1, "2024-02-29"}, // a leap year
		{"2023-01-31", 1, "2023-02-28"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2024-08-31", 1, "2024-09-30"},
		{"2024-12-31", 2, "2025-02-28"},
		{"2024-11-30", 3, "2025-02-28"},
		{"2024-03-31", -1, "2024-02-29"},
		{"2024-01-15", -13, "2022-12-15"},
		{"2024-01-31", 0, "2024-01-31"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s and %d months", tt.start, tt.months), func(t *testing.T) {
			if got := domain.MustDate(tt.start).AddMonths(tt.months); got != domain.MustDate(tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestDaysCrossMonthsAndYears(t *testing.T) {
	tests := []struct {
		start string
		days  int
		want  string
	}{
		{"2024-02-28", 1, "2024-02-29"},
		{"2024-02-28", 2, "2024-03-01"},
		{"2023-12-31", 1, "2024-01-01"},
		{"2024-01-01", -1, "2023-12-31"},
		{"2024-03-04", 60, "2024-05-03"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s and %d days", tt.start, tt.days), func(t *testing.T) {
			if got := domain.MustDate(tt.start).AddDays(tt.days); got != domain.MustDate(tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestDatesAreOrdered(t *testing.T) {
	order := []domain.Date{{}, domain.MustDate("0001-01-01"), domain.MustDate("2023-12-31"), domain.MustDate("2024-01-30"), domain.MustDate("2024-02-01")}
	for i, a := range order {
		for j, b := range order {
			if a.Before(b) != (i < j) || a.After(b) != (i > j) {
				t.Errorf("%q against %q: before %v, after %v", a, b, a.Before(b), a.After(b))
			}
		}
	}
}

func TestDaysPastCountsFromTheDayAfterTheLast(t *testing.T) {
	last := domain.MustDate("2024-02-28")
	for day, want := range map[string]int{"2024-02-27": 0, "2024-02-28": 0, "2024-02-29": 1, "2024-03-01": 2, "2025-02-28": 366} {
		if got := domain.MustDate(day).DaysPast(last); got != want {
			t.Errorf("%s is %d days past %s, want %d", day, got, last, want)
		}
	}
	if got := last.DaysPast(domain.Date{}); got != 0 {
		t.Errorf("without a last day: %d days past, want 0", got)
	}
}

func TestADateIsReadStrictly(t *testing.T) {
	for _, text := range []string{"", "2024-2-9", "2024-02-30", "2023-02-29", "2024-13-01", "24-01-01", "2024/01/01", "2024-01-01T00:00:00Z", " 2024-01-01"} {
		if d, err := domain.ParseDate(text); err == nil {
			t.Errorf("%q was read as %s", text, d)
		}
	}
}

func TestADateTravelsThroughJSON(t *testing.T) {
	type record struct {
		On    domain.Date `json:"on"`
		Until domain.Date `json:"until,omitzero"`
	}
	b, err := json.Marshal(record{On: domain.MustDate("2024-02-29")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(b), `{"on":"2024-02-29"}`; got != want {
		t.Fatalf("written as %s, want %s", got, want)
	}
	var back record
	if err := json.Unmarshal(b, &back); err != nil || back.On != domain.MustDate("2024-02-29") || !back.Until.IsZero() {
		t.Fatalf("read back as %v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"on":""}`), &back); err != nil || !back.On.IsZero() {
		t.Fatalf("the empty text reads as %v, %v; want no date", back, err)
	}
	if err := json.Unmarshal([]byte(`{"on":"29.02.2024"}`), &back); err == nil {
		t.Fatalf("a malformed date was read as %v", back)
	}
}

func TestADayBeginsInTheCalendarsZone(t *testing.T) {
	late := time.Date(2024, time.March, 4, 18, 30, 0, 0, time.UTC)
	if got := domain.CN2024().Calendar.Day(late); got != domain.MustDate("2024-03-05") {
		t.Errorf("18:30 UTC falls on %s in China, want 2024-03-05", got)
	}
	if got := (domain.Calendar{}).Day(late.In(time.FixedZone("", 9*60*60))); got != domain.MustDate("2024-03-04") {
		t.Errorf("without a zone it falls on %s, want the day in UTC, 2024-03-04", got)
	}
	if got := domain.MustDate("2024-03-05").In(domain.CN2024().Calendar.Zone).UTC(); got != time.Date(2024, time.March, 4, 16, 0, 0, 0, time.UTC) {
		t.Errorf("2024-03-05 begins in China at %s, want 16:00 UTC of the day before", got)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, text := range []string{"2024-02-29", "0001-01-01", "9999-12-31", "2024-02-30", "", "-001-01-01", "２０２４-01-01"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := domain.ParseDate(text)
		if err == nil && d.String() != text {
			t.Errorf("%q was read as %s: a date has one spelling", text, d)
		}
	})
}
