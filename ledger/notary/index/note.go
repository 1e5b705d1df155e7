package index

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// noteForm is the second line of the note. Not being a number, it keeps the
// note from ever being taken for a checkpoint.
const noteForm = "probity-index/1"

// nameOf is the name under which the index of a ledger is signed.
func nameOf(origin string) string { return origin + "/index" }

// Root is what is signed of an index: that the map over the first Size events
// of the log whose tree then has the root Log, has the root Map.
type Root struct {
	Origin string
	Size   int64
	Log    Hash
	Map    Hash
	// Secret is the hash of the secret that blinds the values.
	Secret Hash
}

func (r Root) text() string {
	return fmt.Sprintf("%s\n%s\nsize %d\nlog %s\nmap %s\nsecret %s\n", nameOf(r.Origin), noteForm, r.Size, r.Log, r.Map, r.Secret)
}

func (r Root) sign(signer *ledger.Signer) ([]byte, error) {
	signed, err := notary.SignNote(nameOf(r.Origin), r.text(), signer)
	if err != nil {
		return nil, fmt.Errorf("sign the index: %w", err)
	}
	return signed, nil
}

// openRoot checks a signed note about the first size events under the trusted
// keys. Trust must name the ledger.
func openRoot(signed []byte, trust notary.Trust, size int64) (Root, error) {
	name := nameOf(trust.Origin)
	keys, err := trust.NamedOver(name, size)
	if err != nil {
		return Root{}, err
	}
	text, err := notary.OpenNote(signed, name, keys)
	if err != nil {
		return Root{}, err
	}
	r, err := parseRoot(text, trust.Origin)
	if err != nil {
		return Root{}, fmt.Errorf("note of %s: %w", name, err)
	}
	return r, nil
}

func parseRoot(text, origin string) (Root, error) {
	r := Root{Origin: origin}
	lines := strings.Split(text, "\n")
	if len(lines) != 7 {
		return Root{}, errors.New("it is not an index's")
	}
	size, ok := strings.CutPrefix(lines[2], "size ")
	n, err := strconv.ParseInt(size, 10, 64)
	if !ok || err != nil || n < 0 {
		return Root{}, errors.New("it has no size")
	}
	r.Size = n
	for i, h := range []struct {
		name string
		to   *Hash
	}{{"log ", &r.Log}, {"map ", &r.Map}, {"secret ", &r.Secret}} {
		word, ok := strings.CutPrefix(lines[3+i], h.name)
		raw, err := base64.StdEncoding.Strict().DecodeString(word)
		if !ok || err != nil || len(raw) != len(h.to) {
			return Root{}, fmt.Errorf("it has no hash after %q", h.name)
		}
		*h.to = Hash(raw)
	}
	if r.text() != text {
		return Root{}, errors.New("it is not in its one spelling")
	}
	return r, nil
}

// signed is the last root signed: the note, and the checkpoint of the log
// that belongs to it.
type signed struct {
	Root
	note       []byte
	checkpoint []byte
}

// marshal puts the two notes into one text, each with its length before it.
func (s signed) marshal() []byte {
	return fmt.Appendf(nil, "%s\nindex %d\n%scheckpoint %d\n%s", noteForm, len(s.note), s.note, len(s.checkpoint), s.checkpoint)
}

// maxSigned is the longest text of the two notes.
const maxSigned = 2*notary.MaxCheckpoint + 128

// parseSigned reads the two notes, which must be signed under the trusted
// keys and speak of the same log.
func parseSigned(raw []byte, trust notary.Trust) (signed, error) {
	index, checkpoint, err := splitSigned(raw)
	if err != nil {
		return signed{}, err
	}
	return openSigned(index, checkpoint, trust)
}

// splitSigned takes the text of the two notes apart.
func splitSigned(raw []byte) (index, checkpoint []byte, err error) {
	rest, ok := strings.CutPrefix(string(raw), noteForm+"\n")
	if !ok || len(raw) > maxSigned {
		return nil, nil, errors.New("this is not a signed index")
	}
	part := func(name string) []byte {
		line, after, _ := strings.Cut(rest, "\n")
		length, begins := strings.CutPrefix(line, name)
		n, err := strconv.Atoi(length)
		if !begins || err != nil || n < 0 || n > len(after) || strconv.Itoa(n) != length {
			ok = false
			return nil
		}
		rest = after[n:]
		return []byte(after[:n])
	}
	index, checkpoint = part("index "), part("checkpoint ")
	if !ok || rest != "" {
		return nil, nil, errors.New("the signed index is cut short or malformed")
	}
	return index, checkpoint, nil
}

// openSigned checks that both notes are signed, and of the same tree.
func openSigned(index, checkpoint []byte, trust notary.Trust) (signed, error) {
	c, err := trust.Open(checkpoint)
	if err != nil {
		return signed{}, err
	}
	trust.Origin = c.Origin
	r, err := openRoot(index, trust, c.Size)
	if err != nil {
		return signed{}, err
	}
	return together(r, c, index)
}

// provisionalSigned reads both notes, whose signatures are yet to be judged by
// openSigned.
func provisionalSigned(index, checkpoint []byte) (signed, error) {
	c, err := notary.Provisional(checkpoint)
	if err != nil {
		return signed{}, err
	}
	text, err := notary.ProvisionalNote(index, nameOf(c.Origin))
	if err != nil {
		return signed{}, err
	}
	r, err := parseRoot(text, c.Origin)
	if err != nil {
		return signed{}, fmt.Errorf("note of %s: %w", nameOf(c.Origin), err)
	}
	return together(r, c, index)
}

// together makes sure that both notes are of the same tree.
func together(r Root, c notary.Checkpoint, index []byte) (signed, error) {
	if r.Size != c.Size || r.Log != c.Root {
		return signed{}, fmt.Errorf("the index is of a log of %d events and root %s, the checkpoint beside it of %d and %s", r.Size, r.Log, c.Size, c.Root)
	}
	return signed{r, index, c.Note}, nil
}
