package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/projections"
)

// inspectionEnums are the closed sets of inspections.
func (b *builder) inspectionEnums() {
	b.inspectionStatus = b.enum("InspectionStatus", "The life of an inspection.",
		v(inspection.StatusOpen, "Under way."), v(inspection.StatusClosed, "Closed."), v(inspection.StatusImported, "Old history."))
	b.severity = b.enum("Severity", "How grave a defect is.",
		v(inspection.SeverityMinor, "Minor 轻微."), v(inspection.SeveritySerious, "Serious 较重."), v(inspection.SeverityGrave, "Grave 严重."))
}

func (b *builder) declareInspection() {
	b.inspection = b.object("Inspection", "One act of internal supervision 内部监督 (article I4), as it stands.")
}

func (b *builder) defineInspection() {
	type object = projections.Inspection
	observation, rectification, halt := b.inspectionParts()
	b.define(b.inspection,
		id("id", "The id.", func(x *object) domain.InspectionID { return x.ID }),
		choice("status", "Where it stands.", b.inspectionStatus, func(x *object) string { return x.Status }),
		text("basis", "What it rests on.", func(x *object) string { return x.Basis }),
		text("conclusion", "The conclusion.", func(x *object) string { return x.Conclusion }),
		wordsOf("powers", "The powers granted: examine 检查, investigate 调查, read_files 调阅案卷, advise_halt 建议中止执法.", func(x *object) []inspection.Power { return x.Powers }),
		day("openedOn", "The day it was opened.", func(x *object) domain.Date { return x.OpenedOn }),
		day("closedOn", "The day it was closed.", func(x *object) domain.Date { return x.ClosedOn }),
		number("defects", "How many defects were observed.", func(x *object) int { return x.Defects }),
		number("unaccepted", "How many rectifications are not accepted yet.", func(x *object) int { return x.Unaccepted }),
		flag("imported", importedDoc, func(x *object) bool { return x.Imported }),
		related("unit", "The unit inspected.", b.unit, loadUnit, func(x *object) domain.UnitID { return x.Unit }),
		related("post", "The post inspected.", b.post, loadPost, func(x *object) domain.PostID { return x.Post }),
		related("enforcement", "The act inspected.", b.enforcement, loadEnforcement, func(x *object) domain.EnforcementID { return x.Enforcement }),
		relatedEach("officers", "Whom it is about.", b.officer, loadOfficer, func(x *object) []domain.OfficerID { return x.Officers }),
		relatedEach("supervisors", "Who carries it out.", b.officer, loadOfficer, func(x *object) []domain.OfficerID { return x.Supervisors }),
		listing("observations", "The defects observed.", observation, func(x *object) []projections.Observation { return x.Observations }),
		listing("rectifications", "What was ordered to be put right.", rectification, func(x *object) []projections.Rectification { return x.Rectifications }),
		listing("halts", "The advice to halt an act.", halt, func(x *object) []projections.Halt { return x.Halts }),
		relatedAll("cases", "The misconduct cases that come from it.", b.misconduct,
			func(r *request) *loader[domain.InspectionID, []projections.Case] { return &r.casesOfInspection }, func(x *object) domain.InspectionID { return x.ID }),
		timelineOf(b, func(x *object) domain.Ref { return x.ID.Ref() }))
	register(b, "inspection", "inspections", oneAndMany{"An inspection 内部监督.", "The register of inspections, the last opened first.",
		"A page of inspections, the last opened first.", "Narrows the register of inspections."}, b.inspection,
		[]argument{argUnitBelow,
			arg("officer", gql.ID, "About this officer, or with a defect observed at them."),
			arg("post", gql.ID, "Of this post."),
			arg("enforcement", gql.ID, "Of this act."),
			arg("status", b.inspectionStatus.typ, "Where it stands."),
			arg("unaccepted", gql.Boolean, "Only those with a rectification that is not accepted yet, or only those without."),
			arg("imported", gql.Boolean, "Only old history, or only what was inspected here.")},
		func(r *request, id domain.InspectionID) (*object, error) { return r.reader.Inspection(r.ctx, id) },
		func(in input) projections.InspectionFilter {
			return projections.InspectionFilter{Unit: domain.UnitID(in.text("unit")), Officer: domain.OfficerID(in.text("officer")), Post: domain.PostID(in.text("post")),
				Enforcement: domain.EnforcementID(in.text("enforcement")), Status: in.text("status"), Unaccepted: in.choice("unaccepted"), Imported: in.choice("imported")}
		}, (*projections.Reader).Inspections)
}

func (b *builder) inspectionParts() (observation, rectification, halt *gql.Object) {
	type o = projections.Observation
	observation = b.object("Observation", "A defect that an inspection observed.")
	b.define(observation,
		word("code", "Its code.", func(x *o) string { return x.Code }),
		text("text", "What was observed.", func(x *o) string { return x.Text }),
		choice("severity", "How grave it is.", b.severity, func(x *o) string { return x.Severity }),
		day("on", "The day.", func(x *o) domain.Date { return x.On }),
		related("post", "At which post.", b.post, loadPost, func(x *o) domain.PostID { return x.Post }),
		related("officer", "At whom.", b.officer, loadOfficer, func(x *o) domain.OfficerID { return x.Officer }))
	type r = projections.Rectification
	rectification = b.object("Rectification", "What a unit was ordered to put right 整改.")
	b.define(rectification,
		word("code", "Its code.", func(x *r) string { return x.Code }),
		text("text", "What is to be put right.", func(x *r) string { return x.Text }),
		related("unit", "By which unit.", b.unit, loadUnit, func(x *r) domain.UnitID { return x.Unit }),
		day("due", "The last day.", func(x *r) domain.Date { return x.Due }),
		text("report", "What the unit reports.", func(x *r) string { return x.Report }),
		day("reportedOn", "The day of that report.", func(x *r) domain.Date { return x.ReportedOn }),
		number("daysLate", "By how many calendar days the report missed its day.", func(x *r) int { return x.DaysLate }),
		flag("accepted", "It was verified and found right.", func(x *r) bool { return x.Accepted }),
		day("verifiedOn", "The day it was last verified.", func(x *r) domain.Date { return x.VerifiedOn }),
		text("note", "What was noted when it was verified.", func(x *r) string { return x.Note }))
	type h = projections.Halt
	halt = b.object("HaltAdvice", "The advice to halt an act of enforcement.")
	b.define(halt,
		related("enforcement", "Which act.", b.enforcement, loadEnforcement, func(x *h) domain.EnforcementID { return x.Enforcement }),
		text("reason", "Why.", func(x *h) string { return x.Reason }),
		day("on", "The day.", func(x *h) domain.Date { return x.On }))
	return observation, rectification, halt
}
