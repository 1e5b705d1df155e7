package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent"
)

// check stops the replicas cleanly and holds the ledger against what was
// acknowledged, and everything that is derived from it against the ledger.
func (r *replicas) check(t *testing.T, l *load) {
	t.Helper()
	done := l.acknowledged(t)
	for i := range r.dirs {
		r.awaitReady(i)
	}
	r.settled(t, done)
	for i := range r.dirs {
		if code := r.process(i).stop(t); code != 0 {
			t.Errorf("replica %d ended with exit code %d", i, code)
		}
	}
	events := r.checkEvents(t, done)
	for i := range r.dirs { // each has a tree of its own
		report := r.mustRun("", "verify", "--data", r.dirs[i], "--json")
		if !strings.Contains(report, fmt.Sprintf(`"events": %d,`, events)) {
			t.Errorf("replica %d verifies another number of events than the %d recorded: %s", i, events, report)
		}
	}
	r.checkNotes(t, l)
	r.checkViews(t)
}

// settled waits until what replicas left over is made up for.
func (r *replicas) settled(t *testing.T, done []wish) {
	t.Helper()
	want := 0
	for _, w := range done {
		want += w.followed
	}
	r.eventually(40*time.Second, "all that has to follow is recorded", func() bool { return r.count(t, officer.InquiryOpened{}.Kind()) >= want })
}

// each gives every event of the store.
func (r *replicas) each(t *testing.T, f func(ledger.Decoded)) {
	t.Helper()
	origin, err := os.ReadFile(filepath.Join(r.dirs[0], "origin"))
	if err != nil {
		t.Fatal(err)
	}
	codec := ledger.NewCodec(catalog.New(), strings.TrimSpace(string(origin)))
	store, err := kurrent.Open(context.Background(), kurrent.Options{URL: r.storeURL()})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for s, err := range store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		f(d)
	}
}

func (r *replicas) count(t *testing.T, kind domain.Kind) (n int) {
	r.each(t, func(d ledger.Decoded) {
		if d.Event.Kind() == kind {
			n++
		}
	})
	return n
}

// checkEvents finds every event acknowledged once, nothing twice, and behind
// each case what follows from it, once. It returns how many events there are.
func (r *replicas) checkEvents(t *testing.T, done []wish) (n int) {
	t.Helper()
	streams := map[string]string{} // of each event
	effects := map[string]int{}    // of each cause
	cases := map[string]bool{}
	r.each(t, func(d ledger.Decoded) {
		n++
		id := string(d.ID)
		if _, twice := streams[id]; twice {
			t.Errorf("event %s is recorded twice", id)
		}
		streams[id] = d.Stream
		if d.Act.Cause != "" {
			effects[string(d.Act.Cause)]++
		}
		if _, opened := d.Event.(misconduct.Opened); opened {
			cases[id] = true
		}
	})
	for _, w := range done {
		for _, id := range w.events {
			if streams[id] != w.stream {
				t.Errorf("acknowledged and lost: event %s of %s (%s)", id, w.stream, w.id)
			}
		}
	}
	for id := range cases {
		if effects[id] != 2 {
			t.Errorf("%d events follow from %s of %s, not one for each officer", effects[id], id, streams[id])
		}
	}
	return n
}

// checkNotes proves that the log continues checkpoints that were shown, by
// whichever replica.
func (r *replicas) checkNotes(t *testing.T, l *load) {
	t.Helper()
	dir := t.TempDir()
	r.mustRun("", "export", "log", "--data", r.dirs[0], "--out", filepath.Join(dir, "copy"))
	i := 0
	for _, note := range l.notes {
		if i++; i%(1+len(l.notes)/12) != 0 {
			continue
		}
		since := filepath.Join(dir, "checkpoint")
		if err := os.WriteFile(since, []byte(note), 0o600); err != nil {
			t.Fatal(err)
		}
		r.mustRun("", "verify", "--log", filepath.Join(dir, "copy"), "--since", since)
	}
}

// checkViews compares what the views answer with what they answer once they
// are built anew.
func (r *replicas) checkViews(t *testing.T) {
	t.Helper()
	ask := `{ ledger { position }
		units(last: 100) { totalCount edges { node { id name } } }
		officers(last: 100) { totalCount edges { node { id name unit { id } } } }
		cases(last: 100) { totalCount edges { node { id } } } }`
	query := filepath.Join(t.TempDir(), "query.graphql")
	if err := os.WriteFile(query, []byte(ask), 0o600); err != nil {
		t.Fatal(err)
	}
	answer := func(i int) any {
		out := r.mustRun(r.postgres, "query", "--data", r.dirs[i], "--as", "auditor:audit-sun", query)
		var v any
		if err := json.NewDecoder(bytes.NewReader([]byte(out))).Decode(&v); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return v
	}
	kept := answer(0)
	for i := range r.dirs[1:] {
		if diff := cmp.Diff(kept, answer(i+1)); diff != "" {
			t.Errorf("replica %d answers otherwise than replica 0:\n%s", i+1, diff)
		}
	}
	r.mustRun(r.postgres, "rebuild", "--data", r.dirs[0])
	if diff := cmp.Diff(answer(0), kept); diff != "" {
		t.Errorf("the views are not those of a fresh rebuild (-rebuilt +kept):\n%s", diff)
	}
}
