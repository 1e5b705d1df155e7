package sanction_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/sanction"
)

// changed is cn-2024 of today on a shelf behind one that held to 2023-12-31:
// then a demerit took 9 months, a warning 12, two demerits together at most
// 15, and a demotion was unknown.
func changed(t *testing.T) *domain.Rulebook {
	t.Helper()
	then, now := domain.CN2024(), domain.CN2024()
	then.Version, then.ValidTo, now.Version, now.ValidFrom = "0", domain.MustDate("2023-12-31"), "1", domain.MustDate("2024-01-01")
	then.Sanction.MaxMonths = 15
	var ladder []domain.Rung
	for _, r := range then.Sanction.Ladder {
		switch r.Measure {
		case domain.MeasureDemotion:
			continue
		case domain.MeasureDemerit:
			r.Effect.Length = 9
		case domain.MeasureWarning:
			r.Effect.Length = 12
		}
		ladder = append(ladder, r)
	}
	then.Sanction.Ladder = ladder
	shelf, err := domain.NewShelf(then, now)
	if err != nil {
		t.Fatal(err)
	}
	return shelf.On(domain.MustDate("2024-03-04"))
}

// deed returns the past of a measure approved for conduct of the day.
func deed(on string, m domain.Measure, months int, acts ...sanction.Deed) []domaintest.Past {
	p := sanction.Proposed{Officer: "P7", Case: "C1", Measure: m, Months: months, Conduct: "accepted gifts", DeedOn: domain.MustDate(on), Acts: acts}
	return []domaintest.Past{{Act: inspector, Event: p}, notified, heard, approved}
}

func act(on string, m domain.Measure) sanction.Deed {
	return sanction.Deed{Measure: m, Conduct: "a gift", DeedOn: domain.MustDate(on)}
}

func TestTheLighterOfTwoRulebooksHasTheMeasure(t *testing.T) {
	book := changed(t)
	imposed := func(m domain.Measure, on string, months int, until, version string, payRise bool) []domain.Event {
		return []domain.Event{sanction.Imposed{Officer: "P7", Case: "C1", DeedOn: domain.MustDate(on), Measure: m, Months: months, From: domain.MustDate("2024-03-04"), Until: domain.MustDate(until),
			BarsPromotion: true, BarsPayRise: payRise, BarsHonours: true, RestoresRank: true, Rulebook: "cn-2024", RulebookVersion: version}}
	}
	impose := sanction.Impose{}
	old, young := "2023-06-01", "2024-02-01"
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{Name: "conduct under the old rule, which is lighter: the old rule", Given: deed(old, domain.MeasureDemerit, 9), When: impose, As: leader, Book: book,
			Then: imposed(domain.MeasureDemerit, old, 9, "2024-12-04", "0", true)},
		{Name: "conduct under the old rule, the new one is lighter: the new rule", Given: deed(old, domain.MeasureWarning, 6), When: impose, As: leader, Book: book,
			Then: imposed(domain.MeasureWarning, old, 6, "2024-09-04", "1", false)},
		{Name: "conduct under the new rule: the new rule", Given: deed(young, domain.MeasureDemerit, 12), When: impose, As: leader, Book: book,
			Then: imposed(domain.MeasureDemerit, young, 12, "2025-03-04", "1", true)},
		{Name: "two old acts run to the cap of their day", Given: deed(old, domain.MeasureDemerit, 15, act(old, domain.MeasureDemerit), act(old, domain.MeasureDemerit)), When: impose, As: leader, Book: book,
			Then: imposed(domain.MeasureDemerit, old, 15, "2025-06-04", "0", true)},
		{Name: "and not beyond", Given: deed(old, domain.MeasureDemerit, 9, act(old, domain.MeasureDemerit), act(old, domain.MeasureDemerit)), When: sanction.Impose{Months: 16}, As: leader, Book: book,
			Refused: domain.CodeRule, Field: "months", Rule: "公职人员政务处分法 art. 15"},
		{Name: "an old and a new act: at least the longer period, at most the lower cap", Given: deed(young, domain.MeasureDemerit, 15, act(old, domain.MeasureDemerit), act(young, domain.MeasureDemerit)), When: impose, As: leader, Book: book,
			Then: imposed(domain.MeasureDemerit, young, 15, "2025-06-04", "1", true)},
		{Name: "below the longer period it is refused", Given: deed(young, domain.MeasureDemerit, 15, act(old, domain.MeasureDemerit), act(young, domain.MeasureDemerit)), When: sanction.Impose{Months: 11}, As: leader, Book: book,
			Refused: domain.CodeRule, Field: "months"},
		{Name: "a measure that the day of the conduct did not know", Given: deed(old, domain.MeasureDemotion, 24), When: impose, As: leader, Book: book,
			Refused: domain.CodeRule, Field: "measure", Rule: "行政处罚法 art. 37"},
		{Name: "a milder one of the defence follows the same rule", Given: deed(old, domain.MeasureDemerit, 9), When: sanction.Impose{Measure: domain.MeasureWarning}, As: leader, Book: book,
			Then: imposed(domain.MeasureWarning, old, 6, "2024-09-04", "1", false)},
	})
}

func TestProposingForConductOfAnEarlierDay(t *testing.T) {
	book, old := changed(t), domain.MustDate("2023-06-01")
	propose := sanction.Propose{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Conduct: "accepted gifts", DeedOn: old}
	changed := func(change func(*sanction.Propose)) sanction.Propose {
		c := propose
		change(&c)
		return c
	}
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{Name: "the period is that of the lighter rule", Sees: inCase(found(domain.MeasureDemerit)), When: propose, As: inspector, Book: book,
			Then: []domain.Event{sanction.Proposed{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 9, Conduct: "accepted gifts", DeedOn: old}}},
		{Name: "of several acts the latest day is that of the proposal", Sees: inCase(found(domain.MeasureDemerit)), As: inspector, Book: book,
			When: sanction.Propose{Officer: "P7", Case: "C1", Conduct: "gifts", Acts: []sanction.Deed{act("2024-02-01", domain.MeasureWarning), act("2023-06-01", domain.MeasureDemerit)}},
			Then: []domain.Event{sanction.Proposed{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 9, Conduct: "gifts", DeedOn: domain.MustDate("2024-02-01"),
				Acts: []sanction.Deed{act("2024-02-01", domain.MeasureWarning), act("2023-06-01", domain.MeasureDemerit)}}}},
		{Name: "a measure unknown then", When: changed(func(c *sanction.Propose) { c.Measure = domain.MeasureDemotion }), As: inspector, Book: book,
			Refused: domain.CodeRule, Field: "measure", Rule: "行政处罚法 art. 37"},
		{Name: "one among several acts", When: changed(func(c *sanction.Propose) { c.Acts = []sanction.Deed{act("2023-06-01", domain.MeasureDemotion)} }), As: inspector, Book: book,
			Refused: domain.CodeRule, Field: "acts"},
		{Name: "conduct of a day to come", When: changed(func(c *sanction.Propose) { c.DeedOn = domain.MustDate("2024-03-05") }), As: inspector, Refused: domain.CodeInvalid, Field: "deedOn"},
		{Name: "an act of a day to come", When: changed(func(c *sanction.Propose) { c.Acts = []sanction.Deed{act("2024-03-05", domain.MeasureDemerit)} }), As: inspector, Refused: domain.CodeInvalid, Field: "acts"},
		{Name: "a discovery to come", When: changed(func(c *sanction.Propose) { c.Discovered = domain.MustDate("2024-03-05") }), As: inspector, Refused: domain.CodeInvalid, Field: "discovered"},
		{Name: "a discovery before the conduct", When: changed(func(c *sanction.Propose) { c.Discovered = domain.MustDate("2023-05-31") }), As: inspector, Refused: domain.CodeInvalid, Field: "discovered"},
	})
}

func TestNoNoticeOfAMeasureAfterTheLimitation(t *testing.T) {
	book := domain.CN2024()
	book.Limitation.Complete = domain.Term{Length: 1, Unit: domain.Years, Source: "code 3304"}
	alone := sanction.Proposed{Officer: "P7", Measure: domain.MeasureDemerit, Months: 12, Conduct: "gifts", Discovered: domain.MustDate("2024-01-10")}
	ofCase := alone
	ofCase.Case = "C1"
	// fold returns the case C1 of which P7 has had notice, or not.
	fold := func(told bool, officers ...domain.OfficerID) map[domain.Reference]any {
		state := misconduct.Room.NewState()
		misconduct.Room.Apply(state, misconduct.Opened{Officers: officers}, on(inspector, "2023-11-01"))
		if told {
			misconduct.Room.Apply(state, misconduct.NoticeGiven{Officer: "P7"}, on(inspector, "2023-12-01"))
		}
		return map[domain.Reference]any{domain.CaseID("C1"): *state.(*misconduct.Case)}
	}
	notify := sanction.Notify{}
	then := []domain.Event{sanction.Notified{Officer: "P7"}}
	backdated := on(inspector, "2025-01-13")
	backdated.OccurredAt = domaintest.On("2025-01-10")
	given := func(p sanction.Proposed) []domaintest.Past { return []domaintest.Past{{Act: inspector, Event: p}} }
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{Name: "a proposal takes the day it is made for that of the discovery", Sees: inCase(found(domain.MeasureDemerit)), When: sanction.Propose{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Conduct: "gifts"}, As: inspector, Book: book,
			Then: []domain.Event{sanction.Proposed{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 12, Conduct: "gifts", Discovered: domain.MustDate("2024-03-04")}}},
		{Name: "on the last day", Given: given(alone), When: notify, As: on(inspector, "2025-01-10"), Book: book, Then: then},
		{Name: "on the day after", Given: given(alone), When: notify, As: on(inspector, "2025-01-11"), Book: book, Refused: domain.CodeTooLate, Rule: "code 3304"},
		{Name: "nor by saying that it was before", Given: given(alone), When: notify, As: backdated, Book: book, Refused: domain.CodeTooLate, Rule: "code 3304"},
		{Name: "where the rulebook has no limitation", Given: given(alone), When: notify, As: on(inspector, "2025-01-11"), Then: then},
		{Name: "who had notice in the case waits for no limitation", Given: given(ofCase), When: notify, As: on(inspector, "2025-06-02"), Sees: fold(true, "P7"), Book: book, Then: then},
		{Name: "who had none there is bound by the case", Given: given(ofCase), When: notify, As: on(inspector, "2024-11-04"), Sees: fold(false, "P7"), Book: book, Refused: domain.CodeTooLate, Rule: "code 3304"},
		{Name: "who is not under inquiry there, by the proposal", Given: given(ofCase), When: notify, As: on(inspector, "2024-11-04"), Sees: fold(false, "P8"), Book: book, Then: then},
		{Name: "to the last day of it", Given: given(ofCase), When: notify, As: on(inspector, "2025-01-11"), Sees: fold(false, "P8"), Book: book, Refused: domain.CodeTooLate},
	})
}

func TestNoStepLiesBeforeTheOneItFollows(t *testing.T) {
	early := func(act domain.Act) domain.Act {
		act.OccurredAt = act.OccurredAt.AddDate(0, 0, -1)
		return act
	}
	var scenarios []domaintest.Scenario
	for _, x := range []struct {
		given []domaintest.Past
		when  domain.Command
		as    domain.Act
	}{
		{chain(), sanction.Notify{}, inspector},
		{chain(notified), sanction.HearDefence{Waived: true}, officer},
		{chain(notified, heard), sanction.Approve{}, domaintest.By("leader-guo", domain.RoleLeader)},
		{chain(notified, heard, approved), sanction.Impose{}, leader},
		{effective(), sanction.Appeal{Ground: "unjust"}, officer},
		{effective(domaintest.Past{Act: officer, Event: sanction.Appealed{Officer: "P7", Stage: sanction.StageAppeal, Ground: "unjust"}}), sanction.DecideAppeal{Outcome: sanction.OutcomeUpheld, Opinion: "just"}, leader},
		{effective(domaintest.Past{Act: leader, Event: sanction.AppealDecided{Officer: "P7", Stage: sanction.StageAppeal, Outcome: sanction.OutcomeUpheld, Opinion: "just"}}), sanction.AskRereview{Ground: "unjust"}, officer},
	} {
		scenarios = append(scenarios, domaintest.Scenario{Name: string(x.when.Name()), Given: x.given, When: x.when, As: early(x.as), Refused: domain.CodeInvalid, Field: "occurredAt"})
	}
	domaintest.Run(t, sanction.Room, scenarios)
}

// First forms fold as their present ones, and are gone on from.
func TestFirstFormsFold(t *testing.T) {
	was := sanction.ImposedV1{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 12, From: domain.MustDate("2024-03-04"), Until: domain.MustDate("2025-03-04"),
		BarsPromotion: true, BarsPayRise: true, BarsHonours: true, RestoresRank: true}
	given := []domaintest.Past{
		{Act: inspector, Event: sanction.ProposedV1{Officer: "P7", Case: "C1", Measure: domain.MeasureDemerit, Months: 12, Conduct: "gifts", Acts: []sanction.DeedV1{{Measure: domain.MeasureDemerit, Conduct: "a gift"}}}},
		notified, heard, approved,
	}
	varied := sanction.VariedV1{Officer: "P7", Case: "C1", Measure: domain.MeasureWarning, Months: 6, From: was.From, Until: domain.MustDate("2024-09-04"), BarsPromotion: true, BarsHonours: true, RestoresRank: true}
	imposedBefore := append(given[:4:4], domaintest.Past{Act: leader, Event: was})
	domaintest.Run(t, sanction.Room, []domaintest.Scenario{
		{Name: "a proposal is imposed in the present form", Given: given, When: sanction.Impose{}, As: leader, Then: []domain.Event{demerit}},
		{Name: "a measure is released", Given: imposedBefore, When: sanction.Release{}, As: on(system, "2025-03-05"),
			Then: []domain.Event{sanction.Released{Officer: "P7", Measure: domain.MeasureDemerit, RestoresRank: true, LiftsRestriction: true, On: domain.MustDate("2025-03-05")}}},
		{Name: "one varied too", Given: append(imposedBefore[:5:5], domaintest.Past{Act: leader, Event: varied}), When: sanction.Release{}, As: on(system, "2024-09-05"),
			Then: []domain.Event{sanction.Released{Officer: "P7", Measure: domain.MeasureWarning, RestoresRank: true, LiftsRestriction: true, On: domain.MustDate("2024-09-05")}}},
	})
}
