package plan

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/graphql-go/graphql"
)

// errNotLazy is a function of another form than lazy values have.
var errNotLazy = errors.New("Error resolving func. Expected `func() (interface{}, error)` signature")

// value completes and writes a value. false: there is an error or null where
// there must not be, it is recorded, and null has to go to the parent, which
// takes back what was written.
func (e *execution) value(f *field, t *output, value any) bool {
	if later, ok := value.(func() (any, error)); ok {
		e.hold(f, t, later)
		return true
	}
	switch {
	case t.kind == kindLeaf:
		return e.leaf(f, t, value)
	case t.nonNull:
		return e.composite(f, t, value)
	}
	start, holes := len(e.out), len(e.holes)
	e.open = append(e.open, opening{start, -1})
	ok := e.composite(f, t, value)
	opened := e.open[len(e.open)-1]
	e.open = e.open[:len(e.open)-1]
	switch {
	case e.stopped != nil:
		return false
	case !ok:
		e.takeBack(start, holes)
		return e.null(t)
	case opened.region >= 0:
		e.regions[opened.region].end = len(e.out)
	}
	return true
}

// null writes null where it may stand.
func (e *execution) null(t *output) bool {
	if t.nonNull || e.stopped != nil {
		return false
	}
	e.out = append(e.out, "null"...)
	return true
}

// nothing completes the absence of a value.
func (e *execution) nothing(f *field, t *output) bool {
	if t.nonNull {
		e.fail(f, fmt.Errorf("Cannot return null for non-nullable field %s.%s.", f.parent.Name(), f.def.Name))
	}
	return e.null(t)
}

func (e *execution) composite(f *field, t *output, value any) bool {
	if isNil(value) {
		return e.nothing(f, t)
	}
	switch t.kind {
	case kindList:
		return e.list(f, t, value)
	case kindObject:
		return e.typed(f, t.set, value)
	}
	concrete, err := e.typeOf(f, t, value)
	if err == nil && concrete == nil {
		err = fmt.Errorf("Abstract type %s must resolve to an Object type at runtime for field %s.%s.", t.typ.Name(), f.parent.Name(), f.def.Name)
	}
	if err != nil {
		e.fail(f, err)
		return false
	}
	s := t.sets[concrete.Name()]
	if s == nil {
		e.fail(f, fmt.Errorf("Runtime Object type %q is not a possible type for %q.", concrete.Name(), t.typ.Name()))
		return false
	}
	return e.typed(f, s, value)
}

// typed writes an object of a type that may want to look at it first.
func (e *execution) typed(f *field, s *set, value any) bool {
	if s.parent.IsTypeOf != nil {
		is, err := e.is(f, s.parent, value)
		if err == nil && !is {
			err = fmt.Errorf("Expected value of type %q but got: %T.", s.parent.Name(), value)
		}
		if err != nil {
			e.fail(f, err)
			return false
		}
	} else if reflect.TypeOf(value).Kind() == reflect.Func {
		e.fail(f, errNotLazy)
		return false
	}
	return e.object(s, value)
}

func (e *execution) is(f *field, t *graphql.Object, value any) (is bool, err error) {
	defer e.recovering(&err)
	p := graphql.IsTypeOfParams{Value: value, Info: e.params.Info, Context: e.ctx}
	e.about(f, &p.Info)
	return t.IsTypeOf(p), nil
}

// typeOf asks an abstract type what a value is, or else each possible type.
func (e *execution) typeOf(f *field, t *output, value any) (concrete *graphql.Object, err error) {
	var resolve graphql.ResolveTypeFn
	var abstract graphql.Abstract
	switch t := t.typ.(type) {
	case *graphql.Union:
		resolve, abstract = t.ResolveType, t
	case *graphql.Interface:
		resolve, abstract = t.ResolveType, t
	}
	if resolve != nil {
		defer e.recovering(&err)
		p := graphql.ResolveTypeParams{Value: value, Info: e.params.Info, Context: e.ctx}
		e.about(f, &p.Info)
		return resolve(p), nil
	}
	for _, possible := range e.plan.x.schema.PossibleTypes(abstract) {
		if possible.IsTypeOf == nil {
			continue
		}
		if is, err := e.is(f, possible, value); is || err != nil {
			return possible, err
		}
	}
	return nil, nil
}

func (e *execution) list(f *field, t *output, value any) bool {
	e.out = append(e.out, '[')
	switch list := value.(type) {
	case []any:
		for i, item := range list {
			if !e.item(f, t.item, i, item) {
				return false
			}
		}
	case []string:
		if t.item.leaf == nil || t.item.leaf.kind != leafString {
			return e.reflected(f, t, value)
		}
		for i, item := range list {
			if i > 0 {
				e.out = append(e.out, ',')
			}
			e.out = AppendText(e.out, item)
		}
	case List:
		for i := range list.Len() {
			if !e.item(f, t.item, i, list.At(i)) {
				return false
			}
		}
	default:
		return e.reflected(f, t, value)
	}
	e.out = append(e.out, ']')
	return true
}

// reflected is a list of a type that is not known.
func (e *execution) reflected(f *field, t *output, value any) bool {
	v := reflect.ValueOf(value)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		e.fail(f, fmt.Errorf("User Error: expected iterable, but did not find one for field %s.%s.", f.parent.Name(), f.def.Name))
		return false
	}
	for i := range v.Len() {
		if !e.item(f, t.item, i, v.Index(i).Interface()) {
			return false
		}
	}
	e.out = append(e.out, ']')
	return true
}

func (e *execution) item(f *field, t *output, i int, value any) bool {
	if t.kind != kindObject && e.ended() { // an object looks itself
		return false
	}
	if i > 0 {
		e.out = append(e.out, ',')
	}
	e.path = append(e.path, step{index: i})
	ok := e.value(f, t, value)
	e.path = e.path[:len(e.path)-1]
	return ok
}
