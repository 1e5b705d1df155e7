package graphql_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

func TestRequestErrors(t *testing.T) {
	for _, c := range []struct {
		name      string
		query     string
		variables []any
		code      string
		says      string
	}{
		{"no document", "", nil, "OPERATION_RESOLUTION_FAILURE", ""},
		{"malformed", "{ officer(", nil, "GRAPHQL_PARSE_FAILED", ""},
		{"unknown field", "{ ofcer { id } }", nil, "GRAPHQL_VALIDATION_FAILED", "ofcer"},
		{"unknown argument", `{ officer(id: "P1", as: "x") { id } }`, nil, "GRAPHQL_VALIDATION_FAILED", "as"},
		{"missing argument", `{ officer { id } }`, nil, "GRAPHQL_VALIDATION_FAILED", "id"},
		{"unknown enum value", `{ findings(filter: {result: PROVED}) { totalCount } }`, nil, "GRAPHQL_VALIDATION_FAILED", "PROVED"},
		{"malformed date in the document", `{ findings(filter: {foundFrom: "2023-02-30"}) { totalCount } }`, nil, "GRAPHQL_VALIDATION_FAILED", "2023-02-30"},
		{"variable of the wrong type", `query Q($n: Int) { officers(first: $n) { totalCount } }`, []any{"n", "ten"}, "BAD_USER_INPUT", "$n"},
		{"variable beyond 32 bits", `query Q($n: Int) { officers(filter: {minFindings: $n}) { totalCount } }`, []any{"n", json.Number("4294967297")}, "BAD_USER_INPUT", "$n"},
		{"unknown enum value in a variable", `query Q($f: FindingFilter) { findings(filter: $f) { totalCount } }`, []any{"f", map[string]any{"result": "PROVED"}}, "BAD_USER_INPUT", "$f.result"},
		{"malformed moment in a variable", `query Q($m: DateTime) { officer(id: "P1") { recordFile(recordedAsOf: $m) { day } } }`, []any{"m", "2023-05-09"}, "BAD_USER_INPUT", "$m"},
		{"date out of range", `query Q($m: DateTime) { officer(id: "P1") { recordFile(recordedAsOf: $m) { day } } }`, []any{"m", "9999-12-31T23:59:59-10:00"}, "BAD_USER_INPUT", "$m"},
		{"missing variable", `query Q($id: ID!) { officer(id: $id) { id } }`, nil, "BAD_USER_INPUT", "$id"},
		{"fragment cycle", `{ officer(id: "P1") { ...A } } fragment A on Officer { ...B } fragment B on Officer { ...A }`, nil, "QUERY_FRAGMENT_CYCLE", ""},
		{"too deep", "{ unit(id: \"A\") " + strings.Repeat("{ parent ", 20) + "{ id }" + strings.Repeat(" }", 21), nil, "QUERY_TOO_DEEP", ""},
		{"too costly", `{ officers(first: 500) { nodes { complaints(first: 500) { nodes { officers { id } } } } } }`, nil, "QUERY_TOO_COSTLY", ""},
		{"a mutation that there is not", `mutation { impose }`, nil, "GRAPHQL_VALIDATION_FAILED", "impose"},
		{"a subscription that is not sent as a stream", `subscription { events { position } }`, nil, "SUBSCRIPTION_UNSUPPORTED", "text/event-stream"},
		{"a subscription to two things", `subscription { events { position } warnings { position } }`, nil, "GRAPHQL_VALIDATION_FAILED", "one field"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := shared().try(auditor, c.query, c.variables...)
			if r.HasData || r.Data != nil {
				t.Errorf("data %s with a request that was not executed", r.Data)
			}
			got := code(t, r)
			if got != c.code || !strings.Contains(r.Errors[0].Message, c.says) {
				t.Errorf("code %s, message %q; want %s and %q", got, r.Errors[0].Message, c.code, c.says)
			}
		})
	}
	if got := shared().ask(t, auditor, `{ unit(id: "A") { id } }`); got != `{"unit":{"id":"A"}}` {
		t.Errorf("afterwards: %s", got)
	}
}

func TestArgumentErrorsLeaveTheirNeighboursStanding(t *testing.T) {
	a := shared()
	cursor := answer[struct {
		Officers struct{ PageInfo struct{ EndCursor string } }
	}](t, a, auditor, `{ officers(first: 1) { pageInfo { endCursor } } }`).Officers.PageInfo.EndCursor
	for _, c := range []struct {
		name, field, code, message, inField string
	}{
		{"first over 500", `officers(first: 501) { totalCount }`, "BAD_USER_INPUT", "first: must lie between 1 and 500", "first"},
		{"first of nothing", `officers(first: 0) { totalCount }`, "BAD_USER_INPUT", "first: must lie between 1 and 500", "first"},
		{"negative last", `officers(last: -3) { totalCount }`, "BAD_USER_INPUT", "last: must lie between 1 and 500", "last"},
		{"first and last", `officers(first: 1, last: 1) { totalCount }`, "BAD_USER_INPUT", "first: goes with after, last with before; ask for one of the two", "first"},
		{"a cursor made up", `officers(after: "abc") { totalCount }`, "BAD_USER_INPUT", "after: is not a cursor of this server; use one that a page gave", "after"},
		{"an empty cursor", `officers(after: "") { totalCount }`, "BAD_USER_INPUT", "after: is empty; leave it out to begin at the end of the list", "after"},
		{"the cursor of another list", `complaints(after: "` + cursor + `") { totalCount }`, "BAD_USER_INPUT", "after: is the cursor of another list or another order", "after"},
		{"an unknown kind of event", `events(filter: {kinds: ["sanction.exposed.v1"]}) { totalCount }`, "BAD_USER_INPUT", `kinds: "sanction.exposed.v1" is no kind of event`, "kinds"},
		{"a search for 10 kB", `search(text: "` + strings.Repeat("海关 ", 1500) + `") { totalCount }`, "BAD_USER_INPUT", "text: is required, up to 200 bytes", "text"},
		{"a search for nothing", `search(text: " ") { totalCount }`, "BAD_USER_INPUT", "text: is required, up to 200 bytes", "text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := a.try(auditor, "{\n  unit(id: \"A\") { id }\n  wrong: "+c.field+"\n}")
			want := []overhttp.Error{{Message: c.message, Path: []any{"wrong"}, Locations: []overhttp.Location{{Line: 3, Column: 3}},
				Extensions: map[string]any{"code": c.code, "field": c.inField}}}
			if diff := cmp.Diff(want, r.Errors); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if got := string(r.Data.(json.RawMessage)); got != `{"unit":{"id":"A"},"wrong":null}` {
				t.Errorf("data %s", got)
			}
		})
	}
}

func TestARefusalCarriesItsCodeAndRule(t *testing.T) {
	if got := code(t, shared().try(public, `{ statistics(unit: "A") { totals { value } } }`)); got != "FORBIDDEN" {
		t.Errorf("code %s", got)
	}
	a := newAgency(t)
	a.service.FailLoading("officer", fmt.Errorf("decide: %w", domain.Refuse(domain.CodeRule, "rank", "not now").Under("art. 41")), false)
	r := a.try(auditor, `{ officer(id: "P1") { id } }`)
	want := []overhttp.Error{{Message: "rank: not now", Path: []any{"officer"}, Locations: []overhttp.Location{{Line: 1, Column: 3}},
		Extensions: map[string]any{"code": "RULE", "field": "rank", "rule": "art. 41"}}}
	if diff := cmp.Diff(want, r.Errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestWhatIsNotTheClientsDoingIsLoggedAndNotTold(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		panics bool
		code   string
	}{
		{"an error", errors.New("disk at /secret/place"), false, "INTERNAL"},
		{"a panic", errors.New("index out of range at /secret/place"), true, "INTERNAL"},
		{"an integrity failure", fmt.Errorf("read: %w", &ledger.IntegrityError{Position: 7, Stream: "officer-secret", What: "secret"}), false, "INTEGRITY_FAILURE"},
		{"views that cannot be asked", fmt.Errorf("%w: /secret/place is away", projections.ErrUnavailable), false, "UNAVAILABLE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAgency(t)
			a.service.FailLoading("officer", c.err, c.panics)
			r := a.try(auditor, `{ unit(id: "A") { id } a: officer(id: "P1") { id } b: officer(id: "P2") { id } }`)
			if len(r.Errors) != 2 {
				t.Fatalf("errors %+v, want one for each field", r.Errors)
			}
			if got := string(r.Data.(json.RawMessage)); got != `{"unit":{"id":"A"},"a":null,"b":null}` {
				t.Errorf("data %s", got)
			}
			e := r.Errors[0]
			id, _ := e.Extensions["id"].(string)
			told := string(ok(json.Marshal(r.Errors)))
			if strings.Contains(told, "secret") || e.Extensions["code"] != c.code || id == "" {
				t.Errorf("told %s", told)
			}
			logged := a.log.String()
			if !strings.Contains(logged, "secret") || !strings.Contains(logged, id) {
				t.Errorf("logged %q, want the cause and id %s", logged, id)
			}
			if n := strings.Count(logged, "graphql request failed"); n != 1 && !c.panics {
				t.Errorf("one cause at two fields is logged %d times", n)
			}
			if c.panics && !strings.Contains(logged, "stack=") {
				t.Errorf("logged a panic without its stack: %q", logged)
			}
		})
	}
}

func TestAClosedHouseIsToldAsSuch(t *testing.T) {
	a := emptyAgency(t, t.TempDir())
	a.organisation()
	a.catchUp()
	t.Cleanup(a.close)
	if err := a.store.Close(); err != nil {
		t.Fatal(err)
	}
	r := a.try(auditor, `{ events(first: 1) { nodes { envelope { raw } } } }`)
	if got := code(t, r); got != "UNAVAILABLE" {
		t.Errorf("code %s", got)
	}
}

// ending is a context that is cancelled when looked at for the nth time.
type ending struct {
	context.Context
	left int
	err  error
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return e.err
	}
	return nil
}

func TestARequestWhoseContextEndsStops(t *testing.T) {
	for _, c := range []struct {
		err  error
		code string
	}{{context.Canceled, "CANCELLED"}, {context.DeadlineExceeded, "TIMEOUT"}} {
		for after := range 4 {
			ctx := &ending{context.Background(), after, c.err}
			r, statements := shared().service.DoCounted(ctx, auditor, overhttp.Request{
				Query: `{ a: officer(id: "P1") { id } b: officer(id: "P1") { id } c: officer(id: "P1") { id } d: officer(id: "P1") { id } e: officer(id: "P1") { id } }`})
			if got := code(t, r); got != c.code || r.HasData {
				t.Errorf("after %d looks: code %s, data %s", after, got, r.Data)
			}
			if statements > after {
				t.Errorf("after %d looks: %d statements", after, statements)
			}
		}
	}
}

func TestAnUnknownRoleSeesNothing(t *testing.T) {
	who := projections.Principal{Subject: "P1", Role: "emperor", Units: []domain.UnitID{projections.AllUnits}}
	if got := shared().ask(t, who, `{ officer(id: "P1") { id } events { nodes { id } } units { totalCount } statistics { totals { value } } }`); got !=
		`{"officer":null,"events":{"nodes":[]},"units":{"totalCount":0},"statistics":{"totals":[]}}` {
		t.Error(got)
	}
}

func TestServedConcurrently(t *testing.T) {
	a := shared()
	done := make(chan string)
	for i := range 8 {
		go func() {
			who, want := auditor, `{"officer":{"id":"P1","barred":true}}`
			if i%2 == 1 {
				who, want = public, `{"officer":null}`
			}
			for range 20 {
				r := a.try(who, `{ officer(id: "P1") { id barred } }`)
				if got := string(r.Data.(json.RawMessage)); got != want {
					done <- got
					return
				}
			}
			done <- ""
		}()
	}
	for range 8 {
		select {
		case wrong := <-done:
			if wrong != "" {
				t.Error(wrong)
			}
		case <-time.After(time.Minute):
			t.Fatal("still waiting")
		}
	}
}

func FuzzDo(f *testing.F) {
	for _, seed := range []struct{ query, variables string }{
		{`{ me { role } }`, `{}`},
		{`query Q($id: ID!) { officer(id: $id) { ...F } } fragment F on Officer { name unit { children { id } } recordFile { day head { hash } } timeline { nodes { as event { data } } } }`, `{"id": "P1"}`},
		{`{ search(text: "张", types: [OFFICER]) { nodes { object { __typename ... on Officer { id } } } } }`, `null`},
		{`{ a: findings(first: 1) { facets(by: SOURCE) { value } } } # 注释`, `{"a": [1, 2, {"b": null}]}`},
		{`query Q($f: ComplaintFilter, $n: Int = 5) { complaints(filter: $f, first: $n) { edges { cursor node { id } } } }`, `{"f": {"unit": "A", "receivedFrom": "2020-01-01"}, "n": 1e2}`},
		{`{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }`, `{}`},
		{`query ($x: Boolean = true) { me @skip(if: $x) { role } __schema { types { name } } }`, `{"x": false}`},
		{"{ events(after: \"\\ud800\", order: OCCURRED_ASC) { totalCount } }", `{}`},
	} {
		f.Add(seed.query, seed.variables)
	}
	a := shared()
	f.Fuzz(func(t *testing.T, query, variables string) {
		req := overhttp.Request{Query: query}
		decoder := json.NewDecoder(strings.NewReader(variables))
		decoder.UseNumber()
		if decoder.Decode(&req.Variables) != nil {
			req.Variables = nil
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		r := a.service.Do(ctx, auditor, req)
		if r == nil || (!r.HasData && len(r.Errors) == 0) {
			t.Fatalf("neither data nor errors: %+v", r)
		}
		for _, e := range r.Errors {
			if c := e.Extensions["code"]; c == "INTERNAL" || c == nil {
				t.Fatalf("error %+v\n%s", e, a.log)
			}
		}
		if r.HasData {
			if data := r.Data.(json.RawMessage); !json.Valid(data) {
				t.Fatalf("not JSON: %s", data)
			}
		}
	})
}
