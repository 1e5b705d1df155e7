package officer_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/unit"
)

// house is the open unit U1.
var house = map[domain.Reference]any{domain.UnitID("U1"): unit.Unit{Status: unit.StatusOpen}}

// seat is an open post in its open unit, and what the post's record says.
func seat(id domain.PostID, in domain.UnitID, leader, highRisk bool) map[domain.Reference]any {
	return filled(id, in, post.Post{Status: post.StatusOpen, Unit: in, Leader: leader, Risks: risksGraded(highRisk)}, unit.StatusOpen)
}

func filled(id domain.PostID, in domain.UnitID, p post.Post, status unit.Status) map[domain.Reference]any {
	return map[domain.Reference]any{id: p, in: unit.Unit{Status: status}}
}

func risksGraded(high bool) []post.Risk {
	if high {
		return []post.Risk{{Code: "R1", Grade: post.GradeLow}, {Code: "R2", Grade: post.GradeHigh}}
	}
	return []post.Risk{{Code: "R1", Grade: post.GradeMedium}, {Code: "R2"}}
}

func TestNobodyEntersAUnitThatDoesNotStand(t *testing.T) {
	enroll := officer.Enroll{FullName: "王芳", Unit: "U1"}
	domaintest.Run(t, officer.Room, []domaintest.Scenario{
		{Name: "one that does not exist", When: enroll, As: hr, Refused: domain.CodeNotFound, Field: "unit"},
		{Name: "one that is closed", When: enroll, As: hr, Sees: map[domain.Reference]any{domain.UnitID("U1"): unit.Unit{Status: unit.StatusClosed}},
			Refused: domain.CodeState, Field: "unit"},
	})
}

// Each is tried by an appointment to G2 in U2, and by a rotation there.
func TestAPostIsTakenUpWhereItIsAndAsWhatItIs(t *testing.T) {
	open := post.Post{Status: post.StatusOpen, Unit: "U2"}
	with := func(change func(*post.Post)) post.Post {
		p := open
		change(&p)
		return p
	}
	for _, c := range []struct {
		name             string
		post             post.Post
		unit             unit.Status
		leader, highRisk bool // as the command claims
		asLeader, asRisk bool // as the event says
		refused          domain.Code
		field            string // "post" stands for what names the post
	}{
		{name: "a post of no special kind", post: open, unit: unit.StatusOpen},
		{name: "a leading post, though the command left it out", post: with(func(p *post.Post) { p.Leader = true }), unit: unit.StatusOpen, asLeader: true},
		{name: "a high-risk post, though the command left it out", post: with(func(p *post.Post) { p.Risks = risksGraded(true) }), unit: unit.StatusOpen, asRisk: true},
		{name: "a post whose risks nobody has graded is believed to be high-risk", post: with(func(p *post.Post) { p.Risks = []post.Risk{{Code: "R1"}} }), unit: unit.StatusOpen, highRisk: true, asRisk: true},
		{name: "a post of old records is believed to be leading", post: with(func(p *post.Post) { p.OfOld = true }), unit: unit.StatusOpen, leader: true, asLeader: true},
		{name: "a post of old records may be in a unit that is not on file", post: with(func(p *post.Post) { p.OfOld = true })},
		{name: "or say nothing of its unit", post: with(func(p *post.Post) { p.OfOld, p.Unit = true, "" }), unit: unit.StatusOpen},
		{name: "but then the unit must exist", post: with(func(p *post.Post) { p.OfOld, p.Unit = true, "" }), refused: domain.CodeNotFound, field: "unit"},
		{name: "a post that does not exist", unit: unit.StatusOpen, refused: domain.CodeNotFound, field: "post"},
		{name: "a closed post", post: with(func(p *post.Post) { p.Status = post.StatusClosed }), unit: unit.StatusOpen, refused: domain.CodeState, field: "post"},
		{name: "a post of another unit", post: with(func(p *post.Post) { p.Unit = "U1" }), unit: unit.StatusOpen, refused: domain.CodeInvalid, field: "unit"},
		{name: "a post of a closed unit", post: open, unit: unit.StatusClosed, refused: domain.CodeState, field: "unit"},
		{name: "no post becomes a leading one by appointment", post: open, unit: unit.StatusOpen, leader: true, refused: domain.CodeInvalid, field: "leader"},
		{name: "nor a high-risk one", post: with(func(p *post.Post) { p.Risks = risksGraded(false) }), unit: unit.StatusOpen, highRisk: true, refused: domain.CodeInvalid, field: "highRisk"},
	} {
		sees := filled("G2", "U2", c.post, c.unit)
		appoint := domaintest.Scenario{Name: c.name + ", appointed", Given: past(), As: hr, Sees: sees,
			When: officer.Appoint{Post: "G2", Unit: "U2", Leader: c.leader, HighRisk: c.highRisk}}
		rotate := domaintest.Scenario{Name: c.name + ", rotated", Given: past(appointed), As: hr, Sees: sees,
			When: officer.Rotate{To: "G2", Unit: "U2", Leader: c.leader, HighRisk: c.highRisk}}
		if c.refused != "" {
			appoint.Refused, appoint.Field = c.refused, c.field
			rotate.Refused, rotate.Field = c.refused, c.field
			if c.field == "post" {
				rotate.Field = "to"
			}
		} else {
			appoint.Then = []domain.Event{officer.Appointed{Post: "G2", Unit: "U2", Leader: c.asLeader, HighRisk: c.asRisk, On: day("2024-03-04")}}
			rotate.Then = []domain.Event{officer.Rotated{From: "G1", To: "G2", Unit: "U2", Leader: c.asLeader, HighRisk: c.asRisk, On: day("2024-03-04")}}
		}
		domaintest.Run(t, officer.Room, []domaintest.Scenario{appoint, rotate})
	}
}
