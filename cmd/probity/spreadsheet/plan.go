package spreadsheet

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// Plan is a map bound to the commands of a catalog, to a rulebook and to
// files whose headers were found to fit. It holds no open file.
type Plan struct {
	m     *Map
	codec *ledger.Codec
	book  *domain.Rulebook
	files []*plannedFile // in the order of the map's inputs
}

// plannedFile is a file and the input that reads it.
type plannedFile struct {
	path  string
	index int // among the files of the plan
	in    *input
	width int
	// slots tells for each slot of the input in which column it lies.
	slots []int
	// withheld are the columns whose cells nobody is to see.
	withheld []int
	size     int64
	rows     int // of a workbook, for progress
}

// Check checks the map against the commands of the catalog: that each exists,
// is for an importer under the rulebook, and has the fields the map fills in.
// The error is a *MapError.
func (m *Map) Check(codec *ledger.Codec, book *domain.Rulebook) error {
	for _, in := range m.inputs {
		for _, ins := range in.rows {
			if err := bind(ins, codec.Catalog(), book); err != nil {
				return located(m.Name, err)
			}
		}
	}
	return nil
}

// Plan checks the map against the catalog and finds the input for each file:
// by file name, otherwise by the set of its columns. Every column of a file
// must be used or ignored by its input, and every column used must be there.
// Files are read in the order of the map's inputs, and those of one input in
// the order given.
//
// The error is a *MapError where the map is wrong, and names the file and the
// columns where a file does not fit.
func (m *Map) Plan(codec *ledger.Codec, book *domain.Rulebook, paths ...string) (*Plan, error) {
	if err := m.Check(codec, book); err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, errors.New("no file was given")
	}
	p := &Plan{m: m, codec: codec, book: book}
	for _, name := range paths {
		f, err := m.plan(name)
		if err == nil {
			err = f.checkWorkbook()
		}
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, f)
	}
	slices.SortStableFunc(p.files, func(a, b *plannedFile) int { return a.in.index - b.in.index })
	for i, f := range p.files {
		f.index = i
		for _, l := range f.in.lookups {
			if !slices.ContainsFunc(p.files, func(o *plannedFile) bool { return o.in == l.other }) {
				return nil, fmt.Errorf("%s: the map looks values up in its input %q; give that file too%s", f.path, l.in.text, hint(l.other))
			}
		}
	}
	return p, nil
}

func hint(in *input) string {
	if len(in.file) == 0 {
		return ""
	}
	return " (" + in.file[0].text + ")"
}

// plan opens a file as far as its header and finds its input.
func (m *Map) plan(name string) (*plannedFile, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: is not a regular file", name)
	}
	candidates := slices.DeleteFunc(slices.Clone(m.inputs), func(in *input) bool { return !in.named(name) })
	if len(candidates) == 1 {
		header, err := readHeader(name, candidates[0])
		if err != nil {
			return nil, err
		}
		return fit(name, info.Size(), candidates[0], header)
	}
	if len(candidates) == 0 {
		candidates = m.inputs
	}
	var found []*plannedFile
	for _, in := range candidates {
		header, err := readHeader(name, in)
		if err != nil {
			continue // it may be another input's encoding
		}
		if f, err := fit(name, info.Size(), in, header); err == nil {
			found = append(found, f)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("%s: no input of the map %q fits, neither by file name nor by columns; its inputs are %s", name, m.ID, m.describeInputs())
	}
	return nil, fmt.Errorf("%s: the inputs %q and %q of the map both fit; give them file names (file:)", name, found[0].in.name.text, found[1].in.name.text)
}

func (m *Map) describeInputs() string {
	var names []string
	for _, in := range m.inputs {
		names = append(names, in.name.text+hint(in))
	}
	return strings.Join(names, ", ")
}

// named tells whether the input claims files of this name.
func (in *input) named(name string) bool {
	base := strings.ToLower(filepath.Base(name))
	for _, pattern := range in.file {
		for _, b := range []string{base, strings.TrimSuffix(base, ".gz")} {
			if ok, err := path.Match(strings.ToLower(pattern.text), b); ok && err == nil {
				return true
			}
		}
	}
	return false
}

// fit checks a header against an input.
func fit(name string, size int64, in *input, header []string) (*plannedFile, error) {
	f := &plannedFile{path: name, in: in, width: len(header), size: size}
	var missing, unknown []string
	for _, c := range in.columns {
		i := slices.Index(header, c.text)
		if i < 0 {
			missing = append(missing, c.text)
		}
		f.slots = append(f.slots, i)
	}
	for i, h := range header {
		is := func(ig entryText) bool { return ig.key == h }
		if slices.ContainsFunc(in.withhold, is) {
			f.withheld = append(f.withheld, i)
			continue
		}
		if !slices.ContainsFunc(in.ignore, is) && !slices.Contains(f.slots, i) {
			unknown = append(unknown, h)
		}
	}
	for _, ig := range slices.Concat(in.ignore, in.withhold) {
		if !slices.Contains(header, ig.key) {
			missing = append(missing, ig.key)
		}
	}
	if len(missing)+len(unknown) == 0 {
		return f, nil
	}
	var what []string
	if len(missing) > 0 {
		what = append(what, fmt.Sprintf("lacks %s", quoteAll(missing)))
	}
	if len(unknown) > 0 {
		what = append(what, fmt.Sprintf("has %s, which the map neither uses nor ignores", quoteAll(unknown)))
	}
	return nil, fmt.Errorf("%s: as input %q of the map, the file %s", name, in.name.text, strings.Join(what, "; and it "))
}

func quoteAll(names []string) string {
	for i, n := range names {
		names[i] = fmt.Sprintf("%q", n)
	}
	if len(names) == 1 {
		return "column " + names[0]
	}
	return "columns " + strings.Join(names, ", ")
}
