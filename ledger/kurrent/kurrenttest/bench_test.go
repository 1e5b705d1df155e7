package kurrenttest_test

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// What the server and the bare client take together, for whoever measures
// something that stands on them.
func BenchmarkAppend(b *testing.B) {
	c := dial(b, kurrenttest.Start(b, kurrenttest.Options{}).URL())
	var writer atomic.Int64
	text := string(make([]byte, 700))
	b.SetParallelism(64)
	b.RunParallel(func(pb *testing.PB) {
		stream := fmt.Sprint("s-", writer.Add(1))
		for pb.Next() {
			if _, err := c.AppendToStream(b.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, event(text)); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkReadAll(b *testing.B) {
	c := dial(b, kurrenttest.Start(b, kurrenttest.Options{}).URL())
	text := string(make([]byte, 700))
	batch := make([]esdb.EventData, 100)
	for range 100 {
		for i := range batch {
			batch[i] = event(text)
		}
		mustAppend(b, c, "s", esdb.Any{}, batch...)
	}
	b.ResetTimer()
	for n := 0; n < b.N; {
		r, err := c.ReadAll(b.Context(), esdb.ReadAllOptions{From: esdb.Start{}}, 1<<40)
		if err != nil {
			b.Fatal(err)
		}
		for ; ; n++ {
			if _, err := r.Recv(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
		r.Close()
	}
}
