package console

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
)

// maxSigned is the longest form in bytes that what is signed goes through; the
// edge takes no more.
const maxSigned = 1 << 20

// signedIn is enter for those who have signed in; the public is led to the
// sign-in.
func (h *Handler) signedIn(w http.ResponseWriter, r *http.Request) (Visitor, bool) {
	visitor, ok := h.enter(w, r)
	if ok && visitor.public() {
		h.toSignIn(w, r, "")
		return visitor, false
	}
	return visitor, ok
}

// posted says who sent a form, which it reads. Whose session has ended is shown
// what they sent, to send it again.
func (h *Handler) posted(w http.ResponseWriter, r *http.Request) (Visitor, bool) {
	if !h.readForm(w, r, maxSigned) {
		return Visitor{}, false
	}
	visitor, err := h.whoever(r)
	switch {
	case err != nil && errors.Is(err, ErrUnavailable):
		w.Header().Set("Retry-After", "30")
		h.showAgain(w, r, http.StatusServiceUnavailable, "error.issuer")
	case err != nil || visitor.public():
		h.showAgain(w, r, http.StatusUnauthorized, "again.ended")
	case visitor.Do == nil:
		h.fail(w, r, visitor, http.StatusMethodNotAllowed, "error.method")
	default:
		return visitor, true
	}
	return visitor, false
}

// whoever says who the cookie stands for.
func (h *Handler) whoever(r *http.Request) (Visitor, error) {
	switch cookies := r.CookiesNamed(sessionName(r)); len(cookies) {
	case 0:
		return h.config.Enter(r, "")
	case 1:
		return h.config.Enter(r, cookies[0].Value)
	}
	return Visitor{}, errTwoSessions
}

var errTwoSessions = errors.New("one of two cookies is somebody else's")

// readForm reads a form of at most that many bytes; where it cannot, it has
// answered.
func (h *Handler) readForm(w http.ResponseWriter, r *http.Request, most int64) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		h.fail(w, r, Visitor{}, http.StatusUnsupportedMediaType, "error.form")
		return false
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	if err := r.ParseForm(); err != nil {
		status := http.StatusBadRequest
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			status = http.StatusRequestEntityTooLarge
		}
		h.fail(w, r, Visitor{}, status, "error.form")
		return false
	}
	return true
}

// sentField is a field of a form that is sent again.
type sentField struct{ Name, Value string }

// showAgain shows a form that was sent, so that nothing of it is lost: it is
// sent again once its sender has signed in, in another tab.
func (h *Handler) showAgain(w http.ResponseWriter, r *http.Request, status int, why string) {
	v := h.view(r, Visitor{Role: "public"}, map[string]any{"why": why, "signin": signInPath + "?" + url.Values{"to": {Path + "/"}}.Encode()})
	v.X = sent(r.PostForm)
	h.show(w, v, status, "again")
}

func sent(form url.Values) []sentField {
	var out []sentField
	for name, values := range form {
		for _, value := range values {
			out = append(out, sentField{name, value})
		}
	}
	slices.SortStableFunc(out, func(a, b sentField) int {
		switch {
		case a.Name < b.Name:
			return -1
		case a.Name > b.Name:
			return 1
		}
		return 0
	})
	return out
}
