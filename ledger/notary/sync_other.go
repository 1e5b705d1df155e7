//go:build !linux

package notary

import "os"

// syncData puts what was written to a file on the disk.
func syncData(f *os.File) error { return f.Sync() }
