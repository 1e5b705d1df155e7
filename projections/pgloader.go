package projections

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// pgLoader fills one table after the other, in one transaction: rows written with
// their table are never looked at again by PostgreSQL.
type pgLoader struct {
	*pgCopy
	conn    *pgConn
	columns []string
	types   []string
	last    []string // the statements that make its keys and indexes
}

// loader makes the table and begins to fill it.
func (p *postgres) loader(ctx context.Context, name string) (*pgLoader, error) {
	l, err := p.loaderOf(ctx)
	if err == nil {
		err = l.begin(ctx, name, true)
	}
	if err != nil && l != nil {
		err, l = errors.Join(err, l.close()), nil
	}
	return l, err
}

// loaderOf connects a loader.
func (p *postgres) loaderOf(ctx context.Context) (*pgLoader, error) {
	c := newPgConn(p.server)
	c.attach(ctx)
	err := c.connected()
	if err == nil {
		// Between two tables it waits for as long as others take.
		err = c.run("SET idle_in_transaction_session_timeout = 0; SET search_path = " + pgFresh + "; SET maintenance_work_mem = '128MB'; SET synchronous_commit = off; SET client_min_messages = warning")
	}
	if err == nil {
		err = c.begin(scratch)
	}
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return &pgLoader{conn: c}, nil
}

// begin begins with a table, after the last one is finished. Where many rows are
// to come its keys are put off until it is full.
func (l *pgLoader) begin(ctx context.Context, name string, many bool) error {
	l.columns, l.types, l.last = nil, nil, nil
	var drop []string
	for _, t := range pgTables() {
		if t.name != name {
			continue
		}
		if err := l.conn.run(t.create); err != nil {
			return err
		}
		if l.last = append(l.last, t.indexes...); !many {
			continue
		}
		err := l.conn.query("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = to_regclass(?) ORDER BY 1", []any{name}, func(r dbRow) error {
			drop = append(drop, "ALTER TABLE "+name+" DROP CONSTRAINT "+r.ColumnText(0))
			l.last = append(l.last, "ALTER TABLE "+name+" ADD CONSTRAINT "+r.ColumnText(0)+" "+r.ColumnText(1))
			return nil
		})
		if err != nil {
			return err
		}
		l.last = append(l.last, "ANALYZE "+name)
	}
	err := l.conn.query("SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 ORDER BY attnum", []any{name}, func(r dbRow) error {
		l.columns, l.types = append(l.columns, r.ColumnText(0)), append(l.types, r.ColumnText(1))
		return nil
	})
	if err == nil && len(drop) > 0 {
		err = l.conn.run(strings.Join(drop, ";"))
	}
	if err == nil {
		l.pgCopy = copyInto(ctx, l.conn, name, l.columns)
	}
	return err
}

// copy adds a row that has the same columns, all with a value.
func (l *pgLoader) copy(row dbRow) error {
	for i, kind := range l.types {
		switch kind {
		case "bigint":
			_ = l.BindInt64(i+1, row.ColumnInt64(i))
		case "boolean":
			_ = l.BindBool(i+1, row.ColumnBool(i))
		case "bytea":
			_ = l.BindBlob(i+1, row.ColumnRawBlob(i))
		case "text":
			_ = l.BindRawText(i+1, row.ColumnRawText(i))
		default:
			return fmt.Errorf("column %s of %s is of the type %s", l.columns[i], l.table, kind)
		}
	}
	return l.Exec()
}

// finish ends the rows and makes the keys and indexes.
func (l *pgLoader) finish() error {
	if err := l.pgCopy.finish(); err != nil || len(l.last) == 0 {
		return err
	}
	if err := l.conn.run(strings.Join(l.last, ";\n")); err != nil {
		return fmt.Errorf("index the rows of %s: %w", l.table, err)
	}
	return nil
}

// end ends the transaction.
func (l *pgLoader) end() error { return l.conn.end(true) }

// complete ends the table and the transaction.
func (l *pgLoader) complete() error {
	if err := l.finish(); err != nil {
		return err
	}
	return l.end()
}

// give gives the table up: what it was told goes nowhere.
func (l *pgLoader) give() {
	close(l.stream)
	<-l.done
}

func (l *pgLoader) close() error { return errors.Join(l.conn.end(false), l.conn.close()) }
