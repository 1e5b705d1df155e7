package indicators_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections/indicators"
)

func day(s string) domain.Date { return domain.MustDate(s) }

// scene is a history and what indicators show of unit U in the first quarter
// of 2024, asked on 3 June 2024, all of it known.
type scene struct {
	name  string
	given []told
	// want is "hits/of" by indicator, with "!" where the warning is met.
	want map[string]string
}

func run(t *testing.T, scenes []scene) {
	t.Helper()
	for _, c := range scenes {
		t.Run(c.name, func(t *testing.T) {
			s := newStory().fold(t, c.given)
			for id, want := range c.want {
				if got := shown(s.sum(id, "U", "2024-01-01", "2024-03-31", "2024-06-03", s.last)); got != want {
					t.Errorf("%s is %s, want %s", id, got, want)
				}
			}
		})
	}
}

func target(code, due string) told {
	return told{on: "2024-01-02", subject: "PL", event: plan.TargetSet{Target: code, Due: day(due), Unit: "U", Officer: "P1", Stage: "S"}}
}

func TestI1Plan(t *testing.T) {
	run(t, []scene{
		{"a target that is met counts on the day it is met", []told{target("T1", "2024-05-31"),
			{on: "2024-03-29", subject: "PL", event: plan.TargetMet{Target: "T1", Unit: "U", On: day("2024-03-29")}}},
			map[string]string{"I1.on_time": "1/1", "I1.unexplained": "0/0"}},
		{"a target that nobody met counts on its day, and asks for an explanation", []told{target("T1", "2024-03-31")},
			map[string]string{"I1.on_time": "0/1!", "I1.unexplained": "1/1!"}},
		{"an explanation answers for it, and it stays late", []told{target("T1", "2024-02-29"),
			{on: "2024-03-01", subject: "PL", event: plan.TargetMissed{Target: "T1", Unit: "U", Due: day("2024-02-29")}},
			{on: "2024-03-04", subject: "PL", event: plan.MissExplained{Target: "T1", Unit: "U", Explanation: "flood"}}},
			map[string]string{"I1.on_time": "0/1!", "I1.unexplained": "0/1"}},
		{"so do an excuse, an account and a late fulfilment", []told{target("T1", "2024-02-01"), target("T2", "2024-02-01"), target("T3", "2024-02-01"),
			{on: "2024-02-05", subject: "PL", event: plan.MissExcused{Target: "T1", Unit: "U"}},
			{on: "2024-02-05", subject: "PL", event: plan.MissHeldToAccount{Target: "T2", Unit: "U"}},
			{on: "2024-02-09", subject: "PL", event: plan.TargetMet{Target: "T3", Unit: "U", On: day("2024-02-09"), DaysLate: 8}}},
			map[string]string{"I1.on_time": "0/3!", "I1.unexplained": "0/3"}},
		{"a target counts for the unit that answers in the end", []told{target("T1", "2024-02-01"),
			{on: "2024-01-15", subject: "PL", event: plan.TargetReassigned{Target: "T1", Unit: "V", Officer: "P2"}}},
			map[string]string{"I1.on_time": "0/0", "I1.unexplained": "0/0"}},
		{"what is due after the period is not in it", []told{target("T1", "2024-04-01")}, map[string]string{"I1.on_time": "0/0"}},
	})
}

// held is a session of which some of those expected came.
func held(id, on string, kind activity.Kind, format activity.Format, came, expected int, more ...func(*activity.Held)) told {
	e := activity.Held{ActivityKind: kind, Format: format, Unit: "U", On: day(on), Expected: expected, Contributors: 1}
	for i := range came {
		e.Attendees = append(e.Attendees, domain.OfficerID([]string{"P1", "P2", "P3", "P4"}[i]))
	}
	for _, m := range more {
		m(&e)
	}
	return told{on: on, subject: id, event: e}
}

func TestI2WarningEducation(t *testing.T) {
	film := func(id, on string) told {
		return held(id, on, activity.KindWarningEducation, activity.FormatFilm, 3, 3)
	}
	visit := held("V", "2024-02-10", activity.KindWarningEducation, activity.FormatVisit, 1, 4)
	run(t, []scene{
		{"attendance below nine tenths warns", []told{film("A", "2024-02-01"), visit}, map[string]string{"I2.coverage": "4/7!", "I2.variety": "2/2"}},
		{"three of one format in a row warn", []told{film("A", "2024-02-01"), film("B", "2024-02-02"), film("C", "2024-02-03")},
			map[string]string{"I2.coverage": "9/9", "I2.variety": "2/3!"}},
		{"one recorded late falls into its place and breaks the run", []told{film("A", "2024-02-01"), film("B", "2024-02-02"), film("C", "2024-02-20"), visit},
			map[string]string{"I2.variety": "4/4"}},
		{"or makes it", []told{film("A", "2024-02-01"), film("C", "2024-02-03"), film("B", "2024-02-02")}, map[string]string{"I2.variety": "2/3!"}},
		{"other education does not count here", []told{held("A", "2024-02-01", activity.KindDiligenceEducation, activity.FormatFilm, 1, 1)},
			map[string]string{"I2.coverage": "0/0", "I2.variety": "0/0"}},
		{"nor does imported history", []told{{on: "2024-02-01", subject: "A", old: true,
			event: activity.Imported{ActivityKind: activity.KindWarningEducation, Unit: "U", On: day("2024-02-01"), Attended: 1, Expected: 9}}},
			map[string]string{"I2.coverage": "0/0"}},
	})
}

func complained(id, on string, post domain.PostID) told {
	return told{on: on, subject: id, event: complaint.Received{Unit: "U", Post: post, Category: "delay"}}
}

func TestI3ExternalSupervision(t *testing.T) {
	accepted := func(id, on, by string) told {
		return told{on: on, subject: id, event: complaint.Accepted{By: day(by)}}
	}
	concluded := func(id, on string, r complaint.Result) told {
		return told{on: on, subject: id, event: complaint.Concluded{Result: r}}
	}
	run(t, []scene{
		{"routing and handling in time", []told{complained("C", "2024-01-08", ""), accepted("C", "2024-01-10", "2024-03-10"), concluded("C", "2024-02-05", complaint.ResultSubstantiated)},
			map[string]string{"I3.clocks": "2/2", "I3.substantiated": "1/1", "I3.repeats": "0/0"}},
		{"a conclusion that is late counts on the last day", []told{complained("C", "2024-01-08", ""), accepted("C", "2024-01-10", "2024-03-10"), concluded("C", "2024-05-05", complaint.ResultUnfounded)},
			map[string]string{"I3.clocks": "1/2!", "I3.substantiated": "0/0"}},
		{"so does one that nobody gave", []told{complained("C", "2024-01-08", ""), accepted("C", "2024-01-10", "2024-03-10")}, map[string]string{"I3.clocks": "1/2!"}},
		{"an extension moves the last day", []told{complained("C", "2024-01-08", ""), accepted("C", "2024-01-10", "2024-03-10"),
			{on: "2024-03-01", subject: "C", event: complaint.Extended{Until: day("2024-04-09")}}}, map[string]string{"I3.clocks": "1/1"}},
		{"what was taken back is neither kept nor missed", []told{complained("C", "2024-01-08", ""), {on: "2024-01-09", subject: "C", event: complaint.Withdrawn{Reason: "settled"}}},
			map[string]string{"I3.clocks": "0/0"}},
		{"a review that varies the result corrects it", []told{complained("C", "2024-01-08", ""), accepted("C", "2024-01-10", "2024-03-10"), concluded("C", "2024-02-05", complaint.ResultUnfounded),
			{on: "2024-02-20", subject: "C", event: complaint.ReviewDecided{Outcome: complaint.OutcomeVaried, Result: complaint.ResultPartly}}},
			map[string]string{"I3.substantiated": "1/1"}},
		{"a conclusion that is reopened counts no more", []told{complained("C", "2024-01-08", ""), accepted("C", "2024-01-10", "2024-03-10"), concluded("C", "2024-02-05", complaint.ResultUnfounded),
			{on: "2024-02-20", subject: "C", event: complaint.Reopened{By: day("2024-04-20")}}}, map[string]string{"I3.substantiated": "0/0"}},
		{"a second complaint about a post repeats", []told{complained("C", "2024-01-08", "K"), complained("D", "2024-02-08", "K"), complained("E", "2024-02-09", "L")},
			map[string]string{"I3.repeats": "1/3!"}},
		{"not where it is of another matter", []told{complained("C", "2024-01-08", "K"),
			{on: "2024-02-08", subject: "D", event: complaint.Received{Unit: "U", Post: "K", Category: "courtesy"}}}, map[string]string{"I3.repeats": "0/2"}},
		{"not after a year", []told{complained("C", "2022-12-31", "K"), complained("D", "2024-02-08", "K")}, map[string]string{"I3.repeats": "0/1"}},
		{"one recorded late makes the next a repeat", []told{complained("D", "2024-02-08", "K"), complained("C", "2024-01-08", "K")}, map[string]string{"I3.repeats": "1/2!"}},
	})
}

func TestI4InternalSupervision(t *testing.T) {
	ordered := told{on: "2024-02-01", subject: "N", event: inspection.RectificationOrdered{Code: "R", Unit: "U", Due: day("2024-03-01")}}
	verified := func(on string, ok bool) told {
		return told{on: on, subject: "N", event: inspection.RectificationVerified{Code: "R", Accepted: ok}}
	}
	procedure := []told{
		{on: "2024-01-01", subject: "F", event: norm.Drafted{NormKind: norm.KindProcedure, Unit: "U", Steps: []norm.Step{
			{Code: "look", StepKind: norm.StepInvestigate, ConflictsWith: []string{"check"}}, {Code: "check", StepKind: norm.StepLegalReview}, {Code: "decide", StepKind: norm.StepDecide, ConflictsWith: []string{"look"}}}}},
		{on: "2024-01-02", subject: "F", event: norm.Adopted{Version: 1, From: day("2024-01-02"), ReviewBy: day("2026-01-02")}},
		opened("2024-02-01"),
	}
	run(t, []scene{
		{"accepted in time", []told{ordered, verified("2024-02-20", true)}, map[string]string{"I4.accepted": "1/1"}},
		{"a report that is refused leaves it owing", []told{ordered, verified("2024-02-20", false)}, map[string]string{"I4.accepted": "0/1!"}},
		{"accepted late", []told{ordered, verified("2024-03-20", true)}, map[string]string{"I4.accepted": "0/1!"}},
		{"inspections with and without observations", []told{
			{on: "2024-02-01", subject: "N", event: inspection.Closed{Unit: "U", Observations: 2}}, {on: "2024-02-01", subject: "M", event: inspection.Closed{Unit: "U"}}},
			map[string]string{"I4.defects": "1/2"}},
		{"one person looked and decided", append(procedure, step("2024-02-02", "look", "P1"), step("2024-02-03", "check", "P2"), decided("2024-02-05", "P1", nil)),
			map[string]string{"I4.conflict": "1/1!"}},
		{"one person looked and checked, the later said in the list of the earlier", append(procedure, step("2024-02-02", "check", "P2"), step("2024-02-03", "look", "P2"), decided("2024-02-05", "P3", nil)),
			map[string]string{"I4.conflict": "1/1!"}},
		{"three persons", append(procedure, step("2024-02-02", "look", "P1"), step("2024-02-03", "check", "P2"), decided("2024-02-05", "P3", nil)), map[string]string{"I4.conflict": "0/1"}},
	})
}

func opened(on string) told {
	return told{on: on, subject: "E", event: enforcement.Opened{ActKind: enforcement.KindPenalty, Unit: "U", Procedure: "F", ProcedureVersion: 1, DecideBy: day("2024-05-01")}}
}

func step(on, code string, who domain.OfficerID) told {
	return told{on: on, subject: "E", event: enforcement.StepTaken{Step: code, Officer: who, On: day(on)}}
}

func decided(on string, by domain.ActorID, change func(*enforcement.Decided)) told {
	e := enforcement.Decided{ActKind: enforcement.KindPenalty, Unit: "U", Step: "decide", On: day(on), Outcome: enforcement.OutcomePenalised}
	if change != nil {
		change(&e)
	}
	return told{on: on, subject: "E", event: e, by: by}
}

func TestI5OpenGovernment(t *testing.T) {
	due := told{on: "2024-01-02", subject: "X", event: disclosure.Due{Unit: "U", Deadline: day("2024-02-01")}}
	published := func(on string) told {
		return told{on: on, subject: "X", event: disclosure.Published{Unit: "U", On: day(on)}}
	}
	required := told{on: "2024-03-01", subject: "X", event: disclosure.WithdrawRequired{Unit: "U", Cause: "E", Deadline: day("2024-03-06")}}
	run(t, []scene{
		{"in time", []told{due, published("2024-01-31")}, map[string]string{"I5.on_time": "1/1", "I5.overturned_public": "0/0"}},
		{"late", []told{due, published("2024-02-02")}, map[string]string{"I5.on_time": "0/1!"}},
		{"an overturned act that is still public", []told{due, published("2024-01-31"), required}, map[string]string{"I5.overturned_public": "1/1!"}},
		{"one that was withdrawn", []told{due, published("2024-01-31"), required, {on: "2024-03-05", subject: "X", event: disclosure.Withdrawn{Unit: "U", On: day("2024-03-05")}}},
			map[string]string{"I5.overturned_public": "0/0"}},
	})
}

func enrolled(id, on string, in domain.UnitID) told {
	return told{on: on, subject: id, event: officer.Enrolled{Unit: in, On: day(on)}}
}

// listed are the events that put a list of prohibited conduct of unit U in
// force.
func listed(version int, from string) []told {
	return []told{
		{on: from, subject: "L", event: norm.Drafted{NormKind: norm.KindProhibition, Unit: "U"}},
		{on: from, subject: "L", event: norm.Adopted{Version: version, From: day(from), ReviewBy: day("2026-01-02")}},
	}
}

func TestI6ProhibitionList(t *testing.T) {
	ack := func(who domain.OfficerID, version int, on string) told {
		return told{on: on, subject: "L", event: norm.Acknowledged{Officer: who, Version: version}}
	}
	staff := []told{enrolled("P1", "2023-01-02", "U"), enrolled("P2", "2023-01-02", "U"), enrolled("P3", "2023-01-02", "V")}
	run(t, []scene{
		{"whoever is bound has thirty days", append(append(staff, listed(1, "2024-03-15")...), ack("P1", 1, "2024-03-20")), map[string]string{"I6.acknowledged": "1/2", "I6.overdue": "0/2"}},
		{"after which a warning is due", append(append(staff, listed(1, "2024-02-01")...), ack("P1", 1, "2024-02-20")), map[string]string{"I6.acknowledged": "1/2", "I6.overdue": "1/2!"}},
		{"newcomers have as long from their first day", append(listed(1, "2023-01-02"), enrolled("P1", "2024-03-20", "U")), map[string]string{"I6.acknowledged": "0/1", "I6.overdue": "0/1"}},
		{"a new version is acknowledged anew", append(append(append(staff, listed(1, "2023-06-01")...), ack("P1", 1, "2023-06-02"), ack("P2", 1, "2023-06-02")),
			told{on: "2024-02-01", subject: "L", event: norm.Revised{Version: 2}}, told{on: "2024-02-01", subject: "L", event: norm.Adopted{Version: 2, From: day("2024-02-01")}}, ack("P2", 2, "2024-02-02")),
			map[string]string{"I6.acknowledged": "1/2", "I6.overdue": "1/2!"}},
		{"what was repealed binds nobody", append(append(staff, listed(1, "2023-06-01")...), told{on: "2024-03-01", subject: "L", event: norm.Repealed{From: day("2024-03-01")}}),
			map[string]string{"I6.acknowledged": "0/0"}},
		{"nor whoever left", append(append(staff, listed(1, "2023-06-01")...), told{on: "2024-03-01", subject: "P1", event: officer.Separated{On: day("2024-03-01")}}), map[string]string{"I6.acknowledged": "0/1"}},
		{"findings that cite a clause are breaches", []told{{on: "2024-02-01", subject: "M", event: misconduct.Opened{Unit: "U"}},
			{on: "2024-03-01", subject: "M", event: misconduct.FindingConfirmed{Findings: []misconduct.Finding{
				{Officer: "P1", Result: misconduct.ResultSustained, Clause: "c1"}, {Officer: "P2", Result: misconduct.ResultUnfounded, Clause: "c1"}, {Officer: "P3", Result: misconduct.ResultSustained}}}}},
			map[string]string{"I6.breaches": "1/3!"}},
	})
}

func TestI7BranchStudy(t *testing.T) {
	minutes := func(digest string) func(*activity.Held) {
		return func(h *activity.Held) { h.Minutes = domain.Evidence{Digest: "sha256:" + strings.Repeat(digest, 64)} }
	}
	silent := func(h *activity.Held) { h.Contributors = 0 }
	study := func(id, on string, more ...func(*activity.Held)) told {
		return held(id, on, activity.KindBranchStudy, activity.FormatSeminar, 3, 4, more...)
	}
	run(t, []scene{
		{"attendance", []told{study("A", "2024-02-01", minutes("a"))}, map[string]string{"I7.attendance": "3/4!", "I7.empty": "0/1"}},
		{"minutes that were filed before", []told{study("A", "2024-02-01", minutes("a")), study("B", "2024-03-01", minutes("a"))}, map[string]string{"I7.empty": "1/2!"}},
		{"nobody contributed", []told{study("A", "2024-02-01", minutes("a"), silent)}, map[string]string{"I7.empty": "1/1!"}},
	})
}

func TestI8Culture(t *testing.T) {
	set := told{on: "2023-01-02", subject: "B", event: activity.CarrierSet{Carrier: activity.CarrierBoard, Unit: "U", On: day("2023-01-02")}}
	refreshed := func(on string) told {
		return told{on: "2024-03-20", subject: "B", event: activity.CarrierRefreshed{Unit: "U", On: day(on)}}
	}
	run(t, []scene{
		{"a carrier that nobody refreshed", []told{set}, map[string]string{"I8.fresh": "0/1!"}},
		{"180 days are in time", []told{set, refreshed("2023-10-03")}, map[string]string{"I8.fresh": "1/1"}},
		{"181 are not", []told{set, refreshed("2023-10-02")}, map[string]string{"I8.fresh": "0/1!"}},
		{"one that was retired is none", []told{set, {on: "2024-03-01", subject: "B", event: activity.CarrierRetired{Unit: "U"}}}, map[string]string{"I8.fresh": "0/0"}},
	})
}

func TestI9PostRisk(t *testing.T) {
	graded := func(on string, g post.Grade, next string) told {
		return told{on: on, subject: "K", event: post.RiskGraded{Risk: "r", Level: post.LevelLeadership, Grade: g, NextBy: day(next)}}
	}
	high := []told{{on: "2023-01-02", subject: "K", event: post.Defined{Unit: "U"}}, {on: "2023-01-03", subject: "K", event: post.RiskIdentified{Risk: "r"}}, graded("2023-06-01", post.GradeHigh, "2024-06-01")}
	control := told{on: "2023-07-01", subject: "K", event: post.ControlAdopted{Risk: "r", Control: "c"}}
	tested := func(on string, ok bool) told {
		return told{on: on, subject: "K", event: post.ControlTested{Control: "c", Passed: ok}}
	}
	run(t, []scene{
		{"a high risk without a control", high, map[string]string{"I9.unguarded": "1/1!", "I9.tested": "0/0", "I9.overdue": "0/1"}},
		{"with one that nobody tested", append(high, control), map[string]string{"I9.unguarded": "1/1!", "I9.tested": "0/1!"}},
		{"with one that works", append(high, control, tested("2024-02-01", true)), map[string]string{"I9.unguarded": "0/1", "I9.tested": "1/1"}},
		{"with one that works no more", append(high, control, tested("2024-02-01", true), tested("2024-03-01", false)), map[string]string{"I9.unguarded": "1/1!", "I9.tested": "0/1!"}},
		{"a risk that is high no more", append(high, graded("2024-02-01", post.GradeLow, "2025-02-01")), map[string]string{"I9.unguarded": "0/0", "I9.overdue": "0/1"}},
		{"a grading that was not repeated", append(high[:2:2], graded("2023-01-04", post.GradeLow, "2024-01-04")), map[string]string{"I9.overdue": "1/1!"}},
		{"a post that is closed", append(high, control, told{on: "2024-03-01", subject: "K", event: post.Closed{On: day("2024-03-01")}}), map[string]string{"I9.unguarded": "0/0", "I9.tested": "0/0", "I9.overdue": "0/0"}},
	})
}

func TestI10TechnicalConstraint(t *testing.T) {
	run(t, []scene{
		{"overrides by the case", []told{opened("2024-02-01"), decided("2024-02-05", "P3", func(d *enforcement.Decided) { d.Overrides = 2 })}, map[string]string{"I10.overrides": "2/1!"}},
		{"none", []told{opened("2024-02-01"), decided("2024-02-05", "P3", nil)}, map[string]string{"I10.overrides": "0/1"}},
		{"a step after the decision counts for it as well", []told{opened("2024-02-01"), decided("2024-02-05", "P3", func(d *enforcement.Decided) { d.Overrides = 1 }),
			{on: "2024-02-09", subject: "E", event: enforcement.StepOverridden{Unit: "U", Step: "publish"}}}, map[string]string{"I10.overrides": "2/1!", "D2.defects": "1/1!"}},
		{"one before it counts once", []told{opened("2024-02-01"), {on: "2024-02-02", subject: "E", event: enforcement.StepOverridden{Unit: "U", Step: "hearing"}},
			decided("2024-02-05", "P3", func(d *enforcement.Decided) { d.Overrides = 1 })}, map[string]string{"I10.overrides": "1/1!"}},
		{"imported acts were not held to it", []told{{on: "2024-02-01", subject: "E", old: true, event: enforcement.Imported{Unit: "U", DecidedOn: day("2024-02-01")}}}, map[string]string{"I10.overrides": "0/0"}},
	})
}

func TestD1Qualification(t *testing.T) {
	in := enrolled("P1", "2022-01-03", "U")
	issued := told{on: "2022-02-01", subject: "P1", event: officer.CertificateIssued{Number: "1", ValidFrom: day("2022-02-01"), ValidTo: day("2024-02-10")}}
	trained := func(on string, hours int) told {
		return told{on: "2024-03-30", subject: "P1", event: officer.TrainingCompleted{Hours: hours, On: day(on)}}
	}
	do := func(on string, e domain.Event) told { return told{on: on, subject: "P1", event: e} }
	run(t, []scene{
		{"a certificate that ran out", []told{in, issued}, map[string]string{"D1.valid": "0/1!", "D1.expiring": "0/0"}},
		{"one that was renewed", []told{in, issued, do("2024-02-09", officer.CertificateRenewed{Number: "1", ValidTo: day("2027-02-09")})}, map[string]string{"D1.valid": "1/1", "D1.expiring": "0/1"}},
		{"one with sixty days left", []told{in, issued, do("2024-02-09", officer.CertificateRenewed{Number: "1", ValidTo: day("2024-05-30")})}, map[string]string{"D1.valid": "1/1", "D1.expiring": "1/1!"}},
		{"one with a day more", []told{in, issued, do("2024-02-09", officer.CertificateRenewed{Number: "1", ValidTo: day("2024-05-31")})}, map[string]string{"D1.expiring": "0/1"}},
		{"one that is suspended", []told{in, issued, do("2024-02-09", officer.CertificateRenewed{Number: "1", ValidTo: day("2027-02-09")}), do("2024-03-01", officer.CertificateSuspended{Number: "1"})}, map[string]string{"D1.valid": "0/1!"}},
		{"and given back", []told{in, issued, do("2024-02-09", officer.CertificateRenewed{Number: "1", ValidTo: day("2027-02-09")}), do("2024-03-01", officer.CertificateSuspended{Number: "1"}), do("2024-03-20", officer.CertificateRestored{Number: "1"})}, map[string]string{"D1.valid": "1/1"}},
		{"who has none is not counted, nor whose was revoked", []told{in, enrolled("P2", "2022-01-03", "U"), issued, do("2024-02-01", officer.CertificateRevoked{Number: "1"})}, map[string]string{"D1.valid": "0/0"}},
		{"sixty hours within a year", []told{in, trained("2023-04-15", 40), trained("2024-01-15", 20)}, map[string]string{"D1.hours": "1/1"}},
		{"sixty hours, some too long ago", []told{in, trained("2023-03-15", 40), trained("2024-01-15", 20)}, map[string]string{"D1.hours": "0/1!"}},
		{"a newcomer has a year", []told{enrolled("P1", "2023-06-01", "U")}, map[string]string{"D1.hours": "0/0"}},
		{"after a move the new unit answers", []told{in, issued, do("2024-03-01", officer.Appointed{Post: "K", Unit: "V", On: day("2024-03-01")})}, map[string]string{"D1.valid": "0/0", "D1.hours": "0/0"}},
		{"who is on file from old records alone does not count", []told{{on: "2022-01-03", subject: "P1", old: true, event: officer.Imported{Unit: "U"}}}, map[string]string{"D1.hours": "0/0"}},
		{"and counts a year after the first event of ours", []told{{on: "2022-01-03", subject: "P1", old: true, event: officer.Imported{Unit: "U"}}, do("2022-06-01", officer.Promoted{Rank: "x"})}, map[string]string{"D1.hours": "0/1!"}},
	})
}

func TestD2CivilEnforcement(t *testing.T) {
	late := step("2024-02-02", "look", "P1")
	late.event = enforcement.StepTaken{Step: "look", Officer: "P1", On: day("2024-02-02"), DaysLate: 1}
	reviewed := func(r enforcement.Result) told {
		return told{on: "2024-03-01", subject: "E", event: enforcement.Reviewed{Unit: "U", Outcome: r, On: day("2024-03-01"), FaultReviewBy: day("2024-03-31")}}
	}
	whole := []told{opened("2024-02-01"), step("2024-02-02", "look", "P1"), decided("2024-02-05", "P3", nil)}
	serve := told{on: "2024-02-09", subject: "E", event: enforcement.StepTaken{Step: "serve", StepKind: norm.StepServe, Officer: "P1", On: day("2024-02-09"), DaysLate: 2}}
	run(t, []scene{
		{"a whole procedure", whole, map[string]string{"D2.defects": "0/1"}},
		{"a late step", []told{opened("2024-02-01"), late, decided("2024-02-05", "P3", nil)}, map[string]string{"D2.defects": "1/1!"}},
		{"a step after the decision that is late", append(whole, serve), map[string]string{"D2.defects": "1/1!"}},
		{"a step that was left out", []told{opened("2024-02-01"), decided("2024-02-05", "P3", func(d *enforcement.Decided) { d.Overrides = 1 })}, map[string]string{"D2.defects": "1/1!"}},
		{"decided in time, never served or published", whole, map[string]string{"D2.in_time": "1/3!"}},
		{"an act that was upheld", append(whole, reviewed(enforcement.ResultUpheld)), map[string]string{"D2.reversed": "0/1"}},
		{"one that was overturned", append(whole, reviewed(enforcement.ResultOverturned)), map[string]string{"D2.reversed": "1/1!"}},
	})
}

func TestD3WindowService(t *testing.T) {
	var rated []told
	rate := func(n int, g complaint.Grade) {
		for range n {
			id := "C" + strings.Repeat("x", len(rated))
			rated = append(rated, complained(id, "2024-02-01", ""), told{on: "2024-03-01", subject: id, event: complaint.SatisfactionRated{Grade: g}})
		}
	}
	rate(1, complaint.GradeNeedsStrengthening)
	rate(4, complaint.GradeFairlyGood)
	few := rated
	rate(4, complaint.GradeNeedsStrengthening)
	rate(6, complaint.GradeVerySatisfied)
	run(t, []scene{
		{"one of five may well be chance", few, map[string]string{"D3.bad": "1/5"}},
		{"five of fifteen hardly are", rated, map[string]string{"D3.bad": "5/15!"}},
	})
}

func TestD4Appraisal(t *testing.T) {
	in := enrolled("P1", "2022-01-01", "U")
	do := func(on string, e domain.Event) told { return told{on: on, subject: "P1", event: e} }
	run(t, []scene{
		{"the grade of last year is due at the end of March", []told{in, do("2023-02-01", officer.Appraised{Year: 2022, Grade: "competent"})}, map[string]string{"D4.appraised": "1/1", "D4.worst": "0/0"}},
		{"that of the year before is missing", []told{in, do("2024-02-01", officer.Appraised{Year: 2023, Grade: "competent"})}, map[string]string{"D4.appraised": "0/1!", "D4.worst": "0/1"}},
		{"who has not served a whole year yet", []told{enrolled("P1", "2023-02-01", "U")}, map[string]string{"D4.appraised": "0/0"}},
		{"incompetent twice in a row", []told{in, do("2023-02-01", officer.Appraised{Year: 2022, Grade: "incompetent"}), do("2024-02-01", officer.Appraised{Year: 2023, Grade: "incompetent"})},
			map[string]string{"D4.worst": "1/1", "D4.worst_again": "1/1!"}},
		{"a correction of the first takes it back", []told{in, do("2023-02-01", officer.Appraised{Year: 2022, Grade: "incompetent"}), do("2024-02-01", officer.Appraised{Year: 2023, Grade: "incompetent"}),
			do("2024-05-01", officer.AppraisalCorrected{Year: 2022, Grade: "competent"})}, map[string]string{"D4.worst": "1/1", "D4.worst_again": "0/1"}},
		{"incompetent with a year between", []told{in, do("2022-02-01", officer.Appraised{Year: 2021, Grade: "incompetent"}), do("2024-02-01", officer.Appraised{Year: 2023, Grade: "incompetent"})},
			map[string]string{"D4.worst_again": "0/1"}},
	})
}

func TestD5Discretion(t *testing.T) {
	act := func(id string, amount int64, outside bool) told {
		x := decided("2024-02-05", "P3", func(d *enforcement.Decided) {
			d.Tier, d.Clause, d.Benchmark, d.BenchmarkVersion, d.Amount, d.Deviated = "t", "c", "B", 1, amount, outside
		})
		x.subject = id
		return x
	}
	run(t, []scene{
		{"outside the tier", []told{act("E1", 100, false), act("E2", 900, true)}, map[string]string{"D5.outside": "1/2!"}},
		{"amounts are kept by their like", []told{act("E1", 100, false), act("E2", 300, false)}, map[string]string{"D5.spread": "400/2!", "D5.outside": "0/2"}},
		{"an act without a tier leaves no discretion", []told{decided("2024-02-05", "P3", nil)}, map[string]string{"D5.outside": "0/0", "D5.spread": "0/0"}},
	})
}

func TestD6FaultLiability(t *testing.T) {
	reversed := []told{opened("2024-01-01"), {on: "2024-02-01", subject: "E", event: enforcement.Reviewed{Unit: "U", Outcome: enforcement.ResultOverturned, On: day("2024-02-01"), FaultReviewBy: day("2024-03-02")}}}
	review := func(on string) told { return told{on: on, subject: "E", event: enforcement.FaultReviewed{Unit: "U"}} }
	run(t, []scene{
		{"reviewed in time", append(reversed, review("2024-03-02")), map[string]string{"D6.reviewed": "1/1"}},
		{"reviewed late", append(reversed, review("2024-03-03")), map[string]string{"D6.reviewed": "0/1!"}},
		{"never reviewed", reversed, map[string]string{"D6.reviewed": "0/1!"}},
	})
}

func TestD7RewardAndPenalty(t *testing.T) {
	imposed := []told{enrolled("P1", "2022-01-03", "U"), {on: "2024-02-01", subject: "S", event: sanction.Imposed{Officer: "P1", Measure: domain.MeasureDemerit}}}
	executed := func(on string) told {
		return told{on: on, subject: "S", event: sanction.Executed{Officer: "P1", On: day(on)}}
	}
	bar := told{on: "2024-02-01", subject: "P1", event: officer.Restricted{Sanction: "S", From: day("2024-02-01"), Until: day("2025-01-31"), BarsHonours: true}}
	honour := func(on string) told {
		return told{on: on, subject: "G", event: reward.Granted{Officer: "P1", Honour: "merit"}}
	}
	in := enrolled("P1", "2022-01-03", "U")
	run(t, []scene{
		{"carried out within a month", append(imposed, executed("2024-03-01")), map[string]string{"D7.filed": "1/1"}},
		{"carried out later", append(imposed, executed("2024-03-02")), map[string]string{"D7.filed": "0/1!"}},
		{"an honour", []told{in, honour("2024-01-15")}, map[string]string{"D7.honour_restricted": "0/1"}},
		{"an honour while barred", []told{in, bar, honour("2024-03-15")}, map[string]string{"D7.honour_restricted": "1/1!"}},
		{"a bar that was recorded after the honour", []told{in, honour("2024-03-15"), bar}, map[string]string{"D7.honour_restricted": "1/1!"}},
		{"a bar that was lifted before", []told{in, bar, {on: "2024-03-01", subject: "P1", event: officer.RestrictionLifted{Sanction: "S"}}, honour("2024-03-15")}, map[string]string{"D7.honour_restricted": "0/1"}},
		{"an honour that was revoked", []told{in, bar, honour("2024-03-15"), {on: "2024-03-20", subject: "G", event: reward.Revoked{Officer: "P1"}}}, map[string]string{"D7.honour_restricted": "0/0"}},
	})
}

func TestD8DiligenceEducation(t *testing.T) {
	run(t, []scene{
		{"coverage", []told{held("A", "2024-02-01", activity.KindDiligenceEducation, activity.FormatFilm, 3, 4)}, map[string]string{"D8.coverage": "3/4!"}},
		{"nine in ten will do", []told{held("A", "2024-02-01", activity.KindDiligenceEducation, activity.FormatFilm, 4, 4)}, map[string]string{"D8.coverage": "4/4"}},
	})
}

func TestD9RefinedProcess(t *testing.T) {
	adopted := func(single bool) []told {
		return []told{{on: "2022-01-02", subject: "F", event: norm.Drafted{NormKind: norm.KindProcedure, Unit: "U"}},
			{on: "2022-01-02", subject: "F", event: norm.Adopted{Version: 1, From: day("2022-01-02"), ReviewBy: day("2024-01-02"), SinglePerson: single}}}
	}
	gap := told{on: "2024-02-01", subject: "F", event: norm.GapFound{Gap: "g", Version: 1, CloseBy: day("2024-03-01")}}
	run(t, []scene{
		{"a review that is overdue, and a path one person walks", adopted(true), map[string]string{"D9.overdue": "1/1!", "D9.single_person": "1/1!"}},
		{"one that was done", append(adopted(false), told{on: "2024-02-01", subject: "F", event: norm.Reviewed{Outcome: norm.OutcomeKeep, NextBy: day("2026-02-01")}}), map[string]string{"D9.overdue": "0/1", "D9.single_person": "0/1"}},
		{"a gap that is open for too long", append(adopted(false), gap), map[string]string{"D9.gaps": "1/1!"}},
		{"one that was closed", append(adopted(false), gap, told{on: "2024-02-20", subject: "F", event: norm.GapClosed{Gap: "g", Version: 2}}), map[string]string{"D9.gaps": "0/0"}},
		{"a new version parts the steps", append(adopted(true), told{on: "2024-02-01", subject: "F", event: norm.Revised{Version: 2}}, told{on: "2024-02-01", subject: "F", event: norm.Adopted{Version: 2, From: day("2024-02-01")}}), map[string]string{"D9.single_person": "0/1"}},
	})
}

func TestD10EarlyWarning(t *testing.T) {
	raised := told{on: "2024-02-01", subject: "W", event: warning.Raised{Rule: "r", Unit: "U", Due: day("2024-02-08")}}
	do := func(on string, e domain.Event) told { return told{on: on, subject: "W", event: e} }
	run(t, []scene{
		{"taken up in time, and true", []told{raised, do("2024-02-05", warning.Acknowledged{}), do("2024-03-01", warning.OutcomeKnown{Outcome: warning.OutcomeTrue})},
			map[string]string{"D10.acknowledged": "1/1", "D10.term": "57/100", "D10.precision": "1/1"}},
		{"left lying, and false", []told{raised, do("2024-02-09", warning.Escalated{}), do("2024-03-01", warning.OutcomeKnown{Outcome: warning.OutcomeFalse})},
			map[string]string{"D10.acknowledged": "0/1!", "D10.term": "100/100", "D10.precision": "0/1!"}},
		{"handed on in time, which is not taking it up", []told{raised, do("2024-02-05", warning.Escalated{})}, map[string]string{"D10.acknowledged": "0/1!", "D10.term": "100/100"}},
		{"handed on, and taken up on the last day", []told{raised, do("2024-02-05", warning.Escalated{}), do("2024-02-08", warning.Acknowledged{})}, map[string]string{"D10.acknowledged": "1/1", "D10.term": "100/100"}},
		{"taken up after twice its term", []told{raised, do("2024-02-15", warning.Acknowledged{})}, map[string]string{"D10.acknowledged": "0/1!", "D10.term": "200/100"}},
		{"one about a post alone is of the post's unit", []told{{on: "2024-01-02", subject: "K", event: post.Defined{Unit: "U"}},
			{on: "2024-02-01", subject: "W", event: warning.Raised{Rule: "r", Post: "K", Due: day("2024-02-08")}}, do("2024-02-08", warning.Acknowledged{}), do("2024-03-01", warning.OutcomeKnown{Outcome: warning.OutcomeTrue})},
			map[string]string{"D10.acknowledged": "1/1", "D10.precision": "1/1"}},
		{"one without a term does not count", []told{{on: "2024-02-01", subject: "W", event: warning.Raised{Rule: "r", Unit: "U"}}, do("2024-02-05", warning.Acknowledged{})}, map[string]string{"D10.acknowledged": "0/0", "D10.term": "0/0"}},
		{"unclear outcomes do not count", []told{raised, do("2024-03-01", warning.OutcomeKnown{Outcome: warning.OutcomeUnclear})}, map[string]string{"D10.precision": "0/0"}},
	})
}

// What was known is asked for without looking ahead: neither at events
// recorded later nor at days to come.
func TestAsOfDoesNotLookAhead(t *testing.T) {
	s := newStory().fold(t, []told{
		target("T1", "2024-03-01"), // 1
		{on: "2024-03-02", subject: "PL", event: plan.TargetMissed{Target: "T1", Unit: "U"}},                                   // 2
		{on: "2024-03-05", subject: "PL", event: plan.MissExplained{Target: "T1", Unit: "U"}},                                  // 3
		{on: "2024-03-05", subject: "U", event: unit.Established{}},                                                            // 4
		{on: "2022-01-03", subject: "P1", event: officer.Enrolled{Unit: "U", On: day("2022-01-03")}},                           // 5
		{on: "2024-03-10", subject: "P1", event: officer.TrainingCompleted{Hours: 60, On: day("2024-01-10")}},                  // 6, late
		{on: "2024-03-12", subject: "P1", event: officer.Appraised{Year: 2022, Grade: "incompetent"}},                          // 7
		{on: "2024-03-13", subject: "P1", event: officer.Appraised{Year: 2023, Grade: "incompetent"}},                          // 8
		{on: "2024-03-14", subject: "P1", event: officer.AppraisalCorrected{Year: 2022, Grade: "competent", Reason: "appeal"}}, // 9
	})
	for _, c := range []struct {
		indicator string
		known     int
		today     string
		want      string
	}{
		{"I1.on_time", 1, "2024-02-20", "0/0"}, // not due yet
		{"I1.on_time", 1, "2024-03-01", "0/0"}, // its last day is not over
		{"I1.on_time", 1, "2024-03-02", "0/1!"},
		{"I1.unexplained", 2, "2024-03-04", "1/1!"},
		{"I1.unexplained", 3, "2024-03-05", "0/1"},
		{"D1.hours", 5, "2024-03-09", "0/1!"},
		{"D1.hours", 6, "2024-03-10", "1/1"},
		{"D1.hours", 6, "2024-01-09", "0/1!"}, // known now, of the day before the course
		{"D4.worst_again", 8, "2024-03-13", "1/2!"},
		{"D4.worst_again", 9, "2024-03-14", "0/2"},
	} {
		if got := shown(s.sum(c.indicator, "U", "2024-01-01", "2024-03-31", c.today, ledgerPosition(c.known))); got != c.want {
			t.Errorf("%s after event %d, asked on %s: %s, want %s", c.indicator, c.known, c.today, got, c.want)
		}
	}
}

func TestEveryArticleAndIndicatorIsWhole(t *testing.T) {
	book, seen := domain.CN2024(), map[int64]string{}
	if got, want := len(indicators.Articles()), len(book.Programme.Articles); got != want {
		t.Fatalf("%d articles, want %d", got, want)
	}
	for i, a := range indicators.Articles() {
		if a.ID != book.Programme.Articles[i] || a.Name == "" || a.Chinese == "" || len(a.Indicators) == 0 {
			t.Errorf("article %d is %+v, the programme scores %s", i+1, a, book.Programme.Articles[i])
		}
		warns := false
		for _, d := range a.Indicators {
			if other := seen[d.Number()]; other != "" {
				t.Errorf("%s and %s are stored under one number", d.ID, other)
			}
			seen[d.Number()] = d.ID
			if !strings.HasPrefix(d.ID, string(a.ID)+".") || d.Name == "" || d.Chinese == "" || d.Numerator == "" || d.Denominator == "" || d.Direction == "" {
				t.Errorf("%s is not whole: %+v", d.ID, d)
			}
			if v := d.Evaluate(indicators.Sum{}, book); v.Warning.Set != (d.Warns != "") {
				t.Errorf("%s: the rulebook sets a limit: %v, the indicator warns of %q", d.ID, v.Warning.Set, d.Warns)
			} else if v.Warning.Met {
				t.Errorf("%s warns of nothing", d.ID)
			}
			warns = warns || d.Warns != ""
		}
		if !warns {
			t.Errorf("article %s never warns", a.ID)
		}
	}
}
