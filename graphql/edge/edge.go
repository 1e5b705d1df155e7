package edge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/probity-ledger/probity/graphql/denial"
)

// The caps of a request.
const (
	ReadTimeout  = 15 * time.Second
	WriteTimeout = 60 * time.Second
	// MaxBody is the longest body in bytes that any endpoint may read.
	MaxBody = 1 << 20

	DefaultMaxRequests = 256
	DefaultMaxStreams  = 20_000
)

// Config says what the server answers to. The zero value is for one machine.
type Config struct {
	// Hosts are the names it is asked for by, without a port. Without any it
	// answers to this machine's alone.
	Hosts []string
	// Origins ("https://portal.example") are those whose pages may ask.
	Origins []string
	// Proxies are the addresses of proxies, which end TLS and whose
	// X-Forwarded-For and X-Forwarded-Proto are believed.
	Proxies []netip.Prefix
	// MaxRequests and MaxStreams bound how many are answered at a time; the
	// defaults when zero.
	MaxRequests, MaxStreams int
	// Health are the paths of probes.
	Health []string
}

// Edge guards a server.
type Edge struct {
	config            Config
	requests, streams atomic.Int64
	clients           clients
}

// New checks the config and makes an edge.
func New(config Config) (*Edge, error) {
	config.Hosts = slices.Clone(config.Hosts)
	for i, host := range config.Hosts {
		if err := CheckHost(host); err != nil {
			return nil, fmt.Errorf("host %q: %w", host, err)
		}
		config.Hosts[i] = strings.ToLower(host)
	}
	for _, origin := range config.Origins {
		if err := CheckOrigin(origin); err != nil {
			return nil, fmt.Errorf("origin %q: %w", origin, err)
		}
	}
	if config.MaxRequests == 0 {
		config.MaxRequests = DefaultMaxRequests
	}
	if config.MaxStreams == 0 {
		config.MaxStreams = DefaultMaxStreams
	}
	if config.MaxRequests < 0 || config.MaxStreams < 0 {
		return nil, errors.New("the number of requests at a time must be more than nothing")
	}
	return &Edge{config: config}, nil
}

// CheckHost tells what is wrong with a host name or address.
func CheckHost(host string) error {
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	u, err := url.Parse("https://" + host)
	if err != nil || host == "" || u.Host != host || strings.ContainsAny(host, ":[]@") || strings.Contains(host, "*") || strings.HasSuffix(host, ".") {
		return errors.New("is not a host name or address, without scheme, port and path")
	}
	return nil
}

// CheckOrigin tells what is wrong with an origin: a scheme and a host, as a
// browser writes them.
func CheckOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.Scheme+"://"+u.Host != origin ||
		u.Host != strings.ToLower(u.Host) || strings.Contains(u.Host, "*") || strings.HasSuffix(u.Host, ":") {
		return errors.New("is not an origin such as https://portal.example, in small letters, without a slash at its end")
	}
	if u.Port() == map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		return errors.New("names the port that browsers leave out")
	}
	return nil
}

// Wrap guards a handler.
func (e *Edge) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := e.from(r)
		setHeaders(w.Header())
		if slices.Contains(e.config.Health, r.URL.Path) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			setDeadlines(w)
			next.ServeHTTP(w, r)
			return
		}
		if len(e.config.Hosts) > 0 && !from.secure {
			refuse(w, r, http.StatusForbidden, "plain_http", "use https: what was sent could be read on its way")
			return
		}
		if !e.knows(r.Host, from) {
			message := "this server answers to localhost only"
			if len(e.config.Hosts) > 0 {
				message = "this server has another name"
			}
			refuse(w, r, http.StatusMisdirectedRequest, "host", message)
			return
		}
		if from.tls && !isThisMachine(hostOf(r.Host)) {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		if e.cors(w, r) {
			return
		}
		e.bound(w, r, from, next)
	})
}

// setHeaders are those of an answer that no handler says more about.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
}

func refuse(w http.ResponseWriter, r *http.Request, status int, reason, message string) {
	denial.Note(r.Context(), denial.Denial{Reason: reason})
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, message, status)
}

// bound answers a request within the limits of time, size and number.
func (e *Edge) bound(w http.ResponseWriter, r *http.Request, f from, next http.Handler) {
	p, ok := e.takePlace(f)
	if !ok {
		busy(w, r)
		return
	}
	defer p.leave()
	setDeadlines(w)
	r = r.WithContext(context.WithValue(r.Context(), placeKey{}, p))
	p.body = r.Body
	r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
	next.ServeHTTP(w, r)
}

func busy(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "1")
	refuse(w, r, http.StatusServiceUnavailable, "busy", "too many requests are being answered; try again later")
}

// setDeadlines gives a request its time. A server whose writers know no
// deadlines is one of a test.
func setDeadlines(w http.ResponseWriter) {
	c, now := http.NewResponseController(w), time.Now()
	_ = c.SetReadDeadline(now.Add(ReadTimeout))
	_ = c.SetWriteDeadline(now.Add(WriteTimeout))
}

// Stream wraps a handler whose answers have no end, such as server-sent events
// or a WebSocket: they have no time limit and count among the streams. The
// handler is to set a write deadline of its own before each message, through
// [http.ResponseController].
func Stream(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p, ok := r.Context().Value(placeKey{}).(*place); ok && !p.becomeStream() {
			busy(w, r)
			return
		}
		c := http.NewResponseController(w)
		_ = c.SetReadDeadline(time.Time{})
		_ = c.SetWriteDeadline(time.Time{})
		next.ServeHTTP(w, r)
	})
}

// Upload wraps a handler that reads bodies of up to most bytes, where others read
// MaxBody. It has the times of any request; what takes longer is to move its
// deadlines on as it reads, through [http.ResponseController].
func Upload(most int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p, ok := r.Context().Value(placeKey{}).(*place); ok {
			r.Body = http.MaxBytesReader(w, p.body, most)
		}
		next.ServeHTTP(w, r)
	})
}
