package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// told is one command: "role:actor" gives it to an aggregate.
type told struct {
	by, to string
	do     domain.Command
}

// folds are the states of all aggregates, as of one position of the ledger.
type folds map[domain.Ref]any

// at returns the state of an aggregate whose room's state is S.
func at[S any](f folds, ref domain.Reference) S {
	var zero S
	if s, ok := f[ref.Ref()].(*S); ok {
		return *s
	}
	return zero
}

// contest is one rule over several aggregates, and those who race to break
// it. Whoever is refused goes on with the next command.
type contest struct {
	rule   string
	before []told
	// racers give their commands at the same time, round after round.
	racers []func(round int) []told
	// breach says how the event breaks the rule, given what was recorded
	// before it; "" when it does not.
	breach func(f folds, d ledger.Decoded) string
	// commands must each be allowed sometimes, or nobody raced.
	commands []domain.CommandName
}

// A guard that reads another aggregate must hold at the very position where
// its event is recorded, whoever changes the other aggregate meanwhile.
func TestGuardsOverSeveralAggregatesHoldInARace(t *testing.T) {
	for _, c := range []contest{honours, investigators, handlers, approvers, seats, tree} {
		c.everywhere(t)
	}
}

func (c contest) everywhere(t *testing.T) {
	t.Run(c.rule, func(t *testing.T) { c.run(t, 1) })
	t.Run(c.rule+", over three replicas", func(t *testing.T) { c.run(t, 3) })
}

func (c contest) run(t *testing.T, replicas int) {
	store := ledgertest.NewMemory()
	defer store.Close()
	codec := ledger.NewCodec(catalog.New(), "probity.test/guards")
	b := newBench(t, ledger.Ed25519)
	cfg := ledger.RecorderConfig{
		Store: store, Signer: b.signer, Codec: codec, Book: domain.CN2024(), Now: domaintestNow,
		Reactions: reactions.All(), CachedEvents: 20, // so that states are evicted and read again
	}
	recorders, place := make([]*ledger.Recorder, replicas), ledgertest.NewLocks()
	for i := range recorders {
		if replicas > 1 {
			cfg.Locks, cfg.CachedEvents = place.Process(), 20+500*i // some have much in memory that is old
		}
		recorders[i] = ledger.NewRecorder(cfg)
	}
	var turn atomic.Int64
	do := func(id string, o told) error {
		role, actor, _ := strings.Cut(o.by, ":")
		act := domain.Act{Subject: o.to, Actor: domain.ActorID(actor), Role: domain.Role(role)}
		recorder := recorders[int(turn.Add(1))%replicas]
		_, err := recorder.Record(t.Context(), domain.Instruction{ID: id, Command: o.do, Act: act})
		return err
	}
	for i, o := range c.before {
		if err := do(fmt.Sprint("before-", i), o); err != nil {
			t.Fatalf("%s on %s: %v", o.do.Name(), o.to, err)
		}
	}
	// They race until each command was allowed a few times.
	const least, most = 40, 2000
	done := map[domain.CommandName]int{}
	met := func() bool {
		return !slices.ContainsFunc(c.commands, func(name domain.CommandName) bool { return done[name] < 3 })
	}
	for round := 0; round < least || !met(); round++ {
		if round == most {
			t.Fatalf("after %d rounds these were allowed so often: %v", most, done)
		}
		allowed := make([][]domain.CommandName, len(c.racers))
		var wg sync.WaitGroup
		for r, racer := range c.racers {
			wg.Go(func() {
				for i, o := range racer(round) {
					err := do(fmt.Sprintf("racer-%d-%d-%d", r, round, i), o)
					if err == nil {
						allowed[r] = append(allowed[r], o.do.Name())
					} else if domain.RefusalCode(err) == "" {
						t.Errorf("%s on %s: %v", o.do.Name(), o.to, err)
					}
				}
			})
		}
		wg.Wait()
		for _, name := range slices.Concat(allowed...) {
			done[name]++
		}
	}
	if _, err := ledger.Verify(t.Context(), store, ledger.VerifyConfig{Codec: codec, Keys: b.keys}); err != nil {
		t.Fatal(err)
	}
	c.replay(t, store, codec)
}

// replay plays the ledger in its order and looks for a breach.
func (c contest) replay(t *testing.T, store ledger.Store, codec *ledger.Codec) {
	t.Helper()
	rooms, f := catalog.New(), folds{}
	for s, err := range store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		if what := c.breach(f, d); what != "" {
			t.Fatalf("position %s, %s on %s: %s", s.Position, d.Event.Kind(), d.Act.Subject, what)
		}
		room := rooms.Room(d.Event.Kind().Room())
		ref := domain.Ref{Type: room.Name, ID: d.Act.Subject}
		if f[ref] == nil {
			f[ref] = room.NewState()
		}
		room.Apply(f[ref], d.Event, d.Act)
	}
}

// agency is a unit with two officers, for a contest to begin with.
var agency = []told{
	{"hr:hr-li", "U1", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency}},
	{"hr:hr-li", "P1", officer.Enroll{FullName: "王伟", Unit: "U1", On: domain.MustDate("2020-01-06")}},
	{"hr:hr-li", "P2", officer.Enroll{FullName: "李娜", Unit: "U1", On: domain.MustDate("2020-01-06")}},
}

// inquiries opens and closes an inquiry against the officer, round by round.
func inquiries(prefix string, id domain.OfficerID) func(int) []told {
	return func(round int) []told {
		c := fmt.Sprint(prefix, round)
		return []told{
			{"inspector:insp-he", c, misconduct.Open{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{id}, Conduct: "absence"}},
			{"leader:leader-chen", c, misconduct.Dismiss{Reason: "on leave"}},
		}
	}
}

var honours = contest{
	rule:   "nobody is honoured while under inquiry",
	before: agency,
	racers: []func(int) []told{
		inquiries("M", "P1"), inquiries("N", "P1"),
		func(round int) []told {
			id := fmt.Sprint("R", round)
			return []told{
				{"hr:hr-li", id, reward.Nominate{Officer: "P1", Honour: "commendation", Merit: "diligence"}},
				{"hr:hr-wu", id, reward.Verify{Opinion: "borne out"}},
			}
		},
	},
	breach: func(f folds, d ledger.Decoded) string {
		switch d.Event.(type) {
		case reward.Nominated, reward.Verified:
			if open := at[officer.Officer](f, domain.OfficerID("P1")).Inquiries; len(open) > 0 {
				return fmt.Sprintf("P1 is under inquiry (%v)", open)
			}
		}
		return ""
	},
	commands: []domain.CommandName{"misconduct.open", "misconduct.dismiss", "reward.nominate", "reward.verify"},
}

// ties declares and ends a tie of the officer to another, round by round.
func ties(id, other domain.OfficerID) func(int) []told {
	return func(int) []told {
		return []told{
			{"officer:" + string(id), string(id), officer.DeclareInterest{Nature: "spouse", Officer: other}},
			{"hr:hr-li", string(id), officer.EndInterest{Nature: "spouse", Officer: other}},
		}
	}
}

// tied says which of the officers has declared a tie, "" when none has.
func tied(f folds, officers ...domain.OfficerID) string {
	for _, o := range officers {
		if ties := at[officer.Officer](f, o).Interests; len(ties) > 0 {
			return fmt.Sprintf("%s has declared %v", o, ties)
		}
	}
	return ""
}

var investigators = contest{
	rule:   "nobody with a tie to the accused investigates, on whichever file it stands",
	before: slices.Concat(agency, []told{{"inspector:insp-he", "M1", misconduct.Open{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{"P1"}, Conduct: "a gift"}}}),
	racers: []func(int) []told{
		ties("P1", "P2"), ties("P2", "P1"),
		func(int) []told {
			return []told{{"leader:leader-chen", "M1", misconduct.NameInvestigators{Investigators: []domain.ActorID{"P2", "insp-he"}}}}
		},
	},
	breach: func(f folds, d ledger.Decoded) string {
		if _, ok := d.Event.(misconduct.InvestigatorsNamed); !ok {
			return ""
		}
		return tied(f, "P1", "P2")
	},
	commands: []domain.CommandName{"officer.declare_interest", "misconduct.name_investigators"},
}

var handlers = contest{
	rule:   "nobody with a tie to those complained about handles or concludes",
	before: agency,
	racers: []func(int) []told{
		ties("P1", "P2"), ties("P2", "P1"),
		func(round int) []told {
			id := fmt.Sprint("C", round)
			return []told{
				{"intake:intake-zhou", id, complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "slow", Officers: []domain.OfficerID{"P1"}}},
				{"intake:intake-zhou", id, complaint.Screen{Admissible: true, Ground: "ours"}},
				{"intake:intake-zhou", id, complaint.Accept{}},
				{"leader:leader-chen", id, complaint.AssignHandler{Handler: "P2"}},
				{"handler:P2", id, complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "in time"}},
			}
		},
	},
	breach: func(f folds, d ledger.Decoded) string {
		switch d.Event.(type) {
		case complaint.HandlerAssigned, complaint.Concluded:
			return tied(f, "P1", "P2")
		}
		return ""
	},
	commands: []domain.CommandName{"officer.declare_interest", "complaint.assign_handler", "complaint.conclude"},
}

var approvers = contest{
	rule:   "nobody with a tie to the person approves or imposes a sanction",
	before: agency,
	racers: []func(int) []told{
		ties("P1", "P2"), ties("P2", "P1"),
		func(round int) []told {
			id := fmt.Sprint("S", round)
			return []told{
				{"inspector:insp-he", id, sanction.Propose{Officer: "P1", Measure: domain.MeasureEducation, Conduct: "absence"}},
				{"inspector:insp-he", id, sanction.Notify{}},
				{"inspector:insp-he", id, sanction.HearDefence{Waived: true}},
				{"leader:P2", id, sanction.Approve{}},
				{"leader:P2", id, sanction.Impose{}},
			}
		},
	},
	breach: func(f folds, d ledger.Decoded) string {
		switch d.Event.(type) {
		case sanction.Approved, sanction.Imposed:
			return tied(f, "P1", "P2")
		}
		return ""
	},
	commands: []domain.CommandName{"officer.declare_interest", "sanction.approve", "sanction.impose"},
}

var seats = contest{
	rule: "nobody enters a unit or takes up a post that is closed",
	before: slices.Concat(agency, []told{
		{"hr:hr-li", "K", post.Define{Title: "desk", Unit: "U1"}},
		{"hr:hr-li", "P1", officer.Appoint{Post: "K", Unit: "U1"}},
	}),
	racers: []func(int) []told{
		func(round int) []told {
			w := fmt.Sprint("W", round)
			return []told{
				{"hr:hr-li", w, unit.Establish{UnitName: "窗口", UnitKind: unit.KindWindow, Parent: "U1"}},
				{"hr:hr-li", "K-" + w, post.Define{Title: "desk", Unit: domain.UnitID(w)}},
			}
		},
		// What one round set up, the next closes, enters and takes up.
		func(round int) []told {
			w := fmt.Sprint("W", round-1)
			return []told{{"leader:leader-chen", "K-" + w, post.Close{}}, {"leader:leader-chen", w, unit.Close{Reason: "merged"}}}
		},
		func(round int) []told {
			w := domain.UnitID(fmt.Sprint("W", round-1))
			return []told{
				{"hr:hr-wu", "P1", officer.Rotate{To: domain.PostID("K-" + w), Unit: w}},
				{"hr:hr-wu", string("Q-" + w), officer.Enroll{FullName: "新人", Unit: w}},
				{"hr:hr-wu", string("L-" + w), post.Define{Title: "desk", Unit: w}},
			}
		},
	},
	breach: func(f folds, d ledger.Decoded) string {
		into, desk := domain.UnitID(""), domain.PostID("")
		switch e := d.Event.(type) {
		case post.Defined:
			into = e.Unit
		case officer.Enrolled:
			into = e.Unit
		case officer.Rotated:
			into, desk = e.Unit, e.To
		}
		if into != "" && at[unit.Unit](f, into).Status != unit.StatusOpen {
			return fmt.Sprintf("unit %s is not open", into)
		}
		if desk != "" && at[post.Post](f, desk).Status != post.StatusOpen {
			return fmt.Sprintf("post %s is not open", desk)
		}
		return ""
	},
	commands: []domain.CommandName{"post.define", "post.close", "unit.close", "officer.rotate", "officer.enroll"},
}

// moves puts the unit under the other and back under the agency.
func moves(id, other domain.UnitID) func(int) []told {
	return func(int) []told {
		return []told{{"hr:hr-li", string(id), unit.Move{Parent: other}}, {"hr:hr-li", string(id), unit.Move{Parent: "U1"}}}
	}
}

var tree = contest{
	rule: "of two units that are put under each other only one is",
	before: slices.Concat(agency, []told{
		{"hr:hr-li", "U2", unit.Establish{UnitName: "查验处", UnitKind: unit.KindDepartment, Parent: "U1"}},
		{"hr:hr-li", "U3", unit.Establish{UnitName: "关税处", UnitKind: unit.KindDepartment, Parent: "U1"}},
	}),
	racers: []func(int) []told{moves("U2", "U3"), moves("U3", "U2"), moves("U2", "U3"), moves("U3", "U2")},
	breach: func(f folds, d ledger.Decoded) string {
		if e, ok := d.Event.(unit.Moved); ok && at[unit.Unit](f, e.Parent).Parent == domain.UnitID(d.Act.Subject) {
			return fmt.Sprintf("%s lies under it", e.Parent)
		}
		return ""
	},
	commands: []domain.CommandName{"unit.move"},
}

// A malformed id in what a command must see is refused for what it is, not
// taken for a fault of the store.
func TestAMalformedIDToBeSeenIsRefused(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	for _, id := range []string{"no id", "\xff", strings.Repeat("x", 4*domain.MaxID), "\x00"} {
		in := domain.Instruction{ID: "1", Command: reward.Nominate{Officer: domain.OfficerID(id), Honour: "commendation", Merit: "diligence"},
			Act: domaintest.By("hr-li", domain.RoleHR)}
		if _, err := b.recorder.Record(t.Context(), in); domain.RefusalCode(err) != domain.CodeInvalid {
			t.Errorf("officer %q: got %v, want a refusal", id, err)
		}
	}
}
