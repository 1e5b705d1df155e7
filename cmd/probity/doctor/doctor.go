// Package doctor looks a ledger over: its folder, disk, keys, store, views,
// log, clock, and all that its settings name. It changes nothing.
//
// A [Check] is one function; the checks of one subject lie in one file.
// [Examine] runs them at the same time, each within its own time, and returns
// the findings in the order of the checks. A check that could not run says so
// and why: that is a finding too, and never a good one. To add a check, write
// the function and put it on the list ([Checks]).
package doctor

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/probity-ledger/probity/ledger"
)

// Level is how good or bad a finding is.
type Level string

// The levels.
const (
	OK     Level = "ok"
	Note   Level = "note" // belongs to the finding before it
	Warn   Level = "warn" // works, and should be otherwise
	NotRun Level = "not run"
	Fail   Level = "fail"
)

// Finding is one thing that was found.
type Finding struct {
	Subject string `json:"subject"`
	Level   Level  `json:"level"`
	Text    string `json:"text"`
	// Mend says what to do about it.
	Mend string `json:"mend,omitzero"`
	// Integrity: what is recorded is not what it must be.
	Integrity bool `json:"integrity,omitzero"`

	err error
}

// Err is the error behind the finding; nil without one.
func (f Finding) Err() error { return f.err }

// Findings collects what a check finds.
type Findings struct {
	subject string
	all     []Finding
}

func (f *Findings) add(level Level, format string, args ...any) *Finding {
	f.all = append(f.all, Finding{Subject: f.subject, Level: level, Text: fmt.Sprintf(format, args...)})
	return &f.all[len(f.all)-1]
}

// About changes the subject.
func (f *Findings) About(subject string) { f.subject = subject }

// OK notes what is well.
func (f *Findings) OK(format string, args ...any) { f.add(OK, format, args...) }

// Note adds something to know.
func (f *Findings) Note(format string, args ...any) { f.add(Note, format, args...) }

// Warn notes what works and should be otherwise, and what to do.
func (f *Findings) Warn(mend, format string, args ...any) { f.add(Warn, format, args...).Mend = mend }

// Fail notes what is wrong, and what to do; mend may be empty where the error
// itself tells.
func (f *Findings) Fail(mend string, err error) {
	found := f.add(Fail, "%v", err)
	found.Mend, found.err = mend, err
	_, found.Integrity = errors.AsType[*ledger.IntegrityError](err)
}

// NotRun says why a check could not run.
func (f *Findings) NotRun(format string, args ...any) { f.add(NotRun, format, args...) }

// Check is one thing to look at.
type Check struct {
	Subject string
	// Within is how long it may take; [usual] when 0.
	Within time.Duration
	Run    func(ctx context.Context, p *Patient, f *Findings)
}

// usual is how long a check may take that does not say otherwise.
const usual = 15 * time.Second

// Examine runs the checks and returns what they found, in their order.
func Examine(ctx context.Context, p *Patient, checks []Check) []Finding {
	found := make([][]Finding, len(checks))
	var running sync.WaitGroup
	for i, c := range checks {
		running.Go(func() { found[i] = c.within(ctx, p) })
	}
	running.Wait()
	var all []Finding
	for _, f := range found {
		all = append(all, f...)
	}
	return all
}

// within runs a check and leaves it where it takes too long.
func (c Check) within(ctx context.Context, p *Patient) []Finding {
	limit := c.Within
	if limit == 0 {
		limit = usual
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan []Finding, 1)
	go func() {
		f := &Findings{subject: c.Subject}
		c.Run(ctx, p, f)
		done <- f.all
	}()
	select {
	case found := <-done:
		return found
	case <-ctx.Done():
	}
	// It was told to end: what it says of that is better than what we know.
	select {
	case found := <-done:
		return found
	case <-time.After(limit/10 + 50*time.Millisecond):
		f := &Findings{subject: c.Subject}
		f.NotRun("this took longer than %s and was left", limit)
		return f.all
	}
}

// Worst says whether anything is wrong, and whether it is the integrity of
// what is recorded.
func Worst(found []Finding) (failed int, first error, integrity bool) {
	for _, f := range found {
		if f.Level != Fail {
			continue
		}
		failed++
		integrity = integrity || f.Integrity
		if first == nil || f.Integrity && !isIntegrity(first) {
			first = f.err
		}
	}
	return failed, first, integrity
}

func isIntegrity(err error) bool {
	_, ok := errors.AsType[*ledger.IntegrityError](err)
	return ok
}
