package kurrent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

func TestTheClientLosesWhyALargeAppendWasRefused(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{MaxAppend: 1<<20 + 1<<19})
	large := make([]ledger.Entry, 40)
	for i := range large {
		large[i] = ledger.Entry{ID: uuid.New(), Envelope: make([]byte, ledger.MaxEnvelope)}
	}
	t.Run("the store's own limit comes first", func(t *testing.T) {
		s := start(t, Options{URL: server.URL(), Prefix: newPrefix()})
		server.Unavailable(-1) // nothing may be sent at all
		_, err := s.Append(t.Context(), "a", ledger.NoStream, large)
		server.Unavailable(0)
		wantError(t, err, ledger.ErrTooLarge)
	})
	t.Run("a lower limit of the server is found out", func(t *testing.T) {
		s := start(t, Options{URL: server.URL(), Prefix: newPrefix(), MaxAppendBytes: 1 << 24})
		for range 5 {
			_, err := s.Append(t.Context(), "a", ledger.NoStream, large)
			wantError(t, err, ledger.ErrTooLarge)
		}
		if got := mustRead(t, s.ReadAll(t.Context(), ledger.Start)); len(got) != 0 {
			t.Fatalf("%d events are recorded", len(got))
		}
		mustAppend(t, s, "a", ledger.NoStream, large[:20]...)
	})
}

func TestTheClientWrapsSomeErrorsAndCallsOthersUnknown(t *testing.T) {
	for _, c := range []struct {
		err  error
		want verdict
	}{
		{status.Error(codes.InvalidArgument, "Maximum Append Size of 1048576 Exceeded."), tooLarge},
		{status.Error(codes.InvalidArgument, "Required Metadata Property 'type' is missing"), malformed},
		{status.Error(codes.FailedPrecondition, "Append failed due to WrongExpectedVersion."), wrong},
		{status.Error(codes.ResourceExhausted, "Received message exceeds the maximum"), tooLarge},
		{status.Error(codes.PermissionDenied, "Access Denied"), denied},
		{status.Error(codes.Unauthenticated, "Unauthenticated"), anonymous},
		{status.Error(codes.Unimplemented, "unknown method"), unable},
		{status.Error(codes.Canceled, "the client connection is closing"), uncertain},
		{status.Error(codes.Aborted, "Operation timed out"), uncertain},
		{status.Error(codes.Unavailable, "Server Is Not Ready"), uncertain},
		{status.Error(codes.DeadlineExceeded, "too late"), uncertain},
		{status.Error(codes.Internal, "stream terminated by RST_STREAM"), uncertain},
		{status.Error(codes.Unknown, "Exception was thrown by handler."), uncertain},
		{context.Canceled, uncertain},
		{io.EOF, cutShort},
		{errRetired, unsent},
		{errors.New("something else"), uncertain},
	} {
		wrapped := fmt.Errorf("could not send append request. Reason: %w", c.err)
		if judge(c.err) != c.want || judge(wrapped) != c.want {
			t.Errorf("%v is %d, wrapped %d, want %d", c.err, judge(c.err), judge(wrapped), c.want)
		}
	}
}

func TestTheClientsAppendsOfUnknownOutcome(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	for _, c := range []struct {
		name  string
		fault func(*kurrenttest.Server) (mend func())
	}{
		{"the acknowledgement is lost", func(s *kurrenttest.Server) func() { s.LoseAcks(1); return func() {} }},
		{"the request is lost", func(s *kurrenttest.Server) func() { s.LoseRequests(1); return func() {} }},
		{"the server times out (Aborted)", func(s *kurrenttest.Server) func() { s.TimeOut(1); return func() {} }},
		{"the server is not ready (Unavailable)", func(s *kurrenttest.Server) func() { s.Unavailable(1); return func() {} }},
		{"no answer comes (DeadlineExceeded)", (*kurrenttest.Server).Freeze},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := kurrenttest.Start(t, kurrenttest.Options{})
			s := start(t, Options{URL: server.URL(), Deadline: 500 * time.Millisecond})
			mustAppend(t, s, "a", ledger.NoStream, entries(1)...)
			batch := entries(2)
			mend := c.fault(server)
			_, err := s.Append(t.Context(), "a", 0, batch)
			mend()
			wantError(t, err, ledger.ErrUnknownOutcome)
			// At the revision where the stream may end by now the server would
			// record it again; the caller repeats it at the one it expected.
			done := mustAppend(t, s, "a", 0, batch...)
			if again := mustAppend(t, s, "a", 0, batch...); again != done {
				t.Errorf("repeated it gave %+v, before %+v", again, done)
			}
			got := mustRead(t, s.ReadAll(t.Context(), ledger.Start))
			if len(got) != 3 || got[2].Position != done.Position || done.Revision != 2 {
				t.Errorf("the result is %+v, recorded are %v", done, got)
			}
		})
	}
	t.Run("the caller goes (Canceled)", func(t *testing.T) {
		server := kurrenttest.Start(t, kurrenttest.Options{})
		s := start(t, Options{URL: server.URL()})
		thaw := server.Freeze()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		batch := entries(2)
		_, err := s.Append(ctx, "a", ledger.NoStream, batch)
		thaw()
		wantError(t, err, ledger.ErrUnknownOutcome)
		mustAppend(t, s, "a", ledger.NoStream, batch...)
		if got := mustRead(t, s.ReadAll(t.Context(), ledger.Start)); len(got) != 2 {
			t.Errorf("recorded are %v", got)
		}
	})
}

func TestTheServerTakesARepeatByItsIdsAlone(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL()})
	batch := entries(2)
	mustAppend(t, s, "a", ledger.NoStream, batch...)
	changed := []ledger.Entry{batch[0], {ID: batch[1].ID, Envelope: []byte("other bytes")}}
	_, err := s.Append(t.Context(), "a", ledger.NoStream, changed)
	wantError(t, err, ledger.ErrWrongRevision)
	// Seen from the server: were the ids ours, it would have said yes.
	i := 0
	for _, e := range server.Admin().Events() {
		if e.Stream != DefaultPrefix+"a" {
			continue
		}
		if e.ID != eventID(batch[i].ID, batch[i].Envelope) || e.ID == batch[i].ID {
			t.Errorf("event %d is known as %s", i, e.ID)
		}
		i++
	}
	if i != 2 {
		t.Errorf("the server holds %d events", i)
	}
}

func TestTheServerMayHaveForgottenWhereARepeatLies(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	s := start(t, Options{URL: server.URL()})
	batch := entries(2)
	first := mustAppend(t, s, "a", ledger.NoStream, batch...)
	a := attempt{Store: s, stream: "a", expected: ledger.NoStream, entries: batch}
	for _, said := range []uint64{0, ^uint64(0), uint64(first.Position), uint64(first.Position) - 1} {
		got, err := a.accept(t.Context(), &esdb.WriteResult{NextExpectedVersion: 1, CommitPosition: said}, first.Position)
		if err != nil || got != first {
			t.Errorf("where the server says %d the result is %+v, %v; first was %+v", said, got, err, first)
		}
	}
}

func TestTheServerMayAnswerWithAnotherPosition(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	for said, want := range map[int64]int32{0: exact, -1: inexact} {
		s := start(t, Options{URL: server.URL(), Prefix: newPrefix()})
		batch := entries(2)
		first := mustAppend(t, s, "a", ledger.NoStream, batch...)
		s.several.Store(untried)
		a := attempt{Store: s, stream: "a", expected: ledger.NoStream, entries: batch}
		for range 2 {
			w := &esdb.WriteResult{NextExpectedVersion: 1, CommitPosition: uint64(int64(first.Position) + said)}
			if got, err := a.accept(t.Context(), w, ledger.Start); err != nil || got != first {
				t.Errorf("the result is %+v, %v; it lies at %+v", got, err, first)
			}
		}
		if got := s.several.Load(); got != want {
			t.Errorf("the answer is held for %d, want %d", got, want)
		}
		if s.single.Load() != untried {
			t.Error("appends of one entry were not tried and are judged")
		}
	}
}
