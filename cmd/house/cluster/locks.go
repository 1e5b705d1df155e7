package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/probity-ledger/probity/ledger"
)

// locks keep streams still across processes.
type locks struct{ c *Cluster }

// Locks returns those of the ledger. Each Hold takes a session and one round
// trip, each Check and each Release another.
func (c *Cluster) Locks() ledger.Locks { return locks{c} }

const (
	// takeStreams takes the locks in the order of the numbers, the same for
	// all, so that two commands never wait for each other.
	takeStreams = "SELECT count(pg_advisory_lock(k)) FROM unnest($1::bigint[]) AS k"
	takeRules   = "SELECT pg_advisory_lock($1)"
	shareRules  = "SELECT pg_advisory_lock_shared($1)"
	readRules   = "SELECT coalesce((SELECT changes FROM probity_cluster.rules WHERE ledger = $1), 0)"
	// changeRules comes before the change: should the process die between its
	// append and its Release, the others look all the same.
	changeRules = `INSERT INTO probity_cluster.rules (ledger, changes) VALUES ($1, 1)
		ON CONFLICT (ledger) DO UPDATE SET changes = rules.changes + 1 RETURNING changes`
)

// Hold takes all in one round trip: first the lock of the rules, shared unless
// the command changes them, then the streams.
func (l locks) Hold(ctx context.Context, streams []string, rules bool) (ledger.Held, error) {
	conn, err := l.c.locks.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("hold streams still: %w", err)
	}
	h := &held{c: l.c, conn: conn}
	if err := h.take(ctx, streams, rules); err != nil {
		h.hangUp() // it may hold some of them
		return nil, fmt.Errorf("hold streams still: %w", err)
	}
	return h, nil
}

// held is what one command holds.
type held struct {
	c     *Cluster
	conn  *pgxpool.Conn // nil once released
	rules int64
}

func (h *held) take(ctx context.Context, streams []string, rules bool) error {
	origin := h.c.opts.Origin
	keys := make([]int64, len(streams))
	for i, s := range streams {
		keys[i] = lockKey("stream", origin, s)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	first, count := shareRules, readRules
	if rules {
		first, count = takeRules, changeRules
	}
	var b pgx.Batch
	b.Queue(first, lockKey("rules", origin, ""))
	b.Queue(takeStreams, keys)
	b.Queue(count, origin) // last: what was changed while this waited counts
	results := h.conn.SendBatch(ctx, &b)
	_, err := results.Exec()
	if err == nil {
		_, err = results.Exec()
	}
	if err == nil {
		err = results.QueryRow().Scan(&h.rules)
	}
	return errors.Join(err, results.Close())
}

func (h *held) Rules() int64 { return h.rules }

// Check asks the server through the session that holds the locks.
func (h *held) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pulseWait)
	defer cancel()
	if err := h.conn.Ping(ctx); err != nil {
		return fmt.Errorf("%w: %w", ledger.ErrLocksLost, err)
	}
	return nil
}

// Release ends the session where it cannot be told, and its locks with it.
func (h *held) Release(bool) error {
	if h.conn == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), settleWait)
	defer cancel()
	if _, err := h.conn.Exec(ctx, "SELECT pg_advisory_unlock_all()"); err != nil {
		h.hangUp()
		h.c.log.Warn("a session that held streams still had to be ended", "replica", h.c.opts.Name, "err", err)
		return fmt.Errorf("give streams back: %w", err)
	}
	h.conn.Release()
	h.conn = nil
	return nil
}

// hangUp ends the session.
func (h *held) hangUp() {
	hangUp(h.conn.Hijack())
	h.conn = nil
}
