package kurrent

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

// EventType is the type of every event of a ledger. What an event means
// stands in its envelope.
const EventType = "probity.envelope.v1"

// The content types on the wire. Envelopes are sent as bytes: what is called
// JSON, servers and their projections may parse.
const contentType = "application/octet-stream"

const (
	metadataHead = `{"id":"`
	metadataTail = `"}`

	// eventOverhead is what the server counts for an event beside its data:
	// the metadata, and two bytes for each letter of the type.
	eventOverhead = len(metadataHead) + 36 + len(metadataTail) + 2*len(EventType)
)

// eventSpace sets our event ids apart from those of others.
var eventSpace = uuid.MustParse("6f1f64b2-92f4-4c0c-9d2a-3f6e1f0f4a55")

// eventID is the id under which the server knows an entry: a digest of its id
// and its bytes. The server takes a repeated append for the first one by the
// ids alone; so it cannot where the bytes differ.
func eventID(id uuid.UUID, envelope []byte) uuid.UUID {
	h := sha256.New()
	h.Write(eventSpace[:])
	h.Write(id[:])
	h.Write(envelope)
	var sum [sha256.Size]byte
	out := uuid.UUID(h.Sum(sum[:0])[:16])
	out[6] = out[6]&0x0f | 0x80 // version 8: made in a way of our own
	out[8] = out[8]&0x3f | 0x80
	return out
}

func metadataOf(id uuid.UUID) []byte {
	out := make([]byte, 0, eventOverhead)
	out = append(out, metadataHead...)
	out = append(out, id.String()...)
	return append(out, metadataTail...)
}

// idIn reads what metadataOf writes, in that one spelling.
func idIn(metadata []byte) (uuid.UUID, bool) {
	text := string(metadata)
	inner, ok := strings.CutPrefix(text, metadataHead)
	if inner, ok2 := strings.CutSuffix(inner, metadataTail); ok && ok2 {
		id, err := uuid.Parse(inner)
		return id, err == nil && id.String() == inner
	}
	return uuid.Nil, false
}

// encode makes the events of an append. size is what the server counts.
func encode(entries []ledger.Entry) (events []esdb.EventData, size int) {
	events = make([]esdb.EventData, len(entries))
	for i, e := range entries {
		events[i] = esdb.EventData{
			EventID:     eventID(e.ID, e.Envelope),
			EventType:   EventType,
			ContentType: esdb.ContentTypeBinary,
			Data:        e.Envelope,
			Metadata:    metadataOf(e.ID),
		}
		size += len(e.Envelope) + eventOverhead
	}
	return events, size
}

// decode reads what encode wrote. Anything else in one of our streams was put
// there by somebody else, and is an *ledger.IntegrityError.
func decode(prefix string, e *esdb.RecordedEvent) (ledger.Stored, error) {
	s := ledger.Stored{
		Position: ledger.Position(e.Position.Commit),
		Stream:   strings.TrimPrefix(e.StreamID, prefix),
		Revision: ledger.Revision(e.EventNumber),
		Envelope: e.Data,
	}
	what := ""
	id, spelled := idIn(e.UserMetadata)
	switch s.ID = id; {
	case e.EventType == "$streamDeleted":
		what = "the stream was deleted for good"
	case e.EventType != EventType:
		what = fmt.Sprintf("an event of type %q, written by somebody else", e.EventType)
	case e.ContentType != contentType:
		what = fmt.Sprintf("an event with content of type %q, written by somebody else", e.ContentType)
	case !spelled:
		what = "the metadata do not hold the id of an entry"
	case e.EventID != eventID(id, e.Data):
		what = "the id of the event is not the digest of its bytes"
	case e.Position.Commit != e.Position.Prepare || s.Position == ledger.Start:
		what = fmt.Sprintf("written in a transaction, at %d/%d", e.Position.Commit, e.Position.Prepare)
	case ledger.CheckAppend(s.Stream, s.Revision-1, []ledger.Entry{{Envelope: e.Data}}) != nil:
		what = ledger.CheckAppend(s.Stream, s.Revision-1, []ledger.Entry{{Envelope: e.Data}}).Error()
	default:
		return s, nil
	}
	return ledger.Stored{}, &ledger.IntegrityError{Position: s.Position, Stream: s.Stream, Revision: s.Revision, What: what}
}
