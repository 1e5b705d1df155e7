package house

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/seal"
	"github.com/probity-ledger/probity/projections"
)

// Reporter is who reported, in plain words: held for the length of a call,
// never recorded, logged or shown but to whoever opens it.
type Reporter struct {
	Name  string `json:"name,omitzero"`
	Phone string `json:"phone,omitzero"`
	Email string `json:"email,omitzero"`
	// Address is where they live or are written to.
	Address string `json:"address,omitzero"`
	// Document is the number of an identity document 证件号码.
	Document string `json:"document,omitzero"`
	// Note is what else helps to find or to protect them.
	Note string `json:"note,omitzero"`
}

const (
	// maxReporterText bounds each field, in bytes.
	maxReporterText = 1 << 10
	// reporterBlock is what the length of an identity is rounded up to, in
	// bytes, so that the length of a ciphertext says little of a name's.
	reporterBlock = 256
	// reporterField is the field whose text is sealed, on a complaint.
	reporterField = "reporter"
)

// check refuses an identity that says nothing, or too much. It never repeats
// a word of it.
func (r *Reporter) check() error {
	if *r == (Reporter{}) {
		return domain.Refuse(domain.CodeInvalid, reporterField, "says nothing; give at least one of name, phone, email, address, document, note, or leave it out")
	}
	for _, f := range []struct{ name, text string }{{"name", r.Name}, {"phone", r.Phone}, {"email", r.Email}, {"address", r.Address}, {"document", r.Document}, {"note", r.Note}} {
		if len(f.text) > maxReporterText {
			return domain.Refuse(domain.CodeInvalid, reporterField+"."+f.name, "is %d bytes long, at most %d are allowed", len(f.text), maxReporterText)
		}
	}
	return nil
}

// text is the plain text to seal: JSON, filled up with spaces.
func (r *Reporter) text() ([]byte, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, errors.New("the reporter cannot be written as JSON") // and not why: that may tell
	}
	return append(text, bytes.Repeat([]byte(" "), (reporterBlock-len(text)%reporterBlock)%reporterBlock)...), nil
}

// splitReporter takes the member "reporter" out of an instruction, so that
// nothing behind it sees the plain text. It is nil where there is none.
func splitReporter(line []byte) (rest []byte, r *Reporter, err error) {
	var w struct {
		Reporter jsontext.Value `json:"reporter,omitzero"`
		Rest     jsontext.Value `json:",embed"`
	}
	if err := json.Unmarshal(line, &w); err != nil || w.Reporter == nil {
		return line, nil, nil // the codec says what is wrong, or all is fine
	}
	r = &Reporter{}
	if w.Reporter.Kind() != '{' || json.Unmarshal(w.Reporter, r, json.RejectUnknownMembers(true)) != nil {
		return nil, nil, domain.Refuse(domain.CodeInvalid, reporterField, "must be an object with text under name, phone, email, address, document or note")
	}
	if w.Rest == nil {
		w.Rest = jsontext.Value("{}")
	}
	return w.Rest, r, r.check()
}

// sealable returns the command with the sealed identity in its place, and the
// one it held; ok is false for a command without such a place.
func sealable(c domain.Command, s domain.Sealed) (with domain.Command, was domain.Sealed, ok bool) {
	switch c := c.(type) {
	case complaint.Receive:
		was, c.Reporter = c.Reporter, s
		return c, was, true
	case complaint.SealReporter:
		was, c.Reporter = c.Reporter, s
		return c, was, true
	}
	return c, was, false
}

// Submit records an instruction from its JSON form. A member "reporter"
// beside the data is sealed here, before anything is decided; what was sealed
// elsewhere is refused, for nobody could open it. Every signer signs as author
// what follows. The instruction is returned as far as it was read, with a
// refusal as well.
func (h *House) Submit(ctx context.Context, line []byte, signers ...*ledger.Signer) (domain.Instruction, ledger.Receipt, error) {
	in, reporter, err := h.read(line)
	if err != nil {
		return in, ledger.Receipt{}, err
	}
	receipt, err := h.submit(ctx, in, reporter, signers)
	return in, receipt, err
}

// read reads an instruction from its JSON form. Where it says who reported, a
// text that holds nothing stands for it under seal. The instruction is returned
// as far as it was read, with a refusal as well.
func (h *House) read(line []byte) (in domain.Instruction, reporter *Reporter, err error) {
	rest, reporter, err := splitReporter(line)
	if err != nil {
		return domain.Instruction{ID: ledger.InstructionID(line)}, nil, err
	}
	if in, err = h.Codec.ParseInstruction(rest); err != nil {
		return in, nil, err
	}
	if err := unsealed(in.Command); err != nil || reporter == nil {
		return in, nil, err
	}
	with, _, ok := sealable(in.Command, nothingSealed)
	if !ok {
		return in, nil, domain.Refuse(domain.CodeInvalid, reporterField, "goes with %s and %s alone", complaint.Receive{}.Name(), complaint.SealReporter{}.Name())
	}
	in.Command = with
	return in, reporter, domain.CheckID("subject", in.Act.Subject)
}

// nothingSealed stands for who reported in a command that is not recorded yet.
var nothingSealed = domain.Sealed{Key: "none", Ciphertext: base64.StdEncoding.EncodeToString([]byte("nothing"))}

// submit records what was read.
func (h *House) submit(ctx context.Context, in domain.Instruction, reporter *Reporter, signers []*ledger.Signer) (ledger.Receipt, error) {
	if reporter == nil {
		return h.Record(ctx, in, signers...)
	}
	return h.recordSealed(ctx, in, reporter, signers)
}

// unsealed refuses a command that brings an identity sealed elsewhere.
func unsealed(c domain.Command) error {
	if _, was, _ := sealable(c, domain.Sealed{}); was != (domain.Sealed{}) {
		return domain.Refuse(domain.CodeInvalid, "data.reporter", `is sealed here and not before: give it in plain words as "reporter", beside "data"`)
	}
	return nil
}

// Record records an instruction, signed by every signer as author, and
// carries out at once what an erasure asks for.
func (h *House) Record(ctx context.Context, in domain.Instruction, signers ...*ledger.Signer) (ledger.Receipt, error) {
	ctx, end := h.startCommand(ctx, in.Command.Name())
	var receipt ledger.Receipt
	var err error
	if len(signers) > 0 {
		receipt, err = h.Recorder.RecordSigned(ctx, in, signers...)
	} else {
		receipt, err = h.Recorder.Record(ctx, in)
	}
	end(err)
	return receipt, h.carryOut(ctx, in.Command, receipt, err)
}

// carryOut destroys the key of what a recorded command erases.
func (h *House) carryOut(ctx context.Context, c domain.Command, receipt ledger.Receipt, err error) error {
	if _, erases := c.(complaint.EraseReporter); erases && receipt.Stream != "" {
		on, readErr := h.reporterOn(ctx, receipt.Stream, "")
		if readErr == nil && on.erased {
			readErr = h.vault.erase(on.sealed.Key)
		}
		err = errors.Join(err, readErr)
	}
	return err
}

// sealedOn is what a complaint's stream says of its reporter.
type sealedOn struct {
	sealed domain.Sealed // the latest
	erased bool
	// byThis is what the instruction asked for sealed when it was recorded.
	byThis domain.Sealed
}

func (h *House) reporterOn(ctx context.Context, stream, instruction string) (sealedOn, error) {
	var on sealedOn
	for s, err := range h.Store.ReadStream(ctx, stream, 0) {
		if err != nil {
			return on, fmt.Errorf("load %s: %w", stream, err)
		}
		d, err := h.Codec.Decode(s)
		if err != nil {
			return on, err
		}
		switch e := d.Event.(type) {
		case complaint.ReporterSealed:
			on.sealed = domain.Sealed(e)
			if instruction != "" && (s.ID == ledger.EventIDOf(stream, instruction, 0) || s.ID == ledger.EventIDOf(stream, instruction, 1)) {
				on.byThis = on.sealed
			}
		case complaint.ReporterErased:
			on.erased = true
		}
	}
	return on, nil
}

// recordSealed seals the identity and records the command with it. An
// instruction that was recorded before finds what it sealed then: a second
// sealing would differ, and be taken for another wish.
func (h *House) recordSealed(ctx context.Context, in domain.Instruction, r *Reporter, signers []*ledger.Signer) (ledger.Receipt, error) {
	text, err := r.text()
	if err != nil {
		return ledger.Receipt{}, err
	}
	at := reporterPlace(in.Act.Subject)
	for again := false; ; again = true {
		on, err := h.reporterOn(ctx, at.Stream, in.ID)
		if err != nil {
			return ledger.Receipt{}, err
		}
		s, fresh, err := h.sealFor(on, in.ID, at, text)
		if err != nil {
			return ledger.Receipt{}, err
		}
		in.Command, _, _ = sealable(in.Command, s)
		receipt, err := h.Record(ctx, in, signers...)
		refused, no := errors.AsType[*domain.Refusal](err)
		if fresh && no {
			err = errors.Join(err, h.vault.Destroy(s.Key)) // nothing was recorded under it
		}
		if no && refused.Field == "id" && on.byThis == (domain.Sealed{}) && !again {
			continue // the same instruction may have been recorded just now
		}
		return receipt, err
	}
}

// sealFor returns the identity sealed: as it was before under the same
// instruction, else under the key of the complaint, else under a fresh one.
func (h *House) sealFor(on sealedOn, instruction string, at seal.Place, text []byte) (s domain.Sealed, fresh bool, err error) {
	if on.byThis != (domain.Sealed{}) {
		was, err := h.open(on.byThis, at)
		if err == nil && !bytes.Equal(was, text) {
			err = domain.Refuse(domain.CodeInvalid, "id", "%q was used on %s before, for another reporter; give this one an id of its own", instruction, at.Stream)
		}
		if errors.Is(err, seal.ErrNoKey) {
			err = nil // erased since: nobody can tell, and nothing is recorded anew
		}
		return on.byThis, false, err
	}
	has, err := h.vault.Has(on.sealed.Key)
	if err != nil {
		return s, false, err
	}
	s.Key, fresh = on.sealed.Key, !has
	if fresh {
		if s.Key, err = h.vault.NewKey(at.Stream); err != nil {
			return s, false, err
		}
	}
	ciphertext, err := h.vault.Seal(s.Key, at, text)
	if err != nil {
		return s, fresh, err
	}
	s.Ciphertext = base64.StdEncoding.EncodeToString(ciphertext)
	return s, fresh, nil
}

// reporterPlace is where the identity of a complaint's reporter is sealed.
func reporterPlace(subject string) seal.Place {
	return seal.Place{Stream: domain.ComplaintID(subject).Ref().Stream(), Field: reporterField}
}

func (h *House) open(s domain.Sealed, at seal.Place) ([]byte, error) {
	ciphertext, err := base64.StdEncoding.DecodeString(s.Ciphertext)
	if err != nil {
		return nil, fmt.Errorf("%w: it is not base64", seal.ErrBroken)
	}
	return h.vault.Open(s.Key, at, ciphertext)
}

// Unsealed is an identity that was opened.
type Unsealed struct {
	Complaint domain.ComplaintID `json:"complaint"`
	Reporter  Reporter           `json:"reporter"`
	// Event is the recorded opening.
	Event domain.EventID `json:"event"`
}

// Unseal opens the identity of the reporter of a complaint that the principal
// sees, and gives it out once the opening is recorded, with its reason.
// Whatever stands against it is a *domain.Refusal. The views must be open.
func (h *House) Unseal(ctx context.Context, who projections.Principal, id domain.ComplaintID, reason string) (*Unsealed, error) {
	command := complaint.UnsealReporter{Reason: reason}
	if who.Role != domain.RoleIntake {
		return nil, domain.Refuse(domain.CodeForbidden, "role", "only %s opens the identity of a reporter", domain.RoleIntake)
	}
	if err := domain.CheckID("complaint", id); err != nil {
		return nil, err
	}
	seen, err := h.Views.As(who).Complaint(ctx, id)
	if err != nil {
		return nil, err
	}
	if seen == nil {
		return nil, domain.Refuse(domain.CodeNotFound, "complaint", "there is no complaint %s that %s sees", id, who.Subject)
	}
	at := reporterPlace(string(id))
	on, err := h.reporterOn(ctx, at.Stream, "")
	if err != nil {
		return nil, err
	}
	out := &Unsealed{Complaint: id}
	if !on.erased && on.sealed.Key != "" {
		// What does not open is no opening. Nothing is given out before the
		// event.
		text, err := h.open(on.sealed, at)
		if err != nil {
			return nil, fmt.Errorf("open the identity sealed on %s: %w", at.Stream, err)
		}
		if json.Unmarshal(text, &out.Reporter) != nil {
			return nil, fmt.Errorf("open the identity sealed on %s: it is of a form this version does not read", at.Stream)
		}
	}
	receipt, err := h.Record(ctx, domain.Instruction{ID: "unseal:" + uuid.NewString(), Command: command,
		Act: domain.Act{Subject: string(id), Actor: domain.ActorID(who.Subject), Role: who.Role}})
	if err != nil {
		return nil, err
	}
	out.Event = receipt.Events[0]
	return out, nil
}
