package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The reasons not to read a form.
var (
	errForm      = errors.New("this is no form of these pages")
	errMedia     = errors.New("a form is sent in another form")
	errLarge     = errors.New("the request is too large")
	errLargeFile = errors.New("a file is too large")
)

// fields are what forms have, with the longest text of each in bytes.
var fields = map[string]int{
	"nonce": 32, "step": 16, "code": longestCode, "unit": 200, "category": 100, "summary": maxText, "place": maxText, "text": maxText,
	"name": maxDetail, "phone": maxDetail, "email": maxDetail, "address": maxDetail, "note": maxDetail,
}

// details are the fields that say who reports.
var details = []string{"name", "phone", "email", "address", "note"}

// lines are the fields that have several.
var lines = map[string]bool{"summary": true, "text": true, "note": true}

// form is what was sent. Its texts are as they were typed but for ends of
// lines, and may be longer than is taken: nothing that was typed is lost.
type form struct {
	text map[string]string
	// kept are digests of the files that the sender saw as handed in; drop
	// those that are not to be.
	kept, drop []string
	files      []*held
	wrong      []wrong
	waiting    *waiting
}

// wrong is what is wrong with a field. Key is of words; Said, if set, is what
// the desk says.
type wrong struct {
	Field, Key string
	Args       []any
	Said       string
}

func (f *form) refuse(field, key string, args ...any) {
	f.wrong = append(f.wrong, wrong{Field: field, Key: key, Args: args})
}

// reporter is who reports; nil where nothing of it is said.
func (f *form) reporter() *Reporter {
	r := Reporter{f.text["name"], f.text["phone"], f.text["email"], f.text["address"], f.text["note"]}
	if r == (Reporter{}) {
		return nil
	}
	return &r
}

// read reads a form, with its files unless takeFiles is false: it then ends at
// the first file. It has the turn of the form's nonce until done is called,
// which is to be called where there is no error.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, takeFiles bool) (_ *form, done func(), err error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, nil, errMedia
	}
	f := &form{text: map[string]string{}}
	done = func() {
		if f.waiting != nil {
			h.stash.leave(f.text["nonce"], f.waiting)
		}
	}
	defer func() {
		if err != nil {
			done()
			done = nil
		}
	}()
	switch kind {
	case "application/x-www-form-urlencoded":
		err = f.readPlain(w, r)
	case "multipart/form-data":
		err = h.readParts(w, r, f, params["boundary"], takeFiles)
	default:
		err = errMedia
	}
	if err == nil {
		err = h.settle(r.Context(), f)
	}
	return f, done, err
}

func (f *form) readPlain(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			return errLarge
		}
		return errForm
	}
	n := 0
	for name, values := range r.PostForm {
		for _, value := range values {
			if n++; n > maxParts {
				return errForm
			}
			if err := f.set(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// set takes a field. One that comes twice, or is not text, is no form of ours;
// fields that are not known are left aside.
func (f *form) set(name, value string) error {
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return errForm
	}
	switch name {
	case "kept", "drop":
		if raw, err := hex.DecodeString(value); err != nil || len(raw) != sha256.Size {
			return errForm
		}
		if name == "kept" {
			f.kept = append(f.kept, value)
		} else {
			f.drop = append(f.drop, value)
		}
		return nil
	}
	if _, known := fields[name]; !known {
		return nil
	}
	if _, twice := f.text[name]; twice {
		return errForm
	}
	value = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n").Replace(value)
	if !lines[name] {
		value = strings.ReplaceAll(value, "\n", " ")
	}
	f.text[name] = strings.TrimFunc(value, unicode.IsSpace)
	return nil
}

// enter takes the turn of the form, once its nonce is known.
func (h *Handler) enter(ctx context.Context, f *form) error {
	if f.waiting != nil {
		return nil
	}
	if !isNonce(f.text["nonce"]) {
		return errForm
	}
	var err error
	f.waiting, err = h.stash.enter(ctx, f.text["nonce"])
	return err
}

// settle says which files the form has. Those that the sender saw and that are
// not there any more are to be chosen again.
func (h *Handler) settle(ctx context.Context, f *form) error {
	if f.text["nonce"] == "" && len(f.kept) == 0 {
		return nil // a form without files
	}
	if err := h.enter(ctx, f); err != nil {
		return err
	}
	h.stash.drop(f.waiting, func(file *held) bool { return slices.Contains(f.drop, file.Digest) })
	f.files = slices.Clone(f.waiting.files)
	for _, digest := range f.kept {
		there := slices.ContainsFunc(f.files, func(file *held) bool { return file.Digest == digest })
		if !there && !slices.Contains(f.drop, digest) && f.waiting.sent == "" {
			f.refuse("files", "wrong.filesGone")
			break
		}
	}
	if len(f.files) > MaxFiles {
		f.refuse("files", "wrong.manyFiles", strconv.Itoa(MaxFiles))
	}
	return nil
}

// digest is that of all that would be received.
func (f *form) digest() string {
	sum := sha256.New()
	for _, name := range []string{"unit", "category", "summary", "place", "name", "phone", "email", "address", "note", "text", "code"} {
		fmt.Fprintf(sum, "%s %d %s\n", name, len(f.text[name]), f.text[name])
	}
	digests := slices.DeleteFunc(slices.Clone(f.kept), func(d string) bool { return slices.Contains(f.drop, d) })
	for _, file := range f.files {
		if !slices.Contains(digests, file.Digest) {
			digests = append(digests, file.Digest)
		}
	}
	slices.Sort(digests)
	fmt.Fprintf(sum, "%q", slices.Compact(digests))
	return hex.EncodeToString(sum.Sum(nil))
}

// handed are the files as the desk gets them.
func (f *form) handed() []File {
	var out []File
	for _, file := range f.files {
		out = append(out, File{Name: file.Name, MediaType: file.MediaType, Open: file.open, Size: file.Size})
	}
	return out
}
