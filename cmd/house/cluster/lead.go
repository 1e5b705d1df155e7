package cluster

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// campaignEvery is how often who does not lead tries to.
const campaignEvery = 500 * time.Millisecond

// ErrLeadLost: the session that held the lead broke. It is the cause of the
// context's end, and the error of what only who leads may write.
var ErrLeadLost = errors.New("the lead is lost")

// leading is what others ask of this process's lead.
type leading struct {
	term atomic.Int64 // 0 while it does not lead
}

// Leader is who was elected last.
type Leader struct {
	Name  string
	Term  int64 // counts the elections of this ledger
	Since time.Time
}

// Leads tells whether this process leads, as far as it knows.
func (c *Cluster) Leads() bool { return c.lead.term.Load() > 0 }

// Leader tells who was elected last; false when nobody ever was.
func (c *Cluster) Leader(ctx context.Context) (Leader, bool, error) {
	var l Leader
	err := c.ask.QueryRow(ctx, "SELECT name, term, since FROM probity_cluster.leader WHERE ledger = $1", c.opts.Origin).Scan(&l.Name, &l.Term, &l.Since)
	if errors.Is(err, pgx.ErrNoRows) {
		return Leader{}, false, nil
	}
	if err != nil {
		return Leader{}, false, fmt.Errorf("ask who leads: %w", err)
	}
	return l, true, nil
}

// Lead waits until nobody else leads the ledger, runs f while this process
// does, and gives the lead back when f returns: the next one has it within a
// second. It returns what f returned, and the error of ctx when that ends
// before. Servers that cannot be reached are waited for.
//
// The context of f ends with ctx, and at once when the session breaks that
// holds the lead, whose cause is then [ErrLeadLost]. Until f returns, another
// process may lead already: whatever it writes is to be such that doing it
// twice, or too late, changes nothing.
func (c *Cluster) Lead(ctx context.Context, f func(context.Context) error) error {
	conn, err := c.elected(ctx)
	if err != nil {
		return err
	}
	defer hangUp(conn)
	term, err := c.begin(ctx, conn)
	if err != nil {
		return fmt.Errorf("begin to lead: %w", err)
	}
	c.lead.term.Store(term)
	defer c.lead.term.Store(0)
	c.log.Info("this replica leads", "replica", c.opts.Name, "term", term)

	leads, lose := context.WithCancelCause(ctx)
	watched := make(chan struct{})
	watching, stop := context.WithCancel(context.WithoutCancel(ctx)) // until f has returned
	go func() {
		defer close(watched)
		if err := stays(watching, conn); err != nil {
			c.lead.term.Store(0)
			lose(fmt.Errorf("%w: %w", ErrLeadLost, err))
		}
	}()
	err = f(leads)
	stop()
	<-watched
	lost := context.Cause(leads)
	lose(nil)
	if errors.Is(lost, ErrLeadLost) {
		c.log.Warn("this replica leads no more", "replica", c.opts.Name, "term", term, "err", lost)
	} else {
		c.log.Info("this replica gives the lead back", "replica", c.opts.Name, "term", term)
	}
	return err
}

// elected returns a session that holds the lead.
func (c *Cluster) elected(ctx context.Context) (*pgx.Conn, error) {
	key := lockKey("leader", c.opts.Origin, "")
	var conn *pgx.Conn
	told := false
	for {
		won, err := false, error(nil)
		if conn == nil {
			conn, err = c.connect(ctx)
		}
		if err == nil {
			ask, cancel := context.WithTimeout(ctx, pulseWait)
			err = conn.QueryRow(ask, "SELECT pg_try_advisory_lock($1)", key).Scan(&won)
			cancel()
		}
		if won && err == nil {
			return conn, nil
		}
		if err != nil && conn != nil {
			hangUp(conn)
			conn = nil
		}
		if err != nil && !told && ctx.Err() == nil {
			c.log.Error("the election waits for PostgreSQL", "err", err)
		}
		told = err != nil
		if pause(ctx, campaignEvery); ctx.Err() != nil {
			if conn != nil {
				hangUp(conn)
			}
			return nil, ctx.Err()
		}
	}
}

// begin notes whose term begins. The first of all makes up for what the ledger
// may have been left with before it had replicas.
func (c *Cluster) begin(ctx context.Context, conn *pgx.Conn) (term int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, settleWait)
	defer cancel()
	err = conn.QueryRow(ctx, `INSERT INTO probity_cluster.leader (ledger, name, term, since) VALUES ($1, $2, 1, now())
		ON CONFLICT (ledger) DO UPDATE SET name = excluded.name, term = leader.term + 1, since = excluded.since RETURNING term`, c.opts.Origin, c.opts.Name).Scan(&term)
	if err == nil && term == 1 {
		_, err = conn.Exec(ctx, `INSERT INTO probity_cluster.replica (ledger, id, name, settled) VALUES ($1, $2, 'before the first replica', 0)`, c.opts.Origin, rand.Int64())
	}
	return term, err
}
