package graphql

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/graphql-go/graphql/language/ast"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/live"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/plan"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

const (
	// turns is how many streams may ask the views at one moment, so that those
	// who query find a connection free.
	turns = 3
	// staleAfter is how old what the scope allowed may be when an item is made.
	staleAfter = time.Second
	// itemTime bounds the making of a page of items.
	itemTime = 10 * time.Second
	// firstWindow is how many positions a stream that catches up looks at by
	// one statement; twice as many each time nothing was found.
	firstWindow = 20_000
)

const codeSubscription = "SUBSCRIPTION_UNSUPPORTED"

// subscriptions is what the streams of a service share.
type subscriptions struct {
	turns chan struct{}

	mu      sync.Mutex // guards what follows
	at      ledger.Position
	since   time.Time
	readers map[string]*projections.Reader
}

func newSubscriptions() *subscriptions { return &subscriptions{turns: make(chan struct{}, turns)} }

// turn waits until the stream may ask the views.
func (x *subscriptions) turn(ctx context.Context) (done func(), err error) {
	select {
	case x.turns <- struct{}{}:
		return func() { <-x.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// reader returns a reader for the principal. What its scope holds is looked up
// once for all streams of the principal that ask while the views stand still.
func (x *subscriptions) reader(views *projections.Views, at ledger.Position, who projections.Principal) *projections.Reader {
	var key strings.Builder
	fmt.Fprintf(&key, "%s\x00%t\x00%s", who.Role, who.Machine, who.Subject)
	for _, u := range who.Units {
		key.WriteString("\x00" + string(u))
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if at != x.at || time.Since(x.since) > staleAfter/2 {
		x.at, x.since, x.readers = at, time.Now(), map[string]*projections.Reader{}
	}
	base := x.readers[key.String()]
	if base == nil {
		base = views.As(who)
		x.readers[key.String()] = base
	}
	return base.Again()
}

// Subscribe begins an operation as the principal: a stream for a subscription,
// a response for anything else and for what is refused, with the codes of Do.
// ctx is for the beginning alone. The stream's own context must be the same in
// each call of Next. An item whose fields fail has errors, and the stream goes
// on; an item is made by what the scope of the principal is within a second of
// it, so that whoever may no longer see something is told no more of it.
func (s *Service) Subscribe(ctx context.Context, who signin.Principal, req overhttp.Request) (live.Stream, *overhttp.Response) {
	return s.start(signin.NewContext(ctx, who), req, "")
}

// start begins an operation of a stream or a socket; see live.Start.
func (s *Service) start(ctx context.Context, req overhttp.Request, lastEventID string) (_ live.Stream, response *overhttp.Response) {
	defer func() {
		if cause := recover(); cause != nil {
			response = s.panicked(ctx, cause)
		}
	}()
	who, ok := signin.FromContext(ctx)
	if !ok {
		return nil, unauthenticated()
	}
	c := s.caller(who, req.Remote)
	asked, refused := s.admit(ctx, c, req)
	if refused != nil {
		return nil, c.report(refused)
	}
	if asked.checked.Operation.Operation != ast.OperationTypeSubscription {
		return nil, c.report(s.answer(ctx, s.config.Views.As(principalOf(who)), asked, req))
	}
	stream, err := s.subscribe(ctx, who, asked, lastEventID)
	if err == nil {
		err = stream.ask(req)
	}
	if err != nil {
		return nil, c.report(s.refused(ctx, err))
	}
	return stream, nil
}

// subscribe begins to follow.
func (s *Service) subscribe(ctx context.Context, who signin.Principal, asked *admitted, lastEventID string) (_ *stream, err error) {
	root, args, err := asked.plan.Root(asked.checked.Variables)
	if err != nil {
		return nil, err
	}
	principal := principalOf(who)
	if principal.Role == domain.RolePublic {
		return nil, domain.Refuse(domain.CodeForbidden, "role", "sign in to subscribe; what is public is asked for by queries")
	}
	f, err := s.follows[root.Name](newRequest(ctx, s.config.Views.As(principal), s), args)
	if err != nil {
		return nil, err
	}
	after, resumes := args["after"].(uint64)
	if lastEventID != "" {
		if after, resumes = parseLong(lastEventID).(uint64); !resumes {
			return nil, domain.Refuse(domain.CodeInvalid, "Last-Event-ID", "is not a position of this ledger; send one that an event of the stream had as its id")
		}
	}
	watch, err := s.config.Views.Watch(f.interest)
	if err != nil {
		return nil, err
	}
	now, _, _ := watch.Take()
	st := &stream{service: s, who: principal, watch: watch, feed: f, plan: asked.plan, checked: asked.checked, target: now, last: now, window: firstWindow}
	if resumes {
		st.last = ledger.Position(after)
	}
	if !who.Expires.IsZero() {
		st.until = who.Expires.Add(signin.Leeway)
	}
	return st, nil
}

// ask takes from the request what record files are read for.
func (s *stream) ask(req overhttp.Request) error {
	ask, err := readAsking(req.Extensions)
	if err != nil {
		s.Close()
		return err
	}
	s.purpose = ask.purpose
	return nil
}

// stream is a running subscription. It is pulled: between two calls of Next it
// does nothing and holds a page of items at most.
type stream struct {
	purpose string // what record files are read for
	service *Service
	who     projections.Principal
	until   time.Time // when the token expires
	watch   *projections.Watch
	feed    *feed
	plan    *plan.Plan
	checked *guard.Checked

	// Everything up to last was given out or passed over; target is how far
	// the views have come with what may concern this stream.
	last, target ledger.Position
	window       ledger.Position
	page         *page
}

// page are items that were fetched and not given out yet.
type page struct {
	items   []item
	through ledger.Position // what the items reach to; 0 where there are more
	made    time.Time
	request *request
	cancel  context.CancelFunc
}

// Position implements live.Stream.
func (s *stream) Position() uint64 { return uint64(s.last) }

// Close implements live.Stream.
func (s *stream) Close() {
	s.drop()
	s.watch.Close()
}

func (s *stream) drop() {
	if s.page != nil {
		s.page.cancel()
		s.page = nil
	}
}

// Next implements live.Stream.
func (s *stream) Next(ctx context.Context, patience time.Duration) (*overhttp.Response, error) {
	deadline := time.Now().Add(patience)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !s.until.IsZero() && !time.Now().Before(s.until) {
			return nil, &live.Ended{Reason: overhttp.NewError(codeUnauthenticated, "the token has expired; sign in again")}
		}
		if s.page != nil {
			if response, err := s.give(ctx); response != nil || err != nil {
				return response, err
			}
			continue
		}
		if s.last < s.target {
			if err := s.fetch(ctx); err != nil {
				return nil, s.broken(ctx, err)
			}
			continue
		}
		at, from, relevant := s.watch.Take()
		switch {
		case relevant:
			s.last, s.target = max(s.last, from), at
			continue
		case at > s.last:
			s.last = at // nothing up to here is of interest
		}
		if woken, err := s.wait(ctx, deadline); err != nil || !woken {
			return nil, err
		}
	}
}

// wait returns when the views may show something new, or the token expires;
// false when the deadline has passed.
func (s *stream) wait(ctx context.Context, deadline time.Time) (bool, error) {
	first := deadline
	if !s.until.IsZero() && s.until.Before(deadline) {
		first = s.until
	}
	timer := time.NewTimer(time.Until(first))
	defer timer.Stop()
	select {
	case <-s.watch.Woken():
	case <-timer.C:
		return first.Before(deadline), nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return true, nil
}

// fetch asks for the next page.
func (s *stream) fetch(ctx context.Context) error {
	done, err := s.service.subscriptions.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	through := min(s.target, s.last+s.window)
	p := &page{made: time.Now(), through: through}
	reader := s.service.subscriptions.reader(s.service.config.Views, s.target, s.who)
	asking, cancel := context.WithTimeout(ctx, itemTime)
	var more bool
	p.items, more, err = s.feed.fetch(asking, reader, s.last, through)
	switch {
	case err != nil:
		cancel()
		return err
	case len(p.items) == 0:
		cancel()
		s.last, s.window = through, s.window*2
		return nil
	case more:
		p.through = 0
	}
	s.window = firstWindow
	p.cancel, p.request = cancel, newRequest(asking, reader, s.service)
	s.page = p
	return nil
}

// give makes the next item of the page. It returns nothing when there is none,
// or when the page is too old to give from.
func (s *stream) give(ctx context.Context) (*overhttp.Response, error) {
	p := s.page
	if time.Since(p.made) > staleAfter {
		s.drop()
		return nil, nil
	}
	done, err := s.service.subscriptions.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	next := p.items[0]
	p.request.item = &next
	response := s.service.respond(p.request, s.plan, s.checked, s.purpose)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.last = next.position
	if p.items = p.items[1:]; len(p.items) == 0 {
		s.last = max(s.last, p.through)
		s.drop()
	}
	return response, nil
}

// broken is the end of a stream that cannot go on.
func (s *stream) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &live.Ended{Reason: s.service.reporter(ctx).describe(err)}
}

// respond executes for one item. It never panics.
func (s *Service) respond(r *request, compiled *plan.Plan, checked *guard.Checked, purpose string) (response *overhttp.Response) {
	defer func() {
		if cause := recover(); cause != nil {
			response = s.panicked(r.ctx, cause)
		}
	}()
	r.opened, r.isOpen = nil, nil // each item is an answer
	result, err := compiled.Execute(r.ctx, r, checked.Variables)
	if err := r.ctx.Err(); err != nil {
		return ended(err)
	}
	if err != nil {
		return s.refused(r.ctx, err)
	}
	if err := s.noteReadings(r, checked, purpose); err != nil {
		return s.unnoted(r.ctx, err)
	}
	return &overhttp.Response{HasData: true, Data: result.Data, Errors: s.reporter(r.ctx).describeAll(result.Errors, checked)}
}

func (s *Service) panicked(ctx context.Context, cause any) *overhttp.Response {
	return &overhttp.Response{Status: http.StatusInternalServerError, Errors: []overhttp.Error{
		s.reporter(ctx).describe(&panicked{cause, debug.Stack()}),
	}}
}

// Streams makes the server of subscriptions; Handler takes it. verify gives
// the principal of a token that is sent over a WebSocket. Close the server
// before the views.
func (s *Service) Streams(verify func(token string) (signin.Principal, error), limits live.Limits) (*live.Server, error) {
	if s.config.Views == nil {
		return nil, errors.New("graphql needs views to follow")
	}
	return live.New(live.Config{Start: s.start, Verify: verify, Limits: limits, Logger: s.config.Log})
}
