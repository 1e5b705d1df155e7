package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

func TestASecondWriterIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	_, err := Open(dir, Options{})
	if !errors.Is(err, ledger.ErrLocked) {
		t.Fatalf("got error %v, want ErrLocked", err)
	}
	for _, want := range []string{dir, fmt.Sprintf("process %d", os.Getpid())} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %q", err, want)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir, Options{})
}

func TestAFailedOpenLeavesTheFolderUnlocked(t *testing.T) {
	dir := made(t, 1)
	path := filepath.Join(dir, dataFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	overwrite(t, path, 0, 16)
	if _, err := Open(dir, Options{}); err == nil {
		t.Fatal("a damaged ledger was opened")
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, dir, Options{})
}

func TestTheFolderIsMadeForAWriterOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if _, err := Open(dir, Options{ReadOnly: true}); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("got error %v, want that there is nothing", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("a reader made the folder: %v", err)
	}
	open(t, dir, Options{})
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has mode %v", info.Mode())
	}
}

func TestAFolderThatCannotBeWrittenIsReadOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		if _, err := Open(dir, Options{}); !errors.Is(err, ledger.ErrReadOnly) {
			t.Errorf("%s: got error %v, want ErrReadOnly", dir, err)
		}
	}
}

func TestAReadOnlyStoreReadsBesideAWriter(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, Options{})
	if _, err := w.Append(t.Context(), "a", ledger.NoStream, entries(3)); err != nil {
		t.Fatal(err)
	}
	r := open(t, dir, Options{ReadOnly: true})
	if _, err := r.Append(t.Context(), "a", 2, entries(1)); !errors.Is(err, ledger.ErrReadOnly) {
		t.Fatalf("got error %v, want ErrReadOnly", err)
	}
	n := 0
	for e, err := range r.Subscribe(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 { // caught up: what comes now, another store writes
			if _, err := w.Append(t.Context(), "a", e.Revision, entries(2)); err != nil {
				t.Fatal(err)
			}
		}
		if n == 5 {
			break
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := count(r, ledger.Start); n != 5 || err != nil {
		t.Fatalf("after the writer has gone: %d events, %v", n, err)
	}
}

func TestOpeningForReadingWhileAWriterCommitsFindsNothingWrong(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, Options{})
	stop, failed := make(chan struct{}), make(chan error, 1)
	go func() {
		for at := ledger.NoStream; ; at++ {
			select {
			case <-stop:
				failed <- nil
				return
			default:
			}
			if _, err := w.Append(context.Background(), "a", at, entries(1)); err != nil {
				failed <- err
				return
			}
		}
	}()
	for range 40 {
		r, err := Open(dir, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := count(r, ledger.Start); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(r.CheckHead(t.Context()), r.Close()); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
}

func TestAReadOnlyStoreEndsItsSubscriptions(t *testing.T) {
	r := open(t, made(t, 1), Options{ReadOnly: true})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range r.Subscribe(ctx, ledger.Start) {
		last = err
		cancel()
	}
	if !errors.Is(last, context.Canceled) {
		t.Fatalf("got error %v", last)
	}
}

func TestACleanCloseLeavesOneCompleteFile(t *testing.T) {
	dir, copied := t.TempDir(), t.TempDir()
	s := open(t, dir, Options{})
	if _, err := s.Append(t.Context(), "a", ledger.NoStream, entries(10)); err != nil {
		t.Fatal(err)
	}
	if _, err := count(s, ledger.Start); err != nil { // so that readers are open, too
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, dataFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(copied, dataFile), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := count(open(t, copied, Options{ReadOnly: true}), ledger.Start); n != 10 || err != nil {
		t.Fatalf("the copy gave %d events, %v", n, err)
	}
}

func TestHeadTellsHowFarTheLedgerReaches(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	for i := range ledger.Revision(3) {
		last, n, err := s.Head(t.Context())
		if err != nil || last != ledger.Position(2*i) || n != int64(2*i) {
			t.Fatalf("got %s, %d, %v after %d events", last, n, err, 2*i)
		}
		if _, err := s.Append(t.Context(), "a", 2*i-1, entries(2)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheFolderMayHaveAnyName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "50% of a? b#c &d=e 数据")
	s := open(t, dir, Options{})
	if _, err := s.Append(t.Context(), "a", ledger.NoStream, entries(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, dataFile)); err != nil {
		t.Fatalf("the ledger is not in its folder: %v", err)
	}
	if n, err := count(open(t, dir, Options{ReadOnly: true}), ledger.Start); n != 1 || err != nil {
		t.Fatalf("read %d events, %v", n, err)
	}
}
