package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

// copyPages is how many pages are copied before the context is looked at: 4 MB.
const copyPages = 1024

// CopyTo writes a copy of the ledger, as it is at one moment, into a new file
// at path, and waits until it is on the disk. last and events say how far the
// copy reaches. It works beside a running writer, which never waits for it;
// until it ends, the write-ahead log is not begun anew and so grows by what is
// appended meanwhile. progress may be nil and is told of pages.
//
// An error, ctx's among them, leaves a file that is no ledger, or none.
func (s *Store) CopyTo(ctx context.Context, path string, progress func(done, total int64)) (last ledger.Position, events int64, err error) {
	if s.closed() {
		return 0, 0, ledger.ErrClosed
	}
	path, err = filepath.Abs(path)
	if err == nil {
		var fresh *os.File
		if fresh, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			err = fresh.Close()
		}
	}
	if err != nil {
		return 0, 0, fmt.Errorf("copy the ledger: %w", err)
	}
	r, err := newReader(s.file)
	if err != nil {
		return 0, 0, err
	}
	// The statement of the head stays open over the whole copy and holds the
	// snapshot, without which every append would make the copy begin again.
	last, events, err = r.lastPosition()
	if err == nil {
		err = copyPagesTo(ctx, r.conn, path, progress)
	}
	r.reset()
	if err = errors.Join(err, r.close()); err != nil {
		return 0, 0, err
	}
	return last, events, syncCopy(path)
}

func copyPagesTo(ctx context.Context, from *sqlite3.Conn, path string, progress func(done, total int64)) error {
	to := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path)}
	b, err := from.BackupInit("main", to.String())
	if err != nil {
		return storeError("copy the ledger", err)
	}
	for done := false; !done && err == nil; {
		if err = ctx.Err(); err == nil {
			done, err = b.Step(copyPages)
		}
		if progress != nil && err == nil {
			progress(int64(b.PageCount()-b.Remaining()), int64(b.PageCount()))
		}
	}
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), b.Close())
	}
	return storeError("copy the ledger", errors.Join(err, b.Close()))
}

// syncCopy makes the new file and its name survive a power cut.
func syncCopy(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("copy the ledger: %w", err)
	}
	return nil
}
