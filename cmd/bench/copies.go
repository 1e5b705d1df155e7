package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
	"github.com/probity-ledger/probity/ledger/notary"
)

// offline measures the verification of an exported copy.
func (s *suite) offline(ctx context.Context) error {
	past, err := s.history(ctx)
	if err != nil {
		return err
	}
	message, err := past.message(ctx)
	if err != nil {
		return err
	}
	copied, err := s.copyOf(ctx, past.store)
	if err != nil {
		return err
	}
	defer copied.close()
	whole := func(name string, fast bool) workload {
		return workload{name, func(ctx context.Context) (sample, error) {
			start := time.Now()
			rep, _, err := notary.VerifyLog(ctx, copied.src, notary.VerifyConfig{Trust: copied.trust, Catalog: catalog.New(), Fast: fast})
			return sample{rate: float64(rep.Events.Events) / time.Since(start).Seconds()}, err
		}}
	}
	full, fast := fmt.Sprintf("verify %s events from tiles", figure(float64(past.events))), "verify from tiles --fast"
	got, err := s.rounds(ctx, s.turns(), s.verifyAlone(message), whole(full, false), whole(fast, true))
	if err != nil {
		return err
	}
	s.report.compare(full, "events/s", got.rates(full), rawVerify, got.rates(rawVerify), ratioAtLeast(0.9))
	s.report.compare(fast, "events/s", got.rates(fast), full, got.rates(full), ratioAtLeast(2))
	return nil
}

// staticCopy is an exported log.
type staticCopy struct {
	notary *notary.Notary
	trust  notary.Trust
	keys   []note.Verifier
	src    notary.Source
	dir    string
	dirs   []string
}

func (c *staticCopy) close() {
	// Scratch, in a folder about to be removed.
	_ = c.notary.Close()
	for _, dir := range c.dirs {
		_ = os.RemoveAll(dir)
	}
}

// export brings the copy up to date.
func (c *staticCopy) export(ctx context.Context) error {
	raw, err := c.trust.Marshal()
	if err != nil {
		return err
	}
	_, err = c.notary.Export(ctx, c.dir, raw, c.keys, nil)
	return err
}

// copyOf signs a store's log and exports it.
func (s *suite) copyOf(ctx context.Context, store ledger.Store) (*staticCopy, error) {
	cfg, trust, err := s.notaryConfig(store)
	if err != nil {
		return nil, err
	}
	c := &staticCopy{trust: trust}
	if c.keys, err = trust.Verifiers(origin); err != nil {
		return nil, err
	}
	log, err := s.folder("log")
	if err != nil {
		return nil, err
	}
	if c.dir, err = s.folder("copy"); err != nil {
		return nil, err
	}
	c.dirs = []string{log, c.dir}
	if c.notary, err = notary.Open(log, cfg); err != nil {
		return nil, err
	}
	err = c.notary.CatchUp(ctx)
	if err == nil {
		err = c.export(ctx)
	}
	if err == nil {
		c.src, err = notary.OpenSource(c.dir, "")
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// million measures what depends on the size: an inclusion proof, going on
// from an earlier verification, and the memory of a whole one.
func (s *suite) million(ctx context.Context) error {
	m, err := s.madeUp(ctx)
	if err != nil {
		return err
	}
	c, err := s.copyOf(ctx, m.store)
	if err != nil {
		return err
	}
	defer c.close()
	if err := s.proveOne(ctx, m, c.notary); err != nil {
		return err
	}
	return s.goOn(ctx, m, c)
}

// madeUp is a large ledger of many short streams.
type madeUp struct {
	store  *embedded.Store
	events int
}

// madeUp returns the large ledger that the measures share.
func (s *suite) madeUp(ctx context.Context) (*madeUp, error) {
	if s.large != nil {
		return s.large, nil
	}
	dir, err := s.folder("million")
	if err != nil {
		return nil, err
	}
	store, err := embedded.Open(dir, embedded.Options{})
	if err != nil {
		return nil, err
	}
	m := &madeUp{store: store}
	events, start := pick(s, 1_000_000, 40_000), time.Now()
	counted := &countingStore{Store: store}
	if err := s.telling("made", &counted.events, events, func() error { return s.addEvents(ctx, counted, m, events) }); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	s.progress("made %s events in %.1f s", figure(float64(events)), time.Since(start).Seconds())
	s.large = m
	return m, nil
}

// addEvents records whole lives of complaints, so many events at least, in the
// large ledger, through a store of that ledger.
func (s *suite) addEvents(ctx context.Context, store ledger.Store, m *madeUp, events int) error {
	signer, err := s.key()
	if err != nil {
		return err
	}
	rec := ledger.NewRecorder(ledger.RecorderConfig{
		Store: store, Signer: signer, Codec: s.codec, Book: domain.CN2024(), Now: time.Now, CachedEvents: 1000,
	})
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(256)
	first, lives := m.events/lifeEvents, (events+lifeEvents-1)/lifeEvents
	m.events += lives * lifeEvents
	for n := first; n < first+lives; n++ {
		g.Go(func() error {
			for _, in := range life(complaintID(n), n) {
				if _, err := rec.Record(ctx, in); err != nil {
					return fmt.Errorf("make events up: %w", err)
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// proveOne measures the inclusion proof of an event anywhere in the log.
func (s *suite) proveOne(ctx context.Context, m *madeUp, n *notary.Notary) error {
	const many = 512
	picked := make([]ledger.Stored, 0, many)
	for i := range many {
		at := ledger.Position(int64(i) * 2654435761 % int64(m.events))
		for e, err := range m.store.ReadAll(ctx, at) {
			if err != nil {
				return err
			}
			picked = append(picked, e)
			break
		}
	}
	name := fmt.Sprintf("inclusion proof among %s events", figure(float64(m.events)))
	got, err := s.rounds(ctx, s.turns(), workload{name, func(ctx context.Context) (sample, error) {
		return drive(ctx, 1, 1, func(_ context.Context, _ int, step func(func() error) error) error {
			for _, e := range picked {
				if err := step(func() error { _, err := n.Prove(e); return err }); err != nil {
					return err
				}
			}
			return nil
		})
	}})
	if err != nil {
		return err
	}
	s.report.add(name+", p50", "µs", got.of(name, func(m sample) float64 { return 1000 * m.p50 }), below(100))
	s.report.add(name+", p99", "µs", got.of(name, func(m sample) float64 { return 1000 * m.p99 }))
	return nil
}

// goOn verifies a copy once as a whole, watching its memory, adds a thousand
// events, and verifies those alone.
func (s *suite) goOn(ctx context.Context, m *madeUp, c *staticCopy) error {
	events := m.events
	s.progress("verify %s events from tiles --fast, watching memory", figure(float64(events)))
	cfg := notary.VerifyConfig{Trust: c.trust, Catalog: catalog.New(), Fast: true}
	peak := watchMemory()
	start := time.Now()
	report, state, err := notary.VerifyLog(ctx, c.src, cfg)
	took := time.Since(start)
	mb := peak()
	if err != nil {
		return err
	}
	s.report.add(fmt.Sprintf("verify %s events from tiles --fast", figure(float64(events))), "events/s", []float64{float64(report.Events.Events) / took.Seconds()})
	s.report.add(fmt.Sprintf("memory of it, %s streams", figure(float64(report.Events.Streams))), "MB", []float64{mb}, below(300))
	file := filepath.Join(c.dir, "..", "verified")
	if err := errors.Join(state.WriteFile(file), state.Close()); err != nil {
		return err
	}
	const added = 1001 // whole lives
	if err := s.addEvents(ctx, m.store, m, added); err != nil {
		return err
	}
	if err := c.notary.CatchUp(ctx); err != nil {
		return err
	}
	if err := c.export(ctx); err != nil {
		return err
	}
	name := fmt.Sprintf("verify %d new events on %s, from the file saved", added, figure(float64(events)))
	got, err := s.rounds(ctx, s.turns(), workload{name, func(ctx context.Context) (sample, error) {
		return drive(ctx, 1, 1, func(ctx context.Context, _ int, step func(func() error) error) error {
			return step(func() error {
				saved, err := os.Open(file)
				if err != nil {
					return err
				}
				defer saved.Close()
				since, err := notary.ReadState(saved, c.trust)
				if err != nil {
					return err
				}
				defer since.Close()
				rep, _, err := notary.VerifyLog(ctx, c.src, notary.VerifyConfig{Trust: c.trust, Catalog: catalog.New(), Since: &since})
				if err == nil && rep.Events.Events != added {
					err = fmt.Errorf("%d events were verified", rep.Events.Events)
				}
				return err
			})
		})
	}})
	if err != nil {
		return err
	}
	s.report.add(name, "s", got.of(name, func(m sample) float64 { return m.p50 / 1000 }), below(1))
	return nil
}

// watchMemory returns how to end the watch: with the highest figure, in MB,
// of memory held by the heap and stacks.
func watchMemory() (stop func() float64) {
	runtime.GC()
	done, out := make(chan struct{}), make(chan float64)
	go func() {
		var high uint64
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			high = max(high, m.HeapInuse+m.StackInuse)
			select {
			case <-tick.C:
			case <-done:
				out <- float64(high) / 1e6
				return
			}
		}
	}()
	return func() float64 { close(done); return <-out }
}
