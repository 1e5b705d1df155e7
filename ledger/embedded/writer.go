package embedded

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

// A group ends when it holds this many events or bytes, so that neither its
// transaction nor the wait for it grows without bound.
const (
	groupEvents = 1024
	groupBytes  = 4 << 20
)

// head is where a stream stands: its number and its last revision.
type head struct {
	stream   int64
	revision ledger.Revision
}

// writer owns the writing connection. Everything in it belongs to the one
// goroutine in run.
type writer struct {
	store *Store
	conn  *sqlite3.Conn
	stmts writerStmts
	log   *checkpointer

	heads    *simplelru.LRU[string, head]
	position int64 // of the last recorded event
	events   int64 // recorded so far
	pages    int64 // the cap on the file now in force
	group    []*request
	failed   error // why nothing may be written any more
}

type writerStmts struct {
	begin, commit, rollback         *sqlite3.Stmt
	insert, intern, setHead         *sqlite3.Stmt
	getHead, lastRevision, recorded *sqlite3.Stmt
}

func newWriter(s *Store) (_ *writer, err error) {
	w := &writer{store: s}
	if w.heads, err = simplelru.NewLRU[string, head](headCache, nil); err != nil {
		return nil, fmt.Errorf("start the writer: %w", err)
	}
	if w.conn, err = s.file.writable(writerCache); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	if err := prepare(w.conn, map[**sqlite3.Stmt]string{
		&w.stmts.begin:    "BEGIN IMMEDIATE",
		&w.stmts.commit:   "COMMIT",
		&w.stmts.rollback: "ROLLBACK",
		&w.stmts.insert:   "INSERT INTO events (position, stream, revision, id, envelope) VALUES (?, ?, ?, ?, ?)",
		&w.stmts.intern:   "INSERT INTO streams (name) VALUES (?)",
		&w.stmts.setHead:  "UPDATE head SET position = ?, events = ? WHERE row = 1",
		&w.stmts.getHead:  "SELECT position, events FROM head WHERE row = 1",
		&w.stmts.lastRevision: "SELECT id, (SELECT max(revision) FROM events WHERE stream = streams.id) " +
			"FROM streams WHERE name = ?",
		&w.stmts.recorded: "SELECT id, position, envelope FROM events WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?",
	}); err != nil {
		return nil, err
	}
	if err := w.reload(); err != nil {
		return nil, err
	}
	w.log, err = newCheckpointer(s.file, w.conn)
	return w, err
}

// prepare compiles each statement into its place.
func prepare(conn *sqlite3.Conn, statements map[**sqlite3.Stmt]string) error {
	for place, sql := range statements {
		stmt, _, err := conn.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
		if err != nil {
			return storeError("prepare "+sql, err)
		}
		*place = stmt
	}
	return nil
}

// run serves appends until the store closes, then those that still wait.
func (w *writer) run() {
	defer close(w.store.written)
	for {
		select {
		case r := <-w.store.queue:
			w.serve(r)
		case <-w.store.closing:
			for {
				select {
				case r := <-w.store.queue:
					w.serve(r)
				default:
					return
				}
			}
		}
	}
}

// serve gathers a group that begins with first, records and answers it.
func (w *writer) serve(first *request) {
	w.group = w.group[:0]
	events, bytes := w.take(first)
	// Callers that have just been answered are about to append again. Letting
	// them run first makes one large group out of a small and a large one.
	runtime.Gosched()
gather:
	for events < groupEvents && bytes < groupBytes {
		select {
		case r := <-w.store.queue:
			e, b := w.take(r)
			events, bytes = events+e, bytes+b
		default:
			break gather
		}
	}
	if len(w.group) == 0 {
		return
	}
	before := w.position
	err := w.record()
	for _, r := range w.group {
		r.answer(err)
	}
	clear(w.group)
	if w.position > before {
		w.store.commits.notify()
		w.log.tidy()
	}
}

// take adds r to the group unless its caller has withdrawn it.
func (w *writer) take(r *request) (events, bytes int) {
	if !r.state.CompareAndSwap(waiting, taken) {
		return 0, 0
	}
	w.group = append(w.group, r)
	return len(r.entries), r.bytes
}

// record puts the whole group into one transaction. A request that is refused
// alone carries its own error; the returned error is everyone's.
func (w *writer) record() error {
	if w.failed != nil {
		return w.failed
	}
	if err := w.applyCap(); err != nil {
		return err
	}
	if err := w.stmts.begin.Exec(); err != nil {
		return storeError("begin the append", err)
	}
	position, events := w.position, w.events
	for _, r := range w.group {
		if err := w.append(r); err != nil {
			return w.fail(err)
		}
	}
	if w.position == position {
		return w.rollback() // only refusals and repeats: nothing to write
	}
	w.events = events + (w.position - position)
	if err := w.writeHead(); err != nil {
		return w.fail(err)
	}
	if err := w.stmts.commit.Exec(); err != nil {
		return w.fail(commitError(err))
	}
	return nil
}

// fail undoes the transaction and everything remembered of it, and decides
// whether the writer may go on.
func (w *writer) fail(cause error) error {
	var damage *ledger.IntegrityError
	switch {
	case errors.Is(cause, ledger.ErrUnknownOutcome):
		// Not wrapped: of the appends that come after, the outcome is known.
		w.failed = fmt.Errorf("the ledger stopped writing; open it again: %v", cause)
	case errors.As(cause, &damage):
		w.failed = fmt.Errorf("the ledger stopped writing: %w", cause)
	}
	err := w.rollback()
	if err == nil {
		err = w.reload()
	}
	if err != nil && w.failed == nil {
		w.failed = fmt.Errorf("the ledger stopped writing; open it again: %w", err)
	}
	return cause
}

// rollback ends the transaction if SQLite has not already done so.
func (w *writer) rollback() error {
	if w.conn.GetAutocommit() {
		return nil
	}
	return storeError("roll back", w.stmts.rollback.Exec())
}

// reload forgets all stream heads and reads the ledger's.
func (w *writer) reload() error {
	w.heads.Purge()
	stmt := w.stmts.getHead
	defer stmt.Reset()
	if !stmt.Step() {
		if err := stmt.Err(); err != nil {
			return storeError("read the head", err)
		}
		return &ledger.IntegrityError{What: "the head of the ledger is missing"}
	}
	w.position, w.events = stmt.ColumnInt64(0), stmt.ColumnInt64(1)
	return nil
}

func (w *writer) writeHead() error {
	err := errors.Join(w.stmts.setHead.BindInt64(1, w.position), w.stmts.setHead.BindInt64(2, w.events))
	if err == nil {
		err = w.stmts.setHead.Exec()
	}
	return storeError("write the head", err)
}

// applyCap brings the cap on the file up to date.
func (w *writer) applyCap() error {
	pages := w.store.pages.Load()
	if pages == w.pages {
		return nil
	}
	limit := pages
	if limit == 0 {
		limit = 1<<32 - 2 // SQLite's own
	}
	if err := w.conn.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", limit)); err != nil {
		return storeError("cap the file", err)
	}
	w.pages = pages
	return nil
}

// close ends the writing connection once run has ended. When it is the last
// one to the file, SQLite then folds the rest of the log in.
func (w *writer) close() error {
	var err error
	if w.log != nil {
		err = w.log.close()
	}
	return errors.Join(err, closeConn(w.conn))
}
