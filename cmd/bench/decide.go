package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// streamLength is how many events a stream has when its commands are timed.
const streamLength = 100

// decideGoal is in microseconds.
var decideGoal = below(20)

// slowest is how many commands get a row of their own.
const slowest = 5

// decisions measures the domain alone: every command that the demo's agency
// is allowed is decided again, and what follows is folded, on a stream of 100
// events. Beside it stands what a stream that is not cached costs: folding
// the 100 events first.
func (s *suite) decisions(ctx context.Context) error {
	cases, missing, err := decisionCases(ctx)
	if err != nil {
		return err
	}
	warm, cold := map[domain.CommandName][]float64{}, map[domain.CommandName][]float64{}
	long := 0
	for _, c := range cases {
		if len(c.past) >= streamLength {
			long++
		}
	}
	for round := range s.turns() {
		s.progress("round %d/%d: decide %d commands", round+1, s.turns(), len(cases))
		for _, c := range cases {
			warm[c.name] = append(warm[c.name], c.decideAndFold())
			cold[c.name] = append(cold[c.name], c.foldAndDecide())
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	for _, w := range []struct {
		what  string
		took  map[domain.CommandName][]float64
		goals []goal
	}{{"decide + fold", warm, []goal{decideGoal}}, {"fold the stream + decide", cold, nil}} {
		names := slices.SortedFunc(maps.Keys(w.took), func(a, b domain.CommandName) int { return -cmp.Compare(median(w.took[a]), median(w.took[b])) })
		for i, name := range names[:min(slowest, len(names))] {
			s.report.add(fmt.Sprintf("%s, slowest %d: %s", w.what, i+1, name), "µs", w.took[name], w.goals...)
		}
		s.report.add(fmt.Sprintf("%s, median of %d commands", w.what, len(names)), "µs", w.took[names[len(names)/2]], w.goals...)
	}
	s.report.Notes = append(s.report.Notes, fmt.Sprintf("decide: %d of %d commands on streams of at least %d events, the rest as long as the agency's longest; never allowed there: %v",
		long, len(cases), streamLength, missing))
	return nil
}

// decision is one command that is allowed, with all that it takes to decide
// it again.
type decision struct {
	name    domain.CommandName
	room    *domain.Aggregate
	command domain.Command
	act     domain.Act
	book    *domain.Rulebook
	past    []domain.Recorded // of its stream
}

// decideAndFold returns the microseconds for deciding once and folding what
// follows, on states made ready before.
func (c *decision) decideAndFold() float64 { return fastest(c.fold, c.once) }

// foldAndDecide does the same for a state that must be folded first.
func (c *decision) foldAndDecide() float64 {
	return fastest(func() any { return nil }, func(any) error { return c.once(c.fold()) })
}

// fastest times small batches and returns the microseconds for one in the
// fastest: whatever else the machine does can only add to it.
func fastest(ready func() any, do func(any) error) float64 {
	const batches, size = 10, 20
	least := time.Duration(math.MaxInt64)
	states := make([]any, size)
	for range batches {
		for i := range states {
			states[i] = ready()
		}
		start := time.Now()
		for _, state := range states {
			_ = do(state) // it was allowed before
		}
		least = min(least, time.Since(start))
	}
	return float64(least.Nanoseconds()) / 1000 / size
}

func (c *decision) fold() any {
	state := c.room.NewState()
	for i := range c.past {
		c.room.Apply(state, c.past[i].Event, c.past[i].Act)
	}
	return state
}

// once decides and folds into the state, which is used up by it.
func (c *decision) once(state any) error {
	events, err := c.room.Decide(state, c.command, c.act, c.book)
	for _, e := range events {
		c.room.Apply(state, e, c.act)
	}
	return err
}

// toldOnce is an instruction with the id of the first event that followed.
type toldOnce struct {
	in    domain.Instruction
	event domain.EventID
}

// decisionCases plays the demo's agency and picks, for each command, the time
// when its stream was longest. missing are the commands never allowed there.
func decisionCases(ctx context.Context) (cases []*decision, missing []domain.CommandName, err error) {
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		return nil, nil, err
	}
	signer, err := ledger.NewSigner(key)
	if err != nil {
		return nil, nil, err
	}
	cat, book, clock, store := catalog.New(), domain.CN2024(), agency.NewClock(), ledgertest.NewMemory()
	defer store.Close()
	codec := ledger.NewCodec(cat, origin)
	var all []toldOnce
	rec := ledger.NewRecorder(ledger.RecorderConfig{Store: store, Signer: signer, Codec: codec, Book: book, Now: clock.Now, Reactions: overheard(&all)})
	_, err = agency.Build(ctx, agency.Plan{Clock: clock, End: time.Date(2026, time.June, 30, 10, 0, 0, 0, time.UTC)},
		func(ctx context.Context, in domain.Instruction) (ledger.Receipt, error) {
			receipt, err := rec.Record(ctx, in)
			if err == nil && !receipt.Repeated {
				in.Act.RecordedAt = clock.Now()
				all = append(all, toldOnce{in, receipt.Events[0]})
			}
			return receipt, err
		}, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("play the agency: %w", err)
	}
	past, err := readPast(ctx, store, codec)
	if err != nil {
		return nil, nil, err
	}
	best := map[domain.CommandName]toldOnce{}
	for _, t := range all {
		at, recorded := past.at[t.event]
		if old, known := best[t.in.Command.Name()]; recorded && (!known || past.all[at].Revision > past.all[past.at[old.event]].Revision) {
			best[t.in.Command.Name()] = t
		}
	}
	for _, room := range cat.Aggregates {
		for _, c := range room.Commands {
			t, known := best[c.Name]
			if !known {
				missing = append(missing, c.Name)
				continue
			}
			cases = append(cases, past.decision(room, t, book))
		}
	}
	return cases, missing, nil
}

// overheard returns the reactions, which also tell what they give.
func overheard(all *[]toldOnce) []domain.Reaction {
	list := reactions.All()
	for i := range list {
		re := list[i]
		list[i].Then = func(cause domain.Recorded) []domain.Instruction {
			given := re.Then(cause)
			for n, in := range given {
				stream := domain.Ref{Type: in.Command.Name().Room(), ID: in.Act.Subject}.Stream()
				id := ledger.EventIDOf(stream, "reaction:"+string(cause.ID)+"/"+re.Name+"/"+strconv.Itoa(n), 0)
				in.Act.Actor, in.Act.Role, in.Act.RecordedAt = domain.ActorSystem, domain.RoleSystem, cause.Act.RecordedAt
				if in.Act.OccurredAt.IsZero() {
					in.Act.OccurredAt = cause.Act.OccurredAt
				}
				*all = append(*all, toldOnce{in, domain.EventID(id.String())})
			}
			return given
		}
	}
	return list
}

// played is all that was recorded, in order.
type played struct {
	cat *domain.Catalog
	all []domain.Recorded
	at  map[domain.EventID]int
}

func readPast(ctx context.Context, store ledger.Store, codec *ledger.Codec) (*played, error) {
	p := &played{cat: codec.Catalog(), at: map[domain.EventID]int{}}
	for s, err := range store.ReadAll(ctx, ledger.Start) {
		if err != nil {
			return nil, err
		}
		d, err := codec.Decode(s)
		if err != nil {
			return nil, err
		}
		p.at[d.ID] = len(p.all)
		p.all = append(p.all, d.Recorded)
	}
	return p, nil
}

// before returns what was recorded of the aggregate before an index.
func (p *played) before(ref domain.Ref, end int) []domain.Recorded {
	var out []domain.Recorded
	for _, r := range p.all[:end] {
		if r.Stream == ref.Stream() {
			out = append(out, r)
		}
	}
	return out
}

// decision makes the command ready to be decided again. Its stream is drawn
// out to 100 events by what happened in it, as often as needed, unless the
// command would be refused then.
func (p *played) decision(room *domain.Aggregate, t toldOnce, book *domain.Rulebook) *decision {
	c := &decision{name: t.in.Command.Name(), room: room, command: t.in.Command, act: t.in.Act, book: book}
	end := p.at[t.event]
	c.act.RecordedAt = p.all[end].Act.RecordedAt
	c.act.OccurredAt = p.all[end].Act.OccurredAt
	own := p.before(domain.Ref{Type: room.Name, ID: c.act.Subject}, end)
	c.past = own
	sight := domain.Sight{}
	for _, ref := range room.Reads(c.fold(), c.command, c.act) {
		if history := p.before(ref, end); len(history) > 0 {
			other := decision{room: p.cat.Room(ref.Type), past: history}
			sight[ref] = other.fold()
		} else {
			sight[ref] = nil
		}
	}
	c.act.Sees = &sight
	for _, drawn := range [][]domain.Recorded{lengthen(own, own), lengthen(own, own[:min(1, len(own))])} {
		longer := *c
		longer.past = drawn
		// The longer life may name others; they were not asked for then.
		if same(room.Reads(longer.fold(), c.command, c.act), sight) && longer.once(longer.fold()) == nil {
			return &longer
		}
	}
	return c
}

// lengthen puts the filling before the events until they are 100.
func lengthen(own, filling []domain.Recorded) []domain.Recorded {
	out := slices.Clone(own)
	for len(filling) > 0 && len(out) < streamLength {
		out = append(slices.Clone(filling), out...)
	}
	return out
}

func same(refs []domain.Ref, sight domain.Sight) bool {
	return !slices.ContainsFunc(refs, func(r domain.Ref) bool { _, ok := sight[r]; return !ok })
}
