package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

var ordering = []clause{
	{"concurrent appends and reads, given up and repeated ones among them, can be put in one order that explains them all",
		func(t *testing.T, s ledger.Store) {
			if err := proveOrder(t, s, 25, func() {}); err != nil {
				t.Fatal(err)
			}
		}},
}

// RunDisturbed proves that histories of appends and reads can be put in one
// order while a test disturbs the store, by a cut of its connection for
// instance: newStore gives a new store and what disturbs it, which is called
// again and again while the history runs. Calls may fail then. What fails
// with anything but ErrUnknownOutcome must have done nothing.
func RunDisturbed(t *testing.T, newStore func(t *testing.T) (s ledger.Store, disturb func())) {
	t.Helper()
	t.Run("a disturbed history can be put in one order that explains it", func(t *testing.T) {
		s, disturb := newStore(t)
		if err := proveOrder(t, s, 40, disturb); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
}

// disturbances is how often a history is disturbed.
const disturbances = 12

// proveOrder lets clients work on the store at the same time, and returns an
// error unless one order explains what they saw.
func proveOrder(t *testing.T, s ledger.Store, each int, disturb func()) error {
	const clients = 5
	r := &recording{lies: make(map[place]ledger.Position)}
	seed := uint64(time.Now().UnixNano())
	t.Logf("the seed is %d", seed)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			c := &client{t: t, store: s, rec: r, id: i, rnd: rand.New(rand.NewPCG(seed, uint64(i)))}
			for range each {
				c.act()
			}
		})
	}
	over, quiet := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(quiet)
		for range disturbances {
			select {
			case <-over:
				return
			case <-time.After(5 * time.Millisecond):
				disturb()
			}
		}
	}()
	wg.Wait()
	close(over)
	<-quiet
	// What is there in the end explains what was given up.
	c := &client{t: t, store: s, rec: r, id: clients}
	recorded, err := c.readAll()
	if err != nil {
		return fmt.Errorf("the last read: %w", err)
	}
	r.settle(recorded)
	return r.check(t.ArtifactDir())
}

// client is one of those who work on the store.
type client struct {
	t     *testing.T
	store ledger.Store
	rec   *recording
	id    int
	rnd   *rand.Rand
	heads [historyStreams]ledger.Revision // one more than it believes
}

// act does one thing by chance.
func (c *client) act() {
	stream := c.rnd.IntN(historyStreams)
	switch n := c.rnd.IntN(10); {
	case n < 2:
		c.readStream(stream)
	case n < 3:
		_, _ = c.readAll() // a disturbed read may fail
	case n < 4:
		c.append(stream, c.heads[stream]+ledger.Revision(c.rnd.IntN(3))-1)
	default:
		c.append(stream, c.heads[stream]-1)
	}
}

// append appends at a revision, and repeats what came to no known end, or
// gives it up.
func (c *client) append(stream int, expected ledger.Revision) {
	entries := make([]ledger.Entry, 1+c.rnd.IntN(3))
	in := asked{stream: stream, expected: max(expected, ledger.NoStream)}
	for i := range entries {
		id := uuid.New()
		entries[i] = ledger.Entry{ID: id, Envelope: id[:]}
		in.entries = append(in.entries, digest(entries[i]))
	}
	first := int64(0) // since when it may be recorded
	for {
		ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
		if c.rnd.IntN(4) == 0 {
			time.AfterFunc(time.Duration(c.rnd.IntN(300))*time.Microsecond, cancel)
		}
		since := c.rec.clock.Add(1)
		done, err := c.store.Append(ctx, historyStream(stream), in.expected, entries)
		cancel()
		unknown := errors.Is(err, ledger.ErrUnknownOutcome)
		if unknown && first == 0 {
			first = since
		}
		if unknown && c.rnd.IntN(4) > 0 {
			continue
		}
		if first > 0 && err != nil {
			c.rec.leave(c.id, first, in)
		} else if first > 0 {
			since = first
		}
		switch {
		case err == nil:
			c.rec.add(c.id, since, in, told{length: int(done.Revision) + 1})
			c.rec.place(historyStream(stream), done.Revision, done.Position)
			c.heads[stream] = done.Revision + 1
		case errors.Is(err, ledger.ErrWrongRevision):
			c.rec.add(c.id, since, in, told{wrong: true})
			c.readStream(stream)
		}
		return // with another error it did nothing, so it is not in the history
	}
}

// readStream reads a stream and learns where it ends.
func (c *client) readStream(stream int) {
	since := c.rec.clock.Add(1)
	events, err := collect(c.store.ReadStream(c.t.Context(), historyStream(stream), 0))
	if err != nil {
		return
	}
	out := told{length: len(events)}
	for _, e := range events {
		out.sum = chain(out.sum, digest(ledger.Entry{ID: e.ID, Envelope: e.Envelope}))
	}
	c.rec.add(c.id, since, asked{stream: stream}, out)
	for _, e := range events {
		c.rec.place(e.Stream, e.Revision, e.Position)
	}
	c.heads[stream] = ledger.Revision(len(events))
}

// readAll reads everything, and returns the digests of what there is.
func (c *client) readAll() (map[uint64]bool, error) {
	since := c.rec.clock.Add(1)
	events, err := collect(c.store.ReadAll(c.t.Context(), ledger.Start))
	if err != nil {
		return nil, err
	}
	out, there := told{length: len(events)}, make(map[uint64]bool)
	for _, e := range events {
		d := digest(ledger.Entry{ID: e.ID, Envelope: e.Envelope})
		there[d] = true
		for i := range historyStreams {
			if e.Stream == historyStream(i) {
				out.sum = chain(out.sum, chain(uint64(i), d))
			}
		}
	}
	c.rec.add(c.id, since, asked{stream: -1}, out)
	for _, e := range events {
		c.rec.place(e.Stream, e.Revision, e.Position)
	}
	return there, nil
}
