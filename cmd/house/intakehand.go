package house

import (
	"context"
	"errors"
	"strings"
	"sync"

	"golang.org/x/time/rate"

	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
)

// writing lets one at a time write to a complaint, so that of two with one nonce
// the second finds what the first left.
type writing struct {
	sync.Mutex
	waiting int
}

// turnOn waits for the turn on a complaint and returns how it is given back.
func (d *Intake) turnOn(id string) func() {
	d.mu.Lock()
	t := d.busy[id]
	if t == nil {
		t = &writing{}
		d.busy[id] = t
	}
	t.waiting++
	d.mu.Unlock()
	t.Lock()
	return func() {
		t.Unlock()
		d.mu.Lock()
		defer d.mu.Unlock()
		if t.waiting--; t.waiting == 0 {
			delete(d.busy, id)
		}
	}
}

// hand keeps the files, then records the command that names them. What was
// refused leaves nothing behind.
func (d *Intake) hand(ctx context.Context, in domain.Instruction, p *plain, list []intake.File, limit *rate.Limiter, command func(told []domain.Evidence, key string) domain.Command) error {
	if len(list) > maxFiles {
		return intake.Refusal{Field: "files", Reason: "at most ten files go with a message; send more with another"}
	}
	for again := false; ; again = true {
		c, err := d.h.correspondence(ctx, in.Act.Subject)
		if err != nil {
			return unavailable(err)
		}
		if repeated := c.has(in.ID); repeated && c.state.Reporter.Erased {
			return nil // nobody can tell whether it is the same; nothing is added
		} else if !repeated && !again {
			in.Command = command(nil, c.key)
			if err := d.mayAdd(ctx, in, c, limit); err != nil {
				return err
			}
		}
		if err := d.h.workOut(ctx, p); err != nil { // before there is anything to leave behind
			return unavailable(err)
		}
		err = d.handOver(ctx, in, p, c, list, command)
		if refused, no := errors.AsType[*domain.Refusal](err); no && !again && refused.Code == domain.CodeConflict && strings.HasSuffix(refused.Field, ".key") {
			continue // the complaint got its key just now, by a question
		}
		if err != nil {
			return forPages(err)
		}
		return nil
	}
}

// mayAdd refuses what the room would refuse before anything is kept, and what
// is more than is taken.
func (d *Intake) mayAdd(ctx context.Context, in domain.Instruction, c *correspondence, limit *rate.Limiter) error {
	if c.replies >= maxReplies {
		return intake.Refusal{Reason: "this complaint takes no more messages; hand in another, or write to the agency"}
	}
	if _, err := d.h.Recorder.Try(ctx, in); err != nil {
		return forPages(err)
	}
	if !limit.AllowN(d.h.cfg.Now(), 1) {
		return intake.ErrUnavailable
	}
	return nil
}

// handOver keeps and records once.
func (d *Intake) handOver(ctx context.Context, in domain.Instruction, p *plain, c *correspondence, list []intake.File, command func(told []domain.Evidence, key string) domain.Command) error {
	k, err := d.h.keep(c, list)
	if err != nil {
		return err
	}
	in.Command = command(k.told, k.key)
	p.key = k.key
	receipt, err := d.h.submit(ctx, in, p, nil)
	if err != nil {
		return errors.Join(err, d.h.let(ctx, in.Act.Subject, k, err))
	}
	return d.h.Desk().Shown(ctx, receipt.Position)
}
