package spreadsheet

import (
	"slices"
	"strings"
)

// link resolves every name in the map to what it names and refuses what
// names nothing, and what nothing names.
func (m *Map) link() error {
	linkers := make([]*linker, len(m.inputs))
	for i, in := range m.inputs {
		for _, other := range m.inputs[:i] {
			if other.name.text == in.name.text {
				return wrong(in.name.at, "two inputs are called %q", in.name.text)
			}
		}
		linkers[i] = &linker{m: m, in: in, all: linkers, slots: map[string]int{}, lets: map[string]int{}}
	}
	for _, l := range linkers {
		if err := l.input(); err != nil {
			return err
		}
	}
	for i, l := range linkers {
		if len(l.in.rows) == 0 && !l.lookedUp {
			return wrong(l.in.at, `input %q has no "rows", and no lookup reads it`, l.in.name.text)
		}
		if l.in.columns = l.columns; len(l.columns) == 0 {
			return wrong(l.in.at, "input %q uses no column", l.in.name.text)
		}
		l.in.shared = l.shared
		l.in.index = i
		l.in.lookedUp = l.lookedUp
	}
	return nil
}

type linker struct {
	m   *Map
	in  *input
	all []*linker

	columns  []scalar // by slot
	shared   []bool   // by slot: rows of a group must agree
	slots    map[string]int
	lets     map[string]int
	letUsed  []bool
	each     bool // within an "each"
	lookedUp bool
}

func (l *linker) input() error {
	for i, nf := range l.in.lets {
		if _, ok := l.lets[nf.name]; ok {
			return wrong(nf.at, "%q is let twice", nf.name)
		}
		if f := nf.value; f.object != nil || f.list != nil || f.each != nil || f.split != "" {
			return wrong(nf.at, "let %q must be one value, not a list or several fields", nf.name)
		}
		// What a let reads is shared by a group only if the let is used as such.
		l.each = true
		if err := l.field(nf.value, nf.name); err != nil {
			return err
		}
		l.each = false
		l.lets[nf.name] = i
		l.letUsed = append(l.letUsed, false)
	}
	if g := l.in.group; g != nil {
		for _, c := range g.by {
			r, err := l.use(c)
			if err != nil {
				return err
			}
			g.refs = append(g.refs, r)
		}
	}
	for i := range l.in.skips {
		if err := l.conditions(l.in.skips[i].when); err != nil {
			return err
		}
	}
	if err := l.moment(l.in.occurred, "occurredAt"); err != nil {
		return err
	}
	ordinals := map[string]int{}
	for _, ins := range l.in.rows {
		ins.ordinal = ordinals[ins.command.text]
		ordinals[ins.command.text]++
		if err := l.instruction(ins); err != nil {
			return err
		}
	}
	for i, used := range l.letUsed {
		if !used {
			return wrong(l.in.lets[i].at, "let %q is never used", l.in.lets[i].name)
		}
	}
	return l.reporters()
}

func (l *linker) instruction(ins *instruction) error {
	if err := l.conditions(ins.when); err != nil {
		return err
	}
	if f := ins.subject; f.object != nil || f.list != nil || f.each != nil || f.split != "" {
		return wrong(ins.at, "subject must be one value")
	}
	if err := l.field(ins.subject, "subject"); err != nil {
		return err
	}
	if err := l.moment(ins.occurred, "occurredAt"); err != nil {
		return err
	}
	for _, nf := range ins.fields {
		if err := l.field(nf.value, nf.name); err != nil {
			return err
		}
	}
	return nil
}

// moment links a field that must be a date or an instant.
func (l *linker) moment(f *field, name string) error {
	if f == nil {
		return nil
	}
	if f.dates == nil || f.split != "" {
		return wrong(f.at, "%s needs date or time, the form in which the moment is written", name)
	}
	return l.field(f, name)
}

func (l *linker) conditions(when []condition) (err error) {
	for i := range when {
		if when[i].ref, err = l.use(when[i].column); err != nil {
			return err
		}
	}
	return nil
}

// use resolves the name of a let or of a column; the columns used are the
// columns the file must have.
func (l *linker) use(s scalar) (ref, error) {
	if i, ok := l.lets[s.text]; ok {
		l.letUsed[i] = true
		if !l.each {
			l.shareLet(l.in.lets[i].value)
		}
		return ref(^i), nil
	}
	for _, ig := range l.in.ignore {
		if ig.key == s.text {
			return 0, wrong(s.at, "column %q is used, though the map ignores it: %s", s.text, ig.value.text)
		}
	}
	for _, w := range l.in.withhold {
		if w.key == s.text {
			return 0, wrong(s.at, "column %q is used, though the map withholds it: %s", s.text, w.value.text)
		}
	}
	i, ok := l.slots[s.text]
	if !ok {
		i = len(l.columns)
		l.slots[s.text] = i
		l.columns = append(l.columns, s)
		l.shared = append(l.shared, false)
	}
	if !l.each {
		l.shared[i] = true
	}
	return ref(i), nil
}

// shareLet marks the columns that a let reads as shared.
func (l *linker) shareLet(f *field) {
	share := func(r ref) {
		if r >= 0 {
			l.shared[r] = true
		} else {
			l.shareLet(l.in.lets[^r].value)
		}
	}
	switch {
	case f.template != nil:
		for _, p := range f.template.parts {
			if p.column.text != "" {
				share(p.ref)
			}
		}
	case f.lookup != nil:
		share(f.lookup.ref)
	case f.column.text != "":
		share(f.ref)
	}
}

func (l *linker) field(f *field, name string) (err error) {
	var from []string
	switch {
	case f.column.text != "":
		if f.ref, err = l.use(f.column); err != nil {
			return err
		}
		from = append(from, l.origin(f.ref))
	case f.template != nil:
		for i := range f.template.parts {
			p := &f.template.parts[i]
			if p.column.text == "" {
				continue
			}
			if p.ref, err = l.use(p.column); err != nil {
				return err
			}
			from = append(from, l.origin(p.ref))
		}
	case f.lookup != nil:
		if err := l.lookup(f.lookup); err != nil {
			return err
		}
		from = append(from, l.origin(f.lookup.ref))
	case f.each != nil:
		if l.in.group == nil {
			return wrong(f.at, `"each" goes through the rows of a group; the input has no "group"`)
		}
		if l.each {
			return wrong(f.at, `"each" within "each" has no meaning`)
		}
		l.each = true
		err = l.field(f.each, name)
		l.each = false
		from = append(from, f.each.source)
	}
	for _, item := range f.list {
		if err := l.field(item, name); err != nil {
			return err
		}
		from = append(from, item.source)
	}
	for _, nf := range f.object {
		if err := l.field(nf.value, nf.name); err != nil {
			return err
		}
		from = append(from, nf.value.source)
	}
	from = slices.DeleteFunc(from, func(s string) bool { return s == "" })
	f.source = strings.Join(slices.Compact(from), ", ")
	return err
}

// origin names the columns behind a reference.
func (l *linker) origin(r ref) string {
	if r >= 0 {
		return l.columns[r].text
	}
	return l.in.lets[^r].value.source
}

func (l *linker) lookup(lk *lookup) (err error) {
	if lk.ref, err = l.use(lk.key); err != nil {
		return err
	}
	for _, other := range l.all {
		if other.in.name.text != lk.in.text {
			continue
		}
		if other == l {
			return wrong(lk.in.at, "an input cannot look itself up")
		}
		// What is taken from there is used there, but binds no group.
		was := other.each
		other.each = true
		defer func() { other.each = was }()
		if lk.on1, err = other.use(lk.on); err != nil {
			return err
		}
		if lk.take1, err = other.use(lk.take); err != nil {
			return err
		}
		if lk.on1 < 0 || lk.take1 < 0 {
			return wrong(lk.at, "a lookup takes columns, not let values, of the other input")
		}
		other.lookedUp = true
		lk.other, lk.table = other.in, l.m.lookups
		l.in.lookups = append(l.in.lookups, lk)
		l.m.lookups++
		return nil
	}
	return wrong(lk.in.at, "there is no input %q", lk.in.text)
}
