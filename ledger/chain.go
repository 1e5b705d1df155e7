package ledger

import "fmt"

// streamHead is where a stream ends.
type streamHead struct {
	revision Revision
	hash     Hash  // of the payload
	recorded int64 // when it was recorded, in microseconds since 1970
}

// noHead is the head of a stream without events.
var noHead = streamHead{revision: NoStream}

// headOf returns the head of a stream that ends with the event.
func headOf(d Decoded) streamHead {
	return streamHead{Revision(d.Revision), HashPayload(d.Payload), d.Act.RecordedAt.UnixMicro()}
}

// misfit says why the event at next, which names prev as the hash of its
// predecessor, cannot follow; "" when it can.
func (h streamHead) misfit(next streamHead, prev Hash) string {
	switch {
	case h.revision == NoStream && next.revision != 0:
		return fmt.Sprintf("the stream begins at revision %d: what came before is missing", next.revision)
	case next.revision != h.revision+1:
		return fmt.Sprintf("revision %d is missing", h.revision+1)
	case h.revision == NoStream:
		return ""
	case prev != h.hash:
		return "event does not follow its predecessor"
	case next.recorded < h.recorded:
		return "event claims to be recorded before its predecessor"
	}
	return ""
}
