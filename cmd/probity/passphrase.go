package main

import (
	"bytes"
	"crypto/subtle"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/probity-ledger/probity/ledger"
)

// minPassphrase is the shortest passphrase taken for a new key, in bytes.
const minPassphrase = 8

// passphrase gives the passphrase of the key file: from PROBITY_PASSPHRASE,
// from the file that the setting passphrase-file names, or asked for on the
// terminal (twice for a new key). It never appears in an argument list.
func (a *app) passphrase(first bool) ([]byte, error) {
	p, err := a.findPassphrase(first)
	if err == nil && first && len(p) < minPassphrase {
		return nil, fmt.Errorf("a passphrase of %d characters is too short: use at least %d", len(p), minPassphrase)
	}
	return p, err
}

// knownPassphrase gives the passphrase that is set, and asks nobody.
func (a *app) knownPassphrase() ([]byte, error) {
	if v := a.env("PROBITY_PASSPHRASE"); v != "" {
		return []byte(v), nil
	}
	if a.passphraseFile == "" {
		return nil, errNoPassphrase
	}
	raw, err := os.ReadFile(a.passphraseFile)
	if err != nil {
		return nil, fmt.Errorf("read the passphrase: %w", err)
	}
	return bytes.TrimRight(raw, "\r\n"), nil
}

var errNoPassphrase = errors.New("no passphrase is set: passphrase-file or PROBITY_PASSPHRASE")

func (a *app) findPassphrase(first bool) ([]byte, error) {
	if p, err := a.knownPassphrase(); !errors.Is(err, errNoPassphrase) {
		return p, err
	}
	tty, ok := a.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(tty.Fd())) {
		err := fmt.Errorf("%w: the signing key is kept encrypted, and there is no terminal to ask on", ledger.ErrPassphrase)
		if first {
			return nil, hinted{err, "set PROBITY_PASSPHRASE or PROBITY_PASSPHRASE_FILE, or choose an unencrypted key with --plain-key"}
		}
		return nil, err
	}
	if !first {
		return a.ask(tty, "Passphrase of the signing key: ")
	}
	one, err := a.ask(tty, "Passphrase for the new signing key: ")
	if err != nil {
		return nil, err
	}
	two, err := a.ask(tty, "Once more: ")
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(one, two) == 0 {
		return nil, fmt.Errorf("the two passphrases differ")
	}
	return one, nil
}

// keyPassphrase gives the passphrase of a key file outside the data folder:
// from PROBITY_KEY_PASSPHRASE or the file PROBITY_KEY_PASSPHRASE_FILE names,
// asked for on the terminal, or else that of the ledger's key.
func (a *app) keyPassphrase(file string, first bool) ([]byte, error) {
	other := *a
	other.environ = []string{"PROBITY_PASSPHRASE=" + a.settings.Text("key-passphrase")}
	other.passphraseFile = a.settings.Path("key-passphrase-file")
	if other.env("PROBITY_PASSPHRASE") != "" || other.passphraseFile != "" {
		return other.passphrase(first)
	}
	if tty, ok := a.stdin.(*os.File); ok && term.IsTerminal(int(tty.Fd())) && !first {
		return a.ask(tty, "Passphrase of "+file+": ")
	}
	return a.passphrase(first)
}

func (a *app) ask(tty *os.File, prompt string) ([]byte, error) {
	fmt.Fprint(a.stderr, prompt)
	p, err := term.ReadPassword(int(tty.Fd()))
	fmt.Fprintln(a.stderr)
	if err != nil {
		return nil, fmt.Errorf("read the passphrase: %w", err)
	}
	return []byte(strings.TrimRight(string(p), "\r\n")), nil
}
