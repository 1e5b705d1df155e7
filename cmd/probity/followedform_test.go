package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A block "form" with the path of a page of the demo fills in a form there and
// sends it, in the role that the page of docs named last:
//
//	Ground: within our powers
//	[Check] What would be recorded; Complaint screened
//	[Record] Recorded
//
// Before the colon stands the label of a field, without "(optional)", and behind
// it what is typed or picked, by the words that are seen. In brackets stands a
// button that is pressed, and behind it what must stand on the page that answers,
// where the next lines go on. "[]" is no button: it looks at the page as it is.
func (f *follower) form(path, text string) {
	if f.demo == nil {
		f.t.Fatalf("%s: a form is sent without a demo", f.file)
	}
	page := f.ask(http.MethodGet, path, nil, "")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		var wrong string
		switch button, words, pressed := strings.Cut(strings.TrimPrefix(line, "["), "]"); {
		case line == "":
		case strings.HasPrefix(line, "[") && pressed:
			if button != "" {
				wrong = page.press(f, button)
			}
			for word := range strings.SplitSeq(words, ";") {
				if word = anySpace.ReplaceAllString(strings.TrimSpace(word), " "); wrong == "" && !strings.Contains(page.text(), word) {
					wrong = fmt.Sprintf("the page does not say %q:\n%s", word, page.text())
				}
			}
		default:
			label, value, _ := strings.Cut(line, ": ")
			wrong = page.fill(label, value)
		}
		if wrong != "" {
			f.t.Errorf("%s: form %s, %q: %s", f.file, path, line, wrong)
			return
		}
	}
}

// formPage is a page with forms, as it was shown, and what was filled in since.
type formPage struct {
	at     string
	root   *html.Node
	filled map[*html.Node]string
}

// ask asks for a page of the demo, or sends a form to it.
func (f *follower) ask(method, path string, body io.Reader, contentType string) *formPage {
	res := f.send(method, path, body, contentType)
	defer res.Body.Close()
	root, err := html.Parse(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	if res.StatusCode >= http.StatusInternalServerError {
		f.t.Errorf("%s: %s %s answers %d", f.file, method, path, res.StatusCode)
	}
	return &formPage{res.Request.URL.RequestURI(), root, map[*html.Node]string{}}
}

// fill fills in the field of a label; it returns what went wrong.
func (p *formPage) fill(label, value string) string {
	for n := range p.root.Descendants() {
		var field *html.Node
		switch {
		case n.Data == "label" && shown(n) == label:
			field = p.byID(attrOf(n, "for"))
		case n.Data == "input" && attrOf(n, "aria-label") == label:
			field = n
		}
		if field == nil {
			continue
		}
		if field.Data != "select" {
			p.filled[field] = value
			return ""
		}
		for o := range field.Descendants() {
			if o.Data == "option" && shown(o) == value {
				p.filled[field] = attrOf(o, "value")
				return ""
			}
		}
		return fmt.Sprintf("there is no %q to pick of %q", value, shown(field))
	}
	return "there is no such field on the page:\n" + p.text()
}

// press presses a button, and turns the page into the one that answers.
func (p *formPage) press(f *follower, name string) string {
	for n := range p.root.Descendants() {
		if n.Data != "button" || shown(n) != name {
			continue
		}
		form := n.Parent
		for form != nil && form.Data != "form" {
			form = form.Parent
		}
		if id := attrOf(n, "form"); id != "" {
			form = p.byID(id)
		}
		if form == nil {
			return "the button has no form"
		}
		values := p.values(form)
		if member := attrOf(n, "name"); member != "" {
			values.Add(member, attrOf(n, "value"))
		}
		to, err := url.Parse(p.at)
		if err == nil {
			to, err = to.Parse(attrOf(form, "action"))
		}
		if err != nil {
			return err.Error()
		}
		body, contentType := encoded(values, attrOf(form, "enctype"))
		*p = *f.ask(http.MethodPost, to.RequestURI(), body, contentType)
		return ""
	}
	return "there is no such button on the page:\n" + p.text()
}

// values are what a browser would send of a form.
func (p *formPage) values(form *html.Node) url.Values {
	out := url.Values{}
	for n := range form.Descendants() {
		name, value := attrOf(n, "name"), attrOf(n, "value")
		kind := attrOf(n, "type")
		switch {
		case name == "" || kind == "file" || (kind == "checkbox" || kind == "radio") && !has(n, "checked"):
			continue
		case n.Data == "textarea":
			value = raw(n)
		case n.Data == "select":
			for o := range n.Descendants() {
				if o.Data == "option" && has(o, "selected") {
					value = attrOf(o, "value")
				}
			}
		case n.Data != "input":
			continue
		}
		if typed, was := p.filled[n]; was {
			value = typed
		}
		out.Add(name, value)
	}
	return out
}

func encoded(values url.Values, enctype string) (io.Reader, string) {
	if enctype != "multipart/form-data" {
		return strings.NewReader(values.Encode()), "application/x-www-form-urlencoded"
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			w.WriteField(name, value) // a buffer takes all
		}
	}
	w.Close()
	return &body, w.FormDataContentType()
}

func (p *formPage) byID(id string) *html.Node {
	for n := range p.root.Descendants() {
		if id != "" && attrOf(n, "id") == id {
			return n
		}
	}
	return nil
}

// text is what the page says, and what stands in its fields.
func (p *formPage) text() string { return shown(p.root) }

// shown is the text of a node, without "(optional)" behind a label and without
// what is for screen readers alone.
func shown(n *html.Node) string {
	var out strings.Builder
	var walk func(*html.Node)
	walk = func(at *html.Node) {
		class := attrOf(at, "class")
		switch {
		case at.Type == html.TextNode:
			out.WriteString(at.Data)
		case n.Data == "label" && class == "soft", n.Data == "button" && class == "unheard", at.Data == "script", at.Data == "style":
			return
		}
		for c := range at.ChildNodes() {
			walk(c)
		}
		if at.Type == html.ElementNode && at.Data != "bdi" && at.Data != "a" && at.Data != "code" {
			out.WriteByte(' ')
		}
	}
	walk(n)
	return strings.TrimSpace(anySpace.ReplaceAllString(out.String(), " "))
}

// raw is the text of a node as it stands.
func raw(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

func attrOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
