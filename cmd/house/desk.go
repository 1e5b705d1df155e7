package house

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// Desk is the way in for people who are signed in: each commands within their
// units alone, and on nothing that they are recused from. Whoever holds the
// data folder needs no desk: [House.Submit] asks for no units.
//
// What somebody may not command on looks like what is not on file: both are
// answered by deciding on nothing. The views must be open and kept up to date.
type Desk struct{ h *House }

// Desk returns that way in. The house must be open for writing.
func (h *House) Desk() Desk { return Desk{h} }

// viewsWait bounds how long the views are waited for.
const viewsWait = 5 * time.Second

// Record records an instruction from its JSON form; see [House.Submit].
func (d Desk) Record(ctx context.Context, who projections.Principal, line []byte) (ledger.Receipt, error) {
	in, plain, err := d.h.read(line)
	if err != nil {
		return ledger.Receipt{}, err
	}
	if err := d.admit(ctx, who, in); err != nil {
		return ledger.Receipt{}, err
	}
	return d.h.submit(ctx, in, plain, nil)
}

// Try decides an instruction in its JSON form and records nothing; nothing is
// sealed for it either.
func (d Desk) Try(ctx context.Context, who projections.Principal, line []byte) (ledger.Prepared, error) {
	in, plain, err := d.h.read(line)
	if err != nil {
		return ledger.Prepared{}, err
	}
	if err := d.admit(ctx, who, in); err != nil {
		return ledger.Prepared{}, err
	}
	if in, err = d.h.asIfSealed(ctx, in, plain); err != nil {
		return ledger.Prepared{}, err
	}
	return d.h.Recorder.Try(ctx, in)
}

// Prepare decides an instruction for its author to sign.
func (d Desk) Prepare(ctx context.Context, who projections.Principal, in domain.Instruction) (ledger.Prepared, error) {
	if err := d.admit(ctx, who, in); err != nil {
		return ledger.Prepared{}, err
	}
	return d.h.Signed().Prepare(ctx, in)
}

// Submit records what was prepared and signed.
func (d Desk) Submit(ctx context.Context, who projections.Principal, p ledger.Prepared) (ledger.Receipt, error) {
	in, err := d.h.Codec.ParseInstruction(p.Instruction)
	if err != nil {
		return ledger.Receipt{}, err
	}
	if err := d.admit(ctx, who, in); err != nil {
		return ledger.Receipt{}, err
	}
	return d.h.Signed().Submit(ctx, p)
}

// Shown returns once the views show what is recorded up to the position, and
// after a while without it.
func (d Desk) Shown(ctx context.Context, at ledger.Position) error {
	waiting, cancel := context.WithTimeout(ctx, viewsWait)
	defer cancel()
	err := d.h.Views.WaitFor(waiting, at)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil
	}
	return err
}

// admit refuses a command on what the principal may not command on.
func (d Desk) admit(ctx context.Context, who projections.Principal, in domain.Instruction) error {
	reader := d.h.Views.As(who)
	if reader.Unbound() {
		return nil
	}
	if err := d.upToDate(ctx); err != nil {
		return err
	}
	if by := d.h.Books.At(d.h.cfg.Now()).MayGive(in.Command); !slices.Contains(by, who.Role) {
		return d.onNothing(ctx, in)
	}
	onFile, err := reader.Reaches(ctx, in)
	if err != nil {
		return err
	}
	if err := reader.MayName(ctx, in, onFile); err != nil || onFile {
		return err
	}
	if err := d.onNothing(ctx, in); err != nil {
		return err
	}
	if err := reader.MayBegin(ctx, in); err != nil {
		return err
	}
	return d.unused(ctx, in)
}

// onNothing refuses what would be refused if nothing were on file.
func (d Desk) onNothing(ctx context.Context, in domain.Instruction) error {
	_, err := d.h.Recorder.TryBlank(ctx, in)
	return err
}

// unused refuses to begin something under an id that stands for something
// else. Whoever begins something chooses its id, so that much is told.
func (d Desk) unused(ctx context.Context, in domain.Instruction) error {
	stream := domain.Ref{Type: in.Command.Name().Room(), ID: in.Act.Subject}.Stream()
	for _, err := range d.h.Store.ReadStream(ctx, stream, 0) {
		if err != nil {
			return err
		}
		return domain.Refuse(domain.CodeExists, "subject", "%s cannot be used here; choose another id", in.Act.Subject)
	}
	return nil
}

// upToDate waits until the views show all that is recorded by now.
func (d Desk) upToDate(ctx context.Context) error {
	head, err := d.h.Store.Head(ctx)
	if err != nil {
		return err
	}
	if err := d.Shown(ctx, head); err != nil {
		return err
	}
	if at, err := d.h.Views.Position(ctx); err != nil || at < head {
		return errors.Join(err, domain.Refuse(domain.CodeState, "", "the views are catching up with the ledger, and who may command on what is not known yet; ask again in a moment"))
	}
	return nil
}
