package roster

import (
	"fmt"
	"strings"
)

// Described returns every column of every table as Markdown, for the
// documentation.
func Described() string {
	var b strings.Builder
	for _, t := range Tables() {
		fmt.Fprintf(&b, "\n### %s %s\n\n%s\n\n| column | type | 中文 | meaning |\n|---|---|---|---|\n", t.Name, t.Chinese, t.Meaning)
		for _, c := range t.Columns {
			kind := string(c.Type)
			if c.Optional {
				kind += "?"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Name, kind, c.Chinese, c.Meaning)
		}
	}
	return b.String()
}
