package migrate

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/probity-ledger/probity/ledger"
)

// Config says what to copy. From and To are required.
type Config struct {
	From, To ledger.Store
	// Progress, when set, is told now and then how many events are in both.
	Progress func(events int64)
	// Patience bounds how long an append is repeated whose outcome cannot be
	// known; a minute when zero.
	Patience time.Duration
}

// Copied is what Copy did, in events.
type Copied struct {
	// Events are in the target now.
	Events int64
	// Found were there before.
	Found int64
}

const (
	// runBytes bounds the envelopes of one append: the default of a server
	// that takes a megabyte, less what it counts beside them.
	runBytes = 512 << 10

	defaultPatience = time.Minute
	firstPause      = 50 * time.Millisecond
	longestPause    = 2 * time.Second

	// progressEvery is how many events there are between two words on it.
	progressEvery = 1024
)

// Copy copies what the target lacks, in the order of the source. What it holds
// already is compared with the source first.
//
// Errors: *Difference when the target holds something else, or when somebody
// else writes into it; what the stores fail with. Copy again to go on.
func Copy(ctx context.Context, cfg Config) (Copied, error) {
	if cfg.Patience == 0 {
		cfg.Patience = defaultPatience
	}
	c := copier{cfg: cfg, ctx: ctx}
	target, stop := iter.Pull2(cfg.To.ReadAll(ctx, ledger.Start))
	defer stop()
	there := true // the target may still hold more
	for s, err := range cfg.From.ReadAll(ctx, ledger.Start) {
		if err != nil {
			return c.done, fmt.Errorf("read the source: %w", err)
		}
		if there {
			var held ledger.Stored
			if held, err, there = target(); err != nil {
				return c.done, fmt.Errorf("read the target: %w", err)
			}
			if there {
				if d := differ(c.done.Events+1, s, held); d != nil {
					return c.done, d
				}
				c.done.Found++
				c.advance(1)
				continue
			}
		}
		if err := c.take(s); err != nil {
			return c.done, err
		}
	}
	if err := c.flush(); err != nil {
		return c.done, err
	}
	if there {
		held, err, more := target()
		if err != nil {
			return c.done, fmt.Errorf("read the target: %w", err)
		}
		if more {
			return c.done, onlyIn("target", c.done.Events+1, held)
		}
	}
	return c.done, nil
}

// copier gathers runs of one stream, each of which is one append.
type copier struct {
	cfg  Config
	ctx  context.Context
	done Copied

	run   []ledger.Stored
	bytes int
}

func (c *copier) advance(n int) {
	before := c.done.Events
	c.done.Events += int64(n)
	if c.cfg.Progress != nil && c.done.Events/progressEvery > before/progressEvery {
		c.cfg.Progress(c.done.Events)
	}
}

// take adds an event to the run, and appends the run that it does not go on.
func (c *copier) take(s ledger.Stored) error {
	if n := len(c.run); n > 0 {
		last := c.run[n-1]
		if last.Stream != s.Stream || last.Revision+1 != s.Revision || n == ledger.MaxAppend || c.bytes+len(s.Envelope) > runBytes {
			if err := c.flush(); err != nil {
				return err
			}
		}
	}
	c.run, c.bytes = append(c.run, s), c.bytes+len(s.Envelope)
	return nil
}

func (c *copier) flush() error {
	run := c.run
	c.run, c.bytes = c.run[:0], 0
	if len(run) == 0 {
		return nil
	}
	return c.append(run)
}

// append appends a run; one that the target finds too large in two halves.
func (c *copier) append(run []ledger.Stored) error {
	err := c.try(run)
	if errors.Is(err, ledger.ErrTooLarge) && len(run) > 1 {
		half := len(run) / 2
		if err = c.append(run[:half]); err == nil {
			err = c.append(run[half:])
		}
		return err
	}
	if errors.Is(err, ledger.ErrWrongRevision) {
		return &Difference{Place: c.done.Events + 1, Source: run[0].Position, Stream: run[0].Stream, Revision: run[0].Revision,
			What: "somebody else writes into the target: its stream does not end where that of the source did"}
	}
	if err != nil {
		return fmt.Errorf("write event %d of the source, %s revision %d, into the target: %w", c.done.Events+1, run[0].Stream, run[0].Revision, err)
	}
	c.advance(len(run))
	return nil
}

// try appends a run, and again while the outcome cannot be known.
func (c *copier) try(run []ledger.Stored) error {
	entries := make([]ledger.Entry, len(run))
	for i, s := range run {
		entries[i] = ledger.Entry{ID: s.ID, Envelope: s.Envelope}
	}
	since, pause := time.Now(), firstPause
	for {
		_, err := c.cfg.To.Append(c.ctx, run[0].Stream, run[0].Revision-1, entries)
		if !errors.Is(err, ledger.ErrUnknownOutcome) || c.ctx.Err() != nil || time.Since(since) > c.cfg.Patience {
			return err
		}
		select {
		case <-time.After(pause):
		case <-c.ctx.Done():
			return c.ctx.Err()
		}
		pause = min(2*pause, longestPause)
	}
}
