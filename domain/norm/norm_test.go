package norm_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/norm"
)

// Who acts in the scenarios on the text X1.
var (
	hr        = domaintest.By("hr-li", domain.RoleHR)
	inspector = domaintest.By("inspector-he", domain.RoleInspector)
	leader    = domaintest.By("leader-chen", domain.RoleLeader)
	officer   = domaintest.By("P7", domain.RoleOfficer)
	importer  = domaintest.By("import", domain.RoleImporter)
	system    = domaintest.By(domain.ActorSystem, domain.RoleSystem)
)

func day(s string) domain.Date { return domain.MustDate(s) }

func on(act domain.Act, s string) domain.Act { return domaintest.At(act, domaintest.On(s)) }

// A list of two prohibitions, and the same with the second made milder.
var (
	gifts = norm.Clause{Code: "3", Text: "takes gifts of parties", Least: domain.MeasureWarning, Most: domain.MeasureRemoval}
	meals = norm.Clause{Code: "4", Text: "dines with parties", Least: domain.MeasureEducation, Most: domain.MeasureDemerit}
	mild  = norm.Clause{Code: "4", Text: "dines with parties", Least: domain.MeasureEducation, Most: domain.MeasureEducation}
	list  = []norm.Clause{gifts, meals}

	drafted = domaintest.Past{Act: hr, Event: norm.Drafted{Title: "Prohibitions", NormKind: norm.KindProhibition, Unit: "U1", Owner: "P1", Clauses: list}}
	adopted = domaintest.Past{Act: leader, Event: norm.Adopted{Version: 1, From: day("2024-03-04"), ReviewBy: day("2026-03-04")}}
	revised = domaintest.Past{Act: hr, Event: norm.Revised{Version: 2, Reason: "too hard", Clauses: []norm.Clause{gifts, mild}}}
	renewed = domaintest.Past{Act: on(leader, "2024-05-06"), Event: norm.Adopted{Version: 2, From: day("2024-06-01"), ReviewBy: day("2026-06-01")}}
	found   = domaintest.Past{Act: inspector, Event: norm.GapFound{Gap: "g1", Text: "says nothing of travel", Version: 1, CloseBy: day("2024-06-02")}}
	mended  = domaintest.Past{Act: on(inspector, "2024-06-01"), Event: norm.GapClosed{Gap: "g1", Version: 2}}
	known   = domaintest.Past{Act: officer, Event: norm.Acknowledged{Officer: "P7", Version: 1}}
	gone    = domaintest.Past{Act: leader, Event: norm.Repealed{From: day("2024-03-04"), Reason: "merged"}}
)

func past(events ...domaintest.Past) []domaintest.Past { return slices.Clone(events) }

func draft(change func(*norm.Draft)) norm.Draft {
	c := norm.Draft{Title: "Prohibitions", NormKind: norm.KindProhibition, Unit: "U1", Owner: "P1", Clauses: list}
	if change != nil {
		change(&c)
	}
	return c
}

func TestDrafting(t *testing.T) {
	event := drafted.Event.(norm.Drafted)
	domaintest.Run(t, norm.Room, []domaintest.Scenario{
		{
			Name: "a list of prohibitions is drafted",
			When: draft(nil), As: hr,
			Then: []domain.Event{event},
		},
		{
			Name: "a draft is drafted anew", Given: past(drafted),
			When: draft(nil), As: inspector,
			Then: []domain.Event{event},
		},
		{
			Name: "what is adopted is revised, not drafted", Given: past(drafted, adopted),
			When: draft(nil), As: hr,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "an officer does not draft",
			When: draft(nil), As: officer,
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "a text has a title",
			When: draft(func(c *norm.Draft) { c.Title = "" }), As: hr,
			Refused: domain.CodeInvalid, Field: "title",
		},
		{
			Name: "a text holds in a unit",
			When: draft(func(c *norm.Draft) { c.Unit = "" }), As: hr,
			Refused: domain.CodeInvalid, Field: "unit",
		},
		{
			Name: "somebody answers for a text",
			When: draft(func(c *norm.Draft) { c.Owner = "" }), As: hr,
			Refused: domain.CodeInvalid, Field: "owner",
		},
		{
			Name: "a document is filed by its digest",
			When: draft(func(c *norm.Draft) { c.Document = []domain.Evidence{{Digest: "md5:0"}} }), As: hr,
			Refused: domain.CodeInvalid, Field: "document",
		},
	})
}

func TestAdopting(t *testing.T) {
	domaintest.Run(t, norm.Room, []domaintest.Scenario{
		{
			Name: "another person adopts, from today", Given: past(drafted),
			When: norm.Adopt{}, As: leader,
			Then: []domain.Event{adopted.Event},
		},
		{
			Name: "a revision is adopted from a day to come", Given: past(drafted, adopted, revised),
			When: norm.Adopt{From: day("2024-06-01")}, As: on(leader, "2024-05-06"),
			Then: []domain.Event{renewed.Event},
		},
		{
			Name: "who drafted does not adopt", Given: []domaintest.Past{{Act: leader, Event: drafted.Event}},
			When: norm.Adopt{}, As: leader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "who revised does not adopt", Given: past(drafted, adopted, domaintest.Past{Act: leader, Event: revised.Event}),
			When: norm.Adopt{From: day("2024-06-01")}, As: leader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "no text holds for days past", Given: past(drafted),
			When: norm.Adopt{From: day("2024-03-03")}, As: leader,
			Refused: domain.CodeRule, Field: "from", Rule: "立法法",
		},
		{
			Name: "no two versions begin on a day", Given: past(drafted, adopted, revised),
			When: norm.Adopt{}, As: leader,
			Refused: domain.CodeRule, Field: "from", Rule: "立法法",
		},
		{
			Name: "what is adopted is not adopted again", Given: past(drafted, adopted),
			When: norm.Adopt{}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "what is repealed is not adopted", Given: past(drafted, adopted, gone),
			When: norm.Adopt{}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a draft",
			When: norm.Adopt{}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a leader adopts", Given: past(drafted),
			When: norm.Adopt{}, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestRevising(t *testing.T) {
	revise := norm.Revise{Reason: "too hard", Clauses: []norm.Clause{gifts, mild}}
	domaintest.Run(t, norm.Room, []domaintest.Scenario{
		{
			Name: "the next version is written", Given: past(drafted, adopted),
			When: revise, As: hr,
			Then: []domain.Event{revised.Event},
		},
		{
			Name: "and written anew before anybody adopts it", Given: past(drafted, adopted, revised),
			When: revise, As: hr,
			Then: []domain.Event{revised.Event},
		},
		{
			Name: "a revision has a reason", Given: past(drafted, adopted),
			When: norm.Revise{Clauses: list}, As: hr,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "a revision is checked like a draft", Given: past(drafted, adopted),
			When: norm.Revise{Reason: "shorter"}, As: hr,
			Refused: domain.CodeInvalid, Field: "clauses",
		},
		{
			Name: "its document is filed by its digest", Given: past(drafted, adopted),
			When: norm.Revise{Reason: "shorter", Clauses: list, Document: []domain.Evidence{{}}}, As: hr,
			Refused: domain.CodeInvalid, Field: "document",
		},
		{
			Name: "a draft is drafted anew, not revised", Given: past(drafted),
			When: revise, As: hr,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a text",
			When: revise, As: hr,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "an officer does not revise", Given: past(drafted, adopted),
			When: revise, As: officer,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestRepealing(t *testing.T) {
	domaintest.Run(t, norm.Room, []domaintest.Scenario{
		{
			Name: "a text is repealed from today", Given: past(drafted, adopted),
			When: norm.Repeal{Reason: "merged"}, As: leader,
			Then: []domain.Event{gone.Event},
		},
		{
			Name: "or from a day to come", Given: past(drafted, adopted),
			When: norm.Repeal{From: day("2025-01-01"), Reason: "merged"}, As: leader,
			Then: []domain.Event{norm.Repealed{From: day("2025-01-01"), Reason: "merged"}},
		},
		{
			Name: "not for days past", Given: past(drafted, adopted),
			When: norm.Repeal{From: day("2024-03-03"), Reason: "merged"}, As: leader,
			Refused: domain.CodeRule, Field: "from",
		},
		{
			Name: "a repeal has a reason", Given: past(drafted, adopted),
			When: norm.Repeal{}, As: leader,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "a draft is not repealed", Given: past(drafted),
			When: norm.Repeal{Reason: "merged"}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a text",
			When: norm.Repeal{Reason: "merged"}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a leader repeals", Given: past(drafted, adopted),
			When: norm.Repeal{Reason: "merged"}, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestImporting(t *testing.T) {
	imported := norm.Import{Title: "Prohibitions", NormKind: norm.KindProhibition, From: day("2015-05-01"), Clauses: list}
	domaintest.Run(t, norm.Room, []domaintest.Scenario{
		{
			Name: "a text of old is filed as version 1",
			When: imported, As: importer,
			Then: []domain.Event{norm.Imported(imported)},
		},
		{
			Name: "what is on file is not imported", Given: past(drafted),
			When: imported, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "it held from a day on",
			When: norm.Import{Title: "Prohibitions", NormKind: norm.KindProhibition, Clauses: list}, As: importer,
			Refused: domain.CodeInvalid, Field: "from",
		},
		{
			Name: "its content is checked like a draft's",
			When: norm.Import{Title: "Prohibitions", NormKind: norm.KindProhibition, From: day("2015-05-01"), Clauses: []norm.Clause{gifts, gifts}}, As: importer,
			Refused: domain.CodeInvalid, Field: "clauses",
		},
		{
			Name: "it is revised like any other", Given: []domaintest.Past{{Act: importer, Event: norm.Imported(imported)}},
			When: norm.Revise{Reason: "too hard", Clauses: []norm.Clause{gifts, mild}}, As: hr,
			Then: []domain.Event{revised.Event},
		},
		{
			Name: "HR does not import",
			When: imported, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

// fold returns the state after the events.
func fold(events ...domaintest.Past) norm.Norm {
	state := norm.Room.NewState()
	for _, p := range events {
		norm.Room.Apply(state, p.Event, p.Act)
	}
	return *state.(*norm.Norm)
}

func TestTheVersionInForceIsThatOfTheDay(t *testing.T) {
	n := fold(drafted, adopted, revised, renewed, domaintest.Past{Act: leader, Event: norm.Repealed{From: day("2025-01-01")}})
	for on, want := range map[string]int{
		"2024-03-03": 0, "2024-03-04": 1, "2024-05-31": 1, "2024-06-01": 2, "2024-12-31": 2, "2025-01-01": 0,
	} {
		if v, ok := n.InForce(day(on)); v.Number != want || ok != (want > 0) {
			t.Errorf("on %s version %d was in force (%v), want %d", on, v.Number, ok, want)
		}
	}
	if c, _ := n.Clause("4", day("2024-05-31")); c.Most != domain.MeasureDemerit {
		t.Errorf("before the revision clause 4 went up to %q", c.Most)
	}
	if c, _ := n.Clause("4", day("2024-06-01")); c.Most != domain.MeasureEducation {
		t.Errorf("after the revision clause 4 goes up to %q", c.Most)
	}
	if _, ok := n.Clause("4", day("2024-03-03")); ok {
		t.Error("clause 4 held before the text was adopted")
	}
	if _, ok := n.Adopted(3); ok {
		t.Error("version 3 was never adopted")
	}
}

func TestARevisionHoldsOnlyOnceItIsAdopted(t *testing.T) {
	n := fold(drafted, adopted, revised)
	if c, ok := n.Clause("4", day("2024-07-01")); !ok || c.Most != domain.MeasureDemerit {
		t.Errorf("clause 4 goes up to %q (%v)", c.Most, ok)
	}
}

func TestAClauseAllowsItsRange(t *testing.T) {
	rules := domain.CN2024().Sanction
	for m, want := range map[domain.Measure]bool{
		domain.MeasureAdmonition: false, domain.MeasureWarning: true, domain.MeasureMajor: true,
		domain.MeasureRemoval: true, domain.MeasureDismissal: false, "flogging": false,
	} {
		if got := gifts.Allows(m, rules); got != want {
			t.Errorf("%s is allowed: %v, want %v", m, got, want)
		}
	}
}

func TestARepealEndsWhatWasUnderWay(t *testing.T) {
	n := fold(drafted, adopted, found, revised, gone)
	if n.Proposed.Number != 0 || !n.Gaps[0].Closed || !n.ReviewBy.IsZero() {
		t.Errorf("still proposed %d, gap closed %v, review by %s", n.Proposed.Number, n.Gaps[0].Closed, n.ReviewBy)
	}
}

func TestEveryFieldIsChecked(t *testing.T) {
	long := strings.Repeat("长", domain.MaxText)
	var scenarios []domaintest.Scenario
	check := func(field string, as domain.Act, given []domaintest.Past, when domain.Command) {
		scenarios = append(scenarios, domaintest.Scenario{
			Name: string(when.Name()) + " checks " + field, Given: given, When: when, As: as, Refused: domain.CodeInvalid, Field: field,
		})
	}
	check("title", hr, nil, draft(func(c *norm.Draft) { c.Title = long }))
	check("unit", hr, nil, draft(func(c *norm.Draft) { c.Unit = "U/1" }))
	check("owner", hr, nil, draft(func(c *norm.Draft) { c.Owner = "P 1" }))
	inForce := past(drafted, adopted)
	check("reason", hr, inForce, norm.Revise{Reason: long, Clauses: list})
	check("reason", leader, inForce, norm.Repeal{Reason: long})
	check("opinion", hr, inForce, norm.Review{Outcome: norm.OutcomeKeep, Opinion: long})
	check("gap", hr, inForce, norm.FindGap{Gap: "g/1", Text: "travel"})
	check("text", hr, inForce, norm.FindGap{Gap: "g1", Text: long})
	check("case", hr, inForce, norm.FindGap{Gap: "g1", Text: "travel", Case: "C 1"})
	check("enforcement", hr, inForce, norm.FindGap{Gap: "g1", Text: "travel", Enforcement: "E 1"})
	check("officer", hr, inForce, norm.Acknowledge{Officer: "P/7"})
	imported := norm.Import{Title: "Prohibitions", NormKind: norm.KindProhibition, From: day("2015-05-01"), Clauses: list}
	for field, change := range map[string]func(*norm.Import){
		"title":    func(c *norm.Import) { c.Title = "" },
		"unit":     func(c *norm.Import) { c.Unit = "U/1" },
		"owner":    func(c *norm.Import) { c.Owner = "P 1" },
		"document": func(c *norm.Import) { c.Document = []domain.Evidence{{}} },
		"kind":     func(c *norm.Import) { c.NormKind = "poem" },
	} {
		c := imported
		change(&c)
		check(field, importer, nil, c)
	}
	domaintest.Run(t, norm.Room, scenarios)
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, norm.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, norm.Room) }

// A command folds what it decides into the state it was decided on.
func TestALifeFromDraftToRepeal(t *testing.T) {
	state := norm.Room.NewState()
	for _, s := range []struct {
		command domain.Command
		as      domain.Act
		status  norm.Status
	}{
		{draft(nil), hr, norm.StatusDraft},
		{norm.Adopt{}, leader, norm.StatusAdopted},
		{norm.Acknowledge{}, officer, norm.StatusAdopted},
		{norm.FindGap{Gap: "g1", Text: "says nothing of travel"}, inspector, norm.StatusAdopted},
		{norm.Review{Outcome: norm.OutcomeRevise, Opinion: "add travel"}, inspector, norm.StatusAdopted},
		{norm.Revise{Reason: "gap g1", Clauses: list}, hr, norm.StatusAdopted},
		{norm.Adopt{}, on(leader, "2024-05-06"), norm.StatusAdopted},
		{norm.CloseGap{Gap: "g1"}, on(inspector, "2024-05-07"), norm.StatusAdopted},
		{norm.Acknowledge{}, on(officer, "2024-05-08"), norm.StatusAdopted},
		{norm.Repeal{Reason: "merged"}, on(leader, "2025-01-02"), norm.StatusRepealed},
	} {
		events, err := norm.Room.Decide(state, s.command, s.as, domain.CN2024())
		if err != nil {
			t.Fatalf("%s: %v", s.command.Name(), err)
		}
		for _, e := range events {
			norm.Room.Apply(state, e, s.as)
		}
		if got := state.(*norm.Norm).Status; got != s.status {
			t.Fatalf("after %s the text is %q, want %q", s.command.Name(), got, s.status)
		}
	}
	n := state.(*norm.Norm)
	if diff := cmp.Diff(map[domain.OfficerID]int{"P7": 2}, n.Acknowledged); diff != "" {
		t.Errorf("acknowledged (-want +got):\n%s", diff)
	}
}
