package notary

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncData puts what was written to a file on the disk, without its times.
func syncData(f *os.File) error { return unix.Fdatasync(int(f.Fd())) }
