package reward

import (
	"github.com/probity-ledger/probity/domain"
)

// Verified: another person checked the merit against its evidence.
type Verified struct {
	Opinion  string            `json:"opinion"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (Verified) Kind() domain.Kind { return "reward.verified.v1" }

func (e Verified) Apply(r *Reward, act domain.Act) {
	r.Status, r.Verifier = StatusVerified, act.Actor
}

// Verify confirms the merit against its evidence.
type Verify struct {
	Opinion  string            `json:"opinion"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (Verify) Name() domain.CommandName { return "reward.verify" }

func (Verify) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleInspector} }

func (c Verify) Reads(r Reward, act domain.Act) []domain.Reference {
	return []domain.Reference{r.Officer}
}

func (c Verify) Decide(r Reward, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(r.in("verified", StatusNominated), r.apart(act, book, "verify", r.Nominator),
		domain.CheckText("opinion", c.Opinion), domain.CheckEvidence("evidence", c.Evidence), worthy("", r.Officer, act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{Verified(c)}, nil
}

// Publicised: the nomination was made public 公示; objections are taken up
// to and including the day ObjectionsEnd.
type Publicised struct {
	Medium        string      `json:"medium"`
	ObjectionsEnd domain.Date `json:"objectionsEnd"`
}

func (Publicised) Kind() domain.Kind { return "reward.publicised.v1" }

func (e Publicised) Apply(r *Reward, act domain.Act) {
	r.Status, r.ObjectionsEnd = StatusPublicised, e.ObjectionsEnd
}

// Publicise makes the nomination public for the rulebook's period.
type Publicise struct {
	Medium string `json:"medium"`
}

func (Publicise) Name() domain.CommandName { return "reward.publicise" }

func (Publicise) By() []domain.Role { return []domain.Role{domain.RoleHR} }

func (c Publicise) Decide(r Reward, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(r.in("publicised", StatusVerified), domain.CheckText("medium", c.Medium)); err != nil {
		return nil, err
	}
	end := book.Reward.Publicise.After(book.Calendar.Day(act.OccurredAt), book.Calendar)
	return []domain.Event{Publicised{c.Medium, end}}, nil
}

// Objected: someone objected during the publication.
type Objected struct {
	Ground string `json:"ground"`
}

func (Objected) Kind() domain.Kind { return "reward.objected.v1" }

func (e Objected) Apply(r *Reward, act domain.Act) {
	r.Objections++
	r.OpenObjections++
}

// Object raises an objection to a publicised reward.
type Object struct {
	Ground string `json:"ground"`
}

func (Object) Name() domain.CommandName { return "reward.object" }

func (Object) By() []domain.Role {
	return []domain.Role{domain.RoleOfficer, domain.RoleIntake, domain.RoleInspector, domain.RoleHR, domain.RoleLeader}
}

func (c Object) Decide(r Reward, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(r.in("objected to", StatusPublicised), domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	if book.Calendar.Day(act.OccurredAt).After(r.ObjectionsEnd) {
		return nil, domain.Refuse(domain.CodeTooLate, "", "objections were taken up to %s", r.ObjectionsEnd).Under(book.Reward.Publicise.Source)
	}
	return []domain.Event{Objected(c)}, nil
}

// ObjectionAnswered: one objection was looked into and answered.
type ObjectionAnswered struct {
	Answer string `json:"answer"`
}

func (ObjectionAnswered) Kind() domain.Kind { return "reward.objection_answered.v1" }

func (e ObjectionAnswered) Apply(r *Reward, act domain.Act) {
	r.OpenObjections = max(0, r.OpenObjections-1)
}

// AnswerObjection closes the oldest open objection with an answer.
type AnswerObjection struct {
	Answer string `json:"answer"`
}

func (AnswerObjection) Name() domain.CommandName { return "reward.answer_objection" }

func (AnswerObjection) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleInspector} }

func (c AnswerObjection) Decide(r Reward, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(r.in("answered for", StatusPublicised), domain.CheckText("answer", c.Answer)); err != nil {
		return nil, err
	}
	if r.OpenObjections == 0 {
		return nil, domain.Refuse(domain.CodeState, "", "no objection is open")
	}
	return []domain.Event{ObjectionAnswered(c)}, nil
}

// Granted: the honour was conferred.
type Granted struct {
	Officer domain.OfficerID `json:"officer,omitzero"`
	Unit    domain.UnitID    `json:"unit,omitzero"`
	Honour  string           `json:"honour"`
}

func (Granted) Kind() domain.Kind { return "reward.granted.v1" }

func (e Granted) Apply(r *Reward, act domain.Act) { r.Status = StatusGranted }

// Grant confers the honour once the publication has run without an open
// objection.
type Grant struct{}

func (Grant) Name() domain.CommandName { return "reward.grant" }

func (Grant) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Grant) Reads(r Reward, act domain.Act) []domain.Reference {
	return []domain.Reference{r.Officer}
}

func (c Grant) Decide(r Reward, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(r.in("granted", StatusPublicised), r.apart(act, book, "grant", r.Nominator, r.Verifier)); err != nil {
		return nil, err
	}
	if !book.Calendar.Day(act.OccurredAt).After(r.ObjectionsEnd) {
		return nil, domain.Refuse(domain.CodeTooEarly, "", "objections are taken up to %s", r.ObjectionsEnd).Under(book.Reward.Publicise.Source)
	}
	if r.OpenObjections > 0 {
		return nil, domain.Refuse(domain.CodeIncomplete, "", "%d objections are still unanswered", r.OpenObjections).Under(book.Reward.Publicise.Source)
	}
	if err := worthy("", r.Officer, act, book); err != nil {
		return nil, err
	}
	return []domain.Event{Granted{r.Officer, r.Unit, r.Honour}}, nil
}

// Refused: the honour was not conferred.
type Refused struct {
	Reason string `json:"reason"`
}

func (Refused) Kind() domain.Kind { return "reward.refused.v1" }

func (e Refused) Apply(r *Reward, act domain.Act) { r.Status = StatusRefused }

// Refuse turns the nomination down, at any step before it is granted.
type Refuse struct {
	Reason string `json:"reason"`
}

func (Refuse) Name() domain.CommandName { return "reward.refuse" }

func (Refuse) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Refuse) Decide(r Reward, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(r.in("refused", StatusNominated, StatusVerified, StatusPublicised), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{Refused(c)}, nil
}

// Revoked: a granted honour was withdrawn.
type Revoked struct {
	Officer domain.OfficerID `json:"officer,omitzero"`
	Unit    domain.UnitID    `json:"unit,omitzero"`
	Reason  string           `json:"reason"`
}

func (Revoked) Kind() domain.Kind { return "reward.revoked.v1" }

func (e Revoked) Apply(r *Reward, act domain.Act) { r.Status = StatusRevoked }

// Revoke withdraws a granted honour, such as one gained by deceit.
type Revoke struct {
	Reason string `json:"reason"`
}

func (Revoke) Name() domain.CommandName { return "reward.revoke" }

func (Revoke) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Revoke) Decide(r Reward, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(r.in("revoked", StatusGranted), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{Revoked{r.Officer, r.Unit, c.Reason}}, nil
}
