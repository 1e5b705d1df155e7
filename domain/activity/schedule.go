package activity

import "github.com/probity-ledger/probity/domain"

// Scheduled: an activity was put on the programme of a unit.
type Scheduled struct {
	ActivityKind Kind          `json:"kind"`
	Format       Format        `json:"format"`
	Unit         domain.UnitID `json:"unit"`
	On           domain.Date   `json:"on"`
	Hours        int           `json:"hours"`
	Topic        string        `json:"topic"`
}

func (Scheduled) Kind() domain.Kind { return "activity.scheduled.v1" }

func (e Scheduled) Apply(a *Activity, act domain.Act) {
	a.Status, a.Kind, a.Format, a.Unit, a.Topic = StatusScheduled, e.ActivityKind, e.Format, e.Unit, e.Topic
}

// Schedule puts an activity on the programme of a unit, ahead of its day.
type Schedule struct {
	// ActivityKind is warning_education, branch_study, culture,
	// diligence_education or pre_post_training.
	ActivityKind Kind `json:"kind"`
	// Format is visit, talk_by_judge, film, own_play, lecture, seminar,
	// exhibition, online, case_study or other.
	Format Format        `json:"format"`
	Unit   domain.UnitID `json:"unit"`
	// On is the day planned, not before the day of the act.
	On domain.Date `json:"on"`
	// Hours is the length planned, 1 to MostHours.
	Hours int    `json:"hours"`
	Topic string `json:"topic"`
}

func (Schedule) Name() domain.CommandName { return "activity.schedule" }

func (Schedule) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader}
}

func (c Schedule) Decide(a Activity, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(a.fresh(), domain.CheckOneOf("kind", c.ActivityKind, Kinds()...), domain.CheckOneOf("format", c.Format, Formats()...),
		domain.CheckID("unit", c.Unit), checkHours(c.Hours), domain.CheckText("topic", c.Topic)); err != nil {
		return nil, err
	}
	if today := book.Calendar.Day(act.OccurredAt); c.On.Before(today) {
		return nil, domain.Refuse(domain.CodeInvalid, "on", "%q is no day from %s on; what was held without a schedule is recorded as such", c.On, today)
	}
	return []domain.Event{Scheduled(c)}, nil
}

// Cancelled: a scheduled activity will not be held.
type Cancelled struct {
	Reason string `json:"reason"`
}

func (Cancelled) Kind() domain.Kind { return "activity.cancelled.v1" }

func (e Cancelled) Apply(a *Activity, act domain.Act) { a.Status = StatusCancelled }

// Cancel takes a scheduled activity off the programme.
type Cancel struct {
	Reason string `json:"reason"`
}

func (Cancel) Name() domain.CommandName { return "activity.cancel" }

func (Cancel) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader}
}

func (c Cancel) Decide(a Activity, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(a.in("cancelled", StatusScheduled), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{Cancelled(c)}, nil
}
