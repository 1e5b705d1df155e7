package graphql_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"testing"

	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
)

// gated is a store that stops at its last event until it is let go on.
type gated struct {
	ledger.Store
	at     ledger.Position
	stands chan struct{} // closed when it stopped
	goOn   chan struct{}
}

func (s gated) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for e, err := range s.Store.ReadAll(ctx, after) {
			if err == nil && e.Position == s.at {
				close(s.stands)
				select {
				case <-s.goOn:
				case <-ctx.Done():
				}
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func TestQueriesAreAnsweredFromTheLastGoodStateDuringARebuild(t *testing.T) {
	a := newAgency(t)
	const query = `{ ledger { position rebuilding { position } } officer(id: "P1") { name } new: officer(id: "Q1") { id } search(text: "zhang", types: [OFFICER]) { totalCount } past: unit(id: "A", asOfPosition: "1") { name } }`
	at := ok(a.views.Position(t.Context()))
	want := func(rebuilding, newcomer string, at ledger.Position) string {
		return fmt.Sprintf(`{"ledger":{"position":"%s","rebuilding":%s},"officer":{"name":"张伟"},"new":%s,"search":{"totalCount":1},"past":{"name":"海关"}}`, at, rebuilding, newcomer)
	}
	if got := a.ask(t, auditor, query); got != want("null", "null", at) {
		t.Fatalf("before the rebuild: %s", got)
	}
	a.on("2024-05-20")
	last := a.do("hr:R1", "Q1", officer.Enroll{FullName: "新人", Unit: "W1"}).Position
	store := gated{a.store, last, make(chan struct{}), make(chan struct{})}
	done := make(chan error, 1)
	go func() { done <- a.views.Rebuild(context.Background(), store, nil) }()
	<-store.stands
	if now := a.views.Rebuilding(); now == nil || now.Since.IsZero() {
		t.Fatalf("the rebuild that runs is told as %+v", now)
	}
	got := regexp.MustCompile(`"rebuilding":\{"position":"\d+"\}`).ReplaceAllString(a.ask(t, auditor, query), `"rebuilding":"so far"`)
	if got != want(`"so far"`, "null", at) {
		t.Errorf("during the rebuild: %s", got)
	}
	close(store.goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := a.ask(t, auditor, query); got != want("null", `{"id":"Q1"}`, last) {
		t.Errorf("after the rebuild: %s", got)
	}

	// One that fails is over, and changes nothing.
	store = gated{a.store, last, make(chan struct{}), make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { done <- a.views.Rebuild(ctx, store, nil) }()
	<-store.stands
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled rebuild ended with %v", err)
	}
	if got := a.ask(t, auditor, query); got != want("null", `{"id":"Q1"}`, last) {
		t.Errorf("after a cancelled rebuild: %s", got)
	}
}
