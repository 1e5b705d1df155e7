package main

import (
	"context"
	"fmt"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
)

var commandGoals = map[int][]goal{256: {ratioAtLeast(0.3)}}

// commands measures whole commands: load, decide, sign, append, reactions.
// On distinct streams each writer takes complaints through their lives, so
// that one command in seven finds a stream it must load first. On the hot
// stream all writers file trainings of one officer, one after another.
func (s *suite) commands(ctx context.Context) error {
	if _, err := s.key(); err != nil {
		return err
	}
	message := ledger.PAE(make([]byte, 700))
	for _, writers := range writerCounts {
		distinct := fmt.Sprintf("command on distinct streams, %d writers", writers)
		hot := fmt.Sprintf("command on one hot stream, %d writers", writers)
		got, err := s.rounds(ctx, s.turns(), s.signAlone(message), s.syncAlone(),
			workload{distinct, func(ctx context.Context) (sample, error) { return s.lives(ctx, writers) }},
			workload{hot, func(ctx context.Context) (sample, error) { return s.hot(ctx, writers) }})
		if err != nil {
			return err
		}
		ref := reference(writers)
		s.report.compare(distinct, "commands/s", got.rates(distinct), ref, got.rates(ref), commandGoals[writers]...)
		s.latencies(got, distinct)
		s.report.compare(hot, "commands/s", got.rates(hot), rawSync, got.rates(rawSync))
		s.latencies(got, hot)
	}
	return nil
}

// recorder makes the recorder of a running house.
func (s *suite) recorder(store ledger.Store) *ledger.Recorder {
	return ledger.NewRecorder(ledger.RecorderConfig{
		Store: store, Signer: s.signer, Codec: s.codec, Book: domain.CN2024(), Reactions: reactions.All(), Now: time.Now,
	})
}

func (s *suite) lives(ctx context.Context, writers int) (sample, error) {
	return s.onNewLedger(func(store *embedded.Store) (sample, error) {
		rec := s.recorder(store)
		return drive(ctx, writers, s.eventsFor(writers)/lifeEvents, func(ctx context.Context, i int, step func(func() error) error) error {
			for _, in := range life(complaintID(i), i) {
				if err := step(func() error {
					_, err := rec.Record(ctx, in)
					return err
				}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func (s *suite) hot(ctx context.Context, writers int) (sample, error) {
	return s.onNewLedger(func(store *embedded.Store) (sample, error) {
		rec := s.recorder(store)
		tell := func(subject, id string, c domain.Command) error {
			_, err := rec.Record(ctx, domain.Instruction{ID: id, Command: c, Act: domain.Act{Subject: subject, Actor: "hr-li", Role: domain.RoleHR}})
			return err
		}
		give := func(id string, c domain.Command) error { return tell("P-1", id, c) }
		if err := tell("U-1", "establish", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency}); err != nil {
			return sample{}, err
		}
		if err := give("enrol", officer.Enroll{FullName: "王伟", Unit: "U-1", On: domain.MustDate("2020-01-06")}); err != nil {
			return sample{}, err
		}
		return drive(ctx, writers, s.eventsFor(1), func(_ context.Context, i int, step func(func() error) error) error {
			return step(func() error {
				return give(fmt.Sprintf("training-%d", i), officer.CompleteTraining{Course: "廉政教育 integrity", Hours: 2})
			})
		})
	})
}
