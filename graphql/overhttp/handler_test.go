package overhttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"

	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/overhttp"
)

// newExecute runs requests through the guard and the library, as the product
// does.
func newExecute(t testing.TB) overhttp.Execute {
	t.Helper()
	schema, err := graphql.NewSchema(graphql.SchemaConfig{
		Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{
			"hello": {Type: graphql.String, Resolve: func(graphql.ResolveParams) (any, error) { return "廉政 <b>", nil }},
			"fails": {Type: graphql.NewNonNull(graphql.String), Resolve: func(graphql.ResolveParams) (any, error) { return nil, errors.New("no such record") }},
		}}),
		Mutation: graphql.NewObject(graphql.ObjectConfig{Name: "Mutation", Fields: graphql.Fields{
			"file": {Type: graphql.Boolean, Resolve: func(graphql.ResolveParams) (any, error) { return true, nil }},
		}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	g, err := guard.New(&schema, guard.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, req overhttp.Request) *overhttp.Response {
		checked, err := g.Check(req.Query, req.OperationName, req.Variables)
		if err != nil {
			return refused(err)
		}
		if req.ReadOnly && checked.Operation.Operation == ast.OperationTypeMutation {
			return overhttp.MutationByGet()
		}
		result := graphql.Execute(graphql.ExecuteParams{
			Schema: schema, AST: checked.Document, OperationName: req.OperationName, Args: checked.Variables, Context: ctx,
		})
		response := &overhttp.Response{HasData: true, Data: result.Data}
		for _, e := range result.Errors {
			response.Errors = append(response.Errors, overhttp.Error{Message: e.Message, Path: e.Path})
		}
		return response
	}
}

func refused(err error) *overhttp.Response {
	var list []overhttp.Error
	for _, refusal := range guard.AsErrors(err) {
		e := overhttp.NewError(string(refusal.Code), refusal.Message)
		for _, at := range refusal.Locations {
			e.Locations = append(e.Locations, overhttp.Location(at))
		}
		list = append(list, e)
	}
	return overhttp.Refused(list...)
}

func newHandler(t testing.TB) http.Handler {
	t.Helper()
	h, err := overhttp.New(overhttp.Config{Execute: newExecute(t), TrustedOrigins: []string{"https://console.example"}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestMalformedRequestsAreRefused(t *testing.T) {
	method := func(m string) *http.Request { return httptest.NewRequest(m, "/graphql", nil) }
	with := func(r *http.Request, pairs ...string) *http.Request {
		for i := 0; i+1 < len(pairs); i += 2 {
			r.Header.Add(pairs[i], pairs[i+1])
		}
		return r
	}
	const hello = `{"query":"{hello}"}`
	tests := []struct {
		name    string
		request *http.Request
		status  int
		code    string
	}{
		{"PUT", method("PUT"), 405, "METHOD_NOT_ALLOWED"},
		{"DELETE", method("DELETE"), 405, "METHOD_NOT_ALLOWED"},
		{"no acceptable type", post(hello, "text/html", asJSON), 406, "NOT_ACCEPTABLE"},
		{"another charset wished", post(hello, asJSON+"; charset=utf-16", asJSON), 406, "NOT_ACCEPTABLE"},
		{"an empty Accept", with(post(hello, "", asJSON), "Accept", ""), 406, "NOT_ACCEPTABLE"},
		{"a form", post("query=%7Bhello%7D", "", "application/x-www-form-urlencoded"), 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"plain text, which any page may send", post(hello, "", "text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"an upload", post(hello, "", "multipart/form-data; boundary=x"), 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"the media type of documents", post("{hello}", "", "application/graphql"), 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"another charset", post(hello, "", asJSON+"; charset=gbk"), 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"two content types", with(post(hello, "", asJSON), "Content-Type", "text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"a compressed body", with(post(hello, "", asJSON), "Content-Encoding", "gzip"), 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"a body over 64 KB", post(`{"query":"`+strings.Repeat(" ", 64<<10)+`"}`, "", asJSON), 413, "BODY_TOO_LARGE"},
		{"a URL over 64 KB", get("", "query", strings.Repeat("a", 65<<10)), 414, "URL_TOO_LONG"},
		{"a batch", post(`[`+hello+`,`+hello+`]`, "", asJSON), 400, "BATCHING_UNSUPPORTED"},
		{"an empty batch", post(" \n[]", "", asJSON), 400, "BATCHING_UNSUPPORTED"},
		{"null", post(`null`, "", asJSON), 400, "BAD_REQUEST"},
		{"a string", post(`"{hello}"`, "", asJSON), 400, "BAD_REQUEST"},
		{"two objects", post(hello+hello, "", asJSON), 400, "BAD_REQUEST"},
		{"a name twice", post(`{"query":"{hello}","query":"mutation{file}"}`, "", asJSON), 400, "BAD_REQUEST"},
		{"a variable twice", post(`{"query":"{hello}","variables":{"a":1,"a":2}}`, "", asJSON), 400, "BAD_REQUEST"},
		{"bytes that are not UTF-8", post("{\"query\":\"{hello(x:\\\"\xff\\\")}\"}", "", asJSON), 400, "BAD_REQUEST"},
		{"half of a surrogate pair", post(`{"query":"\ud800"}`, "", asJSON), 400, "BAD_REQUEST"},
		{"JSON nested 30,000 deep", post(`{"query":"{hello}","variables":{"a":`+strings.Repeat("[", 30000)+strings.Repeat("]", 30000)+`}}`, "", asJSON), 400, "BAD_REQUEST"},
		{"JSON nested 65 deep", post(`{"query":"{hello}","variables":{"a":`+strings.Repeat(`{"b":`, 63)+"1"+strings.Repeat("}", 63)+`}}`, "", asJSON), 400, "BAD_REQUEST"},
		{"JSON nested 65 deep by GET", get("", "query", "{hello}", "variables", strings.Repeat(`{"b":`, 65)+"1"+strings.Repeat("}", 65)), 400, "BAD_REQUEST"},
		{"query null", post(`{"query":null}`, "", asJSON), 400, "BAD_REQUEST"},
		{"GET without query", get("", "variables", "{}"), 400, "BAD_REQUEST"},
		{"GET with two queries", get("", "query", "{hello}", "query", "{fails}"), 400, "BAD_REQUEST"},
		{"GET with broken variables", get("", "query", "{hello}", "variables", "{"), 400, "BAD_REQUEST"},
		{"GET with a list of variables", get("", "query", "{hello}", "variables", "[1]"), 400, "BAD_REQUEST"},
		{"GET with a variable twice", get("", "query", "{hello}", "variables", `{"a":1,"a":2}`), 400, "BAD_REQUEST"},
		{"GET with broken escapes", httptest.NewRequest("GET", "/graphql?query={hello}&variables=%zz", nil), 400, "BAD_REQUEST"},
		{"GET with bytes that are not UTF-8", httptest.NewRequest("GET", "/graphql?query=%ff", nil), 400, "BAD_REQUEST"},
		{"a mutation by GET", get(asJSON, "query", "mutation{file}"), 405, "METHOD_NOT_ALLOWED"},
		{"a mutation by GET, chosen by name", get("", "query", "query A{hello} mutation B{file}", "operationName", "B"), 405, "METHOD_NOT_ALLOWED"},
		{"a POST from another site", with(post(hello, "", asJSON), "Sec-Fetch-Site", "cross-site"), 403, "CROSS_ORIGIN"},
		{"a POST from another origin of the site", with(post(hello, "", asJSON), "Sec-Fetch-Site", "same-site"), 403, "CROSS_ORIGIN"},
		{"a POST from another origin by an old browser", with(post(hello, "", asJSON), "Origin", "https://elsewhere"), 403, "CROSS_ORIGIN"},
		{"a POST from nowhere", with(post(hello, "", asJSON), "Origin", "null"), 403, "CROSS_ORIGIN"},
		{"a GET from another site", with(get("", "query", "{hello}"), "Sec-Fetch-Site", "cross-site"), 403, "CROSS_ORIGIN"},
	}
	h := newHandler(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := send(t, h, test.request)
			if a.status != test.status || !strings.Contains(a.body, `"code":"`+test.code+`"`) {
				t.Errorf("got %d %s, want %d %s", a.status, a.body, test.status, test.code)
			}
			if a.status == 405 && a.header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			checkShape(t, a, withErrors)
			if a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Content-Security-Policy") == "" {
				t.Errorf("security headers are missing: %v", a.header)
			}
		})
	}
}

func TestBrowsersOfThisOriginAreServed(t *testing.T) {
	tests := []struct {
		name    string
		request *http.Request
		headers map[string]string
	}{
		{"a page of this origin", post(`{"query":"{hello}"}`, "", asJSON), map[string]string{"Sec-Fetch-Site": "same-origin"}},
		{"an address typed in", get("text/html,*/*;q=0.8", "query", "{hello}"), map[string]string{"Sec-Fetch-Site": "none"}},
		{"a trusted origin", post(`{"query":"{hello}"}`, "", asJSON), map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://console.example"}},
		{"JSON nested 64 deep", post(`{"query":"{hello}","variables":{"a":`+strings.Repeat(`{"b":`, 61)+`"]}\\\"{["`+strings.Repeat("}", 61)+`}}`, "", asJSON), nil},
		{"a GET that was asked for first", get("", "query", "{hello}"), map[string]string{"Sec-Fetch-Site": "cross-site", "GraphQL-Require-Preflight": "1"}},
	}
	h := newHandler(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for name, value := range test.headers {
				test.request.Header.Set(name, value)
			}
			if a := send(t, h, test.request); a.status != 200 {
				t.Errorf("got %d %s", a.status, a.body)
			}
		})
	}
}

func TestTheMediaTypeIsNegotiated(t *testing.T) {
	for accept, want := range map[string]string{
		asGraphQL + ", " + asJSON + ";q=0.9":         asGraphQL,
		asJSON + ", " + asGraphQL:                    asJSON,
		asGraphQL + ", " + asJSON:                    asGraphQL,
		asJSON + ";q=0.5, " + asGraphQL + ";q=0.4":   asJSON,
		"*/*, " + asGraphQL:                          asGraphQL,
		"*/*, " + asJSON + ";q=0":                    asGraphQL,
		"application/*":                              asJSON,
		"text/html, " + asGraphQL + ";q=0.1":         asGraphQL,
		"APPLICATION/JSON; charset=UTF-8":            asJSON,
		asGraphQL + "; charset=\"utf-8\"":            asGraphQL,
		"text/html; x=\"a, " + asGraphQL + "\", */*": asJSON,
		asGraphQL + ";q=nan, " + asJSON + ";q=0.2":   asJSON,
		";;, " + asGraphQL:                           asGraphQL,
		asGraphQL + ";q=0":                           "",
		"*/*;q=0":                                    "",
		"image/*":                                    "",
	} {
		a := send(t, newHandler(t), post(`{"query":"{hello}"}`, accept, asJSON))
		if want == "" {
			if a.status != http.StatusNotAcceptable {
				t.Errorf("Accept %q: got %d, want 406", accept, a.status)
			}
			continue
		}
		if got, _, _ := strings.Cut(a.header.Get("Content-Type"), ";"); got != want || a.status != 200 {
			t.Errorf("Accept %q: got %d %q, want %q", accept, a.status, got, want)
		}
	}
}

func TestBodiesAreWritten(t *testing.T) {
	tests := []struct {
		name, query, want string
	}{
		{"text is not escaped for pages", "{hello}", `{"data":{"hello":"廉政 <b>"}}`},
		{"a null that reached the top is data", "{fails}", `{"errors":[{"message":"no such record","path":["fails"]}],"data":null}`},
		{"a refusal has its code and place", "{", `{"errors":[{"message":"syntax error: Expected Name, found EOF","locations":[{"line":1,"column":2}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}`},
	}
	h := newHandler(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := send(t, h, post(`{"query":"`+test.query+`"}`, asGraphQL, asJSON))
			if diff := cmp.Diff(test.want, strings.TrimSpace(a.body)); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOptionsAndHead(t *testing.T) {
	h := newHandler(t)
	options := send(t, h, httptest.NewRequest(http.MethodOptions, "/graphql", nil))
	if options.status != 204 || options.header.Get("Allow") != "GET, HEAD, POST, OPTIONS" || options.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("OPTIONS: %d %v", options.status, options.header)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	resp, err := http.Head(server.URL + "/graphql?query=%7Bhello%7D")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 || resp.ContentLength <= 0 {
		t.Errorf("HEAD: %d, %d bytes announced", resp.StatusCode, resp.ContentLength)
	}
}

// client is where the requests of package httptest come from.
var client = netip.MustParseAddr("192.0.2.1")

var sameAddr = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

func TestExecuteSeesTheRequest(t *testing.T) {
	var got overhttp.Request
	h, err := overhttp.New(overhttp.Config{Execute: func(_ context.Context, req overhttp.Request) *overhttp.Response {
		got = req
		return &overhttp.Response{HasData: true, Extensions: map[string]any{"position": "7"}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	a := send(t, h, post(`{"query":"q","operationName":"O","variables":{"n":9007199254740993},"extensions":{"e":null}}`, "", asJSON))
	want := overhttp.Request{Query: "q", OperationName: "O", Variables: map[string]any{"n": json.Number("9007199254740993")}, Extensions: map[string]any{"e": nil}, Remote: client}
	if diff := cmp.Diff(want, got, sameAddr); diff != "" {
		t.Errorf("POST (-want +got):\n%s", diff)
	}
	if want := `{"data":null,"extensions":{"position":"7"}}`; strings.TrimSpace(a.body) != want {
		t.Errorf("got %s, want %s", a.body, want)
	}
	send(t, h, get("", "query", "q", "operationName", "", "variables", " null", "extensions", `{"e":1}`))
	want = overhttp.Request{Query: "q", Extensions: map[string]any{"e": json.Number("1")}, ReadOnly: true, Remote: client}
	if diff := cmp.Diff(want, got, sameAddr); diff != "" {
		t.Errorf("GET (-want +got):\n%s", diff)
	}
}

func TestTroubleInsideStaysInside(t *testing.T) {
	tests := []struct {
		name    string
		execute overhttp.Execute
		status  int
		code    string
	}{
		{"a panic", func(context.Context, overhttp.Request) *overhttp.Response { panic("secret detail") }, 500, "INTERNAL"},
		{"data that is no JSON", func(context.Context, overhttp.Request) *overhttp.Response {
			return &overhttp.Response{HasData: true, Data: json.RawMessage("secret detail")}
		}, 500, "INTERNAL"},
		{"no response", func(context.Context, overhttp.Request) *overhttp.Response { return nil }, 500, "INTERNAL"},
		{"the time limit", func(ctx context.Context, _ overhttp.Request) *overhttp.Response { <-ctx.Done(); return nil }, 503, "TIMEOUT"},
		{"neither data nor errors", func(context.Context, overhttp.Request) *overhttp.Response { return &overhttp.Response{} }, 400, "INTERNAL"},
		{"a status of its own", func(context.Context, overhttp.Request) *overhttp.Response {
			return &overhttp.Response{Status: 403, Errors: []overhttp.Error{overhttp.NewError("FORBIDDEN", "not for you")}}
		}, 403, "FORBIDDEN"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			h, err := overhttp.New(overhttp.Config{Execute: test.execute, Timeout: 20 * time.Millisecond, Logger: slog.New(slog.NewJSONHandler(&log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			a := send(t, h, post(`{"query":"{hello}"}`, asGraphQL, asJSON))
			if a.status != test.status || !strings.Contains(a.body, test.code) || strings.Contains(a.body, "secret") {
				t.Errorf("got %d %s, want %d %s", a.status, a.body, test.status, test.code)
			}
			var body struct {
				Errors []struct{ Extensions struct{ ID string } }
			}
			if err := json.Unmarshal([]byte(a.body), &body); err != nil {
				t.Fatal(err)
			}
			if id := body.Errors[0].Extensions.ID; (test.status == 500) != (id != "" && strings.Contains(log.String(), id)) {
				t.Errorf("id %q, log %s", id, log.String())
			}
		})
	}
}

func TestAClientThatLeftIsNotAnswered(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	h, err := overhttp.New(overhttp.Config{Execute: func(ctx context.Context, _ overhttp.Request) *overhttp.Response {
		cancel()
		<-ctx.Done()
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, post(`{"query":"{hello}"}`, "", asJSON).WithContext(ctx))
	if w.Body.Len() != 0 {
		t.Errorf("answered %s", w.Body)
	}
}

func TestAHandlerNeedsItsParts(t *testing.T) {
	if _, err := overhttp.New(overhttp.Config{}); err == nil {
		t.Error("made without Execute")
	}
	if _, err := overhttp.New(overhttp.Config{Execute: newExecute(t), TrustedOrigins: []string{"console"}}); err == nil {
		t.Error("trusts an origin without a scheme")
	}
}

func FuzzPost(f *testing.F) {
	h := newHandler(f)
	f.Add(`{"query":"{hello}","variables":{"a":[1,null]},"operationName":null}`, asJSON, "*/*")
	f.Add(`{"query":"{","extensions":{}}`, asJSON+"; charset=utf-8", asGraphQL+";q=0.5")
	f.Add(`[]`, "text/plain", `text/html; x="`)
	f.Add(`{"documentId":"sha256:`+hex64+`","extensions":{"persistedQuery":{"version":1,"sha256Hash":"`+hex64+`"}}}`, asJSON, "")
	f.Fuzz(func(t *testing.T, body, contentType, accept string) {
		r := post(body, "", "")
		r.Header["Content-Type"], r.Header["Accept"] = []string{contentType}, []string{accept}
		a := send(t, h, r)
		if a.status == 500 || a.status == 200 && a.members["data"] == nil && a.members["errors"] == nil {
			t.Errorf("got %d %s", a.status, a.body)
		}
	})
}

// stalled is a body that never comes.
type stalled struct{ t *testing.T }

func (s stalled) Read([]byte) (int, error) {
	s.t.Error("the body is waited for")
	return 0, io.ErrUnexpectedEOF
}

func TestABodyThatSaysItIsTooLongIsNotWaitedFor(t *testing.T) {
	h, err := overhttp.New(overhttp.Config{Execute: func(context.Context, overhttp.Request) *overhttp.Response { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/graphql", stalled{t})
	r.Header.Set("Content-Type", "application/json")
	r.ContentLength = 1 << 40
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}
