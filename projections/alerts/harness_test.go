package alerts_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/alerts"
)

// told is an event that was recorded: on which day it happened, to what, and
// by whom where that matters.
type told struct {
	on      string
	subject string
	event   domain.Event
	by      domain.ActorID
	old     bool // imported
	system  bool // by the system itself
}

// world is a history as it is folded, and the hits that stand.
type world struct {
	t       *testing.T
	book    *domain.Rulebook
	keeper  *alerts.Keeper
	matters map[string]*alerts.Matter
	units   map[domain.OfficerID]domain.UnitID
	roll    []domain.OfficerID
	stands  map[int64]alerts.Hit
	toldOf  map[int64]bool
	lost    map[domain.WarningID]bool
	ever    int
	last    ledger.Position
}

func newWorld(t *testing.T) *world { return worldUnder(t, domain.CN2024()) }

func worldUnder(t *testing.T, book *domain.Rulebook) *world {
	return &world{t: t, book: book, keeper: alerts.NewKeeper(domain.ShelfOf(book)), matters: map[string]*alerts.Matter{},
		units: map[domain.OfficerID]domain.UnitID{}, stands: map[int64]alerts.Hit{}, toldOf: map[int64]bool{}, lost: map[domain.WarningID]bool{}}
}

func (w *world) Matter(name string) *alerts.Matter {
	if w.matters[name] == nil {
		w.matters[name] = &alerts.Matter{}
	}
	return w.matters[name]
}

func (w *world) Look(name string) *alerts.Matter         { return w.Matter(name) }
func (w *world) UnitOf(o domain.OfficerID) domain.UnitID { return w.units[o] }
func (w *world) Roll() []domain.OfficerID                { return w.roll }

// tell records what is told, in its order.
func (w *world) tell(list ...told) *world {
	w.t.Helper()
	for _, x := range list {
		w.last++
		at := domain.MustDate(x.on).In(w.book.Calendar.Zone).Add(9 * time.Hour)
		if x.by == "" {
			x.by = "someone"
		}
		r := domain.Recorded{ID: domain.EventID(fmt.Sprintf("e%d", w.last)), Event: x.event,
			Act: domain.Act{Subject: x.subject, Actor: x.by, Role: domain.RoleLeader, OccurredAt: at, RecordedAt: at}}
		if x.system {
			r.Act.Actor, r.Act.Role = domain.ActorSystem, domain.RoleSystem
		}
		if x.old {
			r.Act.Source = "sha256:" + strings.Repeat("0", 64)
		}
		if e, ok := x.event.(officer.Enrolled); ok {
			w.units[domain.OfficerID(x.subject)] = e.Unit
			w.roll = append(w.roll, domain.OfficerID(x.subject))
		}
		if e, ok := x.event.(officer.Rotated); ok {
			w.units[domain.OfficerID(x.subject)] = e.Unit
		}
		for _, c := range w.keeper.Fold(r, w.last, w) {
			w.change(c)
		}
	}
	// What is known survives being stored.
	for name, m := range w.matters {
		state, err := json.Marshal(m)
		if err != nil {
			w.t.Fatal(err)
		}
		back := &alerts.Matter{}
		if err := json.Unmarshal(state, back); err != nil {
			w.t.Fatalf("%s: %v", name, err)
		}
		w.matters[name] = back
	}
	return w
}

func (w *world) change(c alerts.Change) {
	w.t.Helper()
	switch c.What {
	case alerts.Established:
		if _, ok := w.stands[c.Seq]; ok {
			w.t.Errorf("hit %d is established twice", c.Seq)
		}
		if len(c.Hit.Evidence) == 0 || c.Hit.Explanation == "" || c.Hit.Baseline == "" || alerts.Find(c.Hit.Rule) == nil || c.Hit.Score <= 0 {
			w.t.Errorf("a hit says too little: %+v", c.Hit)
		}
		sameWords(w.t, c.Hit.Rule, c.Hit.Baseline, c.Hit.BaselineChinese)
		sameWords(w.t, c.Hit.Rule, c.Hit.Explanation, c.Hit.ExplanationChinese)
		if c.Hit.Unit == "" && c.Hit.Post == "" && c.Hit.Officer == "" {
			w.t.Errorf("a hit is about nobody: %+v", c.Hit)
		}
		w.stands[c.Seq] = c.Hit
		w.ever++
	case alerts.Superseded:
		if _, ok := w.stands[c.Seq]; !ok {
			w.t.Errorf("hit %d is superseded and did not stand", c.Seq)
		}
		delete(w.stands, c.Seq)
	case alerts.Warned:
		w.toldOf[c.Seq] = c.Told
	case alerts.Grounded:
		w.lost[c.Warning] = c.Told
	}
}

var figures = regexp.MustCompile(`[0-9]+`)

// sameWords holds a text against what says the same in Chinese: both name the
// same figures and days.
func sameWords(t *testing.T, rule, english, chinese string) {
	t.Helper()
	if !strings.ContainsFunc(chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		t.Errorf("%s: %q is not said in Chinese: %q", rule, english, chinese)
	}
	a, b := figures.FindAllString(english, -1), figures.FindAllString(chinese, -1)
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) || strings.Contains(english+chinese, "%!") {
		t.Errorf("%s: %q and %q do not say the same", rule, english, chinese)
	}
}

// hits lists what stands: rule, whom it is about, from when on, its evidence.
func (w *world) hits() []string {
	var out []string
	for _, h := range w.stands {
		line := fmt.Sprintf("%s %s%s%s %s", h.Rule, h.Unit, slash(string(h.Post)), slash(string(h.Officer)), h.From.Date())
		if h.Until != 0 {
			line += " to " + h.Until.Date().String()
		}
		out = append(out, fmt.Sprintf("%s %v", line, h.Evidence))
	}
	slices.Sort(out)
	return out
}

func slash(s string) string {
	if s == "" {
		return ""
	}
	return "/" + s
}

func (w *world) want(hits ...string) *world {
	w.t.Helper()
	slices.Sort(hits)
	if d := cmp.Diff(hits, w.hits()); d != "" {
		w.t.Errorf("what stands (-want +got):\n%s", d)
	}
	return w
}

// open and decide make an act of one stream about a party.
func open(on, act string, kind enforcement.Kind, party string) told {
	return told{on: on, subject: act, event: enforcement.Opened{ActKind: kind, Unit: "U1", Procedure: "N1", ProcedureVersion: 1,
		PartyKind: enforcement.PartyOrganisation, Party: party, Officers: []domain.OfficerID{"P7"}}}
}

func decide(on, act string, kind enforcement.Kind, outcome enforcement.Outcome, yuan int64, change ...func(*enforcement.Decided)) told {
	e := enforcement.Decided{ActKind: kind, Unit: "U1", Officers: []domain.OfficerID{"P7"}, Step: "decide", On: domain.MustDate(on), Outcome: outcome, Amount: yuan * 100}
	for _, f := range change {
		f(&e)
	}
	return told{on: on, subject: act, event: e, by: "leader-chen"}
}
