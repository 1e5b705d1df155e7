package domain_test

import (
	"testing"

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
