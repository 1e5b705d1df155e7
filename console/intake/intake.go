package intake

import (
	"cmp"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"time"

	"github.com/probity-ledger/probity/console/assets"
	"github.com/probity-ledger/probity/console/tongues"
)

// Path is where the pages are.
const Path = "/public"

// Config is what the pages are made of. Desk is required.
type Config struct {
	Desk Desk
	// Origin names the ledger.
	Origin string
	// Terms are the terms in force now, which the pages tell; none when nil.
	Terms func() Terms
	// Disclosures is the address of what the agencies disclose, for who sends
	// this request; no page leads there when it is nil or says nothing.
	Disclosures func(*http.Request) string
	// Client is whom a request counts for: a network that one customer has, or
	// the zero Prefix where many share an address or it is not known, as behind
	// Tor. Nobody is told apart when nil.
	Client func(*http.Request) netip.Prefix
	// Limits bound what is taken; DefaultLimits when zero.
	Limits Limits
	// Folder is where files wait, encrypted; that of the system for temporary
	// files when empty.
	Folder string
	// Zone is where a day begins; UTC when nil.
	Zone *time.Location
	// Log takes what fails; slog.Default when nil.
	Log *slog.Logger
}

// Terms are what the rules give an agency; a zero Span is not told.
type Terms struct {
	Acknowledge, Route, Handle, Extension Span
}

// Span is a length of time; Unit is "days", "workdays", "months" or "years".
type Span struct {
	Length int
	Unit   string
}

// Handler serves the pages.
type Handler struct {
	config Config
	mux    *http.ServeMux
	files  *assets.Files
	sheets map[string]*sheet // by language
	stash  *stash
	limits *limits
}

//go:embed static
var static embed.FS

// New makes the handler. It fails only where what is embedded is damaged.
func New(config Config) (*Handler, error) {
	if config.Desk == nil {
		return nil, errors.New("the intake needs a desk")
	}
	config.Log, config.Zone = cmp.Or(config.Log, slog.Default()), cmp.Or(config.Zone, time.UTC)
	if config.Terms == nil {
		config.Terms = func() Terms { return Terms{} }
	}
	if config.Disclosures == nil {
		config.Disclosures = func(*http.Request) string { return "" }
	}
	if config.Client == nil {
		config.Client = func(*http.Request) netip.Prefix { return netip.Prefix{} }
	}
	if config.Limits == (Limits{}) {
		config.Limits = DefaultLimits
	}
	h := &Handler{config: config, mux: http.NewServeMux(), sheets: map[string]*sheet{}, stash: newStash(config.Folder, config.Limits.Stash), limits: newLimits(config.Limits)}
	own, err := fs.Sub(static, "static")
	if err != nil {
		return nil, err
	}
	if h.files, err = assets.New(Path+"/static", assets.Style, own); err != nil {
		return nil, err
	}
	words, err := tongues.Load(wordFiles, "words/%s.json")
	if err != nil {
		return nil, err
	}
	for _, lang := range tongues.Languages {
		if h.sheets[lang], err = newSheet(lang, words, config.Zone, h.files.Base); err != nil {
			return nil, err
		}
	}
	h.routes()
	return h, nil
}

// Close forgets the files that wait. Nothing may be served any more.
func (h *Handler) Close() error {
	h.stash.close()
	return nil
}

// routes says what is where.
func (h *Handler) routes() {
	h.mux.Handle("GET "+h.files.Base+"/{file}", h.files.Handler())
	h.mux.HandleFunc("GET "+Path+"/{$}", h.start)
	h.mux.HandleFunc("GET "+Path+"/complaint", h.newComplaint)
	h.mux.HandleFunc("POST "+Path+"/complaint", h.complaint)
	h.mux.HandleFunc("GET "+Path+"/receipt", h.askCode)
	h.mux.HandleFunc("POST "+Path+"/receipt", h.receipt)
	h.mux.HandleFunc(Path+"/", h.elsewhere)
}

// policy lets a page load its style from here, and nothing else.
const policy = "default-src 'none'; style-src 'self'; img-src data:; script-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// ServeHTTP serves one request below Path.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	assets.Guard(w.Header(), policy)
	defer h.contain(w, r)
	if err := ownPage(r); err != nil {
		h.fail(w, r, http.StatusForbidden, "error.crossSite")
		return
	}
	h.mux.ServeHTTP(w, r)
}

// contain keeps a panic from the server, which would write the address of the
// client beside it.
func (h *Handler) contain(w http.ResponseWriter, r *http.Request) {
	failed := recover()
	if failed == nil {
		return
	}
	if err, ok := failed.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(failed)
	}
	h.config.Log.ErrorContext(r.Context(), "a public page failed", "panic", failed, "stack", string(debug.Stack()))
	h.fail(w, r, http.StatusInternalServerError, "error.internal")
}

var cross = http.NewCrossOriginProtection()

// ownPage refuses what a page of another site sends. Our pages send no referrer,
// and browsers then write "Origin: null" into our own forms; where they say
// Sec-Fetch-Site, as Tor Browser does, that decides. Where they say neither,
// the request is taken: nobody is signed in here, so another site's page gains
// nothing by a form that it could not fill in and send itself.
func ownPage(r *http.Request) error {
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null" {
		return nil
	}
	return cross.Check(r)
}

// elsewhere answers addresses and methods that no page has.
func (h *Handler) elsewhere(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case Path + "/", Path + "/complaint", Path + "/receipt":
		w.Header().Set("Allow", "GET, HEAD, POST")
		h.fail(w, r, http.StatusMethodNotAllowed, "error.method")
	default:
		h.fail(w, r, http.StatusNotFound, "error.missing")
	}
}

// start says what there is.
func (h *Handler) start(w http.ResponseWriter, r *http.Request) {
	h.show(w, r, http.StatusOK, "start", h.config.Terms())
}
