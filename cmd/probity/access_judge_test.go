package main

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// What must hold of the matrix whatever the file says.

// open are the types, and single fields, that anybody signed in may see of
// other agencies as well: what is in force for all, what is public, and what
// says nothing about anybody.
var open = []string{
	"Bucket", "Checkpoint", "Cosignature", "Clause", "ComplaintConcentration", "Tenth", "Disclosure", "Ledger", "Projection", "Me", "Statistics",
	"Norm", "NormGap", "NormReview", "NormVersion", "Acknowledgement", "ProcedureStep", "Tier", "Rulebook", "RulebookVersion", "Query",
	// of norms and items due to the public, which are of no agency alone
	"Obligation", "TimelineEntry", "Ref", "Event.id", "Post.id",
	// what a search finds is of the asker's own scope
	"SearchHit", "SearchPart",
}

// trust are those who see every key: they keep the trust of the ledger, or
// check it.
var trust = []domain.Role{domain.RoleAuditor, domain.RoleLeader, domain.RoleHR}

// listed are what officers and handlers see of any agency: where people work.
var listed = []string{"Unit", "Post"}

func mayLie(role domain.Role, typ, field string) bool {
	if role == domain.RoleOfficer || role == domain.RoleHandler {
		if slices.Contains(listed, typ) {
			return true
		}
	}
	if typ == "Key" && slices.Contains(trust, role) {
		return true
	}
	return role == domain.RolePublic || slices.Contains(open, typ) || slices.Contains(open, typ+"."+field)
}

// published are those that the public sees.
var published = []string{"Bucket", "Checkpoint", "Cosignature", "ComplaintConcentration", "Tenth", "Disclosure", "Ledger", "Projection", "Me", "Statistics", "SearchHit", "SearchPart", "Query"}

// Types of the score of early warning, of the groups it falls on, and of the
// order for review.
var (
	scores = []string{"WarningRuleScore", "WarningPrecision", "WarningWait"}
	groups = []string{"WarningFairness", "FairnessOf", "FairnessGroup"}
	queue  = []string{"ReviewQueue", "ReviewPlace"}
)

// withheld are types of which a role sees nothing, whatever its scope.
var withheld = map[domain.Role][]string{
	domain.RoleInspector: groups,
	domain.RoleLeader:    groups,
	domain.RoleHR:        slices.Concat(scores, groups, queue, []string{"Complaint", "Case", "Traceback", "TraceNode", "TraceEdge", "Warning", "Inspection", "Enforcement", "FileInquiry", "FileReadingEntry"}),
	domain.RoleOfficer:   slices.Concat(scores, groups, queue, []string{"Complaint", "Case", "FileInquiry", "Warning", "Inspection", "Traceback"}),
	domain.RoleHandler:   slices.Concat(scores, groups, queue, []string{"Case", "Sanction", "Reward", "RecordFile", "Warning", "Inspection", "Enforcement"}),
	domain.RoleIntake:    slices.Concat(scores, groups, queue, []string{"Case", "Finding", "Sanction", "Reward", "RecordFile", "Warning", "Inspection", "Enforcement"}),
	domain.RoleOverseer:  slices.Concat(queue, []string{"Officer", "RecordFile", "Complaint", "Case", "Finding", "Sanction", "Reward", "Warning", "Inspection", "Traceback", "Enforcement"}),
}

// ones are what an inspector or leader has of themselves alone, beside their
// own keys.
var ones = []string{"Me.officer", "Query.key", "Query.keys"}

// notInDemo are fields of which the demo's district has nothing to show, by
// the reason. Nothing is said of who sees them.
var notInDemo = map[string][]string{
	"the ledger's own key is not on file as events of the demo": {"Signature.key"},
	"no old record of the district tells of sex":                {"FairnessGroup.group"},
	"of one agency too few outcomes are known":                  {"FairnessGroup.known"},
	"no rebuild runs":                     {"Ledger.rebuilding", "Rebuilding.since", "Rebuilding.position"},
	"nobody witnesses the demo":           {"Checkpoint.cosignatures", "Cosignature.witness", "Cosignature.at"},
	"one key is enrolled and never ended": {"Key.succeeds", "Key.succeededBy", "Key.endedAt", "Key.endedOn", "Key.endedBy", "Key.reason", "Key.revokedFrom", "Key.vouchedThrough", "Key.vouchedBy", "Key.proposedFrom", "Key.proposedBy", "Key.number", "Key.from", "Key.until"},
	"asked by another argument":           {"WarningFairness.to", "ActivityCoverage.kind", "Discretion.unit", "Discretion.benchmark", "Discretion.clause"},
	"the stories bring none":              {"CarrierRefresh.evidence", "EnforcementStep.note", "FileFinding.norm", "FileFinding.normVersion", "FileInterest.unit", "FileInterest.officer", "Finding.norm", "Finding.normVersion", "Inspection.post", "NormGap.enforcement", "Obligation.tolledSince", "Obligation.stoppedOn", "Obligation.stoppedBy", "Observation.post", "Plan.importedTargets", "Plan.importedMet", "Rectification.note", "Rulebook.supersededBy", "RulebookVersion.reason", "StageReportLine.remark", "Warning.complaint"},
	"no proposal of a case is adopted, and warnings that lead to cases are about officers": {"Remedy.rulebook", "Remedy.rulebookVersion", "Rulebook.remedies", "RemedySince.post", "RemedySince.unit"},
	"the complaint of the public comes without files":                                      {"ComplaintMessage.files"},
	"the newest events alone are looked through, and none of them is imported":             {"Event.sourceDigest"},
}

func missing(key string) bool {
	for _, fields := range notInDemo {
		if slices.Contains(fields, key) {
			return true
		}
	}
	return false
}

func (m *matrix) judge() {
	for _, typ := range m.schema.answers() {
		for _, f := range m.schema.objects[typ].Fields {
			key := typ + "." + f.Name.Value
			seen := m.seen[key]
			if known := missing(key); known == (len(seen) > 0) {
				m.d.t.Errorf("%s: shown to nobody is %t, on the list of what the demo does not hold %t", key, len(seen) == 0, known)
			}
			for role, relations := range seen {
				if relations[beyond] && !mayLie(role, typ, f.Name.Value) {
					m.d.t.Errorf("%s: a %s sees it of another agency, or of what is not theirs", key, role)
				}
				if role == domain.RolePublic && !slices.Contains(published, typ) {
					m.d.t.Errorf("%s: the public sees it", key)
				}
				if slices.Contains(withheld[role], typ) {
					m.d.t.Errorf("%s: a %s sees it", key, role)
				}
				if (role == domain.RoleInspector || role == domain.RoleLeader) && relations[concerned] && !relations[within] && !slices.Contains(ones, key) && typ != "Key" {
					m.d.t.Errorf("%s: a %s sees it of what concerns themselves alone", key, role)
				}
			}
		}
	}
}
