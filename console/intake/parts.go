package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// gauge lets a request be as large as what has been met of it explains, and its
// sender be silent for no longer than patience once there are files.
type gauge struct {
	from     io.Reader
	left     int64
	deadline func(read int64) error // nil before there are files
	read     int64                  // so far
	failed   error                  // what ended the reading before its end
}

func (g *gauge) Read(p []byte) (n int, err error) {
	switch {
	case g.left <= 0:
		err = errLarge
	case g.deadline != nil:
		err = g.deadline(g.read)
	}
	if err == nil {
		n, err = g.from.Read(p[:min(int64(len(p)), g.left)])
		g.left -= int64(n)
		g.read += int64(n)
	}
	if err != nil && err != io.EOF {
		g.failed = err
	}
	return n, err
}

// readParts reads a form in parts: texts first, then files, as our pages have
// them.
func (h *Handler) readParts(w http.ResponseWriter, r *http.Request, f *form, boundary string, takeFiles bool) error {
	if boundary == "" || len(boundary) > 200 {
		return errForm
	}
	body := &gauge{from: r.Body, left: maxForm}
	parts := multipart.NewReader(body, boundary)
	uploading := false
	defer func() {
		if uploading {
			h.limits.leave()
		}
	}()
	for range maxParts {
		part, err := parts.NextRawPart()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return readError(err)
		}
		if !isFile(part) {
			if err := f.readText(part); err != nil {
				return err
			}
			continue
		}
		if part.FormName() != "files" {
			return errForm
		}
		if part.FileName() == "" { // none was chosen
			continue
		}
		if !takeFiles {
			f.refuse("files", "wrong.filesAgain")
			return nil
		}
		if !uploading {
			if uploading = h.limits.upload(); !uploading {
				w.Header().Set("Retry-After", busyFor)
				f.refuse("files", "wrong.filesBusy")
				return nil
			}
			body.left, body.deadline = MaxRequest, patient(w)
		}
		err = h.readFile(r.Context(), f, part)
		if err != nil && body.failed != nil {
			err = readError(body.failed)
		}
		switch {
		case err == nil:
		case errors.Is(err, errLarge):
			f.refuse("files", "wrong.filesLarge")
			body.drain()
			return nil
		case errors.Is(err, errStashFull):
			w.Header().Set("Retry-After", busyFor)
			f.refuse("files", "wrong.filesBusy")
			body.drain()
			return nil
		default:
			return err
		}
	}
	return errForm
}

// busyFor is how many seconds to wait where too many hand in files.
const busyFor = "60"

// drain reads over as much again as a request may have: a browser that is
// still sending shows no answer.
func (g *gauge) drain() {
	g.left = MaxRequest
	_, _ = io.Copy(io.Discard, g) // what went wrong is said already
}

// isFile tells whether a part is one, even of none.
func isFile(part *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return false
	}
	_, named := params["filename"]
	return named
}

func (f *form) readText(part *multipart.Part) error {
	name := part.FormName()
	if name == "" || part.Header.Get("Content-Transfer-Encoding") != "" {
		return errForm
	}
	raw, err := io.ReadAll(io.LimitReader(part, maxForm+1))
	switch {
	case err != nil:
		return readError(err)
	case len(raw) > maxForm:
		return errLarge
	}
	return f.set(name, string(raw))
}

func readError(err error) error {
	if errors.Is(err, errLarge) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return errLarge
	}
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return errLarge
	}
	return fmt.Errorf("%w: %w", errForm, err)
}

// patient moves the deadlines of a request on whenever something is read, as long
// as what was read came at slowest.
func patient(w http.ResponseWriter) func(read int64) error {
	c, begun := http.NewResponseController(w), time.Now()
	return func(read int64) error {
		now := time.Now()
		if took := now.Sub(begun); took > longest || took > 2*patience+time.Duration(read/slowest)*time.Second {
			return context.DeadlineExceeded
		}
		_ = c.SetReadDeadline(now.Add(patience)) // writers of tests know none
		_ = c.SetWriteDeadline(now.Add(2 * patience))
		return nil
	}
}

// readFile takes one file.
func (h *Handler) readFile(ctx context.Context, f *form, part *multipart.Part) error {
	if err := h.enter(ctx, f); err != nil {
		return err
	}
	name := fileName(part.FileName())
	if len(f.waiting.files)+1 > 2*MaxFiles {
		return errLarge
	}
	file, err := h.stash.hold(name, part)
	switch {
	case errors.Is(err, errLargeFile):
		f.refuse("files", "wrong.largeFile", name)
		return nil // what is left of the part is read over
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errForm
	case err != nil:
		return err
	case file.Size == 0:
		h.stash.release(file)
		f.refuse("files", "wrong.emptyFile", name)
		return nil
	}
	return h.stash.add(f.waiting, file)
}

// fileName is a name as it may be kept: the last part of a path, without what
// is not seen or breaks lines, of maxName bytes with its ending.
func fileName(s string) string {
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029' || strings.ContainsRune(`"<>|:*?`, r) {
			return -1
		}
		return r
	}, s)
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '.' })
	if len(s) > maxName {
		ending := ""
		if dot := strings.LastIndexByte(s, '.'); dot >= 0 && len(s)-dot <= 12 {
			ending = s[dot:]
		}
		cut := maxName - len(ending)
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + ending
	}
	if s == "" {
		return "file"
	}
	return s
}
