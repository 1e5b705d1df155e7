package house

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/screening"
)

// replayed are the names of the warnings that would have been raised up to a
// day, and of those that were.
func (w *workshop) replayed(until string) (would, did []string) {
	w.t.Helper()
	r := screening.NewReplay(domain.ShelfOf(domain.CN2024()))
	for s, err := range w.Store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			w.t.Fatal(err)
		}
		d, err := w.Codec.Decode(s)
		if err == nil {
			err = r.Add(d.Recorded)
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
	if err := r.Until(indicators.DayOf(domain.MustDate(until))); err != nil {
		w.t.Fatal(err)
	}
	for _, x := range r.Would() {
		would = append(would, string(x.ID))
	}
	for _, x := range r.Did() {
		did = append(did, string(x.ID))
	}
	slices.Sort(did)
	slices.Sort(would)
	return would, did
}

// A replay raises what the nights raised, under the same names: it knows no
// more than they did.
func TestTheReplayKnowsNothingTooEarly(t *testing.T) {
	t.Parallel()
	w := workshopIn(t, fresh.in(t), 12)
	t.Cleanup(func() { w.verify(); w.close() })
	w.found()
	for _, m := range year {
		w.month(m, 0)
		w.on(domain.MustDate(m + "-01").AddDays(31).String())
		w.night()
	}
	would, did := w.replayed("2025-02-03")
	if len(did) == 0 {
		t.Fatal("no night raised anything")
	}
	if diff := cmp.Diff(did, would); diff != "" {
		t.Errorf("the nights (-) and the replay (+) raise otherwise:\n%s", diff)
	}
	// What is recorded late was not known then, and takes nothing back.
	w.on("2025-02-10")
	for i := range 240 {
		w.decide(fmt.Sprintf("2024-%02d-20", 2+i%11), false, 0, 1+i%11)
	}
	later, _ := w.replayed("2025-02-11")
	if diff := cmp.Diff(would, later); diff != "" {
		t.Errorf("before (-) and after (+) late acts:\n%s", diff)
	}
}
