package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/seal"
)

const putBack = "put the key file back from its backup (docs/keys.md)"

// keys looks at the keys that sign events and checkpoints.
func keys(ctx context.Context, p *Patient, f *Findings) {
	if p.open(ctx, f) == nil {
		return
	}
	p.signingKey(ctx, f, "ledger.key", "sign in the ledger's name")
	if path := filepath.Join(p.Dir, "notary.key"); exists(path) {
		f.About("log key")
		p.signingKey(ctx, f, "notary.key", "sign checkpoints in the ledger's name")
	}
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// signingKey looks whether a key can be used, and whether it counts.
func (p *Patient) signingKey(ctx context.Context, f *Findings, name, canDo string) {
	path := filepath.Join(p.Dir, name)
	raw, err := os.ReadFile(path)
	if err != nil {
		f.Fail(putBack, fmt.Errorf("the key cannot be read: %w", err))
		return
	}
	signer, kept := p.signer(ctx, f, path, raw, canDo)
	if signer == nil {
		return
	}
	if err := signer.SelfTest(); err != nil {
		f.Fail(putBack, fmt.Errorf("%s: %w", path, err))
		return
	}
	p.standing(ctx, f, path, signer, kept)
}

// signer opens a key, and tells how it is kept. It is nil where that failed,
// or was not tried.
func (p *Patient) signer(ctx context.Context, f *Findings, path string, raw []byte, canDo string) (signer *ledger.Signer, kept string) {
	var passphrase []byte
	kept = "not encrypted"
	switch {
	case house.IsKMS(string(raw)):
		s, err := house.OpenKMS(ctx, string(raw))
		if err != nil {
			f.Fail("nothing can be recorded until it is reached: look at the service, its plugin and this machine's rights there", err)
			return nil, ""
		}
		return s, "in a key management service, which is reached"
	case ledger.KeyIsEncrypted(raw):
		kept = "encrypted"
		var err error
		if passphrase, err = p.Passphrase(); err != nil {
			f.OK("%s", kept)
			f.NotRun("try it: %v", err)
			return nil, ""
		}
	default:
		f.Warn("encrypt it, or keep it in a key management service (docs/keys.md)", "%s is not encrypted: whoever can read it can %s", path, canDo)
	}
	priv, err := ledger.ParseKey(raw, passphrase)
	if err == nil {
		signer, err = ledger.NewSigner(priv)
	}
	if err != nil {
		mend := putBack
		if errors.Is(err, ledger.ErrPassphrase) {
			mend = "the passphrase is not the one of this key: set passphrase-file or PROBITY_PASSPHRASE to the one that is"
		}
		f.Fail(mend, fmt.Errorf("%s: %w", path, err))
		return nil, ""
	}
	return signer, kept
}

// standing looks at what is recorded about a key.
func (p *Patient) standing(ctx context.Context, f *Findings, path string, signer *ledger.Signer, kept string) {
	h, err := p.ledger(ctx)
	if err != nil {
		return
	}
	state, err := h.KeyState(ctx, signer.ID())
	if err != nil {
		f.Fail("", err)
		return
	}
	short := string(signer.ID())[:16]
	switch state.Status {
	case key.StatusActive:
		f.OK("%s, and %s… is enrolled and counts", kept, short)
	case key.StatusRetired, key.StatusRevoked:
		f.Fail("put back the key file that took its place, or enrol another (docs/keys.md)", fmt.Errorf("the key in %s is %s: %s", path, state.Status, state.Reason))
	case key.StatusUnknown:
		if !ofTheFirst(h, signer) {
			f.Fail(putBack+"; a new key takes its place by 'probity key new --ledger'", fmt.Errorf("the key in %s is not one of this ledger's: no event enrols it, and it is not among the public keys in the folder", path))
			return
		}
		f.OK("%s, and %s… is one of the first, which no event enrols", kept, short)
	}
}

// ofTheFirst tells whether a key is one that an auditor begins with.
func ofTheFirst(h *house.House, s *ledger.Signer) bool {
	if h.Keys.Has(s.ID()) {
		return true
	}
	vkey, err := notary.VerifierKey(h.Codec.Origin(), s.Public())
	return err == nil && slices.Contains(h.Trust.Log, vkey)
}

// sealed looks at what opens the identities of reporters.
func sealed(ctx context.Context, p *Patient, f *Findings) {
	h := p.open(ctx, f)
	if h == nil {
		return
	}
	s, err := h.SealState(ctx)
	if s == nil && err == nil {
		return // nothing was ever sealed
	}
	if err != nil {
		f.Fail("", err)
		return
	}
	if s.Shared {
		f.OK("identities that can be opened: %d, by keys in the PostgreSQL that replicas share; its backups hold them (docs/replicas.md)", s.Keys)
	} else {
		f.OK("identities that can be opened: %d; back the vault up apart (docs/sealed.md)", s.Keys)
	}
	if s.Remains > 0 {
		f.Warn("end what has a transaction open in the database; whoever leads tries again each minute (docs/replicas.md)",
			"erased, and nobody finds them any more, but a file of the PostgreSQL may hold them still: %d keys, the first since %s", s.Remains, s.Since.UTC().Format(time.RFC3339))
	}
	if s.Plain {
		f.Warn("begin anew with an encrypted key where that is still possible (docs/sealed.md)", "%s is not encrypted: whoever can read it and the vault can open every identity", s.Path)
	}
	if info, err := os.Stat(s.Path); err == nil && info.Mode().Perm()&0o077 != 0 {
		f.Fail("chmod 600 "+s.Path, fmt.Errorf("others may read %s (mode %v)", s.Path, info.Mode().Perm()))
	}
	p.sealKey(f, s.Path)
}

// sealKey tries the master key of sealed identities.
func (p *Patient) sealKey(f *Findings, path string) {
	raw, err := os.ReadFile(path)
	if err != nil {
		f.Fail(putBack, err)
		return
	}
	var passphrase []byte
	if seal.IsEncrypted(raw) {
		if passphrase, err = p.Passphrase(); err != nil {
			f.NotRun("try the seal key: %v", err)
			return
		}
	}
	if _, err := seal.ParseMaster(raw, passphrase); err != nil {
		f.Fail("no identity can be opened with it: "+putBack, fmt.Errorf("%s: %w", path, err))
	}
}
