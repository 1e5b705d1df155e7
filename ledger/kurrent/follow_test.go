package kurrent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// opensLate is a cursor that cannot be opened the first time.
type opensLate struct {
	cursor
	failed bool
	fail   func() (receive, error)
}

func (c *opensLate) open(ctx context.Context, client *esdb.Client) (receive, error) {
	if !c.failed {
		c.failed = true
		return c.fail()
	}
	return c.cursor.open(ctx, client)
}

// The end of a connection, in whatever the client wraps it, is not the end of
// what there is to read.
func TestOnlyTheEndOfAnAnswerEndsARead(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL()})
	mustAppend(t, s, "a", ledger.NoStream, entries(3)...)
	ended := fmt.Errorf("failed to perform read. Reason: %w", io.EOF)
	for name, c := range map[string]*opensLate{
		"all":      {cursor: &allCursor{Store: s}, fail: func() (receive, error) { return subscribing(nil, ended) }},
		"a stream": {cursor: &streamCursor{Store: s, stream: "a", count: 10}, fail: func() (receive, error) { return reading(nil, ended) }},
		"in the middle": {cursor: &allCursor{Store: s}, fail: func() (receive, error) {
			return func() (item, error) { return item{}, ended }, nil
		}},
	} {
		got, err := collect(func(yield func(ledger.Stored, error) bool) { s.follow(t.Context(), c, false, yield) })
		if err != nil || len(got) != 3 {
			t.Errorf("%s: %d events, %v", name, len(got), err)
		}
	}
}

// Nothing that ends by itself waits longer than Patience, and what it waited
// for is told as it is.
func TestPatienceEnds(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL(), Patience: 150 * time.Millisecond})
	mustAppend(t, s, "a", ledger.NoStream, entries(1)...)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for name, call := range map[string]func() error{
		"a list":    func() error { _, err := s.Streams(ctx, "", ledger.Start); return err },
		"the check": func() error { return s.checkStreams(ctx) },
	} {
		thaw := server.Freeze()
		if err := call(); !errors.Is(err, errSilent) || ctx.Err() != nil {
			t.Errorf("%s of a server that says nothing: %v", name, err)
		}
		thaw()
		server.Kill()
		if err := call(); err == nil || ctx.Err() != nil || errors.Is(err, errSilent) || !strings.Contains(err.Error(), "no leader") {
			t.Errorf("%s while nobody is there: %v", name, err)
		}
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
		eventually(t, name+" afterwards", func() bool { return call() == nil })
	}
}

// A look at the settings that was broken off has not seen what was taken back.
func TestALimitCountsOnlyWhenAllWasSeen(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s, err := newStore(Options{URL: server.URL(), Logger: slog.New(slog.NewTextHandler(told{"somebody changed the metadata", cancel}, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, m := range [][2]string{{"a", `{"$maxCount":2}`}, {"b", "{}"}, {"a", "{}"}} {
		if err := server.Admin().SetMetadata(DefaultPrefix+m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.checkStreams(ctx); !errors.Is(err, context.Canceled) || s.Err() != nil {
		t.Errorf("it says %v, and the store %v", err, s.Err())
	}
}

// told calls then when a text is logged.
type told struct {
	text string
	then func()
}

func (l told) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(l.text)) {
		l.then()
	}
	return len(b), nil
}
