package query_test

import (
	"testing"

	"github.com/probity-ledger/probity/projections/query"
)

func TestConditionsAreWrittenWithTheirArguments(t *testing.T) {
	for _, c := range []struct {
		cond query.Cond
		want string
	}{
		{query.C("a = ? AND b > ?", "it's ? $1", 7), "a = 'it''s ? $1' AND b > 7"},
		{query.C("a = ?", `\'; DROP TABLE x; --`), `a =  E'\\''; DROP TABLE x; --'`},
		{query.In("a", []string{"x", "y"}), `a IN (SELECT json_array_elements_text(CAST('["x","y"]' AS json)))`},
		{query.Cond{}, ""},
	} {
		got, err := query.Literally(c.cond)
		if err != nil || got != c.want {
			t.Errorf("%v: %s, %v", c.cond, got, err)
		}
	}
	for _, c := range []query.Cond{query.C("a = ?"), query.C("a = ?", []byte("x"))} {
		if got, err := query.Literally(c); err == nil {
			t.Errorf("%v: %s", c, got)
		}
	}
}
