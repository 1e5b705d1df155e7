package clocks_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/warning"
)

// past is an event on a day; of is the subject, "X" when empty.
type past struct {
	day string
	e   domain.Event
	of  string
}

func recorded(list []past) []domain.Recorded {
	var out []domain.Recorded
	for i, p := range list {
		if p.of == "" {
			p.of = "X"
		}
		out = append(out, domain.Recorded{
			ID: domain.EventID(fmt.Sprintf("00000000-0000-0000-0000-%012d", i)), Event: p.e,
			Act: domain.Act{Subject: p.of, Actor: "A", OccurredAt: domaintest.On(p.day), RecordedAt: domaintest.On(p.day)},
		})
	}
	return out
}

func day(s string) domain.Date { return domain.MustDate(s) }

// show writes a clock as one line.
func show(c clocks.Clock) string {
	s := c.Name
	if c.Key != "" {
		s += "[" + c.Key + "]"
	}
	s += " " + c.Started.String() + " to " + c.Due.String()
	if c.Workdays {
		s += " workdays"
	}
	if c.Extended {
		s += " extended"
	}
	if !c.Open() {
		s += " stopped " + c.Stopped.String()
	}
	if c.Late > 0 {
		s += fmt.Sprintf(" late %d", c.Late)
	}
	if c.Who != "" {
		s += " by " + string(c.Who)
	}
	return s
}

// only lists the clocks whose names begin with one of the prefixes.
func only(list []clocks.Clock, names string) []string {
	var out []string
	for _, c := range list {
		for prefix := range strings.FieldsSeq(names) {
			if strings.HasPrefix(c.Name, prefix) {
				out = append(out, show(c))
			}
		}
	}
	return out
}

// worked examples, one or more for each clock. 2024 is a leap year; its
// holidays and make-up days are those of the calendar of cn-2024.
var examples = []struct {
	name  string
	given []past
	show  string // prefixes of the clocks looked at
	want  []string
}{
	{"a complaint is routed within 15 days", []past{
		{"2024-03-04", complaint.Received{}, ""}, {"2024-03-05", complaint.Screened{}, ""}, {"2024-03-22", complaint.Declined{}, ""},
	}, "complaint.route", []string{"complaint.route 2024-03-04 to 2024-03-19 stopped 2024-03-22 late 3"}},
	{"a transfer within the house begins the routing anew, a contest once more", []past{
		{"2024-03-04", complaint.Received{}, ""}, {"2024-03-11", complaint.Transferred{ToUnit: "U2"}, ""},
		{"2024-03-14", complaint.TransferContested{}, ""},
	}, "complaint.route", []string{
		"complaint.route 2024-03-04 to 2024-03-19 stopped 2024-03-11",
		"complaint.route 2024-03-11 to 2024-03-26 stopped 2024-03-14",
		"complaint.route 2024-03-14 to 2024-03-29",
	}},
	{"a transfer to another body leaves nothing to route", []past{
		{"2024-03-04", complaint.Received{}, ""}, {"2024-03-11", complaint.Transferred{To: "the court"}, ""},
	}, "complaint.route", []string{"complaint.route 2024-03-04 to 2024-03-19 stopped 2024-03-11"}},
	{"a transfer is contested within 5 working days, over the National Day and its make-up day", []past{
		{"2024-09-20", complaint.Received{}, ""}, {"2024-09-27", complaint.Transferred{ToUnit: "U2"}, ""},
	}, "complaint.contest", []string{"complaint.contest_transfer 2024-09-27 to 2024-10-10 workdays"}},
	{"a complaint is handled to the day its event names, or to which it was extended", []past{
		{"2024-01-31", complaint.Accepted{By: day("2024-03-31")}, ""}, {"2024-02-01", complaint.HandlerAssigned{Handler: "H1"}, ""},
		{"2024-03-20", complaint.Extended{Until: day("2024-04-30")}, ""}, {"2024-03-21", complaint.HandlerAssigned{Handler: "H2"}, ""},
		{"2024-05-02", complaint.Concluded{}, ""},
	}, "complaint.handle", []string{"complaint.handle 2024-01-31 to 2024-04-30 extended stopped 2024-05-02 late 2 by H2"}},
	{"a reopened complaint is handled anew, by nobody yet", []past{
		{"2024-01-31", complaint.Accepted{By: day("2024-03-31")}, ""}, {"2024-02-01", complaint.HandlerAssigned{Handler: "H1"}, ""},
		{"2024-02-20", complaint.Concluded{}, ""}, {"2024-04-01", complaint.Reopened{By: day("2024-05-31")}, ""},
	}, "complaint.handle", []string{"complaint.handle 2024-01-31 to 2024-03-31 stopped 2024-02-20 by H1", "complaint.handle 2024-04-01 to 2024-05-31"}},
	{"a real-name reporter is told within 15 working days, over the Spring Festival", []past{
		{"2024-01-30", complaint.Received{RealName: true}, ""}, {"2024-02-01", complaint.Accepted{By: day("2024-04-01")}, ""},
		{"2024-02-27", complaint.Acknowledged{}, ""},
	}, "complaint.notify", []string{"complaint.notify_real_name 2024-02-01 to 2024-02-27 workdays stopped 2024-02-27"}},
	{"a real-name reporter is answered within 15 working days; an anonymous one has no such term", []past{
		{"2024-03-01", complaint.Received{RealName: true}, ""}, {"2024-04-01", complaint.Concluded{}, ""}, {"2024-05-06", complaint.Answered{}, ""},
		{"2024-03-01", complaint.Received{}, "Y"}, {"2024-04-01", complaint.Concluded{}, "Y"},
	}, "complaint.answer", []string{"complaint.answer_real_name 2024-04-01 to 2024-04-23 workdays stopped 2024-05-06 late 13"}},
	{"reviews are asked for in 30 days and decided in 30, twice", []past{
		{"2024-01-30", complaint.Answered{}, ""}, {"2024-02-29", complaint.ReviewAsked{}, ""}, {"2024-04-01", complaint.ReviewDecided{}, ""},
		{"2024-04-30", complaint.RereviewAsked{}, ""}, {"2024-05-30", complaint.RereviewDecided{}, ""},
	}, "complaint.ask complaint.decide", []string{
		"complaint.ask_review 2024-01-30 to 2024-02-29 stopped 2024-02-29",
		"complaint.decide_review 2024-02-29 to 2024-03-30 stopped 2024-04-01 late 2",
		"complaint.ask_rereview 2024-04-01 to 2024-05-01 stopped 2024-04-30",
		"complaint.decide_rereview 2024-04-30 to 2024-05-30 stopped 2024-05-30",
	}},
	{"each officer of a case appeals alone; a month ends on the last day of February", []past{
		{"2024-01-10", misconduct.FindingConfirmed{Findings: []misconduct.Finding{{Officer: "P1"}, {Officer: "P2"}, {Officer: "P1"}}}, ""},
		{"2024-01-31", misconduct.Appealed{Officer: "P1"}, ""}, {"2024-03-01", misconduct.AppealDecided{Officer: "P1"}, ""},
		{"2024-03-31", misconduct.RereviewAsked{Officer: "P1"}, ""}, {"2024-05-31", misconduct.Rereviewed{Officer: "P1"}, ""},
	}, "misconduct", []string{
		"misconduct.ask_appeal[P1] 2024-01-10 to 2024-02-10 stopped 2024-01-31 by P1",
		"misconduct.ask_appeal[P2] 2024-01-10 to 2024-02-10 by P2",
		"misconduct.decide_appeal[P1] 2024-01-31 to 2024-02-29 stopped 2024-03-01 late 1",
		"misconduct.ask_rereview[P1] 2024-03-01 to 2024-04-01 stopped 2024-03-31 by P1",
		"misconduct.decide_rereview[P1] 2024-03-31 to 2024-05-31 stopped 2024-05-31",
	}},
	{"a sanction is executed in a month, at the very latest in six, and released after its effect", []past{
		{"2024-01-31", sanction.Imposed{Officer: "P1", From: day("2024-01-31"), Until: day("2024-07-30")}, ""},
		{"2024-03-05", sanction.Executed{Officer: "P1", On: day("2024-03-04")}, ""},
		{"2024-07-31", sanction.Released{Officer: "P1"}, ""},
	}, "sanction", []string{
		"sanction.execute 2024-01-31 to 2024-02-29 stopped 2024-03-04 late 4",
		"sanction.execute_most 2024-01-31 to 2024-07-31 stopped 2024-03-04",
		"sanction.release 2024-01-31 to 2024-07-30 stopped 2024-07-31",
	}},
	{"a varied sanction is released at its new end; dismissal never", []past{
		{"2024-01-31", sanction.Imposed{Officer: "P1", From: day("2024-01-31"), Until: day("2025-07-30")}, ""},
		{"2024-04-01", sanction.Varied{Officer: "P1", From: day("2024-01-31"), Until: day("2025-01-30")}, ""},
		{"2024-01-31", sanction.Imposed{Officer: "P2", From: day("2024-01-31"), ForGood: true}, "Y"},
	}, "sanction.release", []string{
		"sanction.release 2024-01-31 to 2025-07-30 stopped 2024-04-01", "sanction.release 2024-01-31 to 2025-01-30",
	}},
	{"the appeal against a sanction is asked for from its service, and decided in one month and in two", []past{
		{"2024-02-01", sanction.Served{Officer: "P1", On: day("2024-01-31")}, ""},
		{"2024-02-29", sanction.Appealed{Officer: "P1", Stage: sanction.StageAppeal}, ""},
		{"2024-03-29", sanction.AppealDecided{Officer: "P1", Stage: sanction.StageAppeal}, ""},
		{"2024-04-29", sanction.Appealed{Officer: "P1", Stage: sanction.StageRereview}, ""},
		{"2024-07-01", sanction.AppealDecided{Officer: "P1", Stage: sanction.StageRereview}, ""},
	}, "sanction", []string{
		"sanction.ask_appeal 2024-01-31 to 2024-02-29 stopped 2024-02-29 by P1",
		"sanction.decide_appeal 2024-02-29 to 2024-03-29 stopped 2024-03-29",
		"sanction.ask_rereview 2024-03-29 to 2024-04-29 stopped 2024-04-29 by P1",
		"sanction.decide_rereview 2024-04-29 to 2024-06-29 stopped 2024-07-01 late 2",
	}},
	{"the defence has the days the notice gives", []past{
		{"2024-02-01", sanction.Notified{Officer: "P1", DefenceBy: day("2024-02-08")}, ""}, {"2024-02-05", sanction.DefenceHeard{Officer: "P1"}, ""},
	}, "sanction", []string{"sanction.defence 2024-02-01 to 2024-02-08 stopped 2024-02-05 by P1"}},
	{"an honour waits 5 working days for objections", []past{
		{"2024-05-06", reward.Publicised{ObjectionsEnd: day("2024-05-11")}, ""}, {"2024-05-13", reward.Granted{}, ""},
	}, "reward", []string{"reward.publication 2024-05-06 to 2024-05-11 workdays stopped 2024-05-13"}},
	{"a certificate is renewed before it expires", []past{
		{"2019-06-03", officer.CertificateIssued{ValidFrom: day("2019-06-01"), ValidTo: day("2024-05-31")}, ""},
		{"2024-05-20", officer.CertificateRenewed{ValidTo: day("2029-05-31")}, ""},
	}, "officer", []string{"officer.certificate 2019-06-01 to 2024-05-31 stopped 2024-05-20", "officer.certificate 2024-05-20 to 2029-05-31"}},
	{"ten years in a post, five in one of high risk, fewer by the post's own rule; a deferral puts it off", []past{
		{"2024-01-01", post.RotationRuleSet{Years: 3}, "K3"},
		{"2014-02-28", officer.Appointed{Post: "K1", Unit: "U1", On: day("2014-02-28")}, ""},
		{"2024-02-01", officer.RotationDeferred{Post: "K1", Until: day("2024-08-31")}, ""},
		{"2024-06-03", officer.Rotated{From: "K1", To: "K2", Unit: "U1", HighRisk: true, On: day("2024-06-01")}, ""},
		{"2024-07-01", officer.Rotated{From: "K2", To: "K3", Unit: "U2", On: day("2024-07-01")}, ""},
	}, "officer", []string{
		"officer.rotation 2014-02-28 to 2024-08-31 extended stopped 2024-06-01",
		"officer.rotation 2024-06-01 to 2029-06-01 stopped 2024-07-01",
		"officer.rotation 2024-07-01 to 2027-07-01",
	}},
	{"a risk is graded again within the year, by its last level; a called re-rating ends when all risks are graded", []past{
		{"2024-01-08", post.RiskIdentified{Risk: "R1"}, ""}, {"2024-01-08", post.RiskIdentified{Risk: "R2"}, ""},
		{"2024-02-29", post.RiskGraded{Risk: "R1", NextBy: day("2025-02-28")}, ""},
		{"2024-06-03", post.ReratingRequired{Cause: "case", Due: day("2024-07-03")}, ""},
		{"2024-06-10", post.RiskGraded{Risk: "R1"}, ""}, {"2024-06-11", post.RiskGraded{Risk: "R1", NextBy: day("2025-06-11")}, ""},
		{"2024-07-05", post.RiskGraded{Risk: "R2", NextBy: day("2025-07-05")}, ""},
	}, "post", []string{
		"post.rerate[R1] 2024-02-29 to 2025-02-28 stopped 2024-06-11",
		"post.rerating_called[case] 2024-06-03 to 2024-07-03 stopped 2024-07-05 late 2",
		"post.rerate[R1] 2024-06-11 to 2025-06-11", "post.rerate[R2] 2024-07-05 to 2025-07-05",
	}},
	{"a target is met by whom it was handed to, or missed the day after", []past{
		{"2024-01-08", plan.TargetSet{Target: "T1", Due: day("2024-03-31"), Unit: "U1", Officer: "P1"}, ""},
		{"2024-01-08", plan.TargetSet{Target: "T2", Due: day("2024-03-31"), Unit: "U1", Officer: "P1"}, ""},
		{"2024-02-01", plan.TargetReassigned{Target: "T1", Unit: "U2", Officer: "P2"}, ""},
		{"2024-04-02", plan.TargetMet{Target: "T1", On: day("2024-03-29")}, ""}, {"2024-04-01", plan.TargetMissed{Target: "T2"}, ""},
	}, "plan", []string{
		"plan.target[T1] 2024-01-08 to 2024-03-31 stopped 2024-03-29 by P2", "plan.target[T2] 2024-01-08 to 2024-03-31 stopped 2024-04-01 late 1 by P1",
	}},
	{"a carrier is refreshed within 180 days", []past{
		{"2024-01-08", activity.CarrierSet{Unit: "U1", On: day("2024-01-05")}, ""}, {"2024-07-10", activity.CarrierRefreshed{On: day("2024-07-05")}, ""},
	}, "activity", []string{
		"activity.refresh_carrier 2024-01-05 to 2024-07-03 stopped 2024-07-05 late 2", "activity.refresh_carrier 2024-07-05 to 2025-01-01",
	}},
	{"an item is published by its day, and withdrawn within 3 working days", []past{
		{"2024-04-01", disclosure.Due{Unit: "U1", Deadline: day("2024-04-12")}, ""}, {"2024-04-12", disclosure.Published{On: day("2024-04-12")}, ""},
		{"2024-04-30", disclosure.WithdrawRequired{Deadline: day("2024-05-08")}, ""}, {"2024-05-10", disclosure.Withdrawn{On: day("2024-05-09")}, ""},
	}, "disclosure", []string{
		"disclosure.publish 2024-04-01 to 2024-04-12 workdays stopped 2024-04-12", "disclosure.withdraw 2024-04-30 to 2024-05-08 workdays stopped 2024-05-09 late 1",
	}},
	{"a text is reviewed and its gaps are closed", []past{
		{"2024-01-08", norm.Drafted{Unit: "U1", Owner: "P1"}, ""}, {"2024-01-15", norm.Adopted{ReviewBy: day("2026-01-15")}, ""},
		{"2024-03-01", norm.GapFound{Gap: "G1", CloseBy: day("2024-05-30")}, ""}, {"2024-06-01", norm.GapClosed{Gap: "G1"}, ""},
		{"2025-12-01", norm.Reviewed{NextBy: day("2027-12-01")}, ""},
	}, "norm", []string{
		"norm.review 2024-01-15 to 2026-01-15 stopped 2025-12-01 by P1", "norm.close_gap[G1] 2024-03-01 to 2024-05-30 stopped 2024-06-01 late 2 by P1",
		"norm.review 2025-12-01 to 2027-12-01 by P1",
	}},
	{"a penalty is decided in 90 days, served and published in 7 working days", []past{
		{"2024-01-08", enforcement.Opened{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: []domain.OfficerID{"P1", "P2"}, DecideBy: day("2024-04-07")}, ""},
		{"2024-03-01", enforcement.StepTaken{StepKind: norm.StepNotify, On: day("2024-03-01")}, ""},
		{"2024-04-03", enforcement.Decided{On: day("2024-04-02")}, ""},
		{"2024-04-12", enforcement.StepTaken{StepKind: norm.StepServe, On: day("2024-04-11")}, ""},
		{"2024-04-15", enforcement.StepTaken{StepKind: norm.StepPublish, On: day("2024-04-15")}, ""},
		{"2024-05-20", enforcement.Reviewed{Outcome: enforcement.ResultOverturned, On: day("2024-05-17"), FaultReviewBy: day("2024-06-16")}, ""},
		{"2024-06-10", enforcement.FaultReviewed{}, ""},
	}, "enforcement", []string{
		"enforcement.decide 2024-01-08 to 2024-04-07 stopped 2024-04-02 by P1",
		"enforcement.ask_hearing 2024-03-01 to 2024-03-08 workdays stopped 2024-04-03",
		"enforcement.serve 2024-04-02 to 2024-04-12 workdays stopped 2024-04-11 by P1",
		"enforcement.publish 2024-04-02 to 2024-04-12 workdays stopped 2024-04-15 late 3 by P1",
		"enforcement.fault_review 2024-05-17 to 2024-06-16 stopped 2024-06-10",
	}},
	{"an approval is not served as a penalty is, and has its own term in working days", []past{
		{"2024-01-08", enforcement.Opened{ActKind: enforcement.KindApproval, Unit: "U1", DecideBy: day("2024-02-04")}, ""},
		{"2024-01-20", enforcement.Decided{On: day("2024-01-19")}, ""},
	}, "enforcement", []string{"enforcement.decide 2024-01-08 to 2024-02-04 workdays stopped 2024-01-19"}},
	{"what an inspection orders is put right until it is accepted", []past{
		{"2024-01-08", inspection.Opened{Unit: "U1"}, ""},
		{"2024-01-09", inspection.RectificationOrdered{Code: "A", Unit: "U2", Due: day("2024-02-09")}, ""},
		{"2024-02-01", inspection.RectificationVerified{Code: "A"}, ""},
		{"2024-02-12", inspection.RectificationVerified{Code: "A", Accepted: true}, ""},
	}, "inspection", []string{"inspection.rectify[A] 2024-01-09 to 2024-02-09 stopped 2024-02-12 late 3"}},
	{"a trace is concluded in 30 days", []past{
		{"2024-01-08", traceback.Opened{Due: day("2024-02-07")}, ""}, {"2024-02-07", traceback.Concluded{}, ""},
	}, "traceback", []string{"traceback.conclude 2024-01-08 to 2024-02-07 stopped 2024-02-07"}},
	{"a warning is taken up in 5 working days", []past{
		{"2024-02-07", warning.Raised{Unit: "U1", Due: day("2024-02-20")}, ""}, {"2024-02-19", warning.Acknowledged{}, ""},
	}, "warning", []string{"warning.acknowledge 2024-02-07 to 2024-02-20 workdays stopped 2024-02-19", "warning.handle 2024-02-19 to 2024-03-20"}},
	{"each role that a warning is sent up to has its term to act, but for the last", []past{
		{"2024-02-07", warning.Raised{Unit: "U1", Due: day("2024-02-20")}, ""}, {"2024-02-21", warning.Escalated{To: domain.RoleLeader}, ""},
		{"2024-02-22", warning.Acknowledged{}, ""}, {"2024-03-01", warning.Reviewed{}, ""}, {"2024-03-24", warning.Escalated{To: domain.RoleOverseer}, ""},
	}, "warning", []string{"warning.acknowledge 2024-02-07 to 2024-02-20 workdays stopped 2024-02-21 late 1", "warning.handle 2024-02-21 to 2024-03-22 stopped 2024-02-22",
		"warning.handle 2024-02-22 to 2024-03-23 stopped 2024-03-24 late 1"}},
	{"a warning that is acted on is handled", []past{
		{"2024-02-07", warning.Raised{Unit: "U1"}, ""}, {"2024-02-08", warning.Acknowledged{}, ""}, {"2024-02-09", warning.ActedOn{}, ""},
	}, "warning", []string{"warning.handle 2024-02-08 to 2024-03-09 stopped 2024-02-09"}},
}

func TestClocksRunAsTheRulebookSays(t *testing.T) {
	seen := map[string]bool{}
	for _, x := range examples {
		t.Run(x.name, func(t *testing.T) {
			list := clocks.Fold(domain.CN2024(), recorded(x.given))
			if diff := cmp.Diff(x.want, only(list, x.show)); diff != "" {
				t.Errorf("clocks (-want +got):\n%s", diff)
			}
			for _, c := range list {
				seen[c.Name] = true
			}
		})
	}
	// Terms that cn-2024 has not; TestClocksOfOtherRulebooks runs them.
	for _, name := range []string{"complaint.acknowledge", "complaint.feedback", "misconduct.limitation"} {
		seen[name] = true
	}
	for _, r := range clocks.Rules() {
		if !seen[r.Name] {
			t.Errorf("%s has no worked example", r.Name)
		}
	}
}

func TestClocksOfOtherRulebooks(t *testing.T) {
	book := domain.CN2024()
	book.Reporting.Acknowledge = domain.Term{Length: 7, Unit: domain.Days, Source: "2019/1937 art. 9"}
	book.Reporting.Feedback = domain.Term{Length: 3, Unit: domain.Months, Source: "2019/1937 art. 9"}
	book.Limitation.Complete = domain.Term{Length: 1, Unit: domain.Years, Source: "POBR"}
	list := clocks.Fold(book, recorded([]past{
		{"2024-01-24", complaint.Received{}, ""}, {"2024-01-30", complaint.Acknowledged{}, ""}, {"2024-05-02", complaint.Answered{}, ""},
		{"2024-02-29", misconduct.Opened{Officers: []domain.OfficerID{"P1", "P2"}}, "Y"}, {"2024-09-02", misconduct.NoticeGiven{Officer: "P1"}, "Y"},
	}))
	want := []string{
		"complaint.acknowledge 2024-01-24 to 2024-01-31 stopped 2024-01-30",
		"complaint.feedback 2024-01-30 to 2024-04-30 stopped 2024-05-02 late 2",
		"misconduct.limitation[P1] 2024-02-29 to 2025-02-28 stopped 2024-09-02",
		"misconduct.limitation[P2] 2024-02-29 to 2025-02-28",
	}
	if diff := cmp.Diff(want, only(list, "complaint.acknowledge complaint.feedback misconduct.limitation")); diff != "" {
		t.Errorf("clocks (-want +got):\n%s", diff)
	}
}

func TestRulesAreSound(t *testing.T) {
	all, names, kinds := catalog.New(), map[string]bool{}, 0
	k := clocks.NewKeeper(domain.CN2024())
	for _, room := range all.Aggregates {
		for _, e := range room.Events {
			if k.Cares(e.Kind) {
				kinds++
			}
		}
	}
	if kinds < 60 {
		t.Errorf("clocks care for %d kinds of the catalog", kinds)
	}
	for _, r := range clocks.Rules() {
		if names[r.Name] || all.Room(strings.Split(r.Name, ".")[0]) == nil || len(r.Name) > 28 {
			t.Errorf("%s is listed twice, of no room, or too long for the id of a warning", r.Name)
		}
		names[r.Name] = true
		if r.Chinese == "" || r.Owed == "" || r.OwedChinese == "" || r.Role == "" {
			t.Errorf("%s does not say what is owed by whom", r.Name)
		}
		if (r.Command != nil) != (r.Breach == clocks.Commands) {
			t.Errorf("%s commands at a breach, or does not, against its word", r.Name)
		}
	}
}

func TestImportedHistoryStartsNoClock(t *testing.T) {
	events := recorded([]past{{"2024-01-08", complaint.Received{}, ""}, {"2024-01-09", complaint.Accepted{By: day("2024-03-09")}, ""}})
	for i := range events {
		events[i].Act.Source = "sha256:" + strings.Repeat("0", 64)
	}
	if list := clocks.Fold(domain.CN2024(), events); len(list) > 0 {
		t.Errorf("imported events started %v", list)
	}
}
