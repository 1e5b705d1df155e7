package projections

import "github.com/probity-ledger/probity/domain"

// AllUnits, as a unit of a principal, means the whole ledger.
const AllUnits domain.UnitID = "*"

// Principal is who asks, as established by the sign-in.
type Principal struct {
	// Subject is the sign-in name: an officer's id, or another person's.
	Subject string
	// Role is the capacity in which they ask.
	Role domain.Role
	// Units are the units in scope, each with everything below it in the
	// tree; AllUnits means all. Without any, an auditor and an overseer see
	// the whole ledger; an inspector, a leader, HR and intake see nothing.
	// Handlers, officers and the public have no units: what they may see
	// does not depend on them.
	Units []domain.UnitID
}

// everywhere tells whether no unit limits what the principal sees.
func (p Principal) everywhere() bool {
	for _, u := range p.Units {
		if u == AllUnits {
			return true
		}
	}
	switch p.Role {
	case domain.RoleSystem:
		return true
	case domain.RoleAuditor, domain.RoleOverseer:
		return len(p.Units) == 0
	}
	return false
}
