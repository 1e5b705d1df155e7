package jwks

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
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
	// running is set while Run does its work, fetching while it fetches;
	// attempted is when it last began to.
	running   bool
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
// that is not known yet it waits for a fetch, if one is due.
func (s *Source) Key(token *jwt.Token) (crypto.PublicKey, error) {
	key, err := s.lookup(token)
	if err == nil || errors.Is(err, ErrUnfitKey) || !s.await() {
		return key, err
	}
	return s.lookup(token)
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

// await waits for a fetch, and asks for one if that is due. It returns false
// at once where none is.
func (s *Source) await() bool {
	s.mu.Lock()
	if !s.running || s.waiting >= maxWaiting || !s.fetching && time.Since(s.attempted) < s.config.Refetch {
		s.mu.Unlock()
		return false
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
	return true
}

// Run fetches the keys whenever that is due until ctx ends, and returns its
// error.
func (s *Source) Run(ctx context.Context) error {
	s.setRunning(true)
	defer s.fetcher.close()
	defer s.setRunning(false)
	failures := 0
	for {
		if err := s.fetch(ctx); err != nil {
			failures++
		} else {
			failures = 0
		}
		if !s.sleep(ctx, s.wait(failures)) {
			return ctx.Err()
		}
	}
}

func (s *Source) setRunning(on bool) {
	s.mu.Lock()
	s.running = on
	s.mu.Unlock()
}

// wait is the time until the next fetch, after so many failures in a row. A
// fifth of it is chance, so that many servers do not ask at once.
func (s *Source) wait(failures int) time.Duration {
	d := s.config.Refresh
	if failures > 0 {
		d = min(MinBackoff<<min(failures-1, 10), MaxBackoff, s.config.Refresh)
	}
	return d - time.Duration(rand.Int64N(int64(d)/5+1))
}

// sleep waits, less when somebody asks for keys and a fetch is due. It is
// false at the end of ctx.
func (s *Source) sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-timer.C:
			return true
		case <-s.wake:
			s.mu.Lock()
			due := time.Since(s.attempted) >= s.config.Refetch
			s.mu.Unlock()
			if due {
				return true
			}
		}
	}
}

// fetch fetches once and tells all who wait.
func (s *Source) fetch(ctx context.Context) error {
	s.mu.Lock()
	s.fetching, s.attempted = true, time.Now()
	s.mu.Unlock()
	fresh, err := s.read(ctx)
	if err == nil {
		s.hold(fresh)
	}
	s.mu.Lock()
	s.fetching = false
	close(s.done)
	s.done = make(chan struct{})
	before := s.failed
	s.failed = err
	switch {
	case err != nil && before == nil:
		s.failedAt = time.Now()
	case err == nil:
		s.failedAt = time.Time{}
	}
	s.mu.Unlock()
	if ctx.Err() == nil {
		s.report(fresh, err, before)
	}
	return err
}

func (s *Source) hold(fresh *set) { s.held.Store(&held{fresh, time.Now()}) }

// read gets the key set, by discovery where its address is not told.
func (s *Source) read(ctx context.Context) (*set, error) {
	address := s.config.JWKS
	if address == "" {
		raw, err := s.fetcher.get(ctx, strings.TrimSuffix(s.config.Issuer, "/")+"/.well-known/openid-configuration")
		if err != nil {
			return nil, err
		}
		if address, err = parseDiscovery(raw, s.config.Issuer); err != nil {
			return nil, err
		}
	}
	raw, err := s.fetcher.get(ctx, address)
	if err != nil {
		return nil, err
	}
	return parseSet(raw, s.config.Algorithms)
}

// report logs what changed.
func (s *Source) report(fresh *set, err, before error) {
	if err != nil {
		level := slog.LevelDebug
		if before == nil || before.Error() != err.Error() {
			level = slog.LevelWarn
		}
		s.log.Log(context.Background(), level, "the keys of an issuer cannot be fetched; trying again", "err", err, "keys-at-hand", s.usable() != nil)
		return
	}
	complaint := strings.Join(fresh.leftOut, "; ")
	s.mu.Lock()
	changed := complaint != s.complaint
	s.complaint = complaint
	s.mu.Unlock()
	if changed && complaint != "" {
		s.log.Warn("keys of an issuer are not used", "left-out", complaint)
	}
	switch {
	case len(fresh.ids) == 0:
		s.log.Error("an issuer has no usable key: all its tokens are refused")
	case before != nil:
		s.log.Info("the keys of an issuer are fetched again", "keys", len(fresh.ids))
	default:
		s.log.Debug("the keys of an issuer are fetched", "keys", len(fresh.ids))
	}
}
