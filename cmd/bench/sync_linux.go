package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// fdatasync waits until what was written is on the disk, without its times.
func fdatasync(f *os.File) error { return unix.Fdatasync(int(f.Fd())) }
