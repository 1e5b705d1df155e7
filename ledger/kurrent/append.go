package kurrent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

// Append implements [ledger.Store].
//
// It sends an append a second time only where the first did nothing: it never
// left, or went to a node that is not the leader. What was sent and not
// answered is an ErrUnknownOutcome.
func (s *Store) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	if err := s.begin(); err != nil {
		return ledger.Appended{}, err
	}
	defer s.appends.Done()
	if err := ctx.Err(); err != nil {
		return ledger.Appended{}, err
	}
	if err := ledger.CheckAppend(stream, expected, entries); err != nil {
		return ledger.Appended{}, err
	}
	events, size := encode(entries)
	if size > s.opts.MaxAppendBytes {
		return ledger.Appended{}, fmt.Errorf("%w: an append of %d bytes, %d are allowed (MaxAppendBytes, which follows the server's MaxAppendSize)",
			ledger.ErrTooLarge, size, s.opts.MaxAppendBytes)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.hard, cancel)()
	a := attempt{s, stream, expected, entries, events, size}
	done, err := a.run(ctx)
	if err == nil {
		s.saw(done.Position)
	}
	return done, s.report(err)
}

// MaxAppendBytes returns how many bytes of envelopes one append may hold,
// however many entries it has.
func (s *Store) MaxAppendBytes() int { return s.opts.MaxAppendBytes - overhead }

// attempt is one append.
type attempt struct {
	*Store
	stream   string
	expected ledger.Revision
	entries  []ledger.Entry
	events   []esdb.EventData
	size     int
}

// run sends it within Deadline. What must be read to judge the answer has the
// Patience of a read beside that.
func (a attempt) run(ctx context.Context) (ledger.Appended, error) {
	within, cancel := context.WithTimeout(ctx, a.opts.Deadline)
	defer cancel()
	for rest := minRest; ; rest = min(2*rest, maxRest) {
		c, err := a.client(within)
		if errors.Is(err, ledger.ErrClosed) {
			return ledger.Appended{}, err
		}
		if err != nil && within.Err() != nil {
			return ledger.Appended{}, unknown(a.stream, err)
		}
		if err != nil {
			return ledger.Appended{}, fmt.Errorf("append to %s: %w", a.stream, a.explain(err))
		}
		before := ledger.Position(a.seen.Load())
		w, err := a.send(within, c)
		if err == nil {
			return a.accept(ctx, w, before)
		}
		v := judge(err)
		if v == cutShort {
			v, err = a.whyShort(within, c, err)
		}
		if v == unsent || v == elsewhere {
			a.doubt(c, err)
			if sleep(within, rest) == nil {
				continue
			}
			v = uncertain
		}
		return a.fail(ctx, c, v, err)
	}
}

// expectation is a revision as the server is told it.
func expectation(r ledger.Revision) esdb.ExpectedRevision {
	if r == ledger.NoStream {
		return esdb.NoStream{}
	}
	return esdb.Revision(uint64(r))
}

func (a attempt) send(ctx context.Context, c *client) (w *esdb.WriteResult, err error) {
	// The result is handed over by a channel: a call that ctx has left behind
	// may still end.
	results := make(chan *esdb.WriteResult, 1)
	err = c.do(ctx, func(ctx context.Context, c *esdb.Client) error {
		// ctx bounds it; the client's own deadline only must not come first.
		deadline := a.opts.Deadline + time.Second
		w, err := c.AppendToStream(ctx, a.opts.Prefix+a.stream,
			esdb.AppendToStreamOptions{ExpectedRevision: expectation(a.expected), Deadline: &deadline}, a.events...)
		results <- w
		return err
	})
	if err != nil {
		return nil, err
	}
	return <-results, nil
}

// accept makes the result of what the server answered. A repeated append is
// answered like a new one; that its ids are the same means that its bytes are
// too (see eventID). Where it lies the server may have forgotten, and is read
// again: a position that is not behind all that was seen before tells.
func (a attempt) accept(ctx context.Context, w *esdb.WriteResult, before ledger.Position) (ledger.Appended, error) {
	want := a.expected + ledger.Revision(len(a.entries))
	if w.NextExpectedVersion != uint64(want) {
		return ledger.Appended{}, &ledger.IntegrityError{Position: ledger.Position(w.CommitPosition), Stream: a.stream, Revision: want,
			What: fmt.Sprintf("the server recorded it at revision %d: the stream was deleted before", w.NextExpectedVersion)}
	}
	said := ledger.Appended{Revision: want, Position: ledger.Position(w.CommitPosition)}
	repeat := said.Position <= before || w.CommitPosition > math.MaxInt64
	trust := &a.single
	if len(a.entries) > 1 {
		trust = &a.several
	}
	if !repeat && trust.Load() == exact {
		return said, nil
	}
	done, err := a.recorded(ctx)
	if errors.Is(err, ledger.ErrWrongRevision) {
		err = unknown(a.stream, errors.New("the server says that it is recorded, and does not show it"))
	}
	if err == nil && !repeat && trust.Load() == untried {
		trust.Store(exact)
		if done != said {
			trust.Store(inexact)
			a.log.Warn("the KurrentDB server does not answer an append with the position of its last event; each is read again",
				"answered", said.Position, "read", done.Position)
		}
	}
	return done, err
}

// How far the position in the server's answer to an append is relied on: it
// is tried once for appends of one and of several entries.
const (
	untried int32 = iota
	exact
	inexact
)

// recorded answers an append that may be a repeat: it is one if its entries
// lie directly behind the expected revision.
func (a attempt) recorded(ctx context.Context) (ledger.Appended, error) {
	n, last := 0, ledger.Appended{}
	for e, err := range a.readStream(ctx, a.stream, a.expected+1, len(a.entries)) {
		if _, ok := errors.AsType[*ledger.IntegrityError](err); ok {
			return ledger.Appended{}, err
		}
		if err != nil {
			return ledger.Appended{}, unknown(a.stream, fmt.Errorf("look whether it is a repeat: %w", err))
		}
		if e.ID != a.entries[n].ID || !bytes.Equal(e.Envelope, a.entries[n].Envelope) {
			break
		}
		n++
		last = ledger.Appended{Revision: e.Revision, Position: e.Position}
	}
	if n < len(a.entries) {
		return ledger.Appended{}, fmt.Errorf("%w: %s does not end at %d", ledger.ErrWrongRevision, a.stream, a.expected)
	}
	return last, nil
}

// fail makes the error of an append that the server did not accept.
func (a attempt) fail(ctx context.Context, c *client, v verdict, err error) (ledger.Appended, error) {
	switch v {
	case wrong:
		return a.recorded(ctx)
	case tooLarge:
		err = fmt.Errorf("%w: an append of %d bytes; set MaxAppendBytes to the server's MaxAppendSize: %w", ledger.ErrTooLarge, a.size, err)
	case malformed:
		err = fmt.Errorf("%w: the server refuses it: %w", ledger.ErrBadAppend, err)
	case deleted:
		err = &ledger.IntegrityError{Stream: a.stream, Revision: a.expected, What: "the stream was deleted for good"}
	case denied, anonymous, unable, absent:
		err = fmt.Errorf("append to %s: %w", a.stream, a.explain(err))
	default:
		a.doubt(c, err)
		if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok {
			err = unknown(a.stream, err)
		}
	}
	return ledger.Appended{}, err
}

const (
	// impossible is a revision at which no stream ends.
	impossible = 1 << 62

	// probes is how often a probe is sent to learn the reason of a refusal.
	probes = 20
)

// whyShort finds out why the server ended an append before it was whole. The
// client only says that it did; so the server is asked again with an append
// that cannot be recorded. The one in question was not: it never was whole.
func (a attempt) whyShort(ctx context.Context, c *client, err error) (verdict, error) {
	reason := a.probe(ctx, c, a.stream)
	switch v := judge(reason); {
	case v == wrong && a.size > DefaultMaxAppendBytes:
		return tooLarge, err
	case v == wrong || v == cutShort:
		return uncertain, err
	default:
		return v, reason
	}
}

// probe asks the leader whether a stream can be written, by an append that
// expects what cannot be.
func (s *Store) probe(ctx context.Context, c *client, stream string) error {
	events, _ := encode([]ledger.Entry{{Envelope: []byte("probe")}})
	err := io.EOF
	for range probes { // its reason too may be lost
		err = c.do(ctx, func(ctx context.Context, c *esdb.Client) error {
			_, err := c.AppendToStream(ctx, s.opts.Prefix+stream,
				esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(impossible)}, events...)
			return err
		})
		if judge(err) != cutShort {
			break
		}
	}
	if err == nil {
		return &ledger.IntegrityError{Stream: stream, Revision: impossible, What: "the server accepts an append at a revision that does not exist"}
	}
	return err
}
