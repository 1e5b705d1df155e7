package intake

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/probity-ledger/probity/console/tongues"
)

//go:embed words/*.json
var wordFiles embed.FS

//go:embed templates/*.html
var templateFiles embed.FS

// sheet is the templates of a language, and what they say things with.
type sheet struct {
	lang   string
	words  tongues.Words
	zone   *time.Location
	assets string
	by     map[string]*template.Template
}

func newSheet(lang string, words tongues.Words, zone *time.Location, base string) (*sheet, error) {
	s := &sheet{lang, words, zone, base, map[string]*template.Template{}}
	layout, err := template.New("layout").Option("missingkey=error").Funcs(template.FuncMap{
		"t": s.say, "word": s.known, "bdi": s.isolate, "text": s.prose, "date": s.date, "moment": s.moment, "span": s.span, "size": s.size, "says": s.says,
		"grouped": grouped, "asset": func(name string) string { return s.assets + "/" + name },
		"tag": func(lang string) string { return tongues.Tags[lang] },
	}).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" || name == "parts" {
			continue
		}
		if s.by[name], err = template.Must(layout.Clone()).ParseFS(templateFiles, file); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *sheet) say(key string, args ...any) string { return s.words.Say(s.lang, key, args...) }

// known is the word for a value, or the value itself.
func (s *sheet) known(prefix, value string) template.HTML {
	if text, ok := s.words[s.lang][prefix+value]; ok {
		return template.HTML(template.HTMLEscapeString(text))
	}
	return s.isolate(value)
}

func (s *sheet) isolate(text string) template.HTML {
	if text == "" {
		return template.HTML(`<span class="none">` + template.HTMLEscapeString(s.say("none")) + `</span>`)
	}
	return tongues.Isolate(s.lang, text)
}

// prose shows a text of several lines.
func (s *sheet) prose(text string) template.HTML {
	return `<span class="prose">` + s.isolate(text) + `</span>`
}

func (s *sheet) date(day string) template.HTML {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return s.isolate("")
	}
	return template.HTML(`<time datetime="` + day + `">` + tongues.Day(s.lang, d) + `</time>`)
}

func (s *sheet) moment(at time.Time) template.HTML {
	at = at.In(s.zone)
	return template.HTML(`<time datetime="` + at.Format(time.RFC3339) + `">` + tongues.Day(s.lang, at) + ` ` + at.Format("15:04") + `</time>`)
}

// span is a length of time in words.
func (s *sheet) span(x Span) string { return s.say("span."+x.Unit, x.Length) }

// size is a number of bytes for people.
func (s *sheet) size(n int64) string {
	switch {
	case n < 1<<10:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1<<20:
		return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

// says is what is wrong, in words.
func (s *sheet) says(w wrong) template.HTML {
	out := template.HTML(template.HTMLEscapeString(s.say(w.Key, w.Args...)))
	if w.Said != "" {
		out += " " + s.isolate(w.Said)
	}
	return out
}

// view is what a template is given.
type view struct {
	Lang   string
	Chosen bool // the language was chosen
	Path   string
	Origin string
	Status int
	// Typed says that the page holds what somebody typed, which a link to it in
	// another language would lose.
	Typed bool
	X     any
	Wrong []wrong
	// Disclosures is the address of what agencies disclose.
	Disclosures string
}

// To is the address of a page, in the language that was chosen.
func (v *view) To(path string) string {
	if v.Chosen {
		return Path + path + "?lang=" + v.Lang
	}
	return Path + path
}

// Other is the other language.
func (v *view) Other() string {
	if v.Lang == "zh" {
		return "en"
	}
	return "zh"
}

// Details are the fields that say who reports.
func (v *view) Details() []string { return details }

// Asked are all fields of a complaint that have a text.
func (v *view) Asked() []string {
	return append([]string{"unit", "category", "summary", "place"}, details...)
}

// WrongOf is what is wrong with a field; nil where nothing is.
func (v *view) WrongOf(field string) *wrong {
	for _, w := range v.Wrong {
		if w.Field == field {
			return &w
		}
	}
	return nil
}

// languageOf is the language of a page: the one in its address, or what the
// browser asks for. There is no cookie to keep it in.
func languageOf(r *http.Request) (lang string, chosen bool) {
	lang = r.URL.Query().Get("lang")
	if _, ok := tongues.Tags[lang]; ok {
		return lang, true
	}
	return tongues.Asked(r.Header.Get("Accept-Language")), false
}

func (h *Handler) view(r *http.Request, x any) *view {
	v := &view{Path: r.URL.Path, Origin: h.config.Origin, X: x, Disclosures: h.config.Disclosures(r)}
	v.Lang, v.Chosen = languageOf(r)
	return v
}

// show writes a page.
func (h *Handler) show(w http.ResponseWriter, r *http.Request, status int, name string, x any) {
	h.write(w, r, status, name, h.view(r, x))
}

// showTyped writes a page that holds what somebody typed, and says what is
// wrong with it.
func (h *Handler) showTyped(w http.ResponseWriter, r *http.Request, status int, name string, x any, wrongs []wrong) {
	v := h.view(r, x)
	v.Typed, v.Wrong = true, wrongs
	h.write(w, r, status, name, v)
}

// write writes a page in one piece, so that one that cannot be made is an error
// and not half a page.
func (h *Handler) write(w http.ResponseWriter, r *http.Request, status int, name string, v *view) {
	v.Status = status
	var out bytes.Buffer
	if err := h.sheets[v.Lang].by[name].ExecuteTemplate(&out, "layout.html", v); err != nil {
		h.config.Log.ErrorContext(r.Context(), "a public page cannot be made", "page", name, "err", err)
		http.Error(w, h.sheets[v.Lang].say("error.internal"), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Language", tongues.Tags[v.Lang])
	header.Add("Vary", "Accept-Language")
	header.Set("Content-Length", strconv.Itoa(out.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // an error here is a client that went away
}

// fail shows a page that says why there is no other.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, status int, why string) {
	h.show(w, r, status, "error", why)
}

// failRead says why a form was not read.
func (h *Handler) failRead(w http.ResponseWriter, r *http.Request, err error) {
	status, why := http.StatusServiceUnavailable, "error.later"
	switch {
	case r.Context().Err() != nil:
		return // nobody is there to be told
	case isAny(err, errLarge):
		status, why = http.StatusRequestEntityTooLarge, "error.large"
	case isAny(err, errMedia):
		status, why = http.StatusUnsupportedMediaType, "error.form"
	case isAny(err, errForm):
		status, why = http.StatusBadRequest, "error.form"
	default:
		w.Header().Set("Retry-After", "60")
		h.config.Log.ErrorContext(r.Context(), "what was handed in cannot be kept", "err", err)
	}
	h.fail(w, r, status, why)
}
