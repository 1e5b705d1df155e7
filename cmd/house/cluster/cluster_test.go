package cluster_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/projections/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const origin = "probity.example/test"

// member opens the part of one process.
func member(t *testing.T, url, name string) *cluster.Cluster {
	t.Helper()
	c, err := cluster.Open(t.Context(), url, cluster.Options{Origin: origin, Name: name, Sessions: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// within fails the test when f takes longer.
func within(t *testing.T, d time.Duration, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(d):
		t.Fatalf("%s: not within %s", what, d)
	}
}

// execute runs a statement beside the members.
func execute(t *testing.T, url, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// hangUpOn ends the sessions of a member, as a server does that shuts down.
func hangUpOn(t *testing.T, url, name string) {
	t.Helper()
	execute(t, url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", "probity "+name)
}

func TestSeveralProcessesOpenAtOnce(t *testing.T) {
	url := pgtest.Database(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c, err := cluster.Open(t.Context(), url, cluster.Options{Origin: origin})
			if err != nil {
				t.Error(err)
				return
			}
			c.Close()
		})
	}
	wg.Wait()
}

func TestOpenNamesWhatIsWrongAndNoPassword(t *testing.T) {
	for name, url := range map[string]string{
		"malformed":   "postgres://probity:geheim@127.0.0.1:port/x",
		"unreachable": "postgres://probity:geheim@127.0.0.1:1/x?connect_timeout=1",
	} {
		_, err := cluster.Open(t.Context(), url, cluster.Options{Origin: origin})
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := cluster.Open(t.Context(), "", cluster.Options{}); err == nil {
		t.Error("a cluster of no ledger was opened")
	}
}

func TestAPoolerIsRefused(t *testing.T) {
	url := pooled(t, pgtest.Database(t))
	if _, err := cluster.Open(t.Context(), url, cluster.Options{Origin: origin}); !errors.Is(err, cluster.ErrPooler) {
		t.Errorf("got %v", err)
	}
}
