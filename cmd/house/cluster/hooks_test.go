package cluster_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/graphql/hooks/hookstest"
	"github.com/probity-ledger/probity/projections/pgtest"
)

func TestWebhooksAreKept(t *testing.T) {
	url := pgtest.Database(t)
	a, b := member(t, url, "a"), member(t, url, "b")
	first := campaign(t, a)
	first.leads(t, "a")
	hookstest.Run(t, a.Hooks(), func() hooks.Keeper { return b.Hooks() })

	// Who does not lead, and who leads no more and does not know it yet, writes
	// nothing over what the leader wrote.
	ctx, late := t.Context(), hooks.State{Position: 1}
	lost := func(who string, err error) {
		t.Helper()
		if !errors.Is(err, cluster.ErrLeadLost) {
			t.Errorf("%s writes, and is told %v", who, err)
		}
	}
	lost("a follower", b.Hooks().Save(ctx, "pay", late))
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := a.Hooks().Ask(ctx, "pay", hooks.Ask{Retry: true}); err != nil {
		t.Fatal(err)
	}
	if _, found, err := a.Hooks().Asked(ctx, "pay"); !found || err != nil {
		t.Fatal(found, err)
	}
	was, _, err := a.Hooks().Load(ctx, "pay")
	if err == nil { // as the next leader does
		_, err = conn.Exec(ctx, "UPDATE probity_cluster.leader SET term = term + 1")
	}
	if err != nil {
		t.Fatal(err)
	}
	lost("a former leader", a.Hooks().Save(ctx, "pay", late))
	lost("a former leader", a.Hooks().Save(ctx, "new", late))
	lost("a former leader", a.Hooks().Reach(ctx, "pay", 1))
	lost("a former leader", a.Hooks().Answered(ctx, "pay"))
	is, _, err := b.Hooks().Load(ctx, "pay")
	if diff := cmp.Diff(was, is); diff != "" || err != nil {
		t.Errorf("what is kept (-want +got), %v:\n%s", err, diff)
	}
	if _, found, err := b.Hooks().Asked(ctx, "pay"); !found || err != nil {
		t.Errorf("what was asked is forgotten: %v", err)
	}
}
