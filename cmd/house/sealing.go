package house

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/seal"
)

// nothingSealed and noHash stand for what is sealed, and what is kept of a
// receipt code, in a command that is not recorded yet.
var (
	nothingSealed = domain.Sealed{Key: "none", Ciphertext: base64.StdEncoding.EncodeToString([]byte("nothing"))}
	noHash        = strings.Repeat("0", 32)
)

// Submit records an instruction from its JSON form. A member "reporter",
// "question" or "reply" beside the data is sealed here, before anything is
// decided, and of a "receipt" code that is taken which is kept; what was sealed
// elsewhere is refused, for nobody could open it. Every signer signs as author
// what follows. The instruction is returned as far as it was read, with a
// refusal as well.
func (h *House) Submit(ctx context.Context, line []byte, signers ...*ledger.Signer) (domain.Instruction, ledger.Receipt, error) {
	in, p, err := h.read(line)
	if err != nil {
		return in, ledger.Receipt{}, err
	}
	receipt, err := h.submit(ctx, in, p, signers)
	return in, receipt, err
}

// read reads an instruction from its JSON form. Where something in plain words
// stands beside it, what holds nothing stands for that under seal. The
// instruction is returned as far as it was read, with a refusal as well.
func (h *House) read(line []byte) (in domain.Instruction, p *plain, err error) {
	rest, p, err := splitPlain(line)
	if err != nil {
		return domain.Instruction{ID: ledger.InstructionID(line)}, nil, err
	}
	if in, err = h.Codec.ParseInstruction(rest); err != nil {
		return in, nil, err
	}
	if err := unsealed(in.Command); err != nil || p == nil {
		return in, nil, err
	}
	if in.Command, err = p.within(in.Command); err != nil {
		return in, nil, err
	}
	return in, p, domain.CheckID("subject", in.Act.Subject)
}

// submit records what was read.
func (h *House) submit(ctx context.Context, in domain.Instruction, p *plain, signers []*ledger.Signer) (ledger.Receipt, error) {
	if p == nil {
		return h.Record(ctx, in, signers...)
	}
	if receive, ok := in.Command.(complaint.Receive); ok && p.code != "" {
		if err := h.workOut(ctx, p); err != nil {
			return ledger.Receipt{}, err
		}
		receive.Receipt.Hash = p.hash
		in.Command = receive
	}
	if p.member == "" {
		return h.Record(ctx, in, signers...)
	}
	return h.recordSealed(ctx, in, p, signers)
}

// asIfSealed names the key of the complaint, where it has one, in what stands for
// a sealed text: the real one would be sealed by it.
func (h *House) asIfSealed(ctx context.Context, in domain.Instruction, p *plain) (domain.Instruction, error) {
	if p == nil || p.member == "" {
		return in, nil
	}
	on, err := h.reporterOn(ctx, domain.Ref{Type: in.Command.Name().Room(), ID: in.Act.Subject}.Stream(), "")
	if err == nil && on.key != "" {
		in.Command, _, _ = sealable(in.Command, domain.Sealed{Key: on.key, Ciphertext: nothingSealed.Ciphertext})
	}
	return in, err
}

// workOut works out what is kept of the receipt code, where one is given.
func (h *House) workOut(ctx context.Context, p *plain) (err error) {
	if p.code != "" && p.hash == "" {
		p.hash, err = h.receipts.Hash(ctx, p.code)
	}
	return err
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
			readErr = h.vault.erase(on.key)
		}
		err = errors.Join(err, readErr)
	}
	return err
}

// sealedOn is what a complaint's stream says of what is sealed there.
type sealedOn struct {
	key    string        // the data key; empty before the first
	sealed domain.Sealed // the identity, the latest
	erased bool
	// byThis is what the instruction asked for sealed when it was recorded, in
	// the field of that name.
	byThis domain.Sealed
	field  string
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
		var sealed domain.Sealed
		field := ""
		switch e := d.Event.(type) {
		case complaint.ReporterSealed:
			field, sealed = reporterField, domain.Sealed(e)
			on.sealed = sealed
		case complaint.QuestionAsked:
			field, sealed = questionField, domain.Sealed(e)
		case complaint.ReplyGiven:
			field, sealed = replyField, domain.Sealed{Key: e.Key, Ciphertext: e.Ciphertext}
		case complaint.ReceiptGiven:
			sealed.Key = e.Key
		case complaint.ReporterErased:
			on.erased = true
		}
		if sealed.Key != "" {
			on.key = sealed.Key
		}
		if sealed.Ciphertext != "" && instruction != "" && (s.ID == ledger.EventIDOf(stream, instruction, 0) || s.ID == ledger.EventIDOf(stream, instruction, 1)) {
			on.byThis, on.field = sealed, field
		}
	}
	return on, nil
}

// recordSealed seals what is in plain words and records the command with it.
// An instruction that was recorded before finds what it sealed then: a second
// sealing would differ, and be taken for another wish.
func (h *House) recordSealed(ctx context.Context, in domain.Instruction, p *plain, signers []*ledger.Signer) (ledger.Receipt, error) {
	at := sealedPlace(in.Act.Subject, p.member)
	for again := false; ; again = true {
		on, err := h.reporterOn(ctx, at.Stream, in.ID)
		if err != nil {
			return ledger.Receipt{}, err
		}
		s, fresh, err := h.sealFor(on, in.ID, at, p)
		if err != nil {
			return ledger.Receipt{}, err
		}
		in.Command, _, _ = sealable(in.Command, s)
		receipt, err := h.Record(ctx, in, signers...)
		refused, no := errors.AsType[*domain.Refusal](err)
		if fresh && no {
			err = errors.Join(err, h.vault.Destroy(s.Key)) // nothing was recorded under it
		}
		if no && !again {
			switch {
			case refused.Field == "id" && on.byThis == (domain.Sealed{}):
				continue // the same instruction may have been recorded just now
			case fresh && refused.Field == p.member+".key":
				continue // the complaint may have got its key just now
			}
		}
		return receipt, err
	}
}

// sealFor returns the text sealed: as it was before under the same
// instruction, else under the key of the complaint, else under a fresh one.
func (h *House) sealFor(on sealedOn, instruction string, at seal.Place, p *plain) (s domain.Sealed, fresh bool, err error) {
	if on.field == at.Field { // of another field is another wish, which is refused
		was, err := h.open(on.byThis, at)
		if err == nil && !bytes.Equal(was, p.text) {
			err = domain.Refuse(domain.CodeInvalid, "id", "%q was used on %s before, for another %s; give this one an id of its own", instruction, at.Stream, at.Field)
		}
		if errors.Is(err, seal.ErrNoKey) {
			err = nil // erased since: nobody can tell, and nothing is recorded anew
		}
		return on.byThis, false, err
	}
	s.Key = on.key
	if s.Key == "" {
		s.Key = p.key
	}
	has, err := h.vault.Has(s.Key)
	if err != nil {
		return s, false, err
	}
	if fresh = !has; fresh {
		if s.Key, err = h.vault.NewKey(at.Stream); err != nil {
			return s, false, err
		}
	}
	ciphertext, err := h.vault.Seal(s.Key, at, p.text)
	if err != nil {
		return s, fresh, err
	}
	s.Ciphertext = base64.StdEncoding.EncodeToString(ciphertext)
	return s, fresh, nil
}

// sealedPlace is where a member of a complaint's commands is sealed.
func sealedPlace(subject, member string) seal.Place {
	return seal.Place{Stream: domain.ComplaintID(subject).Ref().Stream(), Field: member}
}

// reporterPlace is where the identity of a complaint's reporter is sealed.
func reporterPlace(subject string) seal.Place { return sealedPlace(subject, reporterField) }

func (h *House) open(s domain.Sealed, at seal.Place) ([]byte, error) {
	ciphertext, err := base64.StdEncoding.DecodeString(s.Ciphertext)
	if err != nil {
		return nil, fmt.Errorf("%w: it is not base64", seal.ErrBroken)
	}
	return h.vault.Open(s.Key, at, ciphertext)
}
