package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// flushWait bounds how long the end waits for the last spans to be sent.
const flushWait = 5 * time.Second

// tracing is what makes spans and sends them; the zero value makes none.
type tracing struct {
	provider *sdktrace.TracerProvider
}

// openTracing begins tracing where the variables of OpenTelemetry ask for it:
// an endpoint for OTLP over HTTP, and nothing that turns it off.
func (a *app) openTracing(ctx context.Context, log *slog.Logger) (*tracing, error) {
	if !a.tracingAsked() {
		return &tracing{}, nil
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, usagef("OTEL_EXPORTER_OTLP_ENDPOINT: %w", err)
	}
	about, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "probity"), attribute.String("service.version", version)), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("spans are not sent", "err", err) }))
	log.Info("spans are sent by OTLP over HTTP")
	return &tracing{sdktrace.NewTracerProvider(sdktrace.WithBatcher(discreet{exporter}), sdktrace.WithResource(about))}, nil
}

// checkTracing tells what is wrong with the variables of OpenTelemetry.
func (a *app) checkTracing() error {
	if !a.tracingAsked() {
		return nil
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"} {
		if v := a.env(name); v != "" && v != "http/protobuf" {
			return usagef("%s: is %q; this program sends http/protobuf alone", name, v)
		}
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"} {
		if v := a.env(name); v != "" && !strings.HasPrefix(v, "http://") && !strings.HasPrefix(v, "https://") {
			return usagef("%s: is not an http or https address", name)
		}
	}
	return nil
}

// tracingAsked tells whether the environment asks for tracing.
func (a *app) tracingAsked() bool {
	if strings.EqualFold(a.env("OTEL_SDK_DISABLED"), "true") {
		return false
	}
	if v := a.env("OTEL_TRACES_EXPORTER"); v != "" && v != "otlp" {
		return false
	}
	return a.env("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || a.env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
}

// tracers is what the house makes its spans with; nil where none are made.
func (t *tracing) tracers() trace.TracerProvider {
	if t.provider == nil {
		return nil
	}
	return t.provider
}

// close sends what waits still.
func (t *tracing) close(log *slog.Logger) {
	if t.provider == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushWait)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		log.Warn("the last spans are not sent", "err", err)
	}
}

// told are the attributes that leave this process; all others are dropped.
// Libraries add addresses, paths and names of browsers, which say who asked
// for what.
var told = map[attribute.Key]bool{
	"http.request.method": true, "http.response.status_code": true, "network.protocol.version": true, "url.scheme": true,
	"http.request.body.size": true, "http.response.body.size": true, "error.type": true,
	"graphql.operation.type": true, "graphql.operation.name": true, "probity.graphql.errors": true,
	"probity.command": true, "probity.refused": true, "probity.room": true, "probity.events": true, "probity.position": true, "probity.log.size": true,
}

// discreet sends spans without what is not to be told, and without events and
// what is said of a failure: those hold the texts of errors.
type discreet struct{ sdktrace.SpanExporter }

// ExportSpans implements [sdktrace.SpanExporter].
func (d discreet) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	out := make([]sdktrace.ReadOnlySpan, len(spans))
	for i, s := range spans {
		out[i] = discreetSpan{s}
	}
	return d.SpanExporter.ExportSpans(ctx, out)
}

type discreetSpan struct{ sdktrace.ReadOnlySpan }

// Attributes are those that may be told.
func (s discreetSpan) Attributes() []attribute.KeyValue {
	var out []attribute.KeyValue
	for _, kv := range s.ReadOnlySpan.Attributes() {
		if told[kv.Key] {
			out = append(out, kv)
		}
	}
	return out
}

// Events are none.
func (s discreetSpan) Events() []sdktrace.Event { return nil }

// Status is whether it failed, and not of what.
func (s discreetSpan) Status() sdktrace.Status {
	return sdktrace.Status{Code: s.ReadOnlySpan.Status().Code}
}

// traced writes the trace that a log line belongs to beside it.
type traced struct{ slog.Handler }

// Handle implements [slog.Handler].
func (t traced) Handle(ctx context.Context, r slog.Record) error {
	if at := trace.SpanContextFromContext(ctx); at.IsValid() {
		r.AddAttrs(slog.String("trace_id", at.TraceID().String()), slog.String("span_id", at.SpanID().String()))
	}
	return t.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (t traced) WithAttrs(attrs []slog.Attr) slog.Handler { return traced{t.Handler.WithAttrs(attrs)} }

// WithGroup implements [slog.Handler].
func (t traced) WithGroup(name string) slog.Handler { return traced{t.Handler.WithGroup(name)} }
