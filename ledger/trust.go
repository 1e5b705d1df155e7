package ledger

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/probity-ledger/probity/domain"
)

// Trust says whose signatures count, by the order of the log. It begins with
// the ledger keys that somebody trusts (the roots) and follows the events
// about keys, in order:
//
//   - A ledger key enrolled by an event that a valid ledger key signed counts
//     for what comes after that event. So a ledger goes on through any number
//     of rotations, and its first public key is enough to verify it.
//   - An author key counts for events of which its holder is the actor.
//   - A key of checkpoints counts for no event; see Covers.
//   - The enrolment is signed by the enrolled key too: whoever enrols it has it.
//   - A retired or revoked key counts for nothing after the event that says so.
//   - A key revoked from an earlier position never counted from there on. What
//     it alone signed there is in doubt until somebody else vouches for it; a
//     ledger key enrolled on its word alone has none of its own, unless it is
//     a root.
//
// No clock has a say in any of this.
//
// Positions are places in the log here: 1 is that of the first event. So they
// are the same in a copy; the positions of a store without gaps are these.
//
// Feed it every event from the first, with Follow, and ask Settle at the end.
// Both are for one goroutine; examine may run in others meanwhile.
type Trust struct {
	// ring holds every key met, to see whether signatures fit; whether they
	// count is another question. It is replaced, never changed.
	ring atomic.Pointer[Keyring]
	grow sync.Mutex // held while replacing ring

	keys    map[KeyID]*standing
	spans   []span
	vouched []vouch
	history Hash // of all payloads so far, in order
	// partial: not every event is fed. What is said of keys that were enrolled
	// elsewhere is left unjudged, and vouching is taken at its word.
	partial  bool
	unjudged int // signatures by keys not known
}

// standing is how a key stands.
type standing struct {
	domain.KeyEnrolment
	root     bool
	enrolled Position // of its enrolment; Start when there was none
	ended    Position // of the event that ended it; Start while it counts
	revoked  bool
	from     Position // first position at which it never counted
	sponsors []KeyID  // the ledger keys on whose word it was enrolled
	authored []mark   // what it signed as an author
	signed   int
}

// mark is a place in the log and the history up to there.
type mark struct {
	at      Position
	history Hash
}

// span is a stretch of events signed by the same ledger keys.
type span struct {
	first, last Position
	by          []KeyID
	history     Hash // at its end
	// alone: an event about a key, in a span of its own, so that spans end at
	// the same places whichever keys are roots.
	alone bool
}

// vouch is an event by which what a revoked key signed stands.
type vouch struct {
	key     KeyID
	at      Position
	by      []KeyID
	through Position
}

// NewTrust begins with the root keys.
func NewTrust(roots *Keyring) *Trust {
	t := &Trust{keys: map[KeyID]*standing{}}
	for id, k := range roots.keys {
		t.keys[id] = &standing{root: true, KeyEnrolment: domain.KeyEnrolment{Purpose: domain.KeyOfLedger, Algorithm: k.algorithm}}
	}
	t.ring.Store(roots)
	return t
}

// NewPartialTrust begins with the root keys and is fed with part of the events
// only. It knows no key that was enrolled by an event it is not fed: a
// signature by such a key is left unjudged where a known ledger key signed as
// well, and does not suffice where none did.
func NewPartialTrust(roots *Keyring) *Trust {
	t := NewTrust(roots)
	t.partial = true
	return t
}

// ErrUnknownKey: an event is signed by no key that a partial Trust knows,
// which is no sign that anything is wrong.
var ErrUnknownKey = errors.New("which is not among the keys given, nor enrolled by the events at hand: give that key too, or go on from a file saved by a verification")

// Unjudged counts the signatures by keys that a partial Trust does not know.
func (t *Trust) Unjudged() int { return t.unjudged }

// claim is what an event claims: what must be known of it to judge whether
// its signatures count.
type claim struct {
	place  IntegrityError // without What
	at     Position       // place in the log
	actor  domain.ActorID
	about  KeyID // the key that change is about
	change domain.KeyChange
	sigs   []Signature
	// payload of an event of which a signature is by a key not met yet; nil
	// when all signatures fit.
	payload []byte
}

func (c *claim) fail(format string, args ...any) error {
	err := c.place
	err.What = fmt.Sprintf(format, args...)
	return &err
}

// claimOf takes down what the event claims, and meets the key that it enrols.
func (t *Trust) claimOf(d Decoded) (claim, error) {
	c := claim{
		place: IntegrityError{Position: d.Position, Stream: d.Stream, Revision: Revision(d.Revision)},
		at:    d.Position, actor: d.Act.Actor, sigs: d.Signatures, payload: d.Payload,
	}
	changer, ok := d.Event.(domain.KeyChanger)
	if !ok {
		return c, nil
	}
	c.about, c.change = KeyID(d.Act.Subject), changer.KeyChange()
	if c.change.Enrols != nil {
		if err := t.meet(c.about, *c.change.Enrols); err != nil {
			return c, c.fail("%v", err)
		}
	}
	return c, nil
}

// examine checks that the event's signatures fit. One by a key not met yet
// is left to admit. It is safe for concurrent use.
func (t *Trust) examine(d Decoded) (claim, error) {
	c, err := t.claimOf(d)
	if err != nil {
		return c, err
	}
	ring := t.ring.Load()
	for _, s := range c.sigs {
		if !ring.Has(s.KeyID) {
			return c, nil
		}
	}
	if err := ring.Verify(Envelope{c.payload, c.sigs}); err != nil {
		return c, c.fail("%v", err)
	}
	c.payload = nil
	return c, nil
}

// meet puts an enrolled key on the ring.
func (t *Trust) meet(id KeyID, e domain.KeyEnrolment) error {
	if t.ring.Load().Has(id) {
		return nil
	}
	key, err := enrolledKey(id, e)
	if err != nil {
		return err
	}
	t.grow.Lock()
	defer t.grow.Unlock()
	grown := &Keyring{maps.Clone(t.ring.Load().keys)}
	grown.keys[id] = key
	t.ring.Store(grown)
	return nil
}

// enrolledKey loads the public key of an enrolment.
func enrolledKey(id KeyID, e domain.KeyEnrolment) (ringKey, error) {
	der, err := base64.StdEncoding.Strict().DecodeString(e.PublicKey)
	if err != nil {
		return ringKey{}, fmt.Errorf("enrols key %s, which is not in base64", id)
	}
	pub, err := parsePublicDER(der)
	if err != nil {
		return ringKey{}, fmt.Errorf("enrols key %s, which cannot be read: %w", id, err)
	}
	is, key, err := loadRingKey(pub)
	switch {
	case err != nil:
		return ringKey{}, fmt.Errorf("enrols key %s: %w", id, err)
	case is != id:
		return ringKey{}, fmt.Errorf("enrols key %s under the id %s", is, id)
	case key.algorithm != e.Algorithm:
		return ringKey{}, fmt.Errorf("enrols key %s as %s, but it is %s", id, e.Algorithm, key.algorithm)
	}
	return key, nil
}

// Follow judges the next event of the log: that every signature fits and
// counts here. What does not comes as an *IntegrityError.
func (t *Trust) Follow(d Decoded) error {
	c, err := t.examine(d)
	if err != nil {
		return err
	}
	return t.admit(c, HashPayload(d.Payload))
}

// admit judges the next event in order, and folds what it says about keys.
// hash is that of its payload.
func (t *Trust) admit(c claim, hash Hash) error {
	if err := t.late(&c); err != nil {
		return err
	}
	by, err := t.judge(c)
	if err != nil {
		return err
	}
	var both [2 * sha256.Size]byte
	copy(both[:], t.history[:])
	copy(both[sha256.Size:], hash[:])
	t.history = sha256.Sum256(both[:])
	if n := len(t.spans); n > 0 && c.about == "" && !t.spans[n-1].alone && slices.Equal(t.spans[n-1].by, by) {
		t.spans[n-1].last, t.spans[n-1].history = c.at, t.history
	} else {
		t.spans = append(t.spans, span{c.at, c.at, by, t.history, c.about != ""})
	}
	if len(c.sigs) > len(by) {
		for _, s := range c.sigs {
			if k := t.keys[s.KeyID]; k != nil && k.Purpose == domain.KeyOfAuthor {
				k.authored = append(k.authored, mark{c.at, t.history})
			}
		}
	}
	return t.fold(c, by)
}

// late checks the signatures of an event that bears one by a key not met when
// it was examined: enrolled meanwhile, or a stranger's.
func (t *Trust) late(c *claim) error {
	if c.payload == nil {
		return nil
	}
	ring, env := t.ring.Load(), Envelope{c.payload, c.sigs}
	if !t.partial {
		if err := ring.Verify(env); err != nil {
			return c.fail("%v", err)
		}
		return nil
	}
	unknown, err := ring.VerifyKnown(env)
	if len(unknown) == len(c.sigs) {
		return fmt.Errorf("the event at %s is signed by key %s alone, %w", c.at, unknown[0], ErrUnknownKey)
	}
	if err != nil {
		return c.fail("%v", err)
	}
	t.unjudged += len(unknown)
	c.sigs = slices.DeleteFunc(slices.Clone(c.sigs), func(s Signature) bool { return slices.Contains(unknown, s.KeyID) })
	return nil
}

// judge returns the ledger keys that signed the event, at least one; the
// first signature that does not count is an error.
func (t *Trust) judge(c claim) ([]KeyID, error) {
	var by []KeyID
	proven := c.change.Enrols == nil
	if n := len(t.spans); n > 0 && len(c.sigs) == 1 && proven && len(t.spans[n-1].by) == 1 && t.spans[n-1].by[0] == c.sigs[0].KeyID {
		by = t.spans[n-1].by[:0:1] // what almost every event is: signed as the one before
	}
	for _, s := range c.sigs {
		k := t.keys[s.KeyID]
		if c.change.Enrols != nil && s.KeyID == c.about {
			proven = true
			if k == nil {
				continue
			}
		}
		switch {
		case k == nil:
			return nil, c.fail("signed by key %s, which is not enrolled here yet", s.KeyID)
		case k.ended != Start:
			return nil, c.fail("signed by key %s, which was %s at position %s", s.KeyID, k.end(), k.ended)
		case k.Purpose == domain.KeyOfLedger:
			by = append(by, s.KeyID)
		case k.Purpose == domain.KeyOfCheckpoints:
			return nil, c.fail("signed by key %s, which is for checkpoints and no event", s.KeyID)
		case k.Holder != c.actor:
			return nil, c.fail("signed by key %s, which is held by %s and not by %s, who acted", s.KeyID, k.Holder, c.actor)
		}
		k.signed++
	}
	switch {
	case len(by) == 0:
		return nil, c.fail("not signed by any ledger key")
	case !proven:
		return nil, c.fail("enrols key %s without a signature by it", c.about)
	}
	return by, nil
}

func (k *standing) end() string {
	if k.revoked {
		return "revoked"
	}
	return "retired"
}
