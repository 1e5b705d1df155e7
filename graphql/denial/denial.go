package denial

import (
	"context"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The defaults of Config.
const (
	DefaultPerSecond = 5
	DefaultBurst     = 50
)

// The longest texts of a record, in bytes.
const (
	maxIssuer = 200
	maxKeyID  = 128
	maxPath   = 256
)

// Denial says why a request is refused.
type Denial struct {
	// Reason is a code out of a short list, such as "expired": it labels a
	// metric. Nothing of the request may stand in it.
	Reason string
	// Issuer and KeyID are what the token says; empty without one.
	Issuer string
	KeyID  string
}

// Config says where denials go. The zero value counts and writes to the
// default logger.
type Config struct {
	// Logger takes the records; slog.Default when nil.
	Logger *slog.Logger
	// PerSecond and Burst bound the records written.
	PerSecond float64
	Burst     int
	// Remote says where a request comes from; the peer's address when nil.
	Remote func(*http.Request) string
	// Quiet are folders of paths, such as "/public/", of which neither the
	// address that asked is written nor what stands behind the folder.
	Quiet []string
}

// Log records and counts denials.
type Log struct {
	config  Config
	limiter *rate.Limiter

	mu sync.Mutex // guards what follows
	// counts are all denials by reason; suppressed those never written;
	// since those left out after the last record.
	counts     map[string]uint64
	suppressed uint64
	since      uint64
}

// New makes a log.
func New(config Config) *Log {
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	if config.PerSecond == 0 {
		config.PerSecond, config.Burst = DefaultPerSecond, DefaultBurst
	}
	if config.Remote == nil {
		config.Remote = peer
	}
	return &Log{config: config, limiter: rate.NewLimiter(rate.Limit(config.PerSecond), config.Burst), counts: map[string]uint64{}}
}

func peer(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

// Counts returns how many requests were refused since the start, by reason.
func (l *Log) Counts() map[string]uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.counts)
}

// Suppressed returns how many denials were counted and not written.
func (l *Log) Suppressed() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.suppressed
}

type noteKey struct{}

// note is what is known of a request's denial until it has been answered.
type note struct {
	mu     sync.Mutex // guards denial
	denial *Denial
}

// Note says why the request of ctx is refused. The first note stands. It does
// nothing where no Log watches.
func Note(ctx context.Context, d Denial) {
	n, ok := ctx.Value(noteKey{}).(*note)
	if !ok {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.denial == nil {
		n.denial = &d
	}
}

// Watch records the requests that next refuses, once they are answered.
func (l *Log) Watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := &note{}
		seen := &statusWriter{ResponseWriter: w}
		defer func() { l.settle(r, n, seen.status) }()
		next.ServeHTTP(seen, r.WithContext(context.WithValue(r.Context(), noteKey{}, n)))
	})
}

func (l *Log) settle(r *http.Request, n *note, status int) {
	n.mu.Lock()
	d := n.denial
	n.mu.Unlock()
	switch {
	case d != nil:
	case status == http.StatusUnauthorized:
		d = &Denial{Reason: "unauthenticated"}
	case status == http.StatusForbidden:
		d = &Denial{Reason: "forbidden"}
	default:
		return
	}
	left, write := l.count(d.Reason)
	if !write {
		return
	}
	remote, asked := l.where(r)
	attrs := []slog.Attr{
		slog.String("reason", d.Reason), slog.Int("status", status),
		slog.String("remote", remote), slog.String("method", cut(r.Method, 16)), slog.String("path", asked),
	}
	if d.Issuer != "" {
		attrs = append(attrs, slog.String("issuer", issuerName(d.Issuer)))
	}
	if d.KeyID != "" {
		attrs = append(attrs, slog.String("kid", cut(d.KeyID, maxKeyID)))
	}
	if left > 0 {
		attrs = append(attrs, slog.Uint64("left-out", left))
	}
	l.config.Logger.LogAttrs(r.Context(), slog.LevelWarn, "refused", attrs...)
}

// where is where a request comes from and what it asks for, as it may be
// written.
func (l *Log) where(r *http.Request) (remote, asked string) {
	clean := path.Clean("/"+r.URL.Path) + "/" // "//public/" is answered by leading on
	for _, folder := range l.config.Quiet {
		if strings.HasPrefix(r.URL.Path+"/", folder) || strings.HasPrefix(clean, folder) {
			return "withheld", folder
		}
	}
	return l.config.Remote(r), cut(r.URL.Path, maxPath)
}

// count counts a denial and tells whether to write it, and how many were left
// out since the last that was.
func (l *Log) count(reason string) (left uint64, write bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[reason]++
	if !l.limiter.AllowN(time.Now(), 1) {
		l.suppressed++
		l.since++
		return 0, false
	}
	left, l.since = l.since, 0
	return left, true
}

// issuerName is an issuer as it may be written: an address of a server, or
// one of our own names. Anything else could be a person's.
func issuerName(issuer string) string {
	u, err := url.Parse(issuer)
	web := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
	if (web || strings.HasPrefix(issuer, "urn:probity:")) && len(issuer) <= maxIssuer && cut(issuer, maxIssuer) == issuer {
		return issuer
	}
	return "unnamed"
}

// cut keeps the printable ASCII of a text, up to a length.
func cut(s string, longest int) string {
	s = s[:min(len(s), 4*longest)]
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	return s[:min(len(s), longest)]
}
