package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections"
)

// warningEnums are the closed sets of warnings.
func (b *builder) warningEnums() {
	b.warningStatus = b.enum("WarningStatus", "The life of a warning.",
		v(warning.StatusRaised, "Raised."), v(warning.StatusAcknowledged, "Somebody has taken it on."), v(warning.StatusReviewed, "Reviewed."),
		v(warning.StatusActedOn, "Acted on: something was opened."), v(warning.StatusDismissed, "Dismissed with a reason."), v(warning.StatusImported, "Old history."))
	b.warningOutcome = b.enum("WarningOutcome", "Whether a warning was right.",
		v(warning.OutcomeTrue, "It was."), v(warning.OutcomeFalse, "It was not."), v(warning.OutcomeUnclear, "It cannot be said."))
}

func (b *builder) declareWarning() {
	b.warning = b.object("Warning", "A raised alert 预警 (article D10) and what became of it, as it stands.")
}

func (b *builder) defineWarning() {
	type object = projections.Warning
	b.define(b.warning,
		id("id", "The id.", func(w *object) domain.WarningID { return w.ID }),
		choice("status", "Where it stands.", b.warningStatus, func(w *object) string { return w.Status }),
		text("rule", "The rule that raised it.", func(w *object) string { return w.Rule }),
		text("version", "The version of that rule.", func(w *object) string { return w.Version }),
		number("score", "The score it was last raised with.", func(w *object) int { return w.Score }),
		optionalNumber("exposure", "What it was counted over, such as acts or months; null where nothing is.", func(w *object) int { return w.Exposure }),
		text("baseline", "What would be usual.", func(w *object) string { return w.Baseline }),
		text("peers", "Whom it was compared with.", func(w *object) string { return w.Peers }),
		text("explanation", "What it says, in plain words.", func(w *object) string { return w.Explanation }),
		text("baselineChinese", "What would be usual, in Chinese; null where that was not given.", func(w *object) string { return w.BaselineChinese }),
		text("peersChinese", "Whom it was compared with, in Chinese; null where that was not given.", func(w *object) string { return w.PeersChinese }),
		text("explanationChinese", "What it says, in plain Chinese; null where that was not given.", func(w *object) string { return w.ExplanationChinese }),
		number("times", "How often it was raised while it stood.", func(w *object) int { return w.Times }),
		day("raisedOn", "The day it was first raised.", func(w *object) domain.Date { return w.RaisedOn }),
		day("due", "The last day for it to be handled.", func(w *object) domain.Date { return w.Due }),
		choice("escalatedTo", "The role it was escalated to.", b.role, func(w *object) string { return w.EscalatedTo }),
		day("acknowledgedOn", "The day somebody took it on.", func(w *object) domain.Date { return w.AcknowledgedOn }),
		day("reviewedOn", "The day of its review.", func(w *object) domain.Date { return w.ReviewedOn }),
		text("opinion", "The opinion of the review; of an imported one, what came of it.", func(w *object) string { return w.Opinion }),
		day("settledOn", "The day it was acted on or dismissed.", func(w *object) domain.Date { return w.SettledOn }),
		text("reason", "Why it was dismissed.", func(w *object) string { return w.Reason }),
		choice("outcome", "Whether it was right; null while that is not known.", b.warningOutcome, func(w *object) string { return w.Outcome }),
		flag("imported", importedDoc, func(w *object) bool { return w.Imported }),
		related("unit", "The unit it is about.", b.unit, loadUnit, func(w *object) domain.UnitID { return w.Unit }),
		related("post", "The post it is about.", b.post, loadPost, func(w *object) domain.PostID { return w.Post }),
		related("officer", "The officer it is about.", b.officer, loadOfficer, func(w *object) domain.OfficerID { return w.Officer }),
		related("inspection", "The inspection it led to.", b.inspection, loadInspection, func(w *object) domain.InspectionID { return w.Inspection }),
		related("complaint", "The complaint it led to.", b.complaint, loadComplaint, func(w *object) domain.ComplaintID { return w.Complaint }),
		related("case", "The case it led to.", b.misconduct, loadCase, func(w *object) domain.CaseID { return w.Case }),
		relatedEach("evidence", "The events it rests on, as far as you may see them.", b.event, loadEvent, func(w *object) []domain.EventID { return w.Evidence }),
		timelineOf(b, func(w *object) domain.Ref { return w.ID.Ref() }))
	register(b, "warning", "warnings", oneAndMany{"A warning 预警.", "The register of warnings, the last raised first.",
		"A page of warnings, the last raised first.", "Narrows the register of warnings."}, b.warning,
		[]argument{argUnitBelow,
			arg("post", gql.ID, "About this post."),
			arg("officer", gql.ID, "About this officer."),
			arg("rule", gql.String, "Raised by this rule."),
			arg("status", b.warningStatus.typ, "Where it stands."),
			arg("outcome", b.warningOutcome.typ, "Whether it was right."),
			arg("overdue", gql.Boolean, "Only those neither acted on nor dismissed by their day."),
			arg("raisedFrom", scalarDate, "Raised on this day or later."),
			arg("raisedTo", scalarDate, "Raised on this day or earlier."),
			arg("imported", gql.Boolean, "Only old history, or only what was raised here.")},
		func(r *request, id domain.WarningID) (*object, error) { return r.reader.Warning(r.ctx, id) },
		func(in input) projections.WarningFilter {
			return projections.WarningFilter{Unit: domain.UnitID(in.text("unit")), Post: domain.PostID(in.text("post")), Officer: domain.OfficerID(in.text("officer")),
				Rule: in.text("rule"), Status: in.text("status"), Outcome: in.text("outcome"), Overdue: in.flag("overdue"),
				RaisedFrom: in.day("raisedFrom"), RaisedTo: in.day("raisedTo"), Imported: in.choice("imported")}
		}, (*projections.Reader).Warnings)
}
