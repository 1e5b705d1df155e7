package ledger_test

import (
	"crypto/ed25519"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// BenchmarkRecord measures whole commands by 256 goroutines, each on streams
// of its own, over the store in memory: fold, decide, encode, sign. Compare
// with raw, the bare signing of as many messages by as many goroutines.
func BenchmarkRecord(bm *testing.B) {
	const writers, commands = 256, 40
	b := newBench(bm, ledger.Ed25519)
	_, priv, err := ed25519.GenerateKey(nil)
	if err != nil {
		bm.Fatal(err)
	}
	all := func(bm *testing.B, work func(writer, n int)) {
		for bm.Loop() {
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for n := range commands {
						work(w, n)
					}
				})
			}
			wg.Wait()
		}
		bm.ReportMetric(float64(bm.N*writers*commands)/bm.Elapsed().Seconds(), "commands/s")
	}
	bm.Run("raw", func(bm *testing.B) {
		message := make([]byte, 600)
		all(bm, func(int, int) { ed25519.Sign(priv, message) })
	})
	bm.Run("record", func(bm *testing.B) {
		recorder := ledger.NewRecorder(ledger.RecorderConfig{
			Store: ledgertest.NewMemory(), Signer: b.signer, Codec: b.codec, Book: domain.CN2024(), Now: time.Now,
		})
		var next atomic.Int64
		bm.ReportAllocs()
		all(bm, func(writer, n int) {
			in := nominate(fmt.Sprintf("R%d-%d", writer, next.Add(1)), 0)
			if _, err := recorder.Record(bm.Context(), in); err != nil {
				bm.Error(err)
			}
		})
	})
}
