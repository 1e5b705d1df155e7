package notary

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"
)

// Witness is whom a log asks to confirm its checkpoints (C2SP tlog-witness).
type Witness struct {
	Key *WitnessKey
	// URL is the address under which it takes add-checkpoint.
	URL string
}

// WitnessPolicy says whom a log asks, and what it waits for before others are
// shown a checkpoint. Appends never wait for witnesses.
type WitnessPolicy struct {
	Witnesses []Witness
	// Quorum is how many must have cosigned a checkpoint; more than half when 0.
	Quorum int
	// PublishAnyway goes on without the quorum once Timeout is over. Otherwise
	// the last checkpoint that has it stays the one that is shown.
	PublishAnyway bool
	// Timeout is how long a witness, and the quorum, is waited for;
	// [DefaultWitnessTimeout] when 0.
	Timeout time.Duration
	// Every is the least time from one checkpoint that is sent around to the
	// next; what is signed meanwhile comes under the next.
	// [DefaultWitnessEvery] when 0.
	Every time.Duration
	// Logger is told when the quorum is missed and met again, and of witnesses
	// that fail; nobody when nil.
	Logger *slog.Logger

	retry time.Duration // before a witness that failed is asked again; for tests
}

// The defaults of a policy, and the longest Timeout.
const (
	DefaultWitnessTimeout = 10 * time.Second
	DefaultWitnessEvery   = time.Second
	MaxWitnessTimeout     = 10 * time.Minute
)

// settle fills in the defaults and refuses what cannot work.
func (p WitnessPolicy) settle() (WitnessPolicy, error) {
	keys := make([]*WitnessKey, len(p.Witnesses))
	for i, w := range p.Witnesses {
		keys[i] = w.Key
		if err := CheckWitnessURL(w.URL); err != nil {
			return p, fmt.Errorf("witness %s: %w", w.Key.Name(), err)
		}
	}
	if err := CheckWitnessKeys(keys); err != nil {
		return p, err
	}
	if p.Quorum == 0 {
		p.Quorum = len(keys)/2 + 1
	}
	if len(keys) > 0 && (p.Quorum < 0 || p.Quorum > len(keys)) {
		return p, fmt.Errorf("a quorum of %d out of %d witnesses cannot be", p.Quorum, len(keys))
	}
	if p.Timeout == 0 {
		p.Timeout = DefaultWitnessTimeout
	}
	if p.Every == 0 {
		p.Every = DefaultWitnessEvery
	}
	if p.Timeout < 0 || p.Timeout > MaxWitnessTimeout || p.Every < 0 {
		return p, fmt.Errorf("witnesses are waited for %s, which is not between nothing and %s", p.Timeout, MaxWitnessTimeout)
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	if p.retry == 0 {
		p.retry = time.Second
	}
	return p, nil
}

// settleWitnesses takes the policy over.
func (n *Notary) settleWitnesses() error {
	if n.cfg.Witnesses == nil || n.cfg.Signer == nil || len(n.cfg.Witnesses.Witnesses) == 0 {
		return nil
	}
	var err error
	if n.policy, err = n.cfg.Witnesses.settle(); err != nil {
		return err
	}
	n.confirmed = true
	if n.cfg.Shared == nil {
		n.askWitnesses()
	}
	return nil
}

// askWitnesses makes those of the policy the witnesses of the log.
func (n *Notary) askWitnesses() {
	n.witnesses = nil
	w := Witnessing{Quorum: n.policy.Quorum, PublishAnyway: n.policy.PublishAnyway}
	for _, x := range n.policy.Witnesses {
		n.witnesses = append(n.witnesses, x.Key)
		w.Witnesses = append(w.Witnesses, WitnessStatus{Name: x.Key.Name(), URL: x.URL, Key: x.Key.String()})
	}
	n.witnessing.Store(&w)
}

// keys returns the keys of the witnesses that are asked.
func (w Witnessing) keys() (keys []*WitnessKey, err error) {
	for _, s := range w.Witnesses {
		k, bad := ParseWitnessKey(s.Key)
		err = errors.Join(err, bad)
		keys = append(keys, k)
	}
	return keys, err
}

// CheckWitnessURL refuses what is not the address of a witness.
func CheckWitnessURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("its address must be http:// or https:// with a host, and no name, query or fragment")
	}
	return nil
}

// WitnessStatus says how a witness answers.
type WitnessStatus struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Key  string `json:"key"`
	// Size is that of the largest checkpoint it cosigned, at CosignedAt by its
	// own clock; 0 for none since it is asked.
	Size       int64      `json:"size"`
	CosignedAt *time.Time `json:"cosignedAt,omitempty"`
	// Failing says what is wrong since the last cosignature, FailingSince since
	// when; empty while all is well.
	Failing      string     `json:"failing,omitempty"`
	FailingSince *time.Time `json:"failingSince,omitempty"`
	// OtherHistory tells that it refuses because it confirmed another history
	// under the log's name.
	OtherHistory bool `json:"otherHistory,omitempty"`
}

// Witnessing says how a log's witnesses answer.
type Witnessing struct {
	Quorum        int             `json:"quorum"`
	PublishAnyway bool            `json:"publishAnyway"`
	Witnesses     []WitnessStatus `json:"witnesses"`
	// Signed and Published are the sizes of the last checkpoint signed and of
	// the last shown. The latter has so many cosignatures.
	Signed    int64 `json:"signed"`
	Published int64 `json:"published"`
	Cosigned  int   `json:"cosigned"`
}

// Witnessing returns how the witnesses answer; false when the log has none.
// A log opened for reading knows it from the process that writes.
func (n *Notary) Witnessing() (Witnessing, bool) {
	w := n.witnessing.Load()
	if w == nil {
		return Witnessing{}, false
	}
	out := *w
	if s := n.signed.Load(); s != nil {
		out.Signed = s.Size
	}
	if h := n.head.Load(); h != nil {
		out.Published, out.Cosigned = h.Size, len(h.Cosigned)
	}
	return out, true
}
