package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

const (
	// dataFile is the ledger itself, inside the data folder.
	dataFile = "ledger.db"

	// busyTimeout is how long a connection waits for another program that
	// holds a lock inside the file before it fails with ErrLocked.
	busyTimeout = 5 * time.Second

	// writerCache and readerCache bound the page caches, in KiB. The writer
	// returns to the index pages of (stream, revision) over and over; readers
	// pass through once, and the operating system caches the file anyway.
	writerCache = 24 << 10
	readerCache = 2 << 10

	// walKeep is the size in bytes to which the write-ahead log shrinks after
	// a burst; up to there its blocks are reused, which makes syncs cheaper.
	walKeep = 64 << 20
)

// opener makes connections to one ledger file.
type opener struct {
	path      string
	vfs       string // the VFS to go through
	immutable bool   // on a read-only medium: no lock, no log
}

func (o opener) connect(flags sqlite3.OpenFlag, pragmas string) (*sqlite3.Conn, error) {
	query := url.Values{"vfs": {o.vfs}}
	if o.immutable {
		query.Set("immutable", "1")
	}
	uri := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(o.path), RawQuery: query.Encode()}
	conn, err := sqlite3.OpenFlags(uri.String(), flags|sqlite3.OPEN_URI|sqlite3.OPEN_NOFOLLOW)
	if err != nil {
		return nil, storeError("open "+o.path, err)
	}
	if err := setUp(conn, pragmas); err != nil {
		return nil, errors.Join(storeError("open "+o.path, err), conn.Close())
	}
	return conn, nil
}

func setUp(conn *sqlite3.Conn, pragmas string) error {
	if err := conn.BusyTimeout(busyTimeout); err != nil {
		return err
	}
	return conn.Exec("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; " + pragmas)
}

// writable opens a connection that writes: the writer's own and the one that
// folds the log into the file. The log is kept on close (empty), so that
// someone who may only read the folder can still open the ledger.
func (o opener) writable(cacheKiB int) (*sqlite3.Conn, error) {
	conn, err := o.connect(sqlite3.OPEN_READWRITE, fmt.Sprintf(
		"PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = OFF; "+
			"PRAGMA cache_size = -%d; PRAGMA journal_size_limit = %d", cacheKiB, walKeep))
	if err != nil {
		return nil, err
	}
	if _, err := conn.FileControl("main", sqlite3.FCNTL_PERSIST_WAL, true); err != nil {
		return nil, errors.Join(storeError("open "+o.path, err), conn.Close())
	}
	return conn, nil
}

func (o opener) readable() (*sqlite3.Conn, error) {
	return o.connect(sqlite3.OPEN_READONLY, fmt.Sprintf("PRAGMA cache_size = -%d", readerCache))
}

// closeConn closes a connection with all its statements.
func closeConn(conn *sqlite3.Conn) error {
	for _, stmt := range slices.Collect(conn.Stmts()) {
		// Closing a statement reports the error of its last step again,
		// which whoever made that step has been told.
		_ = stmt.Close()
	}
	return storeError("close the ledger", conn.Close())
}

// openForReading decides how a ledger that may not be written can be read,
// and says what to do when it cannot.
func openForReading(o opener) (opener, error) {
	if _, err := os.Stat(o.path); err != nil {
		return o, fmt.Errorf("open the ledger for reading: %w", err)
	}
	conn, err := o.readable()
	if err == nil {
		_, err = queryInt(conn, "SELECT count(*) FROM sqlite_schema")
		err = errors.Join(err, closeConn(conn))
	}
	if err == nil || !errors.Is(err, ledger.ErrReadOnly) {
		return o, err
	}
	// SQLite wants its shared-memory file beside the ledger and could not
	// make it. On a medium nobody can write, it can do without.
	switch wal, statErr := os.Stat(o.path + "-wal"); {
	case !readOnlyMedium(o.path):
		return o, fmt.Errorf("%w; this user may not write to %s: read as the ledger's own user, or from a copy", err, filepath.Dir(o.path))
	case statErr == nil && wal.Size() > 0:
		return o, fmt.Errorf("%w; the read-only medium holds a log that was never folded into the ledger: read from a copy on a writable medium", err)
	case statErr != nil && !errors.Is(statErr, fs.ErrNotExist):
		return o, fmt.Errorf("open the ledger for reading: %w", statErr)
	}
	o.immutable = true
	return o, nil
}

// createFile makes an empty ledger under another name and moves it into
// place, so that a ledger.db, wherever one is found, was once complete: an
// empty or half-made one is damage, never a beginning.
func createFile(o opener) error {
	if _, err := os.Stat(o.path + "-wal"); err == nil {
		return &ledger.IntegrityError{What: fmt.Sprintf("%s is gone, its log %s-wal is still there", o.path, dataFile)}
	}
	fresh := opener{path: o.path + ".new", vfs: o.vfs}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(fresh.path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("create the ledger: %w", err)
		}
	}
	conn, err := fresh.connect(sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE, "")
	if err != nil {
		return err
	}
	// Closing the last connection folds the log in and removes it.
	if err := errors.Join(createSchema(conn), storeError("create the ledger", conn.Close())); err != nil {
		return err
	}
	if err := os.Rename(fresh.path, o.path); err != nil {
		return fmt.Errorf("create the ledger: %w", err)
	}
	return syncFolder(filepath.Dir(o.path))
}

// syncFolder makes a rename in dir survive a power cut.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync the data folder: %w", err)
	}
	// Some file systems cannot sync a folder and say so; there is nothing
	// left to do about it then.
	_ = f.Sync()
	return f.Close()
}
