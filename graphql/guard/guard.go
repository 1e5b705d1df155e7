package guard

import (
	"errors"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/location"
	"github.com/graphql-go/graphql/language/parser"
	"github.com/graphql-go/graphql/language/source"
)

// Guard checks the requests to one schema. It is safe for concurrent use.
type Guard struct {
	schema *graphql.Schema
	limits Limits
	passed *lru.Cache[string, *document]
}

// New makes the guard of a schema and fills the tables that the library
// otherwise builds on first use, without a lock. So the schema must be
// complete, and it is this very variable that must be executed: a copy made
// before New has cold tables, and concurrent requests would write one map.
func New(schema *graphql.Schema, limits Limits) (*Guard, error) {
	if schema == nil || schema.QueryType() == nil {
		return nil, errors.New("guard needs a schema with a query type")
	}
	passed, err := lru.New[string, *document](max(1, limits.Cached))
	if err != nil {
		return nil, fmt.Errorf("make document cache: %w", err)
	}
	warm(schema)
	return &Guard{schema: schema, limits: limits, passed: passed}, nil
}

// Checked is a request that passed. Document and Operation are shared with
// other requests of the same text: read them, do not change them.
type Checked struct {
	Document  *ast.Document
	Operation *ast.OperationDefinition
	// Variables are coerced, in input form; see CoerceVariables.
	Variables map[string]any
	Cost      Cost

	text string
}

// Check takes a request through all the steps of the package. An error is an
// *Error or Errors and may be shown to the client.
func (g *Guard) Check(query, operationName string, variables map[string]any) (*Checked, error) {
	d, err := g.Document(query)
	if err != nil {
		return nil, err
	}
	return g.CheckDocument(d, operationName, variables)
}

// CheckDocument is Check for a document of this guard: it picks the operation,
// weighs it and coerces its variables.
func (g *Guard) CheckDocument(d Document, operationName string, variables map[string]any) (*Checked, error) {
	query := d.document.text
	operation, r := d.document.operation(operationName)
	if r != nil {
		return nil, r.in(query, StepRequest)
	}
	t := d.document.weigh(g.schema, operation, variables, g.limits)
	if r := t.checkCost(g.limits, offset(operation)); r != nil {
		return nil, r.in(query, StepRequest)
	}
	coerced, err := d.coerce(g.schema, operation, variables)
	if err != nil {
		return nil, err
	}
	return &Checked{
		Document:  d.document.ast,
		Operation: operation,
		Variables: coerced,
		Cost:      Cost{Total: t.cost, Fields: t.fields, Depth: t.depth},
		text:      query,
	}, nil
}

// Document is a document whose shape and validity hold for any variables.
type Document struct{ document *document }

// Operation returns the definition that operationName picks: GET handlers ask
// it whether a request would mutate.
func (d Document) Operation(operationName string) (*ast.OperationDefinition, error) {
	operation, r := d.document.operation(operationName)
	if r != nil {
		return nil, r.in(d.document.text, StepRequest)
	}
	return operation, nil
}

// Operations returns all operations of the document. Like the document they
// are shared: do not change them.
func (d Document) Operations() []*ast.OperationDefinition { return d.document.operations }

// AST returns the parsed document.
func (d Document) AST() *ast.Document { return d.document.ast }

func (d Document) coerce(schema *graphql.Schema, operation *ast.OperationDefinition, raw map[string]any) (map[string]any, error) {
	return coerceVariables(schema, operation, raw, d.document.text)
}

// Document parses and validates a document, or finds it among those that
// passed before.
func (g *Guard) Document(query string) (Document, error) {
	if d, ok := g.passed.Get(query); ok {
		return Document{d}, nil
	}
	extent, r := scan(query, g.limits)
	if r != nil {
		return Document{}, r.in(query, StepScan)
	}
	parsed, r := parse(query, extent)
	if r != nil {
		return Document{}, r.in(query, StepParse)
	}
	d, r := newDocument(query, parsed, g.limits)
	if r != nil {
		return Document{}, r.in(query, StepStructure)
	}
	if err := g.checkShape(d); err != nil {
		return Document{}, err
	}
	if err := g.validate(d); err != nil {
		return Document{}, err
	}
	if len(query) <= g.limits.CachedBytes && g.limits.Cached > 0 {
		g.passed.Add(query, d)
	}
	return Document{d}, nil
}

// checkShape takes every operation of the document through the steps between
// parsing and validation: the validator looks at them all.
func (g *Guard) checkShape(d *document) error {
	if r := checkFields(g.schema, d, g.limits); r != nil {
		return r.in(d.text, StepFields)
	}
	if r := d.checkSubscriptions(); r != nil {
		return r.in(d.text, StepFields)
	}
	for _, operation := range d.operations {
		t := d.weigh(g.schema, operation, nil, g.limits)
		if r := t.checkShape(g.limits, offset(operation)); r != nil {
			return r.in(d.text, StepExpansion)
		}
	}
	for _, operation := range d.operations {
		if r := d.checkMerging(operation, g.limits); r != nil {
			return r.in(d.text, StepMerging)
		}
	}
	return nil
}

// parse runs the library's parser over a copy without comments. Without the
// source in its nodes the library does not search the text for line breaks on
// every error.
func parse(query string, e extent) (document *ast.Document, r *refusal) {
	defer func() {
		if recover() != nil {
			document, r = nil, &refusal{CodeSyntax, "the document cannot be parsed", 0}
		}
	}()
	body := []byte(query)
	if e.blanks {
		body = blank(query)
	}
	document, err := parser.Parse(parser.ParseParams{
		Source:  source.NewSource(&source.Source{Body: body, Name: sourceName}),
		Options: parser.ParseOptions{NoSource: true},
	})
	if err != nil {
		return nil, syntaxRefusal(err)
	}
	return document, nil
}

// validate runs the library's rules. A panic in them is a refusal: it says
// that the document confused the validator, not that the server is broken.
func (g *Guard) validate(d *document) (err error) {
	defer func() {
		if recover() != nil {
			err = (&refusal{CodeInvalid, "the document cannot be validated", 0}).in(d.text, StepValidate)
		}
	}()
	result := graphql.ValidateDocument(g.schema, d.ast, nil)
	if result.IsValid {
		return nil
	}
	var all Errors
	for _, e := range result.Errors[:min(len(result.Errors), max(1, g.limits.Errors))] {
		all = append(all, &Error{Code: CodeInvalid, Message: shorten(e.Message), Locations: relocate(d.text, e.Locations), Step: StepValidate})
	}
	return all
}

// Locate returns the place of a byte offset in the document, as the client
// sent it: errors from executing it know offsets only.
func (c *Checked) Locate(offset int) Location { return locate(c.text, offset) }

// relocate corrects the locations of errors from validating a document: the
// library knows offsets only, as columns of line 1.
func relocate(text string, found []location.SourceLocation) []Location {
	out := make([]Location, 0, len(found))
	for _, l := range found {
		out = append(out, locate(text, l.Column-1))
	}
	return out
}

// warm fills the tables that the library builds on first use without a lock.
func warm(schema *graphql.Schema) {
	for _, t := range schema.TypeMap() {
		switch t := t.(type) {
		case *graphql.Enum:
			t.ParseValue("")
			t.Serialize("")
		case *graphql.Object:
			t.Fields()
			t.Interfaces()
		case *graphql.Interface:
			t.Fields()
			schema.IsPossibleType(t, schema.QueryType())
		case *graphql.Union:
			schema.IsPossibleType(t, schema.QueryType())
		case *graphql.InputObject:
			t.Fields()
		}
	}
}
