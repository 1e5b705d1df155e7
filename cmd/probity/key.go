package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

func (a *app) keyCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Make, enrol, list, retire and revoke signing keys",
		Long: `A ledger key signs every event; an author key signs what its holder does. What
happens to a key is an event like any other: a key counts from its enrolment to
its retirement or revocation, by the order of the log.

These verbs need the data folder to themselves: stop the server first. What to
do when a key is lost or stolen stands in docs/keys.md.`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.keyNewCmd(), a.keyEnrollCmd(), a.keyListCmd(), a.keyRetireCmd(), a.keyRevokeCmd(), a.keyVouchCmd())
	return cmd
}

// actor is who acts on a key.
type actor struct{ by, role string }

func (w *actor) flags(f *pflag.FlagSet, role domain.Role) {
	f.StringVar(&w.by, "by", "", "who acts: an officer's id or another sign-in name")
	f.StringVar(&w.role, "role", string(role), "in which role")
}

func (w *actor) check() (domain.ActorID, domain.Role, error) {
	role, ok := domain.ParseRole(w.role)
	if w.by == "" || !ok {
		return "", "", hinted{usagef("--by is required, and --role must be a role"), "say who acts, as in --by leader-chen --role leader"}
	}
	return domain.ActorID(w.by), role, nil
}

func (a *app) keyNewCmd() *cobra.Command {
	var out, algorithm string
	var plain, rotate, checkpoints, seals bool
	var who actor
	cmd := &cobra.Command{
		Use:   "new [--out FILE | --ledger --by ID | --checkpoints --by ID | --seal]",
		Short: "Make a key pair, or give the ledger a new key",
		Long: `Without --ledger: writes a private key to FILE and its public key to FILE.pub and
enrols nothing. The private key is encrypted (scrypt and NaCl secretbox, as cosign
does) under PROBITY_KEY_PASSPHRASE or the file that PROBITY_KEY_PASSPHRASE_FILE names.

With --ledger: rotates the ledger's key. The new key is enrolled by an event that
the old and the new one sign, ledger.key is replaced, the old key file is kept as
ledger.key.ID.old, and the old key is retired. The passphrase stays the same. Whoever
trusts the old public key goes on verifying with it. Run it again after a crash.

With --checkpoints: does the same with the key of the transparency log's checkpoints
(notary.key), which there is where the ledger's own is not Ed25519.

With --seal: makes the master key of sealed identities (seal.key) where there is
none yet. A ledger makes it by itself when the first identity is sealed; replicas
are all given the same one, so it is made before.`,
		Example: example("probity key new --out chen.key", "probity key new --out chen.key --algorithm sm2", "probity key new --ledger --by leader-chen"),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch ledger.Algorithm(algorithm) {
			case ledger.Ed25519, ledger.ECDSAP256, ledger.RSA3072, ledger.SM2:
			default:
				return usagef("--algorithm %q: use ed25519, ecdsa-p256, rsa-3072 or sm2", algorithm)
			}
			if seals {
				return a.newSealKey(cmd.Context())
			}
			if checkpoints {
				by, _, err := who.check()
				if err != nil {
					return err
				}
				if rotate {
					return usagef("--ledger and --checkpoints are two keys: rotate one after the other")
				}
				return a.rotateLogKey(cmd.Context(), by)
			}
			if rotate {
				by, _, err := who.check()
				if err != nil {
					return err
				}
				return a.rotate(cmd.Context(), ledger.Algorithm(algorithm), by, plain)
			}
			return a.newKeyPair(out, ledger.Algorithm(algorithm), plain)
		},
	}
	cmd.Flags().StringVar(&out, "out", "probity.key", "where the private key goes; the public key goes beside it, with .pub")
	cmd.Flags().StringVar(&algorithm, "algorithm", string(ledger.Ed25519), "ed25519, ecdsa-p256, rsa-3072 or sm2")
	cmd.Flags().BoolVar(&plain, "plain-key", false, "leave the private key unencrypted")
	cmd.Flags().BoolVar(&rotate, "ledger", false, "give the ledger the new key")
	cmd.Flags().BoolVar(&checkpoints, "checkpoints", false, "give the transparency log a new key, where it has one of its own")
	cmd.Flags().BoolVar(&seals, "seal", false, "make the master key of sealed identities")
	who.flags(cmd.Flags(), domain.RoleLeader)
	return cmd
}

func (a *app) newSealKey(ctx context.Context) error {
	h, err := a.openWriting(ctx, false)
	if err != nil {
		return err
	}
	path, err := h.MakeSealKey()
	if err == nil {
		fmt.Fprintf(a.stdout, "sealed identities are wrapped by %s: back it up, away from backups of the vault, and give it to every replica\n", path)
	}
	return errors.Join(err, h.Close())
}

func (a *app) newKeyPair(out string, alg ledger.Algorithm, plain bool) error {
	var pass []byte
	var err error
	if !plain {
		if pass, err = a.keyPassphrase(out, true); err != nil {
			return err
		}
	}
	signer, raw, err := makeKey(alg, pass)
	if err != nil {
		return err
	}
	pub, err := ledger.MarshalPublicKey(signer.Public())
	if err != nil {
		return err
	}
	if _, err := os.Lstat(out + ".pub"); err == nil {
		return usagef("%s.pub exists already and is not overwritten", out)
	}
	if err := house.WriteNewFile(out, raw, 0o600); errors.Is(err, fs.ErrExist) {
		return usageError{err}
	} else if err != nil {
		return err
	}
	if err := house.WriteNewFile(out+".pub", pub, 0o644); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, signer.ID())
	return nil
}

func makeKey(alg ledger.Algorithm, pass []byte) (*ledger.Signer, []byte, error) {
	priv, err := ledger.GenerateKey(alg)
	if err != nil {
		return nil, nil, err
	}
	raw, err := ledger.MarshalKey(priv, pass)
	if err != nil {
		return nil, nil, err
	}
	signer, err := ledger.NewSigner(priv)
	return signer, raw, err
}

// rotate gives the ledger a new key. What an earlier run began is completed:
// the key that waits in the folder is taken up.
func (a *app) rotate(ctx context.Context, alg ledger.Algorithm, by domain.ActorID, plain bool) error {
	h, err := a.openKeys(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	path := filepath.Join(h.Dir, house.NextKeyFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		var pass []byte
		if !plain {
			if pass, err = a.passphrase(true); err != nil {
				return err
			}
		}
		_, raw, err := makeKey(alg, pass)
		if err != nil {
			return err
		}
		if err := house.WriteNewFile(path, raw, 0o600); err != nil {
			return err
		}
	}
	next, raw, err := a.readSigner(path, a.passphrase)
	if err != nil {
		return err
	}
	old := h.Recorder.Signer().ID()
	if err := h.EnrolLedgerKey(ctx, next, raw, by); err != nil {
		return err
	}
	if err := a.useKey(ctx, h, next, raw); err != nil {
		return err
	}
	if old == next.ID() {
		return nil
	}
	return a.retire(ctx, h, old, "replaced by "+string(next.ID()), by, domain.RoleLeader)
}

// rotateLogKey gives the log another key of its own.
func (a *app) rotateLogKey(ctx context.Context, by domain.ActorID) error {
	h, err := a.openKeys(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	next, kept, err := h.RotateLogKey(ctx, by)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "the transparency log signs with %s\n", next)
	if kept != "" {
		fmt.Fprintf(a.stderr, "the old key file is kept as %s; back up the new notary.key, then remove the old one\n", kept)
	}
	return nil
}

// useKey puts the key in the place of the ledger's, and says so.
func (a *app) useKey(ctx context.Context, h *house.House, next *ledger.Signer, raw []byte) error {
	kept, err := h.UseLedgerKey(ctx, next, raw)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "the ledger signs with %s\n", next.ID())
	if kept != "" {
		fmt.Fprintf(a.stderr, "the old key file is kept as %s; back up the new ledger.key and its passphrase, then remove the old one\n", kept)
	}
	return nil
}

func (a *app) keyEnrollCmd() *cobra.Command {
	var file, holder, succeeds string
	var ofLedger, use bool
	var who actor
	cmd := &cobra.Command{
		Use:   "enroll --key FILE (--holder ID | --ledger [--use]) --by ID",
		Short: "Put a key on file, so that its signatures count",
		Long: `Records an event that enrols the key in FILE, signed by the ledger and by that very
key, so the private key must be at hand. Where it is not, submit a key.enroll
command with 'probity submit --prepare', sign it there, and submit it.

An author key belongs to --holder, and another person enrols it. With --ledger the
key is a standby of the ledger: kept elsewhere, it takes over with --use on the
day the present one is lost or stolen.`,
		Example: example("probity key enroll --key chen.key --holder leader-chen --by hr-li --role hr",
			"probity key enroll --ledger --key standby.key --by leader-chen", "probity key enroll --ledger --use --key standby.key --by leader-chen"),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			by, role, err := who.check()
			if err != nil {
				return err
			}
			if file == "" || ofLedger == (holder != "") || use && !ofLedger {
				return hinted{usagef("--key and one of --holder and --ledger are required; --use goes with --ledger"), "see 'probity key enroll --help'"}
			}
			signer, raw, err := a.readSigner(file, func(bool) ([]byte, error) { return a.keyPassphrase(file, false) })
			if err != nil {
				return err
			}
			h, err := a.openKeys(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			if ofLedger {
				if err := h.EnrolLedgerKey(cmd.Context(), signer, raw, by); err != nil {
					return err
				}
				fmt.Fprintln(a.stdout, signer.ID())
				if use {
					return a.useKey(cmd.Context(), h, signer, raw)
				}
				return nil
			}
			c, err := house.Enrolment(signer, domain.KeyOfAuthor, domain.ActorID(holder), ledger.KeyID(succeeds))
			if err != nil {
				return err
			}
			if _, err := h.Recorder.RecordSigned(cmd.Context(), house.OnKey(signer.ID(), c, by, role), signer); err != nil {
				return err
			}
			fmt.Fprintln(a.stdout, signer.ID())
			return nil
		},
	}
	cmd.Flags().StringVar(&file, "key", "", "the private key's file, or its address in a key management service (awskms://…)")
	cmd.Flags().StringVar(&holder, "holder", "", "whose key it is")
	cmd.Flags().StringVar(&succeeds, "succeeds", "", "id of the key that it replaces")
	cmd.Flags().BoolVar(&ofLedger, "ledger", false, "it is a key of the ledger")
	cmd.Flags().BoolVar(&use, "use", false, "the ledger signs with it from now on; it may be on file already")
	who.flags(cmd.Flags(), domain.RoleLeader)
	return cmd
}

// openKeys opens the data folder for recording, if it holds a ledger.
func (a *app) openKeys(ctx context.Context) (*house.House, error) {
	if err := house.Found(a.house()); err != nil {
		return nil, err
	}
	return a.openWriting(ctx, false)
}

// readSigner reads a private key file, or reaches the key of a key management
// service by its address; it returns what a key file holds for it, too.
func (a *app) readSigner(file string, passphrase func(first bool) ([]byte, error)) (*ledger.Signer, []byte, error) {
	if house.IsKMS(file) {
		signer, err := house.OpenKMS(context.Background(), file)
		return signer, []byte(file + "\n"), err
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, usageError{fmt.Errorf("read the key: %w", err)}
	}
	var pass []byte
	if ledger.KeyIsEncrypted(raw) {
		if pass, err = passphrase(false); err != nil {
			return nil, nil, err
		}
	}
	priv, err := ledger.ParseKey(raw, pass)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	signer, err := ledger.NewSigner(priv)
	return signer, raw, err
}

// keyID reads an argument that names a key: its id, or the file of its public
// key.
func keyID(arg string) (ledger.KeyID, error) {
	if raw, err := hex.DecodeString(arg); err == nil && len(raw) == 32 && strings.ToLower(arg) == arg {
		return ledger.KeyID(arg), nil
	}
	keys, err := house.ReadPublicKeys(arg)
	if err != nil || len(keys) != 1 {
		return "", hinted{usagef("%q names no key", arg), "give its id, 64 hex digits as 'probity key list' prints it, or the file of its public key"}
	}
	return ledger.KeyIDOf(keys[0])
}
