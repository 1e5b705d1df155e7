package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/ledger"
)

const (
	// The files of a webhook: its state without the position, the position,
	// what is asked of it, and what of that was taken up.
	hookState, hookPosition, hookAsk, hookTaken = ".json", ".position", ".ask", ".taken"

	// flushEvery is how often positions are brought to the disk.
	flushEvery = time.Second
)

// hookFolder keeps webhooks in the data folder.
//
// A position is written over the last one, by one write to a file and mostly
// without a flush: it outlives the program, while a power cut may take the
// last second or so, whose messages are sent again.
type hookFolder struct {
	dir string

	mu        sync.Mutex // guards what follows
	positions map[string]*positionFile
}

type positionFile struct {
	*os.File
	flushed time.Time
}

func newHookFolder(data string) *hookFolder {
	return &hookFolder{dir: filepath.Join(data, hooksDir), positions: map[string]*positionFile{}}
}

func (f *hookFolder) path(name, file string) string { return filepath.Join(f.dir, name+file) }

// Load implements [hooks.Keeper].
func (f *hookFolder) Load(_ context.Context, name string) (s hooks.State, found bool, err error) {
	raw, err := os.ReadFile(f.path(name, hookState))
	if errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(f.path(name, hookPosition))
		if errors.Is(err, fs.ErrNotExist) {
			return hooks.State{}, false, nil // its first Save did not come to its end
		}
	}
	var p uint64
	if err == nil {
		p, err = strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	}
	if err != nil {
		return s, false, fmt.Errorf("read how far webhook %s has come: %w", name, err)
	}
	s.Position = ledger.Position(p)
	return s, true, nil
}

// Save implements [hooks.Keeper]. The position comes last: with the one before
// a message is sent again, or given up again, which adds nothing to the list.
func (f *hookFolder) Save(_ context.Context, name string, s hooks.State) error {
	raw, err := json.Marshal(s)
	if err == nil {
		err = os.MkdirAll(f.dir, 0o700)
	}
	if err == nil {
		err = writeFile(f.path(name, hookState), raw, 0o600)
	}
	if err == nil {
		err = f.write(name, s.Position, true)
	}
	if err != nil {
		return fmt.Errorf("keep how far webhook %s has come: %w", name, err)
	}
	return nil
}

// Reach implements [hooks.Keeper].
func (f *hookFolder) Reach(_ context.Context, name string, p ledger.Position) error {
	if err := f.write(name, p, false); err != nil {
		return fmt.Errorf("keep how far webhook %s has come: %w", name, err)
	}
	return nil
}

func (f *hookFolder) write(name string, p ledger.Position, flush bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	file := f.positions[name]
	if file == nil {
		opened, err := os.OpenFile(f.path(name, hookPosition), os.O_WRONLY|os.O_CREATE, 0o600)
		if err != nil {
			return err
		}
		file = &positionFile{File: opened}
		f.positions[name] = file
	}
	if _, err := file.WriteAt(fmt.Appendf(nil, "%020d\n", uint64(p)), 0); err != nil {
		return err
	}
	if !flush && time.Since(file.flushed) < flushEvery {
		return nil
	}
	file.flushed = time.Now()
	return file.Sync()
}

// Ask implements [hooks.Keeper]. Who asks may be another user than the server,
// which has to read it; the folder is shut to all others.
func (f *hookFolder) Ask(_ context.Context, name string, a hooks.Ask) error {
	before, _, err := readAsk(f.path(name, hookAsk))
	var raw []byte
	if err == nil {
		raw, err = json.Marshal(hooks.Join(before, a))
	}
	if err == nil {
		err = os.MkdirAll(f.dir, 0o700)
	}
	if err == nil {
		err = writeFile(f.path(name, hookAsk), raw, 0o644)
	}
	if err != nil {
		return fmt.Errorf("ask webhook %s: %w", name, err)
	}
	return nil
}

// Asked implements [hooks.Keeper]. What is asked is moved out of the way of
// what may be asked meanwhile.
func (f *hookFolder) Asked(_ context.Context, name string) (hooks.Ask, bool, error) {
	taken := f.path(name, hookTaken)
	if a, found, err := readAsk(taken); found || err != nil {
		return a, found, err
	}
	if err := os.Rename(f.path(name, hookAsk), taken); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return hooks.Ask{}, false, err
	}
	return readAsk(taken)
}

// Answered implements [hooks.Keeper].
func (f *hookFolder) Answered(_ context.Context, name string) error {
	return os.Remove(f.path(name, hookTaken))
}

func readAsk(path string) (a hooks.Ask, found bool, err error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return a, false, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &a)
	}
	if err != nil {
		return a, false, fmt.Errorf("read what is asked of a webhook, %s: %w", path, err)
	}
	return a, true, nil
}

// close ends the writing; f may be nil.
func (f *hookFolder) close() error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var err error
	for _, file := range f.positions {
		err = errors.Join(err, file.Sync(), file.Close())
	}
	f.positions = map[string]*positionFile{}
	return err
}
