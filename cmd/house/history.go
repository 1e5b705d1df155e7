package house

import (
	"context"
	"errors"
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// ErrWentBack: the ledger lacks events that the views of the same folder
// show. It comes with an *ledger.IntegrityError.
var ErrWentBack = errors.New("the ledger went back")

// checkLast makes sure that the last event is one of this ledger, signed by
// a key it knows. What is recorded behind it with another name or key in the
// folder could never be taken back.
func (h *House) checkLast(ctx context.Context) error {
	last, found, err := h.Store.Last(ctx)
	if err != nil || !found {
		return err
	}
	return h.CheckEvent(last)
}

// CheckEvent decodes one event and checks its signatures; what is wrong with
// it comes as an *ledger.IntegrityError.
func (h *House) CheckEvent(s ledger.Stored) error {
	return ledger.CheckStored(context.Background(), h.Store, h.Codec, h.Keys, s)
}

// checkWentBack compares the ledger with the views, which were built from it:
// a ledger that ends before them, or holds another event where they end, was
// cut, replaced, or put back from an older backup.
func (h *House) checkWentBack(ctx context.Context) error {
	opts := h.ViewOptions()
	opts.ReadOnly = true
	views, err := projections.Open(h.Dir, h.Codec, opts)
	if err != nil {
		return nil // no views, or none that can say anything: they are built anew
	}
	defer views.Close()
	everything := views.As(projections.Principal{Subject: string(domain.ActorSystem), Role: domain.RoleSystem})
	last, err := everything.Events(ctx, projections.EventFilter{}, projections.Page{First: 1})
	if err != nil || len(last.Items) == 0 {
		return ctx.Err()
	}
	// The views were read first: a server beside us only adds to both.
	shown := last.Items[0]
	head, err := h.Store.Head(ctx)
	if err != nil {
		return err
	}
	if head < shown.Position {
		return fmt.Errorf("%w: %w", ErrWentBack, &ledger.IntegrityError{What: fmt.Sprintf(
			"%s ends at position %s, but the views show events up to position %s", h.Store, head, shown.Position)})
	}
	held := "nothing"
	for s, err := range h.Store.ReadStream(ctx, shown.Subject.Stream(), ledger.Revision(shown.Revision)) {
		if err != nil {
			return err
		}
		if s.ID.String() == string(shown.ID) && s.Position == shown.Position {
			return nil
		}
		held = fmt.Sprintf("event %s, at position %s,", s.ID, s.Position)
		break
	}
	return fmt.Errorf("%w: %w", ErrWentBack, &ledger.IntegrityError{
		Position: shown.Position, Stream: shown.Subject.Stream(), Revision: ledger.Revision(shown.Revision),
		What: fmt.Sprintf("%s holds %s there, but the views show event %s", h.Store, held, shown.ID)})
}
