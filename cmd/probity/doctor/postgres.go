package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// oldestPostgres is the oldest version that is tested.
const oldestPostgres = 15

// inPostgres tells whether the views are in a PostgreSQL.
func inPostgres(views string) bool {
	return strings.HasPrefix(views, "postgres://") || strings.HasPrefix(views, "postgresql://")
}

// server is what a PostgreSQL says of itself.
type server struct {
	version                  int
	text, encoding, database string
	user                     string
	standby, create, fsync   bool
	encrypted                bool
}

// postgres looks at the PostgreSQL of the views.
func postgres(ctx context.Context, p *Patient, f *Findings) {
	if !inPostgres(p.Views) {
		return
	}
	c, err := pgx.Connect(ctx, p.Views)
	if err != nil {
		f.Fail(mendPostgres(err), fmt.Errorf("it is not reached: %w", plain(err)))
		return
	}
	defer c.Close(context.WithoutCancel(ctx))
	var s server
	err = c.QueryRow(ctx, `SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'),
		current_setting('server_encoding'), current_database(), current_user, pg_is_in_recovery(),
		has_database_privilege(current_database(), 'CREATE'), current_setting('fsync') = 'on',
		coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)`).
		Scan(&s.version, &s.text, &s.encoding, &s.database, &s.user, &s.standby, &s.create, &s.fsync, &s.encrypted)
	if err != nil {
		f.Fail("", fmt.Errorf("ask it about itself: %w", plain(err)))
		return
	}
	s.judge(f, local(c.Config().Host))
	replication(ctx, c, f)
}

// postgresAnswers tells whether the PostgreSQL of the views, if they are in
// one, lets somebody in.
func (p *Patient) postgresAnswers(ctx context.Context) bool {
	if !inPostgres(p.Views) {
		return true
	}
	c, err := pgx.Connect(ctx, p.Views)
	if err != nil {
		return false
	}
	c.Close(context.WithoutCancel(ctx))
	return true
}

// judge says what is wrong with a server.
func (s server) judge(f *Findings, local bool) {
	f.OK("version %s, database %s as %s", s.text, s.database, s.user)
	if s.version < oldestPostgres {
		f.Warn(fmt.Sprintf("use version %d or newer", oldestPostgres), "version %s is older than what is tested", s.text)
	}
	if s.encoding != "UTF8" {
		f.Fail("make a database with ENCODING 'UTF8' TEMPLATE template0 and let the views be built in it", fmt.Errorf("database %s holds text as %s", s.database, s.encoding))
	}
	if !s.create {
		f.Fail(fmt.Sprintf("GRANT CREATE ON DATABASE %s TO %s", pgx.Identifier{s.database}.Sanitize(), pgx.Identifier{s.user}.Sanitize()),
			fmt.Errorf("%s may not make schemas in database %s, in which the views are kept", s.user, s.database))
	}
	if s.standby {
		f.Fail("name the primary in views; a standby is for reading alone", errors.New("this is a standby: nothing can be written there"))
	}
	if !s.fsync {
		f.Warn("set fsync = on in postgresql.conf, and reload it", "it does not flush what it confirms: after a power cut the views must be built anew")
	}
	if !s.encrypted && !local {
		f.Warn("add sslmode=verify-full and sslrootcert=FILE to views", "the connection is not encrypted")
	}
}

// local tells whether a host is this machine.
func local(host string) bool {
	return strings.HasPrefix(host, "/") || host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1"
}

// replication says how far standbys are behind, if there are any and it may
// be known.
func replication(ctx context.Context, c *pgx.Conn, f *Findings) {
	rows, err := c.Query(ctx, `SELECT coalesce(application_name, ''), coalesce(extract(epoch FROM replay_lag), 0)::float8 FROM pg_stat_replication WHERE state IS NOT NULL`)
	if err != nil {
		f.NotRun("ask for standbys: %v", plain(err))
		return
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var lag float64
		if err := rows.Scan(&name, &lag); err != nil {
			f.NotRun("read about standbys: %v", plain(err))
			return
		}
		judgeLag(f, name, time.Duration(lag*float64(time.Second)))
	}
}

func judgeLag(f *Findings, name string, lag time.Duration) {
	if lag > time.Minute {
		f.Warn("look at the standby and at the network between; views can be built anew in any case", "standby %s is %s behind", name, lag.Round(time.Second))
		return
	}
	f.OK("standby %s is %s behind", name, lag.Round(time.Millisecond))
}

// plain is an error without the connection string, which may hold a password.
func plain(err error) error {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		if inner := errors.Unwrap(connect); inner != nil {
			return inner
		}
	}
	return err
}

// mendPostgres says what to do where it is not reached.
func mendPostgres(err error) string {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch refused.Code {
		case "28P01", "28000":
			return "look at the user in views and the password in views-password-file, and at pg_hba.conf of the server"
		case "3D000":
			return "make the database: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
		case "53300":
			return "raise max_connections, or let fewer programs connect"
		}
	}
	return "look at the address in views, at the server, and at the network between"
}
