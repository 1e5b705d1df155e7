package intake

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// categories are the matters a complaint can be of; the record has these words.
var categories = []string{"bribery", "abuse", "inaction", "delay", "attitude", "fees", "procedure", "retaliation", "other"}

// recordTime is how long recording may take, though nobody waits any more: a
// connection that is lost then loses no complaint.
const recordTime = time.Minute

// handIn is what the pages of a complaint show.
type handIn struct {
	Nonce      string
	Text       map[string]string
	Agencies   []agencyOption
	Categories []string
	Files      []*held
	Warnings   []string
	Identified bool
	Unit       string // the name of the unit that was chosen
}

// agencyOption is an entry of the list of units.
type agencyOption struct {
	ID, Name string
	Depth    int
}

// Label is the name, moved in by its depth.
func (a agencyOption) Label() string { return strings.Repeat("  ", a.Depth) + a.Name }

// newComplaint shows an empty form with a nonce of its own.
func (h *Handler) newComplaint(w http.ResponseWriter, r *http.Request) {
	f := &form{text: map[string]string{"nonce": newNonce()}}
	agencies, err := h.config.Desk.Agencies(r.Context())
	if err != nil {
		h.failDesk(w, r, err)
		return
	}
	h.show(w, r, http.StatusOK, "complaint", h.handIn(f, agencies))
}

func (h *Handler) handIn(f *form, agencies []Agency) *handIn {
	x := &handIn{Nonce: f.text["nonce"], Text: map[string]string{}, Categories: categories, Files: f.files, Identified: f.reporter() != nil}
	for name := range fields {
		x.Text[name] = f.text[name]
	}
	x.Agencies = inOrder(agencies)
	for _, a := range agencies {
		if a.ID == f.text["unit"] {
			x.Unit = a.Name
		}
	}
	if unit := f.text["unit"]; x.Unit == "" && unit != "" { // nothing that was chosen is lost
		x.Unit = unit
		x.Agencies = append(x.Agencies, agencyOption{ID: unit, Name: unit})
	}
	return x
}

// inOrder puts each unit behind the one it belongs to.
func inOrder(agencies []Agency) []agencyOption {
	below := map[string][]Agency{}
	known := map[string]bool{}
	for _, a := range agencies {
		known[a.ID] = true
	}
	for _, a := range agencies {
		parent := a.Parent
		if !known[parent] || parent == a.ID {
			parent = ""
		}
		below[parent] = append(below[parent], a)
	}
	var out []agencyOption
	seen := map[string]bool{}
	var walk func(parent string, depth int)
	walk = func(parent string, depth int) {
		for _, a := range below[parent] {
			if !seen[a.ID] {
				seen[a.ID] = true
				out = append(out, agencyOption{a.ID, a.Name, depth})
				walk(a.ID, depth+1)
			}
		}
	}
	walk("", 0)
	return out
}

// complaint takes a form: to check it, to change it once more, or to send it.
func (h *Handler) complaint(w http.ResponseWriter, r *http.Request) {
	wait := h.limits.hand.allow(h.config.Client(r), time.Now())
	f, done, err := h.read(w, r, wait == 0)
	if err != nil {
		h.failRead(w, r, err)
		return
	}
	defer done()
	if f.waiting == nil {
		h.failRead(w, r, errForm)
		return
	}
	agencies, err := h.config.Desk.Agencies(r.Context())
	if err != nil {
		h.kept(w, r, f, nil, err)
		return
	}
	if wait > 0 {
		h.tooMany(w, f, wait)
		h.showTyped(w, r, http.StatusTooManyRequests, "complaint", h.handIn(f, agencies), f.wrong)
		return
	}
	step := f.text["step"]
	if step == "edit" {
		h.showTyped(w, r, http.StatusOK, "complaint", h.handIn(f, agencies), f.wrong)
		return
	}
	if f.check(agencies); len(f.wrong) > 0 {
		h.showTyped(w, r, http.StatusUnprocessableEntity, "complaint", h.handIn(f, agencies), f.wrong)
		return
	}
	switch step {
	case "check":
		x := h.handIn(f, agencies)
		x.Warnings = f.warnings()
		h.showTyped(w, r, http.StatusOK, "check", x, nil)
	case "send":
		h.send(w, r, f, agencies)
	default:
		h.failRead(w, r, errForm)
	}
}

// tooMany says how long to wait.
func (h *Handler) tooMany(w http.ResponseWriter, f *form, wait time.Duration) {
	seconds := strconv.Itoa(int(wait.Seconds()))
	w.Header().Set("Retry-After", seconds)
	f.wrong = append([]wrong{{Key: "wrong.tooMany", Args: []any{seconds}}}, f.wrong...)
}

// check says what is wrong with a complaint.
func (f *form) check(agencies []Agency) {
	if unit := f.text["unit"]; unit != "" && !slices.ContainsFunc(agencies, func(a Agency) bool { return a.ID == unit }) {
		f.refuse("unit", "wrong.unit")
	}
	if !slices.Contains(categories, f.text["category"]) {
		f.refuse("category", "wrong.category")
	}
	f.checkText("summary", true)
	for _, name := range append([]string{"place"}, details...) {
		f.checkText(name, false)
	}
}

// checkText says what is wrong with a text.
func (f *form) checkText(name string, required bool) {
	text := f.text[name]
	switch bad := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); {
	case text == "" && required:
		f.refuse(name, "wrong.empty."+name)
	case len(text) > fields[name]:
		f.refuse(name, "wrong.long", strconv.Itoa(len(text)), strconv.Itoa(fields[name]))
	case bad >= 0:
		f.refuse(name, "wrong.control")
	}
}

// send hands the complaint to the desk and shows its receipt. A form that was
// sent before has the same one.
func (h *Handler) send(w http.ResponseWriter, r *http.Request, f *form, agencies []Agency) {
	digest := f.digest()
	if f.waiting.sent == digest {
		h.sent(f, digest)
		h.received(w, r, f, false)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), recordTime)
	defer cancel()
	err := h.config.Desk.Receive(ctx, Report{
		Nonce: f.text["nonce"], Category: f.text["category"], Summary: f.text["summary"], Place: f.text["place"], Unit: f.text["unit"],
		Reporter: f.reporter(), Files: f.handed(),
	})
	if refusal, no := errors.AsType[Refusal](err); no && refusal.Field == "nonce" {
		h.sent(f, f.waiting.sent)
		h.received(w, r, f, true)
		return
	}
	if err != nil {
		h.kept(w, r, f, agencies, err)
		return
	}
	h.sent(f, digest)
	h.received(w, r, f, false)
}

// sent notes what was received under the nonce of a form, and forgets its
// files.
func (h *Handler) sent(f *form, digest string) {
	f.waiting.sent = digest
	h.stash.drop(f.waiting, func(*held) bool { return true })
}

// kept shows the form with all that was typed, and why the desk did not take
// it.
func (h *Handler) kept(w http.ResponseWriter, r *http.Request, f *form, agencies []Agency, err error) {
	status := h.refused(w, r, f, err, map[string]bool{"category": true, "summary": true, "place": true, "unit": true, "files": true})
	h.showTyped(w, r, status, "complaint", h.handIn(f, agencies), f.wrong)
}

// refused puts what the desk says at its field, and returns the status.
func (h *Handler) refused(w http.ResponseWriter, r *http.Request, f *form, err error, has map[string]bool) int {
	if refusal, no := errors.AsType[Refusal](err); no {
		field := refusal.Field
		if field == "reporter" {
			field = "name"
		} else if !has[field] {
			field = ""
		}
		f.wrong = append(f.wrong, wrong{Field: field, Key: "wrong.refused", Said: refusal.Reason})
		return http.StatusUnprocessableEntity
	}
	w.Header().Set("Retry-After", "60")
	if isAny(err, ErrUnavailable, context.DeadlineExceeded) {
		f.refuse("", "wrong.later")
		return http.StatusServiceUnavailable
	}
	h.config.Log.ErrorContext(r.Context(), "the desk failed", "err", err)
	f.refuse("", "wrong.internal")
	return http.StatusInternalServerError
}

// failDesk shows a page that says that the desk failed.
func (h *Handler) failDesk(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Retry-After", "60")
	if isAny(err, ErrUnavailable, context.DeadlineExceeded) {
		h.fail(w, r, http.StatusServiceUnavailable, "error.later")
		return
	}
	h.config.Log.ErrorContext(r.Context(), "the desk failed", "err", err)
	h.fail(w, r, http.StatusInternalServerError, "error.internal")
}

func isAny(err error, targets ...error) bool {
	return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
}

// receipt is what the page of a receipt shows.
type receipt struct {
	Code  string
	State *State // nil where it could not be looked up
	Terms Terms
	// Other tells that the form was sent before with other content.
	Other      bool
	Identified bool
}

// received shows the receipt of a form, whose code derives from its nonce.
func (h *Handler) received(w http.ResponseWriter, r *http.Request, f *form, other bool) {
	x := receipt{Code: CodeOf(f.text["nonce"]), Terms: h.config.Terms(), Other: other, Identified: f.reporter() != nil}
	if state, err := h.config.Desk.Look(r.Context(), x.Code); err == nil {
		x.State = &state
	} else {
		h.config.Log.WarnContext(r.Context(), "a complaint was received and cannot be looked up yet", "err", err)
	}
	h.showTyped(w, r, http.StatusOK, "received", x, nil)
}
