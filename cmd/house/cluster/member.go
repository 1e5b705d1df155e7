package cluster

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/ledger"
)

// Membership says that a process records, and how far all that follows from
// what it recorded is recorded as well. While the process lives that is its own
// to see to; when it has died, whoever leads makes up for what it left.
type Membership struct {
	c    *Cluster
	id   int64
	conn *pgx.Conn // holds the lock that says it lives; Run's

	mu      sync.Mutex // guards settled
	settled ledger.Position
}

func (c *Cluster) memberKey(id int64) int64 {
	return lockKey("replica", c.opts.Origin, strconv.FormatInt(id, 10))
}

// Join makes this process one that records: all that it will record lies
// behind the position settled. Run is to run until it leaves.
func (c *Cluster) Join(ctx context.Context, settled ledger.Position) (*Membership, error) {
	m := &Membership{c: c, id: rand.Int64(), settled: settled}
	if err := m.join(ctx); err != nil {
		return nil, fmt.Errorf("join the replicas: %w", err)
	}
	return m, nil
}

// join takes the lock before the row is there: no row of a live process is
// ever without.
func (m *Membership) join(ctx context.Context) error {
	conn, err := m.c.connect(ctx)
	if err != nil {
		return err
	}
	m.mu.Lock()
	settled := m.settled
	m.mu.Unlock()
	if _, err = conn.Exec(ctx, "SELECT pg_advisory_lock($1)", m.c.memberKey(m.id)); err == nil {
		_, err = conn.Exec(ctx, `INSERT INTO probity_cluster.replica (ledger, id, name, settled) VALUES ($1, $2, $3, $4)
			ON CONFLICT (ledger, id) DO NOTHING`, m.c.opts.Origin, m.id, m.c.opts.Name, int64(settled))
	}
	if err != nil {
		hangUp(conn)
		return err
	}
	m.conn = conn
	return nil
}

// Run joins again whenever the session breaks, until ctx ends.
func (m *Membership) Run(ctx context.Context) error {
	for {
		err := stays(ctx, m.conn)
		for err != nil && ctx.Err() == nil {
			hangUp(m.conn)
			if err = m.join(ctx); err != nil {
				pause(ctx, campaignEvery)
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// pause waits for so long, or until ctx ends.
func pause(ctx context.Context, long time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(long):
	}
}

// Settle notes that all that follows from what this process recorded up to the
// position is recorded.
func (m *Membership) Settle(ctx context.Context, done ledger.Position) error {
	m.mu.Lock()
	m.settled = done
	m.mu.Unlock()
	if _, err := m.c.ask.Exec(ctx, `UPDATE probity_cluster.replica SET settled = $3 WHERE ledger = $1 AND id = $2`, m.c.opts.Origin, m.id, int64(done)); err != nil {
		return fmt.Errorf("note that reactions are done: %w", err)
	}
	return nil
}

// HandOver leaves to whoever leads what may be left over by now, behind the
// last position settled. This process sees to what it records behind next.
func (m *Membership) HandOver(ctx context.Context, next ledger.Position) error {
	if _, err := m.c.ask.Exec(ctx, `INSERT INTO probity_cluster.replica (ledger, id, name, settled)
		SELECT ledger, $3, name, settled FROM probity_cluster.replica WHERE ledger = $1 AND id = $2`, m.c.opts.Origin, m.id, rand.Int64()); err != nil {
		return fmt.Errorf("hand reactions over: %w", err)
	}
	return m.Settle(ctx, next)
}

// Leave ends the membership; Run has ended. settled says that nothing is left
// over; otherwise who leads makes up for it.
func (m *Membership) Leave(ctx context.Context, settled bool) error {
	defer hangUp(m.conn)
	if !settled {
		return nil
	}
	if _, err := m.c.ask.Exec(ctx, "DELETE FROM probity_cluster.replica WHERE ledger = $1 AND id = $2", m.c.opts.Origin, m.id); err != nil {
		return fmt.Errorf("leave the replicas: %w", err)
	}
	return nil
}

// Left is what a process left over that died.
type Left struct {
	// Name of the process.
	Name string
	// After is the position behind which something may be left.
	After ledger.Position

	id int64
}

// LeftOver finds the processes that died and were not made up for.
func (c *Cluster) LeftOver(ctx context.Context) ([]Left, error) {
	_, dead, err := c.members(ctx)
	if err != nil {
		return nil, fmt.Errorf("find replicas that died: %w", err)
	}
	return dead, nil
}

// Living names the processes that record, or are ready to.
func (c *Cluster) Living(ctx context.Context) (names []string, err error) {
	living, _, err := c.members(ctx)
	if err != nil {
		return nil, fmt.Errorf("find replicas that run: %w", err)
	}
	for _, l := range living {
		names = append(names, l.Name)
	}
	return names, nil
}

// members tells those that live from those that died.
func (c *Cluster) members(ctx context.Context) (living, dead []Left, err error) {
	rows, err := c.ask.Query(ctx, "SELECT id, name, settled FROM probity_cluster.replica WHERE ledger = $1 ORDER BY settled, id", c.opts.Origin)
	if err != nil {
		return nil, nil, err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Left, err error) {
		var after int64
		err = row.Scan(&l.id, &l.Name, &after)
		l.After = ledger.Position(after)
		return l, err
	})
	if err != nil {
		return nil, nil, err
	}
	for _, l := range all {
		// Asking for the lock for the length of a statement tells whether its
		// process holds it.
		var free bool
		if err := c.ask.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock_shared($1)", c.memberKey(l.id)).Scan(&free); err != nil {
			return nil, nil, err
		}
		if free {
			dead = append(dead, l)
		} else {
			living = append(living, l)
		}
	}
	return living, dead, nil
}

// MadeUp notes that nothing is left over of a process any more.
func (c *Cluster) MadeUp(ctx context.Context, l Left) error {
	// Settled as it was: a process that came back has told more since.
	_, err := c.ask.Exec(ctx, "DELETE FROM probity_cluster.replica WHERE ledger = $1 AND id = $2 AND settled = $3", c.opts.Origin, l.id, int64(l.After))
	if err != nil {
		return fmt.Errorf("note that %s is made up for: %w", l.Name, err)
	}
	return nil
}
