package graphql

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
)

// commandTypes derives input types from the structs of commands. A member of
// a closed set of the domain is an enum, a reference an ID, a structure an
// input type of its own. What a command's JSON may leave out may be left out
// or null; all else is required.
type commandTypes struct {
	b       *builder
	words   *words
	structs map[reflect.Type]*gql.InputObject
	enums   map[reflect.Type]*gql.Enum

	reporter *gql.InputObject
}

func newCommandTypes(b *builder, w *words) *commandTypes {
	c := &commandTypes{b: b, words: w, structs: map[reflect.Type]*gql.InputObject{}, enums: map[reflect.Type]*gql.Enum{}}
	c.reporter = b.input("ReporterInput", "Who reported, in plain words; at least one is given. It is sealed before anything is decided: give it in a variable, so that it stands in no document.",
		arg("name", gql.String, "Their name."),
		arg("phone", gql.String, "Their telephone number."),
		arg("email", gql.String, "Their e-mail address."),
		arg("address", gql.String, "Where they live or are written to."),
		arg("document", gql.String, "The number of an identity document 证件号码."),
		arg("note", gql.String, "What else helps to find or to protect them."))
	for _, name := range slices.Sorted(maps.Keys(b.declared)) {
		c.adopt(b.declared[name])
	}
	return c
}

// adopt takes an enum for the set of the domain whose words it holds, all of
// them and no other.
func (c *commandTypes) adopt(e *enum) {
	of := e.values[0].of
	said, closed := c.words.Enums[of.String()]
	if !closed || len(said.Values) != len(e.values) {
		return
	}
	for i := range e.values {
		if e.values[i].of != of || e.known[said.Values[i][0]] == nil {
			return
		}
	}
	if c.enums[of] == nil {
		c.enums[of] = e.typ
	}
}

// input returns the arguments by which a command's data is given: none for a
// command that says nothing.
func (c *commandTypes) input(t *domain.CommandType) []argument {
	if t.Type.NumField() == 0 {
		return nil
	}
	object := c.object(pascal(string(t.Name))+"Input", t.Type)
	for _, f := range object.Fields() {
		if _, required := f.Type.(*gql.NonNull); required {
			return []argument{arg("input", gql.NewNonNull(object), "What the command says.")}
		}
	}
	return []argument{arg("input", object, "What the command says; nothing need be said.")}
}

func (c *commandTypes) object(name string, t reflect.Type) *gql.InputObject {
	if known := c.structs[t]; known != nil {
		return known
	}
	var fields []argument
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type == reflect.TypeFor[complaint.Receipt]() {
			continue // made where the public is, who signs in nowhere
		}
		member, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		typ := c.of(f.Type)
		if !strings.HasPrefix(option, "omit") {
			typ = gql.NewNonNull(typ)
		}
		doc := c.words.fieldDoc(t, member)
		switch f.Type {
		case reflect.TypeFor[domain.Sealed]():
			doc = "Who reported, where they said so; it is sealed on its way in."
		case reflect.TypeFor[domain.SealedText]():
			doc = "The text in plain words; it is sealed on its way in: give it in a variable, so that it stands in no document."
		}
		fields = append(fields, arg(member, typ, doc))
	}
	if c.b.inputs[name] != nil {
		panic("graphql: two input types are called " + name)
	}
	c.structs[t] = c.b.input(name, c.words.typeDoc(t), fields...)
	return c.structs[t]
}

// of is the input type of a member.
func (c *commandTypes) of(t reflect.Type) gql.Input {
	switch t {
	case reflect.TypeFor[domain.Sealed]():
		return c.reporter
	case reflect.TypeFor[domain.SealedText]():
		return gql.String
	case reflect.TypeFor[domain.Date]():
		return scalarDate
	case reflect.TypeFor[time.Time]():
		return scalarDateTime
	case reflect.TypeFor[domain.EventID]():
		return gql.ID
	}
	switch t.Kind() {
	case reflect.Slice:
		return gql.NewList(gql.NewNonNull(c.of(t.Elem())))
	case reflect.Struct:
		return c.object(nameOf(t)+"Input", t)
	case reflect.Bool:
		return gql.Boolean
	case reflect.Int, reflect.Int32:
		return gql.Int
	case reflect.Int64:
		return scalarLong
	case reflect.String:
		if t.Implements(reflect.TypeFor[domain.Reference]()) {
			return gql.ID
		}
		return c.text(t)
	}
	panic(fmt.Sprintf("graphql: a command holds a %s, which has no input type", t))
}

// text is an enum for a closed set, else a String.
func (c *commandTypes) text(t reflect.Type) gql.Input {
	said, closed := c.words.Enums[t.String()]
	if !closed {
		return gql.String
	}
	if known := c.enums[t]; known != nil {
		return known
	}
	var values []enumValue
	for _, v := range said.Values {
		values = append(values, enumValue{word: v[0], name: enumName(v[0]), doc: v[1], of: t})
	}
	name := nameOf(t)
	if c.b.declared[name] != nil {
		name += "Word" // of a set that has more words than are shown
	}
	c.enums[t] = c.b.enum(name, said.Doc, values...).typ
	return c.enums[t]
}

// nameOf is what a type of the domain is called in the schema: with its room
// before it, unless it says so itself.
func nameOf(t reflect.Type) string {
	room := pascal(path.Base(t.PkgPath()))
	if room == "Domain" || strings.HasPrefix(t.Name(), room) {
		return t.Name()
	}
	return room + t.Name()
}

// pascal writes "complaint.seal_reporter" as "ComplaintSealReporter".
func pascal(name string) string {
	var b strings.Builder
	up := true
	for _, r := range name {
		if r == '.' || r == '_' {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}

// camel writes "complaint.seal_reporter" as "complaintSealReporter".
func camel(name string) string {
	p := pascal(name)
	return strings.ToLower(p[:1]) + p[1:]
}

// enumName writes a word as the name of an enum's value.
func enumName(word string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(word))
}
