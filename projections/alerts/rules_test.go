package alerts_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/projections/alerts"
)

var (
	enrolled = told{on: "2024-01-02", subject: "P7", event: officer.Enrolled{Unit: "U1", On: domain.MustDate("2024-01-02")}}
	issued   = told{on: "2024-01-03", subject: "P7", event: officer.CertificateIssued{Number: "C1", ValidFrom: domain.MustDate("2024-01-03"), ValidTo: domain.MustDate("2024-12-31")}}
	drafted  = told{on: "2024-01-02", subject: "N1", event: norm.Drafted{NormKind: norm.KindProcedure, Unit: "U1", Steps: []norm.Step{
		{Code: "look", StepKind: norm.StepInvestigate}, {Code: "tell", StepKind: norm.StepNotify, Requires: []string{"look"}},
		{Code: "decide", StepKind: norm.StepDecide, Requires: []string{"tell"}, ConflictsWith: []string{"look"}}}}}
	adopted = told{on: "2024-01-02", subject: "N1", event: norm.Adopted{Version: 1, From: domain.MustDate("2024-01-02")}}
	penalty = open("2024-03-01", "A1", enforcement.KindPenalty, "sha256:aa")
)

func step(on, act, code string, kind norm.StepKind, who domain.OfficerID) told {
	return told{on: on, subject: act, event: enforcement.StepTaken{Step: code, StepKind: kind, Officer: who, On: domain.MustDate(on)}}
}

func held(on, id string, kind activity.Kind, format activity.Format, minutes string) told {
	return told{on: on, subject: id, event: activity.Held{ActivityKind: kind, Format: format, Unit: "U1", On: domain.MustDate(on), Minutes: domain.Evidence{Digest: minutes}}}
}

func grade(on string, year int, to string) told {
	return told{on: on, subject: "P7", event: officer.Appraised{Year: year, Grade: to}}
}

func trade(on, act string, yuan int64) []told {
	return []told{open(on, act, enforcement.KindTrade, "sha256:aa"), decide(on, act, enforcement.KindTrade, enforcement.OutcomeAwarded, yuan)}
}

func all(lists ...[]told) (out []told) {
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

func TestRules(t *testing.T) {
	worst := domain.CN2024().Service.Grades[len(domain.CN2024().Service.Grades)-1]
	listed := []told{
		{on: "2024-01-02", subject: "L1", event: norm.Drafted{NormKind: norm.KindProhibition, Unit: "U1"}},
		{on: "2024-01-02", subject: "L1", event: norm.Adopted{Version: 1, From: domain.MustDate("2024-02-01")}},
	}
	risky := []told{
		{on: "2024-01-02", subject: "Q1", event: post.Defined{Unit: "U1"}},
		{on: "2024-02-01", subject: "Q1", event: post.RiskGraded{Risk: "R1", Level: post.LevelLeadership, Grade: post.GradeHigh}},
		{on: "2024-02-02", subject: "Q1", event: post.ControlAdopted{Risk: "R1", Control: "K1"}},
	}
	tested := func(on string, passed bool) told {
		return told{on: on, subject: "Q1", event: post.ControlTested{Control: "K1", Passed: passed}}
	}
	barred := told{on: "2024-02-01", subject: "P7", event: officer.Restricted{Sanction: "S1", BarsHonours: true, From: domain.MustDate("2024-02-01"), Until: domain.MustDate("2024-07-31")}}
	granted := told{on: "2024-07-31", subject: "H1", event: reward.Granted{Officer: "P7"}}
	received := func(on, id string) told {
		return told{on: on, subject: id, event: complaint.Received{Category: "delay", Unit: "U1", Post: "Q1"}}
	}
	near := func(on, act string, yuan int64) []told {
		return []told{open(on, act, enforcement.KindPenalty, "sha256:"+act), decide(on, act, enforcement.KindPenalty, enforcement.OutcomePenalised, yuan)}
	}
	met := map[string]bool{}
	outside := func(e *enforcement.Decided) { e.Deviated = true }
	for _, c := range []struct {
		name string
		told []told
		want []string
	}{
		// certificate.missing
		{"a step with a valid certificate, on its last day", []told{enrolled, issued, penalty, step("2024-12-31", "A1", "look", norm.StepInvestigate, "P7")}, nil},
		{"a step the day after it", []told{enrolled, issued, penalty, step("2025-01-01", "A1", "look", norm.StepInvestigate, "P7")},
			[]string{"certificate.missing U1/P7 2025-01-01 [e4]"}},
		{"a renewal recorded after the step, and in time", []told{enrolled, issued, penalty, step("2025-01-01", "A1", "look", norm.StepInvestigate, "P7"),
			{on: "2024-12-30", subject: "P7", event: officer.CertificateRenewed{Number: "C1", ValidTo: domain.MustDate("2029-12-31")}}}, nil},
		{"a suspension recorded late tells of a step taken meanwhile", []told{enrolled, issued, penalty, step("2024-03-08", "A1", "look", norm.StepInvestigate, "P7"),
			{on: "2024-03-05", subject: "P7", event: officer.CertificateSuspended{Number: "C1"}}},
			[]string{"certificate.missing U1/P7 2024-03-08 [e4]"}},
		{"who takes no casework needs no certificate", []told{enrolled, penalty, step("2024-03-08", "A1", "review", norm.StepLegalReview, "P7")}, nil},
		{"a certificate of old records counts", []told{enrolled, {on: "2024-01-03", subject: "P7", event: issued.event, old: true}, penalty,
			step("2024-03-08", "A1", "look", norm.StepInvestigate, "P7")}, nil},

		// steps
		{"one person in two conflicting steps", []told{drafted, adopted, penalty, enrolled, issued, step("2024-03-02", "A1", "look", norm.StepInvestigate, "P7"),
			{on: "2024-03-04", subject: "A1", by: "P7", event: enforcement.Decided{ActKind: enforcement.KindPenalty, Unit: "U1", Step: "decide", On: domain.MustDate("2024-03-04")}}},
			[]string{"steps.conflict U1/P7 2024-03-04 [e6 e7]"}},
		{"two persons in them", []told{drafted, adopted, penalty, enrolled, issued, step("2024-03-02", "A1", "look", norm.StepInvestigate, "P7"),
			decide("2024-03-04", "A1", enforcement.KindPenalty, enforcement.OutcomePenalised, 100)}, nil},
		{"a step left out", []told{drafted, adopted, penalty, {on: "2024-03-02", subject: "A1", event: enforcement.StepOverridden{Unit: "U1", Step: "tell"}},
			decide("2024-03-04", "A1", enforcement.KindPenalty, enforcement.OutcomePenalised, 100)},
			[]string{"steps.skipped U1 2024-03-04 [e4 e5]"}},
		{"left out, and not decided yet", []told{drafted, adopted, penalty, {on: "2024-03-02", subject: "A1", event: enforcement.StepOverridden{Unit: "U1", Step: "tell"}}}, nil},
		{"out of order", []told{drafted, adopted, penalty, enrolled, issued, step("2024-03-02", "A1", "tell", norm.StepNotify, "P7"), step("2024-03-03", "A1", "look", norm.StepInvestigate, "P7"),
			decide("2024-03-04", "A1", enforcement.KindPenalty, enforcement.OutcomePenalised, 100)},
			[]string{"steps.skipped U1 2024-03-04 [e6 e7 e8]"}},

		// amounts
		{"three just below the limit", all(near("2024-03-01", "A1", 90_000), near("2024-04-01", "A2", 99_999), near("2024-08-28", "A3", 95_000)),
			[]string{"amount.near_limit U1/P7 2024-08-28 [e2 e4 e6]"}},
		{"a day too far apart", all(near("2024-03-01", "A1", 90_000), near("2024-04-01", "A2", 99_999), near("2024-08-29", "A3", 95_000)), nil},
		{"one at the limit, one below nine tenths", all(near("2024-03-01", "A1", 89_999), near("2024-04-01", "A2", 100_000), near("2024-05-01", "A3", 95_000)), nil},
		{"the third recorded late, between the others", all(near("2024-03-01", "A1", 90_000), near("2024-05-01", "A2", 99_999), near("2024-04-01", "A3", 95_000)),
			[]string{"amount.near_limit U1/P7 2024-05-01 [e2 e6 e4]"}},
		{"a trade split in two", all(trade("2024-03-01", "A1", 600_000), trade("2024-03-31", "A2", 400_000)), []string{"amount.split U1/P7 2024-03-31 [e2 e4]"}},
		{"a yuan short of it", all(trade("2024-03-01", "A1", 600_000), trade("2024-03-31", "A2", 399_999)), nil},
		{"a day too late for it", all(trade("2024-03-01", "A1", 600_000), trade("2024-04-01", "A2", 400_000)), nil},
		{"with another party", append(trade("2024-03-01", "A1", 600_000), open("2024-03-02", "A2", enforcement.KindTrade, "sha256:bb"),
			decide("2024-03-02", "A2", enforcement.KindTrade, enforcement.OutcomeAwarded, 600_000)), nil},
		{"in old records", []told{{on: "2024-03-01", subject: "A1", event: trade("2024-03-01", "A1", 600_000)[1].event, old: true},
			{on: "2024-03-02", subject: "A2", event: trade("2024-03-02", "A2", 600_000)[1].event, old: true}}, nil},
		{"outside the tier three times", []told{decide("2024-03-01", "A1", enforcement.KindPenalty, enforcement.OutcomePenalised, 10, outside),
			decide("2024-04-01", "A2", enforcement.KindPenalty, enforcement.OutcomePenalised, 10, outside), decide("2024-05-01", "A3", enforcement.KindPenalty, enforcement.OutcomePenalised, 10, outside)},
			[]string{"discretion.repeated U1/P7 2024-05-01 [e1 e2 e3]"}},
		{"outside it twice", []told{decide("2024-03-01", "A1", enforcement.KindPenalty, enforcement.OutcomePenalised, 10, outside),
			decide("2024-04-01", "A2", enforcement.KindPenalty, enforcement.OutcomePenalised, 10, outside)}, nil},

		// activities
		{"the same minutes twice", []told{held("2024-03-01", "V1", activity.KindBranchStudy, "lecture", "sha256:cc"), held("2024-04-01", "V2", activity.KindBranchStudy, "seminar", "sha256:cc")},
			[]string{"activity.minutes U1 2024-04-01 [e1 e2]"}},
		{"minutes of their own", []told{held("2024-03-01", "V1", activity.KindBranchStudy, "lecture", "sha256:cc"), held("2024-04-01", "V2", activity.KindBranchStudy, "seminar", "sha256:dd")}, nil},
		{"three films", []told{held("2024-03-01", "V1", activity.KindWarningEducation, "film", ""), held("2024-04-01", "V2", activity.KindWarningEducation, "film", ""), held("2024-05-01", "V3", activity.KindWarningEducation, "film", "")},
			[]string{"activity.format_warning U1 2024-05-01 [e1 e2 e3]"}},
		{"two films", []told{held("2024-03-01", "V1", activity.KindDiligenceEducation, "film", ""), held("2024-04-01", "V2", activity.KindDiligenceEducation, "film", "")}, nil},
		{"a visit recorded late, between them", []told{held("2024-03-01", "V1", activity.KindWarningEducation, "film", ""), held("2024-04-01", "V2", activity.KindWarningEducation, "film", ""),
			held("2024-05-01", "V3", activity.KindWarningEducation, "film", ""), held("2024-04-02", "V4", activity.KindWarningEducation, "visit", "")}, nil},
		{"of diligence education", []told{held("2024-03-01", "V1", activity.KindDiligenceEducation, "film", ""), held("2024-04-01", "V2", activity.KindDiligenceEducation, "film", ""), held("2024-05-01", "V3", activity.KindDiligenceEducation, "film", "")},
			[]string{"activity.format_diligence U1 2024-05-01 [e1 e2 e3]"}},

		// officers
		{"the worst grade twice", []told{enrolled, grade("2025-01-10", 2024, worst), grade("2026-01-10", 2025, worst)}, []string{"appraisal.worst_twice U1/P7 2026-01-10 [e2 e3]"}},
		{"with a year between", []told{enrolled, grade("2025-01-10", 2024, worst), grade("2027-01-10", 2026, worst)}, nil},
		{"and the year between entered late", []told{enrolled, grade("2025-01-10", 2024, worst), grade("2027-01-10", 2026, worst), grade("2027-02-10", 2025, worst)},
			[]string{"appraisal.worst_twice U1/P7 2027-02-10 [e2 e4]", "appraisal.worst_twice U1/P7 2027-02-10 [e4 e3]"}},
		{"corrected", []told{enrolled, grade("2025-01-10", 2024, worst), grade("2026-01-10", 2025, worst),
			{on: "2026-02-01", subject: "P7", event: officer.AppraisalCorrected{Year: 2024, Grade: "competent"}}}, nil},
		{"a list not acknowledged", append(listed, enrolled), []string{"list.unacknowledged U1/P7 2024-03-03 [e2]"}},
		{"acknowledged on the last day", append(listed, enrolled, told{on: "2024-03-02", subject: "L1", event: norm.Acknowledged{Officer: "P7", Version: 1}}), nil},
		{"acknowledged ten days late", append(listed, enrolled, told{on: "2024-03-13", subject: "L1", event: norm.Acknowledged{Officer: "P7", Version: 1}}),
			[]string{"list.unacknowledged U1/P7 2024-03-03 to 2024-03-13 [e2]"}},
		{"a list of another unit", append([]told{{on: "2024-01-02", subject: "L1", event: norm.Drafted{NormKind: norm.KindProhibition, Unit: "U9"}}, listed[1]}, enrolled), nil},
		{"honoured on the last day of a bar", []told{enrolled, barred, granted}, []string{"honour.restricted U1/P7 2024-07-31 [e2 e3]"}},
		{"and the bar lifted the day before, recorded later", []told{enrolled, barred, granted, {on: "2024-07-30", subject: "P7", event: officer.RestrictionLifted{Sanction: "S1"}}}, nil},

		// posts, texts, complaints
		{"a high risk without a tested control", risky, []string{"post.unguarded U1/Q1 2024-05-02 [e2]"}},
		{"tested on the last day", append(risky, tested("2024-05-01", true)), nil},
		{"tested a month late", append(risky, tested("2024-06-01", true)), []string{"post.unguarded U1/Q1 2024-05-02 to 2024-06-01 [e2]"}},
		{"failed is not passed", append(risky, tested("2024-03-01", false)), []string{"post.unguarded U1/Q1 2024-05-02 [e2]"}},
		{"failed after it had passed", append(risky, tested("2024-03-01", true), tested("2024-07-01", false)), []string{"post.unguarded U1/Q1 2024-09-30 [e5]"}},
		{"tested in time, recorded late", append(risky, tested("2024-06-01", true), tested("2024-04-01", true)), nil},
		{"a procedure for one", []told{drafted, {on: "2024-01-02", subject: "N1", event: norm.Adopted{Version: 1, From: domain.MustDate("2024-01-05"), SinglePerson: true}}},
			[]string{"procedure.single_person U1 2024-01-05 [e2]"}},
		{"complaints repeat", []told{received("2024-03-01", "K1"), received("2024-05-01", "K2"), received("2024-06-01", "K3"), received("2025-03-01", "K4")}, []string{"complaint.repeated U1/Q1 2025-03-01 [e1 e2 e3 e4]"}},
		{"after more than a year", []told{received("2024-03-01", "K1"), received("2024-05-01", "K2"), received("2024-06-01", "K3"), received("2025-03-02", "K4")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t).tell(c.told...).want(c.want...)
			for _, h := range w.stands {
				met[h.Rule] = true
			}
		})
	}
	for _, r := range alerts.All() {
		if !met[r.Code] && r != alerts.Flooded && !strings.HasPrefix(r.Code, "pair.") { // TestPairs has those
			t.Errorf("no case of the table meets %s", r.Code)
		}
	}
}

// Every stream has a rule of its own, and each is met at its number of times
// and not before.
func TestPairs(t *testing.T) {
	for _, s := range []struct {
		kind    enforcement.Kind
		favours enforcement.Outcome
		other   enforcement.Outcome
	}{
		{enforcement.KindApproval, enforcement.OutcomeGranted, enforcement.OutcomeRefused},
		{enforcement.KindLevy, enforcement.OutcomeExempted, enforcement.OutcomeLevied},
		{enforcement.KindPenalty, enforcement.OutcomeExempted, enforcement.OutcomePenalised},
		{enforcement.KindInspection, enforcement.OutcomeInOrder, enforcement.OutcomeIrregular},
		{enforcement.KindTrade, enforcement.OutcomeAwarded, enforcement.OutcomeVoid},
	} {
		t.Run(string(s.kind), func(t *testing.T) {
			p, ok := domain.CN2024().Warning.Pattern("pair." + string(s.kind))
			if !ok {
				t.Fatal("the rulebook says nothing of it")
			}
			w := newWorld(t)
			for i := range p.Times {
				w.want()
				act, on := string(rune('A'+i)), domain.MustDate("2024-03-01").AddDays(i).String()
				w.tell(open(on, act+"-other", s.kind, "sha256:aa"), decide(on, act+"-other", s.kind, s.other, 0),
					open(on, act+"-else", s.kind, "sha256:bb"+act), decide(on, act+"-else", s.kind, s.favours, 0))
				w.want()
				w.tell(open(on, act, s.kind, "sha256:aa"), decide(on, act, s.kind, s.favours, 0))
			}
			if got := w.hits(); len(got) != 1 {
				t.Errorf("%d times: %v", p.Times, got)
			}
		})
	}
}
