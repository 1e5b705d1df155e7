package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// The matrix of access: who sees which field of the schema, as the demo's
// district answers. For each type that can be asked for, some objects are
// chosen that have as many of its fields as there are to be had; each is asked
// for by every role in every relation to it, and what comes back is noted by
// type and field. docs/access.csv holds the outcome, docs/access.md says how
// to read it.
const accessFile = "../../docs/access.csv"

// relation is how one who asks stands to an object.
type relation string

const (
	within    relation = "scope"  // its agency is in the units of the token
	beyond    relation = "beyond" // another agency is
	concerned relation = "own"    // it is about them, or theirs to work on
)

// asker is a column of the matrix and a relation, and who asks then; nil when
// nobody stands so to the object.
type asker struct {
	role     domain.Role
	relation relation
	who      func(o object) []projections.Principal
}

// object is one that is asked for.
type object struct {
	typ, id  string
	agency   domain.UnitID
	officers []string // whom it concerns
	handlers []string
	ofKey    bool // an event of a key, of a warning that the ledger raised, or of what the public filed, whose ids name no agency; or of what is due to the public
}

// columns are the roles in the order of the file.
var columns = []domain.Role{domain.RoleAuditor, domain.RoleInspector, domain.RoleLeader, domain.RoleHR, domain.RoleIntake,
	domain.RoleHandler, domain.RoleOfficer, domain.RoleOverseer, domain.RolePublic}

// askers are all who ask. Whoever is concerned by an object has its agency in
// scope as well.
func askers(agencies []domain.UnitID) []asker {
	other := func(of domain.UnitID) domain.UnitID {
		i := slices.Index(agencies, of)
		return agencies[(i+1)%len(agencies)]
	}
	one := func(role domain.Role, subject string, units ...domain.UnitID) []projections.Principal {
		return []projections.Principal{{Role: role, Subject: subject, Units: units}}
	}
	each := func(role domain.Role, subjects []string, units ...domain.UnitID) (out []projections.Principal) {
		for _, s := range subjects[:min(3, len(subjects))] {
			out = append(out, one(role, s, units...)...)
		}
		return out
	}
	var out []asker
	for _, role := range columns {
		scoped, foreign := asker{role: role, relation: within}, asker{role: role, relation: beyond}
		own := asker{role: role, relation: concerned}
		switch role {
		case domain.RoleAuditor, domain.RoleOverseer, domain.RoleHR, domain.RoleIntake, domain.RoleInspector, domain.RoleLeader:
			scoped.who = func(o object) []projections.Principal { return one(role, "stranger-01", o.agency) }
			foreign.who = func(o object) []projections.Principal { return one(role, "stranger-01", other(o.agency)) }
			if role == domain.RoleInspector || role == domain.RoleLeader {
				own.who = func(o object) []projections.Principal { return each(role, o.officers, o.agency) }
			}
		case domain.RoleOfficer:
			own.who = func(o object) []projections.Principal { return each(role, o.officers) }
			foreign.who = func(object) []projections.Principal { return one(role, "stranger-01") }
		case domain.RoleHandler:
			own.who = func(o object) []projections.Principal { return each(role, o.handlers) }
			foreign.who = func(object) []projections.Principal { return one(role, "stranger-01") }
		case domain.RolePublic:
			foreign.who = func(object) []projections.Principal { return one(role, "") }
		}
		for _, a := range []asker{scoped, own, foreign} {
			if a.who != nil {
				out = append(out, a)
			}
		}
	}
	return out
}

// accessRoots are the fields of the query that ask for neither one object nor
// a plain list of them, with arguments for a unit and an officer.
var accessRoots = map[string]string{
	"scorecard":              `(unit: "UNIT", from: "2025-01-01", to: "2025-12-31")`,
	"scorecards":             `(units: ["UNIT"], from: "2025-01-01", to: "2025-12-31")`,
	"activityCoverage":       `(unit: "UNIT", from: "2025-01-01", to: "2025-12-31")`,
	"complaintConcentration": ``,
	"warningRules":           `(unit: "UNIT")`,
	"warningFairness":        `(unit: "UNIT", by: SEX)`,
	"reviewQueue":            `(unit: "UNIT")`,
	"discretion":             `(by: POST, filter: {unit: "UNIT"})`,
	"discretionFunnel":       `(by: OFFICER, filter: {unit: "UNIT"})`,
	"timeline":               `(ref: {type: OFFICER, id: "OFFICER"}, first: 30)`,
	"search":                 `(text: "处罚", first: 30)`,
	"changes":                `(ref: {type: OFFICER, id: "OFFICER"}, from: "2024-08-01T00:00:00Z", to: "2026-06-01T00:00:00Z")`,
	"statistics":             ``,
	"ledger":                 ``,
	"me":                     ``,
	"obligations":            `(filter: {unit: "UNIT"}, first: 30)`,
}

// accessArguments are given to fields that need some.
var accessArguments = map[string]string{
	"Ledger.consistency":           `(from: 1, to: 2)`,
	"Officer.recordFileComparison": `(from: "2024-08-01T00:00:00Z", to: "2026-06-01T00:00:00Z")`,
}

// matrix gathers who saw what.
type matrix struct {
	d       *demo
	service *graphql.Service
	schema  *accessSchema
	seen    map[string]map[domain.Role]map[relation]bool // by type and field
}

func (d *demo) checkAccess() {
	d.enrolKey()
	m := newMatrix(d)
	for _, typ := range slices.Sorted(maps.Keys(m.schema.entity)) {
		m.entity(typ)
	}
	m.roots()
	m.write()
	m.judge()
}

// newMatrix opens the views as of the end of the story.
func newMatrix(d *demo) *matrix {
	d.t.Helper()
	h := d.house
	options := h.ViewOptions()
	options.Now = func() time.Time { return demoEnd }
	views, err := projections.Open(d.t.TempDir(), h.Codec, options)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { views.Close() })
	if err := views.CatchUp(d.t.Context(), h.Store, nil); err != nil {
		d.t.Fatal(err)
	}
	if err := h.Notary.CatchUp(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	service, err := graphql.New(graphql.Config{Views: views, Store: h.Store, Codec: h.Codec, Notary: h.Notary, Messages: h.Messages, Log: slog.New(slog.DiscardHandler),
		ProveFile: func(context.Context, projections.Principal, domain.Ref) ([]byte, error) { return []byte("proof"), nil }})
	if err != nil {
		d.t.Fatal(err)
	}
	return &matrix{d, service, readSchema(d.t, service.SDL()), map[string]map[domain.Role]map[relation]bool{}}
}

// enrolKey puts a key of an officer on file, of which the district has none.
func (d *demo) enrolKey() {
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		d.t.Fatal(err)
	}
	signer, err := ledger.NewSigner(priv)
	if err != nil {
		d.t.Fatal(err)
	}
	public, err := ledger.EncodePublicKey(signer.Public())
	if err != nil {
		d.t.Fatal(err)
	}
	_, err = d.house.Recorder.RecordSigned(d.t.Context(), domain.Instruction{
		ID:      "enrol",
		Command: key.Enroll{Algorithm: domain.AlgorithmEd25519, PublicKey: public, Purpose: domain.KeyOfAuthor, Holder: domain.ActorID(d.planted("demerit-to-release").Officer)},
		Act:     domain.Act{Subject: string(signer.ID()), Actor: "leader-of-keys", Role: domain.RoleLeader},
	}, signer)
	if err != nil {
		d.t.Fatal(err)
	}
}

// fine are the codes that say no; any other error fails the test.
var fine = []string{"FORBIDDEN", "BAD_USER_INPUT", "STATE"}

// ask asks for the fields below a root field, and returns what it holds; ok
// is false when the query costs too much.
func (m *matrix) ask(who projections.Principal, root string, fields []*asked) (value any, ok bool) {
	var b strings.Builder
	b.WriteString("{ root: " + root)
	write(&b, fields)
	b.WriteString(" }")
	r := m.service.Do(m.d.t.Context(), who, overhttp.Request{Query: b.String()})
	for _, e := range r.Errors {
		code, _ := e.Extensions["code"].(string)
		if code == "QUERY_TOO_COSTLY" {
			return nil, false
		}
		if !r.HasData || !slices.Contains(fine, code) {
			m.d.t.Fatalf("%s %s: %s\n%s", who.Role, who.Subject, e.Message, b.String())
		}
	}
	var data struct{ Root any }
	if err := json.Unmarshal(r.Data.(json.RawMessage), &data); err != nil {
		m.d.t.Fatal(err)
	}
	return data.Root, true
}

// affordable cuts a selection until the auditor is let through with it; dear
// is what costs too much by itself.
func (m *matrix) affordable(root string, fields []*asked, most int) (out [][]*asked, dear []*asked) {
	for _, part := range parts(fields, most) {
		if _, ok := m.ask(theAuditor, root, part); ok {
			out = append(out, part)
		} else if most < 4 {
			dear = append(dear, part...)
		} else {
			cheap, rest := m.affordable(root, part, most/2)
			out, dear = append(out, cheap...), append(dear, rest...)
		}
	}
	return out, dear
}

// every cuts a selection of which nothing may cost too much.
func (m *matrix) every(root string, fields []*asked) [][]*asked {
	out, dear := m.affordable(root, fields, fieldsAtOnce)
	if len(dear) > 0 {
		m.d.t.Fatalf("%s { %s.%s }: costs too much by itself", root, dear[0].of, dear[0].name)
	}
	return out
}

const (
	fieldsAtOnce = 120
	sampled      = 60 // objects of a type that are looked at, at most
)

// entity asks for objects of a type.
func (m *matrix) entity(typ string) {
	root := func(id string) string { return fmt.Sprintf("%s(id: %q)", m.schema.entity[typ], id) }
	ids := m.ids(typ)
	if len(ids) == 0 {
		return
	}
	fields := m.schema.selection(typ, accessArguments, nil)
	queries := m.every(root(ids[0]), fields)
	have := [2]map[string]bool{{}, {}}
	chosen := m.choose(typ, ids, root, queries, have)
	chosen = append(chosen, m.choose(typ, m.rare(typ, fields, have[0]), root, queries, have)...)
	for _, o := range chosen {
		for _, a := range askers(m.agencies()) {
			for _, who := range a.who(o.object) {
				for _, fields := range o.queries {
					value, _ := m.ask(who, root(o.id), fields)
					if value != nil {
						m.saw(&asked{of: "Query", name: m.schema.entity[typ]}, a)
					}
					look(fields, value, func(c *asked, _ any) { m.saw(c, a) })
				}
			}
		}
	}
}

// ids are some objects of a type, spread over all there are.
func (m *matrix) ids(typ string) []string {
	list := m.schema.list[typ]
	if list == "" {
		return nil
	}
	value, _ := m.ask(theAuditor, list+"(first: 500)", []*asked{{name: "nodes", below: []*asked{{name: "id"}}}})
	var all []string
	for _, node := range value.(map[string]any)["nodes"].([]any) {
		all = append(all, node.(map[string]any)["id"].(string))
	}
	step := max(1, len(all)/sampled)
	var out []string
	if typ == "Event" { // the last ones are warnings, which few roles see
		value, _ := m.ask(theAuditor, list+`(first: 1, filter: {kinds: ["officer.training_completed.v1"]})`, []*asked{{name: "nodes", below: []*asked{{name: "id"}}}})
		for _, node := range value.(map[string]any)["nodes"].([]any) {
			out = append(out, node.(map[string]any)["id"].(string))
		}
	}
	for i := 0; i < len(all); i += step {
		out = append(out, all[i])
	}
	return out
}

// taken is an object with the queries that show something of it which no
// object before it has.
type taken struct {
	object
	queries [][]*asked
}

// choose takes the objects that together have all the fields there are to be
// had: once of any object, and once of one that concerns somebody. have are
// the fields had before.
func (m *matrix) choose(typ string, ids []string, root func(string) string, queries [][]*asked, have [2]map[string]bool) []taken {
	var out []taken
	for _, id := range ids {
		o := taken{object: object{typ: typ, id: id}}
		if typ == "Officer" {
			o.officers = []string{id}
		}
		has := make([][]string, len(queries))
		for i, fields := range queries {
			if i > 0 && !m.lacks(have[1], fields) {
				continue
			}
			value, _ := m.ask(theAuditor, root(id), fields)
			look(fields, value, func(f *asked, v any) {
				has[i] = append(has[i], f.of+"."+f.name)
				o.learn(f, v)
			})
		}
		o.agency = m.agencyOf(o.object)
		if o.ofKey {
			continue
		}
		for i, fields := range queries {
			fresh := false
			for _, f := range has[i] {
				for kind, known := range have {
					if kind == 1 && len(o.officers)+len(o.handlers) == 0 {
						continue
					}
					fresh = fresh || !known[f]
					known[f] = true
				}
			}
			if fresh {
				o.queries = append(o.queries, fields)
			}
		}
		if len(o.queries) > 0 {
			out = append(out, o)
		}
	}
	return out
}

// rarePages are how many pages of a list are looked through, at most.
const rarePages = 120

// rare are objects with fields that those looked at lack, sought page by page
// through the whole list.
func (m *matrix) rare(typ string, fields []*asked, have map[string]bool) []string {
	var out []string
	known := maps.Clone(have)
	lacking := slices.DeleteFunc(slices.Clone(fields), func(c *asked) bool { return !m.lacks(known, []*asked{c}) })
	for _, size := range []int{25, 4} {
		if len(lacking) == 0 {
			break
		}
		list := fmt.Sprintf("%s(first: %d", m.schema.list[typ], size)
		queries, dear := m.affordable(list+")", []*asked{{name: "nodes", below: lacking}}, fieldsAtOnce)
		for _, part := range queries {
			out = append(out, m.leaf(list, part[0].below, known)...)
		}
		lacking = nil
		for _, nodes := range dear {
			lacking = append(lacking, nodes.below...)
		}
	}
	return out
}

// leaf goes through the pages of a list, for the objects that show a field
// not known yet.
func (m *matrix) leaf(list string, fields []*asked, known map[string]bool) (out []string) {
	query := []*asked{
		{name: "nodes", below: append([]*asked{{name: "id"}}, fields...)},
		{name: "pageInfo", below: []*asked{{name: "endCursor"}, {name: "hasNextPage"}}},
	}
	after := ""
	for n := 0; n < rarePages && m.lacks(known, fields); n++ {
		value, _ := m.ask(theAuditor, list+after+")", query)
		for _, node := range value.(map[string]any)["nodes"].([]any) {
			fresh := false
			look(fields, node, func(f *asked, _ any) {
				fresh = fresh || !known[f.of+"."+f.name]
				known[f.of+"."+f.name] = true
			})
			if fresh {
				out = append(out, node.(map[string]any)["id"].(string))
			}
		}
		info := value.(map[string]any)["pageInfo"].(map[string]any)
		if info["hasNextPage"] != true {
			break
		}
		after = fmt.Sprintf(", after: %q", info["endCursor"])
	}
	return out
}

// lacks tells whether a query asks for a field that was not had yet.
func (m *matrix) lacks(have map[string]bool, fields []*asked) bool {
	return slices.ContainsFunc(fields, func(c *asked) bool {
		return c.name != "__typename" && !have[c.of+"."+c.name] || m.lacks(have, c.below)
	})
}

// learn notes whom an object concerns, by the links of the object itself.
func (o *object) learn(f *asked, value any) {
	if f.of != o.typ {
		return
	}
	note := func(list *[]string, id any) {
		if id, ok := id.(string); ok && id != "" && !slices.Contains(*list, id) {
			*list = append(*list, id)
		}
	}
	if strings.HasPrefix(f.name, "handler") {
		note(&o.handlers, value)
	}
	values, ok := value.([]any)
	if !ok {
		values = []any{value}
	}
	for _, v := range values {
		if link, ok := v.(map[string]any); ok {
			switch link["__typename"] {
			case "Officer":
				note(&o.officers, link["id"])
			case "Unit":
				if o.agency == "" {
					id, _ := link["id"].(string)
					o.agency = domain.UnitID(id)
				}
			case nil: // a reference
				if f.name != "subject" {
					continue
				}
				id, _ := link["id"].(string)
				if o.agency == "" {
					o.agency = domain.UnitID(id)
				}
				o.ofKey = o.ofKey || link["type"] == "KEY" || id == string(house.ComplaintOf(demoNonce)) || strings.HasPrefix(id, "rule:") || strings.HasPrefix(id, "clock:") ||
					link["type"] == "DISCLOSURE"
			}
		}
	}
}

func (m *matrix) agencies() []domain.UnitID {
	var out []domain.UnitID
	for _, a := range m.d.story.Agencies {
		out = append(out, a.Unit)
	}
	return out
}

// agencyOf finds the agency by the ids of the demo, which hold its own.
func (m *matrix) agencyOf(o object) domain.UnitID {
	for _, id := range append([]string{string(o.agency), o.id}, o.officers...) {
		for _, a := range m.agencies() {
			if id == string(a) || strings.Contains(id, string(a)+"-") {
				return a
			}
		}
	}
	return m.agencies()[0]
}

// roots asks what is not asked of one object.
func (m *matrix) roots() {
	agency := m.agencies()[0]
	officer := m.d.planted("demerit-to-release").Officer
	o := object{agency: agency, officers: []string{string(officer)}}
	for _, f := range m.schema.objects["Query"].Fields {
		name, typ := f.Name.Value, typeNamed(f.Type)
		arguments, given := accessRoots[name]
		switch {
		case given:
		case m.schema.entity[typ] != "": // asked of each object
			continue
		case m.schema.list[strings.TrimSuffix(typ, "Connection")] != "":
			arguments = "(first: 3)"
		default:
			m.d.t.Errorf("the query's field %s is asked by nobody: give it arguments in accessRoots", name)
			continue
		}
		arguments = strings.NewReplacer("UNIT", string(agency), "\"OFFICER\"", fmt.Sprintf("%q", officer)).Replace(arguments)
		var fields []*asked
		if m.schema.isPage(typ) {
			fields = []*asked{{of: typ, name: "nodes", below: m.schema.nodes(typ, strings.TrimSuffix(typ, "Connection"), accessArguments, nil)}}
		} else {
			fields = m.schema.selection(typ, accessArguments, nil)
		}
		queries := m.every(name+arguments, fields)
		for _, a := range askers(m.agencies()) {
			for _, who := range a.who(o) {
				for _, q := range queries {
					value, _ := m.ask(who, name+arguments, q)
					if !isEmpty(value) {
						m.saw(&asked{of: "Query", name: name}, a)
					}
					if given { // a plain list is of the asker's own scope
						look(q, value, func(c *asked, _ any) { m.saw(c, a) })
					}
				}
			}
		}
	}
}

func (m *matrix) saw(c *asked, a asker) {
	if c.name == "__typename" || m.schema.isPage(c.of) {
		return
	}
	key := c.of + "." + c.name
	if m.seen[key] == nil {
		m.seen[key] = map[domain.Role]map[relation]bool{}
	}
	if m.seen[key][a.role] == nil {
		m.seen[key][a.role] = map[relation]bool{}
	}
	m.seen[key][a.role][a.relation] = true
}

// rows are the lines of the file: every field of every type that is more than
// a page.
func (m *matrix) rows() [][]string {
	head := []string{"type", "field"}
	for _, role := range columns {
		head = append(head, string(role))
	}
	rows := [][]string{head}
	for _, typ := range m.schema.answers() {
		for _, f := range m.schema.objects[typ].Fields {
			row := []string{typ, f.Name.Value}
			for _, role := range columns {
				var cell []string
				for _, r := range []relation{within, concerned, beyond} {
					if m.seen[typ+"."+f.Name.Value][role][r] {
						cell = append(cell, string(r))
					}
				}
				row = append(row, strings.Join(cell, " "))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func (m *matrix) write() {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll(m.rows()); err != nil {
		m.d.t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(accessFile, []byte(b.String()), 0o644); err != nil {
			m.d.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(accessFile)
	if err != nil {
		m.d.t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		m.d.t.Errorf("who sees what has changed. If that is meant, 'go test ./cmd/probity -run Demo -update' writes docs/access.csv (-file +now):\n%s", diff)
	}
}
