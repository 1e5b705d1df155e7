package intake

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

// stashTime is how long files wait for their form to be sent.
const stashTime = time.Hour

// maxStashed is how many files wait at most, each of which is open.
const maxStashed = 1000

// held is a file that was handed in. What is on the disk is encrypted under a
// key that is in memory alone, and has no name there where the system lets a
// file without one be: so a machine that is taken away tells nothing, and a
// killed process leaves nothing.
type held struct {
	Name, MediaType string
	Digest          string // 64 hex digits
	Size            int64
	Hints           []string // keys of words: what it may tell of who made it

	file  *os.File
	block cipher.Block
}

// sniffed is how much of a file is looked at for what it is and tells.
const sniffed = 256 << 10

// hold keeps what is read of a file. A file of more than MaxFile bytes is
// errLargeFile; where there is no room for it, errStashFull. Whoever does not add
// it to a form releases it.
func (s *stash) hold(name string, from io.Reader) (_ *held, err error) {
	file, err := os.CreateTemp(s.folder, "probity-intake-")
	if err != nil {
		return nil, err
	}
	f := &held{Name: name, file: file}
	defer func() {
		if err != nil {
			s.release(f)
		}
	}()
	_ = os.Remove(file.Name()) // where an open file cannot be removed, close does it
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	if f.block, err = aes.NewCipher(key[:]); err != nil {
		return nil, err
	}
	digest, head := sha256.New(), &beginning{}
	sealed := cipher.StreamWriter{S: f.stream(), W: file}
	if _, err = io.Copy(io.MultiWriter(room{s, f}, sealed, digest, head), io.LimitReader(from, MaxFile+1)); err != nil {
		return nil, err
	}
	if f.Size > MaxFile {
		return nil, errLargeFile
	}
	f.Digest, f.MediaType = hex.EncodeToString(digest.Sum(nil)), http.DetectContentType(head.bytes)
	f.Hints = tells(f.MediaType, head.bytes)
	return f, nil
}

// stream is the key stream of the file, from its beginning. The key is for
// this file alone, so it begins at zero.
func (f *held) stream() cipher.Stream { return cipher.NewCTR(f.block, make([]byte, aes.BlockSize)) }

// open reads the file.
func (f *held) open() (io.ReadCloser, error) {
	return io.NopCloser(cipher.StreamReader{S: f.stream(), R: io.NewSectionReader(f.file, 0, f.Size)}), nil
}

func (f *held) close() {
	_ = f.file.Close()
	_ = os.Remove(f.file.Name()) // it is gone already, mostly
}

// room makes room for what is written to a file, and counts it.
type room struct {
	stash *stash
	file  *held
}

func (r room) Write(p []byte) (int, error) {
	if err := r.stash.reserve(int64(len(p))); err != nil {
		return 0, err
	}
	r.file.Size += int64(len(p))
	return len(p), nil
}

// beginning keeps the first bytes of what is written.
type beginning struct{ bytes []byte }

func (b *beginning) Write(p []byte) (int, error) {
	if left := sniffed - len(b.bytes); left > 0 {
		b.bytes = append(b.bytes, p[:min(left, len(p))]...)
	}
	return len(p), nil
}

// stash keeps the files of forms that are not sent yet, by nonce.
type stash struct {
	folder string
	most   int64

	mu     sync.Mutex // guards what follows
	forms  map[string]*waiting
	bytes  int64 // of files that wait or come in
	files  int   // that wait
	closed bool
}

// waiting is one form. Whoever has its turn may change files and sent.
type waiting struct {
	turn  chan struct{} // holds one value while nobody has it
	files []*held
	// sent is the digest of what was received under the nonce; the files are
	// gone then.
	sent  string
	users int // who has it or waits for it; guarded by stash.mu
	used  time.Time
	timer *time.Timer
}

func newStash(folder string, most int64) *stash {
	return &stash{folder: folder, most: most, forms: map[string]*waiting{}}
}

var errStashFull = errors.New("too many files wait")

// enter waits for the turn of a form: two requests with one nonce, as by a
// double click, are answered one after the other. leave is to be called.
func (s *stash) enter(ctx context.Context, nonce string) (*waiting, error) {
	s.mu.Lock()
	form := s.forms[nonce]
	if form == nil {
		form = &waiting{turn: make(chan struct{}, 1)}
		form.turn <- struct{}{}
		s.forms[nonce] = form
	}
	form.users++
	s.mu.Unlock()
	select {
	case <-form.turn:
		return form, nil
	case <-ctx.Done():
		s.left(nonce, form)
		return nil, ctx.Err()
	}
}

// leave gives the turn back.
func (s *stash) leave(nonce string, form *waiting) {
	form.turn <- struct{}{}
	s.left(nonce, form)
}

// left counts who is gone. A form with nothing to keep is forgotten, any other
// after stashTime.
func (s *stash) left(nonce string, form *waiting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	form.users--
	if form.users > 0 || s.forms[nonce] != form {
		return
	}
	if s.closed || len(form.files) == 0 && form.sent == "" {
		s.forget(nonce, form)
		return
	}
	form.used = time.Now()
	if form.timer == nil {
		form.timer = time.AfterFunc(stashTime, func() { s.expire(nonce, form) })
	} else {
		form.timer.Reset(stashTime)
	}
}

func (s *stash) expire(nonce string, form *waiting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.forms[nonce] == form && form.users == 0 {
		s.forget(nonce, form)
	}
}

// forget drops a form that nobody uses. s.mu is held.
func (s *stash) forget(nonce string, form *waiting) {
	if form.timer != nil {
		form.timer.Stop()
	}
	delete(s.forms, nonce)
	for _, f := range form.files {
		s.bytes, s.files = s.bytes-f.Size, s.files-1
		f.close()
	}
	form.files = nil
}

// reserve makes room. Where too much waits, the form that was left alone the
// longest is forgotten.
func (s *stash) reserve(n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.bytes+n > s.most {
		if !s.forgetOldest() {
			return errStashFull
		}
	}
	s.bytes += n
	return nil
}

// release forgets a file that no form has.
func (s *stash) release(f *held) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes -= f.Size
	f.close()
}

// add gives a form another file, unless it has the same.
func (s *stash) add(form *waiting, f *held) error {
	if slices.ContainsFunc(form.files, func(other *held) bool { return other.Digest == f.Digest && other.Name == f.Name }) {
		s.release(f)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.files >= maxStashed {
		if !s.forgetOldest() {
			s.bytes -= f.Size
			f.close()
			return errStashFull
		}
	}
	s.files++
	form.files = append(form.files, f)
	return nil
}

// forgetOldest tells whether there was one with files. s.mu is held.
func (s *stash) forgetOldest() bool {
	oldest := ""
	for nonce, form := range s.forms {
		if form.users == 0 && len(form.files) > 0 && (oldest == "" || form.used.Before(s.forms[oldest].used)) {
			oldest = nonce
		}
	}
	if oldest == "" {
		return false
	}
	s.forget(oldest, s.forms[oldest])
	return true
}

// drop takes files from a form: those that drop says so of.
func (s *stash) drop(form *waiting, drop func(*held) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	form.files = slices.DeleteFunc(form.files, func(f *held) bool {
		if !drop(f) {
			return false
		}
		s.bytes, s.files = s.bytes-f.Size, s.files-1
		f.close()
		return true
	})
}

// close forgets what waits.
func (s *stash) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for nonce, form := range s.forms {
		if form.users == 0 {
			s.forget(nonce, form)
		}
	}
}
