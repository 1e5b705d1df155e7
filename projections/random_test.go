package projections_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/reward"
	rules "github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
)

// try records a command and does not mind a refusal.
func (h *house) try(by, subject string, c domain.Command) {
	h.t.Helper()
	role, actor, _ := strings.Cut(by, ":")
	h.count++
	act := domain.Act{Subject: subject, Actor: domain.ActorID(actor), Role: domain.Role(role)}
	if act.Role == domain.RoleImporter {
		act.Source = fmt.Sprintf("sha256:%064x", h.count)
	}
	_, err := h.recorder.Record(context.Background(), domain.Instruction{ID: fmt.Sprintf("i%d", h.count), Command: c, Act: act})
	if err != nil && domain.RefusalCode(err) == "" {
		h.t.Fatalf("%s %s by %s: %v", c.Name(), subject, by, err)
	}
}

// random adds a drawn history of n commands to the agency; many are refused,
// those that are not lead through every room.
func (h *house) random(seed uint64, n int) *house {
	rnd := rand.New(rand.NewPCG(seed, 7))
	pick := func(of ...string) string { return of[rnd.IntN(len(of))] }
	h.on("2024-05-20")
	h.drawn = true
	for range n {
		person, other := pick("P1", "P2", "P3", "P4", "P5"), pick("P1", "P2", "P3", "I1")
		c, k, s := pick("C2", "C4", "C6", "C7"), pick("C1", "M5", "M6", "C4"), pick(sanctionC1, "S9", string(reactions.SanctionOf("M6", "P2")), "S8")
		u := domain.UnitID(pick("A", "D1", "D2", "W1", "W2"))
		officers := []domain.OfficerID{domain.OfficerID(other)}
		moves := []func(){
			func() {
				h.try("hr:R1", "W2", unit.Establish{UnitName: "窗口二", UnitKind: unit.KindWindow, Parent: u})
			},
			func() { h.try("hr:R1", "W2", unit.Move{Parent: u}) },
			func() { h.try("hr:R1", string(u), unit.Rename{UnitName: fmt.Sprint("unit ", rnd.IntN(9))}) },
			func() { h.try("hr:R1", "K1", post.IdentifyRisk{Risk: pick("r1", "r2"), Description: "cash"}) },
			func() {
				h.try(pick("hr:R1", "leader:L1", "leader:L2"), "K1", post.GradeRisk{Risk: pick("r1", "r2"), Level: post.Level(pick("unit", "section", "leadership")),
					Factors: post.Factors{Nature: 1 + rnd.IntN(5), Scope: 3, Discretion: 3, Likelihood: 1 + rnd.IntN(5), Harm: 4}})
			},
			func() { h.try("hr:R1", person, officer.Enroll{FullName: "新人 " + person, Unit: u}) },
			func() { h.try("hr:R1", person, officer.Appoint{Post: domain.PostID(pick("K1", "K2")), Unit: u}) },
			func() { h.try("hr:R1", person, officer.Rotate{To: domain.PostID(pick("K1", "K2")), Unit: u}) },
			func() { h.try("hr:R1", person, officer.IssueCertificate{Number: "N" + person}) },
			func() { h.try("hr:R1", person, officer.SuspendCertificate{Reason: "lost"}) },
			func() { h.try("hr:R1", person, officer.RestoreCertificate{}) },
			func() { h.try("hr:R1", person, officer.Separate{Reason: officer.ReasonResigned}) },
			func() { h.try("leader:L1", person, officer.SuspendFromDuty{Reason: "inquiry"}) },
			func() { h.try("leader:L1", person, officer.ReturnToDuty{}) },
			func() { h.try("hr:R1", person, officer.DeclareInterest{Nature: "friend", Officer: officers[0]}) },
			func() { h.try("hr:R1", person, officer.EndInterest{Nature: "friend", Officer: officers[0]}) },
			func() {
				h.try("intake:T1", c, complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "slow", Unit: u, Officers: officers})
			},
			func() { h.try("intake:T1", c, complaint.Screen{Admissible: rnd.IntN(4) > 0, Ground: "ours"}) },
			func() { h.try("intake:T1", c, complaint.Accept{}) },
			func() { h.try("intake:T1", c, complaint.Decline{Ground: "not ours"}) },
			func() { h.try("intake:T1", c, complaint.Transfer{To: "another unit", ToUnit: u, Ground: "theirs"}) },
			func() { h.try("leader:L1", c, complaint.AssignHandler{Handler: domain.ActorID(pick("H1", "H2"))}) },
			func() { h.try("intake:T1", c, complaint.Withdraw{Reason: "settled"}) },
			func() {
				h.try(pick("handler:H1", "handler:H2"), c, complaint.Conclude{Result: complaint.ResultSubstantiated, Conduct: "slow", Officers: officers, NamingReason: "log", Opinion: "so"})
			},
			func() { h.try("intake:T1", c, complaint.Answer{Answer: "thus"}) },
			func() { h.try("intake:T1", c, complaint.AskReview{Ground: "no"}) },
			func() {
				h.try("leader:L2", c, complaint.DecideReview{Outcome: complaint.OutcomeOverturned, Opinion: "again"})
			},
			func() {
				h.try("inspector:I2", k, misconduct.Open{Origin: misconduct.OriginInspection, Officers: officers, Conduct: "gifts"})
			},
			func() {
				h.try("leader:L1", k, misconduct.NameInvestigators{Investigators: []domain.ActorID{"I2", "I3"}})
				h.try("inspector:I2", k, misconduct.GiveNotice{Officer: officers[0]})
				h.try("inspector:I2", k, misconduct.HearStatement{Officer: officers[0], Waived: true})
				h.try("inspector:I2", k, misconduct.ProposeFinding{Findings: []misconduct.Finding{{Officer: officers[0], Allegation: "gifts", DeedOn: domain.MustDate("2010-01-04"),
					Result: misconduct.ResultSustained, Intent: misconduct.IntentIntent, Measure: domain.MeasureWarning, Opinion: "so"}}})
			},
			func() { h.try("leader:L2", k, misconduct.ConfirmFinding{}) },
			func() { h.try("leader:L2", k, misconduct.RejectFinding{Reason: "thin"}) },
			func() { h.try("leader:L1", k, misconduct.Dismiss{Reason: "nothing"}) },
			func() { h.try("inspector:I2", k, misconduct.Appeal{Officer: officers[0], Ground: "unjust"}) },
			func() {
				h.try("leader:L9", k, misconduct.DecideAppeal{Officer: officers[0], Outcome: misconduct.Outcome(pick("upheld", "overturned")), Opinion: "so"})
			},
			func() {
				h.try("inspector:I2", s, sanction.Propose{Officer: officers[0], Measure: domain.MeasureAdmonition, Conduct: "absence"})
			},
			func() { // formal only where the papers of old bear something out
				h.try("inspector:I2", s, sanction.Propose{Officer: officers[0], Case: "X1", Measure: domain.MeasureWarning, Conduct: "absence"})
			},
			func() {
				h.try("inspector:I2", s, sanction.Notify{})
				h.try("hr:R1", s, sanction.HearDefence{Waived: true})
			},
			func() { h.try("leader:L1", s, sanction.Approve{}) },
			func() { h.try("leader:L1", s, sanction.Impose{}) },
			func() { h.try("hr:R1", s, sanction.Appeal{Ground: "hard"}) },
			func() {
				h.try("leader:L2", s, sanction.DecideAppeal{Outcome: sanction.OutcomeOverturned, Opinion: "so"})
			},
			func() { h.try("hr:R1", s, sanction.Release{}) },
			func() { h.try("hr:R2", "G2", reward.Verify{Opinion: "true"}) },
			func() { h.try("hr:R1", "G2", reward.Publicise{Medium: "hall"}) },
			func() { h.try("leader:L1", "G2", reward.Grant{}) },
			func() { h.try("leader:L1", "G2", reward.Refuse{Reason: "late"}) },
			func() {
				h.try("importer:M", "X1", misconduct.ImportFinding{Complaint: "X1", Officer: officers[0], Category: "old", Result: misconduct.ResultUnfounded})
			},
			func() {
				h.try("hr:R1", pick("AC1", "AC2"), activity.HoldUnscheduled{ActivityKind: activity.KindCulture, Format: activity.Format(pick("film", "visit")), Unit: u,
					Topic: "play", Reason: "late", Hours: 1, Attendees: officers, Expected: 2, Minutes: minutes(pick("a", "b"))})
			},
			func() { h.try("leader:L1", pick("AC1", "AC2"), activity.Assess{Score: 1 + rnd.IntN(100)}) },
			func() {
				h.try("hr:R1", "CB", activity.SetCarrier{Carrier: activity.CarrierBoard, Title: "board", Unit: u})
			},
			func() { h.try("hr:R1", "CB", activity.RefreshCarrier{Content: fmt.Sprint("news ", rnd.IntN(9))}) },
			func() {
				h.try("hr:R1", "K1", post.AdoptControl{Risk: pick("r1", "r2"), Control: pick("c1", "c2"), Description: "two keys"})
			},
			func() {
				h.try("inspector:I2", "K1", post.TestControl{Control: pick("c1", "c2"), Passed: rnd.IntN(2) > 0, Note: "tried"})
			},
			func() { h.try("inspector:I2", "K1", post.RequireRerating{Cause: "new law"}) },
			func() {
				v := fmt.Sprint(rnd.IntN(9))
				h.try("leader:L1", pick("R1", "R2"), rules.Adopt{Version: v, Digest: digest(v), ValidFrom: domain.DateOf(h.now)})
			},
			func() {
				v := fmt.Sprint(rnd.IntN(9))
				h.try("leader:L1", pick("R1", "R2"), rules.Amend{Version: v, Digest: digest(v), From: domain.DateOf(h.now).AddDays(rnd.IntN(9)), Reason: "better"})
			},
			func() { h.now = h.now.AddDate(0, 0, rnd.IntN(40)) },
		}
		moves[rnd.IntN(len(moves))]()
	}
	return h
}

// moveTo puts a unit under a parent.
func moveTo(parent domain.UnitID) domain.Command { return unit.Move{Parent: parent} }
