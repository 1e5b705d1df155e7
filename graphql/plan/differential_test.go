package plan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

var theWorld = over(world(false))

// difference holds the executor against the library over another schema, or
// the same: equal data as JSON values, and equal errors. It is empty where they
// agree.
func difference(t testing.TB, s, other *subject, text string, variables map[string]any) string {
	t.Helper()
	root := &thing{"Query", 0}
	got := s.execute(t, text, root, variables)
	lib := other.library(t, text, root, variables)
	data, err := json.Marshal(lib.Data)
	if err != nil {
		t.Fatal(err)
	}
	if lib.Data == nil {
		data = []byte("null")
	}
	want, have := decoded(t, data), decoded(t, got.Data)
	if diff := cmp.Diff(want, have); diff != "" {
		return fmt.Sprintf("%s\ndata (-library +plan):\n%s", text, diff)
	}
	var theirs, ours []place
	for _, e := range lib.Errors {
		theirs = append(theirs, where(have, e.Message, e.Path))
	}
	for _, e := range got.Errors {
		ours = append(ours, where(have, e.Error(), e.Path))
	}
	if diff := cmp.Diff(settled(theirs), settled(ours)); diff != "" {
		return fmt.Sprintf("%s\n%s\nerrors (-library +plan):\n%s", text, got.Data, diff)
	}
	return ""
}

func decoded(t testing.TB, data []byte) any {
	t.Helper()
	if !jsontext.Value(data).IsValid() { // looks for members that stand twice
		t.Fatalf("not JSON: %s", data)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var out any
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return numbers(out)
}

// numbers makes numbers comparable whatever their notation.
func numbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case json.Number:
		f, _ := v.Float64()
		return f
	}
	return v
}

// place is an error and, where null went to a parent, the path of the parent.
// Which errors of what is taken back are met before that happens is left to
// the order of execution, and the library's is random.
type place struct{ said, under string }

func where(data any, message string, path []any) place {
	for i, step := range path {
		if data == nil {
			return place{under: fmt.Sprint(path[:i])}
		}
		switch step := step.(type) {
		case string:
			data = data.(map[string]any)[step]
		case int:
			data = data.([]any)[step]
		}
	}
	return place{said: say(message, path)}
}

func settled(places []place) []string {
	var out []string
	for _, p := range places {
		out = append(out, p.said+p.under)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestAgreesWithTheLibraryWhereItIsRight(t *testing.T) {
	variables := map[string]any{"t": true, "f": false, "n": 5, "in": map[string]any{"must": true, "color": "BLUE"}, "s": "x"}
	for _, text := range []string{
		`{ name none pointer id int text float large flag color blue even numbers words }`,
		`{ a { name a { name } } b { id } nothing { id } wrong { id } }`,
		`{ as { id as { id name } } named { name __typename ... on A { int } ... on B { flag } } either { __typename ... on Named { name } } }`,
		`{ lazyA { lazyA { lazyB { lazyNames { name named { name } } } } } lazyB { lazyNone { name } } lazyItems }`,
		`{ lazyFail { id } fail panics { id } holes notList }`,
		`{ a { mustFail } as { a { mustNull } } a2: a { b { b { mustFail } } name } lazyA { as { mustFail } } }`,
		`{ x: as { mustFail } name }`,
		`{ named { name a { mustFail name } } }`,
		`{ b { ...F } x: a { ...F } } fragment F on Named { name ...G } fragment G on Named { a { id } named { ...H } } fragment H on Named { name }`,
		`query ($t: Boolean!, $f: Boolean!) { a @skip(if: $t) { id } b @include(if: $t) { id name @skip(if: true) } a @include(if: $f) { name } a { int } }`,
		`query ($f: Boolean!, $t: Boolean!) { a { ...F @include(if: $f) } a { ... @include(if: $t) { ...F } } } fragment F on A { id a { name } }`,
		`{ echo x: echo(n: 1, s: "a", f: 1, b: true, id: 7, color: BLUE, in: {must: false}, list: "one") }`,
		`query ($n: Int, $in: In, $s: String = "d", $gone: Int) { echo(n: $n, in: $in, list: [$s, "x"]) x: echo(n: $gone, in: {must: true, n: $n, words: [$s]}) }`,
		`{ __schema { queryType { name fields { name args { name defaultValue type { kind name ofType { name } } } } } directives { name locations } } __type(name: "A") { name interfaces { name } possibleTypes { name } } gone: __type(name: "Z") { name } }`,
	} {
		used := map[string]any{}
		for name, v := range variables {
			if strings.Contains(text, "$"+name+":") {
				used[name] = v
			}
		}
		if diff := difference(t, theWorld, theWorld, text, used); diff != "" {
			t.Error(diff)
		}
	}
}

// FuzzAgainstTheLibrary makes documents out of the input: fields under other
// names, merged, in fragments that are spread in many places, below directives,
// with variables in all depths of arguments, lists of lists, and of what is an
// interface or a union. Where the library is wrong about lazy values the answer
// must be what it gives without any; and an executor that is told of fields
// must say the same as one that asks their resolvers.
func FuzzAgainstTheLibrary(f *testing.F) {
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 0))
		input := make([]byte, seed/2)
		for i := range input {
			input[i] = byte(r.Uint32())
		}
		f.Add(input)
	}
	lazy, eager, told := over(world(false)), over(world(true)), knowing(world(false))
	lazy.unchecked, eager.unchecked, told.unchecked = true, true, true
	f.Fuzz(func(t *testing.T, input []byte) {
		d := &drawn{input: input, left: 60}
		text := d.document()
		variables := map[string]any{"t": d.below(2) == 0, "f": d.below(2) == 0, "n": d.below(9), "s": "v", "in": map[string]any{"must": true}}
		diff := unlike(t, told, lazy, text, variables)
		if diff == "" && !strings.Contains(text, "lazyB") && !strings.Contains(text, "lazyMust") && !strings.Contains(text, "lazyAs") {
			diff = difference(t, lazy, lazy, text, variables)
		}
		if diff == "" && !strings.Contains(text, "lazyItems") {
			diff = difference(t, lazy, eager, text, variables)
		}
		if diff != "" {
			if _, err := theWorld.parse(text); err != nil {
				t.Skipf("%v: %s", err, text) // fields that cannot be merged
			}
			t.Fatal(diff)
		}
	})
}

// drawn draws a document from bytes.
type drawn struct {
	input []byte
	left  int // fields that may still be asked
}

func (d *drawn) below(n int) int {
	if len(d.input) == 0 {
		return 0
	}
	b := d.input[0]
	d.input = d.input[1:]
	return int(b) % n
}

var leafFields = strings.Fields("name none pointer id int text float large flag color blue even numbers words fail holes notList lazyItems lazyInt lazyMust mustFail mustNull __typename")
var objectFields = strings.Fields("a b wrong nothing as lazyA lazyB lazyAs lazyFail panics named either lazyNames lazyNone")
var directives = []string{"", "", "", " @skip(if: $t)", " @include(if: $f)", " @include(if: true)", " @skip(if: $f) @include(if: $t)"}
var echoes = []string{"echo", "echo(n: $n)", `echo(s: $s, list: [$s, "y"])`, "echo(in: $in)", "echo(in: {must: $t, words: [$s]}, b: $f)", `echo(list: [$s, "z"], in: {must: $f, n: $n, color: BLUE})`, "echo(color: BLUE, f: 2, id: 3)"}

func (d *drawn) document() string {
	var b strings.Builder
	b.WriteString("query ($t: Boolean!, $f: Boolean!, $n: Int, $s: String!, $in: In = {must: false}) { ")
	b.WriteString("used: echo(n: $n, s: $s, in: $in) @skip(if: $t) used2: __typename @include(if: $f) ")
	d.selections(&b, "Query", 4)
	b.WriteString("a { ...N ...M } } fragment N on Named { ")
	d.selections(&b, "Named", 1)
	b.WriteString("} fragment M on Named { name ...N ")
	d.selections(&b, "Named", 2)
	b.WriteString("}")
	return b.String()
}

func (d *drawn) selections(b *strings.Builder, on string, depth int) {
	for range 1 + d.below(6) {
		d.left--
		choice := d.below(8)
		switch {
		case on == "Named" && (choice < 3 || depth == 0 || d.left < 0):
			b.WriteString("name ")
		case on == "Either" && (choice < 3 || depth == 0 || d.left < 0):
			b.WriteString("__typename ")
		case on == "Named" || on == "Either":
			fmt.Fprintf(b, "... on %s%s { ", []string{"A", "B", "Named"}[choice%3], directives[d.below(len(directives))])
			d.selections(b, []string{"A", "B", "Named"}[choice%3], depth-1)
			b.WriteString("} ")
		case choice == 1 && on != "" && depth > 0 && depth < 4: // a fragment would lead back to itself deeper down
			fmt.Fprintf(b, "... %s{ ", strings.TrimLeft(directives[d.below(len(directives))]+" ", " "))
			d.selections(b, on, depth-1)
			b.WriteString("} ")
		case choice == 0:
			n := d.below(len(echoes))
			fmt.Fprintf(b, "e%d: %s%s ", n, echoes[n], directives[d.below(len(directives))])
		case choice < 4 || depth == 0 || d.left < 0:
			name := leafFields[d.below(len(leafFields))]
			fmt.Fprintf(b, "%s%s%s ", []string{"", "x" + name + ": "}[d.below(2)], name, directives[d.below(len(directives))])
		default:
			name := objectFields[d.below(len(objectFields))]
			fmt.Fprintf(b, "%s%s%s { ", []string{"", "", "y" + name + ": "}[d.below(3)], name, directives[d.below(len(directives))])
			d.selections(b, map[string]string{"named": "Named", "lazyNames": "Named", "lazyNone": "Named", "either": "Either"}[name], depth-1)
			b.WriteString("} ")
		}
	}
}
