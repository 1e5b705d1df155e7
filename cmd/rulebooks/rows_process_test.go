package rulebooks_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
)

// The rows on complaints, penalties and service, likewise.

// received is a real-name complaint, screened, that came in on the day.
func (h *house) received(on string) {
	h.t.Helper()
	h.do(on, "N1", "C1", complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "two hours at the window", Unit: "U1", RealName: true})
	h.do(on, "N1", "C1", complaint.Screen{Admissible: true, Ground: "ours"})
}

func TestRowComplaint(t *testing.T) {
	h := china(t)
	h.received("2024-02-04") // a Sunday, made up for the Spring Festival
	accepted := h.do("2024-02-20", "N1", "C1", complaint.Accept{}).(complaint.Accepted)
	if accepted.DaysLate != 1 || accepted.By != day("2024-04-20") {
		t.Errorf("routed %d days late, due on %s; want 1 past 2024-02-19, and 2024-04-20", accepted.DaysLate, accepted.By)
	}
	if told := h.do("2024-03-13", "N1", "C1", complaint.Acknowledge{}).(complaint.Acknowledged); told.DaysLate != 1 {
		t.Errorf("told %d days late, want 1 past the 15 working days to 2024-03-12", told.DaysLate)
	}
	h.do("2024-02-21", "L1", "C1", complaint.AssignHandler{Handler: "K1"})
	h.refused("2024-04-19", "L1", "C1", domain.CodeRule, complaint.Extend{Until: day("2024-05-21"), Reason: "an expert is asked"})
	h.do("2024-04-19", "L1", "C1", complaint.Extend{Until: day("2024-05-20"), Reason: "an expert is asked"})
	h.refused("2024-04-20", "L1", "C1", domain.CodeRule, complaint.Extend{Until: day("2024-05-21"), Reason: "once more"})
	if c := h.do("2024-05-21", "K1", "C1", complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "on leave"}).(complaint.Concluded); c.DaysLate != 1 {
		t.Errorf("concluded %d days late", c.DaysLate)
	}
	if a := h.do("2024-06-13", "K1", "C1", complaint.Answer{Answer: "no"}).(complaint.Answered); a.DaysLate != 1 {
		t.Errorf("answered %d days late, want 1 past the 15 working days to 2024-06-12, over the Dragon Boat Festival", a.DaysLate)
	}
	h.refused("2024-07-14", "Z1", "C1", domain.CodeTooLate, complaint.AskReview{Ground: "not heard"})
	h.do("2024-07-13", "Z1", "C1", complaint.AskReview{Ground: "not heard"})
	if r := h.do("2024-08-13", "L1", "C1", complaint.DecideReview{Outcome: complaint.OutcomeUpheld, Opinion: "heard"}).(complaint.ReviewDecided); r.DaysLate != 1 {
		t.Errorf("reviewed %d days late", r.DaysLate)
	}
	h.refused("2024-09-13", "Z1", "C1", domain.CodeTooLate, complaint.AskRereview{Ground: "not heard"})
	h.do("2024-09-12", "Z1", "C1", complaint.AskRereview{Ground: "not heard"})
	if r := h.do("2024-10-13", "L2", "C1", complaint.DecideRereview{Outcome: complaint.OutcomeUpheld, Opinion: "heard"}).(complaint.RereviewDecided); r.DaysLate != 1 {
		t.Errorf("re-reviewed %d days late", r.DaysLate)
	}
}

// Five working days over the National Day of 2024 with its make-up days.
func TestRowComplaintTransferContested(t *testing.T) {
	for on, ok := range map[string]bool{"2024-10-10": true, "2024-10-11": false} {
		h := china(t)
		h.received("2024-09-26")
		h.do("2024-09-27", "N1", "C1", complaint.Transfer{To: "the tax bureau", ToUnit: "U2", Ground: "theirs"})
		if ok {
			h.do(on, "N2", "C1", complaint.ContestTransfer{Ground: "not ours"})
		} else {
			h.refused(on, "N2", "C1", domain.CodeTooLate, complaint.ContestTransfer{Ground: "not ours"})
		}
	}
}

// penal adopts the procedure N1 of an ordinary penalty, N2 of one on the spot
// and the benchmark B1.
func (h *house) penal() {
	h.t.Helper()
	ordinary := []norm.Step{
		{Code: "investigate", StepName: "调查取证", StepKind: norm.StepInvestigate},
		{Code: "notify", StepName: "告知", StepKind: norm.StepNotify, Requires: []string{"investigate"}},
		{Code: "statement", StepName: "听取陈述申辩", StepKind: norm.StepStatement, Requires: []string{"notify"}},
		{Code: "hearing", StepName: "听证", StepKind: norm.StepHearing, Requires: []string{"notify"}, Optional: true},
		{Code: "review", StepName: "法制审核", StepKind: norm.StepLegalReview, Requires: []string{"statement", "hearing"}},
		{Code: "decide", StepName: "决定", StepKind: norm.StepDecide, Requires: []string{"review"}},
		{Code: "serve", StepName: "送达", StepKind: norm.StepServe, Requires: []string{"decide"}},
		{Code: "publish", StepName: "公示", StepKind: norm.StepPublish, Requires: []string{"decide"}, Optional: true},
	}
	spot := []norm.Step{
		{Code: "check", StepName: "核查", StepKind: norm.StepInvestigate, TwoOfficers: true},
		{Code: "decide", StepName: "决定", StepKind: norm.StepDecide, Requires: []string{"check"}},
	}
	tiers := []norm.Tier{{Code: "light", Clause: "12", Factors: "first time", MaxAmount: 900_000}}
	for id, d := range map[string]norm.Draft{
		"N1": {Title: "一般程序", NormKind: norm.KindProcedure, Unit: "U1", Owner: "P9", Steps: ordinary},
		"N2": {Title: "当场处罚", NormKind: norm.KindProcedure, Unit: "U1", Owner: "P9", Steps: spot},
		"B1": {Title: "裁量基准", NormKind: norm.KindBenchmark, Unit: "U1", Owner: "P9", Clauses: []norm.Clause{{Code: "12", Text: "short weight"}}, Tiers: tiers},
	} {
		h.do("2023-01-04", "H1", id, d)
		h.do("2023-01-04", "L1", id, norm.Adopt{})
	}
}

func act(kind enforcement.PartyKind, procedure domain.NormID) enforcement.Open {
	return enforcement.Open{ActKind: enforcement.KindPenalty, Unit: "U1", Procedure: procedure, Benchmark: "B1", PartyKind: kind, Party: "sha256:" + strings.Repeat("a", 64),
		Officers: []domain.OfficerID{"P7", "P8"}, Matter: "short weight"}
}

func TestRowPenaltyProcedure(t *testing.T) {
	h := china(t)
	h.penal()
	alone := act(enforcement.PartyOrganisation, "N1")
	alone.Officers = alone.Officers[:1]
	h.refused("2024-09-02", "P7", "E1", domain.CodeRule, alone) // two officers
	uncertified := act(enforcement.PartyOrganisation, "N1")
	uncertified.Officers = []domain.OfficerID{"P7", "P5"}
	h.do("2020-01-06", "H1", "P5", officer.Enroll{FullName: "李娜", Unit: "U1", Rank: "二级主办"})
	h.refused("2024-09-02", "P7", "E1", domain.CodeRule, uncertified) // certified ones
	opened := h.do("2024-09-02", "P7", "E1", act(enforcement.PartyOrganisation, "N1")).(enforcement.Opened)
	if opened.DecideBy != day("2024-12-01") {
		t.Errorf("to be decided by %s, want 90 days, 2024-12-01", opened.DecideBy)
	}
	decide := enforcement.Decide{Outcome: enforcement.OutcomePenalised, Tier: "light", Factor: "first time", Amount: 60_000, Opinion: "agreed"}
	h.do("2024-09-09", "P7", "E1", enforcement.TakeStep{Step: "investigate", Second: "P8"})
	h.refused("2024-09-09", "L1", "E1", domain.CodeIncomplete, decide) // no notice, no statement, no review
	h.do("2024-09-30", "P7", "E1", enforcement.TakeStep{Step: "notify", Amount: 60_000})
	h.refused("2024-10-13", "P7", "E1", domain.CodeTooLate, enforcement.AskHearing{}) // 5 working days over the National Day
	h.do("2024-10-12", "P7", "E1", enforcement.AskHearing{})
	h.refused("2024-10-14", "P7", "E1", domain.CodeTooEarly, enforcement.ScheduleHearing{HeldOn: day("2024-10-22")}) // 7 working days ahead
	h.do("2024-10-14", "P7", "E1", enforcement.ScheduleHearing{HeldOn: day("2024-10-23")})
	h.do("2024-10-14", "P7", "E1", enforcement.TakeStep{Step: "statement"})
	h.refused("2024-10-23", "P7", "E1", domain.CodeConflict, enforcement.TakeStep{Step: "hearing"}) // no investigator chairs it
	h.do("2024-10-23", "P9", "E1", enforcement.TakeStep{Step: "hearing"})
	h.refused("2024-10-24", "L1", "E1", domain.CodeIncomplete, decide) // legal review
	h.do("2024-10-24", "P9", "E1", enforcement.TakeStep{Step: "review"})
	heavier := decide
	heavier.Amount = 60_001
	h.refused("2024-12-02", "L1", "E1", domain.CodeRule, heavier) // the statement made it no heavier
	if d := h.do("2024-12-02", "L1", "E1", decide).(enforcement.Decided); d.DaysLate != 1 {
		t.Errorf("decided %d days late", d.DaysLate)
	}
	for step, last := range map[string]string{"serve": "2024-12-11", "publish": "2024-12-11"} {
		if s := h.do("2024-12-12", "P7", "E1", enforcement.TakeStep{Step: step}).(enforcement.StepTaken); s.DaysLate != 1 {
			t.Errorf("%s: %d days late, want 1 past 7 working days to %s", step, s.DaysLate, last)
		}
	}
	overturned := h.do("2025-01-24", "L2", "E1", enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultOverturned, Ground: "short of proof"}).(enforcement.Reviewed)
	if overturned.RetractBy != day("2025-02-05") {
		t.Errorf("retracted by %s, want 3 working days over the Spring Festival, 2025-02-05", overturned.RetractBy)
	}
}

func TestRowOnTheSpot(t *testing.T) {
	for _, tt := range []struct {
		party enforcement.PartyKind
		most  int64 // fen
	}{{enforcement.PartyPerson, 200_00}, {enforcement.PartyOrganisation, 3_000_00}} {
		h := china(t)
		h.penal()
		open := act(tt.party, "N2")
		open.OnTheSpot = true
		h.do("2024-03-04", "P7", "E1", open)
		h.do("2024-03-04", "P7", "E1", enforcement.TakeStep{Step: "check", Second: "P8"})
		decide := enforcement.Decide{Outcome: enforcement.OutcomePenalised, Tier: "light", Factor: "first time", Amount: tt.most + 1, Opinion: "agreed"}
		h.refused("2024-03-04", "P7", "E1", domain.CodeRule, decide)
		decide.Amount = tt.most
		h.do("2024-03-04", "P7", "E1", decide)
	}
}

func TestRowRotation(t *testing.T) {
	for _, tt := range []struct {
		name string
		risk bool
		rule int // years of the post's own, 0 for none
		due  string
		warn string // first
	}{
		{"ten years in one post", false, 0, "2030-06-01", "2029-06-01"},
		{"five in one of high risk", true, 0, "2025-06-01", "2024-06-01"},
		{"three where the post says so", true, 3, "2023-06-01", "2022-06-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := china(t)
			h.do("2020-05-04", "H1", "G1", post.Define{Title: "查验岗", Unit: "U1"})
			if tt.rule > 0 {
				h.do("2020-05-04", "H1", "G1", post.SetRotationRule{Years: tt.rule})
				h.refused("2020-05-05", "H1", "G1", domain.CodeRule, post.SetRotationRule{Years: 11})
			}
			h.do("2020-06-01", "H1", "P7", officer.Appoint{Post: "G1", Unit: "U1", HighRisk: tt.risk})
			k, found := clocks.NewKeeper(h.book), false
			for _, c := range clocks.Fold(h.book, h.history) {
				if c.Name != "officer.rotation" {
					continue
				}
				found = true
				if reached := k.Reaches(&c); c.Due != day(tt.due) || len(reached) != 4 || reached[0].On != day(tt.warn) {
					t.Errorf("rotation by %s, warned of on %v", c.Due, reached)
				}
			}
			if !found {
				t.Error("nothing tells when to rotate")
			}
		})
	}
}

func TestRowPostEmployment(t *testing.T) {
	related := officer.ClearOutsidePost{Employer: "Harbour Freight Ltd", Related: true}
	for _, tt := range []struct {
		leads bool
		last  string
	}{{false, "2026-02-28"}, {true, "2027-02-28"}} {
		h := china(t)
		h.do("2020-05-04", "H1", "G1", post.Define{Title: "关长", Unit: "U1", Leader: tt.leads})
		h.do("2020-06-01", "H1", "P7", officer.Appoint{Post: "G1", Unit: "U1", Leader: tt.leads})
		h.do("2024-02-29", "H1", "P7", officer.Separate{Reason: officer.ReasonResigned})
		h.refused(tt.last, "H1", "P7", domain.CodeTooEarly, related)
		h.do(day(tt.last).AddDays(1).String(), "H1", "P7", related)
	}
}
