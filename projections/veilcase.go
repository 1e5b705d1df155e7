package projections

import (
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/domain"
)

// caseBlind are those who see no misconduct case: what an event shows them
// names none either.
var caseBlind = []domain.Role{domain.RoleHR, domain.RoleOfficer, domain.RoleHandler, domain.RoleIntake, domain.RoleOverseer, domain.RolePublic}

// veil leaves the ids of cases out of what the event shows, for those who may
// not know of them.
func (v *Views) veil(s scope, e *Event) error {
	t := v.codec.Catalog().Event(e.Kind)
	if t == nil || !s.is(caseBlind...) || len(e.Data) == 0 {
		return nil
	}
	rest, hidden, err := withoutCases(e.Data, t.Type)
	if err == nil && hidden {
		e.Data, e.Veiled = rest, true
	}
	return err
}

var caseType = reflect.TypeFor[domain.CaseID]()

// withoutCases returns the JSON of a value of the type without the members
// that hold a case's id, the others byte for byte in their order, and whether
// there was one.
func withoutCases(raw jsontext.Value, t reflect.Type) (rest jsontext.Value, hidden bool, err error) {
	switch {
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && raw.Kind() == '[':
		var items []jsontext.Value
		if err := json.Unmarshal(raw, &items); err != nil {
			return nil, false, err
		}
		for i := range items {
			item, had, err := withoutCases(items[i], t.Elem())
			if err != nil {
				return nil, false, err
			}
			items[i], hidden = item, hidden || had
		}
		return joined('[', items, ']'), hidden, nil
	case t.Kind() != reflect.Struct || raw.Kind() != '{':
		return raw, false, nil
	}
	var members []jsontext.Value
	d := jsontext.NewDecoder(strings.NewReader(string(raw)))
	if _, err := d.ReadToken(); err != nil {
		return nil, false, err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadValue()
		if err != nil {
			return nil, false, err
		}
		name = slices.Clone(name)
		value, err := d.ReadValue()
		if err != nil {
			return nil, false, err
		}
		value = slices.Clone(value)
		if f := memberType(t, strings.Trim(string(name), `"`)); f == caseType || f != nil && f.Kind() == reflect.Slice && f.Elem() == caseType {
			hidden = true
			continue
		} else if f != nil {
			var had bool
			if value, had, err = withoutCases(value, f); err != nil {
				return nil, false, err
			}
			hidden = hidden || had
		}
		members = append(members, slices.Concat(name, jsontext.Value(":"), value))
	}
	return joined('{', members, '}'), hidden, nil
}

func joined(open byte, items []jsontext.Value, end byte) jsontext.Value {
	out := jsontext.Value{open}
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, item...)
	}
	return append(out, end)
}

// memberType is the type of the field that a JSON member fills; nil for none.
func memberType(t reflect.Type, name string) reflect.Type {
	for i := range t.NumField() {
		if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); tag == name {
			return t.Field(i).Type
		}
	}
	return nil
}
