package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent"
	"github.com/probity-ledger/probity/projections"
)

// tokenWait is what waiting for a position may add at another replica, in
// milliseconds at the 99th percentile.
var tokenWait = below(20)

const (
	replicaWriters = 8
	// waitingWriters keep one event or two under way, as people do.
	waitingWriters = 2
)

// replicas measures what it costs that several processes record: locks in
// PostgreSQL, and waiting until another replica shows what was recorded. The
// store is a server in this process.
func (s *suite) replicas(ctx context.Context) error {
	if s.postgres == "" {
		return nil
	}
	if _, err := s.key(); err != nil {
		return err
	}
	const (
		alone  = "command on KurrentDB, 8 writers"
		locked = "command on KurrentDB with locks in PostgreSQL, 8 writers"
		waits  = "wait at another replica for what was recorded, 2 writers"
	)
	commands := pick(s, 4000, 1000)
	got, err := s.rounds(ctx, s.turns(),
		workload{alone, func(ctx context.Context) (sample, error) {
			return onKurrentStore(ctx, func(store *kurrent.Store, _ string) (sample, error) {
				return establishAll(ctx, s.recorder(store), replicaWriters, commands, nil)
			})
		}},
		workload{locked, func(ctx context.Context) (sample, error) {
			return s.onCluster(ctx, func(store *kurrent.Store, rec *ledger.Recorder, _ string) (sample, error) {
				return establishAll(ctx, rec, replicaWriters, commands, nil)
			})
		}},
		workload{waits, func(ctx context.Context) (sample, error) {
			return s.onCluster(ctx, func(store *kurrent.Store, rec *ledger.Recorder, postgres string) (sample, error) {
				return s.waitElsewhere(ctx, store, rec, postgres, commands/4)
			})
		}})
	if err != nil {
		return err
	}
	s.report.compare(locked, "commands/s", got.rates(locked), alone, got.rates(alone))
	s.latencies(got, locked)
	s.latencies(got, waits, tokenWait)
	return nil
}

// onCluster lends an empty ledger on a server, and a recorder of one of
// several replicas.
func (s *suite) onCluster(ctx context.Context, do func(*kurrent.Store, *ledger.Recorder, string) (sample, error)) (sample, error) {
	return s.onDatabase(ctx, func(url string) (sample, error) {
		c, err := cluster.Open(ctx, url, cluster.Options{Origin: origin})
		if err != nil {
			return sample{}, err
		}
		defer c.Close()
		return onKurrentStore(ctx, func(store *kurrent.Store, _ string) (sample, error) {
			return do(store, ledger.NewRecorder(ledger.RecorderConfig{
				Store: store, Signer: s.signer, Codec: s.codec, Book: domain.CN2024(), Locks: c.Locks(), Now: time.Now,
			}), url)
		})
	})
}

// establishAll records n units. With shown set that is what is timed, and not
// the recording.
func establishAll(ctx context.Context, rec *ledger.Recorder, writers, n int, shown func(context.Context, ledger.Position) error) (sample, error) {
	return drive(ctx, writers, n, func(ctx context.Context, i int, step func(func() error) error) error {
		var receipt ledger.Receipt
		record := func() (err error) {
			receipt, err = rec.Record(ctx, domain.Instruction{ID: "establish", Command: unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency},
				Act: domain.Act{Subject: fmt.Sprintf("U-%d", i), Actor: "hr-li", Role: domain.RoleHR}})
			return err
		}
		if shown == nil {
			return step(record)
		}
		if err := record(); err != nil {
			return err
		}
		return step(func() error { return shown(ctx, receipt.Settled) })
	})
}

// waitElsewhere times how long views that follow others take to show what was
// recorded.
func (s *suite) waitElsewhere(ctx context.Context, store ledger.Store, rec *ledger.Recorder, postgres string, n int) (_ sample, err error) {
	dir, err := s.folder("views")
	if err != nil {
		return sample{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	options := projections.Options{Calendar: domain.CN2024().Calendar, Book: domain.CN2024(), Postgres: postgres}
	leader, err := projections.Open(dir, s.codec, options)
	if err != nil {
		return sample{}, err
	}
	defer func() { err = errors.Join(err, leader.Close()) }()
	follower, err := projections.Open(dir, s.codec, options)
	if err != nil {
		return sample{}, err
	}
	defer func() { err = errors.Join(err, follower.Close()) }()
	running, stop := context.WithCancel(ctx)
	var g errgroup.Group
	g.Go(func() error { return leader.Run(running, store) })
	g.Go(func() error { return follower.Follow(running) })
	got, err := establishAll(ctx, rec, waitingWriters, n, follower.WaitFor)
	stop()
	if end := g.Wait(); err == nil && !errors.Is(end, context.Canceled) {
		err = end
	}
	return got, err
}
