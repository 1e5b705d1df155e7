package query

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var numbered = regexp.MustCompile(`\$[0-9]+`)

// Literally writes a condition for PostgreSQL with its arguments as literals,
// for what cannot carry arguments, such as a view. Its own text has no $1.
func Literally(c Cond) (string, error) {
	var failed error
	sql := numbered.ReplaceAllStringFunc(Postgres(c.SQL), func(mark string) string {
		n, err := strconv.Atoi(mark[1:])
		if err != nil || n < 1 || n > len(c.Args) {
			failed = fmt.Errorf("the condition has no argument %s", mark)
			return mark
		}
		switch arg := c.Args[n-1].(type) {
		case string:
			return Quote(arg)
		case int, int64, bool:
			return fmt.Sprint(arg)
		default:
			failed = fmt.Errorf("cannot write a %T as a literal", arg)
			return mark
		}
	})
	return sql, failed
}

// Quote writes a text as a literal of PostgreSQL.
func Quote(text string) string {
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	if strings.Contains(text, `\`) { // whatever standard_conforming_strings says
		return " E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}
