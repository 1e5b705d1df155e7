package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
)

// cloudEvent is the signed payload: CloudEvents 1.0, JSON format (section
// 2), with the ledger's extension attributes. The order of the fields is the
// order of the bytes. It obeys the change law of domain.Event.
type cloudEvent struct {
	SpecVersion string `json:"specversion"`
	ID          string `json:"id"`
	Source      string `json:"source"`
	Type        string `json:"type"`
	Subject     string `json:"subject"`
	Time        string `json:"time"`

	Stream   string `json:"stream"`
	Revision int32  `json:"revision"`
	PrevHash string `json:"prevhash,omitzero"`

	Actor         string `json:"actor"`
	Role          string `json:"role"`
	OccurredAt    string `json:"occurredat"`
	Rulebook      string `json:"rulebook"`
	CausationID   string `json:"causationid,omitzero"`
	CorrelationID string `json:"correlationid,omitzero"`
	SourceDigest  string `json:"sourcedigest,omitzero"`

	Data jsontext.Value `json:"data"`
}

const (
	specVersion = "1.0"

	// timeForm is RFC 3339 in UTC with microseconds, always of one length:
	// one instant has one spelling.
	timeForm = "2006-01-02T15:04:05.000000Z"
)

// Hash is the SHA-256 of a payload.
type Hash [sha256.Size]byte

// HashPayload returns the hash by which the next event of the stream names
// its predecessor.
func HashPayload(payload []byte) Hash { return sha256.Sum256(payload) }

// Codec turns events into payload bytes and back. It is strict: an unknown
// kind, an unknown or repeated field, a malformed value is an integrity
// failure. It is safe for concurrent use.
type Codec struct {
	catalog *domain.Catalog
	origin  string
}

// NewCodec makes the codec of the ledger with the given origin (the
// CloudEvents source of all its events).
func NewCodec(catalog *domain.Catalog, origin string) *Codec {
	return &Codec{catalog, origin}
}

// Origin returns the ledger's name.
func (c *Codec) Origin() string { return c.origin }

// Catalog returns the rooms the codec knows.
func (c *Codec) Catalog() *domain.Catalog { return c.catalog }

// Encode returns the payload of an event, to be signed. prev is the hash of
// the stream's previous payload and ignored at revision 0.
func (c *Codec) Encode(r domain.Recorded, prev Hash) ([]byte, error) {
	kind := r.Event.Kind()
	if c.catalog.Event(kind) == nil {
		return nil, fmt.Errorf("encode an event: kind %q is not in the catalog", kind)
	}
	if r.Revision < 0 || r.Revision > math.MaxInt32 {
		return nil, fmt.Errorf("encode %s: revision %d is out of range", kind, r.Revision)
	}
	data, err := json.Marshal(r.Event, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", kind, err)
	}
	w := memberWriter{b: make([]byte, 0, len(data)+640)}
	w.text("specversion", specVersion)
	w.text("id", string(r.ID))
	w.text("source", c.origin)
	w.text("type", string(kind))
	w.text("subject", r.Act.Subject)
	w.time("time", r.Act.RecordedAt)
	w.text("stream", r.Stream)
	w.name("revision")
	w.b = strconv.AppendInt(w.b, r.Revision, 10)
	if r.Revision > 0 {
		w.text("prevhash", hex.EncodeToString(prev[:]))
	}
	w.text("actor", string(r.Act.Actor))
	w.text("role", string(r.Act.Role))
	w.time("occurredat", r.Act.OccurredAt)
	w.text("rulebook", r.Act.Rulebook)
	w.optional("causationid", string(r.Act.Cause))
	w.optional("correlationid", string(r.Act.Correlation))
	w.optional("sourcedigest", r.Act.Source)
	w.name("data")
	w.b = append(append(w.b, data...), '}')
	if w.err != nil {
		return nil, fmt.Errorf("encode %s: %w", kind, w.err)
	}
	return w.b, nil
}

// respelled tells whether a decoded event was written otherwise than Encode
// writes it: with members in another order, absent, null or escaped, with
// times or digits in another form. Of any event there is one spelling.
func (c *Codec) respelled(d Decoded) bool {
	if d.plain {
		b, err := json.Marshal(d.Event, json.Deterministic(true))
		return err != nil || !bytes.Equal(b, d.Data)
	}
	b, err := c.Encode(d.Recorded, d.PrevHash)
	return err != nil || !bytes.Equal(b, d.Payload)
}

// Decoded is a stored event, opened and decoded.
type Decoded struct {
	domain.Recorded
	// Position in the ledger.
	Position Position
	// PrevHash names the stream's previous payload; zero at revision 0.
	PrevHash Hash
	// Payload is what was signed, Data the event's own JSON within it.
	Payload []byte
	Data    jsontext.Value
	// Signatures are those of the envelope; Decode does not judge them.
	Signatures []Signature
	// plain: all of the payload but Data is known to be spelled as Encode
	// spells it.
	plain bool
}

// Decode opens a stored event and checks everything that can be checked
// without keys and without its neighbours: the envelope's form, the
// payload's strictness, and that the payload names the very place it was
// found in. Every failure is an *IntegrityError. That the payload is spelled
// as Encode spells it is for Verify to check.
//
// An event without a stream comes from a place that files by position alone,
// such as the transparency log: then its own word is taken for stream,
// revision and id.
func (c *Codec) Decode(s Stored) (Decoded, error) {
	fail := func(format string, args ...any) (Decoded, error) {
		return Decoded{}, &IntegrityError{s.Position, s.Stream, s.Revision, fmt.Sprintf(format, args...)}
	}
	env, err := OpenEnvelope(s.Envelope)
	if err != nil {
		return fail("%v", err)
	}
	ce, plain := readMembers(env.Payload)
	if !plain { // not as Encode writes it: malformed, or escaped, or worth an exact complaint
		ce = cloudEvent{}
		if err := json.Unmarshal(env.Payload, &ce, json.RejectUnknownMembers(true)); err != nil {
			return fail("payload: %v", err)
		}
	}
	if s.Stream == "" {
		s.Stream, s.Revision = ce.Stream, Revision(ce.Revision)
		if s.ID, err = uuid.Parse(ce.ID); err != nil || ce.Revision < 0 {
			return fail("id %q or revision %d is malformed", ce.ID, ce.Revision)
		}
	}
	d := Decoded{Position: s.Position, Payload: env.Payload, Data: ce.Data, Signatures: env.Signatures, plain: plain && !hasUpper(ce.PrevHash)}
	switch {
	case ce.SpecVersion != specVersion:
		return fail("payload is of CloudEvents %q, not %s", ce.SpecVersion, specVersion)
	case ce.Source != c.origin:
		return fail("event belongs to another ledger, %q", ce.Source)
	case ce.Stream != s.Stream || Revision(ce.Revision) != s.Revision:
		return fail("event was signed for %s revision %d", ce.Stream, ce.Revision)
	case ce.ID != s.ID.String():
		return fail("event was signed with id %s but is filed as %s", ce.ID, s.ID)
	}
	kind := c.catalog.Event(domain.Kind(ce.Type))
	if kind == nil {
		return fail("unknown kind %q", ce.Type)
	}
	if ref := (domain.Ref{Type: kind.Kind.Room(), ID: ce.Subject}); ref.Stream() != ce.Stream {
		return fail("a %s about %q does not belong in stream %s", ce.Type, ce.Subject, ce.Stream)
	}
	if d.PrevHash, err = parsePrevHash(ce); err != nil {
		return fail("%v", err)
	}
	if d.Recorded, err = c.recorded(ce, kind); err != nil {
		return fail("%v", err)
	}
	d.plain = d.plain && isTimeForm(ce.Time) && isTimeForm(ce.OccurredAt)
	return d, nil
}

func (c *Codec) recorded(ce cloudEvent, kind *domain.EventType) (domain.Recorded, error) {
	r := domain.Recorded{
		ID:       domain.EventID(ce.ID),
		Stream:   ce.Stream,
		Revision: int64(ce.Revision),
		Act: domain.Act{
			Subject:     ce.Subject,
			Actor:       domain.ActorID(ce.Actor),
			Role:        domain.Role(ce.Role),
			Rulebook:    ce.Rulebook,
			Cause:       domain.EventID(ce.CausationID),
			Correlation: domain.EventID(ce.CorrelationID),
			Source:      ce.SourceDigest,
		},
	}
	var err error
	if r.Act.RecordedAt, err = parseTime(ce.Time); err != nil {
		return r, fmt.Errorf("time %q is malformed", ce.Time)
	}
	if r.Act.OccurredAt, err = parseTime(ce.OccurredAt); err != nil {
		return r, fmt.Errorf("occurredat %q is malformed", ce.OccurredAt)
	}
	ptr := kind.New()
	if err := json.Unmarshal(ce.Data, ptr, json.RejectUnknownMembers(true)); err != nil {
		return r, fmt.Errorf("data of %s: %w", kind.Kind, err)
	}
	r.Event = kind.Value(ptr)
	return r, nil
}

func parsePrevHash(ce cloudEvent) (h Hash, err error) {
	if (ce.Revision == 0) != (ce.PrevHash == "") {
		return h, fmt.Errorf("prevhash %q does not go with revision %d", ce.PrevHash, ce.Revision)
	}
	if ce.PrevHash == "" {
		return h, nil
	}
	raw, err := hex.DecodeString(ce.PrevHash)
	if err != nil || len(raw) != len(h) {
		return h, fmt.Errorf("prevhash %q is not a SHA-256 in hex", ce.PrevHash)
	}
	return Hash(raw), nil
}

// eventSpace is the namespace of event ids (RFC 9562, version 5).
var eventSpace = uuid.MustParse("5a8f5c0e-0d63-5c5b-9d3a-6f0f2b1d7c11")

// EventIDOf returns the id of the index-th event that an instruction decides
// on a stream: the same instruction always gives the same ids.
func EventIDOf(stream, instruction string, index int) uuid.UUID {
	return uuid.NewSHA1(eventSpace, []byte(stream+"\x00"+instruction+"\x00"+strconv.Itoa(index)))
}
