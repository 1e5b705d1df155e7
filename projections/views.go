package projections

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

const (
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
	// Postgres puts the views into a database of PostgreSQL instead of a file:
	// a URL such as postgres://user@host:5432/database. Many processes may open
	// them there; one at a time advances them (Run, CatchUp, Rebuild), the
	// others follow it (Follow). The folder is used while they are built anew.
	Postgres string
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

// Views are the tables of views and what keeps them up to date.
type Views struct {
	lie   backend
	codec *ledger.Codec
	opts  Options
	only  *rules // by Options.Calendar and Book
	shown atomic.Pointer[rules]

	// place guards readers, and where they read, against the swap of a rebuild:
	// shared while asking, exclusive for the moment of the swap.
	place   sync.RWMutex
	readers *pool

	// advance is held by the one goroutine that changes the views.
	advance sync.Mutex
	conn    conn    // nil in read-only and in closed views
	writer  *writer // nil until first needed and after a failure
	closed  bool

	// unfit: what lies there is of another version, and not to be read.
	unfit atomic.Bool
	// attended counts those who keep position right: Run, CatchUp and Follow.
	attended atomic.Int32
	// lived are the rules by the events shown, where another process advances
	// the views; nil otherwise.
	lived atomic.Pointer[rules]

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

// ErrLostLead says that another process advances the views: it moved them, or
// builds them anew, and nothing was changed here. Whoever meets it follows the
// other, and may begin again when it leads.
var ErrLostLead = errors.New("another process advances the views")

// Open opens the views in dir, empty ones when there are none, or when those
// there are damaged, of another version or folded under another default
// rulebook: call CatchUp to fill them. A file of such views is deleted; tables
// in PostgreSQL stay until they are built anew, and are not read until then. The
// codec must be that of the ledger they are built from; views of another ledger
// in PostgreSQL are not touched.
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
	v := &Views{codec: codec, opts: opts, moved: make(chan struct{}), scratch: newPool(openScratch, opts.Readers)}
	v.only = opts.only()
	v.lie = &sqliteFile{filepath.Join(dir, viewsFile)}
	if opts.Postgres != "" {
		if v.lie, err = newPostgres(opts.Postgres, codec.Origin(), dir, opts.zone()); err != nil {
			return nil, err
		}
	}
	if err := v.lie.open(v); err != nil {
		return nil, err
	}
	return v, nil
}

// ErrUnavailable says that the views cannot be asked just now: they are to be
// built anew, or PostgreSQL stays away. Ask again in a while.
var ErrUnavailable = errors.New("the views cannot be asked now")

// errOtherVersion says that other projections lie there than these.
var errOtherVersion = fmt.Errorf("%w: they are of another version; rebuild them", ErrUnavailable)

// positionsSQL enters the projections at the start.
var positionsSQL = fmt.Sprintf("INSERT INTO projections (name, version, position) VALUES ('%s', %d, 0), ('%s', %d, 0)",
	projectionEvents, versionEvents, projectionRegisters, versionRegisters)

// readPosition returns how far the views have come, and fails when they are
// not such as this program can read.
func readPosition(c conn) (ledger.Position, error) {
	versions, positions := map[string]int64{}, map[int64]bool{}
	err := c.query("SELECT name, version, position FROM projections", nil, func(s dbRow) error {
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

// Close waits for what is being asked and closes the views. Whatever is asked
// or applied later fails.
func (v *Views) Close() error {
	v.advance.Lock()
	defer v.advance.Unlock()
	v.place.Lock()
	defer v.place.Unlock()
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

// read lends a reading connection.
func (v *Views) read(ctx context.Context, fn func(conn) error) error {
	v.place.RLock()
	defer v.place.RUnlock()
	if v.unfit.Load() {
		return errOtherVersion
	}
	return v.readers.use(ctx, fn)
}

// blind tells that another process may advance the views without this one
// learning of it.
func (v *Views) blind() bool {
	_, shared := v.lie.(*postgres)
	return v.attended.Load() == 0 && (v.opts.ReadOnly || shared)
}

// Position returns the last event that the views show.
func (v *Views) Position(ctx context.Context) (ledger.Position, error) {
	if v.unfit.Load() {
		return ledger.Start, nil // nothing is shown
	}
	if !v.blind() {
		return ledger.Position(v.position.Load()), nil
	}
	var at ledger.Position
	err := v.read(ctx, func(c conn) (err error) {
		at, err = readPosition(c)
		return err
	})
	return at, err
}

// WaitFor returns when the views show the event at the position, so that
// whoever recorded it reads what they wrote. Someone must be running Run, and
// where that is another process, Follow here tells of it soonest.
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
		if v.blind() {
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

// forget drops what is remembered of the present tables: others number words
// and references anew. Readers are kept out.
func (v *Views) forget() {
	v.words.forget()
	v.files.forget()
}
