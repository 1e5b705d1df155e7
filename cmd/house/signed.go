package house

import (
	"cmp"
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// Signed is the way in for what is signed elsewhere: an instruction is
// prepared, signed by its author wherever their key is, and submitted.
type Signed struct{ h *House }

// Signed returns that way in. The house must be open for writing.
func (h *House) Signed() Signed { return Signed{h} }

// PrepareLine prepares an instruction in its JSON form. The instruction is
// returned as far as it was read, with a refusal as well. What is
// sealed while it is recorded cannot be handed out for signing.
func (s Signed) PrepareLine(ctx context.Context, line []byte) (domain.Instruction, ledger.Prepared, error) {
	rest, plain, err := splitPlain(line)
	if err != nil {
		return domain.Instruction{}, ledger.Prepared{}, err
	}
	in, err := s.h.Codec.ParseInstruction(rest)
	if err == nil && plain != nil {
		err = domain.Refuse(domain.CodeInvalid, cmp.Or(plain.member, codeField), "is sealed while it is recorded, and goes with no prepared instruction: sign in one go with 'probity submit --key', or add it afterwards by a command of its own, such as complaint.seal_reporter")
	}
	if err != nil {
		return in, ledger.Prepared{}, err
	}
	p, err := s.Prepare(ctx, in)
	return in, p, err
}

// Prepare decides an instruction without recording it; see
// [ledger.Recorder.Prepare].
func (s Signed) Prepare(ctx context.Context, in domain.Instruction) (ledger.Prepared, error) {
	if err := unsealed(in.Command); err != nil {
		return ledger.Prepared{}, err
	}
	return s.h.Recorder.Prepare(ctx, in)
}

// Submit records what was prepared and signed, and carries out at once what
// an erasure asks for.
func (s Signed) Submit(ctx context.Context, p ledger.Prepared) (ledger.Receipt, error) {
	receipt, err := s.h.Recorder.Submit(ctx, p)
	if receipt.Stream == "" {
		return receipt, err
	}
	in, unread := s.h.Codec.ParseInstruction(p.Instruction)
	if unread != nil {
		return receipt, unread
	}
	return receipt, s.h.carryOut(ctx, in.Command, receipt, err)
}
