package cluster

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
)

// How a broken connection is noticed. The leader asks every pulse and waits
// for pulseWait; the server gives up on a silent session after probeAfter and
// probes probes, each probeEvery. The first is less than the second: the old
// leader stops before there is another.
const (
	pulse      = time.Second
	pulseWait  = 2 * time.Second
	probeAfter = 3 * time.Second
	probeEvery = time.Second
	probes     = 3

	connectWait = 5 * time.Second
	// settleWait bounds what is done though nobody waits for it any more, such
	// as giving locks back.
	settleWait = 5 * time.Second
)

// ErrPooler: the sessions are not the server's own.
var ErrPooler = errors.New("there is a connection pooler in between, which gives sessions to others, and with them the locks they hold: name PostgreSQL itself")

// sessionConfig is how each session is opened. Both ends look for silence, so
// that a cut network is noticed by whoever holds locks and by the server.
func sessionConfig(url, name string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err // pgx leaves passwords out
	}
	config.ConnectTimeout = connectWait
	dialer := &net.Dialer{Timeout: connectWait, KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: probeAfter, Interval: probeEvery, Count: probes}}
	config.DialFunc = dialer.DialContext
	for param, value := range map[string]string{
		"application_name": "probity " + name,
		// Of the server's sockets; without effect on a Unix one.
		"tcp_keepalives_idle":     "3",
		"tcp_keepalives_interval": "1",
		"tcp_keepalives_count":    "3",
		"tcp_user_timeout":        "6000",
		// A session that waits for a lock looks whether its client is there.
		"client_connection_check_interval": "2000",
		"idle_session_timeout":             "0",
		"default_transaction_isolation":    "read committed",
		"lock_timeout":                     "0",
		"statement_timeout":                "0",
	} {
		config.RuntimeParams[param] = value
	}
	return config, nil
}

// direct refuses a session that is not the server's own.
func direct(ctx context.Context, conn *pgx.Conn) error {
	var pid uint32
	if err := conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		return err
	}
	if pid != conn.PgConn().PID() {
		return ErrPooler
	}
	return nil
}

// connect opens a session beside the pools, for a lock that is held for long.
func (c *Cluster) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, c.config.Copy())
	if err != nil {
		return nil, err
	}
	if err := direct(ctx, conn); err != nil {
		hangUp(conn)
		return nil, err
	}
	return conn, nil
}

// hangUp ends a session, and with it whatever it holds.
func hangUp(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), settleWait)
	defer cancel()
	_ = conn.Close(ctx) // the server ends what it cannot be told to
}

// stays returns why the session broke, once it does, or nil when ctx ends.
// Nobody else may use the session meanwhile.
func stays(ctx context.Context, conn *pgx.Conn) error {
	for {
		// Reading notices at once when the server hangs up.
		listen, cancel := context.WithTimeout(ctx, pulse)
		_, err := conn.WaitForNotification(listen)
		quiet := listen.Err() != nil
		cancel()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && (!quiet || conn.IsClosed()):
			return err
		}
		ask, cancel := context.WithTimeout(ctx, pulseWait)
		err = conn.Ping(ask)
		cancel()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
