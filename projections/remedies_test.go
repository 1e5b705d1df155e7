package projections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections"
)

// The rule that warned of P1, and that some are compared by.
const outside = "discretion.repeated"

func (h *house) warn(id, on string) {
	h.on(on)
	h.do("inspector:I2", id, warning.Raise{Rule: outside, Version: "1", Unit: "W1", Officer: "P1", Explanation: "again outside the tier"})
}

func (h *house) rate(grade int) {
	f := post.Factors{Nature: grade, Scope: grade, Discretion: grade, Likelihood: grade, Harm: grade}
	h.do("hr:R1", "K1", post.GradeRisk{Risk: "r1", Level: post.LevelUnit, Factors: f})
	h.do("leader:L1", "K1", post.GradeRisk{Risk: "r1", Level: post.LevelSection, Factors: f})
	h.do("leader:L2", "K1", post.GradeRisk{Risk: "r1", Level: post.LevelLeadership, Factors: f})
}

func (h *house) levy(id, on string) {
	h.on(on)
	h.do("leader:L1", id, enforcement.Open{ActKind: enforcement.KindLevy, Unit: "W1", Procedure: "NP", Benchmark: "NB", PartyKind: enforcement.PartyPerson,
		Party: paper[0].Digest, Officers: []domain.OfficerID{"P1", "P2"}, Matter: "stall " + id})
	h.do("officer:P1", id, enforcement.TakeStep{Step: "check", Second: "P2"})
	h.do("leader:L1", id, enforcement.Decide{Outcome: enforcement.OutcomeLevied, Tier: "light", Factor: "first time", Amount: 200, Opinion: "so"})
}

func (h *house) about(id, on string) {
	h.on(on)
	h.do("intake:T1", id, complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "waited", Unit: "W1", Post: "K1"})
}

// taught records that WA led to the case MW against P1, up to its analysis: of
// 10 April 2023, with a gap of control at K1 and at K2 of another unit, one of
// NB, one of a rule that there is not, and two changes of early warning.
func (h *house) taught() *house {
	h.people()
	h.ruled()
	h.on("2023-02-10")
	h.do("hr:R1", "K1", post.IdentifyRisk{Risk: "r1", Description: "cash"})
	h.rate(5)
	h.warn("W0", "2023-02-13")
	h.do("inspector:I2", "W0", warning.Acknowledge{})
	h.do("inspector:I2", "W0", warning.Review{Opinion: "poor families"})
	h.do("inspector:I2", "W0", warning.Dismiss{Reason: "poor families"})
	h.about("CX", "2023-02-15")
	h.warn("WA", "2023-02-20")
	h.do("inspector:I2", "WA", warning.Acknowledge{})
	h.do("inspector:I2", "WA", warning.Review{Opinion: "one trader"})
	h.do("inspector:I2", "WA", warning.ActOn{To: warning.TargetMisconduct, ID: "MW"})
	h.levy("E1", "2023-03-01")
	h.on("2023-03-20")
	h.do("leader:L1", "MW", misconduct.NameInvestigators{Investigators: []domain.ActorID{"I2", "I3"}})
	h.do("inspector:I2", "MW", misconduct.GiveNotice{Officer: "P1"})
	h.do("inspector:I2", "MW", misconduct.HearStatement{Officer: "P1", Statement: "they are poor"})
	h.do("inspector:I2", "MW", misconduct.ProposeFinding{Findings: []misconduct.Finding{{Officer: "P1", Allegation: "favour", DeedOn: domain.MustDate("2023-02-01"),
		Result: misconduct.ResultSustained, Intent: misconduct.IntentIntent, Measure: domain.MeasureWarning, Opinion: "one trader"}}})
	h.do("leader:L2", "MW", misconduct.ConfirmFinding{})
	h.on("2023-04-10")
	h.do("inspector:I2", "MW", misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "nobody looks at who profits", Gaps: []misconduct.Gap{
		{Kind: misconduct.GapControl, Post: "K1", Description: "no second look"}, {Kind: misconduct.GapControl, Post: "K2", Description: "nor here"},
		{Kind: misconduct.GapNorm, Norm: "NB", Description: "repeats"}, {Kind: misconduct.GapNorm, Description: "no rule on kin"},
	}, Rules: []misconduct.RuleProposal{
		{Threshold: domain.ThresholdPattern, Rule: outside, Change: "2 within a year", Reason: "the third was the case"},
		{Threshold: domain.ThresholdNear, Change: "from 80", Reason: "all lay at 85"}}})
	return h
}

// mended records what was done about MW, and what happened afterwards.
func (h *house) mended() *house {
	h.on("2023-04-12")
	h.do("leader:L1", "MW", misconduct.AnswerProposal{Proposal: 2, Answer: misconduct.AnswerDeclined, Reason: "no amount lay near"})
	h.on("2023-05-02")
	h.rate(1)
	h.levy("E2", "2023-05-10")
	h.levy("E3", "2023-05-11")
	h.warn("WB", "2023-05-20")
	h.on("2023-06-01")
	h.do("hr:R1", "NB", norm.Revise{Reason: "repeats", Clauses: []norm.Clause{{Code: "12", Text: "stalls"}}, Tiers: []norm.Tier{
		{Code: "light", Clause: "12", Factors: "first time", MinAmount: 100, MaxAmount: 1000}}})
	h.do("leader:L1", "NB", norm.Adopt{From: domain.MustDate("2023-06-15")})
	h.do("hr:R1", "NB", norm.CloseGap{Gap: "MW.3"})
	h.about("CY", "2023-07-03")
	return h
}

func remediesSeen(t *testing.T, r *projections.Reader) string {
	t.Helper()
	l, err := r.Remedies(context.Background(), projections.RemedyFilter{}, projections.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range l.Items {
		one, err := r.Remedy(context.Background(), x.ID)
		if err != nil || one == nil || *one != l.Items[i] {
			t.Errorf("%s is listed as %+v and found as %+v, %v", x.ID, x, one, err)
		}
	}
	return idsOf(l.Items, func(x projections.Remedy) string { return x.ID })
}

func TestARemedyTellsWhatACaseOpenedAndWhatWasDone(t *testing.T) {
	h := newHouse(t)
	grown := h.views()
	h.taught()
	h.catchUp(grown)
	day := domain.MustDate
	open := []projections.Remedy{
		{ID: "MW/rule/2", Kind: "rule", Status: "open", Case: "MW", Number: 2, Threshold: "near", Text: "from 80", Reason: "all lay at 85", OpenedOn: day("2023-04-10")},
		{ID: "MW/rule/1", Kind: "rule", Status: "open", Case: "MW", Number: 1, Threshold: "pattern", Rule: outside, Text: "2 within a year", Reason: "the third was the case", OpenedOn: day("2023-04-10")},
		{ID: "MW/rerating/K2/1", Kind: "rerating", Status: "open", Case: "MW", Post: "K2", Unit: "D2", Text: "nor here", OpenedOn: day("2023-04-10"), Due: day("2024-04-10"), Overdue: true},
		{ID: "MW/rerating/K1/1", Kind: "rerating", Status: "open", Case: "MW", Post: "K1", Unit: "W1", Text: "no second look", OpenedOn: day("2023-04-10"), Due: day("2024-04-10"), Before: "high", Overdue: true},
		{ID: "MW/norm_gap/NB/MW.3", Kind: "norm_gap", Status: "open", Case: "MW", Norm: "NB", Unit: "D1", Gap: "MW.3", Text: "repeats", OpenedOn: day("2023-04-10"), Due: day("2023-07-09"), Overdue: true},
	}
	compare := func(name string, v *projections.Views, want []projections.Remedy) {
		t.Helper()
		l, err := v.As(auditor).Remedies(context.Background(), projections.RemedyFilter{}, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, l.Items, cmpopts.IgnoreFields(projections.Remedy{}, "Opened", "Done")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for _, x := range l.Items {
			if e, err := v.As(auditor).Event(context.Background(), x.Opened); err != nil || e == nil {
				t.Errorf("%s was opened by no event: %v", x.ID, err)
			}
			if e, err := v.As(auditor).Event(context.Background(), x.Done); err != nil || (e == nil) != (x.Status == "open") {
				t.Errorf("%s is %s by %v, %v", x.ID, x.Status, e, err)
			}
		}
	}
	compare("after the analysis", grown, open)
	h.mended()
	h.catchUp(grown)
	done := append([]projections.Remedy(nil), open...)
	done[0].Status, done[0].DoneOn, done[0].Answer = "declined", day("2023-04-12"), "no amount lay near"
	done[3].Status, done[3].DoneOn, done[3].From, done[3].After, done[3].Overdue = "done", day("2023-05-02"), day("2023-05-02"), "low", false
	done[4].Status, done[4].DoneOn, done[4].From, done[4].Version, done[4].Overdue = "done", day("2023-06-01"), day("2023-06-15"), 2, false
	compare("after what was done", grown, done)
	compare("built at once", h.built(), done)

	// What is called for again after it was done is another.
	h.on("2023-09-04")
	h.do("inspector:I2", "K1", post.RequireRerating{Cause: "the second look was left out", Case: "MW"})
	h.catchUp(grown)
	if got := remediesSeen(t, grown.As(auditor)); !strings.HasPrefix(got, "MW/rerating/K1/2 ") || !strings.Contains(got, "MW/rerating/K1/1") {
		t.Errorf("the remedies are %s", got)
	}
}

func TestTheLoopIsWalkedFromBothEnds(t *testing.T) {
	h := newHouse(t)
	r := h.taught().mended().built().As(auditor)
	ctx := context.Background()
	cases, err := r.CasesByWarning(ctx, []domain.WarningID{"W0", "WA", "WB", "none"})
	if err != nil || len(cases["WA"]) != 1 || cases["WA"][0].ID != "MW" || len(cases) != 1 {
		t.Errorf("the cases are %+v, %v", cases, err)
	}
	a := cases["WA"][0].Analyses
	if len(a) != 1 || a[0].Aspect != "institution" || len(a[0].Gaps) != 4 || a[0].On != domain.MustDate("2023-04-10") {
		t.Errorf("it teaches %+v", a)
	}
	warnings, err := r.WarningsByCase(ctx, []domain.CaseID{"MW", "none"})
	if err != nil || len(warnings["MW"]) != 1 || warnings["MW"][0].ID != "WA" || len(warnings) != 1 {
		t.Errorf("the warnings are %+v, %v", warnings, err)
	}
	byCase, err1 := r.RemediesByCase(ctx, []domain.CaseID{"MW"})
	byPost, err2 := r.RemediesByPost(ctx, []domain.PostID{"K1", "K2"})
	byNorm, err3 := r.RemediesByNorm(ctx, []domain.NormID{"NB", "NP"})
	if err1 != nil || err2 != nil || err3 != nil || len(byCase["MW"]) != 5 || len(byPost["K1"]) != 1 || len(byPost["K2"]) != 1 || len(byNorm["NB"]) != 1 || len(byNorm) != 1 {
		t.Errorf("by case %v, by post %v, by norm %v, %v %v %v", byCase, byPost, byNorm, err1, err2, err3)
	}
}

// warnedOf is the warning WA, and what it is acted on for.
func (h *house) warnedOf(what warning.ActOn) {
	h.t.Helper()
	h.warn("WA", "2023-02-20")
	h.do("inspector:I2", "WA", warning.Acknowledge{})
	h.do("inspector:I2", "WA", warning.Review{Opinion: "somebody complains"})
	h.do("inspector:I2", "WA", what)
}

// A complaint may stand between the warning and the case.
func TestAWarningLeadsToACaseByItsComplaint(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.warnedOf(warning.ActOn{To: warning.TargetComplaint, ID: "C1"})
	h.complain("C1", "H1", "W1", "delay", "held back", "P1")
	h.do("handler:H1", "C1", complaint.Conclude{Result: complaint.ResultSubstantiated, Conduct: "held a file back", Officers: []domain.OfficerID{"P1"}, Opinion: "the log"})
	r := h.built().As(auditor)
	cases, err := r.CasesByWarning(context.Background(), []domain.WarningID{"WA"})
	if err != nil || len(cases["WA"]) != 1 || cases["WA"][0].ID != "C1" {
		t.Errorf("the cases are %+v, %v", cases, err)
	}
	warnings, err := r.WarningsByCase(context.Background(), []domain.CaseID{"C1"})
	if err != nil || len(warnings["C1"]) != 1 || warnings["C1"][0].ID != "WA" {
		t.Errorf("the warnings are %+v, %v", warnings, err)
	}
}

// So may an inspection, which the case names.
func TestAWarningLeadsToACaseByItsInspection(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.warnedOf(warning.ActOn{To: warning.TargetInspection, ID: "JC"})
	h.do("inspector:I2", "MX", misconduct.Open{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{"P1"}, Conduct: "another inspection's"})
	h.do("inspector:I2", "MJ", misconduct.Open{Origin: misconduct.OriginInspection, Inspection: "JC", Officers: []domain.OfficerID{"P1"}, Conduct: "held a file back"})
	v := h.built()
	cases, err := v.As(auditor).CasesByWarning(context.Background(), []domain.WarningID{"WA"})
	if err != nil || len(cases["WA"]) != 1 || cases["WA"][0].ID != "MJ" || cases["WA"][0].Inspection != "JC" {
		t.Errorf("the cases are %+v, %v", cases, err)
	}
	warnings, err := v.As(auditor).WarningsByCase(context.Background(), []domain.CaseID{"MJ", "MX"})
	if err != nil || len(warnings["MJ"]) != 1 || warnings["MJ"][0].ID != "WA" || len(warnings) != 1 {
		t.Errorf("the warnings are %+v, %v", warnings, err)
	}
	byInspection, err := v.As(auditor).CasesByInspection(context.Background(), []domain.InspectionID{"JC", "none"})
	if err != nil || len(byInspection["JC"]) != 1 || len(byInspection) != 1 {
		t.Errorf("the cases are %+v, %v", byInspection, err)
	}
	for _, who := range []projections.Principal{{Role: domain.RoleHR, Subject: "H9"}, {Role: domain.RoleOfficer, Subject: "P1"}} {
		if seen, err := v.As(who).CasesByInspection(context.Background(), []domain.InspectionID{"JC"}); err != nil || len(seen) != 0 {
			t.Errorf("%s is told of %+v, %v", who.Role, seen, err)
		}
	}
}

func TestRemediesAreSeenWithTheCaseAndWithWhatIsMended(t *testing.T) {
	h := newHouse(t)
	v := h.taught().mended().built()
	const all = "MW/rule/2 MW/rule/1 MW/rerating/K2/1 MW/rerating/K1/1 MW/norm_gap/NB/MW.3"
	for _, c := range []struct {
		name string
		who  projections.Principal
		want string
	}{
		{"an auditor", auditor, all},
		{"an inspector of all units", as(domain.RoleInspector, "I9", projections.AllUnits), all},
		{"a leader of the agency", as(domain.RoleLeader, "L1", "A"), all},
		{"who sees the case and not the other post", as(domain.RoleInspector, "I9", "W1"), strings.Replace(all, "MW/rerating/K2/1 ", "", 1)},
		{"who sees the post and not the case", as(domain.RoleInspector, "I9", "D2"), ""},
		{"whom the case is against", as(domain.RoleInspector, "P1", projections.AllUnits), ""},
		{"hr", as(domain.RoleHR, "R1", projections.AllUnits), ""},
		{"intake", as(domain.RoleIntake, "T1", projections.AllUnits), ""},
		{"a handler", as(domain.RoleHandler, "H1"), ""},
		{"an overseer", as(domain.RoleOverseer, "O", projections.AllUnits), ""},
		{"an officer", as(domain.RoleOfficer, "P1"), ""},
		{"the public", as(domain.RolePublic, ""), ""},
		{"nobody", projections.Principal{}, ""},
	} {
		r := v.As(c.who)
		if got := remediesSeen(t, r); got != c.want {
			t.Errorf("%s sees %q, want %q", c.name, got, c.want)
		}
		since, err := r.SinceRemedies(context.Background(), []projections.SinceOf{{Remedy: "MW/rerating/K1/1", Days: 100}})
		if err != nil || (len(since) > 0) != (c.want != "") {
			t.Errorf("%s is told %v, %v", c.name, since, err)
		}
	}
}

func TestWhatHappenedAfterwardsIsCountedOnBothSides(t *testing.T) {
	h := newHouse(t)
	v := h.taught().mended().built()
	tell := func(r *projections.Reader, remedy string, days int) string {
		t.Helper()
		got, err := r.SinceRemedies(context.Background(), []projections.SinceOf{{Remedy: remedy, Days: days}})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range got[projections.SinceOf{Remedy: remedy, Days: days}] {
			n := func(p *int) string {
				if p == nil {
					return "-"
				}
				return fmt.Sprint(*p)
			}
			out = append(out, fmt.Sprintf("%s of %s%s%s: %s to %s %s %s %s, %s to %s %s %s %s", s.Warning, s.Officer, s.Post, s.Unit,
				s.Before.From, s.Before.To, n(s.Before.Warnings), n(s.Before.Complaints), n(s.Before.Acts),
				s.After.From, s.After.To, n(s.After.Warnings), n(s.After.Complaints), n(s.After.Acts)))
		}
		return strings.Join(out, "; ")
	}
	r := v.As(auditor)
	for _, c := range []struct {
		name, remedy string
		days         int
		want         string
	}{
		{"the rating", "MW/rerating/K1/1", 100, "WA of P1: 2023-01-22 to 2023-05-01 1 1 1, 2023-05-03 to 2023-08-10 1 1 2"},
		{"fewer days", "MW/rerating/K1/1", 10, "WA of P1: 2023-04-22 to 2023-05-01 0 0 0, 2023-05-03 to 2023-05-12 0 0 2"},
		{"the version, about no post, from its first day on", "MW/norm_gap/NB/MW.3", 100, "WA of P1: 2023-03-07 to 2023-06-14 1 - 2, 2023-06-16 to 2023-09-23 0 - 0"},
		{"not more days than have passed since", "MW/rerating/K1/1", 730, "WA of P1: 2022-03-30 to 2023-05-01 1 1 1, 2023-05-03 to 2024-06-03 1 1 2"},
		{"what is not done", "MW/rule/1", 100, ""},
		{"what was declined", "MW/rule/2", 100, ""},
		{"what there is not", "MW/rule/9", 100, ""},
		{"what is no id", "' OR 1=1 --", 100, ""},
	} {
		if got := tell(r, c.remedy, c.days); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	// Counted is what is seen: another unit's post is not needed for it.
	if got := tell(v.As(as(domain.RoleInspector, "I9", "W1")), "MW/rerating/K1/1", 100); got != "WA of P1: 2023-01-22 to 2023-05-01 1 1 1, 2023-05-03 to 2023-08-10 1 1 2" {
		t.Errorf("an inspector of the unit is told %s", got)
	}
	for _, days := range []int{-1, 0, projections.MaxSinceDays + 1, 1 << 40} {
		if _, err := r.SinceRemedies(context.Background(), []projections.SinceOf{{Remedy: "MW/rule/1", Days: days}}); domain.RefusalCode(err) != domain.CodeInvalid {
			t.Errorf("%d days: %v", days, err)
		}
	}
}

// On the day of the change, and before a version is in force, there is nothing
// to compare yet.
func TestNothingIsComparedBeforeTheChangeHolds(t *testing.T) {
	h := newHouse(t)
	h.taught()
	h.on("2024-06-01")
	h.do("hr:R1", "NB", norm.Revise{Reason: "repeats", Clauses: []norm.Clause{{Code: "12", Text: "stalls"}}, Tiers: []norm.Tier{
		{Code: "light", Clause: "12", Factors: "first time", MinAmount: 100, MaxAmount: 1000}}})
	h.do("leader:L1", "NB", norm.Adopt{From: domain.MustDate("2024-07-01")})
	h.do("hr:R1", "NB", norm.CloseGap{Gap: "MW.3"})
	h.on(today)
	h.rate(1)
	of := []projections.SinceOf{{Remedy: "MW/norm_gap/NB/MW.3", Days: 30}, {Remedy: "MW/rerating/K1/1", Days: 30}}
	got, err := h.built().As(auditor).SinceRemedies(context.Background(), of)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range of {
		if s := got[o]; len(s) != 1 || s[0].Days != 0 || s[0].Before != (projections.SinceSide{}) || s[0].After != (projections.SinceSide{}) {
			t.Errorf("%s: %+v", o.Remedy, s)
		}
	}
}

func TestAnyNumberOfRemediesIsComparedInAFixedNumberOfStatements(t *testing.T) {
	h := newHouse(t)
	v := h.taught().mended().built()
	count := func(of ...projections.SinceOf) int {
		r := v.As(auditor)
		if _, err := r.SinceRemedies(context.Background(), of); err != nil {
			t.Fatal(err)
		}
		return r.Statements()
	}
	one := count(projections.SinceOf{Remedy: "MW/rerating/K1/1", Days: 30})
	var many []projections.SinceOf
	for days := 1; days <= 200; days++ {
		many = append(many, projections.SinceOf{Remedy: "MW/rerating/K1/1", Days: days}, projections.SinceOf{Remedy: "MW/norm_gap/NB/MW.3", Days: days})
	}
	if all := count(many[:400]...); all > one || one > 10 {
		t.Errorf("one took %d statements, %d took %d", one, len(many), all)
	}
	// More than one statement holds are asked in several, and each is answered.
	for days := 201; days <= 500; days++ {
		many = append(many, projections.SinceOf{Remedy: "MW/rerating/K1/1", Days: days})
	}
	got, err := v.As(auditor).SinceRemedies(context.Background(), many)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range many {
		if s := got[o]; len(s) != 1 || s[0].Before.Warnings == nil || s[0].After.Acts == nil {
			t.Fatalf("%v: %+v", o, s)
		}
	}
}
