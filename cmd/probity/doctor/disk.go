package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

const (
	// lowSpace is the free space below which the doctor warns, in bytes, and
	// shortTime how long the rest must last at the speed of up to now.
	lowSpace  = 1 << 30
	shortTime = 90 * 24 * time.Hour
	// slowFlush is a flush that an append would wait for noticeably.
	slowFlush = 20 * time.Millisecond
	flushes   = 9
)

// space looks at what is free, and how long it lasts.
func space(_ context.Context, p *Patient, f *Findings) {
	if _, err := p.theFolder(); err != nil {
		return // the folder's check says so
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(p.Dir, &s); err != nil {
		f.NotRun("ask the file system: %v", err)
		return
	}
	free := int64(s.Bavail) * int64(s.Bsize)
	used, since, err := usage(p.Dir)
	if err != nil {
		f.NotRun("measure the folder: %v", err)
		return
	}
	judgeSpace(f, free, used, p.Now().Sub(since))
	if s.Files > 0 && s.Ffree < 10_000 {
		f.Warn("make room, or move the folder to a file system with more of them", "only %d more files can be made", s.Ffree)
	}
}

// judgeSpace holds what is free against what was used in the time up to now.
func judgeSpace(f *Findings, free, used int64, during time.Duration) {
	const mend = "make room, or move the data folder to a larger disk; nothing acknowledged is lost when it is full, and nothing more is recorded"
	if free < lowSpace {
		f.Warn(mend, "only %d MB free", free>>20)
		return
	}
	text := fmt.Sprintf("%d GB free, %d MB used", free>>30, used>>20)
	if during < 24*time.Hour || used <= 0 {
		f.OK("%s", text)
		return
	}
	perDay := float64(used) / (during.Hours() / 24)
	days := float64(free) / perDay
	if lasts := shortTime.Hours() / 24; days < lasts {
		f.Warn(mend, "%s: at %.0f MB a day, as up to now, it is full in %.0f days", text, perDay/(1<<20), days)
		return
	}
	f.OK("%s: enough for %.0f days at %.1f MB a day, as up to now", text, min(days, 36_500), perDay/(1<<20))
}

// usage is what the folder takes, and since when it has been there.
func usage(dir string) (bytes int64, since time.Time, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
				return nil // a server beside us works on it
			}
			return err
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
		return nil
	})
	since = time.Now()
	if info, e := os.Stat(filepath.Join(dir, "origin")); e == nil {
		since = info.ModTime()
	}
	return bytes, since, err
}

// disk looks at the file system: whether its locks and flushes can be relied
// on, and how long a flush takes. The file it writes has no name.
func disk(_ context.Context, p *Patient, f *Findings) {
	if _, err := p.theFolder(); err != nil {
		return
	}
	kind, trusted, err := fileSystem(p.Dir)
	switch {
	case err != nil:
		f.NotRun("ask for the file system: %v", err)
	case !trusted:
		f.Fail("move the data folder to a disk of this machine, or keep events in a KurrentDB and views in a PostgreSQL (docs/settings.md)",
			fmt.Errorf("%s lies on %s: locks and flushes cannot be relied on there, and two processes may write at once", p.Dir, kind))
	case kind != "":
		f.OK("the folder lies on %s", kind)
	}
	took, err := flushTimes(p.Dir)
	if err != nil {
		f.NotRun("measure a flush: %v", err)
		return
	}
	slices.Sort(took)
	judgeFlush(f, took[len(took)/2], took[len(took)-1])
}

func judgeFlush(f *Findings, median, worst time.Duration) {
	text := fmt.Sprintf("a flush takes %s, at worst %s", median.Round(10*time.Microsecond), worst.Round(10*time.Microsecond))
	switch {
	case median > slowFlush:
		f.Warn("a group of appends waits for one flush: use a faster disk where many record at once", "%s: slow", text)
	default:
		f.OK("%s", text)
	}
}
