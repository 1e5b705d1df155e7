package rulebooks_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
)

// Worked examples: what the numbers of the files come to.

func TestEffectPeriodsOfChina(t *testing.T) {
	book := open(t, "cn-2024")
	from := domain.MustDate("2024-08-31")
	tests := []struct {
		measure domain.Measure
		until   string // the last day; "" for no period
		forGood bool
		rank    bool // comes back
	}{
		{domain.MeasureAdmonition, "2025-02-28", false, true},
		{domain.MeasureWarning, "2025-02-28", false, true},
		{domain.MeasureDemerit, "2025-08-31", false, true},
		{domain.MeasureMajor, "2026-02-28", false, true},
		{domain.MeasureDemotion, "2026-08-31", false, false},
		{domain.MeasureRemoval, "2026-08-31", false, false},
		{domain.MeasureDismissal, "", true, false},
		{domain.MeasureEducation, "", false, false},
	}
	for _, tt := range tests {
		rung, _, ok := book.Sanction.Rung(tt.measure)
		until := ""
		if !rung.Effect.IsZero() {
			until = rung.Effect.After(from, book.Calendar).String()
		}
		if !ok || until != tt.until || rung.ForGood != tt.forGood || rung.RestoresRank != tt.rank {
			t.Errorf("%s from %s: until %q, for good %v, rank back %v; want %+v", tt.measure, from, until, rung.ForGood, rung.RestoresRank, tt)
		}
	}
}

func TestSeveralActsTogether(t *testing.T) {
	cn, us := open(t, "cn-2024"), open(t, "us-police-ia")
	tests := []struct {
		name        string
		book        *domain.Rulebook
		acts        []domain.Measure
		heaviest    domain.Measure
		least, most int
	}{
		{"two demerits", cn, []domain.Measure{"demerit", "demerit"}, "demerit", 12, 24},
		{"three major demerits reach the cap", cn, []domain.Measure{"major_demerit", "major_demerit", "major_demerit"}, "major_demerit", 18, 48},
		{"a warning beside a demotion adds nothing", cn, []domain.Measure{"warning", "demotion"}, "demotion", 24, 24},
		{"two suspensions", us, []domain.Measure{"suspension", "suspension"}, "suspension", 24, 48},
		{"three suspensions reach the cap", us, []domain.Measure{"suspension", "suspension", "suspension"}, "suspension", 24, 60},
	}
	for _, tt := range tests {
		heaviest, least, most := tt.book.Sanction.Combine(tt.acts)
		if heaviest.Measure != tt.heaviest || least != tt.least || most != tt.most {
			t.Errorf("%s: %s for %d to %d months, want %s for %d to %d", tt.name, heaviest.Measure, least, most, tt.heaviest, tt.least, tt.most)
		}
	}
}

func TestLastDaysOfTerms(t *testing.T) {
	cn, eu, us := open(t, "cn-2024"), open(t, "eu-2019-1937"), open(t, "us-police-ia")
	tests := []struct {
		name       string
		book       *domain.Rulebook
		term       domain.Term
		start, end string
	}{
		{"a petition is routed in 15 days", cn, cn.Complaint.Route, "2024-03-04", "2024-03-19"},
		{"a transfer is contested in 5 working days, over Qingming", cn, cn.Complaint.ContestTransfer, "2024-04-01", "2024-04-09"},
		{"it is handled in 60 days", cn, cn.Complaint.Handle, "2024-03-04", "2024-05-03"},
		{"and 30 more", cn, cn.Complaint.Extension, "2024-05-03", "2024-06-02"},
		{"a review is asked in 30 days", cn, cn.Complaint.AskReview, "2024-03-04", "2024-04-03"},
		{"and decided in 30", cn, cn.Complaint.DecideReview, "2024-03-04", "2024-04-03"},
		{"a re-review likewise", cn, cn.Complaint.AskReReview, "2024-03-04", "2024-04-03"},
		{"to the end", cn, cn.Complaint.DecideReReview, "2024-03-04", "2024-04-03"},
		{"a real-name reporter hears in 15 working days, over the Spring Festival", cn, cn.Complaint.NotifyRealName, "2024-02-05", "2024-03-01"},
		{"and of the result likewise, over the National Day", cn, cn.Complaint.AnswerRealName, "2024-09-23", "2024-10-17"},
		{"HR carries a sanction out in a month", cn, cn.Sanction.Execute, "2024-01-31", "2024-02-29"},
		{"in six at the latest", cn, cn.Sanction.ExecuteMost, "2024-08-31", "2025-02-28"},
		{"an appeal is asked in a month", cn, cn.Sanction.AskAppeal, "2024-03-08", "2024-04-08"},
		{"and decided in one", cn, cn.Sanction.DecideAppeal, "2024-03-31", "2024-04-30"},
		{"a re-review is asked in a month", cn, cn.Sanction.AskReReview, "2024-04-30", "2024-05-30"},
		{"and decided in two", cn, cn.Sanction.DecideReReview, "2024-12-31", "2025-02-28"},
		{"an honour is publicised five working days, over Labour Day", cn, cn.Reward.Publicise, "2024-04-26", "2024-05-07"},
		{"a hearing is asked in 5 working days", cn, cn.Enforcement.AskHearing, "2024-09-30", "2024-10-12"},
		{"a penalty is decided in 90 days", cn, cn.Enforcement.Decide, "2024-03-04", "2024-06-02"},
		{"and served in 7 working days", cn, cn.Enforcement.Serve, "2024-03-04", "2024-03-13"},
		{"published in 7", cn, cn.Enforcement.Publish, "2024-03-04", "2024-03-13"},
		{"and taken back in 3", cn, cn.Enforcement.Retract, "2024-06-07", "2024-06-13"},
		{"ten years in a post", cn, cn.Service.Rotation, "2014-03-04", "2024-03-04"},
		{"leaders wait three years after leaving", cn, cn.Service.PostEmploymentLeader, "2024-02-29", "2027-02-28"},
		{"others two", cn, cn.Service.PostEmployment, "2024-02-29", "2026-02-28"},
		{"a trace is concluded in 30 days", cn, cn.Traceback.Conclude, "2024-03-04", "2024-04-03"},
		{"a warning is taken up in 5 working days, over the Dragon Boat Festival", cn, cn.Warning.Acknowledge, "2024-06-06", "2024-06-14"},

		{"a report is acknowledged in 7 days", eu, eu.Reporting.Acknowledge, "2024-03-04", "2024-03-11"},
		{"feedback is given in 3 months", eu, eu.Reporting.Feedback, "2024-11-30", "2025-02-28"},
		{"in 6 where justified", eu, eu.Reporting.FeedbackMost, "2024-03-11", "2024-09-11"},

		{"a complainant is told in 30 days", us, us.Complaint.AnswerRealName, "2024-03-04", "2024-04-03"},
	}
	for _, tt := range tests {
		if got := tt.term.After(domain.MustDate(tt.start), tt.book.Calendar); got != domain.MustDate(tt.end) || tt.term.IsZero() {
			t.Errorf("%s: from %s it ends on %s, want %s", tt.name, tt.start, got, tt.end)
		}
	}
}

func TestOneYearLimitWithTolling(t *testing.T) {
	us := open(t, "us-police-ia")
	prosecution := domain.Span{From: domain.MustDate("2024-05-01"), To: domain.MustDate("2024-07-31")} // 92 days
	for _, tt := range []struct {
		tolled []domain.Span
		want   string
	}{
		{nil, "2025-03-04"},
		{[]domain.Span{prosecution}, "2025-06-04"},
	} {
		if got, ok := us.Limitation.Last(domain.MustDate("2024-03-04"), us.Calendar, tt.tolled...); !ok || got != domain.MustDate(tt.want) {
			t.Errorf("tolled %v: the last day is %s, want %s", tt.tolled, got, tt.want)
		}
	}
	if len(us.Limitation.Tolling) == 0 {
		t.Error("nothing tolls the limit")
	}
	if _, ok := open(t, "cn-2024").Limitation.Last(domain.MustDate("2024-03-04"), domain.Calendar{}); ok {
		t.Error("cn-2024 has no such limit")
	}
}

func TestTheDisciplineMatrix(t *testing.T) {
	us := open(t, "us-police-ia")
	for _, tt := range []struct {
		class       string
		priors      int
		least, most domain.Measure
	}{
		{"A", 0, "counseling", "oral_reprimand"},
		{"A", 2, "written_reprimand", "suspension"},
		{"B", 1, "written_reprimand", "suspension"},
		{"D", 0, "suspension", "termination"},
		{"D", 5, "termination", "termination"},
	} {
		if got, ok := us.Matrix.Range(tt.class, tt.priors); !ok || got.Least != tt.least || got.Most != tt.most {
			t.Errorf("class %s after %d: %v, want %s to %s", tt.class, tt.priors, got, tt.least, tt.most)
		}
	}
	for result, want := range map[string]bool{"sustained": true, "not_sustained": true, "exonerated": true, "unfounded": true, "partly_sustained": false} {
		if us.Findings.Allows(result) != want {
			t.Errorf("a finding that is %s is allowed: %v, want %v", result, !want, want)
		}
	}
}

// A demerit of cn-2024, done before and decided after a change of the rules.
func TestOnChangeOfRuleTheLighterApplies(t *testing.T) {
	before, after := open(t, "cn-2024"), open(t, "cn-2024")
	after.ID = "cn-2030"
	_, demerit, _ := after.Sanction.Rung(domain.MeasureDemerit)
	_, warning, _ := after.Sanction.Rung(domain.MeasureWarning)
	after.Sanction.Ladder[demerit].Effect.Length = 9  // lighter
	after.Sanction.Ladder[warning].Effect.Length = 12 // heavier
	for m, want := range map[domain.Measure]string{domain.MeasureDemerit: "cn-2030", domain.MeasureWarning: "cn-2024", domain.MeasureMajor: "cn-2024"} {
		if book, _, ok := domain.Lighter(before, after, m); !ok || book.ID != want {
			t.Errorf("for %s the rule of %s applies, want %s", m, book.ID, want)
		}
	}
}
