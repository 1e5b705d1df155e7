package kurrenttest_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// dial opens the bare client on a server, silent and closed with the test.
func dial(t testing.TB, url string) *esdb.Client {
	t.Helper()
	c, err := esdb.ParseConnectionString(url)
	if err != nil {
		t.Fatal(err)
	}
	c.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// event makes an event with a fresh id.
func event(text string) esdb.EventData {
	return esdb.EventData{EventID: uuid.New(), EventType: "test", ContentType: esdb.ContentTypeBinary, Data: []byte(text)}
}

func ctxOf(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// mustAppend appends and expects success.
func mustAppend(t testing.TB, c *esdb.Client, stream string, expected esdb.ExpectedRevision, events ...esdb.EventData) *esdb.WriteResult {
	t.Helper()
	r, err := c.AppendToStream(ctxOf(t), stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, events...)
	if err != nil {
		t.Fatalf("append to %s: %v", stream, err)
	}
	return r
}

// wantCode fails unless the error is the client's of that code.
func wantCode(t testing.TB, err error, code esdb.ErrorCode) {
	t.Helper()
	var e *esdb.Error
	if !errors.As(err, &e) || e.Code() != code {
		t.Fatalf("got error %v, want code %d", err, code)
	}
}

// texts reads a stream of answers to its end.
func texts(t testing.TB, r *esdb.ReadStream, err error) []string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out []string
	for {
		e, err := r.Recv()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(e.Event.Data))
	}
}

func TestMain(m *testing.M) {
	kurrenttest.Main()
	// A client that discovers its node anew drops the connection it had
	// without closing it; what gRPC keeps for one then stays.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("google.golang.org/grpc/internal/grpcsync.(*CallbackSerializer).run"))
}
