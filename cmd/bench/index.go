package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/index"
	"github.com/probity-ledger/probity/projections"
)

// index measures the signed index from reference to events: what it costs
// beside the log, and what the proof of a whole file takes.
func (s *suite) index(ctx context.Context) error {
	large, err := s.madeUp(ctx)
	if err != nil {
		return err
	}
	reads := &readingStore{Store: large.store}
	cfg, trust, err := s.notaryConfig(reads)
	if err != nil {
		return err
	}
	log, err := s.folder("log")
	if err != nil {
		return err
	}
	n, err := notary.Open(log, cfg)
	if err != nil {
		return err
	}
	defer n.Close() // likewise
	if err := s.telling("signed", &reads.events, large.events, func() error { return n.CatchUp(ctx) }); err != nil {
		return err
	}
	dir, err := s.folder("index")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m := indexMeasure{s: s, large: large, reads: reads, notary: n, dir: dir, trust: trust,
		cfg: index.Config{Store: reads, Notary: n, Codec: s.codec, Signer: cfg.Signer, Trust: trust}}
	return m.run(ctx)
}

type indexMeasure struct {
	s      *suite
	large  *madeUp
	reads  *readingStore
	notary *notary.Notary
	dir    string
	trust  notary.Trust
	cfg    index.Config
}

func (m *indexMeasure) run(ctx context.Context) (err error) {
	x, err := index.Open(m.dir, m.cfg)
	if err != nil {
		return err
	}
	m.reads.events.Store(0)
	start := time.Now()
	if err := m.s.telling("indexed", &m.reads.events, m.large.events, func() error { return x.CatchUp(ctx) }); err != nil {
		return errors.Join(err, x.Close())
	}
	took := time.Since(start)
	m.s.report.add(fmt.Sprintf("index %s events from nothing, an event", figure(float64(m.large.events))), "µs", []float64{took.Seconds() * 1e6 / float64(m.large.events)})
	if err := x.Close(); err != nil {
		return err
	}
	peak := watchMemory()
	start = time.Now()
	if x, err = index.Open(m.dir, m.cfg); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	m.s.report.add("open that index", "s", []float64{time.Since(start).Seconds()})
	m.s.report.add("memory of it", "MB", []float64{peak()})
	if err := m.groups(ctx, x); err != nil {
		return err
	}
	return m.proofs(ctx, x)
}

// groups measures what each checkpoint costs the index beyond the first.
func (m *indexMeasure) groups(ctx context.Context, x *index.Index) error {
	const group = 2 * lifeEvents
	name := fmt.Sprintf("index along with a checkpoint over a group of %d", group)
	got, err := m.s.rounds(ctx, m.s.turns(), workload{name, func(ctx context.Context) (sample, error) {
		return drive(ctx, 1, pick(m.s, 60, 20), func(ctx context.Context, _ int, step func(func() error) error) error {
			if err := m.s.addEvents(ctx, m.large.store, m.large, group); err != nil {
				return err
			}
			if err := m.notary.CatchUp(ctx); err != nil {
				return err
			}
			return step(func() error { return x.CatchUp(ctx) })
		})
	}})
	if err != nil {
		return err
	}
	m.s.report.add(name+", p50", "µs", got.of(name, func(v sample) float64 { return 1000 * v.p50 }))
	return nil
}

// proofs measures drawing and verifying the whole file of one complaint.
func (m *indexMeasure) proofs(ctx context.Context, x *index.Index) error {
	all := func(_ context.Context, ids []domain.EventID) (map[domain.EventID]bool, error) {
		open := map[domain.EventID]bool{}
		for _, id := range ids {
			open[id] = true
		}
		return open, nil
	}
	ref := domain.ComplaintID(complaintID(m.large.events / lifeEvents / 2)).Ref()
	ask := index.Ask{Subject: ref, Rooms: projections.FileRooms(), Open: all}
	var raw []byte
	draw := fmt.Sprintf("whole file of %d events, with its proof", lifeEvents)
	check := "verify that proof"
	got, err := m.s.rounds(ctx, m.s.turns(),
		workload{draw, func(ctx context.Context) (sample, error) {
			return drive(ctx, 1, 3, func(ctx context.Context, _ int, step func(func() error) error) error {
				return step(func() error {
					f, err := x.File(ctx, ask)
					if err == nil {
						raw, err = f.Marshal()
					}
					return err
				})
			})
		}},
		workload{check, func(ctx context.Context) (sample, error) {
			return drive(ctx, 1, 10, func(ctx context.Context, _ int, step func(func() error) error) error {
				return step(func() error {
					r, err := index.VerifyFile(ctx, raw, ref, index.VerifyConfig{Trust: m.trust, Catalog: catalog.New(), Rooms: ask.Rooms})
					if err == nil && r.Events != lifeEvents {
						err = fmt.Errorf("the file has %d events", r.Events)
					}
					return err
				})
			})
		}})
	if err != nil {
		return err
	}
	p50 := func(v sample) float64 { return v.p50 }
	m.s.report.add(draw+", p50", "ms", got.of(draw, p50))
	m.s.report.add("size of it", "KB", []float64{float64(len(raw)) / 1000})
	m.s.report.add(check+", p50", "ms", got.of(check, p50))
	return nil
}
