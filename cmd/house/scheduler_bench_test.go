package house

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/projections"
)

// BenchmarkPass measures one pass over 100,000 open clocks: when none is due,
// and when all are past their last day and were warned of. Run it with
// -benchtime 10x: the preparation takes most of a minute.
func BenchmarkPass(b *testing.B) {
	const open = 100_000
	ctx := context.Background()
	now := domain.MustDate("2024-03-04").In(time.UTC).Add(time.Hour)
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		b.Fatal(err)
	}
	signer, err := ledger.NewSigner(key)
	if err != nil {
		b.Fatal(err)
	}
	books, err := newBooks(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	store, codec := ledgertest.NewMemory(), ledger.NewCodec(catalog.New(), "bench.example/ledger")
	recorder := ledger.NewRecorder(ledger.RecorderConfig{Store: store, Signer: signer, Codec: codec, Book: books, Now: func() time.Time { return now }})
	for i := range open {
		_, err := recorder.Record(ctx, domain.Instruction{
			ID:      "receive",
			Command: complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "slow", Unit: "U1"},
			Act:     domain.Act{Subject: fmt.Sprintf("C%06d", i), Actor: "T1", Role: domain.RoleIntake},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	views, err := projections.Open(b.TempDir(), codec, projections.Options{Books: books})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := views.Close(); err != nil {
			b.Error(err)
		}
	}()
	s := &Scheduler{books: books, record: recorder.Record, views: views}
	pass := func(b *testing.B, want int) {
		if err := views.CatchUp(ctx, store, nil); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if p, err := s.Pass(ctx, now); err != nil || p.Warned != want {
				b.Fatalf("the pass did %+v, %v", p, err)
			}
		}
	}
	b.Run("nothing due", func(b *testing.B) { pass(b, 0) })
	now = now.AddDate(0, 1, 0)
	start := time.Now()
	if p, err := s.Pass(ctx, now); err != nil || p.Warned != open {
		b.Fatalf("the first pass did %+v, %v", p, err)
	}
	b.Logf("raising %d warnings took %s", open, time.Since(start).Round(time.Millisecond))
	b.Run("all late and warned of", func(b *testing.B) { pass(b, 0) })
}
