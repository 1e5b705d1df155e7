package cluster_test

import (
	"testing"

	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/graphql/hooks/hookstest"
	"github.com/probity-ledger/probity/projections/pgtest"
)

func TestWebhooksAreKept(t *testing.T) {
	url := pgtest.Database(t)
	b := member(t, url, "b")
	hookstest.Run(t, member(t, url, "a").Hooks(), func() hooks.Keeper { return b.Hooks() })
}
