package ledgertest

import (
	"context"
	"fmt"
	"sync"

	"github.com/probity-ledger/probity/ledger"
)

// Locks are locks in memory for tests: each Process stands for a process of
// its own. They are taken one after another, the rules first and then the
// streams in the order in which they are asked for, so that whoever asks in
// another order is found out by waiting for ever.
type Locks struct {
	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever something is given back
	streams map[string]*hold
	sharers int   // holds that keep the rules still
	maker   *hold // the hold that changes them
	wanted  int   // holds that wait to change them
	count   int64
}

// NewLocks returns locks of which nobody holds any.
func NewLocks() *Locks {
	return &Locks{changed: make(chan struct{}), streams: map[string]*hold{}}
}

// Process is what one process has of the locks.
type Process struct {
	place *Locks
	holds map[*hold]bool // guarded by the place's mu
	// Checked, when set, is called at each check before it is answered, with
	// what loses that one hold.
	Checked func(lose func())
}

var _ ledger.Locks = (*Process)(nil)

// Process returns the locks as one more process has them.
func (l *Locks) Process() *Process { return &Process{place: l, holds: map[*hold]bool{}} }

// Lose takes away all that the process holds, as when its session broke or it
// was killed. What it asks for afterwards it is given as before.
func (p *Process) Lose() {
	p.place.mu.Lock()
	defer p.place.mu.Unlock()
	for h := range p.holds {
		h.giveBack()
	}
}

// hold is one hold of a process.
type hold struct {
	of      *Process
	mine    []string
	rules   bool
	sharing bool
	gone    bool
	count   int64
}

// Hold implements [ledger.Locks].
func (p *Process) Hold(ctx context.Context, streams []string, rules bool) (ledger.Held, error) {
	l := p.place
	h := &hold{of: p, rules: rules}
	l.mu.Lock()
	defer l.mu.Unlock()
	p.holds[h] = true
	if rules {
		l.wanted++
	}
	err := l.await(ctx, func() bool {
		if rules {
			return l.maker == nil && l.sharers == 0
		}
		return l.maker == nil && l.wanted == 0
	})
	if rules {
		l.wanted--
	}
	if err == nil && !h.gone {
		if rules {
			l.maker = h
			l.count++
		} else {
			l.sharers++
			h.sharing = true
		}
		h.count = l.count
	}
	for _, s := range streams {
		if err == nil {
			err = l.await(ctx, func() bool { return l.streams[s] == nil || h.gone })
		}
		if err == nil && h.gone {
			err = fmt.Errorf("%w while waiting", ledger.ErrLocksLost)
		}
		if err != nil {
			h.giveBack()
			return nil, err
		}
		l.streams[s] = h
		h.mine = append(h.mine, s)
	}
	return h, err
}

// await waits until ok holds. The caller holds mu.
func (l *Locks) await(ctx context.Context, ok func() bool) error {
	for !ok() {
		changed := l.changed
		l.mu.Unlock()
		var err error
		select {
		case <-changed:
		case <-ctx.Done():
			err = ctx.Err()
		}
		l.mu.Lock()
		if err != nil {
			l.wake() // somebody may have waited for one who wanted to change the rules
			return err
		}
	}
	return ctx.Err()
}

func (l *Locks) wake() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (h *hold) lose() {
	h.of.place.mu.Lock()
	defer h.of.place.mu.Unlock()
	h.giveBack()
}

// giveBack ends the hold, once. The caller holds mu.
func (h *hold) giveBack() {
	l := h.of.place
	if h.gone {
		return
	}
	h.gone = true
	delete(h.of.holds, h)
	for _, s := range h.mine {
		delete(l.streams, s)
	}
	if h.sharing {
		l.sharers--
	}
	if l.maker == h {
		l.maker = nil
	}
	l.wake()
}

// Rules implements [ledger.Held].
func (h *hold) Rules() int64 { return h.count }

// Check implements [ledger.Held].
func (h *hold) Check(ctx context.Context) error {
	if h.of.Checked != nil {
		h.of.Checked(h.lose)
	}
	h.of.place.mu.Lock()
	defer h.of.place.mu.Unlock()
	if h.gone {
		return ledger.ErrLocksLost
	}
	return ctx.Err()
}

// Release implements [ledger.Held].
func (h *hold) Release(bool) error {
	h.of.place.mu.Lock()
	defer h.of.place.mu.Unlock()
	if h.gone {
		return ledger.ErrLocksLost
	}
	h.giveBack()
	return nil
}
