package kurrent

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// deeds are what an administrator or a stranger can do to a ledger, and a
// part of what is said about it.
var deeds = []struct {
	name string
	do   func(kurrenttest.Admin, string) error
	said string
	// atOpen: an Open that comes later refuses for it too.
	atOpen bool
}{
	{"a stream is limited in number", func(a kurrenttest.Admin, s string) error { return a.SetMetadata(s, `{"$maxCount":2}`) }, "$maxCount is 2", true},
	{"a stream is limited in age", func(a kurrenttest.Admin, s string) error { return a.SetMetadata(s, `{"$maxAge":60}`) }, "$maxAge is 60", true},
	{"a stream is truncated", func(a kurrenttest.Admin, s string) error { a.Truncate(s, 2); return nil }, "$tb is 2", true},
	{"a stream is deleted", kurrenttest.Admin.Delete, "$tb is", true},
	{"a stream is deleted for good", kurrenttest.Admin.Tombstone, "deleted for good", true},
	{"a stranger writes into a stream", func(a kurrenttest.Admin, s string) error {
		_, err := a.Append(s, "ordered", []byte("{}"))
		return err
	}, "written by somebody else", false},
	{"a stranger writes under our type", func(a kurrenttest.Admin, s string) error {
		_, err := a.Append(s, EventType, []byte("{}"))
		return err
	}, "do not hold the id", false},
	{"a stranger begins a stream", func(a kurrenttest.Admin, _ string) error {
		_, err := a.Append(DefaultPrefix+"new", "ordered", []byte("{}"))
		return err
	}, "written by somebody else", false},
}

func TestWhatIsDoneToALedgerIsNoticed(t *testing.T) {
	for _, d := range deeds {
		t.Run(d.name, func(t *testing.T) {
			server := kurrenttest.Start(t, kurrenttest.Options{})
			said := &record{}
			s := start(t, Options{URL: server.URL(), SweepEvery: 50 * time.Millisecond, Logger: said.logger()})
			mustAppend(t, s, "a", ledger.NoStream, entries(3)...)
			subscribed := make(chan error, 1)
			go func() {
				_, err := collect(s.Subscribe(context.Background(), ledger.Start))
				subscribed <- err
			}()
			if err := d.do(server.Admin(), DefaultPrefix+"a"); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the store to notice", func() bool { return s.Err() != nil })
			if failure := integrity(t, s.Err()); !strings.Contains(failure.What, d.said) {
				t.Errorf("noticed was %v", failure)
			}
			_, err := s.Append(t.Context(), "b", ledger.NoStream, entries(1))
			integrity(t, err)
			integrity(t, <-subscribed)
			if !strings.Contains(said.String(), "level=ERROR") || !strings.Contains(said.String(), "integrity failure") {
				t.Errorf("the log says only %s", said)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			again, err := Open(t.Context(), Options{URL: server.URL(), Logger: said.logger()})
			if !d.atOpen {
				if err != nil {
					t.Fatal(err)
				}
				_, err = collect(again.ReadAll(t.Context(), ledger.Start))
				err = errors.Join(err, again.Close())
			}
			integrity(t, err)
		})
	}
}

func TestALimitThatWasTakenBackIsForgiven(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	for _, metadata := range []string{`{"$maxCount":2}`, `{}`} {
		if err := server.Admin().SetMetadata(DefaultPrefix+"a", metadata); err != nil {
			t.Fatal(err)
		}
	}
	if err := server.Admin().SetMetadata("shop", `{"$maxCount":2}`); err != nil {
		t.Fatal(err)
	}
	start(t, Options{URL: server.URL()})
}

func TestWhatWasCheckedBeforeIsNotCheckedAgain(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	if err := server.Admin().SetMetadata(DefaultPrefix+"a", `{"$maxCount":2}`); err != nil {
		t.Fatal(err)
	}
	events := server.Admin().Events()
	start(t, Options{URL: server.URL(), CheckedTo: ledger.Position(events[len(events)-1].Position)})
	_, err := Open(t.Context(), Options{URL: server.URL(), Logger: logger(t)})
	if failure := integrity(t, err); !strings.Contains(failure.What, "set them to {}") {
		t.Errorf("it does not say what to set: %v", err)
	}
}

func TestAScavengeIsLogged(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	said := &record{}
	s := start(t, Options{URL: server.URL(), Logger: said.logger()})
	mustAppend(t, s, "a", ledger.NoStream, entries(3)...)
	server.Admin().Scavenge()
	eventually(t, "the scavenge to be logged", func() bool { return strings.Contains(said.String(), "is being scavenged") })
	if err := s.Err(); err != nil {
		t.Errorf("nothing was lost, yet %v", err)
	}
	if got := mustRead(t, s.ReadAll(t.Context(), ledger.Start)); len(got) != 3 {
		t.Errorf("%d events are left", len(got))
	}
}

func TestAStreamThatBeginsLateIsNoticedByItsRead(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL()})
	mustAppend(t, s, "a", ledger.NoStream, entries(3)...)
	server.Admin().Truncate(DefaultPrefix+"a", 1)
	_, err := collect(s.ReadStream(t.Context(), "a", 0))
	if failure := integrity(t, err); failure.Revision != 0 || failure.Stream != "a" {
		t.Errorf("got %v", failure)
	}
}

func TestAnAppendToADeletedStreamIsNoSuccess(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL()})
	done := mustAppend(t, s, "a", ledger.NoStream, entries(3)...)
	a := attempt{Store: s, stream: "a", expected: ledger.NoStream, entries: entries(1)}
	// The server lets a deleted stream begin anew, behind its old end.
	_, err := a.accept(t.Context(), &esdb.WriteResult{NextExpectedVersion: 3, CommitPosition: uint64(done.Position) + 100}, done.Position)
	integrity(t, err)
	if err := server.Admin().Tombstone(DefaultPrefix + "a"); err != nil {
		t.Fatal(err)
	}
	_, err = s.Append(t.Context(), "a", 2, entries(1))
	integrity(t, err)
}

func TestEventsAreKeptAsTheyWereWritten(t *testing.T) {
	entry := ledger.Entry{ID: uuid.New(), Envelope: []byte(`{"payload":"…"}`)}
	events, size := encode([]ledger.Entry{entry})
	good := func() *esdb.RecordedEvent {
		return &esdb.RecordedEvent{
			EventID: events[0].EventID, EventType: EventType, ContentType: contentType, StreamID: DefaultPrefix + "a",
			EventNumber: 4, Position: esdb.Position{Commit: 9, Prepare: 9}, Data: events[0].Data, UserMetadata: events[0].Metadata,
		}
	}
	if want := len(entry.Envelope) + len(events[0].Metadata) + 2*len(EventType); size != want {
		t.Errorf("the size is %d, want %d", size, want)
	}
	got, err := decode(DefaultPrefix, good())
	if err != nil || got.ID != entry.ID || !bytes.Equal(got.Envelope, entry.Envelope) || got.Stream != "a" || got.Revision != 4 || got.Position != 9 {
		t.Fatalf("got %+v, %v", got, err)
	}
	for name, spoil := range map[string]func(*esdb.RecordedEvent){
		"another type":        func(e *esdb.RecordedEvent) { e.EventType = "ordered" },
		"JSON":                func(e *esdb.RecordedEvent) { e.ContentType = "application/json" },
		"another byte":        func(e *esdb.RecordedEvent) { e.Data = append(bytes.Clone(e.Data), ' ') },
		"another id":          func(e *esdb.RecordedEvent) { e.EventID = uuid.New() },
		"another entry":       func(e *esdb.RecordedEvent) { e.UserMetadata = metadataOf(uuid.New()) },
		"no metadata":         func(e *esdb.RecordedEvent) { e.UserMetadata = nil },
		"metadata respelled":  func(e *esdb.RecordedEvent) { e.UserMetadata = bytes.ToUpper(e.UserMetadata) },
		"metadata with space": func(e *esdb.RecordedEvent) { e.UserMetadata = append(bytes.Clone(e.UserMetadata), ' ') },
		"a transaction":       func(e *esdb.RecordedEvent) { e.Position.Prepare = 3 },
		"no position":         func(e *esdb.RecordedEvent) { e.Position = esdb.Position{} },
		"no name":             func(e *esdb.RecordedEvent) { e.StreamID = DefaultPrefix },
		"a tombstone":         func(e *esdb.RecordedEvent) { e.EventType = tombstoneType },
	} {
		e := good()
		spoil(e)
		if got, err := decode(DefaultPrefix, e); err == nil {
			t.Errorf("%s: taken for %+v", name, got)
		} else if failure := integrity(t, err); failure.What == "" {
			t.Errorf("%s: nothing is said", name)
		}
	}
}

// record keeps what is logged.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(b)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func (r *record) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(r, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// eventually waits for something, ten seconds at most.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 1000 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}
