package notary

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// Checkpoint is a tree head that somebody signed.
type Checkpoint struct {
	Origin string
	Size   int64 // events covered
	Root   tlog.Hash
	// Note is the signed note, byte for byte.
	Note []byte
}

// MaxCheckpoint is the longest checkpoint in bytes, with all its
// cosignatures, that is written or read.
const MaxCheckpoint = 16 << 10

// ErrUnsigned: a checkpoint has no signature by a trusted key.
var ErrUnsigned = errors.New("checkpoint is not signed by a trusted key")

// OpenCheckpoint checks a signed checkpoint: it must be of one spelling, its
// first line the name of the keys given, and signed by at least one of them.
// Signatures of others, such as witnesses, are left aside; none of a trusted
// key may be wrong.
func OpenCheckpoint(signed []byte, keys []note.Verifier) (Checkpoint, error) {
	if len(signed) > MaxCheckpoint {
		return Checkpoint{}, fmt.Errorf("checkpoint of %d bytes, at most %d are taken", len(signed), MaxCheckpoint)
	}
	opened, err := note.Open(signed, note.VerifierList(keys...))
	if err != nil {
		if _, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
			return Checkpoint{}, ErrUnsigned
		}
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	if !oneSpelling(signed, opened) {
		return Checkpoint{}, errors.New("checkpoint: signatures are not in their one spelling")
	}
	c, err := parseTreeHead(opened.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	for _, sig := range opened.Sigs {
		if sig.Name == c.Origin {
			c.Note = signed
			return c, nil
		}
	}
	return Checkpoint{}, fmt.Errorf("%w: it is of %q", ErrUnsigned, c.Origin)
}

// oneSpelling tells whether each signature line is as [note.Sign] writes it.
// The library overlooks bits in the last characters of base64.
func oneSpelling(signed []byte, opened *note.Note) bool {
	rest, ok := bytes.CutPrefix(signed, []byte(opened.Text+"\n"))
	if !ok {
		return false
	}
	lines := bytes.Count(rest, []byte("\n"))
	for line := range bytes.Lines(rest) {
		_, b64, _ := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(string(line), "\n"), "— "), " ")
		if _, err := strictBase64.DecodeString(b64); err != nil {
			return false
		}
	}
	return lines == len(opened.Sigs)+len(opened.UnverifiedSigs) // none twice
}

// parseTreeHead reads the text of a checkpoint. Extension lines, which the
// format allows and this log never writes, are refused: nobody could tell
// what is meant by them.
func parseTreeHead(text string) (Checkpoint, error) {
	c, err := torchwood.ParseCheckpoint(text)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	if c.Extension != "" || c.String() != text {
		return Checkpoint{}, errors.New("checkpoint: its text is not a name, a size and a root hash, each on its line")
	}
	if c.N == 0 && c.Hash != emptyRoot {
		return Checkpoint{}, errors.New("checkpoint: the root hash is not that of the empty tree")
	}
	return Checkpoint{Origin: c.Origin, Size: c.N, Root: c.Hash}, nil
}

// checkpointSigner signs checkpoints with a ledger's key.
type checkpointSigner struct {
	note.Verifier
	signer *ledger.Signer
}

func newCheckpointSigner(origin string, signer *ledger.Signer) (checkpointSigner, error) {
	vkey, err := VerifierKey(origin, signer.Public())
	if err != nil {
		return checkpointSigner{}, err
	}
	v, err := note.NewVerifier(vkey)
	return checkpointSigner{v, signer}, err
}

// signed tells whether this key signed the checkpoint.
func (s checkpointSigner) signed(c Checkpoint) bool {
	_, err := OpenCheckpoint(c.Note, []note.Verifier{s.Verifier})
	return err == nil
}

func (s checkpointSigner) Sign(message []byte) ([]byte, error) { return s.signer.Sign(message) }

// VerifierKey returns the C2SP form of a public key ("vkey") under which a
// log of that origin signs: name+hash+key. The key must be Ed25519.
func VerifierKey(origin string, public crypto.PublicKey) (string, error) {
	ed, ok := public.(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("a checkpoint is signed by an Ed25519 key, not by one of type %T", public)
	}
	vkey, err := note.NewEd25519VerifierKey(origin, ed)
	if err != nil {
		return "", err
	}
	if _, err := note.NewVerifier(vkey); err != nil {
		return "", fmt.Errorf("%q cannot name a transparency log (no spaces and no plus signs): %w", origin, err)
	}
	return vkey, nil
}

// sign makes the signed checkpoint of a tree.
func (s checkpointSigner) checkpoint(size int64, root tlog.Hash) (Checkpoint, error) {
	text := torchwood.Checkpoint{Origin: s.Name(), Tree: tlog.Tree{N: size, Hash: root}}.String()
	signed, err := note.Sign(&note.Note{Text: text}, s)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign a checkpoint: %w", err)
	}
	return Checkpoint{s.Name(), size, root, signed}, nil
}
