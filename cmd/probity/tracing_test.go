package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// receiver takes spans by OTLP over HTTP.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex // guards the following
	spans []*otlp.Span
	raw   bytes.Buffer
}

func startReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body := io.Reader(req.Body)
		if req.Header.Get("Content-Encoding") == "gzip" {
			var err error
			if body, err = gzip.NewReader(body); err != nil {
				t.Error(err)
				return
			}
		}
		raw, err := io.ReadAll(body)
		var message collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(raw, &message)
		}
		if err != nil || req.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", req.URL.Path, err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.raw.Write(raw)
		for _, resource := range message.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				r.spans = append(r.spans, scope.Spans...)
			}
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// named are the spans of that name.
func (r *receiver) named(name string) []*otlp.Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.spans), func(s *otlp.Span) bool { return s.Name != name })
}

// One mutation, from the request of its client down to the store, and what
// follows from it: the views and the log.
func TestTheSpansOfOneMutation(t *testing.T) {
	traces := startReceiver(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", traces.URL)
	witness := httptest.NewServer(http.NotFoundHandler())
	defer witness.Close()
	dir := t.TempDir()
	settings := filepath.Join(dir, "settings.yaml")
	text := fmt.Sprintf("data: %s/data\nwitnesses:\n  - url: %s\n    key: overseer.example/w1+71769bf7+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop\n", dir, witness.URL)
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := []string{"PROBITY_CONFIG=" + settings, "PROBITY_PASSPHRASE=correct horse", "OTEL_EXPORTER_OTLP_ENDPOINT=" + traces.URL}
	verb := func(ctx context.Context, args ...string) (string, int) {
		var out, errs bytes.Buffer
		code := run(ctx, args, strings.NewReader(""), &out, &errs, environ)
		return out.String() + errs.String(), code
	}

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	addr := freeAddress(t)
	ended := make(chan string, 1)
	go func() {
		out, code := verb(ctx, "serve", "--addr", addr)
		ended <- fmt.Sprintf("%d\n%s", code, out)
	}()
	await(t, "http://"+addr+"/readyz")
	token, code := verb(t.Context(), "token", "--role", "hr", "--sub", "hr-zhou", "--unit", "*")
	if code != exitFine {
		t.Fatal(token)
	}
	token, _, _ = strings.Cut(token, "\n")
	const parent, above = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	answer := post(t, "http://"+addr+"/graphql", token, "00-"+parent+"-"+above+"-01",
		`{"query":"mutation Found($n:String!){unitEstablish(subject:\"hq-7\",input:{name:$n,kind:AGENCY}){recorded position}}","variables":{"n":"临浦海关"}}`)
	if !strings.Contains(answer, `"recorded":true`) {
		t.Fatal(answer)
	}
	deadline := time.Now().Add(20 * time.Second)
	for len(traces.named("witness.ask")) == 0 && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	if end := <-ended; !strings.HasPrefix(end, "0\n") {
		t.Fatalf("serve ended with %s", end)
	}

	at := above
	for _, name := range []string{"POST /graphql", "mutation Found", "command unit.establish", "store.append"} {
		found := traces.named(name)
		if len(found) != 1 {
			t.Fatalf("%d spans %q, want one", len(found), name)
		}
		s := found[0]
		if got := fmt.Sprintf("%x", s.TraceId); got != parent {
			t.Errorf("%s belongs to trace %s, want that of the client", name, got)
		}
		if got := fmt.Sprintf("%x", s.ParentSpanId); got != at {
			t.Errorf("%s lies in %s, want %s", name, got, at)
		}
		at = fmt.Sprintf("%x", s.SpanId)
	}
	for _, name := range []string{"views.apply", "checkpoint.sign", "witness.ask"} {
		if len(traces.named(name)) == 0 {
			t.Errorf("no span %s", name)
		}
	}
	for _, name := range []string{"GET other", "GET /readyz"} {
		if len(traces.named(name)) > 0 {
			t.Errorf("probes are traced: %s", name)
		}
	}
	traces.checkDiscreet(t, "hr-zhou", "hq-7", "unit-hq", "临浦海关", "127.0.0.1", "traceparent", "Go-http-client")
}

// checkDiscreet fails where a span tells more than it may.
func (r *receiver) checkDiscreet(t *testing.T, words ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, word := range words {
		if bytes.Contains(r.raw.Bytes(), []byte(word)) {
			t.Errorf("the spans tell of %q", word)
		}
	}
	keys := map[string]bool{}
	for _, s := range r.spans {
		for _, kv := range s.Attributes {
			keys[kv.Key] = true
		}
		if len(s.Events) > 0 {
			t.Errorf("%s has events: %v", s.Name, s.Events)
		}
	}
	t.Logf("attributes: %v", slices.Sorted(maps.Keys(keys)))
	if !keys["probity.command"] || !keys["graphql.operation.name"] || !keys["http.response.status_code"] {
		t.Error("attributes are missing")
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func await(t *testing.T, url string) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if res, err := http.Get(url); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
	}
	t.Fatalf("%s was never ready", url)
}

func post(t *testing.T, url, token, traceparent, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Authorization": "Bearer " + token, "traceparent": traceparent, "Content-Type": "application/json"} {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestWhenTracingIsAsked(t *testing.T) {
	for _, test := range []struct {
		name    string
		environ []string
		asked   bool
		wrong   string
	}{
		{"nothing said", nil, false, ""},
		{"an endpoint", []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318"}, true, ""},
		{"one for traces", []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://c/v1/traces"}, true, ""},
		{"all turned off", []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_SDK_DISABLED=true"}, false, ""},
		{"traces turned off", []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_TRACES_EXPORTER=none"}, false, ""},
		{"gRPC", []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, true, "http/protobuf alone"},
		{"no address", []string{"OTEL_EXPORTER_OTLP_ENDPOINT=c:4318"}, true, "is not an http or https address"},
	} {
		a := &app{environ: test.environ}
		err := a.checkTracing()
		if a.tracingAsked() != test.asked || (err == nil) != (test.wrong == "") || err != nil && !strings.Contains(err.Error(), test.wrong) {
			t.Errorf("%s: asked %v, %v", test.name, a.tracingAsked(), err)
		}
	}
	spans, err := (&app{}).openTracing(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil || spans.tracers() != nil {
		t.Errorf("tracing is on by itself: %v", err)
	}
}

func TestLogLinesNameTheirTrace(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(traced{slog.NewTextHandler(&out, nil)}).With("a", 1).WithGroup("g")
	ctx := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}}))
	log.InfoContext(ctx, "within")
	log.Info("without")
	lines := strings.Split(out.String(), "\n")
	if !strings.Contains(lines[0], "trace_id=01000000000000000000000000000000") || !strings.Contains(lines[0], "span_id=0200000000000000") || strings.Contains(lines[1], "trace_id") {
		t.Errorf("got %s", out.String())
	}
}

func TestAFailedSpanTellsNoText(t *testing.T) {
	kept := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(discreet{kept}))
	_, span := provider.Tracer("test").Start(t.Context(), "witness.ask")
	span.SetStatus(codes.Error, "dial tcp 10.0.0.3:443: connection refused")
	span.RecordError(errors.New("dial tcp 10.0.0.3:443: connection refused"))
	span.End()
	got := kept.GetSpans()
	if len(got) != 1 || got[0].Status != (sdktrace.Status{Code: codes.Error}) || len(got[0].Events) != 0 {
		t.Errorf("%+v", got)
	}
}
