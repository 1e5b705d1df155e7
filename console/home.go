package console

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Parts of the home page, and of other pages: what they ask.
const (
	obligation   = `id clock what source subject { type id } part who role state startedOn due extended shareUsed daysLate unit { id name nameEn } officer { id name latinName }`
	complaint    = `id category channel realName status result receivedOn due handler unit { id name nameEn }`
	caseLine     = `id status origin summary openedOn unit { id name nameEn } officers { id name latinName }`
	warning      = `id status rule explanation explanationChinese raisedOn due unit { id name nameEn } officer { id name latinName }`
	disclosure   = `id title category medium status due publishedOn daysLate overdue withdrawnOn url place unit { id name nameEn }`
	sanctionLine = `id status measure label officer { id name latinName }`
	bucket       = `{ value count suppressed }`
)

// homeParts are what a home page may hold: the member of the answer, and the
// document that asks for it.
var homeParts = map[string]string{
	"ledger":      `ledger { origin position checkpoint { size root } }`,
	"late":        `late: obligations(filter: {state: LATE}, first: 10) { totalCount nodes { ` + obligation + ` } }`,
	"soon":        `soon: obligations(filter: {state: OPEN, shareAtLeast: 70}, first: 10) { totalCount nodes { ` + obligation + ` } }`,
	"warnings":    `warnings(filter: {status: RAISED}, first: 10) { totalCount nodes { ` + warning + ` } }`,
	"cases":       `cases(filter: {status: UNDER_INQUIRY}, first: 10) { totalCount nodes { ` + caseLine + ` } }`,
	"opened":      `opened: cases(filter: {status: OPEN}, first: 10) { totalCount nodes { ` + caseLine + ` } }`,
	"proposed":    `proposed: cases(filter: {status: FINDING_PROPOSED}, first: 10) { totalCount nodes { ` + caseLine + ` } }`,
	"heard":       `heard: sanctions(filter: {status: HEARD}, first: 10) { totalCount nodes { ` + sanctionLine + ` } }`,
	"approved":    `approved: sanctions(filter: {status: APPROVED}, first: 10) { totalCount nodes { ` + sanctionLine + ` } }`,
	"plans":       `plans(filter: {status: ADOPTED}, first: 10) { totalCount nodes { id title status from to unit { id name nameEn } } }`,
	"agencies":    `agencies: units(filter: {kind: AGENCY, status: OPEN}, first: 20) { nodes { id name nameEn } }`,
	"recent":      `recent: events(filter: {kinds: $kinds}, first: 15, order: RECORDED_DESC) { nodes { id kind subject { type id } actor role occurredAt recordedAt } }`,
	"received":    `received: complaints(filter: {status: RECEIVED}, first: 20) { totalCount nodes { ` + complaint + ` } }`,
	"assigned":    `assigned: complaints(filter: {handler: $subject}, first: 20) { totalCount nodes { ` + complaint + ` } }`,
	"me":          `me { officer { id name latinName fileReadings { by role why count from to } } }`,
	"disclosures": `disclosures(first: 10) { totalCount nodes { ` + disclosure + ` } }`,
	"statistics":  `statistics { totals ` + bucket + ` complaintsByResult ` + bucket + ` sanctionsByMeasure ` + bucket + ` }`,
}

// homes are the parts for each role, in their order.
var homes = map[string][]string{
	"inspector": {"late", "soon", "warnings", "opened", "cases", "recent"},
	"leader":    {"proposed", "heard", "approved", "late", "soon", "plans", "agencies", "warnings"},
	"hr":        {"recent", "late"},
	"auditor":   {"ledger", "late", "warnings", "recent"},
	"intake":    {"received", "late", "soon"},
	"handler":   {"assigned"},
	"overseer":  {"agencies", "statistics", "ledger"},
	"officer":   {"me"},
	"public":    {"disclosures", "statistics"},
}

// homeDocument asks for what a role is shown at home.
func homeDocument(role string) string {
	var asked []string
	head := "query Home"
	for _, part := range homes[role] {
		asked = append(asked, homeParts[part])
		switch part {
		case "assigned":
			head += "($subject: ID)"
		case "recent":
			head += "($kinds: [String!])"
		}
	}
	if len(asked) == 0 { // a role that has no page of its own
		asked = append(asked, "me { role }")
	}
	return head + " { " + strings.Join(asked, "\n") + " }"
}

// home shows each role what it is there for.
func (h *Handler) home(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.enter(w, r)
	if !ok {
		return
	}
	h.answer(w, r, visitor, page{name: "home", document: homeDocument(visitor.Role),
		variables: func(*asked) (map[string]any, error) {
			parts, vars := homes[visitor.Role], map[string]any{}
			if slices.Contains(parts, "assigned") {
				vars["subject"] = visitor.Subject
			}
			if slices.Contains(parts, "recent") { // that files were read would fill the list
				vars["kinds"] = h.kindsBut("access")
			}
			return vars, nil
		},
		prepare: func(v *view) error {
			parts := homes[visitor.Role]
			if visitor.Role == "auditor" && len(h.config.Tour) > 0 {
				parts, v.D["tour"] = append([]string{"tour"}, parts...), h.config.Tour
			}
			v.X = parts
			return nil
		}})
}

// kindsBut are all kinds of events but those of a room.
func (h *Handler) kindsBut(room string) []any {
	var out []any
	for name, kinds := range h.kinds {
		for _, kind := range kinds {
			if name != room {
				out = append(out, kind)
			}
		}
	}
	return out
}

// Year is the year that is now.
func (v *view) Year() string { return v.now.In(v.zone).Format("2006") }

// Today is the day that is now.
func (v *view) Today() string { return v.now.In(v.zone).Format(time.DateOnly) }

// choice sets the members of a filter that the address has values for.
func choice(a *asked, filter map[string]any, names ...string) map[string]any {
	for _, name := range names {
		if value := a.URL.Query().Get(name); value != "" {
			filter[name] = value
		}
	}
	return filter
}

// flags sets those that are ticked.
func flags(a *asked, filter map[string]any, names ...string) map[string]any {
	for _, name := range names {
		if a.URL.Query().Get(name) == "1" {
			filter[name] = true
		}
	}
	return filter
}

// connection is the text that asks for a page of a list.
func connection(name, filter, nodes string) string {
	return fmt.Sprintf(`query List($filter: %s, $first: Int, $after: String, $last: Int, $before: String) {
  %s(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { %s }
  }
}`, filter, name, nodes)
}
