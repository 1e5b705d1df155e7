package enforcement_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
)

func penalise(change func(*enforcement.Decide)) enforcement.Decide {
	c := enforcement.Decide{Outcome: enforcement.OutcomePenalised, Tier: "grave", Factor: "again", Amount: 60_000, Opinion: "agreed"}
	if change != nil {
		change(&c)
	}
	return c
}

// fine returns what is decided, changed.
func fine(change func(*enforcement.Decided)) []domain.Event {
	e := decided.Event.(enforcement.Decided)
	change(&e)
	return []domain.Event{e}
}

func TestDeciding(t *testing.T) {
	run(t, []domaintest.Scenario{
		{
			Name: "a leader decides within the tier of the day of the deed", Given: ready,
			When: penalise(nil), As: on(leader, "2024-03-20"),
			Then: []domain.Event{decided.Event},
		},
		{
			Name: "a late decision shows", Given: ready,
			When: penalise(nil), As: on(leader, "2024-06-04"),
			Then: fine(func(e *enforcement.Decided) { e.On, e.DaysLate = day("2024-06-04"), 2 }),
		},
		{
			Name: "the lighter tier of the day of the decision applies", Given: ready,
			When: penalise(func(c *enforcement.Decide) { c.Tier, c.Amount = "light", 40_000 }), As: on(leader, "2024-03-20"),
			Then: fine(func(e *enforcement.Decided) {
				e.Tier, e.Amount, e.MinAmount, e.MaxAmount, e.BenchmarkVersion, e.Lighter = "light", 40_000, 0, 40_000, 2, true
			}),
		},
		{
			Name: "so what the older one allowed is too much", Given: ready,
			When: penalise(func(c *enforcement.Decide) { c.Tier, c.Amount = "light", 50_000 }), As: on(leader, "2024-03-20"),
			Refused: domain.CodeRule, Field: "amount",
		},
		{
			Name: "before the new one is in force the older holds", Given: ready,
			When: penalise(func(c *enforcement.Decide) { c.Tier, c.Amount = "light", 50_000 }), As: on(leader, "2024-03-19"),
			Then: fine(func(e *enforcement.Decided) {
				e.On, e.Tier, e.Amount, e.MinAmount, e.MaxAmount = day("2024-03-19"), "light", 50_000, 0, 50_000
			}),
		},
		{
			Name: "where none was in force on the day of the deed the present one holds", Given: ready,
			When: penalise(nil), As: on(leader, "2024-03-20"),
			Sees: map[domain.Reference]any{domain.NormID("B1"): text(norm.KindBenchmark, norm.Version{Number: 5, From: day("2024-03-01"), Tiers: tiers(1, 70_000)})},
			Then: fine(func(e *enforcement.Decided) { e.MinAmount, e.MaxAmount, e.BenchmarkVersion = 1, 70_000, 5 }),
		},
		{
			Name: "a tier that the text of the day of the deed did not have is none", Given: ready,
			When: penalise(func(c *enforcement.Decide) { c.Tier, c.Amount = "new", 5 }), As: on(leader, "2024-03-20"),
			Refused: domain.CodeInvalid, Field: "tier", Rule: "行政处罚法 art. 37",
		},
		{
			Name: "a tier is named", Given: ready,
			When: penalise(func(c *enforcement.Decide) { c.Tier = "" }), As: on(leader, "2024-03-20"),
			Refused: domain.CodeInvalid, Field: "tier",
		},
		{
			Name: "and what put the case into it", Given: ready,
			When: penalise(func(c *enforcement.Decide) { c.Factor = "" }), As: on(leader, "2024-03-20"),
			Refused: domain.CodeInvalid, Field: "factor",
		},
		{
			Name: "the clause is that of the tier", Given: ready,
			When: penalise(func(c *enforcement.Decide) { c.Clause = "13" }), As: on(leader, "2024-03-20"),
			Refused: domain.CodeInvalid, Field: "clause",
		},
		{
			Name: "what follows the statement is not more than the notice announced", Given: ready,
			When: penalise(func(c *enforcement.Decide) { c.Amount = 60_001 }), As: on(leader, "2024-03-20"),
			Refused: domain.CodeRule, Field: "amount", Rule: "行政处罚法 art. 45",
		},
		{
			Name: "no penalty is imposed while the party may ask for a hearing", Given: ready,
			When: penalise(nil), As: on(leader, "2024-03-18"),
			Refused: domain.CodeTooEarly, Rule: "行政处罚法 art. 64",
		},
		{
			Name: "an exemption need not wait", Given: ready,
			When: enforcement.Decide{Outcome: enforcement.OutcomeExempted, Opinion: "made good"}, As: on(leader, "2024-03-18"),
			Then: []domain.Event{enforcement.Decided{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: pair, Step: "decide", On: day("2024-03-18"), Outcome: enforcement.OutcomeExempted, Opinion: "made good"}},
		},
		{
			Name: "an exemption has no amount", Given: ready,
			When: penalise(func(c *enforcement.Decide) { c.Outcome = enforcement.OutcomeExempted }), As: on(leader, "2024-03-20"),
			Refused: domain.CodeInvalid, Field: "amount",
		},
		{
			Name: "nothing is decided before the notice", Given: past(opened, investigated),
			When: penalise(nil), As: on(leader, "2024-03-20"),
			Refused: domain.CodeIncomplete, Field: "step", Rule: "行政处罚法 art. 44, 45",
		},
		{
			Name: "nor before the legal review", Given: past(opened, investigated, notified, heard),
			When: penalise(nil), As: on(leader, "2024-03-20"),
			Refused: domain.CodeIncomplete, Field: "step", Rule: "行政处罚法 art. 58",
		},
		{
			Name: "nor before a hearing that was asked for", Given: append(past(ready...), asked),
			When: penalise(nil), As: on(leader, "2024-03-20"),
			Refused: domain.CodeIncomplete, Field: "step", Rule: "行政处罚法 art. 64",
		},
		{
			Name: "nor before the investigation", Given: past(opened),
			When: penalise(nil), As: on(leader, "2024-03-20"),
			Refused: domain.CodeIncomplete, Field: "step", Rule: "norm N1, version 2",
		},
		{
			Name: "an overridden step is counted", Given: past(opened, investigated, notified, wanted, granted, reviewed),
			When: penalise(nil), As: on(leader, "2024-03-20"),
			Then: fine(func(e *enforcement.Decided) { e.Overrides = 1 }),
		},
		{
			Name: "unless it was made up for", Given: past(opened, investigated, notified, wanted, granted, reviewed, heard),
			When: penalise(nil), As: on(leader, "2024-03-20"),
			Then: []domain.Event{decided.Event},
		},
		{
			Name: "no officer decides an ordinary penalty", Given: ready,
			When: penalise(nil), As: on(first, "2024-03-20"),
			Refused: domain.CodeForbidden, Field: "role", Rule: "行政处罚法",
		},
		{
			Name: "who investigated does not decide", Given: ready,
			When: penalise(nil), As: on(domaintest.By("P2", domain.RoleLeader), "2024-03-20"),
			Refused: domain.CodeConflict, Field: "actor", Rule: "norm N1, version 2",
		},
		{
			Name: "nor who has an interest", Given: ready,
			When: penalise(nil), As: on(leader, "2024-03-20"),
			Sees:    map[domain.Reference]any{domain.OfficerID("leader-chen"): certified("U2", officer.Interest{Nature: "spouse", With: party})},
			Refused: domain.CodeConflict, Field: "actor", Rule: "行政处罚法",
		},
		{
			Name: "an act is decided once", Given: final,
			When: penalise(nil), As: on(leader, "2024-03-21"),
			Refused: domain.CodeState,
		},
		{
			Name: "a leader outside the case terminates it at any time", Given: past(opened),
			When: enforcement.Decide{Outcome: enforcement.OutcomeTerminated, Opinion: "the party died"}, As: on(leader, "2024-03-20"),
			Then: []domain.Event{terminated.Event},
		},
		{
			Name: "nobody lets their own case go", Given: past(opened),
			When: enforcement.Decide{Outcome: enforcement.OutcomeTerminated, Opinion: "the party died"}, As: domaintest.By("P1", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does an officer", Given: past(permit),
			When: enforcement.Decide{Outcome: enforcement.OutcomeTerminated, Opinion: "withdrawn"}, As: first,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestDecidingWithoutABenchmark(t *testing.T) {
	grant := enforcement.Decide{Outcome: enforcement.OutcomeGranted, Opinion: "complete"}
	ticket := enforcement.Decide{Outcome: enforcement.OutcomePenalised, Clause: "art. 3", Amount: 20_000, Opinion: "seen"}
	lapsed := certified("U1")
	lapsed.Certificate.ValidTo = day("2024-03-03")
	firm := spot.Event.(enforcement.Opened)
	firm.PartyKind = enforcement.PartyOrganisation
	shop := domaintest.Past{Act: first, Event: firm}
	with := func(c enforcement.Decide, change func(*enforcement.Decide)) enforcement.Decide {
		change(&c)
		return c
	}
	run(t, []domaintest.Scenario{
		{
			Name: "an officer of the case grants a permit", Given: past(permit, checked),
			When: grant, As: first,
			Then: []domain.Event{enforcement.Decided{ActKind: enforcement.KindApproval, Unit: "U1", Officers: pair, Step: "decide", On: day("2024-03-04"), Outcome: enforcement.OutcomeGranted, Opinion: "complete"}},
		},
		{
			Name: "a permit after twenty working days is late", Given: past(permit, checked),
			When: grant, As: on(first, "2024-04-03"),
			Then: []domain.Event{enforcement.Decided{ActKind: enforcement.KindApproval, Unit: "U1", Officers: pair, Step: "decide", On: day("2024-04-03"), Outcome: enforcement.OutcomeGranted, Opinion: "complete", DaysLate: 2}},
		},
		{
			Name: "not an officer of another case", Given: past(permit, checked),
			When: grant, As: third,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "nor one whose certificate ran out", Given: past(permit, checked),
			When: grant, As: first, Sees: p1(lapsed),
			Refused: domain.CodeRule, Field: "actor", Rule: "art. 42",
		},
		{
			Name: "nothing is granted unchecked", Given: past(permit),
			When: grant, As: first,
			Refused: domain.CodeIncomplete, Field: "step", Rule: "norm N2, version 1",
		},
		{
			Name: "without a benchmark there is no tier", Given: past(permit, checked),
			When: with(grant, func(c *enforcement.Decide) { c.Tier = "light" }), As: first,
			Refused: domain.CodeInvalid, Field: "tier",
		},
		{
			Name: "200 yuan are imposed on a person on the spot", Given: past(spot, checked),
			When: ticket, As: first,
			Then: []domain.Event{enforcement.Decided{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: pair, Step: "decide", On: day("2024-03-04"), Outcome: enforcement.OutcomePenalised, Clause: "art. 3", Amount: 20_000, Opinion: "seen"}},
		},
		{
			Name: "not a fen more", Given: past(spot, checked),
			When: with(ticket, func(c *enforcement.Decide) { c.Amount = 20_001 }), As: first,
			Refused: domain.CodeRule, Field: "amount", Rule: "行政处罚法 art. 51",
		},
		{
			Name: "3,000 yuan on an organisation", Given: past(shop, checked),
			When: with(ticket, func(c *enforcement.Decide) { c.Amount = 300_000 }), As: first,
			Then: []domain.Event{enforcement.Decided{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: pair, Step: "decide", On: day("2024-03-04"), Outcome: enforcement.OutcomePenalised, Clause: "art. 3", Amount: 300_000, Opinion: "seen"}},
		},
		{
			Name: "not more either", Given: past(shop, checked),
			When: with(ticket, func(c *enforcement.Decide) { c.Amount = 300_001 }), As: first,
			Refused: domain.CodeRule, Field: "amount", Rule: "行政处罚法 art. 51",
		},
		{
			Name: "a penalty names its basis", Given: past(spot, checked),
			When: with(ticket, func(c *enforcement.Decide) { c.Clause = "" }), As: first,
			Refused: domain.CodeInvalid, Field: "clause",
		},
	})
}

func TestDeviating(t *testing.T) {
	mild := penalise(func(c *enforcement.Decide) { c.Amount = 30_000 })
	want := enforcement.AskDeviation{Tier: "grave", Amount: 30_000, Reason: "poor"}
	with := func(p ...domaintest.Past) []domaintest.Past { return append(past(ready...), p...) }
	run(t, []domaintest.Scenario{
		{
			Name: "an amount outside the tier is refused", Given: ready,
			When: mild, As: on(leader, "2024-03-20"),
			Refused: domain.CodeRule, Field: "amount", Rule: "common practice",
		},
		{
			Name: "an officer asks for it, with a reason", Given: ready,
			When: want, As: first,
			Then: []domain.Event{beyond.Event},
		},
		{
			Name: "asking is not enough", Given: with(beyond),
			When: mild, As: on(leader, "2024-03-20"),
			Refused: domain.CodeRule, Field: "amount",
		},
		{
			Name: "a second person grants it", Given: with(beyond),
			When: enforcement.Deviate{}, As: deputy,
			Then: []domain.Event{allowed.Event},
		},
		{
			Name: "then another decides it", Given: with(beyond, allowed),
			When: mild, As: on(leader, "2024-03-20"),
			Then: fine(func(e *enforcement.Decided) { e.Amount, e.Deviated = 30_000, true }),
		},
		{
			Name: "who granted it does not decide", Given: with(beyond, allowed),
			When: mild, As: on(deputy, "2024-03-20"),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "another amount was not granted", Given: with(beyond, allowed),
			When: penalise(func(c *enforcement.Decide) { c.Amount = 20_000 }), As: on(leader, "2024-03-20"),
			Refused: domain.CodeRule, Field: "amount",
		},
		{
			Name: "nor another tier", Given: with(beyond, allowed),
			When: penalise(func(c *enforcement.Decide) { c.Tier, c.Amount = "light", 60_000 }), As: on(leader, "2024-03-20"),
			Refused: domain.CodeRule, Field: "amount",
		},
		{
			Name: "who asked does not grant", Given: with(domaintest.Past{Act: deputy, Event: beyond.Event}),
			When: enforcement.Deviate{}, As: deputy,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does who is on the case", Given: with(beyond),
			When: enforcement.Deviate{}, As: domaintest.By("P2", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does who has an interest", Given: with(beyond),
			When: enforcement.Deviate{}, As: deputy, Sees: map[domain.Reference]any{domain.OfficerID("leader-guo"): certified("U2", officer.Interest{Nature: "spouse", With: party})},
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nothing is granted that nobody asked for", Given: ready,
			When: enforcement.Deviate{}, As: deputy,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "nor twice", Given: with(beyond, allowed),
			When: enforcement.Deviate{}, As: deputy,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "inside the tier there is nothing to ask for", Given: ready,
			When: enforcement.AskDeviation{Tier: "grave", Amount: 60_000, Reason: "poor"}, As: first,
			Refused: domain.CodeInvalid, Field: "amount",
		},
		{
			Name: "nothing is given back", Given: ready,
			When: enforcement.AskDeviation{Tier: "grave", Amount: -1, Reason: "poor"}, As: first,
			Refused: domain.CodeInvalid, Field: "amount",
		},
		{
			Name: "the tier is one of the benchmark", Given: ready,
			When: enforcement.AskDeviation{Tier: "absurd", Amount: 1, Reason: "poor"}, As: first,
			Refused: domain.CodeInvalid, Field: "tier",
		},
		{
			Name: "without a benchmark nothing deviates", Given: past(permit),
			When: enforcement.AskDeviation{Tier: "grave", Amount: 1, Reason: "poor"}, As: first,
			Refused: domain.CodeInvalid, Field: "tier",
		},
		{
			Name: "after the decision nothing deviates", Given: final,
			When: want, As: first,
			Refused: domain.CodeState,
		},
	})
}
