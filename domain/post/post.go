// Package post is the room of one position (岗位) and the powers it holds:
// the power list (权力清单), the risk points with their grading at three
// levels, the controls against them, and how long one may stay (articles I9
// and I10).
//
// A risk is graded in rounds. In a round each of the three levels grades
// once, by three different persons, the leadership last; its grade is the
// risk's. A re-rating, required by a case, a change of law or the passing of
// a year, begins a new round for every risk of the post and is done when all
// of them have been graded anew.
package post

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("post", "岗位",
	[]domain.EventOf[Post]{
		Defined{}, PowerListed{}, PowerRevised{}, RiskIdentified{}, RiskGraded{},
		ControlAdopted{}, ControlTested{}, ReratingRequired{}, RotationRuleSet{}, Closed{}, Imported{},
	},
	[]domain.CommandOf[Post]{
		Define{}, ListPower{}, RevisePower{}, IdentifyRisk{}, GradeRisk{},
		AdoptControl{}, TestControl{}, RequireRerating{}, SetRotationRule{}, Close{}, Import{},
	})

// Status is where in its life a post stands.
type Status string

// The life of a post.
const (
	StatusNone   Status = ""
	StatusOpen   Status = "open"
	StatusClosed Status = "closed"
)

// Post is the state of one position.
type Post struct {
	Status Status
	Title  string
	Unit   domain.UnitID
	Leader bool
	// OfOld: filed from old records, which do not tell a leading post.
	OfOld    bool
	Powers   []string // their codes
	Risks    []Risk
	Controls []Control
	// Reratings are those required and not done, in the order of asking.
	Reratings []Rerating
	// RotationYears is the longest stay set for this post; 0 when the
	// rulebook's holds.
	RotationYears int
}

// Risk is a risk point and how it is graded.
type Risk struct {
	Code  string
	Power string
	// Grade is that of the last full round ("" before the first), to be
	// repeated by NextBy.
	Grade  Grade
	Score  int
	NextBy domain.Date
	// Round are the gradings of the round under way; Pending tells that a
	// required re-rating waits for it.
	Round   []Grading
	Pending bool
}

// Grading is who graded at which level.
type Grading struct {
	Level Level
	By    domain.ActorID
}

// Control is a measure against a risk.
type Control struct {
	Code    string
	Risk    string
	Adopter domain.ActorID
	// Tested tells that it was tested, Passed how the last test ended.
	Tested bool
	Passed bool
}

// Rerating is a demand to grade every risk anew.
type Rerating struct {
	Cause string
	Case  domain.CaseID
	Due   domain.Date
}

// HighRisk tells whether a risk of the post is graded high.
func (p Post) HighRisk() bool {
	return slices.ContainsFunc(p.Risks, func(r Risk) bool { return r.Grade == GradeHigh })
}

// Graded tells whether any risk of the post has its grade.
func (p Post) Graded() bool {
	return slices.ContainsFunc(p.Risks, func(r Risk) bool { return r.Grade != "" })
}

// Standing refuses a post that does not exist or is closed, for commands that
// put somebody into it. field is the one of the command that names the post.
func (p Post) Standing(field string, id domain.PostID) error {
	switch p.Status {
	case StatusNone:
		return domain.Refuse(domain.CodeNotFound, field, "there is no post %s; define or import it first", id)
	case StatusClosed:
		return domain.Refuse(domain.CodeState, field, "post %s is closed", id)
	}
	return nil
}

// open refuses unless the post is defined and not closed.
func (p Post) open() error {
	switch p.Status {
	case StatusNone:
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such post; define or import it first")
	case StatusClosed:
		return domain.Refuse(domain.CodeState, "", "the post is closed")
	}
	return nil
}

func (p Post) risk(code string) int {
	return slices.IndexFunc(p.Risks, func(r Risk) bool { return r.Code == code })
}

func (p Post) control(code string) int {
	return slices.IndexFunc(p.Controls, func(c Control) bool { return c.Code == code })
}

// hasRisk refuses unless the risk was identified.
func (p Post) hasRisk(code string) error {
	if p.risk(code) < 0 {
		return domain.Refuse(domain.CodeIncomplete, "risk", "risk %q was not identified at this post; identify it first", code)
	}
	return nil
}

// hasPower refuses unless the power was listed.
func (p Post) hasPower(code string) error {
	if !slices.Contains(p.Powers, code) {
		return domain.Refuse(domain.CodeIncomplete, "power", "power %q is not on the list of this post; list it first", code)
	}
	return nil
}
