package signin

import (
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/probity-ledger/probity/domain"
)

// Keys are the public keys of one issuer. Package jwks has those of an OpenID
// Connect issuer.
type Keys interface {
	// Key returns the key that a token, of which the signature is not yet
	// checked, names in its header. It may wait for the key to be fetched.
	Key(token *jwt.Token) (crypto.PublicKey, error)
	// Current returns the key of an id as it is known now. It does not wait.
	Current(kid string) (crypto.PublicKey, bool)
}

// Trusted is an outside issuer, and what its tokens may sign in. All but
// MaxLifetime and Machines is required.
type Trusted struct {
	// Issuer is the iss of its tokens, Audience one of their aud.
	Issuer   string
	Audience string
	Keys     Keys
	// Methods are the accepted signing methods by their JWA name. Symmetric
	// ones and "none" are refused.
	Methods []string
	Mapping Mapping
	// MaxLifetime is the longest life of a person's token; MaxLifetime of
	// this package when zero, which it may not exceed.
	MaxLifetime time.Duration
	// Machines that may sign in; nil for none.
	Machines *Machines
}

// NewTrustedVerifier makes a verifier of several issuers. The iss of a token
// chooses the issuer, and that one's keys alone are tried. Its now is
// time.Now when nil.
func NewTrustedVerifier(now func() time.Time, issuers ...Trusted) (*Verifier, error) {
	if len(issuers) == 0 {
		return nil, errors.New("there is no issuer to trust")
	}
	if now == nil {
		now = time.Now
	}
	v, err := newVerifier(now)
	if err != nil {
		return nil, err
	}
	for _, t := range issuers {
		if err := t.Check(); err != nil {
			return nil, fmt.Errorf("issuer %s: %w", t.Issuer, err)
		}
		if t.Issuer == LaptopIssuer || v.issuers[t.Issuer] != nil {
			return nil, fmt.Errorf("issuer %s: is trusted twice, or is our own", t.Issuer)
		}
		v.trust(t, false)
	}
	return v, nil
}

// FieldError is a mistake in what an issuer is told to be trusted with. The
// field is named as in a settings file: "claims.role".
type FieldError struct {
	Field   string
	Message string
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Message }

func wrong(field, format string, args ...any) error {
	return &FieldError{field, fmt.Sprintf(format, args...)}
}

// Check tells what is wrong with an issuer, as a *FieldError. It does not look
// at Keys.
func (t *Trusted) Check() error {
	switch {
	case t.Issuer == "":
		return wrong("issuer", "is missing")
	case t.Audience == "":
		return wrong("audience", "is missing")
	case t.MaxLifetime < 0 || t.MaxLifetime > MaxLifetime:
		return wrong("max-lifetime", "must be more than nothing and at most %s", spell(MaxLifetime))
	}
	if err := checkMethods(t.Methods); err != nil {
		return err
	}
	if err := t.Mapping.check(); err != nil {
		return err
	}
	return t.Machines.check(t.Mapping.Allowed)
}

func checkMethods(methods []string) error {
	if len(methods) == 0 {
		return wrong("algorithms", "are missing")
	}
	for _, method := range methods {
		if !asymmetric[method] {
			return wrong("algorithms", "%q is not an asymmetric signing method", method)
		}
	}
	return nil
}

func (m *Mapping) check() error {
	for _, role := range m.Allowed {
		if role == domain.RoleSystem || role == domain.RolePublic {
			return wrong("roles", "nobody signs in as %q", role)
		}
		if _, ok := domain.ParseRole(string(role)); !ok {
			return wrong("roles", "there is no role %q", role)
		}
	}
	if len(m.Allowed) == 0 {
		return wrong("roles", "are missing: those that this issuer may give")
	}
	switch {
	case m.Fixed != "" && (m.Role != "" || m.Names != nil):
		return wrong("role", "is fixed, so claims.role and role-map must not be set")
	case m.Fixed == "" && m.Role == "":
		return wrong("claims.role", "is missing: the claim that holds the role; or a fixed role")
	case m.Fixed != "" && !slices.Contains(m.Allowed, m.Fixed):
		return wrong("role", "%q is not one of the roles this issuer may give", m.Fixed)
	case m.FixedUnits != nil && m.Units != nil:
		return wrong("units", "are fixed, so claims.units must not be set")
	case !m.Everywhere && slices.Contains(m.FixedUnits, everywhere):
		return wrong("units", `"*" needs whole-ledger: true`)
	case strings.HasPrefix(m.SubjectPrefix, MachinePrefix):
		return wrong("subject-prefix", "%q is that of machines", MachinePrefix)
	}
	for name, role := range m.Names {
		if !slices.Contains(m.Allowed, role) {
			return wrong("role-map", "%q leads to %q, which is not one of the roles this issuer may give", name, role)
		}
	}
	return checkUnits("units", m.FixedUnits)
}

func checkUnits(field string, units []domain.UnitID) error {
	if len(units) > MaxUnits {
		return wrong(field, "are more than %d", MaxUnits)
	}
	for _, unit := range units {
		if !isName(string(unit), MaxSubject) {
			return wrong(field, "%q is not the id of a unit", unit)
		}
	}
	return nil
}

// check holds machines to roles that the issuer may give and name their
// units, so that none reads everything for want of a line.
func (m *Machines) check(allowed []domain.Role) error {
	if m == nil {
		return nil
	}
	switch {
	case m.Value != "" && m.Claim == "":
		return wrong("machine.value", "needs machine.claim")
	case len(m.Clients) == 0:
		return wrong("machine.clients", "are missing: the machines that may sign in")
	case m.MaxLifetime < 0 || m.MaxLifetime > MaxLifetime:
		return wrong("machine.max-lifetime", "must be more than nothing and at most %s", spell(MaxLifetime))
	}
	for name, machine := range m.Clients {
		field := "machine.clients." + name
		switch {
		case !isName(MachinePrefix+name, MaxSubject):
			return wrong(field, "is not a usable name")
		case !slices.Contains(allowed, machine.Role):
			return wrong(field+".role", "%q is not one of the roles this issuer may give", machine.Role)
		case !slices.Contains(machineRoles, machine.Role):
			return wrong(field+".role", "%q is for persons; a machine may be one of %s", machine.Role, machineRoles)
		case len(machine.Units) == 0:
			return wrong(field+".units", `are missing: the units in its scope, or "*" for all`)
		}
		if err := checkUnits(field+".units", machine.Units); err != nil {
			return err
		}
	}
	return nil
}
