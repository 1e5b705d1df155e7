package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// certificate is an officer seen as the holder of their last certificate.
type certificate projections.Officer

// defineOfficer gives officers their fields.
func (b *builder) defineOfficer() {
	type officer = projections.Officer
	last := b.object("LastCertificate", "The last enforcement certificate 执法证 of an officer.")
	b.define(last,
		text("number", "Its number.", func(c *certificate) string { return c.CertificateNumber }),
		choice("status", "Its state.", b.certificateStatus, func(c *certificate) string { return c.CertificateStatus }),
		day("validUntil", "The last day on which it is valid.", func(c *certificate) domain.Date { return c.CertificateUntil }))
	b.define(b.officer,
		id("id", "The id.", func(o *officer) domain.OfficerID { return o.ID }),
		text("name", "The name.", func(o *officer) string { return o.Name }),
		text("latinName", "The name in Latin letters, such as pinyin.", func(o *officer) string { return o.LatinName }),
		text("staffNumber", "The staff number.", func(o *officer) string { return o.StaffNumber }),
		text("rank", "The last rank conferred.", func(o *officer) string { return o.Rank }),
		choice("status", "The stage of service.", b.officerStatus, func(o *officer) string { return o.Status }),
		flag("leader", "Holds a post of the leadership 领导班子.", func(o *officer) bool { return o.Leader }),
		day("enrolledOn", "The first day of service.", func(o *officer) domain.Date { return o.EnrolledOn }),
		day("separatedOn", "The day of leaving the service.", func(o *officer) domain.Date { return o.SeparatedOn }),
		flag("imported", importedDoc, func(o *officer) bool { return o.Imported }),
		plain("barred", "An open inquiry bars transfer, promotion, reward and retirement; null when you may not know.", gql.Boolean, func(o *officer) any {
			if o.Barred == nil {
				return nil
			}
			return *o.Barred
		}),
		plain("certificate", "The last enforcement certificate 执法证; null when there was none.", last, func(o *officer) any {
			if o.CertificateNumber == "" && o.CertificateStatus == "" {
				return nil
			}
			return (*certificate)(o)
		}),
		related("unit", "The unit where they serve.", b.unit, loadUnit, func(o *officer) domain.UnitID { return o.Unit }),
		related("post", "The post they hold.", b.post, loadPost, func(o *officer) domain.PostID { return o.Post }),
		day("postSince", "Since when they hold it.", func(o *officer) domain.Date { return o.PostSince }))
	b.defineOfficerFile()
}

// defineOfficerFile are the fields of an officer that lead to what is on
// file about them.
func (b *builder) defineOfficerFile() {
	type officer = projections.Officer
	key := func(o *officer) domain.OfficerID { return o.ID }
	b.define(b.officer,
		field{name: "counts", doc: "How much is on file.", typ: b.counts, resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
			officer := p.Source.(*officer).ID
			r.counts.want(officer)
			return func() (any, error) {
				counts, _, err := r.counts.get(r.ctx, officer)
				return &counts, err
			}, nil
		})},
		read("recordFile", "The personnel record file 廉政档案, as it is or as it was. That you read it is noted, and the officer sees it. Null when you may not see it, or when there was no file yet.", b.recordFile,
			[]argument{
				arg("recordedAsOf", scalarDateTime, "As the ledger knew it then: what was recorded up to this moment."),
				arg("occurredAsOf", scalarDateTime, "As it was then: what had happened by this moment, as far as it is known (with another of these: was known)."),
				arg("asOfPosition", scalarLong, "As the ledger knew it up to this place."),
			},
			func(r *request, o *officer, in input) (any, error) {
				as, _ := in.asOf()
				file, err := r.reader.RecordFile(r.ctx, o.ID, as)
				if file != nil {
					r.opens(o.ID)
				}
				return found(file, err)
			}),
		timelineOf(b, func(o *officer) domain.Ref { return o.ID.Ref() }),
		field{name: "findings", doc: "The findings on them, in the order of the ledger.", typ: listOf(b.finding),
			args: []argument{
				arg("result", b.findingResult.typ, "Only with this result."),
				arg("imported", gql.Boolean, "Only old history, or only what was found here."),
			},
			resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
				in := input(p.Args)
				result, imported := in.text("result"), in.choice("imported")
				return all(r, &r.findingsOfOfficer, p.Source.(*officer).ID, func(f *projections.Finding) bool {
					return (result == "" || f.Result == result) && (imported == nil || f.Imported == *imported)
				})
			})},
		relatedAll("sanctions", "The sanctions against them.", b.sanction,
			func(r *request) *loader[domain.OfficerID, []projections.Sanction] { return &r.sanctionsOfOfficer }, key),
		relatedAll("rewards", "Their honours.", b.reward,
			func(r *request) *loader[domain.OfficerID, []projections.Reward] { return &r.rewardsOfOfficer }, key),
		read("complaints", "The complaints that name them.", b.complaints, paged(arg("filter", b.complaintFilter, "Narrows the list; its officer is not looked at.")),
			func(r *request, o *officer, in input) (any, error) {
				filter := in.object("filter").complaintFilter()
				filter.Officer = o.ID
				return listed(in, filter, func(f projections.ComplaintFilter, p projections.Page) (*projections.List[projections.Complaint], error) {
					return r.reader.Complaints(r.ctx, f, p)
				})
			}),
		read("cases", "The cases that inquire into them.", b.cases, paged(),
			func(r *request, o *officer, in input) (any, error) {
				return listed(in, projections.CaseFilter{Officer: o.ID}, func(f projections.CaseFilter, p projections.Page) (*projections.List[projections.Case], error) {
					return r.reader.Cases(r.ctx, f, p)
				})
			}))
	b.define(b.counts,
		number("complaints", "Complaints that name them.", func(c *projections.OfficerCounts) int { return c.Complaints }),
		number("findings", "Findings on them.", func(c *projections.OfficerCounts) int { return c.Findings }),
		number("sanctions", "Sanctions against them.", func(c *projections.OfficerCounts) int { return c.Sanctions }),
		number("rewards", "Honours.", func(c *projections.OfficerCounts) int { return c.Rewards }))
}
