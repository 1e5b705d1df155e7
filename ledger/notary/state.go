package notary

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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
// all they have is the checkpoint, where the streams ended under it.
type State struct {
	Checkpoint Checkpoint
	// Heads are nil when only the checkpoint is at hand.
	Heads *ledger.Heads
}

const (
	stateHead = "probity-verified/1\n"
	stateNote = "checkpoint "
	stateSum  = "sha256 "
)

// WriteFile keeps the state, whole or not at all.
func (s State) WriteFile(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("keep how far it was verified: %w", err)
	}
	defer os.Remove(f.Name()) // gone already once renamed
	sum := sha256.New()
	w := io.MultiWriter(f, sum)
	_, err = fmt.Fprintf(w, "%s%s%d\n%s", stateHead, stateNote, len(s.Checkpoint.Note), s.Checkpoint.Note)
	if err == nil {
		_, err = s.Heads.WriteTo(w)
	}
	if err == nil {
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

// ParseState reads a file that WriteFile wrote, or a bare checkpoint. The
// checkpoint must be signed under the trusted keys.
func ParseState(raw []byte, trust Trust) (State, error) {
	rest, ok := bytes.CutPrefix(raw, []byte(stateHead))
	if !ok {
		c, err := trust.Open(raw)
		return State{Checkpoint: c}, err
	}
	const tail = len(stateSum) + 2*sha256.Size + 1
	end := len(raw) - tail
	if end < len(stateHead) {
		return State{}, errors.New("the file of an earlier verification is cut short")
	}
	sum := sha256.Sum256(raw[:end])
	if string(raw[end:]) != stateSum+hex.EncodeToString(sum[:])+"\n" {
		return State{}, errors.New("the file of an earlier verification is damaged or cut short")
	}
	line, rest, _ := bytes.Cut(rest[:len(rest)-tail], []byte("\n"))
	length, found := strings.CutPrefix(string(line), stateNote)
	n, err := strconv.Atoi(length)
	if !found || err != nil || n < 0 || n > len(rest) {
		return State{}, errors.New("the file of an earlier verification is malformed")
	}
	c, err := trust.Open(rest[:n])
	if err != nil {
		return State{}, err
	}
	r := bufio.NewReader(bytes.NewReader(rest[n:]))
	heads, err := ledger.ReadHeads(r)
	if err == nil {
		if _, more := r.ReadByte(); more == nil {
			err = errors.New("bytes stand behind the heads")
		}
	}
	if err != nil {
		return State{}, fmt.Errorf("the file of an earlier verification: %w", err)
	}
	return State{c, heads}, nil
}
