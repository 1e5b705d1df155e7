package jwks

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

// The errors of Key.
var (
	// ErrUnknownKey: the issuer has no usable key of that id.
	ErrUnknownKey = errors.New("the issuer has no such key")
	// ErrUnfitKey: the key of that id is not for the token's algorithm.
	ErrUnfitKey = errors.New("the key is not for this algorithm")
	// ErrUnavailable: no keys of the issuer are at hand.
	ErrUnavailable = errors.New("the issuer's keys cannot be fetched")
)

// Config names an issuer. Issuer and Algorithms are required.
type Config struct {
	// Issuer is the issuer as its tokens name it, an https address.
	Issuer string
	// JWKS is the address of the key set; found by discovery when empty.
	JWKS string
	// Algorithms are the accepted ones, asymmetric, by their JWA name.
	Algorithms []string
	// Roots are the authorities that may vouch for the issuer's server; those
	// of the system when nil.
	Roots *x509.CertPool
	// Refresh, Refetch and Keep are the defaults of this package when zero.
	Refresh, Refetch, Keep time.Duration
	// Logger is slog.Default when nil.
	Logger *slog.Logger
	// Transport replaces the network, for tests.
	Transport http.RoundTripper
}

// Source holds the keys of one issuer.
type Source struct {
	config  Config
	fetcher *fetcher
	log     *slog.Logger
	held    atomic.Pointer[held]
	wake    chan struct{}

	mu sync.Mutex // guards what follows
	// ended is set when Run has ended, fetching while it fetches; attempted is
	// when it last began to.
	ended     bool
	fetching  bool
	attempted time.Time
	// done is closed at the end of the next fetch.
	done    chan struct{}
	waiting int
	// failed is the last failure, nil after a success; failedAt the first of
	// its row.
	failed   error
	failedAt time.Time
	// complaint is what was last said of keys left out.
	complaint string
}

// held is what was fetched last.
type held struct {
	*set
	at time.Time
}

// New makes a source; it fetches nothing yet.
func New(config Config) (*Source, error) {
	if err := CheckURL(config.Issuer, true); err != nil {
		return nil, fmt.Errorf("issuer %w", err)
	}
	u, err := url.Parse(config.Issuer)
	if err != nil || u.RawQuery != "" {
		return nil, errors.New("issuer has a query")
	}
	local := u.Scheme == "http"
	if config.JWKS != "" {
		if err := CheckURL(config.JWKS, local); err != nil {
			return nil, fmt.Errorf("jwks %w", err)
		}
	}
	if len(config.Algorithms) == 0 {
		return nil, errors.New("algorithms are missing")
	}
	setDefault(&config.Refresh, DefaultRefresh)
	setDefault(&config.Refetch, DefaultRefetch)
	setDefault(&config.Keep, DefaultKeep)
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	return &Source{
		config: config, fetcher: newFetcher(local, config.Roots, config.Transport),
		log: config.Logger.With("issuer", config.Issuer), wake: make(chan struct{}, 1), done: make(chan struct{}),
	}, nil
}

func setDefault(d *time.Duration, value time.Duration) {
	if *d == 0 {
		*d = value
	}
}

// Key returns the key that a token of this issuer is to be verified with. The
// token's header must have been checked to hold each member once. For a key
// that is not known yet it waits for a fetch, if one is due: for the first one
// also before Run has begun.
func (s *Source) Key(token *jwt.Token) (crypto.PublicKey, error) {
	key, err := s.lookup(token)
	if err == nil || errors.Is(err, ErrUnfitKey) {
		return key, err
	}
	s.await()
	return s.lookup(token) // a fetch may have ended since, waited for or not
}

func (s *Source) lookup(token *jwt.Token) (crypto.PublicKey, error) {
	h := s.usable()
	if h == nil {
		return nil, ErrUnavailable
	}
	// Without a kid the library would try all keys.
	if kid, ok := token.Header["kid"].(string); !ok || kid == "" {
		return nil, ErrUnknownKey
	}
	key, err := h.find.Keyfunc(token)
	switch {
	case errors.Is(err, jwkset.ErrKeyNotFound):
		return nil, ErrUnknownKey
	case err != nil || !fits(key, token.Method.Alg()) || !slices.Contains(s.config.Algorithms, token.Method.Alg()):
		return nil, ErrUnfitKey
	}
	return key, nil
}

// Current returns the key of an id as it is known now, without waiting.
func (s *Source) Current(kid string) (crypto.PublicKey, bool) {
	h := s.usable()
	if h == nil {
		return nil, false
	}
	key, err := h.storage.KeyRead(context.Background(), kid)
	return key.Key(), err == nil
}

// usable are the keys held, nil when there are none or they are too old.
func (s *Source) usable() *held {
	h := s.held.Load()
	if h == nil || time.Since(h.at) > s.config.Keep {
		return nil
	}
	return h
}

// await waits for a fetch, and asks for one if that is due. It returns at once
// where none is.
func (s *Source) await() {
	s.mu.Lock()
	if s.ended || s.waiting >= maxWaiting || !s.fetching && time.Since(s.attempted) < s.config.Refetch {
		s.mu.Unlock()
		return
	}
	s.waiting++
	done := s.done
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
	timer := time.NewTimer(WaitForKeys)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
	s.mu.Lock()
	s.waiting--
	s.mu.Unlock()
}
