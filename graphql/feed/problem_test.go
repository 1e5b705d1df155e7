package feed

import (
	"context"
	"fmt"
	"testing"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// What passes says when to ask again.
func TestWhatPassesSaysWhenToAskAgain(t *testing.T) {
	for _, err := range []error{projections.ErrUnavailable, ledger.ErrClosed, context.DeadlineExceeded, &unnoted{ledger.ErrFull}} {
		if p, _ := describe(fmt.Errorf("ask the views: %w", err)); p.status != 503 || p.retryAfter == 0 {
			t.Errorf("%v: %d, again after %d s", err, p.status, p.retryAfter)
		}
	}
}
