package projections

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/record"
)

// Books has the rulebooks of a ledger. It is safe for concurrent use.
type Books interface {
	// Default is what the ledger lives by before it adopts any rulebook, and
	// the digest that tells when another program has another one.
	Default() (book *domain.Rulebook, digest string)
	// Open returns an adopted rulebook, by its digest.
	Open(rulebook.Period) (*domain.Rulebook, error)
	// Shelf holds all that is adopted by now.
	Shelf() *domain.Shelf
}

// rules are the rulebooks by which events are folded and rows are shown:
// which day it is, and how long a term.
type rules struct {
	days record.Days
	// keeper folds the clocks; nil without a rulebook.
	keeper *clocks.Keeper
	shelf  *domain.Shelf
}

func rulesOf(shelf *domain.Shelf) *rules {
	return &rules{shelf, clocks.NewKeeperOf(shelf), shelf}
}

// only are the rules where nothing is adopted.
func (o *Options) only() *rules {
	if o.Books == nil {
		r := &rules{days: o.Calendar}
		if o.Book != nil {
			r.keeper, r.shelf = clocks.NewKeeper(o.Book), domain.ShelfOf(o.Book)
		}
		return r
	}
	book, _ := o.Books.Default()
	return rulesOf(domain.ShelfOf(book))
}

// basis tells files folded by another default apart.
func (o *Options) basis() string {
	switch {
	case o.Books != nil:
		_, digest := o.Books.Default()
		return digest
	case o.Book != nil:
		return o.Book.Edition()
	}
	return ""
}

// setBasis notes under which default rulebook the file is folded.
func setBasis(c conn, basis string) error {
	return c.query("INSERT INTO basis (name, value) VALUES ('rulebook', ?)", []any{basis}, nil)
}

// checkBasis fails when the file was folded under another default rulebook.
func (v *Views) checkBasis(c conn) error {
	same, err := queryInt(c, "SELECT count(*) FROM basis WHERE name = 'rulebook' AND value = ?", v.opts.basis())
	if err == nil && same != 1 {
		err = errOtherVersion
	}
	return err
}

// rules are those by which rows are shown now.
func (v *Views) rules() *rules {
	if v.opts.Books == nil {
		return v.only
	}
	if lived := v.lived.Load(); lived != nil {
		return lived
	}
	now := v.opts.Books.Shelf()
	r := v.shown.Load()
	if r == nil || r.shelf != now {
		r = rulesOf(now)
		v.shown.Store(r)
	}
	return r
}

// adoptions follows which rulebooks are adopted while events are folded: each
// event is folded by those adopted before it. So the views are made of the
// ledger alone, at once or from day to day, and an adoption makes nothing be
// built again.
type adoptions struct {
	books Books // nil: nothing is ever adopted
	all   rulebook.Adoptions
}

// learn takes an event in and returns the rules after it, nil where they are
// as before.
func (a *adoptions) learn(r domain.Recorded) (*rules, error) {
	if a.books == nil || r.Event.Kind().Room() != rulebook.Room.Name || !a.all.Apply(r) {
		return nil, nil
	}
	return a.rules()
}

func (a *adoptions) rules() (*rules, error) {
	base, _ := a.books.Default()
	shelf, err := a.all.Shelf(base, a.books.Open)
	if err != nil {
		return nil, fmt.Errorf("find the rulebooks adopted: %w", err)
	}
	return rulesOf(shelf), nil
}

// resume takes in what the file holds of the events of rulebooks, and returns
// the rules at its end.
func (v *Views) resume(c conn, a *adoptions) (*rules, error) {
	if a.books == nil {
		return v.only, nil
	}
	kinds := make([]string, len(rulebook.Room.Events))
	for i, e := range rulebook.Room.Events {
		kinds[i] = string(e.Kind)
	}
	of := query.In("word", kinds)
	sql := "SELECT " + eventColumns + " FROM events e" + eventJoins +
		" WHERE e.kind IN (SELECT id FROM words WHERE " + of.SQL + ") ORDER BY e.position"
	err := c.query(sql, of.Args, func(s dbRow) error {
		e, err := v.scanEvent(c, s)
		if err != nil {
			return err
		}
		event, err := v.event(e)
		a.all.Apply(domain.Recorded{ID: e.ID, Stream: e.Subject.Stream(), Revision: e.Revision, Act: e.act(), Event: event})
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.rules()
}
