package house

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger/seal"
)

// evidenceOf reads a file once, for what tells of it.
func evidenceOf(file intake.File) (domain.Evidence, error) {
	e := domain.Evidence{MediaType: file.MediaType}
	r, err := file.Open()
	if err != nil {
		return e, fmt.Errorf("read a file that was handed in: %w", err)
	}
	defer r.Close()
	sum := sha256.New()
	if e.Size, err = io.Copy(sum, io.LimitReader(r, maxFile+1)); err != nil {
		return e, fmt.Errorf("read a file that was handed in: %w", err)
	}
	e.Digest = "sha256:" + hex.EncodeToString(sum.Sum(nil))
	switch {
	case e.Size > maxFile:
		return e, intake.Refusal{Field: "files", Reason: fmt.Sprintf("a file may have %d MiB", maxFile>>20)}
	case e.Size == 0:
		return e, intake.Refusal{Field: "files", Reason: "a file is empty"}
	case len(file.Name) > maxFileName:
		return e, intake.Refusal{Field: "files", Reason: "the name of a file is too long"}
	}
	if _, _, err := mime.ParseMediaType(e.MediaType); err != nil || len(e.MediaType) > maxMediaType {
		return e, intake.Refusal{Field: "files", Reason: "a file is of no kind that is known"}
	}
	return e, domain.First(domain.CheckEvidence("files", []domain.Evidence{e}), domain.CheckOptionalText("files", file.Name))
}

// write encrypts one file into its place.
func (f *files) write(u *seal.Unlocked, key string, file intake.File, e domain.Evidence) (err error) {
	r, err := file.Open()
	if err != nil {
		return fmt.Errorf("read a file that was handed in: %w", err)
	}
	defer r.Close()
	path := f.path(key, e.Digest)
	name := filepath.Join(filepath.Dir(path), newFile+rand.Text())
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(name))
		}
	}()
	if err := errors.Join(sealInto(out, u, r, file.Name, e), out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Rename(name, path)
}

// sealInto writes head and content, and holds the content against the digest.
func sealInto(out io.Writer, u *seal.Unlocked, content io.Reader, name string, e domain.Evidence) error {
	head, err := json.Marshal(fileHead{name})
	if err != nil {
		return domain.Refuse(domain.CodeInvalid, "files", "the name of a file is not valid UTF-8")
	}
	head = filled(head)
	w, err := u.SealFile(fileField(e.Digest), out)
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = w.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(head))), head...))
	if err == nil {
		_, err = io.Copy(io.MultiWriter(w, sum), io.LimitReader(content, maxFile+1))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	if "sha256:"+hex.EncodeToString(sum.Sum(nil)) != e.Digest {
		return errors.New("a file changed while it was read")
	}
	return nil
}

// open opens what was put, behind its head. The error is fs.ErrNotExist
// where it is not there.
func (f *files) open(u *seal.Unlocked, key, digest string) (_ io.ReadCloser, name string, err error) {
	if f.dir == "" {
		return nil, "", fs.ErrNotExist
	}
	in, err := os.Open(f.path(key, digest))
	if err != nil {
		return nil, "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, in.Close())
		}
	}()
	r, err := u.OpenFile(fileField(digest), in)
	if err != nil {
		return nil, "", err
	}
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, "", err
	}
	raw := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(r, raw); err != nil {
		return nil, "", err
	}
	var head fileHead
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, "", fmt.Errorf("a file's head is of a form this version does not read: %w", err)
	}
	return struct {
		io.Reader
		io.Closer
	}{r, in}, head.Name, nil
}
