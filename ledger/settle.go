package ledger

import (
	"context"
	"errors"
	"sync"
)

// ErrUnsettled: a chain of reactions was cut short by a failure since this
// recorder began, so CatchUp has work to do.
var ErrUnsettled = errors.New("a chain of reactions was cut short")

// underWay counts the instructions being recorded, in two generations, so
// that one can wait for those of a moment while others begin.
type underWay struct {
	mu    sync.Mutex // guards all below
	gen   int
	count [2]int
	empty [2]chan struct{} // closed when the generation has ended; nil when nobody waits
	cut   bool
}

func (u *underWay) begin() (gen int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.count[u.gen]++
	return u.gen
}

// end takes the instruction out; settled tells that it and all its effects
// are recorded, or refused.
func (u *underWay) end(gen int, settled bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.count[gen]--
	u.cut = u.cut || !settled
	if u.count[gen] == 0 && u.empty[gen] != nil {
		close(u.empty[gen])
		u.empty[gen] = nil
	}
}

// Settle waits until every instruction under way when it was called has been
// recorded with all that follows from it. Then reactions are done up to
// whatever position the store had reached before the call, unless it fails
// with ErrUnsettled, or earlier positions still wait for CatchUp. It knows of
// this recorder alone: where other processes record as well, CatchUp is what
// tells how far reactions are done. One call at a time.
func (r *Recorder) Settle(ctx context.Context) error {
	u := &r.underWay
	// A generation that an earlier, abandoned call waited for ends first.
	if err := u.await(ctx, func() int { return 1 - u.gen }); err != nil {
		return err
	}
	if err := u.await(ctx, func() int { u.gen = 1 - u.gen; return 1 - u.gen }); err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.cut {
		return ErrUnsettled
	}
	return nil
}

// await waits until the chosen generation has ended.
func (u *underWay) await(ctx context.Context, choose func() int) error {
	u.mu.Lock()
	gen := choose()
	if u.count[gen] == 0 {
		u.mu.Unlock()
		return nil
	}
	if u.empty[gen] == nil {
		u.empty[gen] = make(chan struct{})
	}
	ended := u.empty[gen]
	u.mu.Unlock()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// CutShort tells whether a chain was cut short since the recorder began, or
// since the last call, and forgets it: whoever asks sees to it that CatchUp
// follows all that is recorded by now, in this process or in another.
func (r *Recorder) CutShort() bool {
	u := &r.underWay
	u.mu.Lock()
	defer u.mu.Unlock()
	cut := u.cut
	u.cut = false
	return cut
}
