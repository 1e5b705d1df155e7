package ledger

import (
	"context"
	"fmt"
	"strconv"

	"github.com/probity-ledger/probity/domain"
)

// reactionPrefix begins the instruction ids of reactions. Nobody else may
// use it, so that no one can take a reaction's place beforehand.
const reactionPrefix = "reaction:"

// maxDepth bounds a chain of reactions; a longer one is a loop.
const maxDepth = 16

// follow carries out what follows from a recorded event. The instruction ids
// derive from the event, so following it again adds nothing. A refusal does
// not undo the cause: it is reported and the rest goes on. Any other error
// ends the chain; following the event again takes it up. What followed is
// added to the receipt.
func (r *Recorder) follow(ctx context.Context, cause domain.Recorded, depth int, of *Receipt) error {
	if cause.Act.Imported() {
		return nil
	}
	for _, re := range r.react[cause.Event.Kind()] {
		if depth == maxDepth {
			return fmt.Errorf("reaction %s to %s: chain of more than %d reactions", re.Name, cause.ID, maxDepth)
		}
		for i, in := range re.Then(cause) {
			in.ID = reactionPrefix + string(cause.ID) + "/" + re.Name + "/" + strconv.Itoa(i)
			in.Act.Actor, in.Act.Role = domain.ActorSystem, domain.RoleSystem
			in.Act.Cause, in.Act.Correlation = cause.ID, cause.Act.Correlation
			if in.Act.Correlation == "" {
				in.Act.Correlation = cause.ID
			}
			in.Act.RecordedAt = cause.Act.RecordedAt // not before it, whatever the clock says
			if in.Act.OccurredAt.IsZero() {
				in.Act.OccurredAt = cause.Act.OccurredAt
			}
			followed, err := r.record(ctx, in, depth+1, nil)
			if domain.RefusalCode(err) != "" {
				if r.cfg.ReactionRefused != nil {
					r.cfg.ReactionRefused(cause, in, err)
				}
				continue
			}
			if err != nil {
				return fmt.Errorf("reaction %s to %s: %w", re.Name, cause.ID, err)
			}
			of.add(followed)
		}
	}
	return nil
}

// catchUpStep is after how many events CatchUp tells how far it is.
const catchUpStep = 5_000

// CatchUp follows every event after the given position again, for reactions
// that a crash cut short, up to the end of the ledger. What was done already
// is not done twice. done, when set, is told now and then up to which
// position all is made up for, and at the end.
func (r *Recorder) CatchUp(ctx context.Context, after Position, done func(Position) error) error {
	n := 0
	for s, err := range r.cfg.Store.ReadAll(ctx, after) {
		if err != nil {
			return fmt.Errorf("catch up with reactions: %w", err)
		}
		d, err := r.cfg.Codec.Decode(s)
		if err != nil {
			return err
		}
		if err := r.follow(ctx, d.Recorded, 0, &Receipt{}); err != nil {
			return err
		}
		after = s.Position
		if n++; done != nil && n%catchUpStep == 0 {
			if err := done(after); err != nil {
				return err
			}
		}
	}
	if done != nil {
		return done(after)
	}
	return nil
}
