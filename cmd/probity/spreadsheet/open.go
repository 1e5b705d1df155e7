package spreadsheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// reader gives the records of an open file, one after another. It is used by
// one goroutine.
type reader interface {
	// next returns the next record; io.EOF after the last. Any other error is
	// the source's.
	next() (record, error)
	// begin ends the header: records count from 1 now, and have so many fields.
	begin(width int)
	// done is how many bytes of the file, as it lies on disk, were read.
	done() int64
	Close() error
}

// record is one record of a file, or what could not be read as one.
type record struct {
	// line is the physical line on which it begins, of a workbook the row of
	// the sheet; number counts the records after the header. Both begin at 1.
	line, number int
	fields       []string
	// problem says why it cannot be read; then raw is its text, cut at
	// maxRaw bytes, and fields is nil.
	problem string
	raw     string
}

// How the files begin that are no CSV.
var (
	zipHead = []byte("PK\x03\x04")
	oleHead = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}
)

// openReader opens a file as the input says, before its header.
func openReader(name string, in *input) (reader, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	head := make([]byte, len(oleHead))
	n, err := io.ReadFull(f, head)
	f.Close()
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if head = head[:n]; bytes.HasPrefix(head, zipHead) || bytes.Equal(head, oleHead) {
		w, err := openWorkbook(name, in.sheet)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return w, nil
	}
	src, err := openSource(name, in.encoding.text)
	if err != nil {
		return nil, err
	}
	return &csvFile{newCSVReader(src, in.delimiter, !isUTF8(in.encoding.text)), src}, nil
}

// csvFile is an open CSV file.
type csvFile struct {
	*csvReader
	src *source
}

func (f *csvFile) begin(width int) { f.number, f.width = 0, width }
func (f *csvFile) done() int64     { return f.src.read.Load() }
func (f *csvFile) Close() error    { return f.src.Close() }

// open opens the file past its header.
func (f *plannedFile) open() (reader, error) {
	r, header, err := openAtHeader(f.path, f.in)
	if err == nil && len(header) != f.width {
		r.Close()
		err = fmt.Errorf("%s: has %s now and had %d when its header was checked; it was changed meanwhile", f.path, plural(len(header), "column"), f.width)
	}
	if w, ok := r.(*workbook); ok && err == nil {
		w.count = f.rows
	}
	return r, err
}

func readHeader(name string, in *input) ([]string, error) {
	r, header, err := openAtHeader(name, in)
	if err != nil {
		return nil, err
	}
	return header, r.Close()
}

func openAtHeader(name string, in *input) (reader, []string, error) {
	r, err := openReader(name, in)
	if err != nil {
		return nil, nil, err
	}
	header, err := header(r, in.header)
	if err != nil {
		r.Close()
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	r.begin(len(header))
	return r, header, nil
}

// header reads the record that names the columns, in the given line or in the
// first that is not empty. A column without a name is called by its place,
// "#3".
func header(r reader, line int) ([]string, error) {
	rec, err := r.next()
	for err == nil && rec.line < line {
		rec, err = r.next() // what stands above it
	}
	switch {
	case errors.Is(err, io.EOF) && line > 1:
		return nil, fmt.Errorf("ends before line %d, where the map says that the header is", line)
	case errors.Is(err, io.EOF):
		return nil, errors.New("is empty; the first line must name the columns")
	case err != nil:
		return nil, fmt.Errorf("read the header: %w", err)
	case line > 0 && rec.line != line:
		return nil, fmt.Errorf("no row begins in line %d, where the map says that the header is; the next begins in line %d", line, rec.line)
	case rec.problem != "":
		return nil, fmt.Errorf("line %d: the header %s", rec.line, rec.problem)
	}
	for i, name := range rec.fields {
		name = strings.TrimFunc(name, blank)
		if name == "" {
			name = "#" + ordinalName(i)
		}
		rec.fields[i] = name
		if slices.Contains(rec.fields[:i], name) {
			return nil, fmt.Errorf("line %d: two columns are called %q", rec.line, name)
		}
	}
	return rec.fields, nil
}

// unsound says what is wrong with a record that is well formed as such.
// lossy: it was transcoded, U+FFFD stands for what was invalid.
func unsound(fields []string, width int, lossy bool) string {
	if width > 0 && len(fields) != width {
		return "has " + plural(len(fields), "field") + " where the header has " + plural(width, "column")
	}
	for i, f := range fields {
		switch {
		case !utf8.ValidString(f):
			return "holds in column " + ordinalName(i) + " what is not valid UTF-8; is the encoding of the map right?"
		case lossy && strings.ContainsRune(f, utf8.RuneError):
			return "holds in column " + ordinalName(i) + " what does not fit the encoding named in the map"
		case strings.ContainsRune(f, 0):
			return "holds a NUL character in column " + ordinalName(i) + "; is the encoding of the map right?"
		}
	}
	return ""
}
