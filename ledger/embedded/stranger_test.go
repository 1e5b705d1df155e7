//go:build unix

package embedded

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

// runStranger runs readAsStranger. Permissions do not bind root, so root
// runs it as nobody.
func runStranger(t *testing.T, dir string) (stdout string, err error) {
	t.Helper()
	home, err := os.MkdirTemp("", "stranger")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	program := filepath.Join(home, "program")
	if err := errors.Join(os.Chmod(home, 0o755), copyFile(program, os.Args[0], 0o755)); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(program)
	child.Dir = home
	child.Env = append(os.Environ(), childVar+"=read "+dir)
	if os.Geteuid() == 0 {
		child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	out, err := child.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = errors.New(string(exit.Stderr))
	}
	return strings.TrimSpace(string(out)), err
}

// forEveryone makes a ledger of n events that everyone may read and nobody but
// root may write, in a place everyone can reach.
func forEveryone(t *testing.T, n int) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ledger")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		os.Chmod(dir, 0o700)
		os.RemoveAll(dir)
	})
	s := open(t, dir, Options{})
	if _, err := s.Append(t.Context(), "a", ledger.NoStream, entries(n)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// seal takes the write permission away.
func seal(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.Chmod(f, 0o444); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
}

func TestAUserWhoMayOnlyReadTheFolderCanReadTheLedger(t *testing.T) {
	t.Run("after a clean close", func(t *testing.T) {
		dir := forEveryone(t, 7)
		seal(t, dir)
		if out, err := runStranger(t, dir); out != "7" || err != nil {
			t.Fatalf("got %q, %v", out, err)
		}
	})
	t.Run("while a writer runs", func(t *testing.T) {
		if os.Geteuid() != 0 {
			t.Skip("needs two users: run as root")
		}
		dir := forEveryone(t, 7)
		s := open(t, dir, Options{})
		if _, err := s.Append(t.Context(), "b", ledger.NoStream, entries(2)); err != nil {
			t.Fatal(err)
		}
		seal(t, dir)
		if out, err := runStranger(t, dir); out != "9" || err != nil {
			t.Fatalf("got %q, %v", out, err)
		}
	})
	t.Run("but not from a bare copy, and is told why", func(t *testing.T) {
		dir := forEveryone(t, 7)
		for _, suffix := range []string{"-wal", "-shm"} {
			if err := os.Remove(filepath.Join(dir, dataFile+suffix)); err != nil {
				t.Fatal(err)
			}
		}
		seal(t, dir)
		_, err := runStranger(t, dir)
		if err == nil || !strings.Contains(err.Error(), "may not write to "+dir) {
			t.Fatalf("got error %v", err)
		}
	})
}

func copyFile(to, from string, mode os.FileMode) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func TestAReadOnlyMediumIsReadWithoutAnyLock(t *testing.T) {
	// Mounting one needs rights a test rarely has; what is proved here is
	// that an immutable connection reads the ledger and leaves no file.
	dir := made(t, 4)
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(filepath.Join(dir, dataFile+suffix)); err != nil {
			t.Fatal(err)
		}
	}
	registerDisk()
	s := &Store{file: opener{path: filepath.Join(dir, dataFile), vfs: diskVFS, immutable: true}}
	if err := s.check(); err != nil {
		t.Fatal(err)
	}
	s.readers = newPool(s.file, 1, make(chan struct{}))
	defer s.readers.close()
	last, _, err := s.Head(context.Background())
	if err != nil || last != 4 {
		t.Fatalf("got %s, %v", last, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, dataFile+"-*")); len(left) != 0 {
		t.Errorf("reading left %v", left)
	}
}
