package house

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/projections"
)

// town is an agency of two years, recorded once, from which every random play
// goes on, and what was said in it.
type town struct {
	t      *testing.T
	codec  *ledger.Codec
	signer *ledger.Signer
	keys   *ledger.Keyring
	book   *domain.Rulebook
	end    time.Time

	stored  []ledger.Stored
	streams map[string][]ledger.Decoded
	views   string // folder of the views of it
	// models are the commands it was given, told those to one subject, as
	// "room/subject", subjects to whom, by room, people who gave them, by role,
	// and ids what they named, by type.
	models   map[domain.CommandName][]domain.Instruction
	names    []domain.CommandName // of models
	told     map[string][]domain.Instruction
	subjects map[string][]string
	people   map[domain.Role][]domain.ActorID
	ids      map[reflect.Type][]string
}

func newTown(t *testing.T) *town {
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	w := &town{
		t: t, codec: ledger.NewCodec(catalog.New(), "house.test/play"), book: domain.CN2024(), end: time.Date(2025, time.March, 31, 12, 0, 0, 0, time.UTC),
		streams: map[string][]ledger.Decoded{}, models: map[domain.CommandName][]domain.Instruction{}, told: map[string][]domain.Instruction{}, subjects: map[string][]string{},
		people: map[domain.Role][]domain.ActorID{}, ids: map[reflect.Type][]string{},
	}
	if w.signer, err = ledger.NewSigner(key); err != nil {
		t.Fatal(err)
	}
	if w.keys, err = ledger.NewKeyring(w.signer.Public()); err != nil {
		t.Fatal(err)
	}
	store, clock := ledgertest.NewMemory(), agency.NewClock()
	defer store.Close()
	recorder := ledger.NewRecorder(ledger.RecorderConfig{Store: store, Signer: w.signer, Codec: w.codec, Book: w.book, Reactions: reactions.All(), Now: clock.Now})
	_, err = agency.Build(t.Context(), agency.Plan{Agencies: []string{agency.Customs}, Officers: agency.MinEach, Years: 2, End: w.end, Clock: clock}, func(ctx context.Context, in domain.Instruction) (ledger.Receipt, error) {
		receipt, err := recorder.Record(ctx, in)
		if err == nil {
			in.Act.OccurredAt = clock.Now()
			w.learn(in)
		}
		return receipt, err
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for s, err := range store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := w.codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		w.stored, w.streams[s.Stream] = append(w.stored, s), append(w.streams[s.Stream], d)
	}
	w.views = t.TempDir()
	views, err := projections.Open(w.views, w.codec, projections.Options{Book: w.book, Calendar: w.book.Calendar})
	if err != nil {
		t.Fatal(err)
	}
	if err := views.CatchUp(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	if err := views.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

// learn remembers who said what to whom.
func (w *town) learn(in domain.Instruction) {
	name := in.Command.Name()
	if w.models[name] == nil {
		w.names = append(w.names, name)
	}
	w.models[name] = append(w.models[name], in)
	key := name.Room() + "/" + in.Act.Subject
	w.told[key] = append(w.told[key], in)
	if !slices.Contains(w.subjects[name.Room()], in.Act.Subject) {
		w.subjects[name.Room()] = append(w.subjects[name.Room()], in.Act.Subject)
	}
	if !slices.Contains(w.people[in.Act.Role], in.Act.Actor) {
		w.people[in.Act.Role] = append(w.people[in.Act.Role], in.Act.Actor)
	}
	each(reflect.ValueOf(in.Command), func(v reflect.Value) {
		if v.Kind() == reflect.String && v.String() != "" && !slices.Contains(w.ids[v.Type()], v.String()) {
			w.ids[v.Type()] = append(w.ids[v.Type()], v.String())
		}
	})
}

// each visits the leaves of a command; dates count as leaves.
func each(v reflect.Value, visit func(reflect.Value)) {
	switch {
	case v.Type() == reflect.TypeFor[domain.Date]():
		visit(v)
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		for i := range v.NumField() {
			each(v.Field(i), visit)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			each(v.Index(i), visit)
		}
	default:
		visit(v)
	}
}

// turn is one play on from the town's history.
type turn struct {
	*town
	t        *rapid.T
	store    ledger.Store
	recorder *ledger.Recorder
	views    *projections.Views // nil in a play without a scheduler
	now      time.Time
	count    int
	touched  map[string][]string // subjects of this play, by room
	lives    []*alike

	mu sync.Mutex
	// seen are the events as they were decided, told by the reactions.
	seen map[domain.EventID]domain.Recorded
}

func (w *town) begin(t *rapid.T, dir string) *turn {
	p := &turn{town: w, t: t, store: ledgertest.NewMemory(), now: w.end, touched: map[string][]string{}, seen: map[domain.EventID]domain.Recorded{}}
	for _, s := range w.stored {
		if _, err := p.store.Append(context.Background(), s.Stream, s.Revision-1, []ledger.Entry{{ID: s.ID, Envelope: s.Envelope}}); err != nil {
			t.Fatal(err)
		}
	}
	if dir != "" {
		if err := os.CopyFS(dir, os.DirFS(w.views)); err != nil {
			t.Fatal(err)
		}
		var err error
		if p.views, err = projections.Open(dir, w.codec, projections.Options{Book: w.book, Calendar: w.book.Calendar}); err != nil {
			t.Fatal(err)
		}
	}
	all := reactions.All()
	for _, room := range catalog.New().Aggregates {
		for _, kind := range room.Events {
			all = append(all, domain.Reaction{Name: "seen", On: kind.Kind, Then: p.see})
		}
	}
	p.recorder = ledger.NewRecorder(ledger.RecorderConfig{Store: p.store, Signer: w.signer, Codec: w.codec, Book: w.book, Reactions: all,
		Now: func() time.Time { return p.now }, CachedEvents: 200})
	return p
}

func (p *turn) see(r domain.Recorded) []domain.Instruction {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[r.ID] = r
	return nil
}

// step does one thing: mostly the next step of a life like one of the town's,
// on an aggregate of its own, otherwise any command to anybody; now and then
// time passes, or the scheduler does what is due. It returns which command
// was given and allowed, if one was.
func (p *turn) step(rnd *rand.Rand) domain.CommandName {
	switch n := rnd.IntN(20); {
	case n == 0:
		p.pass()
	case n < 3:
		p.now = p.now.Add(time.Duration(1+rnd.IntN(40*24)) * time.Hour)
	case n < 9:
		name := pick(rnd, p.names)
		model := pick(rnd, p.models[name])
		subject := model.Act.Subject
		if mine := p.touched[name.Room()]; len(mine) > 0 && rnd.IntN(2) == 0 {
			subject = pick(rnd, mine)
		} else if rnd.IntN(2) == 0 {
			subject = pick(rnd, p.subjects[name.Room()])
		}
		return p.give(rnd, model, subject, rnd.IntN(3) == 0)
	default:
		if len(p.lives) < 3 || rnd.IntN(8) == 0 {
			room := pick(rnd, p.codec.Catalog().Aggregates).Name
			if len(p.subjects[room]) == 0 {
				return ""
			}
			p.lives = append(p.lives, &alike{to: fmt.Sprint("new-", len(p.lives)), steps: p.told[room+"/"+pick(rnd, p.subjects[room])]})
		}
		l := pick(rnd, p.lives)
		if l.done == len(l.steps) {
			return ""
		}
		model := l.steps[l.done]
		if l.done > 0 {
			gap := model.Act.OccurredAt.Sub(l.steps[l.done-1].Act.OccurredAt)
			p.now = p.now.Add(min(gap, 60*24*time.Hour))
		}
		l.done++
		if rnd.IntN(12) == 0 {
			return "" // left out
		}
		return p.give(rnd, model, l.to, rnd.IntN(10) == 0)
	}
	return ""
}

// alike is a life lived after the model of another.
type alike struct {
	to    string
	steps []domain.Instruction
	done  int
}

func pick[T any](rnd *rand.Rand, list []T) T { return list[rnd.IntN(len(list))] }

// give gives the model's command to the subject, where it is to be otherwise
// by somebody else in the role or about somebody or something else. It
// returns the command's name if it was allowed.
func (p *turn) give(rnd *rand.Rand, model domain.Instruction, subject string, otherwise bool) domain.CommandName {
	act := domain.Act{Subject: subject, Actor: model.Act.Actor, Role: model.Act.Role, Source: model.Act.Source}
	if act.Source == "" && otherwise && rnd.IntN(2) == 0 {
		act.Actor = pick(rnd, p.people[act.Role])
	}
	p.count++
	_, err := p.recorder.Record(context.Background(), domain.Instruction{ID: fmt.Sprint("play-", p.count), Command: p.changed(rnd, model, otherwise), Act: act})
	name := model.Command.Name()
	if err != nil {
		if domain.RefusalCode(err) == "" {
			p.t.Fatalf("%s on %s: %v", name, act.Subject, err)
		}
		return ""
	}
	if room := name.Room(); !slices.Contains(p.touched[room], subject) {
		p.touched[room] = append(p.touched[room], subject)
	}
	return name
}

// changed copies the model's command to today, and about others.
func (p *turn) changed(rnd *rand.Rand, model domain.Instruction, otherwise bool) domain.Command {
	days := int(p.now.Sub(model.Act.OccurredAt).Hours() / 24)
	c := deepCopy(reflect.ValueOf(model.Command))
	each(c, func(v reflect.Value) {
		if d, ok := v.Interface().(domain.Date); ok {
			if !d.IsZero() {
				v.Set(reflect.ValueOf(d.AddDays(days)))
			}
			return
		}
		if otherwise && v.Kind() == reflect.String && v.Type() != reflect.TypeFor[string]() && len(p.ids[v.Type()]) > 0 && rnd.IntN(2) == 0 {
			v.SetString(pick(rnd, p.ids[v.Type()]))
		}
	})
	return c.Interface().(domain.Command)
}

// deepCopy returns an addressable copy that shares no slice.
func deepCopy(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch {
	case v.Kind() == reflect.Slice && !v.IsNil():
		c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			c.Index(i).Set(deepCopy(v.Index(i)))
		}
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		for i := range v.NumField() {
			if c.Field(i).CanSet() {
				c.Field(i).Set(deepCopy(v.Field(i)))
			}
		}
	}
	return c
}

// oneBook is a ledger that lives by one rulebook, whatever it adopts.
type oneBook struct{ book *domain.Rulebook }

func (o oneBook) Default() (*domain.Rulebook, string)            { return o.book, "" }
func (o oneBook) Open(rulebook.Period) (*domain.Rulebook, error) { return o.book, nil }
func (o oneBook) Shelf() *domain.Shelf                           { return domain.ShelfOf(o.book) }

// pass lets a scheduler that remembers nothing do what is due.
func (p *turn) pass() {
	if p.views == nil {
		return
	}
	p.catchUp()
	s := &Scheduler{books: oneBook{p.book}, record: p.recorder.Record, views: p.views}
	if _, err := s.Pass(context.Background(), p.now); err != nil {
		p.t.Fatalf("the scheduler on %s: %v", p.now, err)
	}
	if _, err := s.Screen(context.Background(), p.now); err != nil {
		p.t.Fatalf("the comparing on %s: %v", p.now, err)
	}
}

func (p *turn) catchUp() {
	if err := p.views.CatchUp(context.Background(), p.store, nil); err != nil {
		p.t.Fatalf("the views: %v", err)
	}
}

// judge reads back what was recorded: nothing is lost or otherwise than it
// was decided, no guard is broken, and the views have seen it all.
func (p *turn) judge() {
	states, live := map[domain.Ref]any{}, map[domain.Ref]any{}
	cat := p.codec.Catalog()
	start := func(into map[domain.Ref]any, ref domain.Ref) any {
		if into[ref] == nil {
			room := cat.Room(ref.Type)
			into[ref] = room.NewState()
			for _, d := range p.streams[ref.Stream()] {
				room.Apply(into[ref], d.Event, d.Act)
			}
		}
		return into[ref]
	}
	fresh, last := 0, ledger.Start
	for s, err := range p.store.ReadAll(context.Background(), p.stored[len(p.stored)-1].Position) {
		if err != nil {
			p.t.Fatal(err)
		}
		d, err := p.codec.Decode(s)
		if err != nil {
			p.t.Fatal(err)
		}
		fresh, last = fresh+1, s.Position
		if what := breach(func(ref domain.Ref) any { return start(states, ref) }, d.Recorded, p.book); what != "" {
			p.t.Errorf("%s on %s: %s", d.Event.Kind(), d.Act.Subject, what)
		}
		ref := domain.Ref{Type: d.Event.Kind().Room(), ID: d.Act.Subject}
		cat.Room(ref.Type).Apply(start(states, ref), d.Event, d.Act)
		decided, seen := p.seen[d.ID]
		if !seen && !d.Act.Imported() {
			p.t.Errorf("%s of %s was recorded and not decided", d.Event.Kind(), d.Stream)
		}
		if d.Act.Imported() {
			decided = d.Recorded
		}
		decided.Act.Sees = nil
		if diff := cmp.Diff(decided, d.Recorded, cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(time.Microsecond)); diff != "" {
			p.t.Errorf("%s reads back otherwise than it was decided (-decided +read):\n%s", d.Event.Kind(), diff)
		}
		cat.Room(ref.Type).Apply(start(live, ref), decided.Event, decided.Act)
		delete(p.seen, d.ID)
	}
	for _, r := range p.seen {
		p.t.Errorf("%s of %s was decided and is lost", r.Event.Kind(), r.Stream)
	}
	for ref, state := range states {
		if was := live[ref]; was != nil {
			if diff := cmp.Diff(was, state, cmpopts.EquateEmpty(), exported); diff != "" {
				p.t.Errorf("%s replays to another state (-decided +replayed):\n%s", ref, diff)
			}
		}
	}
	if p.views != nil && fresh > 0 {
		p.catchUp()
		if at, err := p.views.Position(context.Background()); err != nil || at != last {
			p.t.Errorf("the views stand at %s (%v), the ledger at %s", at, err, last)
		}
	}
	p.verify()
}

var exported = cmp.Exporter(func(reflect.Type) bool { return true })

// verify verifies the streams of this play, whole.
func (p *turn) verify() {
	part := ledgertest.NewMemory()
	defer part.Close()
	want := 0
	for stream := range p.changedStreams() {
		for s, err := range p.store.ReadStream(context.Background(), stream, 0) {
			if err != nil {
				p.t.Fatal(err)
			}
			if _, err := part.Append(context.Background(), stream, s.Revision-1, []ledger.Entry{{ID: s.ID, Envelope: s.Envelope}}); err != nil {
				p.t.Fatal(err)
			}
			want++
		}
	}
	report, err := ledger.Verify(context.Background(), part, ledger.VerifyConfig{Codec: p.codec, Keys: p.keys, Fast: true})
	if err != nil || report.Events != want {
		p.t.Errorf("%d of %d events verify: %v", report.Events, want, err)
	}
}

func (p *turn) changedStreams() map[string]bool {
	out := map[string]bool{}
	for s, err := range p.store.ReadAll(context.Background(), p.stored[len(p.stored)-1].Position) {
		if err != nil {
			p.t.Fatal(err)
		}
		out[s.Stream] = true
	}
	return out
}

// Whatever commands come, in whatever order, with the reactions and the
// scheduler between them: no guard is broken, no event lost, nothing fails.
// More with -rapid.checks.
func TestNoSequenceOfCommandsBreaksAGuard(t *testing.T) {
	t.Parallel()
	w, dir := newTown(t), t.TempDir()
	plays, allowed := 0, map[domain.CommandName]int{}
	play := func(t *rapid.T) {
		plays++
		views := ""
		if rapid.IntRange(0, 3).Draw(t, "scheduler") == 3 {
			views = filepath.Join(dir, fmt.Sprint(plays))
		}
		p := w.begin(t, views)
		defer p.end(views)
		// One number a step: what a step does is not worth making smaller.
		for _, n := range rapid.SliceOfN(rapid.Uint64(), 20, 120).Draw(t, "steps") {
			if name := p.step(rand.New(rand.NewPCG(n, n))); name != "" {
				allowed[name]++
			}
		}
		p.judge()
	}
	least := len(w.names) / 3
	// The short tests check a fifth of the plays at once; they go on until as
	// many were played as elsewhere, or enough came past.
	for rapid.Check(t, play); plays < 100 && len(allowed) < least && !t.Failed(); {
		rapid.Check(t, play)
	}
	n := 0
	for _, times := range allowed {
		n += times
	}
	t.Logf("%d plays; %d commands of %d kinds were allowed", plays, n, len(allowed))
	if len(allowed) < least {
		t.Errorf("of %d kinds of command only %d were ever allowed: the play is not one", len(w.names), len(allowed))
	}
}

// end closes what the play worked with.
func (p *turn) end(views string) {
	if p.views != nil {
		if err := p.views.Close(); err != nil {
			p.t.Error(err)
		}
		if err := os.RemoveAll(views); err != nil {
			p.t.Error(err)
		}
	}
	if err := p.store.Close(); err != nil {
		p.t.Error(err)
	}
}
