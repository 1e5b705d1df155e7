package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Options say how a process takes part. Origin is required.
type Options struct {
	// Origin is the name of the ledger: processes of another one share nothing
	// with this.
	Origin string
	// Name is what others know this process by; host and process id when empty.
	Name string
	// Sessions is how many commands may hold locks at a time, each through a
	// session of its own; 16 when zero.
	Sessions int
	// Logger is told of elections; nobody when nil.
	Logger *slog.Logger
}

const (
	lockSessions = 16
	// askSessions are for what takes a moment.
	askSessions = 4
)

// Cluster is this process's part in it. Make it with [Open].
type Cluster struct {
	opts   Options
	config *pgx.ConnConfig
	ask    *pgxpool.Pool // short statements
	locks  *pgxpool.Pool // sessions that hold streams
	log    *slog.Logger

	lead   leading
	shared *checkpoints
}

// Open reaches the server of the URL, brings the schema up to date, and takes
// part. Several processes may do so at once. The URL, which may hold a
// password, is in no error.
func Open(ctx context.Context, url string, o Options) (*Cluster, error) {
	if o.Origin == "" {
		return nil, errors.New("open the cluster: it needs the name of the ledger")
	}
	if o.Sessions == 0 {
		o.Sessions = lockSessions
	}
	if o.Name == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "replica"
		}
		o.Name = fmt.Sprintf("%s/%d", host, os.Getpid())
	}
	c := &Cluster{opts: o, log: o.Logger}
	c.shared = &checkpoints{c: c}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if c.config, err = sessionConfig(url, o.Name); err != nil {
		return nil, fmt.Errorf("open the cluster: %w", err)
	}
	if err := c.migrate(ctx); err != nil {
		return nil, fmt.Errorf("open the cluster: %w", err)
	}
	if c.ask, err = c.pool(ctx, askSessions); err != nil {
		return nil, fmt.Errorf("open the cluster: %w", err)
	}
	if c.locks, err = c.pool(ctx, o.Sessions); err != nil {
		c.ask.Close()
		return nil, fmt.Errorf("open the cluster: %w", err)
	}
	return c, nil
}

// Close ends the sessions. Nobody may hold anything any more.
func (c *Cluster) Close() {
	c.shared.close()
	c.locks.Close()
	c.ask.Close()
}

// Name is what others know this process by.
func (c *Cluster) Name() string { return c.opts.Name }

func (c *Cluster) pool(ctx context.Context, sessions int) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig("")
	if err != nil {
		return nil, err
	}
	config.ConnConfig = c.config.Copy()
	config.MaxConns = int32(sessions)
	config.AfterConnect = direct
	return pgxpool.NewWithConfig(ctx, config)
}
