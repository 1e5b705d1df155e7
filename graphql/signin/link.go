package signin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Link serves sign-in links: GET ?token=…&to=/path verifies the token, keeps
// it as a cookie and redirects to the path, home when there is none. A path
// that would leave this server is refused.
//
// The token stands in the address, and so in the browser's history; links are
// for short tokens on a laptop. Do not log the query of this path.
func Link(v *Verifier, home string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			w.Header().Set("Allow", http.MethodGet)
			http.Error(w, "sign-in links are opened with GET", http.StatusMethodNotAllowed)
			return
		}
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		to, ok := target(r.URL.Query().Get("to"), home)
		if !ok {
			http.Error(w, "the link leads away from this server", http.StatusBadRequest)
			return
		}
		token := r.URL.Query().Get("token")
		principal, err := v.Verify(token)
		if err != nil {
			clearCookie(w, r)
			var refused *TokenError
			if !errors.As(err, &refused) {
				refused = refuse(ReasonMalformed, "the token cannot be verified")
			}
			deny(w, r, refused)
			return
		}
		http.SetCookie(w, cookie(r, token, principal.Expires))
		http.Redirect(w, r, to, http.StatusSeeOther)
	})
}

// target accepts paths of this server only. Browsers read "//host", "/\host"
// and blanks before them as another host.
func target(to, home string) (string, bool) {
	if to == "" {
		return home, true
	}
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\t\r\n") {
		return "", false
	}
	return to, true
}

func cookie(r *http.Request, token string, expires time.Time) *http.Cookie {
	return &http.Cookie{
		Name: Cookie, Value: token, Path: "/", Expires: expires,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	}
}

func clearCookie(w http.ResponseWriter, r *http.Request) {
	c := cookie(r, "", time.Time{})
	c.MaxAge = -1
	http.SetCookie(w, c)
}
