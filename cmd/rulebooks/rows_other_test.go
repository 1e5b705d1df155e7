package rulebooks_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
)

// What the other two rulebooks say, judged through the rooms.

// A report is acknowledged in 7 days; feedback comes within 3 months of the
// acknowledgement, or of the end of the 7 days, and within 6 where an
// extension justifies it (arts. 9, 11).
func TestReportingUnderTheDirective(t *testing.T) {
	for _, tt := range []struct {
		name                 string
		told, extend, answer string
		lateTold, late       int
		due                  string
	}{
		{"in time", "2024-03-11", "", "2024-06-11", 0, 0, "2024-06-11"},
		{"told and answered a day late", "2024-03-12", "", "2024-06-13", 1, 1, "2024-06-12"},
		{"never told: from the end of the seven days", "", "", "2024-06-12", 0, 1, "2024-06-11"},
		{"extended to the sixth month", "2024-03-08", "2024-09-08", "2024-09-08", 0, 0, "2024-09-08"},
		{"and late after it", "2024-03-08", "2024-09-08", "2024-09-10", 0, 2, "2024-09-08"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t, "eu-2019-1937")
			h.do("2024-03-04", "N1", "C1", complaint.Receive{Channel: complaint.ChannelWeb, Category: "procurement", Summary: "one bidder knew the price", Unit: "U1"})
			if tt.told != "" {
				if got := h.do(tt.told, "N1", "C1", complaint.Acknowledge{}).(complaint.Acknowledged); got.DaysLate != tt.lateTold {
					t.Errorf("acknowledged %d days late, want %d", got.DaysLate, tt.lateTold)
				}
			}
			h.do("2024-03-13", "N1", "C1", complaint.Screen{Admissible: true, Ground: "ours"})
			h.do("2024-03-13", "N1", "C1", complaint.Accept{})
			h.do("2024-03-13", "L1", "C1", complaint.AssignHandler{Handler: "K1"})
			if tt.extend != "" {
				h.refused("2024-06-03", "L1", "C1", domain.CodeRule, complaint.Extend{Until: day(tt.extend).AddDays(1), Reason: "abroad"})
				h.do("2024-06-03", "L1", "C1", complaint.Extend{Until: day(tt.extend), Reason: "abroad"})
			}
			h.do(tt.answer, "K1", "C1", complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "published before"})
			if got := h.do(tt.answer, "K1", "C1", complaint.Answer{Answer: "it was published"}).(complaint.Answered); got.DaysLate != tt.late {
				t.Errorf("answered %d days late, want %d", got.DaysLate, tt.late)
			}
			seen := false
			for _, c := range clocks.Fold(h.book, h.history) {
				if c.Name == "complaint.feedback" {
					seen = true
					if c.Due != day(tt.due) || c.Late != tt.late {
						t.Errorf("the clock ran to %s, %d days late; want %s, %d", c.Due, c.Late, tt.due, tt.late)
					}
				}
			}
			if !seen {
				t.Error("no clock of the feedback")
			}
		})
	}
}

// affairs is a house under us-police-ia with the case of P7, opened on the day.
func affairs(t *testing.T, id, on string) *house {
	h := newHouse(t, "us-police-ia")
	h.do("2020-01-06", "H1", "U1", unit.Establish{UnitName: "Precinct 1", UnitKind: unit.KindAgency})
	h.do("2020-01-06", "H1", "P7", officer.Enroll{FullName: "Jo Doe", Unit: "U1", Rank: "officer"})
	h.open(id, on)
	return h
}

func (h *house) open(id, on string) {
	h.t.Helper()
	h.do(on, "I1", id, misconduct.Open{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{"P7"}, Conduct: "discourtesy"})
	h.do(on, "L1", id, misconduct.NameInvestigators{Investigators: []domain.ActorID{"I1"}})
}

// find takes the case to a confirmed finding of class B.
func (h *house) find(id, on, deed string, m domain.Measure, departure string) {
	h.t.Helper()
	h.do(on, "I1", id, misconduct.GiveNotice{Officer: "P7"})
	h.do(on, "I1", id, misconduct.HearStatement{Officer: "P7", Waived: true})
	h.do(on, "I1", id, misconduct.ProposeFinding{Findings: classB(deed, m, departure)})
	h.do(on, "L1", id, misconduct.ConfirmFinding{Departure: departure})
}

func classB(deed string, m domain.Measure, departure string) []misconduct.Finding {
	return []misconduct.Finding{{Officer: "P7", Allegation: "discourtesy", DeedOn: day(deed), Result: misconduct.ResultSustained, Intent: misconduct.IntentNegligence,
		Class: "B", Measure: m, Departure: departure, Opinion: "on camera"}}
}

// The range rises with the findings that earlier cases of this ledger made.
func TestTheMatrixCountsEarlierCases(t *testing.T) {
	h := affairs(t, "K1", "2023-01-09")
	h.find("K1", "2023-02-06", "2022-12-01", "oral_reprimand", "")
	h.open("K2", "2024-03-04")
	h.do("2024-03-11", "I1", "K2", misconduct.GiveNotice{Officer: "P7"})
	h.do("2024-03-11", "I1", "K2", misconduct.HearStatement{Officer: "P7", Waived: true})
	h.refused("2024-03-12", "I1", "K2", domain.CodeRule, misconduct.ProposeFinding{Findings: classB("2024-02-01", "oral_reprimand", "")}) // a second offence draws more
	found := h.do("2024-03-12", "I1", "K2", misconduct.ProposeFinding{Findings: classB("2024-02-01", "suspension", "")}).(misconduct.FindingProposed).Findings[0]
	if found.Priors != 1 || found.Standard != "preponderance of the evidence" {
		t.Errorf("found %+v", found)
	}
	h.do("2024-03-12", "L1", "K2", misconduct.ConfirmFinding{})

	// An appeal that clears the first one takes it off the count.
	again := affairs(t, "K1", "2023-01-09")
	again.find("K1", "2023-02-06", "2022-12-01", "oral_reprimand", "")
	again.do("2023-02-20", "P7", "K1", misconduct.Appeal{Officer: "P7", Ground: "not me"})
	again.do("2023-03-06", "L2", "K1", misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeOverturned, Opinion: "another"})
	again.open("K2", "2024-03-04")
	again.find("K2", "2024-03-11", "2024-02-01", "oral_reprimand", "")
}

func TestAMeasureOutsideTheMatrixTakesTwo(t *testing.T) {
	h := affairs(t, "K1", "2023-01-09")
	h.do("2023-02-06", "I1", "K1", misconduct.GiveNotice{Officer: "P7"})
	h.do("2023-02-06", "I1", "K1", misconduct.HearStatement{Officer: "P7", Waived: true})
	h.refused("2023-02-06", "I1", "K1", domain.CodeRule, misconduct.ProposeFinding{Findings: classB("2022-12-01", "suspension", "")})
	h.do("2023-02-06", "I1", "K1", misconduct.ProposeFinding{Findings: classB("2022-12-01", "suspension", "a child was hurt")})
	h.refused("2023-02-07", "L1", "K1", domain.CodeIncomplete, misconduct.ConfirmFinding{})
	h.refused("2023-02-07", "I1", "K1", domain.CodeForbidden, misconduct.ConfirmFinding{Departure: "indeed"})
	h.do("2023-02-07", "L1", "K1", misconduct.ConfirmFinding{Departure: "indeed"})
}

// One year, a criminal case not counted.
func TestNothingIsImposedAfterTheYear(t *testing.T) {
	notice := misconduct.GiveNotice{Officer: "P7"}
	plain := affairs(t, "K1", "2024-03-04")
	plain.refused("2025-03-05", "I1", "K1", domain.CodeTooLate, notice)
	plain.refused("2025-03-05", "I1", "K1", domain.CodeTooLate, misconduct.BeginTolling{Officer: "P7", Ground: "criminal_case", Reason: "charged"})
	plain.do("2025-03-04", "I1", "K1", notice)

	tolled := affairs(t, "K1", "2024-03-04")
	tolled.do("2024-05-06", "I1", "K1", misconduct.BeginTolling{Officer: "P7", Ground: "criminal_case", From: day("2024-05-01"), Reason: "charged"})
	tolled.do("2024-08-05", "I1", "K1", misconduct.EndTolling{Officer: "P7", To: day("2024-07-31")})
	tolled.refused("2025-06-05", "I1", "K1", domain.CodeTooLate, notice)
	for _, c := range clocks.Fold(tolled.book, tolled.history) {
		if c.Name == "misconduct.limitation" && c.Due != day("2025-06-04") {
			t.Errorf("the clock runs to %s", c.Due)
		}
	}
	tolled.find("K1", "2025-06-04", "2024-02-01", "written_reprimand", "")

	alone := affairs(t, "K1", "2024-03-04")
	alone.do("2024-03-04", "I1", "S1", sanction.Propose{Officer: "P7", Measure: "oral_reprimand", Conduct: "discourtesy"})
	alone.refused("2025-03-05", "I1", "S1", domain.CodeTooLate, sanction.Notify{})
	alone.do("2025-03-04", "I1", "S1", sanction.Notify{})
}
