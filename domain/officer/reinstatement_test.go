package officer_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

// What a sanction brings to the file of an officer, and takes from it.
var (
	dismissal = domaintest.Past{Act: system, Event: officer.Restricted{Sanction: "S1", Measure: domain.MeasureDismissal, From: day("2023-12-26"), ForGood: true, BarsPromotion: true}}
	dismissed = domaintest.Past{Act: hr, Event: officer.Separated{On: day("2024-01-15"), Reason: officer.ReasonDismissed}}
	second    = domaintest.Past{Act: system, Event: officer.Restricted{Sanction: "S3", Measure: domain.MeasureDemotion, From: day("2024-01-01"), Until: day("2026-01-01"), BarsPromotion: true}}
	byS1      = domaintest.Past{Act: system, Event: officer.CertificateSuspended{Number: "C-1", Sanction: "S1"}}
	byS3      = domaintest.Past{Act: system, Event: officer.CertificateSuspended{Number: "C-1", Sanction: "S3"}}
	secondEnd = domaintest.Past{Act: system, Event: officer.RestrictionLifted{Sanction: "S3"}}
)

func TestASanctionSuspendsTheCertificateThereIs(t *testing.T) {
	restrict := officer.Restrict{Sanction: "S2", Measure: domain.MeasureMajor, From: day("2024-03-04"), Until: day("2025-09-04"), BarsPromotion: true, SuspendsCertificate: true}
	restricted := officer.Restricted{Sanction: "S2", Measure: domain.MeasureMajor, From: day("2024-03-04"), Until: day("2025-09-04"), BarsPromotion: true}
	held := officer.CertificateSuspended{Number: "C-1", Sanction: "S2"}
	domaintest.Run(t, officer.Room, []domaintest.Scenario{
		{Name: "a valid one", Given: past(issued), When: restrict, As: system, Then: []domain.Event{restricted, held}},
		{Name: "one that people suspended", Given: past(issued, lost), When: restrict, As: system, Then: []domain.Event{restricted, held}},
		{Name: "one that another sanction suspended", Given: past(issued, second, byS3), When: restrict, As: system, Then: []domain.Event{restricted, held}},
		{Name: "none where there is none", Given: past(), When: restrict, As: system, Then: []domain.Event{restricted}},
		{Name: "none that is revoked", Given: past(issued, revoked), When: restrict, As: system, Then: []domain.Event{restricted}},
		{Name: "none of somebody who left", Given: past(issued, separated), When: restrict, As: system, Then: []domain.Event{restricted}},
	})
}

func TestTheLastSuspendingSanctionGivesTheCertificateBack(t *testing.T) {
	both := past(issued, major, withheld, second, byS3)
	lift := func(id domain.SanctionID) officer.LiftRestriction {
		return officer.LiftRestriction{Sanction: id, RestoresCertificate: true}
	}
	lifted := func(id domain.SanctionID) domain.Event { return officer.RestrictionLifted{Sanction: id} }
	back := officer.CertificateRestored{Number: "C-1"}
	milder := officer.Restrict{Sanction: "S2", Measure: domain.MeasureDemerit, From: day("2023-12-26"), Until: day("2024-12-26"), RestoresCertificate: true}
	replaced := officer.Restricted{Sanction: "S2", Measure: domain.MeasureDemerit, From: day("2023-12-26"), Until: day("2024-12-26")}
	domaintest.Run(t, officer.Room, []domaintest.Scenario{
		{Name: "the only one", Given: past(issued, major, withheld), When: lift("S2"), As: system, Then: []domain.Event{lifted("S2"), back}},
		{Name: "not the first of two", Given: both, When: lift("S2"), As: system, Then: []domain.Event{lifted("S2")}},
		{Name: "nor the second while the first runs", Given: both, When: lift("S3"), As: system, Then: []domain.Event{lifted("S3")}},
		{Name: "the one that is left", Given: append(past(both[1:]...), secondEnd), When: lift("S2"), As: system, Then: []domain.Event{lifted("S2"), back}},
		{Name: "one that is made milder", Given: past(issued, major, withheld), When: milder, As: system, Then: []domain.Event{replaced, back}},
		{Name: "not one made milder while another runs", Given: both, When: milder, As: system, Then: []domain.Event{replaced}},
		{Name: "not where people suspended it as well", Given: past(issued, lost, major, withheld), When: lift("S2"), As: system, Then: []domain.Event{lifted("S2")}},
		{Name: "not where it was revoked", Given: past(issued, major, withheld, revoked), When: lift("S2"), As: system, Then: []domain.Event{lifted("S2")}},
		{Name: "not to somebody who left", Given: past(issued, major, withheld, separated), When: lift("S2"), As: system, Then: []domain.Event{lifted("S2")}},
		{Name: "not a sanction that suspended nothing", Given: past(issued, lost, demerit), When: officer.LiftRestriction{Sanction: "S1"}, As: system, Then: []domain.Event{lifted("S1")}},
	})
}

func TestWhoWasDismissedReturnsWhenTheDismissalFalls(t *testing.T) {
	gone := past(appointed, issued, dismissal, byS1, dismissed)
	lift := officer.LiftRestriction{Sanction: "S1", RestoresRank: true, RestoresCertificate: true}
	lifted := officer.RestrictionLifted{Sanction: "S1", RestoresRank: true}
	returned := officer.Reinstated{Sanction: "S1", On: day("2024-03-04")}
	demoted := officer.Restrict{Sanction: "S1", Measure: domain.MeasureDemotion, From: day("2023-12-26"), Until: day("2025-12-26"), BarsPromotion: true, SuspendsCertificate: true}
	reinstate := officer.Reinstate{Sanction: "S1"}
	domaintest.Run(t, officer.Room, []domaintest.Scenario{
		{Name: "with the certificate that was only suspended", Given: gone, When: lift, As: system,
			Then: []domain.Event{lifted, returned, officer.CertificateRestored{Number: "C-1"}}},
		{Name: "without the one that was revoked", Given: past(issued, dismissal, byS1, revoked, dismissed), When: lift, As: system,
			Then: []domain.Event{lifted, returned}},
		{Name: "not before they left", Given: past(issued, dismissal, byS1), When: lift, As: system,
			Then: []domain.Event{lifted, officer.CertificateRestored{Number: "C-1"}}},
		{Name: "not while another dismissal stands", Given: append(past(gone[1:]...), domaintest.Past{Act: system, Event: officer.Restricted{
			Sanction: "S4", Measure: domain.MeasureDismissal, From: day("2024-02-01"), ForGood: true}}), When: lift, As: system,
			Then: []domain.Event{lifted}},
		{Name: "not who retired meanwhile", Given: past(dismissal, separated), When: lift, As: system, Then: []domain.Event{lifted}},
		{Name: "not for the end of a lesser sanction", Given: past(demerit, dismissed), When: officer.LiftRestriction{Sanction: "S1"}, As: system,
			Then: []domain.Event{officer.RestrictionLifted{Sanction: "S1"}}},
		{Name: "also when it is only made milder", Given: gone, When: demoted, As: system,
			Then: []domain.Event{officer.Restricted{Sanction: "S1", Measure: domain.MeasureDemotion, From: day("2023-12-26"), Until: day("2025-12-26"), BarsPromotion: true}, returned}},
		{Name: "by hand where nothing restricts the file", Given: past(dismissed), When: reinstate, As: hr, Then: []domain.Event{returned}},
		{Name: "on an earlier day", Given: past(dismissed), When: officer.Reinstate{Sanction: "S1", On: day("2024-02-01")}, As: hr,
			Then: []domain.Event{officer.Reinstated{Sanction: "S1", On: day("2024-02-01")}}},
		{Name: "not before they had left", Given: past(dismissed), When: officer.Reinstate{Sanction: "S1", On: day("2024-01-14")}, As: hr,
			Refused: domain.CodeInvalid, Field: "on"},
		{Name: "not by hand while the dismissal stands", Given: gone, When: reinstate, As: hr, Refused: domain.CodeRule, Field: "sanction", Rule: "公职人员政务处分法 art. 19"},
		{Name: "not who left of their own will", Given: past(separated), When: reinstate, As: hr, Refused: domain.CodeState},
		{Name: "not who serves", Given: past(), When: reinstate, As: hr, Refused: domain.CodeState},
		{Name: "not for no sanction at all", Given: past(dismissed), When: officer.Reinstate{}, As: hr, Refused: domain.CodeInvalid, Field: "sanction"},
		{Name: "and serves like anybody else", Given: append(past(gone[1:]...), domaintest.Past{Act: system, Event: lifted}, domaintest.Past{Act: system, Event: returned}),
			When: officer.Appoint{Post: "G1", Unit: "U1"}, As: hr, Sees: seat("G1", "U1", false, false),
			Then: []domain.Event{officer.Appointed{Post: "G1", Unit: "U1", On: day("2024-03-04")}}},
	})
}
