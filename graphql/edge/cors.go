package edge

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// What pages of the configured origins may send and read.
const (
	corsMethods = "GET, HEAD, POST"
	corsHeaders = "Accept, Authorization, Content-Type, GraphQL-Require-Preflight, X-Requested-With, Last-Event-ID"
	corsExposed = "Retry-After, WWW-Authenticate"
	corsMaxAge  = "600"
)

// cors lets pages of the configured origins read the answer, and answers their
// preflights. It is true when the request is answered.
func (e *Edge) cors(w http.ResponseWriter, r *http.Request) bool {
	h := w.Header()
	if len(e.config.Origins) > 0 {
		h.Add("Vary", "Origin")
	}
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return false
	}
	allowed := len(origins) == 1 && slices.Contains(e.config.Origins, origins[0])
	if allowed {
		h.Set("Access-Control-Allow-Origin", origins[0])
		h.Set("Access-Control-Expose-Headers", corsExposed)
	}
	switch {
	case r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "":
		h.Add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers")
		if !allowed {
			refuse(w, r, http.StatusForbidden, "cross_origin", "pages of this origin may not ask")
			return true
		}
		h.Set("Access-Control-Allow-Methods", corsMethods)
		h.Set("Access-Control-Allow-Headers", corsHeaders)
		h.Set("Access-Control-Max-Age", corsMaxAge)
		w.WriteHeader(http.StatusNoContent)
		return true
	case isWebSocket(r) && !allowed && !(len(origins) == 1 && sameOrigin(origins[0], r)):
		// Browsers ask nobody before they open one.
		refuse(w, r, http.StatusForbidden, "cross_origin", "pages of this origin may not ask")
		return true
	}
	return false
}

func isWebSocket(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || r.Method == http.MethodConnect
}

// sameOrigin holds for our own pages. Which scheme we are reached by is not
// known behind a proxy; the host is.
func sameOrigin(origin string, r *http.Request) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}
