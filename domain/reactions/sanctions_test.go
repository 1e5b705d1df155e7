package reactions_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/sanction"
)

// sanctioned is a sanction against P7 up to its decision on the day.
func sanctioned(id string, m domain.Measure, day string) []step {
	return []step{
		{day, "inspector-wang", domain.RoleInspector, id, sanction.Propose{Officer: "P7", Measure: m, Conduct: "gifts"}},
		{day, "inspector-wang", domain.RoleInspector, id, sanction.Notify{}},
		{day, "P7", domain.RoleOfficer, id, sanction.HearDefence{Waived: true}},
		{day, "leader-chen", domain.RoleLeader, id, sanction.Approve{}},
		{day, "leader-chen", domain.RoleLeader, id, sanction.Impose{}},
		{day, "hr-li", domain.RoleHR, id, sanction.Serve{}},
	}
}

// overturned is the appeal that takes the sanction back.
func overturned(id, day string) []step {
	return []step{
		{day, "P7", domain.RoleOfficer, id, sanction.Appeal{Ground: "it was another"}},
		{day, "leader-zhao", domain.RoleLeader, id, sanction.DecideAppeal{Outcome: sanction.OutcomeOverturned, Opinion: "another person"}},
	}
}

func (l *ledger) certificate(when string, want officer.CertificateStatus) {
	l.t.Helper()
	if c := l.officer("P7").Certificate; c.Status != want {
		l.t.Fatalf("%s the certificate is %+v, want %s", when, c, want)
	}
}

func TestOfTwoSuspendingSanctionsTheLastGivesTheCertificateBack(t *testing.T) {
	l := newLedger(t)
	l.do(service()...)
	l.do(sanctioned("S1", domain.MeasureMajor, "2024-01-08")...)
	l.do(sanctioned("S2", domain.MeasureDemotion, "2024-02-05")...)
	l.certificate("after both", officer.CertificateHeld)
	l.do(overturned("S2", "2024-03-04")...)
	l.certificate("after one fell", officer.CertificateHeld)
	l.do(step{"2025-07-09", domain.ActorSystem, domain.RoleSystem, "S1", sanction.Release{}})
	l.certificate("after the other was released", officer.CertificateValid)
	if len(l.refused) > 0 {
		t.Errorf("reactions were refused: %q", l.refused)
	}
}

func TestASanctionAgainstSomebodyWithoutACertificateRefusesNothing(t *testing.T) {
	l := newLedger(t)
	l.do(service()[:2]...) // the unit and P7
	l.do(sanctioned("S1", domain.MeasureMajor, "2024-01-08")...)
	l.do(overturned("S1", "2024-02-05")...)
	if len(l.officer("P7").Restrictions) > 0 || len(l.refused) > 0 {
		t.Errorf("restrictions %v, refused reactions %q", l.officer("P7").Restrictions, l.refused)
	}
}

func TestADismissalThatFallsBringsThePersonBack(t *testing.T) {
	l := newLedger(t)
	l.do(service()...)
	l.do(sanctioned("S1", domain.MeasureDismissal, "2024-01-08")...)
	l.do(
		step{"2024-01-15", "hr-li", domain.RoleHR, "P7", officer.RevokeCertificate{Reason: "dismissed"}},
		step{"2024-01-15", "hr-li", domain.RoleHR, "P7", officer.Separate{Reason: officer.ReasonDismissed}},
	)
	l.do(overturned("S1", "2024-02-05")...)
	p := l.officer("P7")
	if p.Status != officer.StatusServing || len(p.Restrictions) > 0 || p.Certificate.Status != officer.CertificateWithdrawn {
		t.Errorf("after the dismissal fell the file is %+v", p)
	}
	if last := l.bySystem[len(l.bySystem)-1]; last != "officer.reinstated.v1" {
		t.Errorf("the last that the system did is %s", last)
	}
	l.do(step{"2024-02-06", "hr-li", domain.RoleHR, "P7", officer.IssueCertificate{Number: "C-8"}})
	if len(l.refused) > 0 {
		t.Errorf("reactions were refused: %q", l.refused)
	}
}
