package console

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// page is one kind of page: where it is, what it asks and what it shows.
type page struct {
	name  string // of its template
	route string // below Path
	// document is what is asked; variables reads them from the address. An
	// error of it is a page that says what is wrong there.
	document  string
	variables func(*asked) (map[string]any, error)
	// must is the member of the answer without which there is no page.
	must string
	// open pages are for the public too.
	open bool
	// prepare computes what the template is to draw; nil where nothing is.
	prepare func(*view) error
	// status of the answer where there is a page; 200 when zero.
	status int
}

// pages are all kinds but home and the sign-in.
var pages = []page{keyPage, keysPage, oneKeyPage, officersPage, officerPage, comparePage, officerTimelinePage, historyPage, eventPage,
	casesPage, casePage, complaintsPage, complaintPage, tracebackPage, plansPage, planPage,
	scorecardsPage, scorecardPage, articlePage, obligationsPage, warningsPage, warningPage, disclosuresPage, disclosurePage, sanctionPage, searchPage,
	enforcementsPage, enforcementPage, programmesPage, programmePage, agenciesPage,
	postsPage, postPage, discretionPage, clocksPage, normPage, remediesPage, warningRulesPage, reviewQueuePage}

// asked is a request for a page.
type asked struct {
	*http.Request
	visitor Visitor
	now     time.Time
	zone    *time.Location
	kinds   map[string][]string // of events, by room
}

// wrongInput is something in an address that cannot be; its text is a key of
// words.
type wrongInput string

func (w wrongInput) Error() string { return string(w) }

// errMissing: what the page is about is not there, or not to be seen.
var errMissing = errors.New("there is no such page")

// view is what a template is given. D is the answer.
type view struct {
	*asked
	D       map[string]any
	X       any // what prepare computed
	Visitor Visitor
	Lang    string
	Nav     []navItem
	Origin  string
	Keys    string // that this server names; see Config
	Report  string // where the public complains; see Config.Complaints
	Status  int
	saved   savedCheck
	raw     json.RawMessage
	tongue  *tongue
}

// Path returns the path of the page.
func (v *view) Path() string { return v.URL.Path }

// Here returns the address of the page.
func (v *view) Here() string { return v.URL.RequestURI() }

// With returns the address of the page with some parameters changed; empty
// ones are left out.
func (v *view) With(pairs ...string) string {
	query := v.URL.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Del(pairs[i])
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if len(query) == 0 {
		return v.URL.EscapedPath()
	}
	return v.URL.EscapedPath() + "?" + query.Encode()
}

// Words are those of the scripts that verify, as JSON.
func (v *view) Words() string { return v.tongue.words.ofVerify(v.Lang) }

// Param returns a parameter of the address.
func (v *view) Param(name string) string { return v.URL.Query().Get(name) }

// serve answers with a page.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, p page) {
	visitor, ok := h.enter(w, r)
	if !ok {
		return
	}
	if visitor.public() && !p.open {
		h.toSignIn(w, r, "")
		return
	}
	h.answer(w, r, visitor, p)
}

// answer asks what a page asks, and shows it.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, visitor Visitor, p page) {
	a := h.asked(r, visitor)
	variables := map[string]any{}
	if p.variables != nil {
		var err error
		if variables, err = p.variables(a); err != nil {
			h.failWith(w, r, visitor, err)
			return
		}
	}
	data, raw, err := ask(r.Context(), visitor, Question{Document: p.document, Variables: variables, Purpose: "console: " + p.name})
	if err == nil && p.must != "" && data[p.must] == nil {
		err = errMissing
	}
	if err != nil {
		h.failWith(w, r, visitor, err)
		return
	}
	v := h.view(r, visitor, data)
	v.raw = raw
	if p.prepare != nil {
		if err := p.prepare(v); err != nil {
			h.failWith(w, r, visitor, err)
			return
		}
	}
	h.show(w, v, cmp.Or(p.status, http.StatusOK), p.name)
}

// problemError is what GraphQL refused.
type problemError struct{ Problem }

func (p problemError) Error() string { return p.Message }

// ask asks, and takes any error for one of the whole.
func ask(ctx context.Context, visitor Visitor, q Question) (map[string]any, json.RawMessage, error) {
	data, raw, _, err := askProven(ctx, visitor, q)
	return data, raw, err
}

// askProven is ask, with the proof where the question wants one.
func askProven(ctx context.Context, visitor Visitor, q Question) (map[string]any, json.RawMessage, *Proof, error) {
	answer := visitor.Ask(ctx, q)
	if len(answer.Errors) > 0 {
		return nil, nil, nil, problemError{answer.Errors[0]}
	}
	decoder := json.NewDecoder(bytes.NewReader(answer.Data))
	decoder.UseNumber()
	var data map[string]any
	if err := decoder.Decode(&data); err != nil {
		return nil, nil, nil, err
	}
	return data, answer.Data, answer.Proof, nil
}

// into decodes the answer for what has to be computed.
func (v *view) into(to any) error { return json.Unmarshal(v.raw, to) }

func (h *Handler) asked(r *http.Request, visitor Visitor) *asked {
	return &asked{r, visitor, h.config.Now(), h.config.Zone, h.kinds}
}

func (h *Handler) view(r *http.Request, visitor Visitor, data map[string]any) *view {
	lang := languageOf(r)
	return &view{
		asked: h.asked(r, visitor), D: data, Visitor: visitor, Lang: lang,
		Nav: nav(visitor, r.URL.Path), Origin: h.config.Origin, Keys: h.config.Keys, Report: h.config.Complaints, saved: h.saved[lang], tongue: h.sheets[lang].tongue,
	}
}

// render shows a page whose data need not be asked for.
func (h *Handler) render(w http.ResponseWriter, r *http.Request, visitor Visitor, status int, name string, data map[string]any) {
	h.show(w, h.view(r, visitor, data), status, name)
}

// show writes a page in one piece, so that one that cannot be made is an error
// and not half a page.
func (h *Handler) show(w http.ResponseWriter, v *view, status int, name string) {
	v.Status = status
	var out bytes.Buffer
	if err := h.sheets[v.Lang].write(&out, name, v); err != nil {
		h.config.Log.ErrorContext(v.Context(), "a page cannot be made", "page", name, "err", err)
		http.Error(w, h.words.say(v.Lang, "error.internal"), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Language", tags[v.Lang])
	header.Add("Vary", "Cookie, Accept-Language")
	header.Set("Content-Length", strconv.Itoa(out.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // an error here is a client that went away
}

// fail shows a page that says why there is no other.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, visitor Visitor, status int, why string) {
	h.render(w, r, visitor, status, "error", map[string]any{"why": why, "detail": ""})
}

// failWith says so of an error.
func (h *Handler) failWith(w http.ResponseWriter, r *http.Request, visitor Visitor, err error) {
	if errors.Is(err, errMissing) {
		h.fail(w, r, visitor, http.StatusNotFound, "error.missing")
		return
	}
	if wrong, ok := errors.AsType[wrongInput](err); ok {
		h.fail(w, r, visitor, http.StatusBadRequest, string(wrong))
		return
	}
	problem, ok := errors.AsType[problemError](err)
	if !ok {
		h.config.Log.ErrorContext(r.Context(), "an answer cannot be read", "err", err)
		h.fail(w, r, visitor, http.StatusInternalServerError, "error.internal")
		return
	}
	status, why, detail := http.StatusInternalServerError, "error.internal", problem.Message
	switch problem.Code {
	case "BAD_USER_INPUT":
		status, why = http.StatusBadRequest, "error.input"
	case "BUDGET_EXCEEDED", "QUERY_TOO_COSTLY":
		status, why, detail = http.StatusTooManyRequests, "error.budget", ""
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(problem.RetryAfter.Seconds()))))
	case "UNAVAILABLE", "TIMEOUT", "VIEWS_BEHIND", "CANCELLED":
		status, why, detail = http.StatusServiceUnavailable, "error.later", ""
		w.Header().Set("Retry-After", "5")
	default:
		h.config.Log.ErrorContext(r.Context(), "a page was not answered", "path", r.URL.Path, "code", problem.Code, "message", problem.Message)
	}
	h.render(w, r, visitor, status, "error", map[string]any{"why": why, "detail": detail})
}

// id reads the id in the path.
func id(a *asked) (map[string]any, error) { return map[string]any{"id": a.PathValue("id")}, nil }

// addPage sets the variables of a page of a connection.
func addPage(a *asked, size int, to map[string]any) map[string]any {
	query := a.URL.Query()
	switch {
	case query.Get("before") != "":
		to["last"], to["before"] = size, query.Get("before")
	case query.Get("after") != "":
		to["first"], to["after"] = size, query.Get("after")
	default:
		to["first"] = size
	}
	return to
}

// pathTo is the address of a page below Path, by parts that are escaped.
func pathTo(parts ...string) string {
	out := Path
	for _, part := range parts {
		out += "/" + url.PathEscape(part)
	}
	return out
}

// Sub is the address of a page below this one, with the same parameters; Up
// that of the page above.
func (v *view) Sub(part string) string {
	return v.URL.EscapedPath() + "/" + url.PathEscape(part) + query(v.URL)
}

// Up is the address of the page above this one.
func (v *view) Up() string {
	path := v.URL.EscapedPath()
	return path[:strings.LastIndexByte(path, '/')] + query(v.URL)
}

func query(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	return "?" + u.Query().Encode()
}
