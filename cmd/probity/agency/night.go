package agency

import (
	"strings"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/warning"
)

// watched is the first day on which early warning is in use.
func (s *sim) watched() domain.Date {
	return s.book.Calendar.Day(s.plan.End).AddMonths(-WatchMonths)
}

// nightBefore lets the ledger work by itself in the next night that is over by
// the moment, and tells whether there was one.
func (s *sim) nightBefore(at time.Time) bool {
	if s.plan.Night == nil {
		return false
	}
	day := s.watched()
	if !s.night.Before(day) {
		day = s.night.AddDays(1)
	}
	day = s.office.next(day)
	dawn := day.In(s.book.Calendar.Zone).Add(6 * time.Hour)
	if dawn.After(at) {
		return false
	}
	s.night = day
	s.plan.Clock.set(dawn)
	recorded, err := s.plan.Night(s.ctx, dawn)
	if err != nil {
		s.err = err
		return true
	}
	s.story.Events += len(recorded)
	for _, r := range recorded {
		s.world.fold(r)
	}
	for _, r := range recorded {
		s.bureauOf(r.Act.Subject).followOn(dawn, true, []domain.Recorded{r})
		switch e := r.Event.(type) {
		case warning.Raised:
			s.bureauOf(string(e.Unit), string(e.Post), string(e.Officer)).alert(day, r.Act.Subject, e)
		case plan.TargetMissed:
			s.missed[r.Act.Subject+" "+e.Target] = true
		}
	}
	return true
}

// doneAtNight takes the place of an instruction that the ledger gave by
// itself: numbers and chance stay as they are without nights.
func (p *play) doneAtNight() {
	p.rng.IntN(20 * 60)
	p.submitted++
}

// bureauOf returns the agency that the first of the ids belongs to which says
// so; the first agency where none does.
func (s *sim) bureauOf(ids ...string) *bureau {
	for _, id := range ids {
		_, id = cutScheme(id)
		for _, b := range s.bureaus {
			if rest, ok := strings.CutPrefix(id, b.profile.prefix); ok && (rest == "" || rest[0] == '-' || rest[0] == '.') {
				return b
			}
		}
	}
	return s.bureaus[0]
}

// cutScheme parts an id as reactions make them, such as act:HG-ZF-2026-0001.
func cutScheme(id string) (scheme, rest string) {
	if before, after, ok := strings.Cut(id, ":"); ok {
		return before, after
	}
	return "", id
}

// fold takes in what the ledger recorded by itself.
func (w *world) fold(r domain.Recorded) {
	if room := w.catalog.Room(r.Event.Kind().Room()); room != nil {
		room.Apply(w.state(room.Name, r.Act.Subject), r.Event, r.Act)
	}
}
