package console

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

//go:embed templates/*.html
var templateFiles embed.FS

// sheets are the templates of a language.
type sheets struct {
	tongue *tongue
	by     map[string]*template.Template
}

func loadSheets(t *tongue) (*sheets, error) {
	base, err := template.New("layout").Funcs(t.functions()).Option("missingkey=error").ParseFS(templateFiles, "templates/layout.html", "templates/parts.html")
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
		if name == "layout" || name == "parts" {
			continue
		}
		if s.by[name], err = template.Must(base.Clone()).ParseFS(templateFiles, file); err != nil {
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
	return t.ExecuteTemplate(w, "layout.html", v)
}

// tongue says things in one language.
type tongue struct {
	lang   string
	words  *words
	zone   *time.Location
	assets string
}

func (t *tongue) functions() template.FuncMap {
	return template.FuncMap{
		"t": t.say, "value": t.value, "kind": t.kind, "date": t.date, "moment": t.moment, "num": t.number,
		"bdi": t.isolate, "person": t.person, "unit": t.unit, "post": t.post, "to": pathTo, "asset": func(name string) string { return t.assets + "/" + name },
		"tag": func(lang string) string { return tags[lang] }, "kv": pairs, "pretty": pretty, "has": has, "short": short, "text": t.text, "part": func(m map[string]any, name string) any { return m[name] }, "plainly": func(v any) string { s, _ := v.(string); return plainly(s) }, "lower": strings.ToLower, "found": foundPath,
		"known": func(prefix string, key, otherwise any) template.HTML {
			if text := t.known(prefix+fmt.Sprint(key), ""); text != "" {
				return template.HTML(template.HTMLEscapeString(text))
			}
			return t.isolate(otherwise)
		},
		"int":     func(v any) int { n, _ := strconv.Atoi(fmt.Sprint(v)); return n },
		"refpath": refPath, "svgpath": svgPath, "byname": t.byName, "either": t.either, "list": func(all ...any) []any { return all }, "tone": tone, "upper": func(v any) string { s, _ := v.(string); return strings.ToUpper(s) }, "strs": func(all ...string) []string { return all },
	}
}

func (t *tongue) say(key string, args ...any) string { return t.words.say(t.lang, key, args...) }

// value is the word for a value of an enum of the schema, or of a measure, grade
// or honour of the rulebook. What has no word is somebody's text.
func (t *tongue) value(enum string, v any) template.HTML {
	s, _ := v.(string)
	if s == "" {
		return t.nothing()
	}
	if text := t.known("v."+enum+"."+s, t.known("v."+s, "")); text != "" {
		return template.HTML(template.HTMLEscapeString(text))
	}
	return t.isolate(s)
}

// nothing stands where there is nothing to show.
func (t *tongue) nothing() template.HTML {
	return template.HTML(`<span class="none">` + template.HTMLEscapeString(t.say("none")) + `</span>`)
}

// kind is the word for a kind of event.
func (t *tongue) kind(v any) string {
	s, _ := v.(string)
	return t.known("k."+s, s)
}

// known is the text of a key that need not be there.
func (t *tongue) known(key, otherwise string) string {
	if text, ok := t.words.by[t.lang][key]; ok {
		return text
	}
	return otherwise
}

// date shows a day, "2025-03-03".
func (t *tongue) date(v any) template.HTML {
	s, _ := v.(string)
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t.nothing()
	}
	return template.HTML(`<time datetime="` + s + `">` + t.day(day) + `</time>`)
}

func (t *tongue) day(d time.Time) string {
	if t.lang == "zh" {
		return d.Format("2006年1月2日")
	}
	return d.Format("2 Jan 2006")
}

// moment shows a time, in the zone of the rulebook.
func (t *tongue) moment(v any) template.HTML {
	s, _ := v.(string)
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t.nothing()
	}
	at = at.In(t.zone)
	return template.HTML(`<time datetime="` + at.Format(time.RFC3339) + `">` + t.day(at) + ` ` + at.Format("15:04") + `</time>`)
}

// number shows a whole number, in groups of three.
func (t *tongue) number(v any) string {
	s := fmt.Sprint(v)
	if _, err := strconv.ParseInt(s, 10, 64); v == nil || err != nil {
		if v == nil {
			return t.say("none")
		}
		return s
	}
	sign, digits := "", s
	if digits[0] == '-' {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// isolate shows a text of somebody's: on its own in the order of writing, with
// its language where that is another, and with the characters one would not
// see written out.
func (t *tongue) isolate(v any) template.HTML {
	s, ok := v.(string)
	if n, is := v.(json.Number); is {
		s, ok = n.String(), true
	}
	if !ok || s == "" {
		return t.nothing()
	}
	lang := ""
	if t.lang != "zh" && strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		lang = ` lang="` + tags["zh"] + `"`
	}
	return template.HTML(`<bdi` + lang + `>` + visible(s) + `</bdi>`)
}

// text shows a text of several lines.
func (t *tongue) text(v any) template.HTML {
	return `<span class="prose">` + t.isolate(v) + `</span>`
}

// visible escapes a text, and writes out what changes the order of others or
// is not seen.
func visible(s string) string {
	var out strings.Builder
	from := 0
	for i, r := range s {
		if !unseen(r) {
			continue
		}
		out.WriteString(template.HTMLEscapeString(s[from:i]))
		fmt.Fprintf(&out, `<span class="unseen">U+%04X</span>`, r)
		from = i + len(string(r))
	}
	out.WriteString(template.HTMLEscapeString(s[from:]))
	return out.String()
}

// plainly is the same where no markup can stand.
func plainly(s string) string {
	var out strings.Builder
	for _, r := range s {
		if unseen(r) {
			fmt.Fprintf(&out, "[U+%04X]", r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// unseen are controls, marks of direction and characters without width. Joiners
// are part of some scripts.
func unseen(r rune) bool {
	switch r {
	case '\n', '\t', '\r', '\u200c', '\u200d':
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == '\ufffd'
}

// person names an officer, with a link to their page.
func (t *tongue) person(v any) template.HTML {
	o, _ := v.(map[string]any)
	if o == nil {
		return t.nothing()
	}
	name := t.isolate(o["name"])
	latin, _ := o["latinName"].(string)
	if s, _ := o["name"].(string); s == "" {
		name = t.isolate(o["id"])
	} else if t.lang != "zh" && latin != "" {
		name = t.isolate(latin) + " " + name
	}
	return template.HTML(`<a class="person" href="` + template.HTMLEscapeString(pathTo("officers", fmt.Sprint(o["id"]))) + `">` + string(name) + `</a>`)
}

// either is the name in the language of the page, where there are two.
func (t *tongue) either(zh, en any) template.HTML {
	if s, _ := en.(string); t.lang != "zh" && s != "" {
		return t.isolate(s)
	}
	return t.isolate(zh)
}

// unit names a unit, post a post; both have names in both languages.
func (t *tongue) unit(v any) template.HTML { return t.named(v) }
func (t *tongue) post(v any) template.HTML { return t.named(v) }

func (t *tongue) named(v any) template.HTML {
	u, _ := v.(map[string]any)
	if u == nil {
		return t.nothing()
	}
	if s, _ := u["name"].(string); s == "" {
		return t.isolate(u["id"])
	}
	return t.either(u["name"], u["nameEn"])
}

// byName orders objects as a reader of the language expects: by pinyin in
// Chinese, else by the Latin name.
func (t *tongue) byName(v any) []any {
	all, _ := v.([]any)
	all = slices.Clone(all)
	tag := language.English
	if t.lang == "zh" {
		tag = language.MustParse("zh-u-co-pinyin")
	}
	order := collate.New(tag)
	slices.SortStableFunc(all, func(a, b any) int { return order.CompareString(t.sortName(a), t.sortName(b)) })
	return all
}

func (t *tongue) sortName(v any) string {
	o, _ := v.(map[string]any)
	for _, member := range map[string][]string{"zh": {"name", "id"}, "en": {"latinName", "nameEn", "name", "id"}}[t.lang] {
		if s, _ := o[member].(string); s != "" {
			return s
		}
	}
	return ""
}

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
	s, _ := v.(string)
	if len(s) > 12 {
		return s[:12] + "…"
	}
	return s
}

// pretty writes JSON in lines.
func pretty(v any) (string, error) {
	raw, err := json.MarshalIndent(v, "", "  ")
	return string(raw), err
}

// refPath is the page about what a reference is to.
func refPath(v any) string {
	ref, _ := v.(map[string]any)
	typ, _ := ref["type"].(string)
	id, _ := ref["id"].(string)
	return objectPath(typ, id)
}

// objectPages are the types that have a page of their own.
var objectPages = map[string]string{"OFFICER": "officers", "CASE": "cases", "COMPLAINT": "complaints", "TRACEBACK": "tracebacks", "PLAN": "plans", "WARNING": "warnings"}

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

// plain is the word for a value as text.
func (t *tongue) plain(enum, s string) string {
	return t.known("v."+enum+"."+s, t.known("v."+s, s))
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
