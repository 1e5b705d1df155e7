package kurrent_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

func Example() {
	server, err := kurrenttest.Listen("127.0.0.1:0", kurrenttest.Options{}) // a real one elsewhere
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	ctx := context.Background()
	store, err := kurrent.Open(ctx, kurrent.Options{URL: server.URL(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()

	entry := ledger.Entry{ID: uuid.New(), Envelope: []byte("a signed event")}
	if _, err := store.Append(ctx, "officer-P0042", ledger.NoStream, []ledger.Entry{entry}); err != nil {
		log.Fatal(err)
	}
	for e, err := range store.ReadAll(ctx, ledger.Start) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s %d: %s\n", e.Stream, e.Revision, e.Envelope)
	}
	// Output: officer-P0042 0: a signed event
}
