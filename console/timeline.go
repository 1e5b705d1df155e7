package console

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// entries are asked of every timeline.
const entries = `totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { as event { id kind subject { type id } actor role occurredAt recordedAt causeId cause { id kind } imported veiled } }`

// perTimeline is how many events a page draws.
const perTimeline = 100

// officerTimelinePage is the accountability timeline of an officer: everything
// that touches them, drawn and as a table.
var officerTimelinePage = page{
	name: "timeline", route: "/officers/{id}/timeline", must: "officer",
	document: `query Timeline($id: ID!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  officer(id: $id) { id name latinName unit { id name nameEn }
    timeline(filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
  }
}`,
	variables: timelineVariables,
	prepare: func(v *view) error {
		o := v.D["officer"].(map[string]any)
		return v.draw(o["timeline"], pathTo("officers", v.PathValue("id")))
	},
}

// historyPage is the timeline of anything: a case, a post, a sanction…
var historyPage = page{
	name: "history", route: "/history/{type}/{id}", must: "timeline",
	document: `query History($ref: RefInput!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  timeline(ref: $ref, filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
}`,
	variables: func(a *asked) (map[string]any, error) {
		vars, err := timelineVariables(a)
		if err != nil {
			return nil, err
		}
		typ := strings.ToUpper(a.PathValue("type"))
		if !slices.Contains(refTypes, typ) {
			return nil, errMissing
		}
		vars["ref"] = map[string]any{"type": typ, "id": vars["id"]}
		delete(vars, "id")
		return vars, nil
	},
	prepare: func(v *view) error {
		t := v.D["timeline"].(map[string]any)
		if len(t["nodes"].([]any)) == 0 && len(v.URL.Query()) == 0 {
			return errMissing
		}
		return v.draw(t, "")
	},
}

// refTypes are the types of references, as the schema has them.
var refTypes = []string{"OFFICER", "UNIT", "POST", "COMPLAINT", "CASE", "SANCTION", "REWARD", "NORM", "PLAN", "ACTIVITY", "DISCLOSURE",
	"ENFORCEMENT", "INSPECTION", "TRACEBACK", "WARNING", "PROGRAMME", "RULEBOOK", "ACCESS", "KEY", "ACTOR"}

// timelineVariables read what a timeline is narrowed to: from and to as days,
// and the rooms of events.
func timelineVariables(a *asked) (map[string]any, error) {
	vars, _ := id(a)
	filter := map[string]any{}
	from, err := dayOf(a, "from")
	if err != nil {
		return nil, err
	}
	if !from.IsZero() {
		filter["occurredFrom"] = from.UTC().Format(time.RFC3339)
	}
	to, err := endOfDay(a, "to")
	if err != nil {
		return nil, err
	}
	if to != "" {
		filter["occurredTo"] = to
	}
	if asked := a.URL.Query()["room"]; len(asked) > 0 {
		var kinds []any
		for _, room := range asked {
			for _, kind := range a.kinds[room] {
				kinds = append(kinds, kind)
			}
		}
		if len(kinds) == 0 {
			return nil, wrongInput("error.room")
		}
		filter["kinds"] = kinds
	}
	if len(filter) > 0 {
		vars["filter"] = filter
	}
	return addPage(a, perTimeline, vars), nil
}

// kindsByRoom sorts the kinds of events, as words know them, by room.
func (w *words) kindsByRoom() map[string][]string {
	out := map[string][]string{}
	for key := range w.by[languages[0]] {
		if kind, ok := strings.CutPrefix(key, "k."); ok {
			room, _, _ := strings.Cut(kind, ".")
			out[room] = append(out[room], kind)
		}
	}
	for _, kinds := range out {
		slices.Sort(kinds)
	}
	return out
}

// Rooms are the rooms a timeline can be narrowed to.
func (v *view) Rooms() []string { return slices.Sorted(maps.Keys(v.kinds)) }

// Asked tells whether a parameter of the address has a value.
func (v *view) Asked(name, value string) bool { return slices.Contains(v.URL.Query()[name], value) }
