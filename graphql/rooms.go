package graphql

import (
	"context"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// rooms are the loaders for the objects of the programme, by id and by what
// they belong to. They live as long as the reader of the request.
type rooms struct {
	programmes   loader[domain.ProgrammeID, *projections.Programme]
	inspections  loader[domain.InspectionID, *projections.Inspection]
	warnings     loader[domain.WarningID, *projections.Warning]
	enforcements loader[domain.EnforcementID, *projections.Enforcement]
	norms        loader[domain.NormID, *projections.Norm]
	disclosures  loader[domain.DisclosureID, *projections.Disclosure]
	tracebacks   loader[domain.TracebackID, *projections.Traceback]
	plans        loader[domain.PlanID, *projections.Plan]

	tracebacksOfCase loader[domain.CaseID, []projections.Traceback]
	tracebacksOfPlan loader[domain.PlanID, []projections.Traceback]
	tracebacksOfAct  loader[domain.EnforcementID, []projections.Traceback]
	acknowledgements loader[domain.NormID, projections.Acknowledgement]
	fileReadings     loader[domain.OfficerID, []projections.FileReading]
	postRisks        loader[domain.PostID, projections.PostRisks]
	rulebooks        loader[domain.RulebookID, *projections.Rulebook]
	activities       loader[domain.ActivityID, *projections.Activity]
	sameMinutes      loader[string, []projections.Activity]
	held             loader[domain.ActivityID, any]
	comparisons      loader[domain.ProgrammeID, []projections.Comparison]
	behind           loader[projections.BehindOf, []projections.Event]
	causes, effects  chainLoader
	findings         loader[string, *projections.Finding]
	risks            loader[string, *projections.PostRisk]
	keys             loader[domain.KeyID, *projections.Key]
	keysAfter        loader[domain.KeyID, []projections.Key]

	casesOfWarning     loader[domain.WarningID, []projections.Case]
	warningsOfCase     loader[domain.CaseID, []projections.Warning]
	remediesOfCase     loader[domain.CaseID, []projections.Remedy]
	remediesOfPost     loader[domain.PostID, []projections.Remedy]
	remediesOfNorm     loader[domain.NormID, []projections.Remedy]
	remediesOfRulebook loader[domain.RulebookID, []projections.Remedy]
	since              loader[projections.SinceOf, []projections.Since]
}

// The loaders by name.
var (
	loadInspection  = func(r *request) *loader[domain.InspectionID, *projections.Inspection] { return &r.rooms().inspections }
	loadEnforcement = func(r *request) *loader[domain.EnforcementID, *projections.Enforcement] {
		return &r.rooms().enforcements
	}
	loadNorm     = func(r *request) *loader[domain.NormID, *projections.Norm] { return &r.rooms().norms }
	loadActivity = func(r *request) *loader[domain.ActivityID, *projections.Activity] { return &r.rooms().activities }
	loadRulebook = func(r *request) *loader[domain.RulebookID, *projections.Rulebook] { return &r.rooms().rulebooks }
	loadKey      = func(r *request) *loader[domain.KeyID, *projections.Key] { return &r.rooms().keys }
	loadPlan     = func(r *request) *loader[domain.PlanID, *projections.Plan] { return &r.rooms().plans }
)

type roomsKey struct{}

// rooms returns the loaders of the request.
func (r *request) rooms() *rooms {
	return r.reader.Shared(roomsKey{}, func() any {
		x := &rooms{}
		x.programmes.by(r.reader, (*projections.Reader).ProgrammesByID)
		x.inspections.by(r.reader, (*projections.Reader).InspectionsByID)
		x.warnings.by(r.reader, (*projections.Reader).WarningsByID)
		x.enforcements.by(r.reader, (*projections.Reader).EnforcementsByID)
		x.norms.by(r.reader, (*projections.Reader).NormsByID)
		x.disclosures.by(r.reader, (*projections.Reader).DisclosuresByID)
		x.tracebacks.by(r.reader, (*projections.Reader).TracebacksByID)
		x.plans.by(r.reader, (*projections.Reader).PlansByID)
		x.tracebacksOfCase.by(r.reader, (*projections.Reader).TracebacksByCase)
		x.tracebacksOfPlan.by(r.reader, (*projections.Reader).TracebacksByPlan)
		x.tracebacksOfAct.by(r.reader, (*projections.Reader).TracebacksByEnforcement)
		x.acknowledgements.by(r.reader, (*projections.Reader).Acknowledgements)
		x.fileReadings.by(r.reader, (*projections.Reader).FileReadings)
		x.postRisks.by(r.reader, (*projections.Reader).PostRisksByPost)
		x.rulebooks.by(r.reader, (*projections.Reader).RulebooksByID)
		x.activities.by(r.reader, (*projections.Reader).ActivitiesByID)
		x.sameMinutes.by(r.reader, (*projections.Reader).ActivitiesByMinutes)
		x.held.by(r.reader, func(_ *projections.Reader, ctx context.Context, ids []domain.ActivityID) (map[domain.ActivityID]any, error) {
			return r.activitiesOrCarriers(ctx, ids)
		})
		x.comparisons.by(r.reader, (*projections.Reader).Comparisons)
		x.behind.by(r.reader, (*projections.Reader).EventsBehind)
		x.causes.by(r.reader, (*projections.Reader).Causes)
		x.effects.by(r.reader, (*projections.Reader).Effects)
		x.findings.by(r.reader, (*projections.Reader).FindingsByID)
		x.risks.by(r.reader, (*projections.Reader).PostRisksByID)
		x.keys.by(r.reader, (*projections.Reader).KeysByID)
		x.keysAfter.by(r.reader, (*projections.Reader).KeysBySucceeded)
		x.casesOfWarning.by(r.reader, (*projections.Reader).CasesByWarning)
		x.warningsOfCase.by(r.reader, (*projections.Reader).WarningsByCase)
		x.remediesOfCase.by(r.reader, (*projections.Reader).RemediesByCase)
		x.remediesOfPost.by(r.reader, (*projections.Reader).RemediesByPost)
		x.remediesOfNorm.by(r.reader, (*projections.Reader).RemediesByNorm)
		x.remediesOfRulebook.by(r.reader, (*projections.Reader).RemediesByRulebook)
		x.since.by(r.reader, (*projections.Reader).SinceRemedies)
		return x
	}).(*rooms)
}

// roomTypes are the types of the programme by which others are reached.
type roomTypes struct {
	programme   *gql.Object
	inspection  *gql.Object
	warning     *gql.Object
	enforcement *gql.Object
	norm        *gql.Object
	disclosure  *gql.Object
	traceback   *gql.Object
	plan        *gql.Object
	activity    *gql.Object
	carrier     *gql.Object
	rulebook    *gql.Object
	postRisk    *gql.Object
	evidence    *gql.Object
	key         *gql.Object
	remedy      *gql.Object

	tracebackStatus, tracebackCause, nodeKind, dutyStage, liability, intent                                               *enum
	disclosureStatus, medium                                                                                              *enum
	normKind, normStatus, normOutcome                                                                                     *enum
	enforcementStatus, enforcementKind, enforcementOutcome, reviewBody, reviewResult, stepKind, discretionBy, funnelPlace *enum
	warningStatus, warningOutcome                                                                                         *enum
	inspectionStatus, severity                                                                                            *enum
	activityStatus, activityKind, activityFormat, carrierStatus, carrierKind, riskLevel                                   *enum
	programmeStatus                                                                                                       *enum
	keyStatus, keyPurpose                                                                                                 *enum
	aspect, gapKind, threshold, remedyKind, remedyStatus                                                                  *enum
	planStatus, stageStatus, targetResult, stageOutcome                                                                   *enum
}

// declareRoomEnums declares their closed sets, which filters refer to.
func (b *builder) declareRoomEnums() {
	b.planEnums()
	b.programmeEnums()
	b.inspectionEnums()
	b.warningEnums()
	b.enforcementEnums()
	b.normEnums()
	b.disclosureEnums()
	b.tracebackEnums()
	b.activityEnums()
	b.postRiskEnums()
	b.keyEnums()
	b.remedyEnums()
}

// declareRooms names the types of the programme.
func (b *builder) declareRooms() {
	b.declarePlan()
	b.declareProgramme()
	b.declareInspection()
	b.declareWarning()
	b.declareEnforcement()
	b.declareNorm()
	b.declareDisclosure()
	b.declareTraceback()
	b.declareActivity()
	b.declarePostRisk()
	b.declareRulebook()
	b.declareKey()
	b.declareRemedy()
}

// defineRooms gives them their fields, and the query its questions for them.
func (b *builder) defineRooms() {
	b.definePlan()
	b.defineAccess()
	b.definePostRisk()
	b.defineActivity()
	b.defineCarrier()
	b.defineCoverage()
	b.defineConcentration()
	b.defineRulebook()
	b.defineKey()
	b.defineProgramme()
	b.defineInspection()
	b.defineWarning()
	b.defineScores()
	b.defineEnforcement()
	b.defineNorm()
	b.defineDisclosure()
	b.defineTraceback()
	b.defineScorecards()
	b.defineRemedy()
}

// register adds a register to the query: the question for one object, and
// the one for the list under a filter.
func register[T, F any, I ~string](b *builder, one, many string, doc oneAndMany, node *gql.Object, filter []argument,
	get func(*request, I) (*T, error), read func(input) F, list func(*projections.Reader, context.Context, F, projections.Page) (*projections.List[T], error)) {
	page := connection[T](b, node.Name(), doc.page, node)
	narrow := b.input(node.Name()+"Filter", doc.filter, filter...)
	b.define(b.query,
		byID(one, doc.one, node, get),
		rooted(many, doc.many, page, paged(arg("filter", narrow, "Narrows the list.")), func(r *request, in input) (any, error) {
			return listed(in, read(in.object("filter")), func(f F, p projections.Page) (*projections.List[T], error) { return list(r.reader, r.ctx, f, p) })
		}))
}

// oneAndMany describes a register.
type oneAndMany struct{ one, many, page, filter string }
