package house

import (
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger"
)

// Views that are not advanced, and a log that nobody signs, fall behind by what
// is recorded.
func TestHowFarViewsAndLogAreBehind(t *testing.T) {
	now := time.Now()
	h, err := Open(Config{Dir: fresh.in(t), Write: true, PlainKey: true, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	lag := func() (int, time.Duration) {
		head, err := h.Store.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		events, since, err := h.viewsLag(t.Context(), head)
		if err != nil {
			t.Fatal(err)
		}
		return events, since
	}
	if events, since := lag(); events != 0 || since != 0 {
		t.Errorf("nothing is recorded, and the views are %d events, %s behind", events, since)
	}
	for _, line := range []string{
		`{"id":"1","command":"unit.establish","subject":"hq","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}`,
		`{"id":"2","command":"unit.establish","subject":"d1","actor":"hr-li","role":"hr","data":{"name":"查验处","kind":"department","parent":"hq"}}`,
	} {
		if _, _, err := h.Submit(t.Context(), []byte(line)); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
	}
	if events, since := lag(); events != 2 || since.Round(time.Minute) != 2*time.Minute {
		t.Errorf("the views are %d events, %s behind, want 2 and 2m", events, since)
	}
	unsigned := func() time.Duration {
		t.Helper()
		since, err := h.logLag(t.Context(), 2)
		if err != nil {
			t.Fatal(err)
		}
		return since.Round(time.Minute)
	}
	if since := unsigned(); since != 2*time.Minute {
		t.Errorf("nothing is signed, and the log is %s behind, want 2m", since)
	}
	if err := h.Notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if since := unsigned(); since != 0 {
		t.Errorf("all is signed, and the log is %s behind", since)
	}
	if err := h.Views.CatchUp(t.Context(), h.Store, func(ledger.Position) {}); err != nil {
		t.Fatal(err)
	}
	if events, since := lag(); events != 0 || since != 0 {
		t.Errorf("all is applied, and the views are %d events, %s behind", events, since)
	}
	if n := h.appending.Load(); n != 0 {
		t.Errorf("%d appends are under way", n)
	}
}
