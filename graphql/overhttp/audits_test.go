package overhttp_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const (
	asJSON    = "application/json"
	asGraphQL = "application/graphql-response+json"
)

// answer is a response with its body decoded.
type answer struct {
	status  int
	header  http.Header
	members map[string]json.RawMessage
	body    string
}

func send(t *testing.T, h http.Handler, r *http.Request) answer {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header(), body: w.Body.String()}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &a.members); err != nil {
			t.Fatalf("body is no JSON object: %v\n%s", err, w.Body)
		}
	}
	return a
}

// post makes a POST; an empty accept or contentType leaves the header out.
func post(body, accept, contentType string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	setIf(r, "Accept", accept)
	setIf(r, "Content-Type", contentType)
	return r
}

func get(accept string, pairs ...string) *http.Request {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodGet, "/graphql?"+values.Encode(), nil)
	setIf(r, "Accept", accept)
	return r
}

func setIf(r *http.Request, name, value string) {
	if value != "" {
		r.Header.Set(name, value)
	}
}

// What a response's body must look like.
const (
	withData    = "data, no errors"
	withErrors  = "errors, no data"
	eitherShape = ""
)

// TestAudits goes through the server audits of the npm package graphql-http
// 1.22, under their ids. Where that suite leaves a range, the draft's wish is
// taken.
func TestAudits(t *testing.T) {
	const typename = `{"query":"{ __typename }"}`
	const named = `"query Type($name: String!) { __type(name: $name) { name } }"`
	tests := []struct {
		id, what string
		request  *http.Request
		status   int
		media    string
		shape    string
	}{
		{"22EB", "accepts graphql-response+json and answers in it", post(typename, asGraphQL, asJSON), 200, asGraphQL, withData},
		{"4655", "accepts json and answers in it", post(typename, asJSON, asJSON), 200, asJSON, withData},
		{"47DE", "answers */* in json", post(typename, "*/*", asJSON), 200, asJSON, withData},
		{"80D8", "answers in json without Accept", post(typename, "", asJSON), 200, asJSON, withData},
		{"82A3", "answers in UTF-8", post(typename, asGraphQL, asJSON), 200, asGraphQL + "; charset=utf-8", withData},
		{"BF61", "accepts a charset of utf-8", post(typename, "", asJSON+"; charset=utf-8"), 200, asJSON, withData},
		{"78D5", "assumes UTF-8", post(`{"query":"{ __typename } # 廉政"}`, "", asJSON), 200, asJSON, withData},
		{"2C94", "accepts POST", post(typename, "", asJSON), 200, asJSON, withData},
		{"5A70", "accepts GET", get("", "query", "{ __typename }"), 200, asJSON, withData},
		{"9C48", "runs no mutation by GET", get(asGraphQL, "query", "mutation { __typename }"), 405, asGraphQL, withErrors},
		{"9ABE", "refuses a POST without Content-Type", post(typename, "", ""), 415, asJSON, withErrors},
		{"03D4", "accepts json", post(typename, "", asJSON), 200, asJSON, withData},
		{"A5BF", "refuses a POST without body", post("", "", asJSON), 400, asJSON, withErrors},
		{"423L", "refuses a missing query", post(`{"notquery":"{ __typename }"}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"LKJ0", "refuses an object as query", post(`{"query":{"obj":"ect"}}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"LKJ1", "refuses a number as query", post(`{"query":0}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"LKJ2", "refuses a boolean as query", post(`{"query":false}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"LKJ3", "refuses an array as query", post(`{"query":["array"]}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"34A2", "takes a string as query", post(typename, asGraphQL, asJSON), 200, asGraphQL, withData},
		{"13EE", "takes a string as query, in json", post(typename, asJSON, asJSON), 200, asJSON, withData},
		{"6C00", "refuses an object as operationName", post(`{"query":"{ __typename }","operationName":{"obj":"ect"}}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"6C01", "refuses a number as operationName", post(`{"query":"{ __typename }","operationName":0}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"6C02", "refuses a boolean as operationName", post(`{"query":"{ __typename }","operationName":false}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"6C03", "refuses an array as operationName", post(`{"query":"{ __typename }","operationName":["array"]}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"8161", "takes a string as operationName", post(`{"query":"query Query { __typename }","operationName":"Query"}`, asGraphQL, asJSON), 200, asGraphQL, withData},
		{"B8B3", "takes a string as operationName, in json", post(`{"query":"query Query { __typename }","operationName":"Query"}`, asJSON, asJSON), 200, asJSON, withData},
		{"94B0", "takes null as variables", post(`{"query":"{ __typename }","variables":null}`, asGraphQL, asJSON), 200, asGraphQL, withData},
		{"94B1", "takes null as operationName", post(`{"query":"{ __typename }","operationName":null}`, asGraphQL, asJSON), 200, asGraphQL, withData},
		{"94B2", "takes null as extensions", post(`{"query":"{ __typename }","extensions":null}`, asGraphQL, asJSON), 200, asGraphQL, withData},
		{"4760", "refuses a string as variables", post(`{"query":"{ __typename }","variables":"string"}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"4761", "refuses a number as variables", post(`{"query":"{ __typename }","variables":0}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"4762", "refuses a boolean as variables", post(`{"query":"{ __typename }","variables":false}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"4763", "refuses an array as variables", post(`{"query":"{ __typename }","variables":["array"]}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"2EA1", "takes a map as variables", post(`{"query":`+named+`,"variables":{"name":"sometype"}}`, asGraphQL, asJSON), 200, asGraphQL, withData},
		{"28B9", "takes a map as variables, in json", post(`{"query":`+named+`,"variables":{"name":"sometype"}}`, asJSON, asJSON), 200, asJSON, withData},
		{"D6D5", "takes variables by GET", get(asGraphQL, "query", strings.Trim(named, `"`), "variables", `{"name":"sometype"}`), 200, asGraphQL, withData},
		{"6A70", "takes variables by GET, in json", get(asJSON, "query", strings.Trim(named, `"`), "variables", `{"name":"sometype"}`), 200, asJSON, withData},
		{"58B0", "refuses a string as extensions", post(`{"query":"{ __typename }","extensions":"string"}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"58B1", "refuses a number as extensions", post(`{"query":"{ __typename }","extensions":0}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"58B2", "refuses a boolean as extensions", post(`{"query":"{ __typename }","extensions":false}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"58B3", "refuses an array as extensions", post(`{"query":"{ __typename }","extensions":["array"]}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"428F", "takes a map as extensions", post(`{"query":"{ __typename }","extensions":{"some":"value"}}`, asGraphQL, asJSON), 200, asGraphQL, withData},
		{"1B7A", "takes a map as extensions, in json", post(`{"query":"{ __typename }","extensions":{"some":"value"}}`, asJSON, asJSON), 200, asJSON, withData},
		{"B6DC", "refuses broken JSON", post(`{ "not a JSON`, asJSON, asJSON), 400, asJSON, withErrors},
		{"BCF8", "refuses broken JSON with 400, in json", post(`{ "not a JSON`, asJSON, asJSON), 400, asJSON, withErrors},
		{"B7N8", "refuses broken JSON with 400", post(`{ "not a JSON`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"8764", "refuses a misspelt parameter", post(`{"qeury":"{ __typename }"}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"3E3A", "refuses a misspelt parameter with 400", post(`{"qeury":"{ __typename }"}`, "", asJSON), 400, asJSON, withErrors},
		{"572B", "answers a document that cannot be parsed with 200, in json", post(`{"query":"{"}`, asJSON, asJSON), 200, asJSON, withErrors},
		{"FDE2", "answers an invalid document with 200, in json", post(`{"query":"{ f8f31403dfe }"}`, asJSON, asJSON), 200, asJSON, withErrors},
		{"7B9B", "answers wrong variables with 200, in json", post(`{"query":"query CoerceFailure($id: ID!){ __typename }","variables":{"id":null}}`, asJSON, asJSON), 200, asJSON, withErrors},
		{"865D", "answers a document that cannot be parsed with 4xx", post(`{"query":"{"}`, asGraphQL, asJSON), 400, asGraphQL, eitherShape},
		{"556A", "answers a document that cannot be parsed with 400", post(`{"query":"{"}`, asGraphQL, asJSON), 400, asGraphQL, eitherShape},
		{"D586", "writes no data for a document that cannot be parsed", post(`{"query":"{"}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"51FE", "answers an invalid document with 4xx", post(`{"query":"{ f8f31403dfe }"}`, asGraphQL, asJSON), 400, asGraphQL, eitherShape},
		{"74FF", "answers an invalid document with 400", post(`{"query":"{ f8f31403dfe }"}`, asGraphQL, asJSON), 400, asGraphQL, eitherShape},
		{"5E5B", "writes no data for an invalid document", post(`{"query":"{ f8f31403dfe }"}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
		{"86EE", "answers wrong variables with 400", post(`{"query":"query CoerceFailure($id: ID!){ __typename }","variables":{"id":null}}`, asGraphQL, asJSON), 400, asGraphQL, withErrors},
	}
	h := newHandler(t)
	for _, test := range tests {
		t.Run(test.id+" "+test.what, func(t *testing.T) {
			a := send(t, h, test.request)
			if a.status != test.status {
				t.Errorf("status %d, want %d: %s", a.status, test.status, a.body)
			}
			if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, test.media) {
				t.Errorf("Content-Type %q, want %q", got, test.media)
			}
			checkShape(t, a, test.shape)
		})
	}
}

func checkShape(t *testing.T, a answer, shape string) {
	t.Helper()
	_, data := a.members["data"]
	_, errors := a.members["errors"]
	switch {
	case shape == withData && (!data || errors), shape == withErrors && (data || !errors):
		t.Errorf("want %s: %s", shape, a.body)
	}
}
