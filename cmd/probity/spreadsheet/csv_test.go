package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// readCSV reads everything: a record as "line/number [a|b]", a problem as
// "line/number !problem".
func readCSV(t *testing.T, src io.Reader, width int) []string {
	t.Helper()
	r := newCSVReader(src, ',', false)
	r.width = width
	var out []string
	for {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if rec.problem != "" {
			out = append(out, fmt.Sprintf("%d/%d !%s <%.20s>", rec.line, rec.number, rec.problem, rec.raw))
		} else {
			out = append(out, fmt.Sprintf("%d/%d [%s]", rec.line, rec.number, strings.Join(rec.fields, "|")))
		}
	}
}

func TestCSV(t *testing.T) {
	long := strings.Repeat("x", maxRecord+1)
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"plain", "a,b\nc,d\n", []string{"1/1 [a|b]", "2/2 [c|d]"}},
		{"no line end at the end", "a,b\nc,", []string{"1/1 [a|b]", "2/2 [c|]"}},
		{"CRLF", "a,b\r\nc,\"d\"\r\n", []string{"1/1 [a|b]", "2/2 [c|d]"}},
		{"CR at the very end", "a,b\r\nc,\"d\"\r", []string{"1/1 [a|b]", "2/2 [c|d]"}},
		{"empty lines are no records but lines", "\n\r\na,b\n\n\nc,d\n\n", []string{"3/1 [a|b]", "6/2 [c|d]"}},
		{"quotes", "\"a\"\"b\",\"c,d\"\n\"\",\"\"\"\"\n", []string{"1/1 [a\"b|c,d]", "2/2 [|\"]"}},
		{"line ends within quotes become LF and count", "\"a\r\nb\nc\",d\ne,f\n", []string{"1/1 [a\nb\nc|d]", "4/2 [e|f]"}},
		{"too few and too many fields", "a,b\nc\nd,e,f\ng,h\n", []string{
			"1/1 [a|b]", "2/2 !has 1 field where the header has 2 columns <c>", "3/3 !has 3 fields where the header has 2 columns <d,e,f>", "4/4 [g|h]"}},
		{"a bare quote", "a,b\"c\nd,e\n", []string{"1/1 !has a quote within a field that does not begin with one <a,b\"c>", "2/2 [d|e]"}},
		{"text after a quote", "a,\"b\"c\nd,e\n", []string{"1/1 !has text after a closing quote (a quote within a quoted field is written twice) <a,\"b\"c>", "2/2 [d|e]"}},
		{"a quote never closed costs one line", "a,\"b\nc,d\ne,f\n", []string{"1/1 !has a quote that is never closed <a,\"b>", "2/2 [c|d]", "3/3 [e|f]"}},
		{"a quote closed in a later row costs one line", "a,\"b\nc,\"d\"\ne,f\n", []string{
			"1/1 !has text after a closing quote (a quote within a quoted field is written twice) <a,\"b>", "2/2 [c|d]", "3/3 [e|f]"}},
		{"invalid UTF-8", "a,b\xff\nc,d\n", []string{"1/1 !holds in column 2 what is not valid UTF-8; is the encoding of the map right? <a,b\uFFFD>", "2/2 [c|d]"}},
		{"NUL", "a,b\x00\nc,d\n", []string{"1/1 !holds a NUL character in column 2; is the encoding of the map right? <a,b\x00>", "2/2 [c|d]"}},
		{"a line without end", "a," + long + "\nc,d\n", []string{
			"1/1 !is longer than a record may be, or a quote in it is never closed <a,xxxxxxxxxxxxxxxxxx>", "2/2 [c|d]"}},
		{"a quote that is open for too long", "a,\"b\n" + strings.Repeat("c,d\n", maxRecord/4) + "e,f\n", append(append(
			[]string{"1/1 !is longer than a record may be, or a quote in it is never closed <a,\"b>"}, many("c|d", 2, maxRecord/4)...), fmt.Sprintf("%d/%d [e|f]", maxRecord/4+2, maxRecord/4+2))},
		{"nothing", "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, readCSV(t, strings.NewReader(tc.text), 2)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(tc.text) > 1000 {
				return
			}
			if diff := cmp.Diff(tc.want, readCSV(t, iotest.OneByteReader(strings.NewReader(tc.text)), 2)); diff != "" {
				t.Errorf("read byte by byte (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("an error of the source is passed on", func(t *testing.T) {
		broken := errors.New("broken")
		r := newCSVReader(io.MultiReader(strings.NewReader("a,b\nc,"), iotest.ErrReader(broken)), ',', false)
		if _, err := r.next(); err != nil {
			t.Fatal(err)
		}
		if _, err := r.next(); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
}

func many(fields string, from, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%d/%d [%s]", from+i, from+i, fields)
	}
	return out
}

// FuzzCSV: whatever is well formed for encoding/csv is read alike; nothing
// that is not empty is lost, whatever the text; and reading byte by byte
// makes no difference.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("a,b\r\n\"c\"\"d\",\"e\nf\"\n"))
	f.Add([]byte("a,\"b\nc,\"d\"\ne,f"))
	f.Add([]byte("\"\"\r\n\r\n,\r"))
	f.Add([]byte("a;b\xff,\x00\n\"x\"y\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got := readCSV(t, bytes.NewReader(b), 0)
		if diff := cmp.Diff(got, readCSV(t, iotest.OneByteReader(bytes.NewReader(b)), 0)); diff != "" {
			t.Fatalf("byte by byte:\n%s", diff)
		}
		if slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, " !") }) {
			return
		}
		std := csv.NewReader(bytes.NewReader(b))
		std.FieldsPerRecord = -1
		rows, err := std.ReadAll()
		if err != nil {
			t.Fatalf("read without complaint, but: %v", err)
		}
		var want, fields []string
		for _, r := range rows {
			want = append(want, strings.Join(r, "|"))
		}
		for _, s := range got {
			_, s, _ = strings.Cut(s, " [")
			fields = append(fields, strings.TrimSuffix(s, "]"))
		}
		if diff := cmp.Diff(want, fields); diff != "" {
			t.Fatalf("unlike encoding/csv (-want +got):\n%s", diff)
		}
	})
}
