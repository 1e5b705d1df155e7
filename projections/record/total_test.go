package record_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/record"
)

// total folds events of all rooms with any values in any order into a file,
// which must neither panic nor become something that cannot be written.
func total(t *rapid.T) {
	cat := catalog.New()
	var entries []record.Entry
	for i := range rapid.IntRange(0, 12).Draw(t, "events") {
		kind := rapid.SampledFrom(rapid.SampledFrom(cat.Aggregates).Draw(t, "room").Events).Draw(t, "kind")
		entries = append(entries, record.Entry{Position: ledger.Position(i + 1), Recorded: domain.Recorded{
			ID: domain.EventID(fmt.Sprint("e", i)), Act: domaintest.OddAct(t), Event: domaintest.OddEvent(t, kind),
		}})
	}
	cal := domain.CN2024().Calendar
	file := record.Fold("P1", entries, day("2024-03-04"), cal)
	if _, err := json.Marshal(file); err != nil {
		t.Fatalf("the file cannot be written: %v", err)
	}
	if file.Head.Events != len(entries) {
		t.Fatalf("the file was folded from %d events, want %d", file.Head.Events, len(entries))
	}
}

func TestTheFileIsTotal(t *testing.T) { rapid.Check(t, total) }
