package graphql

import (
	"time"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/projections"
)

// defineAccess is who read the record file of an officer.
func (b *builder) defineAccess() {
	type reading = projections.FileReading
	at := func(get func(*reading) time.Time) func(*reading) any {
		return func(x *reading) any {
			if t := get(x); !t.IsZero() {
				return t
			}
			return nil
		}
	}
	o := b.object("FileReading", "Somebody read a record file.")
	b.define(o,
		optionalID("by", "Who, by sign-in name.", func(x *reading) domain.ActorID { return x.By }),
		text("role", "In which role, a word of the ledger or of old records.", func(x *reading) string { return x.Role }),
		text("why", "What for.", func(x *reading) string { return x.Why }),
		number("count", "How often.", func(x *reading) int { return x.Count }),
		plain("from", "The first time; null where old records do not say.", scalarDateTime, at(func(x *reading) time.Time { return x.From })),
		plain("to", "The last time; of old records, the day.", scalarDateTime, at(func(x *reading) time.Time { return x.To })),
		flag("imported", importedDoc, func(x *reading) bool { return x.Imported }))
	b.define(b.officer, relatedAll("fileReadings", "Who read their record file, in the order of the ledger; empty when you may not know.", o,
		func(r *request) *loader[domain.OfficerID, []reading] { return &r.rooms().fileReadings }, func(o *projections.Officer) domain.OfficerID { return o.ID }))
}

// definePostRisks is the register of the risks of posts.
func (b *builder) definePostRisks() {
	type risk = projections.PostRisk
	control := b.object("Control", "A measure against a risk.")
	b.define(control,
		word("code", "Its code.", func(c *post.Control) string { return c.Code }),
		optionalID("adopter", "Who adopted it, by sign-in name.", func(c *post.Control) domain.ActorID { return c.Adopter }),
		flag("tested", "It was tested.", func(c *post.Control) bool { return c.Tested }),
		flag("passed", "It passed its last test.", func(c *post.Control) bool { return c.Passed }))
	risks := b.object("PostRisk", "A risk of a post 岗位风险点 (article I9).")
	b.define(risks,
		word("code", "Its code.", func(x *risk) string { return x.Code }),
		text("power", "The power it comes with.", func(x *risk) string { return x.Power }),
		choice("grade", "Its grade, of the last full round of grading; null before the first.", b.riskGrade, func(x *risk) post.Grade { return x.Grade }),
		number("score", "The score of that grade.", func(x *risk) int { return x.Score }),
		day("nextBy", "The last day to grade it again.", func(x *risk) domain.Date { return x.NextBy }),
		flag("overdue", "That day has passed.", func(x *risk) bool { return x.Overdue }),
		flag("pending", "A required re-rating waits for it.", func(x *risk) bool { return x.Pending }),
		flag("tested", "At least one control against it passed its last test.", func(x *risk) bool { return x.Tested }),
		listing("controls", "The controls against it.", control, func(x *risk) []post.Control { return x.Controls }))
	type held = projections.PostRisks
	o := b.object("PostRisks", "What a post may do, the risks of that and the controls against them.")
	b.define(o,
		wordsOf("powers", "The codes of its powers 权力清单.", func(x *held) []string { return x.Powers }),
		optionalNumber("rotationYears", "After how many years its holder rotates 轮岗; null when no rule is set.", func(x *held) int { return x.RotationYears }),
		listing("risks", "Its risks.", risks, func(x *held) []risk { return x.Risks }))
	b.define(b.post, field{name: "risks", doc: "Its powers, risks and controls; null when you may not know.", typ: o,
		resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
			key, l := p.Source.(*projections.Post).ID, &r.rooms().postRisks
			l.want(key)
			return func() (any, error) {
				x, found, err := l.get(r.ctx, key)
				if !found || err != nil {
					return nil, err
				}
				return &x, nil
			}, nil
		})})
}
