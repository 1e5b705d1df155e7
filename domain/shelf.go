package domain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Shelf holds the versions of rulebooks that an agency lives by, each with
// its period in force. It is read-only once made; share it freely.
type Shelf struct {
	books []*Rulebook // by ValidFrom, earliest first
}

// NewShelf puts the rulebooks on one shelf, copies of those handed in. It
// fails when there is none, or when two are in force on the same day.
func NewShelf(books ...*Rulebook) (*Shelf, error) {
	if len(books) == 0 {
		return nil, fmt.Errorf("a shelf needs at least one rulebook")
	}
	s := &Shelf{}
	for _, b := range books {
		placed := *b
		placed.shelf = s
		s.books = append(s.books, &placed)
	}
	slices.SortStableFunc(s.books, func(a, b *Rulebook) int { return cmp.Compare(a.ValidFrom.String(), b.ValidFrom.String()) })
	for i, b := range s.books[1:] {
		if before := s.books[i]; before.ValidTo.IsZero() || !before.ValidTo.Before(b.ValidFrom) {
			return nil, fmt.Errorf("rulebooks %s (version %s) and %s (version %s) are both in force on %s",
				before.ID, before.Version, b.ID, b.Version, b.ValidFrom)
		}
	}
	return s, nil
}

// ShelfOf returns the shelf of one rulebook, which is in force on every day.
func ShelfOf(book *Rulebook) *Shelf {
	placed := *book
	s := &Shelf{books: []*Rulebook{&placed}}
	placed.shelf = s
	return s
}

// On returns the rulebook in force on the day. On a day between two periods
// it is the one before, on a day before all of them the first: no day is
// without rules.
func (s *Shelf) On(day Date) *Rulebook {
	found := s.books[0]
	for _, b := range s.books[1:] {
		if b.ValidFrom.After(day) {
			break
		}
		found = b
	}
	return found
}

// At returns the rulebook in force at the moment. A rulebook begins with its
// first day in the zone of its own calendar.
func (s *Shelf) At(t time.Time) *Rulebook {
	found := s.books[0]
	for _, b := range s.books[1:] {
		if b.ValidFrom.After(b.Calendar.Day(t)) {
			break
		}
		found = b
	}
	return found
}

// Day returns the day on which t falls, in the calendar of the rulebook that
// was in force then.
func (s *Shelf) Day(t time.Time) Date { return s.At(t).Calendar.Day(t) }

// Books lists the rulebooks, the earliest period first.
func (s *Shelf) Books() []*Rulebook { return slices.Clone(s.books) }

// On returns the rulebook that was in force on another day, such as that of
// the act which is decided on today. A rulebook on no shelf stands alone: it
// is in force on every day.
func (b *Rulebook) On(day Date) *Rulebook {
	if b.shelf == nil {
		return b
	}
	return b.shelf.On(day)
}

// At returns the rulebook in force at the moment, as On does for a day.
func (b *Rulebook) At(t time.Time) *Rulebook {
	if b.shelf == nil {
		return b
	}
	return b.shelf.At(t)
}

// Edition names the rulebook and its version as events record it: the id
// alone for version 1, else "id/version", as in "cn-2024/2025.1". Neither an
// id nor a version holds a slash.
func (b *Rulebook) Edition() string { return EditionOf(b.ID, b.Version) }

// EditionOf is Rulebook.Edition for an id and a version.
func EditionOf(id, version string) string {
	if version == firstVersion || version == "" {
		return id
	}
	return id + "/" + version
}

// ParseEdition takes apart what Edition returned.
func ParseEdition(edition string) (id, version string) {
	id, version, found := strings.Cut(edition, "/")
	if !found {
		version = firstVersion
	}
	return id, version
}

// firstVersion is left out of an edition, so that events recorded when every
// rulebook had one version only say what they said.
const firstVersion = "1"
