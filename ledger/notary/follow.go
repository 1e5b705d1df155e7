package notary

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/probity-ledger/probity/ledger"
)

// Following returns the trust of somebody who, beside the keys handed over,
// knows what the log says of keys: from a verification of its events, or from
// a saved one ([State]). What is signed over the first events of the log is
// then taken under each of the ledger's keys that counts there
// ([ledger.Trust.Covers]), whoever was handed it, and under no key that was
// retired or revoked by then. A key of checkpoints that was handed over, and of
// which the log says nothing, counts as before.
func (t Trust) Following(keys *ledger.Trust) Trust {
	t.followed = keys
	return t
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
			return nil, err
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

// publicOf returns the Ed25519 key of a checkpoint key in C2SP form.
func publicOf(vkey string) (ed25519.PublicKey, error) {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("checkpoint key %q: %w", vkey, err)
	}
	raw, err := strictBase64.DecodeString(vkey[strings.LastIndex(vkey[:len(v.Name())+10], "+")+1:])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize {
		return nil, fmt.Errorf("checkpoint key %q is malformed", vkey)
	}
	return raw[1:], nil
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
	c, err := provisional(signed)
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

// provisional reads a checkpoint whose signature is yet to be judged. One that
// nobody signed in its own name is refused.
func provisional(signed []byte) (Checkpoint, error) {
	if len(signed) > MaxCheckpoint {
		return Checkpoint{}, fmt.Errorf("checkpoint of %d bytes, at most %d are taken", len(signed), MaxCheckpoint)
	}
	_, err := note.Open(signed, note.VerifierList())
	unverified, ok := errors.AsType[*note.UnverifiedNoteError](err)
	if !ok {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	if !oneSpelling(signed, unverified.Note) {
		return Checkpoint{}, errors.New("checkpoint: signatures are not in their one spelling")
	}
	c, err := parseTreeHead(unverified.Note.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if !slices.ContainsFunc(unverified.Note.UnverifiedSigs, func(s note.Signature) bool { return s.Name == c.Origin }) {
		return Checkpoint{}, fmt.Errorf("%w: it is of %q", ErrUnsigned, c.Origin)
	}
	c.Note = signed
	return c, nil
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
