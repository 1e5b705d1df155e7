package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// workload is something to measure. Each run does it afresh and returns one
// sample; setting up and clearing away are not part of what it times.
type workload struct {
	name string
	run  func(ctx context.Context) (sample, error)
}

// sample is what one run of a workload showed.
type sample struct {
	rate     float64 // done per second
	p50, p99 float64 // milliseconds for one, where each was timed
}

// samples are the runs of several workloads by name, in order of the rounds.
type samples map[string][]sample

// rounds lets the workloads take turns. So whatever else the machine does
// falls on all of them alike.
func (s *suite) rounds(ctx context.Context, n int, workloads ...workload) (samples, error) {
	out := samples{}
	for round := range n {
		for _, w := range workloads {
			s.progress("round %d/%d: %s", round+1, n, w.name)
			got, err := w.run(ctx)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return nil, fmt.Errorf("measure %s: %w", w.name, err)
			}
			out[w.name] = append(out[w.name], got)
		}
	}
	return out, nil
}

// of returns one figure of each run of a workload.
func (m samples) of(name string, figure func(sample) float64) []float64 {
	out := make([]float64, len(m[name]))
	for i, s := range m[name] {
		out[i] = figure(s)
	}
	return out
}

func (m samples) rates(name string) []float64 {
	return m.of(name, func(s sample) float64 { return s.rate })
}

// repeat does something over and over for a while, on each of the given
// number of goroutines.
func repeat(ctx context.Context, goroutines int, while time.Duration, do func() error) (sample, error) {
	var count atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, goroutines)
	start := time.Now()
	for range goroutines {
		wg.Go(func() {
			for n := int64(1); ; n++ {
				if err := do(); err != nil {
					errs <- err
					return
				}
				if time.Since(start) >= while || ctx.Err() != nil {
					count.Add(n)
					return
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	select {
	case err := <-errs:
		return sample{}, err
	default:
		return sample{rate: float64(count.Load()) / took.Seconds()}, ctx.Err()
	}
}

// driveFor lets the clients do something over and over for a while; i counts
// how often it was begun.
func driveFor(ctx context.Context, clients int, while time.Duration, do func(ctx context.Context, i int) error) (sample, error) {
	end := time.Now().Add(while)
	return drive(ctx, clients, clients, func(ctx context.Context, c int, step func(func() error) error) error {
		for i := c; time.Now().Before(end) && ctx.Err() == nil; i += clients {
			if err := step(func() error { return do(ctx, i) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// drive lets the given number of clients work off tasks 0 to tasks-1, each
// a sequence of steps. Every step is timed. Clients stop at the first error.
func drive(ctx context.Context, clients, tasks int, task func(ctx context.Context, i int, step func(do func() error) error) error) (sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	took := make([][]time.Duration, clients)
	start := time.Now()
	for c := range clients {
		wg.Go(func() {
			step := func(do func() error) error {
				began := time.Now()
				err := do()
				took[c] = append(took[c], time.Since(began))
				return err
			}
			for i := next.Add(1) - 1; i < int64(tasks) && ctx.Err() == nil; i = next.Add(1) - 1 {
				if err := task(ctx, int(i), step); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	all := slices.Concat(took...)
	slices.Sort(all)
	return sample{
		rate: float64(len(all)) / elapsed.Seconds(),
		p50:  millis(percentile(all, 50)),
		p99:  millis(percentile(all, 99)),
	}, context.Cause(ctx)
}
