package spreadsheet

import (
	"path"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // maps name zones; a container image may hold no zone files
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// maxMapBytes is the size of the largest map accepted, in bytes.
const maxMapBytes = 1 << 20

// Map is a mapping file that was read and found to be well formed. It is
// bound to a catalog of commands and to files by Plan.
type Map struct {
	// Name is what it was read from, for messages.
	Name string
	// ID is the map's own name, part of the id of every instruction.
	ID string
	// About says in the author's words what the map reads.
	About string

	actor  string
	zone   *time.Location
	inputs []*input
	// lookups counts the look-ups of all inputs.
	lookups int
}

// input is one kind of file.
type input struct {
	name      scalar
	file      []scalar // patterns of file names
	encoding  scalar
	delimiter rune
	header    int    // the line that names the columns; 0: the first that is not empty
	sheet     string // of a workbook
	absent    map[string]bool
	ignore    []entryText
	withhold  []entryText
	group     *grouping
	lets      []namedField
	skips     []skipRule
	occurred  *field
	rows      []*instruction
	at        place

	// Filled in by link.
	index    int
	columns  []scalar // that the map uses, by slot
	shared   []bool   // by slot: whether rows of one group must agree
	lookups  []*lookup
	lookedUp bool
}

type entryText struct {
	key   string
	at    place
	value scalar
}

type grouping struct {
	by     []scalar
	refs   []ref
	sorted bool
}

type skipRule struct {
	when   []condition
	reason string
}

// instruction is what a row becomes: a command and how to fill it.
type instruction struct {
	command  scalar
	subject  *field
	occurred *field
	when     []condition
	once     bool
	existing string // "reject" or "accept"
	fields   []namedField
	at       place
	// ordinal counts the instructions of the input with the same command.
	ordinal int
}

type namedField struct {
	name  string
	at    place
	value *field
}

// condition is a test of one column.
type condition struct {
	column  scalar
	ref     ref
	present *bool
	is, not []scalar
}

var mapID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`)

// Parse reads a map strictly: an unknown or repeated key, a missing or
// malformed value is a *MapError that names line and column. name is what
// the map was read from and serves messages only.
func Parse(name string, b []byte) (*Map, error) {
	m, err := parseMap(b)
	if err != nil {
		return nil, located(name, err)
	}
	m.Name = name
	return m, nil
}

// UseSheet makes every input read that sheet of a workbook, whatever the map
// says.
func (m *Map) UseSheet(name string) {
	for _, in := range m.inputs {
		in.sheet = name
	}
}

func parseMap(b []byte) (*Map, error) {
	switch {
	case len(b) > maxMapBytes:
		return nil, wrong(place{}, "is %d bytes long; a map has at most %d", len(b), maxMapBytes)
	case !utf8.Valid(b):
		return nil, wrong(place{}, "is not UTF-8")
	}
	root, err := parseYAML(b)
	if err != nil {
		return nil, err
	}
	m := &Map{zone: time.UTC}
	var id, about, actor, zone scalar
	err = keyed(root, "the map", map[string]func(entry) error{
		"map":   text(&id),
		"about": text(&about),
		"actor": text(&actor),
		"zone":  text(&zone),
		"inputs": list(func(n ast.Node) error {
			in, err := parseInput(n)
			m.inputs = append(m.inputs, in)
			return err
		}),
	})
	if err != nil {
		return nil, err
	}
	switch {
	case id.text == "":
		return nil, wrong(place{1, 1}, `"map" is missing: the name of the map, part of the id of all it records`)
	case !mapID.MatchString(id.text):
		return nil, wrong(id.at, "map: %q must be up to 40 of a-z 0-9 . _ - and begin with a letter or digit", id.text)
	case len(m.inputs) == 0:
		return nil, wrong(place{1, 1}, `"inputs" is missing: the files that the map reads`)
	}
	m.ID, m.About, m.actor = id.text, about.text, actor.text
	if m.actor == "" {
		m.actor = "import:" + m.ID
	}
	if m.zone, err = parseZone(zone, time.UTC); err != nil {
		return nil, err
	}
	return m, m.link()
}

func parseZone(s scalar, otherwise *time.Location) (*time.Location, error) {
	if s.text == "" {
		return otherwise, nil
	}
	loc, err := time.LoadLocation(s.text)
	if err != nil || s.text == "Local" {
		return nil, wrong(s.at, "zone: %q is no zone of the IANA database, such as Asia/Shanghai", s.text)
	}
	return loc, nil
}

func parseInput(n ast.Node) (*input, error) {
	in := &input{delimiter: ',', absent: map[string]bool{"": true}, at: whereIs(n)}
	var delimiter scalar
	var absent []scalar
	err := keyed(n, "an input", map[string]func(entry) error{
		"name":      text(&in.name),
		"file":      textOrTexts(&in.file),
		"encoding":  text(&in.encoding),
		"delimiter": text(&delimiter),
		"header":    in.parseHeader,
		"sheet":     func(e entry) error { s, err := scalarOf(e.value, e.key); in.sheet = s.text; return err },
		"absent":    textOrTexts(&absent),
		"ignore":    reasons(&in.ignore, "ignore", "ignored"),
		"withhold":  reasons(&in.withhold, "withhold", "withheld"),
		"group":     in.parseGroup,
		"let":       fieldsInto(&in.lets, "let"),
		"skip": list(func(n ast.Node) error {
			s, err := parseSkip(n)
			in.skips = append(in.skips, s)
			return err
		}),
		"occurredAt": fieldInto(&in.occurred),
		"rows": list(func(n ast.Node) error {
			ins, err := parseInstruction(n)
			in.rows = append(in.rows, ins)
			return err
		}),
	})
	if err != nil {
		return in, err
	}
	if !mapID.MatchString(in.name.text) {
		return in, wrong(in.at, `an input needs a "name" of up to 40 of a-z 0-9 . _ -`)
	}
	for _, s := range absent {
		in.absent[s.text] = true
	}
	for _, s := range in.file {
		if _, err := path.Match(s.text, ""); err != nil {
			return in, wrong(s.at, "file: %q is not a pattern of file names", s.text)
		}
	}
	if delimiter.text != "" {
		r, size := utf8.DecodeRuneInString(delimiter.text)
		if delimiter.text == "tab" {
			r, size = '\t', len("tab")
		}
		if size != len(delimiter.text) || strings.ContainsRune("\"\r\n\x00\uFEFF", r) || r == utf8.RuneError {
			return in, wrong(delimiter.at, `delimiter must be one character, or "tab"`)
		}
		in.delimiter = r
	}
	if in.encoding.text != "" && encodingOf(in.encoding.text) == nil && !isUTF8(in.encoding.text) {
		return in, wrong(in.encoding.at, "encoding: %q is not known; use a name of the WHATWG standard, such as utf-8, gb18030, windows-1252", in.encoding.text)
	}
	return in, nil
}

// reasons reads columns that are not used, each with the reason.
func reasons(into *[]entryText, to, done string) func(entry) error {
	return func(e entry) error {
		entries, err := mapping(e.value, to)
		if err != nil {
			return err
		}
		for _, e := range entries {
			reason, err := scalarOf(e.value, "the reason to "+to+" "+e.key)
			if err != nil {
				return err
			}
			if strings.TrimSpace(reason.text) == "" {
				return wrong(e.at, "column %q is %s without a reason", e.key, done)
			}
			*into = append(*into, entryText{e.key, e.at, reason})
		}
		return nil
	}
}
