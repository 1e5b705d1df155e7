package hooks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// Config is what a service is made of.
type Config struct {
	Hooks  []Hook
	Views  *projections.Views
	Codec  *ledger.Codec
	Keeper Keeper
	// Note notes that the principal is told of the officer, and why, before it
	// is; nil where nobody is noted.
	Note func(ctx context.Context, who projections.Principal, officer domain.OfficerID, why string, at time.Time) error
	Log  *slog.Logger
	Now  func() time.Time

	// poll is how often it is looked for what operators ask, dial connects; for
	// tests.
	poll time.Duration
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

func (c *Config) now() time.Time { return c.Now() }

// Service sends what hooks have to send.
type Service struct{ runners []*runner }

// New makes a service, which sends nothing before Run. The error says what is
// wrong with the hooks.
func New(c Config) (*Service, error) {
	if c.Views == nil || c.Codec == nil || c.Keeper == nil {
		return nil, errors.New("webhooks need views, a codec and a keeper")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.poll == 0 {
		c.poll = askEvery
	}
	s := &Service{}
	names := map[string]bool{}
	for _, h := range c.Hooks {
		if err := h.Check(); err != nil {
			return nil, fmt.Errorf("webhook %q: %w", h.Name, err)
		}
		if names[h.Name] {
			return nil, fmt.Errorf("webhook %q stands there twice", h.Name)
		}
		names[h.Name] = true
		var from source = &events{c.Codec, h.Kinds}
		if h.Records {
			from = &records{c.Codec.Origin(), h.Name, c.Now}
		}
		s.runners = append(s.runners, &runner{
			Config: &c, hook: h, source: from, sender: newSender(h, h.transport(c.dial), c.Now),
			log: c.Log.With("webhook", h.Name, "receiver", h.host()),
		})
	}
	return s, nil
}

// Run sends until ctx ends, and returns its error; or that what is recorded is
// not what it must be. It may be called again afterwards.
func (s *Service) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, r := range s.runners {
		g.Go(func() error {
			r.known = false // another process may have sent meanwhile
			defer r.sender.client.CloseIdleConnections()
			defer r.pending(time.Time{})
			return r.run(ctx)
		})
	}
	g.Go(func() error { <-ctx.Done(); return ctx.Err() })
	return g.Wait()
}

// Status is how a hook does.
type Status struct {
	Name string
	// Delivered and Failed count attempts since the start.
	Delivered, Failed uint64
	// Dead is how many messages were given up.
	Dead int
	// Stopped tells that nothing is sent until somebody asks for it.
	Stopped bool
	// Lag is how long ago that was recorded which is to be sent next; 0 where
	// all was sent.
	Lag time.Duration

	pending time.Time
}

// Status returns how each hook does.
func (s *Service) Status() []Status {
	var out []Status
	for _, r := range s.runners {
		r.mu.Lock()
		st := r.status
		st.Name, st.Dead, st.Stopped = r.hook.Name, len(r.state.Dead), r.state.Stopped != ""
		if !st.pending.IsZero() {
			st.Lag = max(0, r.now().Sub(st.pending))
		}
		r.mu.Unlock()
		out = append(out, st)
	}
	return out
}

// Try sends a message that tells of nothing, and returns how it was answered:
// nil where it was taken.
func Try(ctx context.Context, h Hook, origin string) error {
	if err := h.Check(); err != nil {
		return err
	}
	id, now := uuid.NewString(), time.Now()
	body, err := json.Marshal(cloudEvent{
		SpecVersion: specVersion, ID: id, Source: origin, Type: TestType, Time: timeText(now), Position: ledger.Start.String(), Data: []byte("{}"),
	})
	if err != nil {
		return err
	}
	transport := h.transport(nil)
	defer transport.CloseIdleConnections()
	return newSender(h, transport, time.Now).post(ctx, id, body)
}
