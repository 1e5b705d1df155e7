package record_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/record"
)

// past is one event literal: on the day, about the aggregate.
type past struct {
	day     string
	subject string
	event   domain.Event
}

var day = domain.MustDate

func noon(on string) time.Time { return day(on).In(time.UTC).Add(12 * time.Hour) }

// entries turns literals into entries, numbered from 1; events named
// Imported or FindingImported carry a source.
func entries(list ...past) []record.Entry {
	out := make([]record.Entry, len(list))
	for i, p := range list {
		at := day(p.day).In(time.UTC).Add(9 * time.Hour)
		act := domain.Act{Subject: p.subject, Actor: "a", OccurredAt: at, RecordedAt: at}
		switch p.event.(type) {
		case access.Imported, officer.Imported, complaint.Imported, misconduct.FindingImported, sanction.Imported, reward.Imported:
			act.Source = "sha256:00"
		}
		out[i] = record.Entry{Position: ledger.Position(i + 1), Recorded: domain.Recorded{ID: domain.EventID(fmt.Sprintf("e%d", i+1)), Act: act, Event: p.event}}
	}
	return out
}

func fold(on string, list ...past) record.File {
	return record.Fold("P1", entries(list...), day(on), domain.Calendar{})
}

var enrolled = past{"2020-01-06", "P1", officer.Enrolled{FullName: "张伟", LatinName: "Zhang Wei", StaffNumber: "007", Unit: "D1", On: day("2020-01-06"), Rank: "clerk"}}

// ids lists which event stands behind each entry of a part of the file.
func ids[T any](list []T, source func(T) record.Source) []string {
	var out []string
	for _, x := range list {
		s := source(x)
		mark := ""
		if s.Imported {
			mark = " imported"
		}
		out = append(out, string(s.Event)+mark)
	}
	return out
}

func TestFold(t *testing.T) {
	ignore := cmpopts.IgnoreTypes(record.Source{})
	demerit := sanction.Imposed{Officer: "P1", Case: "C1", Measure: domain.MeasureDemerit, Months: 12, From: day("2021-03-01"), Until: day("2022-03-01"), BarsPromotion: true}
	restricted := officer.Restricted{Sanction: "S1", Measure: domain.MeasureDemerit, From: day("2021-03-01"), Until: day("2022-03-01"), BarsPromotion: true}
	for _, c := range []struct {
		name string
		on   string
		past []past
		got  func(record.File) any
		want any
	}{
		{"an enrolled officer has an identity and serves", "2020-02-01", []past{enrolled},
			func(f record.File) any { return []any{f.Identity.Name, f.Identity.Unit, f.Status, f.StatusSince.Event} },
			[]any{"张伟", domain.UnitID("D1"), "serving", domain.EventID("e1")}},
		{"posts follow each other, and the last ends with the service", "2024-01-01", []past{enrolled,
			{"2020-02-03", "P1", officer.Appointed{Post: "K1", Unit: "D1", On: day("2020-02-01")}},
			{"2021-02-03", "P1", officer.RotationDeferred{Post: "K1", Until: day("2022-01-01")}},
			{"2022-02-03", "P1", officer.Rotated{From: "K1", To: "K2", Unit: "D2", HighRisk: true, On: day("2022-02-01")}},
			{"2023-02-03", "P1", officer.Separated{On: day("2023-02-01"), Reason: officer.ReasonRetired}},
		}, func(f record.File) any { return f.Posts }, []record.PostHeld{
			{Post: "K1", Unit: "D1", From: day("2020-02-01"), To: day("2022-02-01"), DeferredUntil: day("2022-01-01")},
			{Post: "K2", Unit: "D2", HighRisk: true, From: day("2022-02-01"), To: day("2023-02-01")},
		}},
		{"who is reinstated serves again, without the post", "2024-01-01", []past{enrolled,
			{"2020-02-03", "P1", officer.Appointed{Post: "K1", Unit: "D1", On: day("2020-02-01")}},
			{"2023-02-03", "P1", officer.Separated{On: day("2023-02-01"), Reason: officer.ReasonDismissed}},
			{"2023-06-05", "P1", officer.Reinstated{Sanction: "S1", On: day("2023-06-05")}},
		}, func(f record.File) any {
			return []any{f.Status, f.StatusSince.Event, f.Identity.SeparatedOn.IsZero(), f.Identity.SeparationReason, f.Posts[0].To}
		}, []any{"serving", domain.EventID("e4"), true, "", day("2023-02-01")}},
		{"ranks are those conferred, the first on entry", "2024-01-01", []past{enrolled,
			{"2022-02-03", "P1", officer.Promoted{Rank: "chief clerk", On: day("2022-02-01")}},
		}, func(f record.File) any { return []any{f.Ranks, f.Identity.Rank} },
			[]any{[]record.RankHeld{{Rank: "clerk", On: day("2020-01-06")}, {Rank: "chief clerk", On: day("2022-02-01")}}, "chief clerk"}},
		{"the last rank of old records has no day", "2024-01-01", []past{{"2020-01-06", "P1", officer.Imported{FullName: "张伟", Rank: "clerk"}}},
			func(f record.File) any { return f.Ranks }, []record.RankHeld{{Rank: "clerk"}}},
		{"suspensions end with the return, or with the service", "2024-01-01", []past{enrolled,
			{"2021-03-01", "P1", officer.SuspendedFromDuty{Reason: "inquiry", Case: "M1"}},
			{"2021-03-02", "P1", officer.SuspendedFromDuty{Reason: "again"}},
			{"2021-04-01", "P1", officer.ReturnedToDuty{}},
			{"2021-04-02", "P1", officer.ReturnedToDuty{}},
			{"2022-03-01", "P1", officer.SuspendedFromDuty{Reason: "inquiry"}},
			{"2022-05-03", "P1", officer.Separated{On: day("2022-05-01"), Reason: officer.ReasonDismissed}},
		}, func(f record.File) any { return f.Suspensions }, []record.Suspension{
			{Reason: "inquiry", Case: "M1", From: day("2021-03-01"), To: day("2021-04-01")},
			{Reason: "inquiry", From: day("2022-03-01"), To: day("2022-05-01")}}},
		{"a suspension under way has no end", "2024-01-01", []past{enrolled, {"2021-03-01", "P1", officer.SuspendedFromDuty{Reason: "inquiry"}}},
			func(f record.File) any { return f.Suspensions }, []record.Suspension{{Reason: "inquiry", From: day("2021-03-01")}}},
		{"who read the file is on file, by others' files it is not", "2024-01-01", []past{enrolled,
			{"2021-03-01", "P1", access.Read{Reader: "I2", Role: domain.RoleInspector, Why: "yearly check", Count: 2, From: noon("2021-02-27"), To: noon("2021-02-28")}},
			{"2021-03-01", "P2", access.Read{Reader: "I2", Role: domain.RoleInspector, Why: "yearly check", Count: 1, From: noon("2021-02-27"), To: noon("2021-02-27")}},
			{"2021-03-02", "P1", access.Imported{Reader: "M", Role: "clerk", Count: 3, LastOn: day("2019-01-01")}},
		}, func(f record.File) any { return f.Readings }, []record.Reading{
			{By: "I2", Role: "inspector", Why: "yearly check", Count: 2, From: noon("2021-02-27"), To: noon("2021-02-28")},
			{By: "M", Role: "clerk", Count: 3, To: day("2019-01-01").In(time.UTC)}}},
		{"training is summed by year of the course", "2024-01-01", []past{enrolled,
			{"2021-12-30", "P1", officer.TrainingCompleted{Course: "law", Hours: 20, On: day("2021-12-29")}},
			{"2022-01-04", "P1", officer.TrainingCompleted{Course: "ethics", Hours: 10, On: day("2022-01-03")}},
			{"2022-01-05", "P1", officer.TrainingCompleted{Course: "late filed", Hours: 5, On: day("2021-06-01")}},
		}, func(f record.File) any { return f.Training }, []record.TrainingYear{{2021, 25}, {2022, 10}}},
		{"a corrected appraisal replaces the first", "2024-01-01", []past{enrolled,
			{"2022-01-10", "P1", officer.Appraised{Year: 2021, Grade: "incompetent"}},
			{"2021-01-10", "P1", officer.Appraised{Year: 2020, Grade: "excellent"}},
			{"2022-01-20", "P1", officer.AppraisalCorrected{Year: 2021, Grade: "competent", Reason: "mixed up"}},
		}, func(f record.File) any { return f.Appraisals }, []record.Appraisal{{Year: 2020, Grade: "excellent"}, {Year: 2021, Grade: "competent", Corrected: true}}},
		{"a certificate is issued, suspended and restored", "2024-01-01", []past{enrolled,
			{"2020-02-03", "P1", officer.CertificateIssued{Number: "N1", ValidFrom: day("2020-02-03"), ValidTo: day("2025-02-03")}},
			{"2020-03-03", "P1", officer.CertificateSuspended{Number: "N1", Reason: "lost"}},
			{"2020-04-03", "P1", officer.CertificateRestored{Number: "N1"}},
			{"2020-05-03", "P1", officer.CertificateRevoked{Number: "N9", Reason: "not this one"}},
		}, func(f record.File) any { return f.Certificates }, []record.Certificate{{Number: "N1", ValidFrom: day("2020-02-03"), ValidTo: day("2025-02-03"), Status: "valid"}}},
		{"an ended interest is gone, one declared anew stands once", "2024-01-01", []past{enrolled,
			{"2020-02-03", "P1", officer.InterestDeclared{Nature: "spouse", Officer: "P2"}},
			{"2020-02-04", "P1", officer.InterestDeclared{Nature: "shares", With: "X Ltd", Until: day("2020-12-31")}},
			{"2020-02-05", "P1", officer.InterestDeclared{Nature: "shares", With: "X Ltd", Until: day("2024-12-31")}},
			{"2020-02-06", "P1", officer.InterestEnded{Nature: "spouse", Officer: "P2"}},
		}, func(f record.File) any { return f.Interests }, []record.Interest{{Nature: "shares", With: "X Ltd", Until: day("2024-12-31")}}},
		{"a sanction in its period is in force and restricts", "2022-03-01", []past{enrolled, {"2021-03-01", "S1", demerit}, {"2021-03-01", "P1", restricted}},
			func(f record.File) any { return []any{f.Sanctions[0].InForce, len(f.Restrictions)} }, []any{true, 1}},
		{"the day after the period it is neither, released or not", "2022-03-02", []past{enrolled, {"2021-03-01", "S1", demerit}, {"2021-03-01", "P1", restricted}},
			func(f record.File) any {
				return []any{f.Sanctions[0].InForce, len(f.Restrictions), f.Sanctions[0].Status}
			}, []any{false, 0, "imposed"}},
		{"a restriction that was lifted is gone before its last day", "2021-06-01", []past{enrolled, {"2021-03-01", "P1", restricted},
			{"2021-05-01", "P1", officer.RestrictionLifted{Sanction: "S1"}}},
			func(f record.File) any { return len(f.Restrictions) }, 0},
		{"a sanction of somebody else is not on file", "2021-06-01", []past{enrolled, {"2021-03-01", "S2", sanction.Imposed{Officer: "P2", Measure: domain.MeasureWarning}}},
			func(f record.File) any { return f.Sanctions }, []record.Sanction(nil)},
		{"an open inquiry bars, a closed one does not", "2021-06-01", []past{enrolled,
			{"2021-03-01", "P1", officer.InquiryOpened{Case: "M1"}}, {"2021-03-02", "P1", officer.InquiryOpened{Case: "M2"}}, {"2021-04-01", "P1", officer.InquiryClosed{Case: "M1"}}},
			func(f record.File) any { return []any{f.Inquiries, *f.Barred} }, []any{[]record.Inquiry{{Case: "M2"}}, true}},
		{"a complaint shows its outcome though the outcome names nobody", "2021-06-01", []past{enrolled,
			{"2021-03-01", "C1", complaint.Received{Category: "delay", Summary: "slow", Unit: "D1", Officers: []domain.OfficerID{"P1", "P2"}}},
			{"2021-04-01", "C1", complaint.Concluded{Result: complaint.ResultUnfounded, Opinion: "no"}}},
			func(f record.File) any { return f.Complaints }, []record.Complaint{{ID: "C1", ReceivedOn: day("2021-03-01"), Category: "delay", Summary: "slow", Unit: "D1",
				Status: "concluded", Result: "unfounded", Final: true, ConcludedOn: day("2021-04-01")}}},
		{"a complaint that is reopened waits for its outcome again", "2021-09-01", []past{enrolled,
			{"2021-03-01", "C1", complaint.Received{Category: "delay", Summary: "slow", Officers: []domain.OfficerID{"P1"}}},
			{"2021-04-01", "C1", complaint.Concluded{Result: complaint.ResultUnfounded, Opinion: "no"}},
			{"2021-04-05", "C1", complaint.Answered{Answer: "no"}},
			{"2021-06-01", "C1", complaint.Reopened{}},
			{"2021-08-01", "C1", complaint.Concluded{Result: complaint.ResultSubstantiated, Officers: []domain.OfficerID{"P1"}, Opinion: "yes"}}},
			func(f record.File) any {
				c := f.Complaints[0]
				return []any{c.Result, c.Responsible, c.ConcludedOn, c.AnsweredOn}
			}, []any{"substantiated", true, day("2021-08-01"), domain.Date{}}},
		{"a complaint that first names the officer in its conclusion is on file", "2021-06-01", []past{enrolled,
			{"2021-03-01", "C1", complaint.Received{Category: "delay", Summary: "slow", Officers: []domain.OfficerID{"P2"}}},
			{"2021-04-01", "C1", complaint.Concluded{Result: complaint.ResultSubstantiated, Officers: []domain.OfficerID{"P1"}, Opinion: "yes"}}},
			func(f record.File) any { return []any{len(f.Complaints), f.Complaints[0].Responsible} }, []any{1, true}},
		{"before it does, it is not", "2021-06-01", []past{enrolled,
			{"2021-03-01", "C1", complaint.Received{Category: "delay", Summary: "slow", Officers: []domain.OfficerID{"P2"}}}},
			func(f record.File) any { return len(f.Complaints) }, 0},
		{"an appeal overturns the findings on this officer alone, and they stay on file", "2021-06-01", []past{enrolled,
			{"2021-03-01", "M1", misconduct.Opened{Complaint: "C1", Unit: "D1", Officers: []domain.OfficerID{"P1", "P2"}}},
			{"2021-04-01", "M1", misconduct.FindingConfirmed{Findings: []misconduct.Finding{
				{Officer: "P2", Allegation: "gifts", Result: misconduct.ResultSustained}, {Officer: "P1", Allegation: "gifts", Result: misconduct.ResultSustained, Opinion: "so"}}}},
			{"2021-05-01", "M1", misconduct.AppealDecided{Officer: "P2", Outcome: misconduct.OutcomeOverturned}},
			{"2021-05-02", "M1", misconduct.AppealDecided{Officer: "P1", Outcome: misconduct.OutcomeVaried, Findings: []misconduct.Finding{
				{Officer: "P1", Allegation: "gifts", Result: misconduct.ResultPartlySustained}}}}},
			func(f record.File) any { return f.Findings }, []record.Finding{
				{ID: "e3.2", Case: "M1", Complaint: "C1", Unit: "D1", Category: "gifts", Result: "sustained", Opinion: "so", On: day("2021-04-01"), Overturned: true},
				{ID: "e5.1", Case: "M1", Complaint: "C1", Unit: "D1", Category: "gifts", Result: "partly_sustained", On: day("2021-05-02")}}},
		{"a finding shows the clause as it stood on the day of the conduct", "2021-06-01", []past{enrolled,
			{"2021-03-01", "M1", misconduct.Opened{Officers: []domain.OfficerID{"P1"}}},
			{"2021-04-01", "M1", misconduct.FindingConfirmed{Findings: []misconduct.Finding{
				{Officer: "P1", Allegation: "gifts", DeedOn: day("2020-12-24"), Norm: "N1", NormVersion: 2, Clause: "G", Result: misconduct.ResultSustained}}}}},
			func(f record.File) any { return f.Findings }, []record.Finding{
				{ID: "e3.1", Case: "M1", Category: "gifts", DeedOn: day("2020-12-24"), Norm: "N1", NormVersion: 2, Clause: "G", Result: "sustained", On: day("2021-04-01")}}},
		{"findings of the first form fold like those of today", "2021-06-01", []past{enrolled,
			{"2021-03-01", "M1", misconduct.OpenedV1{Officers: []domain.OfficerID{"P1"}}},
			{"2021-04-01", "M1", misconduct.FindingConfirmedV1{Findings: []misconduct.FindingV1{{Officer: "P1", Allegation: "gifts", Result: misconduct.ResultSustained, Clause: "rule 3"}}}},
			{"2021-05-01", "M1", misconduct.AppealDecidedV1{Officer: "P1", Outcome: misconduct.OutcomeVaried, Findings: []misconduct.FindingV1{{Officer: "P1", Allegation: "gifts", Result: misconduct.ResultPartlySustained}}}},
			{"2021-05-20", "M1", misconduct.RereviewedV1{Officer: "P1", Outcome: misconduct.OutcomeOverturned}}},
			func(f record.File) any { return f.Findings }, []record.Finding{
				{ID: "e3.1", Case: "M1", Category: "gifts", Clause: "rule 3", Result: "sustained", On: day("2021-04-01"), Overturned: true},
				{ID: "e4.1", Case: "M1", Category: "gifts", Result: "partly_sustained", On: day("2021-05-01"), Overturned: true}}},
		{"a sanction shows under which rulebook it was taken, also once varied", "2021-06-01", []past{enrolled,
			{"2021-03-01", "S1", sanction.Imposed{Officer: "P1", DeedOn: day("2019-01-10"), Measure: domain.MeasureDemerit, Months: 9, From: day("2021-03-01"), Until: day("2021-12-01"), Rulebook: "cn-2018", RulebookVersion: "3"}},
			{"2021-04-01", "S1", sanction.Varied{Officer: "P1", DeedOn: day("2019-01-10"), Measure: domain.MeasureWarning, Months: 6, From: day("2021-03-01"), Until: day("2021-09-01"), Rulebook: "cn-2024", RulebookVersion: "1"}}},
			func(f record.File) any {
				s := f.Sanctions[0]
				return []any{s.Measure, s.DeedOn.String(), s.Rulebook, s.RulebookVersion, s.Source.Event}
			}, []any{"warning", "2019-01-10", domain.RulebookID("cn-2024"), "1", domain.EventID("e3")}},
		{"equal findings of old are two findings", "2021-06-01", []past{enrolled,
			{"2021-03-01", "X1", misconduct.FindingImported{Complaint: "X1", Officer: "P1", Category: "old", Result: misconduct.ResultSustained}},
			{"2021-03-01", "X1", misconduct.FindingImported{Complaint: "X1", Officer: "P1", Category: "old", Result: misconduct.ResultSustained}}},
			func(f record.File) any {
				return ids(f.Findings, func(x record.Finding) record.Source { return x.Source })
			}, []string{"e2 imported", "e3 imported"}},
		{"a reward shows its present status and the event behind it", "2021-06-01", []past{enrolled,
			{"2021-01-01", "G1", reward.Nominated{Officer: "P1", Honour: "commendation", Merit: "good"}},
			{"2021-02-01", "G1", reward.Granted{Officer: "P1", Honour: "commendation"}},
			{"2021-03-01", "G1", reward.Revoked{Officer: "P1", Reason: "deceit"}}},
			func(f record.File) any { return []any{f.Rewards, f.Rewards[0].Event} }, []any{[]record.Reward{{ID: "G1", Honour: "commendation", Merit: "good", Status: "revoked", On: day("2021-02-01")}}, domain.EventID("e4")}},
		{"events of another officer's own stream change nothing", "2021-06-01", []past{enrolled,
			{"2021-01-01", "P2", officer.InterestDeclared{Nature: "spouse", Officer: "P1"}}, {"2021-01-01", "P2", officer.InquiryOpened{Case: "M1"}}},
			func(f record.File) any { return []any{len(f.Interests), len(f.Inquiries)} }, []any{0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.got(fold(c.on, c.past...)), ignore, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHeadNamesWhatTheFileWasFoldedFrom(t *testing.T) {
	a, b := fold("2021-01-01", enrolled), fold("2021-01-01", enrolled)
	if a.Head != b.Head || a.Head.Position != 1 || a.Head.Events != 1 {
		t.Errorf("heads %+v and %+v of the same events", a.Head, b.Head)
	}
	if c := fold("2021-01-01", enrolled, enrolled); c.Head.Hash == a.Head.Hash {
		t.Error("a longer file has the same hash")
	}
}

func TestAsOfIncludesUpToTheMoment(t *testing.T) {
	at := time.Date(2021, 1, 1, 12, 0, 0, 0, time.UTC)
	act := domain.Act{OccurredAt: at, RecordedAt: at.Add(time.Hour)}
	for _, c := range []struct {
		name string
		as   record.AsOf
		want bool
	}{
		{"now", record.AsOf{}, true},
		{"the moment it was recorded", record.AsOf{Recorded: at.Add(time.Hour)}, true},
		{"just before it was recorded", record.AsOf{Recorded: at.Add(time.Hour - time.Microsecond)}, false},
		{"the moment it occurred", record.AsOf{Occurred: at}, true},
		{"just before it occurred", record.AsOf{Occurred: at.Add(-time.Microsecond)}, false},
		{"occurred but not yet recorded", record.AsOf{Occurred: at, Recorded: at}, false},
	} {
		if got := c.as.Includes(act); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
