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
// was then known of the keys. A verification that goes on from it takes it
// over; whoever got it from one closes it.
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

// Close gives back what the heads keep outside of memory. The state is of no
// use afterwards.
func (s State) Close() error {
	if s.Heads == nil {
		return nil
	}
	return s.Heads.Close()
}

// ParseState is [ReadState] of bytes.
func ParseState(raw []byte, trust Trust) (State, error) {
	return ReadState(bytes.NewReader(raw), trust)
}

// ReadState reads a file that WriteFile wrote, or a bare checkpoint; it is
// read twice, and never in memory as a whole. The checkpoint must be signed
// under the trusted keys, or those that the log had enrolled when the file was
// written, and the keys of events that were trusted then must be trusted
// still; others are followed from the log.
func ReadState(in io.ReadSeeker, trust Trust) (State, error) {
	size, err := in.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = in.Seek(0, io.SeekStart)
	}
	if err != nil {
		return State{}, fmt.Errorf("read how far it was verified: %w", err)
	}
	begin := make([]byte, min(size, int64(len(stateHead))))
	if _, err := io.ReadFull(in, begin); err != nil {
		return State{}, fmt.Errorf("read how far it was verified: %w", err)
	}
	if !IsState(begin) {
		rest, err := io.ReadAll(io.LimitReader(in, MaxCheckpoint+1))
		if err != nil {
			return State{}, fmt.Errorf("read how far it was verified: %w", err)
		}
		c, err := trust.Open(append(begin, rest...))
		return State{Checkpoint: c}, err
	}
	r, signed, saved, err := openState(in, size)
	if err != nil {
		return State{}, err
	}
	return readState(r, signed, saved, trust)
}

// IsState tells whether that is a file of an earlier verification, and more
// than a bare checkpoint.
func IsState(raw []byte) bool { return bytes.HasPrefix(raw, []byte(stateHead)) }

// openState checks the sum of a file of that size, and reads the checkpoint
// and the keys from it; r stands behind them.
func openState(in io.ReadSeeker, size int64) (r *bufio.Reader, signed, saved []byte, err error) {
	const tail = len(stateSum) + 2*sha256.Size + 1
	body := size - int64(len(stateHead)+tail)
	if body < 0 {
		return nil, nil, nil, errors.New("the file of an earlier verification is cut short")
	}
	if err := checkSum(in, body); err != nil {
		return nil, nil, nil, err
	}
	if _, err := in.Seek(int64(len(stateHead)), io.SeekStart); err != nil {
		return nil, nil, nil, fmt.Errorf("read how far it was verified: %w", err)
	}
	r = bufio.NewReader(io.LimitReader(in, body))
	signed, ok := statePart(r, stateNote, min(body, MaxCheckpoint))
	if ok {
		saved, ok = statePart(r, stateKeys, body)
	}
	if end, err := r.ReadByte(); !ok || err != nil || end != '\n' {
		return nil, nil, nil, errMalformedState
	}
	return r, signed, saved, nil
}

var errMalformedState = errors.New("the file of an earlier verification is malformed")

// checkSum reads a file to its end and compares the sum over its first line
// and body with its last line.
func checkSum(in io.ReadSeeker, body int64) error {
	sum := sha256.New()
	_, err := in.Seek(0, io.SeekStart)
	if err == nil {
		_, err = io.CopyN(sum, in, int64(len(stateHead))+body)
	}
	line, more := io.ReadAll(io.LimitReader(in, MaxCheckpoint))
	if err := errors.Join(err, more); err != nil {
		return fmt.Errorf("read how far it was verified: %w", err)
	}
	if string(line) != stateSum+hex.EncodeToString(sum.Sum(nil))+"\n" {
		return errors.New("the file of an earlier verification is damaged or cut short")
	}
	return nil
}

// readState reads what stands behind the keys.
func readState(r *bufio.Reader, signed, saved []byte, trust Trust) (State, error) {
	keys, err := loadKeys(saved, trust)
	if err != nil {
		return State{}, fmt.Errorf("the file of an earlier verification: %w", err)
	}
	c, err := trust.Following(keys).Open(signed)
	if err != nil {
		return State{}, err
	}
	var editions map[string]string
	if begin, _ := r.Peek(len(stateBook)); string(begin) == stateBook {
		books, ok := statePart(r, stateBook, maxEditions)
		end, err := r.ReadByte()
		if !ok || err != nil || end != '\n' || json.Unmarshal(books, &editions) != nil {
			return State{}, errMalformedState
		}
	}
	heads, err := ledger.ReadHeads(r)
	if err == nil {
		if _, more := r.ReadByte(); more == nil {
			err = errors.Join(errors.New("bytes stand behind the heads"), heads.Close())
		}
	}
	if err != nil {
		return State{}, fmt.Errorf("the file of an earlier verification: %w", err)
	}
	return State{c, heads, keys, editions}, nil
}

// maxEditions bounds the digests of rulebooks in a state, in bytes.
const maxEditions = 16 << 20

// ParseStateTrust takes the file of an earlier verification for the keys to
// trust: those that the log had enrolled by then, each for as long as it
// counts. Whoever can change that file decides whom to trust.
func ParseStateTrust(raw []byte) (Trust, error) {
	_, signed, saved, err := openState(bytes.NewReader(raw), int64(len(raw)))
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

// statePart reads a part that stands behind its name and length.
func statePart(r *bufio.Reader, name string, longest int64) (part []byte, ok bool) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return nil, false
	}
	length, found := strings.CutPrefix(string(line[:len(line)-1]), name)
	n, err := strconv.ParseInt(length, 10, 64)
	if !found || err != nil || n < 0 || n > longest {
		return nil, false
	}
	part = make([]byte, n)
	_, err = io.ReadFull(r, part)
	return part, err == nil
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
