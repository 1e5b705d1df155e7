package record_test

import (
	"fmt"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections/record"
)

func ExampleFold() {
	at := time.Date(2024, 3, 4, 9, 0, 0, 0, time.UTC)
	entries := []record.Entry{{Position: 1, Recorded: domain.Recorded{
		ID:    "6c2f…",
		Act:   domain.Act{Subject: "P1", OccurredAt: at, RecordedAt: at},
		Event: officer.Enrolled{FullName: "Zhang Wei", Unit: "D1", On: domain.MustDate("2024-03-04")},
	}}}
	file := record.Fold("P1", entries, domain.MustDate("2024-06-03"), domain.Calendar{})
	fmt.Println(file.Identity.Name, file.Status, "since event", file.StatusSince.Event)
	// Output: Zhang Wei serving since event 6c2f…
}
