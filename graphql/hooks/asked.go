package hooks

import (
	"context"
	"errors"
	"time"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// answer does what an operator asks. Where that cannot be read it is said once,
// and sending goes on.
func (r *runner) answer(ctx context.Context) error {
	ask, found, err := r.Keeper.Asked(ctx, r.hook.Name)
	if err != nil {
		if ctx.Err() == nil && r.unread != err.Error() {
			r.unread = err.Error()
			r.log.Error("what is asked of a webhook cannot be read and is not done; it goes on without", "err", err)
		}
		return ctx.Err()
	}
	r.unread = ""
	if !found {
		return nil
	}
	if err := r.save(ctx, func(s *State) {
		if ask.Replay != nil {
			s.Position, s.Attempt = min(*ask.Replay, max(s.Position, r.target)), Attempt{}
		}
		if ask.Retry {
			s.Stopped, s.Since, s.Attempt = "", time.Time{}, Attempt{}
		}
	}); err != nil {
		return err
	}
	if ask.Retry {
		if err := r.revive(ctx); err != nil {
			return err
		}
	}
	r.log.Info("what was asked of a webhook is done", "replay", ask.Replay != nil, "retry", ask.Retry, "position", r.state.Position.String(), "dead", len(r.state.Dead))
	return r.Keeper.Answered(ctx, r.hook.Name)
}

// revive sends once more what was given up. It ends where the receiver does
// not answer. What cannot be read or noted stays on the list.
func (r *runner) revive(ctx context.Context) error {
	for _, d := range r.state.Dead {
		var m message
		var found bool
		_, _, err := r.read(ctx, func(ctx context.Context, reader *projections.Reader) (_ []message, _ ledger.Position, err error) {
			m, found, err = r.source.again(ctx, reader, d)
			return nil, 0, err
		})
		if err != nil {
			if err := r.stays(ctx, d, err); err != nil {
				return err
			}
			continue
		}
		if !found {
			r.log.Warn("a message that was given up is none any more that the webhook may send", "message", d.ID)
		} else if err = r.post(ctx, &m); err != nil {
			failed, ok := errors.AsType[*failure](err)
			if !ok || ctx.Err() != nil {
				if err := r.stays(ctx, d, err); err != nil {
					return err
				}
				continue
			}
			r.count(func(s *Status) { s.Failed++ })
			d.Attempts, d.At, d.Why = d.Attempts+1, r.now(), failed.why
			if err := r.save(ctx, func(s *State) { s.bury(d) }); err != nil || failed.status == 0 {
				return err
			}
			continue
		} else {
			r.count(func(s *Status) { s.Delivered++ })
		}
		if err := r.save(ctx, func(s *State) { s.unearth(d.ID) }); err != nil {
			return err
		}
	}
	return nil
}

// stays says that a message stays given up because it cannot be sent. The error
// is one that ends more than this message.
func (r *runner) stays(ctx context.Context, d Dead, err error) error {
	if _, broken := errors.AsType[*ledger.IntegrityError](err); broken {
		return err
	}
	if ctx.Err() == nil {
		r.log.Error("a message that was given up cannot be sent again and stays so", "message", d.ID, "err", err)
	}
	return ctx.Err()
}
