package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

func TestVerifyPassesOnWhatWasRecorded(t *testing.T) {
	for _, alg := range algorithms {
		for _, fast := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s fast=%t", alg, fast), func(t *testing.T) {
				b := newBench(t, alg)
				for i := range 20 {
					b.record(t, nominate(fmt.Sprintf("R%d", i), 0), verifyMerit(fmt.Sprintf("R%d", i), 0))
				}
				report, err := b.verify(t, fast)
				if err != nil {
					t.Fatal(err)
				}
				if report.Events != 40 || report.Streams != 20 || report.LastPosition != 40 || report.Signatures[b.signer.ID()] != 40 {
					t.Errorf("report %+v does not tell of 40 events in 20 streams", report)
				}
			})
		}
	}
}

func TestVerifyFindsEverySingleBitChange(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	b.record(t, nominate("R1", 0), verifyMerit("R1", 0))
	good := b.store.snapshot()
	step := 1
	if testing.Short() {
		step = 7
	}
	for i, stored := range good {
		for bit := 0; bit < 8*len(stored.Envelope); bit += step {
			b.store.events = slices.Clone(good)
			bad := slices.Clone(stored.Envelope)
			bad[bit/8] ^= 1 << (bit % 8)
			b.store.events[i].Envelope = bad
			_, err := ledger.Verify(t.Context(), b.store, ledger.VerifyConfig{Codec: b.codec, Keys: b.keys, Fast: bit%2 == 0, Workers: 1})
			failure, ok := errors.AsType[*ledger.IntegrityError](err)
			if !ok || failure.Position != stored.Position {
				t.Fatalf("bit %d of event %d flipped: got %v, want an integrity failure at its position", bit, i, err)
			}
		}
	}
}

func TestVerifyFindsTampering(t *testing.T) {
	type events = []ledger.Stored
	cases := []struct {
		name   string
		tamper func(e events) events
		what   string
	}{
		{"a row in the middle of a stream is missing", func(e events) events { return slices.Delete(e, 1, 2) }, "revision 1 is missing"},
		{"the first row of a stream is missing", func(e events) events { return slices.Delete(e, 0, 1) }, "begins at revision 1"},
		{"two events of a stream are swapped", func(e events) events {
			e[0].Envelope, e[1].Envelope = e[1].Envelope, e[0].Envelope
			return e
		}, "was signed for"},
		{"an event is filed in another stream", func(e events) events {
			e[3].Stream = "reward-R9"
			return e
		}, "was signed for"},
		{"an event is filed under another id", func(e events) events {
			e[0].ID = e[1].ID
			return e
		}, "filed as"},
		{"an event is recorded twice", func(e events) events {
			again := e[2]
			again.Position = 5
			return append(e, again)
		}, "revision 3 is missing"},
		{"positions run backwards", func(e events) events {
			e[3].Position = 2
			return e
		}, "positions do not rise"},
		{"an envelope is cut short", func(e events) events {
			e[1].Envelope = e[1].Envelope[:len(e[1].Envelope)-3]
			return e
		}, "malformed signature list"},
		{"an envelope is empty", func(e events) events {
			e[1].Envelope = nil
			return e
		}, "not a DSSE envelope"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, ledger.Ed25519)
			b.record(t, nominate("R1", 0), verifyMerit("R1", 0), publiciseR1, nominate("R2", 0))
			b.store.events = c.tamper(b.store.events)
			_, err := b.verify(t, false)
			if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok || !strings.Contains(err.Error(), c.what) {
				t.Fatalf("got %v, want an integrity failure that says %q", err, c.what)
			}
		})
	}
}

func TestVerifyRefusesForeignLedgersAndKeys(t *testing.T) {
	b, other := newBench(t, ledger.Ed25519), newBench(t, ledger.Ed25519)
	b.record(t, nominate("R1", 0))
	_, err := ledger.Verify(t.Context(), b.store, ledger.VerifyConfig{Codec: b.codec, Keys: other.keys})
	if err == nil || !strings.Contains(err.Error(), "does not know") {
		t.Errorf("with a foreign key: got %v", err)
	}
	foreign := ledger.NewCodec(b.codec.Catalog(), "probity.test/elsewhere")
	_, err = ledger.Verify(t.Context(), b.store, ledger.VerifyConfig{Codec: foreign, Keys: b.keys})
	if err == nil || !strings.Contains(err.Error(), "another ledger") {
		t.Errorf("with a foreign origin: got %v", err)
	}
}

func TestVerifyReportsTheFirstFailure(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	for i := range 700 {
		b.record(t, nominate(fmt.Sprintf("R%d", i), 0))
	}
	for _, at := range []int{650, 300, 5} {
		b.store.events[at].Envelope = nil
		_, err := b.verify(t, true)
		failure, ok := errors.AsType[*ledger.IntegrityError](err)
		if !ok || failure.Position != ledger.Position(at+1) {
			t.Fatalf("got %v, want the failure at position %d", err, at+1)
		}
	}
}

func BenchmarkVerify(bm *testing.B) {
	b := newBench(bm, ledger.Ed25519)
	for i := range 20_000 {
		entry, _ := sealed(bm, b, fmt.Sprintf("R%d", i))
		b.store.events = append(b.store.events, ledger.Stored{Position: ledger.Position(i + 1), Stream: fmt.Sprintf("reward-R%d", i), ID: entry.ID, Envelope: entry.Envelope})
	}
	for _, fast := range []bool{false, true} {
		bm.Run(fmt.Sprintf("fast=%t", fast), func(bm *testing.B) {
			for bm.Loop() {
				if _, err := b.verify(bm, fast); err != nil {
					bm.Fatal(err)
				}
			}
			bm.ReportMetric(float64(bm.N*20_000)/bm.Elapsed().Seconds(), "events/s")
		})
	}
}

// A verification cut short must never look like one that passed.
func TestVerifyCancelledOnTheWayFails(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	for i := range 600 {
		entry, _ := sealed(t, b, fmt.Sprintf("R%d", i))
		b.store.events = append(b.store.events, ledger.Stored{Position: ledger.Position(i + 1), Stream: fmt.Sprintf("reward-R%d", i), ID: entry.ID, Envelope: entry.Envelope})
	}
	for at := 0; at < 600; at += 7 {
		ctx, cancel := context.WithCancel(t.Context())
		store := &faulty{Store: b.store, readAll: func(n int) {
			if n == at {
				cancel()
			}
		}}
		report, err := ledger.Verify(ctx, store, ledger.VerifyConfig{Codec: b.codec, Keys: b.keys, Fast: true})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("cancelled after %d events: got %d events and %v", at, report.Events, err)
		}
	}
}

func TestVerifyFindsAnEventDatedBack(t *testing.T) {
	b := newLampBench(t)
	r := b.newRecorder()
	if _, err := r.Record(t.Context(), onLamp("1", light{"li", 1})); err != nil {
		t.Fatal(err)
	}
	first := b.events(t)[0]
	act := first.Act
	act.RecordedAt = act.RecordedAt.Add(-time.Hour)
	act.OccurredAt = act.RecordedAt
	id := ledger.EventIDOf(first.Stream, "2", 0)
	payload, err := b.codec.Encode(domain.Recorded{ID: domain.EventID(id.String()), Stream: first.Stream, Revision: 1, Act: act, Event: lit{"li"}}, ledger.HashPayload(first.Payload))
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := ledger.Seal(payload, b.signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.memory.Append(t.Context(), first.Stream, 0, []ledger.Entry{{ID: id, Envelope: envelope}}); err != nil {
		t.Fatal(err)
	}
	_, err = ledger.Verify(t.Context(), b.memory, ledger.VerifyConfig{Codec: b.codec, Keys: b.keys})
	if err == nil || !strings.Contains(err.Error(), "recorded before its predecessor") {
		t.Errorf("verify: got %v", err)
	}
	_, err = b.newRecorder().Record(t.Context(), onLamp("3", light{"li", 1}))
	if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok {
		t.Errorf("record: got %v, want an integrity failure", err)
	}
}
