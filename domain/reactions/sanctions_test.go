package reactions_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/sanction"
)

// sanctioned is the case against P7 up to its finding, and the sanction that
// it proposes up to its decision, all on the day.
func sanctioned(id domain.CaseID, m domain.Measure, day string) []step {
	k, s := string(id), string(reactions.SanctionOf(id, "P7"))
	borneOut := finding("P7", "gifts", misconduct.ResultSustained, m)
	borneOut.DeedOn = domain.MustDate("2024-01-02")
	return []step{
		{day, "inspector-wang", domain.RoleInspector, k, misconduct.Open{Origin: misconduct.OriginInspection, Officers: []domain.OfficerID{"P7"}, Conduct: "gifts"}},
		{day, "leader-zhao", domain.RoleLeader, k, misconduct.NameInvestigators{Investigators: []domain.ActorID{"inspector-wang", "inspector-he"}}},
		{day, "inspector-wang", domain.RoleInspector, k, misconduct.GiveNotice{Officer: "P7"}},
		{day, "inspector-wang", domain.RoleInspector, k, misconduct.HearStatement{Officer: "P7", Waived: true}},
		{day, "inspector-wang", domain.RoleInspector, k, misconduct.ProposeFinding{Findings: []misconduct.Finding{borneOut}}},
		{day, "leader-zhao", domain.RoleLeader, k, misconduct.ConfirmFinding{}},
		{day, "inspector-wang", domain.RoleInspector, s, sanction.Notify{}},
		{day, "P7", domain.RoleOfficer, s, sanction.HearDefence{Waived: true}},
		{day, "leader-chen", domain.RoleLeader, s, sanction.Approve{}},
		{day, "leader-chen", domain.RoleLeader, s, sanction.Impose{}},
		{day, "hr-li", domain.RoleHR, s, sanction.Serve{}},
	}
}

// overturned is the appeal that takes the sanction of the case back.
func overturned(id domain.CaseID, day string) []step {
	s := string(reactions.SanctionOf(id, "P7"))
	return []step{
		{day, "P7", domain.RoleOfficer, s, sanction.Appeal{Ground: "it was another"}},
		{day, "leader-zhao", domain.RoleLeader, s, sanction.DecideAppeal{Outcome: sanction.OutcomeOverturned, Opinion: "another person"}},
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
	l.do(sanctioned("K1", domain.MeasureMajor, "2024-01-08")...)
	l.do(sanctioned("K2", domain.MeasureDemotion, "2024-02-05")...)
	l.certificate("after both", officer.CertificateHeld)
	l.do(overturned("K2", "2024-03-04")...)
	l.certificate("after one fell", officer.CertificateHeld)
	l.do(step{"2025-07-09", domain.ActorSystem, domain.RoleSystem, "K1.P7", sanction.Release{}})
	l.certificate("after the other was released", officer.CertificateValid)
	if len(l.refused) > 0 {
		t.Errorf("reactions were refused: %q", l.refused)
	}
}

func TestASanctionAgainstSomebodyWithoutACertificateRefusesNothing(t *testing.T) {
	l := newLedger(t)
	l.do(service()[:2]...) // the unit and P7
	l.do(sanctioned("K1", domain.MeasureMajor, "2024-01-08")...)
	l.do(overturned("K1", "2024-02-05")...)
	if len(l.officer("P7").Restrictions) > 0 || len(l.refused) > 0 {
		t.Errorf("restrictions %v, refused reactions %q", l.officer("P7").Restrictions, l.refused)
	}
}

func TestADismissalThatFallsBringsThePersonBack(t *testing.T) {
	l := newLedger(t)
	l.do(service()...)
	l.do(sanctioned("K1", domain.MeasureDismissal, "2024-01-08")...)
	l.do(
		step{"2024-01-15", "hr-li", domain.RoleHR, "P7", officer.RevokeCertificate{Reason: "dismissed"}},
		step{"2024-01-15", "hr-li", domain.RoleHR, "P7", officer.Separate{Reason: officer.ReasonDismissed}},
	)
	l.do(overturned("K1", "2024-02-05")...)
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
