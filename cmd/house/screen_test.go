package house

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/screening"
)

// once is what a year of the workshop leads to.
const once = "raised peers.skipped W1 P00 on 28 of 92"

func (w *workshop) expect(what string, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.screened()); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// under lets the scheduler judge by the rulebook as changed.
func (w *workshop) under(change func(*domain.Rulebook)) Passed {
	w.t.Helper()
	book := *domain.CN2024()
	change(&book)
	w.catchUp()
	s := w.Scheduler()
	s.books = fixedBooks{w.Books, domain.ShelfOf(&book)}
	p, err := s.Screen(context.Background(), w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.catchUp()
	return p
}

// screenBy runs by several rulebooks, each on its days.
func (w *workshop) screenBy(books ...*domain.Rulebook) {
	w.t.Helper()
	shelf, err := domain.NewShelf(books...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.catchUp()
	s := w.Scheduler()
	s.books = fixedBooks{w.Books, shelf}
	if _, err := s.Screen(context.Background(), w.now); err != nil {
		w.t.Fatal(err)
	}
	w.catchUp()
}

func TestWhoStandsOutIsWarnedOfOnce(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	w.expect("before the run")
	w.night()
	w.expect("after the run", once)
	w.night()
	w.night()
	w.close()
	w.open() // another process
	w.night()
	w.expect("after restarts and repeats", once)
	w.on("2025-02-04")
	w.night()
	w.expect("the next day finds the same", once)
	w.month("2025-02", 0)
	w.on("2025-03-03")
	w.night()
	w.night()
	w.expect("the next month is grouped with it", once, "grouped peers.skipped on 3 more")
	w.on("2025-02-27")
	w.night()
	w.on("2031-07-01")
	w.night()
	w.on("2025-03-04")
	w.night()
	w.expect("whatever the clock does", once, "grouped peers.skipped on 3 more")
}

// Once a day, and neither with what falls due nor because a rule found something.
func TestTheRunIsOnceADay(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	if _, err := w.Scheduler().Raise(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	w.expect("after what rules found was raised")
	w.pass()
	w.expect("after what fell due was done")
	s := w.Scheduler()
	for range 2 {
		if _, _, err := s.ScreenDaily(t.Context(), w.now); err != nil {
			t.Fatal(err)
		}
	}
	w.expect("after two calls", once)
	w.catchUp()
	w.decide("2025-01-20", true, 0, 1) // late
	w.catchUp()
	if _, _, err := s.ScreenDaily(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	w.expect("what is recorded late is for the next day", once)
	w.on("2025-02-04")
	if _, _, err := s.ScreenDaily(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	w.expect("which groups it", once, "grouped peers.skipped on 1 more")
}

// Neither what falls due nor what rules find waits for a run, which may be long.
func TestNothingWaitsForTheRun(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	s := w.Scheduler()
	record, reached, goOn := s.record, make(chan struct{}), make(chan struct{})
	s.record = func(ctx context.Context, in domain.Instruction) (ledger.Receipt, error) {
		if c, ok := in.Command.(warning.Raise); ok && screening.Find(c.Rule) != nil {
			close(reached)
			<-goOn
		}
		return record(ctx, in)
	}
	ended := make(chan error)
	go func() {
		_, _, err := s.ScreenDaily(context.Background(), w.now)
		ended <- err
	}()
	select {
	case <-reached:
	case err := <-ended:
		t.Fatalf("the run ended before it raised anything: %v", err)
	}
	if _, err := s.Pass(t.Context(), w.now); err != nil {
		t.Error(err)
	}
	if _, err := s.Raise(t.Context(), w.now); err != nil {
		t.Error(err)
	}
	w.expect("while the run is held")
	close(goOn)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	w.expect("after the run", once)
}

// Two who both think that they lead record it once.
func TestTwoLeadersWarnOnce(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	var both sync.WaitGroup
	for range 4 {
		both.Go(func() {
			if _, err := w.Scheduler().Screen(context.Background(), w.now); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	w.expect("after four runs at once", once)
}

func TestWhatWasSettledIsNotRaisedAgainForWhatWasJudged(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	w.night()
	w.settle()
	w.night()
	for _, m := range []string{"2025-02", "2025-03", "2025-04"} {
		w.month(m, 0)
		w.on(domain.MustDate(m + "-15").AddDays(20).String())
		w.night()
	}
	w.expect("while most of it was judged", once)
	for _, m := range []string{"2025-05", "2025-06", "2025-07", "2025-08", "2025-09"} {
		w.month(m, 0)
		w.on(domain.MustDate(m + "-15").AddDays(20).String())
		w.night()
		w.settle()
		w.night()
	}
	// From August 2024 on half of it was decided after the window that ended
	// with January. Of a change, a dozen peers tell too little to be sure.
	w.expect("once half of it is new, and once", once, once)
	if !strings.HasSuffix(w.last(), ":2025-07") {
		t.Errorf("the last is named %s", w.last())
	}
}

// What is recorded late, or reviewed, can change the mind; that is said once, and
// dismissing is for people.
func TestALateRecordChangesTheMind(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	w.night()
	lost := "to the inspector, " + screening.GroundLost
	for i := range 240 {
		w.decide(fmt.Sprintf("2024-%02d-20", 2+i%11), false, 0, 1+i%11)
	}
	w.night()
	w.expect("after 240 acts without a fault were recorded late", once, lost)
	w.night()
	w.on("2025-02-04")
	w.night()
	w.close()
	w.open()
	w.night()
	w.expect("once", once, lost)
	for i := range 200 {
		w.decide(fmt.Sprintf("2024-%02d-21", 2+i%11), true, 0, 1+i%11)
	}
	w.on("2025-02-05")
	w.night()
	got := w.screened()
	if len(got) != 3 || !strings.HasPrefix(got[2], "grouped peers.skipped") {
		t.Errorf("it stands out again, and is grouped: %v", got)
	}
	for i := range 800 {
		w.decide(fmt.Sprintf("2024-%02d-22", 2+i%11), false, 0, 1+i%11)
	}
	w.on("2025-02-06")
	w.night()
	if again := w.screened(); len(again) != 3 {
		t.Errorf("the change of mind is said a second time: %v", again)
	}
}

// A clock may escalate the warning while the run judges it again: what the run
// says then goes further up, with the next run, and never back down.
func TestARunHandsNoWarningBackDown(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	w.night()
	for i := range 240 {
		w.decide(fmt.Sprintf("2024-%02d-20", 2+i%11), false, 0, 1+i%11)
	}
	w.catchUp()
	s := w.Scheduler()
	record, between := s.record, true
	s.record = func(ctx context.Context, in domain.Instruction) (ledger.Receipt, error) {
		if c, ok := in.Command.(warning.Escalate); ok && between {
			between = false
			up := in
			up.ID, c.To, c.Reason, c.ReasonChinese = "up", domain.RoleLeader, "nobody took it up", "无人受理"
			up.Command = c
			if _, err := record(ctx, up); err != nil {
				t.Error(err)
			}
		}
		return record(ctx, in)
	}
	lost := "to the overseer, " + screening.GroundLost
	for _, want := range [][]string{{once}, {once, lost}, {once, lost}} {
		if _, err := s.Screen(t.Context(), w.now); err != nil {
			t.Fatal(err)
		}
		w.catchUp()
		w.expect("after a run", want...)
	}
}

// Two warnings that rest on the same acts lose their ground by one record, and
// both are told so.
func TestWhatTwoWarningsRestOnIsTakenFromBoth(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	w.party = partyOf(0)
	for i := range 20 {
		w.decide(fmt.Sprintf("2024-%02d-20", 2+i%11), false, 1, 2)
	}
	w.night()
	lost := func() (list []string) {
		all, err := w.Scheduler().systemReader().ScreenedWarnings(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range all {
			if strings.Contains(string(x.ID), "peers.meetings") {
				list = append(list, fmt.Sprintf("%s on %d, lost %t", x.Officer, len(x.Evidence), x.GroundLost))
			}
		}
		slices.Sort(list)
		return list
	}
	if got := lost(); !slices.Equal(got, []string{"P01 on 20, lost false", "P02 on 20, lost false"}) {
		t.Fatalf("two who met one party are warned of as %v", got)
	}
	for i := range 300 {
		w.decide(fmt.Sprintf("2024-%02d-21", 2+i%11), false, 3+i%9, 3+(i+1)%9)
	}
	for range 2 {
		w.night()
		w.on("2025-02-04")
		if got := lost(); !slices.Equal(got, []string{"P01 on 20, lost true", "P02 on 20, lost true"}) {
			t.Fatalf("when all met it: %v", got)
		}
	}
}

// A month that is over, and stands, is not reconsidered for what was recorded
// elsewhere; nor does another threshold take the ground away.
func TestWhatStandsIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	w.night()
	for range 30 {
		w.decide("2025-01-21", false, 3, 4)
	}
	w.night()
	w.expect("late acts of others", once)
	before, after := *domain.CN2024(), *domain.CN2024()
	before.ValidTo, after.ID, after.ValidFrom = domain.MustDate("2025-02-03"), "later", domain.MustDate("2025-02-04")
	for day, rules := range []domain.ScreeningRules{4: {Window: 12, Learn: 12, Peers: 11, Discovery: 1, Times: 2, Alarms: 1}, 5: {}} {
		if day < 4 {
			continue
		}
		w.on(fmt.Sprintf("2025-02-%02d", day))
		w.decide("2025-01-21", false, 3, 4)
		after.Warning.Screening = rules
		w.screenBy(&before, &after)
		w.expect("thresholds by which nobody stands out", once)
	}
}

// A rulebook that is adopted in mid-period counts from the day it is in force:
// the run of that day judges all of its months by its numbers.
func TestTheNumbersInForceOnTheDayOfTheRunCount(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	w.under(func(b *domain.Rulebook) { b.Warning.Screening = domain.ScreeningRules{} })
	w.under(func(b *domain.Rulebook) { b.Warning.Screening.Peers = 12 })
	w.expect("without thresholds, and with too few peers")
	before, after := *domain.CN2024(), *domain.CN2024()
	before.ValidTo, before.Warning.Screening = domain.MustDate("2025-02-03"), domain.ScreeningRules{}
	after.ID, after.ValidFrom = "later", domain.MustDate("2025-02-04")
	w.screenBy(&before, &after)
	w.expect("the day before")
	w.on("2025-02-04")
	w.screenBy(&before, &after)
	w.expect("its first day", once)
}

// With fewer peers than the rulebook wants, nobody is compared.
func TestTooFewPeersAreSilent(t *testing.T) {
	t.Parallel()
	w := workshopIn(t, fresh.in(t), 5)
	t.Cleanup(func() { w.verify(); w.close() })
	w.found()
	for _, m := range year {
		w.month(m, 0)
	}
	w.on("2025-02-03")
	w.night()
	w.expect("four peers, of five that are wanted")
}

// Imported history is not compared, however often it is imported.
func TestImportedActsAreNotCompared(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	for range 2 {
		for i := range 300 {
			_, err := w.Recorder.Record(t.Context(), domain.Instruction{ID: fmt.Sprint("import ", i), Command: enforcement.Import{
				ActKind: enforcement.KindLevy, Unit: "W1", Officers: []domain.OfficerID{"P00"}, DecidedOn: domain.MustDate("2024-06-03"), Outcome: "levied"},
				Act: domain.Act{Subject: fmt.Sprint("old-", i), Actor: "importer-1", Role: domain.RoleImporter, Source: fmt.Sprintf("sha256:%064x", i)}})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	w.night()
	w.expect("with 300 old acts without a fault", once)
}

// Who fills the list with others does not hide one: the gravest goes first, and
// that there are more is said.
func TestAFloodHidesNobody(t *testing.T) {
	t.Parallel()
	w := workshopIn(t, fresh.in(t), 24)
	t.Cleanup(func() { w.verify(); w.close() })
	w.found()
	w.on("2025-02-03")
	for i := range 24 * 40 {
		by, turn := i%24, i/24
		skip := w.lots.IntN(16) == 0 || by == 0 && turn%2 == 0 || by == 7 && turn%3 > 0
		w.decide(fmt.Sprintf("2024-%02d-20", 2+turn%11), skip, by, (by+1+w.lots.IntN(23))%24)
	}
	run := func() { w.under(func(b *domain.Rulebook) { b.Warning.AtOnce = 1 }) }
	for range 3 {
		run()
	}
	got := w.screened()
	if len(got) != 2 || !strings.HasPrefix(got[0], "raised peers.skipped W1 P00 on 27 of 73") || got[1] != "flooded by 1" {
		t.Fatalf("the first day: %v", got)
	}
	for _, day := range []string{"2025-02-04", "2025-02-05"} {
		w.on(day)
		run()
	}
	if got = w.screened(); len(got) != 3 || !strings.HasPrefix(got[2], "raised peers.skipped W1 P07") {
		t.Errorf("the second day, and no more: %v", got)
	}
}

// A name that somebody else has taken keeps nothing from being raised.
func TestATakenNameHidesNothing(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	name := screening.Key{Code: "peers.skipped", Unit: "W1", Officer: "P00", Stream: enforcement.KindLevy, Procedure: "NP", End: screening.LastWhole(20122)}.WarningID()
	w.do("inspector:I7", string(name), warning.Raise{Rule: "peers.skipped", Version: "1", Unit: "A", Explanation: "nothing to see here"})
	w.night()
	w.night()
	w.expect("raised under another", "raised peers.skipped A  on 0 of 0", once)
	if w.last() != string(name)+":2" {
		t.Errorf("it is named %s", w.last())
	}
}

// Whom a warning is about sees nothing of it, whatever else they may see; and no
// party is told to anybody.
func TestWhomItIsAboutSeesNothing(t *testing.T) {
	t.Parallel()
	w := afterAYear(t)
	w.night()
	id := domain.WarningID(w.last())
	for _, x := range []struct {
		role    domain.Role
		subject string
		sees    bool
	}{
		{domain.RoleInspector, "I1", true}, {domain.RoleInspector, "P00", false}, {domain.RoleLeader, "L1", true}, {domain.RoleLeader, "P00", false},
		{domain.RoleOfficer, "P00", false}, {domain.RoleHR, "H1", false}, {domain.RoleOverseer, "V1", false}, {domain.RoleAuditor, "X1", true},
	} {
		r := w.Views.As(projections.Principal{Subject: x.subject, Role: x.role, Units: []domain.UnitID{"A"}})
		got, err := r.Warning(t.Context(), id)
		if err != nil || (got != nil) != x.sees {
			t.Errorf("%s %s is shown %v, %v", x.role, x.subject, got, err)
		}
		events, err := r.Timeline(t.Context(), id.Ref(), projections.EventFilter{}, projections.Page{})
		if err != nil || (len(events.Items) > 0) != x.sees {
			t.Errorf("%s %s is shown %d of its events, %v", x.role, x.subject, len(events.Items), err)
		}
	}
	for s, err := range w.Store.ReadStream(t.Context(), id.Ref().Stream(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := w.Codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(d.Data), "sha256:") {
			t.Errorf("a digest of a party is told: %s", d.Data)
		}
		e, ok := d.Event.(warning.Raised)
		if !ok {
			continue
		}
		for field, text := range map[string]string{"baseline": e.Baseline, "peers": e.Peers, "explanation": e.Explanation,
			"baselineChinese": e.BaselineChinese, "peersChinese": e.PeersChinese, "explanationChinese": e.ExplanationChinese} {
			if text == "" {
				t.Errorf("%s is empty", field)
			}
		}
		if !strings.Contains(e.Explanation, "It does not mean") || e.Score <= 0 {
			t.Errorf("it says not what it does not mean: %+v", e)
		}
	}
}
