package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrRemains: a key is deleted and nobody finds it any more, but the file of its
// table may hold it still.
var ErrRemains = errors.New("the file of the vault's table may hold deleted keys still")

// How long Purge tries, and how long others wait for the vault meanwhile.
const (
	purgeTries = 3
	purgeAfter = 50 * time.Millisecond
	purgeLock  = "SET LOCAL lock_timeout = '500ms'"
)

// Purge makes the file of the vault's table anew where a key was deleted that
// it may hold still. Whatever is deleted of a table stays in its file until
// then.
//
// The new file has live rows alone, whoever may still have seen others. A dump
// that began before and reads the table after would find it empty; so while a
// session that is not of Probity has a snapshot nothing is done, and the error
// is [ErrRemains], as where the table is in use. Purge is then to be called
// again: what is left to do is kept in the database.
func (c *Cluster) Purge(ctx context.Context) error {
	var left int
	if err := c.ask.QueryRow(ctx, "SELECT count(*) FROM probity_cluster.remains").Scan(&left); err != nil || left == 0 {
		return err
	}
	var err error
	for range purgeTries {
		if err = pgx.BeginFunc(ctx, c.ask, anew(ctx)); err == nil {
			return nil
		}
		if pause(ctx, purgeAfter); ctx.Err() != nil {
			break
		}
	}
	return fmt.Errorf("%w: %w", ErrRemains, err)
}

// errSnapshot: a session has a snapshot in which a table that is made anew is
// empty.
var errSnapshot = errors.New("a session that is not of Probity, such as a dump, has a transaction open in the database")

// anew writes what lives into a new file. TRUNCATE gives the table one, and
// with the transaction the old one is gone.
func anew(ctx context.Context) func(pgx.Tx) error {
	return func(tx pgx.Tx) error {
		for _, sql := range []string{purgeLock, "LOCK TABLE probity_cluster.vault IN ACCESS EXCLUSIVE MODE"} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		var seen bool
		// These columns are shown to every role; the server's own workers have
		// no user.
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename IS NOT NULL
			AND backend_xmin IS NOT NULL AND (usename <> current_user OR application_name NOT LIKE 'probity %'))`).Scan(&seen); err != nil {
			return err
		}
		if seen {
			return errSnapshot
		}
		for _, sql := range []string{
			"CREATE TABLE probity_cluster.kept AS SELECT * FROM probity_cluster.vault",
			"TRUNCATE probity_cluster.vault",
			"INSERT INTO probity_cluster.vault SELECT * FROM probity_cluster.kept",
			"DROP TABLE probity_cluster.kept",
			"DELETE FROM probity_cluster.remains",
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	}
}
