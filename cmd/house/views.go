package house

import (
	"context"
	"errors"
	"fmt"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// OpenViews opens the projections. Whoever writes the ledger keeps them up to
// date; a house opened for reading brings them up to date itself when nobody
// else holds them, and otherwise reads what the server keeps. progress may
// be nil.
func (h *House) OpenViews(ctx context.Context, progress func(done ledger.Position)) error {
	if h.NoBooks != nil {
		return h.NoBooks
	}
	opts := h.ViewOptions()
	if h.tracing() {
		opts.Applied = h.applied
	}
	// Who advances views that replicas share takes that from the one that leads.
	opts.ReadOnly = h.Recorder == nil && opts.Postgres != "" && h.onServer
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
	if h.Recorder != nil || opts.ReadOnly {
		return nil
	}
	err = views.CatchUp(ctx, h.Store, progress)
	if errors.Is(err, projections.ErrLostLead) { // a server keeps them: they are read as it does
		opts.ReadOnly = true
		if err = views.Close(); err == nil {
			h.Views, err = projections.Open(h.Dir, h.Codec, opts)
		}
	}
	return err
}

// CatchUpViews brings the views up to what is recorded now. A replica waits for
// the one that leads.
func (h *House) CatchUpViews(ctx context.Context) error {
	if h.replica == nil {
		return h.Views.CatchUp(ctx, h.Store, nil)
	}
	head, err := h.Store.Head(ctx)
	if err != nil {
		return err
	}
	waiting, cancel := context.WithTimeout(ctx, viewsWait)
	defer cancel()
	if err := h.Views.WaitFor(waiting, head); err != nil {
		return fmt.Errorf("wait for the replica that leads to bring the views up: %w", err)
	}
	return nil
}

// ViewsInFolder is the setting of views in the data folder itself.
const ViewsInFolder = "sqlite"

// ViewOptions are how the views of this house are opened.
func (h *House) ViewOptions() projections.Options {
	opts := projections.Options{Books: h.Books}
	if h.viewsAt != ViewsInFolder {
		opts.Postgres = h.viewsAt
	}
	return opts
}
