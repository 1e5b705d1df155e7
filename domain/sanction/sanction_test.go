package sanction_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/sanction"
)

var (
	inspector = domaintest.By("inspector-wang", domain.RoleInspector)
	hr        = domaintest.By("hr-li", domain.RoleHR)
	leader    = domaintest.By("leader-chen", domain.RoleLeader)
	officer   = domaintest.By("P7", domain.RoleOfficer)
	stranger  = domaintest.By("P8", domain.RoleOfficer)
	system    = domaintest.By(domain.ActorSystem, domain.RoleSystem)
	importer  = domaintest.By("import", domain.RoleImporter)
	// selfLeader, selfInspector and selfHR: the person concerned in another
	// role.
	selfLeader    = domaintest.By("P7", domain.RoleLeader)
	selfInspector = domaintest.By("P7", domain.RoleInspector)
	selfHR        = domaintest.By("P7", domain.RoleHR)
)

func on(act domain.Act, day string) domain.Act { return domaintest.At(act, domaintest.On(day)) }

// saidBefore is an act recorded on the day that is said to have been on an
// earlier one.
func saidBefore(act domain.Act, recorded, said string) domain.Act {
	act = domaintest.At(act, domaintest.On(recorded))
	act.OccurredAt = domaintest.On(said)
	return act
}

// chain returns the past of a sanction that was proposed, followed by more.
func chain(more ...domaintest.Past) []domaintest.Past {
	return append([]domaintest.Past{proposed}, more...)
}

// effective returns the past of an imposed demerit, followed by more.
func effective(more ...domaintest.Past) []domaintest.Past {
	return append(chain(notified, heard, approved, imposed), more...)
}

var (
	proposed = domaintest.Past{Act: inspector, Event: sanction.Proposed{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 12, Conduct: "accepted gifts"}}
	notified = domaintest.Past{Act: inspector, Event: sanction.Notified{Officer: "P7", DefenceBy: domain.MustDate("2024-03-14")}}
	heard    = domaintest.Past{Act: officer, Event: sanction.DefenceHeard{Officer: "P7", Statement: "they were returned"}}
	approved = domaintest.Past{Act: leader, Event: sanction.Approved{Officer: "P7"}}

	withdrawn  = domaintest.Past{Act: leader, Event: sanction.Withdrawn{Officer: "P7", Reason: "another person"}}
	imposed    = domaintest.Past{Act: leader, Event: demerit}
	dismissed  = domaintest.Past{Act: leader, Event: sanction.Imposed{Rulebook: "cn-2024", RulebookVersion: "1", Officer: "P7", Measure: domain.MeasureDismissal, From: domain.MustDate("2024-03-04"), ForGood: true, BarsPromotion: true, BarsPayRise: true, BarsHonours: true, SuspendsCertificate: true}}
	criticised = domaintest.Past{Act: leader, Event: sanction.Imposed{Rulebook: "cn-2024", RulebookVersion: "1", Officer: "P7", Measure: domain.MeasureCirculated, From: domain.MustDate("2024-03-04")}}
	demoted    = domaintest.Past{Act: leader, Event: demotion}
	served     = domaintest.Past{Act: hr, Event: sanction.Served{Officer: "P7", On: domain.MustDate("2024-03-08")}}
	executed   = domaintest.Past{Act: hr, Event: sanction.Executed{Officer: "P7", Change: "pay step held", On: domain.MustDate("2024-03-11")}}
	released   = domaintest.Past{Act: system, Event: sanction.Released{Officer: "P7", Measure: domain.MeasureDemerit, RestoresRank: true, LiftsRestriction: true, On: domain.MustDate("2025-03-05")}}
)

var demerit = sanction.Imposed{
	Rulebook: "cn-2024", RulebookVersion: "1",
	Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 12,
	From: domain.MustDate("2024-03-04"), Until: domain.MustDate("2025-03-04"),
	BarsPromotion: true, BarsPayRise: true, BarsHonours: true, RestoresRank: true,
}

var demotion = sanction.Imposed{
	Rulebook: "cn-2024", RulebookVersion: "1",
	Officer: "P7", Case: "C1", Measure: domain.MeasureDemotion, Months: 24,
	From: domain.MustDate("2024-03-04"), Until: domain.MustDate("2026-03-04"),
	BarsPromotion: true, BarsPayRise: true, BarsHonours: true, SuspendsCertificate: true,
}

func TestReleaseIsDueFromTheDayAfterTheLastOfThePeriod(t *testing.T) {
	tests := []struct {
		name  string
		given []domaintest.Past
		today string
		want  bool
	}{
		{"before anything was decided", chain(), "2030-01-01", false},
		{"during the period", effective(), "2024-06-01", false},
		{"on the last day", effective(), "2025-03-04", false},
		{"on the day after", effective(), "2025-03-05", true},
		{"years later", effective(), "2030-01-01", true},
		{"after the release", effective(released), "2025-03-06", false},
		{"for good", chain(dismissed), "2124-01-01", false},
		{"without a period", chain(criticised), "2124-01-01", false},
		{"of old", []domaintest.Past{{Act: importer, Event: sanction.Imported{Officer: "P7", Measure: "30 day suspension", Until: domain.MustDate("2020-01-01")}}}, "2024-01-01", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			state := sanction.Room.NewState()
			for _, p := range tt.given {
				sanction.Room.Apply(state, p.Event, p.Act)
			}
			if got := state.(*sanction.Sanction).ReleaseDue(domain.MustDate(tt.today)); got != tt.want {
				t.Errorf("due on %s: %v, want %v", tt.today, got, tt.want)
			}
		})
	}
}

func TestImport(t *testing.T) {
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{
			Name: "a measure of old keeps the source's own word",
			When: sanction.Import{Officer: "P7", Measure: "Reprimand"}, As: importer,
			Then: []domain.Event{sanction.Imported{Officer: "P7", Measure: "Reprimand"}},
		},
		{
			Name: "its counterpart on the ladder, its case and its period are kept",
			When: sanction.Import{Officer: "P7", Case: "C1", Measure: "Reprimand", Canonical: domain.MeasureWarning, From: domain.MustDate("2018-01-01"), Until: domain.MustDate("2018-07-01")}, As: importer,
			Then: []domain.Event{sanction.Imported{Officer: "P7", Case: "C1", Measure: "Reprimand", Canonical: domain.MeasureWarning, From: domain.MustDate("2018-01-01"), Until: domain.MustDate("2018-07-01")}},
		},
		{
			Name: "a sanction on file is not imported over", Given: chain(),
			When: sanction.Import{Officer: "P7", Measure: "Reprimand"}, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "an officer is required",
			When: sanction.Import{Measure: "Reprimand"}, As: importer,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "a measure is required",
			When: sanction.Import{Officer: "P7"}, As: importer,
			Refused: domain.CodeInvalid, Field: "measure",
		},
		{
			Name: "a counterpart that is not on the ladder is refused",
			When: sanction.Import{Officer: "P7", Measure: "Reprimand", Canonical: "reprimand"}, As: importer,
			Refused: domain.CodeInvalid, Field: "canonical",
		},
		{
			Name: "a period that ends before it begins is refused",
			When: sanction.Import{Officer: "P7", Measure: "Reprimand", From: domain.MustDate("2018-07-01"), Until: domain.MustDate("2018-01-01")}, As: importer,
			Refused: domain.CodeInvalid, Field: "until",
		},
		{
			Name: "a malformed case id is refused",
			When: sanction.Import{Officer: "P7", Case: "C 1", Measure: "Reprimand"}, As: importer,
			Refused: domain.CodeInvalid, Field: "case",
		},
		{
			Name: "nothing follows on a measure of old", Given: []domaintest.Past{{Act: importer, Event: sanction.Imported{Officer: "P7", Measure: "Reprimand"}}},
			When: sanction.Appeal{Ground: "unjust"}, As: officer,
			Refused: domain.CodeState,
		},
		{
			Name: "only the importer imports",
			When: sanction.Import{Officer: "P7", Measure: "Reprimand"}, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, sanction.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, sanction.Room) }
