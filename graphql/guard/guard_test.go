package guard

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"
)

// within fails the test when f hangs. The bound is a watchdog, generous
// enough for a loaded machine, and no measure of speed.
func within(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("still running after 30 s")
	}
}

func doubling(levels int) string {
	var b strings.Builder
	b.WriteString("{ officer { ...f0 } }\n")
	for i := range levels {
		fmt.Fprintf(&b, "fragment f%d on Officer { a: chief { ...f%d } b: chief { ...f%d } }\n", i, i+1, i+1)
	}
	fmt.Fprintf(&b, "fragment f%d on Officer { id }\n", levels)
	return b.String()
}

// flatDoubling doubles without nesting a single field.
func flatDoubling(levels int) string {
	var b strings.Builder
	b.WriteString("{ officer { ...f0 ...g0 } }\n")
	for i := range levels {
		for _, name := range []string{"f", "g"} {
			fmt.Fprintf(&b, "fragment %s%d on Officer { ...f%d ...g%d }\n", name, i, i+1, i+1)
		}
	}
	fmt.Fprintf(&b, "fragment f%d on Officer { id }\nfragment g%d on Officer { name }\n", levels, levels)
	return b.String()
}

func nested(field string, levels int, leaf string) string {
	return strings.Repeat(field+"{", levels) + leaf + strings.Repeat("}", levels)
}

func TestHostileDocumentsAreRefused(t *testing.T) {
	// Loose limits show that each shape is caught by its own guard and not
	// by the token count alone.
	many := DefaultLimits()
	many.Tokens, many.Bytes = 60_000, 1<<20

	tests := []struct {
		name   string
		query  string
		limits Limits
		want   Code
	}{
		{"a mutual fragment cycle of 80 bytes", `{officer{...A}}fragment A on Officer{...B}fragment B on Officer{...A}`, DefaultLimits(), CodeCycle},
		{"a fragment that spreads itself", `{officer{...A}}fragment A on Officer{id ...A}`, DefaultLimits(), CodeCycle},
		{"a cycle among unused fragments", `{hello}fragment A on Officer{chief{...B}}fragment B on Officer{chief{...A}}`, DefaultLimits(), CodeCycle},
		{"a cycle of three through inline fragments", `{officer{...A}}fragment A on Officer{...on Officer{...B}}fragment B on Officer{chief{...C}}fragment C on Officer{...A}`, DefaultLimits(), CodeCycle},
		{"lists nested 30,000 deep", `{search(tags:` + strings.Repeat("[", 30000) + strings.Repeat("]", 30000) + `){id}}`, many, CodeDepth},
		{"objects nested in objects", `{search(filter:` + strings.Repeat("{unit:", 400) + "1" + strings.Repeat("}", 400) + `){id}}`, many, CodeDepth},
		{"list types nested in a variable", `query($v:` + strings.Repeat("[", 500) + "Int" + strings.Repeat("]", 500) + `){hello}`, many, CodeDepth},
		{"30,000 unclosed braces", strings.Repeat("{", 30000), many, CodeDepth},
		{"unclosed fields", strings.Repeat("{chief", 30000/6), many, CodeDepth},
		{"fields nested 300 deep", "{officer{" + nested("chief", 300, "id") + "}}", many, CodeDepth},
		{"fields nested just one too deep", "{officer{" + nested("chief", 14, "id") + "}}", DefaultLimits(), CodeDepth},
		{"fields nested too deep through fragments", doublingChain(20), DefaultLimits(), CodeDepth},
		{"one field repeated 900 times", "{" + strings.Repeat("hello ", 900) + "}", DefaultLimits(), CodeRepeated},
		{"one field repeated 10,000 times", "{" + strings.Repeat("hello ", 10000) + "}", many, CodeExpansion},
		{"one object repeated 200 times", "{" + strings.Repeat("officer{id name} ", 190) + "}", DefaultLimits(), CodeRepeated},
		{"nested repeated objects", nestedTwins(8), many, CodeRepeated},
		{"900 unknown fields", "{" + unknownFields(900) + "}", DefaultLimits(), CodeInvalid},
		{"10,000 aliases", "{" + aliases(10_000) + "}", many, CodeAliases},
		{"10,000 aliases under the shipped limits", "{" + aliases(10_000) + "}", DefaultLimits(), CodeTooLarge},
		{"as many aliases as 64 KB hold", "{" + aliases(5000) + "}", DefaultLimits(), CodeTokens},
		{"fragments doubling over 24 levels", doubling(24), DefaultLimits(), CodeDepth},
		{"fragments doubling over 13 levels", doubling(13), DefaultLimits(), CodeExpansion},
		{"fragments doubling over 24 levels without a field", flatDoubling(24), DefaultLimits(), CodeExpansion},
		{"nested connections", `{officers(first:100){nodes{staff(first:100){nodes{staff(first:100){nodes{id}}}}}}}`, DefaultLimits(), CodeCost},
		{"nested lists without a page size", "{officer{" + nested("peers", 6, "id") + "}}", DefaultLimits(), CodeCost},
		{"a page size beyond 64 bits", `{officers(first:99999999999999999999){nodes{id}}}`, DefaultLimits(), CodeInvalid},
		{"130 directives on one field", "{hello " + strings.Repeat("@skip(if:false)", 130) + "}", DefaultLimits(), CodeDirectives},
		{"a flood of unused fragments", "{hello}" + fragments(61), DefaultLimits(), CodeDefinitions},
		{"an unused fragment", "{hello}fragment A on Officer{id}", DefaultLimits(), CodeInvalid},
		{"a flood of operations", operations(21), DefaultLimits(), CodeDefinitions},
		{"a spread of an unknown fragment", "{officer{...Nobody}}", DefaultLimits(), CodeInvalid},
		{"two fragments of one name", "{officer{...A}}fragment A on Officer{id}fragment A on Officer{name}", DefaultLimits(), CodeInvalid},
		{"an unknown type condition", "{...on Nothing{id}}", DefaultLimits(), CodeInvalid},
		{"a type definition", "type Query{hello:String} {hello}", DefaultLimits(), CodeInvalid},
		{"no operation", "fragment A on Officer{id}", DefaultLimits(), CodeOperation},
		{"a subscription to a field there is none of", "subscription{hello}", DefaultLimits(), CodeInvalid},
		{"a subscription to two fields", "subscription{happened{id} other:happened{id}}", DefaultLimits(), CodeInvalid},
		{"a subscription to two fields through fragments", "subscription{...A}fragment A on Subscription{happened{id} ...B}fragment B on Subscription{other:happened{id}}", DefaultLimits(), CodeInvalid},
		{"a subscription to its type name", "subscription{__typename}", DefaultLimits(), CodeInvalid},
		{"a subscription that introspects", "subscription{__schema{types{name}}}", DefaultLimits(), CodeInvalid},
		{"a subscription that hangs on a variable", "subscription($a:Boolean!){happened @include(if:$a){id}}", DefaultLimits(), CodeInvalid},
		{"a subscription whose fragment hangs on a variable", "subscription($a:Boolean!){...A @skip(if:$a)}fragment A on Subscription{happened{id}}", DefaultLimits(), CodeInvalid},
		{"a subscription whose items cost as much as a query may", "subscription{happened{chief{staff(first:80){nodes{staff(first:80){nodes{id}}}}}}}", DefaultLimits(), CodeCost},
		{"introspection nested through fields", `{__schema{types{fields{type{fields{type{fields{name}}}}}}}}`, DefaultLimits(), CodeDepth},
		{"introspection asked over and over", `{` + introspections(5) + `}`, DefaultLimits(), CodeExpansion},
		{"a document over 64 KB", "{hello #" + strings.Repeat("x", 64<<10) + "\n}", DefaultLimits(), CodeTooLarge},
		{"a name of 200 bytes", "{" + strings.Repeat("x", 200) + "}", DefaultLimits(), CodeTooLarge},
		{"bytes that are not UTF-8", "{hello(x:\"\xff\")}", DefaultLimits(), CodeSyntax},
		{"nothing", "", DefaultLimits(), CodeOperation},
		{"a lone quote", `{hello(x:"`, DefaultLimits(), CodeSyntax},
		{"a control character", "{\x00}", DefaultLimits(), CodeSyntax},
		{"an empty selection", "{officer{}}", DefaultLimits(), CodeSyntax},
		{"an object without selections", "{officer}", DefaultLimits(), CodeInvalid},
		{"a leaf with selections", "{hello{x}}", DefaultLimits(), CodeInvalid},
		{"240 variables", "query(" + numbered(240, "$v%d:Int ") + "){hello}", DefaultLimits(), CodeDefinitions},
		{"variables of unknown types", "query(" + numbered(90, "$v%d:Nothing ") + "){hello}", DefaultLimits(), CodeInvalid},
		{"variables of output types", "query(" + numbered(90, "$v%d:[Officer!] ") + "){hello}", DefaultLimits(), CodeInvalid},
		{"unknown arguments", "{officer(" + numbered(300, "a%d:1 ") + "){id}}", DefaultLimits(), CodeInvalid},
		{"an argument over and over", "{officer(" + strings.Repeat("id:1 ", 300) + "){id}}", DefaultLimits(), CodeInvalid},
		{"unknown fields of an object literal", "{search(filter:{" + numbered(300, "a%d:1 ") + "}){id}}", DefaultLimits(), CodeInvalid},
		{"a missing variable definition", "{officer(id:$id){id}}", DefaultLimits(), CodeInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, err := New(testSchema(t), test.limits)
			if err != nil {
				t.Fatal(err)
			}
			within(t, func() {
				_, err := g.Check(test.query, "", nil)
				refusals := AsErrors(err)
				if len(refusals) == 0 {
					t.Errorf("got %v, want a refusal %s", err, test.want)
					return
				}
				if got := refusals[0].Code; got != test.want {
					t.Errorf("refused with %s (%v), want %s", got, err, test.want)
				}
				if len(refusals[0].Locations) == 0 || refusals[0].Message == "" {
					t.Errorf("refusal lacks its place or its words: %+v", refusals[0])
				}
				if len(err.Error()) > 4000 {
					t.Errorf("refusal has %d bytes", len(err.Error()))
				}
			})
		})
	}
}

func doublingChain(levels int) string {
	var b strings.Builder
	b.WriteString("{ officer { ...f0 } }\n")
	for i := range levels {
		fmt.Fprintf(&b, "fragment f%d on Officer { chief { ...f%d } }\n", i, i+1)
	}
	fmt.Fprintf(&b, "fragment f%d on Officer { id }\n", levels)
	return b.String()
}

func nestedTwins(levels int) string {
	inner := "id"
	for range levels {
		inner = "chief{" + inner + "} chief{" + inner + "}"
	}
	return "{officer{" + inner + "}}"
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func unknownFields(n int) string  { return numbered(n, "unknown%d ") }
func aliases(n int) string        { return numbered(n, "a%d:hello ") }
func fragments(n int) string      { return numbered(n, "fragment f%d on Officer{id} ") }
func operations(n int) string     { return numbered(n, "query q%d{hello} ") }
func introspections(n int) string { return numbered(n, "s%d:__schema{types{name}} ") }

func TestHonestDocumentsPass(t *testing.T) {
	introspection, err := os.ReadFile("testdata/introspection.graphql")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, query, operation string
		variables              map[string]any
		want                   Cost
	}{
		{"a single field", `{hello}`, "", nil, Cost{Total: 1, Fields: 1, Depth: 1}},
		{"an officer with staff", `query Q($n: Int = 5) {officer(id: "o1") {id staff(first: $n) {total nodes {id name}}}}`, "", nil,
			Cost{Total: 1 + 1 + 1 + 5*(1+1+2), Fields: 7, Depth: 4}},
		{"a page size from a variable", `query Q($n: Int = 5) {officers(first: $n) {nodes {id}}}`, "Q", map[string]any{"n": 50}, Cost{Total: 1 + 50*2, Fields: 3, Depth: 3}},
		{"a list without page size", `{search {id}}`, "", nil, Cost{Total: 1 + 20, Fields: 2, Depth: 2}},
		{"edges of a connection count once", `{officers(first: 10) {edges {node {id}}}}`, "", nil, Cost{Total: 1 + 10*3, Fields: 4, Depth: 4}},
		{"a fragment used twice", `{a: officer {...F} b: officer {...F}} fragment F on Officer {id name}`, "", nil, Cost{Total: 6, Fields: 8, Depth: 2}},
		{"one operation of two", `query A {hello} query B {officer {id}}`, "B", nil, Cost{Total: 2, Fields: 2, Depth: 2}},
		{"fourteen levels below the operation", "{officer{" + nested("chief", 13, "id") + "}}", "", nil, Cost{Total: 15, Fields: 15, Depth: 15}},
		{"a comment in Chinese before a name", "{ # 查询\n hello }", "", nil, Cost{Total: 1, Fields: 1, Depth: 1}},
		{"a byte order mark", "\ufeff{\ufeffhello}", "", nil, Cost{Total: 1, Fields: 1, Depth: 1}},
		{"a block string with Chinese text", "{search(tags: \"\"\"\n 廉政 \\\"\"\" # no comment\n\"\"\") {id}}", "", nil, Cost{Total: 21, Fields: 2, Depth: 2}},
		{"the introspection query of GraphiQL", string(introspection), "IntrospectionQuery", nil, Cost{}},
		{"thirty members of a union under their own conditions", "{record{" + strings.Repeat("...on Officer{name} ", 30) + "}}", "", nil, Cost{Total: 31, Fields: 61, Depth: 2}},
	}
	g := testGuard(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checked, err := g.Check(test.query, test.operation, test.variables)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, checked.Cost); diff != "" && test.want != (Cost{}) {
				t.Errorf("cost (-want +got):\n%s", diff)
			}
			if checked.Operation == nil || checked.Document == nil {
				t.Error("document or operation is missing")
			}
		})
	}
}

func TestTheIntrospectionQueryAnswers(t *testing.T) {
	introspection, err := os.ReadFile("testdata/introspection.graphql")
	if err != nil {
		t.Fatal(err)
	}
	g := testGuard(t)
	checked, err := g.Check(string(introspection), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	result := graphql.Execute(graphql.ExecuteParams{Schema: *g.schema, AST: checked.Document})
	if result.HasErrors() {
		t.Fatal(result.Errors)
	}
}

func TestErrorsPointAtTheirPlace(t *testing.T) {
	tests := []struct {
		name, query string
		want        Location
	}{
		{"an unknown field on the third line", "{\n  hello\n  helo\n}", Location{3, 3}},
		{"a field behind Chinese text counts characters", "{search(tags: \"廉政\") {nope}}", Location{1, 22}},
		{"a field behind a Chinese comment", "{ # 查询\r\n nope}", Location{2, 2}},
		{"a syntax error at the end", "{\nhello\n", Location{3, 1}},
		{"an argument the validator refuses", "{hello\n officer(nr: 1) {id}}", Location{2, 10}},
	}
	g := testGuard(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := g.Check(test.query, "", nil)
			refusals := AsErrors(err)
			if len(refusals) == 0 {
				t.Fatal("not refused")
			}
			if diff := cmp.Diff([]Location{test.want}, refusals[0].Locations); diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// A value in the document is refused as one in a variable is: by its place.
func TestWrongLiteralsAreRefusedByName(t *testing.T) {
	tests := []struct{ argument, want string }{
		{`tags: [1]`, `argument tags[0]: expected String, found 1`},
		{`tags: [["a"]]`, `argument tags[0]: expected String, found ["a"]`},
		{`filter: {unit: 1}`, `argument filter.unit: expected String, found 1`},
		{`filter: {unit: "a", years: [2024, "2025"]}`, `argument filter.years[1]: expected Int, found "2025"`},
		{`filter: {unit: "a", grade: GOOD}`, `argument filter.grade: Grade has no value "GOOD"`},
		{`filter: {unit: "a", grade: "EXCELLENT"}`, `argument filter.grade: expected Grade, found "EXCELLENT"`},
		{`filter: {unit: "a", rank: 1}`, `argument filter: Filter has no field "rank"`},
		{`filter: "a"`, `argument filter: expected Filter, found "a"`},
		{`position: 1.5`, `argument position: expected Long, found 1.5`},
		{`position: {a: 1}`, `argument position: expected Long, found {a: 1}`},
		{`share: "half"`, `argument share: expected Float, found "half"`},
		{`open: 1`, `argument open: expected Boolean, found 1`},
		{`grade: 1`, `argument grade: expected Grade, found 1`},
	}
	g := testGuard(t)
	for _, test := range tests {
		_, err := g.Check("{search("+test.argument+"){id}}", "", nil)
		if refusals := AsErrors(err); len(refusals) != 1 || refusals[0].Message != test.want || refusals[0].Step != StepFields || refusals[0].Locations[0].Column < 9 {
			t.Errorf("%s: got %v, want %s", test.argument, err, test.want)
		}
	}
	for _, right := range []string{`tags: "one"`, `tags: ["a", "b"]`, `filter: {unit: "a"}`, `filter: {unit: $s, years: [$n]}`, `tags: [$s]`, `share: 1`, `position: 9007199254740993`, `grade: EXCELLENT`} {
		if _, err := g.Check("query($s: String!, $n: Int!) {search("+right+"){id} officers(first: $n) {nodes {id}} officer(id: $s) {id}}", "", map[string]any{"s": "a", "n": 1}); err != nil && !strings.Contains(err.Error(), "used in position") {
			t.Errorf("%s: %v", right, err)
		}
	}
}

// The step tells how far a document came.
func TestARefusalSaysItsStep(t *testing.T) {
	g := testGuard(t)
	for query, want := range map[string]Step{
		"{":                                   StepParse,
		"{\x00}":                              StepScan,
		"{...A}":                              StepStructure,
		"{nothing}":                           StepFields,
		"{officer(x:1){id}}":                  StepFields,
		"query($v:T){hello}":                  StepFields,
		"{hello{x}}":                          StepFields,
		"{search(filter:{x:1}){id}}":          StepFields,
		"{search(filter:[{unit:{x:1}}]){id}}": StepFields,
		"{officer{" + nested("chief", 14, "id") + "}}": StepExpansion,
		"{" + strings.Repeat("hello ", 60) + "}":       StepMerging,
		"{officer}":                                    StepValidate,
		"query A{hello} query B{hello}":                StepRequest,
		"query($v:Int!){officers(first:$v){total}}":    StepRequest,
	} {
		_, err := g.Check(query, "", nil)
		if refusals := AsErrors(err); len(refusals) == 0 || refusals[0].Step != want {
			t.Errorf("%.60s: %v at step %s, want %s", query, err, refusals[0].Step, want)
		}
	}
}

func TestOperationsAreChosenByName(t *testing.T) {
	const query = "query A {hello} mutation B {file}"
	g := testGuard(t)
	for name, want := range map[string]string{"A": "query", "B": "mutation", "": "", "C": ""} {
		document, err := g.Document(query)
		if err != nil {
			t.Fatal(err)
		}
		operation, err := document.Operation(name)
		if want == "" {
			if refusals := AsErrors(err); len(refusals) != 1 || refusals[0].Code != CodeOperation {
				t.Errorf("operation %q: got %v, want %s", name, err, CodeOperation)
			}
			continue
		}
		if err != nil || operation.Operation != want {
			t.Errorf("operation %q: got %v %v, want %s", name, operation, err, want)
		}
	}
}

func TestTheCacheIsBoundedAndStillWeighsVariables(t *testing.T) {
	limits := DefaultLimits()
	limits.Cached = 2
	g, err := New(testSchema(t), limits)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if _, err := g.Check(fmt.Sprintf("{a%d: hello}", i), "", nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := g.passed.Len(); n != 2 {
		t.Errorf("cache holds %d documents, want 2", n)
	}
	const query = "query($n: Int) {officers(first: $n) {nodes {id}}}"
	if _, err := g.Check(query, "", map[string]any{"n": 10}); err != nil {
		t.Fatal(err)
	}
	_, err = g.Check(query, "", map[string]any{"n": 1_000_000})
	if refusals := AsErrors(err); len(refusals) != 1 || refusals[0].Code != CodeCost {
		t.Errorf("a cached document with a huge page: got %v, want %s", err, CodeCost)
	}
}

func TestAGuardServesManyAtOnce(t *testing.T) {
	g := testGuard(t)
	g.schema.QueryType().Fields()["record"].Resolve = func(graphql.ResolveParams) (any, error) {
		return map[string]any{"id": "o1", "name": "Wang"}, nil
	}
	var group sync.WaitGroup
	for i := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for j := range 20 {
				query := fmt.Sprintf("query($g: Grade){x%d: search(grade: $g) {grade} record {id ...on Officer {name}}}", (i+j)%7)
				checked, err := g.Check(query, "", map[string]any{"g": "EXCELLENT"})
				if err != nil {
					t.Error(err)
					continue
				}
				result := graphql.Execute(graphql.ExecuteParams{Schema: *g.schema, AST: checked.Document, Args: checked.Variables})
				if result.HasErrors() {
					t.Error(result.Errors)
				}
			}
		}()
	}
	group.Wait()
}

func TestAsErrorsKnowsOnlyItsOwn(t *testing.T) {
	if got := AsErrors(errors.New("disk failed")); got != nil {
		t.Errorf("got %v, want nil", got)
	}
}
