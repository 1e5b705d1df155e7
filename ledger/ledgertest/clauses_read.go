package ledgertest

import (
	"context"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

// many is more events than a store is likely to read at one go.
const many = 2500

// fill records n events, in turn on a handful of streams.
func fill(t *testing.T, s ledger.Store, n int) []ledger.Stored {
	t.Helper()
	streams := []string{"a", "b", "c"}
	heads := map[string]ledger.Revision{"a": -1, "b": -1, "c": -1}
	for i, left := 0, n; left > 0; i++ {
		stream, size := streams[i%len(streams)], min(left, 1+(i*37)%ledger.MaxAppend)
		heads[stream] = mustAppend(t, s, stream, heads[stream], entries(size)...).Revision
		left -= size
	}
	return readAll(t, s, ledger.Start)
}

var reading = []clause{
	{"an empty ledger and an unknown stream yield nothing", func(t *testing.T, s ledger.Store) {
		wantEmpty(t, s)
		mustAppend(t, s, "a", ledger.NoStream, entry("x"))
		if got := readStream(t, s, "b", 0); len(got) != 0 {
			t.Fatalf("an unknown stream gave %v", got)
		}
	}},
	{"reading everything gives every event once and in order", func(t *testing.T, s ledger.Store) {
		got := fill(t, s, many)
		if len(got) != many {
			t.Fatalf("read %d events, want %d", len(got), many)
		}
		wantOrder(t, got)
	}},
	{"reading after any position gives exactly what follows it", func(t *testing.T, s ledger.Store) {
		all := fill(t, s, many)
		for _, i := range []int{0, 1, 998, 999, 1000, 1001, many - 2, many - 1} {
			if diff := diffEvents(all[i+1:], readAll(t, s, all[i].Position)); diff != "" {
				t.Fatalf("after event %d (-want +got):\n%s", i, diff)
			}
		}
		if got := readAll(t, s, all[many-1].Position+1000); len(got) != 0 {
			t.Fatalf("after the end came %v", got)
		}
	}},
	{"reading a stream from any revision gives exactly what follows", func(t *testing.T, s ledger.Store) {
		var want []ledger.Stored
		for _, e := range fill(t, s, 2*many) {
			if e.Stream == "b" {
				want = append(want, e)
			}
		}
		for _, from := range []int{0, 1, 999, 1000, 1001, len(want) - 1, len(want)} {
			if diff := diffEvents(want[from:], readStream(t, s, "b", ledger.Revision(from))); diff != "" {
				t.Fatalf("from revision %d (-want +got):\n%s", from, diff)
			}
		}
		if got := readStream(t, s, "b", ledger.Revision(len(want)+10)); len(got) != 0 {
			t.Fatalf("behind the end came %v", got)
		}
	}},
	{"a read that is broken off leaves the store usable", func(t *testing.T, s ledger.Store) {
		fill(t, s, 20)
		for range 50 {
			for _, err := range s.ReadAll(t.Context(), ledger.Start) {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			for _, err := range s.ReadStream(t.Context(), "a", 0) {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
		}
		mustAppend(t, s, "later", ledger.NoStream, entry("x"))
		if got := readAll(t, s, ledger.Start); len(got) != 21 {
			t.Fatalf("read %d events, want 21", len(got))
		}
	}},
	{"appending and reading from inside a read does not block", func(t *testing.T, s ledger.Store) {
		fill(t, s, 20)
		n := ledger.Revision(0)
		for e, err := range s.ReadAll(t.Context(), ledger.Start) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Stream == "echo" || n == 5 {
				break
			}
			mustAppend(t, s, "echo", n-1, entry("echo %d", n))
			n++
			if got := readStream(t, s, "echo", 0); len(got) != int(n) {
				t.Fatalf("read %d echoes, want %d", len(got), n)
			}
		}
	}},
	{"a sequence can be read again from its beginning", func(t *testing.T, s ledger.Store) {
		want := fill(t, s, 20)
		all := s.ReadAll(t.Context(), ledger.Start)
		for range 2 {
			got, err := collect(all)
			if err != nil {
				t.Fatal(err)
			}
			if diff := diffEvents(want, got); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
		}
	}},
	{"a read whose context has ended yields only its error", func(t *testing.T, s ledger.Store) {
		fill(t, s, 5)
		for name, seq := range map[string]func(func(ledger.Stored, error) bool){
			"ReadAll":    s.ReadAll(canceled(), ledger.Start),
			"ReadStream": s.ReadStream(canceled(), "a", 0),
			"Subscribe":  s.Subscribe(canceled(), ledger.Start),
		} {
			got, err := collect(seq)
			if len(got) != 0 {
				t.Errorf("%s yielded %d events", name, len(got))
			}
			wantError(t, err, context.Canceled)
		}
	}},
	{"a read whose context ends midway ends with its error and nothing after", func(t *testing.T, s ledger.Store) {
		fill(t, s, many)
		for _, after := range []int{1, many / 2} {
			ctx, cancel := context.WithCancel(t.Context())
			var events, errs int
			for _, err := range s.ReadAll(ctx, ledger.Start) {
				switch {
				case err != nil:
					wantError(t, err, context.Canceled)
					errs++
				case errs > 0:
					t.Fatal("an event came after the error")
				default:
					events++
				}
				if events == after {
					cancel()
				}
			}
			cancel()
			if errs != 1 || events == many {
				t.Fatalf("canceled after %d: %d events and %d errors came", after, events, errs)
			}
		}
	}},
}
