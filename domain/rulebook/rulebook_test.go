package rulebook_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/rulebook"
)

var (
	leader   = domaintest.By("leader-chen", domain.RoleLeader)
	overseer = domaintest.By("overseer-gu", domain.RoleOverseer)
	hr       = domaintest.By("hr-li", domain.RoleHR)
	importer = domaintest.By("import", domain.RoleImporter)
)

func digest(digit string) string { return "sha256:" + strings.Repeat(digit, 64) }

func day(s string) domain.Date { return domain.MustDate(s) }

var (
	adopted    = domaintest.Past{Act: leader, Event: rulebook.Adopted{Version: "1", Digest: digest("a"), ValidFrom: day("2024-01-01")}}
	forAYear   = domaintest.Past{Act: leader, Event: rulebook.Adopted{Version: "1", Digest: digest("a"), ValidFrom: day("2024-01-01"), ValidTo: day("2024-12-31")}}
	amended    = domaintest.Past{Act: leader, Event: rulebook.Amended{Version: "2", Digest: digest("b"), From: day("2024-07-01"), Reason: "the terms of review"}}
	superseded = domaintest.Past{Act: leader, Event: rulebook.Superseded{Successor: "cn-2025", From: day("2025-01-01")}}
	imported   = domaintest.Past{Act: importer, Event: rulebook.Imported{Version: "0", ValidFrom: day("2018-01-01"), ValidTo: day("2020-06-30")}}
)

func TestOneVersionIsInForceOnADay(t *testing.T) {
	tests := []struct {
		name string
		past []domaintest.Past
		want map[string]string // day → version
	}{
		{"never adopted", nil, map[string]string{"2024-01-01": ""}},
		{"until further notice", []domaintest.Past{adopted}, map[string]string{"2023-12-31": "", "2024-01-01": "1", "2100-01-01": "1"}},
		{"for a year", []domaintest.Past{forAYear}, map[string]string{"2024-12-31": "1", "2025-01-01": ""}},
		{"amended in July", []domaintest.Past{adopted, amended}, map[string]string{"2024-06-30": "1", "2024-07-01": "2"}},
		{"superseded at the turn of the year", []domaintest.Past{adopted, amended, superseded}, map[string]string{"2024-12-31": "2", "2025-01-01": ""}},
		{"history of old, filed later", []domaintest.Past{adopted, imported}, map[string]string{"2018-01-01": "0", "2020-06-30": "0", "2020-07-01": "", "2024-01-01": "1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			state := rulebook.Room.NewState()
			for _, p := range tt.past {
				rulebook.Room.Apply(state, p.Event, p.Act)
			}
			for on, want := range tt.want {
				if v, ok := state.(*rulebook.Rulebook).InForce(day(on)); v.Version != want || ok != (want != "") {
					t.Errorf("on %s version %q is in force (%v), want %q", on, v.Version, ok, want)
				}
			}
		})
	}
}

func TestVersionsStandInTheOrderOfTheirPeriods(t *testing.T) {
	state := rulebook.Room.NewState()
	for _, p := range []domaintest.Past{adopted, amended, superseded, imported} {
		rulebook.Room.Apply(state, p.Event, p.Act)
	}
	want := &rulebook.Rulebook{SupersededBy: "cn-2025", Versions: []rulebook.Version{
		{Version: "0", From: day("2018-01-01"), To: day("2020-06-30")},
		{Version: "1", Digest: digest("a"), From: day("2024-01-01"), To: day("2024-06-30")},
		{Version: "2", Digest: digest("b"), From: day("2024-07-01"), To: day("2024-12-31")},
	}}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	// Two of the same first day, which no command decides, keep their order.
	rulebook.Room.Apply(state, rulebook.Adopted{Version: "x", ValidFrom: day("2018-01-01")}, leader)
	if got := state.(*rulebook.Rulebook).Versions[1].Version; got != "x" {
		t.Errorf("second is %q, want x", got)
	}
}

func TestAdopt(t *testing.T) {
	adopt := rulebook.Adopt{Version: "1", Digest: digest("a"), ValidFrom: day("2024-01-01")}
	domaintest.Run(t, rulebook.Room, []domaintest.Scenario{
		{
			Name: "a rulebook is adopted by the digest of its file",
			When: adopt, As: leader,
			Then: []domain.Event{adopted.Event},
		},
		{
			Name: "anew after its period ended", Given: []domaintest.Past{forAYear},
			When: rulebook.Adopt{Version: "2", Digest: digest("b"), ValidFrom: day("2025-01-01"), ValidTo: day("2025-12-31")}, As: overseer,
			Then: []domain.Event{rulebook.Adopted{Version: "2", Digest: digest("b"), ValidFrom: day("2025-01-01"), ValidTo: day("2025-12-31")}},
		},
		{
			Name: "not over the days of another version", Given: []domaintest.Past{forAYear},
			When: rulebook.Adopt{Version: "2", Digest: digest("b"), ValidFrom: day("2024-12-31")}, As: leader,
			Refused: domain.CodeState, Field: "validFrom",
		},
		{
			Name: "nor around them", Given: []domaintest.Past{forAYear},
			When: rulebook.Adopt{Version: "2", Digest: digest("b"), ValidFrom: day("2023-01-01")}, As: leader,
			Refused: domain.CodeState, Field: "validFrom",
		},
		{
			Name: "nor while one is in force until further notice", Given: []domaintest.Past{adopted},
			When: rulebook.Adopt{Version: "2", Digest: digest("b"), ValidFrom: day("2030-01-01"), ValidTo: day("2030-12-31")}, As: leader,
			Refused: domain.CodeState, Field: "validFrom",
		},
		{
			Name: "a period before it is free", Given: []domaintest.Past{adopted},
			When: rulebook.Adopt{Version: "0", Digest: digest("c"), ValidFrom: day("2023-01-01"), ValidTo: day("2023-12-31")}, As: leader,
			Then: []domain.Event{rulebook.Adopted{Version: "0", Digest: digest("c"), ValidFrom: day("2023-01-01"), ValidTo: day("2023-12-31")}},
		},
		{
			Name: "a version is adopted once", Given: []domaintest.Past{forAYear},
			When: rulebook.Adopt{Version: "1", Digest: digest("b"), ValidFrom: day("2025-01-01")}, As: leader,
			Refused: domain.CodeExists, Field: "version",
		},
		{
			Name: "a file is adopted once", Given: []domaintest.Past{forAYear},
			When: rulebook.Adopt{Version: "2", Digest: digest("a"), ValidFrom: day("2025-01-01")}, As: leader,
			Refused: domain.CodeExists, Field: "digest",
		},
		{
			Name: "the digest has one form",
			When: rulebook.Adopt{Version: "1", Digest: "sha256:" + strings.Repeat("A", 64), ValidFrom: day("2024-01-01")}, As: leader,
			Refused: domain.CodeInvalid, Field: "digest",
		},
		{
			Name: "the version is required",
			When: rulebook.Adopt{Digest: digest("a"), ValidFrom: day("2024-01-01")}, As: leader,
			Refused: domain.CodeInvalid, Field: "version",
		},
		{
			Name: "the first day is required",
			When: rulebook.Adopt{Version: "1", Digest: digest("a")}, As: leader,
			Refused: domain.CodeInvalid, Field: "validFrom",
		},
		{
			Name: "the last day does not lie before the first",
			When: rulebook.Adopt{Version: "1", Digest: digest("a"), ValidFrom: day("2024-01-01"), ValidTo: day("2023-12-31")}, As: leader,
			Refused: domain.CodeInvalid, Field: "validTo",
		},
		{
			Name: "HR adopts no rules",
			When: adopt, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestAmend(t *testing.T) {
	amend := rulebook.Amend{Version: "2", Digest: digest("b"), From: day("2024-07-01"), Reason: "the terms of review"}
	with := func(change func(*rulebook.Amend)) rulebook.Amend {
		c := amend
		change(&c)
		return c
	}
	domaintest.Run(t, rulebook.Room, []domaintest.Scenario{
		{
			Name: "a new version takes over from a day", Given: []domaintest.Past{adopted},
			When: amend, As: leader,
			Then: []domain.Event{amended.Event},
		},
		{
			Name: "from today at the earliest", Given: []domaintest.Past{adopted},
			When: with(func(c *rulebook.Amend) { c.From = day("2024-03-04") }), As: leader,
			Then: []domain.Event{rulebook.Amended{Version: "2", Digest: digest("b"), From: day("2024-03-04"), Reason: "the terms of review"}},
		},
		{
			Name: "not for days that are past", Given: []domaintest.Past{adopted},
			When: with(func(c *rulebook.Amend) { c.From = day("2024-03-03") }), As: leader,
			Refused: domain.CodeTooLate, Field: "from",
		},
		{
			Name: "not before the version it takes over from", Given: []domaintest.Past{adopted, amended},
			When: with(func(c *rulebook.Amend) { c.Version, c.Digest = "3", digest("c") }), As: leader,
			Refused: domain.CodeInvalid, Field: "from",
		},
		{
			Name: "nothing is amended after its end", Given: []domaintest.Past{forAYear},
			When: with(func(c *rulebook.Amend) { c.From = day("2025-02-01") }), As: leader,
			Refused: domain.CodeState, Field: "from",
		},
		{
			Name: "the first day is required", Given: []domaintest.Past{adopted},
			When: with(func(c *rulebook.Amend) { c.From = domain.Date{} }), As: leader,
			Refused: domain.CodeInvalid, Field: "from",
		},
		{
			Name: "the last day does not lie before the first", Given: []domaintest.Past{adopted},
			When: with(func(c *rulebook.Amend) { c.To = day("2024-06-30") }), As: leader,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "the reason is required", Given: []domaintest.Past{adopted},
			When: with(func(c *rulebook.Amend) { c.Reason = "" }), As: leader,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "the version is required", Given: []domaintest.Past{adopted},
			When: with(func(c *rulebook.Amend) { c.Version = "" }), As: leader,
			Refused: domain.CodeInvalid, Field: "version",
		},
		{
			Name: "the digest has one form", Given: []domaintest.Past{adopted},
			When: with(func(c *rulebook.Amend) { c.Digest = "b" }), As: leader,
			Refused: domain.CodeInvalid, Field: "digest",
		},
		{
			Name: "the same file is no amendment", Given: []domaintest.Past{adopted},
			When: with(func(c *rulebook.Amend) { c.Digest = digest("a") }), As: leader,
			Refused: domain.CodeExists, Field: "digest",
		},
		{
			Name: "there must be something to amend",
			When: amend, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "HR amends no rules", Given: []domaintest.Past{adopted},
			When: amend, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestSupersede(t *testing.T) {
	supersede := rulebook.Supersede{Successor: "cn-2025", From: day("2025-01-01")}
	next := map[domain.Reference]any{domain.RulebookID("cn-2025"): rulebook.Rulebook{Versions: []rulebook.Version{{Version: "1", From: day("2025-01-01")}}}}
	domaintest.Run(t, rulebook.Room, []domaintest.Scenario{
		{
			Name: "one that is in force takes over", Given: []domaintest.Past{adopted}, Sees: next,
			When: supersede, As: leader,
			Then: []domain.Event{superseded.Event},
		},
		{
			Name: "one that is not leaves days without rules", Given: []domaintest.Past{adopted},
			When: supersede, As: leader,
			Refused: domain.CodeIncomplete, Field: "by",
		},
		{
			Name: "nor one that begins later", Given: []domaintest.Past{adopted}, Sees: next,
			When: rulebook.Supersede{Successor: "cn-2025", From: day("2024-12-31")}, As: leader,
			Refused: domain.CodeIncomplete, Field: "by",
		},
		{
			Name: "not itself", Given: []domaintest.Past{adopted},
			When: rulebook.Supersede{Successor: "X1", From: day("2025-01-01")}, As: leader,
			Refused: domain.CodeInvalid, Field: "by",
		},
		{
			Name: "which one is required", Given: []domaintest.Past{adopted},
			When: rulebook.Supersede{From: day("2025-01-01")}, As: leader,
			Refused: domain.CodeInvalid, Field: "by",
		},
		{
			Name: "not for days that are past", Given: []domaintest.Past{adopted},
			When: rulebook.Supersede{Successor: "cn-2025", From: day("2024-02-01")}, As: leader,
			Refused: domain.CodeTooLate, Field: "from",
		},
		{
			Name: "once", Given: []domaintest.Past{adopted, superseded}, Sees: next,
			When: supersede, As: leader,
			Refused: domain.CodeState, Field: "from",
		},
		{
			Name: "there must be something to supersede",
			When: supersede, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "HR supersedes no rules", Given: []domaintest.Past{adopted},
			When: supersede, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestImport(t *testing.T) {
	old := rulebook.Import{Version: "0", ValidFrom: day("2018-01-01"), ValidTo: day("2020-06-30")}
	domaintest.Run(t, rulebook.Room, []domaintest.Scenario{
		{
			Name: "a version of old is filed beside the present one", Given: []domaintest.Past{adopted},
			When: old, As: importer,
			Then: []domain.Event{imported.Event},
		},
		{
			Name: "with its file where there is one",
			When: rulebook.Import{Version: "0", Digest: digest("0"), ValidFrom: day("2018-01-01"), ValidTo: day("2020-06-30")}, As: importer,
			Then: []domain.Event{rulebook.Imported{Version: "0", Digest: digest("0"), ValidFrom: day("2018-01-01"), ValidTo: day("2020-06-30")}},
		},
		{
			Name: "whose digest has one form",
			When: rulebook.Import{Version: "0", Digest: "0", ValidFrom: day("2018-01-01"), ValidTo: day("2020-06-30")}, As: importer,
			Refused: domain.CodeInvalid, Field: "digest",
		},
		{
			Name: "what is history has ended",
			When: rulebook.Import{Version: "0", ValidFrom: day("2018-01-01")}, As: importer,
			Refused: domain.CodeInvalid, Field: "validTo",
		},
		{
			Name: "two of old do not overlap either", Given: []domaintest.Past{imported},
			When: rulebook.Import{Version: "00", ValidFrom: day("2017-01-01"), ValidTo: day("2018-01-01")}, As: importer,
			Refused: domain.CodeState, Field: "validFrom",
		},
		{
			Name: "a version is filed once", Given: []domaintest.Past{imported},
			When: old, As: importer,
			Refused: domain.CodeExists, Field: "version",
		},
		{
			Name: "the version is required",
			When: rulebook.Import{ValidFrom: day("2018-01-01"), ValidTo: day("2020-06-30")}, As: importer,
			Refused: domain.CodeInvalid, Field: "version",
		},
		{
			Name: "only the importer imports",
			When: old, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, rulebook.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, rulebook.Room) }
