// Package maps holds the mapping files that come with the program, one for
// each public data set it knows. The package spreadsheet reads them; its
// documentation says what they mean.
package maps

import (
	"embed"
	"slices"
	"strings"
)

//go:embed *.yaml
var files embed.FS

const suffix = ".yaml"

// Names lists the maps, sorted.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // an embedded folder can always be read
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), suffix))
	}
	slices.Sort(names)
	return names
}

// List is Names in one line, for people.
func List() string { return strings.Join(Names(), ", ") }

// Open returns the text of the map of that name, such as "philadelphia", and
// whether there is one.
func Open(name string) ([]byte, bool) {
	if !slices.Contains(Names(), name) {
		return nil, false
	}
	b, err := files.ReadFile(name + suffix)
	return b, err == nil
}
