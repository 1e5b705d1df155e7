package projections_test

import "strings"

// idsOf joins the ids of a list in its order.
func idsOf[T any](items []T, id func(T) string) string {
	var out []string
	for _, x := range items {
		out = append(out, id(x))
	}
	return strings.Join(out, " ")
}
