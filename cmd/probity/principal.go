package main

import (
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// asPrincipal reads --as ROLE:SUBJECT[@UNIT,…]: in whose name the shell asks.
// Whoever can read the data folder can read the ledger, so this grants
// nothing; it shows what that role would see.
func asPrincipal(as string) (projections.Principal, error) {
	role, rest, _ := strings.Cut(as, ":")
	r, ok := domain.ParseRole(role)
	if !ok || r == domain.RoleSystem {
		return projections.Principal{}, hinted{usagef("--as %q names no role", as), "write ROLE:SUBJECT or ROLE:SUBJECT@UNIT, as in auditor:sun or hr:li@hq; the roles are inspector, handler, intake, leader, hr, auditor, overseer, officer, public"}
	}
	subject, units, scoped := strings.Cut(rest, "@")
	p := projections.Principal{Subject: subject, Role: r}
	if scoped {
		for _, u := range strings.Split(units, ",") {
			if u == "" {
				return p, hinted{usagef("--as %q holds an empty unit", as), "name the units, as in hr:li@hq,port, or leave the @ out"}
			}
			p.Units = append(p.Units, domain.UnitID(u))
		}
	}
	if p.Subject == "" && r != domain.RolePublic {
		return p, hinted{usagef("--as %q names no subject", as), "write ROLE:SUBJECT, as in auditor:sun"}
	}
	return p, nil
}
