package main

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"
)

// sample is what one side did in one round. The bench reads it.
type sample struct {
	Round int     `json:"round"`
	What  string  `json:"what"`
	Side  string  `json:"side"`
	Rate  float64 `json:"rate"` // answers per second
	P50   float64 `json:"p50"`  // milliseconds for one
	P99   float64 `json:"p99"`
	// CPU is the processor time of one answer in microseconds, Size the bytes
	// allocated for it, in so many allocations: those of the whole program, so
	// over HTTP the client's too.
	CPU         float64 `json:"cpu"`
	Size        float64 `json:"size"`
	Allocations float64 `json:"allocations"`
}

// measure lets the callers ask over and over for a while. It begins without
// the garbage of what ran before.
func measure(ctx context.Context, callers int, while time.Duration, ask func(context.Context) error) (sample, error) {
	for range 20 { // caches are warm, connections open
		if err := ask(ctx); err != nil {
			return sample{}, err
		}
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	used := processorTime()
	took, errs := make([][]time.Duration, callers), make([]error, callers)
	start := time.Now()
	var all sync.WaitGroup
	for c := range callers {
		took[c] = make([]time.Duration, 0, 1<<14)
		all.Go(func() {
			for errs[c] == nil && time.Since(start) < while {
				begun := time.Now()
				errs[c] = ask(ctx)
				took[c] = append(took[c], time.Since(begun))
			}
		})
	}
	all.Wait()
	elapsed := time.Since(start)
	used = processorTime() - used
	runtime.ReadMemStats(&after)
	each := slices.Concat(took...)
	slices.Sort(each)
	n := float64(len(each))
	return sample{
		Rate: n / elapsed.Seconds(),
		P50:  millis(each[len(each)/2]), P99: millis(each[len(each)*99/100]),
		CPU:  float64(used.Nanoseconds()) / 1000 / n,
		Size: float64(after.TotalAlloc-before.TotalAlloc) / n, Allocations: float64(after.Mallocs-before.Mallocs) / n,
	}, errors.Join(errors.Join(errs...), ctx.Err())
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
