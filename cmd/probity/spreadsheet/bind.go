package spreadsheet

import (
	"reflect"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// bind checks an instruction against the command it gives: that there is
// such a command, that an importer may give it, that it has these fields.
func bind(ins *instruction, catalog *domain.Catalog, book *domain.Rulebook) error {
	name := domain.CommandName(ins.command.text)
	t := catalog.Command(name)
	if t == nil {
		return wrong(ins.command.at, "there is no command %q; an importer may give %s", name, strings.Join(importerCommands(catalog, book), ", "))
	}
	if cmd := t.Value(t.New()); !slices.Contains(book.MayGive(cmd), domain.RoleImporter) {
		return wrong(ins.command.at, "%s is not for an importer, who may give %s", name, strings.Join(importerCommands(catalog, book), ", "))
	}
	return bindFields(ins.fields, t.Type, string(name))
}

func importerCommands(catalog *domain.Catalog, book *domain.Rulebook) []string {
	var names []string
	for _, room := range catalog.Aggregates {
		for _, t := range room.Commands {
			if slices.Contains(book.MayGive(t.Value(t.New())), domain.RoleImporter) {
				names = append(names, string(t.Name))
			}
		}
	}
	return names
}

func bindFields(fields []namedField, t reflect.Type, what string) error {
	known := jsonFields(t)
	for _, nf := range fields {
		ft, ok := known[nf.name]
		if !ok {
			names := make([]string, 0, len(known))
			for n := range known {
				names = append(names, n)
			}
			slices.Sort(names)
			return wrong(nf.at, "%s has no field %q; it has %s", what, nf.name, strings.Join(names, ", "))
		}
		if err := bindValue(nf.value, ft, what+"."+nf.name); err != nil {
			return err
		}
	}
	return nil
}

// bindValue checks the shape of a field: list, several fields, or one value.
func bindValue(f *field, t reflect.Type, what string) error {
	many := t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8
	items := f.list
	if f.each != nil {
		items = []*field{f.each}
	}
	isList := items != nil || f.split != ""
	if isList != many {
		if many {
			return wrong(f.at, "%s is a list; use split, list or each", what)
		}
		return wrong(f.at, "%s is not a list", what)
	}
	for _, item := range items {
		if err := bindValue(item, t.Elem(), what); err != nil {
			return err
		}
	}
	if f.object == nil {
		return nil
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return wrong(f.at, "%s is one value, not several fields", what)
	}
	return bindFields(f.object, t, what)
}

// jsonFields lists the fields of a struct by the names they have in JSON.
func jsonFields(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case name != "":
			out[name] = f.Type
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			for n, ft := range jsonFields(f.Type) {
				out[n] = ft
			}
		default:
			out[f.Name] = f.Type
		}
	}
	return out
}
