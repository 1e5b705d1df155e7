package projections

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

const (
	// viewsFile is the file of views inside the data folder; a rebuild grows
	// beside it under another name.
	viewsFile   = "views.db"
	rebuildName = "views.db.new"
)

// sqliteFile is a file of views.
type sqliteFile struct{ path string }

func (f *sqliteFile) open(v *Views) error {
	if v.opts.ReadOnly {
		return f.openForReading(v)
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return fmt.Errorf("open the views: %w", err)
	}
	err := f.openFile(v)
	if useless(err) {
		// The ledger is the source: throw the old file away and begin anew.
		if err = removeDatabase(f.path); err == nil {
			err = f.openFile(v)
		}
	}
	return err
}

// useless tells a file that can only be built again from one that cannot be
// reached just now (locked, no permission, no room).
func useless(err error) bool {
	return errors.Is(err, errOtherVersion) || errors.Is(err, sqlite3.NOTADB) || errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, sqlite3.ERROR)
}

// readers lend connections that read the file.
func (f *sqliteFile) readers(v *Views) *pool {
	return newPool(func() (conn, error) {
		return connect(f.path, sqlite3.OPEN_READONLY, fmt.Sprintf("PRAGMA cache_size = -%d", readerCache))
	}, v.opts.Readers)
}

func (f *sqliteFile) openForReading(v *Views) error {
	if _, err := os.Stat(f.path); err != nil {
		return fmt.Errorf("open the views for reading: %w", err)
	}
	v.readers = f.readers(v)
	err := v.readers.use(context.Background(), func(c conn) error {
		at, err := readPosition(c)
		v.position.Store(uint64(at))
		return errors.Join(err, v.checkBasis(c))
	})
	if err != nil {
		return errors.Join(err, v.readers.close())
	}
	return nil
}

// openFile opens or makes the file and its readers.
func (f *sqliteFile) openFile(v *Views) error {
	if _, err := os.Stat(f.path); errors.Is(err, fs.ErrNotExist) {
		if err := f.create(v.opts.basis()); err != nil {
			return err
		}
	}
	c, err := connect(f.path, sqlite3.OPEN_READWRITE,
		fmt.Sprintf("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -%d", writerCache))
	if err != nil {
		return err
	}
	at, err := readPosition(c)
	if err == nil {
		err = v.checkBasis(c)
	}
	if err != nil {
		return errors.Join(err, c.close())
	}
	v.conn, v.writer, v.readers = c, nil, f.readers(v)
	v.position.Store(uint64(at))
	return nil
}

// create makes an empty, indexed file of views.
func (f *sqliteFile) create(basis string) error {
	c, err := connect(f.path, sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE, "PRAGMA journal_mode = WAL")
	if err != nil {
		return err
	}
	err = c.Exec("BEGIN IMMEDIATE;" + schemaSQL() + ";" + fullTextSchema + ";" + indexSQL() + ";" + positionsSQL)
	if err == nil {
		err = errors.Join(setBasis(c, basis), c.Exec("COMMIT"))
	}
	if err != nil {
		err = fmt.Errorf("make the views: %w", err)
	}
	return errors.Join(err, c.close())
}

// load fills a fresh file: no journal, no sync, indexes last. Nobody reads
// it before it is whole, and a half one is thrown away.
func (f *sqliteFile) load(ctx context.Context, v *Views, store ledger.Store, progress func(ledger.Position)) (at ledger.Position, err error) {
	c, err := connect(f.fresh(), sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE,
		fmt.Sprintf("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -%d", bulkCache))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.Exec("BEGIN;" + schemaSQL() + ";" + fullTextSchema + ";" + positionsSQL); err != nil {
		return 0, err
	}
	if err := setBasis(c, v.opts.basis()); err != nil {
		return 0, err
	}
	w, err := newWriter(c, v.only, adoptions{books: v.opts.Books}, f)
	if err != nil {
		return 0, err
	}
	if w.sorter, err = newTouchSorter(f.fresh() + "-touches"); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.sorter.close()) }()
	at, err = v.fill(ctx, w, store, progress)
	if err == nil {
		err = errors.Join(w.finish(), w.setPosition(at))
	}
	if err == nil {
		err = c.Exec(indexSQL())
	}
	if err == nil {
		err = w.registers.findings.settle(c)
	}
	if err == nil {
		err = f.indexAll(c)
	}
	if err == nil {
		err = c.Exec("COMMIT; PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL")
	}
	return at, err
}

func (f *sqliteFile) fresh() string { return filepath.Join(filepath.Dir(f.path), rebuildName) }

func (f *sqliteFile) discard() error { return removeDatabase(f.fresh()) }

// swap puts the fresh file in the place of the old one.
func (f *sqliteFile) swap(_ context.Context, v *Views) error {
	if err := syncFile(f.fresh()); err != nil {
		return err
	}
	v.place.Lock()
	defer v.place.Unlock()
	v.answers.change(true)
	defer v.answers.change(false)
	// Closing the last connection folds the old log in and removes it; a log
	// left behind would be taken for that of the fresh file.
	err := errors.Join(v.readers.close(), v.conn.close())
	v.conn, v.writer = nil, nil
	v.forget()
	for _, suffix := range []string{"-wal", "-shm"} {
		if rm := os.Remove(f.path + suffix); rm != nil && !errors.Is(rm, os.ErrNotExist) {
			err = errors.Join(err, rm)
		}
	}
	if err == nil {
		err = os.Rename(f.fresh(), f.path)
	}
	return errors.Join(err, f.openFile(v))
}

// syncFile makes the file's content survive a power cut.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func removeDatabase(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set old views aside: %w", err)
		}
	}
	return nil
}

func (f *sqliteFile) mark(conn, string) error           { return nil }
func (f *sqliteFile) marked(conn, string) (bool, error) { return false, nil }
