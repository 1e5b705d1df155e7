package notary

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// sharedState is the State of a Turn.
type sharedState struct {
	// Signed is the last checkpoint signed, Shown the last that others are
	// shown, with its cosignatures.
	Signed []byte `json:"signed,omitempty"`
	Shown  []byte `json:"shown,omitempty"`
	// Witnessing says how the witnesses answer; nil where nobody is asked.
	Witnessing *Witnessing `json:"witnessing,omitempty"`
	// Index is the last signed index, Secret what blinds it (package index).
	Index  []byte `json:"index,omitempty"`
	Secret []byte `json:"secret,omitempty"`
}

func parseShared(t Turn) (s sharedState, err error) {
	if t.Number == 0 {
		return s, nil
	}
	if err := json.Unmarshal(t.State, &s); err != nil {
		return s, fmt.Errorf("read turn %d of what the replicas share: %w", t.Number, err)
	}
	return s, nil
}

func (s sharedState) marshal() ([]byte, error) {
	raw, err := json.Marshal(s)
	if err == nil && len(raw) > MaxState {
		err = fmt.Errorf("share a checkpoint: %d bytes, at most %d are taken", len(raw), MaxState)
	}
	return raw, err
}

// sharing is what a replica knows of Shared.
type sharing struct {
	mu sync.Mutex // guards what follows; held while a turn is put
	// turn is the last put by this replica or taken from another, and state
	// what it says.
	turn  uint64
	state sharedState
	leads bool
}

// ErrNotShared: what was signed could not be shared. Nobody was shown it, and
// the files are as good as before.
var ErrNotShared = errors.New("the checkpoint could not be shared with the other replicas")

// share puts the state, with a change, as the next turn. Who does not lead, or
// learns by it that another does, gets ErrLostLead. Without Shared there is
// nothing to do.
func (n *Notary) share(ctx context.Context, change func(*sharedState)) error {
	if n.cfg.Shared == nil {
		return nil
	}
	s := &n.sharing
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.leads {
		return fmt.Errorf("%w: %w", ErrNotShared, ErrLostLead)
	}
	next := s.state
	change(&next)
	raw, err := next.marshal()
	if err == nil {
		err = putTurn(ctx, n.cfg.Shared, Turn{s.turn + 1, raw})
	}
	if err != nil {
		s.leads = false // also where it is not known: Lead finds out
		return fmt.Errorf("%w: %w", ErrNotShared, err)
	}
	s.turn, s.state = s.turn+1, next
	return nil
}

// putTries is how often a put whose outcome is unknown is looked after.
const putTries = 3

// putTurn puts a turn, and finds out what became of it where that is unknown.
func putTurn(ctx context.Context, shared Shared, t Turn) error {
	err := shared.Put(ctx, t)
	if err == nil || errors.Is(err, ErrLostLead) {
		return err
	}
	for range putTries {
		last, failed := shared.Load(ctx)
		switch {
		case failed != nil:
			err = failed
			continue
		case last.Number == t.Number && bytes.Equal(last.State, t.State):
			return nil
		case last.Number+1 != t.Number:
			return ErrLostLead
		}
		if err = shared.Put(ctx, t); err == nil {
			return nil
		}
	}
	return err
}

// resign ends the lead of this replica, if it has it.
func (n *Notary) resign() {
	n.sharing.mu.Lock()
	defer n.sharing.mu.Unlock()
	n.sharing.leads = false
}

// Leads tells whether this replica signs the checkpoints, as far as it knows;
// true where nothing is shared and it has a signer.
func (n *Notary) Leads() bool {
	if n.cfg.Shared == nil {
		return n.cfg.Signer != nil
	}
	n.sharing.mu.Lock()
	defer n.sharing.mu.Unlock()
	return n.sharing.leads
}

// Shares tells whether this replica shares what it signs with others.
func (n *Notary) Shares() bool { return n.cfg.Shared != nil }

// ShareIndex gives the other replicas an index signed by the leader, and the
// secret that blinds it; before anybody else is shown it. Without
// Config.Shared there is nothing to do.
func (n *Notary) ShareIndex(ctx context.Context, index, secret []byte) error {
	return n.share(ctx, func(s *sharedState) { s.Index, s.Secret = index, secret })
}

// SharedIndex returns what ShareIndex gave last, as far as this replica knows,
// and what is closed once it may know more. Head covers it.
func (n *Notary) SharedIndex() (index, secret []byte, changed <-chan struct{}) {
	changed = n.sharedNow.next()
	n.sharing.mu.Lock()
	defer n.sharing.mu.Unlock()
	return n.sharing.state.Index, n.sharing.state.Secret, changed
}

// Lead takes the lead among the replicas, from whoever has it, and adopts what
// was signed last. Whoever had it signs nothing any more from then on: what it
// still puts is refused. Who calls it makes sure that only one replica does
// so at a time, or they take it from each other. Run begins with it; who does
// not run calls it before CatchUp. Not while Run or Follow runs. Without
// Config.Shared there is nothing to do.
func (n *Notary) Lead(ctx context.Context) error {
	if n.cfg.Signer == nil {
		return errNoSigner
	}
	if n.cfg.Shared == nil {
		return nil
	}
	state, err := n.claim(ctx)
	if err == nil {
		err = n.adopt(ctx, state)
	}
	if err == nil {
		err = n.settle(ctx)
	}
	if err != nil {
		n.resign()
		return fmt.Errorf("take the lead of the transparency log: %w", err)
	}
	return nil
}

// claim puts what was shared last once more, as a turn of this replica.
func (n *Notary) claim(ctx context.Context) (sharedState, error) {
	s := &n.sharing
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		last, err := n.cfg.Shared.Load(ctx)
		if err != nil {
			return sharedState{}, err
		}
		state, err := parseShared(last)
		if err != nil {
			return sharedState{}, err
		}
		if last.Number == 0 {
			last.State = []byte("{}")
		}
		err = putTurn(ctx, n.cfg.Shared, Turn{last.Number + 1, last.State})
		if errors.Is(err, ErrLostLead) && ctx.Err() == nil {
			continue // another put its own in between
		}
		if err == nil {
			s.turn, s.state, s.leads = last.Number+1, state, true
		}
		return state, err
	}
}

// adopt takes over what was shared last.
func (n *Notary) adopt(ctx context.Context, state sharedState) error {
	f := n.feed(ctx)
	defer f.stop()
	return n.take(ctx, state, f)
}

// settle shares what this replica knows better, and shows what others are to
// be shown under its own policy of witnesses.
func (n *Notary) settle(ctx context.Context) error {
	signed, shown := n.signed.Load(), n.head.Load()
	asked := n.witnessing.Load() != nil // by whoever led before
	n.mu.Lock()
	n.confirmed = len(n.policy.Witnesses) > 0 || n.cfg.Witnesses == nil && asked
	confirmed := n.confirmed
	n.mu.Unlock()
	if len(n.policy.Witnesses) > 0 {
		n.askWitnesses()
	}
	if !confirmed {
		n.witnessing.Store(nil)
		shown = signed
	}
	err := n.share(ctx, func(s *sharedState) {
		if s.Witnessing = n.witnessing.Load(); signed != nil {
			s.Signed = signed.Note
		}
		if shown != nil {
			s.Shown = shown.Note
		}
	})
	if err != nil {
		return err
	}
	if err := n.keepWitnessing(); err != nil || shown == n.head.Load() {
		return err
	}
	return n.show(*shown)
}
