package hooks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

const (
	// askEvery is how often it is looked for what operators ask.
	askEvery = time.Second
	// staleAfter is how old what the scope allowed may be when it is sent.
	staleAfter = time.Second
	// noticeEvery is the least time between two notices of a hook.
	noticeEvery = time.Second
	// readTime bounds the reading of what is to be sent.
	readTime = 10 * time.Second
	// againAfter is how long is waited where the ledger itself cannot be read,
	// or a state not kept.
	againAfter = 5 * time.Second
	// firstWindow is how many positions are looked at by one statement; twice
	// as many each time there was room for more, up to maxWindow.
	firstWindow = 20_000
	maxWindow   = 1 << 40
	// maxDead is how many messages are given up before a hook stops.
	maxDead = 1000
)

// runner runs one hook.
type runner struct {
	*Config
	hook   Hook
	source source
	sender *sender
	log    *slog.Logger

	// target is how far the views have come with what may concern the hook.
	target, window ledger.Position
	// rest is until when nothing is looked for.
	rest time.Time
	// unread is what was said last of an ask that cannot be read.
	unread string

	mu     sync.Mutex // guards what follows, for those who look
	state  State
	known  bool // state was loaded
	status Status
}

// run sends until ctx ends or what is recorded is not what it must be.
func (r *runner) run(ctx context.Context) error {
	watch, err := r.Views.Watch(r.source.interest())
	if err != nil {
		return err
	}
	defer watch.Close()
	r.window = firstWindow
	told := ""
	for {
		wait, err := r.step(ctx, watch)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, broken := errors.AsType[*ledger.IntegrityError](err); broken {
			return err
		}
		if err != nil {
			if told != err.Error() {
				r.log.Error("the webhook waits", "err", err)
			}
			told, wait = err.Error(), againAfter
		} else {
			told = ""
		}
		if wait == 0 {
			continue
		}
		timer := time.NewTimer(wait)
		woken := watch.Woken()
		if err != nil || r.waits() {
			woken = nil // nothing new makes a difference
		}
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-woken:
		}
		timer.Stop()
	}
}

// waits tells whether the hook stands still.
func (r *runner) waits() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.Stopped != "" || r.now().Before(r.state.Attempt.Next) || r.now().Before(r.rest)
}

// step does what is to be done now, and says how long nothing is after it.
func (r *runner) step(ctx context.Context, watch *projections.Watch) (time.Duration, error) {
	if !r.known {
		if err := r.begin(ctx, watch); err != nil {
			return 0, err
		}
	}
	if err := r.answer(ctx); err != nil {
		return 0, err
	}
	if r.state.Stopped != "" {
		return r.poll, nil
	}
	if left := max(r.state.Attempt.Next.Sub(r.now()), r.rest.Sub(r.now())); left > 0 {
		return min(left, r.poll), nil
	}
	at, _, relevant := watch.Take()
	if relevant {
		r.target = at
	}
	if r.state.Position < r.target {
		return r.send(ctx)
	}
	r.pending(time.Time{})
	if at > r.state.Position { // nothing up to here is of interest
		return r.poll, r.reached(ctx, at)
	}
	return r.poll, nil
}

// begin loads how far the hook has come. A new one begins where the ledger
// stands; so does one that had come further than the ledger goes, as after the
// restore of a backup, or it would miss what is recorded up to there.
func (r *runner) begin(ctx context.Context, watch *projections.Watch) error {
	s, found, err := r.Keeper.Load(ctx, r.hook.Name)
	if err != nil {
		return err
	}
	at, _, _ := watch.Take()
	if at == 0 {
		if at, err = r.Views.Position(ctx); err != nil {
			return err
		}
	}
	if !found {
		s.Position = at
		if err := r.Keeper.Save(ctx, r.hook.Name, s); err != nil {
			return err
		}
		r.log.Info("the webhook is new, and sends what is recorded from now on", "position", at.String())
	}
	if s.Position > at { // as far as this process knows
		shown, err := r.Views.Position(ctx)
		if err != nil {
			return err
		}
		at = max(at, shown)
	}
	if s.Position > at {
		r.log.Error("the webhook had come further than the ledger goes, as after a restore: it sends what is recorded from now on, and 'probity webhook replay' what was recorded before",
			"position", at.String(), "kept", s.Position.String())
		s.Position, s.Attempt = at, Attempt{}
		if err := r.Keeper.Save(ctx, r.hook.Name, s); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state, r.known, r.target = s, true, at
	r.status.pending = s.waits()
	return nil
}

// send sends what there is behind the position.
func (r *runner) send(ctx context.Context) (time.Duration, error) {
	through := min(r.target, r.state.Position+r.window)
	read := r.now()
	messages, reached, err := r.read(ctx, func(ctx context.Context, reader *projections.Reader) ([]message, ledger.Position, error) {
		return r.source.next(ctx, reader, r.state, through)
	})
	if err != nil {
		r.window = firstWindow // it may have been too much
		return 0, err
	}
	if reached == through {
		r.window = min(2*r.window, maxWindow)
	}
	if len(messages) == 0 {
		return 0, r.reached(ctx, reached)
	}
	for i := range messages {
		if i > 0 && r.now().Sub(read) > staleAfter {
			return 0, nil
		}
		if taken, err := r.deliver(ctx, &messages[i]); err != nil || !taken {
			return 0, err
		}
	}
	if reached > r.state.Position {
		err = r.reached(ctx, reached)
	}
	if r.hook.Records {
		r.rest = r.now().Add(noticeEvery)
	}
	return 0, err
}

// read asks the views as the hook's principal, whose scope is looked up anew.
func (r *runner) read(ctx context.Context, ask func(context.Context, *projections.Reader) ([]message, ledger.Position, error)) ([]message, ledger.Position, error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	return ask(ctx, r.Views.As(r.hook.principal()))
}

// deliver tries a message once. It is taken, or given up, when it returns
// true.
func (r *runner) deliver(ctx context.Context, m *message) (taken bool, err error) {
	if a := r.state.Attempt; a.ID == m.id && !a.Recorded.IsZero() {
		m.recorded = a.Recorded // a notice is as old as its first attempt
	}
	r.pending(m.recorded)
	err = r.post(ctx, m)
	if err == nil {
		r.count(func(s *Status) { s.Delivered++ })
		if r.state.Attempt == (Attempt{}) {
			return true, r.reached(ctx, m.position)
		}
		return true, r.save(ctx, func(s *State) { s.Position, s.Attempt = m.position, Attempt{} })
	}
	failed, ok := errors.AsType[*failure](err)
	if !ok || ctx.Err() != nil {
		return false, err
	}
	r.count(func(s *Status) { s.Failed++ })
	return r.failed(ctx, m, failed)
}

// post notes that the officers of a message are read of, and sends it.
func (r *runner) post(ctx context.Context, m *message) error {
	if r.Note != nil {
		for _, id := range m.officers {
			if err := r.Note(ctx, r.hook.principal(), id, "webhook", r.now()); err != nil {
				return fmt.Errorf("what is sent cannot be noted as read: %w", err)
			}
		}
	}
	return r.sender.post(ctx, m.id, m.body)
}

// failed takes down that a message was not taken.
func (r *runner) failed(ctx context.Context, m *message, f *failure) (given bool, err error) {
	now := r.now()
	a := r.state.Attempt
	if a.ID != m.id {
		a = Attempt{ID: m.id, Through: m.position, Recorded: m.recorded}
	}
	a.Count, a.Why = a.Count+1, f.why
	log := r.log.With("message", m.id, "attempt", a.Count, "why", f.why)
	switch {
	case f.gone:
		log.Warn("the receiver of a webhook wants nothing more (410): it is stopped; 'probity webhook retry' lets it go on")
		a.Next = now
		return false, r.save(ctx, func(s *State) { s.Attempt, s.Stopped, s.Since = a, "the receiver wants nothing more (410)", now })
	case a.Count < r.attempts():
		a.Next = now.Add(pauseAfter(a.Count, f.after))
		log.Warn("a webhook was not taken", "next", a.Next.UTC().Format(time.RFC3339))
		return false, r.save(ctx, func(s *State) { s.Attempt = a })
	}
	log.Error("a webhook is given up: 'probity webhook dead' lists it, 'probity webhook retry' sends it again")
	return true, r.save(ctx, func(s *State) {
		s.bury(Dead{ID: m.id, Kind: m.kind, After: m.after, Position: m.position, Attempts: a.Count, At: now, Why: f.why})
		s.Position, s.Attempt = m.position, Attempt{}
		if len(s.Dead) >= maxDead {
			s.Stopped, s.Since = fmt.Sprintf("%d messages were given up", len(s.Dead)), now
		}
	})
}

func (r *runner) attempts() int {
	if r.hook.Attempts == 0 {
		return MaxAttempts
	}
	return r.hook.Attempts
}

// reached moves the position.
func (r *runner) reached(ctx context.Context, p ledger.Position) error {
	r.mu.Lock()
	r.state.Position = p
	r.mu.Unlock()
	return r.Keeper.Reach(ctx, r.hook.Name, p)
}

// save changes the state, and keeps it.
func (r *runner) save(ctx context.Context, change func(*State)) error {
	r.mu.Lock()
	change(&r.state)
	s := r.state
	r.mu.Unlock()
	return r.Keeper.Save(ctx, r.hook.Name, s)
}

func (r *runner) count(add func(*Status)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	add(&r.status)
}

// pending notes when what is sent now was recorded; zero where all was sent.
func (r *runner) pending(since time.Time) { r.count(func(s *Status) { s.pending = since }) }
