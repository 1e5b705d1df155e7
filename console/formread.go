package console

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/probity-ledger/probity/console/tongues"
)

const (
	// maxPost is the longest form in bytes, what is read of files included. No
	// endpoint of the house reads more.
	maxPost = 1 << 20
	// maxRows is how many structures one form takes, and how many ids.
	maxRows = 60
	// maxParts is how many fields and files a form may hold.
	maxParts = 2000
)

// errLongForm: a form, or a file in it, is longer than maxPost.
var errLongForm = errors.New("the form is too long")

// errNoForm: what was sent is no form.
var errNoForm = errors.New("this is no form")

// readForm reads what was posted. Of files the digest, type, size and name are
// entered in the rows of their field, and nothing is kept. With errLongForm
// comes what was read until then.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, errNoForm
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxPost)
	switch kind {
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return nil, longOr(err, errNoForm)
		}
		return r.PostForm, nil
	case "multipart/form-data":
		values := url.Values{}
		return values, readParts(multipart.NewReader(r.Body, params["boundary"]), values)
	}
	return nil, errNoForm
}

func longOr(err, other error) error {
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return errLongForm
	}
	return other
}

// readParts reads parts as they come; nothing is buffered on a disk.
func readParts(parts *multipart.Reader, values url.Values) error {
	for n := 0; ; n++ {
		if n == maxParts {
			return errLongForm
		}
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return longOr(err, errNoForm)
		}
		name := part.FormName()
		if member, ok := strings.CutSuffix(name, ".file"); ok {
			err = fileDocument(part, member, values)
		} else {
			var text []byte
			if text, err = io.ReadAll(part); err == nil {
				values.Add(name, string(text))
			}
		}
		if err != nil {
			return longOr(err, errNoForm)
		}
	}
}

// fileDocument enters what is filed of a document. A field of files that was
// left empty comes as one without a name.
func fileDocument(part *multipart.Part, member string, values url.Values) error {
	digest := sha256.New()
	size, err := io.Copy(digest, part)
	if err != nil || part.FileName() == "" && size == 0 {
		return err
	}
	media := "application/octet-stream"
	if said, _, err := mime.ParseMediaType(part.Header.Get("Content-Type")); err == nil && said != "" {
		media = said
	}
	n := 0
	for n < maxRows && values.Has(rowName(member, n, "digest")) {
		n++
	}
	values.Set(rowName(member, n, "name"), strings.Map(func(r rune) rune {
		if tongues.Unseen(r) {
			return -1
		}
		return r
	}, path.Base(strings.ReplaceAll(part.FileName(), `\`, "/"))))
	values.Set(rowName(member, n, "digest"), "sha256:"+hex.EncodeToString(digest.Sum(nil)))
	values.Set(rowName(member, n, "mediaType"), media)
	values.Set(rowName(member, n, "size"), strconv.FormatInt(size, 10))
	return nil
}

// rowName is what a field in a row is called: "findings.0.officer".
func rowName(member string, n int, name string) string {
	return member + "." + strconv.Itoa(n) + "." + name
}

// filled is a form as somebody filled it in: texts by the name of their field.
type filled struct {
	url.Values
	problems map[string]string // keys of words, by the name of the field
}

// said is a text as it is recorded.
func (f *filled) said(name string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(f.Get(name), "\r\n", "\n"), "\ufffd"))
}

// ids are those in a field of several: one to an input, or in one behind
// another.
func (f *filled) ids(name string) []string {
	var out []string
	for _, text := range f.Values[name] {
		out = append(out, strings.FieldsFunc(strings.ToValidUTF8(text, "\ufffd"), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、;；", r) })...)
	}
	return out
}

// rowsOf moves the rows of a field together, so that none is empty, and
// returns how many there are.
func (f *filled) rowsOf(member string, fields []field) int {
	n := 0
	for from := range maxRows {
		empty := true
		for _, one := range fields {
			empty = empty && f.said(rowName(member, from, one.name)) == ""
		}
		if empty {
			continue
		}
		for _, one := range fields {
			if was := rowName(member, from, one.name); n < from {
				f.Set(rowName(member, n, one.name), f.Get(was))
				f.Del(was)
			}
		}
		n++
	}
	return n
}

// read makes the input of a command out of what was typed, and notes what
// cannot be.
func (f *filled) read(fields []field, prefix string) map[string]any {
	out := map[string]any{}
	for _, one := range fields {
		name := prefix + one.name
		value := f.value(one, name)
		if value != nil {
			out[one.name] = value
		} else if one.required && f.problems[name] == "" {
			f.problems[name] = "form.need"
		}
	}
	return out
}

// value is what was entered in a field; nil where nothing was, or what cannot
// be.
func (f *filled) value(one field, name string) any {
	switch one.kind {
	case several:
		return f.list(one, name)
	case group:
		return f.structure(one, name)
	case rows, evidence:
		return f.structures(one, name)
	}
	text := f.said(name)
	if text == "" {
		return nil
	}
	var value any
	why := ""
	switch one.kind {
	case day:
		value, why = text, "form.day"
		if _, err := time.Parse(time.DateOnly, text); err == nil {
			why = ""
		}
	case whole:
		n, err := strconv.ParseInt(text, 10, 53)
		value = int(n)
		if err != nil || n < 0 {
			why = "form.whole"
		}
	case yesNo:
		value = text == "yes"
		if text != "yes" && text != "no" {
			why = "form.choose"
		}
	case choose:
		value, why = text, "form.choose"
		for _, known := range one.values {
			if known == text {
				why = ""
			}
		}
	default:
		value = text
	}
	if why != "" {
		f.problems[name] = why
		return nil
	}
	return value
}

func (f *filled) list(_ field, name string) any {
	var out []any
	for _, id := range f.ids(name) {
		out = append(out, id)
	}
	if len(out) > maxRows {
		f.problems[name] = "form.many"
	}
	if out == nil {
		return nil
	}
	return out
}

// structure reads a group; one in which nothing was entered is absent.
func (f *filled) structure(one field, name string) any {
	blank := true
	for _, inner := range one.fields {
		blank = blank && f.said(name+"."+inner.name) == ""
	}
	if blank {
		return nil
	}
	return f.read(one.fields, name+".")
}

func (f *filled) structures(one field, name string) any {
	var out []any
	for n := range f.rowsOf(name, one.fields) {
		out = append(out, f.read(one.fields, name+"."+strconv.Itoa(n)+"."))
	}
	for other := range f.Values { // more than a form shows would be left out unseen
		number, _, _ := strings.Cut(strings.TrimPrefix(other, name+"."), ".")
		if n, err := strconv.Atoi(number); strings.HasPrefix(other, name+".") && err == nil && n >= maxRows && f.said(other) != "" {
			f.problems[name] = "form.many"
		}
	}
	if out == nil {
		return nil
	}
	return out
}
