package console

const enforcementLine = `id kind status matter openedOn decidedOn decideBy daysLate outcome review deviated unit { id name nameEn } officers { id name latinName }`

// enforcementsPage lists acts of enforcement.
var enforcementsPage = page{
	name: "enforcements", route: "/enforcements", must: "enforcements",
	document: connection("enforcements", "EnforcementFilter", enforcementLine),
	variables: func(a *asked) (map[string]any, error) {
		filter := flags(a, choice(a, map[string]any{}, "kind", "status", "review", "unit", "officer", "benchmark"), "deviated", "overridden", "overdue")
		return addPage(a, 50, map[string]any{"filter": filter}), nil
	},
}

// enforcementPage is an act with its steps, and those that were left out; how it
// was reviewed, and what followed.
var enforcementPage = page{
	name: "enforcement", route: "/enforcements/{id}", must: "enforcement",
	document: `query Enforcement($id: ID!, $ref: RefInput!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  enforcement(id: $id) {
    ` + enforcementLine + ` partyKind deedOn closedOn imported procedure { id title } procedureVersion clause tier factor amount minAmount maxAmount
    deviation { tier amount reason askedBy approver }
    steps { code kind on daysLate madeUp note officer { id name latinName } second { id name latinName } }
    overrides { step reason askedBy approver on }
    reviews { body outcome on ground amount }
    retractBy faultReviewBy faultReviewed faultReviews { found opinion on daysLate }
    tracebacks { id status fault }
    timeline(filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
  }
  clocks: obligations(filter: {subject: $ref}, first: 50) { nodes { ` + obligation + ` } }
}`,
	variables: aboutItself("ENFORCEMENT"),
	prepare:   drawTimelineOf("enforcement"),
}
