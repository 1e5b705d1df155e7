package cluster

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

const schema = "probity_cluster"

// migrate brings the schema up to date, one process at a time.
func (c *Cluster) migrate(ctx context.Context) error {
	conn, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer hangUp(conn)
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", lockKey("migrations", "", "")); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+schema); err != nil {
		return fmt.Errorf("make the schema %s (or let an administrator make it, and the role of probity its owner): %w", schema, err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*c.config.Copy())
	defer db.Close()
	goose, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithTableName(schema+".goose_db_version"), goose.WithDisableGlobalRegistry(true), goose.WithSlog(c.log))
	if err != nil {
		return err
	}
	if _, err := goose.Up(ctx); err != nil {
		return fmt.Errorf("bring the schema %s up to date: %w", schema, err)
	}
	return nil
}
