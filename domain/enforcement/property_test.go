package enforcement_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
)

// drawn is a history of commands drawn at random; what was refused left no
// trace in it.
type drawn struct {
	state  any
	events []domain.Event
	acts   []domain.Act
	now    time.Time
}

// try decides the command as the ledger would and folds what follows.
func (d *drawn) try(t *testing.T, c domain.Command, actor string, role domain.Role) {
	t.Helper()
	act := domaintest.At(domaintest.By(domain.ActorID(actor), role), d.now)
	sight := domain.Sight{}
	for _, ref := range enforcement.Room.Reads(d.state, c, act) {
		sight[ref] = seen[ref]
	}
	act.Sees = &sight
	events, err := enforcement.Room.Decide(d.state, c, act, domain.CN2024())
	if err != nil && domain.RefusalCode(err) == "" {
		t.Fatalf("%s: %v", c.Name(), err)
	}
	for _, e := range events {
		enforcement.Room.Apply(d.state, e, act)
		d.events, d.acts = append(d.events, e), append(d.acts, act)
	}
}

// seen is the world as the ledger hands it out.
var seen = func() domain.Sight {
	sight := domain.Sight{}
	for ref, other := range world {
		ptr := reflect.New(reflect.TypeOf(other))
		ptr.Elem().Set(reflect.ValueOf(other))
		sight[ref.Ref()] = ptr.Interface()
	}
	return sight
}()

func draw(t *testing.T, seed uint64) *drawn {
	rnd := rand.New(rand.NewPCG(seed, 3))
	pick := func(of ...string) string { return of[rnd.IntN(len(of))] }
	codes := []string{"investigate", "notify", "statement", "hearing", "review", "serve", "publish", "preserve", "decide"}
	d := &drawn{state: enforcement.Room.NewState(), now: domaintest.Now}
	d.try(t, open(nil), "P1", domain.RoleOfficer)
	for range 250 {
		d.now = d.now.Add(time.Duration(rnd.IntN(30)) * time.Hour)
		who, role := pick("P1", "P1", "P2", "P3", "P5", "P6", "leader-chen", "leader-chen", "leader-guo"), domain.RoleOfficer
		if strings.HasPrefix(who, "leader") || rnd.IntN(5) == 0 {
			role = domain.RoleLeader
		}
		amount := int64(rnd.IntN(7)) * 10_000
		moves := []domain.Command{
			enforcement.TakeStep{Step: pick(codes...), Second: domain.OfficerID(pick("", "P1", "P2", "P3")), Amount: amount * int64(rnd.IntN(2))},
			enforcement.TakeStep{Step: pick(codes...)}, enforcement.TakeStep{Step: pick("review", "serve")}, enforcement.TakeStep{Step: "serve"},
			enforcement.TakeStep{Step: pick(codes...), Second: "P2"}, enforcement.TakeStep{Step: "investigate", Second: "P2"},
			enforcement.TakeStep{Step: pick("notify", "statement")}, enforcement.TakeStep{Step: pick("notify", "statement")},
			enforcement.AskOverride{Step: pick(codes...), Reason: "haste"},
			enforcement.OverrideStep{Step: pick(codes...)},
			enforcement.AskHearing{},
			enforcement.ScheduleHearing{HeldOn: domain.DateOf(d.now).AddDays(rnd.IntN(20))},
			enforcement.AskDeviation{Tier: pick("light", "grave"), Amount: amount, Reason: "poor"},
			enforcement.Deviate{},
			enforcement.Decide{Outcome: enforcement.OutcomePenalised, Tier: pick("light", "grave"), Factor: "again", Amount: amount, Opinion: "agreed"},
			enforcement.ReplaceOfficers{Officers: []domain.OfficerID{"P1", domain.OfficerID(pick("P2", "P3", "P9", "P9", "P9"))}, Reason: "ill"},
			enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultOverturned, Ground: "no hearing"},
			enforcement.ReviewFault{Opinion: "nobody's"},
			enforcement.Close{},
		}
		d.try(t, moves[rnd.IntN(len(moves))], who, role)
	}
	return d
}

// Whatever is commanded in whatever order, what is recorded keeps the rules.
func TestNoOrderOfCommandsBreaksAGuard(t *testing.T) {
	v := norm.Version{Steps: steps()}
	reached := map[domain.Kind]int{}
	for seed := range uint64(150) {
		d := draw(t, seed)
		done, persons := map[string]bool{}, map[string][]domain.ActorID{}
		var onCase []domain.ActorID
		var deviated *enforcement.Deviated
		for i, e := range d.events {
			reached[e.Kind()]++
			step, by := "", []domain.ActorID{d.acts[i].Actor}
			switch e := e.(type) {
			case enforcement.Opened:
				onCase = append(onCase, "P1", "P2")
			case enforcement.OfficersReplaced:
				for _, o := range e.Officers {
					onCase = append(onCase, domain.ActorID(o))
				}
			case enforcement.StepTaken:
				step, by = e.Step, append([]domain.ActorID{domain.ActorID(e.Officer)}, domain.ActorID(e.Second))
				if e.StepKind == norm.StepHearing && slices.Contains(onCase, by[0]) {
					t.Errorf("seed %d: %s on the case held the hearing", seed, by[0])
				}
				if e.StepKind == norm.StepInvestigate && e.Second == "" {
					t.Errorf("seed %d: %s investigated alone", seed, by[0])
				}
			case enforcement.StepOverridden:
				if e.AskedBy == e.Approver || slices.Contains(onCase, e.Approver) {
					t.Errorf("seed %d: %s granted what %s asked for", seed, e.Approver, e.AskedBy)
				}
				done[e.Step] = true
			case enforcement.Deviated:
				if e.AskedBy == e.Approver || slices.Contains(onCase, e.Approver) {
					t.Errorf("seed %d: %s granted what %s asked for", seed, e.Approver, e.AskedBy)
				}
				deviated = &e
			case enforcement.Decided:
				step = e.Step
				outside := e.Amount < e.MinAmount || e.Amount > e.MaxAmount
				if outside && (deviated == nil || deviated.Amount != e.Amount || deviated.Tier != e.Tier || deviated.Approver == by[0]) {
					t.Errorf("seed %d: %d fen outside %d to %d without a second person", seed, e.Amount, e.MinAmount, e.MaxAmount)
				}
			}
			if step == "" {
				continue
			}
			if m := v.Missing(step, func(c string) bool { return done[c] }); m != "" {
				t.Errorf("seed %d: %s was taken without %s", seed, step, m)
			}
			for earlier, who := range persons {
				for _, p := range by {
					if p != "" && v.Conflict(earlier, step) && slices.Contains(who, p) {
						t.Errorf("seed %d: %s took %s and %s", seed, p, earlier, step)
					}
				}
			}
			done[step], persons[step] = true, append(persons[step], by...)
		}
	}
	for _, kind := range []domain.Kind{"enforcement.step_overridden.v1", "enforcement.deviated.v1", "enforcement.decided.v1", "enforcement.closed.v1"} {
		if reached[kind] == 0 {
			t.Errorf("no history came to %s; the draw proves nothing of it", kind)
		}
	}
}
