package notary

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// copyTries is how often a file of checkpoints is read until one of its slots
// is whole: only the one that is being written can be torn.
const copyTries = 10

// CopySigned copies the last checkpoints of the log in dir into the folder to,
// beside a process that signs on: first the one shown to others, then the one
// signed. What the store and the other files hold afterwards covers both. A
// file that is not there is not copied.
func CopySigned(ctx context.Context, dir, to string) error {
	for _, name := range []string{cosignedFile, signedFile} {
		err := copyNewest(ctx, filepath.Join(dir, name), filepath.Join(to, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("copy the last checkpoint: %w", err)
		}
	}
	return nil
}

// copyNewest writes a new file with the newest whole slot of another.
func copyNewest(ctx context.Context, from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() // only read
	s, _, found, err := readSlots(in)
	for try := 1; errors.Is(err, errDamagedSlots) && try < copyTries; try++ {
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
		s, _, found, err = readSlots(in)
	}
	if err != nil {
		return asDamagedSlots(err)
	}
	b := make([]byte, 2*slotSize)
	if found {
		whole, err := s.encode()
		if err != nil {
			return err
		}
		copy(b, whole)
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = out.Write(b)
	return errors.Join(err, out.Sync(), out.Close())
}
