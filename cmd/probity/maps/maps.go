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

// Open returns the text of the map of that name, such as "philadelphia".
func Open(name string) ([]byte, error) {
	b, err := files.ReadFile(name + suffix)
	if err != nil || strings.ContainsAny(name, "/\\") {
		return nil, fmt.Errorf("no map is called %q; there are %s", name, strings.Join(Names(), ", "))
	}
	return b, nil
}
