package house

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/projections"
)

const (
	// againAfter is how long what failed is left alone.
	againAfter = 500 * time.Millisecond
	// otherFirst is how long who could not lead leaves the lead to others.
	otherFirst = 3 * time.Second
	// tellEvery is how often the same trouble is told of.
	tellEvery = 30 * time.Second
	// rulesEvery is how often what is shown here catches up with rules that
	// another replica changed.
	rulesEvery = 2 * time.Second
	// leftEvery is how often the leader looks for replicas that died. One is
	// made up for when it was dead twice: it may be coming back.
	leftEvery = 5 * time.Second
	// eraseEvery is how often the leader looks for erasures left over.
	eraseEvery = time.Minute
	// lastSigned bounds what a term that ends cleanly still signs and shows.
	lastSigned = 3 * time.Second
)

// RunReplica takes part in the election and does what this replica is there
// for, until ctx ends: it leads when elected, and follows who leads otherwise.
// due runs while it leads, beside the log and whatever else one replica does.
//
// What fails for want of a server is logged and begun anew. It returns the
// error of ctx, an *ledger.IntegrityError, or that the store is closed or no
// longer to be used.
func (h *House) RunReplica(ctx context.Context, log *slog.Logger, due func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return h.replica.member.Run(ctx) })
	g.Go(func() error {
		return again(ctx, log, "changes of the rules are not seen here", againAfter, func(ctx context.Context) error {
			if err := h.RefreshRules(ctx); err != nil {
				return err
			}
			return sleep(ctx, rulesEvery)
		})
	})
	g.Go(func() error {
		return again(ctx, log, "the term of this replica ended", otherFirst, func(ctx context.Context) error { return h.term(ctx, log, due) })
	})
	return g.Wait()
}

// term follows until this replica is elected, and then leads.
func (h *House) term(ctx context.Context, log *slog.Logger, due func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	following, stop := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		if err := h.follow(following, log); following.Err() == nil {
			cancel(err) // it cannot be followed any more
		}
	}()
	err := h.replica.cluster.Lead(ctx, func(ctx context.Context) error {
		stop()
		<-followed
		return h.leadTerm(ctx, log, due)
	})
	stop()
	<-followed
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// follow goes along with what the leader signs and shows. What fails of it
// keeps nothing else from going on.
func (h *House) follow(ctx context.Context, log *slog.Logger) error {
	g, ctx := errgroup.WithContext(ctx)
	for what, f := range map[string]func(context.Context) error{
		"the views of the leader are not followed": h.Views.Follow,
		"its checkpoints are not followed":         h.Notary.Follow,
		"its index is not followed": func(ctx context.Context) error {
			if err := h.openIndex(); err != nil {
				return err
			}
			return h.index.Follow(ctx)
		},
	} {
		g.Go(func() error { return again(ctx, log, what, againAfter, f) })
	}
	return g.Wait()
}

// leadTerm does what one replica does at a time.
func (h *House) leadTerm(ctx context.Context, log *slog.Logger, due func(context.Context) error) error {
	term := ctx
	if err := h.Notary.Lead(ctx); err != nil { // the index is signed by who has it
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return h.Views.Run(ctx, h.Store) })
	g.Go(func() error { return h.Notary.Run(ctx) })
	g.Go(func() error { return h.RunIndex(ctx) })
	g.Go(func() error { return h.makeUpForAll(ctx, log) })
	g.Go(func() error { return h.eraseAll(ctx, log) })
	g.Go(func() error { return due(ctx) })
	err := g.Wait()
	if errors.Is(context.Cause(term), context.Canceled) && !fatal(err) { // a clean end, and not a lost lead
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSigned)
		defer cancel()
		if bad := h.Notary.CatchUp(last); bad != nil && !errors.Is(bad, notary.ErrLostLead) {
			log.Warn("the last events are left to the next leader to sign", "err", bad)
		}
		if bad := h.Views.CatchUp(last, h.Store, nil); bad != nil && !errors.Is(bad, projections.ErrLostLead) {
			log.Warn("the last events are left to the next leader to show", "err", bad)
		}
	}
	return err
}

// makeUpForAll makes up for the reactions that replicas left over that died.
func (h *House) makeUpForAll(ctx context.Context, log *slog.Logger) error {
	dead := map[cluster.Left]bool{}
	for {
		left, err := h.replica.cluster.LeftOver(ctx)
		if err != nil {
			return err
		}
		was := dead
		dead = map[cluster.Left]bool{}
		for _, l := range left {
			if !was[l] {
				dead[l] = true
				continue
			}
			if err := h.makeUpFor(ctx, l); err != nil {
				return err
			}
			log.Info("what a replica left over is made up for", "replica", l.Name, "after", l.After.String())
		}
		if err := sleep(ctx, leftEvery); err != nil {
			return err
		}
	}
}

// makeUpFor follows all events once more behind which something may be left.
func (h *House) makeUpFor(ctx context.Context, l cluster.Left) error {
	if err := h.Recorder.CatchUp(ctx, l.After, nil); err != nil {
		return err
	}
	return h.replica.cluster.MadeUp(ctx, l)
}

// eraseAll carries out erasures that a replica recorded and could not, or died
// before. One that has to wait keeps nothing else from going on.
func (h *House) eraseAll(ctx context.Context, log *slog.Logger) error {
	return again(ctx, log, "erasures are not carried out to their end", eraseEvery, func(ctx context.Context) error {
		if err := h.finishErasures(ctx); err != nil {
			return err
		}
		return sleep(ctx, eraseEvery)
	})
}

// again calls f again and again until ctx ends or f fails for good. What
// fails in another way is logged, and not again for a while if it goes on.
func again(ctx context.Context, log *slog.Logger, what string, after time.Duration, f func(context.Context) error) error {
	var told time.Time
	for {
		err := f(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case fatal(err):
			return err
		case err == nil:
			continue
		case time.Since(told) > tellEvery:
			told = time.Now()
			log.Warn(what+"; it is begun anew", "err", err)
		}
		if err := sleep(ctx, after); err != nil {
			return err
		}
	}
}

// fatal tells errors that no new beginning helps against.
func fatal(err error) bool {
	_, damaged := errors.AsType[*ledger.IntegrityError](err)
	return damaged || errors.Is(err, ledger.ErrClosed) || errors.Is(err, notary.ErrStopped)
}

// sleep waits so long, or fails with the error of ctx.
func sleep(ctx context.Context, long time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(long):
		return nil
	}
}

// Leads tells whether this process does what one replica does at a time. One
// that records alone always does.
func (h *House) Leads() bool { return h.replica == nil || h.replica.cluster.Leads() }

// ReplicaName is what the other replicas know this one by; "" where it records
// alone.
func (h *House) ReplicaName() string {
	if h.replica == nil {
		return ""
	}
	return h.replica.cluster.Name()
}

// Leader names the replica that was elected last, "" where none was.
func (h *House) Leader(ctx context.Context) (string, error) {
	if h.replica == nil {
		return "", nil
	}
	l, _, err := h.replica.cluster.Leader(ctx)
	return l.Name, err
}
