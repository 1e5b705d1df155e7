package console

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/probity-ledger/probity/console/tongues"
)

//go:embed templates/*.html
var templateFiles embed.FS

// sheets are the templates of a language.
type sheets struct {
	tongue *tongue
	by     map[string]*template.Template
}

func loadSheets(t *tongue) (*sheets, error) {
	base, err := template.New("layout").Funcs(t.functions()).Option("missingkey=error").ParseFS(templateFiles, "templates/layout.html", "templates/paper.html", "templates/parts.html", "templates/loop.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	s := &sheets{t, map[string]*template.Template{}}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		files := []string{file}
		switch {
		case name == "layout" || name == "paper" || name == "parts" || name == "loop":
			continue
		case isPaper(name): // has tables of the page
			files = []string{"templates/officer.html", file}
		}
		if s.by[name], err = template.Must(base.Clone()).ParseFS(templateFiles, files...); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *sheets) write(w io.Writer, name string, v *view) error {
	t, ok := s.by[name]
	if !ok {
		return fmt.Errorf("there is no template %s", name)
	}
	if !isPaper(name) {
		return t.ExecuteTemplate(w, "layout.html", v)
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "paper.html", v); err != nil {
		return err
	}
	_, err := w.Write(unlinked(out.Bytes()))
	return err
}

// isPaper tells of a template whether it is for a paper.
func isPaper(name string) bool { return strings.HasPrefix(name, "paper-") }

// pairs makes a map out of names and values, for templates that take several.
func pairs(all ...any) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(all); i += 2 {
		out[all[i].(string)] = all[i+1]
	}
	return out
}

// has tells whether there is something: not nil, and not an empty list.
func has(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case []any:
		return len(v) > 0
	case string:
		return v != ""
	}
	return true
}

// short is the beginning of a digest.
func short(v any) string {
	return cut(tongues.Plainly(asText(v)), 12)
}

// pretty writes JSON in lines.
func pretty(v any) (string, error) {
	raw, err := json.MarshalIndent(v, "", "  ")
	return string(raw), err
}

// opened is a text within an element that drops the first line where it is
// empty.
func opened(s string) string {
	if strings.HasPrefix(s, "\n") || strings.HasPrefix(s, "\r") {
		return "\n" + s
	}
	return s
}

// beginning is the beginning of a long text.
func beginning(v any) string {
	s := []rune(asText(v))
	if len(s) > 300 {
		return string(s[:300]) + "…"
	}
	return string(s)
}

// refPath is the page about what a reference is to.
func refPath(v any) string {
	ref, _ := v.(map[string]any)
	typ, _ := ref["type"].(string)
	id, _ := ref["id"].(string)
	return objectPath(typ, id)
}

// objectPages are the types that have a page of their own.
var objectPages = map[string]string{"OFFICER": "officers", "CASE": "cases", "COMPLAINT": "complaints", "TRACEBACK": "tracebacks", "PLAN": "plans", "WARNING": "warnings",
	"ENFORCEMENT": "enforcements", "PROGRAMME": "programmes",
	"SANCTION": "sanctions", "DISCLOSURE": "disclosures", "POST": "posts", "NORM": "norms"}

func objectPath(typ, id string) string {
	if own, ok := objectPages[typ]; ok {
		return pathTo(own, id)
	}
	return pathTo("history", strings.ToLower(typ), id)
}

// tones colour what stands for itself anyway: words say it, colours help.
var tones = map[string]string{
	"SERVING": "good", "VALID": "good", "MET": "good", "GRANTED": "good", "PASSED": "good", "PUBLISHED": "good", "UPHELD": "good",
	"SUSPENDED": "warn", "LATE": "warn", "OPEN": "", "EXPLAINED": "warn", "EXCUSED": "", "OVERTURNED": "warn", "RAISED": "warn",
	"IMPOSED": "bad", "REVOKED": "bad", "SUSTAINED": "bad", "PARTLY_SUSTAINED": "bad", "MISSED": "bad", "ACCOUNTABLE": "bad", "HIGH": "bad",
}

func tone(v any) string {
	s, _ := v.(string)
	return tones[s]
}

// foundPath is the page about what a search found: of a finding its event, of a
// risk the post.
func foundPath(hit any) string {
	m, _ := hit.(map[string]any)
	typ, _ := m["type"].(string)
	id, _ := m["id"].(string)
	object, _ := m["object"].(map[string]any)
	if event, _ := object["eventId"].(string); event != "" {
		return pathTo("events", event)
	}
	if post, _ := object["post"].(map[string]any); post != nil {
		typ, id = "POST", fmt.Sprint(post["id"])
	}
	return objectPath(typ, id)
}
