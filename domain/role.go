package domain

// Role is the capacity in which someone acts or asks.
type Role string

// The roles. What each may do stands at the commands (Command.By, overridden
// by the rulebook); what each may see stands with the reader of the views.
const (
	RoleInspector Role = "inspector" // 纪检监察: opens and runs inquiries, reads accountability histories in scope
	RoleHandler   Role = "handler"   // 承办人: works the complaints assigned to them
	RoleIntake    Role = "intake"    // 受理: receives complaints, the only one to open a sealed identity
	RoleLeader    Role = "leader"    // 领导班子: confirms findings, imposes sanctions, grants rewards
	RoleHR        Role = "hr"        // 人事: keeps units, posts and personnel records
	RoleAuditor   Role = "auditor"   // 审计: reads and verifies, writes nothing
	RoleOverseer  Role = "overseer"  // 监督机关: several agencies' scorecards, guidance
	RoleOfficer   Role = "officer"   // 执法人员: own record file, own defence and appeal
	RolePublic    Role = "public"    // 公众: disclosures, statistics, own complaint by receipt code
	RoleImporter  Role = "importer"  // brings in old history; decides nothing
	RoleSystem    Role = "system"    // reactions and clocks; no person ever holds it
)

// Roles lists every role, in the order of the constants.
func Roles() []Role {
	return []Role{
		RoleInspector, RoleHandler, RoleIntake, RoleLeader, RoleHR, RoleAuditor,
		RoleOverseer, RoleOfficer, RolePublic, RoleImporter, RoleSystem,
	}
}

// ParseRole returns the role of that name.
func ParseRole(name string) (Role, bool) {
	for _, r := range Roles() {
		if string(r) == name {
			return r, true
		}
	}
	return "", false
}
