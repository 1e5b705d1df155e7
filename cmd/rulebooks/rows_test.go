package rulebooks_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
)

// The rows of the table of cn-2024, each judged through the rooms: what is
// decided, and what is refused on the day before or after.

func day(s string) domain.Date { return domain.MustDate(s) }

// china is a house under cn-2024 with the officer P7 and their certificate.
func china(t *testing.T) *house {
	h := newHouse(t, "cn-2024")
	for _, u := range []string{"U1", "U2"} {
		h.do("2020-01-06", "H1", u, unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	}
	for _, o := range []string{"P7", "P8", "P9"} {
		h.do("2020-01-06", "H1", o, officer.Enroll{FullName: "王伟", Unit: "U1", Rank: "二级主办"})
		h.do("2022-03-01", "H1", o, officer.IssueCertificate{Number: "C-" + o})
	}
	return h
}

// sentence takes a measure against P7 up to the decision on the day.
func (h *house) sentence(day, id string, c sanction.Propose, i sanction.Impose) sanction.Imposed {
	h.t.Helper()
	c.Officer, c.Conduct = "P7", "gifts"
	h.do(day, "I1", id, c)
	h.do(day, "I1", id, sanction.Notify{})
	h.do(day, "P7", id, sanction.HearDefence{Waived: true})
	h.do(day, "L1", id, sanction.Approve{})
	return h.do(day, "L2", id, i).(sanction.Imposed)
}

func TestRowSanctionEffect(t *testing.T) {
	for _, tt := range []struct {
		measure domain.Measure
		until   string // "" for none
		rank    bool   // comes back
		pay     bool   // no rise
	}{
		{"warning", "2025-02-28", true, false},
		{"demerit", "2025-08-31", true, true},
		{"major_demerit", "2026-02-28", true, true},
		{"demotion", "2026-08-31", false, true},
		{"removal", "2026-08-31", false, true},
		{"dismissal", "", false, true},
	} {
		t.Run(string(tt.measure), func(t *testing.T) {
			h := china(t)
			got := h.sentence("2024-08-31", "S1", sanction.Propose{Measure: tt.measure}, sanction.Impose{})
			if got.From != day("2024-08-31") || got.Until.String() != tt.until || got.ForGood != (tt.until == "") || !got.BarsPromotion || got.BarsPayRise != tt.pay || got.Rulebook != "cn-2024" {
				t.Errorf("imposed %+v, want until %q", got, tt.until)
			}
			if tt.until == "" {
				h.refused("2044-01-04", "S0", "S1", domain.CodeRule, sanction.Release{})
				return
			}
			last := day(tt.until)
			h.refused(tt.until, "H1", "P7", domain.CodeRule, officer.Promote{Rank: "一级主办"})
			h.refused(tt.until, "S0", "S1", domain.CodeTooEarly, sanction.Release{})
			released := h.do(last.AddDays(1).String(), "S0", "S1", sanction.Release{}).(sanction.Released)
			if released.RestoresRank != tt.rank {
				t.Errorf("the rank comes back: %v", released.RestoresRank)
			}
			h.do(last.AddDays(1).String(), "H1", "P7", officer.Promote{Rank: "一级主办"})
		})
	}
}

func TestRowCombination(t *testing.T) {
	deeds := func(ms ...domain.Measure) sanction.Propose {
		var c sanction.Propose
		for i, m := range ms {
			c.Acts = append(c.Acts, sanction.Deed{Measure: m, Conduct: fmt.Sprint("act ", i), DeedOn: day("2024-01-10")})
		}
		return c
	}
	for _, tt := range []struct {
		name        string
		acts        sanction.Propose
		heaviest    domain.Measure
		least, most int
	}{
		{"the heaviest kind alone counts", deeds("warning", "demerit"), "demerit", 12, 12},
		{"two of one kind: between one period and their sum", deeds("demerit", "demerit"), "demerit", 12, 24},
		{"three major demerits: at most 48 months", deeds("major_demerit", "major_demerit", "major_demerit"), "major_demerit", 18, 48},
		{"three demotions likewise", deeds("demotion", "demotion", "demotion"), "demotion", 24, 48},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for months, ok := range map[int]bool{tt.least - 1: false, tt.least: true, tt.most: true, tt.most + 1: false} {
				h, c := china(t), tt.acts
				c.Officer, c.Conduct, c.Months = "P7", "several", months
				if !ok {
					h.refused("2024-03-04", "I1", "S1", domain.CodeRule, c)
				} else if got := h.sentence("2024-03-04", "S1", c, sanction.Impose{}); got.Measure != tt.heaviest || got.Months != months {
					t.Errorf("%d months: imposed %+v", months, got)
				}
			}
		})
	}
	h, lighter := china(t), deeds("demerit", "demerit")
	lighter.Officer, lighter.Conduct, lighter.Measure = "P7", "several", "warning"
	h.refused("2024-03-04", "I1", "S1", domain.CodeRule, lighter)
}

func TestRowAdmonition(t *testing.T) {
	h := china(t)
	if got := h.sentence("2024-03-04", "S1", sanction.Propose{Measure: "admonition"}, sanction.Impose{}); got.Until != day("2024-09-04") || !got.BarsHonours {
		t.Errorf("imposed %+v", got)
	}
	h.refused("2024-09-04", "H1", "P7", domain.CodeRule, officer.Promote{Rank: "一级主办"})
	h.refused("2024-09-04", "H1", "R1", domain.CodeRule, reward.Nominate{Officer: "P7", Honour: "commendation", Merit: "diligence"})
	h.do("2024-09-05", "H1", "P7", officer.Promote{Rank: "一级主办"})
}

// inquiry opens the case K1 against P7 and names its investigators.
func (h *house) inquiry() {
	h.t.Helper()
	h.do("2024-01-15", "I1", "K1", misconduct.Open{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{"P7"}, Conduct: "gifts"})
	h.do("2024-01-16", "L1", "K1", misconduct.NameInvestigators{Investigators: []domain.ActorID{"I1", "I2"}})
}

func gifts(m domain.Measure) []misconduct.Finding {
	return []misconduct.Finding{{Officer: "P7", Allegation: "gifts", DeedOn: day("2023-12-04"), Result: misconduct.ResultSustained, Intent: misconduct.IntentIntent, Measure: m, Opinion: "proved"}}
}

func TestRowDueProcess(t *testing.T) {
	h := china(t)
	h.do("2024-01-15", "I1", "K1", misconduct.Open{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{"P7"}, Conduct: "gifts"})
	h.refused("2024-01-16", "L1", "K1", domain.CodeRule, misconduct.NameInvestigators{Investigators: []domain.ActorID{"I1"}})
	h.do("2024-01-16", "L1", "K1", misconduct.NameInvestigators{Investigators: []domain.ActorID{"I1", "I2"}})
	h.refused("2024-01-22", "I1", "K1", domain.CodeIncomplete, misconduct.ProposeFinding{Findings: gifts("demerit")})
	h.do("2024-01-22", "I1", "K1", misconduct.GiveNotice{Officer: "P7"})
	h.refused("2024-01-23", "I1", "K1", domain.CodeIncomplete, misconduct.ProposeFinding{Findings: gifts("demerit")})
	h.do("2024-01-29", "I1", "K1", misconduct.HearStatement{Officer: "P7", Statement: "a loan"})
	h.do("2024-02-05", "I1", "K1", misconduct.ProposeFinding{Findings: gifts("demerit")})
	h.do("2024-02-06", "L1", "K1", misconduct.RejectFinding{Reason: "ask the giver"})
	h.refused("2024-02-19", "I1", "K1", domain.CodeRule, misconduct.ProposeFinding{Findings: gifts("removal")}) // the defence made it no heavier

	h.refused("2024-02-19", "H1", "P7", domain.CodeRule, officer.Promote{Rank: "一级主办"})
	h.refused("2024-02-19", "H1", "P7", domain.CodeRule, officer.Appoint{Post: "G1", Unit: "U1"})
	h.refused("2024-02-19", "H1", "P7", domain.CodeRule, officer.Separate{Reason: officer.ReasonRetired})
	h.refused("2024-02-19", "H1", "R1", domain.CodeRule, reward.Nominate{Officer: "P7", Honour: "commendation", Merit: "diligence"})
	h.do("2024-02-20", "L1", "K1", misconduct.Dismiss{Reason: "a loan it was"})
	h.do("2024-02-21", "H1", "P7", officer.Promote{Rank: "一级主办"})

	// And so at the sanction.
	s := china(t)
	s.do("2024-03-04", "I1", "S1", sanction.Propose{Officer: "P7", Measure: "demerit", Conduct: "gifts"})
	s.refused("2024-03-04", "L1", "S1", domain.CodeIncomplete, sanction.Approve{})
	s.do("2024-03-04", "I1", "S1", sanction.Notify{})
	s.do("2024-03-11", "P7", "S1", sanction.HearDefence{Statement: "returned"})
	s.do("2024-03-12", "L1", "S1", sanction.Approve{})
	s.refused("2024-03-13", "L2", "S1", domain.CodeRule, sanction.Impose{Measure: "removal"})
}

func TestRowExecution(t *testing.T) {
	for on, late := range map[string]int{"2024-02-29": 0, "2024-03-01": 1, "2024-08-01": 154} {
		h := china(t)
		h.sentence("2024-01-31", "S1", sanction.Propose{Measure: "demotion"}, sanction.Impose{})
		if got := h.do(on, "H1", "S1", sanction.Execute{Change: "one rank down"}).(sanction.Executed); got.DaysLate != late {
			t.Errorf("executed on %s: %d days late, want %d", on, got.DaysLate, late)
		}
		for _, c := range clocks.Fold(h.book, h.history) {
			if c.Name == "sanction.execute_most" && c.Due != day("2024-07-31") {
				t.Errorf("at the very latest on %s", c.Due)
			}
		}
	}
}

func TestRowAppeal(t *testing.T) {
	h := china(t)
	h.inquiry()
	h.do("2024-01-22", "I1", "K1", misconduct.GiveNotice{Officer: "P7"})
	h.do("2024-01-29", "I1", "K1", misconduct.HearStatement{Officer: "P7", Waived: true})
	h.do("2024-01-30", "I1", "K1", misconduct.ProposeFinding{Findings: gifts("demerit")})
	h.do("2024-01-31", "L1", "K1", misconduct.ConfirmFinding{})
	h.refused("2024-03-01", "P7", "K1", domain.CodeTooLate, misconduct.Appeal{Officer: "P7", Ground: "a loan"})
	h.do("2024-02-29", "P7", "K1", misconduct.Appeal{Officer: "P7", Ground: "a loan"})
	h.refused("2024-03-29", "L1", "K1", domain.CodeConflict, misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"})
	h.refused("2024-03-29", "L2", "K1", domain.CodeRule, misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "worse", Findings: gifts("removal")})
	if got := h.do("2024-03-30", "L2", "K1", misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}).(misconduct.AppealDecided); got.DaysLate != 1 {
		t.Errorf("the appeal was decided %d days late, want 1 past the month to 2024-03-29", got.DaysLate)
	}
	h.refused("2024-05-01", "P7", "K1", domain.CodeTooLate, misconduct.AskRereview{Officer: "P7", Ground: "a loan"})
	h.do("2024-04-30", "P7", "K1", misconduct.AskRereview{Officer: "P7", Ground: "a loan"})
	if got := h.do("2024-07-01", "L3", "K1", misconduct.DecideRereview{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}).(misconduct.Rereviewed); got.DaysLate != 1 {
		t.Errorf("the re-review was decided %d days late, want 1 past the two months to 2024-06-30", got.DaysLate)
	}

	// Neither stops the execution, and the sanction has the same chain.
	s := china(t)
	s.sentence("2024-01-31", "S1", sanction.Propose{Measure: "demerit"}, sanction.Impose{})
	s.do("2024-01-31", "H1", "S1", sanction.Serve{})
	s.refused("2024-03-01", "P7", "S1", domain.CodeTooLate, sanction.Appeal{Ground: "unjust"})
	s.do("2024-02-29", "P7", "S1", sanction.Appeal{Ground: "unjust"})
	s.do("2024-02-29", "H1", "S1", sanction.Execute{Change: "no pay step"})
	s.do("2024-03-29", "L3", "S1", sanction.DecideAppeal{Outcome: sanction.OutcomeUpheld, Opinion: "just"})
	s.refused("2024-04-30", "P7", "S1", domain.CodeTooLate, sanction.AskRereview{Ground: "unjust"})
	s.do("2024-04-29", "P7", "S1", sanction.AskRereview{Ground: "unjust"})
	s.refused("2024-06-29", "L4", "S1", domain.CodeRule, sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "worse", Measure: "removal"})
	s.do("2024-06-29", "L4", "S1", sanction.DecideAppeal{Outcome: sanction.OutcomeOverturned, Opinion: "unjust"})
}

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
