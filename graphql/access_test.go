package graphql_test

import (
	"context"
	"crypto"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/graphql/trusted"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	signed "github.com/probity-ledger/probity/ledger/notary/answer"
)

// limited is the service of the shared agency with an access of its own, over
// HTTP; the public is let in.
func limited(t testing.TB, access graphql.Access) *served {
	t.Helper()
	return serveOne(t, ok(newLimited(access)), signin.AllowPublic())
}

func newLimited(access graphql.Access) (*graphql.Service, error) {
	a := shared()
	return graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Access: access, Log: slog.New(slog.DiscardHandler)})
}

// documents are trusted documents of these texts.
func documents(t testing.TB, texts ...string) *trusted.Documents {
	t.Helper()
	manifest := map[string]string{}
	for _, text := range texts {
		manifest[trusted.ID(text)] = text
	}
	path := filepath.Join(t.TempDir(), "documents.json")
	if err := os.WriteFile(path, ok(json.Marshal(manifest)), 0o600); err != nil {
		t.Fatal(err)
	}
	return ok(trusted.Load(path))
}

// told is a response as a client reads it.
type told struct {
	status int
	header http.Header
	body   string

	Data   json.RawMessage
	Errors []struct {
		Message    string
		Locations  []overhttp.Location
		Path       []any
		Extensions struct {
			Code, Field, DocumentID string
			RetryAfterSeconds       int
		}
	}
	Extensions struct {
		Probity struct{ Receipt string }
		Cost    *struct{ Requested, Remaining, Limit int64 }
	}
}

func (r told) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Extensions.Code
}

func tell(t testing.TB, req *http.Request, token string) told {
	t.Helper()
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	r := told{status: res.StatusCode, header: res.Header, body: strings.TrimSpace(string(ok(io.ReadAll(res.Body))))}
	if err := json.Unmarshal([]byte(r.body), &r); err != nil {
		t.Fatalf("status %d, no JSON: %s", r.status, r.body)
	}
	return r
}

func body(members map[string]any) string { return string(ok(json.Marshal(members))) }

const (
	reviewed = `query Officer($id: ID!) { officer(id: $id) { name } } query Me { me { role } }`
	recorded = `mutation Prepare($in: String!) { prepare(instruction: $in) { payloads } }`
)

func apollo(text string) map[string]any {
	return map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": strings.TrimPrefix(trusted.ID(text), "sha256:")}}
}

func TestTrustedDocuments(t *testing.T) {
	known := documents(t, reviewed, recorded)
	open := limited(t, graphql.Access{Documents: known})
	strict := limited(t, graphql.Access{Documents: known, Strict: true, AdHoc: []domain.Role{domain.RoleAuditor}})
	const zhang, role = `{"officer":{"name":"张伟"}}`, `{"me":{"role":"INSPECTOR"}}`
	p1 := map[string]any{"id": "P1"}
	for _, c := range []struct {
		name         string
		members      map[string]any
		open, strict string // the data or the code
		message      string
	}{
		{"by its id", map[string]any{"documentId": trusted.ID(reviewed), "operationName": "Officer", "variables": p1}, zhang, zhang, ""},
		{"the other operation", map[string]any{"documentId": trusted.ID(reviewed), "operationName": "Me"}, role, role, ""},
		{"by Apollo's extension", map[string]any{"extensions": apollo(reviewed), "operationName": "Officer", "variables": p1}, zhang, zhang, ""},
		{"by its text", map[string]any{"query": reviewed, "operationName": "Me"}, role, role, ""},
		{"by its text and id", map[string]any{"query": reviewed, "documentId": trusted.ID(reviewed), "operationName": "Me"}, role, role, ""},
		{"no such operation in it", map[string]any{"documentId": trusted.ID(reviewed), "operationName": "You"}, "OPERATION_RESOLUTION_FAILURE", "OPERATION_RESOLUTION_FAILURE", "no operation named"},
		{"a wrong variable", map[string]any{"documentId": trusted.ID(reviewed), "operationName": "Officer"}, "BAD_USER_INPUT", "BAD_USER_INPUT", "variable $id of type ID! is required"},
		{"another document", map[string]any{"query": "{ me { role } }"}, role, "PERSISTED_DOCUMENT_REQUIRED", "trusted documents only"},
		{"the document with a space more", map[string]any{"query": reviewed + " ", "operationName": "Me"}, role, "PERSISTED_DOCUMENT_REQUIRED", "trusted documents only"},
		{"introspection", map[string]any{"query": "{ __typename }"}, `{"__typename":"Query"}`, "PERSISTED_DOCUMENT_REQUIRED", "trusted documents only"},
		{"an empty document", map[string]any{"query": ""}, "OPERATION_RESOLUTION_FAILURE", "PERSISTED_DOCUMENT_REQUIRED", ""},
		{"a hostile document", map[string]any{"query": "{...A} fragment A on Query{...A}"}, "QUERY_FRAGMENT_CYCLE", "PERSISTED_DOCUMENT_REQUIRED", ""},
		{"an unknown id", map[string]any{"documentId": trusted.ID("{x}")}, "PERSISTED_DOCUMENT_NOT_FOUND", "PERSISTED_DOCUMENT_NOT_FOUND", "there is no trusted document sha256:"},
		{"an id of another kind", map[string]any{"documentId": "officer"}, "PERSISTED_DOCUMENT_NOT_FOUND", "PERSISTED_DOCUMENT_NOT_FOUND", "by sha256: and the digest"},
		{"an unknown one by Apollo's extension", map[string]any{"extensions": apollo("{x}")}, "PERSISTED_DOCUMENT_NOT_FOUND", "PERSISTED_DOCUMENT_NOT_FOUND", "PersistedQueryNotFound"},
		{"what Apollo sends next", map[string]any{"query": "{ me { role } }", "extensions": apollo("{ me { role } }")}, role, "PERSISTED_DOCUMENT_REQUIRED", ""},
		{"a trusted id with another text", map[string]any{"query": "{ units { totalCount } }", "documentId": trusted.ID(reviewed)}, "BAD_USER_INPUT", "BAD_USER_INPUT", "is not sha256:"},
		{"an unknown id with its text", map[string]any{"query": "{ me { role } }", "documentId": trusted.ID("{ me { role } }")}, role, "PERSISTED_DOCUMENT_REQUIRED", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, server := range []struct {
				name string
				*served
				want string
			}{{"open", open, c.open}, {"strict", strict, c.strict}} {
				r := tell(t, server.post(body(c.members)), server.token(domain.RoleInspector, "I2", "A"))
				if got := string(r.Data) + r.code(); got != server.want {
					t.Errorf("%s: %s, want %s", server.name, r.body, server.want)
				}
				if refused := r.code() != ""; refused != (r.status == 400) || refused && r.Data != nil || len(r.Errors) > 1 {
					t.Errorf("%s: status %d, %s", server.name, r.status, r.body)
				}
				if r.code() == server.want && server.name == "strict" && !strings.Contains(r.body, c.message) {
					t.Errorf("%s: %s, want %q", server.name, r.body, c.message)
				}
			}
		})
	}
}

func TestStrictnessCoversEverybodyButWhoIsNamed(t *testing.T) {
	s := limited(t, graphql.Access{Documents: documents(t, reviewed), Strict: true, AdHoc: []domain.Role{domain.RoleAuditor}})
	const free = `{"query":"{ __typename }"}`
	if r := tell(t, s.post(free), s.token(domain.RoleAuditor, "X")); string(r.Data) != `{"__typename":"Query"}` {
		t.Errorf("the role that is named: %s", r.body)
	}
	for _, role := range []domain.Role{domain.RoleInspector, domain.RoleLeader, domain.RoleHR, domain.RoleOfficer, domain.RoleHandler, domain.RoleIntake, domain.RoleOverseer} {
		if r := tell(t, s.post(free), s.token(role, "P1", "A")); r.code() != "PERSISTED_DOCUMENT_REQUIRED" {
			t.Errorf("%s: %s", role, r.body)
		}
	}
	if r := tell(t, s.post(free), ""); r.code() != "PERSISTED_DOCUMENT_REQUIRED" {
		t.Errorf("the public: %s", r.body)
	}
	if r := tell(t, s.get(url.Values{"query": {"{ __typename }"}}), ""); r.code() != "PERSISTED_DOCUMENT_REQUIRED" {
		t.Errorf("the public by GET: %s", r.body)
	}
}

func TestATrustedMutationIsNotRunByGet(t *testing.T) {
	s := limited(t, graphql.Access{Documents: documents(t, recorded)})
	r := tell(t, s.get(url.Values{"documentId": {trusted.ID(recorded)}, "variables": {`{"in":"{}"}`}}), s.token(domain.RoleAuditor, "X"))
	if r.status != 405 || r.code() != "METHOD_NOT_ALLOWED" {
		t.Errorf("status %d, %s", r.status, r.body)
	}
}

// In process nobody is held to anything: the caller is the program itself.
func TestInProcessNothingIsHeldBack(t *testing.T) {
	service := ok(newLimited(graphql.Access{Documents: documents(t, reviewed), Strict: true,
		Budgets: budget.Allowances{domain.RolePublic: {PerSecond: 1, Burst: 1, PerOperation: 1}}}))
	for range 3 {
		r := service.Do(context.Background(), auditor, overhttp.Request{Query: "{ officers(first: 50) { nodes { id } } }"})
		if len(r.Errors) > 0 || r.Extensions != nil {
			t.Fatalf("%+v", r)
		}
	}
	r := service.Do(context.Background(), auditor, overhttp.Request{DocumentID: trusted.ID(reviewed), OperationName: "Me"})
	if len(r.Errors) > 0 || string(r.Data.(json.RawMessage)) != `{"me":{"role":"AUDITOR"}}` {
		t.Errorf("%+v", r)
	}
}

// A page of the program's own need not be trusted, and is paid for by who looks
// at it.
func TestAPageIsChargedAndNeedsNoTrust(t *testing.T) {
	service := ok(newLimited(graphql.Access{Documents: documents(t, reviewed), Strict: true, Budgets: tight()}))
	ask := func(subject string) string {
		r := service.Page(context.Background(), signin.Principal{Role: domain.RoleHR, Subject: subject, Units: []domain.UnitID{"A"}},
			overhttp.Request{Query: "{ officers(first: 50) { nodes { id name } } }", ReadOnly: true})
		if len(r.Errors) == 0 {
			return ""
		}
		return code(t, r)
	}
	for i, want := range []string{"", "", "BUDGET_EXCEEDED"} { // 151 of 400 each
		if got := ask("R1"); got != want {
			t.Errorf("page %d: %q, want %q", i, got, want)
		}
	}
	if got := ask("R2"); got != "" {
		t.Errorf("another clerk: %q", got)
	}
}

// What is signed is the text, whatever it was asked by.
func TestAReceiptForATrustedDocumentNamesItsText(t *testing.T) {
	a := shared()
	signer := ok(ledger.NewSigner(ok(ledger.GenerateKey(ledger.Ed25519))))
	n := ok(notary.Open(t.TempDir(), notary.Config{Store: a.store, Origin: a.codec.Origin(), Signer: signer}))
	t.Cleanup(func() { n.Close() })
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	service := ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Notary: n, Signer: signer,
		Access: graphql.Access{Documents: documents(t, reviewed), Strict: true}}))
	s := serveOne(t, service)
	req := map[string]any{"documentId": trusted.ID(reviewed), "operationName": "Me", "extensions": map[string]any{"probity": map[string]any{"receipt": true}}}
	r := tell(t, s.post(body(req)), s.token(domain.RoleAuditor, "X"))
	said, _, _, err := signed.Verify([]byte(r.Extensions.Probity.Receipt), notary.Trust{Origin: a.codec.Origin(), Events: []crypto.PublicKey{signer.Public()}})
	if err == nil {
		err = said.FitsQuery(reviewed)
	}
	if err != nil {
		t.Errorf("%v: %s", err, r.body)
	}
}

func TestADocumentThatDoesNotFitTheSchemaStopsTheStart(t *testing.T) {
	for text, want := range map[string]string{
		"{\n officer(id: 1) {\n nothing } }": `line 3: type Officer has no field "nothing"`,
		"{":                                  "line 1: syntax error",
		"{...A} fragment A on Query{...A}":   "fragments form a cycle",
		"query A { me { role } } query A { me { subject } }": "There can only be one operation named",
	} {
		_, err := newLimited(graphql.Access{Documents: documents(t, reviewed, text)})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), trusted.ID(text)) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := newLimited(graphql.Access{Strict: true}); err == nil || !strings.Contains(err.Error(), "there are none") {
		t.Errorf("strict without documents: %v", err)
	}
}

const fifty = `{"query":"{ officers(first: 50) { nodes { id name } } }"}` // costs 151

func tight() budget.Allowances {
	return budget.Defaults().With(budget.Allowances{
		domain.RoleHR:     {PerSecond: 1, Burst: 400, PerOperation: 200},
		domain.RolePublic: {PerSecond: 1, Burst: 400, PerOperation: 200},
	})
}

func TestTheCostIsChargedToWhoAsks(t *testing.T) {
	s := limited(t, graphql.Access{Budgets: tight()})
	token := s.token(domain.RoleHR, "R1", "A")
	first := tell(t, s.post(fifty), token)
	if c := first.Extensions.Cost; first.code() != "" || c == nil || c.Requested != 151 || c.Remaining < 249 || c.Remaining > 260 || c.Limit != 400 {
		t.Fatalf("first: %s", first.body)
	}
	tell(t, s.post(fifty), token)
	third := tell(t, s.post(fifty), token)
	if third.status != 429 || third.code() != "BUDGET_EXCEEDED" || third.Data != nil {
		t.Fatalf("third: status %d, %s", third.status, third.body)
	}
	retry := third.Errors[0].Extensions.RetryAfterSeconds
	if header := third.header.Get("Retry-After"); retry < 20 || retry > 60 || header != strconv.Itoa(retry) {
		t.Errorf("retry after %d, header %q", retry, header)
	}
	if c := third.Extensions.Cost; c == nil || c.Requested != 151 || c.Remaining >= 151 {
		t.Errorf("third: %s", third.body)
	}
	if r := tell(t, s.post(fifty), s.token(domain.RoleHR, "R2", "A")); r.code() != "" {
		t.Errorf("another clerk pays for the first: %s", r.body)
	}
	if r := tell(t, s.post(fifty), s.token(domain.RoleAuditor, "R1")); r.code() != "" {
		t.Errorf("another role of the same name pays: %s", r.body)
	}
	if r := tell(t, s.post(`{"query":"{ me { role } }"}`), token); r.code() != "" {
		t.Errorf("what the budget still holds is refused: %s", r.body)
	}
}

func TestNoOperationMayCostMoreThanTheRoleMaySpendAtOnce(t *testing.T) {
	s := limited(t, graphql.Access{Budgets: tight()})
	const hundred = `{"query":"{ officers(first: 100) { nodes { id name } } }"}`
	r := tell(t, s.post(hundred), s.token(domain.RoleHR, "R1", "A"))
	if r.status != 400 || r.code() != "QUERY_TOO_COSTLY" || !strings.Contains(r.Errors[0].Message, "301, more than the 200") {
		t.Errorf("status %d, %s", r.status, r.body)
	}
	if c := r.Extensions.Cost; c == nil || c.Remaining != 400 {
		t.Errorf("it was charged: %s", r.body)
	}
	if r := tell(t, s.post(hundred), s.token(domain.RoleAuditor, "X")); r.code() != "" {
		t.Errorf("an auditor: %s", r.body)
	}
}

func TestThePublicPaysByAddress(t *testing.T) {
	s := limited(t, graphql.Access{Budgets: tight(), Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	from := func(address string) told {
		req := s.post(fifty)
		req.Header.Set("X-Forwarded-For", address)
		return tell(t, req, "")
	}
	from("192.0.2.1")
	from("192.0.2.1")
	if r := from("203.0.113.5, 192.0.2.1"); r.code() != "BUDGET_EXCEEDED" {
		t.Errorf("an address in front of one's own helps: %s", r.body)
	}
	if r := from("192.0.2.2"); r.code() != "" {
		t.Errorf("another address: %s", r.body)
	}
	from("2001:db8::1")
	from("2001:db8::2")
	if r := from("2001:db8::3"); r.code() != "BUDGET_EXCEEDED" {
		t.Errorf("another address of the same network: %s", r.body)
	}
}

// Hammering with documents that are refused is paid for as well, and once
// nothing is left not even parsed.
func TestRefusedDocumentsAreChargedToo(t *testing.T) {
	s := limited(t, graphql.Access{Budgets: budget.Defaults().With(budget.Allowances{domain.RoleHR: {PerSecond: 1, Burst: 25, PerOperation: 25}})})
	token := s.token(domain.RoleHR, "R1", "A")
	codes := []string{}
	for range 4 {
		codes = append(codes, tell(t, s.post(`{"query":"{ nothing }"}`), token).code())
	}
	if got := strings.Join(codes, " "); got != "GRAPHQL_VALIDATION_FAILED GRAPHQL_VALIDATION_FAILED GRAPHQL_VALIDATION_FAILED BUDGET_EXCEEDED" {
		t.Error(got)
	}
}

// The default budgets hold what people of each role ask every day.
func TestTheDefaultBudgetsHoldTheExamplesAndGraphiQL(t *testing.T) {
	s := limited(t, graphql.Access{Budgets: budget.Defaults()})
	ask := func(name, query string, token string, variables map[string]any) {
		r := tell(t, s.post(body(map[string]any{"query": query, "variables": variables})), token)
		if c := r.Extensions.Cost; r.code() != "" || c == nil || c.Requested == 0 || 5*c.Requested > c.Limit {
			t.Errorf("%s: %.300s", name, r.body)
		}
	}
	for name, example := range examples {
		variables := map[string]any{}
		for i := 0; i < len(example.variables); i += 2 {
			variables[example.variables[i].(string)] = example.variables[i+1]
		}
		token := ""
		if example.who.Role != domain.RolePublic {
			token = s.token(example.who.Role, example.who.Subject, example.who.Units...)
		}
		ask(name, string(ok(os.ReadFile("examples/"+name+".graphql"))), token, variables)
	}
	ask("GraphiQL", string(ok(os.ReadFile("guard/testdata/introspection.graphql"))), "", nil)
}

func TestWrongBudgetsStopTheStart(t *testing.T) {
	if _, err := newLimited(graphql.Access{Budgets: budget.Allowances{domain.RolePublic: {}}}); err == nil || !strings.Contains(err.Error(), "perSecond") {
		t.Errorf("got %v", err)
	}
}
