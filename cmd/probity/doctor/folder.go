package doctor

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ownFiles are the files of a data folder that nobody else may read.
var ownFiles = []string{"ledger.key", "ledger.key.next", "notary.key", "notary.key.next", "issuer.pem", "log/index/index-secret"}

// folder looks at the data folder: there, ours, and closed to others.
func folder(_ context.Context, p *Patient, f *Findings) {
	info, err := p.theFolder()
	if err != nil {
		f.Fail("", err)
		return
	}
	f.OK("%s", p.Dir)
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		f.Warn("chmod 700 "+p.Dir, "others may look into it (mode %v)", mode)
	}
	if uid, ok := ownerOf(info); ok && uid != os.Geteuid() && os.Geteuid() != 0 {
		f.Warn(fmt.Sprintf("run the program as its owner, or chown -R it to user %d", os.Geteuid()), "it belongs to user %d, and this is user %d", uid, os.Geteuid())
	}
	for _, name := range []string{"ledger.db", "log", "vault"} {
		path := filepath.Join(p.Dir, name)
		in, err := os.Stat(path)
		if err != nil {
			continue
		}
		if uid, ok := ownerOf(in); ok {
			if whole, _ := ownerOf(info); uid != whole {
				f.Fail(fmt.Sprintf("chown -R %d %s", whole, p.Dir), fmt.Errorf("%s belongs to user %d, the folder to user %d: a verb was run as somebody else", path, uid, whole))
			}
		}
	}
}

func ownerOf(info fs.FileInfo) (uid int, ok bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}

// secrets looks whether others may read what is secret.
func secrets(_ context.Context, p *Patient, f *Findings) {
	files := p.Secrets
	for _, name := range ownFiles {
		files = append(files, File{name, filepath.Join(p.Dir, name)})
	}
	open, looked := 0, 0
	for _, file := range files {
		info, err := os.Stat(file.Path)
		if err != nil { // whoever needs it says so
			continue
		}
		looked++
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			open++
			f.about(file, mode)
		}
	}
	if open == 0 && looked > 0 {
		f.OK("%d files are closed to others", looked)
	}
}

// about says that others may read a file; the signing key has a name of its
// own among the findings.
func (f *Findings) about(file File, mode fs.FileMode) {
	subject := f.subject
	mend := "chmod 600 " + file.Path
	if file.Setting == "ledger.key" {
		f.About("key")
		mend += ", and think about a new key: who read it may have copied it"
	}
	// A group of one's own may read what a Kubernetes secret or systemd hands over.
	if mode&0o007 == 0 && mode&0o020 == 0 && !filepath.IsLocal(file.Setting) {
		f.Warn(mend, "its group may read %s (mode %v)", file.Path, mode)
	} else {
		f.Fail(mend, fmt.Errorf("others may read %s (mode %v)", file.Path, mode))
	}
	f.About(subject)
}
