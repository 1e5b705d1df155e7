package officer_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

func TestFindingsAreNotedOnTheFile(t *testing.T) {
	system := domaintest.By(domain.ActorSystem, domain.RoleSystem)
	one := domaintest.Past{Act: system, Event: officer.FindingsNoted{Case: "C1", On: day("2024-02-01"), Sustained: 2}}
	note := officer.NoteFindings{Case: "C1", Sustained: 1}
	domaintest.Run(t, officer.Room, []domaintest.Scenario{
		{Name: "on the day of the act", Given: past(), When: note, As: system, Then: []domain.Event{officer.FindingsNoted{Case: "C1", On: day("2024-03-04"), Sustained: 1}}},
		{Name: "an appeal keeps the day of the finding", Given: past(one), When: note, As: system, Then: []domain.Event{officer.FindingsNoted{Case: "C1", On: day("2024-02-01"), Sustained: 1}}},
		{Name: "and may leave none", Given: past(one), When: officer.NoteFindings{Case: "C1"}, As: system, Then: []domain.Event{officer.FindingsNoted{Case: "C1", On: day("2024-02-01")}}},
		{Name: "an inspector notes a case of old", Given: past(), When: officer.NoteFindings{Case: "OLD-1", On: day("2020-05-04"), Sustained: 1}, As: inspector,
			Then: []domain.Event{officer.FindingsNoted{Case: "OLD-1", On: day("2020-05-04"), Sustained: 1}}},
		{Name: "an inspector does not change what a case of ours found", Given: past(one), When: officer.NoteFindings{Case: "C1"}, As: inspector, Refused: domain.CodeRule, Field: "case", Rule: "art. 41"},
		{Name: "none of nothing", Given: past(), When: officer.NoteFindings{Case: "C1"}, As: system, Refused: domain.CodeState, Field: "sustained"},
		{Name: "no negative number", Given: past(), When: officer.NoteFindings{Case: "C1", Sustained: -1}, As: system, Refused: domain.CodeInvalid, Field: "sustained"},
		{Name: "no day to come", Given: past(), When: officer.NoteFindings{Case: "C1", On: day("2024-03-05"), Sustained: 1}, As: inspector, Refused: domain.CodeInvalid, Field: "on"},
		{Name: "a case is named", Given: past(), When: officer.NoteFindings{Sustained: 1}, As: system, Refused: domain.CodeInvalid, Field: "case"},
		{Name: "nobody on their own file", Given: past(), When: note, As: domaintest.By("X1", domain.RoleInspector), Refused: domain.CodeConflict, Field: "actor"},
		{Name: "not by hr", Given: past(), When: note, As: hr, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "there must be an officer", When: note, As: system, Refused: domain.CodeNotFound, Field: "subject"},
	})
}

func TestEarlierFindingsCountWithinTheLookback(t *testing.T) {
	file := officer.Officer{Found: []officer.FoundAgainst{{Case: "A", On: day("2019-03-04"), Sustained: 1}, {Case: "B", On: day("2022-01-10"), Sustained: 2}}}
	five := domain.Term{Length: 5, Unit: domain.Years}
	for _, tt := range []struct {
		name   string
		deed   string
		except domain.CaseID
		term   domain.Term
		want   int
	}{
		{"both", "2023-06-01", "", five, 3},
		{"on the last day of the older", "2024-03-04", "", five, 3},
		{"on the day after", "2024-03-05", "", five, 2},
		{"without an end", "2030-01-01", "", domain.Term{}, 3},
		{"not on the day of the finding itself", "2022-01-10", "", five, 1},
		{"not what was found afterwards", "2019-03-04", "", five, 0},
		{"not those of the case itself", "2023-06-01", "B", five, 1},
	} {
		if got := file.FoundBefore(day(tt.deed), tt.except, tt.term, domain.Calendar{}); got != tt.want {
			t.Errorf("%s: %d count, want %d", tt.name, got, tt.want)
		}
	}
}

func TestAPostOutsideIsClearedOnceTheTermIsOver(t *testing.T) {
	post := func(leader bool) []domaintest.Past {
		return past(domaintest.Past{Act: hr, Event: officer.Appointed{Post: "K1", Unit: "U1", Leader: leader, On: day("2020-01-06")}},
			domaintest.Past{Act: hr, Event: officer.Separated{On: day("2024-02-29"), Reason: officer.ReasonResigned}})
	}
	related := officer.ClearOutsidePost{Employer: "Harbour Freight Ltd", Related: true}
	on := func(s string) domain.Act { return domaintest.At(hr, domaintest.On(s)) }
	cleared := func(s string) []domain.Event {
		return []domain.Event{officer.OutsidePostCleared{Employer: "Harbour Freight Ltd", Related: true, On: day(s)}}
	}
	domaintest.Run(t, officer.Room, []domaintest.Scenario{
		{Name: "on the last day of two years it is barred", Given: post(false), When: related, As: on("2026-02-28"), Refused: domain.CodeTooEarly, Field: "on", Rule: "公务员法 art. 107"},
		{Name: "on the day after it is not", Given: post(false), When: related, As: on("2026-03-01"), Then: cleared("2026-03-01")},
		{Name: "who led waits for three", Given: post(true), When: related, As: on("2027-02-28"), Refused: domain.CodeTooEarly, Field: "on", Rule: "公务员法 art. 107"},
		{Name: "and no longer", Given: post(true), When: related, As: on("2027-03-01"), Then: cleared("2027-03-01")},
		{Name: "a post that has nothing to do with it is free", Given: post(true), When: officer.ClearOutsidePost{Employer: "a choir"}, As: on("2024-03-04"),
			Then: []domain.Event{officer.OutsidePostCleared{Employer: "a choir", On: day("2024-03-04")}}},
		{Name: "a day to come counts", Given: post(false), When: officer.ClearOutsidePost{Employer: "Harbour Freight Ltd", Related: true, On: day("2026-03-01")}, As: on("2026-01-05"), Then: cleared("2026-03-01")},
		{Name: "not before leaving", Given: post(false), When: officer.ClearOutsidePost{Employer: "a choir", On: day("2024-02-28")}, As: on("2024-03-04"), Refused: domain.CodeInvalid, Field: "on"},
		{Name: "who serves takes none", Given: past(), When: related, As: hr, Refused: domain.CodeState},
		{Name: "the employer is named", Given: post(false), When: officer.ClearOutsidePost{}, As: hr, Refused: domain.CodeInvalid, Field: "employer"},
		{Name: "nobody clears their own", Given: post(false), When: related, As: domaintest.By("X1", domain.RoleHR), Refused: domain.CodeConflict, Field: "actor"},
		{Name: "nor does an inspector", Given: post(false), When: related, As: inspector, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "there must be an officer", When: related, As: hr, Refused: domain.CodeNotFound, Field: "subject"},
	})
}
