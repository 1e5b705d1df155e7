package query_test

import (
	"testing"

	"github.com/probity-ledger/probity/projections/query"
)

func TestStatementsAreWrittenForPostgreSQL(t *testing.T) {
	for _, c := range []struct{ name, sql, want string }{
		{"arguments are numbered in turn", "a = ? AND (b, c) > (?, ?)", "a = $1 AND (b, c) > ($2, $3)"},
		{"what is quoted stays", `SELECT '?' || 'it''s ? instr(' AS "json_each(?)" WHERE a = ?`, `SELECT '?' || 'it''s ? instr(' AS "json_each(?)" WHERE a = $1`},
		{"a quote that does not end", "a = 'b?", "a = 'b?"},
		{"a set of texts", query.And(query.Eq("z", "1"), query.In("a", []string{"x", "y"})).SQL,
			"(z = $1 AND a IN (SELECT json_array_elements_text(CAST($2 AS json))))"},
		{"a table of numbers", "SELECT j.value FROM " + query.Numbers + " j WHERE b = ?",
			"SELECT j.value FROM (SELECT CAST(json_array_elements_text(CAST($1 AS json)) AS bigint) AS value) j WHERE b = $2"},
		{"a text given", "SELECT " + query.Given + " UNION SELECT id", `SELECT CAST($1 AS text) COLLATE "C" UNION SELECT id`},
		{"a text within", query.Contains("x.search", "li na").SQL, "(strpos(x.search, $1) > 0 AND strpos(x.search, $2) > 0)"},
		{"a member of bytes", query.Member("e.data", "holder") + " = ?", "(CAST(convert_from(e.data, 'UTF8') AS json) ->> 'holder') = $1"},
		{"elements of a list", "FROM " + query.Elements("x.body", "State", "Officers") + " o",
			"FROM (SELECT e AS value, (e #>> '{}') COLLATE \"C\" AS atom FROM json_array_elements(CASE json_typeof(CAST(x.body AS json) #> '{State,Officers}')" +
				" WHEN 'array' THEN CAST(x.body AS json) #> '{State,Officers}' END) e) o"},
		{"an order that is kept", "a" + query.Kept("b.at DESC") + " LIMIT 1 / 2", "a ORDER BY b.at DESC LIMIT 1 / 2"},
		{"a question of its own", "(SELECT a" + query.Apart + ")", "(SELECT a OFFSET 0)"},
	} {
		if got := query.Postgres(c.sql); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
