package embedded

import (
	"context"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

// Head returns the position of the last event and the number of events.
func (s *Store) Head(ctx context.Context) (last ledger.Position, events int64, err error) {
	err = s.readers.use(ctx, func(r *reader) error {
		defer r.reset()
		last, events, err = r.lastPosition()
		return err
	})
	return last, events, err
}

// CheckHead counts the events and compares them with what the ledger says of
// itself. It finds a missing first, middle or last event without reading a
// single envelope and returns an *IntegrityError that names the first one
// missing. It reads one small index, some 10 MB per million events.
func (s *Store) CheckHead(ctx context.Context) error {
	return s.readers.use(ctx, func(r *reader) error {
		defer r.reset()
		last, events, err := r.lastPosition()
		if err != nil {
			return err
		}
		found, err := queryInt(r.conn, "SELECT count(*) FROM events")
		if err != nil {
			return err
		}
		if found == events && ledger.Position(events) == last {
			return checkLast(r.conn)
		}
		missing, err := firstMissing(r.conn)
		if err != nil {
			return err
		}
		return &ledger.IntegrityError{
			Position: missing,
			What:     fmt.Sprintf("the ledger recorded %d events up to position %s and holds %d", events, last, found),
		}
	})
}

// checkLast compares the last event with the head, at no cost. Both come from
// one statement and so from one snapshot; another process may be writing.
func checkLast(conn *sqlite3.Conn) error {
	stmt, _, err := conn.Prepare("SELECT position, (SELECT coalesce(max(position), 0) FROM events) FROM head WHERE row = 1")
	if err != nil {
		return storeError("read the head", err)
	}
	defer stmt.Close()
	if !stmt.Step() {
		if err := stmt.Err(); err != nil {
			return storeError("read the head", err)
		}
		return &ledger.IntegrityError{What: "the head of the ledger is missing"}
	}
	head, last := stmt.ColumnInt64(0), stmt.ColumnInt64(1)
	switch {
	case last < head:
		return &ledger.IntegrityError{
			Position: ledger.Position(last + 1),
			What:     fmt.Sprintf("the event is missing; the ledger had reached %d", head),
		}
	case last > head:
		return &ledger.IntegrityError{
			Position: ledger.Position(head + 1),
			What:     "an event that was not appended through this program",
		}
	}
	return nil
}

// firstMissing finds the first position without an event.
func firstMissing(conn *sqlite3.Conn) (ledger.Position, error) {
	at, err := queryInt(conn, "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM events WHERE position = 1) THEN 1 ELSE ("+
		"SELECT position + 1 FROM events e WHERE NOT EXISTS "+
		"(SELECT 1 FROM events WHERE position = e.position + 1) ORDER BY position LIMIT 1) END")
	return ledger.Position(at), err
}
