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

// proofWriters is the number of writers that wait for their proofs.
const proofWriters = 16

// notary measures the transparency log: what a checkpoint costs, what waiting
// for a proof costs, and what an auditor waits for.
func (s *suite) notary(ctx context.Context) error {
	for _, measure := range []func(context.Context) error{s.checkpoints, s.proofs, s.offline} {
		if err := measure(ctx); err != nil {
			return err
		}
	}
	return s.million(ctx)
}

// notaryConfig is how the log of a store is opened.
func (s *suite) notaryConfig(store ledger.Store) (notary.Config, notary.Trust, error) {
	signer, err := s.key()
	if err != nil {
		return notary.Config{}, notary.Trust{}, err
	}
	raw, err := ledger.MarshalPublicKey(signer.Public())
	if err != nil {
		return notary.Config{}, notary.Trust{}, err
	}
	trust, err := notary.ParseTrust(raw)
	if err != nil {
		return notary.Config{}, notary.Trust{}, err
	}
	trust.Origin = origin
	vkey, err := notary.VerifierKey(origin, signer.Public())
	if err != nil {
		return notary.Config{}, notary.Trust{}, err
	}
	trust.Log = []string{vkey}
	return notary.Config{Store: store, Origin: origin, Signer: signer}, trust, nil
}

// checkpoints measures what the notary adds to a group commit: reading the
// group back, hashing it into the tree, signing, and keeping the checkpoint,
// with the flush of the disk and without.
func (s *suite) checkpoints(ctx context.Context) error {
	const group = 2 * lifeEvents
	groups := pick(s, 400, 100)
	streams, err := s.ready(ctx, group*groups)
	if err != nil {
		return err
	}
	onDisk := fmt.Sprintf("checkpoint over a group of %d", group)
	inMemory := onDisk + ", its file in memory"
	workloads := []workload{s.overwriteAlone(), {onDisk, func(ctx context.Context) (sample, error) {
		return s.checkpointRun(ctx, s.dir, streams)
	}}}
	memory, err := os.MkdirTemp("/dev/shm", "bench-")
	if err != nil {
		s.report.note("no folder in memory, so a checkpoint's own cost is not told from the disk's: %v", err)
	} else {
		defer os.RemoveAll(memory)
		workloads = append(workloads, workload{inMemory, func(ctx context.Context) (sample, error) {
			return s.checkpointRun(ctx, memory, streams)
		}})
	}
	got, err := s.rounds(ctx, s.turns(), workloads...)
	if err != nil {
		return err
	}
	micros := func(m sample) float64 { return 1000 * m.p50 }
	s.report.compare(onDisk+", p50", "µs", got.of(onDisk, micros), rawOverwrite+", µs",
		got.of(rawOverwrite, func(m sample) float64 { return 1e6 / m.rate }), below(100))
	if len(workloads) == 3 {
		s.report.add(inMemory+", p50", "µs", got.of(inMemory, micros), below(100))
	}
	return nil
}

// checkpointRun appends groups to a new ledger and times the checkpoint over
// each; the log's own files lie below dir.
func (s *suite) checkpointRun(ctx context.Context, dir string, streams []readyStream) (sample, error) {
	return s.onNewLedger(func(store *embedded.Store) (_ sample, err error) {
		cfg, _, err := s.notaryConfig(store)
		if err != nil {
			return sample{}, err
		}
		log, err := os.MkdirTemp(dir, "log-")
		if err != nil {
			return sample{}, err
		}
		n, err := notary.Open(log, cfg)
		if err != nil {
			return sample{}, err
		}
		defer func() { err = errors.Join(err, n.Close(), os.RemoveAll(log)) }()
		return drive(ctx, 1, len(streams)/2, func(ctx context.Context, i int, step func(func() error) error) error {
			for _, st := range streams[2*i : 2*i+2] {
				if _, err := store.Append(ctx, st.name, ledger.NoStream, st.entries); err != nil {
					return err
				}
			}
			return step(func() error { return n.CatchUp(ctx) })
		})
	})
}

const rawOverwrite = "overwrite 512 bytes and fdatasync"

// overwriteAlone writes over the same bytes and waits until they are on the
// disk, as a checkpoint is kept.
func (s *suite) overwriteAlone() workload {
	return workload{rawOverwrite, func(ctx context.Context) (_ sample, err error) {
		dir, err := s.folder("overwrite")
		if err != nil {
			return sample{}, err
		}
		f, err := os.Create(filepath.Join(dir, "raw"))
		if err != nil {
			return sample{}, err
		}
		defer func() { err = errors.Join(err, f.Close(), os.RemoveAll(dir)) }()
		block := make([]byte, 512)
		if _, err := f.Write(block); err != nil {
			return sample{}, err
		}
		if err := f.Sync(); err != nil {
			return sample{}, err
		}
		return repeat(ctx, 1, s.burst(), func() error {
			if _, err := f.WriteAt(block, 0); err != nil {
				return err
			}
			return fdatasync(f)
		})
	}}
}

// proofs measures appends whose writers wait for a checkpoint and take the
// receipt, beside plain ones.
func (s *suite) proofs(ctx context.Context) error {
	streams, err := s.ready(ctx, s.eventsFor(proofWriters))
	if err != nil {
		return err
	}
	streams = streams[:s.eventsFor(proofWriters)/lifeEvents]
	plain := fmt.Sprintf("append, %d writers", proofWriters)
	beside := fmt.Sprintf("append beside the notary, %d writers", proofWriters)
	proved := fmt.Sprintf("append and wait for the proof, %d writers", proofWriters)
	got, err := s.rounds(ctx, s.turns(),
		workload{plain, func(ctx context.Context) (sample, error) {
			return s.appendRun(ctx, proofWriters, streams, false)
		}},
		workload{beside, func(ctx context.Context) (sample, error) { return s.provedRun(ctx, streams, false) }},
		workload{proved, func(ctx context.Context) (sample, error) { return s.provedRun(ctx, streams, true) }})
	if err != nil {
		return err
	}
	p50 := func(m sample) float64 { return m.p50 }
	s.report.compare(proved+", p50", "ms", got.of(proved, p50), plain+", p50", got.of(plain, p50), ratioBelow(2))
	s.report.compare(beside+", p50", "ms", got.of(beside, p50), plain+", p50", got.of(plain, p50))
	s.report.compare(proved, "events/s", got.rates(proved), plain, got.rates(plain))
	return nil
}

// provedRun appends while a notary signs, and waits for it if told to.
func (s *suite) provedRun(ctx context.Context, streams []readyStream, wait bool) (sample, error) {
	return s.onNewLedger(func(store *embedded.Store) (_ sample, err error) {
		cfg, _, err := s.notaryConfig(store)
		if err != nil {
			return sample{}, err
		}
		dir, err := s.folder("log")
		if err != nil {
			return sample{}, err
		}
		n, err := notary.Open(dir, cfg)
		if err != nil {
			return sample{}, err
		}
		running, stop := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- n.Run(running) }()
		defer func() {
			stop()
			if ran := <-ended; !errors.Is(ran, context.Canceled) {
				err = errors.Join(err, ran)
			}
			err = errors.Join(err, n.Close(), os.RemoveAll(dir))
		}()
		return drive(ctx, proofWriters, len(streams), func(ctx context.Context, i int, step func(func() error) error) error {
			for rev := range streams[i].entries {
				if err := step(func() error {
					e := streams[i].entries[rev]
					done, err := store.Append(ctx, streams[i].name, ledger.Revision(rev)-1, streams[i].entries[rev:rev+1])
					if err != nil || !wait {
						return err
					}
					if _, err := n.WaitFor(ctx, done.Position); err != nil {
						return err
					}
					_, err = n.Receipt(ledger.Stored{Position: done.Position, Stream: streams[i].name, Revision: done.Revision, ID: e.ID, Envelope: e.Envelope})
					return err
				}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

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
	events := pick(s, 1_000_000, 40_000)
	store, err := s.madeUp(ctx, events)
	if err != nil {
		return err
	}
	defer store.Close() // a scratch ledger
	c, err := s.copyOf(ctx, store)
	if err != nil {
		return err
	}
	defer c.close()
	if err := s.proveOne(ctx, store, c.notary, events); err != nil {
		return err
	}
	return s.goOn(ctx, store, c, events)
}

// madeUp makes a ledger of at least so many events, of many short streams.
func (s *suite) madeUp(ctx context.Context, events int) (*embedded.Store, error) {
	dir, err := s.folder("million")
	if err != nil {
		return nil, err
	}
	store, err := embedded.Open(dir, embedded.Options{})
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if err := s.addEvents(ctx, store, 0, events); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	s.progress("made %s events in %.1f s", figure(float64(events)), time.Since(start).Seconds())
	return store, nil
}

// addEvents records whole lives of complaints, so many events at least, after
// the given number.
func (s *suite) addEvents(ctx context.Context, store ledger.Store, after, events int) error {
	signer, err := s.key()
	if err != nil {
		return err
	}
	rec := ledger.NewRecorder(ledger.RecorderConfig{
		Store: store, Signer: signer, Codec: s.codec, Book: domain.CN2024(), Now: time.Now, CachedEvents: 1000,
	})
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(256)
	first := (after + lifeEvents - 1) / lifeEvents
	for n := first; n < first+(events+lifeEvents-1)/lifeEvents; n++ {
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
func (s *suite) proveOne(ctx context.Context, store *embedded.Store, n *notary.Notary, events int) error {
	const many = 512
	picked := make([]ledger.Stored, 0, many)
	for i := range many {
		at := ledger.Position(int64(i) * 2654435761 % int64(events))
		for e, err := range store.ReadAll(ctx, at) {
			if err != nil {
				return err
			}
			picked = append(picked, e)
			break
		}
	}
	name := fmt.Sprintf("inclusion proof among %s events", figure(float64(events)))
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
func (s *suite) goOn(ctx context.Context, store *embedded.Store, c *staticCopy, events int) error {
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
	if err := state.WriteFile(file); err != nil {
		return err
	}
	const added = 1001 // whole lives
	if err := s.addEvents(ctx, store, events, added); err != nil {
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
				raw, err := os.ReadFile(file)
				if err != nil {
					return err
				}
				since, err := notary.ParseState(raw, c.trust)
				if err != nil {
					return err
				}
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
