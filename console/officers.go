package console

// officersPage lists officers, by unit, status and part of a name.
var officersPage = page{
	name: "officers", route: "/officers", must: "officers",
	document: `query Officers($filter: OfficerFilter, $first: Int, $after: String, $last: Int, $before: String) {
  officers(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { id name latinName rank status leader unit { id name nameEn } post { id name nameEn } counts { complaints findings sanctions rewards } }
  }
  units(first: 100) { nodes { id name nameEn } }
}`,
	variables: func(a *asked) (map[string]any, error) {
		query, filter := a.URL.Query(), map[string]any{"sortByName": true}
		for _, name := range []string{"unit", "name", "status"} {
			if v := query.Get(name); v != "" {
				filter[name] = v
			}
		}
		return addPage(a, 50, map[string]any{"filter": filter}), nil
	},
}
