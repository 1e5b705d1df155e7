package console

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// obligationsPage lists the clocks that run, and those that ran out.
var obligationsPage = page{
	name: "obligations", route: "/obligations", must: "obligations",
	document: connection("obligations", "ObligationFilter", obligation),
	variables: func(a *asked) (map[string]any, error) {
		query := a.URL.Query()
		if !query.Has("state") {
			query.Set("state", "LATE")
			a.URL.RawQuery = query.Encode()
		}
		filter := choice(a, map[string]any{}, "state", "clock", "unit", "who", "dueBefore")
		return addPage(a, 50, map[string]any{"filter": filter}), nil
	},
}

// Clocks are the kinds of obligations, by how they are called.
func (v *view) Clocks() []option {
	var out []option
	for key, text := range v.tongue.words.by[v.Lang] {
		if clock, ok := strings.CutPrefix(key, "c."); ok {
			out = append(out, option{clock, text})
		}
	}
	slices.SortFunc(out, func(a, b option) int {
		return cmp.Or(strings.Compare(a.Text, b.Text), strings.Compare(a.Value, b.Value))
	})
	return out
}

// warningsPage lists warnings.
var warningsPage = page{
	name: "warnings", route: "/warnings", must: "warnings",
	document: connection("warnings", "WarningFilter", warning),
	variables: func(a *asked) (map[string]any, error) {
		return addPage(a, 50, map[string]any{"filter": choice(a, map[string]any{}, "status", "rule", "unit", "officer", "outcome")}), nil
	},
}

// warningPage is a warning: its rule, its evidence, and what became of it.
var warningPage = page{
	name: "warning", route: "/warnings/{id}", must: "warning",
	document: `query Warning($id: ID!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  warning(id: $id) {
    ` + warning + ` version score exposure baseline baselineChinese peers peersChinese times escalatedTo acknowledgedOn reviewedOn opinion settledOn reason outcome imported
    post { id name nameEn } inspection { id status conclusion } complaint { id } case { id }
    cases(first: 3) { id status summary openedOn decidedOn ` + taught + ` }
    evidence { id kind occurredAt subject { type id } }
    timeline(filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
  }
}`,
	variables: timelineVariables,
	prepare:   drawTimelineOf("warning"),
}

// disclosuresPage lists what is due to the public; anybody may look.
var disclosuresPage = page{
	name: "disclosures", route: "/disclosures", must: "disclosures", open: true,
	document: connection("disclosures", "DisclosureFilter", disclosure),
	variables: func(a *asked) (map[string]any, error) {
		filter := flags(a, choice(a, map[string]any{}, "status", "unit", "medium"), "overdue", "late")
		return addPage(a, 50, map[string]any{"filter": filter}), nil
	},
}

// disclosurePage is one of them with its steps.
var disclosurePage = page{
	name: "disclosure", route: "/disclosures/{id}", must: "disclosure", open: true,
	document: `query Disclosure($id: ID!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  disclosure(id: $id) {
    ` + disclosure + ` correctedOn correction withdrawBy withdrawReason imported
    timeline(filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
  }
}`,
	variables: timelineVariables,
	prepare:   drawTimelineOf("disclosure"),
}

// searchPage looks through names, ids and texts.
var searchPage = page{
	name: "search", route: "/search",
	document: `query Search($text: String!, $some: Boolean!, $first: Int, $after: String, $last: Int, $before: String) {
  search(text: $text, first: $first, after: $after, last: $last, before: $before) @include(if: $some) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { type id title passage { text found } object { ... on Finding { eventId } ... on PostRisk { post { id } } } }
  }
  me { role }
}`,
	variables: func(a *asked) (map[string]any, error) {
		text := a.URL.Query().Get("q")
		if len(text) > 400 {
			return nil, wrongInput("error.search")
		}
		return addPage(a, 20, map[string]any{"text": text, "some": text != ""}), nil
	},
	prepare: func(v *view) error {
		v.X = v.D["search"]
		if found, ok := v.X.(map[string]any); ok {
			found["many"] = found["totalCount"] == json.Number(mostFound)
		}
		return nil
	},
}

// mostFound is how many answers a search counts at most, as the schema says.
const mostFound = "1000"
