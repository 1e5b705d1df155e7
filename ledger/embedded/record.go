package embedded

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/probity-ledger/probity/ledger"
)

// append records one request inside the open transaction. A refusal lands in
// r.err; the returned error is SQLite's and fails the whole group.
func (w *writer) append(r *request) error {
	at, err := w.head(r.stream)
	if err != nil {
		return err
	}
	if at.revision != r.expected {
		return w.repeated(r, at)
	}
	if at.stream == 0 {
		if at.stream, err = w.intern(r.stream); err != nil {
			return err
		}
	}
	for i := range r.entries {
		at.revision++
		w.position++
		if err := w.insert(at, &r.entries[i]); err != nil {
			return storeError("record an event", err)
		}
	}
	w.heads.Add(r.stream, at)
	r.result = ledger.Appended{Revision: at.revision, Position: ledger.Position(w.position)}
	return nil
}

// head finds where a stream stands, in memory or in the file. A stream never
// seen has the number 0 and the revision NoStream.
func (w *writer) head(stream string) (head, error) {
	if at, ok := w.heads.Get(stream); ok {
		return at, nil
	}
	at := head{revision: ledger.NoStream}
	stmt := w.stmts.lastRevision
	if err := stmt.BindText(1, stream); err != nil {
		return at, storeError("find a stream", err)
	}
	defer stmt.Reset()
	if !stmt.Step() {
		return at, storeError("find a stream", stmt.Err())
	}
	at = head{stream: stmt.ColumnInt64(0), revision: ledger.Revision(stmt.ColumnInt64(1))}
	w.heads.Add(stream, at)
	return at, nil
}

func (w *writer) intern(stream string) (int64, error) {
	if err := w.stmts.intern.BindText(1, stream); err != nil {
		return 0, storeError("name a stream", err)
	}
	if err := w.stmts.intern.Exec(); err != nil {
		return 0, storeError("name a stream", err)
	}
	return w.conn.LastInsertRowID(), nil
}

func (w *writer) insert(at head, entry *ledger.Entry) error {
	stmt := w.stmts.insert
	if err := stmt.BindInt64(1, w.position); err != nil {
		return err
	}
	if err := stmt.BindInt64(2, at.stream); err != nil {
		return err
	}
	if err := stmt.BindInt64(3, int64(at.revision)); err != nil {
		return err
	}
	if err := stmt.BindBlob(4, entry.ID[:]); err != nil {
		return err
	}
	if err := stmt.BindBlob(5, entry.Envelope); err != nil {
		return err
	}
	return stmt.Exec()
}

// repeated answers an append whose expected revision is not the stream's
// last: with the first result when these very events already follow that
// revision, with ErrWrongRevision otherwise.
func (w *writer) repeated(r *request, at head) error {
	if r.expected+ledger.Revision(len(r.entries)) <= at.revision {
		last, same, err := w.recorded(r, at)
		if err != nil {
			return storeError("compare with what is recorded", err)
		}
		if same {
			r.result = last
			return nil
		}
	}
	r.err = fmt.Errorf("%w: %s is at %d, expected was %d", ledger.ErrWrongRevision, r.stream, at.revision, r.expected)
	return nil
}

// recorded reports whether the events after r.expected are those of r,
// and where the last of them lies.
func (w *writer) recorded(r *request, at head) (last ledger.Appended, same bool, err error) {
	stmt := w.stmts.recorded
	err = errors.Join(stmt.BindInt64(1, at.stream), stmt.BindInt64(2, int64(r.expected)), stmt.BindInt(3, len(r.entries)))
	if err != nil {
		return last, false, err
	}
	defer stmt.Reset()
	for i := range r.entries {
		if !stmt.Step() {
			return last, false, stmt.Err()
		}
		if !bytes.Equal(stmt.ColumnRawBlob(0), r.entries[i].ID[:]) || !bytes.Equal(stmt.ColumnRawBlob(2), r.entries[i].Envelope) {
			return last, false, nil
		}
		last.Position = ledger.Position(stmt.ColumnInt64(1))
	}
	last.Revision = r.expected + ledger.Revision(len(r.entries))
	return last, true, nil
}
