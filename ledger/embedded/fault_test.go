package embedded

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/ncruces/go-sqlite3/vfs"

	"github.com/probity-ledger/probity/ledger"
)

// faulty is a file system whose log can be made to fail, and which counts how
// often the log is synced.
type faulty struct {
	vfs.VFSFilename
	syncs atomic.Int64
	write atomic.Pointer[error] // what writing to the log gives
	sync  atomic.Pointer[error] // what syncing the log gives
}

func (d *faulty) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := d.VFSFilename.OpenFilename(name, flags)
	if err != nil {
		return f, flags, err
	}
	if flags&vfs.OPEN_WAL != 0 {
		return &faultyLog{File: f, disk: d}, flags, nil
	}
	return f, flags, nil
}

type faultyLog struct {
	vfs.File
	disk *faulty
}

func (f *faultyLog) WriteAt(p []byte, off int64) (int, error) {
	if err := f.disk.write.Load(); err != nil {
		return 0, *err
	}
	return f.File.WriteAt(p, off)
}

func (f *faultyLog) Sync(flags vfs.SyncFlag) error {
	f.disk.syncs.Add(1)
	if err := f.disk.sync.Load(); err != nil {
		return *err
	}
	return f.File.Sync(flags)
}

// newFaulty puts a faulty file system below the disk, for one test.
func newFaulty(t *testing.T) (*faulty, Options) {
	t.Helper()
	d := &faulty{VFSFilename: vfs.Find("").(vfs.VFSFilename)}
	name := strings.ReplaceAll(uuid.NewString(), "-", "")
	vfs.Register(name, disk{d})
	t.Cleanup(func() { vfs.Unregister(name) })
	return d, Options{vfs: name}
}

func TestOneGroupCostsOneSync(t *testing.T) {
	d, opts := newFaulty(t)
	s := open(t, t.TempDir(), opts)
	at := ledger.NoStream
	appendTwo := func() {
		done, err := s.Append(t.Context(), "a", at, entries(2))
		if err != nil {
			t.Fatal(err)
		}
		at = done.Revision
	}
	appendTwo() // the first one also begins the log
	before := d.syncs.Load()
	for range 50 {
		appendTwo()
	}
	if got := d.syncs.Load() - before; got != 50 {
		t.Errorf("50 appends, one after the other, made %d syncs", got)
	}

	before = d.syncs.Load()
	const writers, each = 64, 10
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			stream := uuid.NewString()
			for i := range ledger.Revision(each) {
				if _, err := s.Append(t.Context(), stream, i-1, entries(1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := d.syncs.Load() - before; got > writers*each/2 {
		t.Errorf("%d concurrent appends made %d syncs, so they were not grouped", writers*each, got)
	}
}

func TestAFullDiskRefusesTheAppendAndTheStoreGoesOn(t *testing.T) {
	d, opts := newFaulty(t)
	s := open(t, t.TempDir(), opts)
	if _, err := s.Append(t.Context(), "a", ledger.NoStream, entries(2)); err != nil {
		t.Fatal(err)
	}
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT} {
		d.write.Store(&cause)
		batch := entries(3)
		for _, stream := range []string{"a", "new"} {
			expected := ledger.Revision(1)
			if stream == "new" {
				expected = ledger.NoStream
			}
			if _, err := s.Append(t.Context(), stream, expected, batch); !errors.Is(err, ledger.ErrFull) {
				t.Fatalf("got error %v, want ErrFull", err)
			}
		}
		if n, err := count(s, ledger.Start); n != 2 || err != nil {
			t.Fatalf("%d events are recorded, %v", n, err)
		}
		d.write.Store(nil)
	}
	for stream, expected := range map[string]ledger.Revision{"a": 1, "new": ledger.NoStream} {
		if _, err := s.Append(t.Context(), stream, expected, entries(1)); err != nil {
			t.Fatalf("with room again: %v", err)
		}
	}
	if n, err := count(s, ledger.Start); n != 4 || err != nil {
		t.Fatalf("%d events are recorded, %v", n, err)
	}
}

func TestAFailedSyncLeavesTheOutcomeUnknownAndStopsWriting(t *testing.T) {
	for name, cause := range map[string]error{"EIO": syscall.EIO, "ENOSPC": syscall.ENOSPC} {
		t.Run(name, func(t *testing.T) {
			d, opts := newFaulty(t)
			dir := t.TempDir()
			s := open(t, dir, opts)
			if _, err := s.Append(t.Context(), "a", ledger.NoStream, entries(1)); err != nil {
				t.Fatal(err)
			}
			d.sync.Store(&cause)
			batch := entries(1)
			if _, err := s.Append(t.Context(), "a", 0, batch); !errors.Is(err, ledger.ErrUnknownOutcome) {
				t.Fatalf("got error %v, want ErrUnknownOutcome", err)
			}
			// A later sync that succeeds says nothing about the one that failed.
			d.sync.Store(nil)
			if _, err := s.Append(t.Context(), "b", ledger.NoStream, entries(1)); err == nil || errors.Is(err, ledger.ErrUnknownOutcome) {
				t.Fatalf("the store should have stopped writing and said so: %v", err)
			}
			if n, err := count(s, ledger.Start); n != 1 || err != nil {
				t.Fatalf("%d events can be read, %v", n, err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			again := open(t, dir, Options{})
			done, err := again.Append(t.Context(), "a", 0, batch)
			if err != nil || done.Revision != 1 {
				t.Fatalf("the repeat gave %+v, %v", done, err)
			}
			if n, err := count(again, ledger.Start); n != 2 || err != nil {
				t.Fatalf("%d events are recorded, %v", n, err)
			}
		})
	}
}

func TestACapOnTheFileRefusesWhatDoesNotFit(t *testing.T) {
	dir := t.TempDir()
	const capPages = 100
	s := open(t, dir, Options{MaxPages: capPages})
	large := func() []ledger.Entry {
		batch := entries(10)
		for i := range batch {
			batch[i].Envelope = bytes.Repeat([]byte{byte(i)}, 4*pageSize)
		}
		return batch
	}
	at, recorded := ledger.NoStream, 0
	for {
		done, err := s.Append(t.Context(), "a", at, large())
		if errors.Is(err, ledger.ErrFull) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if at, recorded = done.Revision, recorded+10; recorded > capPages {
			t.Fatal("the cap does not bind")
		}
	}
	if n, err := count(s, ledger.Start); n != recorded || err != nil {
		t.Fatalf("%d events are recorded, %d were acknowledged, %v", n, recorded, err)
	}
	done, err := s.Append(t.Context(), "a", at, entries(1))
	if err != nil || done.Revision != at+1 {
		t.Fatalf("a small append that still fits gave %+v, %v", done, err)
	}
	s.pages.Store(10 * capPages)
	if done, err = s.Append(t.Context(), "a", done.Revision, large()); err != nil || done.Revision != at+11 {
		t.Fatalf("with a higher cap: %+v, %v", done, err)
	}
	if err := s.CheckHead(t.Context()); err != nil {
		t.Fatal(err)
	}
}
