package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	service "github.com/probity-ledger/probity/domain/officer"
)

// list is the list of prohibited conduct N1: clause G draws more from
// 2024-02-15 on, and clause H is gone then.
var list = norm.Norm{Status: norm.StatusAdopted, NormKind: norm.KindProhibition, Versions: []norm.Version{
	{Number: 1, From: day("2023-01-01"), Clauses: []norm.Clause{
		{Code: "G", Text: "takes gifts", Least: domain.MeasureWarning, Most: domain.MeasureDemerit},
		{Code: "H", Text: "hides a gift", Least: domain.MeasureWarning, Most: domain.MeasureMajor}}},
	{Number: 2, From: day("2024-02-15"), Clauses: []norm.Clause{
		{Code: "G", Text: "takes gifts", Least: domain.MeasureMajor, Most: domain.MeasureDismissal}}},
}}

// breach is the bribe as a breach of clause G of N1.
func breach(change func(*misconduct.Finding)) misconduct.Finding {
	return with(bribe, func(f *misconduct.Finding) {
		f.Norm, f.Clause = "N1", "G"
		change(f)
	})[0]
}

func TestABreachCitesTheClauseInForceOnTheDayOfTheConduct(t *testing.T) {
	as := func(text norm.Norm) map[domain.Reference]any {
		return map[domain.Reference]any{domain.NormID("N1"): text}
	}
	cited := func(name string, version int, change func(*misconduct.Finding)) domaintest.Scenario {
		f := breach(change)
		then := f
		then.NormVersion = version
		return domaintest.Scenario{Name: name, Given: defended, When: propose(f), As: inspector, Sees: as(list),
			Then: []domain.Event{misconduct.FindingProposed{Findings: []misconduct.Finding{then}}}}
	}
	refused := func(name string, code domain.Code, rule string, text norm.Norm, change func(*misconduct.Finding)) domaintest.Scenario {
		return domaintest.Scenario{Name: name, Given: defended, When: propose(breach(change)), As: inspector, Sees: as(text),
			Refused: code, Field: "findings", Rule: rule}
	}
	same := func(*misconduct.Finding) {}
	draft, repealed, window, procedure := list, list, list, norm.Norm{Status: norm.StatusAdopted, NormKind: norm.KindProcedure, Versions: []norm.Version{
		{Number: 1, From: day("2023-01-01"), Steps: []norm.Step{{Code: "G", StepName: "告知", StepKind: norm.StepNotify}}}}}
	draft.Status = norm.StatusDraft
	repealed.Status, repealed.RepealedFrom = norm.StatusRepealed, day("2024-01-15")
	window.NormKind = norm.KindWindow
	scenarios := []domaintest.Scenario{
		cited("the version of that day is cited", 1, same),
		cited("a later version where the conduct came later", 2, func(f *misconduct.Finding) { f.DeedOn, f.Measure = day("2024-02-15"), domain.MeasureMajor }),
		cited("a version stated rightly is taken", 1, func(f *misconduct.Finding) { f.NormVersion = 1 }),
		cited("a clause that was repealed meanwhile", 1, func(f *misconduct.Finding) { f.Clause = "H" }),
		cited("the lightest measure of the range", 1, func(f *misconduct.Finding) { f.Measure = domain.MeasureWarning }),
		cited("what is not borne out has no measure and no range", 1, func(f *misconduct.Finding) { f.Result, f.Measure = misconduct.ResultUnfounded, "" }),
		refused("a measure below the range", domain.CodeRule, "N1 G", list, func(f *misconduct.Finding) { f.Measure = domain.MeasureAdmonition }),
		refused("a measure above the range", domain.CodeRule, "N1 G", list, func(f *misconduct.Finding) { f.Measure = domain.MeasureMajor }),
		refused("no measure where the clause draws one", domain.CodeRule, "N1 G", list, func(f *misconduct.Finding) { f.Measure = "" }),
		refused("the range of a version that came later", domain.CodeRule, "N1 G", list, func(f *misconduct.Finding) { f.Measure = domain.MeasureDismissal }),
		refused("the range of a version that was gone", domain.CodeRule, "N1 G", list, func(f *misconduct.Finding) { f.DeedOn = day("2024-02-20") }),
		refused("a clause that was gone", domain.CodeInvalid, "立法法", list, func(f *misconduct.Finding) { f.DeedOn, f.Clause = day("2024-02-20"), "H" }),
		refused("a clause that never was", domain.CodeInvalid, "立法法", list, func(f *misconduct.Finding) { f.Clause = "Z" }),
		refused("no clause at all", domain.CodeInvalid, "立法法", list, func(f *misconduct.Finding) { f.Clause = "" }),
		refused("a day before the first version", domain.CodeRule, "立法法", list, func(f *misconduct.Finding) { f.DeedOn = day("2022-12-31") }),
		refused("a day after the repeal", domain.CodeRule, "立法法", repealed, same),
		refused("another version than that of the day", domain.CodeRule, "立法法", list, func(f *misconduct.Finding) { f.NormVersion = 2 }),
		refused("a version of no norm", domain.CodeInvalid, "", list, func(f *misconduct.Finding) { f.NormVersion = 1 }),
		refused("a norm that nobody adopted", domain.CodeNotFound, "", draft, same),
		refused("a norm that is not on file", domain.CodeNotFound, "", norm.Norm{}, same),
		refused("a malformed norm id", domain.CodeInvalid, "", list, func(f *misconduct.Finding) { f.Norm = "N 1" }),
		refused("no day of the conduct", domain.CodeInvalid, "行政处罚法 art. 37", list, func(f *misconduct.Finding) { f.DeedOn = domain.Date{} }),
		refused("a day to come", domain.CodeInvalid, "", list, func(f *misconduct.Finding) { f.DeedOn = day("2024-03-05") }),
		{Name: "a window standard has clauses without a range", Given: defended, When: propose(breach(func(f *misconduct.Finding) { f.Measure = "" })), As: inspector, Sees: as(window),
			Then: []domain.Event{misconduct.FindingProposed{Findings: []misconduct.Finding{breach(func(f *misconduct.Finding) { f.Measure, f.NormVersion = "", 1 })}}}},
		{Name: "a procedure is cited by its step", Given: defended, When: propose(breach(same)), As: inspector, Sees: as(procedure),
			Then: []domain.Event{misconduct.FindingProposed{Findings: []misconduct.Finding{breach(func(f *misconduct.Finding) { f.NormVersion = 1 })}}}},
	}
	for i := range scenarios {
		switch scenarios[i].Name {
		case "a version of no norm":
			f := scenarios[i].When.(misconduct.ProposeFinding).Findings
			f[0].Norm, scenarios[i].Sees = "", nil
		case "a malformed norm id":
			scenarios[i].Sees = nil
		}
	}
	domaintest.Run(t, misconduct.Room, scenarios)
}

func TestWhatAnAppealPutsInTheirPlaceIsHeldAgainstTheClauseToo(t *testing.T) {
	sees := map[domain.Reference]any{domain.NormID("N1"): list}
	stands := domaintest.Past{Act: leader, Event: misconduct.FindingConfirmed{Findings: []misconduct.Finding{breach(func(f *misconduct.Finding) { f.NormVersion = 1 })}}}
	given := append(past(judged...), stands, appealed)
	asked := append(past(given...), upheld, rereviewAsked)
	lighter, below := breach(func(f *misconduct.Finding) { f.Measure = domain.MeasureWarning }), breach(func(f *misconduct.Finding) { f.Measure = domain.MeasureEducation })
	recorded := lighter
	recorded.NormVersion = 1
	vary := func(f misconduct.Finding) misconduct.DecideAppeal {
		return misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "small", Findings: []misconduct.Finding{f}}
	}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "a lighter measure of the range", Given: given, When: vary(lighter), As: second, Sees: sees,
			Then: []domain.Event{misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "small", Findings: []misconduct.Finding{recorded}}}},
		{Name: "not one below it", Given: given, When: vary(below), As: second, Sees: sees, Refused: domain.CodeRule, Field: "findings", Rule: "N1 G"},
		{Name: "nor on re-review", Given: asked, When: misconduct.DecideRereview(vary(below)), As: third, Sees: sees, Refused: domain.CodeRule, Field: "findings", Rule: "N1 G"},
		{Name: "nor of a norm that does not exist", Given: given, When: vary(lighter), As: second, Refused: domain.CodeNotFound, Field: "findings"},
		{Name: "which a re-review does not cite either", Given: asked, When: misconduct.DecideRereview(vary(lighter)), As: third, Refused: domain.CodeNotFound, Field: "findings"},
	})
}

// affairs is a rulebook with the findings, the standard of proof, the matrix
// and the limitation of police internal affairs, on the ladder of cn-2024.
func affairs() *domain.Rulebook {
	book := domain.CN2024()
	book.ID = "affairs"
	book.Findings = domain.FindingRules{Results: []string{"sustained", "not_sustained", "exonerated", "unfounded"}, Standard: "preponderance", Source: "manual 1"}
	step := func(least, most domain.Measure) domain.MatrixStep {
		return domain.MatrixStep{Least: least, Most: most}
	}
	book.Matrix = domain.MatrixRules{Source: "manual 2", Lookback: domain.Term{Length: 5, Unit: domain.Years, Source: "manual 3"}, Classes: []domain.OffenceClass{
		{Class: "A", Steps: []domain.MatrixStep{step(domain.MeasureEducation, domain.MeasureWarning), step(domain.MeasureWarning, domain.MeasureDemerit), step(domain.MeasureMajor, domain.MeasureRemoval)}},
	}}
	book.Limitation = domain.LimitationRules{Complete: domain.Term{Length: 1, Unit: domain.Years, Source: "code 3304"},
		Tolling: []domain.Tolling{{Ground: "criminal_case", Source: "code 3304(d)"}, {Ground: "waiver", Source: "code 3304(d)"}}}
	return book
}

// classed is the bribe as conduct of class A.
func classed(m domain.Measure, change func(*misconduct.Finding)) misconduct.Finding {
	f := measured(bribe, m)[0]
	f.Class = "A"
	if change != nil {
		change(&f)
	}
	return f
}

func foundBefore(on ...string) map[domain.Reference]any {
	file := service.Officer{Status: service.StatusServing}
	for i, d := range on {
		file.Found = append(file.Found, service.FoundAgainst{Case: domain.CaseID("K" + string(rune('1'+i))), On: day(d), Sustained: 1})
	}
	return map[domain.Reference]any{domain.OfficerID("P7"): file}
}

func TestFindingsFollowTheBookOfFindingsAndTheMatrix(t *testing.T) {
	book := affairs()
	holds := func(name string, sees map[domain.Reference]any, f misconduct.Finding, priors int) domaintest.Scenario {
		then := f
		then.Standard, then.Priors = "preponderance", priors
		return domaintest.Scenario{Name: name, Given: defended, When: propose(f), As: inspector, Sees: sees, Book: book,
			Then: []domain.Event{misconduct.FindingProposed{Findings: []misconduct.Finding{then}}}}
	}
	refused := func(name string, code domain.Code, rule string, sees map[domain.Reference]any, f misconduct.Finding) domaintest.Scenario {
		return domaintest.Scenario{Name: name, Given: defended, When: propose(f), As: inspector, Sees: sees, Book: book, Refused: code, Field: "findings", Rule: rule}
	}
	depart := func(f *misconduct.Finding) { f.Departure = "a single slip in twenty years" }
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		holds("none before", nil, classed(domain.MeasureWarning, nil), 0),
		holds("one before", foundBefore("2023-01-10"), classed(domain.MeasureDemerit, nil), 1),
		holds("the last step holds beyond", foundBefore("2023-01-10", "2023-02-10", "2023-03-10"), classed(domain.MeasureMajor, nil), 3),
		holds("on the last day of the lookback it counts", foundBefore("2019-02-01"), classed(domain.MeasureDemerit, nil), 1),
		holds("on the day after it does not", foundBefore("2019-01-31"), classed(domain.MeasureEducation, nil), 0),
		holds("what was found after the conduct is nothing repeated", foundBefore("2024-02-01"), classed(domain.MeasureEducation, nil), 0),
		holds("outside with a reason", nil, classed(domain.MeasureDemerit, depart), 0),
		holds("without any measure with a reason", nil, classed("", depart), 0),
		holds("a number stated rightly", foundBefore("2023-01-10"), classed(domain.MeasureDemerit, func(f *misconduct.Finding) { f.Priors, f.Standard = 1, "preponderance" }), 1),
		holds("what is not borne out has no class", nil, with(cleared, func(f *misconduct.Finding) { f.Officer = "P7" })[0], 0),
		refused("a result that the book has not", domain.CodeRule, "manual 1", nil, classed(domain.MeasureWarning, func(f *misconduct.Finding) { f.Result = misconduct.ResultPartlySustained })),
		refused("another standard of proof", domain.CodeRule, "manual 1", nil, classed(domain.MeasureWarning, func(f *misconduct.Finding) { f.Standard = "beyond doubt" })),
		refused("no class", domain.CodeInvalid, "manual 2", nil, classed(domain.MeasureWarning, func(f *misconduct.Finding) { f.Class = "" })),
		refused("an unknown class", domain.CodeInvalid, "manual 2", nil, classed(domain.MeasureWarning, func(f *misconduct.Finding) { f.Class = "Q" })),
		refused("above without a reason", domain.CodeRule, "manual 2", nil, classed(domain.MeasureDemerit, nil)),
		refused("below without a reason", domain.CodeRule, "manual 2", foundBefore("2023-01-10"), classed(domain.MeasureEducation, nil)),
		refused("nothing without a reason", domain.CodeRule, "manual 2", nil, classed("", nil)),
		refused("a reason for nothing", domain.CodeInvalid, "manual 2", nil, classed(domain.MeasureWarning, depart)),
		refused("a number that does not count", domain.CodeRule, "manual 3", nil, classed(domain.MeasureWarning, func(f *misconduct.Finding) { f.Priors = 2 })),
		refused("a class for what is not borne out", domain.CodeInvalid, "", nil, with(cleared, func(f *misconduct.Finding) { f.Officer, f.Class = "P7", "A" })[0]),
		{Name: "a class where there is no matrix", Given: defended, When: propose(classed(domain.MeasureWarning, nil)), As: inspector, Refused: domain.CodeInvalid, Field: "findings"},
	})
}

func TestASecondPersonApprovesAMeasureOutsideTheMatrix(t *testing.T) {
	book := affairs()
	departs := classed(domain.MeasureDemerit, func(f *misconduct.Finding) { f.Departure, f.Standard = "greed", "preponderance" })
	outside := append(past(defended...), domaintest.Past{Act: inspector, Event: misconduct.FindingProposed{Findings: []misconduct.Finding{departs}}})
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "with a reason of their own", Given: outside, When: misconduct.ConfirmFinding{Departure: "greed indeed"}, As: leader, Book: book,
			Then: []domain.Event{misconduct.FindingConfirmed{Findings: []misconduct.Finding{departs}, Departure: "greed indeed"}}},
		{Name: "not in silence", Given: outside, When: misconduct.ConfirmFinding{}, As: leader, Book: book, Refused: domain.CodeIncomplete, Field: "departure", Rule: "manual 2"},
		{Name: "not the finder", Given: outside, When: misconduct.ConfirmFinding{Departure: "mine"}, As: domaintest.By("inspector-he", domain.RoleLeader), Book: book,
			Refused: domain.CodeConflict, Field: "actor"},
		{Name: "where nothing departs there is nothing to approve", Given: judged, When: misconduct.ConfirmFinding{Departure: "why not"}, As: leader, Refused: domain.CodeInvalid, Field: "departure"},
	})
}

// On a shelf the measure must be one of both days.
func TestAMeasureIsKnownOnTheDayOfTheConductAndToday(t *testing.T) {
	before, after := domain.CN2024(), domain.CN2024()
	before.Version, before.ValidTo = "0", day("2024-02-15")
	after.ValidFrom = day("2024-02-16")
	ladder := before.Sanction.Ladder
	before.Sanction.Ladder = append(ladder[:4:4], ladder[5:]...) // without the warning
	shelf, err := domain.NewShelf(before, after)
	if err != nil {
		t.Fatal(err)
	}
	book := shelf.On(day("2024-03-04"))
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "one that came later", Given: defended, When: propose(measured(bribe, domain.MeasureWarning)...), As: inspector, Book: book,
			Refused: domain.CodeRule, Field: "findings", Rule: "行政处罚法 art. 37"},
		{Name: "for conduct after the change", Given: defended, Book: book, As: inspector,
			When: propose(with(measured(bribe, domain.MeasureWarning)[0], func(f *misconduct.Finding) { f.DeedOn = day("2024-02-16") })...),
			Then: []domain.Event{misconduct.FindingProposed{Findings: with(measured(bribe, domain.MeasureWarning)[0], func(f *misconduct.Finding) { f.DeedOn = day("2024-02-16") })}}},
	})
}
