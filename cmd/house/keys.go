package house

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
)

// NextKeyFile is where a new key of the ledger lies until it is enrolled and
// takes the old one's place.
const NextKeyFile = keyFile + ".next"

// KeyState returns what is recorded about a key.
func (h *House) KeyState(ctx context.Context, id ledger.KeyID) (key.Key, error) {
	state := key.Room.NewState()
	for s, err := range h.Store.ReadStream(ctx, domain.KeyID(id).Ref().Stream(), 0) {
		if err != nil {
			return key.Key{}, fmt.Errorf("read about key %s: %w", id, err)
		}
		d, err := h.Codec.Decode(s)
		if err != nil {
			return key.Key{}, err
		}
		key.Room.Apply(state, d.Event, d.Act)
	}
	return *state.(*key.Key), nil
}

// Enrolment is the command that puts a public key on file.
func Enrolment(s *ledger.Signer, purpose domain.KeyPurpose, holder domain.ActorID, succeeds ledger.KeyID) (key.Enroll, error) {
	alg, err := ledger.AlgorithmOf(s.Public())
	if err != nil {
		return key.Enroll{}, err
	}
	public, err := ledger.EncodePublicKey(s.Public())
	return key.Enroll{Algorithm: alg, PublicKey: public, Purpose: purpose, Holder: holder, Succeeds: domain.KeyID(succeeds)}, err
}

// OnKey addresses a command to a key.
func OnKey(id ledger.KeyID, c domain.Command, by domain.ActorID, role domain.Role) domain.Instruction {
	return domain.Instruction{ID: uuid.NewString(), Command: c, Act: domain.Act{Subject: string(id), Actor: by, Role: role}}
}

// EnrolLedgerKey puts another key of the ledger on file, by an event that the
// present key and the new one sign; raw is its key file. The present key is put on file first
// where it is not, so that it can be retired one day; where the new key is of a
// kind that cannot sign checkpoints, that of the log as well. It does nothing
// when they are on file and count.
func (h *House) EnrolLedgerKey(ctx context.Context, next *ledger.Signer, raw []byte, by domain.ActorID) error {
	now := h.Recorder.Signer()
	if err := h.enrolOwn(ctx, now, domain.KeyOfLedger, "", by); err != nil {
		return err
	}
	if err := h.enrolOwn(ctx, next, domain.KeyOfLedger, now.ID(), by); err != nil {
		return err
	}
	log, err := h.logSignerOf(h.cfg, next, raw)
	if err != nil || log == next {
		return err
	}
	return h.enrolOwn(ctx, log, domain.KeyOfCheckpoints, "", by)
}

// enrolOwn puts a key of the ledger's own on file, unless it is.
func (h *House) enrolOwn(ctx context.Context, s *ledger.Signer, purpose domain.KeyPurpose, succeeds ledger.KeyID, by domain.ActorID) error {
	state, err := h.KeyState(ctx, s.ID())
	if err != nil {
		return err
	}
	switch {
	case state.Status == key.StatusActive && state.Purpose == purpose:
		return nil
	case state.Status != key.StatusUnknown:
		return fmt.Errorf("key %s is on file, but it is %s and of purpose %s: make a new one", s.ID(), state.Status, state.Purpose)
	}
	if succeeds == s.ID() {
		succeeds = ""
	}
	c, err := Enrolment(s, purpose, "", succeeds)
	if err != nil {
		return err
	}
	if _, err := h.Recorder.RecordSigned(ctx, OnKey(s.ID(), c, by, domain.RoleLeader), s); err != nil {
		return fmt.Errorf("enrol key %s: %w", s.ID(), err)
	}
	return nil
}

// UseLedgerKey makes the ledger sign with a key that is on file; raw is its
// key file. The old key file is kept beside it and named. A crash on the way
// leaves a ledger that signs with one of the two, both of which verify; doing
// it again completes it.
func (h *House) UseLedgerKey(ctx context.Context, next *ledger.Signer, raw []byte) (kept string, err error) {
	old := h.Recorder.Signer()
	state, err := h.KeyState(ctx, next.ID())
	if err != nil {
		return "", err
	}
	if state.Status != key.StatusActive || state.Purpose != domain.KeyOfLedger {
		return "", fmt.Errorf("key %s is not enrolled as a key of the ledger that counts", next.ID())
	}
	if next.ID() == old.ID() {
		return "", h.dropNext()
	}
	if err := h.addPublicKey(next); err != nil {
		return "", err
	}
	path := filepath.Join(h.Dir, keyFile)
	before, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the key file: %w", err)
	}
	kept = path + "." + string(old.ID()[:16]) + ".old"
	if err := writeFile(kept, before, 0o600); err != nil {
		return "", err
	}
	if err := writeFile(path, raw, 0o600); err != nil {
		return "", err
	}
	h.Recorder, h.signer = h.Recorder.WithSigner(next), next
	log, err := h.logSignerOf(h.cfg, next, raw)
	if err == nil {
		err = h.signLogWith(log)
	}
	return kept, errors.Join(err, h.dropNext())
}

// addPublicKey adds a key to those by which the folder is verified.
func (h *House) addPublicKey(next *ledger.Signer) error {
	path := filepath.Join(h.Dir, pubFile)
	keys, err := ReadPublicKeys(path)
	if err != nil {
		return err
	}
	if h.Keys.Has(next.ID()) {
		return nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the public keys: %w", err)
	}
	if !bytes.HasSuffix(raw, []byte("\n")) {
		raw = append(raw, '\n')
	}
	pem, err := ledger.MarshalPublicKey(next.Public())
	if err != nil {
		return err
	}
	if err := writeFile(path, append(raw, pem...), 0o644); err != nil {
		return err
	}
	h.publics = append(keys, next.Public())
	h.Keys, err = ledger.NewKeyring(h.publics...)
	return err
}

// dropNext removes the file of a new key once it has taken its place. One
// that holds another key is left alone.
func (h *House) dropNext() error {
	path := filepath.Join(h.Dir, NextKeyFile)
	now, err := os.ReadFile(filepath.Join(h.Dir, keyFile))
	if err != nil {
		return fmt.Errorf("read the key file: %w", err)
	}
	waiting, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && string(waiting) != string(now) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("remove %s: %w", path, err)
	}
	return syncDir(h.Dir)
}

// WriteNewFile writes a small file that may not exist yet, so that a crash
// leaves nothing or all of it.
func WriteNewFile(path string, raw []byte, mode os.FileMode) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s exists already and is not overwritten: %w", path, os.ErrExist)
	}
	return writeFile(path, raw, mode)
}

// checkSigner refuses to sign with a key that counts no longer.
func (h *House) checkSigner(ctx context.Context, s *ledger.Signer) error {
	if !h.Keys.Has(s.ID()) {
		return fmt.Errorf("the key in %s is not among the public keys in %s: what it signs would not verify; put the two files back that belong together", keyFile, pubFile)
	}
	state, err := h.KeyState(ctx, s.ID())
	if err == nil && state.KeyStanding().Ended {
		err = fmt.Errorf("the key in %s is %s: what it signs would not verify; put back the key file that took its place", keyFile, state.Status)
	}
	return err
}
