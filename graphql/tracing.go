package graphql

import (
	"context"

	"github.com/graphql-go/graphql/language/ast"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

// The attributes of the span of an operation. Variables and what is asked for
// are none of them.
const (
	attrType   = attribute.Key("graphql.operation.type")
	attrName   = attribute.Key("graphql.operation.name")
	attrErrors = attribute.Key("probity.graphql.errors")
)

// maxSpanName is how much of an operation's name is told.
const maxSpanName = 64

// startSpan begins the span of an operation within that of its request, if
// that one is recorded; what it returns ends it. The name is the one its
// author gave it in the document.
func startSpan(ctx context.Context, op *ast.OperationDefinition) (context.Context, func(*overhttp.Response)) {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return ctx, func(*overhttp.Response) {}
	}
	name := ""
	if op.Name != nil {
		name = op.Name.Value[:min(len(op.Name.Value), maxSpanName)]
	}
	title := op.Operation
	if name != "" {
		title += " " + name
	}
	ctx, span := parent.TracerProvider().Tracer("github.com/probity-ledger/probity/graphql").Start(ctx, title,
		trace.WithAttributes(attrType.String(op.Operation), attrName.String(name)))
	return ctx, func(response *overhttp.Response) {
		if response != nil {
			span.SetAttributes(attrErrors.Int(len(response.Errors)))
		}
		span.End()
	}
}
