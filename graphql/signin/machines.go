package signin

import (
	"time"

	"github.com/probity-ledger/probity/domain"
)

// MachinePrefix begins the subject of a machine, and of nobody else: what a
// machine recorded shows it by the actor's name.
const MachinePrefix = "machine:"

// Machines says which machines an issuer's tokens may sign in: programs with
// credentials of their own (OAuth 2.0 client credentials, RFC 6749 section
// 4.4), behind which no person stands.
type Machines struct {
	// Claim marks a machine's token: by being there, or by being Value if
	// that is set. What isMachine knows of tokens of machines counts besides.
	Claim, Value string
	// Client is the claim that names the machine; azp, client_id or cid when
	// empty, whichever is there first.
	Client string
	// Clients are the machines that may sign in, by that name. None else may.
	Clients map[string]Machine
	// MaxLifetime is DefaultMachineLifetime when zero.
	MaxLifetime time.Duration
}

// machineRoles are those a machine may have: it keeps and reads registers. What
// a person answers for (inquiries, findings, measures, a defence) is not a
// machine's to do.
var machineRoles = []domain.Role{domain.RoleHR, domain.RoleIntake, domain.RoleAuditor, domain.RoleOverseer, domain.RoleImporter}

// Machine is what one machine may.
type Machine struct {
	Role  domain.Role
	Units []domain.UnitID
}

// clientClaims are those that name the client in common issuers' tokens.
var clientClaims = []string{"azp", "client_id", "cid"}

// isMachine tells whether a token is a machine's: as the issuer is set up
// (m may be nil), or as issuers mark them by themselves.
func isMachine(c *claims, m *Machines) bool {
	if m != nil && m.Claim != "" {
		if m.Value == "" && c.value(m.Claim) != nil || m.Value != "" && c.text(m.Claim) == m.Value {
			return true
		}
	}
	for _, claim := range clientClaims {
		if client := c.text(claim); client != "" && (c.Subject == client || c.Subject == client+"@clients") {
			return true
		}
	}
	gty := c.text("gty")
	return gty == "client-credentials" || gty == "client_credentials" || c.text("idtyp") == "app"
}

// principal names the machine that the claims are about.
func (m *Machines) principal(c *claims) (Principal, *TokenError) {
	if m == nil {
		return Principal{}, refuse(ReasonMachine, "the token is a machine's, and its issuer may not sign machines in")
	}
	names := clientClaims
	if m.Client != "" {
		names = []string{m.Client}
	}
	var client string
	for _, claim := range names {
		if client = c.text(claim); client != "" {
			break
		}
	}
	machine, ok := m.Clients[client]
	if !ok {
		return Principal{}, refuse(ReasonMachine, "the token is that of a machine that may not sign in")
	}
	p := Principal{Subject: MachinePrefix + client, Role: machine.Role, Units: machine.Units, Machine: true}
	if len(p.Units) > 0 {
		p.Unit = p.Units[0]
	}
	return p, nil
}
