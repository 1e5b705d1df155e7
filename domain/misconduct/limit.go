package misconduct

import (
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Party is what the case knows of one officer under inquiry as to time.
type Party struct {
	Officer domain.OfficerID
	// Known is when conduct of the officer came into the case of which they
	// had no notice yet, and Discovered the earlier day of its discovery,
	// recorded by DiscoveredBy; zero where none is.
	Known        time.Time
	Discovered   domain.Date
	DiscoveredBy domain.ActorID
	// Noticed: notice was given of all of it, so that the limitation no
	// longer runs.
	Noticed bool
	// NoticedAt and HeardAt are when notice was last given and the officer
	// last heard.
	NoticedAt time.Time
	HeardAt   time.Time
	// Tolled are the spans in which the limitation did not run, one after
	// the other.
	Tolled []Tolled
}

// Tolled is a span in which the limitation does not run; To is zero while it
// lasts.
type Tolled struct {
	Ground   string
	From, To domain.Date
}

// party returns what the case knows of the officer.
func (c Case) party(officer domain.OfficerID) Party {
	if i := c.partyAt(officer); i >= 0 {
		return c.Parties[i]
	}
	return Party{Officer: officer}
}

func (c Case) partyAt(officer domain.OfficerID) int {
	return slices.IndexFunc(c.Parties, func(p Party) bool { return p.Officer == officer })
}

// change folds something into what is known of the officer.
func (c *Case) change(officer domain.OfficerID, how func(*Party)) {
	c.Parties = slices.Clone(c.Parties)
	i := c.partyAt(officer)
	if i < 0 {
		i = len(c.Parties)
		c.Parties = append(c.Parties, Party{Officer: officer})
	}
	how(&c.Parties[i])
}

// reach folds that conduct of the officers came into the case. Conduct of
// which an officer has no notice yet keeps the day from which it runs. The
// first officers identified in a case against nobody are reached by conduct
// that was known since its opening.
func (c *Case) reach(officers []domain.OfficerID, at time.Time) {
	if len(c.Parties) == 0 && !c.OpenedAt.IsZero() {
		at = c.OpenedAt
	}
	for _, o := range officers {
		fresh := c.partyAt(o) < 0
		c.change(o, func(p *Party) {
			if fresh || p.Noticed {
				p.Known, p.Discovered, p.DiscoveredBy, p.Noticed = at, domain.Date{}, "", false
			}
		})
	}
}

// discovered returns the day from which the limitation runs.
func (p Party) discovered(book *domain.Rulebook) domain.Date {
	if !p.Discovered.IsZero() {
		return p.Discovered
	}
	return book.Calendar.Day(p.Known)
}

// open returns the place of the span that lasts; -1 when there is none.
func (p Party) open() int {
	return slices.IndexFunc(p.Tolled, func(t Tolled) bool { return t.To.IsZero() })
}

// LastDay returns the last day on which notice may be given to the officer,
// and whether there is one: not once they had notice, and not without such a
// rule. What tolls it lasts up to today.
func (c Case) LastDay(officer domain.OfficerID, today domain.Date, book *domain.Rulebook) (domain.Date, bool) {
	i := c.partyAt(officer)
	if i < 0 || c.Parties[i].Noticed {
		return domain.Date{}, false
	}
	p := c.Parties[i]
	var spans []domain.Span
	for _, t := range p.Tolled {
		if t.To.IsZero() {
			t.To = today
		}
		spans = append(spans, domain.Span{From: t.From, To: t.To})
	}
	return book.Limitation.Last(p.discovered(book), book.Calendar, spans...)
}

// UnderInquiry tells whether the officer is under inquiry in the case.
func (c Case) UnderInquiry(officer domain.OfficerID) bool { return c.concerns(officer) }

// Pursues tells whether the case is open against the officer: neither
// dismissed nor archived, nor of old.
func (c Case) Pursues(o domain.OfficerID) bool {
	over := c.Status == StatusDismissed || c.Status == StatusArchived || c.Status == StatusImported
	return c.concerns(o) && !over
}

// inTime refuses what comes after the limitation. The day on which it is
// recorded counts, so that nothing is gained by stating an earlier one.
func (c Case) inTime(field string, officer domain.OfficerID, act domain.Act, book *domain.Rulebook) error {
	today := book.Calendar.Day(act.RecordedAt)
	if last, ok := c.LastDay(officer, today, book); ok && today.After(last) {
		return domain.Refuse(domain.CodeTooLate, field, "the limitation for what %s did ran out on %s; nothing may be imposed for it any more", officer, last).
			Under(book.Limitation.Complete.Source)
	}
	return nil
}

// DiscoveryRecorded: the conduct of the officer was discovered on that day,
// before the case was opened or widened to it. The limitation runs from it.
type DiscoveryRecorded struct {
	Officer domain.OfficerID `json:"officer"`
	On      domain.Date      `json:"on"`
	Basis   string           `json:"basis"`
}

func (DiscoveryRecorded) Kind() domain.Kind { return "misconduct.discovery_recorded.v1" }

func (e DiscoveryRecorded) Apply(c *Case, act domain.Act) {
	c.change(e.Officer, func(p *Party) { p.Discovered, p.DiscoveredBy = e.On, act.Actor })
}

// RecordDiscovery says on which day the conduct was discovered; without it
// that is the day on which it came into the case. A later day than the one
// recorded before takes another person.
type RecordDiscovery struct {
	Officer domain.OfficerID `json:"officer"`
	// On is not after the day on which the conduct came into the case.
	On domain.Date `json:"on"`
	// Basis says by whom and how it was discovered.
	Basis string `json:"basis"`
}

func (RecordDiscovery) Name() domain.CommandName { return "misconduct.record_discovery" }

func (RecordDiscovery) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleLeader}
}

func (c RecordDiscovery) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("given a day of discovery", StatusOpen, StatusInquiry), s.unconcerned(act, book),
		s.inScope("officer", c.Officer), domain.CheckText("basis", c.Basis)); err != nil {
		return nil, err
	}
	p, source := s.party(c.Officer), book.Limitation.Complete.Source
	known := book.Calendar.Day(p.Known)
	switch {
	case p.Noticed:
		return nil, domain.Refuse(domain.CodeState, "officer", "%s had notice already; the limitation no longer runs", c.Officer).Under(source)
	case c.On.IsZero():
		return nil, domain.Refuse(domain.CodeInvalid, "on", "is required")
	case c.On.After(known):
		return nil, domain.Refuse(domain.CodeInvalid, "on", "%s lies after %s, when the conduct came into the case and was known", c.On, known).Under(source)
	case !p.Discovered.IsZero() && c.On.After(p.Discovered) && act.Actor == p.DiscoveredBy:
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s recorded %s; another person must move it to a later day", act.Actor, p.Discovered).Under(source)
	}
	return []domain.Event{DiscoveryRecorded(c)}, nil
}

// TollingBegan: from that day on the limitation does not run for the officer.
type TollingBegan struct {
	Officer domain.OfficerID `json:"officer"`
	Ground  string           `json:"ground"`
	From    domain.Date      `json:"from"`
	Reason  string           `json:"reason"`
}

func (TollingBegan) Kind() domain.Kind { return "misconduct.tolling_began.v1" }

func (e TollingBegan) Apply(c *Case, act domain.Act) {
	c.change(e.Officer, func(p *Party) { p.Tolled = append(slices.Clip(p.Tolled), Tolled{Ground: e.Ground, From: e.From}) })
}

// BeginTolling stops the limitation on a ground of the rulebook, one at a
// time, as long as it still runs. A referral to the prosecutor alone tolls
// nothing.
type BeginTolling struct {
	Officer domain.OfficerID `json:"officer"`
	// Ground is one that the rulebook lists.
	Ground string `json:"ground"`
	// From is the first day that does not count; the day of the act when
	// absent.
	From   domain.Date `json:"from,omitzero"`
	Reason string      `json:"reason"`
}

func (BeginTolling) Name() domain.CommandName { return "misconduct.begin_tolling" }

func (BeginTolling) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleLeader} }

func (c BeginTolling) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("tolled", StatusOpen, StatusInquiry, StatusProposed), s.unconcerned(act, book),
		s.inScope("officer", c.Officer), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	if book.Limitation.Complete.IsZero() {
		return nil, domain.Refuse(domain.CodeRule, "", "%s has no limitation that could be tolled", book.ID)
	}
	i := slices.IndexFunc(book.Limitation.Tolling, func(t domain.Tolling) bool { return t.Ground == c.Ground })
	if i < 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "ground", "%q is no ground of %s; it has %v", c.Ground, book.ID, grounds(book)).Under(book.Limitation.Complete.Source)
	}
	source := book.Limitation.Tolling[i].Source
	p, today := s.party(c.Officer), book.Calendar.Day(act.OccurredAt)
	if c.From.IsZero() {
		c.From = today
	}
	last, runs := s.LastDay(c.Officer, today, book)
	switch {
	case !runs:
		return nil, domain.Refuse(domain.CodeState, "officer", "no limitation runs for %s: notice was given", c.Officer).Under(source)
	case p.open() >= 0:
		return nil, domain.Refuse(domain.CodeState, "ground", "it is tolled already, on the ground %s since %s; end that first", p.Tolled[p.open()].Ground, p.Tolled[p.open()].From).Under(source)
	case c.From.After(today):
		return nil, domain.Refuse(domain.CodeInvalid, "from", "%s lies after the day of the act, %s", c.From, today)
	case c.From.Before(p.discovered(book)):
		return nil, domain.Refuse(domain.CodeInvalid, "from", "%s lies before the discovery of %s, when nothing ran yet", c.From, p.discovered(book)).Under(source)
	case book.Calendar.Day(act.RecordedAt).After(last):
		return nil, domain.Refuse(domain.CodeTooLate, "", "the limitation ran out on %s; what is over is not tolled", last).Under(book.Limitation.Complete.Source)
	}
	return []domain.Event{TollingBegan(c)}, nil
}

func grounds(book *domain.Rulebook) []string {
	var out []string
	for _, t := range book.Limitation.Tolling {
		out = append(out, t.Ground)
	}
	return out
}

// TollingEnded: from the day after, the limitation runs again.
type TollingEnded struct {
	Officer domain.OfficerID `json:"officer"`
	Ground  string           `json:"ground"`
	To      domain.Date      `json:"to"`
}

func (TollingEnded) Kind() domain.Kind { return "misconduct.tolling_ended.v1" }

func (e TollingEnded) Apply(c *Case, act domain.Act) {
	c.change(e.Officer, func(p *Party) {
		if i := p.open(); i >= 0 {
			p.Tolled = slices.Clone(p.Tolled)
			p.Tolled[i].To = e.To
		}
	})
}

// EndTolling lets the limitation run again.
type EndTolling struct {
	Officer domain.OfficerID `json:"officer"`
	// To is the last day that does not count; the day of the act when absent.
	To domain.Date `json:"to,omitzero"`
}

func (EndTolling) Name() domain.CommandName { return "misconduct.end_tolling" }

func (EndTolling) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleLeader} }

func (c EndTolling) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("tolled no longer", StatusOpen, StatusInquiry, StatusProposed), s.unconcerned(act, book),
		s.inScope("officer", c.Officer)); err != nil {
		return nil, err
	}
	p, today := s.party(c.Officer), book.Calendar.Day(act.OccurredAt)
	i := p.open()
	if i < 0 {
		return nil, domain.Refuse(domain.CodeState, "officer", "nothing tolls the limitation for %s", c.Officer)
	}
	if c.To.IsZero() {
		c.To = today
	}
	if c.To.After(today) || c.To.Before(p.Tolled[i].From) {
		return nil, domain.Refuse(domain.CodeInvalid, "to", "%s lies outside %s to %s, from the first day tolled to the day of the act", c.To, p.Tolled[i].From, today)
	}
	return []domain.Event{TollingEnded{c.Officer, p.Tolled[i].Ground, c.To}}, nil
}
