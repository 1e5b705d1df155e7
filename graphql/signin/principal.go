package signin

import (
	"context"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Principal is who asks, and in which role and scope.
type Principal struct {
	// Subject names the person, or the machine with MachinePrefix before its
	// name; empty for the public.
	Subject string
	// Machine is set when no person stands behind the token.
	Machine bool
	Role    domain.Role
	// Unit is the first of Units, for those with one; Units is the scope
	// the issuer granted. Both are empty when the token names none.
	Unit  domain.UnitID
	Units []domain.UnitID
	// Issuer and TokenID (jti) say where the claim comes from; Expires when
	// it ends. All zero for the public.
	Issuer  string
	TokenID string
	Expires time.Time
}

// Public is the principal of a request without a token.
func Public() Principal { return Principal{Role: domain.RolePublic} }

type contextKey struct{}

// NewContext returns a context that carries the principal.
func NewContext(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// FromContext returns the principal of a request. Without one the caller
// must answer nothing.
func FromContext(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(contextKey{}).(Principal)
	return p, ok
}
