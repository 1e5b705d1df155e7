package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
)

// Acts are opened by P1 and P2 of U1; P3 and P4 of U2 may stand in for them
// or supervise.
var acting = slices.Concat(agency, []told{
	{"hr:hr-li", "U2", unit.Establish{UnitName: "监察室", UnitKind: unit.KindDepartment, Parent: "U1"}},
	{"hr:hr-li", "P3", officer.Enroll{FullName: "赵敏", Unit: "U2", On: domain.MustDate("2020-01-06")}},
	{"hr:hr-li", "P4", officer.Enroll{FullName: "孙强", Unit: "U2", On: domain.MustDate("2020-01-06")}},
	{"hr:hr-li", "P1", officer.IssueCertificate{Number: "C1"}},
	{"hr:hr-li", "P2", officer.IssueCertificate{Number: "C2"}},
	{"hr:hr-li", "P3", officer.IssueCertificate{Number: "C3"}},
	{"inspector:insp-he", "N1", norm.Draft{Title: "许可程序", NormKind: norm.KindProcedure, Unit: "U1", Owner: "P2", Steps: []norm.Step{
		{Code: "check", StepName: "核查", StepKind: norm.StepOther, TwoOfficers: true},
		{Code: "decide", StepName: "决定", StepKind: norm.StepDecide, Requires: []string{"check"}},
	}}},
	{"leader:leader-chen", "N1", norm.Adopt{}},
})

var permit = enforcement.Open{ActKind: enforcement.KindApproval, Unit: "U1", Procedure: "N1", PartyKind: enforcement.PartyPerson,
	Party: "sha256:" + strings.Repeat("a", 64), Officers: []domain.OfficerID{"P1", "P2"}, Matter: "market stall"}

var certificates = contest{
	rule:   "nobody is put on an act without a valid certificate",
	before: acting,
	racers: []func(int) []told{
		func(int) []told {
			return []told{
				{"leader:leader-chen", "P2", officer.SuspendCertificate{Reason: "lost"}},
				{"hr:hr-li", "P2", officer.RestoreCertificate{}},
			}
		},
		func(round int) []told {
			return []told{{"officer:P1", fmt.Sprint("E", round), permit}}
		},
		func(round int) []told {
			return []told{
				{"officer:P1", fmt.Sprint("F", round), permit},
				{"officer:P1", fmt.Sprint("F", round), enforcement.TakeStep{Step: "check", Second: "P2"}},
			}
		},
	},
	breach: func(f folds, d ledger.Decoded) string {
		if _, ok := d.Event.(enforcement.Opened); !ok {
			return ""
		}
		if c := at[officer.Officer](f, domain.OfficerID("P2")).Certificate; c.Status != officer.CertificateValid {
			return fmt.Sprintf("the certificate of P2 is %s", c.Status)
		}
		return ""
	},
	commands: []domain.CommandName{"officer.suspend_certificate", "officer.restore_certificate", "enforcement.open"},
}

var outside = contest{
	rule:   "who supervises an act has no hand in it",
	before: acting,
	racers: []func(int) []told{
		func(round int) []told { return []told{{"officer:P1", fmt.Sprint("E", round), permit}} },
		// What one round opened, the next gives to P3 and has P3 supervise.
		func(round int) []told {
			return []told{{"leader:leader-chen", fmt.Sprint("E", round-1), enforcement.ReplaceOfficers{Officers: []domain.OfficerID{"P1", "P3"}, Reason: "leave"}}}
		},
		func(round int) []told {
			return []told{{"leader:leader-wu", fmt.Sprint("I", round), inspection.Open{Powers: []inspection.Power{inspection.PowerExamine},
				Enforcement: domain.EnforcementID(fmt.Sprint("E", round-1)), Supervisors: []domain.OfficerID{"P3", "P4"}, Basis: "the plan"}}}
		},
	},
	breach: func(f folds, d ledger.Decoded) string {
		if e, ok := d.Event.(inspection.Opened); ok && at[enforcement.Enforcement](f, e.Enforcement).Concerns("P3") {
			return "P3 is on the act"
		}
		return ""
	},
	commands: []domain.CommandName{"enforcement.replace_officers", "inspection.open"},
}

func TestGuardsOverActsHoldInARace(t *testing.T) {
	for _, c := range []contest{certificates, outside} {
		c.everywhere(t)
	}
}
