package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

)

// wordsFolder holds what GraphQL says of commands: the comments of the source,
// which a program cannot read of itself.
const wordsFolder = "graphql/words"

// words are the comments of commands and of what they hold, by the type's
// name in Go.
type words struct {
	Types map[string]*typeWords `json:"types"`
	Enums map[string]*enumWords `json:"enums"`
}

type typeWords struct {
	Doc    string            `json:"doc"`
	Fields map[string]string `json:"fields,omitempty"` // by the name in JSON
}

// enumWords are a closed set: a word and its meaning each.
type enumWords struct {
	Doc    string      `json:"doc"`
	Values [][2]string `json:"values"`
}

func (h *house) commandWords() (outputs, error) {
	w := &words{map[string]*typeWords{}, map[string]*enumWords{}}
	for _, r := range h.rooms {
		for _, c := range r.commands {
			h.explain(w, c.Type)
		}
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(w)
	return outputs{"commands.json": []byte(b.String())}, err
}

// explain enters a structure with everything it holds.
func (h *house) explain(w *words, t reflect.Type) {
	if w.Types[t.String()] != nil {
		return
	}
	said := &typeWords{Doc: meaning(t.Name(), oneLine(h.src.typeDoc(t)))}
	w.Types[t.String()] = said
	for _, f := range h.src.fieldsOf(t) {
		of := f.Type
		if of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		about := ""
		switch values := h.src.values(of); {
		case scalar(of):
		case of.Kind() == reflect.Struct:
			h.explain(w, of)
			about = w.Types[of.String()].Doc
		case roomOf(of) != "":
			about = fmt.Sprintf("Id (%s).", roomOf(of))
		case len(values) > 0 && !open[of]:
			about = h.explainSet(w, of, values)
		}
		if said.Fields == nil {
			said.Fields = map[string]string{}
		}
		said.Fields[f.Name] = cmp.Or(f.doc, about, asWords(f.Name))
	}
}

// explainSet enters a closed set of texts and returns what it is.
func (h *house) explainSet(w *words, t reflect.Type, values []value) string {
	set := &enumWords{Doc: cmp.Or(meaning(t.Name(), oneLine(h.src.typeDoc(t))), asWords(t.Name()))}
	for _, v := range values {
		set.Values = append(set.Values, [2]string{v.Text, cmp.Or(v.Meaning, asWords(v.Text))})
	}
	w.Enums[t.String()] = set
	return set.Doc
}

// asWords is what a name says that has no comment: "filedBy" is "Filed by."
func asWords(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '_':
			r = ' '
		case i > 0 && r >= 'A' && r <= 'Z':
			b.WriteByte(' ')
			r += 'a' - 'A'
		case i == 0 && r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String() + "."
}

