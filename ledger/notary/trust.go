package notary

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/probity-ledger/probity/ledger"
)

// Trust is what an auditor holds on to: under which keys checkpoints are
// signed, and under which events are.
type Trust struct {
	// Origin is the ledger's name; empty when the keys do not say it. Then
	// the name in a checkpoint signed by one of them is taken.
	Origin string
	// Log are the keys of checkpoints in C2SP form ("vkey"): name+hash+key.
	Log []string
	// Events are the public keys whose signatures of events count.
	Events []crypto.PublicKey

	followed *ledger.Trust // see Following
}

// MaxTrust is the longest keys file in bytes.
const MaxTrust = 1 << 20

// Marshal writes the keys file: comments, the checkpoint keys one a line, and
// the event keys as PEM.
func (t Trust) Marshal() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Keys of the ledger %s\n", t.Origin)
	b.WriteString("# Trust the copy of this file that you were handed, not one that came with the log.\n")
	b.WriteString("# Checkpoints are signed under:\n")
	for _, k := range t.Log {
		b.WriteString(k + "\n")
	}
	b.WriteString("# Events are signed under:\n")
	for _, k := range t.Events {
		raw, err := ledger.MarshalPublicKey(k)
		if err != nil {
			return nil, err
		}
		b.Write(raw)
	}
	return b.Bytes(), nil
}

// ParseTrust reads a keys file, or any PEM file of public keys: without lines
// of checkpoint keys every Ed25519 key may sign checkpoints as well.
func ParseTrust(raw []byte) (Trust, error) {
	if len(raw) > MaxTrust {
		return Trust{}, fmt.Errorf("keys file of %d bytes, at most %d are taken", len(raw), MaxTrust)
	}
	t, err := ParseTrustLines(raw)
	if err != nil {
		return Trust{}, err
	}
	t.Events, err = ledger.ParsePublicKeys(raw)
	return t, err
}

// ParseTrustLines reads the checkpoint keys of a keys file and leaves its PEM
// aside.
func ParseTrustLines(raw []byte) (Trust, error) {
	var t Trust
	inside := false
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "-----BEGIN "):
			inside = true
		case strings.HasPrefix(line, "-----END "):
			inside = false
		case inside || line == "" || line[0] == '#' || strings.Count(line, "+") < 2:
		default:
			v, err := parseVerifier(line)
			if err != nil {
				return Trust{}, fmt.Errorf("keys file: %q is not a checkpoint key: %w", line, err)
			}
			if t.Origin != "" && v.Name() != t.Origin {
				return Trust{}, fmt.Errorf("keys file: it names two ledgers, %q and %q", t.Origin, v.Name())
			}
			if t.Origin = v.Name(); !slices.Contains(t.Log, line) {
				t.Log = append(t.Log, line)
			}
		}
	}
	return t, nil
}

// parseVerifier reads a checkpoint key.
func parseVerifier(vkey string) (note.Verifier, error) {
	if _, err := publicOf(vkey); err != nil {
		return nil, err
	}
	return note.NewVerifier(vkey)
}

// publicOf returns the Ed25519 key of a checkpoint key in C2SP form, in its
// one spelling; the library takes others as well, and keys under which anybody
// can sign.
func publicOf(vkey string) (ed25519.PublicKey, error) {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	raw, err := strictBase64.DecodeString(vkey[strings.LastIndex(vkey[:len(v.Name())+10], "+")+1:])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize {
		return nil, errors.New("malformed key")
	}
	key := ed25519.PublicKey(raw[1:])
	if again, err := note.NewEd25519VerifierKey(v.Name(), key); err != nil || again != vkey {
		return nil, errors.New("it is not in its one spelling")
	}
	_, err = ledger.AlgorithmOf(key)
	return key, err
}

// Verifiers returns the keys of checkpoints of a ledger of that name.
func (t Trust) Verifiers(origin string) ([]note.Verifier, error) {
	keys := t.Log
	if len(keys) == 0 {
		for _, k := range t.Events {
			if _, ok := k.(ed25519.PublicKey); !ok {
				continue
			}
			vkey, err := VerifierKey(origin, k)
			if err != nil {
				return nil, err
			}
			keys = append(keys, vkey)
		}
	}
	if len(keys) == 0 {
		return nil, errNoCheckpointKey
	}
	out := make([]note.Verifier, len(keys))
	for i, k := range keys {
		v, err := parseVerifier(k)
		if err != nil {
			return nil, fmt.Errorf("checkpoint key %q: %w", k, err)
		}
		out[i] = v
	}
	return out, nil
}

// errNoCheckpointKey: whoever trusts these keys cannot tell a checkpoint of
// the ledger from any other, unless the log enrols the key that signed it.
var errNoCheckpointKey = fmt.Errorf("%w: there is no key of checkpoints among the trusted keys: Ed25519, or a line of the form name+hash+key", ErrUnsigned)

// Open checks a checkpoint that should be signed under these keys.
func (t Trust) Open(signed []byte) (Checkpoint, error) {
	if t.followed != nil {
		return t.openFollowed(signed)
	}
	origin := t.Origin
	if origin == "" {
		first, _, _ := bytes.Cut(signed[:min(len(signed), MaxCheckpoint)], []byte("\n"))
		origin = string(first)
	}
	keys, err := t.Verifiers(origin)
	if err != nil {
		return Checkpoint{}, err
	}
	return OpenCheckpoint(signed, keys)
}
