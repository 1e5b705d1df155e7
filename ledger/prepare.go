package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/domain"
)

// Prepared is an instruction as it will be recorded, for its author to sign:
// the very bytes of its events, with the place and time at which they will be
// recorded. It is safe in the hands of the one who signs: the Ticket tells
// whether anything of it was changed.
type Prepared struct {
	// Instruction in its JSON form.
	Instruction jsontext.Value `json:"instruction"`
	// Expected is the revision at which the stream must end still; -1 for a
	// stream without events.
	Expected   Revision  `json:"expected"`
	RecordedAt time.Time `json:"recordedAt"`
	// PayloadType is part of what is signed (see PAE).
	PayloadType string `json:"payloadType"`
	// Payloads are the events, in base64. Each is signed by itself.
	Payloads [][]byte `json:"payloads"`
	// Signatures are those of each payload, filled in by who signs.
	Signatures [][]Signature `json:"signatures,omitempty"`
	// Ticket is the ledger's signature over what it prepared.
	Ticket []byte `json:"ticket"`

	// Recorded is set instead of all else when the instruction is on file
	// already.
	Recorded *Receipt `json:"-"`
	// Stream, Events and Kinds are what the payloads say of themselves, and
	// Unsigned whether one of them counts only with the signature of who acts.
	Stream   string           `json:"-"`
	Events   []domain.EventID `json:"-"`
	Kinds    []domain.Kind    `json:"-"`
	Unsigned bool             `json:"-"`
}

// ticketHead keeps a ticket from being taken for the signature of an event,
// all of which begin like a PAE.
const ticketHead = "probity prepared v1\n"

// ticketBytes is what the ledger signs.
func (p *Prepared) ticketBytes() []byte {
	sum := sha256.New()
	for _, payload := range p.Payloads {
		h := HashPayload(payload)
		sum.Write(h[:])
	}
	return fmt.Appendf(nil, "%s%x\n%x\n%d\n%s\n", ticketHead, sha256.Sum256(p.Instruction), sum.Sum(nil), p.Expected, p.RecordedAt.UTC().Format(timeForm))
}

// Sign adds the signer's signature to every payload.
func (p *Prepared) Sign(s *Signer) error {
	if p.PayloadType != PayloadType {
		return fmt.Errorf("sign what was prepared: payloads of type %q, not %s", p.PayloadType, PayloadType)
	}
	if len(p.Signatures) == 0 {
		p.Signatures = make([][]Signature, len(p.Payloads))
	}
	if len(p.Signatures) != len(p.Payloads) {
		return fmt.Errorf("sign what was prepared: %d payloads have %d lists of signatures", len(p.Payloads), len(p.Signatures))
	}
	for i, payload := range p.Payloads {
		if slices.ContainsFunc(p.Signatures[i], func(o Signature) bool { return o.KeyID == s.id }) {
			return fmt.Errorf("sign what was prepared: it is signed with key %s already", s.id)
		}
		sig, err := s.sign(PAE(payload))
		if err != nil {
			return fmt.Errorf("sign what was prepared: %w", err)
		}
		p.Signatures[i] = append(p.Signatures[i], Signature{s.id, sig})
	}
	return nil
}

// ParsePrepared reads the JSON form of what was prepared, strictly.
func ParsePrepared(b []byte) (Prepared, error) {
	var p Prepared
	if err := json.Unmarshal(b, &p, json.RejectUnknownMembers(true)); err != nil {
		return p, refuseJSON("", err)
	}
	return p, nil
}

// MarshalPrepared writes the JSON form that ParsePrepared reads.
func MarshalPrepared(p Prepared) ([]byte, error) { return json.Marshal(p) }

// warrant is what a signed instruction brings along on its way through the
// recorder. Nil for one that nobody signed.
type warrant struct {
	// prepare: stop before anything is appended; out is what would have been.
	prepare bool
	out     Prepared
	// blank: decide as if nothing were recorded on the stream.
	blank bool
	// Otherwise in is what was prepared and signed.
	in Prepared
}

// errPrepared ends the way of an instruction that is only prepared.
var errPrepared = errors.New("prepared")

// Prepare decides an instruction without recording it and returns what its
// author signs. What may not be done is refused here already. Submit it within
// MaxPrepared, and before anybody else records on the same stream.
func (r *Recorder) Prepare(ctx context.Context, in domain.Instruction) (Prepared, error) {
	p, err := r.decideOnly(ctx, in, false)
	if err != nil || p.Recorded != nil {
		return p, err
	}
	in.Act.OccurredAt = p.occurred(in.Act.OccurredAt)
	if p.Instruction, err = MarshalInstruction(in); err != nil {
		return Prepared{}, fmt.Errorf("prepare an instruction: %w", err)
	}
	if p.Ticket, err = r.cfg.Signer.sign(p.ticketBytes()); err != nil {
		return Prepared{}, fmt.Errorf("prepare an instruction: %w", err)
	}
	return p, nil
}

// Try decides an instruction without recording it and says what would be
// recorded: as Prepare does, with nothing that could be submitted.
func (r *Recorder) Try(ctx context.Context, in domain.Instruction) (Prepared, error) {
	return r.decideOnly(ctx, in, false)
}

// TryBlank is Try as if nothing were recorded on the instruction's stream: it
// answers alike whether something is. What must not tell of a stream is
// answered by it.
func (r *Recorder) TryBlank(ctx context.Context, in domain.Instruction) (Prepared, error) {
	return r.decideOnly(ctx, in, true)
}

func (r *Recorder) decideOnly(ctx context.Context, in domain.Instruction, blank bool) (Prepared, error) {
	if err := checkInstruction(in); err != nil {
		return Prepared{}, err
	}
	in.Act.RecordedAt = time.Time{}
	w := &warrant{prepare: true, blank: blank}
	receipt, err := r.record(ctx, in, 0, w)
	if err == nil {
		return Prepared{Recorded: &receipt}, nil
	}
	if !errors.Is(err, errPrepared) {
		return Prepared{}, err
	}
	return w.out, nil
}

// looksAt is what the instruction is decided on: what is recorded on its
// stream, or nothing.
func (w *warrant) looksAt(entry *stateEntry, room *domain.Aggregate) *stateEntry {
	if w == nil || !w.blank {
		return entry
	}
	blank := &stateEntry{}
	blank.reset(room.NewState())
	return blank
}

// occurred settles what "now" meant for an act that did not say when.
func (p *Prepared) occurred(said time.Time) time.Time {
	if said.IsZero() {
		return p.RecordedAt
	}
	return said
}

// Submit records what was prepared, with the signatures over it. It decides
// the instruction again and records only if the very same bytes follow; if
// not, because somebody else acted meanwhile or the rules changed, it refuses
// (code STATE), and the instruction is prepared again. Reactions follow as
// after Record.
func (r *Recorder) Submit(ctx context.Context, p Prepared) (Receipt, error) {
	if err := r.checkPrepared(&p); err != nil {
		return Receipt{}, err
	}
	in, err := r.cfg.Codec.ParseInstruction(p.Instruction)
	if err != nil {
		return Receipt{}, err
	}
	if err := checkInstruction(in); err != nil {
		return Receipt{}, err
	}
	return r.recordSettled(ctx, in, &warrant{in: p})
}

// RecordSigned prepares the instruction, lets every signer sign, and submits
// it; a race lost meanwhile is answered by doing so again.
func (r *Recorder) RecordSigned(ctx context.Context, in domain.Instruction, signers ...*Signer) (Receipt, error) {
	var err error
	for range attempts {
		var p Prepared
		if p, err = r.Prepare(ctx, in); err != nil {
			return Receipt{}, err
		}
		if p.Recorded != nil {
			return *p.Recorded, nil
		}
		for _, s := range signers {
			if s.id == r.cfg.Signer.id {
				continue // the ledger signs anyway
			}
			if err := p.Sign(s); err != nil {
				return Receipt{}, err
			}
		}
		var receipt Receipt
		if receipt, err = r.Submit(ctx, p); !errors.Is(err, errStale) {
			return receipt, err
		}
	}
	return Receipt{}, err
}

// checkPrepared makes sure that this ledger prepared it, not long ago.
func (r *Recorder) checkPrepared(p *Prepared) error {
	if p.PayloadType != PayloadType || len(p.Payloads) == 0 || len(p.Payloads) > MaxAppend {
		return domain.Refuse(domain.CodeInvalid, "payloads", "are not what this ledger prepared")
	}
	ring, err := NewKeyring(r.cfg.Signer.Public())
	if err != nil {
		return err
	}
	if !ring.keys[r.cfg.Signer.id].verify(p.ticketBytes(), p.Ticket) {
		return domain.Refuse(domain.CodeInvalid, "ticket", "does not fit: what was prepared was changed since, or comes from elsewhere; prepare it again")
	}
	if age := r.cfg.Now().Sub(p.RecordedAt); age > MaxPrepared || age < -MaxPrepared {
		return domain.Refuse(domain.CodeTooLate, "recordedAt", "was prepared at %s and must be submitted within %v; prepare it again",
			p.RecordedAt.Format(time.RFC3339), MaxPrepared)
	}
	if len(p.Signatures) != 0 && len(p.Signatures) != len(p.Payloads) {
		return domain.Refuse(domain.CodeInvalid, "signatures", "must hold one list for each of the %d payloads", len(p.Payloads))
	}
	for _, sigs := range p.Signatures {
		if len(sigs) > maxSignatures {
			return domain.Refuse(domain.CodeInvalid, "signatures", "%d on one event, at most %d are allowed", len(sigs), maxSignatures)
		}
	}
	return nil
}

// staleError is a refusal that preparing again may answer.
type staleError struct{ *domain.Refusal }

func (e staleError) Unwrap() error        { return e.Refusal }
func (e staleError) Is(target error) bool { return target == errStale }

var errStale = errors.New("prepared for a state that is over")

func stale(format string, args ...any) error {
	return staleError{domain.Refuse(domain.CodeState, "", format+"; prepare it again and sign anew", args...)}
}

// keys lists the keys whose streams must be kept still: nobody may retire a
// key between the check of its signature and the append.
func (w *warrant) keys() []domain.Ref {
	if w == nil {
		return nil
	}
	var refs []domain.Ref
	for _, sigs := range w.in.Signatures {
		for _, s := range sigs {
			if ref := domain.KeyID(s.KeyID).Ref(); isKeyID([]byte(s.KeyID)) && !slices.Contains(refs, ref) {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// stamp puts back the time for which the instruction was prepared.
func (w *warrant) stamp(act domain.Act, head Revision) (domain.Act, error) {
	if w == nil || w.prepare {
		return act, nil
	}
	if head != w.in.Expected {
		return act, stale("something else was recorded on %s meanwhile", act.Subject)
	}
	act.RecordedAt = w.in.RecordedAt.UTC()
	return act, nil
}

// hold keeps what would be recorded, or compares it with what was prepared.
func (w *warrant) hold(expected Revision, act domain.Act, events []domain.Recorded, payloads [][]byte, book *domain.Rulebook) error {
	switch {
	case w == nil:
		return nil
	case w.prepare:
		w.out = Prepared{Expected: expected, RecordedAt: act.RecordedAt, PayloadType: PayloadType, Payloads: payloads}
		for _, e := range events {
			w.out.Stream, w.out.Events, w.out.Kinds = e.Stream, append(w.out.Events, e.ID), append(w.out.Kinds, e.Event.Kind())
			w.out.Unsigned = w.out.Unsigned || book.AuthorSignature.Require(e.Event.Kind(), e.Act)
		}
		return errPrepared
	case !slices.EqualFunc(payloads, w.in.Payloads, slices.Equal[[]byte]):
		return stale("what follows from the instruction is no longer what was signed")
	}
	return nil
}

// wireSignature is a signature in the JSON of DSSE.
type wireSignature struct {
	KeyID string `json:"keyid"`
	Sig   []byte `json:"sig"`
}

// MarshalJSON writes the signature as DSSE does.
func (s Signature) MarshalJSON() ([]byte, error) {
	return json.Marshal(wireSignature{string(s.KeyID), s.Sig})
}

// UnmarshalJSON reads the signature as DSSE writes it.
func (s *Signature) UnmarshalJSON(b []byte) error {
	var w wireSignature
	if err := json.Unmarshal(b, &w, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	if !isKeyID([]byte(w.KeyID)) {
		return errors.New("keyid must be the SHA-256 of the key's SPKI DER: 64 lower-case hex digits")
	}
	*s = Signature{KeyID(w.KeyID), w.Sig}
	return nil
}

// short is how a refusal names a key: the beginning of its id suffices.
func short(id KeyID) string { return string(id[:min(16, len(id))]) + "…" }
