package console

import (
	"cmp"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// momentOf reads what a field of date and time holds, in the zone of the
// rulebook, as the schema takes it.
func momentOf(text string, zone *time.Location) (string, bool) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at.Format(time.RFC3339), true
		}
	}
	return "", false
}

// entry is a line of what was filled in, read back in words.
type entry struct {
	Label string
	Value template.HTML
	Rows  [][]entry
}

// entries read back what was filled in.
func (d *doing) entries(fields []field, prefix string) []entry {
	t := d.tongue()
	var out []entry
	for _, one := range fields {
		name := prefix + one.name
		e := entry{Label: d.label(name)}
		switch text := d.filled.said(name); one.kind {
		case several:
			for _, id := range d.filled.ids(name) {
				e.Value += d.named(one.of, id) + " "
			}
		case group:
			if inner := d.entries(one.fields, name+"."); inner != nil {
				e.Rows = [][]entry{inner}
			}
		case rows, evidence:
			for n := range d.filled.rowsOf(name, one.fields) {
				e.Rows = append(e.Rows, d.entries(one.fields, name+"."+strconv.Itoa(n)+"."))
			}
		case pick:
			e.Value = d.named(one.of, text)
		case choose, word:
			if text != "" {
				e.Value = t.value(one.of, text)
			}
		case yesNo:
			if text != "" {
				e.Value = template.HTML(template.HTMLEscapeString(t.say(text)))
			}
		case day:
			if text != "" {
				e.Value = t.date(text)
			}
		default:
			if text != "" {
				e.Value = t.text(text)
			}
		}
		if e.Value != "" || e.Rows != nil {
			out = append(out, e)
		}
	}
	return out
}

// named is an id with the name that was offered with it.
func (d *doing) named(of, id string) template.HTML {
	if id == "" {
		return ""
	}
	out := d.tongue().isolate(id)
	for _, o := range slices.Concat(d.offer[of], d.offer["officer"]) {
		if o.Value == id && o.Text != "" {
			return d.tongue().isolate(o.Text) + " <span class=\"soft\">" + out + "</span>"
		}
	}
	return out
}

// ordered are the members of an event's data in the order of the forms of its
// room, and what is in none of them behind.
func (m *matter) ordered(data map[string]any) []string {
	var order []string
	var walk func([]field)
	walk = func(fields []field) {
		for _, one := range fields {
			order = append(order, one.name)
			walk(one.fields)
		}
	}
	for _, f := range m.forms {
		walk(f.fields)
	}
	at := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	return slices.SortedFunc(maps.Keys(data), func(a, b string) int { return cmp.Or(cmp.Compare(at(a), at(b)), strings.Compare(a, b)) })
}

// dataEntries show the data of an event in words, as far as there are any.
func (d *doing) dataEntries(data any) []entry {
	m, _ := data.(map[string]any)
	var out []entry
	for _, name := range d.matter.ordered(m) {
		e := entry{Label: d.label(name)}
		switch v := m[name].(type) {
		case []any:
			for _, item := range v {
				if inner, ok := item.(map[string]any); ok {
					e.Rows = append(e.Rows, d.dataEntries(inner))
				} else {
					e.Value += d.tongue().isolate(item) + " "
				}
			}
		case map[string]any:
			e.Rows = [][]entry{d.dataEntries(v)}
		case bool:
			e.Value = template.HTML(template.HTMLEscapeString(d.say(map[bool]string{true: "yes", false: "no"}[v])))
		case string:
			e.Value = d.shown(name, v)
		default:
			e.Value = d.tongue().isolate(v)
		}
		if e.Value != "" || e.Rows != nil {
			out = append(out, e)
		}
	}
	return out
}

// enumsOf are the enums of members whose words are shown.
var enumsOf = map[string]string{"result": "FindingResult", "intent": "MisconductIntent", "measure": "Measure"}

func (d *doing) shown(name, v string) template.HTML {
	if v == "" {
		return ""
	}
	if enum := enumsOf[name]; enum != "" {
		if enum != "Measure" {
			return d.tongue().value(enum, strings.ToUpper(v))
		}
		return d.tongue().value(enum, v)
	}
	if _, err := time.Parse(time.DateOnly, v); err == nil {
		return d.tongue().date(v)
	}
	if name == "officer" {
		return d.named(name, v)
	}
	return d.tongue().text(v)
}
