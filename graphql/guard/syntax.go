package guard

import (
	"errors"
	"regexp"
	"strings"

	"github.com/graphql-go/graphql/gqlerrors"
)

const sourceName = "request"

// prefix is how the library begins a syntax error; a drawing of the whole
// document follows its first line.
var prefix = regexp.MustCompile(`^Syntax Error ` + sourceName + ` \(\d+:\d+\) `)

func syntaxRefusal(err error) *refusal {
	r := &refusal{code: CodeSyntax, message: "the document cannot be parsed"}
	var located *gqlerrors.Error
	if !errors.As(err, &located) {
		return r
	}
	first, _, _ := strings.Cut(located.Message, "\n")
	r.message = "syntax error: " + shorten(prefix.ReplaceAllString(first, ""))
	if len(located.Positions) > 0 {
		r.offset = located.Positions[0]
	}
	return r
}
