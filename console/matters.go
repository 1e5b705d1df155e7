package console

// casesPage lists cases of misconduct.
var casesPage = page{
	name: "cases", route: "/cases", must: "cases",
	document: connection("cases", "CaseFilter", caseLine),
	variables: func(a *asked) (map[string]any, error) {
		return addPage(a, 50, map[string]any{"filter": choice(a, map[string]any{}, "status", "unit", "officer")}), nil
	},
}

// casePage is a case with its parties, its clocks and its steps.
var casePage = page{
	name: "case", route: "/cases/{id}", must: "case",
	document: `query Case($id: ID!, $ref: RefInput!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  case(id: $id) {
    ` + caseLine + ` decidedOn archivedOn imported
    complaint { id } inspection { id }
    findings { id category conduct result discipline measure foundOn deedOn clause overturned event { id } officer { id name latinName } norm { id title } }
    sanctions { id measure label status from until forGood officer { id name latinName } }
    tracebacks { id status fault }
    warnings(first: 5) { id rule raisedOn status }
    ` + lessons + `
    timeline(filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
  }
  clocks: obligations(filter: {subject: $ref}, first: 50) { nodes { ` + obligation + ` } }
}`,
	variables: aboutItself("CASE"),
	prepare:   drawTimelineOf("case"),
}

// complaintsPage lists complaints.
var complaintsPage = page{
	name: "complaints", route: "/complaints", must: "complaints",
	document: connection("complaints", "ComplaintFilter", complaint),
	variables: func(a *asked) (map[string]any, error) {
		filter := choice(a, map[string]any{}, "status", "result", "unit", "post", "officer", "handler", "dueBefore")
		return addPage(a, 50, map[string]any{"filter": filter}), nil
	},
}

// complaintPage is a complaint with its clocks and its steps.
var complaintPage = page{
	name: "complaint", route: "/complaints/{id}", must: "complaint",
	document: `query Complaint($id: ID!, $ref: RefInput!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  complaint(id: $id) {
    ` + complaint + ` summary place sealing: timeline(filter: {kinds: ["complaint.reporter_sealed.v1"]}, first: 1) { totalCount } concludedOn answeredOn rating imported
    post { id name nameEn } transferredTo { id name nameEn } officers { id name latinName }
    cases { id status }
    findings { id category result measure foundOn officer { id name latinName } }
    messages { event { id } from at readable text files { digest mediaType size name } }
    timeline(filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
  }
  clocks: obligations(filter: {subject: $ref}, first: 50) { nodes { ` + obligation + ` } }
}`,
	variables: aboutItself("COMPLAINT"),
	prepare:   drawTimelineOf("complaint"),
}

// sanctionPage is a sanction with its clocks and its steps.
var sanctionPage = page{
	name: "sanction", route: "/sanctions/{id}", must: "sanction",
	document: `query Sanction($id: ID!, $ref: RefInput!, $filter: TimelineFilter, $first: Int, $after: String, $last: Int, $before: String) {
  sanction(id: $id) {
    id measure label status months from until forGood decidedOn servedOn executed deedOn imported officer { id name latinName } case { id }
    timeline(filter: $filter, order: OCCURRED_DESC, first: $first, after: $after, last: $last, before: $before) { ` + entries + ` }
  }
  clocks: obligations(filter: {subject: $ref}, first: 50) { nodes { ` + obligation + ` } }
}`,
	variables: aboutItself("SANCTION"),
	prepare:   drawTimelineOf("sanction"),
}

// aboutItself adds to what a timeline is narrowed to the object as a
// reference.
func aboutItself(typ string) func(*asked) (map[string]any, error) {
	return func(a *asked) (map[string]any, error) {
		vars, err := timelineVariables(a)
		if err == nil {
			vars["ref"] = map[string]any{"type": typ, "id": vars["id"]}
		}
		return vars, err
	}
}

// drawTimelineOf draws the timeline of a member of the answer; one that may
// not be seen is left out.
func drawTimelineOf(member string) func(*view) error {
	return func(v *view) error {
		timeline := v.D[member].(map[string]any)["timeline"]
		if timeline == nil {
			return nil
		}
		return v.draw(timeline, "")
	}
}
