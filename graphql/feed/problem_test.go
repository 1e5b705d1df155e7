package feed

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// What is wrong with a parameter is told with its name.
func TestBadInputNamesTheParameter(t *testing.T) {
	for query, want := range map[string]string{
		"colour=red": "colour is unknown; there are cursor, ", "limit=1&limit=2": "limit is given more than once", "format=xml": "format must be ndjson or csv",
	} {
		_, err := readAsk(httptest.NewRequest("GET", "/hr/records?"+query, nil), nil)
		p, _ := describe(err)
		if p == nil || p.status != 400 || !strings.HasPrefix(p.message, want) {
			t.Errorf("%s: %+v, %v", query, p, err)
		}
	}
}

// What passes says when to ask again.
func TestWhatPassesSaysWhenToAskAgain(t *testing.T) {
	for _, err := range []error{projections.ErrUnavailable, ledger.ErrClosed, context.DeadlineExceeded, &unnoted{ledger.ErrFull}} {
		if p, _ := describe(fmt.Errorf("ask the views: %w", err)); p.status != 503 || p.retryAfter == 0 {
			t.Errorf("%v: %d, again after %d s", err, p.status, p.retryAfter)
		}
	}
}
