package ledger

import (
	"context"
	"iter"
	"strconv"

	"github.com/google/uuid"
)

// Position is an event's place in the order of the whole ledger. Positions
// rise strictly with every event, may leave gaps, and mean nothing beyond
// their order. Start lies before the first event.
type Position uint64

// Start is the position before the first event of every ledger.
const Start Position = 0

// String returns the position in decimal digits, the form in which it
// travels through JSON (it may exceed what a JSON number holds exactly).
func (p Position) String() string { return strconv.FormatUint(uint64(p), 10) }

// Revision is an event's place in its own stream: 0, 1, 2… without gaps.
type Revision int64

// NoStream is the expected revision of a stream that has no event yet.
const NoStream Revision = -1

// Entry is one signed event on its way into a store.
type Entry struct {
	// ID names the event; a retry carries the same ID.
	ID uuid.UUID
	// Envelope holds the DSSE envelope, the exact bytes that are kept for
	// ever. At most MaxEnvelope bytes.
	Envelope []byte
}

// Stored is one event as a store gives it back.
type Stored struct {
	Position Position
	Stream   string
	Revision Revision
	ID       uuid.UUID
	Envelope []byte
}

// Appended tells where an append ended: the revision and position of its
// last event. The entries of one append lie in order and side by side in
// their stream.
type Appended struct {
	Revision Revision
	Position Position
}

// Store keeps signed events. It is append-only: deletion, truncation and
// change do not exist in this contract, and an implementation forbids them
// as far as its medium can.
//
// Durability. When Append returns nil, the entries survive a crash of the
// process, the machine and the power, and every later read sees them.
//
// Atomicity. All entries of one append are recorded, or none.
//
// Order. Positions rise strictly in the order of recording; revisions of a
// stream start at 0 and leave no gap. Stable prefix: once a reader has been
// given position P, no event will ever appear at or below P that it was not
// given.
//
// Concurrency. All methods are safe for concurrent use; readers never block
// the writer. Of several appends that expect the same revision exactly one
// wins; the others fail with ErrWrongRevision.
//
// Retries. An append whose entries, IDs and envelopes both, are already
// recorded directly after the expected revision succeeds again and returns
// the first result; nothing is recorded twice. The same IDs with other bytes
// are another append and fail with ErrWrongRevision: whoever sent it must
// not believe that its bytes are the recorded ones. When the outcome cannot be known (the context
// ended, the connection broke) Append fails with ErrUnknownOutcome; the
// caller repeats the very same append, with the same expected revision.
// The store itself never retries.
//
// Limits. An append holds 1 to MaxAppend entries, each of 1 to MaxEnvelope
// bytes, a stream name 1 to MaxStreamName bytes; anything else is refused
// with ErrTooLarge or ErrBadAppend before anything is recorded.
//
// After Close every call fails with ErrClosed and running subscriptions end
// with it.
type Store interface {
	// Append records entries at the end of stream, whose last revision must
	// be expected (NoStream for a stream without events).
	Append(ctx context.Context, stream string, expected Revision, entries []Entry) (Appended, error)

	// ReadStream yields the events of stream in order, beginning with
	// revision from. A stream without events yields nothing. The sequence
	// ends after the first error.
	ReadStream(ctx context.Context, stream string, from Revision) iter.Seq2[Stored, error]

	// ReadAll yields every event after the given position, in order, up to
	// what was recorded when the end is reached. The sequence ends after the
	// first error.
	ReadAll(ctx context.Context, after Position) iter.Seq2[Stored, error]

	// Subscribe yields every event after the given position, first what is
	// recorded, then what comes, without gap or repeat, until ctx ends, the
	// store is closed or the consumer stops. The sequence ends after the
	// first error; a caller resumes from the last position it was given.
	Subscribe(ctx context.Context, after Position) iter.Seq2[Stored, error]

	// Close ends all reads and writes. Appends accepted before it are either
	// recorded or fail; none is left hanging.
	Close() error
}
