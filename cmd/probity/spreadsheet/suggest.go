package spreadsheet

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// Suggest writes a map for files that nobody has a map for yet: how they are
// written, what their columns hold, which command suits them and why. What
// only a person can say is a gap, ???, and a map with gaps is refused. The
// same files give the same map.
//
// No value of a column that may name a person is written.
func Suggest(w io.Writer, codec *ledger.Codec, book *domain.Rulebook, paths ...string) error {
	s := &suggestion{catalog: codec.Catalog(), importer: importerCommands(codec.Catalog(), book), names: map[string]bool{}}
	chinese := false
	kinds, err := kindsOf(paths)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		if err := s.input(k); err != nil {
			return err
		}
		chinese = chinese || regexp.MustCompile(`\p{Han}`).MatchString(strings.Join(k.header, ""))
	}
	zone, why := "UTC", "the zone in which days begin; UTC when nothing says otherwise"
	if chinese {
		zone, why = "Asia/Shanghai", "the zone in which days begin; guessed from headings in Chinese"
	}
	var base []string
	for _, p := range paths {
		base = append(base, quote(filepath.Base(p)))
	}
	_, err = fmt.Fprintf(w, `# A suggested map for %s.
# Fill in each ??? (the import refuses the map until then), look through the
# rest, and try it with
#
#   probity import --map MAP.yaml --dry-run FILE…
#
# docs/import.md tells what each key means.
map: %s  # part of the id of all it records: choose it once and never change it
about: "???"  # what these files are, and where they come from
zone: %s  # %s
inputs:
%s`, strings.Join(base, ", "), mapName(paths[0]), zone, why, s.text.String())
	return err
}

// gap stands in a suggested map for what only a person can say.
const gap = "???"

const aKey = "a key" // of a mapping, which may be anything

// filled refuses a gap that is left.
func filled(s scalar, what string) error {
	if s.text == gap && what != aKey {
		return wrong(s.at, "%s is %s, a gap of a suggested map that is still to be filled in", what, gap)
	}
	return nil
}

type suggestion struct {
	catalog  *domain.Catalog
	importer []string
	names    map[string]bool // of inputs
	text     strings.Builder
}

// line writes a line of the map, and a comment behind it.
func (s *suggestion) line(indent int, text, comment string, args ...any) {
	s.text.WriteString(strings.Repeat(" ", indent) + text)
	if len(args) > 0 {
		comment = fmt.Sprintf(comment, args...)
	}
	if comment != "" {
		if text != "" {
			s.text.WriteString("  ")
		}
		s.text.WriteString("# " + strings.ReplaceAll(strings.ReplaceAll(comment, "\n", " "), "\r", " "))
	}
	s.text.WriteByte('\n')
}

// quote writes a text as a YAML scalar. JSON's quoting is YAML's.
func quote(text string) string {
	b, err := jsontext.AppendQuote(nil, strings.ToValidUTF8(text, "\uFFFD"))
	if err != nil {
		panic(err) // it is valid UTF-8
	}
	return string(b)
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// mapName makes a name for a map or an input of that of a file.
func mapName(path string) string {
	base, _, _ := strings.Cut(strings.ToLower(filepath.Base(path)), ".")
	name := strings.Trim(notInName.ReplaceAllString(base, "-"), "-")
	if len(name) > 36 {
		name = strings.Trim(name[:36], "-")
	}
	if !mapID.MatchString(name) {
		return "records"
	}
	return name
}

func (s *suggestion) inputName(path string) string {
	base := mapName(path)
	name := base
	for i := 2; s.names[name]; i++ {
		name = fmt.Sprintf("%s-%d", base, i)
	}
	s.names[name] = true
	return name
}

// fileKind is files that are written alike and have the same columns.
type fileKind struct {
	how    sniffed
	header []string
	paths  []string
}

// kindsOf sorts files by kind, in the order in which the kinds are met.
func kindsOf(paths []string) ([]*fileKind, error) {
	var out []*fileKind
	for _, path := range paths {
		how, err := sniff(path)
		if err != nil {
			return nil, err
		}
		header, err := readHeader(path, how.in)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(out, func(k *fileKind) bool { return k.how.alike(how) && slices.Equal(k.header, header) })
		if i < 0 {
			i = len(out)
			out = append(out, &fileKind{how: how, header: header})
		}
		out[i].paths = append(out[i].paths, path)
	}
	return out, nil
}

// input writes the input for files of one kind.
func (s *suggestion) input(k *fileKind) error {
	seen := newSeenFile(k.header)
	var names []string
	for _, path := range k.paths {
		r, _, err := openAtHeader(path, k.how.in)
		if err != nil {
			return err
		}
		if err = errors.Join(seen.look(r), r.Close()); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		names = append(names, filepath.Base(path))
	}
	seen.classify()
	s.line(2, "- name: "+s.inputName(k.paths[0]), "%s: %s of %s", strings.Join(names, ", "), plural(seen.rows, "row"), plural(len(k.header), "column"))
	s.written(names, k.how, seen)
	p := s.propose(k.paths[0], seen)
	s.leftOut(p)
	s.skips(p)
	s.rows(p)
	return nil
}

// written tells how the file is written.
func (s *suggestion) written(names []string, how sniffed, seen *seenFile) {
	var patterns []string
	for _, name := range names {
		patterns = append(patterns, quote(strings.TrimSuffix(name, ".gz")))
	}
	switch all := strings.Join(patterns, ", "); {
	case strings.ContainsAny(all, `*?[]\`): // would be a pattern
	case len(names) > 1:
		s.line(4, "file: ["+all+"]", "a pattern such as \"*.csv\" takes in what comes later")
	default:
		s.line(4, "file: "+all, "")
	}
	if how.in.encoding.text != "" && how.guessed {
		s.line(4, "encoding: "+how.in.encoding.text, "a guess: neither UTF-8 nor GB 18030; look at letters with accents in the dry run")
	} else if how.in.encoding.text != "" {
		s.line(4, "encoding: "+how.in.encoding.text, "")
	}
	if how.in.delimiter != ',' {
		s.line(4, "delimiter: "+delimiterName(how.in.delimiter), "")
	}
	if how.sheets != nil {
		s.line(4, "sheet: "+quote(how.in.sheet), "one of %s", quoted(how.sheets))
	}
	if how.in.header > 0 {
		s.line(4, fmt.Sprintf("header: %d", how.in.header), "what stands above it is passed over")
	}
	if seen.unreadable > 0 {
		s.line(4, "", "%s cannot be read and will be rejected, with the reason", plural(seen.unreadable, "row"))
	}
	if len(seen.absent) > 0 {
		s.line(4, "absent: ["+quotedAll(seen.absent)+"]", "texts that stand for nothing, as the empty text does")
	}
}

func delimiterName(r rune) string {
	if r == '\t' {
		return "tab"
	}
	return quote(string(r))
}

func quotedAll(list []string) string {
	var out []string
	for _, v := range list {
		out = append(out, quote(v))
	}
	return strings.Join(out, ", ")
}

// contactColumn finds the headings of what the ledger has no use for and
// nobody needs to see.
var contactColumn = regexp.MustCompile(`(?i)电话|手机|联系方式|身份证|住址|家庭地址|邮箱|\b(phone|mobile|e-?mail|ssn|social security|passport|home address)\b`)

func withholdReason(name string) string {
	switch {
	case reporterColumn.MatchString(name):
		return "says who reported; what is imported is not sealed"
	case contactColumn.MatchString(name):
		return "says how a person is reached or identified; no command needs it"
	}
	return ""
}

// leftOut lists the columns that are withheld, and those not used.
func (s *suggestion) leftOut(p *proposal) {
	withheld := slices.DeleteFunc(slices.Clone(p.seen.columns), func(c *column) bool { return withholdReason(c.name) == "" })
	if len(withheld) > 0 {
		s.line(4, "withhold:", "emptied as they are read: in no event and no rejects file")
	}
	for _, c := range withheld {
		s.line(6, quote(c.name)+": "+quote(withholdReason(c.name)), "")
	}
	unused := slices.DeleteFunc(slices.Clone(p.seen.columns), func(c *column) bool { return p.used[c] || slices.Contains(withheld, c) })
	if len(unused) > 0 {
		s.line(4, "ignore:", "not used; say why, or use them below")
	}
	for _, c := range unused {
		if c.kind == kindEmpty {
			s.line(6, quote(c.name)+`: "empty"`, "")
		} else {
			s.line(6, quote(c.name)+`: "???"`, "%s", c.describe())
		}
	}
}

// describe tells what a column holds, without values that may name a person.
func (c *column) describe() string {
	switch c.kind {
	case kindDate:
		return "dates, " + strings.Join(c.forms, " and ")
	case kindValues:
		return fmt.Sprintf("%s in %s", plural(len(c.values), "different value"), plural(c.filled, "row"))
	case kindID:
		return "a different id in every row"
	case kindInteger:
		return "whole numbers"
	}
	return "text"
}

// skips lists rows that are no records.
func (s *suggestion) skips(p *proposal) {
	if p.again == nil && len(p.sums) == 0 {
		return
	}
	s.line(4, "skip:", "")
	if p.again != nil {
		s.line(6, fmt.Sprintf(`- {when: [{column: %s, is: %s}], reason: "the header again"}`, quote(p.again.name), quote(p.again.name)), "")
	}
	for _, c := range p.sums {
		s.line(6, fmt.Sprintf(`- {when: [{column: %s, is: [%s]}], reason: "a sum, not a record"}`, quote(c.name), quotedAll(c.sums)), "")
	}
}
