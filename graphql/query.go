package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// rooted is a field of the query, whose source is the request itself.
func rooted(name, doc string, typ gql.Output, args []argument, get func(*request, input) (any, error)) field {
	return field{name: name, doc: doc, typ: typ, args: args, resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
		return get(r, p.Args)
	})}
}

// byID is a field of the query for one object. Aggregates are shown as of an
// earlier moment too.
func byID[I ~string, T any](name, doc string, typ gql.Output, load func(*request, I) (*T, error)) field {
	args := []argument{arg("id", gql.NewNonNull(gql.ID), "Its id.")}
	if _, aggregate := any(I("")).(referrer); aggregate {
		args = append(args, asOfArguments()...)
	}
	return rooted(name, doc+" Null when there is none, or none that you may see.", typ, args,
		func(r *request, in input) (any, error) {
			id := I(in.text("id"))
			if as, asked := in.asOf(); asked {
				return past[T](r, any(id).(referrer).Ref(), as)
			}
			return found(load(r, id))
		})
}

func (b *builder) defineQuery() {
	b.define(b.query,
		byID("officer", "An officer 执法人员.", b.officer, func(r *request, id domain.OfficerID) (*projections.Officer, error) {
			return r.reader.Officer(r.ctx, id)
		}),
		rooted("officers", "The register of officers.", b.officers, paged(arg("filter", b.officerFilter, "Narrows the list.")),
			func(r *request, in input) (any, error) {
				return listed(in, in.object("filter").officerFilter(), func(f projections.OfficerFilter, p projections.Page) (*projections.List[projections.Officer], error) {
					return r.reader.Officers(r.ctx, f, p)
				})
			}),
		byID("unit", "A unit 单位.", b.unit, func(r *request, id domain.UnitID) (*projections.Unit, error) { return r.reader.Unit(r.ctx, id) }),
		rooted("units", "The register of units.", b.units, paged(arg("filter", b.unitFilter, "Narrows the list.")),
			func(r *request, in input) (any, error) {
				return listed(in, in.object("filter").unitFilter(), func(f projections.UnitFilter, p projections.Page) (*projections.List[projections.Unit], error) {
					return r.reader.Units(r.ctx, f, p)
				})
			}),
		byID("post", "A post 岗位.", b.post, func(r *request, id domain.PostID) (*projections.Post, error) { return r.reader.Post(r.ctx, id) }),
		rooted("posts", "The register of posts.", b.posts, paged(arg("filter", b.postFilter, "Narrows the list.")),
			func(r *request, in input) (any, error) {
				return listed(in, in.object("filter").postFilter(), func(f projections.PostFilter, p projections.Page) (*projections.List[projections.Post], error) {
					return r.reader.Posts(r.ctx, f, p)
				})
			}))
	b.defineMatters()
	b.defineEvents()
}

// defineMatters are the questions for complaints and what follows from them.
func (b *builder) defineMatters() {
	b.define(b.query,
		byID("complaint", "A complaint 投诉举报.", b.complaint, func(r *request, id domain.ComplaintID) (*projections.Complaint, error) {
			return r.reader.Complaint(r.ctx, id)
		}),
		rooted("complaints", "The register of complaints, newest receipt first.", b.complaints, paged(arg("filter", b.complaintFilter, "Narrows the list.")),
			func(r *request, in input) (any, error) {
				return listed(in, in.object("filter").complaintFilter(), func(f projections.ComplaintFilter, p projections.Page) (*projections.List[projections.Complaint], error) {
					return r.reader.Complaints(r.ctx, f, p)
				})
			}),
		byID("case", "A misconduct case 违纪案件.", b.misconduct, func(r *request, id domain.CaseID) (*projections.Case, error) { return r.reader.Case(r.ctx, id) }),
		rooted("cases", "The register of misconduct cases, newest first.", b.cases, paged(arg("filter", b.caseFilter, "Narrows the list.")),
			func(r *request, in input) (any, error) {
				return listed(in, in.object("filter").caseFilter(), func(f projections.CaseFilter, p projections.Page) (*projections.List[projections.Case], error) {
					return r.reader.Cases(r.ctx, f, p)
				})
			}),
		byID("finding", "A finding.", b.finding, func(r *request, id string) (*projections.Finding, error) { return r.reader.Finding(r.ctx, id) }),
		rooted("findings", "The register of findings, in the order of the ledger.", b.findings, paged(arg("filter", b.findingFilter, "Narrows the list.")),
			func(r *request, in input) (any, error) {
				return listed(in, in.object("filter").findingFilter(), func(f projections.FindingFilter, p projections.Page) (*projections.List[projections.Finding], error) {
					return r.reader.Findings(r.ctx, f, p)
				})
			}),
		byID("sanction", "A sanction 惩戒.", b.sanction, func(r *request, id domain.SanctionID) (*projections.Sanction, error) {
			return r.reader.Sanction(r.ctx, id)
		}),
		rooted("sanctions", "The register of sanctions.", b.sanctions, paged(arg("filter", b.sanctionFilter, "Narrows the list.")),
			func(r *request, in input) (any, error) {
				return listed(in, in.object("filter").sanctionFilter(), func(f projections.SanctionFilter, p projections.Page) (*projections.List[projections.Sanction], error) {
					return r.reader.Sanctions(r.ctx, f, p)
				})
			}),
		byID("reward", "A reward 奖励.", b.reward, func(r *request, id domain.RewardID) (*projections.Reward, error) { return r.reader.Reward(r.ctx, id) }),
		rooted("rewards", "The register of rewards.", b.rewards, paged(arg("filter", b.rewardFilter, "Narrows the list.")),
			func(r *request, in input) (any, error) {
				return listed(in, in.object("filter").rewardFilter(), func(f projections.RewardFilter, p projections.Page) (*projections.List[projections.Reward], error) {
					return r.reader.Rewards(r.ctx, f, p)
				})
			}))
}

// defineEvents are the questions for events and timelines.
func (b *builder) defineEvents() {
	b.define(b.query,
		byID("event", "A recorded event.", b.event, func(r *request, id domain.EventID) (*projections.Event, error) { return r.reader.Event(r.ctx, id) }),
		rooted("events", "The events of the ledger, last recorded first unless ordered otherwise.", b.events,
			paged(arg("filter", b.eventFilter, "Narrows the list."), arg("order", b.order.typ, "How they are ordered; RECORDED_DESC when absent.")),
			func(r *request, in input) (any, error) {
				filter, err := in.eventFilter(r)
				if err != nil {
					return nil, err
				}
				return listed(in, filter, func(f projections.EventFilter, p projections.Page) (*projections.List[projections.Event], error) {
					return r.reader.Events(r.ctx, f, p)
				})
			}),
		rooted("timeline", "The accountability timeline of whatever can be referred to: every event that touches it.", b.timeline,
			paged(append([]argument{arg("ref", gql.NewNonNull(b.refInput), "Whose timeline.")}, b.timelineArguments()...)...),
			func(r *request, in input) (any, error) {
				ref := in.object("ref")
				return r.timeline(domain.Ref{Type: ref.text("type"), ID: ref.text("id")}, in)
			}))
}

func (b *builder) timelineArguments() []argument {
	return []argument{
		arg("filter", b.timelineFilter, "Narrows the timeline."),
		arg("order", b.order.typ, "How events are ordered; OCCURRED_DESC when absent."),
	}
}

// timelineOf is the field of an object that holds its timeline.
func timelineOf[T any](b *builder, ref func(*T) domain.Ref) field {
	return read("timeline", "The accountability timeline: every event that touches it, last happened first unless ordered otherwise.",
		b.timeline, paged(b.timelineArguments()...),
		func(r *request, o *T, in input) (any, error) { return r.timeline(ref(o), in) })
}

func (r *request) timeline(ref domain.Ref, in input) (any, error) {
	filter, err := in.eventFilter(r)
	if err != nil {
		return nil, err
	}
	return listed(in, filter, func(f projections.EventFilter, p projections.Page) (*projections.List[projections.TimelineEntry], error) {
		return r.touching(ref, f, p)
	})
}
