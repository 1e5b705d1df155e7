package plan

import (
	"errors"
	"fmt"
	"sync"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// Config is what an Executor may be given. The zero value will do.
type Config struct {
	// Leaves append the values of custom scalars. A scalar without one is
	// serialized by its own Serialize, and what that gives is written as JSON.
	Leaves map[*graphql.Scalar]AppendLeaf
	// Typed are the fields of which more is known than their resolvers tell,
	// by the names of the object type and the field.
	Typed map[string]map[string]Typed
	// Recovered makes the error of a panic in a resolver, a lazy value or a
	// scalar; *Panic when nil.
	Recovered func(cause any, stack []byte) error
	// CachedPlans is the largest number of plans kept, 500 when zero;
	// CachedFields the largest number of fields in all of them together,
	// 100,000 when zero. A field takes up to some hundred bytes.
	CachedPlans, CachedFields int
}

// Executor compiles and executes operations on one schema. It is safe for
// concurrent use.
type Executor struct {
	// schema is a copy: the library writes to the original when it validates.
	schema   graphql.Schema
	config   Config
	possible map[string]map[string]*graphql.Object // the types behind an abstract one, by their names
	leaves   map[graphql.Type]*leaf
	plans    *cache
	idle     sync.Pool // of *execution
	buffers  sync.Pool // of *buffer
}

// New makes the executor of a schema. It also fills the tables which the
// library otherwise builds on first use, without a lock; so the schema must be
// complete.
func New(schema *graphql.Schema, config Config) (*Executor, error) {
	if schema == nil || schema.QueryType() == nil {
		return nil, errors.New("plan needs a schema with a query type")
	}
	if config.Recovered == nil {
		config.Recovered = func(cause any, stack []byte) error { return &Panic{cause, stack} }
	}
	plans, err := newCache(orElse(config.CachedPlans, 500), orElse(config.CachedFields, 100_000))
	if err != nil {
		return nil, fmt.Errorf("make plan cache: %w", err)
	}
	x := &Executor{
		config: config, plans: plans,
		possible: map[string]map[string]*graphql.Object{}, leaves: map[graphql.Type]*leaf{},
	}
	x.idle.New = func() any { return new(execution) }
	for _, t := range schema.TypeMap() {
		switch t := t.(type) {
		case *graphql.Object:
			t.Fields()
			t.Interfaces()
		case *graphql.Interface:
			t.Fields()
			x.know(schema, t)
		case *graphql.Union:
			x.know(schema, t)
		case *graphql.InputObject:
			t.Fields()
		case *graphql.Enum:
			t.ParseValue("")
			t.Serialize("")
			x.leaves[t] = enumLeaf(t)
		case *graphql.Scalar:
			x.leaves[t] = scalarLeaf(t, config.Leaves[t])
		}
	}
	x.schema = *schema
	return x, nil
}

func (x *Executor) know(schema *graphql.Schema, t graphql.Abstract) {
	types := map[string]*graphql.Object{}
	schema.IsPossibleType(t, schema.QueryType())
	for _, o := range schema.PossibleTypes(t) {
		types[o.Name()] = o
	}
	x.possible[t.Name()] = types
}

// Plan returns the plan of an operation, from the cache where it was compiled
// before. document is the parsed and validated text, operation one of its
// definitions; neither is changed afterwards.
func (x *Executor) Plan(text string, document *ast.Document, operation *ast.OperationDefinition) (*Plan, error) {
	key := cacheKey{text: text}
	if operation.Name != nil {
		key.operation = operation.Name.Value
	}
	if p := x.plans.get(key); p != nil {
		return p, nil
	}
	p, err := x.Compile(document, operation)
	if err != nil {
		return nil, err
	}
	x.plans.add(key, p)
	return p, nil
}

func orElse(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}
