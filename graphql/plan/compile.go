package plan

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// Plan is one compiled operation. It never changes and is safe for concurrent
// use.
type Plan struct {
	x         *Executor
	operation *ast.OperationDefinition
	fragments map[string]ast.Definition
	root      *set
	variables []variable
	// conditions are the variables that @skip and @include look at.
	conditions []string
	// The numbers of sets with conditions, of fields whose arguments hold
	// variables, and of all fields.
	conditional, asking, fields int
	// size is how long the last answer was, in bytes.
	size atomic.Int64
}

// set is what is asked of one object type in one place of the operation,
// fragments flattened.
type set struct {
	parent *graphql.Object
	fields []*field
	typed  bool // all fields are typed leaves
	// choices are all selections in the order of the document, where some
	// hang on a variable; a request then has its own list of fields, kept
	// under id. Otherwise nil.
	choices []choice
	id      int
}

type choice struct {
	field *field
	when  conjunction
}

// field is one member of the answer.
type field struct {
	key       string
	label     []byte // the key in JSON, with the colon
	following []byte // the same behind a comma
	at        int    // its place in the set
	parent    *graphql.Object
	def       *graphql.FieldDefinition
	resolve   graphql.FieldResolveFn
	typed     Typed
	typename  []byte // the answer, where it is __typename
	out       *output
	// nodes are the selections that were merged into this field, whens the
	// conditions of each; nil where there are none.
	nodes []*ast.Field
	whens []conjunction
	arguments
}

type kind uint8

const (
	kindLeaf kind = iota
	kindList
	kindObject
	kindAbstract
)

// output is the type of a value and what is asked below it.
type output struct {
	kind    kind
	nonNull bool
	typ     graphql.Type // without NonNull
	leaf    *leaf
	item    *output
	set     *set
	sets    map[string]*set // by the name of the concrete type
}

// compiler works for one plan.
type compiler struct {
	plan *Plan
	x    *Executor
	// done holds the sets by what they were made from: fragments used in
	// many places are compiled once for each type.
	done  map[string]*set
	names map[string]int // of conditions
}

// Compile makes the plan of an operation without looking at the cache.
func (x *Executor) Compile(document *ast.Document, operation *ast.OperationDefinition) (p *Plan, err error) {
	defer func() {
		if cause := recover(); cause != nil { // a scalar that cannot read a literal
			p, err = nil, x.recovered(cause)
		}
	}()
	p = &Plan{x: x, operation: operation, fragments: map[string]ast.Definition{}}
	for _, d := range document.Definitions {
		if f, ok := d.(*ast.FragmentDefinition); ok {
			p.fragments[f.Name.Value] = f
		}
	}
	root, err := rootOf(&x.schema, operation)
	if err != nil {
		return nil, err
	}
	if p.variables, err = x.variables(operation); err != nil {
		return nil, err
	}
	c := &compiler{plan: p, x: x, done: map[string]*set{}, names: map[string]int{}}
	p.root = c.set(root, []source{{set: operation.SelectionSet}})
	return p, nil
}

func rootOf(schema *graphql.Schema, operation *ast.OperationDefinition) (*graphql.Object, error) {
	var root *graphql.Object
	switch operation.Operation {
	case ast.OperationTypeMutation:
		root = schema.MutationType()
	case ast.OperationTypeSubscription:
		root = schema.SubscriptionType()
	default:
		root = schema.QueryType()
	}
	if root == nil {
		return nil, fmt.Errorf("the schema has no %s", operation.Operation)
	}
	return root, nil
}

// source is a selection set and the conditions under which it is asked.
type source struct {
	set  *ast.SelectionSet
	when conjunction
}

// set compiles selection sets that are asked of one object.
func (c *compiler) set(parent *graphql.Object, sources []source) *set {
	name := nameOf(parent, sources)
	if s := c.done[name]; s != nil {
		return s
	}
	s := &set{parent: parent, id: -1}
	c.done[name] = s // before its fields, so that even a cycle would end
	g := gathering{compiler: c, set: s, at: map[string]*gathered{}, seen: map[string][]conjunction{}}
	for _, from := range sources {
		g.collect(from.set, from.when)
	}
	s.typed = true
	for _, one := range g.order {
		f := one.field
		s.typed = s.typed && (f.typed.Append != nil || f.typename != nil)
		f.at = len(s.fields)
		s.fields = append(s.fields, f)
		c.plan.fields++
		if f.typename == nil {
			f.out = c.output(f.def.Type, one.below)
			c.arguments(f)
		}
		if !one.conditional {
			f.whens = nil
		}
	}
	if g.conditional {
		s.id = c.plan.conditional
		c.plan.conditional++
	} else {
		s.choices = nil
	}
	return s
}

// nameOf identifies a set: nodes of one document have one address each.
func nameOf(parent *graphql.Object, sources []source) string {
	var b strings.Builder
	b.WriteString(parent.Name())
	for _, from := range sources {
		fmt.Fprintf(&b, " %p", from.set)
		for _, literal := range from.when {
			b.WriteByte('&')
			b.WriteString(strconv.Itoa(int(literal)))
		}
	}
	return b.String()
}

// gathering flattens the selections of one set.
type gathering struct {
	*compiler
	set         *set
	order       []*gathered
	at          map[string]*gathered
	seen        map[string][]conjunction // the conditions under which a fragment was spread
	conditional bool
}

type gathered struct {
	field       *field
	below       []source
	conditional bool
}

func (g *gathering) collect(selections *ast.SelectionSet, when conjunction) {
	if selections == nil {
		return
	}
	for _, selection := range selections.Selections {
		switch selection := selection.(type) {
		case *ast.Field:
			if when, asked := g.conditions(selection.Directives, when); asked {
				g.field(selection, when)
			}
		case *ast.InlineFragment:
			if when, asked := g.conditions(selection.Directives, when); asked && g.applies(selection.TypeCondition) {
				g.collect(selection.SelectionSet, when)
			}
		case *ast.FragmentSpread:
			g.spread(selection, when)
		}
	}
}

func (g *gathering) spread(spread *ast.FragmentSpread, when conjunction) {
	when, asked := g.conditions(spread.Directives, when)
	name := spread.Name.Value
	fragment, ok := g.plan.fragments[name].(*ast.FragmentDefinition)
	if !asked || !ok {
		return
	}
	for _, earlier := range g.seen[name] {
		if when.implies(earlier) {
			return
		}
	}
	g.seen[name] = append(g.seen[name], when)
	if g.applies(fragment.TypeCondition) {
		g.collect(fragment.SelectionSet, when)
	}
}

func (g *gathering) applies(condition *ast.Named) bool {
	if condition == nil || condition.Name.Value == g.set.parent.Name() {
		return true
	}
	return g.x.possible[condition.Name.Value][g.set.parent.Name()] != nil
}

func (g *gathering) field(node *ast.Field, when conjunction) {
	key := node.Name.Value
	if node.Alias != nil && node.Alias.Value != "" {
		key = node.Alias.Value
	}
	one := g.at[key]
	if one == nil {
		f := g.define(key, node.Name.Value)
		if f == nil {
			return // the validator refuses it
		}
		one = &gathered{field: f}
		g.at[key] = one
		g.order = append(g.order, one)
	}
	one.field.nodes = append(one.field.nodes, node)
	one.field.whens = append(one.field.whens, when)
	if node.SelectionSet != nil {
		one.below = append(one.below, source{node.SelectionSet, when})
	}
	if len(when) > 0 {
		one.conditional, g.conditional = true, true
	}
	g.set.choices = append(g.set.choices, choice{one.field, when})
}

func (g *gathering) define(key, name string) *field {
	parent := g.set.parent
	f := &field{key: key, label: append(strconv.AppendQuote(nil, key), ':'), parent: parent, typed: g.x.config.Typed[parent.Name()][name]}
	f.following = append([]byte{','}, f.label...)
	switch {
	case name == graphql.TypeNameMetaFieldDef.Name:
		f.def, f.typename = graphql.TypeNameMetaFieldDef, strconv.AppendQuote(nil, parent.Name())
	case name == graphql.SchemaMetaFieldDef.Name && parent == g.x.schema.QueryType():
		f.def = graphql.SchemaMetaFieldDef
	case name == graphql.TypeMetaFieldDef.Name && parent == g.x.schema.QueryType():
		f.def = graphql.TypeMetaFieldDef
	default:
		f.def = parent.Fields()[name]
	}
	if f.def == nil {
		return nil
	}
	if f.resolve = f.def.Resolve; f.resolve == nil {
		f.resolve = graphql.DefaultResolveFn
	}
	return f
}

func (c *compiler) output(t graphql.Type, below []source) *output {
	if nonNull, ok := t.(*graphql.NonNull); ok {
		o := c.output(nonNull.OfType, below)
		o.nonNull = true
		return o
	}
	o := &output{typ: t}
	switch t := t.(type) {
	case *graphql.List:
		o.kind, o.item = kindList, c.output(t.OfType, below)
	case *graphql.Object:
		o.kind, o.set = kindObject, c.set(t, below)
	case *graphql.Union, *graphql.Interface:
		o.kind, o.sets = kindAbstract, map[string]*set{}
		for name, concrete := range c.x.possible[t.Name()] {
			o.sets[name] = c.set(concrete, below)
		}
	default:
		o.leaf = c.x.leaves[t]
	}
	return o
}
