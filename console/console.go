package console

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/probity-ledger/probity/console/assets"
)

// Path is where the pages are.
const Path = "/console"

// The reasons of Config.Enter to let nobody in. Any other error is a token that
// is not accepted.
var (
	ErrExpired     = errors.New("the token has expired")
	ErrUnavailable = errors.New("tokens cannot be verified now")
)

// Config is what the pages are made of. Enter is required.
type Config struct {
	// Enter says who holds a token; the empty token is the public's. It is
	// called at every request.
	Enter func(r *http.Request, token string) (Visitor, error)
	// Links has a sign-in link sign in at once, which is for a server of one
	// machine. Anywhere else whoever follows it is to say so: else a link of a
	// stranger's would put them into the stranger's place unseen.
	Links bool
	// Origin names the ledger.
	Origin string
	// Keys is the keys file of the ledger, which its log shows to anybody. Pages
	// verify under it for who holds no keys of their own, and say so.
	Keys string
	// Complaints is the address of the pages that take complaints of the public;
	// empty where there are none.
	Complaints string
	// Tour is what a demo has to show; the home of an auditor, who may see all
	// of it, leads there.
	Tour []Stop
	// Zone is where a day begins; UTC when nil.
	Zone *time.Location
	// Log takes what fails; slog.Default when nil.
	Log *slog.Logger
	// Now is the clock, time.Now when nil.
	Now func() time.Time
}

// Stop is a page worth opening, and what is to be seen there in either
// language.
type Stop struct{ Path, Zh, En string }

// Visitor is who looks at a page.
type Visitor struct {
	// Role is the role of the token, in small letters; "public" without one.
	Role string
	// Subject is empty for the public.
	Subject string
	// Units are the scope of the token, by id.
	Units []string
	// Expires is when the token ends.
	Expires time.Time
	// Ask answers a document in the visitor's name; it refuses mutations.
	Ask func(ctx context.Context, q Question) Answer
	// Do answers one that may hold mutations. Nothing but a form that was sent
	// calls it. Nil where nothing can be recorded.
	Do func(ctx context.Context, q Question) Answer
	// May tells whether the rulebook in force gives a command to the role. It
	// says what a page offers; the ledger decides. Nil where nothing can be
	// recorded.
	May func(command string) bool
	// File opens a file that the reporter of a complaint handed in; ErrNoFile
	// where there is none for the visitor. Nil where nothing sealed is opened.
	File func(ctx context.Context, complaint, digest string) (*ReporterFile, error)
}

// public tells whether nobody has signed in.
func (v Visitor) public() bool { return v.Subject == "" }

// Question is a GraphQL document and its variables. Purpose is what a record
// file that the answer shows is read for. Prove asks for a Proof: the answer then
// shows the ledger at one position. MinPosition waits until pages show what is
// recorded up to there; empty where nothing is waited for.
type Question struct {
	Document    string
	Variables   map[string]any
	Purpose     string
	MinPosition string
	Prove       bool
}

// Answer is what GraphQL answers. Data is nil where nothing was executed.
type Answer struct {
	Data   json.RawMessage
	Errors []Problem
	Proof  *Proof // nil where none was asked for
}

// Problem is an error of an answer, by extensions.code. A refusal may name the
// Field it is about, "input.unit", and the Rule, which is its source.
type Problem struct {
	Code        string
	Message     string
	Field, Rule string
	RetryAfter  time.Duration
}

// Handler serves the pages.
type Handler struct {
	config Config
	mux    *http.ServeMux
	words  *words
	files  *assets.Files
	sheets map[string]*sheets    // templates by language
	saved  map[string]savedCheck // by language
	cross  *http.CrossOriginProtection
	kinds  map[string][]string // of events, by room
}

//go:embed static/*
var static embed.FS

// loadFiles reads what pages load.
func loadFiles() (*assets.Files, error) {
	own, err := fs.Sub(static, "static")
	if err != nil {
		return nil, err
	}
	return assets.New(Path+"/static", own, assets.Style)
}

// New makes the handler. It fails only where what is embedded is damaged.
func New(config Config) (*Handler, error) {
	if config.Enter == nil {
		return nil, errors.New("the console needs to know who enters")
	}
	config.Log = cmp.Or(config.Log, slog.Default())
	config.Zone = cmp.Or(config.Zone, time.UTC)
	if config.Now == nil {
		config.Now = time.Now
	}
	h := &Handler{config: config, mux: http.NewServeMux(), sheets: map[string]*sheets{}, saved: map[string]savedCheck{}, cross: http.NewCrossOriginProtection()}
	var err error
	if h.words, err = loadWords(); err != nil {
		return nil, err
	}
	h.kinds = h.words.kindsByRoom()
	if h.files, err = loadFiles(); err != nil {
		return nil, err
	}
	for _, lang := range languages {
		if h.saved[lang], err = loadSavedCheck(h.words, lang); err != nil {
			return nil, err
		}
		if h.sheets[lang], err = loadSheets(&tongue{lang: lang, words: h.words, zone: config.Zone, assets: h.files.Base}); err != nil {
			return nil, err
		}
	}
	h.cross.SetDenyHandler(http.HandlerFunc(h.crossSite))
	h.routes()
	return h, nil
}

// routes says what is where.
func (h *Handler) routes() {
	h.mux.Handle("GET "+h.files.Base+"/{file}", h.files.Handler())
	h.mux.HandleFunc("GET "+Path+"/signin", h.showSignIn)
	h.mux.HandleFunc("POST "+Path+"/signin", h.signIn)
	h.mux.HandleFunc("POST "+Path+"/signout", h.signOut)
	h.mux.HandleFunc("GET "+Path+"/{$}", h.home)
	h.mux.HandleFunc("GET "+Path+"/verify", h.showVerify)
	h.mux.HandleFunc("GET "+Path+"/events/{id}/check", h.saveCheck)
	h.mux.HandleFunc("GET "+Path+"/complaints/{id}/files/{digest}", h.reporterFile)
	h.mux.HandleFunc("POST "+Path+"/keys", h.enrol)
	h.mux.HandleFunc("POST "+Path+"/keys/{id}", h.endKey)
	h.mux.Handle("GET "+signPath, http.RedirectHandler(signPath+"/prepare", http.StatusSeeOther))
	h.mux.HandleFunc("POST "+signPath, h.takeSigned)
	h.mux.HandleFunc("GET "+signPath+"/prepare", h.showInstruct)
	h.mux.HandleFunc("POST "+signPath+"/prepare", h.prepareInstruction)
	for _, p := range pages {
		h.mux.HandleFunc("GET "+Path+p.route, func(w http.ResponseWriter, r *http.Request) { h.serve(w, r, p) })
	}
	for _, p := range papers {
		h.mux.HandleFunc("GET "+Path+p.route, func(w http.ResponseWriter, r *http.Request) { h.servePaper(w, r, p) })
	}
	for _, at := range []string{doPath + "/{command}", doPath + "/{command}/{subject}"} {
		h.mux.HandleFunc("GET "+at, h.showForm)
		h.mux.HandleFunc("POST "+at, h.takeForm)
	}
	h.mux.HandleFunc(Path+"/", h.elsewhere)
}

// policy lets a page load from its own origin only: no script and no style
// stands in a page.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// ServeHTTP serves one request below Path.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	assets.Guard(w.Header(), policy)
	if h.chooseLanguage(w, r) {
		return
	}
	h.cross.Handler(h.mux).ServeHTTP(w, r)
}

// elsewhere answers addresses and methods that no page has.
func (h *Handler) elsewhere(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		h.fail(w, r, Visitor{}, http.StatusMethodNotAllowed, "error.method")
		return
	}
	visitor, ok := h.enter(w, r)
	if ok {
		h.fail(w, r, visitor, http.StatusNotFound, "error.missing")
	}
}

// crossSite refuses what another site sends.
func (h *Handler) crossSite(w http.ResponseWriter, r *http.Request) {
	h.fail(w, r, Visitor{}, http.StatusForbidden, "error.crossSite")
}
