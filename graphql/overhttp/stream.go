package overhttp

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/probity-ledger/probity/graphql/edge"
)

// mediaEvents is the media type of server-sent events.
const mediaEvents = "text/event-stream"

// Streams serves what stays open: an operation as server-sent events, and a
// WebSocket. Origin and request were checked.
type Streams interface {
	ServeEvents(w http.ResponseWriter, r *http.Request, req Request)
	ServeSocket(w http.ResponseWriter, r *http.Request)
}

// Streaming tells whether a request asks for something that stays open: a
// WebSocket, or an event stream rather than JSON.
func Streaming(r *http.Request) bool { return isUpgrade(r) || wantsEvents(r) }

func isUpgrade(r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	for _, value := range r.Header.Values("Upgrade") {
		for _, name := range splitList(value) {
			if strings.EqualFold(strings.TrimSpace(name), "websocket") {
				return true
			}
		}
	}
	return false
}

// wantsEvents holds where text/event-stream is named itself and no JSON is
// wanted more: clients that name everything they can read want JSON.
func wantsEvents(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return false
	}
	wanted := preferences(r.Header, mediaEvents, mediaJSON, mediaGraphQL)
	events, named := wanted[mediaEvents]
	if !named || events.quality <= 0 || events.exact < 3 {
		return false
	}
	for _, media := range []string{mediaJSON, mediaGraphQL} {
		if json, ok := wanted[media]; ok && json.quality > 0 && !events.beats(json) {
			return false
		}
	}
	return true
}

func (h *handler) serveStream(w http.ResponseWriter, r *http.Request) {
	if err := h.checkOrigin(r); err != nil {
		h.refuse(w, mediaJSON, fault(http.StatusForbidden, "CROSS_ORIGIN", "requests from pages of another origin are not served"))
		return
	}
	if isUpgrade(r) {
		h.config.Streams.ServeSocket(w, r)
		return
	}
	request, problem := h.read(w, r)
	if problem != nil {
		h.refuse(w, mediaJSON, problem)
		return
	}
	request.Remote, _ = edge.Client(r, h.config.Proxies)
	h.config.Streams.ServeEvents(w, r, request)
}

// JSON returns the response as it is written, without a line break at its end.
func (r *Response) JSON() ([]byte, error) {
	body, err := r.encode()
	return bytes.TrimSuffix(body, []byte("\n")), err
}

// EncodeErrors returns a list of errors as JSON.
func EncodeErrors(errs []Error) ([]byte, error) {
	out, err := marshal(errs)
	return bytes.TrimSuffix(out, []byte("\n")), err
}
