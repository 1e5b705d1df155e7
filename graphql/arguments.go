package graphql

import (
	"time"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// input holds the arguments of a field, or the fields of an input object, as
// package plan coerced them: what was not given is absent, what was
// given as null is nil. Requests share it: it must not be changed.
type input map[string]any

func (in input) text(name string) string {
	s, _ := in[name].(string)
	return s
}

func (in input) flag(name string) bool {
	b, _ := in[name].(bool)
	return b
}

// choice is nil where neither true nor false was given.
func (in input) choice(name string) *bool {
	if b, ok := in[name].(bool); ok {
		return &b
	}
	return nil
}

func (in input) number(name string) int {
	n, _ := in[name].(int)
	return n
}

func (in input) day(name string) domain.Date {
	d, _ := in[name].(domain.Date)
	return d
}

func (in input) moment(name string) time.Time {
	t, _ := in[name].(time.Time)
	return t
}

// position is 0 where none was given.
func (in input) position(name string) ledger.Position {
	n, _ := in[name].(uint64)
	return ledger.Position(n)
}

func (in input) texts(name string) []string {
	list, _ := in[name].([]any)
	var out []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func (in input) object(name string) input {
	m, _ := in[name].(map[string]any)
	return m
}

// page reads the arguments of a connection. A page of nothing is refused
// here, since the zero of projections.Page means its default.
func (in input) page() (projections.Page, error) {
	for _, name := range []string{"first", "last"} {
		if n, given := in[name].(int); given && n < 1 {
			return projections.Page{}, domain.Refuse(domain.CodeInvalid, name, "must lie between 1 and %d", projections.MaxPage)
		}
	}
	for _, name := range []string{"after", "before"} {
		if s, given := in[name].(string); given && s == "" {
			return projections.Page{}, domain.Refuse(domain.CodeInvalid, name, "is empty; leave it out to begin at the end of the list")
		}
	}
	return projections.Page{First: in.number("first"), After: in.text("after"), Last: in.number("last"), Before: in.text("before")}, nil
}

func arg(name string, typ gql.Input, doc string) argument {
	return argument{name: name, doc: doc, typ: typ}
}

// atMost is the argument of a list that is short by nature: what lies below
// it is weighed by that length, not by a whole page.
func atMost(n int) argument {
	return argument{name: "first", typ: gql.Int, absent: n, doc: "At most so many."}
}

// cut leaves the first of the list, as many as atMost says.
func cut[T any](list []T, in input) ([]T, error) {
	n := in.number("first")
	if n < 1 {
		return nil, domain.Refuse(domain.CodeInvalid, "first", "must be at least 1")
	}
	return list[:min(n, len(list))], nil
}

// paged are the arguments of a connection, after those of its own.
func paged(own ...argument) []argument {
	return append(own,
		arg("first", gql.Int, "At most so many items from the beginning, 1 to 500; 50 when neither first nor last is given."),
		arg("after", gql.String, "Begin behind this cursor; goes with first."),
		arg("last", gql.Int, "At most so many items from the end, 1 to 500."),
		arg("before", gql.String, "End before this cursor; goes with last."))
}

var argUnitBelow = arg("unit", gql.ID, "The unit with everything below it.")

// The input types of filters.

func (b *builder) declareFilters() {
	b.officerFilter = b.input("OfficerFilter", "Narrows the register of officers. What is absent does not narrow.",
		argUnitBelow,
		arg("post", gql.ID, "The post held."),
		arg("status", b.officerStatus.typ, "The stage of service."),
		arg("name", gql.String, "A part of the name, in either script, or of the staff number."),
		arg("minFindings", gql.Int, "At least so many findings on file."),
		arg("imported", gql.Boolean, "Only those imported, or only those enrolled here."),
		arg("sortByName", gql.Boolean, "Order by name instead of id."))
	b.unitFilter = b.input("UnitFilter", "Narrows the register of units.",
		arg("parent", gql.ID, "The unit directly above."),
		arg("roots", gql.Boolean, "Only units without a parent."),
		arg("kind", b.unitKind.typ, "What it is."),
		arg("status", b.unitStatus.typ, "Open or closed."))
	b.postFilter = b.input("PostFilter", "Narrows the register of posts.",
		argUnitBelow,
		arg("grade", b.riskGrade.typ, "The grade of its risks."),
		arg("status", b.postStatus.typ, "Open or closed."))
	b.complaintFilter = b.input("ComplaintFilter", "Narrows the register of complaints.",
		argUnitBelow,
		arg("category", gql.String, "Exactly this category."),
		arg("place", gql.String, "Exactly this place."),
		arg("channel", b.channel.typ, "How it came in."),
		arg("status", b.complaintStatus.typ, "Where it stands."),
		arg("result", b.complaintResult.typ, "What was concluded."),
		arg("rating", b.rating.typ, "How the reporter rated the answer."),
		arg("handler", gql.ID, "The handler, by sign-in name."),
		arg("post", gql.ID, "About this post."),
		arg("officer", gql.ID, "Names this officer."),
		arg("imported", gql.Boolean, "Only old history, or only what was received here."),
		arg("receivedFrom", scalarDate, "Received on this day or later."),
		arg("receivedTo", scalarDate, "Received on this day or earlier."),
		arg("dueBefore", scalarDate, "Not concluded, and due before this day."),
		arg("withoutFindings", gql.Boolean, "Only those without any finding."))
	b.caseFilter = b.input("CaseFilter", "Narrows the register of cases.",
		argUnitBelow,
		arg("status", b.caseStatus.typ, "Where it stands."),
		arg("officer", gql.ID, "Inquires into this officer."),
		arg("complaint", gql.ID, "Came from this complaint."),
		arg("imported", gql.Boolean, "Only old history, or only what was opened here."))
	b.findingFilter = b.input("FindingFilter", "Narrows the register of findings.",
		argUnitBelow,
		arg("officer", gql.ID, "On this officer."),
		arg("complaint", gql.ID, "From this complaint."),
		arg("case", gql.ID, "Of this case."),
		arg("result", b.findingResult.typ, "What was found."),
		arg("discipline", b.discipline.typ, "What an imported source says about discipline."),
		arg("category", gql.String, "Exactly this category."),
		arg("imported", gql.Boolean, "Only old history, or only what was found here."),
		arg("unidentified", gql.Boolean, "Only findings that name no officer."),
		arg("foundFrom", scalarDate, "Found on this day or later."),
		arg("foundTo", scalarDate, "Found on this day or earlier."))
	b.sanctionFilter = b.input("SanctionFilter", "Narrows the register of sanctions.",
		arg("unit", gql.ID, "The officer serves in this unit or below it."),
		arg("officer", gql.ID, "Against this officer."),
		arg("case", gql.ID, "From this case."),
		arg("measure", gql.String, "Exactly this measure of the ladder, as in \"major_demerit\"."),
		arg("status", b.sanctionStatus.typ, "Where it stands."),
		arg("imported", gql.Boolean, "Only old history, or only what was decided here."),
		arg("inForceOn", scalarDate, "In effect on this day."))
	b.rewardFilter = b.input("RewardFilter", "Narrows the register of rewards.",
		arg("unit", gql.ID, "For this unit or one below it, or an officer who serves there."),
		arg("officer", gql.ID, "For this officer."),
		arg("honour", gql.String, "Exactly this honour."),
		arg("status", b.rewardStatus.typ, "Where it stands."),
		arg("imported", gql.Boolean, "Only old history, or only what was decided here."),
		arg("whileRestricted", gql.Boolean, "Only those granted on a day on which a sanction was in effect that you may see; one overturned since does not count."))
	events := []argument{
		arg("kinds", gql.NewList(gql.NewNonNull(gql.String)), "Kinds of event, as in \"sanction.imposed.v2\"; an unknown one is an error."),
		arg("occurredFrom", scalarDateTime, "Happened at this moment or later."),
		arg("occurredTo", scalarDateTime, "Happened at this moment or earlier."),
		arg("recordedFrom", scalarDateTime, "Recorded at this moment or later."),
		arg("recordedTo", scalarDateTime, "Recorded at this moment or earlier."),
		arg("actor", gql.ID, "Who acted."),
		arg("role", b.role.typ, "In which role."),
		arg("imported", gql.Boolean, "Only old history, or only what was recorded here."),
		arg("correlation", gql.ID, "One chain of cause and effect, by its first event."),
		arg("cause", gql.ID, "Brought about directly by this event."),
		arg("rulebook", gql.String, "Decided under this rulebook: in any version as in \"cn-2024\", in one as in \"cn-2024/2\"."),
	}
	b.eventFilter = b.input("EventFilter", "Narrows a list of events. Times are inclusive.", events...)
	b.timelineFilter = b.input("TimelineFilter", "Narrows a timeline. Times are inclusive.",
		append(events, arg("as", gql.NewList(gql.NewNonNull(gql.String)),
			"Only events that touch the object in one of these fields: \"subject\", \"actor\", or a field of the event that refers to it."))...)
	b.refInput = b.input("RefInput", "Points at an aggregate or a person.",
		arg("type", gql.NewNonNull(b.refType.typ), "What it points at."),
		arg("id", gql.NewNonNull(gql.ID), "Its id."))
}

func (in input) officerFilter() projections.OfficerFilter {
	return projections.OfficerFilter{
		Unit: domain.UnitID(in.text("unit")), Post: domain.PostID(in.text("post")), Status: in.text("status"), Name: in.text("name"),
		MinFindings: in.number("minFindings"), Imported: in.choice("imported"), SortByName: in.flag("sortByName"),
	}
}

func (in input) unitFilter() projections.UnitFilter {
	return projections.UnitFilter{Parent: domain.UnitID(in.text("parent")), Roots: in.flag("roots"), Kind: in.text("kind"), Status: in.text("status")}
}

func (in input) postFilter() projections.PostFilter {
	return projections.PostFilter{Unit: domain.UnitID(in.text("unit")), Grade: in.text("grade"), Status: in.text("status")}
}

func (in input) complaintFilter() projections.ComplaintFilter {
	return projections.ComplaintFilter{
		Category: in.text("category"), Unit: domain.UnitID(in.text("unit")), Place: in.text("place"), Channel: in.text("channel"),
		Status: in.text("status"), Result: in.text("result"), Rating: in.text("rating"), Handler: domain.ActorID(in.text("handler")), Officer: domain.OfficerID(in.text("officer")), Post: domain.PostID(in.text("post")),
		Imported: in.choice("imported"), ReceivedFrom: in.day("receivedFrom"), ReceivedTo: in.day("receivedTo"), DueBefore: in.day("dueBefore"),
		WithoutFindings: in.flag("withoutFindings"),
	}
}

func (in input) caseFilter() projections.CaseFilter {
	return projections.CaseFilter{
		Status: in.text("status"), Unit: domain.UnitID(in.text("unit")), Officer: domain.OfficerID(in.text("officer")),
		Complaint: domain.ComplaintID(in.text("complaint")), Imported: in.choice("imported"),
	}
}

func (in input) findingFilter() projections.FindingFilter {
	return projections.FindingFilter{
		Officer: domain.OfficerID(in.text("officer")), Complaint: domain.ComplaintID(in.text("complaint")), Case: domain.CaseID(in.text("case")),
		Unit: domain.UnitID(in.text("unit")), Result: in.text("result"), Discipline: in.text("discipline"), Category: in.text("category"),
		Imported: in.choice("imported"), Unidentified: in.flag("unidentified"), FoundFrom: in.day("foundFrom"), FoundTo: in.day("foundTo"),
	}
}

func (in input) sanctionFilter() projections.SanctionFilter {
	return projections.SanctionFilter{
		Officer: domain.OfficerID(in.text("officer")), Case: domain.CaseID(in.text("case")), Unit: domain.UnitID(in.text("unit")),
		Measure: in.text("measure"), Status: in.text("status"), Imported: in.choice("imported"), InForceOn: in.day("inForceOn"),
	}
}

func (in input) rewardFilter() projections.RewardFilter {
	return projections.RewardFilter{
		Officer: domain.OfficerID(in.text("officer")), Unit: domain.UnitID(in.text("unit")), Honour: in.text("honour"),
		Status: in.text("status"), Imported: in.choice("imported"), WhileRestricted: in.flag("whileRestricted"),
	}
}

// eventFilter reads the filter and order of events. A kind that no room
// knows is refused, so that a misspelt one does not look like an empty list.
func (in input) eventFilter(r *request) (projections.EventFilter, error) {
	f := in.object("filter")
	out := projections.EventFilter{
		OccurredFrom: f.moment("occurredFrom"), OccurredTo: f.moment("occurredTo"),
		RecordedFrom: f.moment("recordedFrom"), RecordedTo: f.moment("recordedTo"),
		Actor: domain.ActorID(f.text("actor")), Role: domain.Role(f.text("role")), Imported: f.choice("imported"),
		As: f.texts("as"), Correlation: domain.EventID(f.text("correlation")),
		Cause: domain.EventID(f.text("cause")), Rulebook: f.text("rulebook"), Order: projections.Order(in.text("order")),
	}
	for _, kind := range f.texts("kinds") {
		if r.service.config.Codec.Catalog().Event(domain.Kind(kind)) == nil {
			return out, domain.Refuse(domain.CodeInvalid, "kinds", "%q is no kind of event", kind)
		}
		out.Kinds = append(out.Kinds, domain.Kind(kind))
	}
	return out, nil
}
