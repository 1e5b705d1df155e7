package catalog_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/reactions"
)

// total folds events of one room with any values in any order, asks all its
// commands what follows, and lets clocks and reactions look on. Nothing may
// panic, and whatever is not allowed is refused, not failed.
func total(t *rapid.T) {
	book := domain.CN2024()
	room := rapid.SampledFrom(catalog.New().Aggregates).Draw(t, "room")
	state := room.NewState()
	var recorded []domain.Recorded
	for i := range rapid.IntRange(0, 8).Draw(t, "events") {
		kind, act := rapid.SampledFrom(room.Events).Draw(t, "kind"), domaintest.OddAct(t)
		event := domaintest.OddEvent(t, kind)
		room.Apply(state, event, act)
		r := domain.Recorded{ID: domain.EventID(fmt.Sprint(i)), Stream: domain.Ref{Type: room.Name, ID: act.Subject}.Stream(), Revision: int64(i), Act: act, Event: event}
		for _, re := range reactions.All() {
			if re.On == event.Kind() {
				re.Then(r)
			}
		}
		kind.Touches(act, event)
		recorded = append(recorded, r)
	}
	for _, c := range room.Commands {
		command, act := domaintest.OddCommand(t, c), domaintest.OddAct(t)
		act.Role = c.By[0]
		act = domaintest.Seeing(room, state, command, act)
		events, err := room.Decide(state, command, act, book)
		if err != nil && domain.RefusalCode(err) == "" {
			t.Fatalf("%s failed: %v", c.Name, err)
		}
		for _, e := range events {
			room.Apply(state, e, act)
		}
	}
	clocks.Fold(book, recorded)
}

func TestFoldsDecisionsAndClocksAreTotal(t *testing.T) {
	rapid.Check(t, total)
}

// FuzzTotal looks for more, guided by what was reached.
func FuzzTotal(f *testing.F) {
	for seed := range 8 {
		choices := make([]byte, 4096)
		rand.NewChaCha8([32]byte{byte(seed)}).Read(choices)
		f.Add(choices)
	}
	f.Fuzz(rapid.MakeFuzz(total))
}
