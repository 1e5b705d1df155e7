package kurrent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// realServer names a server to run the suite against: its connection string.
const realServer = "PROBITY_TEST_KURRENTDB"

// whole is a bound that lets the largest append of the contract pass.
const whole = ledger.MaxAppend * (ledger.MaxEnvelope + eventOverhead)

func TestStore(t *testing.T) {
	ledgertest.Run(t, func(t *testing.T) ledger.Store {
		server, err := kurrenttest.Listen("127.0.0.1:0", kurrenttest.Options{MaxAppend: whole})
		if err != nil {
			t.Fatal(err)
		}
		return &alone{start(t, Options{URL: server.URL(), MaxAppendBytes: whole}), server}
	})
	server := kurrenttest.Start(t, kurrenttest.Options{MaxAppend: whole})
	ledgertest.RunDurable(t, durable(server.URL(), whole))
}

// alone is a store with a server of its own, which ends with it.
type alone struct {
	*Store
	server *kurrenttest.Server
}

// Close implements [ledger.Store].
func (a *alone) Close() error { return errors.Join(a.Store.Close(), a.server.Close()) }

// durable opens the same ledger again for the same folder, which stands for
// its prefix.
func durable(url string, maxAppend int) func(*testing.T, string) ledger.Store {
	prefixes := make(map[string]string)
	return func(t *testing.T, dir string) ledger.Store {
		if prefixes[dir] == "" {
			prefixes[dir] = newPrefix()
		}
		return start(t, Options{URL: url, Prefix: prefixes[dir], MaxAppendBytes: maxAppend})
	}
}

var prefixes atomic.Int64

// newPrefix is one that no other ledger has, also not on a server that other
// tests have used.
func newPrefix() string {
	return fmt.Sprintf("t%d-%s-", prefixes.Add(1), uuid.NewString()[:8])
}

// start opens a store that is closed when the test ends, if not before.
func start(t testing.TB, o Options) *Store {
	t.Helper()
	if o.Logger == nil {
		o.Logger = logger(t)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	s, err := Open(ctx, o)
	if err != nil {
		t.Fatalf("open %s: %v", Redact(o.URL), err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// logger is silent, unless a test is run with PROBITY_TEST_LOG.
func logger(testing.TB) *slog.Logger {
	if os.Getenv("PROBITY_TEST_LOG") == "" {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
