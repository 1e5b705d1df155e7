package projections

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

const (
	// viewsFile is the file of views inside the data folder; a rebuild grows
	// beside it under another name.
	viewsFile   = "views.db"
	rebuildName = "views.db.new"

	defaultReaders = 4

	// pollEvery is how often views that another process advances are looked
	// at by WaitFor.
	pollEvery = 50 * time.Millisecond
)

// Options are the choices at Open.
type Options struct {
	// ReadOnly opens for asking only: the views are as another process left
	// or keeps them. CatchUp, Run and Rebuild then fail.
	ReadOnly bool
	// Readers bounds the connections that read at one moment; 0 means 4.
	Readers int
	// Books has the rulebooks: the calendar says on which day something
	// happened, the terms set the clocks in the register of obligations. Each
	// event is folded by the rulebook that was in force.
	Books Books
	// Without Books, Calendar tells the days, UTC when zero, and Book sets the
	// terms, whatever is adopted; the register of obligations stays empty
	// without one. After a change of either, rebuild.
	Calendar domain.Calendar
	Book     *domain.Rulebook
	// Now is the clock by which "today" is told; time.Now when nil.
	Now func() time.Time
	// Applied, when set, is told of each group of so many events up to at that
	// the views have taken in, and when the work on it began.
	Applied func(at ledger.Position, events int, began time.Time)
}

// Views is the file of views and what keeps it up to date.
type Views struct {
	path  string
	codec *ledger.Codec
	opts  Options
	only  *rules // by Options.Calendar and Book
	shown atomic.Pointer[rules]

	// file guards readers and its file against the swap of a rebuild: shared
	// while asking, exclusive for the moment of the swap.
	file    sync.RWMutex
	readers *pool

	// advance is held by the one goroutine that changes the file.
	advance sync.Mutex
	conn    *conn   // nil in read-only and in closed views
	writer  *writer // nil until first needed and after a failure
	closed  bool

	position atomic.Uint64
	mu       sync.Mutex    // guards moved
	moved    chan struct{} // closed and replaced when position has risen

	words   wordCache
	files   fileCache
	answers answers

	watches watches
	// rebuilding is how far a rebuild has come; nil while there is none.
	rebuilding atomic.Pointer[Rebuilding]

	// scratch are databases in memory, for states as of an earlier moment.
	scratch *pool
}

var errReadOnly = errors.New("the views were opened for reading only")

// Open opens the views in dir, empty ones when there are none, or when those
// there are damaged, of another version or folded under another default
// rulebook, which are then deleted: call
// CatchUp to fill them. The
// codec must be that of the ledger they are built from.
//
// One process at a time may open the views of a folder for writing.
func Open(dir string, codec *ledger.Codec, opts Options) (*Views, error) {
	if opts.Readers <= 0 {
		opts.Readers = defaultReaders
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open the views: %w", err)
	}
	v := &Views{path: filepath.Join(dir, viewsFile), codec: codec, opts: opts, moved: make(chan struct{}), scratch: newPoolOf(openScratch, opts.Readers)}
	v.only = opts.only()
	if opts.ReadOnly {
		if err := v.openForReading(); err != nil {
			return nil, err
		}
		return v, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the views: %w", err)
	}
	err = v.openFile()
	if useless(err) {
		// The ledger is the source: throw the old file away and begin anew.
		if err = removeDatabase(v.path); err == nil {
			err = v.openFile()
		}
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// errOtherVersion says that the file holds other projections than these.
var errOtherVersion = errors.New("the views are of another version; rebuild them")

// useless tells a file that can only be built again from one that cannot be
// reached just now (locked, no permission, no room).
func useless(err error) bool {
	return errors.Is(err, errOtherVersion) || errors.Is(err, sqlite3.NOTADB) || errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, sqlite3.ERROR)
}

func (v *Views) openForReading() error {
	if _, err := os.Stat(v.path); err != nil {
		return fmt.Errorf("open the views for reading: %w", err)
	}
	v.readers = newPool(v.path, v.opts.Readers)
	err := v.readers.use(context.Background(), func(c *conn) error {
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
func (v *Views) openFile() error {
	if _, err := os.Stat(v.path); errors.Is(err, fs.ErrNotExist) {
		if err := createDatabase(v.path, v.opts.basis()); err != nil {
			return err
		}
	}
	c, err := connect(v.path, sqlite3.OPEN_READWRITE,
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
	v.conn, v.writer, v.readers = c, nil, newPool(v.path, v.opts.Readers)
	v.position.Store(uint64(at))
	return nil
}

// createDatabase makes an empty, indexed file of views.
func createDatabase(path, basis string) error {
	c, err := connect(path, sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE, "PRAGMA journal_mode = WAL")
	if err != nil {
		return err
	}
	err = c.Exec("BEGIN IMMEDIATE;" + schemaSQL() + ";" + textsSchema + ";" + indexSQL() + ";" + positionsSQL)
	if err == nil {
		err = errors.Join(setBasis(c, basis), c.Exec("COMMIT"))
	}
	if err != nil {
		err = fmt.Errorf("make the views: %w", err)
	}
	return errors.Join(err, c.close())
}

// positionsSQL enters the projections at the start.
var positionsSQL = fmt.Sprintf("INSERT INTO projections (name, version, position) VALUES ('%s', %d, 0), ('%s', %d, 0)",
	projectionEvents, versionEvents, projectionRegisters, versionRegisters)

// readPosition returns how far the file has come, and fails when it is not
// one this program can read.
func readPosition(c *conn) (ledger.Position, error) {
	versions, positions := map[string]int64{}, map[int64]bool{}
	err := c.query("SELECT name, version, position FROM projections", nil, func(s *sqlite3.Stmt) error {
		versions[s.ColumnText(0)] = s.ColumnInt64(1)
		positions[s.ColumnInt64(2)] = true
		return nil
	})
	if err != nil {
		return 0, err
	}
	if len(versions) != 2 || versions[projectionEvents] != versionEvents || versions[projectionRegisters] != versionRegisters || len(positions) != 1 {
		return 0, errOtherVersion
	}
	for at := range positions {
		return ledger.Position(at), nil
	}
	return 0, nil
}

func removeDatabase(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set old views aside: %w", err)
		}
	}
	return nil
}

// Close waits for what is being asked and closes the file. Whatever is asked
// or applied later fails.
func (v *Views) Close() error {
	v.advance.Lock()
	defer v.advance.Unlock()
	v.file.Lock()
	defer v.file.Unlock()
	if v.closed {
		return nil
	}
	v.closed = true
	err := errors.Join(v.readers.close(), v.scratch.close())
	if v.conn != nil {
		err = errors.Join(err, v.conn.close())
		v.conn, v.writer = nil, nil
	}
	return err
}

// read lends a reading connection of the present file.
func (v *Views) read(ctx context.Context, fn func(*conn) error) error {
	v.file.RLock()
	defer v.file.RUnlock()
	return v.readers.use(ctx, fn)
}

// Position returns the last event that the views show.
func (v *Views) Position(ctx context.Context) (ledger.Position, error) {
	if !v.opts.ReadOnly {
		return ledger.Position(v.position.Load()), nil
	}
	var at ledger.Position
	err := v.read(ctx, func(c *conn) (err error) {
		at, err = readPosition(c)
		return err
	})
	return at, err
}

// WaitFor returns when the views show the event at the position, so that
// whoever recorded it reads what they wrote. Someone must be running Run.
func (v *Views) WaitFor(ctx context.Context, at ledger.Position) error {
	for {
		v.mu.Lock()
		moved := v.moved
		v.mu.Unlock()
		now, err := v.Position(ctx)
		if err != nil || now >= at {
			return err
		}
		var poll <-chan time.Time
		if v.opts.ReadOnly {
			poll = time.After(pollEvery)
		}
		select {
		case <-moved:
		case <-poll:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// reached tells those who wait that the views have come so far. Whoever
// watches is told first; see watches.
func (v *Views) reached(at ledger.Position) {
	v.mu.Lock()
	defer v.mu.Unlock()
	close(v.moved)
	v.moved = make(chan struct{})
}

// As returns a reader that shows what the principal may see. A role that
// does not exist sees nothing.
func (v *Views) As(p Principal) *Reader {
	return &Reader{views: v, who: p, limits: new(limits), named: sync.OnceValue(func() string { return nameOf(p) })}
}

// today is the day it is now, in the calendar of the rulebook in force.
func (v *Views) today() domain.Date { return v.rules().days.Day(v.opts.Now()) }
