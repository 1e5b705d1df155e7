package main

import (
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"

	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/witness"
)

// witnessConfig makes out of the settings what a witness is told.
func witnessConfig(v *settings.Values) witness.Config {
	cfg := witness.Config{PerSecond: v.Number("rate")}
	if !v.Said("name") {
		v.Wrong("name", "is missing: by custom an address without https://, such as overseer.example/w1")
	}
	if v.Entries("ledgers") == 0 && v.Good("ledgers") {
		v.Wrong("ledgers", "is missing: at least one ledger to confirm checkpoints of")
	}
	for i := range v.Entries("ledgers") {
		entry := settings.Entry("ledgers", i)
		l := ledgerFrom(v, entry)
		for _, other := range cfg.Logs {
			if other.Origin == l.Origin {
				v.Wrong(entry+".origin", "%q stands there twice", l.Origin)
			}
		}
		cfg.Logs = append(cfg.Logs, l)
	}
	return cfg
}

// namedKey is a key of checkpoints, and the setting that gives it.
type namedKey struct{ field, text string }

// ledgerFrom reads a ledger that is cosigned for.
func ledgerFrom(v *settings.Values, entry string) witness.Log {
	l := witness.Log{Name: v.Text(entry + ".name"), Origin: v.Text(entry + ".origin")}
	var keys []namedKey
	for i, text := range v.Texts(entry + ".keys") {
		keys = append(keys, namedKey{settings.Entry(entry+".keys", i), text})
	}
	if path := v.Path(entry + ".keys-file"); path != "" {
		trust, err := readLogKeys(path)
		if err != nil {
			v.Wrong(entry+".keys-file", "%w", err)
		}
		for _, text := range trust.Log {
			keys = append(keys, namedKey{entry + ".keys-file", text})
		}
	}
	if len(keys) == 0 && v.Good(entry) {
		v.Wrong(entry+".keys", "is missing: the keys of the ledger's checkpoints (name+hash+key), from its keys file or /log/keys; or keys-file")
	}
	for _, k := range keys {
		if err := addKey(&l, k.text); err != nil {
			v.Wrong(k.field, "%w", err)
		}
	}
	if l.Name == "" {
		l.Name = l.Origin
	}
	return l
}

// addKey adds a key to those of a ledger; without a name yet the ledger has
// that of the key.
func addKey(l *witness.Log, text string) error {
	key, err := note.NewVerifier(text)
	if err != nil {
		return fmt.Errorf("%q is not a key of the form name+hash+key: %w", text, err)
	}
	if l.Origin == "" {
		l.Origin = key.Name()
	}
	if key.Name() != l.Origin {
		return fmt.Errorf("is a key of %q, the ledger is %q", key.Name(), l.Origin)
	}
	for _, other := range l.Keys {
		if other.KeyHash() == key.KeyHash() {
			return fmt.Errorf("stands there twice")
		}
	}
	l.Keys = append(l.Keys, key)
	return nil
}

func readLogKeys(path string) (notary.Trust, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return notary.Trust{}, err
	}
	if notary.IsState(raw) { // what an overseer verified with --save
		trust, err := notary.ParseStateTrust(raw)
		if err == nil {
			trust.Log, err = trust.Current()
		}
		return trust, err
	}
	trust, err := notary.ParseTrustLines(raw)
	if err == nil && len(trust.Log) == 0 {
		err = fmt.Errorf("%s names no key of checkpoints", path)
	}
	return trust, err
}
