package main

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		name   string
		values []float64
		want   float64
	}{
		{"of one value is that value", []float64{4}, 4},
		{"of an odd number is the middle one", []float64{9, 1, 5}, 5},
		{"of an even number is the mean of the middle two", []float64{9, 1, 5, 3}, 4},
		{"is not moved by one wild value", []float64{1, 2, 1e9}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := slices.Clone(tt.values)
			if got := median(tt.values); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if !slices.Equal(before, tt.values) {
				t.Errorf("the values were reordered: %v", tt.values)
			}
		})
	}
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("the median of nothing is %v, want NaN", got)
	}
}

func TestPercentile(t *testing.T) {
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(i+1))
	}
	for _, tt := range []struct {
		name   string
		sorted []time.Duration
		p      float64
		want   time.Duration
	}{
		{"50 of 100 is the 50th", hundred, 50, 50},
		{"99 of 100 is the 99th", hundred, 99, 99},
		{"99 of ten is the largest", hundred[:10], 99, 10},
		{"100 is the largest", hundred, 100, 100},
		{"0 is the smallest", hundred, 0, 1},
		{"any of one is that one", hundred[:1], 50, 1},
		{"of nothing is 0", nil, 99, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := percentile(tt.sorted, tt.p); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestDriveDoesEveryTaskOnceAndTimesEveryStep(t *testing.T) {
	var done [50]atomic.Int32
	got, err := drive(context.Background(), 8, len(done), func(_ context.Context, i int, step func(func() error) error) error {
		done[i].Add(1)
		return errors.Join(step(func() error { return nil }), step(func() error { return nil }))
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range done {
		if n := done[i].Load(); n != 1 {
			t.Errorf("task %d was done %d times", i, n)
		}
	}
	if got.rate <= 0 || got.p50 > got.p99 {
		t.Errorf("sample %+v", got)
	}
}

func TestDriveEndsWithTheFirstError(t *testing.T) {
	broken := errors.New("broken")
	var tasks atomic.Int32
	_, err := drive(context.Background(), 2, 1_000_000, func(_ context.Context, i int, step func(func() error) error) error {
		tasks.Add(1)
		return step(func() error {
			if i == 10 {
				return broken
			}
			return nil
		})
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want the task's error", err)
	}
	if n := tasks.Load(); n == 1_000_000 {
		t.Error("the others went on to the end")
	}
}

func TestRepeatReportsAnErrorOfAnyGoroutine(t *testing.T) {
	broken := errors.New("broken")
	var calls atomic.Int32
	_, err := repeat(context.Background(), 2, time.Minute, func() error {
		calls.Add(1)
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want the error", err)
	}
}
