package house

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// OpenViews opens the projections. Whoever writes the ledger keeps them up to
// date; a house opened for reading brings them up to date itself when nobody
// else holds them, and otherwise reads what the server keeps. progress may
// be nil.
func (h *House) OpenViews(ctx context.Context, progress func(done ledger.Position)) error {
	opts := ViewOptions(h.Book)
	views, err := projections.Open(h.Dir, h.Codec, opts)
	if err != nil && h.Recorder == nil && (errors.Is(err, ledger.ErrLocked) || errors.Is(err, ledger.ErrReadOnly)) {
		opts.ReadOnly = true
		h.Views, err = projections.Open(h.Dir, h.Codec, opts)
		return err
	}
	if err != nil {
		return err
	}
	h.Views = views
	if h.Recorder == nil {
		return views.CatchUp(ctx, h.Store, progress)
	}
	return nil
}

// ReleaseDue releases the sanctions whose effect period ended before today
// (公职人员政务处分法 art. 26: released by itself at the end), and returns how
// many. It may be called as often as one likes.
func (h *House) ReleaseDue(ctx context.Context, now time.Time) (int, error) {
	reader := h.Views.As(projections.Principal{Subject: string(domain.ActorSystem), Role: domain.RoleSystem})
	due, err := reader.SanctionsDue(ctx, h.Book.Calendar.Day(now))
	if err != nil {
		return 0, fmt.Errorf("find sanctions to release: %w", err)
	}
	released := 0
	for _, s := range due {
		receipt, err := h.Recorder.Record(ctx, domain.Instruction{
			ID:      "release:" + string(s.ID) + ":" + s.Until.String(),
			Command: sanction.Release{},
			Act:     domain.Act{Subject: string(s.ID), Actor: domain.ActorSystem, Role: domain.RoleSystem},
		})
		if domain.RefusalCode(err) != "" {
			continue // decided otherwise meanwhile; the views will show it
		}
		if err != nil {
			return released, fmt.Errorf("release sanction %s: %w", s.ID, err)
		}
		if !receipt.Repeated {
			released++
		}
	}
	return released, nil
}

// ViewOptions are how views are opened under a rulebook.
func ViewOptions(book *domain.Rulebook) projections.Options {
	return projections.Options{Calendar: book.Calendar}
}
