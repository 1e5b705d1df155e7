package plan

import (
	"context"
	"encoding/json"
	"runtime/debug"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// Result is the answer to one request.
type Result struct {
	// Data is the answer as JSON, its members in the order of the query; null
	// where an error went up to the root.
	Data json.RawMessage
	// Response is Data as the member of that name of an object: the whole
	// response, where nothing else belongs in it.
	Response json.RawMessage
	// Errors are those of fields, in the order of their places in the answer.
	Errors []*Error

	x      *Executor // whose buffer it is, until it is released
	buffer *buffer
}

// Execute runs the plan. variables are in input form, as
// guard.CoerceVariables gives them; root is the source of the root fields and
// ResolveInfo.RootValue.
//
// An error says that there is no answer: the context ended (the error of the
// context), or the variables are not right (*InputError).
func (p *Plan) Execute(ctx context.Context, root any, variables map[string]any) (*Result, error) {
	internal, err := p.internal(variables)
	if err != nil {
		return nil, err
	}
	e := p.x.idle.Get().(*execution)
	defer p.x.release(e)
	if e.values, err = p.decide(e.values, internal); err != nil {
		return nil, err
	}
	e.begin(ctx, p, root, internal)
	if p.operation.Operation == ast.OperationTypeMutation {
		e.serial(root)
	} else if e.object(p.root, root) {
		e.rootHoles = len(e.holes)
		e.rootEnd = len(e.out)
		e.settle(0)
	} else {
		e.lost = true
	}
	if e.stopped != nil {
		return nil, e.stopped
	}
	sortErrors(e.errs)
	b := e.answer()
	p.size.Store(int64(len(b.bytes)))
	return &Result{
		Data: b.bytes[len(head) : len(b.bytes)-len(tail)], Response: b.bytes, Errors: e.errs,
		x: p.x, buffer: b,
	}, nil
}

// execution is the state of one request. It belongs to one goroutine.
type execution struct {
	plan   *Plan
	ctx    context.Context
	params graphql.ResolveParams // what is the same for all fields
	values []bool                // of Plan.conditions
	chosen [][]*field            // by set.id, as far as worked out
	given  []coerced             // by arguments.id, as far as worked out

	out    []byte // begins with head
	buffer *buffer
	path   []step // from the hole that is being filled, or from the root
	errs   []*Error
	// stopped is set once the context has ended; unlooked are the objects
	// written since it was looked at.
	stopped  error
	unlooked int

	lazy
}

// coerced are the arguments of one field for one request.
type coerced struct {
	values map[string]any
	err    error
	done   bool
}

func (e *execution) begin(ctx context.Context, p *Plan, root any, variables map[string]any) {
	e.plan, e.ctx = p, ctx
	e.chosen = sized(e.chosen, p.conditional)
	e.given = sized(e.given, p.asking)
	e.filling = -1
	e.buffer = p.x.buffer(int(p.size.Load()))
	e.out = append(e.buffer.bytes, head...)
	e.params.Context = ctx
	e.params.Info = graphql.ResolveInfo{
		Schema: p.x.schema, Fragments: p.fragments, RootValue: root, Operation: p.operation, VariableValues: variables,
	}
}

// sized returns a slice of n zero values; release has cleared s.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// keptBytes is the largest buffer that is kept for another request.
const keptBytes = 1 << 20

// release forgets the request and keeps the memory.
func (x *Executor) release(e *execution) {
	if e.buffer != nil { // the answer is not in it
		e.buffer.bytes = e.out
		x.keep(e.buffer)
	}
	if cap(e.holes) > keptBytes/64 {
		return
	}
	clear(e.chosen)
	clear(e.given)
	kept := execution{values: e.values, chosen: e.chosen, given: e.given, path: e.path[:0]}
	kept.lazy = e.lazy.emptied()
	*e = kept
	x.idle.Put(e)
}

// recovered makes the error of a panic.
func (x *Executor) recovered(cause any) error { return x.config.Recovered(cause, debug.Stack()) }

// recovering turns a panic into an error; defer it.
func (e *execution) recovering(err *error) {
	if cause := recover(); cause != nil {
		*err = e.plan.x.recovered(cause)
	}
}

// fields are those of a set that this request asks for.
func (e *execution) fields(s *set) []*field {
	if s.id < 0 {
		return s.fields
	}
	if e.chosen[s.id] == nil {
		e.chosen[s.id] = s.choose(e.values)
	}
	return e.chosen[s.id]
}

// object writes an object. false: null has to go to the parent.
func (e *execution) object(s *set, source any) bool {
	if e.due(s) && e.ended() {
		return false
	}
	e.out = append(e.out, '{')
	fields := e.fields(s)
	for i := e.appended(fields, 0, source); i < len(fields); i = e.appended(fields, i+1, source) {
		label := fields[i].label
		if i > 0 {
			label = fields[i].following
		}
		e.out = append(e.out, label...)
		if !e.field(fields[i], source) {
			return false
		}
	}
	e.out = append(e.out, '}')
	return true
}

func (e *execution) ended() bool {
	if e.stopped == nil {
		e.stopped = e.ctx.Err()
	}
	return e.stopped != nil
}

// field resolves and writes the value of one field.
func (e *execution) field(f *field, source any) bool {
	e.path = append(e.path, step{field: f})
	value, err := e.resolve(f, source)
	var ok bool
	if err != nil {
		e.fail(f, err)
		ok = e.null(f.out)
	} else {
		ok = e.value(f, f.out, value)
	}
	e.path = e.path[:len(e.path)-1]
	return ok
}

func (e *execution) resolve(f *field, source any) (value any, err error) {
	if f.typed.Get != nil {
		return e.got(f, source)
	}
	args, err := e.argumentsOf(f)
	if err != nil {
		return nil, err
	}
	defer e.recovering(&err)
	p := e.params // a copy costs less than the write barriers of the original
	p.Source, p.Args = source, args
	e.about(f, &p.Info)
	return f.resolve(p)
}

// about has info speak of a field.
func (e *execution) about(f *field, info *graphql.ResolveInfo) {
	info.FieldName, info.ReturnType, info.ParentType = f.def.Name, f.def.Type, f.parent
	info.FieldASTs = f.nodes
	if f.whens != nil {
		info.FieldASTs = f.asked(e.values)
	}
}

func (e *execution) argumentsOf(f *field) (map[string]any, error) {
	if f.id < 0 {
		return f.constant, f.wrong
	}
	c := &e.given[f.id]
	if !c.done {
		c.done = true
		c.values, c.err = f.coerce(f.written, e.params.Info.VariableValues)
	}
	return c.values, c.err
}

// fail records an error at the place that is being written.
func (e *execution) fail(f *field, err error) {
	if e.ended() {
		return // the end of the request is the only thing to say
	}
	failed := &Error{Err: err, steps: append(e.way(e.filling), e.path...)}
	failed.Path = pathOf(failed.steps)
	for _, node := range f.asked(e.values) {
		failed.Offsets = append(failed.Offsets, node.Loc.Start)
	}
	e.errs = append(e.errs, failed)
}
