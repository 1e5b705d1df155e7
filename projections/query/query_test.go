package query_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/projections/query"
)

func TestConditionsJoin(t *testing.T) {
	a, b, always := query.C("a = ?", 1), query.C("b = ?", "x"), query.Cond{}
	for _, c := range []struct {
		name string
		got  query.Cond
		want query.Cond
	}{
		{"and keeps the arguments in order", query.And(a, b), query.C("(a = ? AND b = ?)", 1, "x")},
		{"what always holds adds nothing to and", query.And(always, a, always), a},
		{"and of nothing holds always", query.And(), always},
		{"or with what always holds holds always", query.Or(a, always), always},
		{"or of nothing never holds", query.Or(), query.Never},
		{"or within and is bracketed", query.And(a, query.Or(a, b)), query.C("(a = ? AND (a = ? OR b = ?))", 1, 1, "x")},
		{"an empty value does not narrow", query.Eq("a", ""), always},
		{"one value needs no list", query.In("a", []string{"x"}), query.C("a = ?", "x")},
		{"many values are one argument", query.In("a", []string{"x", `y"`}), query.C("a IN (SELECT value FROM json_each(?))", `["x","y\""]`)},
		{"in nothing is an empty list", query.In[string]("a", nil), query.C("a IN (SELECT value FROM json_each(?))", "[]")},
		{"not in nothing holds always", query.NotIn[string]("a", nil), always},
		{"one key column", query.Past([]string{"a"}, false, []any{1}), query.C("a > ?", 1)},
		{"a falling key of two", query.Past([]string{"a", "b"}, true, []any{1, "x"}), query.C("(a, b) < (?, ?)", 1, "x")},
		{"every word must be contained", query.Contains("s", "  Li\tNA "), query.C("(instr(s, ?) > 0 AND instr(s, ?) > 0)", "li", "na")},
		{"no words contain nothing", query.Contains("s", " \n"), query.Never},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestFoldMakesOneFormOfMany(t *testing.T) {
	for in, want := range map[string]string{"ＺＨＡＮＧ１": "zhang1", "É": "é", "张伟": "张伟"} {
		if got := query.Fold(in); got != want {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
	if got := query.Fold(strings.Repeat("张", query.MaxFolded)); len(got) > query.MaxFolded || strings.ContainsRune(got, '\uFFFD') {
		t.Errorf("a long text folds to %d bytes, or is cut inside a character", len(got))
	}
}
