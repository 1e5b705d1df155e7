package projections

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// AllUnits, as a unit of a principal, means the whole ledger.
const AllUnits domain.UnitID = "*"

// Principal is who asks, as established by the sign-in.
type Principal struct {
	// Subject is the sign-in name: an officer's id, or another person's.
	Subject string
	// Role is the capacity in which they ask.
	Role domain.Role
	// Machine is set when no person stands behind the sign-in.
	Machine bool
	// Units are the units in scope, each with everything below it in the
	// tree; AllUnits means all. Without any, an auditor and an overseer see
	// the whole ledger; an inspector, a leader, HR and intake see nothing.
	// Handlers, officers and the public have no units: what they may see
	// does not depend on them. An empty unit takes nothing in, and is not
	// the same as none.
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

// named are the units without empty ones, which would be the parent of every
// unit that has none.
func (p Principal) named() []domain.UnitID {
	return slices.DeleteFunc(slices.Clone(p.Units), func(u domain.UnitID) bool { return u == "" })
}
