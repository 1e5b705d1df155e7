package query

import "strings"

// The forms in which databases differ, as SQLite takes them. Whoever needs one
// writes it by these names; see [Postgres].
const (
	// Given is a text that is given as an argument, to be compared by bytes
	// where nothing else says so.
	Given = "CAST(? AS TEXT)"
	// Numbers is a table of the whole numbers in an argument, a JSON list, in
	// its column value.
	Numbers = "json_each(?)"
	// Apart at the end of a subquery keeps it a question of its own, that is
	// answered first.
	Apart = " LIMIT -1"

	// list is a set of the texts in an argument, a JSON list.
	list = "(SELECT value FROM json_each(?))"
)

// Holds is the condition that the text in the column holds an argument.
func Holds(column string) string { return "instr(" + column + ", ?) > 0" }

// Kept says in which order rows come that SQLite finds in that order already.
func Kept(order string) string { return " /* ORDER BY " + order + " */" }

// Elements is a table of the elements of a list within the column, which holds
// JSON as text: value is an element, to be looked into with ->>, atom an
// element that is a text.
func Elements(column string, path ...string) string {
	return "json_each(" + column + ", '$." + strings.Join(path, ".") + "')"
}

// Member is a text within the column, which holds JSON as bytes.
func Member(column, name string) string {
	return "json_extract(CAST(" + column + " AS TEXT), '$." + name + "')"
}
