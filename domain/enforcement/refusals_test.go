package enforcement_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/officer"
)

func TestWhoReplacesAndGrantsIsFreeToo(t *testing.T) {
	off := certified("U1")
	off.Status = officer.StatusSuspended
	biased := certified("U1", officer.Interest{Nature: "spouse", With: party})
	sees := func(id domain.OfficerID, o officer.Officer) map[domain.Reference]any {
		return map[domain.Reference]any{id: o}
	}
	replace := func(ids ...domain.OfficerID) enforcement.ReplaceOfficers {
		return enforcement.ReplaceOfficers{Officers: ids, Reason: "leave"}
	}
	run(t, []domaintest.Scenario{
		{
			Name: "nobody suspended opens an act for others",
			When: open(func(c *enforcement.Open) { c.Officers = []domain.OfficerID{"P2", "P3"} }), As: leader, Sees: sees("leader-chen", off),
			Refused: domain.CodeRule, Field: "actor",
		},
		{
			Name: "nobody unknown takes a case over", Given: past(opened),
			When: replace("P1", "P9"), As: leader,
			Refused: domain.CodeNotFound, Field: "officers",
		},
		{
			Name: "nor anybody with an interest", Given: past(opened),
			When: replace("P1", "P3"), As: leader, Sees: sees("P3", biased),
			Refused: domain.CodeConflict, Field: "officers",
		},
		{
			Name: "nor is it given them by somebody suspended", Given: past(opened),
			When: replace("P1", "P3"), As: leader, Sees: sees("leader-chen", off),
			Refused: domain.CodeRule, Field: "actor",
		},
		{
			Name: "nor does one grant an override", Given: past(opened, investigated, notified, wanted),
			When: enforcement.OverrideStep{Step: "statement"}, As: deputy, Sees: sees("leader-guo", off),
			Refused: domain.CodeRule, Field: "actor",
		},
		{
			Name: "nor a deviation", Given: append(past(ready...), beyond),
			When: enforcement.Deviate{}, As: deputy, Sees: sees("leader-guo", off),
			Refused: domain.CodeRule, Field: "actor",
		},
		{
			Name: "no hearing is scheduled where the procedure has none", Given: past(permit, checked),
			When: enforcement.ScheduleHearing{HeldOn: day("2024-03-27")}, As: first,
			Refused: domain.CodeRule,
		},
		{
			Name: "nobody without a file decides, though on the case", Given: past(permit, checked),
			When: enforcement.Decide{Outcome: enforcement.OutcomeGranted, Opinion: "agreed"}, As: first, Sees: sees("P1", officer.Officer{}),
			Refused: domain.CodeNotFound, Field: "actor",
		},
	})
}
