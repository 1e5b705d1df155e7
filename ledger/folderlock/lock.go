// Package folderlock makes one process the only writer of a folder.
package folderlock

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/ledger"
)

// lockFile is the file in the data folder that the writing process locks. It
// stays behind when the process ends; only the lock on it has a meaning, and
// the operating system releases that even when the process is killed.
const lockFile = "LOCK"

// errHeld is what tryLock returns when someone else has the lock.
var errHeld = errors.New("held")

// Take makes this process the one writer of dir, or fails with
// [ledger.ErrLocked]. The returned file
// holds the lock until it is closed.
func Take(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w: %w", ledger.ErrReadOnly, err)
	}
	if err := tryLock(f); err != nil {
		defer f.Close()
		if errors.Is(err, errHeld) {
			return nil, fmt.Errorf("%w: %s is held by %s", ledger.ErrLocked, dir, holder(f))
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	// The process number only serves the error message of whoever comes
	// second, so failing to write it (a full disk) is no reason to stop.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return f, nil
}

// holder names the process that wrote its number into the lock file.
func holder(f *os.File) string {
	text, err := io.ReadAll(io.LimitReader(f, 32))
	pid := strings.TrimSpace(string(text))
	if _, bad := strconv.Atoi(pid); err != nil || bad != nil {
		return "another process"
	}
	return "process " + pid
}
