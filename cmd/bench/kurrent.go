package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// What the store on KurrentDB is to reach beside the bare client, on a server
// in this process: so the figures tell of the adapter, not of a server.
var (
	kurrentAppend  = ratioAtLeast(0.7)
	kurrentCatchUp = atLeast(20_000) // events/s
	kurrentWriters = []int{1, 16, 256}
)

// kurrent measures appends and catching up through the store on KurrentDB.
func (s *suite) kurrent(ctx context.Context) error {
	streams, err := s.ready(ctx, pick(s, 7000, 2100))
	if err != nil {
		return err
	}
	for _, writers := range kurrentWriters {
		store := fmt.Sprintf("append through kurrent, %d writers", writers)
		bare := fmt.Sprintf("append through the bare client, %d writers", writers)
		got, err := s.rounds(ctx, s.turns(),
			workload{bare, func(ctx context.Context) (sample, error) { return s.bareAppends(ctx, writers, streams) }},
			workload{store, func(ctx context.Context) (sample, error) { return s.kurrentAppends(ctx, writers, streams) }})
		if err != nil {
			return err
		}
		s.report.compare(store, "events/s", got.rates(store), bare, got.rates(bare), kurrentAppend)
		s.latencies(got, store)
	}
	return s.kurrentCatchUp(ctx, streams)
}

// onKurrent lends a new server in this process.
func onKurrent(do func(url string) (sample, error)) (sample, error) {
	server, err := kurrenttest.Listen("127.0.0.1:0", kurrenttest.Options{})
	if err != nil {
		return sample{}, err
	}
	got, err := do(server.URL())
	return got, errors.Join(err, server.Close())
}

// onKurrentStore lends an empty ledger on it.
func onKurrentStore(ctx context.Context, do func(*kurrent.Store, string) (sample, error)) (sample, error) {
	return onKurrent(func(url string) (sample, error) {
		store, err := kurrent.Open(ctx, kurrent.Options{URL: url, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return sample{}, err
		}
		got, err := do(store, url)
		return got, errors.Join(err, store.Close())
	})
}

func (s *suite) kurrentAppends(ctx context.Context, writers int, streams []readyStream) (sample, error) {
	return onKurrentStore(ctx, func(store *kurrent.Store, _ string) (sample, error) {
		// The first append of a store is read back.
		if _, err := store.Append(ctx, "first", ledger.NoStream, streams[0].entries[:1]); err != nil {
			return sample{}, err
		}
		return appendAll(ctx, store, writers, streams)
	})
}

// appendAll appends the streams, one event at a time, each by one writer.
func appendAll(ctx context.Context, store ledger.Store, writers int, streams []readyStream) (sample, error) {
	return drive(ctx, writers, len(streams), func(ctx context.Context, i int, step func(func() error) error) error {
		for rev := range streams[i].entries {
			if err := step(func() error {
				_, err := store.Append(ctx, streams[i].name, ledger.Revision(rev)-1, streams[i].entries[rev:rev+1])
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// bareClient connects the client without the store around it.
func bareClient(url string) (*esdb.Client, error) {
	conf, err := esdb.ParseConnectionString(url)
	if err != nil {
		return nil, err
	}
	conf.Logger = esdb.NoopLogging()
	return esdb.NewClient(conf)
}

func (s *suite) bareAppends(ctx context.Context, writers int, streams []readyStream) (sample, error) {
	return onKurrent(func(url string) (sample, error) {
		client, err := bareClient(url)
		if err != nil {
			return sample{}, err
		}
		// The first append of a client looks for the server.
		if err := bareAppend(ctx, client, "first", 0, streams[0].entries[0]); err != nil {
			return sample{}, errors.Join(err, client.Close())
		}
		got, err := drive(ctx, writers, len(streams), func(ctx context.Context, i int, step func(func() error) error) error {
			for rev, e := range streams[i].entries {
				if err := step(func() error {
					return bareAppend(ctx, client, streams[i].name, rev, e)
				}); err != nil {
					return err
				}
			}
			return nil
		})
		return got, errors.Join(err, client.Close())
	})
}

func bareAppend(ctx context.Context, client *esdb.Client, stream string, revision int, e ledger.Entry) error {
	var expected esdb.ExpectedRevision = esdb.NoStream{}
	if revision > 0 {
		expected = esdb.Revision(uint64(revision - 1))
	}
	_, err := client.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{ExpectedRevision: expected},
		esdb.EventData{EventID: e.ID, EventType: kurrent.EventType, Data: e.Envelope})
	return err
}

// kurrentCatchUp measures how fast everything is read.
func (s *suite) kurrentCatchUp(ctx context.Context, streams []readyStream) error {
	const store, bare = "catch up through kurrent", "read $all through the bare client"
	_, err := onKurrentStore(ctx, func(k *kurrent.Store, url string) (sample, error) {
		if _, err := appendAll(ctx, k, 16, streams); err != nil {
			return sample{}, err
		}
		client, err := bareClient(url)
		if err != nil {
			return sample{}, err
		}
		got, err := s.rounds(ctx, s.turns(),
			workload{bare, func(ctx context.Context) (sample, error) {
				return countFor(s.burst(), func() (int, error) { return readBare(ctx, client) })
			}},
			workload{store, func(ctx context.Context) (sample, error) {
				return countFor(s.burst(), func() (int, error) { return readStore(ctx, k) })
			}})
		if err == nil {
			s.report.compare(store, "events/s", got.rates(store), bare, got.rates(bare), kurrentCatchUp)
		}
		return sample{}, errors.Join(err, client.Close())
	})
	return err
}

// countFor does something that handles events over and over for a while.
func countFor(while time.Duration, do func() (int, error)) (sample, error) {
	began, events := time.Now(), 0
	for time.Since(began) < while {
		n, err := do()
		if err != nil {
			return sample{}, err
		}
		events += n
	}
	return sample{rate: float64(events) / time.Since(began).Seconds()}, nil
}

func readStore(ctx context.Context, store *kurrent.Store) (n int, err error) {
	for _, err := range store.ReadAll(ctx, ledger.Start) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func readBare(ctx context.Context, client *esdb.Client) (n int, err error) {
	r, err := client.ReadAll(ctx, esdb.ReadAllOptions{From: esdb.Start{}}, math.MaxInt64)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for {
		switch _, err := r.Recv(); {
		case errors.Is(err, io.EOF):
			return n, nil
		case err != nil:
			return n, err
		}
		n++
	}
}
