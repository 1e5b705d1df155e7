// Package settings knows every setting of the program: its name, what kind of
// value it takes, its default, where it can be set, which verbs it holds for,
// and what it means. Help, docs/settings.md and the reading of files,
// environment and flags all come from the one list ([All]).
//
// [Read] gives [Values]: what was said, each with the place where it was said,
// and every mistake at once. Whoever makes something out of the values adds
// the mistakes that it finds ([Values.Wrong]) and asks [Values.Err] at the end.
//
// To add a setting, add it to the list, to docs/settings.example.yaml, and run
// go test ./cmd/probity/settings -update.
package settings

import (
	"slices"
	"strings"
	"unicode"
)

// Kind is what form the values of a setting have.
type Kind string

// The kinds.
const (
	Text     Kind = "text"
	Path     Kind = "file" // from the folder of the settings file, if it stands there
	Choice   Kind = "one of"
	Whole    Kind = "whole number"
	Number   Kind = "number"
	Duration Kind = "time"
	Toggle   Kind = "true or false"
	Texts    Kind = "list"             // one value may stand for itself
	Networks Kind = "list of networks" // addresses, or ranges of them
	Entries  Kind = "list of sections"
	Named    Kind = "by name" // names of one's own, each with a value or a section
)

// Where a setting can be set besides a settings file.
type where int

const (
	fileOnly   where = iota
	environ          // the environment
	flagged          // the environment, and a flag
	secretOnly       // the environment alone: a secret
)

// Setting is one of the list.
type Setting struct {
	// Name as in a settings file: sections with a dot between them, [] for
	// the entries of a list, * for a name of one's own.
	Name    string
	Kind    Kind
	Default string // empty for none
	// Verbs are those that it holds for; none for all verbs.
	Verbs []string
	// Doc is a sentence that goes on from the name.
	Doc string

	// ledger: it is about a ledger, and a witness keeps none.
	ledger  bool
	choices []string
	where   where
	// check tells what is wrong with a value of the right form.
	check func(text string) error
	// split makes entries out of the value of an environment variable.
	split func(text string) ([]map[string]string, error)
}

// Secret tells whether values must never be shown.
func (s Setting) Secret() bool { return s.where == secretOnly }

// InFile tells whether it may stand in a settings file.
func (s Setting) InFile() bool { return s.where != secretOnly }

// Flag is the name of its flag; empty if it has none.
func (s Setting) Flag() string {
	if s.where == flagged {
		return s.Name
	}
	return ""
}

// Variable is the name of its environment variable; empty if it has none.
func (s Setting) Variable() string {
	if s.where == fileOnly {
		return ""
	}
	var b strings.Builder
	b.WriteString("PROBITY_")
	for _, r := range s.Name {
		switch {
		case r == '-' || r == '.':
			r = '_'
		case unicode.IsUpper(r):
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// Holds tells whether it is a setting of the verb.
func (s Setting) Holds(verb string) bool {
	return len(s.Verbs) == 0 && !(s.ledger && verb == Witness) || slices.Contains(s.Verbs, verb)
}

// list tells whether its value is several.
func (s Setting) list() bool { return s.Kind == Texts || s.Kind == Networks }

// HasOwn tells whether a verb has settings that not every verb has.
func HasOwn(verb string) bool {
	return slices.ContainsFunc(All(), func(s Setting) bool { return slices.Contains(s.Verbs, verb) })
}

// of are the settings of a verb.
func of(verb string) []Setting {
	var out []Setting
	for _, s := range All() {
		if s.Holds(verb) {
			out = append(out, s)
		}
	}
	return out
}
