package console

import (
	"embed"
	"net/http"

	"github.com/probity-ledger/probity/console/tongues"
)

var languages = tongues.Languages

// tags are the languages as lang attributes have them.
var tags = tongues.Tags

//go:embed words/*.json
var wordFiles embed.FS

// words are the texts of the pages, by language and key.
type words struct {
	by       tongues.Words
	refusals map[string][]toldIn // by language; none in English
}

func loadWords() (*words, error) {
	by, err := tongues.Load(wordFiles, "words/%s.json", "words/values.%s.json", "words/kinds.%s.json", "words/do.%s.json", "words/signing.%s.json", "words/scores.%s.json")
	if err != nil {
		return nil, err
	}
	raw, err := wordFiles.ReadFile("words/refusals.zh.json")
	if err != nil {
		return nil, err
	}
	refusals, err := loadRefusals(raw)
	return &words{by, map[string][]toldIn{"zh": refusals}}, err
}

// say is a text in a language, with its arguments; the key itself where there
// is none, which a test does not let happen.
func (w *words) say(lang, key string, args ...any) string { return w.by.Say(lang, key, args...) }

const languageName = "probity-lang"

// languageOf is the language a page is shown in: the one that was chosen, or
// what the browser asks for.
func languageOf(r *http.Request) string {
	if c, err := r.Cookie(languageName); err == nil {
		if _, ok := tags[c.Value]; ok {
			return c.Value
		}
	}
	return tongues.Asked(r.Header.Get("Accept-Language"))
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
