package console

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

const (
	// signInPath is the page that takes a token.
	signInPath = Path + "/signin"
	// maxForm is the longest form in bytes; a token has up to 16 KiB.
	maxForm = 32 << 10
	// maxCookie is the longest token that browsers keep: 4096 bytes are for
	// name, value and attributes.
	maxCookie = 3900
)

// sessionName is the cookie of a session. Over TLS its name has browsers refuse
// it from anywhere else.
func sessionName(r *http.Request) string {
	if secure(r) {
		return "__Secure-probity-console"
	}
	return "probity-console"
}

// secure tells whether the browser speaks TLS: it does, to whatever is not this
// machine, for the edge answers nobody else.
func secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return !(err == nil && addr.IsLoopback() || host == "localhost")
}

func (h *Handler) setSession(w http.ResponseWriter, r *http.Request, token string, expires time.Time) {
	c := &http.Cookie{
		Name: sessionName(r), Value: token, Path: Path, Expires: expires,
		HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteStrictMode,
	}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// enter says who looks at a page. Where that cannot be, it has answered: with
// the page that takes a token, and leads back.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request) (Visitor, bool) {
	visitor, err := h.whoever(r)
	switch {
	case err == nil:
		return visitor, true
	case errors.Is(err, ErrUnavailable):
		w.Header().Set("Retry-After", "30")
		h.fail(w, r, Visitor{}, http.StatusServiceUnavailable, "error.issuer")
	case errors.Is(err, ErrExpired):
		h.setSession(w, r, "", time.Time{})
		h.toSignIn(w, r, "ended")
	case errors.Is(err, errTwoSessions):
		h.toSignIn(w, r, "again")
	default:
		h.setSession(w, r, "", time.Time{})
		h.toSignIn(w, r, "again")
	}
	return Visitor{}, false
}

// toSignIn sends to the page that takes a token; why is a word of its own.
func (h *Handler) toSignIn(w http.ResponseWriter, r *http.Request, why string) {
	values := url.Values{}
	if to := r.URL.RequestURI(); to != Path+"/" {
		values.Set("to", to)
	}
	if why != "" {
		values.Set("why", why)
	}
	to := signInPath
	if len(values) > 0 {
		to += "?" + values.Encode()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// back accepts pages of the console only, as the place to go to; home for
// anything else. Browsers read "//host", "/\host" and blanks before them as
// another host.
func back(to string) string {
	const home = Path + "/"
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Fragment != "" || !strings.HasPrefix(to, home) {
		return home
	}
	for _, c := range to {
		if c == '\\' || c <= ' ' || c == 0x7f {
			return home
		}
	}
	if clean := u.Path; strings.Contains(clean, "/../") || strings.HasSuffix(clean, "/..") || strings.HasPrefix(to, signInPath) || strings.Contains(clean, "//") {
		return home
	}
	return to
}

// showSignIn shows the page that takes a token.
func (h *Handler) showSignIn(w http.ResponseWriter, r *http.Request) {
	why := ""
	switch said := r.URL.Query().Get("why"); said {
	case "ended", "again":
		why = "signin." + said
	}
	h.askToken(w, r, http.StatusOK, r.URL.Query().Get("to"), why)
}

func (h *Handler) askToken(w http.ResponseWriter, r *http.Request, status int, to, why string) {
	h.render(w, r, Visitor{Role: "public"}, status, "signin", map[string]any{"to": back(to), "why": why, "links": h.config.Links})
}

// signIn takes a token.
func (h *Handler) signIn(w http.ResponseWriter, r *http.Request) {
	if !h.readForm(w, r, maxForm) {
		return
	}
	token, to := strings.TrimSpace(r.PostForm.Get("token")), r.PostForm.Get("to")
	if token == "" {
		h.askToken(w, r, http.StatusUnprocessableEntity, to, "signin.empty")
		return
	}
	if len(token) > maxCookie {
		h.askToken(w, r, http.StatusUnprocessableEntity, to, "signin.long")
		return
	}
	visitor, err := h.config.Enter(r, token)
	switch {
	case errors.Is(err, ErrUnavailable):
		w.Header().Set("Retry-After", "30")
		h.askToken(w, r, http.StatusServiceUnavailable, to, "error.issuer")
	case errors.Is(err, ErrExpired):
		h.askToken(w, r, http.StatusUnprocessableEntity, to, "signin.expired")
	case err != nil:
		h.askToken(w, r, http.StatusUnprocessableEntity, to, "signin.refused")
	default:
		h.setSession(w, r, token, visitor.Expires)
		http.Redirect(w, r, back(to), http.StatusSeeOther)
	}
}

// signOut forgets the token.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) {
	h.setSession(w, r, "", time.Time{})
	http.Redirect(w, r, signInPath, http.StatusSeeOther)
}
