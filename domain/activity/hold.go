package activity

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Held: the activity took place. Expected is how many should have come:
// those invited, where a list names them.
type Held struct {
	ActivityKind Kind               `json:"kind"`
	Format       Format             `json:"format"`
	Unit         domain.UnitID      `json:"unit"`
	Topic        string             `json:"topic"`
	On           domain.Date        `json:"on"`
	Hours        int                `json:"hours"`
	Attendees    []domain.OfficerID `json:"attendees,omitempty"`
	Invited      []domain.OfficerID `json:"invited,omitempty"`
	Expected     int                `json:"expected"`
	Contributors int                `json:"contributors,omitzero"`
	Observers    []domain.ActorID   `json:"observers,omitempty"`
	Materials    []domain.Evidence  `json:"materials,omitempty"`
	Minutes      domain.Evidence    `json:"minutes,omitzero"`
	Unscheduled  bool               `json:"unscheduled,omitzero"`
	Reason       string             `json:"reason,omitzero"`
}

func (Held) Kind() domain.Kind { return "activity.held.v1" }

func (e Held) Apply(a *Activity, act domain.Act) {
	a.Status, a.Kind, a.Format, a.Unit, a.Topic, a.Holder = StatusHeld, e.ActivityKind, e.Format, e.Unit, e.Topic, act.Actor
}

// Hold records that a scheduled activity took place.
type Hold struct {
	// On is the day it was held, the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
	// Hours is how long it was, 1 to MostHours.
	Hours     int                `json:"hours"`
	Attendees []domain.OfficerID `json:"attendees,omitempty"`
	// Invited names those who should come, or Expected says how many; one of
	// them. Nobody else attends: guests are observers.
	Invited  []domain.OfficerID `json:"invited,omitempty"`
	Expected int                `json:"expected,omitzero"`
	// Contributors is how many of the attendees spoke or brought something.
	Contributors int `json:"contributors,omitzero"`
	// Observers came from outside.
	Observers []domain.ActorID  `json:"observers,omitempty"`
	Materials []domain.Evidence `json:"materials,omitempty"`
	// Minutes are required of a branch study.
	Minutes domain.Evidence `json:"minutes,omitzero"`
}

func (Hold) Name() domain.CommandName { return "activity.hold" }

func (Hold) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader}
}

func (c Hold) Decide(a Activity, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := a.in("held", StatusScheduled); err != nil {
		return nil, err
	}
	return Held{
		ActivityKind: a.Kind, Format: a.Format, Unit: a.Unit, Topic: a.Topic, On: c.On, Hours: c.Hours,
		Attendees: c.Attendees, Invited: c.Invited, Expected: c.Expected, Contributors: c.Contributors, Observers: c.Observers,
		Materials: c.Materials, Minutes: c.Minutes,
	}.decided(act, book)
}

// HoldUnscheduled records that an activity took place which was not
// scheduled, and why it was not.
type HoldUnscheduled struct {
	// ActivityKind and Format as of Schedule.
	ActivityKind Kind          `json:"kind"`
	Format       Format        `json:"format"`
	Unit         domain.UnitID `json:"unit"`
	Topic        string        `json:"topic"`
	// Reason says why it was not scheduled.
	Reason string `json:"reason"`
	// The rest as of Hold.
	On           domain.Date        `json:"on,omitzero"`
	Hours        int                `json:"hours"`
	Attendees    []domain.OfficerID `json:"attendees,omitempty"`
	Invited      []domain.OfficerID `json:"invited,omitempty"`
	Expected     int                `json:"expected,omitzero"`
	Contributors int                `json:"contributors,omitzero"`
	Observers    []domain.ActorID   `json:"observers,omitempty"`
	Materials    []domain.Evidence  `json:"materials,omitempty"`
	Minutes      domain.Evidence    `json:"minutes,omitzero"`
}

func (HoldUnscheduled) Name() domain.CommandName { return "activity.hold_unscheduled" }

func (HoldUnscheduled) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader}
}

func (c HoldUnscheduled) Decide(a Activity, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(a.fresh(), domain.CheckOneOf("kind", c.ActivityKind, Kinds()...), domain.CheckOneOf("format", c.Format, Formats()...),
		domain.CheckID("unit", c.Unit), domain.CheckText("topic", c.Topic), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return Held{
		ActivityKind: c.ActivityKind, Format: c.Format, Unit: c.Unit, Topic: c.Topic, On: c.On, Hours: c.Hours,
		Attendees: c.Attendees, Invited: c.Invited, Expected: c.Expected, Contributors: c.Contributors, Observers: c.Observers,
		Materials: c.Materials, Minutes: c.Minutes, Unscheduled: true, Reason: c.Reason,
	}.decided(act, book)
}

// decided checks what is told of a session and returns it as decided.
func (e Held) decided(act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	on, err := upToNow("on", e.On, act, book)
	if err := domain.First(err, checkHours(e.Hours), e.checkAttendance(), checkPeople("observers", e.Observers),
		domain.CheckEvidence("materials", e.Materials)); err != nil {
		return nil, err
	}
	if len(e.Invited) > 0 {
		e.Expected = len(e.Invited)
	}
	switch {
	case e.Minutes != domain.Evidence{}:
		if err := domain.CheckEvidence("minutes", []domain.Evidence{e.Minutes}); err != nil {
			return nil, err
		}
	case e.ActivityKind == KindBranchStudy:
		return nil, domain.Refuse(domain.CodeIncomplete, "minutes", "are missing; a branch study has minutes").Under(book.Activity.Minutes)
	}
	e.On = on
	return []domain.Event{e}, nil
}

// checkAttendance refuses attendance beyond those expected, and more
// contributors than attendees.
func (e Held) checkAttendance() error {
	if err := domain.First(checkPeople("attendees", e.Attendees), checkPeople("invited", e.Invited)); err != nil {
		return err
	}
	if (len(e.Invited) > 0) == (e.Expected != 0) {
		return domain.Refuse(domain.CodeInvalid, "invited", "name those invited, or say in expected how many should come; one of them")
	}
	if len(e.Invited) > 0 {
		for _, o := range e.Attendees {
			if !slices.Contains(e.Invited, o) {
				return domain.Refuse(domain.CodeInvalid, "attendees", "%s was not invited; guests are observers", o)
			}
		}
	} else if e.Expected < len(e.Attendees) {
		return domain.Refuse(domain.CodeInvalid, "attendees", "%d came where %d were expected; guests are observers", len(e.Attendees), e.Expected)
	}
	if e.Contributors < 0 || e.Contributors > len(e.Attendees) {
		return domain.Refuse(domain.CodeInvalid, "contributors", "%d of %d attendees is no count", e.Contributors, len(e.Attendees))
	}
	return nil
}

// checkPeople refuses a list that names somebody wrongly or twice, or is too
// long for one event.
func checkPeople[T ~string](field string, list []T) error {
	if len(list) > MostPeople {
		return domain.Refuse(domain.CodeInvalid, field, "names %d persons, at most %d are allowed; record a larger gathering by unit", len(list), MostPeople)
	}
	return domain.CheckIDs(field, list)
}

// Assessed: what the activity was worth.
type Assessed struct {
	ActivityKind Kind          `json:"kind"`
	Unit         domain.UnitID `json:"unit"`
	Score        int           `json:"score"`
	Feedback     string        `json:"feedback,omitzero"`
}

func (Assessed) Kind() domain.Kind { return "activity.assessed.v1" }

func (e Assessed) Apply(a *Activity, act domain.Act) { a.Status = StatusAssessed }

// Assess says once what a held activity was worth. Who recorded that it was
// held cannot.
type Assess struct {
	// Score runs from 1 to 100.
	Score int `json:"score"`
	// Feedback is what those who attended said of it.
	Feedback string `json:"feedback,omitzero"`
}

func (Assess) Name() domain.CommandName { return "activity.assess" }

func (Assess) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader, domain.RoleOverseer}
}

func (c Assess) Decide(a Activity, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(a.in("assessed", StatusHeld), domain.CheckOptionalText("feedback", c.Feedback)); err != nil {
		return nil, err
	}
	if c.Score < 1 || c.Score > 100 {
		return nil, domain.Refuse(domain.CodeInvalid, "score", "is %d; it runs from 1 to 100", c.Score)
	}
	if act.Actor == a.Holder {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s held the activity; another person must assess it", act.Actor).Under(book.Activity.Separation)
	}
	return []domain.Event{Assessed{a.Kind, a.Unit, c.Score, c.Feedback}}, nil
}
