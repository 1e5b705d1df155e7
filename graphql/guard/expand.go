package guard

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// Cost is what one operation asks for.
type Cost struct {
	// Total is one per field, times the page size below lists.
	Total int64
	// Fields is the number of fields and spreads with fragments expanded.
	Fields int64
	// Depth is the deepest nesting of selections outside introspection.
	Depth int
}

// tally sums up a selection set, fragments expanded. All numbers saturate.
type tally struct {
	cost, fields   int64
	depth          int
	introspections int64
	introDepth     int // depth below __schema and __type
	introLists     int // nesting of the recursive lists of __Type
}

func (t *tally) add(other tally) {
	t.cost = plus(t.cost, other.cost)
	t.fields = plus(t.fields, other.fields)
	t.introspections = plus(t.introspections, other.introspections)
	t.depth = max(t.depth, other.depth)
	t.introDepth = max(t.introDepth, other.introDepth)
	t.introLists = max(t.introLists, other.introLists)
}

// expansion weighs the operations of one document for one set of variables.
type expansion struct {
	schema    *graphql.Schema
	document  *document
	limits    Limits
	variables map[string]any
	defaults  map[string]ast.Value
	memo      map[string]tally
}

// weigh returns the tally of an operation. Each fragment is walked once.
func (d *document) weigh(schema *graphql.Schema, operation *ast.OperationDefinition, variables map[string]any, limits Limits) tally {
	x := &expansion{
		schema: schema, document: d, limits: limits, variables: variables,
		defaults: map[string]ast.Value{}, memo: map[string]tally{},
	}
	for _, v := range operation.VariableDefinitions {
		x.defaults[v.Variable.Name.Value] = v.DefaultValue
	}
	t := x.set(operation.SelectionSet, rootType(schema, operation))
	t.depth++
	t.introDepth++
	if operation.Operation == ast.OperationTypeSubscription {
		// An item comes as often as something happens: it is weighed like a
		// page of them.
		t.cost = times(t.cost, limits.PageSize)
	}
	return t
}

// checkShape refuses a tally beyond the caps that variables cannot change.
func (t tally) checkShape(limits Limits, at int) *refusal {
	switch {
	case t.depth > limits.Depth:
		return &refusal{CodeDepth, fmt.Sprintf("selections are nested %d deep, more than %d", t.depth, limits.Depth), at}
	case t.introDepth > limits.IntrospectionDepth:
		return &refusal{CodeDepth, fmt.Sprintf("introspection is nested %d deep, more than %d", t.introDepth, limits.IntrospectionDepth), at}
	case t.introLists > limits.IntrospectionLists:
		return &refusal{CodeDepth, fmt.Sprintf("lists of __Type are nested %d deep, more than %d", t.introLists, limits.IntrospectionLists), at}
	case t.introspections > limits.Introspections:
		return &refusal{CodeExpansion, fmt.Sprintf("__schema and __type are asked more than %d times", limits.Introspections), at}
	case t.fields > limits.ExpandedFields:
		return &refusal{CodeExpansion, fmt.Sprintf("with its fragments the operation has more than %d fields", limits.ExpandedFields), at}
	}
	return nil
}

func (t tally) checkCost(limits Limits, at int) *refusal {
	if t.cost <= limits.Cost {
		return nil
	}
	return &refusal{CodeCost, fmt.Sprintf("the operation costs %s, more than %d; ask for fewer at a time (first, last)", figure(t.cost), limits.Cost), at}
}

func (x *expansion) set(set *ast.SelectionSet, parent graphql.Type) tally {
	var sum tally
	if set == nil {
		return sum
	}
	for _, selection := range set.Selections {
		switch selection := selection.(type) {
		case *ast.Field:
			sum.add(x.field(selection, parent))
		case *ast.InlineFragment:
			inner := parent
			if selection.TypeCondition != nil {
				inner = composite(x.schema.Type(selection.TypeCondition.Name.Value))
			}
			sum.add(tally{fields: 1})
			sum.add(x.set(selection.SelectionSet, inner))
		case *ast.FragmentSpread:
			sum.add(tally{fields: 1})
			sum.add(x.fragment(selection.Name.Value))
		}
	}
	return sum
}

func (x *expansion) fragment(name string) tally {
	if t, ok := x.memo[name]; ok {
		return t
	}
	fragment := x.document.fragments[name]
	t := x.set(fragment.SelectionSet, composite(x.schema.Type(fragment.TypeCondition.Name.Value)))
	x.memo[name] = t
	return t
}

func (x *expansion) field(field *ast.Field, parent graphql.Type) tally {
	definition := fieldOf(x.schema, parent, field.Name.Value)
	if definition == nil || field.SelectionSet == nil {
		return tally{cost: 1, fields: 1}
	}
	below := x.set(field.SelectionSet, composite(definition.Type))
	t := below
	t.cost = plus(1, times(below.cost, x.factor(field, definition, parent)))
	t.fields = plus(1, below.fields)
	t.depth = below.depth + 1
	switch {
	case definition == graphql.SchemaMetaFieldDef || definition == graphql.TypeMetaFieldDef:
		t.introspections = plus(1, below.introspections)
		t.cost = plus(t.cost, x.limits.IntrospectionCost)
		t.introDepth, t.depth = below.depth+1, 0
	case parent.Name() == "__Type" && recursiveLists[definition.Name]:
		t.introLists++
	}
	return t
}

// recursiveLists are the lists through which a type leads to more types.
var recursiveLists = map[string]bool{"fields": true, "inputFields": true, "interfaces": true, "possibleTypes": true}

// factor is how many times what lies below a field is expected: the page size
// for a list or a connection. The lists directly in a connection (edges,
// nodes) are its one page, already counted at the connection.
func (x *expansion) factor(field *ast.Field, definition *graphql.FieldDefinition, parent graphql.Type) int64 {
	if strings.HasPrefix(parent.Name(), "__") {
		return 1
	}
	size, asked := x.page(field, definition)
	switch {
	case asked:
		return size
	case isConnection(composite(definition.Type)):
		return x.limits.DefaultPage
	case isList(definition.Type) && !isConnection(parent):
		return size
	}
	return 1
}

func isConnection(t graphql.Type) bool {
	return t != nil && strings.HasSuffix(t.Name(), "Connection")
}

func isList(t graphql.Type) bool {
	_, ok := graphql.GetNullable(t).(*graphql.List)
	return ok
}

// page is the larger of first and last, or the default of either argument, or
// the default page size. A value that is no positive number is left for
// coercion and resolvers to refuse and weighs a default page.
func (x *expansion) page(field *ast.Field, definition *graphql.FieldDefinition) (size int64, asked bool) {
	for _, argument := range field.Arguments {
		if key := argument.Name.Value; key != "first" && key != "last" {
			continue
		}
		if n, ok := x.number(argument.Value); ok && n >= 0 {
			size, asked = max(size, n), true
		}
	}
	if asked {
		return size, true
	}
	for _, argument := range definition.Args {
		if argument.PrivateName != "first" && argument.PrivateName != "last" {
			continue
		}
		if n, ok := integer(argument.DefaultValue); ok && n >= 0 {
			size, asked = max(size, n), true
		}
	}
	if asked {
		return size, true
	}
	return x.limits.PageSize, false
}

func (x *expansion) number(value ast.Value) (int64, bool) {
	switch value := value.(type) {
	case *ast.IntValue:
		return integer(json.Number(value.Value))
	case *ast.Variable:
		if given, ok := x.variables[value.Name.Value]; ok {
			return integer(given)
		}
		if fallback, ok := x.defaults[value.Name.Value].(*ast.IntValue); ok {
			return integer(json.Number(fallback.Value))
		}
	}
	return 0, false
}

// integer reads a whole number; what is beyond an int64 saturates.
func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case float64:
		if v >= math.MaxInt64 {
			return math.MaxInt64, true
		}
		return int64(v), v == math.Trunc(v)
	case json.Number:
		if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			return n, true
		}
		if f, err := v.Float64(); err == nil {
			return integer(f)
		}
		return math.MaxInt64, !strings.HasPrefix(string(v), "-")
	}
	return 0, false
}

func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func times(a, b int64) int64 {
	if a != 0 && b > math.MaxInt64/a {
		return math.MaxInt64
	}
	return a * b
}

func figure(n int64) string {
	if n == math.MaxInt64 {
		return "beyond measure"
	}
	return strconv.FormatInt(n, 10)
}
