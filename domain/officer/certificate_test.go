package officer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

var (
	// issued has a year to run, lapsed ended the day before.
	issued    = domaintest.Past{Act: hr, Event: officer.CertificateIssued{Number: "C-1", ValidFrom: day("2020-03-10"), ValidTo: day("2025-03-10")}}
	lapsed    = domaintest.Past{Act: hr, Event: officer.CertificateIssued{Number: "C-1", ValidFrom: day("2019-03-03"), ValidTo: day("2024-03-03")}}
	lost      = domaintest.Past{Act: hr, Event: officer.CertificateSuspended{Number: "C-1", Reason: "lost"}}
	withheld  = domaintest.Past{Act: system, Event: officer.CertificateSuspended{Number: "C-1", Sanction: "S2"}}
	revoked   = domaintest.Past{Act: leader, Event: officer.CertificateRevoked{Number: "C-1", Reason: "forged log"}}
	reopened  = domaintest.Past{Act: system, Event: officer.CertificateRestored{Number: "C-1"}}
	major     = domaintest.Past{Act: system, Event: officer.Restricted{Sanction: "S2", Measure: domain.MeasureMajor, From: day("2023-12-26"), Until: day("2025-06-26"), BarsPromotion: true}}
	majorOver = domaintest.Past{Act: system, Event: officer.RestrictionLifted{Sanction: "S2"}}
)

var issuing = []domaintest.Scenario{
	{
		Name: "a certificate is valid for the rulebook's term", Given: past(),
		When: officer.IssueCertificate{Number: "C-1"}, As: hr,
		Then: []domain.Event{officer.CertificateIssued{Number: "C-1", ValidFrom: day("2024-03-04"), ValidTo: day("2029-03-04")}},
	},
	{
		Name: "a certificate may be valid for less", Given: past(),
		When: officer.IssueCertificate{Number: "C-1", ValidFrom: day("2024-04-01"), ValidTo: day("2024-12-31")}, As: hr,
		Then: []domain.Event{officer.CertificateIssued{Number: "C-1", ValidFrom: day("2024-04-01"), ValidTo: day("2024-12-31")}},
	},
	{
		Name: "a certificate is not valid for longer", Given: past(),
		When: officer.IssueCertificate{Number: "C-1", ValidTo: day("2029-03-05")}, As: hr,
		Refused: domain.CodeRule, Field: "validTo", Rule: "common practice",
	},
	{
		Name: "a certificate that ends before it begins is refused", Given: past(),
		When: officer.IssueCertificate{Number: "C-1", ValidFrom: day("2024-04-01"), ValidTo: day("2024-03-31")}, As: hr,
		Refused: domain.CodeInvalid, Field: "validTo",
	},
	{
		Name: "a certificate that is over is not issued", Given: past(),
		When: officer.IssueCertificate{Number: "C-1", ValidFrom: day("2023-04-01"), ValidTo: day("2024-03-03")}, As: hr,
		Refused: domain.CodeInvalid, Field: "validTo",
	},
	{
		Name: "a certificate has a number", Given: past(),
		When: officer.IssueCertificate{}, As: hr,
		Refused: domain.CodeInvalid, Field: "number",
	},
	{
		Name: "no second certificate is issued beside a valid one", Given: past(issued),
		When: officer.IssueCertificate{Number: "C-2"}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "no new certificate gets round a suspension", Given: past(issued, lost),
		When: officer.IssueCertificate{Number: "C-2"}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "no new certificate gets round a sanction", Given: past(major),
		When: officer.IssueCertificate{Number: "C-2"}, As: hr,
		Refused: domain.CodeRule, Rule: "公职人员政务处分法",
	},
	{
		Name: "a sanction that leaves the certificate alone does not stop a first one", Given: past(demerit),
		When: officer.IssueCertificate{Number: "C-1"}, As: hr,
		Then: []domain.Event{officer.CertificateIssued{Number: "C-1", ValidFrom: day("2024-03-04"), ValidTo: day("2029-03-04")}},
	},
	{
		Name: "nobody is certified while suspended from duty", Given: past(suspended),
		When: officer.IssueCertificate{Number: "C-1"}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "a new certificate follows one that ran out", Given: past(lapsed),
		When: officer.IssueCertificate{Number: "C-2"}, As: hr,
		Then: []domain.Event{officer.CertificateIssued{Number: "C-2", ValidFrom: day("2024-03-04"), ValidTo: day("2029-03-04")}},
	},
	{
		Name: "a new certificate follows one that was revoked", Given: past(issued, revoked),
		When: officer.IssueCertificate{Number: "C-2"}, As: hr,
		Then: []domain.Event{officer.CertificateIssued{Number: "C-2", ValidFrom: day("2024-03-04"), ValidTo: day("2029-03-04")}},
	},
	{
		Name: "a new certificate has a new number", Given: past(issued, revoked),
		When: officer.IssueCertificate{Number: "C-1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "number",
	},
	{
		Name: "a renewal extends by the rulebook's term from its day", Given: past(issued),
		When: officer.RenewCertificate{}, As: hr,
		Then: []domain.Event{officer.CertificateRenewed{Number: "C-1", ValidTo: day("2029-03-04")}},
	},
	{
		Name: "a renewal may extend by less", Given: past(issued),
		When: officer.RenewCertificate{Number: "C-1", ValidTo: day("2026-03-10")}, As: hr,
		Then: []domain.Event{officer.CertificateRenewed{Number: "C-1", ValidTo: day("2026-03-10")}},
	},
	{
		Name: "a renewal extends by no more", Given: past(issued),
		When: officer.RenewCertificate{ValidTo: day("2029-03-05")}, As: hr,
		Refused: domain.CodeRule, Field: "validTo",
	},
	{
		Name: "a renewal that extends nothing is refused", Given: past(issued),
		When: officer.RenewCertificate{ValidTo: day("2025-03-10")}, As: hr,
		Refused: domain.CodeInvalid, Field: "validTo",
	},
	{
		Name: "on its last day a certificate is renewed", Given: past(lapsed),
		When: officer.RenewCertificate{}, As: domaintest.At(hr, domaintest.On("2024-03-03")),
		Then: []domain.Event{officer.CertificateRenewed{Number: "C-1", ValidTo: day("2029-03-03")}},
	},
	{
		Name: "the day after it is too late to renew", Given: past(lapsed),
		When: officer.RenewCertificate{}, As: hr,
		Refused: domain.CodeTooLate, Rule: "common practice",
	},
	{
		Name: "a renewed certificate is renewed again within its new term", Given: past(issued,
			domaintest.Past{Act: hr, Event: officer.CertificateRenewed{Number: "C-1", ValidTo: day("2029-03-04")}}),
		When: officer.RenewCertificate{}, As: domaintest.At(hr, domaintest.On("2029-03-04")),
		Then: []domain.Event{officer.CertificateRenewed{Number: "C-1", ValidTo: day("2034-03-04")}},
	},
	{
		Name: "a renewal names the right certificate", Given: past(issued),
		When: officer.RenewCertificate{Number: "C-9"}, As: hr,
		Refused: domain.CodeInvalid, Field: "number",
	},
	{
		Name: "where there is no certificate none is renewed", Given: past(),
		When: officer.RenewCertificate{}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "a suspended certificate is not renewed", Given: past(issued, lost),
		When: officer.RenewCertificate{}, As: hr,
		Refused: domain.CodeState,
	},
}

var withholding = []domaintest.Scenario{
	{
		Name: "a certificate is suspended for a reason", Given: past(issued),
		When: officer.SuspendCertificate{Number: "C-1", Reason: "lost"}, As: hr,
		Then: []domain.Event{officer.CertificateSuspended{Number: "C-1", Reason: "lost"}},
	},
	{
		Name: "a sanction suspends the certificate there is", Given: past(issued),
		When: officer.SuspendCertificate{Sanction: "S2"}, As: system,
		Then: []domain.Event{officer.CertificateSuspended{Number: "C-1", Sanction: "S2"}},
	},
	{
		Name: "a sanction on an officer without a certificate suspends none", Given: past(),
		When: officer.SuspendCertificate{Sanction: "S2"}, As: system,
		Refused: domain.CodeState,
	},
	{
		Name: "people suspend a certificate once", Given: past(issued, lost),
		When: officer.SuspendCertificate{Reason: "lost again"}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "a sanction also suspends one that is suspended", Given: past(issued, lost),
		When: officer.SuspendCertificate{Sanction: "S2"}, As: system,
		Then: []domain.Event{officer.CertificateSuspended{Number: "C-1", Sanction: "S2"}},
	},
	{
		Name: "so does a second sanction", Given: past(issued, withheld),
		When: officer.SuspendCertificate{Sanction: "S3"}, As: system,
		Then: []domain.Event{officer.CertificateSuspended{Number: "C-1", Sanction: "S3"}},
	},
	{
		Name: "no sanction suspends what is revoked", Given: past(issued, revoked),
		When: officer.SuspendCertificate{Sanction: "S2"}, As: system,
		Refused: domain.CodeState,
	},
	{
		Name: "the end of a sanction gives no lost certificate back", Given: past(issued, lost, withheld),
		When: officer.RestoreCertificate{}, As: system,
		Refused: domain.CodeState,
	},
	{
		Name: "a suspension has a reason", Given: past(issued),
		When: officer.SuspendCertificate{}, As: hr,
		Refused: domain.CodeInvalid, Field: "reason",
	},
	{
		Name: "a suspension names its sanction rightly", Given: past(issued),
		When: officer.SuspendCertificate{Sanction: "no id"}, As: system,
		Refused: domain.CodeInvalid, Field: "sanction",
	},
	{
		Name: "a suspension names the right certificate", Given: past(issued),
		When: officer.SuspendCertificate{Number: "C-9", Reason: "lost"}, As: hr,
		Refused: domain.CodeInvalid, Field: "number",
	},
	{
		Name: "a suspended certificate is restored", Given: past(issued, lost),
		When: officer.RestoreCertificate{}, As: hr,
		Then: []domain.Event{officer.CertificateRestored{Number: "C-1"}},
	},
	{
		Name: "the end of a sanction restores the certificate", Given: past(issued, major, withheld, majorOver),
		When: officer.RestoreCertificate{}, As: system,
		Then: []domain.Event{officer.CertificateRestored{Number: "C-1"}},
	},
	{
		Name: "while the sanction runs nobody restores the certificate", Given: past(issued, major, withheld),
		When: officer.RestoreCertificate{}, As: leader,
		Refused: domain.CodeRule, Rule: "公职人员政务处分法",
	},
	{
		Name: "the end of one sanction does not end another's suspension", Given: past(issued, major, withheld,
			domaintest.Past{Act: system, Event: officer.Restricted{Sanction: "S3", Measure: domain.MeasureMajor, From: day("2024-01-01"), Until: day("2025-07-01")}}, majorOver),
		When: officer.RestoreCertificate{}, As: system,
		Refused: domain.CodeRule,
	},
	{
		Name: "the end of a sanction does not end a suspension for another reason", Given: past(issued, lost),
		When: officer.RestoreCertificate{}, As: system,
		Refused: domain.CodeState,
	},
	{
		Name: "a valid certificate is not restored", Given: past(issued, lost, reopened),
		When: officer.RestoreCertificate{}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "a revoked certificate is not restored", Given: past(issued, revoked),
		When: officer.RestoreCertificate{}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "a valid certificate is revoked", Given: past(issued),
		When: officer.RevokeCertificate{Reason: "forged log"}, As: leader,
		Then: []domain.Event{officer.CertificateRevoked{Number: "C-1", Reason: "forged log"}},
	},
	{
		Name: "a suspended certificate is revoked", Given: past(issued, lost),
		When: officer.RevokeCertificate{Number: "C-1", Reason: "forged log"}, As: leader,
		Then: []domain.Event{officer.CertificateRevoked{Number: "C-1", Reason: "forged log"}},
	},
	{
		Name: "a revocation has a reason", Given: past(issued),
		When: officer.RevokeCertificate{}, As: leader,
		Refused: domain.CodeInvalid, Field: "reason",
	},
	{
		Name: "a revocation names the right certificate", Given: past(issued),
		When: officer.RevokeCertificate{Number: "C-9", Reason: "forged log"}, As: leader,
		Refused: domain.CodeInvalid, Field: "number",
	},
	{
		Name: "a revocation is final", Given: past(issued, revoked),
		When: officer.RevokeCertificate{Reason: "again"}, As: leader,
		Refused: domain.CodeState,
	},
}

func TestCertificateIsValidOnItsFirstAndLastDay(t *testing.T) {
	c := officer.Certificate{Number: "C-1", ValidFrom: day("2024-03-04"), ValidTo: day("2024-03-06"), Status: officer.CertificateValid}
	for on, want := range map[string]bool{"2024-03-03": false, "2024-03-04": true, "2024-03-06": true, "2024-03-07": false} {
		if got := c.ValidOn(day(on)); got != want {
			t.Errorf("valid on %s: %v, want %v", on, got, want)
		}
	}
	c.Status = officer.CertificateHeld
	if c.ValidOn(day("2024-03-05")) {
		t.Error("a suspended certificate is valid")
	}
}

func TestWhatHappensToAnotherCertificateChangesNothing(t *testing.T) {
	for _, given := range [][]domaintest.Past{past(issued), past(issued, lost), past(issued, revoked)} {
		for _, e := range []domain.Event{
			officer.CertificateRenewed{Number: "C-0", ValidTo: day("2030-01-01")}, officer.CertificateSuspended{Number: "C-0"},
			officer.CertificateRestored{Number: "C-0"}, officer.CertificateRevoked{Number: "C-0"},
		} {
			before, after := fold(given...), fold(append(given, domaintest.Past{Act: hr, Event: e})...)
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("%T of certificate C-0 changed C-1 (-before +after):\n%s", e, diff)
			}
		}
	}
}

func TestASuspensionOrRestorationWhereThereIsNoneChangesNothing(t *testing.T) {
	for name, given := range map[string][]domaintest.Past{
		"restored while valid":    past(issued, domaintest.Past{Act: hr, Event: officer.CertificateRestored{Number: "C-1"}}),
		"restored while revoked":  past(issued, revoked, domaintest.Past{Act: hr, Event: officer.CertificateRestored{Number: "C-1"}}),
		"suspended while revoked": past(issued, revoked, lost),
	} {
		if diff := cmp.Diff(fold(given[:len(given)-1]...), fold(given...)); diff != "" {
			t.Errorf("%s (-before +after):\n%s", name, diff)
		}
	}
}
