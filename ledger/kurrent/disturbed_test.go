package kurrent_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// Histories under each fault, and under all of them in turn. Those on a line
// that is cut are in kurrenttest/link.
func TestDisturbed(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	tests := []struct {
		name    string
		disturb func(*testing.T, *kurrenttest.Server)
	}{
		{"acknowledgements are lost", func(_ *testing.T, s *kurrenttest.Server) { s.LoseAcks(1) }},
		{"requests are lost", func(_ *testing.T, s *kurrenttest.Server) { s.LoseRequests(1) }},
		{"commits time out", func(_ *testing.T, s *kurrenttest.Server) { s.TimeOut(2) }},
		{"the node is not ready", func(_ *testing.T, s *kurrenttest.Server) { s.Unavailable(3) }},
		{"the node does not lead", func(_ *testing.T, s *kurrenttest.Server) { s.NotLeader(2, nil) }},
		{"connections are cut", func(_ *testing.T, s *kurrenttest.Server) { s.CutConnections() }},
		{"the node is killed and comes back", func(t *testing.T, s *kurrenttest.Server) {
			s.Kill()
			if err := s.Restart(); err != nil {
				t.Error(err)
			}
		}},
	}
	run := func(name string, disturb func(*testing.T, *kurrenttest.Server)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // mostly it waits
			ledgertest.RunDisturbed(t, func(t *testing.T) (ledger.Store, func()) {
				server := kurrenttest.Start(t, kurrenttest.Options{})
				s, err := kurrent.Open(t.Context(), kurrent.Options{URL: server.URL(), Logger: slog.New(slog.DiscardHandler)})
				if err != nil {
					t.Fatal(err)
				}
				return s, func() {
					disturb(t, server)
					time.Sleep(20 * time.Millisecond)
				}
			})
		})
	}
	for _, tt := range tests {
		run(tt.name, tt.disturb)
	}
	next := 0
	run("all of it", func(t *testing.T, s *kurrenttest.Server) {
		tests[next%len(tests)].disturb(t, s)
		next++
	})
}

// Who leads changes, and who led before shows nothing of what comes after, as
// a node that was cut off from the others.
func TestDisturbedByElections(t *testing.T) {
	kurrenttest.NotUnderRace(t)
	ledgertest.RunDisturbed(t, func(t *testing.T) (ledger.Store, func()) {
		first := kurrenttest.Start(t, kurrenttest.Options{})
		nodes := []*kurrenttest.Server{first, first.Follower(t), first.Follower(t)}
		s, err := kurrent.Open(t.Context(), kurrent.Options{URL: first.ClusterURL(), Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		leader := 0
		return s, func() {
			old := nodes[leader]
			leader = (leader + 1) % len(nodes)
			nodes[leader].Elect()
			old.Lag()
			time.Sleep(60 * time.Millisecond)
			old.CatchUp()
		}
	})
}
