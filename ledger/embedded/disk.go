package embedded

import (
	"errors"
	"io/fs"
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

// disk is the system's files with two changes to the write-ahead log.
//
// A log that does not fit says so. SQLite reports such a write as a plain I/O
// error and forgets the cause while it cleans up; but whether a commit failed
// for lack of room, and so for certain, or on a broken disk decides what the
// caller is told.
//
// A log that may not be written is opened for reading, as SQLite's own VFS
// does and the one used here does not; so a user who may only read the folder
// can read the ledger.
type disk struct{ vfs.VFSFilename }

func (d disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, given, err := d.VFSFilename.OpenFilename(name, flags)
	if flags&vfs.OPEN_WAL == 0 {
		return f, given, err
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		const writing = vfs.OPEN_READWRITE | vfs.OPEN_CREATE
		f, given, err = d.VFSFilename.OpenFilename(name, flags&^writing|vfs.OPEN_READONLY)
	}
	if err != nil {
		return nil, given, err
	}
	return logFile{f}, given, nil
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
