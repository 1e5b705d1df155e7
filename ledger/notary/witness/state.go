package witness

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// The files of a witness' folder.
const (
	originsFile = "origins"
	ledgersDir  = "ledgers"
	evidenceDir = "evidence"
)

const (
	stateHead = "probity-witness/1\n"
	stateTime = "time "
	stateSum  = "sha256 "
)

// state is what is remembered of a ledger: the checkpoint cosigned last, as
// the ledger signed it, and the time of the cosignature. Without a note
// nothing was cosigned yet.
type state struct {
	size int64
	root tlog.Hash
	note []byte
	at   int64 // seconds since 1970
}

func (s state) marshal() []byte {
	b := fmt.Appendf(nil, "%s%s%d\n%s", stateHead, stateTime, s.at, s.note)
	return fmt.Appendf(b, "%s%x\n", stateSum, sha256.Sum256(b))
}

// parseState reads what marshal wrote.
func parseState(raw []byte) (state, error) {
	const tail = len(stateSum) + 2*sha256.Size + 1
	end := len(raw) - tail
	if end < len(stateHead) || len(raw) > notary.MaxCheckpoint+1024 {
		return state{}, errors.New("it is cut short or too long")
	}
	sum := sha256.Sum256(raw[:end])
	if string(raw[end:]) != stateSum+hex.EncodeToString(sum[:])+"\n" {
		return state{}, errors.New("it is damaged: its checksum is wrong")
	}
	rest, found := bytes.CutPrefix(raw[:end], []byte(stateHead))
	line, signed, whole := bytes.Cut(rest, []byte("\n"))
	at, isTime := strings.CutPrefix(string(line), stateTime)
	s := state{note: signed}
	var err error
	if s.at, err = strconv.ParseInt(at, 10, 64); !found || !whole || !isTime || err != nil || s.at < 0 || strconv.FormatInt(s.at, 10) != at {
		return state{}, errors.New("it is malformed")
	}
	text, _, found := strings.Cut(string(signed), "\n\n")
	c, err := torchwood.ParseCheckpoint(text + "\n")
	if err != nil || !found {
		return state{}, fmt.Errorf("it holds no checkpoint: %w", err)
	}
	s.size, s.root = c.N, c.Hash
	return s, nil
}

// fileOf names the file of a ledger; an origin may hold any characters.
func fileOf(origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return hex.EncodeToString(sum[:16])
}

func (w *Witness) statePath(origin string) string {
	return filepath.Join(w.dir, ledgersDir, fileOf(origin))
}

// loadOrigins reads for which ledgers this witness ever cosigned.
func (w *Witness) loadOrigins() error {
	raw, err := os.ReadFile(filepath.Join(w.dir, originsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return lost("%s is missing", originsFile)
	}
	if err != nil {
		return fmt.Errorf("open the witness: %w", err)
	}
	w.origins = map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		if origin, whole := strings.CutSuffix(line, "\n"); whole { // what is cut short was never answered
			w.origins[origin] = true
		}
	}
	for origin := range w.origins {
		if _, err := os.Stat(w.statePath(origin)); err != nil {
			return lost("the file %s of the ledger %q is missing", filepath.Join(ledgersDir, fileOf(origin)), origin)
		}
	}
	return nil
}

func lost(format string, args ...any) error {
	return &ledger.IntegrityError{What: "the witness' memory is not whole: " + fmt.Sprintf(format, args...)}
}

// loadState reads what is remembered of a ledger.
func (w *Witness) loadState(origin string) (state, error) {
	path := w.statePath(origin)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, nil
	}
	if err != nil {
		return state{}, fmt.Errorf("open the witness: %w", err)
	}
	s, err := parseState(raw)
	if first, _, _ := strings.Cut(string(s.note), "\n"); err == nil && first != origin {
		err = fmt.Errorf("it is of the ledger %q", first)
	}
	if err != nil {
		return state{}, lost("%s, of the ledger %q: %v", path, origin, err)
	}
	return s, nil
}

// keep puts the state of a ledger on the disk.
func (w *Witness) keep(origin string, s state) error {
	if err := writeFile(w.statePath(origin), s.marshal(), 0o644); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.origins[origin] {
		return nil
	}
	// The whole list again: so few lines are written only when a ledger is new.
	var b bytes.Buffer
	for o := range w.origins {
		b.WriteString(o + "\n")
	}
	b.WriteString(origin + "\n")
	if err := writeFile(filepath.Join(w.dir, originsFile), b.Bytes(), 0o644); err != nil {
		return err
	}
	w.origins[origin] = true
	return nil
}

// after returns the time of the next cosignature: now, or that of the last
// one where the clock went back.
func (s state) after(now time.Time) time.Time {
	return time.Unix(max(now.Unix(), s.at), 0)
}

// writeFile writes a file so that a crash leaves the old one or the new one,
// and returns when it is on the disk.
func writeFile(path string, raw []byte, mode os.FileMode) error {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("keep the witness' memory: %w", err)
	}
	_, err = f.Write(raw)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("keep the witness' memory: %w", err)
	}
	return nil
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
