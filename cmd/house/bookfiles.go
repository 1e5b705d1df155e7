package house

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/rulebook"
)

// rulebooksDir is where the rulebooks of an agency lie in its data folder.
const rulebooksDir = "rulebooks"

// ErrNoRulebook: the ledger adopted a rulebook whose file is not here.
var ErrNoRulebook = errors.New("the file of an adopted rulebook is missing")

var errNoFile = errors.New("no rulebook of that digest")

// BookFile is a file that holds a rulebook, or should.
type BookFile struct {
	// Path of the file; "" for one that comes with the program.
	Path   string
	Digest string
	// Book is what it holds; nil where Err says why not.
	Book *domain.Rulebook
	Err  error
}

// bookFiles are the files of a house, and those read already by digest. It
// is for one goroutine at a time.
type bookFiles struct {
	dir  string
	open map[string]*domain.Rulebook
	// others has the files of other replicas; nil where there are none.
	others otherBooks
}

// otherBooks has the files of the rulebooks that replicas adopted, by digest.
type otherBooks interface {
	PutRulebook(ctx context.Context, digest, name string, body []byte) error
	Rulebook(ctx context.Context, digest string) (name string, body []byte, err error)
}

// list reads the rulebook files of the folder, in the order of their names.
func (f *bookFiles) list(each func(path string, raw []byte, err error) (more bool)) error {
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the rulebooks: %w", err)
	}
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext != ".yaml" && ext != ".yml" {
			continue
		}
		path := filepath.Join(f.dir, e.Name())
		raw, err := readBook(path)
		if !each(path, raw, err) {
			return nil
		}
	}
	return nil
}

// readBook reads a file, but no pipe or device.
func readBook(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// What is longer is refused as too long, whatever follows.
	return io.ReadAll(io.LimitReader(f, rulebooks.MaxBytes+1))
}

// find returns the rulebook of the digest: one that comes with the program,
// or one of the folder. The error is errNoFile where there is none, and a
// *rulebooks.Error where it does not parse.
func (f *bookFiles) find(digest string) (*domain.Rulebook, error) {
	if book := f.open[digest]; book != nil {
		return book, nil
	}
	path, raw, err := f.source(digest)
	if err != nil {
		return nil, err
	}
	book, _, err := rulebooks.Parse(path, raw)
	if err == nil {
		f.open[digest] = book
	}
	return book, err
}

// source returns the bytes of the digest and where they lie.
func (f *bookFiles) source(digest string) (path string, raw []byte, err error) {
	err = f.list(func(at string, b []byte, err error) bool {
		if err == nil && rulebooks.Digest(b) == digest {
			path, raw = at, b
		}
		return raw == nil
	})
	if raw != nil || err != nil {
		return path, raw, err
	}
	for _, name := range rulebooks.Names() {
		if b, err := rulebooks.Source(name); err == nil && rulebooks.Digest(b) == digest {
			return name + ".yaml", b, nil
		}
	}
	return f.fetch(digest)
}

// fetch takes the file of another replica into the folder.
func (f *bookFiles) fetch(digest string) (path string, raw []byte, err error) {
	if f.others == nil {
		return "", nil, errNoFile
	}
	ctx, cancel := context.WithTimeout(context.Background(), othersWait)
	defer cancel()
	name, raw, err := f.others.Rulebook(ctx, digest)
	if err != nil {
		return "", nil, err
	}
	if raw == nil || rulebooks.Digest(raw) != digest {
		return "", nil, errNoFile
	}
	path = filepath.Join(f.dir, filepath.Base(name))
	if _, err := os.Stat(path); err == nil { // another file of that name
		path = filepath.Join(f.dir, strings.TrimPrefix(digest, "sha256:")+".yaml")
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return "", nil, fmt.Errorf("keep the rulebook: %w", err)
	}
	return path, raw, writeFile(path, raw, 0o644)
}

// share hands the file to the other replicas.
func (f *bookFiles) share(id, version, digest string, raw []byte) error {
	if f.others == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), othersWait)
	defer cancel()
	return f.others.PutRulebook(ctx, digest, bookName(id, version), raw)
}

// othersWait bounds how long other replicas are asked for a file.
const othersWait = 10 * time.Second

// keep makes sure that the file lies in the folder, and that other replicas
// have it, also one that comes with the program: the next program may come with
// another.
func (f *bookFiles) keep(id, version, digest string) error {
	path, raw, err := f.source(digest)
	if err == nil {
		err = f.share(id, version, digest, raw)
	}
	if err != nil || filepath.Dir(path) == f.dir {
		return err
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return fmt.Errorf("keep the rulebook: %w", err)
	}
	path = filepath.Join(f.dir, bookName(id, version))
	if _, err := os.Stat(path); err == nil {
		return domain.Refuse(domain.CodeConflict, "digest", "%s is another file, and would be replaced by the one that comes with the program; give it another name", path)
	}
	return writeFile(path, raw, 0o644)
}

// bookName is what the file of a version is called when nobody else names it.
func bookName(id, version string) string { return id + "-" + version + ".yaml" }

// adopted opens the file of an adopted version, and says what to do where it
// is not as it was adopted.
func (f *bookFiles) adopted(p rulebook.Period) (*domain.Rulebook, error) {
	id, version, digest := string(p.Rulebook), p.Version.Version, p.Digest
	book, err := f.find(digest)
	if err == nil {
		return book, nil
	}
	if !errors.Is(err, errNoFile) {
		return nil, fmt.Errorf("rulebook %s, version %s, is adopted from %s: %w", id, version, p.From, err)
	}
	err = fmt.Errorf("%w: rulebook %s, version %s, is in force from %s by the file of digest %s; put that file into %s, as %s",
		ErrNoRulebook, id, version, p.From, digest, f.dir, bookName(id, version))
	return nil, errors.Join(err, f.changed(id, version))
}

// changed finds a file that holds another form of the version.
func (f *bookFiles) changed(id, version string) error {
	var found error
	err := f.list(func(path string, raw []byte, err error) bool {
		if err != nil {
			return true
		}
		book, digest, err := rulebooks.Parse(path, raw)
		if err == nil && book.ID == id && book.Version == version {
			found = fmt.Errorf("%s says it is that version, but was changed: its digest is %s", path, digest)
		}
		if _, mistake := errors.AsType[*rulebooks.Error](err); mistake && filepath.Base(path) == bookName(id, version) {
			found = err
		}
		return found == nil
	})
	return errors.Join(err, found)
}

// Files lists the rulebook files of the folder, then those that come with the
// program.
func (b *Books) Files() ([]BookFile, error) {
	var out []BookFile
	add := func(path, name string, raw []byte, err error) {
		file := BookFile{Path: path, Err: err}
		if err == nil {
			file.Digest = rulebooks.Digest(raw)
			file.Book, _, file.Err = rulebooks.Parse(name, raw)
		}
		out = append(out, file)
	}
	err := b.files.list(func(path string, raw []byte, err error) bool {
		add(path, path, raw, err)
		return true
	})
	for _, name := range rulebooks.Names() {
		raw, err := rulebooks.Source(name)
		add("", name+".yaml", raw, err)
	}
	return out, err
}
