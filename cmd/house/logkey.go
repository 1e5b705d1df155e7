package house

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// logSignerOf returns what signs the checkpoints of a ledger that signs its
// events with this key: the key itself where it can, else that in notary.key.
// raw is the key file of signer.
func (h *House) logSignerOf(cfg Config, signer *ledger.Signer, raw []byte) (*ledger.Signer, error) {
	if _, ok := signer.Public().(ed25519.PublicKey); ok {
		return signer, nil
	}
	own, err := h.notarySigner(cfg, raw)
	if err != nil {
		return nil, err
	}
	state, err := h.KeyState(context.Background(), own.ID())
	if err == nil && state.KeyStanding().Ended {
		err = fmt.Errorf("the key in %s is %s: checkpoints that it signs would not verify; put back the key file that took its place", notaryKeyFile, state.Status)
	}
	return own, err
}

// signLogWith makes the log sign with another key from here on.
func (h *House) signLogWith(signer *ledger.Signer) error {
	trust, err := h.readLogTrust()
	if err != nil {
		return err
	}
	if err := h.Notary.UseSigner(signer); err != nil {
		return err
	}
	h.Trust, h.logSigner = trust, signer
	return nil
}

// RotateLogKey gives the log another key of checkpoints, where the ledger has
// one for them: it is enrolled, takes the place of notary.key, and the old one
// is retired. The old key file is kept beside it and named. After a crash, do
// it again.
func (h *House) RotateLogKey(ctx context.Context, by domain.ActorID) (next ledger.KeyID, kept string, err error) {
	old := h.logSigner
	if old.ID() == h.Recorder.Signer().ID() {
		return "", "", errors.New("the ledger's own key signs the checkpoints: rotate that one, with 'probity key new --ledger'")
	}
	path := filepath.Join(h.Dir, notaryKeyFile)
	waiting := path + ".next"
	raw, err := h.nextLogKey(waiting)
	if err != nil {
		return "", "", err
	}
	signer, err := readSigner(h.cfg, waiting)
	if err != nil {
		return "", "", err
	}
	if err := h.enrolOwn(ctx, old, domain.KeyOfCheckpoints, "", by); err != nil {
		return "", "", err
	}
	if err := h.enrolOwn(ctx, signer, domain.KeyOfCheckpoints, old.ID(), by); err != nil {
		return "", "", err
	}
	if err := h.addLogKey(signer); err != nil {
		return "", "", err
	}
	if old.ID() != signer.ID() {
		before, err := os.ReadFile(path)
		if err != nil {
			return "", "", fmt.Errorf("read the key of checkpoints: %w", err)
		}
		kept = path + "." + string(old.ID()[:16]) + ".old"
		if err := writeFile(kept, before, 0o600); err != nil {
			return "", "", err
		}
		if err := writeFile(path, raw, 0o600); err != nil {
			return "", "", err
		}
	}
	if err := h.signLogWith(signer); err != nil {
		return "", kept, err
	}
	if err := h.retireBefore(ctx, signer.ID(), by); err != nil {
		return signer.ID(), kept, err
	}
	if err := os.Remove(waiting); err != nil {
		return signer.ID(), kept, fmt.Errorf("remove %s: %w", waiting, err)
	}
	return signer.ID(), kept, syncDir(h.Dir)
}

// retireBefore retires the key that this one took the place of.
func (h *House) retireBefore(ctx context.Context, id ledger.KeyID, by domain.ActorID) error {
	state, err := h.KeyState(ctx, id)
	if err != nil || state.Succeeds == "" {
		return err
	}
	before := ledger.KeyID(state.Succeeds)
	was, err := h.KeyState(ctx, before)
	if err != nil || was.Status != key.StatusActive {
		return err
	}
	_, err = h.Recorder.Record(ctx, OnKey(before, key.Retire{Reason: "replaced by " + string(id)}, by, domain.RoleLeader))
	return err
}

// nextLogKey returns the key file that waits to take the place of notary.key,
// and makes it where there is none.
func (h *House) nextLogKey(waiting string) ([]byte, error) {
	raw, err := os.ReadFile(waiting)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return raw, err
	}
	present, err := os.ReadFile(filepath.Join(h.Dir, notaryKeyFile))
	if err != nil {
		return nil, fmt.Errorf("read the key of checkpoints: %w", err)
	}
	var passphrase []byte
	if ledger.KeyIsEncrypted(present) {
		if passphrase, err = h.cfg.Passphrase(false); err != nil {
			return nil, err
		}
	}
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err == nil {
		raw, err = ledger.MarshalKey(priv, passphrase)
	}
	if err != nil {
		return nil, err
	}
	return raw, writeFile(waiting, raw, 0o600)
}

// addLogKey adds a key to those by which the log of this folder is verified.
func (h *House) addLogKey(signer *ledger.Signer) error {
	vkey, err := notary.VerifierKey(h.Codec.Origin(), signer.Public())
	if err != nil {
		return err
	}
	path := filepath.Join(h.Dir, notaryPubFile)
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the key of checkpoints: %w", err)
	}
	own, err := notary.ParseTrustLines(raw)
	if err != nil {
		return fmt.Errorf("%s: %w; put it back from a backup", notaryPubFile, err)
	}
	out := []byte(vkey + "\n")
	for _, line := range own.Log {
		if line != vkey {
			out = append(out, line+"\n"...)
		}
	}
	return writeFile(path, out, 0o644)
}
