package overhttp

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"time"

	"github.com/probity-ledger/probity/graphql/edge"
)

// The defaults of Config.
const (
	DefaultMaxBody = 64 << 10
	DefaultTimeout = 10 * time.Second
)

// Execute answers one well-formed request. It must honour ctx, which ends with
// the client's connection and at the time limit. It may return nil only when
// ctx has ended.
type Execute func(ctx context.Context, req Request) *Response

// Request is a well-formed GraphQL-over-HTTP request.
type Request struct {
	// Query is the document; empty where only DocumentID is given.
	Query string
	// DocumentID asks for a persisted document: "sha256:" and 64 hexadecimal
	// digits, or a name without a colon, or "x-…:…". Empty when absent. It is
	// for Execute to find the document and, where Query is given as well, to
	// refuse one that is another.
	DocumentID    string
	OperationName string
	// Variables and Extensions are nil when absent or null. Numbers are
	// json.Number.
	Variables  map[string]any
	Extensions map[string]any
	// ReadOnly is true for GET and HEAD: a mutation must be answered with
	// MutationByGet and not be executed.
	ReadOnly bool
	// Remote is the address of the client; the zero Addr where it is not
	// known, as for a request that did not come over HTTP.
	Remote netip.Addr
}

// Config is what a handler needs. Only Execute is required.
type Config struct {
	Execute Execute
	// MaxBody is the longest body, and URL query, in bytes.
	MaxBody int
	// Timeout is the time limit of one request.
	Timeout time.Duration
	// Logger takes internal errors; slog.Default when nil.
	Logger *slog.Logger
	// Streams serves what stays open; without it, neither event streams nor
	// WebSockets are.
	Streams Streams
	// TrustedOrigins ("https://host") may send requests from a browser. No
	// CORS headers are sent; those are for a wrapper to add.
	TrustedOrigins []string
	// Proxies are servers in front of this one whose X-Forwarded-For is
	// believed to say the address of the client.
	Proxies []netip.Prefix
}

type handler struct {
	config Config
	origin *http.CrossOriginProtection
}

// New makes the handler of a GraphQL endpoint.
func New(config Config) (http.Handler, error) {
	if config.Execute == nil {
		return nil, errors.New("handler needs an Execute function")
	}
	if config.MaxBody == 0 {
		config.MaxBody = DefaultMaxBody
	}
	if config.Timeout == 0 {
		config.Timeout = DefaultTimeout
	}
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	h := &handler{config: config, origin: http.NewCrossOriginProtection()}
	for _, origin := range config.TrustedOrigins {
		if err := h.origin.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trust origin %q: %w", origin, err)
		}
	}
	return h, nil
}

// allow lists the methods for Allow.
const allow = "GET, HEAD, POST, OPTIONS"

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	case http.MethodOptions:
		w.Header().Set("Allow", allow)
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		h.refuse(w, mediaJSON, fault(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "use GET or POST"))
		return
	}
	if h.config.Streams != nil && Streaming(r) {
		h.serveStream(w, r)
		return
	}
	media, ok := negotiate(r.Header)
	if !ok {
		h.refuse(w, mediaJSON, fault(http.StatusNotAcceptable, "NOT_ACCEPTABLE", "answers are application/graphql-response+json or application/json in UTF-8"))
		return
	}
	if err := h.checkOrigin(r); err != nil {
		h.refuse(w, media, fault(http.StatusForbidden, "CROSS_ORIGIN", "requests from pages of another origin are not served"))
		return
	}
	request, problem := h.read(w, r)
	if problem != nil {
		h.refuse(w, media, problem)
		return
	}
	request.Remote, _ = edge.Client(r, h.config.Proxies)
	ctx, cancel := context.WithTimeout(r.Context(), h.config.Timeout)
	defer cancel()
	response := h.execute(ctx, request)
	if response == nil {
		if r.Context().Err() != nil {
			return // the client has gone
		}
		response = h.unanswered(ctx)
	}
	h.write(ctx, w, media, response)
}

// secure sets the headers of every answer: it is data, never a page, for this
// client alone and now alone.
func secure(header http.Header) {
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Add("Vary", "Accept")
}

// checkOrigin refuses what a page of another origin can send unasked. The
// standard library lets every GET through; here a GET is held to the same
// rule, unless it carries a header for which a browser asks first.
func (h *handler) checkOrigin(r *http.Request) error {
	probe := *r
	probe.Method = http.MethodPost
	err := h.origin.Check(&probe)
	if err == nil || r.Method == http.MethodPost {
		return err
	}
	for _, name := range []string{"GraphQL-Require-Preflight", "X-Requested-With", "Apollo-Require-Preflight"} {
		if r.Header.Get(name) != "" {
			return nil
		}
	}
	return err
}

// execute turns a panic into an internal error.
func (h *handler) execute(ctx context.Context, request Request) (response *Response) {
	defer func() {
		if cause := recover(); cause != nil {
			response = h.internal(ctx, fmt.Errorf("panic: %v", cause), slog.String("stack", string(debug.Stack())))
		}
	}()
	return h.config.Execute(ctx, request)
}

func (h *handler) unanswered(ctx context.Context) *Response {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &Response{Status: http.StatusServiceUnavailable, Errors: []Error{
			NewError("TIMEOUT", fmt.Sprintf("the request took longer than %v", h.config.Timeout)),
		}}
	}
	return h.internal(ctx, errors.New("no response"))
}

// internal logs a cause under a fresh id and tells the client the id only.
func (h *handler) internal(ctx context.Context, cause error, details ...slog.Attr) *Response {
	var raw [8]byte
	rand.Read(raw[:]) // never fails
	id := hex.EncodeToString(raw[:])
	h.config.Logger.LogAttrs(ctx, slog.LevelError, "graphql request failed",
		append([]slog.Attr{slog.String("id", id), slog.Any("error", cause)}, details...)...)
	e := NewError("INTERNAL", "internal error "+id)
	e.Extensions["id"] = id
	return &Response{Status: http.StatusInternalServerError, Errors: []Error{e}}
}
