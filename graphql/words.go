package graphql

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"
)

// commandWords are the comments of the domain's source, as cmd/catalogue
// gathers them: a program cannot read its own.
//
//go:embed words/commands.json
var commandWords []byte

// words are what is said of commands and of what they hold, by the type's
// name in Go.
type words struct {
	Types map[string]struct {
		Doc    string            `json:"doc"`
		Fields map[string]string `json:"fields"` // by the name in JSON
	} `json:"types"`
	Enums map[string]struct {
		Doc    string      `json:"doc"`
		Values [][2]string `json:"values"` // a word and its meaning
	} `json:"enums"`
}

func readWords() (*words, error) {
	w := &words{}
	if err := json.Unmarshal(commandWords, w); err != nil {
		return nil, fmt.Errorf("read the words of commands: %w", err)
	}
	return w, nil
}

// typeDoc is what a structure is; one that is not described was added since
// the words were written.
func (w *words) typeDoc(t reflect.Type) string {
	said, ok := w.Types[t.String()]
	if !ok {
		panic(fmt.Sprintf("graphql: nothing is said of %s; run go run ./cmd/catalogue", t))
	}
	return said.Doc
}

func (w *words) fieldDoc(t reflect.Type, name string) string {
	said, ok := w.Types[t.String()].Fields[name]
	if !ok {
		panic(fmt.Sprintf("graphql: nothing is said of %s in %s; run go run ./cmd/catalogue", name, t))
	}
	return said
}
