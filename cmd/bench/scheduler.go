package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
)

// passGoal is in milliseconds.
var passGoal = below(1000)

// scheduler measures one pass over the open clocks of as many complaints:
// when none is due, and when all are long past their last day and were warned
// of. Raising the warnings themselves is recording, which command measures.
func (s *suite) scheduler(ctx context.Context) (err error) {
	open := pick(s, 100_000, 10_000)
	dir, err := s.folder("clocks")
	if err != nil {
		return err
	}
	now := domain.MustDate("2024-03-04").In(time.UTC).Add(time.Hour)
	h, err := house.Open(house.Config{Dir: dir, Write: true, PlainKey: true, Now: func() time.Time { return now }})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close(), os.RemoveAll(dir)) }()
	s.progress("receiving %d complaints", open)
	_, err = drive(ctx, 256, open, func(ctx context.Context, i int, step func(func() error) error) error {
		return step(func() error {
			_, err := h.Recorder.Record(ctx, domain.Instruction{
				ID:      "receive",
				Command: complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "slow", Unit: "U1"},
				Act:     domain.Act{Subject: complaintID(i), Actor: "T1", Role: domain.RoleIntake},
			})
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("receive complaints: %w", err)
	}
	if err := h.OpenViews(ctx, nil); err != nil {
		return err
	}
	passes := func(name string) error {
		if err := h.Views.CatchUp(ctx, h.Store, nil); err != nil {
			return err
		}
		var took []float64
		for range s.turns() {
			start := time.Now()
			p, err := h.Scheduler().Pass(ctx, now)
			if err != nil {
				return err
			}
			if p.Any() {
				return fmt.Errorf("a pass over clocks with nothing to do did %+v", p)
			}
			took = append(took, millis(time.Since(start)))
		}
		s.report.add(fmt.Sprintf("scheduler pass over %s open clocks, %s", figure(float64(open)), name), "ms", took, passGoal)
		return nil
	}
	if err := passes("none due"); err != nil {
		return err
	}
	now = now.AddDate(0, 1, 0)
	s.progress("warning of %d clocks", open)
	if _, err := h.Scheduler().Pass(ctx, now); err != nil {
		return err
	}
	return passes("all late and warned of")
}
