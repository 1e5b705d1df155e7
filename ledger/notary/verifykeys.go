package notary

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// What a verification makes of keys: whose checkpoint it is, and what the
// copy's own keys file claims.

// claimedKey is a key that a copy's keys file names.
type claimedKey struct {
	id         ledger.KeyID
	checkpoint string // in C2SP form, when it is one of checkpoints
}

func (k claimedKey) String() string {
	if k.checkpoint != "" {
		return "checkpoint key " + k.checkpoint
	}
	return "event key " + string(k.id)
}

// openSigned opens the checkpoint: under the keys handed over, under those
// known from an earlier verification, or provisionally.
func (v *logVerification) openSigned(signed []byte) (Checkpoint, error) {
	c, err := v.cfg.Trust.Open(signed)
	if s := v.cfg.Since; errors.Is(err, ErrUnsigned) && s != nil && s.Keys != nil {
		c, err = v.cfg.Trust.Following(s.Keys).Open(signed)
	}
	if !errors.Is(err, ErrUnsigned) {
		return c, err
	}
	v.provisional = true
	c, err = Provisional(signed)
	if origin := v.cfg.Trust.Origin; err == nil && origin != "" && origin != c.Origin {
		err = fmt.Errorf("%w: it is of %q", ErrUnsigned, c.Origin)
	}
	return c, err
}

// signedByNow checks, once all events are followed, that a key signed the
// checkpoint which counts at its end.
func (v *logVerification) signedByNow() error {
	trust := v.cfg.Trust.Following(v.keys)
	if _, err := trust.Open(v.head.Note); err != nil {
		return &ledger.IntegrityError{What: err.Error()}
	}
	var err error
	if v.report.SignedBy, err = trust.SignedBy(v.head); err != nil {
		return err
	}
	_, err = v.cfg.Trust.Open(v.head.Note)
	v.report.Followed = err != nil
	return nil
}

// ownKeys checks that the copy's keys file is in its one spelling and asks
// nobody to trust more than the auditor does.
func (v *logVerification) ownKeys(raw []byte) error {
	own, err := ParseTrust(raw)
	if err != nil {
		return err
	}
	if own.Origin != v.head.Origin {
		return fmt.Errorf("it is of the ledger %q", own.Origin)
	}
	handed, err := v.cfg.Trust.handed()
	if err != nil {
		return err
	}
	for _, line := range own.Log {
		public, err := publicOf(line)
		if err != nil {
			return fmt.Errorf("checkpoint key %q: %w", line, err)
		}
		if slices.ContainsFunc(handed, func(k ed25519.PublicKey) bool { return k.Equal(public) }) {
			continue
		}
		id, err := ledger.KeyIDOf(public)
		if err != nil {
			return err
		}
		v.claimed = append(v.claimed, claimedKey{id, line})
	}
	known := map[ledger.KeyID]bool{}
	for _, k := range v.cfg.Trust.Events {
		id, err := ledger.KeyIDOf(k)
		if err != nil {
			return err
		}
		known[id] = true
	}
	for _, k := range own.Events {
		id, err := ledger.KeyIDOf(k)
		if err != nil {
			return err
		}
		if !known[id] {
			v.claimed = append(v.claimed, claimedKey{id: id})
		}
	}
	v.brought = true
	again, err := own.Marshal()
	if err != nil {
		return err
	}
	if !bytes.Equal(again, raw) {
		return errors.New("it is not in its one spelling")
	}
	return nil
}

// claimedKeys checks that the log enrols, as its own, the keys that the copy's
// keys file names beside the trusted ones.
func (v *logVerification) claimedKeys() error {
	if !v.brought {
		return nil
	}
	own := map[ledger.KeyID]domain.KeyPurpose{}
	for _, k := range v.keys.Keys() {
		own[k.ID] = k.Purpose
	}
	for _, k := range v.claimed {
		if p := own[k.id]; p == domain.KeyOfLedger || p == domain.KeyOfCheckpoints && k.checkpoint != "" {
			continue
		}
		if v.partial {
			v.report.NotChecked = append(v.report.NotChecked, fmt.Sprintf("whether the log enrols the %s, which the copy's keys file names", k))
			continue
		}
		return &ledger.IntegrityError{What: fmt.Sprintf("the copy's keys file: %s is not among the trusted, nor does the log enrol it", k)}
	}
	v.report.Checked = append(v.report.Checked, "the copy's own keys file, which names no key that is neither trusted nor enrolled by the log")
	return nil
}

// byWhom adds to what is wrong that nobody known answers for a provisional
// checkpoint, and how the key stands that signed it.
func (v *logVerification) byWhom(bad *ledger.IntegrityError) error {
	if !v.provisional {
		return bad
	}
	why := ErrUnsigned
	if s := v.cfg.Since; s != nil && s.Keys != nil {
		if _, err := v.cfg.Trust.Following(s.Keys).Open(v.head.Note); err != nil {
			why = err
		}
	}
	with := *bad
	with.What += "; its " + why.Error()
	return &with
}
