package graphql

import (
	"errors"
	"time"

	gql "github.com/graphql-go/graphql"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/projections"
)

// defineProofs are the answers of the transparency log: what is signed, and
// that an event is under it.
func (b *builder) defineProofs() {
	b.define(b.event,
		read("proof", "That the event is in the transparency log; null for a moment after it was recorded, until a checkpoint covers it.", b.proof, nil,
			func(r *request, e *event, _ input) (any, error) { return r.proof(e) }))
	b.define(b.ledger,
		plain("checkpoint", "The last signed checkpoint of the transparency log that is published: where witnesses are asked, once they confirmed it; null when there is none.", b.checkpoint, func(r *request) any {
			if n := r.service.config.Notary; n != nil {
				if h, ok := n.Head(); ok {
					return &h
				}
			}
			return nil
		}),
		read("consistency", "The proof (RFC 6962, section 2.1.2) that the log of the later size continues the earlier one: hashes in base64. Null when nothing is signed.", listOf(gql.String),
			[]argument{
				arg("from", gql.NewNonNull(scalarLong), "The earlier size, at least 1."),
				arg("to", gql.NewNonNull(scalarLong), "The later size, at most that of the last checkpoint."),
			},
			func(r *request, _ *request, in input) (any, error) { return r.consistency(in) }))
	b.define(b.checkpoint,
		long("size", "How many events it covers.", func(h *notary.Head) uint64 { return uint64(h.Size) }),
		word("root", "The root hash of the tree over them, in base64.", func(h *notary.Head) string { return h.Root.String() }),
		long("position", "The position of the last of them.", func(h *notary.Head) ledger.Position { return h.Position }),
		plain("cosignatures", "Which witnesses confirmed that everybody is shown the same log up to here, and when; empty when nobody is asked.", mustList(b.cosignature), func(h *notary.Head) any { return pointers(h.Cosigned) }),
		number("quorum", "How many witnesses should confirm it; 0 when nobody is asked.", func(h *notary.Head) int { return h.Quorum }),
		word("note", "The signed note (C2SP tlog-checkpoint), byte for byte.", func(h *notary.Head) string { return string(h.Note) }))
	b.define(b.cosignature,
		word("witness", "The name of the witness.", func(c *notary.Cosignature) string { return c.Witness }),
		moment("at", "When it confirmed the checkpoint, by its own clock.", func(c *notary.Cosignature) time.Time { return c.At }))
	b.define(b.proof,
		long("index", "The event's place in the log: 0, 1, 2…", func(p *proven) uint64 { return uint64(p.Index) }),
		plain("hashes", "The hashes from the event's leaf to the root (RFC 6962, section 2.1.1), in base64.", mustList(gql.String), func(p *proven) any { return texts(p.Hashes) }),
		plain("checkpoint", "The checkpoint it is proved under.", must(b.checkpoint), func(p *proven) any { return &p.Head }),
		word("receipt", "All of it in one text, with the signed envelope: a C2SP tlog-proof, as 'probity verify --receipt' checks it.", func(p *proven) string {
			return string(notary.Receipt{Index: p.Index, Envelope: p.envelope, Hashes: p.Hashes, Checkpoint: p.Head.Note}.Marshal())
		}))
}

type event = projections.Event

// proven is the source of a proof.
type proven struct {
	notary.Proof
	envelope []byte
}

func (r *request) proof(e *event) (any, error) {
	n := r.service.config.Notary
	if n == nil || e.Veiled { // the receipt holds the envelope
		return nil, nil
	}
	stored, err := r.stored(e)
	if err != nil {
		return nil, err
	}
	p, err := n.Prove(stored)
	if errors.Is(err, notary.ErrNotCovered) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &proven{p, stored.Envelope}, nil
}

func (r *request) consistency(in input) (any, error) {
	n := r.service.config.Notary
	if n == nil {
		return nil, nil
	}
	h, ok := n.Head()
	if !ok {
		return nil, nil
	}
	from, to := in["from"].(uint64), in["to"].(uint64)
	switch size := uint64(h.Size); {
	case to > size:
		return nil, domain.Refuse(domain.CodeInvalid, "to", "the last checkpoint covers %d events", size)
	case from < 1 || from > to:
		return nil, domain.Refuse(domain.CodeInvalid, "from", "must be from 1 up to %d", to)
	}
	hashes, err := n.Consistency(int64(from), int64(to))
	if err != nil {
		return nil, err
	}
	return texts(hashes), nil
}

func texts(hashes []tlog.Hash) []string {
	out := make([]string, len(hashes))
	for i, h := range hashes {
		out[i] = h.String()
	}
	return out
}

// stored reads an event that the Reader has shown from the ledger itself.
func (r *request) stored(e *event) (ledger.Stored, error) {
	stream := e.Subject.Stream()
	wrong := func(what string) error {
		return &ledger.IntegrityError{Position: e.Position, Stream: stream, Revision: ledger.Revision(e.Revision),
			What: "the views know event " + string(e.ID) + " here, the ledger holds " + what}
	}
	for stored, err := range r.service.config.Store.ReadStream(r.ctx, stream, ledger.Revision(e.Revision)) {
		if err != nil {
			return ledger.Stored{}, err
		}
		if stored.ID.String() != string(e.ID) || stored.Revision != ledger.Revision(e.Revision) {
			return ledger.Stored{}, wrong(stored.ID.String())
		}
		return stored, nil
	}
	return ledger.Stored{}, wrong("none")
}
