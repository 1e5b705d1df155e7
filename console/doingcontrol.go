package console

import (
	"slices"
	"strconv"
	"strings"
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
	Seldom                      bool        // whether it is shown on demand
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

// seldomControls are the fields of a row that are shown on demand; open where
// one is filled in or refused.
type seldomControls struct {
	Open   bool
	Fields []control
}

// SeldomOf returns those of a row; nil where there are none.
func (c control) SeldomOf(row []control) *seldomControls {
	var out seldomControls
	for _, one := range row {
		if one.Seldom {
			out.Fields = append(out.Fields, one)
			out.Open = out.Open || one.Value != "" || one.Refusal != nil
		}
	}
	if out.Fields == nil {
		return nil
	}
	return &out
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
	c := control{Kind: string(one.kind), Name: name, ID: "i-" + strings.ReplaceAll(name, ".", "-"), Label: d.label(name), Required: one.required, Seldom: one.seldom,
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
			if c.Kind = string(choose); c.Hint == d.say("h.kind.pick") {
				c.Hint = ""
			}
			for _, o := range d.offer[one.of] {
				c.Options = append(c.Options, option{o.Value, strings.TrimSpace(o.Value + " " + o.Text)})
			}
		}
	case several:
		c.List = d.listOf(one.of)
		if c.Values = d.filled.ids(name); len(c.Values) > maxRows {
			c.Values = []string{strings.Join(c.Values, ", ")}
		}
		for range d.spare(name, 2, 3) {
			c.Values = append(c.Values, "")
		}
		c.More = d.say("form.more")
	case group:
		c.Groups = [][]control{d.controls(one.fields, name+".")}
	case rows, evidence:
		n := d.filled.rowsOf(name, one.fields)
		if n == 0 && name == "lines" {
			n = d.enterTargets()
		}
		if n == 0 && one.kind == rows && one.required {
			n = 1
		}
		if d.filled.Get(stepName) == "more:"+name && (name != "lines" || n == 0 || d.filled.Has("lines.0.remark")) {
			n++
		}
		for i := range min(n, maxRows) {
			c.Groups = append(c.Groups, d.controls(one.fields, name+"."+strconv.Itoa(i)+"."))
		}
		c.More = d.say("form.more." + string(one.kind))
	}
	return c
}

// enterTargets enters the targets of the stage that was chosen, which a report
// compares one by one, and returns how many there are.
func (d *doing) enterTargets() (n int) {
	targets, _ := d.known.Subject["targets"].([]any)
	for _, one := range targets {
		target, _ := one.(map[string]any)
		if stage := asText(target["stage"]); stage != "" && stage == d.filled.said("stage") && n < maxRows {
			d.filled.Set(rowName("lines", n, "target"), asText(target["code"]))
			n++
		}
	}
	return n
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
