package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/reactions"
)

// house is all that the catalogue says.
type house struct {
	src   *source
	cat   *domain.Catalog
	book  *domain.Rulebook
	rooms []*room
	// always are the refusals that any command may meet before its room is
	// asked.
	always []refusal
	// follows are the reactions, in the order of the chain.
	follows []follow
}

type room struct {
	*domain.Aggregate
	path     string
	events   []*event
	commands []*command
}

type event struct {
	*domain.EventType
	doc    string
	fields []field
	by     []domain.CommandName // the commands that may decide it
}

type command struct {
	*domain.CommandType
	doc, guards, reads string
	may                []domain.Role // by the rulebook
	fields             []field
	decides            []domain.Kind
	sees               []string // rooms
	refusals           []refusal
}

// follow is one reaction and the commands it may give.
type follow struct {
	domain.Reaction
	gives []domain.CommandName
}

// survey reads the source and the lists of the domain.
func survey(root string) (*house, error) {
	src, err := load(root, module+"/domain/catalog", module+"/domain/reactions")
	if err != nil {
		return nil, err
	}
	h := &house{src: src, cat: catalog.New(), book: domain.CN2024()}
	read := newReader(src, h.book)
	var errs []error
	for _, a := range h.cat.Aggregates {
		r := &room{Aggregate: a, path: a.Events[0].Type.PkgPath()}
		for _, c := range a.Commands {
			cmd, err := h.command(read, c)
			r.commands, errs = append(r.commands, cmd), append(errs, err)
		}
		for _, e := range a.Events {
			ev, err := h.event(r, e)
			r.events, errs = append(r.events, ev), append(errs, err)
		}
		h.rooms = append(h.rooms, r)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	decide := src.method(reflect.TypeFor[domain.Aggregate](), "Decide")
	h.always = read.from(decide).refusals
	for _, re := range reactions.All() {
		h.follows = append(h.follows, follow{re, h.gives(read, re)})
	}
	return h, nil
}

func (h *house) command(read *reader, t *domain.CommandType) (*command, error) {
	decide := h.src.method(t.Type, "Decide")
	got := read.from(decide)
	c := &command{
		CommandType: t, doc: h.src.typeDoc(t.Type), guards: h.src.funcDoc(decide),
		may: h.book.MayGive(t.Value(t.New())), fields: h.src.fieldsOf(t.Type), refusals: got.refusals,
	}
	if reads := h.src.method(t.Type, "Reads"); reads != nil {
		c.reads = h.src.funcDoc(reads)
	}
	for _, path := range got.sees {
		c.sees = append(c.sees, path[strings.LastIndex(path, "/")+1:])
	}
	slices.Sort(c.sees)
	for _, k := range h.cat.Room(t.Name.Room()).Events {
		if names(got.names, k.Type) {
			c.decides = append(c.decides, k.Kind)
		}
	}
	if c.doc == "" {
		return c, fmt.Errorf("command %s: %s has no doc comment", t.Name, t.Type)
	}
	return c, nil
}

func (h *house) event(r *room, t *domain.EventType) (*event, error) {
	e := &event{EventType: t, doc: h.src.typeDoc(t.Type), fields: h.src.fieldsOf(t.Type)}
	for _, c := range r.commands {
		if !slices.Contains(c.decides, t.Kind) {
			continue
		}
		e.by = append(e.by, c.Name)
		for i := range e.fields {
			e.fields[i].borrow(c.fields)
		}
	}
	if e.doc == "" {
		return e, fmt.Errorf("event %s: %s has no doc comment", t.Kind, t.Type)
	}
	return e, nil
}

// gives finds the commands that a reaction may give: those named by the
// functions that stand in one call with the reaction's name.
func (h *house) gives(read *reader, re domain.Reaction) []domain.CommandName {
	got := read.from(h.src.besideText(module+"/domain/reactions", re.Name)...)
	var out []domain.CommandName
	for _, r := range h.rooms {
		for _, c := range r.commands {
			if names(got.names, c.Type) {
				out = append(out, c.Name)
			}
		}
	}
	return out
}

// names tells whether the type is among those named.
func names(objs []types.Object, t reflect.Type) bool {
	return slices.ContainsFunc(objs, func(o types.Object) bool {
		return o.Name() == t.Name() && o.Pkg() != nil && o.Pkg().Path() == t.PkgPath()
	})
}

// field is one member of an event, a command or a structure within them.
type field struct {
	Name     string // in JSON
	Go       string
	Type     reflect.Type
	Optional bool
	doc      string
	form     string
}

// The forms a plain text may be held to.
const (
	formID     = "id"
	formDigest = "digest"
)

func (s *source) fieldsOf(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, field{
			Name: name, Go: f.Name, Type: f.Type, Optional: strings.HasPrefix(option, "omit"),
			doc: inJSON(oneLine(s.fieldDoc(t, f.Name)), f.Name, name), form: s.forms[s.field(t, f.Name)],
		})
	}
	if t == reflect.TypeFor[domain.Evidence]() {
		out[0].form = cmp.Or(out[0].form, formDigest)
	}
	return out
}

// inJSON calls the field in its comment as it is called in JSON, where the
// names differ by more than a capital.
func inJSON(doc, goName, name string) string {
	if rest, ok := strings.CutPrefix(doc, goName+" "); ok && !strings.EqualFold(goName, name) {
		return strings.ToUpper(name[:1]) + name[1:] + " " + rest
	}
	return doc
}

// borrow takes what an event's field does not say from the same field of the
// command that decides it.
func (f *field) borrow(from []field) {
	for _, g := range from {
		if g.Go == f.Go && g.Name == f.Name && g.Type == f.Type && g.Optional == f.Optional {
			f.doc, f.form = cmp.Or(f.doc, g.doc), cmp.Or(f.form, g.form)
		}
	}
}

// scalar tells the types that have a form of their own in JSON, though Go
// holds them as structures.
func scalar(t reflect.Type) bool {
	return t == reflect.TypeFor[domain.Date]() || t.PkgPath() == "time"
}

// roomOf returns the room that a typed id points at, "" for other types.
func roomOf(t reflect.Type) string {
	if ref, ok := reflect.Zero(t).Interface().(domain.Reference); ok {
		return ref.Ref().Type
	}
	return ""
}

var eventID = reflect.TypeFor[domain.EventID]()

// open lists the enumerations to which a rulebook may add values.
var open = map[reflect.Type]bool{reflect.TypeFor[domain.Measure](): true}
