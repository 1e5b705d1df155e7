package notary_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/witness"
)

// newWitness is an honest witness of the cluster's log; while down holds it
// does not answer.
func newWitness(t *testing.T, c *cluster, name string, down *atomic.Bool) notary.Witness {
	t.Helper()
	dir := filepath.Join(c.dir, name)
	key, signer, _, err := witness.OpenSigner(dir, name, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	w, err := witness.Open(dir, witness.Config{Key: key, Signer: signer, Logs: []witness.Log{{Name: "town", Origin: town, Keys: c.keys}}, PerSecond: 1000})
	if err != nil {
		t.Fatal(err)
	}
	handler := w.Handler()
	web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if down.Load() {
			http.Error(rw, "down", http.StatusServiceUnavailable)
			return
		}
		handler.ServeHTTP(rw, r)
	}))
	t.Cleanup(func() { web.Close(); w.Close() })
	return notary.Witness{Key: key, URL: web.URL}
}

// What witnesses confirmed for the leader every replica shows with their
// cosignatures, and nothing before; who leads next goes on from there.
func TestFollowersShowWhatWitnessesConfirmed(t *testing.T) {
	c := newCluster(t)
	var down atomic.Bool
	one, two := newWitness(t, c, "w1.example", &down), newWitness(t, c, "w2.example", &down)
	asks := func(cfg *notary.Config) {
		cfg.Witnesses = &notary.WitnessPolicy{Witnesses: []notary.Witness{one, two}, Quorum: 2, Every: time.Millisecond}
	}
	lead, next := c.open(t, "lead", asks), c.open(t, "next", asks)
	keyless := c.open(t, "keyless", func(cfg *notary.Config) { cfg.Signer = nil })
	endLead, endNext, endKeyless := runs(t, lead.Run), runs(t, next.Follow), runs(t, keyless.Follow)
	at := c.record(t, 5)
	for _, n := range []*notary.Notary{lead, next, keyless} {
		c.saw(t, waitFor(t, n, at))
	}
	cosigned := func(n *notary.Notary) {
		t.Helper()
		for range 2000 { // a cosignature may come after the head it belongs to
			h, _ := n.Head()
			if w, ok := n.Witnessing(); len(h.Cosigned) == 2 && h.Quorum == 2 && ok && len(w.Witnesses) == 2 && w.Cosigned == 2 {
				return
			}
			time.Sleep(time.Millisecond)
		}
		h, _ := n.Head()
		w, ok := n.Witnessing()
		t.Errorf("shown is %+v, and of the witnesses is known %+v, %t", h, w, ok)
	}
	for _, n := range []*notary.Notary{lead, next, keyless} {
		cosigned(n)
	}

	// Nobody confirms: nothing new is shown anywhere, though it is signed.
	down.Store(true)
	later := c.record(t, 3)
	for _, n := range []*notary.Notary{lead, next, keyless} {
		for range 5000 {
			if s, _ := n.Signed(); s.Position >= later {
				break
			}
			time.Sleep(time.Millisecond)
		}
		s, _ := n.Signed()
		h, _ := n.Head()
		if s.Position != later || h.Position != at {
			t.Errorf("signed up to %s, shown up to %s", s.Position, h.Position)
		}
	}
	mustEnd(t, endKeyless(), context.Canceled)
	c.close(t, keyless)
	keyless = c.open(t, "keyless", func(cfg *notary.Config) { cfg.Signer = nil })
	if h, _ := keyless.Head(); h.Position != at || len(h.Cosigned) != 2 {
		t.Errorf("opened anew it shows %+v", h)
	}
	endKeyless = runs(t, keyless.Follow)

	// Another takes the lead, and the witnesses are back.
	mustEnd(t, endLead(), context.Canceled)
	mustEnd(t, endNext(), context.Canceled)
	endNext, endLead = runs(t, next.Run), runs(t, lead.Follow)
	down.Store(false)
	for _, n := range []*notary.Notary{lead, next, keyless} {
		c.saw(t, waitFor(t, n, later))
		cosigned(n)
	}
	for _, end := range []func() error{endLead, endNext, endKeyless} {
		mustEnd(t, end(), context.Canceled)
	}

	// A process that asks nobody leaves the confirming to those who do.
	apart := c.open(t, "apart")
	if err := apart.Lead(t.Context()); err != nil {
		t.Fatal(err)
	}
	unconfirmed := c.record(t, 1)
	if err := apart.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h, _ := apart.Head(); h.Position != later {
		t.Errorf("it shows what nobody confirmed, up to %s", h.Position)
	}
	endNext = runs(t, next.Run)
	h := waitFor(t, next, unconfirmed)
	mustEnd(t, endNext(), context.Canceled)

	// Who is told that there are no witnesses any more shows what it signs.
	alone := c.open(t, "apart2", func(cfg *notary.Config) { cfg.Witnesses = &notary.WitnessPolicy{} })
	if err := alone.Lead(t.Context()); err != nil {
		t.Fatal(err)
	}
	last := c.record(t, 1)
	if err := alone.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	endKeyless = runs(t, keyless.Follow)
	if now := waitFor(t, keyless, last); len(now.Cosigned) != 0 || now.Quorum != 0 || bytes.Equal(now.Note, h.Note) {
		t.Errorf("shown is %+v", now)
	}
	if w, ok := keyless.Witnessing(); ok {
		t.Errorf("witnesses are spoken of: %+v", w)
	}
	mustEnd(t, endKeyless(), context.Canceled)
	c.close(t, lead, next, keyless, apart, alone)
	c.judge(t)
}
