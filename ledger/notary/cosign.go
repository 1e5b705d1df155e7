package notary

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// maxWitnessRetry is the longest rest before a witness that fails is asked
// again, in units of the first.
const maxWitnessRetry = 64

// cosigner sends the newest checkpoint around, one at a time, and shows it
// once the policy says so. All but the requests run in one goroutine.
type cosigner struct {
	n       *Notary
	p       WitnessPolicy
	desks   []*witnessDesk
	answers chan witnessAnswer

	target  *Head     // what is sent around
	began   time.Time // when target was first sent
	waiting time.Time // since when there is something that is not shown; zero for never
	late    bool      // the timeout for target is over
	shown   bool      // target is shown to others
	met     bool      // the last one shown had the quorum
	written time.Time // when the file was written last
	dirty   bool
}

// witnessDesk is what is known of one witness.
type witnessDesk struct {
	asker  *asker
	busy   bool
	line   string // its cosignature of target
	said   Cosignature
	next   time.Time // not asked before
	rest   time.Duration
	status WitnessStatus
}

type witnessAnswer struct {
	desk   *witnessDesk
	target *Head
	line   string
	said   Cosignature
	err    error
}

// cosignAll asks the witnesses until ctx ends.
func (n *Notary) cosignAll(ctx context.Context) error {
	client := newWitnessClient(n.policy.Timeout)
	defer client.Transport.(*http.Transport).CloseIdleConnections() // whatever it is wrapped in
	if wrap := n.cfg.Observer.Transport; wrap != nil {
		client.Transport = wrap(client.Transport)
	}
	c := &cosigner{n: n, p: n.policy, answers: make(chan witnessAnswer, len(n.policy.Witnesses)), met: true}
	for _, w := range n.policy.Witnesses {
		a, err := newAsker(w, client)
		if err != nil {
			return err
		}
		c.desks = append(c.desks, &witnessDesk{asker: a, status: WitnessStatus{Name: w.Key.Name(), URL: w.URL, Key: w.Key.String()}})
	}
	var asking sync.WaitGroup
	defer asking.Wait()
	c.resume()
	for {
		signed := n.signedNow.next()
		if err := c.step(ctx, &asking); err != nil {
			return err
		}
		timer := time.NewTimer(c.wake())
		select {
		case <-signed:
		case <-timer.C:
		case a := <-c.answers:
			c.take(a)
		case <-ctx.Done():
			timer.Stop()
			c.write()
			return ctx.Err()
		}
		timer.Stop()
	}
}

// resume goes on with what an earlier process had collected.
func (c *cosigner) resume() {
	h, s := c.n.head.Load(), c.n.signed.Load()
	if h == nil || s == nil || h.Size != s.Size || s.Size == 0 {
		return
	}
	c.target, c.shown, c.began = s, true, time.Now()
	text, lines := signatures(h.Note)
	for _, d := range c.desks {
		if line, said, err := d.asker.witness.Key.cosignatureIn(text, lines); err == nil {
			d.line, d.said = line, said
			d.asker.known = s.Size
			d.status.Size, d.status.CosignedAt = s.Size, &said.At
		}
	}
	c.tell()
}

// step does whatever is to be done now.
func (c *cosigner) step(ctx context.Context, asking *sync.WaitGroup) error {
	now := time.Now()
	newest := c.n.signed.Load()
	if newest != nil && newest.Size == 0 && c.n.head.Load() == nil {
		if err := c.show(ctx, *newest); err != nil { // nobody need confirm nothing
			return err
		}
	}
	if newest != nil && newest.Size > 0 && (c.target == nil || newest.Size > c.target.Size) && c.mayTurn(now) {
		if err := c.n.Flush(); err != nil { // a witness must not know more than this log after a power cut
			return err
		}
		if c.shown || c.late || c.waiting.IsZero() {
			c.waiting = now
		}
		c.target, c.began, c.shown, c.late = newest, now, false, false
		for _, d := range c.desks {
			d.line = ""
		}
	}
	if c.target == nil {
		return nil
	}
	for _, d := range c.desks {
		if d.busy || d.line != "" || now.Before(d.next) {
			continue
		}
		d.busy = true
		target := c.target
		asking.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, c.p.Timeout)
			defer cancel()
			a := witnessAnswer{desk: d, target: target}
			a.line, a.said, a.err = d.asker.cosign(ctx, target.Checkpoint, c.n.hashes(target.Size))
			c.answers <- a // there is room for one of each
		})
	}
	if err := c.publish(ctx, now); err != nil {
		return err
	}
	if c.dirty && now.Sub(c.written) >= time.Second {
		c.write()
		return c.n.share(ctx, func(s *sharedState) { s.Witnessing = c.n.witnessing.Load() })
	}
	return nil
}

// show shares what others are to be shown, and only then shows it.
func (c *cosigner) show(ctx context.Context, h Head) error {
	err := c.n.share(ctx, func(s *sharedState) { s.Shown, s.Witnessing = h.Note, c.n.witnessing.Load() })
	if err != nil {
		return err
	}
	return c.n.show(h)
}

// mayTurn tells whether a newer checkpoint may take the place of target.
func (c *cosigner) mayTurn(now time.Time) bool {
	switch {
	case c.target == nil:
		return true
	case now.Sub(c.began) < c.p.Every:
		return false
	case c.shown || c.late:
		return true
	}
	for _, d := range c.desks { // nobody has confirmed or is being asked: nothing is lost
		if d.busy || d.line != "" {
			return false
		}
	}
	return true
}

// take notes an answer.
func (c *cosigner) take(a witnessAnswer) {
	d, now := a.desk, time.Now()
	d.busy = false
	if errors.Is(a.err, context.Canceled) {
		return // this process ends
	}
	c.dirty = true
	defer c.tell()
	if a.err != nil {
		d.rest = min(max(2*d.rest, c.p.retry), maxWitnessRetry*c.p.retry)
		d.next = now.Add(d.rest)
		why := a.err.Error()
		if why != d.status.Failing {
			level := slog.LevelWarn
			if errors.Is(a.err, errOtherHistory) {
				level = slog.LevelError // the ledger went back or forked, or another signs under its name
			}
			c.p.Logger.Log(context.Background(), level, "a witness does not cosign", "witness", d.status.Name, "size", a.target.Size, "why", why)
		}
		d.status.Failing, d.status.OtherHistory = why, errors.Is(a.err, errOtherHistory)
		if d.status.FailingSince == nil {
			d.status.FailingSince = &now
		}
		return
	}
	if d.status.FailingSince != nil {
		c.p.Logger.Info("a witness cosigns again", "witness", d.status.Name, "size", a.target.Size)
	}
	d.rest, d.next = 0, time.Time{}
	d.status.Failing, d.status.FailingSince, d.status.OtherHistory = "", nil, false
	d.status.Size, d.status.CosignedAt = a.target.Size, &a.said.At
	if a.target == c.target {
		d.line, d.said = a.line, a.said
	}
}

// publish shows target as soon as the policy lets it, and again with each
// cosignature that comes later.
func (c *cosigner) publish(ctx context.Context, now time.Time) error {
	head := *c.target
	head.Note = append([]byte(nil), c.target.Note...)
	head.Quorum = c.p.Quorum
	for _, d := range c.desks {
		if d.line != "" {
			head.Note = append(head.Note, d.line...)
			head.Cosigned = append(head.Cosigned, d.said)
		}
	}
	met := len(head.Cosigned) >= c.p.Quorum
	if c.shown {
		if was := c.n.head.Load(); was.Size == head.Size && len(was.Cosigned) >= len(head.Cosigned) {
			return nil
		}
	} else if over := now.Sub(c.waiting) >= c.p.Timeout; !met {
		if !over {
			return nil
		}
		if !c.late {
			c.late, c.met = true, false
			c.missed(head)
		}
		if !c.p.PublishAnyway {
			return nil
		}
	}
	if met && !c.met {
		c.p.Logger.Info("the quorum of witnesses is met again", "size", head.Size, "cosigned", len(head.Cosigned), "quorum", c.p.Quorum)
	}
	c.met = met
	c.shown, c.waiting, c.dirty = true, time.Time{}, true
	c.p.Logger.Debug("checkpoint published", "size", head.Size, "cosigned", len(head.Cosigned), "quorum", c.p.Quorum)
	return c.show(ctx, head)
}

// missed says that the quorum was not met in time, and what follows.
func (c *cosigner) missed(head Head) {
	how := "waiting; the earlier checkpoint stays published"
	if c.p.PublishAnyway {
		how = "published without it"
	}
	var missing []string
	for _, d := range c.desks {
		if d.line == "" {
			missing = append(missing, d.status.Name)
		}
	}
	c.p.Logger.Warn("the quorum of witnesses is not met in time: "+how, "size", head.Size,
		"cosigned", len(head.Cosigned), "quorum", c.p.Quorum, "timeout", c.p.Timeout, "missing", missing)
}

// wake is how long nothing is to be done by itself.
func (c *cosigner) wake() time.Duration {
	now := time.Now()
	next := now.Add(time.Minute)
	sooner := func(t time.Time) {
		if t.After(now) && t.Before(next) {
			next = t
		}
	}
	if c.target == nil {
		return time.Minute
	}
	sooner(c.began.Add(c.p.Every))
	if !c.waiting.IsZero() && !c.late {
		sooner(c.waiting.Add(c.p.Timeout))
	}
	for _, d := range c.desks {
		if !d.busy && d.line == "" {
			sooner(d.next)
		}
	}
	if c.dirty {
		sooner(c.written.Add(time.Second))
	}
	return next.Sub(now)
}

// tell shows how the witnesses answer.
func (c *cosigner) tell() {
	w := Witnessing{Quorum: c.p.Quorum, PublishAnyway: c.p.PublishAnyway}
	for _, d := range c.desks {
		w.Witnesses = append(w.Witnesses, d.status)
	}
	c.n.witnessing.Store(&w)
}

// write puts how the witnesses answer where other processes find it.
func (c *cosigner) write() {
	c.dirty, c.written = false, time.Now()
	if err := c.n.writeWitnessing(); err != nil {
		c.p.Logger.Warn("how the witnesses answer cannot be written down", "err", err)
	}
}
