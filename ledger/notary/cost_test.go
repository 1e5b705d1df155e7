package notary

import (
	"context"
	"errors"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

// What a checkpoint over a group of 16 costs beside reading the group, with
// its file wherever TMPDIR is.
func BenchmarkCheckpoint(b *testing.B) {
	d := newDesk(b)
	d.mass(16)
	leaves := make([]leaf, 16)
	for i := range leaves {
		leaves[i] = leafOf(d.store.events[i])
	}
	n := d.open(b)
	for b.Loop() {
		for i := range leaves {
			leaves[i].position += 1000
		}
		if err := n.extend(context.Background(), leaves, true); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	if err := n.Close(); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkProve(b *testing.B) {
	d := newDesk(b)
	d.mass(200_000)
	n := d.open(b)
	if err := n.CatchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		i = (i + 104_729) % 200_000
		if _, err := n.Prove(d.store.events[i]); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	if err := n.Close(); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkVerifyLog(b *testing.B) {
	d := newDesk(b)
	src := copyOf(b, entriesOf(b, d, 5_000, 300), d.trust, d.signer)
	for b.Loop() {
		if _, _, err := VerifyLog(b.Context(), src, VerifyConfig{Trust: d.trust, Catalog: doors}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*5_000)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkSignature(b *testing.B) {
	d := newDesk(b)
	e := d.event(b, "D1", 1)
	env, err := ledger.OpenEnvelope(e.Envelope)
	keys, bad := ledger.NewKeyring(d.trust.Events...)
	if err = errors.Join(err, bad); err != nil {
		b.Fatal(err)
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := keys.Verify(env); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
