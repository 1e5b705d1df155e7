package ledger_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
)

// Somewhere in a real life absurd events are folded and absurd commands
// given: nothing may panic, and what is not allowed is refused, not failed.
func TestAbsurditiesInARealLifeAreFoldedOrRefused(t *testing.T) {
	cat, book := catalog.New(), domain.CN2024()
	codec := ledger.NewCodec(cat, "probity.test/histories")
	lives := map[string][]ledger.Decoded{}
	for _, room := range cat.Aggregates {
		for _, s := range readHistory(t, room.Name) {
			d, err := codec.Decode(s)
			if err != nil {
				t.Fatal(err)
			}
			lives[room.Name] = append(lives[room.Name], d)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		room := rapid.SampledFrom(cat.Aggregates).Draw(t, "room")
		stop := rapid.SampledFrom(lives[room.Name]).Draw(t, "until")
		state := room.NewState()
		for _, d := range lives[room.Name] {
			if d.Stream == stop.Stream && d.Revision <= stop.Revision {
				room.Apply(state, d.Event, d.Act)
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "absurd") {
			room.Apply(state, domaintest.OddEvent(t, rapid.SampledFrom(room.Events).Draw(t, "kind")), domaintest.OddAct(t))
		}
		for _, c := range room.Commands {
			command, act := domaintest.OddCommand(t, c), stop.Act
			act.Source, act.Role = "", rapid.SampledFrom(c.By).Draw(t, "role")
			if act.Role == domain.RoleImporter {
				act = domaintest.By("import", domain.RoleImporter)
			}
			events, err := room.Decide(state, command, domaintest.Seeing(room, state, command, act), book)
			if err != nil && domain.RefusalCode(err) == "" {
				t.Fatalf("%s failed: %v", c.Name, err)
			}
			for _, e := range events {
				room.Apply(state, e, act)
			}
		}
	})
}
