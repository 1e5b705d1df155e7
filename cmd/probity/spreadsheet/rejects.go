package spreadsheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/projections/roster"
)

// Reject is a row that was not recorded.
type Reject struct {
	// File as it was given; Line is the physical line on which the row
	// begins, the header's being 1; Record counts the rows after the header
	// from 1.
	File         string
	Line, Record int
	// Column names the column (or columns) at fault, Value what stood in it;
	// both are empty when the row as a whole is.
	Column, Value string
	Reason        string
	// Fields is the row as it was read. For a row that could not be read as
	// CSV it is its text as one field.
	Fields []string
}

// rejectsHead begins every rejects file.
const rejectsHead = "file,line,record,column,reason,value"

// rejectsWriter writes rejects as CSV. It writes nothing before the first.
type rejectsWriter struct {
	w     *csv.Writer
	width int // columns kept for the original row
	begun bool
}

// newRejectsWriter makes a writer; nil when nobody wants to see rejects.
func newRejectsWriter(w io.Writer, files []*plannedFile) *rejectsWriter {
	if w == nil {
		return nil
	}
	r := &rejectsWriter{w: csv.NewWriter(w), width: 1}
	for _, f := range files {
		r.width = max(r.width, f.width)
	}
	return r
}

// write writes one reject and hands it on at once.
func (r *rejectsWriter) write(rej Reject) error {
	if r == nil {
		return nil
	}
	if !r.begun {
		r.begun = true
		header := strings.Split(rejectsHead, ",")
		for i := range r.width {
			header = append(header, "field "+strconv.Itoa(i+1))
		}
		if err := r.w.Write(header); err != nil {
			return err
		}
	}
	row := []string{roster.Harmless(rej.File), strconv.Itoa(rej.Line), strconv.Itoa(rej.Record), roster.Harmless(rej.Column), roster.Harmless(rej.Reason), roster.Harmless(rej.Value)}
	for i := range r.width {
		cell := ""
		if i < len(rej.Fields) {
			cell = roster.Harmless(rej.Fields[i])
		}
		row = append(row, cell)
	}
	if err := r.w.Write(row); err != nil {
		return err
	}
	r.w.Flush()
	return r.w.Error()
}

// RejectsFile is a rejects file in the making. It stands beside its final
// place until Commit puts it there whole, over an older one.
type RejectsFile struct {
	f       *os.File
	path    string
	written bool
}

// CreateRejects begins a rejects file that will lie at path. A file of
// another kind that lies there is not touched, and is an error.
func CreateRejects(path string) (*RejectsFile, error) {
	if err := replaceable(path); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.partial")
	if err != nil {
		return nil, fmt.Errorf("create the rejects file: %w", err)
	}
	return &RejectsFile{f: f, path: path}, nil
}

// replaceable refuses a path where something lies that is no rejects file.
func replaceable(path string) error {
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("create the rejects file: %w", err)
	}
	defer f.Close()
	head := make([]byte, len(rejectsHead))
	n, err := io.ReadFull(f, head)
	if err == io.EOF || err == nil && string(head[:n]) == rejectsHead {
		return nil
	}
	return fmt.Errorf("create the rejects file: %s is there already and is no rejects file; name another with --rejects", path)
}

// Write implements io.Writer.
func (r *RejectsFile) Write(b []byte) (int, error) {
	r.written = r.written || len(b) > 0
	return r.f.Write(b)
}

// Commit puts the file in its place and tells whether it holds anything. If
// nothing was rejected there is no file, and an older one is removed: it
// would speak of an earlier run. Call it also when the run failed: what was
// rejected up to there is true.
func (r *RejectsFile) Commit() (bool, error) {
	err := r.f.Sync()
	if e := r.f.Close(); err == nil {
		err = e
	}
	switch {
	case err != nil:
	case r.written:
		err = os.Rename(r.f.Name(), r.path)
	default:
		if err = os.Remove(r.path); os.IsNotExist(err) {
			err = nil
		}
	}
	if err != nil || !r.written {
		_ = os.Remove(r.f.Name())
	}
	if err != nil {
		return false, fmt.Errorf("write the rejects file %s: %w", r.path, err)
	}
	return r.written, nil
}
