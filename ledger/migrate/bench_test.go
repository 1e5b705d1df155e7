package migrate_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
	"github.com/probity-ledger/probity/ledger/kurrent"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/ledger/migrate"
)

// BenchmarkMigrate moves events of the usual size between a file and a server
// in this process: copied in runs of one event, the worst there is, and
// compared.
func BenchmarkMigrate(b *testing.B) {
	onDisk := func(b *testing.B) ledger.Store {
		s, err := embedded.Open(b.TempDir(), embedded.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { s.Close() })
		return s
	}
	onServer := func(b *testing.B) ledger.Store {
		s, err := kurrent.Open(b.Context(), kurrent.Options{URL: kurrenttest.Start(b, kurrenttest.Options{}).URL()})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { s.Close() })
		return s
	}
	for _, way := range []struct {
		name     string
		from, to func(*testing.B) ledger.Store
	}{{"to a server", onDisk, onServer}, {"to a file", onServer, onDisk}} {
		b.Run(way.name, func(b *testing.B) {
			from, to := way.from(b), way.to(b)
			const streams = 16
			envelope := make([]byte, 900)
			for i := range b.N { // in turn, so that every run is one event
				expected := ledger.Revision(i/streams) - 1
				if _, err := from.Append(b.Context(), "unit-"+string(rune('a'+i%streams)), expected, []ledger.Entry{{ID: uuid.New(), Envelope: envelope}}); err != nil {
					b.Fatal(err)
				}
			}
			b.ResetTimer()
			if _, err := migrate.Copy(b.Context(), migrate.Config{From: from, To: to}); err != nil {
				b.Fatal(err)
			}
			copied := b.Elapsed()
			for _, err := range migrate.Pairs(b.Context(), from, to) {
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/copied.Seconds(), "copied/s")
			b.ReportMetric(float64(b.N)/(b.Elapsed()-copied).Seconds(), "compared/s")
		})
	}
}
