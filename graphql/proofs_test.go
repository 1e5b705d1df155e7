package graphql_test

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// proved is the shared agency with a transparency log over its events.

func proved(t *testing.T) (*agency, *notary.Notary, notary.Trust) {
	t.Helper()
	a := *shared()
	signer := ok(ledger.NewSigner(ok(ledger.GenerateKey(ledger.Ed25519))))
	n := ok(notary.Open(t.TempDir(), notary.Config{Store: a.store, Origin: a.codec.Origin(), Signer: signer}))
	t.Cleanup(func() { n.Close() })
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.service = ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Notary: n}))
	vkey := ok(notary.VerifierKey(a.codec.Origin(), signer.Public()))
	return &a, n, notary.Trust{Origin: a.codec.Origin(), Log: []string{vkey}}
}

func TestEventsAreProvedInTheLog(t *testing.T) {
	a, n, trust := proved(t)
	head, _ := n.Head()
	type proof struct {
		Index, Receipt string
		Hashes         []string
		Checkpoint     struct{ Size, Root, Note, Position string }
	}
	got := answer[struct {
		Ledger struct {
			Checkpoint  struct{ Size, Root, Note, Position string }
			Consistency []string
		}
		Events struct {
			Nodes []struct {
				ID, Position string
				Proof        proof
				Envelope     struct{ Raw string }
			}
		}
	}](t, a, auditor, `{ ledger { checkpoint { size root note position } consistency(from: 3, to: "20") }
		events(first: 20) { nodes { id position envelope { raw } proof { index hashes receipt checkpoint { size root note position } } } } }`)
	if c := got.Ledger.Checkpoint; c.Root != head.Root.String() || c.Note != string(head.Note) || c.Position != head.Position.String() {
		t.Errorf("checkpoint %+v", c)
	}
	for _, e := range got.Events.Nodes {
		r := ok(notary.ParseReceipt([]byte(e.Proof.Receipt)))
		c, err := r.Verify(trust)
		if err != nil {
			t.Fatalf("event %s: %v", e.ID, err)
		}
		if string(r.Envelope) != e.Envelope.Raw || c.Root != head.Root || e.Proof.Checkpoint != got.Ledger.Checkpoint || len(e.Proof.Hashes) != len(r.Hashes) {
			t.Errorf("event %s: the receipt is of something else", e.ID)
		}
	}
	if len(got.Events.Nodes) != 20 {
		t.Errorf("%d events", len(got.Events.Nodes))
	}
	var steps []tlog.Hash
	for _, h := range got.Ledger.Consistency {
		steps = append(steps, ok(tlog.ParseHash(h)))
	}
	roots := map[int64]tlog.Hash{3: rootAt(t, a, 3), 20: rootAt(t, a, 20)}
	if err := tlog.CheckTree(steps, 20, roots[20], 3, roots[3]); err != nil {
		t.Error(err)
	}
}

// rootAt is the root over the first events of the store, by package tlog.
func rootAt(t *testing.T, a *agency, size int64) tlog.Hash {
	t.Helper()
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	n := int64(0)
	for s, err := range a.store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		if n == size {
			break
		}
		stored = append(stored, ok(tlog.StoredHashes(n, s.Envelope, reader))...)
		n++
	}
	return ok(tlog.TreeHash(size, reader))
}

func TestProofsAreNullWithoutALogAndWrongSizesRefused(t *testing.T) {
	got := answer[struct {
		Ledger struct {
			Checkpoint  *struct{ Size string }
			Consistency []string
		}
		Events struct {
			Nodes []struct{ Proof *struct{ Index string } }
		}
	}](t, shared(), auditor, `{ ledger { checkpoint { size } consistency(from: 1, to: 2) } events(first: 1) { nodes { proof { index } } } }`)
	if got.Ledger.Checkpoint != nil || got.Ledger.Consistency != nil || got.Events.Nodes[0].Proof != nil {
		t.Errorf("without a log: %+v", got)
	}
	a, _, _ := proved(t)
	for _, query := range []string{
		`{ ledger { consistency(from: 0, to: 2) } }`, `{ ledger { consistency(from: 3, to: 2) } }`,
		`{ ledger { consistency(from: 1, to: 999999) } }`, `{ ledger { consistency(from: "18446744073709551615", to: "18446744073709551615") } }`,
	} {
		r := a.service.Do(t.Context(), auditor, overhttp.Request{Query: query})
		if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "BAD_USER_INPUT" {
			t.Errorf("%s: %+v", query, r.Errors)
		}
	}
}
