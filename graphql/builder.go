package graphql

import (
	"fmt"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/plan"
)

// builder makes the types of the schema. It remembers the order in which
// fields and arguments were declared, which the library does not.
type builder struct {
	fields   map[string][]field
	inputs   map[string][]argument
	declared map[string]*enum
	catalog  *domain.Catalog
	follows  map[string]follow // by the fields of the subscription
	types
}

// field is one field of an object type.
type field struct {
	name    string
	doc     string
	typ     gql.Output
	args    []argument
	resolve gql.FieldResolveFn
	typed   plan.Typed
}

// argument is an argument of a field, or a field of an input type.
type argument struct {
	name string
	doc  string
	typ  gql.Input
	// absent is the value of one that is not given; a whole number or nil.
	absent any
}

func newBuilder(catalog *domain.Catalog) *builder {
	return &builder{catalog: catalog, fields: map[string][]field{}, inputs: map[string][]argument{}, declared: map[string]*enum{}, follows: map[string]follow{}}
}

// object declares a type; define gives it its fields, once all are declared.
func (b *builder) object(name, doc string) *gql.Object {
	return gql.NewObject(gql.ObjectConfig{Name: name, Description: doc, Fields: gql.FieldsThunk(func() gql.Fields {
		out := gql.Fields{}
		for _, f := range b.fields[name] {
			if out[f.name] != nil || f.typ == nil {
				panic(fmt.Sprintf("graphql: field %s.%s is declared twice or without a type", name, f.name))
			}
			args := gql.FieldConfigArgument{}
			for _, a := range f.args {
				args[a.name] = &gql.ArgumentConfig{Type: a.typ, Description: a.doc, DefaultValue: a.absent}
			}
			out[f.name] = &gql.Field{Name: f.name, Description: f.doc, Type: f.typ, Args: args, Resolve: f.resolve}
		}
		return out
	})})
}

// typed tells package plan of the fields whose value the source holds.
func (b *builder) typed() map[string]map[string]plan.Typed {
	out := map[string]map[string]plan.Typed{}
	for name, fields := range b.fields {
		out[name] = map[string]plan.Typed{}
		for _, f := range fields {
			if len(f.args) == 0 {
				out[name][f.name] = f.typed
			}
		}
	}
	return out
}

func (b *builder) define(o *gql.Object, fields ...field) {
	b.fields[o.Name()] = append(b.fields[o.Name()], fields...)
}

// input declares an input type.
func (b *builder) input(name, doc string, fields ...argument) *gql.InputObject {
	b.inputs[name] = fields
	out := gql.InputObjectConfigFieldMap{}
	for _, f := range fields {
		out[f.name] = &gql.InputObjectFieldConfig{Type: f.typ, Description: f.doc}
	}
	return gql.NewInputObject(gql.InputObjectConfig{Name: name, Description: doc, Fields: out})
}

func must(t gql.Type) gql.Output { return gql.NewNonNull(t) }

// listOf is a list without holes that may itself be null, since it has to be
// loaded.
func listOf(t gql.Type) gql.Output { return gql.NewList(gql.NewNonNull(t)) }

// mustList is a list without holes that is always there.
func mustList(t gql.Type) gql.Output { return gql.NewNonNull(gql.NewList(gql.NewNonNull(t))) }

// The constructors of fields that have to be loaded.

// related is a single object behind a key of the source, loaded for the
// whole list at once.
func related[T any, K comparable, V any](name, doc string, typ gql.Output, from func(*request) *loader[K, V], key func(*T) K) field {
	return field{name: name, doc: doc, typ: typ, resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
		return one(r, from(r), key(p.Source.(*T)))
	})}
}

// relatedEach is the list of the objects behind several keys of the source.
func relatedEach[T any, K comparable, V any](name, doc string, typ *gql.Object, from func(*request) *loader[K, V], keys func(*T) []K) field {
	return field{name: name, doc: doc, typ: listOf(typ), resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
		return several(r, from(r), keys(p.Source.(*T)))
	})}
}

// relatedAll is the list of everything that belongs to a key of the source.
func relatedAll[T any, K comparable, V any](name, doc string, typ *gql.Object, from func(*request) *loader[K, []V], key func(*T) K) field {
	return field{name: name, doc: doc, typ: listOf(typ), resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
		return all(r, from(r), key(p.Source.(*T)), nil)
	})}
}

// read is any other field that has to be loaded, for each source on its own.
func read[T any](name, doc string, typ gql.Output, args []argument, get func(*request, *T, input) (any, error)) field {
	return field{name: name, doc: doc, typ: typ, args: args, resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
		return get(r, p.Source.(*T), p.Args)
	})}
}

// found is the answer to a question for a single object: a pointer to
// nothing is null.
func found[T any](object *T, err error) (any, error) {
	if object == nil || err != nil {
		return nil, err
	}
	return object, nil
}
