package doctor

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// fileSystems are those that are known by name, and whether locks and flushes
// can be relied on.
var fileSystems = map[int64]struct {
	name    string
	trusted bool
}{
	unix.EXT4_SUPER_MAGIC: {"ext4", true}, unix.XFS_SUPER_MAGIC: {"xfs", true}, unix.BTRFS_SUPER_MAGIC: {"btrfs", true},
	unix.OVERLAYFS_SUPER_MAGIC: {"an overlay, such as that of a container, which goes with it", true},
	unix.TMPFS_MAGIC:           {"memory (tmpfs), which is gone at the next start", true},
	unix.F2FS_SUPER_MAGIC:      {"f2fs", true}, 0x2fc12fc1: {"zfs", true},
	unix.NFS_SUPER_MAGIC: {"nfs, over the network", false}, unix.SMB_SUPER_MAGIC: {"smb, over the network", false},
	unix.SMB2_SUPER_MAGIC: {"smb, over the network", false}, unix.CIFS_SUPER_MAGIC: {"cifs, over the network", false},
	unix.AFS_SUPER_MAGIC: {"afs, over the network", false}, unix.CODA_SUPER_MAGIC: {"coda, over the network", false},
	unix.V9FS_MAGIC: {"9p, another machine's folder", false}, unix.FUSE_SUPER_MAGIC: {"fuse, a program's own file system", false},
	unix.CEPH_SUPER_MAGIC: {"ceph, over the network", false}, 0x0bd00bd0: {"lustre, over the network", false},
}

// fileSystem names the file system of a folder; empty where it is unknown.
func fileSystem(dir string) (name string, trusted bool, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return "", false, err
	}
	kind, ok := fileSystems[int64(s.Type)]
	if !ok {
		return "", true, nil
	}
	return kind.name, kind.trusted, nil
}

// flushTimes measures some flushes of a file that has no name, so that
// nothing is left of it whatever happens.
func flushTimes(dir string) ([]time.Duration, error) {
	fd, err := unix.Open(dir, unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make a file without a name: %w", err)
	}
	file := os.NewFile(uintptr(fd), "flush")
	defer file.Close()
	var out []time.Duration
	block := make([]byte, 4096)
	for range flushes {
		if _, err := file.Write(block); err != nil {
			return nil, err
		}
		start := time.Now()
		if err := file.Sync(); err != nil {
			return nil, err
		}
		out = append(out, time.Since(start))
	}
	return out, nil
}
