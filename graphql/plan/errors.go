package plan

import (
	"errors"
	"fmt"
	"slices"

	"github.com/graphql-go/graphql/gqlerrors"
)

// Error is what went wrong at one place of the answer.
type Error struct {
	// Err is what the resolver returned, or the error of its panic, as it is.
	Err error
	// Path leads to the place in the answer: response names and indexes (int).
	// It is the place that failed, also where null went to a parent.
	Path []any
	// Offsets are where the field stands in the document, in bytes.
	Offsets []int

	steps []step
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Extensions are those of Err where it, or what it wraps, has any.
func (e *Error) Extensions() map[string]any {
	if extended, ok := errors.AsType[gqlerrors.ExtendedError](e.Err); ok {
		return extended.Extensions()
	}
	return nil
}

// InputError is an argument or a variable that is not right. A validated
// document and coerced variables leave little of it: null for an argument that
// takes none, or for the condition of a directive.
type InputError struct {
	Message string
	// Offset is where it stands in the document, in bytes.
	Offset int
}

func (e *InputError) Error() string { return e.Message }

// Panic is what a resolver, a lazy value or a scalar panicked with. It is not
// for clients.
type Panic struct {
	Cause any
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprintf("panic: %v", p.Cause) }

// Unwrap returns the cause where it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Cause.(error)
	return err
}

// step is one step of the way to a place in the answer: a field, or an index
// where field is nil.
type step struct {
	field *field
	index int
}

func pathOf(steps []step) []any {
	out := make([]any, len(steps))
	for i, s := range steps {
		if s.field != nil {
			out[i] = s.field.key
		} else {
			out[i] = s.index
		}
	}
	return out
}

// sortErrors puts errors into the order of their places in the answer.
func sortErrors(errs []*Error) {
	slices.SortStableFunc(errs, func(a, b *Error) int {
		return slices.CompareFunc(a.steps, b.steps, func(x, y step) int {
			if x.field != nil && y.field != nil {
				return x.field.at - y.field.at
			}
			return x.index - y.index
		})
	})
}
