package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/probity-ledger/probity/projections/pgtest"
)

// The store's server is killed and comes back, and so does a replica that does
// not lead; commands are asked again through whichever replica answers.
func TestReplicasOutliveTheirStoreAndEachOther(t *testing.T) {
	r := newReplicas(t, pgtest.Database(t))
	l := r.load("store", 3)
	for range 2 {
		time.Sleep(time.Second)
		r.store.process.kill()
		time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
		r.startStore()
		r.goesOn()
		i := r.follower()
		r.process(i).kill()
		time.Sleep(time.Second)
		r.start(i)
		r.awaitReady(i)
	}
	r.check(t, l)
}

// follower is a replica that does not lead.
func (r *replicas) follower() int {
	r.t.Helper()
	leader := -1
	r.eventually(failover, "somebody leads", func() bool { leader = r.leader(); return leader >= 0 })
	return (leader + 1) % len(r.dirs)
}

// goesOn waits until something is recorded and signed anew.
func (r *replicas) goesOn() {
	r.t.Helper()
	signed := max(r.signedTo(0), r.signedTo(1), r.signedTo(2))
	took := r.eventually(2*failover, "the ledger goes on", func() bool { return max(r.signedTo(0), r.signedTo(1), r.signedTo(2)) > signed })
	r.t.Logf("it goes on after %s", took.Round(time.Millisecond))
}

// PostgreSQL is restarted, at once and after a while: no replica ends, nobody
// leads meanwhile, and the ledger goes on when it is back.
func TestReplicasOutliveTheirPostgres(t *testing.T) {
	pg := pgtest.Start(t)
	r := newReplicas(t, pg.URL("127.0.0.1"))
	l := r.load("postgres", 3)
	for _, away := range []time.Duration{0, 3 * time.Second} {
		time.Sleep(time.Second)
		pg.Crash(t)
		time.Sleep(away)
		pg.Resume(t)
		r.goesOn()
		for i := range r.dirs {
			select {
			case <-r.process(i).ended:
				t.Fatalf("replica %d ended", i)
			default:
			}
		}
	}
	r.check(t, l)
}
