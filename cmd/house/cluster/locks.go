package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Locks keep streams still across processes; see ledger.Locks.
type Locks struct{ c *Cluster }

// Locks returns those of the ledger.
func (c *Cluster) Locks() Locks { return Locks{c} }

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

// Hold is of ledger.Locks. It takes all in one round trip: first the lock of
// the rules, shared unless the command changes them, then the streams. Waiting
// ends with ctx. A command that changes the rules counts as a change from then
// on, whether it makes one or not.
func (l Locks) Hold(ctx context.Context, streams []string, rules bool) (*Held, error) {
	conn, err := l.c.locks.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("hold streams still: %w", err)
	}
	h := &Held{conn: conn}
	if err := h.take(ctx, l.c.opts.Origin, streams, rules); err != nil {
		h.hangUp() // it may hold some of them
		return nil, fmt.Errorf("hold streams still: %w", err)
	}
	return h, nil
}

// Held is what one command holds; see ledger.Held.
type Held struct {
	conn  *pgxpool.Conn // nil once released
	rules int64
}

func (h *Held) take(ctx context.Context, origin string, streams []string, rules bool) error {
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

// Rules is of ledger.Held.
func (h *Held) Rules() int64 { return h.rules }

// Check is of ledger.Held: it asks the server through the session that holds
// the locks.
func (h *Held) Check(ctx context.Context) error {
	if err := h.conn.Ping(ctx); err != nil {
		return fmt.Errorf("the streams may not be held still any more: %w", err)
	}
	return nil
}

// Release is of ledger.Held. A session that cannot be told so is ended, and
// its locks with it; that is no error of the command.
func (h *Held) Release(bool) error {
	if h.conn == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), settleWait)
	defer cancel()
	if _, err := h.conn.Exec(ctx, "SELECT pg_advisory_unlock_all()"); err != nil {
		h.hangUp()
		return nil
	}
	h.conn.Release()
	h.conn = nil
	return nil
}

// hangUp ends the session.
func (h *Held) hangUp() {
	hangUp(h.conn.Hijack())
	h.conn = nil
}
