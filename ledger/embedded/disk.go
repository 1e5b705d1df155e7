package embedded

import (
	"errors"
	"sync"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// diskVFS is the name under which SQLite knows the disk below.
const diskVFS = "probity-ledger"

// registerDisk makes diskVFS known, once per process.
var registerDisk = sync.OnceFunc(func() {
	vfs.Register(diskVFS, disk{vfs.Find("").(vfs.VFSFilename)})
})

// disk is the system's files, except that a write-ahead log that does not fit
// says so. SQLite reports such a write as a plain I/O error and forgets the
// cause while it cleans up; but whether a commit failed for lack of room, and
// so for certain, or on a broken disk decides what the caller is told.
type disk struct{ vfs.VFSFilename }

func (d disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, given, err := d.VFSFilename.OpenFilename(name, flags)
	if err == nil && flags&vfs.OPEN_WAL != 0 {
		f = logFile{f}
	}
	return f, given, err
}

type logFile struct{ vfs.File }

func (f logFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.File.WriteAt(p, off)
	if noSpace(err) {
		err = vfs.SystemError(err, sqlite3.FULL)
	}
	return n, err
}

func noSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
