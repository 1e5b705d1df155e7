package projections

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"github.com/probity-ledger/probity/ledger"
)

// pgSchema is the schema of the views, pgFresh that in which they are built
// anew, pgFormer that of those which were replaced.
const (
	pgSchema = "probity"
	pgFresh  = "probity_new"
	pgFormer = "probity_old"
)

// pgServer is a database of PostgreSQL. Its name, which errors give, has no
// password.
type pgServer struct {
	config *pgconn.Config
	name   string
}

// newPgServer reads a URL such as postgres://probity@db.example:5432/probity.
func newPgServer(url string) (*pgServer, error) {
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		// What is wrong with it may quote the password.
		return nil, errors.New("the URL of PostgreSQL is malformed, or names a file that cannot be read; give one such as postgres://user@host:5432/database")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	for name, value := range map[string]string{
		"application_name": "probity views", "search_path": pgSchema, "client_encoding": "UTF8",
		// Statements are many and small: compiling them costs more than it
		// spares.
		"jit": "off",
		// A process that hangs does not keep the others from the tables.
		"idle_in_transaction_session_timeout": "60000",
	} {
		config.RuntimeParams[name] = value
	}
	// A request that ends stops what it asked, and keeps the connection.
	config.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: 2 * time.Second}
	}
	host := net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	return &pgServer{config, fmt.Sprintf("postgres://%s@%s/%s", config.User, host, config.Database)}, nil
}

// connect makes a connection to the database.
func (s *pgServer) connect(ctx context.Context) (*pgconn.PgConn, error) {
	c, err := pgconn.ConnectConfig(ctx, s.config)
	switch {
	case err == nil:
		return c, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case unreachable(err):
		return nil, fmt.Errorf("%w: %w", errLost, s.error(err))
	}
	return nil, s.error(err)
}

// unreachable tells that the server is away, as when it is restarted.
func unreachable(err error) bool {
	if errors.Is(err, errLost) {
		return true
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return strings.HasPrefix(refused.Code, "08") || refused.Code == "57P01" || refused.Code == "57P02" || refused.Code == "57P03" || refused.Code == "53300"
	}
	var reached *pgconn.ConnectError
	var broken net.Error
	return errors.As(err, &reached) || errors.As(err, &broken)
}

// error says in the words of the ledger what PostgreSQL refuses, so that
// callers can tell what to do about it.
func (s *pgServer) error(err error) error {
	var code string
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		code = refused.Code
	}
	var sentinel error
	hint := ""
	switch {
	case code == "53100":
		sentinel = ledger.ErrFull
	case code == "42501":
		sentinel, hint = ledger.ErrReadOnly, " (the role needs rights that docs/postgresql.md lists)"
	case code == "25006":
		sentinel, hint = ledger.ErrReadOnly, " (is this a standby?)"
	case code == "55P03":
		sentinel = ledger.ErrLocked
	case code == "53300":
		hint = " (raise max_connections, or let fewer readers in)"
	case code == "3D000":
		hint = " (create the database first)"
	case strings.HasPrefix(code, "28"):
		hint = " (check the role and its password)"
	}
	switch {
	case errors.Is(err, errLost):
		return err
	case sentinel != nil:
		return fmt.Errorf("%s: %w%s: %w", s.name, sentinel, hint, err)
	}
	return fmt.Errorf("%s%s: %w", s.name, hint, err)
}
