package graphql

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/projections"
)

// enum is an enum type over a closed set of the domain. Its names are the
// domain's words in capitals: "under_inquiry" is UNDER_INQUIRY.
type enum struct {
	typ    *gql.Enum
	values []enumValue
	known  map[string][]byte // the names by the words, as JSON
}

type enumValue struct {
	word string // the domain's
	name string
	doc  string
	of   reflect.Type // the domain's set
}

// value checks a word on its way out; the empty word is null.
func (e *enum) value(word string) (any, error) {
	switch {
	case word == "":
		return nil, nil
	case e.known[word] == nil:
		return nil, fmt.Errorf("enum %s has no value for %q", e.typ.Name(), word)
	}
	return word, nil
}

// name returns the name of a word, for places where words of several sets
// travel as strings; an unknown word stays as it is.
func (e *enum) nameOf(word string) string {
	if e.known[word] != nil {
		return strings.ToUpper(word)
	}
	return word
}

// v is one value: the domain's word and what it means.
func v[S ~string](word S, doc string) enumValue {
	return enumValue{string(word), strings.ToUpper(string(word)), doc, reflect.TypeFor[S]()}
}

// as gives the value another name than the word.
func (x enumValue) as(name string) enumValue {
	x.name = name
	return x
}

func (b *builder) enum(name, doc string, values ...enumValue) *enum {
	e := &enum{values: values, known: map[string][]byte{}}
	config := gql.EnumValueConfigMap{}
	for _, x := range values {
		e.known[x.word] = strconv.AppendQuote(nil, x.name)
		config[x.name] = &gql.EnumValueConfig{Value: x.word, Description: x.doc}
	}
	e.typ = gql.NewEnum(gql.EnumConfig{Name: name, Description: doc, Values: config})
	b.declared[name] = e
	return e
}

// enums are the enum types of the schema.
type enums struct {
	role, refType, order                        *enum
	searchType                                  *enum
	unitKind, unitStatus, postStatus, riskGrade *enum
	officerStatus, certificateStatus            *enum
	channel, complaintStatus, complaintResult   *enum
	rating                                      *enum
	caseStatus, caseOrigin                      *enum
	findingResult, discipline                   *enum
	sanctionStatus, rewardStatus                *enum
	findingFacet, complaintFacet                *enum
}

func (b *builder) declareEnums() enums {
	return enums{
		role: b.enum("Role", "The capacity in which somebody acts or asks.",
			v(domain.RoleInspector, "Discipline inspection 纪检监察: opens and runs inquiries."),
			v(domain.RoleHandler, "Handler 承办人: works the complaints assigned to them."),
			v(domain.RoleIntake, "Intake 受理: receives complaints."),
			v(domain.RoleLeader, "Leadership 领导班子: confirms findings, imposes sanctions, grants rewards."),
			v(domain.RoleHR, "Personnel 人事: keeps units, posts and personnel records."),
			v(domain.RoleAuditor, "Audit 审计: reads and verifies, writes nothing."),
			v(domain.RoleOverseer, "Overseer 监督机关: looks at several agencies from above."),
			v(domain.RoleOfficer, "Officer 执法人员: own file, own defence and appeal."),
			v(domain.RolePublic, "The public 公众: disclosures and statistics."),
			v(domain.RoleImporter, "Brings in old history; decides nothing."),
			v(domain.RoleSystem, "Reactions and clocks of the ledger; no person holds it.")),
		refType: b.enum("RefType", "What a reference points at.",
			v("officer", "An officer 执法人员."), v("unit", "A unit 单位."), v("post", "A post 岗位."),
			v("complaint", "A complaint 投诉举报."), v("misconduct", "A misconduct case 违纪案件.").as("CASE"),
			v("sanction", "A sanction 惩戒."), v("reward", "A reward 奖励."),
			v("norm", "A norm 制度."), v("plan", "A work plan 工作计划."), v("activity", "An activity 活动."),
			v("disclosure", "An item due to the public 政务公开."), v("enforcement", "An enforcement case 执法案件."),
			v("inspection", "An inspection 内部监督."), v("traceback", "A trace of responsibility 责任倒查."), v("warning", "A warning 预警."),
			v("programme", "A cycle of the programme 创双政."), v("rulebook", "A rulebook 规则."), v("access", "Who read a record file."), v("key", "A signing key 密钥."),
			v("actor", "Whoever acted, by sign-in name.")),
		order: b.enum("EventOrder", "How events are ordered. RECORDED is the order of the ledger itself.",
			v(projections.RecordedDesc, "Last recorded first."), v(projections.RecordedAsc, "First recorded first."),
			v(projections.OccurredDesc, "Last happened first."), v(projections.OccurredAsc, "First happened first.")),
		unitKind: b.enum("UnitKind", "What a unit is.",
			v(unit.KindAgency, "Agency 机关, the root of a tree."), v(unit.KindDepartment, "Department 部门."),
			v(unit.KindSection, "Section 科室."), v(unit.KindWindow, "Window 窗口, where the public is met.")),
		unitStatus: b.enum("UnitStatus", "The life of a unit.",
			v(unit.StatusOpen, "It exists."), v(unit.StatusClosed, "It was closed.")),
		postStatus: b.enum("PostStatus", "The life of a post.",
			v(post.StatusOpen, "It exists."), v(post.StatusClosed, "It was closed.")),
		riskGrade: b.enum("RiskGrade", "How great the risks of a post are 岗位风险评级 (article I9).",
			v(post.GradeHigh, "High."), v(post.GradeMedium, "Medium."), v(post.GradeLow, "Low.")),
		officerStatus: b.enum("OfficerStatus", "The stage of service.",
			v(officer.StatusServing, "In the service."), v(officer.StatusSuspended, "Suspended from duty 停职, still in the service."),
			v(officer.StatusSeparated, "Left the service.")),
		certificateStatus: b.enum("CertificateStatus", "The state of an enforcement certificate 执法证. A valid one may have run out.",
			v(officer.CertificateValid, "Valid."), v(officer.CertificateHeld, "Suspended."), v(officer.CertificateWithdrawn, "Revoked.")),
		channel: b.enum("Channel", "How a complaint came in.",
			v(complaint.ChannelLetter, "Letter 来信."), v(complaint.ChannelVisit, "Visit 来访."), v(complaint.ChannelHotline, "Hotline 来电."),
			v(complaint.ChannelWeb, "Web 网络."), v(complaint.ChannelMedia, "Media 媒体."), v(complaint.ChannelWindow, "Rating at the window 窗口评价.")),
		complaintStatus: b.enum("ComplaintStatus", "The life of a complaint.",
			v(complaint.StatusReceived, "Received."), v(complaint.StatusScreened, "Screened."),
			v(complaint.StatusAccepted, "Accepted 受理: being handled, also once reopened."), v(complaint.StatusDeclined, "Declined 不予受理."),
			v(complaint.StatusTransferred, "Transferred to another unit."), v(complaint.StatusConcluded, "Concluded 办结."),
			v(complaint.StatusAnswered, "Answered 答复."), v(complaint.StatusReviewAsked, "A review 复查 was asked for."),
			v(complaint.StatusReviewDecided, "The review was decided."), v(complaint.StatusRereviewAsked, "A re-review 复核 was asked for."),
			v(complaint.StatusRereviewDecided, "The re-review was decided."), v(complaint.StatusWithdrawn, "Withdrawn by the reporter."),
			v(complaint.StatusImported, "Old history.")),
		complaintResult: b.enum("ComplaintResult", "What is true of a complaint.",
			v(complaint.ResultSubstantiated, "Substantiated 属实."), v(complaint.ResultPartly, "Partly substantiated 部分属实."),
			v(complaint.ResultNotSubstantiated, "Not substantiated 无法证实."), v(complaint.ResultUnfounded, "Unfounded 不属实.")),
		rating: b.enum("SatisfactionGrade", "How satisfied a reporter is with the answer 满意度.",
			v(complaint.GradeVerySatisfied, "Very satisfied 非常满意."), v(complaint.GradeFairlyGood, "Fairly good 比较好."),
			v(complaint.GradeAverage, "Average 一般."), v(complaint.GradeNeedsStrengthening, "Needs strengthening 有待加强: a bad rating.")),
		caseStatus: b.enum("CaseStatus", "The life of a misconduct case.",
			v(misconduct.StatusOpen, "Opened 立案."), v(misconduct.StatusInquiry, "Under inquiry: investigators are named."),
			v(misconduct.StatusProposed, "A finding is proposed."), v(misconduct.StatusConfirmed, "A finding is confirmed."),
			v(misconduct.StatusDismissed, "Dismissed 撤案."), v(misconduct.StatusArchived, "Archived after both analyses 一案双析."),
			v(misconduct.StatusImported, "Old history.")),
		caseOrigin: b.enum("CaseOrigin", "What a case came from.",
			v(misconduct.OriginComplaint, "A complaint 投诉举报."), v(misconduct.OriginInspection, "Internal supervision 内部监督."),
			v(misconduct.OriginWarning, "A warning 预警."), v(misconduct.OriginOverturnedAct, "An overturned act 执法行为被撤销."),
			v(misconduct.OriginSelfReport, "A self-report 主动交代.")),
		findingResult: b.enum("FindingResult", "What was found of an allegation. PENDING and NOT_APPLICABLE stand in old history alone.",
			v(misconduct.ResultSustained, "Sustained."), v(misconduct.ResultPartlySustained, "Partly sustained."),
			v(misconduct.ResultNotSustained, "Neither proved nor disproved."), v(misconduct.ResultExonerated, "It happened and was lawful."),
			v(misconduct.ResultUnfounded, "It did not happen."), v(misconduct.ResultPending, "Not decided when it was imported."),
			v(misconduct.ResultNotApplicable, "The source says that none applies.")),
		discipline: b.enum("Discipline", "What an imported source says about discipline.",
			v(misconduct.DisciplineNone, "None."), v(misconduct.DisciplinePending, "Not decided when it was imported."),
			v(misconduct.DisciplineTraining, "Training or counselling."), v(misconduct.DisciplineGuilty, "Guilty, by a disciplinary board."),
			v(misconduct.DisciplineNotGuilty, "Not guilty, by a disciplinary board."),
			v(misconduct.DisciplineNotApplicable, "The source says that none applies."), v(misconduct.DisciplineOther, "Something else.")),
		sanctionStatus: b.enum("SanctionStatus", "The life of a sanction.",
			v(sanction.StatusProposed, "Proposed."), v(sanction.StatusWithdrawn, "The proposal was withdrawn."),
			v(sanction.StatusNotified, "The officer has notice 告知."), v(sanction.StatusHeard, "The defence was heard 申辩, or waived."),
			v(sanction.StatusApproved, "Approved."), v(sanction.StatusImposed, "Imposed 决定."),
			v(sanction.StatusReleased, "Released 解除: the effect period is over."), v(sanction.StatusOverturned, "Overturned on appeal 撤销."),
			v(sanction.StatusImported, "Old history.")),
		rewardStatus: b.enum("RewardStatus", "The life of a reward.",
			v(reward.StatusNominated, "Nominated."), v(reward.StatusVerified, "Verified."), v(reward.StatusPublicised, "Publicised 公示."),
			v(reward.StatusGranted, "Granted."), v(reward.StatusRefused, "Refused."), v(reward.StatusRevoked, "Revoked.")),
		findingFacet: b.enum("FindingFacet", "What to count findings by.",
			v(projections.ByResult, "The result; values are names of FindingResult."),
			v(projections.ByDiscipline, "The discipline; values are names of Discipline."),
			v(projections.ByCategory, "The category."), v(projections.ByUnit, "The unit's id."), v(projections.ByOfficer, "The officer's id."),
			v(projections.BySource, "The digest of the imported record: how many there are.")),
		complaintFacet: b.enum("ComplaintFacet", "What to count complaints by.",
			v(projections.ByResult, "The result; values are names of ComplaintResult."),
			v(projections.ByRating, "The reporter's rating; values are names of SatisfactionGrade."),
			v(projections.ByCategory, "The category."), v(projections.ByUnit, "The unit's id."),
			v(projections.ByPost, "The id of the post; empty for complaints about none.")),
	}
}
