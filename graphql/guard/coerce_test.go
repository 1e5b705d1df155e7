package guard

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"
)

func operationOf(t *testing.T, text string) *ast.OperationDefinition {
	t.Helper()
	document, err := parser.Parse(parser.ParseParams{Source: text})
	if err != nil {
		t.Fatal(err)
	}
	return document.Definitions[0].(*ast.OperationDefinition)
}

func TestVariablesAreCoerced(t *testing.T) {
	tests := []struct {
		name, definition string
		raw, want        map[string]any
	}{
		{"an absent nullable stays absent", "$a: Int", nil, map[string]any{}},
		{"an explicit null stays null", "$a: Int", map[string]any{"a": nil}, map[string]any{"a": nil}},
		{"a null beats the default", "$a: Int = 3", map[string]any{"a": nil}, map[string]any{"a": nil}},
		{"a default fills an absent variable", "$a: Int = 3", nil, map[string]any{"a": 3}},
		{"a default fills an absent required variable", "$a: Int! = 3", nil, map[string]any{"a": 3}},
		{"a whole JSON number is an Int", "$a: Int", map[string]any{"a": json.Number("1e3")}, map[string]any{"a": 1000}},
		{"the smallest Int", "$a: Int", map[string]any{"a": json.Number("-2147483648")}, map[string]any{"a": -2147483648}},
		{"an Int becomes a Float", "$a: Float", map[string]any{"a": json.Number("2")}, map[string]any{"a": 2.0}},
		{"a number becomes an ID", "$a: ID", map[string]any{"a": json.Number("9007199254740993")}, map[string]any{"a": "9007199254740993"}},
		{"a custom scalar gets its number exactly", "$a: Long", map[string]any{"a": json.Number("9007199254740993")}, map[string]any{"a": int64(9007199254740993)}},
		{"a custom scalar gets its literal exactly", "$a: Long = 9007199254740993", nil, map[string]any{"a": int64(9007199254740993)}},
		{"an enum value keeps its name", "$a: Grade", map[string]any{"a": "EXCELLENT"}, map[string]any{"a": "EXCELLENT"}},
		{"an enum default keeps its name", "$a: Grade = COMPETENT", nil, map[string]any{"a": "COMPETENT"}},
		{"one value stands for a list", "$a: [Int]", map[string]any{"a": 7}, map[string]any{"a": []any{7}}},
		{"null is no list of null", "$a: [Int!]", map[string]any{"a": nil}, map[string]any{"a": nil}},
		{"a list may hold null", "$a: [Int]", map[string]any{"a": []any{1, nil}}, map[string]any{"a": []any{1, nil}}},
		{"a required field takes its default", "$a: Filter", map[string]any{"a": map[string]any{"unit": "u"}},
			map[string]any{"a": map[string]any{"unit": "u", "grade": "COMPETENT"}}},
		{"an object default", `$a: Filter = {unit: "u", grade: EXCELLENT, years: 2024}`, nil,
			map[string]any{"a": map[string]any{"unit": "u", "grade": "EXCELLENT", "years": []any{2024}}}},
		{"a variable nobody defined is left out", "$a: Int", map[string]any{"b": 1}, map[string]any{}},
	}
	schema := testSchema(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := CoerceVariables(schema, operationOf(t, "query("+test.definition+"){hello}"), test.raw)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("coerced (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWrongVariablesAreRefusedByName(t *testing.T) {
	tests := []struct {
		name, definition string
		raw              map[string]any
		want             string
	}{
		{"a missing required variable", "$a: Int!", nil, "variable $a of type Int! is required"},
		{"null for a required variable", "$a: Int!", map[string]any{"a": nil}, "variable $a of type Int! must not be null"},
		{"null for a required variable with a default", "$a: Int! = 3", map[string]any{"a": nil}, "variable $a of type Int! must not be null"},
		{"a string for an Int", "$a: Int", map[string]any{"a": "12"}, `variable $a: expected Int, found "12"`},
		{"a boolean for an Int", "$a: Int", map[string]any{"a": true}, "variable $a: expected Int, found true"},
		{"a fraction for an Int", "$a: Int", map[string]any{"a": json.Number("1.5")}, "variable $a: expected Int (32 bits), found 1.5"},
		{"an Int beyond 32 bits", "$a: Int", map[string]any{"a": json.Number("2147483648")}, "variable $a: expected Int (32 bits), found 2147483648"},
		{"an Int beyond 64 bits", "$a: Int", map[string]any{"a": json.Number("1e999")}, "variable $a: expected Int (32 bits), found 1e999"},
		{"an int64 beyond 32 bits", "$a: Int", map[string]any{"a": int64(1) << 40}, "variable $a: expected Int (32 bits), found 1099511627776"},
		{"NaN for an Int", "$a: Int", map[string]any{"a": math.NaN()}, "variable $a: expected Int (32 bits), found a number that is not finite"},
		{"NaN for a Float", "$a: Float", map[string]any{"a": math.NaN()}, "variable $a: expected Float, found a number that is not finite"},
		{"infinity for a Float", "$a: Float", map[string]any{"a": json.Number("1e999")}, "variable $a: expected Float, found 1e999"},
		{"a string for a Float", "$a: Float", map[string]any{"a": "1"}, `variable $a: expected Float, found "1"`},
		{"a number for a String", "$a: String", map[string]any{"a": 1}, "variable $a: expected String, found 1"},
		{"a number for a Boolean", "$a: Boolean", map[string]any{"a": 1}, "variable $a: expected Boolean, found 1"},
		{"a fraction for an ID", "$a: ID", map[string]any{"a": 1.5}, "variable $a: expected ID, found 1.5"},
		{"an object for an ID", "$a: ID", map[string]any{"a": map[string]any{}}, "variable $a: expected ID, found an object"},
		{"an unknown enum value", "$a: Grade", map[string]any{"a": "GREAT"}, `variable $a: Grade has no value "GREAT"`},
		{"an enum value of another kind", "$a: Grade", map[string]any{"a": 1}, "variable $a: expected Grade, found 1"},
		{"a string as default of an enum", `$a: Grade = "EXCELLENT"`, nil, "variable $a: expected Grade, found \"EXCELLENT\""},
		{"an enum name as default of a String", `$a: String = EXCELLENT`, nil, "variable $a: expected String, found EXCELLENT"},
		{"null within a list of required items", "$a: [Int!]", map[string]any{"a": []any{1, nil}}, "variable $a[1]: must not be null (Int!)"},
		{"a list within a list of Int", "$a: [Int]", map[string]any{"a": []any{[]any{1}}}, "variable $a[0]: expected Int, found a list"},
		{"an unknown field", "$a: Filter", map[string]any{"a": map[string]any{"unit": "u", "units": 1}}, `variable $a: Filter has no field "units"`},
		{"a missing required field", "$a: Filter", map[string]any{"a": map[string]any{}}, "variable $a.unit: is required (String!)"},
		{"a wrong value deep inside", "$a: [Filter]", map[string]any{"a": []any{map[string]any{"unit": "u", "years": []any{2020, "2021"}}}},
			`variable $a[0].years[1]: expected Int, found "2021"`},
		{"a list for an object", "$a: Filter", map[string]any{"a": []any{}}, "variable $a: expected Filter, found a list"},
		{"a fraction for a custom scalar", "$a: Long", map[string]any{"a": json.Number("1.5")}, "variable $a: expected Long, found 1.5"},
		{"a number too long for a custom scalar", "$a: Long", map[string]any{"a": json.Number("1e999")}, "variable $a: expected Long, found 1e999"},
		{"an output type", "$a: Officer", map[string]any{"a": 1}, "variable $a: Officer is not an input type"},
		{"an unknown type", "$a: [Nothing!]", nil, "variable $a: Nothing is not an input type"},
	}
	schema := testSchema(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := CoerceVariables(schema, operationOf(t, "query("+test.definition+"){hello}"), test.raw)
			if err == nil {
				t.Fatalf("coerced to %v", got)
			}
			if err.Error() != test.want {
				t.Errorf("got  %s\nwant %s", err, test.want)
			}
			if refusals := AsErrors(err); len(refusals) != 1 || refusals[0].Code != CodeVariable {
				t.Errorf("got %#v, want one refusal %s", err, CodeVariable)
			}
		})
	}
}

func TestLongValuesAreNotRepeatedInErrors(t *testing.T) {
	_, err := CoerceVariables(testSchema(t), operationOf(t, "query($a: Int){hello}"), map[string]any{"a": strings.Repeat("廉", 10000)})
	if err == nil || len(err.Error()) > 400 {
		t.Errorf("error has %d bytes", len(err.Error()))
	}
}

func TestCoercedVariablesReachResolvers(t *testing.T) {
	schema := testSchema(t)
	var seen map[string]any
	schema.QueryType().Fields()["search"].Resolve = func(p graphql.ResolveParams) (any, error) {
		seen = p.Args
		return nil, nil
	}
	g, err := New(schema, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	checked, err := g.Check(`query($f: Filter, $g: Grade = EXCELLENT, $p: Long) {search(filter: $f, grade: $g, position: $p) {id}}`, "",
		map[string]any{"f": map[string]any{"unit": "u"}, "p": json.Number("9007199254740993")})
	if err != nil {
		t.Fatal(err)
	}
	result := graphql.Execute(graphql.ExecuteParams{Schema: *schema, AST: checked.Document, Args: checked.Variables})
	if result.HasErrors() {
		t.Fatal(result.Errors)
	}
	want := map[string]any{"filter": map[string]any{"unit": "u", "grade": 2}, "grade": 1, "position": int64(9007199254740993)}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
}

// FuzzCoerceVariables gives arbitrary JSON to variables of every kind. What is
// accepted is in input form, so coercing it once more changes nothing.
func FuzzCoerceVariables(f *testing.F) {
	schema := testSchema(f)
	document, err := parser.Parse(parser.ParseParams{Source: `query($i: Int = 3, $f: Float, $s: String, $b: Boolean, $d: ID, $e: Grade,
		$l: Long, $o: Filter, $n: [[Int!]]) {hello}`})
	if err != nil {
		f.Fatal(err)
	}
	operation := document.Definitions[0].(*ast.OperationDefinition)
	f.Add(`{"i":1e3,"f":-0.5,"s":"廉","b":true,"d":12,"e":"EXCELLENT","l":9007199254740993}`)
	f.Add(`{"o":{"unit":"u","years":2024},"n":[1,[2,3],null]}`)
	f.Add(`{"i":2147483648,"f":1e999,"d":1.5,"e":"X","l":"x","o":[],"n":[[null]]}`)
	f.Fuzz(func(t *testing.T, text string) {
		decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
		decoder.UseNumber()
		var raw map[string]any
		if decoder.Decode(&raw) != nil {
			return
		}
		once, err := CoerceVariables(schema, operation, raw)
		if err != nil {
			if refusals := AsErrors(err); len(refusals) != 1 || !strings.Contains(err.Error(), "variable $") {
				t.Errorf("%s: %v does not name its variable", text, err)
			}
			return
		}
		twice, err := CoerceVariables(schema, operation, once)
		if diff := cmp.Diff(once, twice); err != nil || diff != "" {
			t.Errorf("%s: coerced again: %v (-once +twice):\n%s", text, err, diff)
		}
	})
}
