package spreadsheet

import (
	"cmp"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// match is a command, and the columns that its subject and fields may come
// from.
type match struct {
	words   vocabulary
	command reflect.Type
	subject *column
	fields  map[string]*column
	missing []string // fields that must be there
	score   int
}

// What speaks for a command beside the headings, and against it.
const (
	scoreFile    = 12
	scoreMissing = -8
	leastScore   = 20
)

// bestMatches finds the commands that fit the columns, the best first. Columns
// in taken are left alone.
func bestMatches(catalog *domain.Catalog, name string, columns []*column) []match {
	var out []match
	plain := plainWord(filepath.Base(name))
	for _, v := range vocabularies() {
		t := catalog.Command(domain.CommandName(v.command))
		m := match{words: v, command: t.Type, fields: map[string]*column{}}
		if slices.ContainsFunc(v.file, func(w string) bool { return strings.Contains(plain, w) }) {
			m.score = scoreFile
		}
		m.assign(columns)
		if m.score >= leastScore {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b match) int { return cmp.Compare(b.score, a.score) })
	return out
}

// assign gives each field the column that fits it best; a column fills one
// field only, and may be the subject besides.
func (m *match) assign(columns []*column) {
	types := jsonFields(m.command)
	type pair struct {
		field  fieldWords
		column *column
		fit    int
	}
	var pairs []pair
	for _, f := range m.words.fields {
		for _, c := range columns {
			fit := f.fits(plainWord(c.name))
			if fit > 0 && (f.name == "subject" && c.kind != kindDate && c.kind != kindEmpty || f.name != "subject" && c.suits(types[f.name])) {
				pairs = append(pairs, pair{f, c, fit})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.fit, a.fit) })
	used := map[*column]bool{}
	for _, p := range pairs {
		switch {
		case p.field.name == "subject":
			if m.subject == nil {
				m.subject = p.column
				m.score += p.fit
			}
		case m.fields[p.field.name] == nil && !used[p.column]:
			m.fields[p.field.name] = p.column
			used[p.column] = true
			m.score += p.fit
		}
	}
	if m.subject == nil {
		m.score += scoreMissing
	}
	for _, name := range fieldNames(m.command) {
		if m.fields[name] == nil && jsonRequired(m.command, name) {
			m.missing = append(m.missing, name)
			m.score += scoreMissing
		}
	}
}

// fieldNames are the fields of a command in their order.
func fieldNames(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			out = append(out, name)
		}
	}
	return out
}

// suits tells whether the column's values can be values of the field.
func (c *column) suits(t reflect.Type) bool {
	switch {
	case c.kind == kindEmpty:
		return false
	case takes(t) == kindDate:
		return c.kind == kindDate
	case takes(t) == kindInteger:
		return !slices.ContainsFunc(c.sample, func(v string) bool { return !integers.MatchString(v) })
	case c.kind == kindDate:
		return false
	case isRef(t) && t != reflect.TypeFor[domain.UnitID]():
		return c.ids || t.Kind() == reflect.Slice && c.separator() != ""
	}
	return true
}

// isRef tells whether the field names another thing by its id.
func isRef(t reflect.Type) bool {
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t.Kind() == reflect.String && strings.HasSuffix(t.Name(), "ID")
}

// separator is what stands between the ids where a cell holds several.
func (c *column) separator() string {
	for _, sep := range []string{";", "；", "、", "，", ",", "/", "|"} {
		met, sound := false, true
		for _, v := range c.sample {
			met = met || strings.Contains(v, sep)
			for piece := range strings.SplitSeq(v, sep) {
				piece = strings.TrimFunc(piece, blank)
				sound = sound && (piece == "" || domain.CheckID("", piece) == nil)
			}
		}
		if met && sound {
			return sep
		}
	}
	return ""
}
