package alerts_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections/alerts"
)

func raised(on, id, rule string, evidence ...domain.EventID) told {
	return told{on: on, subject: id, event: warning.Raised{Rule: rule, Version: "1", Unit: "U1", Officer: "P7", Evidence: evidence}}
}

// untold lists the hits that are to be warned of.
func (w *world) untold() (out []string) {
	for seq, h := range w.stands {
		if !w.toldOf[seq] {
			out = append(out, fmt.Sprint(h.Rule, h.Evidence))
		}
	}
	slices.Sort(out)
	return out
}

func TestWhatIsWarnedOf(t *testing.T) {
	w := newWorld(t).tell(all(trade("2024-03-01", "A1", 600_000), trade("2024-03-05", "A2", 600_000))...)
	if d := cmp.Diff([]string{"amount.split[e2 e4]"}, w.untold()); d != "" {
		t.Fatal(d)
	}
	w.tell(raised("2024-03-05", "W1", "amount.split", "e2", "e4"))
	if got := w.untold(); got != nil {
		t.Fatalf("still to be warned of: %v", got)
	}
	// More of the same: it is for the open warning, and by what is new.
	w.tell(trade("2024-03-06", "A3", 600_000)...)
	for _, h := range w.stands {
		if h.Rule != "amount.split" {
			continue
		}
		fresh, open := w.matters[h.Subject()].Fresh(&h)
		if d := cmp.Diff([]domain.EventID{"e7"}, fresh); d != "" || open != "W1" {
			t.Errorf("%v for %q", fresh, open)
		}
	}
	// Settled: what comes then is another warning.
	w.tell(told{on: "2024-03-06", subject: "W1", event: warning.Grouped{Officer: "P7", Evidence: []domain.EventID{"e7"}}},
		told{on: "2024-03-07", subject: "W1", event: warning.Dismissed{Officer: "P7", Reason: "one order, three sites"}})
	w.tell(trade("2024-03-08", "A4", 600_000)...)
	for _, h := range w.stands {
		if h.Rule != "amount.split" {
			continue
		}
		if fresh, open := w.matters[h.Subject()].Fresh(&h); len(fresh) != 1 || open != "" {
			t.Errorf("%v for %q", fresh, open)
		}
	}
}

// A late event takes the ground from an open warning, and may give it back.
func TestGroundLost(t *testing.T) {
	acted := []told{enrolled, issued, penalty, step("2025-01-01", "A1", "look", "investigate", "P7")}
	w := newWorld(t).tell(acted...).tell(raised("2025-01-02", "W1", "certificate.missing", "e4"))
	if w.lost["W1"] {
		t.Fatal("it is lost while the hit stands")
	}
	w.tell(told{on: "2024-12-30", subject: "P7", event: officer.CertificateRenewed{Number: "C1", ValidTo: domain.MustDate("2029-12-31")}})
	if w.want(); !w.lost["W1"] {
		t.Error("the warning rests on nothing, and nobody is told")
	}
	// It is said once, by an event of the warning itself.
	w.tell(told{on: "2025-01-02", subject: "W1", event: warning.Escalated{Officer: "P7", To: domain.RoleInspector, Reason: alerts.GroundLost}, system: true})
	if w.lost["W1"] {
		t.Error("it is to be said again")
	}
	w.tell(told{on: "2024-12-31", subject: "P7", event: officer.CertificateSuspended{Number: "C1"}})
	if w.lost["W1"] {
		t.Error("it rests on a hit again")
	}
	// What is settled is for people; nothing is said of it any more.
	w.tell(told{on: "2025-01-03", subject: "W1", event: warning.Dismissed{Reason: "r"}},
		told{on: "2024-12-31", subject: "P7", event: officer.CertificateRestored{Number: "C1"}})
	if w.lost["W1"] {
		t.Error("a settled warning is said to be lost")
	}
	// One that another hand raised is none of ours.
	w.tell(told{on: "2025-01-03", subject: "W2", event: warning.Raised{Rule: "by.hand", Officer: "P7", Evidence: []domain.EventID{"e4"}}})
	if len(w.lost) != 1 {
		t.Errorf("%v", w.lost)
	}
}

// In whatever order the events of matters that have nothing to do with each
// other come, the rules find the same.
func TestOrderOfIndependentMatters(t *testing.T) {
	var lives [][]told
	for i := range 6 {
		party, who := fmt.Sprintf("sha256:%02d", i), domain.OfficerID(fmt.Sprintf("P%d", i))
		var life []told
		for j := range 4 {
			act, on := fmt.Sprintf("A%d-%d", i, j), domain.MustDate("2024-03-01").AddDays(7*j+i).String()
			life = append(life, open(on, act, enforcement.KindTrade, party), decide(on, act, enforcement.KindTrade, enforcement.OutcomeAwarded, int64(100_000*(i+1)+j),
				func(e *enforcement.Decided) { e.Officers = []domain.OfficerID{who} }))
		}
		lives = append(lives, life)
	}
	without := func(w *world) (out []string) { // ids of events follow from the order
		for _, h := range w.stands {
			out = append(out, fmt.Sprint(h.Rule, h.Officer, h.From, h.Score, h.Explanation, len(h.Evidence)))
		}
		slices.Sort(out)
		return out
	}
	want := without(newWorld(t).tell(all(lives...)...))
	if len(want) < 6 {
		t.Fatalf("the lives have too little to be found: %v", want)
	}
	for seed := range uint64(50) {
		rnd, left, mixed := rand.New(rand.NewPCG(seed, 8)), slices.Clone(lives), []told(nil)
		for len(mixed) < 6*8 {
			if i := rnd.IntN(len(left)); len(left[i]) > 0 {
				mixed, left[i] = append(mixed, left[i][0]), left[i][1:]
			}
		}
		if d := cmp.Diff(want, without(newWorld(t).tell(mixed...))); d != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, d)
		}
	}
}

// A matter keeps so many notes; what was found among those it drops stands.
func TestMoreThanIsKept(t *testing.T) {
	w := newWorld(t)
	for i := range 260 {
		act, on := fmt.Sprint("A", i), domain.MustDate("2024-01-01").AddDays(i).String()
		w.tell(trade(on, act, 10)...)
	}
	seen := map[domain.EventID]bool{}
	for _, h := range w.stands {
		if h.Rule != "pair.trade" {
			continue
		}
		for _, e := range h.Evidence {
			seen[e] = true
		}
		if len(h.Evidence) > 512 {
			t.Errorf("%d events are more than a warning can name", len(h.Evidence))
		}
	}
	if len(seen) != 260 {
		t.Errorf("%d of 260 awards are part of what stands", len(seen))
	}
}

func TestTheListSaysWhatItMust(t *testing.T) {
	streams, articles := map[enforcement.Kind]bool{}, map[domain.Article]bool{}
	for _, r := range alerts.All() {
		streams[r.Stream], articles[r.Article] = true, true
		if r.Code == "" || r.Version == "" || r.Name == "" || r.Chinese == "" || r.Finds == "" || r.Not == "" || r.Article == "" || r.FindsChinese == "" || r.NotChinese == "" {
			t.Errorf("%s says too little", r.Code)
		}
		if alerts.Find(r.Code) != r {
			t.Errorf("%s is met twice", r.Code)
		}
		if (r.Where == "") != (r.Threshold == nil) || (r.Threshold == nil) != (r.ThresholdChinese == nil) {
			t.Errorf("%s has a threshold and no place for it, or a place and no threshold", r.Code)
		}
		sameWords(t, r.Code, r.Finds, r.FindsChinese)
		sameWords(t, r.Code, r.Not, r.NotChinese)
		if r.Threshold == nil {
			continue
		}
		words, _ := r.Threshold(domain.CN2024())
		sameWords(t, r.Code, words, r.ThresholdChinese(domain.CN2024()))
		if words, source := r.Threshold(domain.CN2024()); words == "" || source == "" {
			t.Errorf("cn-2024 has no threshold (%q) or source (%q) for %s", words, source, r.Code)
		}
		if words, _ := r.Threshold(&domain.Rulebook{}); words != "" || r.ThresholdChinese(&domain.Rulebook{}) != "" {
			t.Errorf("%s has the threshold %q without a rulebook", r.Code, words)
		}
	}
	for _, s := range []enforcement.Kind{enforcement.KindApproval, enforcement.KindLevy, enforcement.KindPenalty, enforcement.KindInspection, enforcement.KindTrade} {
		if !streams[s] {
			t.Errorf("no rule watches the stream %s", s)
		}
	}
}

// Without thresholds the rules that need one are silent.
func TestNoThresholdNoHit(t *testing.T) {
	book := domain.CN2024()
	book.Warning = domain.WarningRules{}
	worldUnder(t, book).tell(all(trade("2024-03-01", "A1", 600_000), trade("2024-03-05", "A2", 600_000), trade("2024-03-06", "A3", 950_000))...).want()
}

// No order of events makes the fold fail, and whatever it finds rests on
// events that were told: late, doubled, without what came before them.
func TestNoOrderMakesTheFoldFail(t *testing.T) {
	pool := all(trade("2024-03-01", "A1", 600_000), trade("2024-03-05", "A2", 600_000), trade("2024-03-06", "A3", 950_000), []told{
		enrolled, issued, drafted, adopted, penalty, grade("2025-01-10", 2024, "incompetent"), grade("2026-01-10", 2025, "incompetent"),
		step("2024-03-02", "A1", "look", "investigate", "P7"), step("2024-03-03", "A1", "tell", "notify", "P7"),
		held("2024-03-01", "V1", "warning_education", "film", "sha256:cc"), held("2024-04-01", "V2", "warning_education", "film", "sha256:cc"), held("2024-05-01", "V3", "warning_education", "film", ""),
		{on: "2024-03-02", subject: "A1", event: enforcement.StepOverridden{Unit: "U1", Step: "tell"}},
		{on: "2024-03-05", subject: "P7", event: officer.CertificateSuspended{Number: "C1"}},
		{on: "2024-02-01", subject: "P7", event: officer.Restricted{Sanction: "S1", BarsHonours: true, From: domain.MustDate("2024-02-01")}},
		{on: "2024-05-01", subject: "P7", event: officer.Separated{}}, {on: "2024-06-01", subject: "P7", event: officer.Reinstated{}},
		{on: "2024-01-02", subject: "N1", event: norm.Repealed{}},
		raised("2024-03-05", "W1", "amount.split", "e1"), raised("2024-03-05", "W2", "certificate.missing", "e7"),
		{on: "2024-03-06", subject: "W1", event: warning.Dismissed{}}, {on: "2024-03-06", subject: "W9", event: warning.Grouped{}}, {on: "2024-03-06", subject: "W2", event: warning.ActedOn{}},
	})
	found := 0
	for seed := range uint64(300) {
		rnd, w := rand.New(rand.NewPCG(seed, 9)), newWorld(t)
		for range 60 {
			w.tell(pool[rnd.IntN(len(pool))])
		}
		for _, h := range w.stands {
			found++
			for _, e := range h.Evidence {
				var n int
				if _, err := fmt.Sscanf(string(e), "e%d", &n); err != nil || n < 1 || n > 60 {
					t.Fatalf("seed %d: %+v rests on %q", seed, h, e)
				}
			}
		}
	}
	if found == 0 {
		t.Error("nothing was ever found")
	}
}
