package main

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/cmd/house"
)

// settleEvery is how often a replica notes that what it recorded is done with
// all that follows.
const settleEvery = 10 * time.Second

// runReplica runs what a replica does: it follows, and when elected does what
// one process at a time does.
func runReplica(ctx context.Context, g *errgroup.Group, h *house.House, web *house.Web, log *slog.Logger) {
	log.Info("this process is a replica", "replica", h.ReplicaName())
	g.Go(func() error {
		return untilDone(ctx, h.RunReplica(ctx, log, func(ctx context.Context) error {
			g, ctx := errgroup.WithContext(ctx)
			g.Go(func() error { return whatFallsDue(ctx, h, log, h.RefreshRules) })
			g.Go(func() error { return h.RunHooks(ctx) })
			return g.Wait()
		}))
	})
	g.Go(func() error { return untilDone(ctx, settleReplica(ctx, h, web, log)) })
}

// settleReplica waits until the views show what is recorded, and notes now and
// then that reactions are done. What fails for want of a server is tried again.
func settleReplica(ctx context.Context, h *house.House, web *house.Web, log *slog.Logger) error {
	isReady := false
	for {
		var err error
		if !isReady {
			err = ready(ctx, h, web, log)
			isReady = err == nil
		}
		if err == nil {
			err = h.SettleReactions(ctx)
		}
		if err != nil && ctx.Err() == nil {
			log.Warn("this replica is not ready, or does not note which reactions are done", "ready", isReady, "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(settleEvery):
		}
	}
}
