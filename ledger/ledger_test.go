package ledger_test

import (
	"context"
	"crypto"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/ledger"
)

// shelf is the least store there can be: a slice. It keeps the promises the
// tests of this package need, and lets them tamper with what it holds.
type shelf struct {
	mu     sync.Mutex
	events []ledger.Stored
}

func (s *shelf) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := ledger.NoStream
	for _, e := range s.events {
		if e.Stream == stream {
			last = e.Revision
		}
	}
	if last != expected {
		return ledger.Appended{}, ledger.ErrWrongRevision
	}
	for _, e := range entries {
		last++
		s.events = append(s.events, ledger.Stored{
			Position: ledger.Position(len(s.events) + 1), Stream: stream, Revision: last, ID: e.ID, Envelope: e.Envelope,
		})
	}
	return ledger.Appended{Revision: last, Position: ledger.Position(len(s.events))}, nil
}

func (s *shelf) snapshot() []ledger.Stored {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]ledger.Stored(nil), s.events...)
}

func (s *shelf) ReadStream(ctx context.Context, stream string, from ledger.Revision) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for _, e := range s.snapshot() {
			if e.Stream == stream && e.Revision >= from && !yield(e, nil) {
				return
			}
		}
	}
}

func (s *shelf) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for _, e := range s.snapshot() {
			if e.Position > after && !yield(e, nil) {
				return
			}
		}
	}
}

func (s *shelf) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return s.ReadAll(ctx, after)
}

func (s *shelf) Close() error { return nil }

// bench is a small ledger with everything around it.
type bench struct {
	store    *shelf
	codec    *ledger.Codec
	signer   *ledger.Signer
	keys     *ledger.Keyring
	recorder *ledger.Recorder
}

// rsaKey is made once: that takes long.
var rsaKey = sync.OnceValues(func() (crypto.PrivateKey, error) { return ledger.GenerateKey(ledger.RSA3072) })

// newKey makes a key; of RSA it is always the same one.
func newKey(t testing.TB, alg ledger.Algorithm) crypto.PrivateKey {
	t.Helper()
	generate := rsaKey
	if alg != ledger.RSA3072 {
		generate = func() (crypto.PrivateKey, error) { return ledger.GenerateKey(alg) }
	}
	key, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newBench(t testing.TB, alg ledger.Algorithm, reactions ...domain.Reaction) *bench {
	t.Helper()
	b := &bench{store: &shelf{}, codec: ledger.NewCodec(catalog.New(), "probity.test/ledger")}
	var err error
	if b.signer, err = ledger.NewSigner(newKey(t, alg)); err != nil {
		t.Fatal(err)
	}
	if b.keys, err = ledger.NewKeyring(b.signer.Public()); err != nil {
		t.Fatal(err)
	}
	b.recorder = b.newRecorder(b.store, reactions...)
	return b
}

func (b *bench) newRecorder(store ledger.Store, reactions ...domain.Reaction) *ledger.Recorder {
	return ledger.NewRecorder(ledger.RecorderConfig{
		Store: store, Signer: b.signer, Codec: b.codec, Book: domain.CN2024(), Reactions: reactions,
		Now: func() time.Time { return time.Date(2024, 3, 4, 9, 30, 0, 123456789, time.UTC) },
	})
}

func (b *bench) verify(t testing.TB, fast bool) (ledger.Report, error) {
	t.Helper()
	return ledger.Verify(t.Context(), b.store, ledger.VerifyConfig{Codec: b.codec, Keys: b.keys, Fast: fast})
}

func nominate(id string, n int) domain.Instruction {
	return domain.Instruction{
		ID:      fmt.Sprintf("nominate-%s-%d", id, n),
		Command: reward.Nominate{Unit: "U7", Honour: "commendation", Merit: "diligence 勤"},
		Act:     domain.Act{Subject: id, Actor: "hr-li", Role: domain.RoleHR},
	}
}

func verifyMerit(id string, n int) domain.Instruction {
	return domain.Instruction{
		ID:      fmt.Sprintf("verify-%s-%d", id, n),
		Command: reward.Verify{Opinion: "borne out"},
		Act:     domain.Act{Subject: id, Actor: "hr-wu", Role: domain.RoleHR},
	}
}

func (b *bench) record(t testing.TB, instructions ...domain.Instruction) {
	t.Helper()
	for _, in := range instructions {
		if _, err := b.recorder.Record(t.Context(), in); err != nil {
			t.Fatalf("record %s: %v", in.ID, err)
		}
	}
}

// rewardNominated is what nominate decides.
var rewardNominated = reward.Nominated{Unit: "U7", Honour: "commendation", Merit: "diligence 勤"}
