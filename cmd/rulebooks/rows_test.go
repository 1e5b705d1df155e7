package rulebooks_test

import (
	"fmt"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
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

// concluded is the inquiry K1 against P7 to its end, whose finding asks for the
// measure. The sanction it proposed is withdrawn, so that one may be proposed
// on another day and with other acts.
func (h *house) concluded(m domain.Measure) domain.CaseID {
	h.t.Helper()
	h.inquiry()
	h.do("2024-01-17", "I1", "K1", misconduct.GiveNotice{Officer: "P7"})
	h.do("2024-01-17", "I1", "K1", misconduct.HearStatement{Officer: "P7", Waived: true})
	h.do("2024-01-18", "I1", "K1", misconduct.ProposeFinding{Findings: gifts(m)})
	h.do("2024-01-19", "L1", "K1", misconduct.ConfirmFinding{})
	h.do("2024-01-19", "I1", "K1.P7", sanction.WithdrawProposal{Reason: "proposed anew"})
	return "K1"
}

// archived ends the mark of the inquiry, once no appeal can come any more.
func (h *house) archived(day string) {
	h.t.Helper()
	h.do(day, "I1", "K1", misconduct.Analyse{Aspect: misconduct.AspectPerson, Text: "greed"})
	h.do(day, "I1", "K1", misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "no second pair of eyes"})
	h.do(day, "I1", "K1", misconduct.Archive{})
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
			got := h.sentence("2024-08-31", "S1", sanction.Propose{Case: h.concluded(tt.measure), Measure: tt.measure}, sanction.Impose{})
			if got.From != day("2024-08-31") || got.Until.String() != tt.until || got.ForGood != (tt.until == "") || !got.BarsPromotion || got.BarsPayRise != tt.pay || got.Rulebook != "cn-2024" {
				t.Errorf("imposed %+v, want until %q", got, tt.until)
			}
			if tt.until == "" {
				h.refused("2044-01-04", "S0", "S1", domain.CodeRule, sanction.Release{})
				return
			}
			h.archived("2024-09-02")
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
				c.Officer, c.Conduct, c.Months, c.Case = "P7", "several", months, h.concluded(tt.heaviest)
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

	// And so at the sanction, and nothing formal without an inquiry.
	s := china(t)
	s.refused("2024-01-15", "I1", "S1", domain.CodeRule, sanction.Propose{Officer: "P7", Measure: "removal", Conduct: "gifts"})
	s.do("2024-03-04", "I1", "S1", sanction.Propose{Officer: "P7", Case: s.concluded("demerit"), Measure: "demerit", Conduct: "gifts"})
	s.refused("2024-03-04", "L1", "S1", domain.CodeIncomplete, sanction.Approve{})
	s.do("2024-03-04", "I1", "S1", sanction.Notify{})
	s.do("2024-03-11", "P7", "S1", sanction.HearDefence{Statement: "returned"})
	s.do("2024-03-12", "L1", "S1", sanction.Approve{})
	s.refused("2024-03-13", "L2", "S1", domain.CodeRule, sanction.Impose{Measure: "removal"})
}

func TestRowExecution(t *testing.T) {
	for on, late := range map[string]int{"2024-02-29": 0, "2024-03-01": 1, "2024-08-01": 154} {
		h := china(t)
		h.sentence("2024-01-31", "S1", sanction.Propose{Case: h.concluded("demotion"), Measure: "demotion"}, sanction.Impose{})
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
	s.sentence("2024-01-31", "S1", sanction.Propose{Case: s.concluded("demerit"), Measure: "demerit"}, sanction.Impose{})
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
