package graphql_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/signin"
)

// hostile is a request that must end in a clear error before it costs
// anything.
type hostile struct {
	name string
	body string
	code string
	// last is the step of package guard that refuses it; none when the HTTP
	// layer already does.
	last guard.Step
}

// none: the document does not reach the guard.
const none guard.Step = 0

func asking(query string) string { return body(map[string]any{"query": query}) }

// with is a request with variables, which are JSON as they stand.
func with(query, variables string) string {
	return `{"query":` + string(ok(json.Marshal(query))) + `,"variables":` + variables + `}`
}

func each(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// doublingFragments asks for 2^levels fields in a few hundred bytes.
func doublingFragments(levels int) string {
	var b strings.Builder
	b.WriteString(`{ unit(id: "A") { ...f0 } } `)
	for i := range levels {
		fmt.Fprintf(&b, "fragment f%d on Unit { ...g%d ...h%d } fragment g%d on Unit { ...f%d } fragment h%d on Unit { ...f%d } ", i, i, i, i, i+1, i, i+1)
	}
	fmt.Fprintf(&b, "fragment f%d on Unit { id }", levels)
	return b.String()
}

func hostiles() []hostile {
	deep := func(open, inner, close string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(close, n)
	}
	const someUnit = `unit(id: "A")`
	return []hostile{
		{"mutual fragment cycle", asking(`{` + someUnit + `{...A}}fragment A on Unit{...B}fragment B on Unit{...A}`), "QUERY_FRAGMENT_CYCLE", guard.StepStructure},
		{"mutual fragment cycle among unused fragments", asking(`{me{role}}fragment A on Unit{...B}fragment B on Unit{...A}`), "QUERY_FRAGMENT_CYCLE", guard.StepStructure},
		{"list literal, 20,000 deep", asking(`{search(text:` + deep("[", "", "]", 20_000) + `){totalCount}}`), "QUERY_TOO_DEEP", guard.StepScan},
		{"object literal, 5,000 deep", asking(`{officers(filter:` + deep("{a:", "1", "}", 5000) + `){totalCount}}`), "QUERY_TOO_DEEP", guard.StepScan},
		{"list type of a variable, 20,000 deep", asking(`query($v:` + deep("[", "Int", "]", 20_000) + `){me{role}}`), "QUERY_TOO_DEEP", guard.StepScan},
		{"60,000 unclosed braces", asking(strings.Repeat("{", 60_000)), "QUERY_TOO_DEEP", guard.StepScan},
		{"unclosed fields", asking("{" + strings.Repeat("unit{", 5000)), "QUERY_TOO_DEEP", guard.StepScan},
		{"fields nested 5,000 deep", asking(`{` + someUnit + `{` + deep("parent{", "id", "}", 5000) + `}}`), "QUERY_TOO_DEEP", guard.StepScan},
		{"fields nested one too deep", asking(`{` + someUnit + `{` + deep("parent{", "id", "}", 14) + `}}`), "QUERY_TOO_DEEP", guard.StepExpansion},
		{"inline fragments nested 5,000 deep", asking(deep("{...", "{me{role}}", "}", 5000)), "QUERY_TOO_DEEP", guard.StepScan},
		{"one field 900 times", asking(`{me{` + strings.Repeat("role ", 900) + `}}`), "QUERY_TOO_REPETITIVE", guard.StepMerging},
		{"one field 12,000 times", asking(`{me{` + strings.Repeat("role ", 12_000) + `}}`), "QUERY_TOO_MANY_TOKENS", guard.StepScan},
		{"one object 190 times", asking(`{` + strings.Repeat("me{role subject} ", 190) + `}`), "QUERY_TOO_REPETITIVE", guard.StepMerging},
		{"objects repeated within repeated objects", asking(`{` + strings.Repeat(`me{officer{`+strings.Repeat("unit{id} ", 10)+`}} `, 20) + `}`), "QUERY_TOO_REPETITIVE", guard.StepMerging},
		{"900 unknown fields", asking(`{` + each(900, "unknown%d ") + `}`), "GRAPHQL_VALIDATION_FAILED", guard.StepFields},
		{"misspelt fields of 128 letters", asking(`{` + each(400, strings.Repeat("officers", 15)+"%d ") + `}`), "GRAPHQL_VALIDATION_FAILED", guard.StepFields},
		{"a name of 60,000 letters", asking(`{` + strings.Repeat("a", 60_000) + `}`), "QUERY_TOO_LARGE", guard.StepScan},
		{"10,000 aliases", asking(`{` + each(10_000, "a%d:me{role} ") + `}`), "BODY_TOO_LARGE", none},
		{"as many aliases as a body holds", asking(`{` + each(4000, "a%d:me{role} ") + `}`), "QUERY_TOO_MANY_TOKENS", guard.StepScan},
		{"150 aliases", asking(`{` + each(150, "a%d:me{role} ") + `}`), "QUERY_TOO_MANY_ALIASES", guard.StepFields},
		{"fragments that double over 19 levels", asking(doublingFragments(19)), "QUERY_EXPANDS_TOO_FAR", guard.StepExpansion},
		{"fragments that double over 24 levels", asking(doublingFragments(24)), "QUERY_TOO_MANY_DEFINITIONS", guard.StepStructure},
		{"connections within connections", asking(`{units(first:500){nodes{officers(first:500){nodes{timeline(first:500){nodes{event{id}}}}}}}}`), "QUERY_TOO_COSTLY", guard.StepRequest},
		{"connections within connections without a size", asking(`{units{nodes{officers{nodes{timeline{nodes{event{id}}}}}}}}`), "QUERY_TOO_COSTLY", guard.StepRequest},
		{"a page beyond 64 bits, from a variable", with(`query($n:Int){officers(first:$n){nodes{id}}}`, `{"n":99999999999999999999999}`), "QUERY_TOO_COSTLY", guard.StepRequest},
		{"lists within lists", asking(`{` + someUnit + `{` + deep("children{", "id", "}", 6) + `}}`), "QUERY_TOO_COSTLY", guard.StepRequest},
		{"20 operations too many", asking(each(40, "query q%d{me{role}} ")), "QUERY_TOO_MANY_DEFINITIONS", guard.StepStructure},
		{"5,000 operations", asking(each(3000, "query q%d{me{role}} ")), "QUERY_TOO_MANY_TOKENS", guard.StepScan},
		{"20 operations of one name", asking(strings.Repeat("query q{me{role}} ", 20)), "GRAPHQL_VALIDATION_FAILED", guard.StepValidate},
		{"150 directives on a field", asking(`{me{role ` + strings.Repeat("@skip(if:false)", 130) + `}}`), "QUERY_TOO_MANY_DIRECTIVES", guard.StepFields},
		{"400 unknown directives", asking(`{me{role ` + strings.Repeat("@x", 400) + `}}`), "QUERY_TOO_MANY_DIRECTIVES", guard.StepFields},
		{"an argument 200 times", asking(`{unit(` + strings.Repeat(`id:"A" `, 200) + `){id}}`), "GRAPHQL_VALIDATION_FAILED", guard.StepFields},
		{"300 unknown arguments", asking(`{unit(` + each(300, "identity%d:1 ") + `){id}}`), "GRAPHQL_VALIDATION_FAILED", guard.StepFields},
		{"240 variables", asking(`query(` + each(240, "$v%d:Int ") + `){me{role}}`), "QUERY_TOO_MANY_DEFINITIONS", guard.StepFields},
		{"100 variables of unknown types", asking(`query(` + each(100, "$v%d:OfficerFilters ") + `){me{role}}`), "GRAPHQL_VALIDATION_FAILED", guard.StepFields},
		{"100 variables of types that take no input", asking(`query(` + each(100, "$v%d:Officer ") + `){me{role}}`), "GRAPHQL_VALIDATION_FAILED", guard.StepFields},
		{"100 variables that are not used", asking(`query(` + each(100, "$v%d:Int ") + `){me{role}}`), "GRAPHQL_VALIDATION_FAILED", guard.StepValidate},
		{"55 variables that nobody defined", asking(`{me{` + each(55, "a%d:role@skip(if:$v) ") + `}}`), "GRAPHQL_VALIDATION_FAILED", guard.StepValidate},
		{"300 unknown fields of an object literal", asking(`{officers(filter:{` + each(300, "minFinding%d:1 ") + `}){totalCount}}`), "GRAPHQL_VALIDATION_FAILED", guard.StepFields},
		{"300 wrong values in a list", asking(`{search(text:"x",types:[` + strings.Repeat("OFFICERS ", 300) + `]){totalCount}}`), "GRAPHQL_VALIDATION_FAILED", guard.StepFields},
		{"50 fragments on types that cannot be", asking(`{me{` + each(50, "...f%d ") + `}}` + each(50, "fragment f%d on Unit{id} ")), "GRAPHQL_VALIDATION_FAILED", guard.StepValidate},
		{"90 leaves with selections", asking(`{me{` + each(90, "a%d:role{x{y}} ") + `}}`), "GRAPHQL_VALIDATION_FAILED", guard.StepFields},
		{"introspection through fields of types of fields", asking(`{__schema{types{fields{type{fields{type{fields{name}}}}}}}}`), "QUERY_TOO_DEEP", guard.StepExpansion},
		{"introspection through ofType, 300 deep", asking(`{__schema{types{` + deep("ofType{", "name", "}", 300) + `}}}`), "QUERY_TOO_DEEP", guard.StepScan},
		{"introspection asked 50 times", asking(`{` + each(50, "s%d:__schema{types{name}} ") + `}`), "QUERY_EXPANDS_TOO_FAR", guard.StepExpansion},
		{"introspection asked through doubling fragments", asking(`{...a ...b} fragment a on Query{...c ...d} fragment b on Query{...c ...d} fragment c on Query{x:__schema{types{name}} y:__schema{types{name}}} fragment d on Query{z:__schema{types{name}}}`), "QUERY_EXPANDS_TOO_FAR", guard.StepExpansion},

		{"bytes that are not UTF-8", "{\"query\":\"{me{role}} #\xff\xfe\"}", "BAD_REQUEST", none},
		{"UTF-16", "\xfe\xff\x00{\x00}", "BAD_REQUEST", none},
		{"half of a surrogate pair", `{"query":"{search(text:\"\ud800\"){totalCount}}"}`, "BAD_REQUEST", none},
		{"half of a surrogate pair, escaped in the document", asking(`{search(text:"\uD8"){totalCount}}`), "GRAPHQL_PARSE_FAILED", guard.StepParse},
		{"a control character in a name", asking("{me\x01{role}}"), "GRAPHQL_PARSE_FAILED", guard.StepScan},
		{"a control character in a string", asking("{search(text:\"\x07\"){totalCount}}"), "GRAPHQL_PARSE_FAILED", guard.StepParse},
		{"90 objects without selections", asking(`{` + each(90, "a%d:me ") + `}`), "GRAPHQL_VALIDATION_FAILED", guard.StepValidate},
		{"letters that look like others", asking("{mе{role}}"), "GRAPHQL_PARSE_FAILED", guard.StepScan},
		{"a zero-width space", asking("{me\u200b{role}}"), "GRAPHQL_PARSE_FAILED", guard.StepScan},
		{"a string that does not end", asking(`{search(text:"` + strings.Repeat("x", 60_000)), "GRAPHQL_PARSE_FAILED", guard.StepScan},
		{"a block string that does not end", asking(`{search(text:"""` + strings.Repeat(`\"""`, 5000)), "GRAPHQL_PARSE_FAILED", guard.StepScan},
		{"a number of 60,000 digits", asking(`{officers(first:` + strings.Repeat("9", 60_000) + `){totalCount}}`), "GRAPHQL_VALIDATION_FAILED", guard.StepFields},
		{"65,000 commas and nothing else", asking(strings.Repeat(",", 65_000)), "OPERATION_RESOLUTION_FAILURE", guard.StepStructure},
		{"a comment of 65,000 bytes", asking("#" + strings.Repeat("x", 65_000)), "OPERATION_RESOLUTION_FAILURE", guard.StepStructure},

		{"variables nested 10,000 deep", with(`query($f:OfficerFilter){officers(filter:$f){totalCount}}`, `{"f":`+deep(`{"a":`, "1", "}", 9000)+`}`), "BAD_REQUEST", guard.StepRequest},
		{"variables nested 30,000 deep", with(`query($f:OfficerFilter){officers(filter:$f){totalCount}}`, `{"f":`+deep("[", "", "]", 30_000)+`}`), "BAD_REQUEST", none},
		{"a variable of 60 KB", with(`query($t:String!){search(text:$t){totalCount}}`, `{"t":"`+strings.Repeat("x", 60_000)+`"}`), "BAD_USER_INPUT", none},
		{"a variable over the limit of the body", with(`query($t:String!){search(text:$t){totalCount}}`, `{"t":"`+strings.Repeat("x", 70_000)+`"}`), "BODY_TOO_LARGE", none},
		{"a list of 10,000 kinds", with(`query($k:[String!]){events(filter:{kinds:$k}){totalCount}}`, `{"k":[`+strings.TrimSuffix(strings.Repeat(`"k",`, 10_000), ",")+`]}`), "BAD_USER_INPUT", none},
		{"a list of 20,000 numbers for a string", with(`query($k:[String!]){events(filter:{kinds:$k}){totalCount}}`, `{"k":[`+strings.TrimSuffix(strings.Repeat(`1,`, 20_000), ",")+`]}`), "BAD_USER_INPUT", guard.StepRequest},
		{"4,000 members that the type has not", with(`query($f:OfficerFilter){officers(filter:$f){totalCount}}`, `{"f":{`+strings.TrimSuffix(each(4000, `"x%d":1,`), ",")+`}}`), "BAD_USER_INPUT", guard.StepRequest},
		{"a number of 60,000 digits in a variable", with(`query($n:Int){officers(first:$n){totalCount}}`, `{"n":`+strings.Repeat("9", 60_000)+`}`), "QUERY_TOO_COSTLY", guard.StepRequest},
		{"an exponent without end", with(`query($n:Int){officers(first:$n){totalCount}}`, `{"n":1e999999999}`), "QUERY_TOO_COSTLY", guard.StepRequest},
		{"a batch of a thousand", "[" + strings.TrimSuffix(strings.Repeat(asking("{me{role}}")+",", 1000), ",") + "]", "BATCHING_UNSUPPORTED", none},
		{"a member twice", `{"query":"{me{role}}","query":"{__typename}"}`, "BAD_REQUEST", none},
	}
}

// Each ends over HTTP with a clear error, and at the step of the guard that is
// meant for it: the bound on the work. Times are measured by BenchmarkHostile.
func TestHostileRequestsEndInAClearError(t *testing.T) {
	s := serve(t)
	token := s.token(domain.RoleAuditor, "X")
	for _, h := range hostiles() {
		t.Run(h.name, func(t *testing.T) {
			r := tell(t, s.post(h.body), token)
			if r.code() != h.code {
				t.Errorf("code %s, want %s: %.300s", r.code(), h.code, r.body)
			}
			inField := len(r.Errors) > 0 && r.Errors[0].Path != nil
			if r.status < 400 && !inField || r.status >= 500 || len(r.body) > 4000 || len(r.Errors) == 0 || r.Errors[0].Message == "" {
				t.Errorf("status %d, %d bytes: %.300s", r.status, len(r.body), r.body)
			}
			if got := shared().service.RefusedAt(h.body); got != h.last {
				t.Errorf("refused at step %s, want %s", got, h.last)
			}
		})
	}
}

// The requests that are let through and cost the most are as much a matter
// of the guard as those that are not.
func costliest() map[string]string {
	return map[string]string{
		"permitted: introspection of GraphiQL":           asking(string(ok(os.ReadFile("guard/testdata/introspection.graphql")))),
		"permitted: the types twice":                     asking(`{` + each(2, "s%d:__schema{types{name fields{name type{name ofType{name ofType{name}}}}}} ") + `}`),
		"permitted: all types through all types":         asking(`{__schema{types{fields{type{fields{name}}}}}}`),
		"permitted: 40 repeated objects":                 asking(`{` + strings.Repeat("me{role subject officer{id name}} ", 30) + `}`),
		"permitted: 100 aliases":                         asking(`{` + each(100, "a%d:me{role} ") + `}`),
		"permitted: 40 fragments":                        asking(`{` + someOfficers(400) + `{nodes{` + each(40, "...f%d ") + `}}}` + each(40, "fragment f%d on Officer{id unit{id}} ")),
		"permitted: fragments that double over 9 levels": asking(doublingFragments(9)),
		"permitted: 500 officers with relations":         asking(`{` + someOfficers(500) + `{nodes{id name unit{id name parent{id}} post{id name} counts{findings sanctions}}}}`),
	}
}

func someOfficers(n int) string { return fmt.Sprintf("officers(first:%d)", n) }

func TestTheCostliestThatIsPermittedIsAnswered(t *testing.T) {
	s := serve(t)
	for name, b := range costliest() {
		if r := tell(t, s.post(b), s.token(domain.RoleAuditor, "X")); r.code() != "" {
			t.Errorf("%s: %.300s", name, r.body)
		}
	}
}

// BenchmarkHostile measures each request of the two tables from the body to
// the last byte of the answer, without the network.
func BenchmarkHostile(b *testing.B) {
	handler := ok(shared().service.Handler())
	run := func(name, body string) {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				req := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
				req.Header.Set("Content-Type", "application/json")
				req = req.WithContext(signin.NewContext(req.Context(), signin.Principal{Subject: "X", Role: domain.RoleAuditor}))
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, req)
				_, _ = io.Copy(io.Discard, w.Body)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms")
		})
	}
	for _, h := range hostiles() {
		run(h.name, h.body)
	}
	for name, body := range costliest() {
		run(name, body)
	}
}
