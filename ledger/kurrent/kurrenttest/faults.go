package kurrenttest

import (
	"context"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
)

// fault is what happens to an append.
type fault int

const (
	none fault = iota
	loseAck
	loseRequest
)

// faults are what is to go wrong.
type faults struct {
	mu           sync.Mutex
	loseAcks     int
	loseRequests int
	notLeader    int
	leader       func() (host string, port int)
	unavailable  int
	slow         time.Duration
	duplicate    int
	drop         chan struct{}
}

// forever is a count that never runs out.
const forever = -1

// take uses up one of a count.
func take(n *int) bool {
	if *n == 0 {
		return false
	}
	if *n > 0 {
		*n--
	}
	return true
}

// common is what may happen to every call.
func (f *faults) common(ctx context.Context) error {
	f.mu.Lock()
	slow, unavailable := f.slow, take(&f.unavailable)
	f.mu.Unlock()
	if slow > 0 {
		if err := sleep(ctx, slow); err != nil {
			return err
		}
	}
	if unavailable {
		return errNotReady()
	}
	return nil
}

// beforeAppend returns what is to happen to an append.
func (f *faults) beforeAppend(ctx context.Context) (fault, error) {
	if err := f.common(ctx); err != nil {
		return none, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case take(&f.notLeader):
		return none, errNotLeader(f.leader())
	case take(&f.loseAcks):
		return loseAck, nil
	case take(&f.loseRequests):
		return loseRequest, nil
	}
	return none, nil
}

func (f *faults) beforeRead(ctx context.Context) error { return f.common(ctx) }

func (f *faults) beforeEvent(ctx context.Context) error { return ctx.Err() }

// copies is how often the next event of a subscription is sent.
func (f *faults) copies() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if take(&f.duplicate) {
		return 2
	}
	return 1
}

// subscribed returns the channel that ends a new subscription.
func (f *faults) subscribed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.drop == nil {
		f.drop = make(chan struct{})
	}
	return f.drop
}

func errDropped() *exception {
	return &exception{codes.Unknown, "Unexpected SubscriptionDropReason: Unsubscribed", nil}
}

// LoseAcks records the next n appends and breaks the connection instead of
// answering, as when a node dies between commit and answer.
func (s *Server) LoseAcks(n int) { s.faults.set(func(f *faults) { f.loseAcks = n }) }

// LoseRequests breaks the connection of the next n appends before anything
// is recorded.
func (s *Server) LoseRequests(n int) { s.faults.set(func(f *faults) { f.loseRequests = n }) }

// Unavailable answers the next n calls with "Server Is Not Ready"; negative:
// until it is set again.
func (s *Server) Unavailable(n int) { s.faults.set(func(f *faults) { f.unavailable = n }) }

// NotLeader answers the next n appends with the leader's address, which is
// another server or, for nil, this very one.
func (s *Server) NotLeader(n int, leader *Server) {
	if leader == nil {
		leader = s
	}
	s.faults.set(func(f *faults) {
		f.notLeader = n
		f.leader = func() (string, int) { return leader.addr.IP.String(), leader.addr.Port }
	})
}

// Slow lets every call wait before it is served.
func (s *Server) Slow(d time.Duration) { s.faults.set(func(f *faults) { f.slow = d }) }

// Duplicate sends the next n events of subscriptions twice.
func (s *Server) Duplicate(n int) { s.faults.set(func(f *faults) { f.duplicate = n }) }

// DropSubscriptions ends all running subscriptions with an error.
func (s *Server) DropSubscriptions() {
	s.faults.set(func(f *faults) {
		if f.drop != nil {
			close(f.drop)
			f.drop = nil
		}
	})
}

func (f *faults) set(change func(*faults)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}
