package plan

import (
	"errors"

	"github.com/graphql-go/graphql"
)

// Root returns the one root field of a subscription and its arguments: what
// its source stream is made of (CreateSourceEventStream, section 6.2.3.1). The
// response to each event of the stream is what Execute gives, with a root that
// holds the event; the root field's resolver takes it out.
//
// An error is an *InputError: the variables or arguments are not right.
func (p *Plan) Root(variables map[string]any) (field *graphql.FieldDefinition, args map[string]any, err error) {
	internal, err := p.internal(variables)
	if err != nil {
		return nil, nil, err
	}
	values, err := p.decide(nil, internal)
	if err != nil {
		return nil, nil, err
	}
	fields := p.root.fields
	if p.root.id >= 0 {
		fields = p.root.choose(values)
	}
	if len(fields) != 1 || fields[0].typename != nil {
		return nil, nil, errors.New("plan: a subscription has one root field; package guard refuses any other")
	}
	f := fields[0]
	if f.id < 0 {
		return f.def, f.constant, f.wrong
	}
	args, err = f.coerce(f.written, internal)
	return f.def, args, err
}
