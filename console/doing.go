package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
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
	Foreign          bool // whether the text is the ledger's own, in English
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

// preparedForm is what was prepared for its author to sign: what GraphQL
// answers as prepared { prepared toSign }, and the page to go back to.
type preparedForm struct {
	Command, Subject, Back string
	Prepared               string
	ToSign                 []string
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
		h.fail(w, r, visitor, http.StatusForbidden, "error.role")
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

// proceed does what the pressed button says.
func (d *doing) proceed(w http.ResponseWriter) {
	step := d.filled.Get(stepName)
	if strings.HasPrefix(step, "more") {
		d.show(w, http.StatusOK)
		return
	}
	if !d.visitor.may(d.form.command) {
		d.refusals[""] = refusal{Code: "FORBIDDEN", Text: d.say("error.role")}
		d.show(w, http.StatusForbidden)
		return
	}
	variables := d.read()
	for name, why := range d.filled.problems {
		d.refusals[name] = refusal{Text: d.say(why)}
	}
	if len(d.refusals) > 0 {
		d.show(w, http.StatusUnprocessableEntity)
		return
	}
	d.since = d.known.after(d.filled.Get(seenName))
	checked := d.filled.Get(checkedName) == d.digest(variables)
	if as := d.filled.Get(asName); as != d.who() {
		if as != "" {
			d.notices = append(d.notices, "form.otherPerson")
		}
		checked = false
	}
	if step != "record" || !checked || len(d.since) > 0 {
		if step == "record" && len(d.since) == 0 && len(d.notices) == 0 {
			d.notices = append(d.notices, "form.changed")
		}
		d.check(w, variables)
		return
	}
	d.record(w, variables)
}

// read makes the variables of the mutation out of what was typed.
func (d *doing) read() map[string]any {
	variables := map[string]any{"subject": d.subject(), "id": d.filled.Get(idName)}
	if len(d.form.fields) > 0 {
		variables["input"] = d.filled.read(d.form.fields, "")
	}
	if d.subject() == "" {
		d.filled.problems[subjectName] = "form.need"
	}
	if when := d.filled.said(whenName); when != "" {
		at, ok := momentOf(when, d.h.config.Zone)
		if !ok {
			d.filled.problems[whenName] = "form.moment"
		}
		variables["at"] = at
	}
	return variables
}

// digest tells one filling-in from another.
func (d *doing) digest(variables map[string]any) string {
	raw, err := json.Marshal([]any{d.form.command, variables["subject"], variables["at"], variables["input"], d.who()})
	if err != nil {
		return "" // texts, numbers and lists of them can be written
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// give gives the command, as the member of the mutation says: "dry", "prepare"
// or neither. The outcome is nil where it is refused.
func (d *doing) give(ctx context.Context, variables map[string]any, how string) (*outcome, *Problem) {
	variables = maps.Clone(variables)
	variables["dry"], variables["prepare"] = how == "dry", how == "prepare"
	answer := d.visitor.Do(ctx, Question{Document: d.form.mutation(), Variables: variables, Purpose: "console: do"})
	if len(answer.Errors) > 0 {
		return nil, &answer.Errors[0]
	}
	var data struct{ Done *outcome }
	if err := json.Unmarshal(answer.Data, &data); err != nil || data.Done == nil {
		return nil, &Problem{Code: "INTERNAL", Message: "the answer cannot be read"}
	}
	return data.Done, nil
}

// check shows what would be recorded, or why it would not be.
func (d *doing) check(w http.ResponseWriter, variables map[string]any) {
	done, problem := d.give(d.r.Context(), variables, "dry")
	if problem != nil {
		d.refuse(w, *problem)
		return
	}
	if done.Recorded {
		d.showDone(w, done)
		return
	}
	d.outcome = done
	status := http.StatusOK
	if len(d.since) > 0 {
		status = http.StatusConflict
	}
	d.filled.Set(checkedName, d.digest(variables))
	d.filled.Set(asName, d.who())
	d.filled.Set(seenName, d.known.last())
	d.show(w, status)
}

// record records it, or has it prepared for its author's signature.
func (d *doing) record(w http.ResponseWriter, variables map[string]any) {
	done, problem := d.give(d.r.Context(), variables, "record")
	if problem != nil && problem.Field == "signature" {
		if done, problem = d.give(d.r.Context(), variables, "prepare"); problem == nil && done.Prepared != nil && done.Prepared.Prepared != "" {
			d.h.showSign(w, d.r, d.visitor, preparedForm{Command: d.form.command, Subject: d.subject(), Back: d.back(),
				Prepared: done.Prepared.Prepared, ToSign: done.Prepared.ToSign})
			return
		}
	}
	if problem != nil {
		d.refuse(w, *problem)
		return
	}
	d.showDone(w, done)
}

// back is the page of what it is about.
func (d *doing) back() string { return pathTo(d.matter.page, d.subject()) }
