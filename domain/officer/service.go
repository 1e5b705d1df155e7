package officer

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/unit"
)

// Enrolled: the person entered the service.
type Enrolled struct {
	FullName    string        `json:"name"`
	LatinName   string        `json:"latinName,omitzero"`
	StaffNumber string        `json:"staffNumber,omitzero"`
	Unit        domain.UnitID `json:"unit"`
	On          domain.Date   `json:"on"`
	Rank        string        `json:"rank,omitzero"`
}

func (Enrolled) Kind() domain.Kind { return "officer.enrolled.v1" }

func (e Enrolled) Apply(o *Officer, act domain.Act) {
	o.Status, o.Name, o.Unit, o.Rank, o.EnrolledOn = StatusServing, e.FullName, e.Unit, e.Rank, e.On
}

// Enroll takes a person into the service.
type Enroll struct {
	FullName string `json:"name"`
	// LatinName is the name in Latin letters, such as pinyin.
	LatinName   string `json:"latinName,omitzero"`
	StaffNumber string `json:"staffNumber,omitzero"`
	// Unit is where the person will serve; it exists and is open.
	Unit domain.UnitID `json:"unit"`
	// On is the first day of service; the day of the act when absent.
	On   domain.Date `json:"on,omitzero"`
	Rank string      `json:"rank,omitzero"`
}

func (Enroll) Name() domain.CommandName { return "officer.enroll" }

func (Enroll) By() []domain.Role { return []domain.Role{domain.RoleHR} }

func (c Enroll) Reads(o Officer, act domain.Act) []domain.Reference {
	return []domain.Reference{c.Unit}
}

func (c Enroll) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if o.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this officer is on file already")
	}
	on, err := effective(c.On, domain.Date{}, act, book)
	if err := domain.First(byAnother(act, book), err, domain.CheckText("name", c.FullName), domain.CheckOptionalText("latinName", c.LatinName),
		domain.CheckOptionalText("staffNumber", c.StaffNumber), domain.CheckID("unit", c.Unit), domain.CheckOptionalText("rank", c.Rank)); err != nil {
		return nil, err
	}
	if err := domain.See[unit.Unit](act, c.Unit).Standing("unit", c.Unit); err != nil {
		return nil, err
	}
	c.On = on
	return []domain.Event{Enrolled(c)}, nil
}

// Appointed: the officer took up a post, holding none before.
type Appointed struct {
	Post     domain.PostID `json:"post"`
	Unit     domain.UnitID `json:"unit"`
	Leader   bool          `json:"leader"`
	HighRisk bool          `json:"highRisk"`
	On       domain.Date   `json:"on"`
}

func (Appointed) Kind() domain.Kind { return "officer.appointed.v1" }

func (e Appointed) Apply(o *Officer, act domain.Act) {
	o.takeUp(e.Post, e.Unit, e.Leader, e.HighRisk, e.On)
}

// takeUp folds the beginning of a stay in a post. A deferral of rotation
// ends with the post it was granted for.
func (o *Officer) takeUp(post domain.PostID, unit domain.UnitID, leader, highRisk bool, on domain.Date) {
	o.Post, o.Unit, o.Leader, o.HighRisk, o.Since = post, unit, leader, highRisk, on
	o.DeferredUntil = domain.Date{}
}

// Appoint gives a post to an officer who holds none.
type Appoint struct {
	// Post is one that exists and is not closed.
	Post domain.PostID `json:"post"`
	// Unit is the unit the post belongs to.
	Unit domain.UnitID `json:"unit"`
	// Leader and HighRisk say what the post is; they set how long one may
	// stay in it and what holds after leaving the service. They are taken
	// from the post where its record tells them, and may be left out then.
	Leader   bool `json:"leader"`
	HighRisk bool `json:"highRisk"`
	// On is the first day in the post; the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
}

func (Appoint) Name() domain.CommandName { return "officer.appoint" }

func (Appoint) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Appoint) seat() seat { return seat{"post", c.Post, c.Unit, c.Leader, c.HighRisk} }

func (c Appoint) Reads(o Officer, act domain.Act) []domain.Reference { return c.seat().reads() }

func (c Appoint) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.onDuty("appointed"), byAnother(act, book), o.notInquired("appointed", book)); err != nil {
		return nil, err
	}
	if o.Post != "" {
		return nil, domain.Refuse(domain.CodeState, "post", "the officer holds post %s; rotate instead", o.Post)
	}
	on, err := effective(c.On, o.EnrolledOn, act, book)
	if err := domain.First(domain.CheckID("post", c.Post), domain.CheckID("unit", c.Unit), err); err != nil {
		return nil, err
	}
	c.On = on
	if c.Leader, c.HighRisk, err = c.seat().check(act); err != nil {
		return nil, err
	}
	return []domain.Event{Appointed(c)}, nil
}

// Rotated: the officer moved from one post to another 轮岗.
type Rotated struct {
	From     domain.PostID `json:"from"`
	To       domain.PostID `json:"to"`
	Unit     domain.UnitID `json:"unit"`
	Leader   bool          `json:"leader"`
	HighRisk bool          `json:"highRisk"`
	On       domain.Date   `json:"on"`
}

func (Rotated) Kind() domain.Kind { return "officer.rotated.v1" }

func (e Rotated) Apply(o *Officer, act domain.Act) {
	o.takeUp(e.To, e.Unit, e.Leader, e.HighRisk, e.On)
}

// Rotate moves the officer from the post held to another.
type Rotate struct {
	// To is a post that exists and is not closed.
	To domain.PostID `json:"to"`
	// Unit is the unit the new post belongs to.
	Unit domain.UnitID `json:"unit"`
	// Leader and HighRisk say what the new post is, as in Appoint.
	Leader   bool `json:"leader"`
	HighRisk bool `json:"highRisk"`
	// On is the first day in the new post; the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
}

func (Rotate) Name() domain.CommandName { return "officer.rotate" }

func (Rotate) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Rotate) seat() seat { return seat{"to", c.To, c.Unit, c.Leader, c.HighRisk} }

func (c Rotate) Reads(o Officer, act domain.Act) []domain.Reference { return c.seat().reads() }

func (c Rotate) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.onDuty("rotated"), byAnother(act, book), o.notInquired("rotated", book)); err != nil {
		return nil, err
	}
	if o.Post == "" {
		return nil, domain.Refuse(domain.CodeState, "to", "the officer holds no post to rotate from; appoint instead")
	}
	if c.To == o.Post {
		return nil, domain.Refuse(domain.CodeInvalid, "to", "the officer holds post %s already", o.Post)
	}
	on, err := effective(c.On, o.Since, act, book)
	if err := domain.First(domain.CheckID("to", c.To), domain.CheckID("unit", c.Unit), err); err != nil {
		return nil, err
	}
	leader, highRisk, err := c.seat().check(act)
	if err != nil {
		return nil, err
	}
	return []domain.Event{Rotated{o.Post, c.To, c.Unit, leader, highRisk, on}}, nil
}

// RotationDeferred: the officer stays in the post up to and including the
// day Until, though it may be time to rotate.
type RotationDeferred struct {
	Post     domain.PostID  `json:"post"`
	Until    domain.Date    `json:"until"`
	Reason   string         `json:"reason"`
	Approver domain.ActorID `json:"approver"`
}

func (RotationDeferred) Kind() domain.Kind { return "officer.rotation_deferred.v1" }

func (e RotationDeferred) Apply(o *Officer, act domain.Act) {
	if e.Post == o.Post {
		o.DeferredUntil = e.Until
	}
}

// DeferRotation puts rotation out of the post held off to a later day. Who
// files it, who approves it and whom it concerns are three persons.
type DeferRotation struct {
	Until    domain.Date    `json:"until"`
	Reason   string         `json:"reason"`
	Approver domain.ActorID `json:"approver"`
}

func (DeferRotation) Name() domain.CommandName { return "officer.defer_rotation" }

func (DeferRotation) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c DeferRotation) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.serving(), byAnother(act, book)); err != nil {
		return nil, err
	}
	if o.Post == "" {
		return nil, domain.Refuse(domain.CodeState, "", "the officer holds no post to rotate from")
	}
	if err := domain.First(domain.CheckText("reason", c.Reason), domain.CheckID("approver", c.Approver)); err != nil {
		return nil, err
	}
	if c.Approver == act.Actor || string(c.Approver) == act.Subject {
		return nil, domain.Refuse(domain.CodeConflict, "approver", "a third person approves the deferral: neither who files it nor whom it concerns").Under(book.Service.Rotation.Source)
	}
	if !c.Until.After(book.Calendar.Day(act.OccurredAt)) {
		return nil, domain.Refuse(domain.CodeInvalid, "until", "must be a day after the deferral")
	}
	return []domain.Event{RotationDeferred{o.Post, c.Until, c.Reason, c.Approver}}, nil
}

// Promoted: the officer was given a higher rank.
type Promoted struct {
	Rank string      `json:"rank"`
	On   domain.Date `json:"on"`
}

func (Promoted) Kind() domain.Kind { return "officer.promoted.v1" }

func (e Promoted) Apply(o *Officer, act domain.Act) { o.Rank = e.Rank }

// Promote gives the officer a higher rank. Neither the day of the decision
// nor the day it takes effect may lie in a period that bars promotion.
type Promote struct {
	Rank string `json:"rank"`
	// On is the day it takes effect; the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
}

func (Promote) Name() domain.CommandName { return "officer.promote" }

func (Promote) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Promote) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	on, err := effective(c.On, o.EnrolledOn, act, book)
	if err := domain.First(o.onDuty("promoted"), byAnother(act, book), o.notInquired("promoted", book),
		domain.CheckText("rank", c.Rank), err); err != nil {
		return nil, err
	}
	if c.Rank == o.Rank {
		return nil, domain.Refuse(domain.CodeInvalid, "rank", "the officer holds the rank %q already", c.Rank)
	}
	for _, r := range o.Restrictions {
		if r.BarsPromotion && (r.InForce(on) || r.InForce(book.Calendar.Day(act.OccurredAt))) {
			return nil, domain.Refuse(domain.CodeRule, "", "sanction %s (%s) bars promotion %s", r.Sanction, r.Measure, r.length()).Under(r.source(book))
		}
	}
	c.On = on
	return []domain.Event{Promoted(c)}, nil
}
