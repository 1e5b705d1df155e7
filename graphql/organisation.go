package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// The loaders by name, as the constructors of fields take them.
var (
	loadUnit      = func(r *request) *loader[domain.UnitID, *projections.Unit] { return &r.units }
	loadPost      = func(r *request) *loader[domain.PostID, *projections.Post] { return &r.posts }
	loadOfficer   = func(r *request) *loader[domain.OfficerID, *projections.Officer] { return &r.officers }
	loadComplaint = func(r *request) *loader[domain.ComplaintID, *projections.Complaint] { return &r.complaints }
	loadCase      = func(r *request) *loader[domain.CaseID, *projections.Case] { return &r.cases }
	loadSanction  = func(r *request) *loader[domain.SanctionID, *projections.Sanction] { return &r.sanctions }
	loadReward    = func(r *request) *loader[domain.RewardID, *projections.Reward] { return &r.rewards }
	loadEvent     = func(r *request) *loader[domain.EventID, *projections.Event] { return &r.events }
)

const importedDoc = "It comes from old records, and was not decided here."

// defineOrganisation gives units and posts their fields.
func (b *builder) defineOrganisation() {
	type unit = projections.Unit
	b.define(b.unit,
		id("id", "The id.", func(u *unit) domain.UnitID { return u.ID }),
		text("name", "The name.", func(u *unit) string { return u.Name }),
		text("nameEn", "The name in English.", func(u *unit) string { return u.NameEn }),
		choice("kind", "What it is; null when an imported unit did not say.", b.unitKind, func(u *unit) string { return u.Kind }),
		choice("status", "Open or closed.", b.unitStatus, func(u *unit) string { return u.Status }),
		day("since", "The first day.", func(u *unit) domain.Date { return u.Since }),
		day("until", "The last day, of a closed unit.", func(u *unit) domain.Date { return u.Until }),
		flag("imported", importedDoc, func(u *unit) bool { return u.Imported }),
		related("parent", "The unit above it.", b.unit, loadUnit, func(u *unit) domain.UnitID { return u.Parent }),
		relatedAll("children", "The units directly below it.", b.unit,
			func(r *request) *loader[domain.UnitID, []unit] { return &r.unitsBelow }, func(u *unit) domain.UnitID { return u.ID }),
		read("officers", "Who serves in it or below it.", b.officers, paged(arg("filter", b.officerFilter, "Narrows the list; its unit is not looked at.")),
			func(r *request, u *unit, in input) (any, error) {
				filter := in.object("filter").officerFilter()
				filter.Unit = u.ID
				return listed(in, filter, func(f projections.OfficerFilter, p projections.Page) (*projections.List[projections.Officer], error) {
					return r.reader.Officers(r.ctx, f, p)
				})
			}),
		read("posts", "The posts of it and of the units below.", b.posts, paged(arg("filter", b.postFilter, "Narrows the list; its unit is not looked at.")),
			func(r *request, u *unit, in input) (any, error) {
				filter := in.object("filter").postFilter()
				filter.Unit = u.ID
				return listed(in, filter, func(f projections.PostFilter, p projections.Page) (*projections.List[projections.Post], error) {
					return r.reader.Posts(r.ctx, f, p)
				})
			}),
		read("complaints", "The complaints about it and the units below.", b.complaints,
			paged(arg("filter", b.complaintFilter, "Narrows the list; its unit is not looked at.")),
			func(r *request, u *unit, in input) (any, error) {
				filter := in.object("filter").complaintFilter()
				filter.Unit = u.ID
				return listed(in, filter, func(f projections.ComplaintFilter, p projections.Page) (*projections.List[projections.Complaint], error) {
					return r.reader.Complaints(r.ctx, f, p)
				})
			}),
		timelineOf(b, func(u *unit) domain.Ref { return u.ID.Ref() }))

	type post = projections.Post
	b.define(b.post,
		id("id", "The id.", func(p *post) domain.PostID { return p.ID }),
		text("name", "The title.", func(p *post) string { return p.Name }),
		text("nameEn", "The title in English.", func(p *post) string { return p.NameEn }),
		choice("status", "Open or closed.", b.postStatus, func(p *post) string { return p.Status }),
		flag("leader", "It is a post of the leadership 领导班子.", func(p *post) bool { return p.Leader }),
		choice("grade", "The highest grade among its risks 岗位风险评级; null before the first grading.", b.riskGrade, func(p *post) string { return p.Grade }),
		flag("imported", importedDoc, func(p *post) bool { return p.Imported }),
		related("unit", "The unit it belongs to.", b.unit, loadUnit, func(p *post) domain.UnitID { return p.Unit }),
		read("holders", "Who holds it now.", b.officers, paged(),
			func(r *request, p *post, in input) (any, error) {
				return listed(in, projections.OfficerFilter{Post: p.ID}, func(f projections.OfficerFilter, page projections.Page) (*projections.List[projections.Officer], error) {
					return r.reader.Officers(r.ctx, f, page)
				})
			}),
		timelineOf(b, func(p *post) domain.Ref { return p.ID.Ref() }))

	b.define(b.ref,
		choice("type", "What it points at.", b.refType, func(r *domain.Ref) string { return r.Type }),
		id("id", "The id.", func(r *domain.Ref) string { return r.ID }),
		field{name: "object", doc: "What it points at, null when you may not see it.", typ: b.subject,
			resolve: loading(func(r *request, p gql.ResolveParams) (any, error) { return r.object(*p.Source.(*domain.Ref)) })})
}
