package kurrenttest_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

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

func TestAppendAndRead(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{})
	c := dial(t, s.URL())
	first := mustAppend(t, c, "a", esdb.NoStream{}, event("1"), event("2"))
	second := mustAppend(t, c, "a", esdb.Revision(1), event("3"))
	if first.NextExpectedVersion != 1 || second.NextExpectedVersion != 2 || second.CommitPosition <= first.CommitPosition {
		t.Fatalf("%+v, %+v", first, second)
	}
	r, err := c.ReadStream(ctxOf(t), "a", esdb.ReadStreamOptions{From: esdb.Start{}}, 100)
	if got := texts(t, r, err); len(got) != 3 || got[2] != "3" {
		t.Fatalf("read %q", got)
	}
	r, err = c.ReadAll(ctxOf(t), esdb.ReadAllOptions{From: esdb.Start{}}, 100)
	if got := texts(t, r, err); len(got) != 3 {
		t.Fatalf("read all %q", got)
	}
	if _, err := c.SetStreamMetadata(ctxOf(t), "a", esdb.AppendToStreamOptions{}, esdb.StreamMetadata{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetStreamMetadata(ctxOf(t), "a", esdb.ReadStreamOptions{}); err != nil {
		t.Fatal(err)
	}
	sub, err := c.SubscribeToAll(ctxOf(t), esdb.SubscribeToAllOptions{From: esdb.Start{}})
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	for range 4 {
		if e := sub.Recv(); e.EventAppeared == nil {
			t.Fatalf("got %+v", e)
		}
	}
	if e := sub.Recv(); e.CaughtUp == nil {
		t.Fatalf("got %+v", e)
	}
	mustAppend(t, c, "b", esdb.NoStream{}, event("5"))
	if e := sub.Recv(); e.EventAppeared == nil || string(e.EventAppeared.Event.Data) != "5" {
		t.Fatalf("got %+v", e)
	}
}
