// Package tongues is what pages say things with: words in Chinese and English,
// days, and texts of others, shown so that they do no harm.
//
// # Use
//
//	//go:embed words/*.json
//	var files embed.FS
//
//	words, err := tongues.Load(files, "words/%s.json")
//	words.Say(tongues.Asked(r.Header.Get("Accept-Language")), "title")
//
// Everything is safe for concurrent use.
package tongues

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"golang.org/x/text/language"
)

// Languages are those the pages are in, as the files of words are named; the
// first is for whoever asks for none of them.
var Languages = []string{"en", "zh"}

var chosen = language.NewMatcher([]language.Tag{language.English, language.SimplifiedChinese})

// Tags are the languages as lang attributes have them.
var Tags = map[string]string{"en": "en", "zh": "zh-Hans"}

// Asked is the language for a header Accept-Language.
func Asked(accept string) string {
	_, i := language.MatchStrings(chosen, accept)
	return Languages[i]
}

// Words are the texts of pages, by language and key.
type Words map[string]map[string]string

// Load reads the words of every language from files of JSON; names hold %s
// where the language stands.
func Load(files fs.FS, names ...string) (Words, error) {
	w := Words{}
	for _, lang := range Languages {
		all := map[string]string{}
		for _, name := range names {
			name = fmt.Sprintf(name, lang)
			raw, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, err
			}
			if err := json.Unmarshal(raw, &all); err != nil { // adds to what is there
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		w[lang] = all
	}
	return w, nil
}

// Say is a text in a language, with its arguments; the key itself where there
// is none, which tests do not let happen.
func (w Words) Say(lang, key string, args ...any) string {
	text, ok := w[lang][key]
	if !ok {
		return key
	}
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}

// Day writes a day.
func Day(lang string, d time.Time) string {
	if lang == "zh" {
		return d.Format("2006年1月2日")
	}
	return d.Format("2 Jan 2006")
}
