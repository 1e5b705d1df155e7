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
}

// listed are what officers and handlers see of any agency: where people work.
var listed = []string{"Unit", "Post"}

func mayLie(role domain.Role, typ, field string) bool {
	if role == domain.RoleOfficer || role == domain.RoleHandler {
		if slices.Contains(listed, typ) {
			return true
		}
	}
	return role == domain.RolePublic || slices.Contains(open, typ) || slices.Contains(open, typ+"."+field)
}

// published are those that the public sees.
var published = []string{"Bucket", "Checkpoint", "Cosignature", "ComplaintConcentration", "Tenth", "Disclosure", "Ledger", "Projection", "Me", "Statistics", "Query"}

// withheld are types of which a role sees nothing, whatever its scope.
var withheld = map[domain.Role][]string{
	domain.RoleHR:       {"Complaint", "Case", "Traceback", "TraceNode", "TraceEdge", "Warning", "Inspection", "Enforcement", "FileInquiry", "FileReadingEntry"},
	domain.RoleOfficer:  {"Complaint", "Case", "FileInquiry", "Warning", "Inspection", "Traceback"},
	domain.RoleHandler:  {"Case", "Sanction", "Reward", "RecordFile", "Warning", "Inspection", "Enforcement"},
	domain.RoleIntake:   {"Case", "Finding", "Sanction", "Reward", "RecordFile", "Warning", "Inspection", "Enforcement"},
	domain.RoleOverseer: {"Officer", "RecordFile", "Complaint", "Case", "Finding", "Sanction", "Reward", "Warning", "Inspection", "Traceback", "Enforcement"},
}

// notInDemo are fields of which the demo's district has nothing to show, with
// the reason. Nothing is said of who sees them.
var notInDemo = map[string]string{}

func (m *matrix) judge() {
	for _, typ := range m.schema.answers() {
		for _, f := range m.schema.objects[typ].Fields {
			key := typ + "." + f.Name.Value
			seen := m.seen[key]
			if _, known := notInDemo[key]; known == (len(seen) > 0) {
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
				if (role == domain.RoleInspector || role == domain.RoleLeader) && relations[concerned] && !relations[within] && key != "Me.officer" {
					m.d.t.Errorf("%s: a %s sees it of what concerns themselves alone", key, role)
				}
			}
		}
	}
}
