package graphql

import (
	"sync"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// types are the types of the schema by which others are reached.
type types struct {
	enums
	roomTypes

	query, mutation, pageInfo, bucket, ref              *gql.Object
	subscription, obligation                            *gql.Object
	unit, post, officer, counts                         *gql.Object
	complaint, misconduct, finding, sanction, reward    *gql.Object
	event, envelope, signature, entry                   *gql.Object
	proof, checkpoint, cosignature                      *gql.Object
	recordFile, statistics, ledger, projection, me, hit *gql.Object
	rebuilding                                          *gql.Object
	subject, found                                      *gql.Union

	units, posts, officers, complaints, cases, findings *gql.Object
	sanctions, rewards, events, timeline, hits          *gql.Object

	officerFilter, unitFilter, postFilter, complaintFilter *gql.InputObject
	caseFilter, findingFilter, sanctionFilter              *gql.InputObject
	rewardFilter, eventFilter, timelineFilter, refInput    *gql.InputObject
}

// declare names every type that others refer to, before any gets its fields.
func (b *builder) declare() {
	b.enums = b.declareEnums()
	b.declareRoomEnums()
	b.declareSearch()
	b.declareFilters()
	b.query = b.object("Query", "What the ledger can be asked.")
	b.unit = b.object("Unit", "A node of the organisation tree 单位, as it stands.")
	b.post = b.object("Post", "A position 岗位 and what it holds, as it stands.")
	b.officer = b.object("Officer", "A person in the service 执法人员, as they stand.")
	b.counts = b.object("OfficerCounts", "How much is on file about an officer, counted within what you may see.")
	b.complaint = b.object("Complaint", "A complaint 投诉举报 about an officer, a post or a unit, as it stands. It never holds who reported it.")
	b.misconduct = b.object("Case", "A misconduct case 违纪案件, as it stands.")
	b.finding = b.object("Finding", "One confirmed finding of a case, or one imported from old records.")
	b.sanction = b.object("Sanction", "One measure against one person 惩戒, as it stands.")
	b.reward = b.object("Reward", "One honour for a person or a unit 奖励, as it stands.")
	b.event = b.object("Event", "One recorded event, in the open: who did what, when, under which rulebook and why. It is signed and never changes.")
	b.envelope = b.object("Envelope", "The signed envelope of an event (DSSE), as it is kept in the ledger.")
	b.proof = b.object("Proof", "That an event is in the transparency log.")
	b.checkpoint = b.object("Checkpoint", "A signed head of the transparency log: how many events there are, and the root hash of the tree over them.")
	b.cosignature = b.object("Cosignature", "That a witness saw a checkpoint as the head of the one history of this log.")
	b.signature = b.object("Signature", "One signature of an envelope.")
	b.entry = b.object("TimelineEntry", "An event on the timeline of an object, and as what it touches the object.")
	b.recordFile = b.object("RecordFile", "The personnel record file 廉政档案 of one officer: everything on file about them, each entry with the event behind it.")
	b.statistics = b.object("Statistics", "Counts of what is on file, within your scope; small cells are suppressed for the public.")
	b.ledger = b.object("Ledger", "The ledger and the views that answer from it.")
	b.rebuilding = b.object("Rebuilding", "A rebuild of the views, beside those that answer.")
	b.projection = b.object("Projection", "How far one view has come.")
	b.me = b.object("Me", "Who is asking.")
	b.hit = b.object("SearchHit", "One result of a search.")
	b.declareRooms()
	b.ref = b.object("Ref", "A reference to an aggregate or a person.")
	b.subject = gql.NewUnion(gql.UnionConfig{
		Name: "Subject", Description: "Whatever events can happen to.",
		Types:       []*gql.Object{b.unit, b.post, b.officer, b.complaint, b.misconduct, b.sanction, b.reward, b.plan, b.traceback, b.disclosure, b.norm, b.enforcement, b.warning, b.inspection, b.programme, b.activity, b.carrier, b.rulebook, b.key},
		ResolveType: b.typeOf,
	})
	b.found = gql.NewUnion(gql.UnionConfig{
		Name: "Found", Description: "Whatever can be searched.",
		Types: []*gql.Object{b.unit, b.post, b.officer, b.complaint, b.misconduct, b.finding, b.sanction, b.reward, b.plan, b.traceback, b.disclosure, b.norm, b.enforcement, b.warning,
			b.inspection, b.programme, b.activity, b.carrier, b.rulebook, b.postRisk},
		ResolveType: b.typeOf,
	})
	b.declarePageInfo()
	b.declareBucket()
	b.declareConnections()
}

// typeOf tells the type of an object behind a reference.
func (b *builder) typeOf(p gql.ResolveTypeParams) *gql.Object {
	switch p.Value.(type) {
	case *projections.Unit:
		return b.unit
	case *projections.Post:
		return b.post
	case *projections.Officer:
		return b.officer
	case *projections.Complaint:
		return b.complaint
	case *projections.Case:
		return b.misconduct
	case *projections.Sanction:
		return b.sanction
	case *projections.Reward:
		return b.reward
	case *projections.Plan:
		return b.plan
	case *projections.Traceback:
		return b.traceback
	case *projections.Disclosure:
		return b.disclosure
	case *projections.Norm:
		return b.norm
	case *projections.Enforcement:
		return b.enforcement
	case *projections.Warning:
		return b.warning
	case *projections.Inspection:
		return b.inspection
	case *projections.Programme:
		return b.programme
	case *projections.Activity:
		return b.activity
	case *projections.Carrier:
		return b.carrier
	case *projections.Rulebook:
		return b.rulebook
	case *projections.Key:
		return b.key
	case *projections.Finding:
		return b.finding
	case *projections.PostRisk:
		return b.postRisk
	}
	return nil
}

// object is the lazy object behind a reference; null for an actor who is no
// aggregate, and for what may not be seen.
func (r *request) object(ref domain.Ref) (any, error) {
	switch ref.Type {
	case "unit":
		return one(r, &r.units, domain.UnitID(ref.ID))
	case "post":
		return one(r, &r.posts, domain.PostID(ref.ID))
	case "officer":
		return one(r, &r.officers, domain.OfficerID(ref.ID))
	case "complaint":
		return one(r, &r.complaints, domain.ComplaintID(ref.ID))
	case "misconduct":
		return one(r, &r.cases, domain.CaseID(ref.ID))
	case "sanction":
		return one(r, &r.sanctions, domain.SanctionID(ref.ID))
	case "reward":
		return one(r, &r.rewards, domain.RewardID(ref.ID))
	case "plan":
		return one(r, &r.rooms().plans, domain.PlanID(ref.ID))
	case "traceback":
		return one(r, &r.rooms().tracebacks, domain.TracebackID(ref.ID))
	case "disclosure":
		return one(r, &r.rooms().disclosures, domain.DisclosureID(ref.ID))
	case "norm":
		return one(r, &r.rooms().norms, domain.NormID(ref.ID))
	case "enforcement":
		return one(r, &r.rooms().enforcements, domain.EnforcementID(ref.ID))
	case "warning":
		return one(r, &r.rooms().warnings, domain.WarningID(ref.ID))
	case "inspection":
		return one(r, &r.rooms().inspections, domain.InspectionID(ref.ID))
	case "programme":
		return one(r, &r.rooms().programmes, domain.ProgrammeID(ref.ID))
	case "activity":
		return one(r, &r.rooms().held, domain.ActivityID(ref.ID))
	case "key":
		return one(r, &r.rooms().keys, domain.KeyID(ref.ID))
	case "rulebook":
		return one(r, &r.rooms().rulebooks, domain.RulebookID(ref.ID))
	}
	return nil, nil
}

func (b *builder) declareConnections() {
	b.units = connection[projections.Unit](b, "Unit", "A page of units, by id.", b.unit)
	b.posts = connection[projections.Post](b, "Post", "A page of posts, by id.", b.post)
	b.officers = connection[projections.Officer](b, "Officer", "A page of officers, by id or by name.", b.officer)
	b.complaints = connection[projections.Complaint](b, "Complaint", "A page of complaints, newest receipt first.", b.complaint,
		read("facets", "The whole list counted by a facet, most frequent first.", listOf(b.bucket),
			[]argument{arg("by", gql.NewNonNull(b.complaintFacet.typ), "What to count by.")},
			func(r *request, c *connected[projections.Complaint], in input) (any, error) {
				filter, _ := c.filter.(projections.ComplaintFilter)
				by := projections.Facet(in.text("by"))
				buckets, err := r.reader.ComplaintFacets(r.ctx, filter, by)
				return counted(buckets, map[projections.Facet]*enum{projections.ByResult: b.complaintResult, projections.ByRating: b.rating}[by]), err
			}))
	b.cases = connection[projections.Case](b, "Case", "A page of misconduct cases, newest first.", b.misconduct)
	b.findings = connection[projections.Finding](b, "Finding", "A page of findings, in the order of the ledger.", b.finding,
		read("facets", "The whole list counted by a facet, most frequent first.", listOf(b.bucket),
			[]argument{arg("by", gql.NewNonNull(b.findingFacet.typ), "What to count by.")},
			func(r *request, c *connected[projections.Finding], in input) (any, error) {
				filter, _ := c.filter.(projections.FindingFilter)
				by := projections.Facet(in.text("by"))
				buckets, err := r.reader.FindingFacets(r.ctx, filter, by)
				words := map[projections.Facet]*enum{projections.ByResult: b.findingResult, projections.ByDiscipline: b.discipline}
				return counted(buckets, words[by]), err
			}))
	b.sanctions = connection[projections.Sanction](b, "Sanction", "A page of sanctions, by id.", b.sanction)
	b.rewards = connection[projections.Reward](b, "Reward", "A page of rewards, by id.", b.reward)
	b.events = connection[projections.Event](b, "Event", "A page of events.", b.event)
	b.timeline = connection[projections.TimelineEntry](b, "Timeline", "A page of a timeline.", b.entry)
	b.hits = connection[projections.Hit](b, "Search", "A page of search results.", b.hit)
}

// building holds the library's schema constructor to one goroutine at a
// time: it fills tables of the built-in types, which all schemas share.
var building sync.Mutex

// schema makes the schema. change may redefine types before it is made.
func (b *builder) schema(change func()) (gql.Schema, error) {
	building.Lock()
	defer building.Unlock()
	b.declare()
	b.defineOrganisation()
	b.defineOfficer()
	b.defineRecordFile()
	b.defineComplaint()
	b.defineMisconduct()
	b.defineSanction()
	b.defineReward()
	b.defineEvent()
	b.defineQuery()
	b.defineRooms()
	b.defineObligations()
	b.defineLedger()
	b.defineChanges()
	if err := b.defineMutation(); err != nil {
		return gql.Schema{}, err
	}
	b.defineSubscription()
	if change != nil {
		change()
	}
	return gql.NewSchema(gql.SchemaConfig{Query: b.query, Mutation: b.mutation, Subscription: b.subscription})
}
