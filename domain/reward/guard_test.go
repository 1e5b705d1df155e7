package reward_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reward"
)

// What P7's own file says.
var (
	serving    = officer.Officer{Status: officer.StatusServing}
	suspended  = officer.Officer{Status: officer.StatusSuspended}
	gone       = officer.Officer{Status: officer.StatusSeparated}
	inquired   = officer.Officer{Status: officer.StatusServing, Inquiries: []domain.CaseID{"M1"}}
	admonished = officer.Officer{Status: officer.StatusServing, Restrictions: []officer.Restriction{{Sanction: "S1", Measure: domain.MeasureAdmonition,
		From: domain.MustDate("2023-09-04"), Until: domain.MustDate("2024-03-04"), BarsPromotion: true, BarsHonours: true}}}
	demoted = officer.Officer{Status: officer.StatusServing, Restrictions: []officer.Restriction{{Sanction: "S2", Measure: domain.MeasureDemotion,
		From: domain.MustDate("2024-03-01"), Until: domain.MustDate("2026-03-01"), BarsHonours: true}}}
	// reprimanded is restricted, but not in honours.
	reprimanded = officer.Officer{Status: officer.StatusServing, Restrictions: []officer.Restriction{{Sanction: "S3", Measure: domain.MeasureWarning,
		From: domain.MustDate("2024-03-01"), Until: domain.MustDate("2024-09-01"), BarsPromotion: true}}}
)

// on is what the ledger sees of P7.
func on(file officer.Officer) map[domain.Reference]any {
	return map[domain.Reference]any{domain.OfficerID("P7"): file}
}

func TestOnlyWhoseFileBarsNothingIsHonoured(t *testing.T) {
	after := []domaintest.Past{nominated, verified, publicised}
	steps := []struct {
		name  string
		given []domaintest.Past
		when  domain.Command
		as    domain.Act
		field string
		then  domain.Event
	}{
		{"nominated", nil, reward.Nominate{Officer: "P7", Honour: "commendation", Merit: "diligence"}, hr, "officer",
			reward.Nominated{Officer: "P7", Honour: "commendation", Merit: "diligence"}},
		{"verified", after[:1], reward.Verify{Opinion: "fine"}, second, "", reward.Verified{Opinion: "fine"}},
		{"granted", after, reward.Grant{}, domaintest.At(leader, domaintest.On("2024-03-12")), "",
			reward.Granted{Officer: "P7", Honour: "commendation"}},
	}
	files := []struct {
		name    string
		file    officer.Officer
		refused domain.Code
		rule    string
	}{
		{"somebody in the service", serving, "", ""},
		{"somebody off duty under no inquiry", suspended, "", ""},
		{"somebody whom a sanction bars from promotion alone", reprimanded, "", ""},
		{"somebody who is not on file", officer.Officer{}, domain.CodeNotFound, ""},
		{"somebody who has left the service", gone, domain.CodeState, ""},
		{"somebody under inquiry", inquired, domain.CodeRule, "公职人员政务处分法 art. 41"},
		{"somebody demoted", demoted, domain.CodeRule, "公职人员政务处分法 art. 19"},
	}
	var scenarios []domaintest.Scenario
	for _, s := range steps {
		for _, f := range files {
			sc := domaintest.Scenario{Name: f.name + " is " + s.name, Given: s.given, When: s.when, As: s.as, Sees: on(f.file)}
			if f.refused == "" {
				sc.Then = []domain.Event{s.then}
			} else {
				sc.Name = f.name + " is not " + s.name
				sc.Refused, sc.Field, sc.Rule = f.refused, s.field, f.rule
			}
			scenarios = append(scenarios, sc)
		}
	}
	domaintest.Run(t, reward.Room, append(scenarios,
		domaintest.Scenario{
			Name: "an admonition bars up to and including its last day", When: steps[0].when, As: hr, Sees: on(admonished),
			Refused: domain.CodeRule, Field: "officer", Rule: "common practice",
		},
		domaintest.Scenario{
			Name: "and no longer, whether or not it was released", When: steps[0].when, As: domaintest.At(hr, domaintest.On("2024-03-05")), Sees: on(admonished),
			Then: []domain.Event{steps[0].then},
		},
		domaintest.Scenario{
			Name: "a unit has no file that could bar it", When: reward.Nominate{Unit: "U1", Honour: "commendation", Merit: "diligence"}, As: hr,
			Then: []domain.Event{reward.Nominated{Unit: "U1", Honour: "commendation", Merit: "diligence"}},
		},
		domaintest.Scenario{
			Name: "a nomination is refused whoever bars it", Given: after,
			When: reward.Refuse{Reason: "under inquiry"}, As: leader,
			Then: []domain.Event{reward.Refused{Reason: "under inquiry"}},
		},
	))
}
