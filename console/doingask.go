package console

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/console/tongues"
)

// perSince is how many events about a subject a form looks back on.
const perSince = 20

// pickers are what can be picked: the part of the query that asks for it, and
// the members that are shown beside the id.
var pickers = map[string]string{
	"unit":        `unit: units(filter: {status: OPEN}, first: 200) { nodes { id name nameEn } }`,
	"post":        `post: posts(first: 100) { nodes { id name nameEn } }`,
	"officer":     `officer: officers(filter: {status: SERVING, sortByName: true}, first: 200) { nodes { id name latinName } }`,
	"norm":        `norm: norms(first: 100) { nodes { id name: title } }`,
	"rulebook":    `rulebook: rulebooks(first: 20) { nodes { id } }`,
	"complaint":   `complaint: complaints(first: 50) { nodes { id name: category } }`,
	"case":        `case: cases(first: 50) { nodes { id name: summary } }`,
	"enforcement": `enforcement: enforcements(first: 50) { nodes { id name: matter } }`,
	"inspection":  `inspection: inspections(first: 50) { nodes { id name: basis } }`,
	"handler":     `handler: complaints(first: 200) { nodes { id: handler } }`,
}

// option is something that can be picked or chosen.
type option struct{ Value, Text string }

// known is what is known about a subject.
type known struct {
	Subject map[string]any // nil where it is new or not to be seen
}

// events are the last about the subject, the latest first.
func (k known) events(member string) []map[string]any {
	timeline, _ := k.Subject[member].(map[string]any)
	nodes, _ := timeline["nodes"].([]any)
	var out []map[string]any
	for _, node := range nodes {
		if event, _ := node.(map[string]any)["event"].(map[string]any); event != nil {
			out = append(out, event)
		}
	}
	return out
}

// last is the id of the last event, empty where none is to be seen.
func (k known) last() string {
	for _, event := range k.events("timeline") {
		id, _ := event["id"].(string)
		return id
	}
	return ""
}

// after are the events behind one.
func (k known) after(seen string) []map[string]any {
	if seen == "" {
		return nil
	}
	all := k.events("timeline")
	if i := slices.IndexFunc(all, func(e map[string]any) bool { return e["id"] == seen }); i >= 0 {
		return all[:i]
	}
	return all
}

// picked are the kinds of things that are picked in fields.
func picked(fields []field) []string {
	var out []string
	for _, one := range fields {
		if (one.kind == pick || one.kind == several) && pickers[one.of] != "" && !slices.Contains(out, one.of) {
			out = append(out, one.of)
		}
		for _, inner := range picked(one.fields) {
			if !slices.Contains(out, inner) {
				out = append(out, inner)
			}
		}
	}
	return out
}

// picked are those that a form asks for: what its fields pick, and who is named
// in what it shows.
func (f *form) picked() []string {
	out := picked(f.fields)
	if (len(f.shows) > 0 || slices.Contains(out, "handler")) && !slices.Contains(out, "officer") {
		out = append(out, "officer")
	}
	return out
}

// document asks for what a form shows: its subject with the last events about
// it, and what can be picked.
func (f *form) document(m *matter) string {
	var head, body []string
	if !f.begins {
		const event = `nodes { event { id kind actor role recordedAt subject { type id } } }`
		shown, more := "", ""
		head = append(head, "$id: ID!")
		if len(f.shows) > 0 {
			head = append(head, "$kinds: [String!]")
			shown = ` shown: timeline(filter: {kinds: $kinds}, order: RECORDED_DESC, first: 1) { nodes { event { id kind actor role occurredAt data } } }`
		}
		if m.name == "plan" {
			more = " targets { code title stage state: result } stages { code title state: status }"
		}
		body = append(body, `subject: `+m.asks+`(id: $id) { id `+m.facts+more+` timeline(order: RECORDED_DESC, first: `+strconv.Itoa(perSince)+`) { `+event+` }`+shown+` }`)
	}
	for _, of := range f.picked() {
		body = append(body, pickers[of])
	}
	if len(body) == 0 {
		return ""
	}
	args := ""
	if len(head) > 0 {
		args = "(" + strings.Join(head, ", ") + ")"
	}
	return "query Form" + args + " {\n  " + strings.Join(body, "\n  ") + "\n}"
}

// ask asks for what the form shows. What one may not list is not offered, and
// can be typed all the same. It fails with errMissing where there is no such
// subject.
func (d *doing) ask(ctx context.Context) error {
	document := d.form.document(d.matter)
	if document == "" {
		return nil
	}
	variables := map[string]any{}
	if !d.fresh {
		variables["id"] = d.subject()
		if len(d.form.shows) > 0 {
			kinds := make([]any, len(d.form.shows))
			for i, kind := range d.form.shows {
				kinds[i] = kind
			}
			variables["kinds"] = kinds
		}
	}
	answer := d.visitor.Ask(ctx, Question{Document: document, Variables: variables, Purpose: "console: do"})
	var data map[string]any
	decoder := json.NewDecoder(bytes.NewReader(answer.Data))
	decoder.UseNumber()
	if answer.Data == nil || decoder.Decode(&data) != nil {
		if len(answer.Errors) > 0 {
			return problemError{answer.Errors[0]}
		}
		return problemError{Problem{Code: "INTERNAL", Message: "the answer cannot be read"}}
	}
	d.offer = map[string][]option{}
	for of := range pickers {
		connection, _ := data[of].(map[string]any)
		nodes, _ := connection["nodes"].([]any)
		for _, node := range d.tongue().byName(nodes) {
			d.add(of, node, "id")
		}
	}
	if d.fresh {
		return nil
	}
	d.known.Subject, _ = data["subject"].(map[string]any)
	if d.known.Subject == nil {
		return errMissing
	}
	for _, part := range []string{"target", "stage"} {
		all, _ := d.known.Subject[part+"s"].([]any)
		for _, one := range all {
			d.add(part, one, "code")
		}
	}
	return nil
}

// add offers one thing, once.
func (d *doing) add(of string, node any, member string) {
	m, _ := node.(map[string]any)
	id := asText(m[member])
	if id == "" || slices.ContainsFunc(d.offer[of], func(o option) bool { return o.Value == id }) {
		return
	}
	text := asText(m["name"]) + asText(m["title"])
	other := asText(m["latinName"])
	if other == "" && d.lang != "zh" {
		if other = asText(m["nameEn"]); other != "" {
			text, other = other, ""
		}
	}
	if other != "" && d.lang != "zh" {
		text = other + " " + text
	}
	if runes := []rune(text); len(runes) > 40 {
		text = string(runes[:40]) + "…"
	}
	if state := asText(m["state"]); state != "" {
		text += " · " + d.tongue().plain(map[string]string{"target": "TargetResult", "stage": "StageStatus"}[of], state)
	}
	d.offer[of] = append(d.offer[of], option{id, tongues.Plainly(text)})
}

func (d *doing) tongue() *tongue { return d.h.sheets[d.lang].tongue }

func (d *doing) say(key string, args ...any) string { return d.tongue().say(key, args...) }
