package spreadsheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// maxRecord is the longest record accepted, in bytes. A quote that is never
// closed costs no more memory than this.
const maxRecord = 1 << 20

// maxRaw is how much of an unreadable record is quoted, in bytes.
const maxRaw = 4 << 10

// csvReader reads records as of RFC 4180, strictly, but goes on after a
// malformed one: with the next line after the one on which it began, so that
// a stray quote costs one line and not the rest of the file. Line ends are
// LF or CRLF, and LF in what it returns. Empty lines are passed over.
//
// It is used by one goroutine.
type csvReader struct {
	src       io.Reader
	delimiter string
	// width is the number of fields a record must have; 0 for any.
	width int
	// lossy: the source was transcoded, U+FFFD stands for what was invalid.
	lossy bool

	buf    []byte
	from   int // buf[from:] is not consumed
	ended  bool
	line   int // of buf[from]
	number int
}

func newCSVReader(src io.Reader, delimiter rune, lossy bool) *csvReader {
	return &csvReader{src: src, delimiter: string(delimiter), lossy: lossy, line: 1}
}

// next returns the next record; io.EOF after the last. Any other error is
// the source's.
func (r *csvReader) next() (record, error) {
	for {
		rest := r.buf[r.from:]
		if len(rest) == 0 && r.ended {
			return record{}, io.EOF
		}
		if n := emptyLine(rest, r.ended); n > 0 {
			r.from += n
			r.line++
			continue
		}
		got := scanRecord(rest, r.delimiter, r.ended)
		if got.more && len(rest) < maxRecord {
			if err := r.fill(); err != nil {
				return record{}, err
			}
			continue
		}
		if got.more || got.size > maxRecord {
			got = scanned{problem: "is longer than a record may be, or a quote in it is never closed"}
		}
		return r.take(rest, got)
	}
}

// emptyLine returns the length of the line end that rest begins with, or 0.
func emptyLine(rest []byte, ended bool) int {
	switch {
	case len(rest) > 0 && rest[0] == '\n':
		return 1
	case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
		return 2
	case ended && len(rest) == 1 && rest[0] == '\r':
		return 1
	}
	return 0
}

// take turns what was scanned into a record and consumes it.
func (r *csvReader) take(rest []byte, got scanned) (record, error) {
	rec := record{line: r.line, number: r.number + 1, fields: got.fields, problem: got.problem}
	r.number++
	if rec.problem == "" {
		rec.problem = unsound(rec.fields, r.width, r.lossy)
	}
	if got.size > 0 {
		if rec.problem != "" {
			rec.fields, rec.raw = nil, rawText(rest[:got.size])
		}
		r.from += got.size
		r.line += bytes.Count(rest[:got.size], []byte{'\n'})
		return rec, nil
	}
	raw, err := r.skipLine()
	rec.fields, rec.raw = nil, rawText(raw)
	return rec, err
}

// skipLine consumes up to the next line end and returns the beginning of
// what it passed over.
func (r *csvReader) skipLine() ([]byte, error) {
	var raw []byte
	for {
		rest := r.buf[r.from:]
		i := bytes.IndexByte(rest, '\n')
		end := i + 1
		if i < 0 {
			end = len(rest)
		}
		if room := maxRaw + 1 - len(raw); room > 0 {
			raw = append(raw, rest[:min(room, end)]...)
		}
		r.from += end
		if i >= 0 {
			r.line++
			return raw, nil
		}
		if r.ended {
			return raw, nil
		}
		if err := r.fill(); err != nil {
			return raw, err
		}
	}
}

// fill reads more of the source, at least one byte unless it has ended.
func (r *csvReader) fill() error {
	if r.from > 0 {
		r.buf = r.buf[:copy(r.buf, r.buf[r.from:])]
		r.from = 0
	}
	if len(r.buf) == cap(r.buf) {
		grown := make([]byte, len(r.buf), max(64<<10, 2*cap(r.buf)))
		copy(grown, r.buf)
		r.buf = grown
	}
	for range 100 {
		n, err := r.src.Read(r.buf[len(r.buf):cap(r.buf)])
		r.buf = r.buf[:len(r.buf)+n]
		if errors.Is(err, io.EOF) {
			r.ended = true
			return nil
		}
		if n > 0 || err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// scanned is the record at the beginning of some bytes.
type scanned struct {
	// size in bytes with its line end; 0 when a problem was found.
	size    int
	fields  []string
	problem string
	// more: it does not end within the bytes given.
	more bool
}

// scanRecord reads the record at the beginning of b. ended says that nothing
// follows b.
func scanRecord(b []byte, delimiter string, ended bool) scanned {
	eol := bytes.IndexByte(b, '\n')
	if eol < 0 && !ended {
		return scanned{more: true}
	}
	if eol < 0 {
		eol = len(b)
	}
	if bytes.IndexByte(b[:eol], '"') < 0 {
		line := strings.TrimSuffix(string(b[:eol]), "\r")
		return scanned{size: min(eol+1, len(b)), fields: strings.Split(line, delimiter)}
	}
	return scanQuoted(b, delimiter, ended)
}

// scanQuoted is scanRecord where quotes are involved.
func scanQuoted(b []byte, delimiter string, ended bool) scanned {
	var text []byte // of all fields, one after another
	var ends []int
	for pos := 0; ; {
		if pos < len(b) && b[pos] == '"' {
			n, t, state := scanQuotedField(b[pos+1:], text, ended)
			if state != quoteClosed {
				return scanned{more: state == quoteOpen && !ended, problem: state.problem()}
			}
			text, pos = t, pos+1+n
		} else {
			n := fieldEnd(b[pos:], delimiter)
			if n < 0 && !ended {
				return scanned{more: true}
			}
			if n < 0 {
				n = len(b) - pos
			}
			field := b[pos : pos+n]
			if bytes.IndexByte(field, '"') >= 0 {
				return scanned{problem: "has a quote within a field that does not begin with one"}
			}
			if pos+n == len(b) || b[pos+n] == '\n' {
				field = bytes.TrimSuffix(field, []byte{'\r'})
			}
			text, pos = append(text, field...), pos+n
		}
		ends = append(ends, len(text))
		rest := b[pos:]
		switch {
		case len(rest) == 0 && ended:
			return scanned{size: len(b), fields: cut(text, ends)}
		case bytes.HasPrefix(rest, []byte(delimiter)):
			pos += len(delimiter)
		case bytes.HasPrefix(rest, []byte("\n")):
			return scanned{size: pos + 1, fields: cut(text, ends)}
		case bytes.HasPrefix(rest, []byte("\r\n")):
			return scanned{size: pos + 2, fields: cut(text, ends)}
		case ended && string(rest) == "\r":
			return scanned{size: pos + 1, fields: cut(text, ends)}
		case !ended && len(rest) < max(2, len(delimiter)):
			return scanned{more: true}
		default:
			return scanned{problem: "has text after a closing quote (a quote within a quoted field is written twice)"}
		}
	}
}

type quoteState int

const (
	quoteClosed quoteState = iota
	quoteOpen
)

func (s quoteState) problem() string {
	if s == quoteOpen {
		return "has a quote that is never closed"
	}
	return ""
}

// scanQuotedField appends the content of a quoted field, whose opening quote
// was passed, and returns how many bytes it took with its closing quote.
func scanQuotedField(b, text []byte, ended bool) (int, []byte, quoteState) {
	for pos := 0; ; {
		i := bytes.IndexByte(b[pos:], '"')
		if i < 0 || pos+i+1 == len(b) && !ended {
			return 0, text, quoteOpen
		}
		text = append(text, bytes.ReplaceAll(b[pos:pos+i], []byte("\r\n"), []byte{'\n'})...)
		pos += i + 1
		if pos == len(b) || b[pos] != '"' {
			return pos, text, quoteClosed
		}
		text = append(text, '"')
		pos++
	}
}

// fieldEnd returns where an unquoted field ends, or -1.
func fieldEnd(b []byte, delimiter string) int {
	eol := bytes.IndexByte(b, '\n')
	line := b
	if eol >= 0 {
		line = b[:eol]
	}
	if i := bytes.Index(line, []byte(delimiter)); i >= 0 {
		return i
	}
	return eol
}

func cut(text []byte, ends []int) []string {
	all := string(text)
	out := make([]string, len(ends))
	from := 0
	for i, end := range ends {
		out[i], from = all[from:end], end
	}
	return out
}

func rawText(b []byte) string {
	b = bytes.TrimRight(b, "\r\n")
	if len(b) > maxRaw {
		b = b[:maxRaw]
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}
