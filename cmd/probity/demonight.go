package main

import (
	"context"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// nights are those of a district that is played: the views are brought up to
// date, then the ledger does what is due and compares, as 'probity serve' does.
type nights struct {
	house     *house.House
	scheduler *house.Scheduler
}

// pass is one night. It returns what was recorded in it, in order.
func (n *nights) pass(ctx context.Context, now time.Time) ([]domain.Recorded, error) {
	h := n.house
	if n.scheduler == nil {
		if err := h.OpenViews(ctx, nil); err != nil {
			return nil, err
		}
		n.scheduler = h.Scheduler()
	}
	if err := h.Views.CatchUp(ctx, h.Store, nil); err != nil {
		return nil, err
	}
	before, err := h.Store.Head(ctx)
	if err != nil {
		return nil, err
	}
	passed, err := n.scheduler.Pass(ctx, now)
	if err != nil {
		return nil, err
	}
	compared, _, err := n.scheduler.ScreenDaily(ctx, now)
	if err != nil || !passed.Any() && !compared.Any() {
		return nil, err
	}
	return recordedSince(ctx, h, before)
}

// recordedSince returns what the ledger holds behind the position.
func recordedSince(ctx context.Context, h *house.House, position ledger.Position) (out []domain.Recorded, err error) {
	for stored, err := range h.Store.ReadAll(ctx, position) {
		if err != nil {
			return nil, err
		}
		d, err := h.Codec.Decode(stored)
		if err != nil {
			return nil, err
		}
		out = append(out, d.Recorded)
	}
	return out, nil
}
