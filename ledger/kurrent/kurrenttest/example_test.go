package kurrenttest_test

import (
	"context"
	"fmt"
	"log"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// A server without a test, and the bare client that loses an acknowledgement.
func ExampleListen() {
	server, err := kurrenttest.Listen("127.0.0.1:0", kurrenttest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	config, err := esdb.ParseConnectionString(server.URL())
	if err != nil {
		log.Fatal(err)
	}
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	server.LoseAcks(1)
	e := event("found")
	first := esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}
	_, err = client.AppendToStream(context.Background(), "case-1", first, e)
	fmt.Println("acknowledged:", err == nil)
	again, err := client.AppendToStream(context.Background(), "case-1", first, e)
	fmt.Println("repeated:", err == nil, "at revision", again.NextExpectedVersion)
	// Output:
	// acknowledged: false
	// repeated: true at revision 0
}
