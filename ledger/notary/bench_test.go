package notary

import (
	"context"
	"crypto"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"
	"golang.org/x/mod/sumdb/note"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The door is a room with one event, for ledgers that need no more.
type door struct{ Times int }

type doorOpened struct {
	By string `json:"by"`
}

func (doorOpened) Kind() domain.Kind           { return "door.opened.v1" }
func (doorOpened) Apply(d *door, _ domain.Act) { d.Times++ }

var doors = domain.NewCatalog(domain.NewAggregate("door", "门", []domain.EventOf[door]{doorOpened{}}, nil))

// shelf is a store that can be tampered with. Its positions leave gaps.
type shelf struct {
	mu      sync.Mutex
	events  []ledger.Stored
	changed chan struct{}
}

func newShelf() *shelf { return &shelf{changed: make(chan struct{})} }

// put appends events as one group.
func (s *shelf) put(events ...ledger.Stored) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, events...)
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *shelf) Append(context.Context, string, ledger.Revision, []ledger.Entry) (ledger.Appended, error) {
	panic("not needed here")
}

func (s *shelf) ReadStream(context.Context, string, ledger.Revision) iter.Seq2[ledger.Stored, error] {
	panic("not needed here")
}

func (s *shelf) after(p ledger.Position) ([]ledger.Stored, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, _ := slices.BinarySearchFunc(s.events, p+1, func(e ledger.Stored, p ledger.Position) int { return int(e.Position) - int(p) })
	return slices.Clone(s.events[i:]), s.changed
}

func (s *shelf) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		events, _ := s.after(after)
		for _, e := range events {
			if ctx.Err() != nil {
				yield(ledger.Stored{}, ctx.Err())
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (s *shelf) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for {
			events, changed := s.after(after)
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
				after = e.Position
			}
			select {
			case <-changed:
			case <-ctx.Done():
				yield(ledger.Stored{}, ctx.Err())
				return
			}
		}
	}
}

func (s *shelf) Close() error { return nil }

const testOrigin = "probity.test/doors"

// desk has what a log needs.
type desk struct {
	store  *shelf
	dir    string
	signer *ledger.Signer
	trust  Trust
	codec  *ledger.Codec
	last   map[string]ledger.Hash
	count  map[string]int64
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{store: newShelf(), dir: t.TempDir(), codec: ledger.NewCodec(doors, testOrigin), last: map[string]ledger.Hash{}, count: map[string]int64{}}
	d.signer = newSigner(t)
	d.trust = trustOf(t, testOrigin, d.signer)
	return d
}

func newSigner(t testing.TB) *ledger.Signer {
	t.Helper()
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func trustOf(t testing.TB, origin string, signer *ledger.Signer) Trust {
	t.Helper()
	vkey, err := VerifierKey(origin, signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	return Trust{Origin: origin, Log: []string{vkey}, Events: []crypto.PublicKey{signer.Public()}}
}

func (d *desk) keys(t testing.TB) []note.Verifier {
	t.Helper()
	return trustKeys(t, d.trust)
}

// event makes the next event of a stream, signed, at the next position. It is
// not in the store yet.
func (d *desk) event(t testing.TB, id string, position ledger.Position) ledger.Stored {
	t.Helper()
	stream := domain.Ref{Type: "door", ID: id}.Stream()
	revision := d.count[stream]
	name := ledger.EventIDOf(stream, fmt.Sprint(revision), 0)
	at := domaintest.Now.Add(time.Duration(position) * time.Second)
	payload, err := d.codec.Encode(domain.Recorded{
		ID: domain.EventID(name.String()), Stream: stream, Revision: revision,
		Act:   domain.Act{Subject: id, Actor: "li", Role: domain.RoleHR, RecordedAt: at, OccurredAt: at, Rulebook: "cn-2024"},
		Event: doorOpened{By: "li " + strings.Repeat("x", int(position)%7)},
	}, d.last[stream])
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := ledger.Seal(payload, d.signer)
	if err != nil {
		t.Fatal(err)
	}
	d.last[stream], d.count[stream] = ledger.HashPayload(payload), revision+1
	return ledger.Stored{Position: position, Stream: stream, Revision: ledger.Revision(revision), ID: name, Envelope: envelope}
}

// record puts so many events on as many doors as are wanted into the store.
func (d *desk) record(t testing.TB, events, streams int) {
	t.Helper()
	for range events {
		n := len(d.store.events)
		d.store.put(d.event(t, fmt.Sprintf("D%d", n%streams), gapped(n)))
	}
}

// gapped is the position of the n-th event: gaps come and go.
func gapped(n int) ledger.Position { return ledger.Position(n + 1 + 3*(n/5)) }

// mass puts entries that are no events, cheaply; the tree takes any bytes.
func (d *desk) mass(n int) {
	events := make([]ledger.Stored, n)
	for i := range events {
		at := len(d.store.events) + i
		events[i] = ledger.Stored{Position: gapped(at), Stream: "door-M", Revision: ledger.Revision(at), ID: uuid.UUID{byte(at)}, Envelope: fmt.Appendf(nil, "entry %d", at)}
	}
	d.store.put(events...)
}

func (d *desk) config(t testing.TB) Config {
	return Config{Store: d.store, Origin: testOrigin, Signer: d.signer, Keys: d.keys(t)}
}

// open opens the log for signing.
func (d *desk) open(t testing.TB) *Notary {
	t.Helper()
	n, err := Open(d.dir, d.config(t))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// signed opens the log, signs over all there is, and leaves it open.
func (d *desk) signed(t testing.TB) *Notary {
	t.Helper()
	n := d.open(t)
	t.Cleanup(func() { n.Close() })
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n
}

func trustKeys(t testing.TB, trust Trust) []note.Verifier {
	t.Helper()
	keys, err := trust.Verifiers(testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// leavesFrom are the leaves of the events in the store from index on.
func (d *desk) leavesFrom(index int64) []leaf {
	var out []leaf
	for _, s := range d.store.events[index:] {
		out = append(out, leafOf(s))
	}
	return out
}
