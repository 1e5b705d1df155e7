package trusted

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// prefix is how an id by SHA-256 begins, by the appendix on persisted
// documents of GraphQL over HTTP.
const prefix = "sha256:"

// Documents are trusted documents by the digest of their text. The zero value
// holds none.
type Documents struct {
	texts map[string]string // by id
	names map[string]string // of the file or operation, for messages
}

// ID returns the id of a text: "sha256:" and 64 hexadecimal digits.
func ID(text string) string {
	sum := sha256.Sum256([]byte(text))
	return prefix + hex.EncodeToString(sum[:])
}

// Text returns the document of an id, as ID gives it.
func (d *Documents) Text(id string) (string, bool) {
	if d == nil {
		return "", false
	}
	text, ok := d.texts[id]
	return text, ok
}

// Name is the file or operation that a document was read from, "" for one
// that has but its id.
func (d *Documents) Name(id string) string {
	if d == nil {
		return ""
	}
	return d.names[id]
}

// Len is how many there are.
func (d *Documents) Len() int {
	if d == nil {
		return 0
	}
	return len(d.texts)
}

// All yields ids and texts in the order of the ids.
func (d *Documents) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		if d == nil {
			return
		}
		for _, id := range slices.Sorted(maps.Keys(d.texts)) {
			if !yield(id, d.texts[id]) {
				return
			}
		}
	}
}

func none() *Documents {
	return &Documents{texts: map[string]string{}, names: map[string]string{}}
}

// add takes a document in. The same text twice is one document.
func (d *Documents) add(name, text string) error {
	if len(d.texts) >= MaxDocuments {
		return fmt.Errorf("there are more than %d documents", MaxDocuments)
	}
	id := ID(text)
	if len(text) > MaxBytes {
		return fmt.Errorf("%s: the document has %d bytes, more than %d", cmp.Or(name, id), len(text), MaxBytes)
	}
	if !utf8.ValidString(text) {
		return fmt.Errorf("%s: the document is not UTF-8", cmp.Or(name, id))
	}
	d.texts[id], d.names[id] = text, name
	return nil
}

// addAs is add for a document that comes with its id.
func (d *Documents) addAs(name, id, text string) error {
	given := strings.TrimPrefix(id, prefix)
	if want := strings.TrimPrefix(ID(text), prefix); given != want {
		return fmt.Errorf("%s: the id %.80q is not the SHA-256 of the document, which is %s%s", cmp.Or(name, "a document"), id, want, hint(given))
	}
	return d.add(name, text)
}

// hint says which other digest an id may be.
func hint(id string) string {
	if _, err := hex.DecodeString(strings.ToLower(id)); err != nil {
		return ""
	}
	switch {
	case len(id) == 32:
		return "; it looks like an MD5: tell the tool that wrote it to use SHA256"
	case len(id) == 40:
		return "; it looks like a SHA-1: tell the tool that wrote it to use sha256"
	case id != strings.ToLower(id):
		return "; write it in lower case"
	case len(id) == 64:
		return "; the document was changed after its id was made, or the other way round"
	}
	return ""
}
