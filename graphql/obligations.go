package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// defineObligations gives the query its question for deadlines.
func (b *builder) defineObligations() {
	type obligation = projections.Obligation
	state := b.enum("ObligationState", "How an obligation stands today.",
		v(projections.ObligationOpen, "Owed, and in time."), v(projections.ObligationLate, "Owed, and past its last day."),
		v(projections.ObligationStopped, "Done."), v(projections.ObligationLapsed, "A right that was not used, or a waiting time that is over."))
	b.obligation = b.object("Obligation", "One deadline of the rulebook: what is owed, by whom and to which day.")
	b.define(b.obligation,
		id("id", "The id: the event that started it, and the clock.", func(o *obligation) string { return o.ID }),
		word("clock", "The name of the clock, as in \"complaint.handle\".", func(o *obligation) string { return o.Clock }),
		word("what", "What is owed, in plain words.", func(o *obligation) string { return o.Owed }),
		text("term", "What the term is called in the source 期限.", func(o *obligation) string { return o.Chinese }),
		text("source", "The statute and article that set the term; null where the day is set from case to case.", func(o *obligation) string { return o.Source }),
		text("rulebook", "The rulebook that sets the term: the one in force on the day it started.", func(o *obligation) string {
			id, _ := domain.ParseEdition(o.Rulebook)
			return id
		}),
		text("rulebookVersion", "The version of that rulebook.", func(o *obligation) string {
			_, version := domain.ParseEdition(o.Rulebook)
			return version
		}),
		plain("subject", "The matter it is owed on.", must(b.ref), func(o *obligation) any { ref := o.Subject(); return &ref }),
		text("part", "The target, risk, gap or officer within the matter.", func(o *obligation) string { return o.Part }),
		optionalID("who", "Who answers for it, by sign-in name; null while nobody is named.", func(o *obligation) domain.ActorID { return o.Who }),
		choice("role", "In which role it is answered for.", b.role, func(o *obligation) domain.Role { return o.Role }),
		choice("state", "How it stands today.", state, func(o *obligation) projections.ObligationState { return o.State }),
		day("startedOn", "The day it runs from, which is not counted.", func(o *obligation) domain.Date { return o.Started }),
		day("due", "The last day.", func(o *obligation) domain.Date { return o.Due }),
		flag("workdays", "The term counts working days.", func(o *obligation) bool { return o.Workdays }),
		flag("extended", "The last day was put off.", func(o *obligation) bool { return o.Extended }),
		number("shareUsed", "The per cent of the term used today, 100 on the last day, more when late.", func(o *obligation) int { return o.Share }),
		number("tolledDays", "How many days it did not run.", func(o *obligation) int { return o.Tolled }),
		day("tolledSince", "The first day of the present pause; null while it runs.", func(o *obligation) domain.Date { return o.TolledSince }),
		number("daysLate", "By how many calendar days it is late, or was when it was done.", func(o *obligation) int { return o.Late }),
		day("stoppedOn", "The day it was done.", func(o *obligation) domain.Date { return o.Stopped }),
		related("unit", "The unit concerned.", b.unit, loadUnit, func(o *obligation) domain.UnitID { return o.Unit }),
		related("post", "The post concerned.", b.post, loadPost, func(o *obligation) domain.PostID { return o.Post }),
		related("officer", "The officer concerned.", b.officer, loadOfficer, func(o *obligation) domain.OfficerID { return o.Officer }),
		related("startedBy", "The event that started it.", b.event, loadEvent, func(o *obligation) domain.EventID { return o.Start }),
		related("stoppedBy", "The event that stopped it.", b.event, loadEvent, func(o *obligation) domain.EventID { return o.StoppedBy }))
	page := connection[obligation](b, "Obligation", "A page of obligations, by the last day.", b.obligation)
	filter := b.input("ObligationFilter", "Narrows the register of obligations.",
		argUnitBelow,
		arg("who", gql.ID, "Answered for by this person."),
		arg("role", b.role.typ, "Answered for in this role."),
		arg("clock", gql.String, "Exactly this clock, as in \"complaint.handle\"."),
		arg("subject", b.refInput, "Owed on this matter."),
		arg("dueBefore", scalarDate, "Due before this day."),
		arg("state", state.typ, "How it stands; what is owed, in time or late, when absent."),
		arg("shareAtLeast", gql.Int, "So many per cent of the term are used, of what runs."))
	b.define(b.query, rooted("obligations", "What is owed, by whom and to which day: every deadline of the rulebook that runs, the nearest last day first.",
		page, paged(arg("filter", filter, "Narrows the list.")),
		func(r *request, in input) (any, error) {
			return listed(in, in.object("filter").obligationFilter(), func(f projections.ObligationFilter, p projections.Page) (*projections.List[obligation], error) {
				return r.reader.Obligations(r.ctx, f, p)
			})
		}))
}

func (in input) obligationFilter() projections.ObligationFilter {
	subject := in.object("subject")
	return projections.ObligationFilter{
		Unit: domain.UnitID(in.text("unit")), Who: domain.ActorID(in.text("who")), Role: domain.Role(in.text("role")), Clock: in.text("clock"),
		Subject:   domain.Ref{Type: subject.text("type"), ID: subject.text("id")},
		DueBefore: in.day("dueBefore"), State: projections.ObligationState(in.text("state")), ShareAtLeast: in.number("shareAtLeast"),
	}
}
