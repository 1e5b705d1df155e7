package main

import (
	"testing"
)

// What is timed must be what it says: commands that are allowed.
func TestCommandsAreDecidedAgain(t *testing.T) {
	cases, missing, err := decisionCases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 9*len(missing) {
		t.Errorf("only %d commands are timed; the agency was never allowed %v", len(cases), missing)
	}
	for _, c := range cases {
		if err := c.once(c.fold()); err != nil {
			t.Errorf("%s on %d events: %v", c.name, len(c.past), err)
		}
	}
}

// BenchmarkDecide folds a stream of 100 events and decides one more command
// on it, for every command; µs-decide is the last part alone.
func BenchmarkDecide(b *testing.B) {
	cases, _, err := decisionCases(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range cases {
		b.Run(string(c.name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.once(c.fold()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(c.decideAndFold(), "µs-decide")
			b.ReportMetric(float64(len(c.past)), "events")
		})
	}
}
