package graphql

import (
	"encoding/base64"
	"fmt"
	"time"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/plan"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

func (b *builder) defineEvent() {
	b.define(b.event,
		id("id", "The id, a UUID.", func(e *event) domain.EventID { return e.ID }),
		long("position", "The place in the order of the whole ledger.", func(e *event) ledger.Position { return e.Position }),
		word("kind", "What happened and the version of its form, as in \"sanction.imposed.v2\".", func(e *event) domain.Kind { return e.Kind }),
		leafOf("stream", "The stream it lies in: the aggregate it happened to.", must(gql.String), func(e *event) any { return e.Subject.Stream() },
			func(dst []byte, e *event) ([]byte, bool) { return plan.AppendText(dst, e.Subject.Stream()), true }), // a short one is made in place
		long("revision", "The place in its stream: 0, 1, 2…", func(e *event) uint64 { return uint64(e.Revision) }),
		plain("subject", "The aggregate it happened to.", must(b.ref), func(e *event) any { return &e.Subject }),
		optionalID("actor", "Who acted.", func(e *event) domain.ActorID { return e.Actor }),
		choice("role", "In which role.", b.role, func(e *event) domain.Role { return e.Role }),
		moment("occurredAt", "When it happened in the world.", func(e *event) time.Time { return e.OccurredAt }),
		moment("recordedAt", "When the ledger recorded it.", func(e *event) time.Time { return e.RecordedAt }),
		text("rulebook", "The rulebook it was decided under: the one in force when it was recorded.", func(e *event) string {
			id, _ := domain.ParseEdition(e.Rulebook)
			return id
		}),
		text("rulebookVersion", "The version of that rulebook.", func(e *event) string {
			_, version := domain.ParseEdition(e.Rulebook)
			return version
		}),
		optionalID("causeId", "The id of the event that caused it.", func(e *event) domain.EventID { return e.Cause }),
		related("cause", "The event that caused it; null when nothing did, or when you may not see it.", b.event, loadEvent, func(e *event) domain.EventID { return e.Cause }),
		optionalID("correlationId", "The id of the first event of the whole chain.", func(e *event) domain.EventID { return e.Correlation }),
		flag("imported", importedDoc, func(e *event) bool { return e.Imported() }),
		text("sourceDigest", "The digest of the record it was imported from.", func(e *event) string { return e.Source }),
		recorded("data", "What happened, as it was signed; where veiled, less the ids of cases of which you may not know.", func(e *event) []byte { return e.Data }),
		flag("veiled", "Members were left out of data.", func(e *event) bool { return e.Veiled }),
		read("envelope", "The signed envelope, read from the ledger itself; null where data is veiled.", b.envelope, nil,
			func(r *request, e *event, _ input) (any, error) { return r.envelope(e) }))
	b.define(b.entry,
		plain("as", "As what the event touches the object: \"subject\", \"actor\", or the names of the fields that refer to it.",
			mustList(gql.String), func(t *projections.TimelineEntry) any { return t.As }),
		plain("event", "The event.", must(b.event), func(t *projections.TimelineEntry) any { return &t.Event }))
	b.defineEnvelope()
	b.defineProofs()
	b.defineChain()
}

// sealed is the source of an envelope.
type sealed struct {
	raw []byte
	ledger.Envelope
}

func (b *builder) defineEnvelope() {
	b.define(b.envelope,
		word("payloadType", "The type of the payload, part of what is signed.", func(*sealed) string { return ledger.PayloadType }),
		word("payload", "The payload, the bytes that are signed (with their type, as DSSE pre-authentication encoding), in base64.",
			func(e *sealed) string { return base64.StdEncoding.EncodeToString(e.Payload) }),
		plain("signatures", "The signatures.", mustList(b.signature), func(e *sealed) any {
			out := make([]*ledger.Signature, len(e.Signatures))
			for i := range e.Signatures {
				out[i] = &e.Signatures[i]
			}
			return out
		}),
		word("raw", "The envelope byte for byte as it is kept, a JSON text.", func(e *sealed) string { return string(e.raw) }))
	b.define(b.signature,
		word("keyid", "The key: the SHA-256 of its SPKI DER, in hex.", func(s *ledger.Signature) ledger.KeyID { return s.KeyID }),
		word("sig", "The signature, in base64.", func(s *ledger.Signature) string { return base64.StdEncoding.EncodeToString(s.Sig) }))
}

// envelope reads the envelope of an event that the Reader has shown.
func (r *request) envelope(e *event) (any, error) {
	if e.Veiled {
		return nil, nil
	}
	stored, err := r.stored(e)
	if err != nil {
		return nil, fmt.Errorf("read the envelope: %w", err)
	}
	envelope, err := ledger.OpenEnvelope(stored.Envelope)
	if err != nil {
		return nil, &ledger.IntegrityError{Position: stored.Position, Stream: stored.Stream, Revision: stored.Revision, What: err.Error()}
	}
	return &sealed{stored.Envelope, envelope}, nil
}
