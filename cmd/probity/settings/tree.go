package settings

import (
	"maps"
	"slices"
	"strings"
)

// node is a place in the tree of names: a setting, a section, or both, as the
// entries of a list.
type node struct {
	setting *Setting
	below   map[string]*node // of a section
	entry   *node            // of a list of sections
	any     *node            // under names of one's own
}

// tree arranges the settings of a verb by their names.
func tree(verb string) *node {
	root := &node{}
	for _, s := range of(verb) {
		at := root
		for _, step := range steps(s.Name) {
			at = at.step(step)
		}
		at.setting = &s
	}
	return root
}

// steps are the parts of a name: "a[].b.*" has a, [], b and *.
func steps(name string) []string {
	return strings.Split(strings.ReplaceAll(name, "[]", ".[]"), ".")
}

func (n *node) step(name string) *node {
	slot := func(p **node) *node {
		if *p == nil {
			*p = &node{}
		}
		return *p
	}
	switch name {
	case "[]":
		return slot(&n.entry)
	case "*":
		return slot(&n.any)
	}
	if n.below == nil {
		n.below = map[string]*node{}
	}
	if n.below[name] == nil {
		n.below[name] = &node{}
	}
	return n.below[name]
}

// names are what may stand in a section.
func (n *node) names() []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(n.below)) {
		if b := n.below[name]; b.setting == nil || b.setting.InFile() {
			out = append(out, name)
		}
	}
	return out
}
