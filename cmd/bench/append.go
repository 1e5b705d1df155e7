package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
)

// The goals of appends and commands at their numbers of concurrent writers.
var (
	writerCounts = []int{1, 16, 256}
	appendGoals  = map[int]goal{1: ratioAtLeast(0.6), 16: ratioAtLeast(0.3), 256: ratioAtLeast(0.5)}
	maxP99       = below(50) // ms
)

// reference names what a number of writers is held against: one waits for
// the disk, many share its syncs and wait for the signatures.
func reference(writers int) string {
	if writers == 1 {
		return rawSync
	}
	return rawSign
}

// eventsFor is how many events the writers append in one round.
func (s *suite) eventsFor(writers int) int {
	switch writers {
	case 1:
		return pick(s, 1400, 700)
	case 16:
		return pick(s, 7000, 3500)
	}
	return pick(s, 21000, 7000)
}

// appends measures durable appends: of events that are ready, and with their
// signing.
func (s *suite) appends(ctx context.Context) error {
	streams, err := s.ready(ctx, s.eventsFor(256))
	if err != nil {
		return err
	}
	env, err := ledger.OpenEnvelope(streams[0].entries[0].Envelope)
	if err != nil {
		return err
	}
	for _, writers := range writerCounts {
		ready := fmt.Sprintf("append ready events, %d writers", writers)
		signed := fmt.Sprintf("sign and append, %d writers", writers)
		part := streams[:s.eventsFor(writers)/lifeEvents]
		got, err := s.rounds(ctx, s.turns(),
			s.signAlone(ledger.PAE(env.Payload)), s.syncAlone(), s.insertAlone(writers),
			workload{ready, func(ctx context.Context) (sample, error) { return s.appendRun(ctx, writers, part, false) }},
			workload{signed, func(ctx context.Context) (sample, error) { return s.appendRun(ctx, writers, part, true) }})
		if err != nil {
			return err
		}
		ref := reference(writers)
		s.report.compare(ready, "events/s", got.rates(ready), ref, got.rates(ref), appendGoals[writers])
		s.report.compare(ready, "events/s", got.rates(ready), rawInsert(writers), got.rates(rawInsert(writers)))
		s.latencies(got, ready, maxP99)
		s.report.compare(signed, "events/s", got.rates(signed), ref, got.rates(ref), appendGoals[writers])
		s.latencies(got, signed, maxP99)
	}
	return nil
}

func (s *suite) latencies(got samples, name string, goals ...goal) {
	s.report.add(name+", p50", "ms", got.of(name, func(m sample) float64 { return m.p50 }))
	s.report.add(name+", p99", "ms", got.of(name, func(m sample) float64 { return m.p99 }), goals...)
}

// appendRun appends the streams to a new ledger, one event at a time, each
// stream by one writer.
func (s *suite) appendRun(ctx context.Context, writers int, streams []readyStream, sign bool) (sample, error) {
	payloads := make([][][]byte, len(streams))
	for i, st := range streams {
		if !sign {
			break
		}
		for _, e := range st.entries {
			env, err := ledger.OpenEnvelope(e.Envelope)
			if err != nil {
				return sample{}, err
			}
			payloads[i] = append(payloads[i], env.Payload)
		}
	}
	return s.onNewLedger(func(store *embedded.Store) (sample, error) {
		return drive(ctx, writers, len(streams), func(ctx context.Context, i int, step func(func() error) error) error {
			for rev := range streams[i].entries {
				if err := step(func() error {
					entry := streams[i].entries[rev : rev+1]
					if sign {
						envelope, err := ledger.Seal(payloads[i][rev], s.signer)
						if err != nil {
							return err
						}
						entry = []ledger.Entry{{ID: entry[0].ID, Envelope: envelope}}
					}
					_, err := store.Append(ctx, streams[i].name, ledger.Revision(rev)-1, entry)
					return err
				}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// onNewLedger lends an empty ledger on the disk measured.
func (s *suite) onNewLedger(do func(*embedded.Store) (sample, error)) (sample, error) {
	dir, err := s.folder("ledger")
	if err != nil {
		return sample{}, err
	}
	store, err := embedded.Open(dir, embedded.Options{})
	if err != nil {
		return sample{}, err
	}
	got, err := do(store)
	return got, errors.Join(err, store.Close(), os.RemoveAll(dir))
}
