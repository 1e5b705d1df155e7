package spreadsheet

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// sniffed is how a file seems to be written.
type sniffed struct {
	in       *input // encoding, delimiter, header, sheet
	guessed  bool   // the encoding could be another
	workbook bool
	sheets   []string // where there are several
}

// alike tells whether two files are written in the same way.
func (s sniffed) alike(o sniffed) bool {
	return s.in.encoding.text == o.in.encoding.text && s.in.delimiter == o.in.delimiter && s.in.header == o.in.header && s.in.sheet == o.in.sheet && s.workbook == o.workbook
}

// sniff finds out how a file is written by its beginning.
func sniff(name string) (sniffed, error) {
	s := sniffed{in: &input{delimiter: ',', absent: map[string]bool{"": true}}}
	head, err := beginning(name)
	if err != nil {
		return s, fmt.Errorf("%s: %w", name, err)
	}
	if bytes.HasPrefix(head, zipHead) || bytes.HasPrefix(head, oleHead) {
		s.workbook = true
		w, err := openWorkbook(name, "")
		if many, ok := errors.AsType[*severalSheets](err); ok {
			s.sheets, s.in.sheet = many.sheets, many.sheets[0]
			w, err = openWorkbook(name, s.in.sheet)
		}
		if err != nil {
			return s, fmt.Errorf("%s: %w", name, err)
		}
		if err := w.Close(); err != nil {
			return s, err
		}
	} else {
		s.in.encoding.text, s.guessed = encodingBy(head)
		if err := s.delimiter(name); err != nil {
			return s, err
		}
	}
	return s, s.header(name)
}

// beginning returns the first bytes of a file, unpacked.
func beginning(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		in = bufio.NewReader(z)
	}
	head := make([]byte, 256<<10)
	n, err := io.ReadFull(in, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}

// encodingBy tells the encoding; empty for UTF-8. guess: it may be another.
func encodingBy(head []byte) (name string, guess bool) {
	even, odd := 0, 0
	for i, b := range head {
		switch {
		case b != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}) || odd > len(head)/10 && even == 0:
		return "utf-16le", false
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}) || even > len(head)/10 && odd == 0:
		return "utf-16be", false
	}
	if i := bytes.LastIndexByte(head, '\n'); i > 0 {
		head = head[:i] // a character may be cut at the end
	}
	if utf8.Valid(head) {
		return "", false
	}
	if text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(head); err == nil && !bytes.ContainsRune(text, utf8.RuneError) && bytes.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return "gb18030", false
	}
	return "windows-1252", true
}

// delimiter takes the one by which most of the first rows have equally many
// fields, and more than one.
func (s *sniffed) delimiter(name string) error {
	best := 0
	for _, d := range []rune{',', ';', '\t', '|'} {
		rows, err := firstRows(name, &input{encoding: s.in.encoding, delimiter: d}, 100)
		if err != nil {
			return err
		}
		width, n := usualWidth(rows)
		if score := n * min(width-1, 50); score > best {
			best, s.in.delimiter = score, d
		}
	}
	return nil
}

func firstRows(name string, in *input, n int) ([]record, error) {
	r, err := openReader(name, in)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out []record
	for len(out) < n {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", name, rec.line, err)
		}
		out = append(out, rec)
	}
	return out, nil
}

// usualWidth returns the number of fields that most rows have, and how many.
func usualWidth(rows []record) (width, n int) {
	count := map[int]int{}
	for _, r := range rows {
		if r.problem != "" {
			continue
		}
		w := len(r.fields)
		count[w]++
		if count[w] > n || count[w] == n && w > width {
			width, n = w, count[w]
		}
	}
	return width, n
}

// header finds the row that names the columns: the first in which most cells
// are filled, and none with a date or a number. Titles stand above it.
func (s *sniffed) header(name string) error {
	rows, err := firstRows(name, s.in, 50)
	if err != nil {
		return err
	}
	width := 0
	for _, r := range rows {
		width = max(width, len(r.fields))
	}
	if !s.workbook {
		width, _ = usualWidth(rows)
	}
	for i, r := range rows {
		if r.problem != "" || !names(r.fields, width) {
			continue
		}
		if i > 0 {
			s.in.header = r.line
		}
		return nil
	}
	return nil // the first, then
}

func names(fields []string, width int) bool {
	filled := 0
	for _, f := range fields {
		f = strings.TrimFunc(f, blank)
		c := column{sample: []string{f}}
		switch {
		case f == "":
		case integers.MatchString(f), c.dates():
			return false
		default:
			filled++
		}
	}
	return filled > 0 && filled*10 >= width*6
}
