package house

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// traceScope names who makes our spans.
const traceScope = "github.com/probity-ledger/probity"

// The attributes of our spans. None says who somebody is: no ids of persons
// or of what is about them, no variables of queries, no addresses.
const (
	attrCommand  = attribute.Key("probity.command")
	attrRefused  = attribute.Key("probity.refused")
	attrRoom     = attribute.Key("probity.room")
	attrEvents   = attribute.Key("probity.events")
	attrPosition = attribute.Key("probity.position")
	attrSize     = attribute.Key("probity.log.size")
)

// tracing tells whether spans are made.
func (h *House) tracing() bool { return h.cfg.Tracing != nil }

func (h *House) tracer() trace.Tracer {
	if !h.tracing() {
		return noop.Tracer{}
	}
	return h.cfg.Tracing.Tracer(traceScope)
}

// startCommand begins the span of a command; what it returns ends it.
func (h *House) startCommand(ctx context.Context, name domain.CommandName) (context.Context, func(error)) {
	if !h.tracing() {
		return ctx, func(error) {}
	}
	ctx, span := h.tracer().Start(ctx, "command "+string(name), trace.WithAttributes(attrCommand.String(string(name))))
	return ctx, func(err error) { endCommand(span, err) }
}

// endCommand ends the span of a command. A refusal is an answer, not an error.
func endCommand(span trace.Span, err error) {
	if refused, no := errors.AsType[*domain.Refusal](err); no {
		span.SetAttributes(attrRefused.String(string(refused.Code)))
	} else if err != nil {
		span.SetStatus(codes.Error, "not recorded") // the message may name somebody
	}
	span.End()
}

// watched is the store as commands and queries have it: appends under way are
// counted, and appends and reads of streams are spans.
func (h *House) watched(s ledger.Store) ledger.Store {
	return &watchedStore{Store: s, tracing: h.tracing(), tracer: h.tracer(), appending: &h.appending}
}

type watchedStore struct {
	ledger.Store
	tracing   bool
	tracer    trace.Tracer
	appending *atomic.Int64
}

// Append implements [ledger.Store].
func (s *watchedStore) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	s.appending.Add(1)
	defer s.appending.Add(-1)
	if !s.tracing {
		return s.Store.Append(ctx, stream, expected, entries)
	}
	ctx, span := s.tracer.Start(ctx, "store.append", trace.WithAttributes(attrRoom.String(roomOf(stream)), attrEvents.Int(len(entries))))
	defer span.End()
	done, err := s.Store.Append(ctx, stream, expected, entries)
	if err != nil {
		span.SetStatus(codes.Error, "not appended")
		return done, err
	}
	span.SetAttributes(attrPosition.Int64(int64(done.Position)))
	return done, nil
}

// ReadStream implements [ledger.Store].
func (s *watchedStore) ReadStream(ctx context.Context, stream string, from ledger.Revision) iter.Seq2[ledger.Stored, error] {
	if !s.tracing {
		return s.Store.ReadStream(ctx, stream, from)
	}
	return func(yield func(ledger.Stored, error) bool) {
		ctx, span := s.tracer.Start(ctx, "store.read", trace.WithAttributes(attrRoom.String(roomOf(stream))))
		defer span.End()
		events := 0
		for e, err := range s.Store.ReadStream(ctx, stream, from) {
			if err == nil {
				events++
			} else {
				span.SetStatus(codes.Error, "not read")
			}
			if !yield(e, err) {
				break
			}
		}
		span.SetAttributes(attrEvents.Int(events))
	}
}

// roomOf is the room of a stream, which says of whom it is beside it.
func roomOf(stream string) string {
	room, _, _ := strings.Cut(stream, "-")
	return room
}

// applied makes the span of a group of events that the views have taken in.
func (h *House) applied(at ledger.Position, events int, began time.Time) {
	_, span := h.tracer().Start(context.Background(), "views.apply", trace.WithTimestamp(began),
		trace.WithAttributes(attrEvents.Int(events), attrPosition.Int64(int64(at))))
	span.End()
}

// observer makes the spans of the transparency log; the zero value without
// tracing.
func (c Config) observer() notary.Observer {
	if c.Tracing == nil {
		return notary.Observer{}
	}
	tracer := c.Tracing.Tracer(traceScope)
	return notary.Observer{
		Signed: func(size int64, began time.Time) {
			_, span := tracer.Start(context.Background(), "checkpoint.sign", trace.WithTimestamp(began), trace.WithAttributes(attrSize.Int64(size)))
			span.End()
		},
		Transport: func(next http.RoundTripper) http.RoundTripper {
			return otelhttp.NewTransport(next, append(c.overHTTP(), otelhttp.WithSpanNameFormatter(func(string, *http.Request) string { return "witness.ask" }))...)
		},
	}
}

// overHTTP is how otelhttp is used in both directions.
func (c Config) overHTTP() []otelhttp.Option {
	return []otelhttp.Option{
		otelhttp.WithTracerProvider(c.Tracing), otelhttp.WithPropagators(propagation.TraceContext{}), otelhttp.WithMeterProvider(metricnoop.NewMeterProvider()),
	}
}

// traceHTTP makes a span of each request but those of probes and scrapes, and
// of streams, which have no end.
func (h *House) traceHTTP(next http.Handler) http.Handler {
	if !h.tracing() {
		return next
	}
	return otelhttp.NewHandler(next, "http", append(h.cfg.overHTTP(),
		otelhttp.WithFilter(func(r *http.Request) bool {
			return r.URL.Path != healthPath && r.URL.Path != readyPath && r.URL.Path != "/metrics" &&
				r.Header.Get("Upgrade") == "" && !strings.Contains(r.Header.Get("Accept"), "text/event-stream")
		}),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + endpointOf(r.URL.Path) }),
	)...)
}

// endpointOf is the part of a path that says which endpoint it is, and
// nothing of what was asked there.
func endpointOf(path string) string {
	for _, known := range []string{"/graphql", "/graphiql", "/log", "/public", "/signin"} {
		if path == known || strings.HasPrefix(path, known+"/") {
			return known
		}
	}
	if path == "/" {
		return path
	}
	return "other"
}
