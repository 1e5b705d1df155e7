package projections_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// scored records the agency with a post of high risk and a warning besides.
func scored(t testing.TB) *house {
	h := agency(t)
	h.on("2023-06-12")
	h.do("hr:R1", "K1", post.IdentifyRisk{Risk: "r", Description: "cash"})
	worst := post.Factors{Nature: 5, Scope: 5, Discretion: 5, Likelihood: 5, Harm: 5}
	h.do("hr:R1", "K1", post.GradeRisk{Risk: "r", Level: post.LevelUnit, Factors: worst})
	h.do("hr:R2", "K1", post.GradeRisk{Risk: "r", Level: post.LevelSection, Factors: worst})
	h.do("leader:L1", "K1", post.GradeRisk{Risk: "r", Level: post.LevelLeadership, Factors: worst})
	h.do("hr:R1", "K1", post.AdoptControl{Risk: "r", Control: "c", Description: "four eyes"})
	h.on("2024-05-20")
	h.do("system:system", "WA", warning.Raise{Rule: "outliers", Version: "1", Unit: "W1", Officer: "P1", Explanation: "many"})
	return h
}

// whole records people, and what the other tests of the programme do.
func whole(t testing.TB) *house {
	h := newHouse(t)
	h.people()
	h.ruled().planned().enforced().disclosed()
	return h
}

var halfYear = projections.ScorecardOf{Unit: "A", From: domain.MustDate("2024-01-01"), To: domain.MustDate("2024-06-30")}

// counts are the indicators of a scorecard with exposure, in short: "I1.on_time
// 1/5!" where the warning is met.
func counts(c *projections.Scorecard) string {
	if c == nil {
		return "nothing"
	}
	var out []string
	for _, a := range c.Articles {
		for _, v := range a.Values {
			if !v.Known() && !v.Suppressed {
				continue
			}
			n, of := v.Counts()
			line := fmt.Sprintf("%s %d/%d", v.ID, n, of)
			if v.Suppressed {
				line = v.ID + " -"
			}
			if v.Warning.Met {
				line += "!"
			}
			out = append(out, line)
		}
	}
	return strings.Join(out, " ")
}

func score(t *testing.T, r *projections.Reader, of projections.ScorecardOf) *projections.Scorecard {
	t.Helper()
	c, err := r.Scorecard(context.Background(), of)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAScorecardCountsTheFactsOfAUnitAndThoseBelow(t *testing.T) {
	r := whole(t).built().As(auditor)
	of := func(unit domain.UnitID) projections.ScorecardOf {
		o := halfYear
		o.Unit = unit
		return o
	}
	for unit, want := range map[domain.UnitID]string{
		// Of the targets of W1, t1 was met and t2 met late, t3 was excused, t4
		// held to account and t5 forgotten. E1 and E2 were decided alike.
		"W1": "I1.on_time 1/5! I1.unexplained 1/4! I4.conflict 0/2 I10.overrides 0/2 D1.valid 1/1 D1.hours 0/1! D1.expiring 0/1 D2.defects 0/2 D5.outside 0/2 D5.spread 0/2",
		// E3 and E4 were not, and E4 was overturned.
		"D2": "I4.conflict 0/2 I10.overrides 0/2 D1.valid 1/1 D1.hours 0/1! D1.expiring 0/1 D2.defects 0/2 D2.reversed 1/1! D5.outside 1/2! D5.spread 176/2! D6.reviewed 1/1",
		// Of the items of D1 the one was late, one overdue; two gaps of NB are
		// open for too long. Like cases are sought in the whole agency.
		"A": "I1.on_time 1/5! I1.unexplained 1/4! I4.conflict 0/4 I5.on_time 1/3! I10.overrides 0/4 D1.valid 2/2 D1.hours 0/4! D1.expiring 0/2 D2.defects 0/4 D2.reversed 1/1! " +
			"D5.outside 1/4! D5.spread 312/4! D6.reviewed 1/1 D9.overdue 0/2 D9.gaps 2/2! D9.single_person 0/1",
	} {
		if diff := cmp.Diff(want, counts(score(t, r, of(unit)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", unit, diff)
		}
	}
	if got := counts(score(t, r, of("nowhere"))); got != "nothing" {
		t.Errorf("a unit that does not exist has %s", got)
	}
}

// What is asked for as of any event is what views that never saw more show.
func TestAScorecardAsOfAnyEventIsTheOneOfThen(t *testing.T) {
	for name, h := range map[string]*house{"agency": scored(t), "programme": whole(t), "random": agency(t).random(3, 200)} {
		last, full := lastPosition(t, h.store), h.built().As(auditor)
		v := h.views()
		for at := ledger.Position(7); at <= last; at += 13 {
			if err := v.CatchUp(context.Background(), upTo{h.store, at}, nil); err != nil {
				t.Fatal(err)
			}
			of := halfYear
			of.From, of.Position = domain.MustDate("2023-01-01"), at
			want, got := score(t, v.As(auditor), of), score(t, full, of)
			if diff := cmp.Diff(counts(want), counts(got)); diff != "" {
				t.Fatalf("%s as of %s (-then +now):\n%s", name, at, diff)
			}
			if want.Until != got.Until || want.Known != got.Known {
				t.Fatalf("%s as of %s: known %s until %s, then %s until %s", name, at, got.Known, got.Until, want.Known, want.Until)
			}
		}
	}
}

func TestFactsFoldedInPiecesEqualThoseFoldedAtOnce(t *testing.T) {
	h := whole(t)
	last := lastPosition(t, h.store)
	once, pieces := t.TempDir(), t.TempDir()
	h.catchUp(h.viewsIn(once))
	rnd := rand.New(rand.NewPCG(1, 2))
	for at := ledger.Position(0); at < last; {
		at = min(last, at+1+ledger.Position(rnd.IntN(9)))
		v, err := open(t, pieces, h.codec, h.options())
		if err != nil {
			t.Fatal(err)
		}
		if err := v.CatchUp(context.Background(), upTo{h.store, at}, nil); err != nil {
			t.Fatal(err)
		}
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(dump(t, once), dump(t, pieces)); diff != "" {
		t.Errorf("at once (-) and in pieces (+) differ:\n%s", diff)
	}
}

func TestScorecardsAreForThoseWhoAnswerForAUnitAndForItsOverseer(t *testing.T) {
	v := agency(t).built()
	for _, c := range []struct {
		name string
		who  projections.Principal
		want string // units whose scorecard is seen
	}{
		{"an auditor sees all", auditor, "A D1 D2 W1"},
		{"an auditor of one unit sees that one and those below", as(domain.RoleAuditor, "X", "D1"), "D1 W1"},
		{"so do an inspector", as(domain.RoleInspector, "I9", "D1"), "D1 W1"},
		{"and a leader", as(domain.RoleLeader, "L1", "D1"), "D1 W1"},
		{"HR sees whole agencies", as(domain.RoleHR, "R1", projections.AllUnits), "A"},
		{"and the units they are given, not their parts", as(domain.RoleHR, "R1", "D1"), "D1"},
		{"an overseer sees whole agencies", as(domain.RoleOverseer, "O"), "A"},
		{"and the units they are given, not their parts", as(domain.RoleOverseer, "O", "D1"), "D1"},
		{"an inspector without units sees none", as(domain.RoleInspector, "I9"), ""},
		{"intake sees none", as(domain.RoleIntake, "T1", projections.AllUnits), ""},
		{"a handler sees none", as(domain.RoleHandler, "H1", projections.AllUnits), ""},
		{"an officer sees none", as(domain.RoleOfficer, "P1", projections.AllUnits), ""},
		{"the public sees none", as(domain.RolePublic, "", projections.AllUnits), ""},
		{"nobody sees none", projections.Principal{}, ""},
	} {
		var of []projections.ScorecardOf
		for _, u := range []domain.UnitID{"A", "D1", "D2", "W1"} {
			of = append(of, projections.ScorecardOf{Unit: u, From: domain.MustDate("2023-01-01"), To: domain.MustDate("2023-12-31")})
		}
		cards, err := v.As(c.who).Scorecards(context.Background(), of)
		if err != nil {
			t.Fatal(err)
		}
		var seen []string
		for _, o := range of {
			if cards[o] != nil {
				seen = append(seen, string(o.Unit))
			}
			if one := score(t, v.As(c.who), o); (one != nil) != (cards[o] != nil) {
				t.Errorf("%s: %s asked for alone: %v", c.name, o.Unit, one != nil)
			}
		}
		if got := strings.Join(seen, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The events behind an indicator are shown as far as they may be seen; the
// counts are the same for all who may see what is counted.
func TestTheEventsBehindAnIndicatorStayInScope(t *testing.T) {
	v := agency(t).built()
	of := projections.ScorecardOf{Unit: "D1", From: domain.MustDate("2023-01-01"), To: domain.MustDate("2023-12-31")}
	for _, c := range []struct {
		name     string
		who      projections.Principal
		counting projections.Counting
		first    int
		want     string
	}{
		{"an auditor sees them", auditor, projections.CountingAll, 0, "concluded C1, accepted C4, accepted C2, accepted C1"},
		{"those that count", auditor, projections.CountingHits, 0, "concluded C1, accepted C4, accepted C2, accepted C1"},
		{"those that do not", auditor, projections.CountingRest, 0, "accepted C4, accepted C2"},
		{"as many as are asked for", auditor, projections.CountingAll, 2, "concluded C1, accepted C4"},
		{"an inspector not those about themselves or their relations", as(domain.RoleInspector, "I1", "D1"), projections.CountingAll, 0, "concluded C1, accepted C1"},
		{"HR none of complaints", as(domain.RoleHR, "R1", "D1"), projections.CountingAll, 0, ""},
		{"an overseer none at all", as(domain.RoleOverseer, "O", "D1"), projections.CountingAll, 0, ""},
	} {
		r := v.As(c.who)
		card := score(t, r, of)
		want := "I3.clocks 4/6! I3.substantiated 1/1 I6.breaches 0/1 D1.valid 1/1 D1.expiring 0/1 D7.filed 0/1!"
		switch c.who.Role {
		case domain.RoleHR:
			want = "I3.clocks -! I3.substantiated - I6.breaches - D1.valid 1/1 D1.expiring 0/1 D7.filed 0/1!"
		case domain.RoleOverseer:
			want = "I3.clocks -! I3.substantiated - I6.breaches - D1.valid - D1.expiring - D7.filed -"
		}
		if got := counts(card); got != want {
			t.Errorf("%s: the counts are %s, want %s", c.name, got, want)
		}
		behind := projections.BehindOf{Card: card, Indicator: "I3.clocks", Counting: c.counting, First: c.first}
		found, err := r.EventsBehind(context.Background(), []projections.BehindOf{behind, {Card: card, Indicator: "D1.valid"}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range found[behind] {
			_, what, _ := strings.Cut(strings.TrimSuffix(string(e.Kind), ".v1"), ".")
			got = append(got, what+" "+e.Subject.ID)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestAPeriodThatIsNoneIsRefused(t *testing.T) {
	r := agency(t).built().As(auditor)
	for field, of := range map[string]projections.ScorecardOf{
		"from": {Unit: "A", To: domain.MustDate("2024-01-01")},
		"to":   {Unit: "A", From: domain.MustDate("2024-01-02"), To: domain.MustDate("2024-01-01")},
	} {
		if _, err := r.Scorecard(context.Background(), of); domain.RefusalCode(err) != domain.CodeInvalid || !strings.Contains(err.Error(), field) {
			t.Errorf("without a good %s: %v", field, err)
		}
	}
}

func TestACycleIsComparedBeforeAndAfter(t *testing.T) {
	h := whole(t)
	h.on("2024-05-20")
	h.do("overseer:O1", "CY2", programme.Open{Agency: "A", From: domain.MustDate("2024-01-01"), To: domain.MustDate("2024-12-31")})
	var scores []programme.Score
	for i, a := range domain.CN2024().Programme.Articles {
		scores = append(scores, programme.Score{Article: a, Score: 50 + i, Basis: "a guess"})
	}
	h.do("overseer:O1", "CY2", programme.AssessBaseline{Scores: scores})
	list, err := h.built().As(auditor).Comparisons(context.Background(), []domain.ProgrammeID{"CY2", "none"})
	if err != nil || len(list["CY2"]) != 20 {
		t.Fatal(list, err)
	}
	for i, want := range []string{"I1 required: 50 before, measured 63, - after, measured 48", "I2 required: 51 before, measured -, - after, measured -"} {
		c := list["CY2"][i]
		got := fmt.Sprintf("%s %s: %s before, measured %s, %s after, measured %s", c.ID, c.Level, num(c.Baseline), num(c.Before), num(c.Result), num(c.After))
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func num(n *int) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}

// The time of a stream never runs backwards, but that of the ledger does where
// the clock of the machine is set back.
func TestWhatWasKnownAtAMomentIsFoundThoughTheClockWasSetBack(t *testing.T) {
	h := newHouse(t)
	h.people()
	for i, day := range []string{"2023-03-06", "2023-06-05", "2023-04-03", "2023-05-08", "2023-03-20", "2023-09-04", "2023-02-06", "2023-02-07", "2023-10-09"} {
		h.judged(day, 0, 1+i%3)
	}
	v := h.views()
	type recorded struct {
		at   ledger.Position
		time time.Time
	}
	var all []recorded
	for e, err := range h.store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.codec.Decode(e)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, recorded{e.Position, d.Act.RecordedAt})
		if e.Position%7 == 0 { // the views are brought up in pieces
			if err := v.CatchUp(context.Background(), upTo{h.store, e.Position}, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.catchUp(v)
	rebuilt := h.built()
	for day := domain.MustDate("2023-01-01"); day.Before(domain.MustDate("2023-11-01")); day = day.AddDays(3) {
		moment, want := day.In(time.UTC).Add(9*time.Hour+3*time.Second), ledger.Position(0)
		for _, e := range all {
			if !e.time.After(moment) {
				want = e.at
			}
		}
		of := halfYear
		of.Recorded = moment
		for name, views := range map[string]*projections.Views{"in pieces": v, "at once": rebuilt} {
			if got := score(t, views.As(auditor), of).Known; got != want {
				t.Errorf("%s, %s: known up to %s, want %s", name, moment.Format(time.DateTime), got, want)
			}
		}
	}
}
