// Package rulebooks reads rulebooks from files that people can read: one YAML
// document that holds every number of a jurisdiction and where each is
// written. Three are shipped within the program: cn-2024, the default, which
// says what domain.CN2024 says; eu-2019-1937, the protection of those who
// report breaches; and us-police-ia, the common practice of police internal
// affairs.
//
//	book, digest, err := rulebooks.Open("cn-2024")
//	book, digest, err := rulebooks.Parse("ours.yaml", bytes)
//
// The digest is the SHA-256 of the file's bytes in the form that the command
// rulebook.adopt records, so a ledger tells by which file it judged.
//
// # The form of a file
//
// A file is a mapping whose keys are the fields of domain.Rulebook in camel
// case, and so on downwards. What is not said is not set, and means that there
// is no such rule. Four things have a form of their own:
//
//   - a term is {term: 15 days, source: …}: a length, a unit (days, workdays,
//     months, years) and where it is written;
//   - a day is 2024-02-29; a list of days may hold runs of them,
//     2024-02-10..2024-02-17. A holiday that falls on a weekend is left out:
//     nobody works then anyway;
//   - the zone of the calendar is a name of the IANA time zone database, such
//     as Asia/Shanghai;
//   - authority maps the name of a command to the roles that may give it.
//
// Reading is strict: an unknown or repeated key, a value of another form, an
// anchor, alias or tag is an *Error that names file, line, column and field,
// and so is a rulebook that contradicts itself (see Parse).
//
// Functions are safe for concurrent use; what they return is the caller's.
package rulebooks

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

//go:embed *.yaml
var files embed.FS

// ErrUnknown: no rulebook of that name is shipped.
var ErrUnknown = errors.New("no such rulebook")

// Names returns the rulebooks that are shipped, in alphabetical order.
func Names() []string {
	entries, err := fs.Glob(files, "*.yaml")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for i, name := range entries {
		entries[i] = strings.TrimSuffix(name, path.Ext(name))
	}
	return entries
}

// Source returns the file of a rulebook that is shipped, or ErrUnknown.
func Source(name string) ([]byte, error) {
	b, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("%w: %q; there are %s", ErrUnknown, name, strings.Join(Names(), ", "))
	}
	return b, nil
}

// Open returns a rulebook that is shipped and the digest of its file. The
// error is ErrUnknown for any other name.
func Open(name string) (*domain.Rulebook, string, error) {
	b, err := Source(name)
	if err != nil {
		return nil, "", err
	}
	return Parse(name+".yaml", b)
}

// Digest returns the digest of a file's bytes: "sha256:" and 64 lower-case
// hex digits.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Error is a mistake in a rulebook, with its place. Line and Column count
// from 1, and are 0 when the mistake has no single place. Field is the path
// of keys, such as "sanction.ladder[3].effect"; list entries count from 1.
type Error struct {
	File         string
	Line, Column int
	Field        string
	Message      string
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": ")
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	b.WriteString(e.Message)
	return b.String()
}
