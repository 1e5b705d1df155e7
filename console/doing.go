package console

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// doPath is where forms are: doPath/{command} begins something new,
// doPath/{command}/{subject} goes on with what is on file.
const doPath = Path + "/do"

// doPolicy lets the script of a form send it.
const doPolicy = policy + "; connect-src 'self'"

// The names of what a form carries beside its fields.
const (
	subjectName = "_subject" // the id of something new
	whenName    = "_when"    // when it happened, where that was earlier
	idName      = "_id"      // of the instruction: made with the form, so that it is recorded once
	seenName    = "_seen"    // the last event about the subject that was shown
	asName      = "_as"      // who was given the form
	checkedName = "_checked" // the digest of what was checked
	stepName    = "_step"    // check, record or more
)

// doing is one form on its way: as it was filled in, and what is shown of it.
type doing struct {
	h       *Handler
	r       *http.Request
	lang    string
	visitor Visitor
	form    *form
	matter  *matter
	filled  *filled
	fresh   bool // whether the subject is new

	known known               // what was asked about the subject
	offer map[string][]option // what can be picked

	notices  []string           // keys of words
	refusals map[string]refusal // by the name of the field; "" for the whole
	outcome  *outcome           // of the check
	since    []map[string]any   // events recorded since the form was made
}

// refusal is why something is not recorded.
type refusal struct {
	Code, Text, Rule string
	Foreign          bool   // whether the text is the ledger's own, in English
	Told             string // the same in the language of the page, where it is known
}

// outcome is what a command became, or would become.
type outcome struct {
	ID                                 string
	Recorded, Repeated, NeedsSignature bool
	Events                             []struct {
		ID, Kind string
		Event    *struct{ ID string }
	}
	Followed []struct {
		ID, Kind string
		Subject  struct{ Type, ID string }
	}
	Prepared *struct {
		Prepared string
		ToSign   []string
	}
}

func (h *Handler) newDoing(r *http.Request, visitor Visitor, values url.Values) *doing {
	f, m := findForm(r.PathValue("command"))
	if f == nil || f.begins != (r.PathValue("subject") == "") {
		return nil
	}
	return &doing{h: h, r: r, lang: languageOf(r), visitor: visitor, form: f, matter: m, fresh: f.begins,
		filled: &filled{Values: values, problems: map[string]string{}}, refusals: map[string]refusal{}}
}

// may tells whether the rulebook in force gives the command to the visitor's
// role.
func (v Visitor) may(command string) bool {
	return !v.public() && v.May != nil && v.Do != nil && v.May(command)
}

// mayNot is a word for why not.
func (v Visitor) mayNot() string {
	if v.Do == nil {
		return "error.readOnly"
	}
	return "error.role"
}

// showForm shows an empty form; some of it may stand in the address.
func (h *Handler) showForm(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.enter(w, r)
	if !ok {
		return
	}
	if visitor.public() {
		h.toSignIn(w, r, "")
		return
	}
	d := h.newDoing(r, visitor, url.Values{})
	if d == nil {
		h.failWith(w, r, visitor, errMissing)
		return
	}
	if !visitor.may(d.form.command) {
		h.fail(w, r, visitor, http.StatusForbidden, visitor.mayNot())
		return
	}
	for _, one := range d.form.fields {
		if given := r.URL.Query().Get(one.name); given != "" && len(one.fields) == 0 {
			d.filled.Set(one.name, given)
		}
	}
	if err := d.ask(r.Context()); err != nil {
		h.failWith(w, r, visitor, err)
		return
	}
	d.filled.Set(idName, newID())
	d.filled.Set(asName, d.who())
	d.filled.Set(seenName, d.known.last())
	if d.fresh {
		d.filled.Set(subjectName, d.suggested())
	}
	d.show(w, http.StatusOK)
}

func newID() string {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails
	return "console-" + hex.EncodeToString(raw[:])
}

// suggested is an id for something new: nobody has to take it.
func (d *doing) suggested() string {
	return d.matter.mark + "-" + d.h.config.Now().In(d.h.config.Zone).Format("20060102") + "-" + strings.ToUpper(newID()[8:12])
}

func (d *doing) who() string { return d.visitor.Role + ":" + d.visitor.Subject }

// subject is the id of what it is about.
func (d *doing) subject() string {
	if d.fresh {
		return d.filled.said(subjectName)
	}
	return d.r.PathValue("subject")
}

// takeForm takes what was filled in. Whatever becomes of it, the answer holds
// all that was typed.
func (h *Handler) takeForm(w http.ResponseWriter, r *http.Request) {
	values, err := readForm(w, r)
	if values == nil {
		status, why := http.StatusUnsupportedMediaType, "error.form"
		if errors.Is(err, errLongForm) {
			status, why = http.StatusRequestEntityTooLarge, "form.long"
		}
		h.fail(w, r, Visitor{}, status, why)
		return
	}
	visitor, why, status := h.whoPosts(r)
	d := h.newDoing(r, visitor, values)
	if d == nil {
		h.failWith(w, r, visitor, errMissing)
		return
	}
	if why != "" {
		d.notices = append(d.notices, why)
		d.show(w, status)
		return
	}
	if err := d.ask(r.Context()); err != nil && !d.unanswered(w, err) {
		return
	}
	if errors.Is(err, errLongForm) {
		d.notices = append(d.notices, "form.long")
		d.show(w, http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		d.notices = append(d.notices, "error.form")
		d.show(w, http.StatusBadRequest)
		return
	}
	if d.filled.Get(idName) == "" {
		d.filled.Set(idName, newID())
	}
	d.proceed(w)
}

// whoPosts says who sends a form; else a key of words that says why that is
// not known.
func (h *Handler) whoPosts(r *http.Request) (v Visitor, why string, status int) {
	cookies, token := r.CookiesNamed(sessionName(r)), ""
	if len(cookies) == 1 {
		token = cookies[0].Value
	}
	visitor, err := h.config.Enter(r, token)
	switch {
	case errors.Is(err, ErrUnavailable):
		return Visitor{}, "error.issuer", http.StatusServiceUnavailable
	case err != nil || visitor.public():
		return Visitor{}, "form.signedOut", http.StatusUnauthorized
	}
	return visitor, "", http.StatusOK
}
