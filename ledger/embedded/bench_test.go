package embedded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

// A signed event of the ledger has about this many bytes.
const benchEnvelope = 900

func benchEntry() ledger.Entry {
	return ledger.Entry{ID: uuid.New(), Envelope: make([]byte, benchEnvelope)}
}

// BenchmarkAppend measures durable appends of one ready event by concurrent
// callers, each on a stream of its own. Compare 1 with BenchmarkRawSync and
// the others with BenchmarkRawInsert of the same number.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s, err := Open(b.TempDir(), Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			entries := make([]ledger.Entry, b.N)
			for i := range entries {
				entries[i] = benchEntry()
			}
			took := make([]time.Duration, b.N)
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for w := range writers {
				wg.Go(func() {
					stream, at := fmt.Sprintf("officer-%d", w), ledger.NoStream
					for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
						start := time.Now()
						done, err := s.Append(context.Background(), stream, at, entries[i:i+1])
						if err != nil {
							b.Error(err)
							return
						}
						took[i], at = time.Since(start), done.Revision
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			reportRate(b, b.N)
			slices.Sort(took)
			b.ReportMetric(float64(took[b.N*99/100].Microseconds())/1e3, "p99-ms")
			b.ReportMetric(float64(took[b.N-1].Microseconds())/1e3, "max-ms")
		})
	}
}

// BenchmarkRawSync is the floor under one writer: write 4 KiB and sync.
func BenchmarkRawSync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, pageSize)
	for b.Loop() {
		if _, err := f.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	reportRate(b, b.N)
}

// BenchmarkRawInsert is what SQLite does alone, in one goroutine, with rows
// of the same size and as many per transaction as there are writers.
func BenchmarkRawInsert(b *testing.B) {
	for _, group := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("group=%d", group), func(b *testing.B) {
			conn, err := sqlite3.Open(filepath.Join(b.TempDir(), "raw.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer closeConn(conn)
			if err := conn.Exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; " +
				"CREATE TABLE raw (id INTEGER PRIMARY KEY, envelope BLOB NOT NULL) STRICT"); err != nil {
				b.Fatal(err)
			}
			stmt, _, err := conn.Prepare("INSERT INTO raw (envelope) VALUES (?)")
			if err != nil {
				b.Fatal(err)
			}
			envelope := make([]byte, benchEnvelope)
			b.ResetTimer()
			for done := 0; done < b.N; {
				tx, err := conn.BeginImmediate()
				if err != nil {
					b.Fatal(err)
				}
				for i := 0; i < group && done < b.N; i, done = i+1, done+1 {
					if err := stmt.BindBlob(1, envelope); err != nil {
						b.Fatal(err)
					}
					if err := stmt.Exec(); err != nil {
						b.Fatal(err)
					}
				}
				if err := tx.Commit(); err != nil {
					b.Fatal(err)
				}
			}
			reportRate(b, b.N)
		})
	}
}

// BenchmarkReadAll reads a ledger of 100,000 events from one end to the other.
func BenchmarkReadAll(b *testing.B) {
	const events = 100_000
	s, err := Open(b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	fill(b, s, events, 1000)
	for b.Loop() {
		n := 0
		for _, err := range s.ReadAll(context.Background(), ledger.Start) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != events {
			b.Fatalf("read %d of %d events", n, events)
		}
	}
	reportRate(b, b.N*events)
}

// BenchmarkReadStream loads a stream of ten events, as every command does.
func BenchmarkReadStream(b *testing.B) {
	s, err := Open(b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	fill(b, s, 10_000, 1000)
	for i := 0; b.Loop(); i++ {
		for _, err := range s.ReadStream(context.Background(), fmt.Sprintf("officer-%d", i%1000), 0) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// fill appends events, ten to a stream at a time, over the given number of
// streams.
func fill(tb testing.TB, s *Store, events, streams int) {
	tb.Helper()
	const each = 10
	heads := make([]ledger.Revision, streams)
	for i := range heads {
		heads[i] = ledger.NoStream
	}
	for i := 0; i < events/each; i++ {
		entries := make([]ledger.Entry, each)
		for j := range entries {
			entries[j] = benchEntry()
		}
		at := i % streams
		done, err := s.Append(context.Background(), fmt.Sprintf("officer-%d", at), heads[at], entries)
		if err != nil {
			tb.Fatal(err)
		}
		heads[at] = done.Revision
	}
}

func reportRate(b *testing.B, n int) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}
