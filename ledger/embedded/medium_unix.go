//go:build unix

package embedded

import (
	"errors"

	"golang.org/x/sys/unix"
)

// readOnlyMedium reports whether the file system of path refuses every write.
func readOnlyMedium(path string) bool {
	return errors.Is(unix.Access(path, unix.W_OK), unix.EROFS)
}
