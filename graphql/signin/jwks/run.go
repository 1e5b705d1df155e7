package jwks

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"
)

// Run fetches the keys whenever that is due until ctx ends, and returns its
// error.
func (s *Source) Run(ctx context.Context) error {
	defer s.fetcher.close()
	defer s.end()
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

// end lets nobody wait any more.
func (s *Source) end() {
	s.mu.Lock()
	s.ended = true
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
