package plan

import (
	"fmt"
	"slices"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// conjunction are conditions that must all hold, sorted. Each is twice the
// number of a variable in Plan.conditions, and one more where the variable
// must be true; otherwise it must be false.
type conjunction []int32

func (c conjunction) holds(values []bool) bool {
	for _, literal := range c {
		if values[literal>>1] != (literal&1 == 1) {
			return false
		}
	}
	return true
}

// implies says that d holds whenever c does.
func (c conjunction) implies(d conjunction) bool {
	for _, literal := range d {
		if !slices.Contains(c, literal) {
			return false
		}
	}
	return true
}

// conditions adds what @skip and @include say to outer; asked is false where
// they leave the selection out whatever the variables are.
func (c *compiler) conditions(directives []*ast.Directive, outer conjunction) (when conjunction, asked bool) {
	when = outer
	for _, d := range directives {
		var want bool
		switch d.Name.Value {
		case graphql.SkipDirective.Name:
		case graphql.IncludeDirective.Name:
			want = true
		default:
			continue
		}
		for _, argument := range d.Arguments {
			if argument.Name.Value != "if" {
				continue
			}
			switch value := argument.Value.(type) {
			case *ast.BooleanValue:
				if value.Value != want {
					return nil, false
				}
			case *ast.Variable:
				literal := c.condition(value.Name.Value) << 1
				if want {
					literal++
				}
				if !slices.Contains(when, literal) {
					when = append(slices.Clone(when), literal)
					slices.Sort(when)
				}
			}
		}
	}
	return when, true
}

func (c *compiler) condition(name string) int32 {
	n, ok := c.names[name]
	if !ok {
		n = len(c.plan.conditions)
		c.names[name] = n
		c.plan.conditions = append(c.plan.conditions, name)
	}
	return int32(n)
}

// decide reads the variables of the conditions.
func (p *Plan) decide(out []bool, variables map[string]any) ([]bool, error) {
	out = out[:0]
	for _, name := range p.conditions {
		value, ok := variables[name].(bool)
		if !ok {
			return nil, &InputError{fmt.Sprintf("variable $%s is null; @skip and @include take true or false", name), p.operation.GetLoc().Start}
		}
		out = append(out, value)
	}
	return out, nil
}

// choose returns the fields of a set that a request asks for, in the order in
// which it first asks for each.
func (s *set) choose(values []bool) []*field {
	out := make([]*field, 0, len(s.fields))
	for _, c := range s.choices {
		if c.when.holds(values) && !slices.Contains(out, c.field) {
			out = append(out, c.field)
		}
	}
	return out
}

// asked returns the selections of a field that a request asks for.
func (f *field) asked(values []bool) []*ast.Field {
	if f.whens == nil {
		return f.nodes
	}
	var out []*ast.Field
	for i, node := range f.nodes {
		if f.whens[i].holds(values) && !slices.Contains(out, node) {
			out = append(out, node)
		}
	}
	return out
}
