package jwks

import (
	"context"
	"time"
)

// Status is what is known of an issuer's keys.
type Status struct {
	Issuer string
	// Keys is how many can be used now; none when they are too old.
	Keys int
	// Fetched is when they were fetched; zero before the first time.
	Fetched time.Time
	// Failed is the last failure, nil after a success, and Since the first of
	// its row.
	Failed error
	Since  time.Time
	// LeftOut says which keys of the set are not used and should not be there.
	LeftOut []string
}

// Status returns what is known now, without asking the issuer.
func (s *Source) Status() Status {
	st := Status{Issuer: s.config.Issuer}
	if h := s.held.Load(); h != nil {
		st.Fetched, st.LeftOut = h.at, h.leftOut
	}
	if h := s.usable(); h != nil {
		st.Keys = len(h.ids)
	}
	s.mu.Lock()
	st.Failed, st.Since = s.failed, s.failedAt
	s.mu.Unlock()
	return st
}

// Check fetches the keys once and tells how it went. It is for a look from
// outside; where Run runs, use Status.
func (s *Source) Check(ctx context.Context) Status {
	defer s.fetcher.close()
	_ = s.fetch(ctx) // it stands in the status
	return s.Status()
}
