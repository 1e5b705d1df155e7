package officer

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/unit"
)

// seat is the post and unit that a command puts an officer into, and what the
// command says the post is.
type seat struct {
	field            string // names the post in the command
	post             domain.PostID
	unit             domain.UnitID
	leader, highRisk bool
}

func (s seat) reads() []domain.Reference { return []domain.Reference{s.post, s.unit} }

// check refuses a post that does not exist, is closed or belongs to another
// unit, and a closed unit. It returns what the post is: its own record says,
// not the command. A command that claims what the record denies is refused;
// where the record is silent, because the post is of old records or none of
// its risks is graded yet, the command is believed.
func (s seat) check(act domain.Act) (leader, highRisk bool, err error) {
	p, u := domain.See[post.Post](act, s.post), domain.See[unit.Unit](act, s.unit)
	if err := p.Standing(s.field, s.post); err != nil {
		return false, false, err
	}
	switch {
	case p.Unit != "" && p.Unit != s.unit:
		return false, false, domain.Refuse(domain.CodeInvalid, "unit", "post %s belongs to unit %s", s.post, p.Unit)
	case p.Unit == "" || u.Status != unit.StatusNone: // a post of old records may be in a unit that is not on file
		if err := u.Standing("unit", s.unit); err != nil {
			return false, false, err
		}
	}
	switch {
	case s.leader && !p.Leader && !p.OfOld:
		return false, false, domain.Refuse(domain.CodeInvalid, "leader", "post %s is no leading post", s.post)
	case s.highRisk && !p.HighRisk() && p.Graded():
		return false, false, domain.Refuse(domain.CodeInvalid, "highRisk", "no risk of post %s is graded high", s.post)
	}
	return p.Leader || s.leader, p.HighRisk() || s.highRisk, nil
}
