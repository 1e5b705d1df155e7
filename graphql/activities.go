package graphql

import (
	"context"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/projections"
)

// activityEnums are the closed sets of activities and of carriers of culture.
func (b *builder) activityEnums() {
	b.activityStatus = b.enum("ActivityStatus", "The life of an activity.",
		v(activity.StatusScheduled, "On the programme."), v(activity.StatusHeld, "It took place."), v(activity.StatusAssessed, "It was assessed."),
		v(activity.StatusCancelled, "It will not be held."), v(activity.StatusImported, "Old history."))
	b.carrierStatus = b.enum("CarrierStatus", "The life of a carrier of culture.",
		v(activity.StatusSet, "It is kept up."), v(activity.StatusRetired, "It was given up."))
	b.activityKind = b.enum("ActivityKind", "What an activity is for.",
		v(activity.KindWarningEducation, "Warning education 警示教育 (article I2)."), v(activity.KindBranchStudy, "Party-branch study 支部学习 (I7)."),
		v(activity.KindCulture, "Integrity culture 廉政文化 (I8)."), v(activity.KindDiligenceEducation, "Diligence education 勤政警示教育 (D8)."),
		v(activity.KindPrePostTraining, "Pre-post training 岗前培训 (D1)."))
	b.activityFormat = b.enum("ActivityFormat", "The form an activity takes.",
		v(activity.FormatVisit, "A visit 参观."), v(activity.FormatTalkByJudge, "A talk by a judge or prosecutor 法官、检察官授课."), v(activity.FormatFilm, "A film 观影."),
		v(activity.FormatOwnPlay, "A play of their own 自编自演."), v(activity.FormatLecture, "A lecture 讲座."), v(activity.FormatSeminar, "A seminar 研讨."),
		v(activity.FormatExhibition, "An exhibition 展览."), v(activity.FormatOnline, "Online 在线学习."), v(activity.FormatCaseStudy, "A study of cases 案例剖析."),
		v(activity.FormatOther, "Any other 其他."))
	b.carrierKind = b.enum("CarrierKind", "What culture is carried by.",
		v(activity.CarrierBoard, "A board 宣传栏."), v(activity.CarrierShelf, "A shelf of books 图书角."), v(activity.CarrierPage, "A page 网页专栏."), v(activity.CarrierContest, "A contest 竞赛."))
}

func (b *builder) declareActivity() {
	b.activity = b.object("Activity", "One session of education, study or culture 活动 (articles I2, I7, I8, D1, D8), as it stands.")
	b.carrier = b.object("Carrier", "A carrier of culture 廉政文化载体 (article I8), as it stands.")
	b.evidence = b.object("Evidence", "A document, by its digest; the ledger never holds the document.")
	b.define(b.evidence,
		word("digest", "Its SHA-256.", func(x *domain.Evidence) string { return x.Digest }),
		text("mediaType", "What it is, as of RFC 6838.", func(x *domain.Evidence) string { return x.MediaType }),
		long("size", "Its size in bytes.", func(x *domain.Evidence) uint64 { return uint64(max(x.Size, 0)) }),
		text("name", "What people call it.", func(x *domain.Evidence) string { return x.Name }))
}

func (b *builder) defineActivity() {
	type object = projections.Activity
	b.define(b.activity,
		id("id", "The id.", func(x *object) domain.ActivityID { return x.ID }),
		choice("status", "Where it stands.", b.activityStatus, func(x *object) string { return x.Status }),
		choice("kind", "What it is for.", b.activityKind, func(x *object) string { return x.Kind }),
		choice("format", "Which form it takes; null where old records do not say.", b.activityFormat, func(x *object) string { return x.Format }),
		text("topic", "What it is about.", func(x *object) string { return x.Topic }),
		related("unit", "The unit that holds it.", b.unit, loadUnit, func(x *object) domain.UnitID { return x.Unit }),
		day("plannedOn", "The day it was scheduled for.", func(x *object) domain.Date { return x.PlannedOn }),
		day("heldOn", "The day it was held.", func(x *object) domain.Date { return x.HeldOn }),
		number("hours", "Its hours; those planned until it is held.", func(x *object) int { return x.Hours }),
		number("attended", "How many came.", func(x *object) int { return x.Attended }),
		number("expected", "How many should have come; 0 where old records do not say.", func(x *object) int { return x.Expected }),
		percent("attendance", "The share of those expected who came.", func(x *object) int { return x.Share() }),
		number("contributors", "How many of those who came spoke or brought something.", func(x *object) int { return x.Contributors }),
		relatedEach("attendees", "Who came, as far as you may see them.", b.officer, loadOfficer, func(x *object) []domain.OfficerID { return x.Attendees }),
		relatedEach("invited", "Who was named as expected, as far as you may see them.", b.officer, loadOfficer, func(x *object) []domain.OfficerID { return x.Invited }),
		wordsOf("observers", "Who watched from outside, by name.", func(x *object) []domain.ActorID { return x.Observers }),
		flag("unscheduled", "It was held without having been scheduled.", func(x *object) bool { return x.Unscheduled }),
		text("reason", "Why it was cancelled, or held without a schedule.", func(x *object) string { return x.Reason }),
		listing("materials", "The materials used.", b.evidence, func(x *object) []domain.Evidence { return x.Materials }),
		text("minutesDigest", "The SHA-256 of the minutes.", func(x *object) string { return x.MinutesDigest }),
		field{name: "sameMinutes", doc: "The other activities with the very same minutes, a sign of an empty form 走过场.", typ: listOf(b.activity),
			resolve: loading(func(r *request, p gql.ResolveParams) (any, error) {
				self := p.Source.(*object)
				return all(r, &r.rooms().sameMinutes, self.MinutesDigest, func(x *object) bool { return x.ID != self.ID })
			})},
		optionalNumber("score", "What it was worth, 1 to 100; null before the assessment.", func(x *object) int { return x.Score }),
		text("feedback", "What those who came said of it.", func(x *object) string { return x.Feedback }),
		day("assessedOn", "The day of the assessment.", func(x *object) domain.Date { return x.AssessedOn }),
		flag("imported", importedDoc, func(x *object) bool { return x.Imported }),
		timelineOf(b, func(x *object) domain.Ref { return x.ID.Ref() }))
	register(b, "activity", "activities", oneAndMany{"An activity 活动.", "The register of activities, the last held first and those not held last.",
		"A page of activities, the last held first.", "Narrows the register of activities."}, b.activity,
		[]argument{argUnitBelow,
			arg("officer", gql.ID, "This officer came, or was named as expected."),
			arg("kind", b.activityKind.typ, "What it is for."),
			arg("format", b.activityFormat.typ, "Which form it takes."),
			arg("status", b.activityStatus.typ, "Where it stands."),
			arg("heldFrom", scalarDate, "Held on this day or later."),
			arg("heldTo", scalarDate, "Held on this day or earlier."),
			arg("repeatsMinutes", gql.Boolean, "Only those with the very minutes of one held before, or only the others."),
			arg("imported", gql.Boolean, "Only old history, or only what was held here.")},
		func(r *request, id domain.ActivityID) (*object, error) { return r.reader.Activity(r.ctx, id) },
		func(in input) projections.ActivityFilter {
			return projections.ActivityFilter{Unit: domain.UnitID(in.text("unit")), Officer: domain.OfficerID(in.text("officer")), Kind: in.text("kind"), Format: in.text("format"),
				Status: in.text("status"), HeldFrom: in.day("heldFrom"), HeldTo: in.day("heldTo"), RepeatsMinutes: in.choice("repeatsMinutes"), Imported: in.choice("imported")}
		}, (*projections.Reader).Activities)
}

func (b *builder) defineCarrier() {
	type object = projections.Carrier
	type refresh = projections.Refresh
	refreshes := b.object("CarrierRefresh", "What a carrier shows was renewed.")
	b.define(refreshes,
		day("on", "The day.", func(x *refresh) domain.Date { return x.On }),
		text("content", "What is new.", func(x *refresh) string { return x.Content }),
		listing("evidence", "What shows it.", b.evidence, func(x *refresh) []domain.Evidence { return x.Evidence }))
	b.define(b.carrier,
		id("id", "The id.", func(x *object) domain.ActivityID { return x.ID }),
		choice("status", "Where it stands.", b.carrierStatus, func(x *object) string { return x.Status }),
		choice("carrier", "What it is.", b.carrierKind, func(x *object) string { return x.Carrier }),
		text("title", "Its title.", func(x *object) string { return x.Title }),
		related("unit", "The unit that keeps it.", b.unit, loadUnit, func(x *object) domain.UnitID { return x.Unit }),
		day("setOn", "The day it was set up.", func(x *object) domain.Date { return x.SetOn }),
		day("refreshedOn", "The day on which what it shows was last new.", func(x *object) domain.Date { return x.RefreshedOn }),
		number("daysSince", "How many days ago that was, today or on the day it was given up.", func(x *object) int { return x.Days }),
		listing("refreshes", "Its renewals, in order.", refreshes, func(x *object) []refresh { return x.Refreshes }),
		day("retiredOn", "The day it was given up.", func(x *object) domain.Date { return x.RetiredOn }),
		text("reason", "Why.", func(x *object) string { return x.Reason }),
		timelineOf(b, func(x *object) domain.Ref { return x.ID.Ref() }))
	register(b, "carrier", "carriers", oneAndMany{"A carrier of culture 廉政文化载体.", "The register of carriers of culture, the longest unrefreshed first.",
		"A page of carriers, the longest unrefreshed first.", "Narrows the register of carriers."}, b.carrier,
		[]argument{argUnitBelow,
			arg("carrier", b.carrierKind.typ, "What it is."),
			arg("status", b.carrierStatus.typ, "Where it stands."),
			arg("refreshedBefore", scalarDate, "Not refreshed on this day or later.")},
		func(r *request, id domain.ActivityID) (*object, error) { return r.reader.Carrier(r.ctx, id) },
		func(in input) projections.CarrierFilter {
			return projections.CarrierFilter{Unit: domain.UnitID(in.text("unit")), Carrier: in.text("carrier"), Status: in.text("status"), RefreshedBefore: in.day("refreshedBefore")}
		}, (*projections.Reader).Carriers)
}

// activitiesOrCarriers loads what lives under ids of the room, which are
// those of activities and of carriers.
func (r *request) activitiesOrCarriers(ctx context.Context, ids []domain.ActivityID) (map[domain.ActivityID]any, error) {
	out := make(map[domain.ActivityID]any, len(ids))
	activities, err := r.reader.ActivitiesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	carriers, err := r.reader.CarriersByID(ctx, ids)
	for id, a := range activities {
		out[id] = a
	}
	for id, c := range carriers {
		out[id] = c
	}
	return out, err
}
