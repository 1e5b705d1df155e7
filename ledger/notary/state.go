package notary

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/ledger"
)

// State is how far an auditor has verified a log: a checkpoint and, unless
// all they have is the checkpoint, where the streams ended under it and what
// was then known of the keys.
type State struct {
	Checkpoint Checkpoint
	// Heads and Keys are nil when only the checkpoint is at hand.
	Heads *ledger.Heads
	Keys  *ledger.Trust
	// Editions are the digests of the rulebooks adopted by then, by edition, as
	// whoever verified noted them; kept along with Keys, and not judged here.
	Editions map[string]string
}

const (
	stateHead = "probity-verified/1\n"
	stateNote = "checkpoint "
	stateKeys = "keys "
	stateBook = "rulebooks "
	stateSum  = "sha256 "
)

// WriteFile keeps the state, whole or not at all. A state that is only a
// checkpoint is kept as that.
func (s State) WriteFile(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("keep how far it was verified: %w", err)
	}
	defer os.Remove(f.Name()) // gone already once renamed
	sum := sha256.New()
	w := io.MultiWriter(f, sum)
	if s.Heads == nil || s.Keys == nil {
		_, err = f.Write(s.Checkpoint.Note)
	} else if err = s.write(w); err == nil {
		_, err = fmt.Fprintf(f, "%s%x\n", stateSum, sum.Sum(nil))
	}
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("keep how far it was verified: %w", err)
	}
	return nil
}

func (s State) write(w io.Writer) error {
	keys, err := s.Keys.Save()
	if err == nil {
		_, err = fmt.Fprintf(w, "%s%s%d\n%s%s%d\n%s\n", stateHead, stateNote, len(s.Checkpoint.Note), s.Checkpoint.Note, stateKeys, len(keys), keys)
	}
	if err == nil && len(s.Editions) > 0 {
		var books []byte
		if books, err = json.Marshal(s.Editions); err == nil {
			_, err = fmt.Fprintf(w, "%s%d\n%s\n", stateBook, len(books), books)
		}
	}
	if err == nil {
		_, err = s.Heads.WriteTo(w)
	}
	return err
}

// ParseState reads a file that WriteFile wrote, or a bare checkpoint. The
// checkpoint must be signed under the trusted keys, or those that the log had
// enrolled when the file was written, and the keys of events
// that were trusted when it was written must be trusted still; others are
// followed from the log.
func ParseState(raw []byte, trust Trust) (State, error) {
	if !IsState(raw) {
		c, err := trust.Open(raw)
		return State{Checkpoint: c}, err
	}
	signed, saved, rest, err := stateParts(raw)
	if err != nil {
		return State{}, err
	}
	keys, err := loadKeys(saved, trust)
	if err != nil {
		return State{}, fmt.Errorf("the file of an earlier verification: %w", err)
	}
	c, err := trust.Following(keys).Open(signed)
	if err != nil {
		return State{}, err
	}
	var editions map[string]string
	if bytes.HasPrefix(rest, []byte(stateBook)) {
		books, after, ok := statePart(rest, stateBook)
		if !ok || len(after) == 0 || after[0] != '\n' || json.Unmarshal(books, &editions) != nil {
			return State{}, errors.New("the file of an earlier verification is malformed")
		}
		rest = after[1:]
	}
	r := bufio.NewReader(bytes.NewReader(rest))
	heads, err := ledger.ReadHeads(r)
	if err == nil {
		if _, more := r.ReadByte(); more == nil {
			err = errors.New("bytes stand behind the heads")
		}
	}
	if err != nil {
		return State{}, fmt.Errorf("the file of an earlier verification: %w", err)
	}
	return State{c, heads, keys, editions}, nil
}

// IsState tells whether that is a file of an earlier verification, and more
// than a bare checkpoint.
func IsState(raw []byte) bool { return bytes.HasPrefix(raw, []byte(stateHead)) }

// ParseStateTrust takes the file of an earlier verification for the keys to
// trust: those that the log had enrolled by then, each for as long as it
// counts. Whoever can change that file decides whom to trust.
func ParseStateTrust(raw []byte) (Trust, error) {
	signed, saved, _, err := stateParts(raw)
	if err != nil {
		return Trust{}, err
	}
	roots, err := ledger.SavedRoots(saved)
	var keys *ledger.Trust
	if err == nil {
		keys, err = ledger.LoadTrust(roots, saved)
	}
	if err != nil {
		return Trust{}, fmt.Errorf("the file of an earlier verification: %w", err)
	}
	c, err := Trust{}.Following(keys).Open(signed)
	if err != nil {
		return Trust{}, fmt.Errorf("the file of an earlier verification does not know the key of its own checkpoint, give the keys file instead: %w", err)
	}
	return Trust{Origin: c.Origin}.Following(keys), nil
}

// stateParts takes the file of an earlier verification apart; what comes
// after the keys are the heads.
func stateParts(raw []byte) (signed, keys, heads []byte, err error) {
	const tail = len(stateSum) + 2*sha256.Size + 1
	end := len(raw) - tail
	if end < len(stateHead) {
		return nil, nil, nil, errors.New("the file of an earlier verification is cut short")
	}
	sum := sha256.Sum256(raw[:end])
	if string(raw[end:]) != stateSum+hex.EncodeToString(sum[:])+"\n" {
		return nil, nil, nil, errors.New("the file of an earlier verification is damaged or cut short")
	}
	signed, rest, ok := statePart(raw[len(stateHead):end], stateNote)
	if ok {
		keys, rest, ok = statePart(rest, stateKeys)
	}
	if !ok || len(rest) == 0 || rest[0] != '\n' {
		return nil, nil, nil, errors.New("the file of an earlier verification is malformed")
	}
	return signed, keys, rest[1:], nil
}

// statePart cuts off a part that stands behind its name and length.
func statePart(b []byte, name string) (part, rest []byte, ok bool) {
	line, rest, _ := bytes.Cut(b, []byte("\n"))
	length, found := strings.CutPrefix(string(line), name)
	n, err := strconv.Atoi(length)
	if !found || err != nil || n < 0 || n > len(rest) {
		return nil, nil, false
	}
	return rest[:n], rest[n:], true
}

// loadKeys takes up what was known of the keys. Of the trusted keys those
// count that were trusted then.
func loadKeys(saved []byte, trust Trust) (*ledger.Trust, error) {
	then, err := ledger.SavedRoots(saved)
	if err != nil {
		return nil, err
	}
	var roots []crypto.PublicKey
	for _, k := range trust.Events {
		id, err := ledger.KeyIDOf(k)
		if err != nil {
			return nil, err
		}
		if then.Has(id) {
			roots = append(roots, k)
		}
	}
	ring, err := ledger.NewKeyring(roots...)
	if err != nil {
		return nil, err
	}
	return ledger.LoadTrust(ring, saved)
}
