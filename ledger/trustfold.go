package ledger

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// fold follows what the event says about a key.
func (t *Trust) fold(c claim, by []KeyID) error {
	at := c.at
	k := t.keys[c.about]
	switch {
	case c.change.Enrols != nil:
		return t.enrol(c, k, by)
	case c.change.Ends && k == nil && t.partial:
	case c.change.Ends && k == nil:
		return c.fail("ends key %s, which is not on file", c.about)
	case c.change.Ends:
		if k.ended == Start {
			k.ended = at
		}
		if c.change.From > 0 {
			from := min(Position(c.change.From), at)
			if k.revoked {
				from = min(from, k.from)
			}
			k.revoked, k.from = true, from
		}
	case c.change.Vouches:
		return t.vouch(c, k, by)
	}
	return nil
}

func (t *Trust) enrol(c claim, k *standing, by []KeyID) error {
	switch {
	case k == nil:
		k = &standing{}
		t.keys[c.about] = k
	case k.enrolled != Start:
		return c.fail("enrols key %s again", c.about)
	case c.change.Enrols.Purpose != domain.KeyOfLedger:
		return c.fail("enrols a key of the ledger, %s, as that of a person or of checkpoints", c.about)
	}
	k.KeyEnrolment, k.enrolled = *c.change.Enrols, c.at
	k.sponsors = slices.DeleteFunc(slices.Clone(by), func(id KeyID) bool { return id == c.about })
	return nil
}

func (t *Trust) vouch(c claim, k *standing, by []KeyID) error {
	through := Position(c.change.Through)
	if t.partial {
		t.vouched = append(t.vouched, vouch{c.about, c.at, by, through})
		return nil
	}
	if k == nil || !k.revoked {
		return c.fail("vouches for key %s, which is not revoked", c.about)
	}
	history, found := t.historyAt(k, through)
	if !found {
		return c.fail("vouches for key %s up to position %s, where nothing it signed ends", c.about, through)
	}
	if digest := digestOf(history); digest != c.change.Digest {
		return c.fail("vouches for another history up to position %s: %s, here it is %s", through, c.change.Digest, digest)
	}
	t.vouched = append(t.vouched, vouch{c.about, c.at, by, through})
	return nil
}

// historyAt returns the history up to a position where a span of ledger keys
// ends, or where the author key signed.
func (t *Trust) historyAt(k *standing, p Position) (Hash, bool) {
	if i, found := slices.BinarySearchFunc(t.spans, p, func(s span, p Position) int { return cmp.Compare(s.last, p) }); found {
		return t.spans[i].history, true
	}
	if i, found := slices.BinarySearchFunc(k.authored, p, byPosition); found {
		return k.authored[i].history, true
	}
	return Hash{}, false
}

func byPosition(m mark, p Position) int { return cmp.Compare(m.at, p) }

func digestOf(h Hash) string { return "sha256:" + hex.EncodeToString(h[:]) }

// never is a position after all others.
const never = ^Position(0)

// void says from where a key never counted, and which revoked key is the
// cause.
type void struct {
	from  Position
	cause KeyID
}

// voids finds out for every key, those enrolled first before those that were
// enrolled on their word.
func (t *Trust) voids() map[KeyID]void {
	ids := slices.SortedFunc(maps.Keys(t.keys), func(a, b KeyID) int {
		return cmp.Or(cmp.Compare(t.keys[a].enrolled, t.keys[b].enrolled), cmp.Compare(a, b))
	})
	// A root stands by itself, whenever it was enrolled.
	slices.SortStableFunc(ids, func(a, b KeyID) int { return cmp.Compare(rank(t.keys[a]), rank(t.keys[b])) })
	out := make(map[KeyID]void, len(ids))
	for _, id := range ids {
		k := t.keys[id]
		v := void{never, id}
		if k.revoked {
			v.from = k.from
		}
		if !k.root && len(k.sponsors) > 0 {
			if word := latest(out, k.sponsors); k.enrolled >= word.from {
				v = void{min(v.from, k.enrolled), word.cause} // nobody whose word counts enrolled it
			}
		}
		out[id] = v
	}
	return out
}

func rank(k *standing) int {
	if k.root {
		return 0
	}
	return 1
}

// latest returns from where none of the keys counts, and why.
func latest(voids map[KeyID]void, keys []KeyID) (out void) {
	for _, id := range keys {
		if v := voids[id]; v.from >= out.from {
			out = v
		}
	}
	return out
}

// Doubt is a stretch of the log that no valid signature holds, because the
// keys that signed it turned out to be in the wrong hands.
type Doubt struct {
	// Key is the revoked key.
	Key KeyID `json:"key"`
	// From and Through are the first and last position.
	From    Position `json:"from,string"`
	Through Position `json:"through,string"`
	// Digest stands for the whole history up to Through: whoever has gone
	// through that vouches for it.
	Digest string `json:"digest"`
	// Author: a person's key is revoked, the ledger's own signature holds.
	Author bool `json:"author"`
}

// Doubts lists what is in doubt, in order, after the events followed so far.
func (t *Trust) Doubts() []Doubt {
	var doubts []Doubt
	var trusted []vouch
	voids := t.voids()
	for _, v := range t.vouched {
		if v.at < latest(voids, v.by).from {
			trusted = append(trusted, v)
		}
	}
	holds := func(key KeyID, through Position) bool {
		return slices.ContainsFunc(trusted, func(v vouch) bool { return v.key == key && through <= v.through })
	}
	before := -2 // the span last found in doubt
	for i, s := range t.spans {
		none := latest(voids, s.by)
		from, key := none.from, none.cause
		if s.last < from || holds(key, s.last) {
			continue
		}
		if before != i-1 || doubts[len(doubts)-1].Key != key {
			doubts = append(doubts, Doubt{Key: key, From: max(s.first, from)})
		}
		d := &doubts[len(doubts)-1]
		d.Through, d.Digest, before = s.last, digestOf(s.history), i
	}
	for id, k := range t.keys {
		i, _ := slices.BinarySearchFunc(k.authored, k.from, byPosition)
		if !k.revoked || i == len(k.authored) {
			continue
		}
		if last := k.authored[len(k.authored)-1]; !holds(id, last.at) {
			doubts = append(doubts, Doubt{Key: id, From: k.authored[i].at, Through: last.at, Digest: digestOf(last.history), Author: true})
		}
	}
	slices.SortFunc(doubts, func(a, b Doubt) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Key, b.Key))
	})
	return doubts
}

// Settle is asked after the last event: whether all that was signed still
// stands. The first event in doubt is an *IntegrityError.
func (t *Trust) Settle() error {
	doubts := t.Doubts()
	if len(doubts) == 0 {
		return nil
	}
	d := doubts[0]
	what := fmt.Sprintf("signed by no ledger key but %s", d.Key)
	if t.keys[d.Key].from > d.From || d.Author {
		what = "signed with key " + string(d.Key)
	}
	return &IntegrityError{Position: d.From, What: fmt.Sprintf(
		"%s, which is revoked from position %s on, and nobody vouches for it", what, t.keys[d.Key].from)}
}

// KeyReport is a key as a verification found it.
type KeyReport struct {
	ID        KeyID               `json:"id"`
	Algorithm domain.KeyAlgorithm `json:"algorithm"`
	Purpose   domain.KeyPurpose   `json:"purpose"`
	Holder    domain.ActorID      `json:"holder,omitempty"`
	// Root: it was trusted from the beginning.
	Root bool `json:"root"`
	// Positions of the events about it; 0 when there is none.
	Enrolled    Position `json:"enrolled,string"`
	Ended       Position `json:"ended,string"`
	Revoked     bool     `json:"revoked"`
	RevokedFrom Position `json:"revokedFrom,string"`
	Signatures  int      `json:"signatures"`
}

// Keys lists the keys met, those of the ledger first, in the order of their
// enrolment.
func (t *Trust) Keys() []KeyReport {
	var out []KeyReport
	for id, k := range t.keys {
		out = append(out, KeyReport{id, k.Algorithm, k.Purpose, k.Holder, k.root, k.enrolled, k.ended, k.revoked, k.from, k.signed})
	}
	slices.SortFunc(out, func(a, b KeyReport) int {
		return cmp.Or(-cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.Enrolled, b.Enrolled), cmp.Compare(a.ID, b.ID))
	})
	return out
}
