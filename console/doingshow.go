package console

import (
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// control is a field as a form shows it.
type control struct {
	Kind, Name, ID, Label, Hint string
	Required                    bool
	Value                       string
	Values                      []string // of several
	Options                     []option
	List                        string // the id of a list of what can be picked
	Refusal                     *refusal
	Groups                      [][]control // of rows, each with its fields
	More                        string      // what the button says that adds a row
}

// DescribedBy are the ids of what is said of the field.
func (c control) DescribedBy() string {
	var out []string
	if c.Refusal != nil {
		out = append(out, c.ID+"-error")
	}
	if c.Hint != "" {
		out = append(out, c.ID+"-hint")
	}
	return strings.Join(out, " ")
}

// formSheet is what the template of a form is given.
type formSheet struct {
	*doing
	Controls      []control
	SubjectField  *control
	WhenField     control
	Lists         []offered
	Problems      []problemLine
	Entries       []entry
	Shown         []shownEvent
	Action        string
	Multipart     bool
	CheckedDigest string
}

// offered is a list of what can be picked.
type offered struct {
	ID      string
	Options []option
}

// problemLine is a refusal in the summary, which leads to its field.
type problemLine struct {
	Href, Label string
	refusal
}

// shownEvent is an event that the form is about, in words.
type shownEvent struct {
	Event   map[string]any
	Entries []entry
}

func (d *doing) Command() string           { return d.form.command }
func (d *doing) States() string            { return d.matter.states }
func (d *doing) Room() string              { return d.matter.ref }
func (d *doing) Subject() string           { return d.subject() }
func (d *doing) Fresh() bool               { return d.fresh }
func (d *doing) Facts() map[string]any     { return d.known.Subject }
func (d *doing) Notices() []string         { return d.notices }
func (d *doing) Outcome() *outcome         { return d.outcome }
func (d *doing) Since() []map[string]any   { return d.since }
func (d *doing) SinceMore() bool           { return len(d.since) == perSince }
func (d *doing) SignedOut() bool           { return d.visitor.public() }
func (d *doing) Back() string              { return d.back() }
func (d *doing) Hidden(name string) string { return d.filled.Get("_" + name) }
func (d *doing) SignInHere() string {
	return signInPath + "?to=" + url.QueryEscape(d.r.URL.EscapedPath())
}

// show shows the form, with all that was typed.
func (d *doing) show(w http.ResponseWriter, status int) {
	s := &formSheet{doing: d, Action: d.r.URL.EscapedPath()}
	if d.fresh {
		c := d.control(must(aLine("_subject")), "")
		s.SubjectField = &c
	}
	s.Controls = d.controls(d.form.fields, "")
	s.WhenField = d.control(field{name: whenName, kind: moment}, "")
	s.Problems = d.problems(s)
	s.Lists = d.lists(d.form.fields)
	s.Multipart = slices.ContainsFunc(d.form.fields, func(f field) bool { return f.kind == evidence })
	if d.outcome != nil {
		s.Entries = d.entries(d.form.fields, "")
		if at, ok := momentOf(d.filled.said(whenName), d.h.config.Zone); ok {
			s.Entries = append(s.Entries, entry{Label: d.label(whenName), Value: d.tongue().moment(at)})
		}
	}
	for _, event := range d.known.events("shown") {
		s.Shown = append(s.Shown, shownEvent{event, d.dataEntries(event["data"])})
	}
	d.render(w, status, "do", s)
}

func (d *doing) render(w http.ResponseWriter, status int, name string, x any) {
	w.Header().Set("Content-Security-Policy", doPolicy)
	v := d.h.view(d.r, d.visitor, map[string]any{})
	v.X = x
	d.h.show(w, v, status, name)
}

// showDone shows what was recorded.
func (d *doing) showDone(w http.ResponseWriter, done *outcome) {
	d.outcome = done
	d.render(w, http.StatusOK, "done", d)
}

// controls makes the fields of a form; more may have been asked for.
func (d *doing) controls(fields []field, prefix string) []control {
	out := make([]control, len(fields))
	for i, one := range fields {
		out[i] = d.control(one, prefix)
	}
	return out
}

func (d *doing) control(one field, prefix string) control {
	name := prefix + one.name
	c := control{Kind: string(one.kind), Name: name, ID: "i-" + strings.ReplaceAll(name, ".", "-"), Label: d.label(name), Required: one.required,
		Hint: d.tongue().known("h."+d.form.command+"."+plainName(name), d.tongue().known("h."+last(name), d.tongue().known("h.kind."+string(one.kind), "")))}
	if r, refused := d.refusals[name]; refused {
		c.Refusal = &r
	}
	c.Value = d.filled.Get(name)
	switch one.kind {
	case choose:
		for _, value := range one.values {
			c.Options = append(c.Options, option{value, d.tongue().plain(one.of, value)})
		}
	case yesNo:
		c.Kind, c.Options = string(choose), []option{{"yes", d.say("yes")}, {"no", d.say("no")}}
	case word:
		c.List = "l-" + one.of
	case pick:
		c.List = d.listOf(one.of)
		if closed := one.of == "target" || one.of == "stage"; closed && slices.ContainsFunc(d.offer[one.of], func(o option) bool { return c.Value == "" || o.Value == c.Value }) {
			c.Kind = string(choose)
			for _, o := range d.offer[one.of] {
				c.Options = append(c.Options, option{o.Value, strings.TrimSpace(o.Value + " " + o.Text)})
			}
		}
	case several:
		c.List = d.listOf(one.of)
		c.Values = d.filled.ids(name)
		for range d.spare(name, 2, 3) {
			c.Values = append(c.Values, "")
		}
		c.More = d.say("form.more")
	case group:
		c.Groups = [][]control{d.controls(one.fields, name+".")}
	case rows, evidence:
		n := d.filled.rowsOf(name, one.fields)
		if n == 0 && one.kind == rows && one.required {
			n = 1
		}
		if d.filled.Get(stepName) == "more:"+name {
			n++
		}
		for i := range min(n, maxRows) {
			c.Groups = append(c.Groups, d.controls(one.fields, name+"."+strconv.Itoa(i)+"."))
		}
		c.More = d.say("form.more." + string(one.kind))
	}
	return c
}

// spare is how many empty fields there are for more ids.
func (d *doing) spare(name string, usual, more int) int {
	if d.filled.Get(stepName) == "more:"+name {
		return more + usual
	}
	if len(d.filled.ids(name)) > 0 {
		return 1
	}
	return usual
}

// label is what a field is called.
func (d *doing) label(name string) string {
	return d.tongue().known("f."+d.form.command+"."+plainName(name), d.tongue().known("f."+last(name), last(name)))
}

// plainName is a name without the numbers of rows.
func plainName(name string) string {
	var out []string
	for part := range strings.SplitSeq(name, ".") {
		if _, err := strconv.Atoi(part); err != nil {
			out = append(out, part)
		}
	}
	return strings.Join(out, ".")
}

func last(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// listOf is the id of the list for what is picked; empty where nothing is
// offered.
func (d *doing) listOf(of string) string {
	if len(d.offer[of]) == 0 && !(of == "handler" && len(d.offer["officer"]) > 0) {
		return ""
	}
	return "l-" + of
}

// lists are what can be picked.
func (d *doing) lists(fields []field) []offered {
	var out []offered
	for _, of := range picked(fields) {
		options := d.offer[of]
		if of == "handler" {
			options = append(slices.Clone(options), d.offer["officer"]...)
		}
		if len(options) > 0 {
			out = append(out, offered{"l-" + of, options})
		}
	}
	if wants(fields, word) {
		out = append(out, offered{"l-Measure", d.tongue().measures()})
	}
	return out
}

func wants(fields []field, kind fieldKind) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return f.kind == kind || wants(f.fields, kind) })
}

// measures are the words of the ladder that have a name.
func (t *tongue) measures() []option {
	var out []option
	for key, text := range t.words.by[t.lang] {
		if value, ok := strings.CutPrefix(key, "v.Measure."); ok {
			out = append(out, option{value, text})
		}
	}
	slices.SortFunc(out, func(a, b option) int { return strings.Compare(a.Value, b.Value) })
	return out
}

// problems are all refusals, in the order of the fields.
func (d *doing) problems(s *formSheet) []problemLine {
	var out []problemLine
	if whole, ok := d.refusals[""]; ok {
		out = append(out, problemLine{refusal: whole})
	}
	var walk func([]control)
	walk = func(all []control) {
		for _, c := range all {
			if c.Refusal != nil {
				out = append(out, problemLine{"#" + c.ID, c.Label, *c.Refusal})
			}
			for _, inner := range c.Groups {
				walk(inner)
			}
		}
	}
	if s.SubjectField != nil {
		walk([]control{*s.SubjectField})
	}
	walk(s.Controls)
	walk([]control{s.WhenField})
	return out
}

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

// dataEntries show the data of an event in words, as far as there are any.
func (d *doing) dataEntries(data any) []entry {
	m, _ := data.(map[string]any)
	var out []entry
	for _, name := range slices.Sorted(maps.Keys(m)) {
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
