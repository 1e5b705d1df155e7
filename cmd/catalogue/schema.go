package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

const dialect = "https://json-schema.org/draft/2020-12/schema"

// schema is a JSON Schema, or a part of one.
type schema struct {
	Dialect     string      `json:"$schema,omitempty"`
	Title       string      `json:"title,omitempty"`
	Description string      `json:"description,omitempty"`
	Ref         string      `json:"$ref,omitempty"`
	Type        string      `json:"type,omitempty"`
	Format      string      `json:"format,omitempty"`
	Const       any         `json:"const,omitempty"`
	Enum        []string    `json:"enum,omitempty"`
	Pattern     string      `json:"pattern,omitempty"`
	MinLength   int         `json:"minLength,omitempty"`
	MaxLength   int         `json:"maxLength,omitempty"`
	Minimum     *int        `json:"minimum,omitempty"`
	Maximum     *int        `json:"maximum,omitempty"`
	Items       *schema     `json:"items,omitempty"`
	Properties  *properties `json:"properties,omitempty"`
	Required    []string    `json:"required,omitempty"`
	// Additional is false for whatever is closed, and absent elsewhere.
	Additional *bool       `json:"additionalProperties,omitempty"`
	AllOf      []condition `json:"allOf,omitempty"`
	Defs       *properties `json:"$defs,omitempty"`
}

// condition says what holds of the data of one kind.
type condition struct {
	If   schema `json:"if"`
	Then schema `json:"then"`
}

// properties keeps its members in the order in which they were added.
type properties struct {
	names []string
	of    map[string]*schema
}

func (p *properties) add(name string, s *schema) {
	if p.of == nil {
		p.of = map[string]*schema{}
	}
	p.names = append(p.names, name)
	p.of[name] = s
}

// MarshalJSON writes the members in their order.
func (p *properties) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, name := range p.names {
		if i > 0 {
			b.WriteByte(',')
		}
		member, err := json.Marshal(p.of[name])
		if err != nil {
			return nil, err
		}
		b.WriteString(strconv.Quote(name) + ":" + string(member))
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

// The forms that texts are held to. Lengths are bytes in the ledger; a JSON
// Schema counts characters, so it lets through what is longer in bytes.
const (
	digestPattern = `^sha256:[0-9a-f]{64}$`
	idPattern     = `^[\p{L}\p{Nd}_.:#+@-]+$`
)

func (h *house) schemas() (outputs, error) {
	out := outputs{}
	put := func(name string, s *schema) error {
		s.Dialect = dialect
		b, err := marshal(s)
		out["schema/"+name+".json"] = b
		return err
	}
	for _, r := range h.rooms {
		for _, e := range r.events {
			if err := put(string(e.Kind), h.object(string(e.Kind), meaning(e.Type.Name(), e.doc), e.fields)); err != nil {
				return nil, err
			}
		}
		for _, c := range r.commands {
			if err := put("command/"+string(c.Name), h.object(string(c.Name), meaning(c.Type.Name(), c.doc), c.fields)); err != nil {
				return nil, err
			}
		}
	}
	env, err := h.envelope()
	if err != nil {
		return nil, err
	}
	return out, put("envelope", env)
}

func marshal(s *schema) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(s)
	return []byte(b.String()), err
}

// object is the schema of an event's or command's data.
func (h *house) object(title, doc string, fields []field) *schema {
	defs := &properties{}
	s := h.members(fields, defs)
	s.Title, s.Description = title, oneLine(doc)
	if len(defs.names) > 0 {
		s.Defs = defs
	}
	return s
}

func (h *house) members(fields []field, defs *properties) *schema {
	closed := false
	s := &schema{Type: "object", Properties: &properties{}, Additional: &closed}
	for _, f := range fields {
		m := h.member(f, defs)
		m.Description = strings.TrimSpace(f.doc + " " + m.Description)
		s.Properties.add(f.Name, m)
		if !f.Optional {
			s.Required = append(s.Required, f.Name)
		}
	}
	return s
}

// member is the schema of one field.
func (h *house) member(f field, defs *properties) *schema {
	t := f.Type
	switch {
	case t.Kind() == reflect.Slice:
		items := h.member(field{Type: t.Elem(), form: f.form}, defs)
		return &schema{Type: "array", Items: items}
	case t == reflect.TypeFor[domain.Date]():
		return &schema{Type: "string", Format: "date"}
	case scalar(t):
		return &schema{Type: "string", Format: "date-time"}
	case t == eventID:
		return &schema{Type: "string", Format: "uuid"}
	case roomOf(t) != "" || f.form == formID:
		return idSchema(roomOf(t))
	case f.form == formDigest:
		return &schema{Type: "string", Pattern: digestPattern, Description: "SHA-256."}
	case t.Kind() == reflect.Struct:
		h.define(t, defs)
		return &schema{Ref: "#/$defs/" + t.String()}
	case t.Kind() == reflect.Bool:
		return &schema{Type: "boolean"}
	case f.Name == "ciphertext":
		most := base64.StdEncoding.EncodedLen(domain.MaxCiphertext)
		return &schema{Type: "string", MaxLength: most, Description: fmt.Sprintf("At most %d bytes.", most)}
	case t.Kind() == reflect.String:
		return h.text(t)
	}
	return &schema{Type: "integer"}
}

func idSchema(room string) *schema {
	s := &schema{Type: "string", Pattern: idPattern, MinLength: 1, MaxLength: domain.MaxID}
	if room == "" {
		s.Description = fmt.Sprintf("Code of at most %d bytes.", domain.MaxID)
	} else {
		s.Description = fmt.Sprintf("Id (%s) of at most %d bytes.", room, domain.MaxID)
	}
	return s
}

func (h *house) text(t reflect.Type) *schema {
	values := h.src.values(t)
	if len(values) == 0 {
		return &schema{Type: "string", MaxLength: domain.MaxText, Description: fmt.Sprintf("At most %d bytes.", domain.MaxText)}
	}
	s := &schema{Type: "string"}
	var said []string
	for _, v := range values {
		s.Enum = append(s.Enum, v.Text)
		if v.Meaning != "" {
			said = append(said, v.Text+": "+v.Meaning)
		}
	}
	if len(said) > 0 {
		s.Description = strings.Join(said, "; ") + "."
	}
	if open[t] {
		s.Enum, s.MaxLength = nil, domain.MaxText
		s.Description = "In " + h.book.ID + ": " + s.Description
	}
	return s
}

// define adds a structure to the definitions, once.
func (h *house) define(t reflect.Type, defs *properties) {
	if slices.Contains(defs.names, t.String()) {
		return
	}
	defs.add(t.String(), nil)
	s := h.members(h.src.fieldsOf(t), defs)
	s.Description = oneLine(h.src.typeDoc(t))
	defs.of[t.String()] = s
}

// envelopeMembers says what the members of a payload are; their names, their
// order and which may be absent are read from the ledger's source.
func (h *house) envelopeMembers() map[string]schema {
	var kinds, roles []string
	for _, r := range h.rooms {
		for _, e := range r.events {
			kinds = append(kinds, string(e.Kind))
		}
	}
	for _, r := range domain.Roles() {
		roles = append(roles, string(r))
	}
	zero, most := 0, 1<<31-1
	id := *idSchema("")
	id.Description = ""
	with := func(s schema, description string) schema { s.Description = description; return s }
	uuid := schema{Type: "string", Format: "uuid"}
	moment := schema{Type: "string", Format: "date-time", Pattern: `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`}
	return map[string]schema{
		"specversion":   {Type: "string", Const: "1.0", Description: "CloudEvents version."},
		"id":            with(uuid, "The event's id, UUID version 5 of stream, instruction and index."),
		"source":        {Type: "string", MinLength: 1, Description: "The ledger's origin."},
		"type":          {Type: "string", Enum: kinds, Description: "The kind of event; it tells what data holds."},
		"subject":       with(id, "Id of the aggregate that the event happened to."),
		"time":          with(moment, "When it was recorded, UTC with microseconds."),
		"stream":        {Type: "string", MinLength: 1, Description: "The aggregate's stream: its room, a hyphen and the subject."},
		"revision":      {Type: "integer", Minimum: &zero, Maximum: &most, Description: "Place in the stream, from 0."},
		"prevhash":      {Type: "string", Pattern: `^[0-9a-f]{64}$`, Description: "SHA-256 of the stream's previous payload, absent at revision 0."},
		"actor":         with(id, "Who acted."),
		"role":          {Type: "string", Enum: roles, Description: "The capacity in which they acted."},
		"occurredat":    with(moment, "When it happened in the world, never after time."),
		"rulebook":      {Type: "string", Description: "Id of the rulebook decided under."},
		"causationid":   with(uuid, "The event that caused this one."),
		"correlationid": with(uuid, "The first event of the whole chain."),
		"sourcedigest":  {Type: "string", Pattern: digestPattern, Description: "Digest of the source record that this was imported from; absent for what was decided here."},
		"data":          {Type: "object", Description: "What happened, by type."},
	}
}

// envelope is the schema of a signed payload: CloudEvents 1.0 with the
// ledger's extension attributes.
func (h *house) envelope() (*schema, error) {
	closed := false
	s := &schema{
		Title:       "Signed payload",
		Description: "CloudEvents 1.0, JSON format, with the extension attributes of the ledger.",
		Type:        "object", Properties: &properties{}, Additional: &closed,
	}
	known := h.envelopeMembers()
	members, err := payloadMembers(h.src.root)
	if err != nil {
		return nil, err
	}
	for _, f := range members {
		m, ok := known[f.Name]
		if !ok {
			return nil, fmt.Errorf("the payload has a member %q that the catalogue does not explain", f.Name)
		}
		delete(known, f.Name)
		s.Properties.add(f.Name, &m)
		if !f.Optional {
			s.Required = append(s.Required, f.Name)
		}
	}
	for name := range known {
		return nil, fmt.Errorf("the catalogue explains a member %q that the payload does not have", name)
	}
	for _, r := range h.rooms {
		for _, e := range r.events {
			is, data := &properties{}, &properties{}
			is.add("type", &schema{Const: e.Kind})
			data.add("data", &schema{Ref: string(e.Kind) + ".json"})
			s.AllOf = append(s.AllOf, condition{schema{Properties: is}, schema{Properties: data}})
		}
	}
	return s, nil
}

// payloadMembers reads the members of cloudEvent from the ledger's source.
func payloadMembers(root string) ([]field, error) {
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "ledger", "payload.go"), nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []field
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != "cloudEvent" {
			return true
		}
		for _, m := range spec.Type.(*ast.StructType).Fields.List {
			tag, _ := strconv.Unquote(m.Tag.Value)
			name, option, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
			out = append(out, field{Name: name, Optional: option != ""})
		}
		return false
	})
	return out, nil
}
