package notary

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
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
}

const (
	stateHead = "probity-verified/1\n"
	stateNote = "checkpoint "
	stateKeys = "keys "
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
// under the trusted keys, and the keys of events that were trusted when it was
// written must be trusted still; others are followed from the log.
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
	if string(begin) != stateHead {
		rest, err := io.ReadAll(io.LimitReader(in, MaxCheckpoint+1))
		if err != nil {
			return State{}, fmt.Errorf("read how far it was verified: %w", err)
		}
		c, err := trust.Open(append(begin, rest...))
		return State{Checkpoint: c}, err
	}
	const tail = len(stateSum) + 2*sha256.Size + 1
	body := size - int64(len(stateHead)+tail)
	if body < 0 {
		return State{}, errors.New("the file of an earlier verification is cut short")
	}
	if err := checkSum(in, begin, body); err != nil {
		return State{}, err
	}
	if _, err := in.Seek(int64(len(stateHead)), io.SeekStart); err != nil {
		return State{}, fmt.Errorf("read how far it was verified: %w", err)
	}
	return readState(bufio.NewReader(io.LimitReader(in, body)), body, trust)
}

// checkSum reads the body and compares the sum over it and what came before
// with the last line.
func checkSum(in io.Reader, begin []byte, body int64) error {
	sum := sha256.New()
	sum.Write(begin)
	_, err := io.CopyN(sum, in, body)
	line, more := io.ReadAll(io.LimitReader(in, MaxCheckpoint))
	if err := errors.Join(err, more); err != nil {
		return fmt.Errorf("read how far it was verified: %w", err)
	}
	if string(line) != stateSum+hex.EncodeToString(sum.Sum(nil))+"\n" {
		return errors.New("the file of an earlier verification is damaged or cut short")
	}
	return nil
}

// readState reads what stands between the first line and the last.
func readState(r *bufio.Reader, size int64, trust Trust) (State, error) {
	malformed := errors.New("the file of an earlier verification is malformed")
	signed, ok := statePart(r, stateNote, min(size, MaxCheckpoint))
	if !ok {
		return State{}, malformed
	}
	saved, ok := statePart(r, stateKeys, size)
	if !ok {
		return State{}, malformed
	}
	if end, err := r.ReadByte(); err != nil || end != '\n' {
		return State{}, malformed
	}
	c, err := trust.Open(signed)
	if err != nil {
		return State{}, err
	}
	keys, err := loadKeys(saved, trust)
	if err != nil {
		return State{}, fmt.Errorf("the file of an earlier verification: %w", err)
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
	return State{c, heads, keys}, nil
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
		if slices.Contains(then, id) {
			roots = append(roots, k)
		}
	}
	ring, err := ledger.NewKeyring(roots...)
	if err != nil {
		return nil, err
	}
	return ledger.LoadTrust(ring, saved)
}
