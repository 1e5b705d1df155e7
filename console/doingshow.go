package console

import (
	"net/http"
	"net/url"
	"slices"
)

// formSheet is what the template of a form is given.
type formSheet struct {
	*doing
	Controls     []control
	SubjectField *control
	WhenField    control
	Lists        []offered
	Problems     []problemLine
	Entries      []entry
	Shown        []shownEvent
	Action       string
	Multipart    bool
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

// What the template asks for.

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
