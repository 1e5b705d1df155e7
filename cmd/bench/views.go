package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
	"github.com/probity-ledger/probity/projections"
)

// rebuildGoal is in events per second.
var rebuildGoal = atLeast(40_000)

// rebuild measures building all views anew: of the made-up departments, and
// of an agency as the demo plays it, which has every kind of event.
func (s *suite) rebuild(ctx context.Context) (err error) {
	past, err := s.history(ctx)
	if err != nil {
		return err
	}
	demo, err := s.agency(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, demo.store.Close()) }()
	whole := func(name string, h *history) workload {
		return workload{name, func(ctx context.Context) (sample, error) { return s.rebuildRun(ctx, h, "") }}
	}
	departments := fmt.Sprintf("rebuild views, departments, %s events", figure(float64(past.events)))
	played := fmt.Sprintf("rebuild views, demo district, %s events", figure(float64(demo.events)))
	ref := rawInsert(256)
	loads := []workload{s.insertAlone(256), whole(departments, past), whole(played, demo)}
	const there = ", PostgreSQL"
	if s.postgres != "" {
		for _, load := range []struct {
			name string
			of   *history
		}{{departments, past}, {played, demo}} {
			loads = append(loads, workload{load.name + there, func(ctx context.Context) (sample, error) { return s.rebuildThere(ctx, load.of) }})
		}
	}
	got, err := s.rounds(ctx, s.turns(), loads...)
	if err != nil {
		return err
	}
	for _, name := range []string{departments, played} {
		s.report.compare(name, "events/s", got.rates(name), ref, got.rates(ref), rebuildGoal)
		if s.postgres != "" {
			s.report.compare(name+there, "events/s", got.rates(name+there), name, got.rates(name), ratioAtLeast(1))
		}
	}
	return nil
}

// rebuildThere builds the views in a new database of PostgreSQL.
func (s *suite) rebuildThere(ctx context.Context, h *history) (sample, error) {
	return s.onDatabase(ctx, func(url string) (sample, error) { return s.rebuildRun(ctx, h, url) })
}

// onDatabase lends a new database of PostgreSQL.
func (s *suite) onDatabase(ctx context.Context, do func(url string) (sample, error)) (_ sample, err error) {
	u, err := url.Parse(s.postgres)
	if err != nil {
		return sample{}, errors.New("--postgres is no URL")
	}
	s.folders++
	name := fmt.Sprintf("probity_bench_%d_%d", os.Getpid(), s.folders)
	u.Path = "/" + name
	server, err := pgx.Connect(ctx, s.postgres)
	if err != nil {
		return sample{}, err
	}
	defer func() { err = errors.Join(err, server.Close(context.WithoutCancel(ctx))) }()
	if _, err := server.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'"); err != nil {
		return sample{}, err
	}
	defer func() {
		_, drop := server.Exec(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)")
		err = errors.Join(err, drop)
	}()
	return do(u.String())
}

// rebuildRun builds the views of the history in a new folder, or in the empty
// database.
func (s *suite) rebuildRun(ctx context.Context, h *history, postgres string) (_ sample, err error) {
	dir, err := s.folder("views")
	if err != nil {
		return sample{}, err
	}
	views, err := projections.Open(dir, s.codec, projections.Options{Calendar: domain.CN2024().Calendar, Book: domain.CN2024(), Postgres: postgres})
	if err != nil {
		return sample{}, err
	}
	defer func() { err = errors.Join(err, views.Close(), os.RemoveAll(dir)) }()
	start := time.Now()
	err = views.Rebuild(ctx, h.store, nil)
	return sample{rate: float64(h.events) / time.Since(start).Seconds()}, err
}

// agency plays agencies of the demo, all of them when none is named, into a
// ledger of its own.
func (s *suite) agency(ctx context.Context, which ...string) (*history, error) {
	dir, err := s.dataFolder()
	if err != nil {
		return nil, err
	}
	store, err := embedded.Open(dir, embedded.Options{})
	if err != nil {
		return nil, err
	}
	clock := agency.NewClock()
	rec := ledger.NewRecorder(ledger.RecorderConfig{
		Store: store, Signer: s.signer, Codec: s.codec, Book: domain.CN2024(), Reactions: reactions.All(), Now: clock.Now,
	})
	s.progress("playing agencies of the demo")
	story, err := agency.Build(ctx, agency.Plan{
		Agencies: which, Officers: pick(s, 600, agency.DefaultOfficers), Years: pick(s, 6, agency.DefaultYears), Clock: clock,
		End: time.Date(2026, time.June, 30, 10, 0, 0, 0, time.UTC),
	}, rec.Record, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("play the agency: %w", err), store.Close())
	}
	return &history{dir, store, int64(story.Events), story.Agencies[0].Unit}, nil
}
