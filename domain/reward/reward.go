// Package reward is the room of one honour for a person or a unit (奖励,
// article D7): nominated, verified, publicised, then granted or refused.
//
// The nominator, the verifier and the granter are different persons, and
// nothing is granted before the objection period after publication has run
// and every objection has been answered. At each of these three steps the
// officer's own file is looked into: nobody is honoured while under inquiry
// or while a sanction bars honours. Honours of old are imported unjudged.
package reward

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("reward", "奖励",
	[]domain.EventOf[Reward]{
		Nominated{}, Verified{}, Publicised{}, Objected{}, ObjectionAnswered{}, Granted{}, Refused{}, Revoked{}, Imported{},
	},
	[]domain.CommandOf[Reward]{
		Nominate{}, Verify{}, Publicise{}, Object{}, AnswerObjection{}, Grant{}, Refuse{}, Revoke{}, Import{},
	})

// Status is where in its life a reward stands.
type Status string

// The life of a reward.
const (
	StatusNone       Status = ""
	StatusNominated  Status = "nominated"
	StatusVerified   Status = "verified"
	StatusPublicised Status = "publicised"
	StatusGranted    Status = "granted"
	StatusRefused    Status = "refused"
	StatusRevoked    Status = "revoked"
)

// Reward is the state of one honour.
type Reward struct {
	Status         Status
	Officer        domain.OfficerID
	Unit           domain.UnitID
	Honour         string
	Nominator      domain.ActorID
	Verifier       domain.ActorID
	ObjectionsEnd  domain.Date
	Objections     int
	OpenObjections int
}

// in refuses unless the reward stands at one of the statuses.
func (r Reward) in(verb string, allowed ...Status) error {
	if r.Status == StatusNone {
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such reward; nominate it first")
	}
	if !slices.Contains(allowed, r.Status) {
		return domain.Refuse(domain.CodeState, "", "a reward that is %s cannot be %s", r.Status, verb)
	}
	return nil
}

// apart refuses when the one who acts already acted at an earlier step.
func (r Reward) apart(act domain.Act, book *domain.Rulebook, verb string, earlier ...domain.ActorID) error {
	if slices.Contains(earlier, act.Actor) {
		return domain.Refuse(domain.CodeConflict, "actor", "%s took an earlier step of this reward; another person must %s it", act.Actor, verb).Under(book.Reward.Separation)
	}
	if domain.ActorID(r.Officer) == act.Actor && r.Officer != "" {
		return domain.Refuse(domain.CodeConflict, "actor", "nobody may %s their own reward", verb).Under(book.Reward.Separation)
	}
	return nil
}

// worthy refuses a step towards an honour for an officer whose file bars it
// on the day of the act. A unit has no such file.
func worthy(field string, id domain.OfficerID, act domain.Act, book *domain.Rulebook) error {
	if id == "" {
		return nil
	}
	return domain.See[officer.Officer](act, id).MayBeHonoured(field, id, book.Calendar.Day(act.OccurredAt), book)
}
