package house

import (
	"context"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/edge"
	"github.com/probity-ledger/probity/graphql/feed"
	"github.com/probity-ledger/probity/graphql/graphiql"
	"github.com/probity-ledger/probity/graphql/live"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/projections"
)

// Web is what the house serves over HTTP: /console/, /public/, /graphql, /hr/records, /graphiql/,
// /log/, /signin, /healthz, /readyz, /metrics and a page that says so.
type Web struct {
	http.Handler
	// Issuer mints sign-in tokens for this machine; nil where outside issuers
	// are trusted.
	Issuer *signin.Issuer
	// Onion serves /public/ and nothing else, for an onion service; nil without
	// one.
	Onion http.Handler

	origin  string          // of the ledger
	intake  *intake.Handler // nil where no complaints are taken
	door    *door
	ready   atomic.Bool
	role    func(context.Context) string // who leads; nil where this process is alone
	streams *live.Server
	observe func(name string, next http.Handler) http.Handler
}

// SetReady says that the views have caught up with the ledger.
func (w *Web) SetReady() { w.ready.Store(true) }

// Web makes the handler for one machine. The house must have its views open.
// example is the query GraphiQL opens with.
func (h *House) Web(log *slog.Logger, example string) (*Web, error) {
	return h.WebAt(Front{Intake: true}, log, example)
}

// WebAt makes the handler for a front. Run must run beside it, and Close be
// called at the end.
func (h *House) WebAt(front Front, log *slog.Logger, example string) (*Web, error) {
	service, err := h.service(front, log)
	if err != nil {
		return nil, err
	}
	door, err := h.openDoor(front, log)
	if err != nil {
		return nil, err
	}
	w := &Web{Issuer: door.laptop, door: door, origin: h.Codec.Origin()}
	if h.replica != nil {
		w.role = h.role
	}
	if w.streams, err = service.Streams(door.verifier.Verify, live.Limits{}); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	api, err := service.Handler(w.streams)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	records, err := h.recordsFeed(front, service, log)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	mux, err := h.endpoints(w, api, records, log, example)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if !front.NoConsole {
		pages, err := h.console(door, service, log)
		if err != nil {
			return nil, errors.Join(err, w.Close())
		}
		mux.Handle(console.Path+"/", w.observe("console", pages))
	}
	if front.Intake && h.Recorder != nil {
		if err := h.public(w, mux, log); err != nil {
			return nil, errors.Join(err, w.Close())
		}
	}
	w.Handler = door.denials.Watch(door.edge.Wrap(h.traceHTTP(mux)))
	return w, nil
}

// endpoints says what is where.
func (h *House) endpoints(w *Web, api, records http.Handler, log *slog.Logger, example string) (*http.ServeMux, error) {
	door, verifier := w.door, w.door.verifier
	metrics := h.metrics()
	metrics.MustRegister(doorCollector{door}, operatorCollector{h})
	if h.hooks != nil {
		metrics.MustRegister(hookCollector{h.hooks})
	}
	requests := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "probity_http_request_duration_seconds", Help: "Time taken by HTTP requests, by endpoint and status.",
		Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
	}, []string{"handler", "code"})
	metrics.MustRegister(requests, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "probity_streams_open", Help: "Event streams and WebSockets that are open.",
	}, func() float64 { return float64(w.streams.Open()) }))
	observe := func(name string, next http.Handler) http.Handler {
		return promhttp.InstrumentHandlerDuration(requests.MustCurryWith(prometheus.Labels{"handler": name}), next)
	}
	w.observe = observe
	browser, err := graphiql.Handler(graphiql.Options{Query: example, SignedIn: signedIn})
	if err != nil {
		return nil, err
	}
	browser = observe("graphiql", signin.Require(verifier, signin.AllowPublic(), signin.FromCookie())(browser))
	tiles, err := h.logHandler(verifier, func(err error) { log.Error("the transparency log cannot be read", "err", err) })
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/log/", observe("log", http.StripPrefix("/log", tiles)))
	signed := signin.Require(verifier, signin.AllowPublic())(api)
	mux.Handle("/graphql", byStaying(edge.Stream(signed), observe("graphql", signed)))
	mux.Handle("/hr/records", observe("hr", signin.Require(verifier)(records)))
	mux.Handle("/graphiql", browser)
	mux.Handle("/graphiql/", browser)
	if door.laptop != nil { // tokens in addresses are for one machine
		mux.Handle("/signin", signin.Link(verifier, "/graphiql/"))
	}
	mux.HandleFunc("GET "+healthPath, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET "+readyPath, w.readyz)
	mux.Handle("GET /metrics", door.edge.Only(door.front.Metrics, promhttp.HandlerFor(metrics, promhttp.HandlerOpts{})))
	mux.HandleFunc("GET /{$}", w.front)
	return mux, nil
}

// GraphQL makes the service that answers queries.
func (h *House) GraphQL(log *slog.Logger) (*graphql.Service, error) {
	return h.service(Front{}, log)
}

func (h *House) service(front Front, log *slog.Logger) (*graphql.Service, error) {
	config := graphql.Config{Views: h.Views, Store: h.watched(h.Store), Codec: h.Codec, Notary: h.Notary, Signer: h.signer, ProveFile: h.fileProof, Origins: front.Edge.Origins, Access: h.Access, Log: log, Now: h.cfg.Now}
	config.Access.Proxies = front.Edge.Proxies
	if h.Recorder != nil {
		config.FileRead = h.NoteReading
		config.Recorder = h.Desk()
		config.Messages = h.Messages
		config.Unseal = func(ctx context.Context, who projections.Principal, id domain.ComplaintID, reason string) (*graphql.Unsealed, error) {
			x, err := h.Unseal(ctx, who, id, reason)
			if err != nil {
				return nil, err
			}
			r := x.Reporter
			return &graphql.Unsealed{Complaint: id, Event: x.Event, Name: r.Name, Phone: r.Phone, Email: r.Email, Address: r.Address, Document: r.Document, Note: r.Note}, nil
		}
	}
	return graphql.New(config)
}

// recordsFeed makes the feed of record files.
func (h *House) recordsFeed(front Front, service *graphql.Service, log *slog.Logger) (http.Handler, error) {
	config := feed.Config{Views: h.Views, Head: h.Store.Head, Account: service.Account, Proxies: front.Edge.Proxies, Log: log, Now: h.cfg.Now}
	if h.Recorder != nil {
		config.Note = h.NoteReadings
	}
	return feed.Handler(config)
}

// signedIn gives the page the token of its own cookie, which was verified on
// the way in.
func signedIn(r *http.Request) (token, name string) {
	who, ok := signin.FromContext(r.Context())
	cookie, err := r.Cookie(signin.Cookie)
	if !ok || err != nil || who.Role == domain.RolePublic || r.Header.Get("Authorization") != "" {
		return "", ""
	}
	return cookie.Value, string(who.Role) + " " + who.Subject
}

func (w *Web) readyz(rw http.ResponseWriter, r *http.Request) {
	if !w.ready.Load() {
		http.Error(rw, "views are catching up with the ledger", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(rw, "ready")
	if w.role != nil {
		fmt.Fprintln(rw, w.role(r.Context()))
	}
	for _, line := range w.door.unready() {
		fmt.Fprintln(rw, "no sign-in by", line)
	}
}

func (h *House) metrics() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "probity_views_position", Help: "Position up to which the views follow the ledger.",
		}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			p, err := h.Views.Position(ctx)
			if err != nil {
				return -1
			}
			return float64(p)
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "probity_log_position", Help: "Position up to which the last published checkpoint covers the ledger.",
		}, func() float64 {
			if h.Notary == nil {
				return -1
			}
			head, _ := h.Notary.Head()
			return float64(head.Position)
		}),
		witnessCollector{h.Notary},
	)
	if h.replica != nil {
		r.MustRegister(h.replicaMetrics()...)
	}
	return r
}

// front says what is where.
func (web *Web) front(w http.ResponseWriter, _ *http.Request) {
	public := ""
	if web.intake != nil {
		public = "<li><a href=\"/public/\">Complaints 投诉举报</a>: for the public, without signing in</li>\n"
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	fmt.Fprintf(w, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Probity</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}code{background:#8882}</style>
<h1>Probity 创双政</h1>
<p>The accountability ledger <code>%s</code>.</p>
<ul>
<li><a href="/console/">The console 控制台</a>: pages for people, in Chinese and English</li>
%s<li><a href="/graphiql/">GraphiQL</a>: ask in the browser; sign in with a link from <code>probity demo</code> or a token from <code>probity token</code></li>
<li><code>/graphql</code>: GraphQL over HTTP; subscriptions over server-sent events and WebSocket</li>
<li><code>/hr/records</code>: what changes in record files, for HR systems, as NDJSON and CSV</li>
<li><a href="/log/checkpoint">/log/checkpoint</a>: the signed head of the transparency log; its tiles lie beside it</li>
<li><a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a>, <a href="/metrics">/metrics</a></li>
</ul></html>
`, html.EscapeString(web.origin), public)
}
