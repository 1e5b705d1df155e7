package projections

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/ledger"
)

// scratchFile is where a rebuild for PostgreSQL keeps what it folds.
const scratchFile = "views.db.fold"

// load builds the views in a schema of their own. Events go there as they come;
// what has to be read again while it is folded lies in a file of SQLite and
// follows at the end. Each table is made, filled and indexed in one transaction
// on a connection of its own: rows so written are seen by everybody at once and
// never looked at again by PostgreSQL.
func (p *postgres) load(ctx context.Context, v *Views, store ledger.Store, progress func(ledger.Position)) (at ledger.Position, err error) {
	if err := p.begin(ctx); err != nil {
		return 0, err
	}
	path := filepath.Join(p.dir, scratchFile)
	if err := errors.Join(os.MkdirAll(p.dir, 0o700), removeDatabase(path)); err != nil {
		return 0, err
	}
	c, err := connect(path, sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE,
		fmt.Sprintf("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -%d", bulkCache))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.close(), removeDatabase(path)) }()
	// A finding that is overturned later is found by its case.
	if err := c.Exec("BEGIN;" + schemaSQL() + ";" + positionsSQL + ";" + findingTable.indexSchemas()[0]); err != nil {
		return 0, err
	}
	if err := p.sign(c, v.opts.basis()); err != nil {
		return 0, err
	}
	w, err := newWriter(c, v.only, adoptions{books: v.opts.Books}, p)
	if err != nil {
		return 0, err
	}
	if w.sorter, err = newTouchSorter(path + "-touches"); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.sorter.close()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	events, err := p.loader(ctx, "events")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, events.close()) }()
	w.insertEvent = events
	if at, err = v.fill(ctx, w, store, progress); err != nil {
		events.give()
		return 0, err
	}
	if err = errors.Join(w.registers.flush(), w.registers.findings.settle(c), w.setPosition(at), c.Exec("COMMIT")); err != nil {
		events.give()
		return 0, err
	}
	tables, ctx := errgroup.WithContext(ctx)
	tables.Go(events.complete)
	tables.Go(func() error { return p.loadTouches(ctx, w) })
	tables.Go(func() error { return p.loadRest(ctx, c) })
	return at, tables.Wait()
}

// begin takes the lock of those who build the views anew, and makes an empty
// schema.
func (p *postgres) begin(ctx context.Context) error {
	c := newPgConn(p.server)
	c.attach(ctx)
	locked, err := queryInt(c, "SELECT pg_try_advisory_lock(hashtext(?))", pgFresh)
	if err == nil && locked == 0 {
		err = fmt.Errorf("%w: it builds them anew just now", ErrLostLead)
	}
	if err != nil {
		return errors.Join(err, c.close())
	}
	p.builder, c.within = c, true // the lock ends with the connection
	for _, sql := range []string{
		"SET client_min_messages = warning", "DROP SCHEMA IF EXISTS " + pgFresh + " CASCADE",
		"DROP SCHEMA IF EXISTS " + pgFormer + " CASCADE", "CREATE SCHEMA " + pgFresh,
	} {
		if err := c.run(sql); err != nil {
			return err
		}
	}
	return nil
}

func (p *postgres) discard() error { return p.finish("DROP SCHEMA IF EXISTS " + pgFresh + " CASCADE") }

// finish ends a rebuild: it cleans up, as far as that can be done now, and gives
// the lock back. Whoever builds next begins with cleaning up.
func (p *postgres) finish(clean string) error {
	c := p.builder
	if c == nil {
		return nil
	}
	p.builder = nil
	c.attach(context.Background())
	_ = c.run("SET lock_timeout = '5s'; " + clean)
	// The end of a connection would give it back, but later.
	_ = c.run("SELECT pg_advisory_unlock_all()")
	return c.close()
}

// loadTouches writes the touches in the order of their table.
func (p *postgres) loadTouches(ctx context.Context, w *writer) (err error) {
	l, err := p.loader(ctx, "touches")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	if err = w.sorter.add(w.touches); err == nil {
		w.touches = nil
		err = w.sorter.merge(touchRows, func(rows []touchRow) error {
			for i := range rows {
				if err := w.writeTouches(l, rows[i:i+1]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		l.give()
		return err
	}
	return l.complete()
}

// loadRest writes all other tables as they lie in the file. While the keys and
// indexes of one are made, the next is read.
func (p *postgres) loadRest(ctx context.Context, from *sqliteConn) (err error) {
	const side = 2
	free := make(chan *pgLoader, side)
	defer func() {
		close(free)
		for l := range free {
			err = errors.Join(err, l.close())
		}
	}()
	var indexing errgroup.Group
	for range side {
		l, err := p.loaderOf(ctx)
		if err != nil {
			return errors.Join(err, indexing.Wait())
		}
		free <- l
	}
	for _, t := range pgTables() {
		if t.name == "events" || t.name == "touches" {
			continue
		}
		fill := p.loadAsItLies
		if t.name == "texts" {
			fill = p.loadTexts
		}
		l := <-free
		if err := fill(ctx, l, t.name, from); err != nil {
			free <- l
			return errors.Join(err, indexing.Wait())
		}
		indexing.Go(func() error {
			defer func() { free <- l }()
			return l.finish()
		})
	}
	if err := indexing.Wait(); err != nil {
		return err
	}
	for range side {
		l := <-free
		err = errors.Join(err, l.end())
		free <- l
	}
	return err
}

// manyRows is from how many on the keys of a table are made at its end.
const manyRows = 5_000

// loadAsItLies makes the table and fills it; its keys and indexes are still to
// be made.
func (p *postgres) loadAsItLies(ctx context.Context, l *pgLoader, name string, from *sqliteConn) error {
	rows, err := queryInt(from, "SELECT count(*) FROM "+name)
	if err != nil {
		return err
	}
	if err := l.begin(ctx, name, rows >= manyRows); err != nil {
		return err
	}
	if err := from.query("SELECT "+strings.Join(l.columns, ", ")+" FROM "+name+" ORDER BY 1", nil, l.copy); err != nil {
		l.give()
		return err
	}
	return nil
}

// swap puts the schema that was built in the place of the one in use, in one
// transaction. It waits for those who read in a transaction, here and in other
// processes, and keeps new ones waiting for a moment only: where some read on,
// it tries again.
func (p *postgres) swap(ctx context.Context, v *Views) error {
	defer v.conn.attach(v.conn.attach(ctx))
	for {
		err := p.trySwap(v)
		if !errors.Is(err, ledger.ErrLocked) {
			if err != nil {
				return errors.Join(err, p.discard())
			}
			break
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), p.discard())
		}
	}
	return p.finish("DROP SCHEMA IF EXISTS " + pgFormer + " CASCADE")
}

func (p *postgres) trySwap(v *Views) (err error) {
	v.place.Lock()
	defer v.place.Unlock()
	c := v.conn.(*pgConn)
	if err := c.begin(scratch); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.end(false))
		}
	}()
	// Less than deadlock_timeout: whoever reads some views of HR and goes on to
	// others is not the one who is turned away.
	if err := c.run("SET LOCAL lock_timeout = '500ms'; LOCK TABLE projections IN ACCESS EXCLUSIVE MODE"); err != nil {
		return err
	}
	now, err := readPosition(c)
	switch {
	case errors.Is(err, errOtherVersion): // nobody reads them
	case err != nil:
		return err
	case uint64(now) != v.position.Load():
		return fmt.Errorf("%w: it moved them to position %s meanwhile", ErrLostLead, now)
	}
	if p.builder == nil || p.builder.run("SELECT 1") != nil {
		return fmt.Errorf("%w: the lock of the rebuild was lost", errLost)
	}
	err = c.run(pgGrants + "; ALTER SCHEMA " + pgSchema + " RENAME TO " + pgFormer + "; ALTER SCHEMA " + pgFresh + " RENAME TO " + pgSchema)
	if err == nil {
		err = p.makeHR(c, true)
	}
	if err != nil {
		return err
	}
	if err := c.query("SELECT pg_notify(?, ?)", []any{pgChannel, "built"}, nil); err != nil {
		return err
	}
	v.answers.change(true)
	defer v.answers.change(false)
	if err := c.end(true); err != nil {
		return err
	}
	v.writer, p.build = nil, ""
	v.unfit.Store(false)
	v.forget()
	return nil
}
