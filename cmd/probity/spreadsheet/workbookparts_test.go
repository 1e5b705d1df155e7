package spreadsheet

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
)

func archive(t *testing.T, name, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = io.WriteString(w, content)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// changed rewrites one part of a workbook.
func changed(t *testing.T, book []byte, part string, change func(string) string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, p := range in.File {
		r, err := p.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if p.Name == part {
			raw = []byte(change(string(raw)))
		}
		w, err := out.Create(p.Name)
		if err == nil {
			_, err = w.Write(raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a workbook that says it unpacks to so many MiB; nobody gets as far
// as to find that it does not.
func bomb(t *testing.T, mib uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.Create(workbookPart); err != nil {
		t.Fatal(err)
	}
	if _, err := z.CreateRaw(&zip.FileHeader{Name: "xl/media/image1.png", UncompressedSize64: mib << 20}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// forged adds a part that says it is so large.
func forged(t *testing.T, book []byte, size uint64) []byte {
	t.Helper()
	return added(t, book, zip.FileHeader{Name: "xl/worksheets/sheet9.xml", UncompressedSize64: size})
}

// withPart adds an empty part.
func withPart(t *testing.T, book []byte, name string) []byte {
	t.Helper()
	return added(t, book, zip.FileHeader{Name: name})
}

func added(t *testing.T, book []byte, part zip.FileHeader) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range in.File {
		if err := z.Copy(p); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := z.CreateRaw(&part); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const sheet1 = "xl/worksheets/sheet1.xml"

// cellB2 puts another cell in the place of B2, the last of its sheet.
func cellB2(cell string) func(string) string {
	return func(s string) string {
		at := strings.Index(s, `<c r="B2"`)
		return s[:at] + cell + s[at+strings.Index(s[at:], "</c>")+len("</c>"):]
	}
}
