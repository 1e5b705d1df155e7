package spreadsheet

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

func isUTF8(name string) bool {
	name = strings.ToLower(name)
	return name == "" || name == "utf-8" || name == "utf8"
}

// encodingOf returns the encoding of that name (WHATWG Encoding Standard);
// nil when it is unknown.
func encodingOf(name string) encoding.Encoding {
	enc, err := htmlindex.Get(strings.ToLower(name))
	if err != nil || enc == encoding.Replacement {
		return nil
	}
	return enc
}

// source is an open file: unpacked, in UTF-8, without byte order mark.
type source struct {
	io.Reader
	file *os.File
	read atomic.Int64 // bytes of the file as it lies on disk
}

func (s *source) Close() error { return s.file.Close() }

// counter counts what is read from the file itself.
type counter struct{ s *source }

func (c counter) Read(b []byte) (int, error) {
	n, err := c.s.file.Read(b)
	c.s.read.Add(int64(n))
	return n, err
}

// openSource opens a file that may be packed with gzip.
func openSource(path, encodingName string) (*source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	s := &source{file: f}
	if s.Reader, err = decoded(counter{s}, encodingName); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func decoded(r io.Reader, encodingName string) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(512) // a short file shows its error when it is read
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		in = bufio.NewReaderSize(unpacked, 64<<10)
		head, _ = in.Peek(512)
	}
	if what := notCSV(head, isUTF8(encodingName)); what != "" {
		return nil, errors.New(what)
	}
	if !isUTF8(encodingName) {
		in = bufio.NewReaderSize(transform.NewReader(in, encodingOf(encodingName).NewDecoder()), 64<<10)
	}
	if mark, _ := in.Peek(3); string(mark) == "\uFEFF" {
		_, _ = in.Discard(3)
	}
	return in, nil
}

// notCSV says what a file is that is no CSV by how it begins; empty for one
// that may be.
func notCSV(head []byte, utf8 bool) string {
	text := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head), "\uFEFF"), " \t\r\n"))
	switch {
	case bytes.HasPrefix(head, zipHead), bytes.HasPrefix(head, oleHead):
		return "is a packed workbook or archive; unpack it first"
	case utf8 && (bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff})):
		return "is UTF-16; say so in the map (encoding: utf-16le or utf-16be)"
	case strings.HasPrefix(text, "<html"), strings.HasPrefix(text, "<!doctype html"), strings.HasPrefix(text, "<table"), strings.HasPrefix(text, "<?xml"):
		return "is a web page or XML whatever its name says, as some systems write for Excel; open it there and save it as .xlsx or CSV"
	}
	return ""
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

func ordinalName(i int) string { return strconv.Itoa(i + 1) }
