package domain

import (
	"errors"
	"fmt"
)

// Code classifies a refusal for programs. The values are part of the API.
type Code string

// The codes of refusal.
const (
	CodeInvalid    Code = "INVALID"    // a field is missing, malformed or out of range
	CodeForbidden  Code = "FORBIDDEN"  // the role or person may not do this
	CodeNotFound   Code = "NOT_FOUND"  // the aggregate has no history
	CodeExists     Code = "EXISTS"     // the aggregate exists already
	CodeState      Code = "STATE"      // the aggregate is not in a state that allows this
	CodeRule       Code = "RULE"       // a rule of the rulebook forbids it
	CodeTooEarly   Code = "TOO_EARLY"  // a term has not run yet
	CodeTooLate    Code = "TOO_LATE"   // a term has run out
	CodeConflict   Code = "CONFLICT"   // the person may not act twice, or has an interest
	CodeIncomplete Code = "INCOMPLETE" // a required earlier step is missing
)

// Refusal is an expected no: the command was understood and is not allowed.
// Nothing was recorded.
type Refusal struct {
	// Code classifies it.
	Code Code
	// Field is the JSON name of the offending field, "" when it is the
	// command as a whole.
	Field string
	// Message says in plain words what is wrong and what to do.
	Message string
	// Rule names the source of the rule (statute and article), "" when it is
	// plain sense.
	Rule string
}

func (r *Refusal) Error() string {
	s := r.Message
	if r.Field != "" {
		s = r.Field + ": " + s
	}
	if r.Rule != "" {
		s += " (" + r.Rule + ")"
	}
	return s
}

// Refuse makes a refusal. field may be empty.
func Refuse(code Code, field, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Under returns the refusal with the source of its rule.
func (r *Refusal) Under(rule string) *Refusal {
	r.Rule = rule
	return r
}

// RefusalCode returns the code of the refusal in err's chain, or "".
func RefusalCode(err error) Code {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r.Code
	}
	return ""
}
