package graphql_test

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	signed "github.com/probity-ledger/probity/ledger/notary/answer"
	"github.com/probity-ledger/probity/projections"
)

// receipting is the shared agency with a log and a key to sign receipts.
func receipting(t *testing.T) (*agency, notary.Trust) {
	t.Helper()
	a := *shared()
	signer := ok(ledger.NewSigner(ok(ledger.GenerateKey(ledger.Ed25519))))
	n := ok(notary.Open(t.TempDir(), notary.Config{Store: a.store, Origin: a.codec.Origin(), Signer: signer}))
	t.Cleanup(func() { n.Close() })
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.service = ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Notary: n, Signer: signer,
		Now: func() time.Time { return today }}))
	return &a, notary.Trust{Origin: a.codec.Origin(), Events: []crypto.PublicKey{signer.Public()}}
}

func asked(query string, variables map[string]any, own any) overhttp.Request {
	return overhttp.Request{Query: query, Variables: variables, Extensions: map[string]any{"probity": own, "other": 1}}
}

func TestAnAnswerCarriesItsReceipt(t *testing.T) {
	a, trust := receipting(t)
	query := `query Q($id: ID!) { officer(id: $id) { id name sanctions { id } } nobody: officer(id: "P9") { id } officers(first: 501) { totalCount } }`
	r := a.service.Do(t.Context(), inspector, asked(query, map[string]any{"id": "P1"}, map[string]any{"receipt": true}))
	if !r.HasData || len(r.Errors) != 1 {
		t.Fatalf("%+v", r)
	}
	own := r.Extensions["probity"].(map[string]any)
	said, by, head, err := signed.Verify([]byte(own["receipt"].(string)), trust)
	if err != nil {
		t.Fatal(err)
	}
	position := ok(a.views.Position(t.Context()))
	if said.Subject != "I2" || said.Role != domain.RoleInspector || said.Origin != "test.example/ledger" || !said.At.Equal(today) ||
		said.Position != position || own["position"] != position.String() || said.Events != head.Size || own["checkpoint"] != said.Checkpoint || by == "" {
		t.Errorf("the receipt says %+v", said)
	}
	data, errs := []byte(r.Data.(json.RawMessage)), ok(json.Marshal(r.Errors))
	spread := strings.NewReplacer(`{`, "{ ", `,`, ",\n ").Replace(string(data))
	for _, err := range []error{said.FitsResult(data, errs), said.FitsResult([]byte(spread), errs), said.FitsQuery(query), said.FitsVariables([]byte(`{ "id": "P1" }`))} {
		if err != nil {
			t.Error(err)
		}
	}
	for _, c := range []struct {
		err, want error
	}{
		{said.FitsResult([]byte(strings.Replace(string(data), "P1", "P2", 1)), errs), signed.ErrOtherResult},
		{said.FitsResult(data, nil), signed.ErrOtherResult},
		{said.FitsResult(nil, errs), signed.ErrOtherResult},
		{said.FitsQuery(query + " "), signed.ErrOtherQuery},
		{said.FitsVariables([]byte(`{"id":"P2"}`)), signed.ErrOtherVariables},
		{said.FitsVariables(nil), signed.ErrOtherVariables},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("got %v, want %v", c.err, c.want)
		}
	}
}

func TestTheReceiptOfAnAnswerThatIsNullThroughout(t *testing.T) {
	a, trust := receipting(t)
	r := a.service.Do(t.Context(), public, asked(`{ me { role } ledger { consistency(from: 0, to: 2) } }`, nil, map[string]any{"receipt": true}))
	said, _, _, err := signed.Verify([]byte(r.Extensions["probity"].(map[string]any)["receipt"].(string)), trust)
	if err != nil {
		t.Fatal(err)
	}
	if err := said.FitsResult(r.Data.(json.RawMessage), ok(json.Marshal(r.Errors))); err != nil || said.Subject != "" || said.Role != domain.RolePublic {
		t.Errorf("%v: %+v", err, said)
	}
	if err := said.FitsVariables([]byte("null")); err != nil {
		t.Error(err)
	}
}

func TestWhatIsAskedOfAnAnswerIsRefusedByName(t *testing.T) {
	a, _ := receipting(t)
	for _, c := range []struct {
		name     string
		query    string
		own      any
		code, in string
	}{
		{"no object", `{ me { role } }`, "yes", "BAD_USER_INPUT", "extensions.probity"},
		{"unknown member", `{ me { role } }`, map[string]any{"proof": true}, "BAD_USER_INPUT", "extensions.probity.proof"},
		{"a number as position", `{ me { role } }`, map[string]any{"minPosition": json.Number("3")}, "BAD_USER_INPUT", "extensions.probity.minPosition"},
		{"a negative position", `{ me { role } }`, map[string]any{"minPosition": "-3"}, "BAD_USER_INPUT", "extensions.probity.minPosition"},
		{"a position beyond all", `{ me { role } }`, map[string]any{"minPosition": "18446744073709551615"}, "BAD_USER_INPUT", "extensions.probity.minPosition"},
		{"a word for a flag", `{ me { role } }`, map[string]any{"receipt": "signed"}, "BAD_USER_INPUT", "extensions.probity.receipt"},
		{"the receipt of a mutation", `mutation { prepare(instruction: "{}") { prepared } }`, map[string]any{"receipt": true}, "BAD_USER_INPUT", "extensions.probity.receipt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := a.service.Do(t.Context(), auditor, asked(c.query, nil, c.own))
			if got := code(t, r); r.HasData || got != c.code || r.Errors[0].Extensions["field"] != c.in {
				t.Errorf("%+v", r)
			}
		})
	}
	r := shared().service.Do(t.Context(), auditor, asked(`{ me { role } }`, nil, map[string]any{"receipt": true}))
	if code(t, r) != "STATE" {
		t.Errorf("where nothing is signed: %+v", r)
	}
	r = shared().service.Do(t.Context(), auditor, asked(`{ me { role } }`, nil, map[string]any{"position": true}))
	if own := r.Extensions["probity"].(map[string]any); own["position"] == "0" || own["checkpoint"] != nil {
		t.Errorf("a position without a log: %+v", r)
	}
}

func TestWhoRecordedSomethingReadsIt(t *testing.T) {
	a := newAgency(t)
	receipt := a.do("hr:R1", "P900", officer.Enroll{FullName: "新人", Unit: "W1"})
	var position ledger.Position
	for s, err := range a.store.ReadStream(t.Context(), receipt.Stream, receipt.Revision) {
		if err != nil {
			t.Fatal(err)
		}
		position = s.Position
	}
	wanted := asked(`{ officer(id: "P900") { name } }`, nil, map[string]any{"minPosition": position.String()})
	answers := make(chan *overhttp.Response)
	go func() { answers <- a.service.Do(t.Context(), auditor, wanted) }()
	select {
	case r := <-answers:
		t.Fatalf("answered before the views showed it: %+v", r)
	case <-time.After(50 * time.Millisecond):
	}
	a.catchUp()
	if r := <-answers; string(r.Data.(json.RawMessage)) != `{"officer":{"name":"新人"}}` {
		t.Errorf("%+v", r)
	}
	a.service.WaitForViews(20 * time.Millisecond)
	later := asked(`{ me { role } }`, nil, map[string]any{"minPosition": (position + 1).String()})
	r := a.service.Do(t.Context(), auditor, later)
	if code(t, r) != "VIEWS_BEHIND" || r.Errors[0].Extensions["position"] != position.String() || r.Status != 503 {
		t.Errorf("what nobody recorded: %+v", r)
	}
}

func TestTheProofOfAFileIsForAuditors(t *testing.T) {
	a, _ := receipting(t)
	drawn := 0
	with := func(prove func(domain.Ref) ([]byte, error)) *graphql.Service {
		return ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, ProveFile: func(_ context.Context, _ projections.Principal, ref domain.Ref) ([]byte, error) { return prove(ref) }}))
	}
	a.service = with(func(ref domain.Ref) ([]byte, error) {
		drawn++
		return []byte("proof of " + ref.Type + "/" + ref.ID), nil
	})
	query := `{ officer(id: "P1") { recordFile { officerId proof } } }`
	if got := a.ask(t, auditor, query); got != `{"officer":{"recordFile":{"officerId":"P1","proof":"proof of officer/P1"}}}` {
		t.Error(got)
	}
	for _, who := range []projections.Principal{inspector, clerk, as(domain.RoleOfficer, "P1")} {
		if r := a.try(who, query); code(t, r) != "FORBIDDEN" {
			t.Errorf("%s: %+v", who.Role, r)
		}
	}
	if drawn != 1 {
		t.Errorf("drawn %d times", drawn)
	}
	r := a.service.Do(t.Context(), auditor, asked(query, nil, map[string]any{"position": true}))
	if code(t, r) != "BAD_USER_INPUT" {
		t.Errorf("within a snapshot: %+v", r)
	}
	a.service = with(func(domain.Ref) ([]byte, error) { return nil, nil })
	if got := a.ask(t, auditor, query); got != `{"officer":{"recordFile":{"officerId":"P1","proof":null}}}` {
		t.Error(got)
	}
}
