package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
)

// Stream is a running subscription. One goroutine at a time uses it.
type Stream interface {
	// Next waits for the next item, as long as patience allows: nil, nil when
	// nothing came. It fails with the error of ctx, or with an *Ended.
	Next(ctx context.Context, patience time.Duration) (*overhttp.Response, error)
	// Position is what to resume from: everything up to it that the principal
	// may see was returned by Next.
	Position() uint64
	// Close gives back what the stream holds.
	Close()
}

// Ended is why a stream came to its end.
type Ended struct{ Reason overhttp.Error }

func (e *Ended) Error() string { return e.Reason.Message }

// Start begins an operation for the principal of the context: a Stream for a
// subscription, a response for anything else and for what is refused. Where
// lastEventID is not empty, it is the position to resume from, in place of what
// the request says. Start must honour ctx, which is that of the operation.
type Start func(ctx context.Context, req overhttp.Request, lastEventID string) (Stream, *overhttp.Response)

// Config is what a server needs. Only Start is required.
type Config struct {
	Start Start
	// Verify returns the principal of a token sent in connection_init. Without
	// it sockets have the principal of their handshake alone. An error may be
	// shown to the client.
	Verify func(token string) (signin.Principal, error)
	Limits Limits
	// Logger takes internal errors; slog.Default when nil.
	Logger *slog.Logger
}

// Server serves streams. Close it to end them all.
type Server struct {
	config Config
	limits Limits

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex // guards what follows
	closed   bool
	open     int
	subjects map[string]int
}

// New makes a server.
func New(config Config) (*Server, error) {
	if config.Start == nil {
		return nil, errors.New("a server of streams needs a Start function")
	}
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	s := &Server{config: config, limits: config.Limits.orDefault(), subjects: map[string]int{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// Close tells all clients that the server is going away, ends their streams,
// and returns when none runs any more. New ones are refused.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	s.running.Wait()
}

// Open returns how many streams and sockets are open.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// The codes of what a server says itself.
const (
	codeUnauthenticated = "UNAUTHENTICATED"
	codeBusy            = "TOO_MANY_STREAMS"
	codeOperations      = "TOO_MANY_OPERATIONS"
	codeSlow            = "TOO_SLOW"
	codeUnavailable     = "UNAVAILABLE"
	codeInternal        = "INTERNAL"
)

// enter counts a stream or a socket in; leave must be called when it returns
// nil.
func (s *Server) enter() *overhttp.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var refused overhttp.Error
	switch {
	case s.closed:
		refused = overhttp.NewError(codeUnavailable, "the server is stopping; come again later")
	case s.open >= s.limits.Streams:
		refused = overhttp.NewError(codeBusy, fmt.Sprintf("%d streams are open, which is all that this server serves; come again later", s.open))
	default:
		s.open++
		s.running.Add(1)
		return nil
	}
	return &refused
}

func (s *Server) leave() {
	s.mu.Lock()
	s.open--
	s.mu.Unlock()
	s.running.Done()
}

// admit counts a stream or socket of the principal in; release must be called
// when it returns nil.
func (s *Server) admit(p signin.Principal) *overhttp.Error {
	if p.Subject == "" {
		e := overhttp.NewError(codeUnauthenticated, "sign in to subscribe: send a token as Authorization: Bearer, over WebSocket in the payload of connection_init; what is public is asked for by queries")
		return &e
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := subjectKey(p)
	if s.subjects[key] >= s.limits.PerSubject {
		e := overhttp.NewError(codeBusy, fmt.Sprintf("you have %d streams open, which is all that one may have; close some", s.subjects[key]))
		return &e
	}
	s.subjects[key]++
	return nil
}

func (s *Server) release(p signin.Principal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := subjectKey(p)
	if s.subjects[key]--; s.subjects[key] <= 0 {
		delete(s.subjects, key)
	}
}

func subjectKey(p signin.Principal) string { return p.Issuer + "\x00" + p.Subject }

// resumable says in an error where to go on.
func resumable(e overhttp.Error, position uint64) overhttp.Error {
	at := strconv.FormatUint(position, 10)
	e.Message += fmt.Sprintf("; resume with after: %q", at)
	extensions := map[string]any{"position": at}
	for name, value := range e.Extensions {
		extensions[name] = value
	}
	e.Extensions = extensions
	return e
}

// reason is what a client is told of the end of a stream.
func (s *Server) reason(err error) overhttp.Error {
	if ended, ok := errors.AsType[*Ended](err); ok {
		return ended.Reason
	}
	if s.ctx.Err() != nil {
		return overhttp.NewError(codeUnavailable, "the server is stopping")
	}
	s.config.Logger.Error("a subscription failed", "err", err)
	return overhttp.NewError(codeInternal, "internal error")
}

func slow(took time.Duration) overhttp.Error {
	return overhttp.NewError(codeSlow, fmt.Sprintf("the client took %v to read one message", took.Round(time.Millisecond)))
}
