package query

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// MaxFolded is how much of a text can be found, in bytes.
const MaxFolded = 1000

// Fold brings texts into the form in which they are searched: compatibility
// forms made one (full-width Latin letters and digits among them), lower
// case, cut at MaxFolded bytes.
func Fold(parts ...string) string {
	s := strings.Join(parts, "\n")
	if len(s) > MaxFolded {
		s = strings.ToValidUTF8(s[:MaxFolded], "")
	}
	return strings.ToLower(norm.NFKC.String(s))
}
