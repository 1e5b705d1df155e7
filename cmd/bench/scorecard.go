package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// scorecardGoal is the longest that a scorecard may take, in milliseconds.
var scorecardGoal = below(50)

// scorecard measures the twenty articles of an agency, as the demo plays it,
// over its last year: what stands now, and what was known half way.
func (s *suite) scorecard(ctx context.Context) (err error) {
	h, err := s.agency(ctx, agency.Customs)
	if err != nil {
		return err
	}
	dir, err := s.folder("scorecards")
	if err != nil {
		return errors.Join(err, h.store.Close())
	}
	end := time.Date(2026, time.June, 30, 10, 0, 0, 0, time.UTC)
	views, err := projections.Open(dir, s.codec, projections.Options{Calendar: domain.CN2024().Calendar, Book: domain.CN2024(), Now: func() time.Time { return end }})
	if err != nil {
		return errors.Join(err, h.store.Close())
	}
	defer func() { err = errors.Join(err, views.Close(), h.store.Close()) }()
	if err := views.Rebuild(ctx, h.store, nil); err != nil {
		return err
	}
	last, err := views.Position(ctx)
	if err != nil {
		return err
	}
	of := projections.ScorecardOf{Unit: h.agency, From: domain.MustDate("2025-07-01"), To: domain.MustDate("2026-06-30")}
	then := of
	then.Position = last / 2
	ask := func(name string, of projections.ScorecardOf) workload {
		return workload{name, func(ctx context.Context) (sample, error) {
			return drive(ctx, 1, pick(s, 40, 10), func(ctx context.Context, _ int, step func(func() error) error) error {
				return step(func() error {
					card, err := views.As(projections.Principal{Role: domain.RoleAuditor, Subject: "bench"}).Scorecard(ctx, of)
					if err == nil && card == nil {
						err = fmt.Errorf("there is no scorecard of %s", of.Unit)
					}
					return err
				})
			})
		}}
	}
	now := fmt.Sprintf("scorecard of a year, agency of %s events", figure(float64(h.events)))
	back := now + ", as of half way"
	got, err := s.rounds(ctx, s.turns(), ask(now, of), ask(back, then))
	if err != nil {
		return err
	}
	s.latencies(got, now, scorecardGoal)
	s.latencies(got, back, scorecardGoal)
	return nil
}
