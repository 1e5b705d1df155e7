package spreadsheet

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// proposal is what a file is to become.
type proposal struct {
	seen *seenFile
	used map[*column]bool
	best *match // nil when nothing fits
	next *match // the next best
	// officer: what the rows tell of the officer they name, besides.
	officer *match
	unitLet string // the let value with the id of the unit

	again *column // tells the header where it comes again
	sums  []*column
}

func (s *suggestion) propose(path string, seen *seenFile) *proposal {
	p := &proposal{seen: seen, used: map[*column]bool{}}
	open := slices.DeleteFunc(slices.Clone(seen.columns), func(c *column) bool { return withholdReason(c.name) != "" })
	for _, c := range open {
		if seen.headerAgain && p.again == nil {
			p.again, p.used[c] = c, true
		}
		if c.sums != nil {
			p.sums, p.used[c] = append(p.sums, c), true
		}
	}
	found := bestMatches(s.catalog, path, open)
	if len(found) == 0 {
		return p
	}
	p.best = &found[0]
	if len(found) > 1 {
		p.next = &found[1]
	}
	p.take(p.best)
	if p.best.fields["officer"] != nil {
		p.aboutOfficer(s.catalog, open)
	}
	if p.unit() != nil {
		for p.unitLet = "unit-id"; slices.ContainsFunc(seen.columns, func(c *column) bool { return c.name == p.unitLet }); {
			p.unitLet += "-"
		}
	}
	return p
}

func (p *proposal) take(m *match) {
	if m.subject != nil {
		p.used[m.subject] = true
	}
	for _, c := range m.fields {
		p.used[c] = true
	}
}

// aboutOfficer finds columns that tell of the officer whom each row names.
func (p *proposal) aboutOfficer(catalog *domain.Catalog, open []*column) {
	left := slices.DeleteFunc(slices.Clone(open), func(c *column) bool { return p.used[c] })
	for _, v := range vocabularies() {
		if v.command != "officer.import" {
			continue
		}
		m := match{words: v, command: catalog.Command("officer.import").Type, fields: map[string]*column{}}
		m.assign(left)
		for name := range m.fields {
			if !slices.Contains([]string{"name", "latinName", "sex", "ethnicity", "birthYear", "rank"}, name) {
				delete(m.fields, name)
			}
		}
		m.subject = p.best.fields["officer"]
		if len(m.fields) > 0 {
			p.officer = &m
			p.take(&m)
		}
	}
}

// unit is the column that names the unit of the rows; nil for none, and where
// the rows are units themselves.
func (p *proposal) unit() *column {
	if p.best == nil || p.best.words.command == "unit.import" {
		return nil
	}
	return p.best.fields["unit"]
}

// rows writes when things happened, and the instructions.
func (s *suggestion) rows(p *proposal) {
	if p.best == nil {
		s.line(4, "rows:", "no command suits these headings; an importer may give %s", strings.Join(s.importer, ", "))
		s.line(6, `- command: "???"`, "docs/catalogue tells what each is for, and its fields")
		s.line(8, `subject: "???"`, `the id of what a row is about, such as {column: %s}`, quote(p.seen.columns[0].name))
		return
	}
	s.occurred(p)
	if p.unitLet != "" {
		s.line(4, "let:", "")
		s.line(6, fmt.Sprintf("%s: {%s, slug: true}", quote(p.unitLet), inner(plainField(p.unit()))), "the id of a unit is its name in small letters; where units are on file under other ids, map them with values:")
	}
	s.line(4, "rows:", "")
	if c := p.unit(); c != nil {
		s.once("unit.import", fmt.Sprintf(`"{%s}"`, p.unitLet), c, "the units that the rows name, unless they are on file")
		s.line(10, "name: "+plainField(c), "")
	}
	if m := p.officer; m != nil {
		s.once("officer.import", plainField(m.subject), m.subject, "the officers that the rows name, as their first row tells of them")
		for _, name := range fieldNames(m.command) {
			if c := m.fields[name]; c != nil {
				s.field(p, m, name, c)
			}
		}
	}
	s.main(p)
}

// once begins an instruction for what rows share.
func (s *suggestion) once(command, subject string, c *column, why string) {
	s.line(6, "- command: "+command, "%s", why)
	s.line(8, "subject: "+subject, "")
	s.line(8, "once: true", "")
	s.line(8, "existing: accept", "")
	s.line(8, fmt.Sprintf("when: [{column: %s, present: true}]", quote(c.name)), "")
	s.line(8, "fields:", "")
}

// manyPerSubject may be given any number of times for one subject; all others
// file what is on file once.
const manyPerSubject = "misconduct.import_finding"

// main writes the instruction that each row is for.
func (s *suggestion) main(p *proposal) {
	m := p.best
	var told []string
	for _, c := range p.seen.columns {
		for _, f := range m.words.fields {
			if m.fields[f.name] == c || f.name == "subject" && m.subject == c {
				told = append(told, fmt.Sprintf("%s → %s", c.name, f.name))
			}
		}
	}
	why := "for it speak " + strings.Join(told, ", ")
	if p.next != nil {
		why += "; the next best is " + p.next.words.command
	}
	s.line(6, "- command: "+m.words.command, "%s", why)
	switch c := m.subject; {
	case c == nil:
		s.line(8, `subject: "???"`, `no column seems to hold an id; make one of several columns that no two rows share, as "{a}-{b}"`)
	case !c.ids:
		s.line(8, fmt.Sprintf("subject: {column: %s, slug: true}", quote(c.name)), "not all values can be ids as they are")
	case c.repeated && m.words.command != manyPerSubject:
		s.line(8, "subject: "+plainField(c), "comes in several rows: all but the first will be refused, unless it is put together with another column, or the rows are a group")
	default:
		s.line(8, "subject: "+plainField(c), "")
	}
	s.line(8, "fields:", "")
	for _, name := range fieldNames(m.command) {
		switch c := m.fields[name]; {
		case c != nil:
			s.field(p, m, name, c)
		case slices.Contains(m.missing, name):
			s.gap(m, name)
		}
	}
}

// plainField takes a column as it is, but for what Excel adds to numbers.
func plainField(c *column) string {
	if c.whole {
		return fmt.Sprintf(`{column: %s, match: '(\d+)(?:\.0)?'}`, quote(c.name))
	}
	return fmt.Sprintf("{column: %s}", quote(c.name))
}

// gap writes a field that must be there and that no column fills.
func (s *suggestion) gap(m *match, name string) {
	f := slices.IndexFunc(m.words.fields, func(f fieldWords) bool { return f.name == name })
	if f < 0 || len(m.words.fields[f].values) == 0 {
		s.line(10, name+`: "???"`, "%s cannot do without, and no column seems to hold it: a fixed text, or a column", m.words.command)
		return
	}
	s.line(10, name+`: "???"`, "%s cannot do without: one of %s", m.words.command, strings.Join(m.words.fields[f].allowed(), ", "))
}

func (f fieldWords) allowed() []string {
	var out []string
	for _, v := range f.values {
		out = append(out, v.value)
	}
	return out
}

// field writes one field.
func (s *suggestion) field(p *proposal, m *match, name string, c *column) {
	t := jsonFields(m.command)[name]
	words := m.words.field(name)
	many := t.Kind() == reflect.Slice
	switch {
	case c.kind == kindDate:
		s.date(name, c)
	case takes(t) == kindInteger:
		match := ""
		if c.whole {
			match = `, match: '(\d+)(?:\.0)?'`
		}
		s.line(10, fmt.Sprintf("%s: {column: %s%s, as: integer}", name, quote(c.name), match), "")
	case name == "unit" && p.unitLet != "":
		s.line(10, fmt.Sprintf(`unit: "{%s}"`, p.unitLet), "")
	case t == reflect.TypeFor[domain.UnitID]() && !c.ids:
		s.line(10, fmt.Sprintf("%s: {column: %s, slug: true}", name, quote(c.name)), "")
	case many && !c.ids:
		s.line(10, fmt.Sprintf("%s: {column: %s, split: %s}", name, quote(c.name), quote(c.separator())), "")
	case many:
		s.line(10, fmt.Sprintf("%s: {list: [%s]}", name, plainField(c)), "")
	case len(words.values) > 0:
		s.values(name, words, c)
	default:
		s.line(10, name+": "+plainField(c), "")
	}
}

// values maps the values seen to those that the field takes.
func (s *suggestion) values(name string, words *fieldWords, c *column) {
	if len(c.values) > fewValues {
		s.line(10, fmt.Sprintf(`%s: {column: %s, values: "???"}`, name, quote(c.name)), "more than %d different values; it takes %s", fewValues, strings.Join(words.allowed(), ", "))
		return
	}
	s.line(10, name+":", "it takes %s; a value that is not listed is rejected", strings.Join(words.allowed(), ", "))
	s.line(12, "column: "+quote(c.name), "")
	s.line(12, "values:", "")
	for _, v := range c.values {
		if slices.Contains(spreadsheetErrors, v) {
			s.line(14, "", "%s is a formula that failed; its rows are rejected", v)
			continue
		}
		to, known := words.valueFor(v)
		if !known {
			to = quote(gap)
		}
		s.line(14, quote(v)+": "+to, "")
	}
}

// inner takes the braces off a field, so that more can be said in them.
func inner(field string) string { return strings.TrimSuffix(strings.TrimPrefix(field, "{"), "}") }
