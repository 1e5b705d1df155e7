package spreadsheet

import (
	_ "embed"
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"github.com/probity-ledger/probity/domain"
)

//go:embed suggestwords.txt
var suggestWords string

// vocabulary is what headings mean to one command.
type vocabulary struct {
	command string
	file    []string
	fields  []fieldWords
}

// fieldWords are the words for a field; the subject is called "subject".
type fieldWords struct {
	name   string
	words  []string
	values []valueWords // where the field takes fixed values
}

type valueWords struct {
	value string
	words []string
}

// vocabularies reads what comes with the program; a mistake in it panics.
func vocabularies() []vocabulary {
	var all []vocabulary
	for line := range strings.Lines(suggestWords) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, list, of := strings.Cut(line, ":")
		if !of {
			all = append(all, vocabulary{command: line})
			continue
		}
		v := &all[len(all)-1]
		var words []string
		for w := range strings.SplitSeq(list, ",") {
			words = append(words, plainWord(w))
		}
		name, value, fixed := strings.Cut(key, "=")
		switch {
		case key == "file":
			v.file = words
		case fixed:
			f := v.field(name)
			f.values = append(f.values, valueWords{value, words})
		default:
			v.fields = append(v.fields, fieldWords{name: key, words: words})
		}
	}
	return all
}

func (v *vocabulary) field(name string) *fieldWords {
	for i := range v.fields {
		if v.fields[i].name == name {
			return &v.fields[i]
		}
	}
	panic(fmt.Sprintf("suggestwords.txt: %s has values of %s before its words", v.command, name))
}

// plainWord takes from a heading or value what only tells how it is written.
func plainWord(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// fits tells how well the heading, a plain word, fits the field: 0 not at all,
// up to 4 where a word is part of it, more where it is that word; words that
// come first say more.
func (f fieldWords) fits(heading string) int {
	best := 0
	for i, w := range f.words {
		switch {
		case heading == w:
			return max(20-i, 8)
		case len(w) >= 6 && strings.Contains(heading, w):
			best = 4
		}
	}
	return best
}

// valueFor returns the fixed value that a word of the source stands for.
func (f fieldWords) valueFor(word string) (string, bool) {
	plain := plainWord(word)
	for _, v := range f.values {
		if plain == plainWord(v.value) {
			return v.value, true
		}
		for _, w := range v.words {
			if plain == w {
				return v.value, true
			}
		}
	}
	return "", false
}

// jsonRequired tells whether the field of a command, by its JSON name, must
// be there.
func jsonRequired(t reflect.Type, name string) bool {
	for i := range t.NumField() {
		if got, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); got == name {
			return !strings.Contains(options, "omit")
		}
	}
	return false
}

// What a field takes, as far as columns can be told apart by it.
func takes(t reflect.Type) columnKind {
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[domain.Date]():
		return kindDate
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64:
		return kindInteger
	}
	return kindText
}
