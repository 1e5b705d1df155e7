package kurrent

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/metadata"
)

// client is one client of the server, good for one connection.
//
// The client of the module keeps its connection in one goroutine, which looks
// for a node whenever it has none. When it finds none it ends for good, and
// every call that asks it for the connection, or tells it of a failure, hangs
// for ever. Here it is therefore never let look twice: dial lets a new client
// look while nobody else uses it, and a client that is about to forget its
// connection is retired before it does. For that, one call at a time asks for
// the connection, holding entry, and retire takes entry too. What a call does
// with the connection runs outside of entry.
type client struct {
	esdb *esdb.Client

	// entry is held by the call that asks for the connection, and by retire.
	entry sync.Mutex

	// mu guards the following.
	mu      sync.Mutex
	retired bool
	running int           // calls that have begun and not ended
	idle    chan struct{} // closed when it is retired and nothing runs
}

func newClient(conf esdb.Configuration, logger *slog.Logger) (*client, error) {
	c := &client{idle: make(chan struct{})}
	conf.Logger = logging(logger, conf.Password, c.retire)
	var err error
	c.esdb, err = esdb.NewClient(&conf)
	return c, err
}

// begin counts a call in, unless the client is retired.
func (c *client) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.retired {
		c.running++
	}
	return !c.retired
}

// end counts it out.
func (c *client) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running--; c.retired && c.running == 0 {
		close(c.idle)
	}
}

// retire lets no more calls in. Those that run go on.
func (c *client) retire() {
	c.entry.Lock()
	defer c.entry.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.retired {
		return
	}
	c.retired = true
	if c.running == 0 {
		close(c.idle)
	}
}

func (c *client) isRetired() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.retired
}

// do runs a call and waits for it, but not longer than ctx.
func (c *client) do(ctx context.Context, call func(context.Context, *esdb.Client) error) error {
	done := make(chan error, 1)
	if !c.start(ctx, call, func(err error) { done <- err }) {
		return errRetired
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// start runs a call in the background and hands its error to ended. It
// reports false when the client is retired.
func (c *client) start(ctx context.Context, call func(context.Context, *esdb.Client) error, ended func(error)) bool {
	if !c.begin() {
		return false
	}
	go func() {
		defer c.end()
		ended(c.enter(ctx, call))
	}()
	return true
}

func (c *client) enter(ctx context.Context, call func(context.Context, *esdb.Client) error) (err error) {
	c.entry.Lock()
	passed := sync.OnceFunc(c.entry.Unlock)
	defer passed()
	if c.isRetired() {
		return errRetired
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errPanic, p)
		}
	}()
	// The client's own option puts this where it is never sent.
	ctx = metadata.AppendToOutgoingContext(ctx, "requires-leader", "true")
	return call(&entering{ctx, passed}, c.esdb)
}

// entering is the context of a call that does not have its connection yet.
// The first thing that the client does once it has it is to ask for the
// deadline.
type entering struct {
	context.Context
	passed func()
}

// Deadline implements [context.Context].
func (e *entering) Deadline() (time.Time, bool) {
	e.passed()
	return e.Context.Deadline()
}
