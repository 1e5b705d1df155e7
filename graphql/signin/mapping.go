package signin

import (
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// everywhere, as a unit, is the whole ledger.
const everywhere domain.UnitID = "*"

// Mapping says how the claims of an issuer's tokens for persons become a
// principal. A claim is named as it stands in the token; a name that begins
// with a slash is a JSON Pointer into it ("/realm_access/roles").
type Mapping struct {
	// Subject is the claim that names the person, "sub" when empty.
	Subject string
	// SubjectPrefix is put before it, so that names of two issuers differ.
	SubjectPrefix string
	// Role is the claim that holds the role, or a list with it.
	Role string
	// Fixed is the role of all persons, in place of a claim.
	Fixed domain.Role
	// Names turns the issuer's names (groups, say) into roles. Without any,
	// the claim holds our names. Names that are not there are ignored.
	Names map[string]domain.Role
	// Allowed are the roles the issuer may give; no other is.
	Allowed []domain.Role
	// Units are the claims that hold units, each one or a list.
	Units []string
	// FixedUnits are the scope of all persons, in place of claims.
	FixedUnits []domain.UnitID
	// Everywhere lets the issuer give the whole ledger as a scope: by the
	// unit "*", and by none to an auditor or an overseer.
	Everywhere bool
}

// laptopMapping is that of the tokens we mint ourselves.
var laptopMapping = Mapping{
	Subject: "sub", Role: "role", Units: []string{"unit", "units"}, Everywhere: true,
	Allowed: slices.DeleteFunc(domain.Roles(), func(r domain.Role) bool { return r == domain.RoleSystem }),
}

// principal names the person that the claims are about.
func (m *Mapping) principal(c *claims) (Principal, *TokenError) {
	subject := c.Subject
	if m.Subject != "" && m.Subject != "sub" {
		subject = c.text(m.Subject)
	}
	if !isName(subject, MaxSubject) {
		return Principal{}, refuse(ReasonClaims, "the token has no usable subject")
	}
	if subject = m.SubjectPrefix + subject; strings.HasPrefix(subject, MachinePrefix) || subject == string(domain.ActorSystem) || len(subject) > MaxSubject {
		return Principal{}, refuse(ReasonClaims, "the token's subject is not one of a person")
	}
	role, refused := m.role(c)
	if refused != nil {
		return Principal{}, refused
	}
	p := Principal{Subject: subject, Role: role}
	units := m.FixedUnits
	if units == nil {
		if units, refused = m.units(c); refused != nil {
			return Principal{}, refused
		}
	}
	if p.Units = units; len(units) > 0 {
		p.Unit = units[0]
	} else if (role == domain.RoleAuditor || role == domain.RoleOverseer) && !m.Everywhere {
		return Principal{}, refuse(ReasonRole, "the token names no unit, and its issuer may not give the whole ledger")
	}
	return p, nil
}

// role finds the one role that the token gives and its issuer may give.
func (m *Mapping) role(c *claims) (domain.Role, *TokenError) {
	if m.Fixed != "" {
		return m.Fixed, nil
	}
	names, ok := c.texts(m.Role)
	if !ok {
		return "", refuse(ReasonRole, "the token's claim of a role is neither a text nor a list of them")
	}
	var found domain.Role
	for _, name := range names {
		role, ok := m.Names[name]
		if m.Names == nil {
			role, ok = domain.ParseRole(name)
		}
		if !ok || !slices.Contains(m.Allowed, role) {
			continue
		}
		if found != "" && found != role {
			return "", refuse(ReasonRole, "the token has several roles; sign in with one")
		}
		found = role
	}
	if found == "" {
		return "", refuse(ReasonRole, "the token has no role that may sign in")
	}
	return found, nil
}

// units reads the scope, each unit once.
func (m *Mapping) units(c *claims) ([]domain.UnitID, *TokenError) {
	var names []string
	for _, claim := range m.Units {
		more, ok := c.texts(claim)
		if !ok {
			return nil, refuse(ReasonClaims, "the token's claim of units is neither a text nor a list of them")
		}
		names = append(names, more...)
	}
	if len(names) > MaxUnits {
		return nil, refuse(ReasonClaims, "the token names more than %d units", MaxUnits)
	}
	var units []domain.UnitID
	for _, name := range names {
		unit := domain.UnitID(name)
		switch {
		case !isName(name, MaxSubject):
			return nil, refuse(ReasonClaims, "the token names an unusable unit")
		case unit == everywhere && !m.Everywhere:
			return nil, refuse(ReasonRole, "the token's issuer may not give the whole ledger as a scope")
		case !slices.Contains(units, unit):
			units = append(units, unit)
		}
	}
	return units, nil
}
