package projections_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/ledger"
)

// upTo is a store that ends after a position.

type upTo struct {
	ledger.Store
	last ledger.Position
}

func (s upTo) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for e, err := range s.Store.ReadAll(ctx, after) {
			if err == nil && e.Position > s.last {
				return
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// dump returns the rows of every table, each as a line, in a fixed order.

func dump(t *testing.T, dir string) []string {
	t.Helper()
	if onPostgres {
		return dumpPostgres(t, databaseOf(t, dir))
	}
	return dumpFile(t, dir)
}

func dumpFile(t *testing.T, dir string) []string {
	t.Helper()
	c, err := sqlite3.OpenFlags(filepath.Join(dir, "views.db"), sqlite3.OPEN_READONLY)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}()
	rows := func(sql string) (out []string) {
		s, _, err := c.Prepare(sql)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for s.Step() {
			var line strings.Builder
			for i := range s.ColumnCount() {
				fmt.Fprintf(&line, "|%q", s.ColumnText(i))
			}
			out = append(out, line.String())
		}
		if err := s.Err(); err != nil {
			t.Fatal(err)
		}
		return out
	}
	var out []string
	if err := errors.Join(fts5.Register(c), c.Exec("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, texts, instance)")); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows("SELECT * FROM terms ORDER BY 1, 2, 3, 4") {
		out = append(out, "terms"+row)
	}
	// How the index lies in its own tables depends on when it was written.
	for _, name := range rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'texts%' ORDER BY 1") {
		table := strings.Trim(name, `|"`)
		for _, row := range rows("SELECT * FROM " + table + " ORDER BY 1, 2") {
			out = append(out, table+row)
		}
	}
	indexes := rows("SELECT name FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite_%' ORDER BY 1")
	return append(out, indexes...)
}

func lastPosition(t testing.TB, store ledger.Store) (last ledger.Position) {
	t.Helper()
	for e, err := range store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		last = e.Position
	}
	return last
}

func TestViewsBuiltInPiecesEqualViewsBuiltAtOnce(t *testing.T) {
	for seed := range uint64(4) {
		h := agency(t).ruled().enforced().random(seed, 300)
		last := lastPosition(t, h.store)
		whole := t.TempDir()
		h.catchUp(h.viewsIn(whole))
		rnd := rand.New(rand.NewPCG(seed, 9))
		// Whatever the cuts: views that stopped anywhere, were closed and
		// opened again, end up the same.
		pieces := t.TempDir()
		for at := ledger.Position(0); at < last; {
			at = min(last, at+1+ledger.Position(rnd.IntN(int(last)/3)))
			v, err := open(t, pieces, h.codec, h.options())
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(v.CatchUp(context.Background(), upTo{h.store, at}, nil), v.Close()); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(dump(t, whole), dump(t, pieces)); diff != "" {
			t.Fatalf("seed %d: at once (-) and in pieces (+) differ:\n%s", seed, diff)
		}
	}
}

func TestRegistersAgreeWithTheRooms(t *testing.T) {
	for seed := range uint64(4) {
		h := agency(t).random(seed, 400)
		r := h.built().As(auditor)
		ctx := context.Background()
		states := map[string]any{}
		for s, err := range h.store.ReadAll(ctx, ledger.Start) {
			if err != nil {
				t.Fatal(err)
			}
			d, err := h.codec.Decode(s)
			if err != nil {
				t.Fatal(err)
			}
			room := h.codec.Catalog().Room(d.Event.Kind().Room())
			if states[s.Stream] == nil {
				states[s.Stream] = room.NewState()
			}
			room.Apply(states[s.Stream], d.Event, d.Act)
		}
		for stream, state := range states {
			_, id, _ := strings.Cut(stream, "-")
			var want, got any
			switch s := state.(type) {
			case *officer.Officer:
				o, _ := r.Officer(ctx, domain.OfficerID(id))
				want = []any{string(s.Status), s.Name, s.Unit, s.Post, s.Since, s.Rank, s.Certificate.Number, string(s.Certificate.Status), s.Certificate.ValidTo, len(s.Inquiries) > 0}
				got = []any{o.Status, o.Name, o.Unit, o.Post, o.PostSince, o.Rank, o.CertificateNumber, o.CertificateStatus, o.CertificateUntil, *o.Barred}
			case *complaint.Complaint:
				c, _ := r.Complaint(ctx, domain.ComplaintID(id))
				want = []any{string(s.Status), s.Unit, s.ToUnit, s.Handler, s.Due, string(s.Result), len(s.Officers)}
				got = []any{c.Status, c.Unit, c.ToUnit, c.Handler, c.Due, c.Result, len(c.Officers)}
			case *misconduct.Case:
				c, _ := r.Case(ctx, domain.CaseID(id))
				found, err := r.FindingsByCase(ctx, []domain.CaseID{domain.CaseID(id)})
				if err != nil {
					t.Fatal(err)
				}
				standing := 0
				for _, f := range found[domain.CaseID(id)] {
					if !f.Overturned && !f.Imported {
						standing++
					}
				}
				want, got = []any{string(s.Status), len(s.Confirmed)}, []any{c.Status, standing}
			case *sanction.Sanction:
				x, _ := r.Sanction(ctx, domain.SanctionID(id))
				want = []any{string(s.Status), s.Officer, string(s.Measure), s.Months, s.From, s.Until, s.ForGood, s.ServedOn}
				got = []any{x.Status, x.Officer, x.Measure, x.Months, x.From, x.Until, x.ForGood, x.ServedOn}
			case *reward.Reward:
				x, _ := r.Reward(ctx, domain.RewardID(id))
				want, got = []any{string(s.Status), s.Unit}, []any{x.Status, x.Unit}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("seed %d, %s: room (-) and register (+):\n%s", seed, stream, diff)
			}
		}
	}
}

func TestACopyTakenAtAnyMomentGoesOnRight(t *testing.T) {
	inFiles(t, "about files")
	h := agency(t).random(1, 200)
	last := lastPosition(t, h.store)
	whole, dir := t.TempDir(), t.TempDir()
	h.catchUp(h.viewsIn(whole))
	want := dump(t, whole)
	v := h.viewsIn(dir)
	for at := ledger.Position(20); at < last; at += 60 {
		if err := v.CatchUp(context.Background(), upTo{h.store, at}, nil); err != nil {
			t.Fatal(err)
		}
		// What a crash would leave: the files as they are, the log among
		// them, while the views are open.
		crashed := t.TempDir()
		for _, name := range []string{"views.db", "views.db-wal"} {
			copyFile(t, filepath.Join(dir, name), filepath.Join(crashed, name))
		}
		c := h.viewsIn(crashed)
		if got, err := c.Position(context.Background()); err != nil || got != at {
			t.Fatalf("the copy stands at %s, %v; want %s", got, err, at)
		}
		h.catchUp(c)
		if diff := cmp.Diff(want, dump(t, crashed)); diff != "" {
			t.Fatalf("after a crash at %s:\n%s", at, diff)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestRunShowsWhatIsRecordedToWhoWaitsForIt(t *testing.T) {
	h := agency(t)
	v := h.built()
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- v.Run(ctx, h.store) }()
	h.on("2024-05-20")
	for i := range 20 {
		done := h.do("hr:R1", fmt.Sprintf("Q%d", i), officer.Enroll{FullName: "新人", Unit: "D1"})
		if err := v.WaitFor(ctx, done.Position); err != nil {
			t.Fatal(err)
		}
		if o, err := v.As(auditor).Officer(ctx, domain.OfficerID(fmt.Sprintf("Q%d", i))); err != nil || o == nil {
			t.Fatalf("officer %d recorded, waited for, and not seen: %v", i, err)
		}
	}
	waiting, stop := context.WithTimeout(ctx, 20*time.Millisecond)
	defer stop()
	if err := v.WaitFor(waiting, 1<<40); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for what was never recorded: %v", err)
	}
	cancel()
	if err := <-ran; !errors.Is(err, context.Canceled) {
		t.Errorf("Run ended with %v", err)
	}
}

// broken is a store with one bit flipped in the envelope at a position.

func TestReadOnlyViewsFollowTheirWriterAndChangeNothing(t *testing.T) {
	inFiles(t, "about files")
	h := agency(t)
	dir := t.TempDir()
	v := h.viewsIn(dir)
	ctx := context.Background()
	if err := v.CatchUp(ctx, upTo{h.store, 10}, nil); err != nil {
		t.Fatal(err)
	}
	opts := h.options()
	opts.ReadOnly = true
	r, err := open(t, dir, h.codec, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	h.catchUp(v)
	if err := r.WaitFor(ctx, lastPosition(t, h.store)); err != nil {
		t.Fatal(err)
	}
	if o, err := r.As(auditor).Officer(ctx, "P1"); err != nil || o == nil {
		t.Errorf("officer %v, %v", o, err)
	}
	for name, err := range map[string]error{
		"CatchUp": r.CatchUp(ctx, h.store, nil), "Run": r.Run(ctx, h.store), "Rebuild": r.Rebuild(ctx, h.store, nil),
	} {
		if err == nil {
			t.Errorf("%s on read-only views succeeded", name)
		}
	}
	if _, err := open(t, filepath.Join(dir, "none"), h.codec, opts); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading views that are not there: %v", err)
	}
	var _ io.Closer = r
}

func TestClosedViewsAnswerWithAnErrorAndDoNotHang(t *testing.T) {
	h := agency(t)
	v, err := open(t, t.TempDir(), h.codec, h.options())
	if err == nil {
		err = errors.Join(v.CatchUp(context.Background(), h.store, nil), v.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	ctx := context.Background()
	_, asked := v.As(auditor).Officer(ctx, "P1")
	for name, err := range map[string]error{"asking": asked, "Rebuild": v.Rebuild(ctx, h.store, nil)} {
		if err == nil {
			t.Errorf("%s closed views succeeded", name)
		}
	}
}

func TestWhatCannotBeOpenedIsNotDeleted(t *testing.T) {
	inFiles(t, "about files")
	h := agency(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "views.db")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if v, err := open(t, dir, h.codec, h.options()); err == nil {
		t.Errorf("opened a folder as a file of views, %v", v.Close())
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("it is gone: %v", err)
	}
}
