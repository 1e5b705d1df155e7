package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/ledger/notary"
)

// checkpoints is where the log's last checkpoint is kept for all.
type checkpoints struct {
	c *Cluster

	mu   sync.Mutex // guards listening
	idle *pgx.Conn  // a session that listens, between two waits
}

// Checkpoints returns the place of the log's last checkpoint. Waiting takes a
// session of its own.
func (c *Cluster) Checkpoints() notary.Shared { return c.shared }

const (
	// checkpointPut is the channel that tells of a checkpoint, by its ledger.
	checkpointPut = "probity_cluster_checkpoint"
	// lookEvery is how often who waits looks though nobody told.
	lookEvery = 5 * time.Second

	loadTurn  = "SELECT turn, body FROM probity_cluster.checkpoint WHERE ledger = $1"
	firstTurn = `INSERT INTO probity_cluster.checkpoint (ledger, turn, body, put) VALUES ($1, $2::bigint, $3, now())
		ON CONFLICT (ledger) DO NOTHING RETURNING pg_notify('` + checkpointPut + `', $1)`
	nextTurn = `UPDATE probity_cluster.checkpoint SET turn = $2::bigint, body = $3, put = now()
		WHERE ledger = $1 AND turn = $2::bigint - 1 RETURNING pg_notify('` + checkpointPut + `', $1)`
)

// querier is a session or a pool of them.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func (s *checkpoints) load(ctx context.Context, from querier) (notary.Turn, error) {
	var number int64
	var t notary.Turn
	err := from.QueryRow(ctx, loadTurn, s.c.opts.Origin).Scan(&number, &t.State)
	if errors.Is(err, pgx.ErrNoRows) {
		return notary.Turn{}, nil
	}
	if err != nil {
		return notary.Turn{}, fmt.Errorf("load the last checkpoint: %w", err)
	}
	t.Number = uint64(number)
	return t, nil
}

func (s *checkpoints) Load(ctx context.Context) (notary.Turn, error) { return s.load(ctx, s.c.ask) }

func (s *checkpoints) Put(ctx context.Context, t notary.Turn) error {
	if len(t.State) > notary.MaxState {
		return fmt.Errorf("put a checkpoint: %d bytes, at most %d are kept", len(t.State), notary.MaxState)
	}
	sql := nextTurn
	if t.Number == 1 {
		sql = firstTurn
	}
	tag, err := s.c.ask.Exec(ctx, sql, s.c.opts.Origin, int64(t.Number), t.State)
	if err != nil {
		return fmt.Errorf("put a checkpoint: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return notary.ErrLostLead
	}
	return nil
}

func (s *checkpoints) Wait(ctx context.Context, after uint64) (notary.Turn, error) {
	conn, err := s.listen(ctx)
	if err != nil {
		return notary.Turn{}, fmt.Errorf("wait for a checkpoint: %w", err)
	}
	for {
		t, err := s.load(ctx, conn)
		if err == nil && t.Number <= after {
			err = told(ctx, conn, lookEvery)
		}
		if err != nil {
			hangUp(conn)
			return notary.Turn{}, err
		}
		if t.Number > after {
			s.keep(conn)
			return t, nil
		}
	}
}

// told waits until the session was told something, or for that long.
func told(ctx context.Context, conn *pgx.Conn, long time.Duration) error {
	listen, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	_, err := conn.WaitForNotification(listen)
	if err != nil && ctx.Err() == nil && listen.Err() != nil && !conn.IsClosed() {
		return nil
	}
	return err
}

// listen returns a session that listens.
func (s *checkpoints) listen(ctx context.Context) (*pgx.Conn, error) {
	s.mu.Lock()
	conn := s.idle
	s.idle = nil
	s.mu.Unlock()
	if conn != nil && conn.Ping(ctx) == nil {
		return conn, nil
	}
	if conn != nil {
		hangUp(conn)
	}
	conn, err := s.c.connect(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+checkpointPut); err != nil {
		hangUp(conn)
		return nil, err
	}
	return conn, nil
}

// keep keeps the session for the next wait.
func (s *checkpoints) keep(conn *pgx.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idle != nil {
		hangUp(conn)
		return
	}
	s.idle = conn
}

func (s *checkpoints) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idle != nil {
		hangUp(s.idle)
		s.idle = nil
	}
}
