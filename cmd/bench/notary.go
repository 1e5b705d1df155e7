package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

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
