package notary

import (
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// Following returns the trust of somebody who, beside the keys handed over,
// knows what the log says of keys: from a verification of its events, or from
// a saved one ([State]). What is signed over the first events of the log is
// then taken under each of the ledger's keys that counts there
// ([ledger.Trust.Covers]), whoever was handed it, and under no key that was
// retired or revoked by then. A key of checkpoints that was handed over, and of
// which the log says nothing, counts as before. Its events are those under any
// key of the ledger that the log names.
func (t Trust) Following(keys *ledger.Trust) Trust {
	t.followed = keys
	handed := len(t.Events)
	for _, k := range keys.Keys() {
		public := keys.Public(k.ID)
		if k.Purpose == domain.KeyOfLedger && !slices.ContainsFunc(t.Events[:handed], func(p crypto.PublicKey) bool { return sameKey(p, public) }) {
			t.Events = append(slices.Clip(t.Events), public)
		}
	}
	return t
}

// sameKey compares public keys.
func sameKey(a, b crypto.PublicKey) bool {
	comparable, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && comparable.Equal(b)
}

// candidate is a key that may sign checkpoints, and why it does not where it
// does not count.
type candidate struct {
	public ed25519.PublicKey
	why    error
}

// handed returns the keys of checkpoints handed over.
func (t Trust) handed() ([]ed25519.PublicKey, error) {
	var out []ed25519.PublicKey
	for _, line := range t.Log {
		public, err := publicOf(line)
		if err != nil {
			return nil, fmt.Errorf("checkpoint key %q: %w", line, err)
		}
		out = append(out, public)
	}
	if len(t.Log) == 0 {
		for _, k := range t.Events {
			if ed, ok := k.(ed25519.PublicKey); ok {
				out = append(out, ed)
			}
		}
	}
	return out, nil
}

// candidates lists the keys that sign checkpoints over the first size events,
// and those that do not, or no longer.
func (t Trust) candidates(size int64) ([]candidate, error) {
	handed, err := t.handed()
	if err != nil {
		return nil, err
	}
	var out []candidate
	for _, public := range handed {
		id, err := ledger.KeyIDOf(public)
		if err != nil {
			return nil, err
		}
		if t.followed == nil || !t.followed.Knows(id) {
			out = append(out, candidate{public: public})
		}
	}
	if t.followed == nil {
		return out, nil
	}
	for _, k := range t.followed.Keys() {
		if public, ok := t.followed.Public(k.ID).(ed25519.PublicKey); ok {
			out = append(out, candidate{public, t.followed.Covers(k.ID, ledger.Position(size))})
		}
	}
	return out, nil
}

// verifiers makes the verifiers, under a name, of the candidates that pass.
func verifiers(name string, from []candidate, pass func(candidate) bool) ([]note.Verifier, error) {
	var out []note.Verifier
	for _, c := range from {
		if !pass(c) {
			continue
		}
		vkey, err := VerifierKey(name, c.public)
		if err != nil {
			return nil, err
		}
		v, err := note.NewVerifier(vkey)
		if err != nil {
			return nil, err
		}
		out = append(withoutKey(out, v), v)
	}
	return out, nil
}

func counts(c candidate) bool { return c.why == nil }

// openFollowed checks a checkpoint by what the log says of keys.
func (t Trust) openFollowed(signed []byte) (Checkpoint, error) {
	c, err := Provisional(signed)
	if err != nil {
		return Checkpoint{}, err
	}
	if t.Origin != "" && t.Origin != c.Origin {
		return Checkpoint{}, fmt.Errorf("%w: it is of %q", ErrUnsigned, c.Origin)
	}
	all, err := t.candidates(c.Size)
	if err != nil {
		return Checkpoint{}, err
	}
	keys, err := verifiers(c.Origin, all, counts)
	if err != nil {
		return Checkpoint{}, err
	}
	opened, err := OpenCheckpoint(signed, keys)
	if errors.Is(err, ErrUnsigned) {
		return Checkpoint{}, t.stranger(signed, c, all)
	}
	return opened, err
}

// stranger says which key signed a checkpoint that no key that counts signed,
// and how it stands.
func (t Trust) stranger(signed []byte, c Checkpoint, all []candidate) error {
	for _, k := range all {
		only, err := verifiers(c.Origin, []candidate{k}, func(c candidate) bool { return !counts(c) })
		if err != nil {
			return err
		}
		if _, err := OpenCheckpoint(signed, only); err == nil {
			return fmt.Errorf("%w: it is signed by %w", ErrUnsigned, k.why)
		}
	}
	return fmt.Errorf("%w, nor by one that the log enrols", ErrUnsigned)
}

// Provisional reads a checkpoint whose signature is yet to be judged: nothing
// in it is to be relied on before. One that nobody signed in its own name is
// refused.
func Provisional(signed []byte) (Checkpoint, error) {
	if len(signed) > MaxCheckpoint {
		return Checkpoint{}, fmt.Errorf("checkpoint of %d bytes, at most %d are taken", len(signed), MaxCheckpoint)
	}
	text, by, err := unverified(signed)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	c, err := parseTreeHead(text)
	if err != nil {
		return Checkpoint{}, err
	}
	if !slices.Contains(by, c.Origin) {
		return Checkpoint{}, fmt.Errorf("%w: it is of %q", ErrUnsigned, c.Origin)
	}
	c.Note = signed
	return c, nil
}

// ProvisionalNote reads the text of a note of that name whose signature is yet
// to be judged, as Provisional does.
func ProvisionalNote(signed []byte, name string) (string, error) {
	if len(signed) > MaxCheckpoint {
		return "", fmt.Errorf("note of %d bytes, at most %d are taken", len(signed), MaxCheckpoint)
	}
	text, by, err := unverified(signed)
	if err == nil && (!slices.Contains(by, name) || !strings.HasPrefix(text, name+"\n")) {
		err = ErrUnsigned
	}
	if err != nil {
		return "", fmt.Errorf("note of %s: %w", name, err)
	}
	return text, nil
}

// unverified returns the text of a note in its one spelling, and in whose
// names it says to be signed.
func unverified(signed []byte) (text string, by []string, err error) {
	_, err = note.Open(signed, note.VerifierList())
	found, ok := errors.AsType[*note.UnverifiedNoteError](err)
	if !ok {
		return "", nil, err
	}
	if !oneSpelling(signed, found.Note) {
		return "", nil, errors.New("signatures are not in their one spelling")
	}
	for _, s := range found.Note.UnverifiedSigs {
		by = append(by, s.Name)
	}
	return found.Note.Text, by, nil
}

// SignedBy tells which of the keys that count signed a checkpoint that was
// opened under this trust.
func (t Trust) SignedBy(c Checkpoint) ([]ledger.KeyID, error) {
	all, err := t.candidates(c.Size)
	if err != nil {
		return nil, err
	}
	var out []ledger.KeyID
	for _, k := range all {
		only, err := verifiers(c.Origin, []candidate{k}, counts)
		if err != nil {
			return nil, err
		}
		if _, err := OpenCheckpoint(c.Note, only); err != nil {
			continue
		}
		id, err := ledger.KeyIDOf(k.public)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	slices.Sort(out)
	return out, nil
}

// NamedOver returns the keys of checkpoints under another name, with which
// the same keys sign other notes about the first size events. By what is
// followed, a key counts that counts there or at the end: such a note may be
// signed later than the checkpoint it belongs to.
func (t Trust) NamedOver(name string, size int64) ([]note.Verifier, error) {
	there, err := t.candidates(size)
	if err != nil {
		return nil, err
	}
	now, err := t.candidates(maxSize)
	if err != nil {
		return nil, err
	}
	return verifiers(name, append(there, now...), counts)
}

// Counts tells whether what a ledger key signs beside a checkpoint over size
// events counts, as NamedOver has it; if not, how the key stands. Without
// anything followed every key counts that was handed over.
func (t Trust) Counts(id ledger.KeyID, size int64) error {
	if t.followed == nil || !t.followed.Knows(id) || t.followed.Covers(id, maxSize) == nil {
		return nil
	}
	if err := t.followed.Covers(id, ledger.Position(size)); err != nil {
		return fmt.Errorf("it is signed by %w", err)
	}
	return nil
}

// maxSize is beyond every log.
const maxSize = 1<<63 - 1

// Current returns the keys of checkpoints that count now, in C2SP form: those
// handed over, and by what is followed those that count at the end. Origin
// must be known. It is what a witness holds of a ledger.
func (t Trust) Current() ([]string, error) {
	all, err := t.candidates(maxSize)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, k := range all {
		vkey, err := VerifierKey(t.Origin, k.public)
		if err != nil {
			return nil, err
		}
		if counts(k) && !slices.Contains(out, vkey) {
			out = append(out, vkey)
		}
	}
	if len(out) == 0 {
		return nil, errNoCheckpointKey
	}
	return out, nil
}
