package disclosure

import (
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// Due: an item is to be public on the medium by the day Deadline.
type Due struct {
	Title    string               `json:"title"`
	Category string               `json:"category"`
	Medium   Medium               `json:"medium"`
	Unit     domain.UnitID        `json:"unit"`
	Deadline domain.Date          `json:"by"`
	About    domain.EnforcementID `json:"about,omitzero"`
}

func (Due) Kind() domain.Kind { return "disclosure.due.v1" }

func (e Due) Apply(i *Item, act domain.Act) {
	i.Status, i.Medium, i.Unit, i.By, i.About = StatusDue, e.Medium, e.Unit, e.Deadline, e.About
}

// Require says what is due to the public, where and by when.
type Require struct {
	Title string `json:"title"`
	// Category is such as power list, decision, budget or procedure.
	Category string `json:"category"`
	// Medium is website, board, gazette, hall_screen or newspaper.
	Medium Medium        `json:"medium"`
	Unit   domain.UnitID `json:"unit"`
	// Deadline is the last day, not before the day of the act. It may be
	// absent for an enforcement decision, for which the rulebook has a term.
	Deadline domain.Date `json:"by,omitzero"`
	// About is the enforcement case whose decision is due, if it is one.
	About domain.EnforcementID `json:"about,omitzero"`
}

func (Require) Name() domain.CommandName { return "disclosure.require" }

func (Require) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader, domain.RoleSystem}
}

func (c Require) Decide(i Item, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(i.fresh(), domain.CheckText("title", c.Title), domain.CheckText("category", c.Category),
		domain.CheckOneOf("medium", c.Medium, Media()...), domain.CheckID("unit", c.Unit), domain.CheckOptionalID("about", c.About)); err != nil {
		return nil, err
	}
	today := book.Calendar.Day(act.OccurredAt)
	if c.Deadline.IsZero() && c.About != "" {
		c.Deadline = book.Disclosure.Publish.After(today, book.Calendar)
	}
	if c.Deadline.Before(today) {
		return nil, domain.Refuse(domain.CodeInvalid, "by", "%q is no day from %s on", c.Deadline, today)
	}
	return []domain.Event{Due(c)}, nil
}

// Published: the item was made public on the day On. DaysLate counts calendar
// days after it was due, 0 when in time.
type Published struct {
	Medium   Medium            `json:"medium"`
	Unit     domain.UnitID     `json:"unit"`
	On       domain.Date       `json:"on"`
	URL      string            `json:"url,omitzero"`
	Place    string            `json:"place,omitzero"`
	Evidence []domain.Evidence `json:"evidence"`
	DaysLate int               `json:"daysLate,omitzero"`
}

func (Published) Kind() domain.Kind { return "disclosure.published.v1" }

func (e Published) Apply(i *Item, act domain.Act) { i.Status, i.On = StatusPublished, e.On }

// Publish makes a due item public, in time or late.
type Publish struct {
	// On is the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
	// URL (http or https) is required on a website; elsewhere it or Place is.
	URL   string `json:"url,omitzero"`
	Place string `json:"place,omitzero"`
	// Evidence is at least one entry: the digest of what was shown.
	Evidence []domain.Evidence `json:"evidence"`
}

func (Publish) Name() domain.CommandName { return "disclosure.publish" }

func (Publish) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader, domain.RoleOfficer}
}

func (c Publish) Decide(i Item, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	on, err := upToNow("on", c.On, act, book)
	if err := domain.First(i.in("published", StatusDue), err, checkWhere(i.Medium, c.URL, c.Place), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	if i.Cause != "" {
		return nil, domain.Refuse(domain.CodeRule, "", "the act it is about was overturned (%s); withdraw the item", i.Cause).Under(book.Disclosure.Withdraw.Source)
	}
	if len(c.Evidence) == 0 {
		return nil, domain.Refuse(domain.CodeIncomplete, "evidence", "file the digest of what was shown to the public")
	}
	return []domain.Event{Published{i.Medium, i.Unit, on, c.URL, c.Place, c.Evidence, on.DaysPast(i.By)}}, nil
}

// checkWhere refuses a publication that nobody could find.
func checkWhere(medium Medium, url, place string) error {
	if err := domain.First(checkURL(url), domain.CheckOptionalText("place", place)); err != nil {
		return err
	}
	if url == "" && (medium == MediumWebsite || place == "") {
		field := "place"
		if medium == MediumWebsite {
			field = "url"
		}
		return domain.Refuse(domain.CodeInvalid, field, "say where the public finds it")
	}
	return nil
}

// checkURL refuses an address that is not one of the web: the public follows
// it. None is fine.
func checkURL(url string) error {
	if url != "" && !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return domain.Refuse(domain.CodeInvalid, "url", "must begin with https:// or http://")
	}
	return domain.CheckOptionalText("url", url)
}

// Corrected: what is public was put right.
type Corrected struct {
	Unit     domain.UnitID     `json:"unit"`
	Reason   string            `json:"reason"`
	Evidence []domain.Evidence `json:"evidence"`
}

func (Corrected) Kind() domain.Kind { return "disclosure.corrected.v1" }

// Apply changes nothing: the item stays public, and the correction is read
// from the events.
func (e Corrected) Apply(i *Item, act domain.Act) {}

// Correct puts right what is public.
type Correct struct {
	Reason string `json:"reason"`
	// Evidence is at least one entry: the digest of what is shown now.
	Evidence []domain.Evidence `json:"evidence"`
}

func (Correct) Name() domain.CommandName { return "disclosure.correct" }

func (Correct) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader, domain.RoleOfficer}
}

func (c Correct) Decide(i Item, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(i.in("corrected", StatusPublished), domain.CheckText("reason", c.Reason), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	if len(c.Evidence) == 0 {
		return nil, domain.Refuse(domain.CodeIncomplete, "evidence", "file the digest of what is shown now")
	}
	return []domain.Event{Corrected{i.Unit, c.Reason, c.Evidence}}, nil
}
