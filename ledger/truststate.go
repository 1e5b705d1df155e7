package ledger

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
)

// savedTrust is the JSON form of a Trust: what must be known of the events
// followed so far in order to follow those after them.
type savedTrust struct {
	History string         `json:"history"`
	Keys    []savedKey     `json:"keys"`
	Spans   []savedSpan    `json:"spans"`
	Vouched []savedVouched `json:"vouched,omitempty"`
}

type savedKey struct {
	ID        KeyID               `json:"id"`
	Algorithm domain.KeyAlgorithm `json:"algorithm"`
	PublicKey string              `json:"publicKey"`
	Purpose   domain.KeyPurpose   `json:"purpose"`
	Holder    domain.ActorID      `json:"holder,omitzero"`
	Root      bool                `json:"root,omitzero"`
	Enrolled  Position            `json:"enrolled,omitzero"`
	Ended     Position            `json:"ended,omitzero"`
	Revoked   bool                `json:"revoked,omitzero"`
	From      Position            `json:"from,omitzero"`
	Sponsors  []KeyID             `json:"sponsors,omitempty"`
	Authored  []savedMark         `json:"authored,omitempty"`
	Signed    int                 `json:"signed"`
}

type savedMark struct {
	At      Position `json:"at"`
	History string   `json:"history"`
}

type savedSpan struct {
	First   Position `json:"first"`
	Last    Position `json:"last"`
	By      []KeyID  `json:"by"`
	History string   `json:"history"`
	Alone   bool     `json:"alone,omitzero"`
}

type savedVouched struct {
	Key     KeyID    `json:"key"`
	At      Position `json:"at"`
	By      []KeyID  `json:"by"`
	Through Position `json:"through"`
}

// Save returns what the Trust knows, to go on from there another day with
// LoadTrust. Whoever can change the saved text decides whom to trust: keep it
// as safe as the root keys.
func (t *Trust) Save() ([]byte, error) {
	if t.partial {
		return nil, errors.New("save whom to trust: not every event was followed")
	}
	out := savedTrust{History: hex.EncodeToString(t.history[:])}
	ring := t.ring.Load()
	for _, r := range t.Keys() {
		k := t.keys[r.ID]
		public, err := EncodePublicKey(ring.keys[r.ID].public)
		if err != nil {
			return nil, fmt.Errorf("save whom to trust: %w", err)
		}
		saved := savedKey{r.ID, k.Algorithm, public, k.Purpose, k.Holder, k.root, k.enrolled, k.ended, k.revoked, k.from, k.sponsors, nil, k.signed}
		for _, m := range k.authored {
			saved.Authored = append(saved.Authored, savedMark{m.at, hex.EncodeToString(m.history[:])})
		}
		out.Keys = append(out.Keys, saved)
	}
	for _, s := range t.spans {
		out.Spans = append(out.Spans, savedSpan{s.first, s.last, s.by, hex.EncodeToString(s.history[:]), s.alone})
	}
	for _, v := range t.vouched {
		out.Vouched = append(out.Vouched, savedVouched{v.key, v.at, v.by, v.through})
	}
	return json.Marshal(out)
}

// SavedRoots returns the root keys with which what Save returned began.
func SavedRoots(raw []byte) (*Keyring, error) {
	var in savedTrust
	if err := json.Unmarshal(raw, &in, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("read whom to trust: %w", err)
	}
	roots := &Keyring{keys: map[KeyID]ringKey{}}
	for _, k := range in.Keys {
		if !k.Root {
			continue
		}
		key, err := enrolledKey(k.ID, domain.KeyEnrolment{Algorithm: k.Algorithm, PublicKey: k.PublicKey})
		if err != nil {
			return nil, fmt.Errorf("read whom to trust: %w", err)
		}
		roots.keys[k.ID] = key
	}
	return roots, nil
}

// LoadTrust takes up what Save returned. The roots must be those it began
// with: a key in one and not in the other is refused.
func LoadTrust(roots *Keyring, raw []byte) (*Trust, error) {
	var in savedTrust
	if err := json.Unmarshal(raw, &in, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("read whom to trust: %w", err)
	}
	t := NewTrust(roots)
	fresh := len(t.keys)
	for _, k := range in.Keys {
		e := domain.KeyEnrolment{Algorithm: k.Algorithm, PublicKey: k.PublicKey, Purpose: k.Purpose, Holder: k.Holder}
		if k.Root != roots.Has(k.ID) {
			return nil, fmt.Errorf("read whom to trust: key %s is a root in one and not in the other", k.ID)
		}
		if err := t.meet(k.ID, e); err != nil {
			return nil, fmt.Errorf("read whom to trust: %w", err)
		}
		if k.Root {
			fresh--
		}
		loaded := &standing{KeyEnrolment: e, root: k.Root, enrolled: k.Enrolled, ended: k.Ended, revoked: k.Revoked, from: k.From, sponsors: k.Sponsors, signed: k.Signed}
		for _, m := range k.Authored {
			h, err := parseHash(m.History)
			if err != nil {
				return nil, err
			}
			loaded.authored = append(loaded.authored, mark{m.At, h})
		}
		t.keys[k.ID] = loaded
	}
	if fresh != 0 {
		return nil, fmt.Errorf("read whom to trust: %d of the roots were not among those it began with", fresh)
	}
	for _, s := range in.Spans {
		h, err := parseHash(s.History)
		if err != nil {
			return nil, err
		}
		t.spans = append(t.spans, span{s.First, s.Last, s.By, h, s.Alone})
	}
	for _, v := range in.Vouched {
		t.vouched = append(t.vouched, vouch{v.Key, v.At, v.By, v.Through})
	}
	if err := t.soundSaved(); err != nil {
		return nil, err
	}
	var err error
	t.history, err = parseHash(in.History)
	return t, err
}

// soundSaved makes sure that every key that is spoken of is there, and that
// no key was enrolled on the word of a later one.
func (t *Trust) soundSaved() error {
	known := func(ids []KeyID) bool {
		for _, id := range ids {
			if t.keys[id] == nil {
				return false
			}
		}
		return len(ids) > 0
	}
	last := Start
	for _, s := range t.spans {
		if !known(s.by) || s.first <= last || s.last < s.first {
			return fmt.Errorf("read whom to trust: the span from position %s is not sound", s.first)
		}
		last = s.last
	}
	for _, v := range t.vouched {
		if !known(v.by) || t.keys[v.key] == nil {
			return fmt.Errorf("read whom to trust: what was vouched for at position %s is not sound", v.at)
		}
	}
	for id, k := range t.keys {
		for _, s := range k.sponsors {
			if sponsor := t.keys[s]; sponsor == nil || s == id || !sponsor.root && sponsor.enrolled >= k.enrolled {
				return fmt.Errorf("read whom to trust: key %s was enrolled on the word of one that is not sound", id)
			}
		}
	}
	return nil
}

func parseHash(s string) (h Hash, err error) {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(h) || !bytes.Equal([]byte(hex.EncodeToString(raw)), []byte(s)) {
		return h, fmt.Errorf("read whom to trust: %q is not a SHA-256 in hex", s)
	}
	return Hash(raw), nil
}
