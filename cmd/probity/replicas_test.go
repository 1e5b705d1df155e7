package main

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/probity-ledger/probity/projections/pgtest"
)

// failover is how long the ledger may be without a leader that signs.
const failover = 10 * time.Second

// killsEnv says how often the leader is killed; a few times when empty.
const killsEnv = "PROBITY_TEST_KILLS"

func kills(t *testing.T) int {
	if v := os.Getenv(killsEnv); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatalf("%s: %v", killsEnv, err)
		}
		return n
	}
	return 3
}

// Three replicas record and answer; the one that leads is killed again and
// again. Another leads and signs within ten seconds, and in the end nothing is
// lost, doubled or unproved.
func TestReplicasOutliveTheirLeader(t *testing.T) {
	r := newReplicas(t, pgtest.Database(t))
	l := r.load("kills", 4)
	var took []time.Duration
	for n := range kills(t) {
		r.eventually(failover, "somebody leads", func() bool { return r.leader() >= 0 })
		time.Sleep(time.Second) // under load
		leader := r.leader()
		if leader < 0 {
			t.Fatalf("kill %d: nobody leads", n)
		}
		signed := r.signedTo(leader)
		r.process(leader).kill()
		took = append(took, r.eventually(failover, "another leads and signs", func() bool {
			next := r.leader()
			return next >= 0 && next != leader && r.signedTo(next) > signed
		}))
		r.start(leader)
		r.awaitReady(leader)
	}
	slices.Sort(took)
	t.Logf("%d times the leader was killed; another led and signed after %s in the median, %s at worst", len(took), percentile(took, 50), took[len(took)-1].Round(time.Millisecond))
	r.check(t, l)
}
