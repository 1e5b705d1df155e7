package house

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/ledger"
)

// reactionsFile holds the position up to which reactions are known to be
// done. Losing it costs a walk over the ledger, nothing else.
const reactionsFile = "reactions.done"

// readReactions finds where the reactions of earlier runs ended.
func (h *House) readReactions() error {
	if h.replica != nil {
		return h.joinRecording(context.Background())
	}
	raw, err := os.ReadFile(filepath.Join(h.Dir, reactionsFile))
	if errors.Is(err, os.ErrNotExist) {
		raw = []byte("0")
	} else if err != nil {
		return fmt.Errorf("find where reactions ended: %w", err)
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(raw)), 10, 64)
	if err != nil {
		n = 0 // not ours, or damaged: walk the ledger
	}
	head, err := h.Store.Head(context.Background())
	if err != nil {
		return err
	}
	if ledger.Position(n) > head {
		n = 0 // of a ledger that was longer: this one was put back from a backup
	}
	h.reacted = ledger.Position(n)
	h.caughtUp.Store(h.reacted >= head)
	return nil
}

func (h *House) saveReactions(done ledger.Position) error {
	return writeFile(filepath.Join(h.Dir, reactionsFile), []byte(done.String()+"\n"), 0o644)
}

// CatchUpReactions makes up for reactions that a crash cut short. It returns
// at once when there is nothing to make up for.
// Replicas leave that to the one that leads.
func (h *House) CatchUpReactions(ctx context.Context) error {
	if h.caughtUp.Load() {
		return nil
	}
	if err := h.Recorder.CatchUp(ctx, h.reacted, h.saveReactions); err != nil {
		return err
	}
	h.caughtUp.Store(true)
	return nil
}

// SettleReactions notes that all reactions up to here are done, so that a
// crash after it costs no more than what came since.
func (h *House) SettleReactions(ctx context.Context) error {
	if !h.caughtUp.Load() {
		return nil
	}
	head, err := h.Store.Head(ctx)
	if err != nil {
		return err
	}
	err = h.Recorder.Settle(ctx)
	switch {
	case errors.Is(err, ledger.ErrUnsettled) && h.replica != nil:
		return h.handReactionsOver(ctx, head)
	case errors.Is(err, ledger.ErrUnsettled):
		return nil // the next start makes up for it
	case err != nil:
		return err
	case h.replica != nil:
		return h.replica.member.Settle(ctx, head)
	}
	return h.saveReactions(head)
}
