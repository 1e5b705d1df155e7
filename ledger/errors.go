package ledger

import (
	"errors"
	"fmt"
)

// The sentinels of the Store contract. Test with errors.Is.
var (
	// ErrWrongRevision: the stream did not end at the expected revision.
	// Load again, decide again, append again.
	ErrWrongRevision = errors.New("stream is not at the expected revision")

	// ErrUnknownOutcome: the append may or may not have been recorded.
	// Repeat the very same append, with the same expected revision.
	ErrUnknownOutcome = errors.New("outcome of the append is unknown")

	// ErrTooLarge: an entry or append exceeds the caps of limits.go.
	ErrTooLarge = errors.New("over the size limit")

	// ErrBadAppend: the append is malformed (no entries, an empty or invalid
	// stream name, an expected revision below NoStream).
	ErrBadAppend = errors.New("malformed append")

	// ErrClosed: the store is closed.
	ErrClosed = errors.New("ledger is closed")

	// ErrLocked: another process holds the data folder.
	ErrLocked = errors.New("data folder is in use by another process")

	// ErrReadOnly: the store was opened for reading or lies on a read-only
	// medium.
	ErrReadOnly = errors.New("ledger is read-only")

	// ErrFull: the medium has no room left. Nothing of the append was
	// recorded; it may be repeated once there is room.
	ErrFull = errors.New("no space left for the ledger")
)

// IntegrityError says that recorded bytes are not what they must be. It is
// never retried and never masked: the process stops with exit code 3.
type IntegrityError struct {
	// Position of the first event found wrong; Start when the failure is
	// not tied to one event.
	Position Position
	// Stream and Revision of that event, when known.
	Stream   string
	Revision Revision
	// What is wrong, in plain words.
	What string
}

func (e *IntegrityError) Error() string {
	switch {
	case e.Position == Start && e.Stream == "":
		return "integrity failure: " + e.What
	case e.Stream == "":
		return fmt.Sprintf("integrity failure at position %s: %s", e.Position, e.What)
	}
	return fmt.Sprintf("integrity failure at position %s (%s revision %d): %s", e.Position, e.Stream, e.Revision, e.What)
}
