package spreadsheet

import (
	"regexp"
	"strconv"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// field says where a value comes from (exactly one source) and what is done
// to it. The steps are always taken in the order of the struct.
type field struct {
	at place

	// The sources.
	column   scalar
	constant *scalar
	raw      bool // the constant is written as a JSON number or boolean
	template *template
	lookup   *lookup
	object   []namedField
	list     []*field
	each     *field

	// The steps.
	keepSpace bool
	absent    map[string]bool // instead of the input's
	required  bool
	split     string
	match     *regexp.Regexp
	fold      string
	slug      bool
	values    map[string]string
	otherwise string // reject, keep or absent
	dates     []dateForm
	instants  bool // the forms hold a time of day
	clock     time.Duration
	zone      *time.Location
	as        string

	// Filled in by link.
	ref    ref
	source string // the columns it comes from, for messages
}

// lookup fetches a value from another input by key.
type lookup struct {
	at            place
	in            scalar
	key, on, take scalar
	missing       string // reject or absent

	ref   ref
	other *input
	on1   ref
	take1 ref
	// table is the lookup's place among the tables of a run.
	table int
}

func fieldInto(into **field) func(entry) error {
	return func(e entry) (err error) {
		*into, err = parseField(e.value)
		return err
	}
}

func fieldsInto(into *[]namedField, what string) func(entry) error {
	return func(e entry) error {
		entries, err := mapping(e.value, what)
		if err != nil {
			return err
		}
		for _, e := range entries {
			f, err := parseField(e.value)
			if err != nil {
				return err
			}
			*into = append(*into, namedField{e.key, e.at, f})
		}
		return nil
	}
}

// parseField reads a field. A plain text is short for a template.
func parseField(n ast.Node) (*field, error) {
	f := &field{at: whereIs(n), otherwise: "reject", as: "text"}
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
	default:
		s, err := scalarOf(n, "a field")
		if err != nil {
			return nil, err
		}
		f.template, err = parseTemplate(s)
		return f, err
	}
	var p fieldParts
	if err := keyed(n, "a field", p.keys(f)); err != nil {
		return nil, err
	}
	return f, p.finish(f)
}

// fieldParts holds what of a field must be read as a whole before it means
// anything.
type fieldParts struct {
	template, split, match, clock, zone scalar
	absent, date, time                  []scalar
	elseAt                              place
	trim                                bool
	trimAt                              place
}

func (p *fieldParts) keys(f *field) map[string]func(entry) error {
	p.trim = true
	return map[string]func(entry) error{
		"column":   text(&f.column),
		"value":    f.parseConstant,
		"template": text(&p.template),
		"lookup":   func(e entry) (err error) { f.lookup, err = parseLookup(e.value); return err },
		"fields":   fieldsInto(&f.object, "fields"),
		"list": list(func(n ast.Node) error {
			item, err := parseField(n)
			f.list = append(f.list, item)
			return err
		}),
		"each":     fieldInto(&f.each),
		"trim":     func(e entry) error { p.trimAt = e.at; return flag(&p.trim)(e) },
		"absent":   textOrTexts(&p.absent),
		"required": flag(&f.required),
		"split":    text(&p.split),
		"match":    text(&p.match),
		"fold":     oneOf(&f.fold, "upper", "lower"),
		"slug":     flag(&f.slug),
		"values":   f.parseValues,
		"else":     func(e entry) error { p.elseAt = e.at; return oneOf(&f.otherwise, "reject", "keep", "absent")(e) },
		"date":     textOrTexts(&p.date),
		"time":     textOrTexts(&p.time),
		"at":       text(&p.clock),
		"zone":     text(&p.zone),
		"as":       oneOf(&f.as, "text", "integer", "boolean"),
	}
}

func (p *fieldParts) finish(f *field) (err error) {
	if p.template.at != (place{}) {
		if f.template, err = parseTemplate(p.template); err != nil {
			return err
		}
	}
	sources, composed := 0, f.object != nil || f.list != nil || f.each != nil
	for _, set := range []bool{f.column.text != "", f.constant != nil, f.template != nil, f.lookup != nil, f.object != nil, f.list != nil, f.each != nil} {
		if set {
			sources++
		}
	}
	f.keepSpace = !p.trim
	switch {
	case sources != 1:
		return wrong(f.at, "a field needs exactly one of column, value, template, lookup, fields, list, each")
	case p.date != nil && p.time != nil:
		return wrong(f.at, "a field has either date or time")
	case p.elseAt != (place{}) && f.values == nil:
		return wrong(p.elseAt, `"else" goes with "values"`)
	case composed && (p.absent != nil || p.split.text != "" || p.match.text != "" || f.fold != "" || f.slug || f.values != nil || p.date != nil || p.time != nil || f.as != "text" || p.trimAt != place{}):
		return wrong(f.at, "fields, list and each take no steps of their own; put them on what they hold")
	case p.clock.text != "" && p.date == nil, p.zone.text != "" && p.date == nil && p.time == nil:
		return wrong(f.at, `"at" and "zone" go with a date`)
	}
	f.split = p.split.text
	if p.absent != nil {
		f.absent = map[string]bool{"": true}
		for _, s := range p.absent {
			f.absent[s.text] = true
		}
	}
	if p.match.text != "" {
		if f.match, err = regexp.Compile(`\A(?:` + p.match.text + `)\z`); err != nil {
			return wrong(p.match.at, "match: %v", err)
		}
		if f.match.NumSubexp() > 1 {
			return wrong(p.match.at, "match: has more than one group; the first is what is kept, so write the others (?:…)")
		}
	}
	if f.zone, err = parseZone(p.zone, nil); err != nil {
		return err
	}
	if f.clock, err = parseClock(p.clock); err != nil {
		return err
	}
	f.instants = p.time != nil
	for _, s := range append(p.date, p.time...) {
		form, err := parseDateForm(s, f.instants)
		if err != nil {
			return err
		}
		f.dates = append(f.dates, form)
	}
	return nil
}

// parseConstant reads a fixed value. Unquoted numbers and booleans keep
// their type.
func (f *field) parseConstant(e entry) error {
	s, err := scalarOf(e.value, "value")
	if err != nil {
		return err
	}
	f.constant = &s
	switch e.value.(type) {
	case *ast.IntegerNode:
		if n, err := strconv.ParseInt(s.text, 10, 64); err != nil || strconv.FormatInt(n, 10) != s.text {
			return wrong(s.at, "value: write the number in plain decimal, or quote it")
		}
		f.raw = true
	case *ast.BoolNode:
		if s.text != "true" && s.text != "false" {
			return wrong(s.at, "value: write true or false, or quote it")
		}
		f.raw = true
	case *ast.FloatNode:
		return wrong(s.at, "value: records hold no fractions; quote it if it is text")
	}
	return nil
}

func (f *field) parseValues(e entry) error {
	entries, err := mapping(e.value, "values")
	if err != nil {
		return err
	}
	f.values = make(map[string]string, len(entries))
	for _, e := range entries {
		to, err := scalarOf(e.value, "the value for "+e.key)
		if err != nil {
			return err
		}
		f.values[e.key] = to.text
	}
	return nil
}

func parseLookup(n ast.Node) (*lookup, error) {
	l := &lookup{at: whereIs(n), missing: "reject"}
	err := keyed(n, "lookup", map[string]func(entry) error{
		"in":      text(&l.in),
		"key":     text(&l.key),
		"on":      text(&l.on),
		"take":    text(&l.take),
		"missing": oneOf(&l.missing, "reject", "absent"),
	})
	if err == nil && (l.in.text == "" || l.key.text == "" || l.take.text == "") {
		err = wrong(l.at, `a lookup needs "in" (an input), "key" (a column here) and "take" (a column there)`)
	}
	if l.on.text == "" {
		l.on = l.key
	}
	return l, err
}
