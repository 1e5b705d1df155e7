package cluster_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// failover is how long another may take to lead.
const failover = 10 * time.Second

// term is a term of a member that lasts until the test ends it.
type term struct {
	began chan context.Context
	end   chan error
	over  chan error // what Lead returned
}

func campaign(t *testing.T, c *cluster.Cluster) *term {
	t.Helper()
	x := &term{began: make(chan context.Context, 1), end: make(chan error), over: make(chan error, 1)}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	go func() {
		x.over <- c.Lead(ctx, func(ctx context.Context) error {
			x.began <- ctx
			select {
			case err := <-x.end:
				return err
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
		close(x.over)
	}()
	t.Cleanup(func() {
		cancel()
		for range x.over { // until it is closed
		}
	})
	return x
}

func (x *term) leads(t *testing.T, who string) context.Context {
	t.Helper()
	select {
	case ctx := <-x.began:
		return ctx
	case <-time.After(failover):
		t.Fatalf("%s does not lead after %s", who, failover)
		return nil
	}
}

func (x *term) leadsNot(t *testing.T, who string) {
	t.Helper()
	select {
	case <-x.began:
		t.Fatalf("%s leads beside another", who)
	case <-time.After(1200 * time.Millisecond):
	}
}

func TestOneLeads(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	if _, known, err := a.Leader(t.Context()); known || err != nil {
		t.Errorf("somebody leads at the beginning: %v", err)
	}
	first := campaign(t, a)
	first.leads(t, "a")
	second := campaign(t, b)
	second.leadsNot(t, "b")
	if l, _, err := b.Leader(t.Context()); err != nil || l.Name != "a" || l.Term != 1 || l.Since.IsZero() || !a.Leads() || b.Leads() {
		t.Errorf("%+v leads (a says %v, b says %v): %v", l, a.Leads(), b.Leads(), err)
	}

	enough := errors.New("enough")
	first.end <- enough
	if err := <-first.over; err != enough {
		t.Errorf("the term of a ended with %v", err)
	}
	second.leads(t, "b")
	if l, _, err := a.Leader(t.Context()); err != nil || l.Name != "b" || l.Term != 2 || a.Leads() || !b.Leads() {
		t.Errorf("%+v leads: %v", l, err)
	}
}

func TestLedgersHaveLeadersOfTheirOwn(t *testing.T) {
	url := pgtest.Database(t)
	campaign(t, member(t, url, "a")).leads(t, "a")
	other, err := cluster.Open(t.Context(), url, cluster.Options{Origin: "another"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	campaign(t, other).leads(t, "the other ledger's")
}

func TestTheLeadEndsWithItsSession(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	first := campaign(t, a)
	ctx := first.leads(t, "a")
	second := campaign(t, b)
	second.leadsNot(t, "b")
	hangUpOn(t, url, "a")
	within(t, time.Second, "the term ends", func() { <-ctx.Done() })
	if err := <-first.over; !errors.Is(err, cluster.ErrLeadLost) || a.Leads() {
		t.Errorf("it ended with %v", err)
	}
	second.leads(t, "b")
}

func TestTheLeadEndsWhenTheServerIsSilent(t *testing.T) {
	url := pgtest.Database(t)
	way := relayTo(t, url)
	a := member(t, way.url, "a")
	first := campaign(t, a)
	ctx := first.leads(t, "a")
	way.silence()
	within(t, 5*time.Second, "the term ends", func() { <-ctx.Done() })
	if err := <-first.over; !errors.Is(err, cluster.ErrLeadLost) {
		t.Errorf("it ended with %v", err)
	}
}

func TestWhoWaitsForTheLeadStopsWithItsContext(t *testing.T) {
	url := pgtest.Database(t)
	campaign(t, member(t, url, "a")).leads(t, "a")
	b := member(t, url, "b")
	ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer cancel()
	within(t, 5*time.Second, "it stops", func() {
		if err := b.Lead(ctx, func(context.Context) error { t.Error("b leads"); return nil }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it ended with %v", err)
		}
	})
}
