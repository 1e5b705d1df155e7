package kurrenttest

import (
	"context"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

// faults are what is to go wrong. A count says how many calls still meet it;
// a negative one never runs out.
type faults struct {
	mu           sync.Mutex
	loseAcks     int
	loseRequests int
	timeouts     int
	notLeader    int
	leader       *Server
	unavailable  int
	duplicate    int
	slow         time.Duration
	frozen       chan struct{} // closed to thaw; nil: not frozen
	drop         chan struct{} // closed to end the subscriptions of now
}

func (f *faults) set(change func(*faults)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// take uses up one of a count.
func take(n *int) bool {
	if *n > 0 {
		*n--
		return true
	}
	return *n < 0
}

// LoseAcks records the next n appends and breaks the connection instead of
// answering, as when a node dies between commit and answer. With it breaks
// every other call on that connection.
func (s *Server) LoseAcks(n int) { s.faults.set(func(f *faults) { f.loseAcks = n }) }

// LoseRequests breaks the connection of the next n appends before anything
// is recorded.
func (s *Server) LoseRequests(n int) { s.faults.set(func(f *faults) { f.loseRequests = n }) }

// TimeOut records the next n appends and says that they timed out, as the
// server does when a commit is not confirmed in time (`RpcExceptions.Timeout`).
func (s *Server) TimeOut(n int) { s.faults.set(func(f *faults) { f.timeouts = n }) }

// NotLeader refuses the next n appends with the address of the leader, which
// is another server or, for nil, this very one.
func (s *Server) NotLeader(n int, leader *Server) {
	if leader == nil {
		leader = s
	}
	s.faults.set(func(f *faults) { f.notLeader, f.leader = n, leader })
}

// Unavailable refuses the next n reads, appends and deletions with "Server
// Is Not Ready"; negative: until it is set again.
func (s *Server) Unavailable(n int) { s.faults.set(func(f *faults) { f.unavailable = n }) }

// Slow lets every call wait before it is served; 0 ends it.
func (s *Server) Slow(d time.Duration) { s.faults.set(func(f *faults) { f.slow = d }) }

// Freeze lets every call and subscription wait, as a process that is stopped
// but whose connections stand, until thaw.
func (s *Server) Freeze() (thaw func()) {
	frozen := make(chan struct{})
	s.faults.set(func(f *faults) { f.frozen = frozen })
	return sync.OnceFunc(func() {
		s.faults.set(func(f *faults) {
			if f.frozen == frozen {
				f.frozen = nil
			}
		})
		close(frozen)
	})
}

// Duplicate sends the next n events of subscriptions twice.
func (s *Server) Duplicate(n int) { s.faults.set(func(f *faults) { f.duplicate = n }) }

// DropSubscriptions ends the subscriptions that run now with an error; the
// connections stand.
func (s *Server) DropSubscriptions() {
	s.faults.set(func(f *faults) {
		if f.drop != nil {
			close(f.drop)
			f.drop = nil
		}
	})
}

// CutConnections breaks all connections that stand now; new ones are taken.
func (s *Server) CutConnections() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns.mu.Lock()
	defer s.conns.mu.Unlock()
	for _, c := range s.conns.open {
		reset(c)
	}
}

func errDropped() *exception {
	// `Enumerator.AllSubscription`: a subscription dropped for any reason but
	// access or its own wish.
	return &exception{codes.Unknown, "Unexpected SubscriptionDropReason: NotFound", nil}
}

// unary meets every call with one answer.
func (f *faults) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if err := f.before(ctx, info.FullMethod); err != nil {
		return nil, sent(err, func(md metadata.MD) { _ = grpc.SetTrailer(ctx, md) })
	}
	out, err := next(ctx, req)
	return out, sent(err, func(md metadata.MD) { _ = grpc.SetTrailer(ctx, md) })
}

// stream meets every other call.
func (f *faults) stream(srv any, call grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	if err := f.before(call.Context(), info.FullMethod); err != nil {
		return sent(err, call.SetTrailer)
	}
	return sent(next(srv, call), call.SetTrailer)
}

// before is what may happen to any call.
func (f *faults) before(ctx context.Context, method string) error {
	if err := f.waitThawed(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	slow := f.slow
	isAppend := strings.HasSuffix(method, ".Streams/Append") // later, when all of it was received
	unavailable := strings.Contains(method, ".Streams/") && !isAppend && take(&f.unavailable)
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

func (f *faults) waitThawed(ctx context.Context) error {
	f.mu.Lock()
	frozen := f.frozen
	f.mu.Unlock()
	if frozen == nil {
		return nil
	}
	select {
	case <-frozen:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fault is what happens to an append.
type fault int

const (
	noFault fault = iota
	loseAck
	loseRequest
	timeOut
)

// ofAppend is what is to happen to the next append that would be recorded or
// answered.
func (f *faults) ofAppend() (fault, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case take(&f.unavailable):
		return noFault, errNotReady()
	case take(&f.notLeader):
		return noFault, errNotLeader(f.leader.endpoint())
	case take(&f.loseAcks):
		return loseAck, nil
	case take(&f.loseRequests):
		return loseRequest, nil
	case take(&f.timeouts):
		return timeOut, nil
	}
	return noFault, nil
}

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
