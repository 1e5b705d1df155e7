package enforcement_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
)

func open(change func(*enforcement.Open)) enforcement.Open {
	c := enforcement.Open{ActKind: enforcement.KindPenalty, Unit: "U1", Procedure: "N1", Benchmark: "B1", PartyKind: enforcement.PartyOrganisation, Party: party,
		Officers: pair, Matter: "short weight", DeedOn: day("2024-02-01")}
	if change != nil {
		change(&c)
	}
	return c
}

func stall(c *enforcement.Open) {
	*c = enforcement.Open{ActKind: enforcement.KindApproval, Unit: "U1", Procedure: "N2", PartyKind: enforcement.PartyPerson, Party: party, Officers: c.Officers, Matter: "market stall"}
}

// p1 is a world in which the officer P1 is another.
func p1(o officer.Officer) map[domain.Reference]any {
	return map[domain.Reference]any{domain.OfficerID("P1"): o}
}

func TestOpening(t *testing.T) {
	off, gone, uncertified, held := certified("U1"), certified("U1"), certified("U1"), certified("U1")
	off.Status, gone.Status = officer.StatusSuspended, officer.StatusSeparated
	uncertified.Certificate.ValidTo = day("2024-03-03")
	held.Certificate.Status = officer.CertificateHeld
	biased := func(i officer.Interest) map[domain.Reference]any { return p1(certified("U1", i)) }
	run(t, []domaintest.Scenario{
		{
			Name: "a penalty is bound to the procedure in force, and to its term",
			When: open(nil), As: first,
			Then: []domain.Event{opened.Event},
		},
		{
			Name: "a permit is decided in twenty working days",
			When: open(stall), As: first,
			Then: []domain.Event{permit.Event},
		},
		{
			Name: "a small penalty is opened on the spot with a short procedure",
			When: open(func(c *enforcement.Open) {
				stall(c)
				c.ActKind, c.OnTheSpot, c.Matter = enforcement.KindPenalty, true, "litter"
			}), As: first,
			Then: []domain.Event{spot.Event},
		},
		{
			Name: "an inspection has no term",
			When: open(func(c *enforcement.Open) { stall(c); c.ActKind = enforcement.KindInspection }), As: leader,
			Then: []domain.Event{enforcement.Opened{ActKind: enforcement.KindInspection, Unit: "U1", Procedure: "N2", ProcedureVersion: 1, PartyKind: enforcement.PartyPerson,
				Party: party, Officers: pair, Matter: "market stall", DeedOn: day("2024-03-04")}},
		},
		{
			Name: "an act is opened once", Given: past(opened),
			When: open(nil), As: first,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "one officer is too few",
			When: open(func(c *enforcement.Open) { c.Officers = []domain.OfficerID{"P1"} }), As: first,
			Refused: domain.CodeRule, Field: "officers", Rule: "行政处罚法 art. 42",
		},
		{
			Name: "an officer without a valid certificate is not put on a case",
			When: open(nil), As: other, Sees: p1(uncertified),
			Refused: domain.CodeRule, Field: "officers", Rule: "行政处罚法 art. 42",
		},
		{
			Name: "nor one whose certificate is suspended",
			When: open(nil), As: other, Sees: p1(held),
			Refused: domain.CodeRule, Field: "officers", Rule: "行政处罚法 art. 42",
		},
		{
			Name: "nor one suspended from duty",
			When: open(nil), As: other, Sees: p1(off),
			Refused: domain.CodeRule, Field: "officers",
		},
		{
			Name: "nor one who has left the service",
			When: open(nil), As: other, Sees: p1(gone),
			Refused: domain.CodeRule, Field: "officers",
		},
		{
			Name: "nor somebody unknown",
			When: open(func(c *enforcement.Open) { c.Officers = []domain.OfficerID{"P1", "P9"} }), As: first,
			Refused: domain.CodeNotFound, Field: "officers",
		},
		{
			Name: "nor one with a declared interest in the party",
			When: open(nil), As: other, Sees: biased(officer.Interest{Nature: "spouse", With: party}),
			Refused: domain.CodeConflict, Field: "officers", Rule: "行政处罚法",
		},
		{
			Name: "nor one with a declared interest in the unit",
			When: open(nil), As: other, Sees: biased(officer.Interest{Nature: "spouse", Unit: "U1"}),
			Refused: domain.CodeConflict, Field: "officers", Rule: "行政处罚法",
		},
		{
			Name: "an interest that is over bars nobody",
			When: open(nil), As: other, Sees: biased(officer.Interest{Nature: "lease", With: party, Until: day("2024-03-03")}),
			Then: []domain.Event{opened.Event},
		},
		{
			Name: "nor does one with another party",
			When: open(nil), As: other, Sees: biased(officer.Interest{Nature: "spouse", With: "sha256:" + strings.Repeat("c", 64)}),
			Then: []domain.Event{opened.Event},
		},
		{
			Name: "who opens has no interest either",
			When: open(func(c *enforcement.Open) { c.Officers = []domain.OfficerID{"P2", "P3"} }), As: first, Sees: biased(officer.Interest{Nature: "spouse", With: party}),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "the procedure is in force",
			When: open(func(c *enforcement.Open) { c.Procedure = "N9" }), As: first,
			Refused: domain.CodeRule, Field: "procedure",
		},
		{
			Name: "and is a procedure",
			When: open(func(c *enforcement.Open) { c.Procedure = "B1" }), As: first,
			Refused: domain.CodeRule, Field: "procedure",
		},
		{
			Name: "no ordinary penalty goes without notice, statement and service",
			When: open(func(c *enforcement.Open) { c.Procedure = "N2" }), As: first,
			Refused: domain.CodeRule, Field: "procedure", Rule: "art. 44, 45, 61",
		},
		{
			Name: "and the procedure does not leave them to choice",
			When: open(nil), As: first, Sees: map[domain.Reference]any{domain.NormID("N1"): text(norm.KindProcedure, norm.Version{Number: 2, From: day("2024-01-01"), Steps: func() []norm.Step {
				list := steps()
				list[3].Optional = true
				return list
			}()})},
			Refused: domain.CodeRule, Field: "procedure",
		},
		{
			Name: "the benchmark held on the day of the deed or holds now",
			When: open(func(c *enforcement.Open) { c.Benchmark = "B9" }), As: first,
			Refused: domain.CodeRule, Field: "benchmark",
		},
		{
			Name: "and is a benchmark",
			When: open(func(c *enforcement.Open) { c.Benchmark = "N1" }), As: first,
			Refused: domain.CodeRule, Field: "benchmark",
		},
		{
			Name: "no permit is given on the spot",
			When: open(func(c *enforcement.Open) { stall(c); c.OnTheSpot = true }), As: first,
			Refused: domain.CodeInvalid, Field: "onTheSpot",
		},
		{
			Name: "the deed comes before the act",
			When: open(func(c *enforcement.Open) { c.DeedOn = day("2024-03-05") }), As: first,
			Refused: domain.CodeInvalid, Field: "deedOn",
		},
	})
}

func TestReplacingOfficers(t *testing.T) {
	replace := enforcement.ReplaceOfficers{Officers: []domain.OfficerID{"P2", "P3"}, Reason: "P1 is related to the party"}
	replaced := domaintest.Past{Act: leader, Event: enforcement.OfficersReplaced(replace)}
	uncertified := certified("U1")
	uncertified.Certificate.Status = officer.CertificateWithdrawn
	run(t, []domaintest.Scenario{
		{
			Name: "a leader puts others on the case", Given: past(opened),
			When: replace, As: leader,
			Then: []domain.Event{replaced.Event},
		},
		{
			Name: "they take the steps from then on", Given: past(opened, replaced),
			When: enforcement.TakeStep{Step: "investigate", Second: "P3"}, As: other,
			Then: []domain.Event{enforcement.StepTaken{Step: "investigate", StepKind: norm.StepInvestigate, Officer: "P2", Second: "P3", On: day("2024-03-04")}},
		},
		{
			Name: "those replaced do not", Given: past(opened, replaced),
			When: enforcement.TakeStep{Step: "investigate", Second: "P2"}, As: first,
			Refused: domain.CodeForbidden, Field: "officer",
		},
		{
			Name: "each holds a certificate", Given: past(opened),
			When: replace, As: leader, Sees: map[domain.Reference]any{domain.OfficerID("P3"): uncertified},
			Refused: domain.CodeRule, Field: "officers", Rule: "art. 42",
		},
		{
			Name: "two are needed", Given: past(opened),
			When: enforcement.ReplaceOfficers{Officers: []domain.OfficerID{"P3"}, Reason: "ill"}, As: leader,
			Refused: domain.CodeRule, Field: "officers", Rule: "art. 42",
		},
		{
			Name: "the leader has no interest", Given: past(opened),
			When: replace, As: leader, Sees: map[domain.Reference]any{domain.OfficerID("leader-chen"): certified("U1", officer.Interest{Nature: "spouse", With: party})},
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "there is a reason", Given: past(opened),
			When: enforcement.ReplaceOfficers{Officers: []domain.OfficerID{"P2", "P3"}}, As: leader,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "nobody is named twice", Given: past(opened),
			When: enforcement.ReplaceOfficers{Officers: []domain.OfficerID{"P2", "P2"}, Reason: "ill"}, As: leader,
			Refused: domain.CodeInvalid, Field: "officers",
		},
	})
}

func TestImporting(t *testing.T) {
	history := enforcement.Import{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: []domain.OfficerID{"P1"}, PartyKind: enforcement.PartyPerson, Party: party,
		DecidedOn: day("2014-05-05"), Outcome: "fine", Clause: "12", Amount: 20_000}
	scenarios := []domaintest.Scenario{
		{
			Name: "an act of old is filed",
			When: history, As: importer,
			Then: []domain.Event{enforcement.Imported(history)},
		},
		{
			Name: "it may say little",
			When: enforcement.Import{ActKind: enforcement.KindLevy, Outcome: "paid"}, As: importer,
			Then: []domain.Event{enforcement.Imported{ActKind: enforcement.KindLevy, Outcome: "paid"}},
		},
		{
			Name: "what is on file is not imported", Given: past(opened),
			When: history, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
	}
	for field, change := range map[string]func(*enforcement.Import){
		"kind":      func(c *enforcement.Import) { c.ActKind = "raid" },
		"unit":      func(c *enforcement.Import) { c.Unit = "U/1" },
		"officers":  func(c *enforcement.Import) { c.Officers = []domain.OfficerID{"P 1"} },
		"partyKind": func(c *enforcement.Import) { c.PartyKind = "ghost" },
		"party":     func(c *enforcement.Import) { c.Party = "Mr Wang" },
		"decidedOn": func(c *enforcement.Import) { c.DecidedOn = day("2024-03-05") },
		"outcome":   func(c *enforcement.Import) { c.Outcome = "" },
		"clause":    func(c *enforcement.Import) { c.Clause = strings.Repeat("x", domain.MaxText+1) },
	} {
		c := history
		change(&c)
		scenarios = append(scenarios, domaintest.Scenario{Name: "an import checks " + field, When: c, As: importer, Refused: domain.CodeInvalid, Field: field})
	}
	run(t, scenarios)
}

func TestEveryFieldIsChecked(t *testing.T) {
	long := strings.Repeat("长", domain.MaxText)
	var scenarios []domaintest.Scenario
	check := func(field string, as domain.Act, given []domaintest.Past, when domain.Command) {
		scenarios = append(scenarios, domaintest.Scenario{Name: string(when.Name()) + " checks " + field, Given: given, When: when, As: as, Refused: domain.CodeInvalid, Field: field})
	}
	for field, change := range map[string]func(*enforcement.Open){
		"kind":          func(c *enforcement.Open) { c.ActKind = "raid" },
		"unit":          func(c *enforcement.Open) { c.Unit = "" },
		"procedure":     func(c *enforcement.Open) { c.Procedure = "" },
		"benchmark":     func(c *enforcement.Open) { c.Benchmark = "B 1" },
		"partyKind":     func(c *enforcement.Open) { c.PartyKind = "ghost" },
		"party":         func(c *enforcement.Open) { c.Party = "Mr Wang" },
		"officers":      func(c *enforcement.Open) { c.Officers = []domain.OfficerID{"P1", "P1"} },
		"matter":        func(c *enforcement.Open) { c.Matter = long },
		"amountClaimed": func(c *enforcement.Open) { c.AmountClaimed = -1 },
	} {
		check(field, first, nil, open(change))
	}
	take := func(change func(*enforcement.TakeStep)) enforcement.TakeStep {
		c := enforcement.TakeStep{Step: "investigate", Second: "P2"}
		change(&c)
		return c
	}
	check("officer", first, past(opened), take(func(c *enforcement.TakeStep) { c.Officer = "P 1" }))
	check("second", first, past(opened), take(func(c *enforcement.TakeStep) { c.Second = "P 2" }))
	check("note", first, past(opened), take(func(c *enforcement.TakeStep) { c.Note = long }))
	check("evidence", first, past(opened), take(func(c *enforcement.TakeStep) { c.Evidence = []domain.Evidence{{}} }))
	check("amount", first, past(opened), take(func(c *enforcement.TakeStep) { c.Amount = -1 }))
	check("reason", first, past(opened), enforcement.AskOverride{Step: "statement", Reason: long})
	check("reason", first, past(opened), enforcement.AskDeviation{Tier: "grave", Amount: 1, Reason: long})
	penalise := enforcement.Decide{Outcome: enforcement.OutcomePenalised, Tier: "grave", Factor: "again", Amount: 60_000, Opinion: "agreed"}
	for field, change := range map[string]func(*enforcement.Decide){
		"outcome": func(c *enforcement.Decide) { c.Outcome = enforcement.OutcomeGranted },
		"clause":  func(c *enforcement.Decide) { c.Clause = long },
		"factor":  func(c *enforcement.Decide) { c.Factor = long },
		"opinion": func(c *enforcement.Decide) { c.Opinion = "" },
		"amount":  func(c *enforcement.Decide) { c.Amount = -1 },
	} {
		c := penalise
		change(&c)
		check(field, on(leader, "2024-03-20"), ready, c)
	}
	check("ground", inspector, final, enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultUpheld, Ground: long})
	check("opinion", inspector, final, enforcement.ReviewFault{Opinion: long})
	run(t, scenarios)
}
