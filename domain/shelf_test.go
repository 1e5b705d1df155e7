package domain_test

import (
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
)

func TestShelf(t *testing.T) {
	old := &domain.Rulebook{ID: "old", Version: "1", ValidFrom: domain.Date{Year: 2018, Month: 1, Day: 1}, ValidTo: domain.Date{Year: 2020, Month: 6, Day: 30}}
	now := &domain.Rulebook{ID: "now", Version: "1", ValidFrom: domain.Date{Year: 2021, Month: 1, Day: 1}}
	shelf, err := domain.NewShelf(now, old)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day  domain.Date
		want string
	}{
		{domain.Date{Year: 2010, Month: 1, Day: 1}, "old"},
		{domain.Date{Year: 2018, Month: 1, Day: 1}, "old"},
		{domain.Date{Year: 2020, Month: 12, Day: 31}, "old"}, // between the periods
		{domain.Date{Year: 2021, Month: 1, Day: 1}, "now"},
		{domain.Date{Year: 2099, Month: 1, Day: 1}, "now"},
	} {
		b := shelf.On(c.day)
		if b.ID != c.want {
			t.Errorf("on %s %s is in force, want %s", c.day, b.ID, c.want)
		}
		if again := b.On(domain.Date{Year: 2019, Month: 1, Day: 1}); again.ID != "old" {
			t.Errorf("from %s, on another day: %s", b.ID, again.ID)
		}
	}
	if alone := now.On(domain.Date{Year: 1990, Month: 1, Day: 1}); alone != now {
		t.Error("a rulebook on no shelf must stand alone")
	}
}

func TestShelfRefusesTwoOnOneDay(t *testing.T) {
	open := &domain.Rulebook{ID: "a", Version: "1", ValidFrom: domain.Date{Year: 2018, Month: 1, Day: 1}}
	next := &domain.Rulebook{ID: "b", Version: "1", ValidFrom: domain.Date{Year: 2020, Month: 1, Day: 1}}
	if _, err := domain.NewShelf(open, next); err == nil {
		t.Error("two rulebooks in force on one day were accepted")
	}
	if _, err := domain.NewShelf(); err == nil {
		t.Error("an empty shelf was accepted")
	}
}

// A rulebook begins with its first day where it is in force: at midnight of
// its own zone, whatever the zone of the one before it.
func TestShelfAtAMoment(t *testing.T) {
	zone := func(hours int) domain.Calendar {
		return domain.Calendar{Zone: time.FixedZone("", hours*60*60)}
	}
	east := &domain.Rulebook{ID: "east", Version: "1", Calendar: zone(8), ValidFrom: domain.MustDate("2020-01-01"), ValidTo: domain.MustDate("2023-12-31")}
	west := &domain.Rulebook{ID: "west", Version: "2", Calendar: zone(-8), ValidFrom: domain.MustDate("2024-01-01")}
	shelf, err := domain.NewShelf(east, west)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string][2]string{
		"2024-01-01T07:59:59Z": {"east", "2024-01-01"}, // still 2023 in the west
		"2024-01-01T08:00:00Z": {"west/2", "2024-01-01"},
		"2023-12-31T15:00:00Z": {"east", "2023-12-31"},
		"1999-01-01T00:00:00Z": {"east", "1999-01-01"},
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		got := [2]string{shelf.At(moment).Edition(), shelf.Day(moment).String()}
		if got != want || shelf.Books()[0].At(moment).Edition() != want[0] {
			t.Errorf("at %s: %v, want %v", at, got, want)
		}
	}
	if east.At(time.Now()) != east {
		t.Error("a rulebook on no shelf must stand alone")
	}
}

func TestEditions(t *testing.T) {
	for edition, want := range map[string][2]string{
		"cn-2024": {"cn-2024", "1"}, "cn-2024/2": {"cn-2024", "2"}, "us:x/2024.1": {"us:x", "2024.1"},
	} {
		id, version := domain.ParseEdition(edition)
		if got := [2]string{id, version}; got != want {
			t.Errorf("%s is %v, want %v", edition, got, want)
		}
		if again := domain.EditionOf(id, version); again != edition {
			t.Errorf("%s is written %s", edition, again)
		}
	}
}
