// Package maps holds the mapping files that come with the program, one for
// each public data set it knows. The package spreadsheet reads them; its
// documentation says what they mean.
package maps

import (
	"embed"
	"fmt"
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

// Open returns the text of the map of that name, such as "philadelphia". The
// error says which names there are.
func Open(name string) ([]byte, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("no map is called %q; there are %s", name, strings.Join(Names(), ", "))
	}
	return files.ReadFile(name + suffix)
}
