package embedded

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

// A chunk is full at this many events or envelope bytes. It is what one read
// holds in memory, and the longest it keeps a connection. A walk over the
// ledger begins with few, for many who begin one want a single event.
const (
	chunkEvents = 1000
	chunkBytes  = 1 << 20
	firstEvents = 16
)

// chunk is a stretch of events copied out of the file. The slice of events is
// used again for the next stretch; the envelopes are not, callers keep them.
type chunk struct {
	events []ledger.Stored
	limit  int // how many events are the most
	bytes  int
	more   bool // the sequence goes on after this chunk
	slab   slab
}

func newChunk(limit int) *chunk { return &chunk{limit: limit} }

// widen lets the next stretch be longer.
func (c *chunk) widen() { c.limit = min(8*c.limit, chunkEvents) }

func (c *chunk) clear() {
	clear(c.events)
	c.events, c.bytes, c.more = c.events[:0], 0, false
}

func (c *chunk) full() bool { return len(c.events) >= c.limit || c.bytes >= chunkBytes }

// add copies the row under stmt, whose first four columns are position,
// revision, id and envelope.
func (c *chunk) add(stmt *sqlite3.Stmt, stream string) error {
	e := ledger.Stored{
		Position: ledger.Position(stmt.ColumnInt64(0)),
		Stream:   stream,
		Revision: ledger.Revision(stmt.ColumnInt64(1)),
	}
	if n := copy(e.ID[:], stmt.ColumnRawBlob(2)); n != len(uuid.UUID{}) {
		return &ledger.IntegrityError{
			Position: e.Position, Stream: stream, Revision: e.Revision,
			What: fmt.Sprintf("its id has %d bytes", n),
		}
	}
	e.Envelope = c.slab.copy(stmt.ColumnRawBlob(3))
	c.events = append(c.events, e)
	c.bytes += len(e.Envelope)
	return stmt.Err()
}

// Envelopes are copied into blocks that double from the first size to the
// last, so that neither a stream of two events nor a ledger of a million
// wastes memory or time on them. A caller that keeps one envelope keeps its
// block.
const (
	firstBlock = 4 << 10
	lastBlock  = 256 << 10
)

type slab struct {
	block []byte // its length is what is used of it
	size  int
}

// copy returns a copy of b whose capacity is its length, so that appending to
// it cannot reach its neighbour.
func (s *slab) copy(b []byte) []byte {
	if cap(s.block)-len(s.block) < len(b) {
		s.size = min(max(2*s.size, firstBlock), lastBlock)
		s.block = make([]byte, 0, max(s.size, len(b)))
	}
	from := len(s.block)
	s.block = append(s.block, b...)
	return s.block[from:len(s.block):len(s.block)]
}
