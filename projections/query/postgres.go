package query

import (
	"regexp"
	"strconv"
	"strings"
)

// form is a piece of SQL and how PostgreSQL writes it. # stands for the number
// of the argument.
type form struct{ sqlite, postgres string }

var forms = []form{
	{list, "(SELECT json_array_elements_text(CAST($# AS json)))"},
	{Numbers, "(SELECT CAST(json_array_elements_text(CAST($# AS json)) AS bigint) AS value)"},
	{Given, `CAST($# AS text) COLLATE "C"`},
	{Apart, " OFFSET 0"},
	{"instr(", "strpos("},
	{"?", "$#"},
}

var (
	elements = regexp.MustCompile(`^json_each\((\w+\.\w+), '\$\.([\w.]+)'\)`)
	kept     = regexp.MustCompile(`^/\* (ORDER BY [\w. ]+) \*/`)
	member   = regexp.MustCompile(`^json_extract\(CAST\((\w+\.\w+) AS TEXT\), '\$\.(\w+)'\)`)
)

// Postgres writes a statement of the views for PostgreSQL: the forms of this
// package, and $1, $2 for each ? in turn. What stands between quotes is left
// as it is.
func Postgres(sql string) string {
	var b strings.Builder
	number := 0
	for len(sql) > 0 {
		n := next(sql, &b, &number)
		sql = sql[n:]
	}
	return b.String()
}

// next writes what sql begins with, and returns how much of it that is.
func next(sql string, b *strings.Builder, number *int) int {
	switch sql[0] {
	case '\'', '"':
		n := len(sql)
		if end := strings.IndexByte(sql[1:], sql[0]); end >= 0 {
			n = end + 2
		}
		b.WriteString(sql[:n])
		return n
	case '/':
		if m := kept.FindStringSubmatch(sql); m != nil {
			b.WriteString(m[1])
			return len(m[0])
		}
	case 'j':
		if m := elements.FindStringSubmatch(sql); m != nil {
			of := "CAST(" + m[1] + " AS json) #> '{" + strings.ReplaceAll(m[2], ".", ",") + "}'"
			b.WriteString("(SELECT e AS value, (e #>> '{}') COLLATE \"C\" AS atom FROM json_array_elements(CASE json_typeof(" + of +
				") WHEN 'array' THEN " + of + " END) e)")
			return len(m[0])
		}
		if m := member.FindStringSubmatch(sql); m != nil {
			b.WriteString("(CAST(convert_from(" + m[1] + ", 'UTF8') AS json) ->> '" + m[2] + "')")
			return len(m[0])
		}
	}
	for _, f := range forms {
		if !strings.HasPrefix(sql, f.sqlite) {
			continue
		}
		if strings.Contains(f.postgres, "#") {
			*number++
		}
		b.WriteString(strings.ReplaceAll(f.postgres, "#", strconv.Itoa(*number)))
		return len(f.sqlite)
	}
	b.WriteByte(sql[0])
	return 1
}
