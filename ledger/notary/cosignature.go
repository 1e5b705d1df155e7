package notary

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"

	"github.com/probity-ledger/probity/ledger"
)

// algCosignature is the type of key and signature of C2SP tlog-cosignature:
// Ed25519 over the checkpoint and the time at which it was cosigned.
const algCosignature = 4

// cosignatureSize is the length of a cosignature: 8 bytes of time and the
// Ed25519 signature.
const cosignatureSize = 8 + ed25519.SignatureSize

// MaxWitnesses is how many witnesses a log asks, or a verifier is given, at
// most; the cosignatures of so many fit into [MaxCheckpoint].
const MaxWitnesses = 32

// maxWitnessName bounds the name of a witness, in bytes.
const maxWitnessName = 255

// Cosignature says that a witness saw the checkpoint, at that time, as the
// head of the one history of the log that it knows.
type Cosignature struct {
	Witness string    `json:"witness"`
	At      time.Time `json:"at"`
}

// WitnessKey is the public key of a witness, by which its cosignatures are
// verified. It implements [note.Verifier].
type WitnessKey struct {
	name   string
	hash   uint32
	public ed25519.PublicKey
}

// NewWitnessKey names the Ed25519 key of a witness. The name is by custom an
// address without its scheme, such as overseer.example/w1.
func NewWitnessKey(name string, public crypto.PublicKey) (*WitnessKey, error) {
	ed, ok := public.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("a witness cosigns with an Ed25519 key, not with one of type %T", public)
	}
	if name == "" || len(name) > maxWitnessName || !utf8.ValidString(name) ||
		strings.ContainsFunc(name, unicode.IsSpace) || strings.Contains(name, "+") {
		return nil, fmt.Errorf("%q cannot name a witness: it takes 1 to %d bytes without spaces and plus signs", name, maxWitnessName)
	}
	if _, err := ledger.NewKeyring(ed); err != nil {
		return nil, err
	}
	return &WitnessKey{name, keyHash(name, ed), ed}, nil
}

func keyHash(name string, public ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"), append([]byte{algCosignature}, public...)...))
	return binary.BigEndian.Uint32(sum[:])
}

// ParseWitnessKey reads the C2SP form of a witness' key ("vkey"):
// name+hash+key, in its one spelling.
func ParseWitnessKey(vkey string) (*WitnessKey, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	_, b64, found := strings.Cut(rest, "+")
	raw, err := strictBase64.DecodeString(b64)
	if !found || err != nil || len(raw) == 0 {
		return nil, errors.New("not of the form name+hash+key")
	}
	if raw[0] != algCosignature || len(raw) != 1+ed25519.PublicKeySize {
		return nil, fmt.Errorf("a key of type %d with %d bytes is not that of a witness: type %d with %d bytes is (a log's own key is of another type)",
			raw[0], len(raw)-1, algCosignature, ed25519.PublicKeySize)
	}
	k, err := NewWitnessKey(name, ed25519.PublicKey(raw[1:]))
	if err != nil {
		return nil, err
	}
	if k.String() != vkey {
		return nil, errors.New("its hash does not belong to name and key")
	}
	return k, nil
}

// ParseWitnessKeys reads a file of witness keys: one a line, empty lines and
// lines that begin with # aside. None may stand there twice, under whatever
// name: it would count twice.
func ParseWitnessKeys(raw []byte) ([]*WitnessKey, error) {
	if len(raw) > MaxTrust {
		return nil, fmt.Errorf("file of witness keys of %d bytes, at most %d are taken", len(raw), MaxTrust)
	}
	var keys []*WitnessKey
	number := 0
	for line := range strings.Lines(string(raw)) {
		number++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		k, err := ParseWitnessKey(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: witness key: %w", number, err)
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, errors.New("no witness key in it: a line of the form name+hash+key is expected")
	}
	return keys, CheckWitnessKeys(keys)
}

// CheckWitnessKeys refuses too many keys and one that is there twice.
func CheckWitnessKeys(keys []*WitnessKey) error {
	if len(keys) > MaxWitnesses {
		return fmt.Errorf("%d witnesses, at most %d are taken", len(keys), MaxWitnesses)
	}
	for i, k := range keys {
		for _, other := range keys[:i] {
			if k.public.Equal(other.public) {
				return fmt.Errorf("the witnesses %s and %s have the same key: it would count twice", other.name, k.name)
			}
			if k.name == other.name {
				return fmt.Errorf("two witnesses are called %s", k.name)
			}
		}
	}
	return nil
}

// Name returns the name of the witness.
func (k *WitnessKey) Name() string { return k.name }

// KeyHash returns the hash by which signature lines name the key.
func (k *WitnessKey) KeyHash() uint32 { return k.hash }

// String returns the C2SP form, as [ParseWitnessKey] reads it.
func (k *WitnessKey) String() string {
	return fmt.Sprintf("%s+%08x+%s", k.name, k.hash, strictBase64.EncodeToString(append([]byte{algCosignature}, k.public...)))
}

// Verify tells whether sig is a cosignature of the checkpoint text.
func (k *WitnessKey) Verify(text, sig []byte) bool {
	if len(sig) != cosignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	return at <= math.MaxInt64 && ed25519.Verify(k.public, cosigned(at, text), sig[8:])
}

// cosigned is the message under a cosignature.
func cosigned(at uint64, text []byte) []byte {
	return append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", at), text...)
}

// Cosign returns the signature line with which a witness confirms a
// checkpoint text at a time of whole seconds since 1970, which must not lie
// before that.
func (k *WitnessKey) Cosign(text string, signer *ledger.Signer, at time.Time) (string, error) {
	seconds := at.Unix()
	if seconds < 0 {
		return "", fmt.Errorf("cosign: the clock shows %s", at.UTC().Format(time.RFC3339))
	}
	sig, err := signer.Sign(cosigned(uint64(seconds), []byte(text)))
	if err != nil {
		return "", fmt.Errorf("cosign: %w", err)
	}
	sig = append(binary.BigEndian.AppendUint64(nil, uint64(seconds)), sig...)
	if !k.Verify([]byte(text), sig) {
		return "", errors.New("cosign: the signer is not the witness' key")
	}
	return k.line(sig), nil
}

// line is the one spelling of a signature line.
func (k *WitnessKey) line(sig []byte) string {
	return "— " + k.name + " " + strictBase64.EncodeToString(append(binary.BigEndian.AppendUint32(nil, k.hash), sig...)) + "\n"
}

// cosignatureIn finds the cosignature of the checkpoint text among signature
// lines, and returns its line. Lines of others are left aside.
func (k *WitnessKey) cosignatureIn(text string, lines []byte) (string, Cosignature, error) {
	for line := range strings.Lines(string(lines)) {
		rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "— "+k.name+" ")
		if !ok {
			continue
		}
		raw, err := strictBase64.DecodeString(rest)
		if err != nil || len(raw) < 4 || binary.BigEndian.Uint32(raw) != k.hash {
			continue
		}
		if !k.Verify([]byte(text), raw[4:]) {
			return "", Cosignature{}, errors.New("its cosignature is not one of this checkpoint")
		}
		return k.line(raw[4:]), k.cosignature(raw[4:]), nil
	}
	return "", Cosignature{}, errors.New("its answer holds no cosignature under its key")
}

func (k *WitnessKey) cosignature(sig []byte) Cosignature {
	return Cosignature{k.name, time.Unix(int64(binary.BigEndian.Uint64(sig)), 0).UTC()}
}

// Cosignatures returns who of the witnesses cosigned a checkpoint, in the
// order of the keys. A wrong cosignature under one of the keys is an error;
// lines of others are left aside.
func Cosignatures(signed []byte, keys []*WitnessKey) ([]Cosignature, error) {
	if len(signed) > MaxCheckpoint {
		return nil, fmt.Errorf("checkpoint of %d bytes, at most %d are taken", len(signed), MaxCheckpoint)
	}
	verifiers := make([]note.Verifier, len(keys))
	for i, k := range keys {
		verifiers[i] = k
	}
	opened, err := note.Open(signed, note.VerifierList(verifiers...))
	if unverified, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		opened, err = unverified.Note, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cosignatures: %w", err)
	}
	var out []Cosignature
	for _, k := range keys {
		for _, s := range opened.Sigs {
			if s.Name != k.name || s.Hash != k.hash {
				continue
			}
			raw, err := strictBase64.DecodeString(s.Base64)
			if err != nil {
				return nil, errors.New("cosignatures: they are not in their one spelling")
			}
			out = append(out, k.cosignature(raw[4:]))
		}
	}
	return out, nil
}

// Witnessed says which witnesses confirmed a checkpoint.
type Witnessed struct {
	// Quorum is how many had to.
	Quorum   int           `json:"quorum"`
	Cosigned []Cosignature `json:"cosigned"`
	// Missing names those that did not.
	Missing []string `json:"missing"`
}

// CheckWitnesses checks that at least quorum of the witnesses cosigned a
// checkpoint, all of them when quorum is 0. Otherwise, or when a cosignature
// is wrong, it fails with an *ledger.IntegrityError.
func CheckWitnesses(c Checkpoint, keys []*WitnessKey, quorum int) (Witnessed, error) {
	if quorum == 0 {
		quorum = len(keys)
	}
	w := Witnessed{Quorum: quorum, Cosigned: []Cosignature{}, Missing: []string{}}
	if quorum < 0 || quorum > len(keys) {
		return w, fmt.Errorf("a quorum of %d out of %d witnesses cannot be", quorum, len(keys))
	}
	cosigned, err := Cosignatures(c.Note, keys)
	if err != nil {
		return w, &ledger.IntegrityError{What: err.Error()}
	}
	w.Cosigned = append(w.Cosigned, cosigned...)
	for _, k := range keys {
		found := false
		for _, s := range cosigned {
			found = found || s.Witness == k.name
		}
		if !found {
			w.Missing = append(w.Missing, k.name)
		}
	}
	if len(cosigned) < quorum {
		return w, &ledger.IntegrityError{What: fmt.Sprintf(
			"%d of %d witnesses cosigned the checkpoint over %d events, %d are required (missing: %s): others may have been shown another log",
			len(cosigned), len(keys), c.Size, quorum, strings.Join(w.Missing, ", "))}
	}
	return w, nil
}
