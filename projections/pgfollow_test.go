package projections_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/record"
)

// inPostgres skips what needs PostgreSQL while the views lie in files.
func inPostgres(t testing.TB) {
	t.Helper()
	if !onPostgres {
		t.Skip("about views in PostgreSQL")
	}
}

// begin runs something until the end of the test, or until what it returns is
// called, which gives its error.
func begin(t testing.TB, run func(context.Context) error) (end func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- run(ctx) }()
	end = sync.OnceValue(func() error {
		cancel()
		return <-ran
	})
	t.Cleanup(func() { _ = end() })
	return end
}

// fresh dumps views of the ledger that were built at once, elsewhere.
func fresh(t *testing.T, h *house) []string {
	t.Helper()
	dir := t.TempDir()
	h.catchUp(h.aloneIn(dir))
	return dump(t, dir)
}

func TestAReplicaFollowsWhoAdvancesTheViews(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	dir := t.TempDir()
	leader := h.aloneIn(dir)
	h.catchUp(leader)
	replica := h.aloneIn(dir)
	ctx := context.Background()
	begin(t, replica.Follow)
	end := begin(t, func(ctx context.Context) error { return leader.Run(ctx, h.store) })
	watch := func(i projections.Interest) *projections.Watch {
		w, err := replica.Watch(i)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(w.Close)
		return w
	}
	if err := replica.WaitFor(ctx, lastPosition(t, h.store)); err != nil {
		t.Fatal(err)
	}
	p1, p2 := watch(projections.Interest{Ref: domain.OfficerID("P1").Ref()}), watch(projections.Interest{Ref: domain.OfficerID("P2").Ref()})
	enrolled, clocks := watch(projections.Interest{Kinds: []domain.Kind{officer.Enrolled{}.Kind()}}), watch(projections.Interest{Clocks: true})
	h.on("2024-05-20")
	for i := range 10 {
		training := officer.CompleteTraining{Course: fmt.Sprint("course ", i), Hours: 1}
		before, err := replica.As(auditor).RecordFile(ctx, "P1", projections.AsOf{})
		if err != nil {
			t.Fatal(err)
		}
		done := h.do("hr:R1", "P1", training)
		if err := replica.WaitFor(ctx, done.Position); err != nil {
			t.Fatal(err)
		}
		after, err := replica.As(auditor).RecordFile(ctx, "P1", projections.AsOf{})
		if err != nil || len(after.Courses) != len(before.Courses)+1 {
			t.Fatalf("the replica shows %d courses after one more than %d, %v", len(after.Courses), len(before.Courses), err)
		}
		if l, err := replica.As(auditor).Timeline(ctx, domain.OfficerID("P1").Ref(), projections.EventFilter{Order: projections.RecordedDesc}, projections.Page{First: 1}); err != nil || l.Items[0].Position != done.Position {
			t.Fatalf("the timeline ends at %v, %v", l.Items[0].Position, err)
		}
		select {
		case <-p1.Woken():
		case <-time.After(10 * time.Second):
			t.Fatal("who watches P1 is not woken")
		}
		if at, from, relevant := p1.Take(); !relevant || at != done.Position || from >= done.Position {
			t.Errorf("told of %s from %s, %t", at, from, relevant)
		}
	}
	for name, w := range map[string]*projections.Watch{"P2": p2, "who is enrolled": enrolled} {
		if _, _, relevant := w.Take(); relevant {
			t.Errorf("who watches %s was woken by courses of P1", name)
		}
	}
	clocks.Take()
	done := h.do("intake:T1", "C9", complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "slow", Unit: "W1"})
	if err := replica.WaitFor(ctx, done.Position); err != nil {
		t.Fatal(err)
	}
	if _, _, relevant := clocks.Take(); !relevant {
		t.Error("a clock was started, and who watches clocks was not woken")
	}
	// The views are built anew under the eyes of the replica.
	if err := end(); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := leader.Rebuild(ctx, h.store, nil); err != nil {
		t.Fatal(err)
	}
	if o, err := replica.As(auditor).Officer(ctx, "P1"); err != nil || o == nil {
		t.Fatalf("after a rebuild: %v, %v", o, err)
	}
	if diff := cmp.Diff(fresh(t, h), dump(t, dir)); diff != "" {
		t.Errorf("the views differ from fresh ones:\n%s", diff)
	}
}

func TestLeadGoesFromOneProcessToTheOther(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	dir := t.TempDir()
	both := []*projections.Views{h.aloneIn(dir), h.aloneIn(dir)}
	ctx := context.Background()
	h.on("2024-05-20")
	for i := range 6 {
		leader, other := both[i%2], both[1-i%2]
		follows := begin(t, other.Follow)
		leads := begin(t, func(ctx context.Context) error { return leader.Run(ctx, h.store) })
		done := h.do("hr:R1", fmt.Sprintf("Q%d", i), officer.Enroll{FullName: "新人", Unit: "D1"})
		for _, v := range both {
			if err := v.WaitFor(ctx, done.Position); err != nil {
				t.Fatal(err)
			}
			if o, err := v.As(auditor).Officer(ctx, domain.OfficerID(fmt.Sprintf("Q%d", i))); err != nil || o == nil {
				t.Fatalf("turn %d: %v, %v", i, o, err)
			}
		}
		if err := errors.Join(leads(), follows()); !errors.Is(err, context.Canceled) || errors.Is(err, projections.ErrLostLead) {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(fresh(t, h), dump(t, dir)); diff != "" {
		t.Errorf("the views differ from fresh ones:\n%s", diff)
	}
}

func TestTwoWhoThinkTheyLeadChangeNothingTwice(t *testing.T) {
	inPostgres(t)
	h := agency(t).random(5, 200)
	dir := t.TempDir()
	a, b := h.aloneIn(dir), h.aloneIn(dir)
	ctx := context.Background()
	if err := a.CatchUp(ctx, upTo{h.store, 40}, nil); err != nil {
		t.Fatal(err)
	}
	// Both go on from 40, and take turns to be first.
	var lost int
	for at := ledger.Position(41); at <= lastPosition(t, h.store); at++ {
		errs := make(chan error, 2)
		for _, v := range []*projections.Views{a, b} {
			go func() { errs <- v.CatchUp(ctx, upTo{h.store, at}, nil) }()
		}
		for range 2 {
			if err := <-errs; errors.Is(err, projections.ErrLostLead) {
				lost++
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d times somebody came too late", lost)
	if diff := cmp.Diff(fresh(t, h), dump(t, dir)); diff != "" {
		t.Errorf("the views differ from fresh ones:\n%s", diff)
	}
}

func TestWhoLostTheLeadIsToldAndChangesNothing(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	dir := t.TempDir()
	a, b := h.aloneIn(dir), h.aloneIn(dir)
	if err := a.CatchUp(context.Background(), upTo{h.store, 20}, nil); err != nil {
		t.Fatal(err)
	}
	// a is held up while it reads; b goes past it.
	held := heldStore{h.store, make(chan struct{}), make(chan struct{})}
	ran := make(chan error, 1)
	go func() { ran <- a.Run(context.Background(), held) }()
	<-held.reading
	h.catchUp(b)
	want := dump(t, dir)
	close(held.goOn)
	if err := <-ran; !errors.Is(err, projections.ErrLostLead) {
		t.Errorf("who lost the lead ends with %v", err)
	}
	if diff := cmp.Diff(want, dump(t, dir)); diff != "" {
		t.Errorf("and has changed the views:\n%s", diff)
	}
	if err := a.WaitFor(context.Background(), lastPosition(t, h.store)); err != nil {
		t.Errorf("it does not find out how far the other is: %v", err)
	}
}

// heldStore tells that its events are asked for, and gives them later.
type heldStore struct {
	ledger.Store
	reading, goOn chan struct{}
}

func (s heldStore) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		close(s.reading)
		<-s.goOn
		for e, err := range s.Store.Subscribe(ctx, after) {
			if !yield(e, err) {
				return
			}
		}
	}
}

// proxy stands between the views and PostgreSQL, and cuts connections.
type proxy struct {
	t      *testing.T
	server string
	addr   string

	mu   sync.Mutex
	in   net.Listener
	open map[net.Conn]bool
	wait sync.WaitGroup
}

// through returns a proxy and the database as seen through it.
func through(t *testing.T, database string) (*proxy, string) {
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{t: t, server: u.Host, addr: "127.0.0.1:0", open: map[net.Conn]bool{}}
	p.start()
	t.Cleanup(func() {
		p.cut()
		p.wait.Wait()
	})
	u.Host = p.addr
	return p, u.String()
}

func (p *proxy) start() {
	in, err := net.Listen("tcp", p.addr)
	if err != nil {
		p.t.Error(err)
		return
	}
	p.mu.Lock()
	p.in, p.addr = in, in.Addr().String()
	p.mu.Unlock()
	p.wait.Go(func() {
		for {
			c, err := in.Accept()
			if err != nil {
				return
			}
			p.wait.Go(func() { p.pass(c) })
		}
	})
}

func (p *proxy) pass(c net.Conn) {
	s, err := net.Dial("tcp", p.server)
	if err != nil {
		c.Close()
		return
	}
	p.mu.Lock()
	p.open[c], p.open[s] = true, true
	p.mu.Unlock()
	forward := func(to, from net.Conn) {
		b := make([]byte, 32<<10)
		for {
			n, err := from.Read(b)
			if n > 0 {
				_, werr := to.Write(b[:n])
				err = errors.Join(err, werr)
			}
			if err != nil {
				break
			}
		}
		to.Close()
		from.Close()
	}
	p.wait.Go(func() { forward(c, s) })
	forward(s, c)
	p.mu.Lock()
	delete(p.open, c)
	delete(p.open, s)
	p.mu.Unlock()
}

// cut ends all connections and takes no more until start.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.in.Close()
	for c := range p.open {
		c.Close()
	}
}

func TestConnectionsAndServersMayGoAwayMeanwhile(t *testing.T) {
	inPostgres(t)
	h := agency(t).random(3, 150)
	dir := t.TempDir()
	p, database := through(t, databaseOf(t, dir))
	opts := h.options()
	opts.Postgres = database
	var views [2]*projections.Views
	for i := range views {
		v, err := projections.Open(t.TempDir(), h.codec, opts)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = v.Close() })
		views[i] = v
	}
	leader, replica := views[0], views[1]
	ctx := context.Background()
	// Groups of one event each, so that connections are cut in all places.
	last := lastPosition(t, h.store)
	leads := begin(t, func(ctx context.Context) error {
		for at := ledger.Position(1); at <= last; at += 2 {
			if err := leader.CatchUp(ctx, upTo{h.store, min(at, last)}, nil); err != nil {
				return err
			}
		}
		return leader.Run(ctx, h.store)
	})
	begin(t, replica.Follow)
	rnd := rand.New(rand.NewPCG(1, 1))
	stop := begin(t, func(ctx context.Context) error {
		for ctx.Err() == nil {
			time.Sleep(time.Duration(20+rnd.IntN(150)) * time.Millisecond)
			p.cut()
			time.Sleep(time.Duration(rnd.IntN(100)) * time.Millisecond)
			p.start()
		}
		return nil
	})
	for range 12 {
		for _, v := range views {
			if o, err := v.As(auditor).Units(ctx, projections.UnitFilter{}, projections.Page{}); err != nil {
				t.Errorf("a reading failed: %v", err)
			} else if _, err := o.TotalCount(ctx); err != nil {
				t.Errorf("a reading failed: %v", err)
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	_ = stop()
	waiting, cancel := context.WithTimeout(ctx, 3*time.Minute) // of a loaded machine
	defer cancel()
	for _, v := range views {
		if err := v.WaitFor(waiting, last); err != nil {
			t.Fatal(err)
		}
	}
	if err := leads(); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fresh(t, h), dump(t, dir)); diff != "" {
		t.Errorf("the views differ from fresh ones:\n%s", diff)
	}
}

// A commit that was lost on the way may come about later. What was told
// meanwhile is not told again.
func TestWhatWasToldBeforeALostCommitCameAboutIsForgotten(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	v := h.aloneIn(t.TempDir())
	h.catchUp(v)
	ctx := context.Background()
	end := begin(t, func(ctx context.Context) error { return v.Run(ctx, h.store) })
	if err := v.WaitFor(ctx, lastPosition(t, h.store)); err != nil {
		t.Fatal(err)
	}
	told := func() bool {
		file, err := v.As(auditor).RecordFile(ctx, "P1", projections.AsOf{})
		if err != nil {
			t.Error(err)
		}
		return file != nil && slices.ContainsFunc(file.Courses, func(c record.Course) bool { return c.Course == "lost" })
	}
	if err := end(); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	v.LoseCommit(func() {
		if told() {
			t.Error("it is told before the commit")
		}
	})
	h.on("2024-05-20")
	done := h.do("hr:R1", "P1", officer.CompleteTraining{Course: "lost", Hours: 1})
	begin(t, func(ctx context.Context) error { return v.Run(ctx, h.store) })
	if err := v.WaitFor(ctx, done.Position); err != nil {
		t.Fatal(err)
	}
	if !told() {
		t.Error("it is not told after the commit")
	}
}

func TestViewsOfAnotherLedgerAreNotTouched(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	dir := t.TempDir()
	h.catchUp(h.aloneIn(dir))
	want := dump(t, dir)
	if _, err := open(t, dir, ledger.NewCodec(catalog.New(), "other.example/ledger"), h.options()); err == nil {
		t.Error("views of another ledger were opened")
	}
	if diff := cmp.Diff(want, dump(t, dir)); diff != "" {
		t.Error(diff)
	}
}
