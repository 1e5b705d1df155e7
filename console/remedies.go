package console

// remedy is what is asked of something that the analysis of a case opened.
const remedy = `id kind status text reason number threshold rule gap openedOn due overdue doneOn from gradeBefore gradeAfter version rulebookVersion answer
      case { id } post { id name nameEn } norm { id title } rulebook { id } opened { id } done { id }
      since(first: 2) { rule days on warning { id } officer { id name latinName } post { id name nameEn } unit { id name nameEn } complaintsAt { id name nameEn }
        actsOf { id name latinName } actsIn { id name nameEn } before { from to warnings complaints acts } after { from to warnings complaints acts } }`

// lessons is what is asked of what a case teaches, and of what came of it.
const lessons = `analyses(first: 10) { aspect text on event { id } gaps(first: 20) { kind description post { id name nameEn } norm { id title } } }
    remedies(first: 20) { ` + remedy + ` }`

// taught is lessons with the findings before them.
const taught = `findings { id category result foundOn event { id } officer { id name latinName } } ` + lessons

// remediesPage lists what cases opened: what is not done yet, unless something
// else is asked for.
var remediesPage = page{
	name: "remedies", route: "/remedies", must: "remedies",
	document: connection("remedies", "RemedyFilter", `id kind status text rule threshold number openedOn due overdue doneOn
      case { id } post { id name nameEn } norm { id title } rulebook { id } unit { id name nameEn }`),
	variables: func(a *asked) (map[string]any, error) {
		query := a.URL.Query()
		if !query.Has("status") {
			query.Set("status", "OPEN")
			a.URL.RawQuery = query.Encode()
		}
		filter := flags(a, choice(a, map[string]any{}, "status", "kind", "unit", "case", "post", "norm", "rule"), "overdue")
		return addPage(a, 50, map[string]any{"filter": filter}), nil
	},
}

// normPage is a norm: its gaps, what cases changed in it, its clocks and its
// steps.
var normPage = page{
	name: "norm", route: "/norms/{id}", must: "norm",
	document: `query Norm($id: ID!, $ref: RefInput!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  norm(id: $id) {
    id kind title status latest reviewBy repealedFrom imported unit { id name nameEn } inForce { number from }
    gaps { code text clause version foundOn closeBy closedOn closedIn case { id } }
    remedies(first: 20) { ` + remedy + ` }
    timeline(filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
  }
  clocks: obligations(filter: {subject: $ref}, first: 50) { nodes { ` + obligation + ` } }
}`,
	variables: aboutItself("NORM"),
	prepare:   drawTimelineOf("norm"),
}
