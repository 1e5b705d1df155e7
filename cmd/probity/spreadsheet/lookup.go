package spreadsheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// table is what a lookup can find.
type table map[string]tableValue

type tableValue struct {
	text string
	// clash: rows with the key hold different values, so there is no answer.
	clash bool
}

// fetch looks the value up. A value absent there is absent here.
func (l *lookup) fetch(e *env, f *field) (string, bool, error) {
	key, ok, err := e.get(l.ref)
	if err != nil || !ok {
		return "", false, err
	}
	v, ok := e.tables[l.table][key]
	switch {
	case !ok && l.missing == "reject":
		return "", false, f.reject(key, "is not found in column %s of %s", l.on.text, l.in.text)
	case v.clash:
		return "", false, f.reject(key, "is found in %s with different values of %s", l.in.text, l.take.text)
	}
	return v.text, ok && !l.other.absent[v.text], nil
}

// loadTables reads what the lookups of the planned files need. Only key and
// value are kept, in memory. Rows that cannot be read are passed over here;
// where the input records rows of its own, they are rejected there.
func (p *Plan) loadTables() ([]table, error) {
	tables := make([]table, p.m.lookups)
	for _, f := range p.files {
		var wanted []*lookup
		for _, in := range p.m.inputs {
			for _, l := range in.lookups {
				if l.other == f.in {
					wanted = append(wanted, l)
				}
			}
		}
		if err := f.fillTables(tables, wanted); err != nil {
			return nil, err
		}
	}
	return tables, nil
}

func (f *plannedFile) fillTables(tables []table, wanted []*lookup) error {
	if len(wanted) == 0 {
		return nil
	}
	r, err := f.open()
	if err != nil {
		return err
	}
	defer r.Close()
	for {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s line %d: %w", f.path, rec.line, err)
		}
		if rec.problem != "" {
			continue
		}
		for _, l := range wanted {
			if tables[l.table] == nil {
				tables[l.table] = table{}
			}
			key := strings.TrimFunc(rec.fields[f.slots[l.on1]], blank)
			value := strings.TrimFunc(rec.fields[f.slots[l.take1]], blank)
			if f.in.absent[key] {
				continue
			}
			was, ok := tables[l.table][key]
			tables[l.table][strings.Clone(key)] = tableValue{strings.Clone(value), was.clash || ok && was.text != value}
		}
	}
}
