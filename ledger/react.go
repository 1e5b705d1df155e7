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
// ends the chain; following the event again takes it up.
func (r *Recorder) follow(ctx context.Context, cause domain.Recorded, depth int) error {
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
			_, err := r.record(ctx, in, depth+1)
			if domain.RefusalCode(err) != "" {
				if r.cfg.ReactionRefused != nil {
					r.cfg.ReactionRefused(cause, in, err)
				}
				continue
			}
			if err != nil {
				return fmt.Errorf("reaction %s to %s: %w", re.Name, cause.ID, err)
			}
		}
	}
	return nil
}

// CatchUp follows every event after the given position again, for reactions
// that a crash cut short, and returns the last position it read. What was
// done already is not done twice.
func (r *Recorder) CatchUp(ctx context.Context, after Position) (Position, error) {
	for s, err := range r.cfg.Store.ReadAll(ctx, after) {
		if err != nil {
			return after, fmt.Errorf("catch up with reactions: %w", err)
		}
		d, err := r.cfg.Codec.Decode(s)
		if err != nil {
			return after, err
		}
		if err := r.follow(ctx, d.Recorded, 0); err != nil {
			return after, err
		}
		after = s.Position
	}
	return after, nil
}
