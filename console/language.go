package console

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"

	"golang.org/x/text/language"
)

// languages are those the pages are in, as the files of words are named; the
// first is for whoever asks for none of them.
var languages = []string{"en", "zh"}

var chosen = language.NewMatcher([]language.Tag{language.English, language.SimplifiedChinese})

// tags are the languages as lang attributes have them.
var tags = map[string]string{"en": "en", "zh": "zh-Hans"}

//go:embed words/*.json
var wordFiles embed.FS

// words are the texts of the pages, by language and key.
type words struct {
	by       map[string]map[string]string
	refusals map[string][]toldIn // by language; none in English
}

func loadWords() (*words, error) {
	w := &words{map[string]map[string]string{}, map[string][]toldIn{}}
	for _, lang := range languages {
		all := map[string]string{}
		for _, name := range []string{lang, "values." + lang, "kinds." + lang, "do." + lang, "signing." + lang} {
			raw, err := wordFiles.ReadFile("words/" + name + ".json")
			if err != nil {
				return nil, err
			}
			if err := json.Unmarshal(raw, &all); err != nil { // adds to what is there
				return nil, fmt.Errorf("words/%s.json: %w", name, err)
			}
		}
		w.by[lang] = all
	}
	raw, err := wordFiles.ReadFile("words/refusals.zh.json")
	if err != nil {
		return nil, err
	}
	if w.refusals["zh"], err = loadRefusals(raw); err != nil {
		return nil, err
	}
	return w, nil
}

// say is a text in a language, with its arguments; the key itself where there
// is none, which a test does not let happen.
func (w *words) say(lang, key string, args ...any) string {
	text, ok := w.by[lang][key]
	if !ok {
		return key
	}
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}

const languageName = "probity-lang"

// languageOf is the language a page is shown in: the one that was chosen, or
// what the browser asks for.
func languageOf(r *http.Request) string {
	if c, err := r.Cookie(languageName); err == nil {
		if _, ok := tags[c.Value]; ok {
			return c.Value
		}
	}
	_, i := language.MatchStrings(chosen, r.Header.Get("Accept-Language"))
	return languages[i]
}

// chooseLanguage keeps the language of ?lang=… and leads to the page without
// it.
func (h *Handler) chooseLanguage(w http.ResponseWriter, r *http.Request) bool {
	query := r.URL.Query()
	if !query.Has("lang") || r.Method != http.MethodGet {
		return false
	}
	lang := query.Get("lang")
	if _, ok := tags[lang]; ok {
		http.SetCookie(w, &http.Cookie{
			Name: languageName, Value: lang, Path: Path, MaxAge: 365 * 24 * 3600,
			HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode,
		})
	}
	query.Del("lang")
	to := *r.URL
	to.RawQuery = query.Encode()
	if to.Path == signInPath {
		http.Redirect(w, r, to.RequestURI(), http.StatusSeeOther)
	} else {
		http.Redirect(w, r, back(to.RequestURI()), http.StatusSeeOther)
	}
	return true
}
