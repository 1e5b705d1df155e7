package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/projections"
)

func (b *builder) postRiskEnums() {
	b.riskLevel = b.enum("RiskLevel", "The three levels of grading 三级评定.",
		v(post.LevelUnit, "The post's own unit 岗位."), v(post.LevelSection, "The section above it 科室."), v(post.LevelLeadership, "The agency's leadership 领导班子, whose grade is the risk's."))
}

func (b *builder) declarePostRisk() {
	b.postRisk = b.object("PostRisk", "A risk of a post 岗位风险点 (article I9), with its grading and the controls against it.")
}

// definePostRisk is the register of the risks of posts.
func (b *builder) definePostRisk() {
	type risk = projections.PostRisk
	grading, control := b.postRiskParts()
	b.define(b.postRisk,
		id("id", "The id: the post and the code.", func(x *risk) string { return x.ID }),
		related("post", "The post.", b.post, loadPost, func(x *risk) domain.PostID { return x.Post }),
		related("unit", "The unit of the post.", b.unit, loadUnit, func(x *risk) domain.UnitID { return x.Unit }),
		word("code", "Its code at the post.", func(x *risk) string { return x.Code }),
		text("power", "The code of the power it comes with.", func(x *risk) string { return x.Power }),
		text("description", "What may go astray.", func(x *risk) string { return x.Description }),
		day("foundOn", "The day it was identified.", func(x *risk) domain.Date { return x.FoundOn }),
		choice("grade", "Its grade, of the last full round of grading; null before the first.", b.riskGrade, func(x *risk) string { return x.Grade }),
		number("score", "The score of that grade, 6 to 150; 0 before it.", func(x *risk) int { return x.Score }),
		day("gradedOn", "The day of that round.", func(x *risk) domain.Date { return x.GradedOn }),
		day("due", "The last day to grade it again: when the last round has run out, or earlier where a re-rating is required.", func(x *risk) domain.Date { return x.Due }),
		flag("overdue", "That day has passed, and the post stands.", func(x *risk) bool { return x.Overdue }),
		flag("pending", "A required re-rating waits for it.", func(x *risk) bool { return x.Pending }),
		listing("gradings", "How each level graded it last.", grading, func(x *risk) []projections.RiskGrading { return x.Gradings }),
		flag("tested", "At least one control against it passed its last test.", func(x *risk) bool { return x.Effective > 0 }),
		flag("untested", "It is high, and no control against it passed its last test.", func(x *risk) bool { return x.Untested() }),
		day("lastTest", "The day of the last test of any control against it.", func(x *risk) domain.Date { return x.LastTest }),
		listing("controls", "The controls against it.", control, func(x *risk) []projections.RiskControl { return x.Controls }))
	register(b, "postRisk", "postRisks", oneAndMany{"A risk of a post 岗位风险点.", "The register of the risks of posts, by post and code.",
		"A page of risks, by post and code.", "Narrows the register of risks."}, b.postRisk,
		[]argument{argUnitBelow,
			arg("post", gql.ID, "Of this post."),
			arg("power", gql.String, "Of the power with this code."),
			arg("grade", b.riskGrade.typ, "With this grade."),
			arg("ungraded", gql.Boolean, "Only those before their first full round of grading, or only those after it."),
			arg("pending", gql.Boolean, "Only those that a required re-rating waits for, or only the others."),
			arg("overdue", gql.Boolean, "Only those of posts that stand which were to be graded again before today, or only the others."),
			arg("untested", gql.Boolean, "Only high risks without a control that passed its last test, or only the others."),
			arg("postStatus", b.postStatus.typ, "Of open posts, or of closed ones.")},
		func(r *request, id string) (*risk, error) { return r.reader.PostRisk(r.ctx, id) },
		func(in input) projections.PostRiskFilter {
			return projections.PostRiskFilter{Unit: domain.UnitID(in.text("unit")), Post: domain.PostID(in.text("post")), Power: in.text("power"), Grade: in.text("grade"),
				Ungraded: in.choice("ungraded"), Pending: in.choice("pending"), Overdue: in.choice("overdue"), Untested: in.choice("untested"), PostStatus: in.text("postStatus")}
		}, (*projections.Reader).PostRisks)
	b.defineRisksOfPost()
}

func (b *builder) postRiskParts() (grading, control *gql.Object) {
	type g = projections.RiskGrading
	factors := b.object("RiskFactors", "What a risk is judged by, each from 1 (least) to 5 (most). The score is (nature + scope + discretion + 3 × likelihood) × harm.")
	b.define(factors,
		number("nature", "How far the power can be turned to private gain.", func(f *post.Factors) int { return f.Nature }),
		number("scope", "How many people and how much money it reaches.", func(f *post.Factors) int { return f.Scope }),
		number("discretion", "How freely it is used.", func(f *post.Factors) int { return f.Discretion }),
		number("likelihood", "How often it went astray, here or in like posts.", func(f *post.Factors) int { return f.Likelihood }),
		number("harm", "How bad it would be.", func(f *post.Factors) int { return f.Harm }))
	grading = b.object("RiskGrading", "How one level graded a risk.")
	b.define(grading,
		choice("level", "Which level.", b.riskLevel, func(x *g) string { return x.Level }),
		plain("factors", "The factors it gave.", must(factors), func(x *g) any { return &x.Factors }),
		number("score", "The score of these.", func(x *g) int { return x.Score }),
		choice("grade", "The grade of that score by the rulebook.", b.riskGrade, func(x *g) string { return x.Grade }),
		optionalID("by", "Who graded, by sign-in name.", func(x *g) domain.ActorID { return x.By }),
		day("on", "The day.", func(x *g) domain.Date { return x.On }),
		flag("open", "It belongs to a round that is not complete.", func(x *g) bool { return x.Open }))
	type c = projections.RiskControl
	control = b.object("Control", "A measure against a risk.")
	b.define(control,
		word("code", "Its code.", func(x *c) string { return x.Code }),
		text("description", "What is done.", func(x *c) string { return x.Description }),
		optionalID("adopter", "Who adopted it, by sign-in name.", func(x *c) domain.ActorID { return x.Adopter }),
		day("adoptedOn", "The day it was adopted.", func(x *c) domain.Date { return x.AdoptedOn }),
		flag("tested", "It was tested.", func(x *c) bool { return x.Tested }),
		flag("passed", "It passed its last test.", func(x *c) bool { return x.Passed }),
		day("testedOn", "The day of that test.", func(x *c) domain.Date { return x.TestedOn }),
		optionalID("testedBy", "Who tested it, by sign-in name.", func(x *c) domain.ActorID { return x.TestedBy }),
		text("note", "What was tried and seen.", func(x *c) string { return x.Note }))
	return grading, control
}

// defineRisksOfPost is what leads from a post to its risks.
func (b *builder) defineRisksOfPost() {
	type held = projections.PostRisks
	o := b.object("PostRisks", "What a post may do, the risks of that and the controls against them.")
	b.define(o,
		wordsOf("powers", "The codes of its powers 权力清单.", func(x *held) []string { return x.Powers }),
		optionalNumber("rotationYears", "After how many years its holder rotates 轮岗; null when no rule is set.", func(x *held) int { return x.RotationYears }),
		listing("risks", "Its risks.", b.postRisk, func(x *held) []projections.PostRisk { return x.Risks }))
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
