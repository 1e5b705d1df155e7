package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
)

func Example() {
	dir, err := os.MkdirTemp("", "ledger")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	store, err := embedded.Open(dir, embedded.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()

	ctx := context.Background()
	signed := []ledger.Entry{{ID: uuid.New(), Envelope: []byte(`{"payload":"…"}`)}}
	done, err := store.Append(ctx, "officer-1", ledger.NoStream, signed)
	fmt.Println(done.Revision, done.Position, err)

	// Another event for the same place comes too late.
	late := []ledger.Entry{{ID: uuid.New(), Envelope: []byte(`{"payload":"…"}`)}}
	_, err = store.Append(ctx, "officer-1", ledger.NoStream, late)
	fmt.Println(errors.Is(err, ledger.ErrWrongRevision))

	for event, err := range store.ReadAll(ctx, ledger.Start) {
		fmt.Println(event.Position, event.Stream, event.Revision, string(event.Envelope), err)
	}
	// Output:
	// 0 1 <nil>
	// true
	// 1 officer-1 0 {"payload":"…"} <nil>
}
