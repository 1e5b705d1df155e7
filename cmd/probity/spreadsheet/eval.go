package spreadsheet

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// ref names a column of an input by its slot (0, 1, 2…) or a let value by
// the complement of its number (-1, -2…).
type ref int

// cellError says why a row is rejected.
type cellError struct {
	column, value, reason string
}

func (e *cellError) Error() string { return e.column + ": " + e.reason }

func (f *field) reject(value, format string, args ...any) error {
	return &cellError{f.source, value, fmt.Sprintf(format, args...)}
}

// env is one row at work. It is used by one goroutine.
type env struct {
	in     *input
	zone   *time.Location
	tables []table
	fields []string // of the record
	slots  []int    // where in fields the column of a slot lies
	group  []*env   // all rows of the group, when there is one
	lets   []letValue
}

type letValue struct {
	known, ok bool
	text      string
	err       error
}

// invisible characters are trimmed like space: spreadsheets are full of them.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B' }

// get returns a column, trimmed, or a let value; not ok when it is absent.
func (e *env) get(r ref) (string, bool, error) {
	if r >= 0 {
		s := strings.TrimFunc(e.fields[e.slots[r]], blank)
		return s, !e.in.absent[s], nil
	}
	v := &e.lets[^r]
	if !v.known {
		v.known = true
		v.text, v.ok, v.err = e.in.lets[^r].value.text(e)
	}
	return v.text, v.ok, v.err
}

// fetch returns the text of the source before any step.
func (f *field) fetch(e *env) (string, bool, error) {
	switch {
	case f.constant != nil:
		return f.constant.text, true, nil
	case f.template != nil:
		return f.template.text(e)
	case f.lookup != nil:
		return f.lookup.fetch(e, f)
	case f.ref < 0:
		return e.get(f.ref)
	}
	s := e.fields[e.slots[f.ref]]
	absent := f.absent
	if absent == nil {
		absent = e.in.absent
	}
	trimmed := strings.TrimFunc(s, blank)
	if !f.keepSpace {
		s = trimmed
	}
	return s, !absent[trimmed], nil
}

// text returns the field's text after all steps; not ok when it is absent.
func (f *field) text(e *env) (string, bool, error) {
	s, ok, err := f.fetch(e)
	if err == nil && ok {
		s, ok, err = f.steps(s, ok)
	}
	if err == nil && ok {
		s, err = f.form(s, e.zone)
	}
	if err == nil && !ok && f.required {
		err = f.reject(s, "is absent")
	}
	return s, ok, err
}

// steps does everything up to the value map.
func (f *field) steps(s string, ok bool) (string, bool, error) {
	if f.ref < 0 || f.template != nil || f.lookup != nil {
		if !f.keepSpace {
			s = strings.TrimFunc(s, blank)
		}
		if s == "" || f.absent[s] {
			return s, false, nil
		}
	}
	was := s
	if f.match != nil {
		m := f.match.FindStringSubmatch(s)
		if m == nil {
			return s, false, f.reject(s, "does not match the pattern of the map")
		}
		s = m[len(m)-1]
	}
	switch f.fold {
	case "upper":
		s = strings.ToUpper(s)
	case "lower":
		s = strings.ToLower(s)
	}
	if f.slug {
		if s = slug(s); s == "" {
			return s, false, f.reject(was, "holds no letter or digit to make a name of")
		}
	}
	if f.values == nil {
		return s, ok, nil
	}
	to, known := f.values[s]
	switch {
	case known:
		return to, true, nil
	case f.otherwise == "reject":
		return s, false, f.reject(was, "is no value the map knows")
	}
	return s, f.otherwise == "keep", nil
}

// form brings the text into the form that commands take.
func (f *field) form(s string, zone *time.Location) (string, error) {
	switch {
	case f.dates != nil && f.instants:
		t, err := f.instant(s, zone)
		return t.UTC().Format(time.RFC3339), err
	case f.dates != nil:
		t, err := f.instant(s, zone)
		return t.Format(time.DateOnly), err
	case f.as == "integer":
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return s, f.reject(s, "is not a whole number")
		}
		return strconv.FormatInt(n, 10), nil
	case f.as == "boolean" && s != "true" && s != "false":
		return s, f.reject(s, "is neither true nor false; use a value map")
	}
	return s, nil
}

// slug keeps letters and digits in lower case and turns whatever lies
// between them into one hyphen.
func slug(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// appendJSON appends the value as JSON, or nothing when it is absent.
func (f *field) appendJSON(b []byte, e *env) ([]byte, bool, error) {
	start, present := len(b), false
	var err error
	switch {
	case f.object != nil:
		b, present, err = appendObject(b, f.object, e)
	case f.list != nil:
		b = append(b, '[')
		for _, item := range f.list {
			if b, present, err = appendItem(b, item, e, present); err != nil {
				return b, false, err
			}
		}
		b = append(b, ']')
	case f.each != nil:
		b = append(b, '[')
		for _, one := range e.group {
			if b, present, err = appendItem(b, f.each, one, present); err != nil {
				return b, false, err
			}
		}
		b = append(b, ']')
	case f.split != "":
		b, present, err = f.appendSplit(b, e)
	default:
		var s string
		if s, present, err = f.text(e); err == nil && present {
			b, err = f.appendText(b, s)
		}
	}
	if err != nil {
		return b, false, err
	}
	if !present {
		if f.required {
			return b, false, f.reject("", "is absent")
		}
		return b[:start], false, nil
	}
	return b, true, nil
}

// appendItem appends one element of a list; began says whether it follows
// another.
func appendItem(b []byte, f *field, e *env, began bool) ([]byte, bool, error) {
	start := len(b)
	if began {
		b = append(b, ',')
	}
	b, ok, err := f.appendJSON(b, e)
	if !ok {
		b = b[:start]
	}
	return b, began || ok, err
}

func appendObject(b []byte, fields []namedField, e *env) ([]byte, bool, error) {
	began, ok := false, false
	var err error
	b = append(b, '{')
	for _, nf := range fields {
		start := len(b)
		if began {
			b = append(b, ',')
		}
		if b, err = jsontext.AppendQuote(b, nf.name); err != nil {
			return b, false, fmt.Errorf("field name %q: %w", nf.name, err)
		}
		b = append(b, ':')
		if b, ok, err = nf.value.appendJSON(b, e); err != nil {
			return b, false, err
		}
		if !ok {
			b = b[:start]
		}
		began = began || ok
	}
	return append(b, '}'), began, nil
}

func (f *field) appendSplit(b []byte, e *env) ([]byte, bool, error) {
	whole, ok, err := f.fetch(e)
	if err != nil || !ok {
		return b, false, err
	}
	absent := f.absent
	if absent == nil {
		absent = e.in.absent
	}
	began := false
	b = append(b, '[')
	for s := range strings.SplitSeq(whole, f.split) {
		s = strings.TrimFunc(s, blank)
		if absent[s] {
			continue
		}
		s, ok, err := f.steps(s, true)
		if err == nil && ok {
			s, err = f.form(s, e.zone)
		}
		if err != nil {
			return b, false, err
		}
		if !ok {
			continue
		}
		if began {
			b = append(b, ',')
		}
		if b, err = f.appendText(b, s); err != nil {
			return b, false, err
		}
		began = true
	}
	return append(b, ']'), began, nil
}

func (f *field) appendText(b []byte, s string) ([]byte, error) {
	if f.raw || f.as != "text" {
		return append(b, s...), nil
	}
	b, err := jsontext.AppendQuote(b, s)
	if err != nil {
		return b, f.reject(s, "is not valid UTF-8")
	}
	return b, nil
}

// holds tells whether all conditions hold.
func holds(when []condition, e *env) (bool, error) {
	for _, c := range when {
		s, present, err := e.get(c.ref)
		if err != nil {
			return false, err
		}
		if c.present != nil && *c.present != present ||
			c.is != nil && !anyOf(c.is, s) ||
			c.not != nil && anyOf(c.not, s) {
			return false, nil
		}
	}
	return true, nil
}

func anyOf(list []scalar, s string) bool {
	for _, v := range list {
		if v.text == s {
			return true
		}
	}
	return false
}
