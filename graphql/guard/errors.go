package guard

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Code is the machine-readable reason of a refusal. It travels as
// extensions.code of the GraphQL error.
type Code string

// The codes of this package.
const (
	CodeSyntax      Code = "GRAPHQL_PARSE_FAILED"
	CodeInvalid     Code = "GRAPHQL_VALIDATION_FAILED"
	CodeOperation   Code = "OPERATION_RESOLUTION_FAILURE"
	CodeVariable    Code = "BAD_USER_INPUT"
	CodeTooLarge    Code = "QUERY_TOO_LARGE"
	CodeTokens      Code = "QUERY_TOO_MANY_TOKENS"
	CodeDepth       Code = "QUERY_TOO_DEEP"
	CodeDefinitions Code = "QUERY_TOO_MANY_DEFINITIONS"
	CodeCycle       Code = "QUERY_FRAGMENT_CYCLE"
	CodeAliases     Code = "QUERY_TOO_MANY_ALIASES"
	CodeDirectives  Code = "QUERY_TOO_MANY_DIRECTIVES"
	CodeRepeated    Code = "QUERY_TOO_REPETITIVE"
	CodeExpansion   Code = "QUERY_EXPANDS_TOO_FAR"
	CodeCost        Code = "QUERY_TOO_COSTLY"
)

// Step is where in the order of this package a document was refused. It is for
// tests and logs, and not told to clients.
type Step int

// The steps, in their order.
const (
	StepScan      Step = iota + 1 // nothing was parsed
	StepParse                     // the library's parser refused it
	StepStructure                 // definitions and fragments
	StepFields                    // unknown fields, aliases, directives
	StepExpansion                 // depth and size with fragments expanded
	StepMerging                   // pairs of equal response names
	StepValidate                  // the library's validator refused it
	StepRequest                   // the document is fine, this request of it not
)

func (s Step) String() string {
	names := [...]string{"scan", "parse", "structure", "fields", "expansion", "merging", "validate", "request"}
	if s < 1 || int(s) > len(names) {
		return "none"
	}
	return names[s-1]
}

// Location is a place in the document as the client sent it: line and column
// from 1, columns in code points.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Error is one refusal. Nothing in it comes from the inside of the server, so
// it may be shown to the client.
type Error struct {
	Code      Code
	Message   string
	Locations []Location
	Step      Step
}

func (e *Error) Error() string { return e.Message }

// Errors are several refusals of one document; there is at least one.
type Errors []*Error

func (e Errors) Error() string {
	messages := make([]string, len(e))
	for i, one := range e {
		messages[i] = one.Message
	}
	return strings.Join(messages, "; ")
}

// Unwrap lets errors.As find the first *Error.
func (e Errors) Unwrap() []error {
	list := make([]error, len(e))
	for i, one := range e {
		list[i] = one
	}
	return list
}

// AsErrors returns the refusals in err, or nil when err is none of this
// package's.
func AsErrors(err error) []*Error {
	var several Errors
	if errors.As(err, &several) {
		return several
	}
	var one *Error
	if errors.As(err, &one) {
		return []*Error{one}
	}
	return nil
}

// locate returns the line and column of a byte offset in text.
func locate(text string, offset int) Location {
	offset = max(0, min(offset, len(text)))
	line, start := 1, 0
	for i := 0; i < offset; i++ {
		switch text[i] {
		case '\r':
			if i+1 < len(text) && text[i+1] == '\n' {
				continue // the pair counts once, at its line feed
			}
			line, start = line+1, i+1
		case '\n':
			line, start = line+1, i+1
		}
	}
	return Location{Line: line, Column: utf8.RuneCountInString(text[start:offset]) + 1}
}

// shorten keeps what a client wrote from filling the answer. The library
// quotes names and values in full.
func shorten(s string) string {
	const longest = 200
	if len(s) <= longest {
		return s
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// in turns a refusal into an error with its place in the text.
func (r *refusal) in(text string, step Step) *Error {
	return &Error{Code: r.code, Message: r.message, Locations: []Location{locate(text, r.offset)}, Step: step}
}
