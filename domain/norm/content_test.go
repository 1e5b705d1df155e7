package norm_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/norm"
)

// ordinary is the procedure of an ordinary penalty: the hearing may be left
// out, and who investigates neither reviews nor decides.
func ordinary() []norm.Step {
	return []norm.Step{
		{Code: "investigate", StepName: "调查取证", StepKind: norm.StepInvestigate, TwoOfficers: true},
		{Code: "notify", StepName: "告知", StepKind: norm.StepNotify, Requires: []string{"investigate"}},
		{Code: "statement", StepName: "听取陈述申辩", StepKind: norm.StepStatement, Requires: []string{"notify"}},
		{Code: "hearing", StepName: "听证", StepKind: norm.StepHearing, Requires: []string{"notify"}, Optional: true},
		{Code: "review", StepName: "法制审核", StepKind: norm.StepLegalReview, Requires: []string{"statement", "hearing"}, ConflictsWith: []string{"investigate"}},
		{Code: "decide", StepName: "决定", StepKind: norm.StepDecide, Requires: []string{"review"}, ConflictsWith: []string{"investigate", "review"}},
		{Code: "serve", StepName: "送达", StepKind: norm.StepServe, Requires: []string{"decide"}},
	}
}

func benchmark(tiers ...norm.Tier) norm.Draft {
	return draft(func(c *norm.Draft) {
		c.NormKind, c.Clauses, c.Tiers = norm.KindBenchmark, []norm.Clause{{Code: "12", Text: "sells short weight"}}, tiers
	})
}

func procedure(steps []norm.Step) norm.Draft {
	return draft(func(c *norm.Draft) { c.NormKind, c.Clauses, c.Steps = norm.KindProcedure, nil, steps })
}

// with returns the ordinary procedure with one step changed.
func with(code string, change func(*norm.Step)) norm.Draft {
	steps := ordinary()
	change(&steps[slices.IndexFunc(steps, func(s norm.Step) bool { return s.Code == code })])
	return procedure(steps)
}

func TestWhatEachKindOfTextHolds(t *testing.T) {
	tier := norm.Tier{Code: "light", Clause: "12", Factors: "first time, made good", MinAmount: 0, MaxAmount: 50_000}
	window := draft(func(c *norm.Draft) {
		c.NormKind, c.Clauses = norm.KindWindow, []norm.Clause{{Code: "1", Text: "answers at once"}}
	})
	var scenarios []domaintest.Scenario
	fine := func(name string, c norm.Draft) {
		scenarios = append(scenarios, domaintest.Scenario{Name: name, When: c, As: hr, Then: []domain.Event{norm.Drafted(c)}})
	}
	refused := func(name, field, rule string, c norm.Draft) {
		scenarios = append(scenarios, domaintest.Scenario{Name: name, When: c, As: hr, Refused: domain.CodeInvalid, Field: field, Rule: rule})
	}
	fine("a standard of window service has clauses", window)
	fine("a benchmark has tiers", benchmark(tier, norm.Tier{Code: "grave", Clause: "12", Factors: "again", MinAmount: 50_000, MaxAmount: 90_000}))
	fine("a procedure has steps", procedure(ordinary()))

	refused("there is no other kind", "kind", "", draft(func(c *norm.Draft) { c.NormKind = "poem" }))
	refused("a list has clauses", "clauses", "", draft(func(c *norm.Draft) { c.Clauses = nil }))
	refused("a clause has a code", "clauses", "", draft(func(c *norm.Draft) { c.Clauses = []norm.Clause{{Text: "lies"}} }))
	refused("a clause has a text", "clauses", "", draft(func(c *norm.Draft) { c.Clauses = []norm.Clause{{Code: "1"}} }))
	refused("a clause's code is its own", "clauses", "", draft(func(c *norm.Draft) { c.Clauses = []norm.Clause{gifts, gifts} }))
	refused("a prohibition has a range of penalties", "clauses", "", draft(func(c *norm.Draft) { c.Clauses = []norm.Clause{{Code: "1", Text: "lies"}} }))
	refused("from the ladder", "clauses", "", draft(func(c *norm.Draft) {
		c.Clauses = []norm.Clause{{Code: "1", Text: "lies", Least: domain.MeasureWarning, Most: "flogging"}}
	}))
	refused("from the lightest to the heaviest", "clauses", "", draft(func(c *norm.Draft) {
		c.Clauses = []norm.Clause{{Code: "1", Text: "lies", Least: domain.MeasureDemerit, Most: domain.MeasureWarning}}
	}))
	refused("only a prohibition has one", "clauses", "", draft(func(c *norm.Draft) { c.NormKind = norm.KindWindow }))
	refused("tiers belong to a benchmark", "tiers", "", draft(func(c *norm.Draft) { c.Tiers = []norm.Tier{tier} }))
	refused("steps belong to a procedure", "steps", "", draft(func(c *norm.Draft) { c.Steps = ordinary() }))
	refused("a benchmark without tiers measures nothing", "tiers", "", benchmark())
	refused("a procedure without steps does nothing", "steps", "", procedure(nil))
	refused("a tier has a code", "tiers", "", benchmark(norm.Tier{Clause: "12", Factors: "first time"}))
	refused("a tier has its factors", "tiers", "", benchmark(norm.Tier{Code: "light", Clause: "12"}))
	refused("a tier's code is its own", "tiers", "", benchmark(tier, tier))
	refused("a tier makes a clause precise", "tiers", "", benchmark(norm.Tier{Code: "light", Clause: "13", Factors: "first time"}))
	refused("a tier is a range", "tiers", "", benchmark(norm.Tier{Code: "light", Clause: "12", Factors: "first time", MinAmount: 2, MaxAmount: 1}))
	refused("a tier gives nothing back", "tiers", "", benchmark(norm.Tier{Code: "light", Clause: "12", Factors: "first time", MinAmount: -1}))
	refused("a step has a code", "steps", "", with("notify", func(s *norm.Step) { s.Code = "" }))
	refused("a step has a name", "steps", "", with("notify", func(s *norm.Step) { s.StepName = "" }))
	refused("a step does something known", "steps", "", with("notify", func(s *norm.Step) { s.StepKind = "wait" }))
	refused("a step's code is its own", "steps", "", with("statement", func(s *norm.Step) { s.Code = "notify" }))
	refused("a step requires steps that there are", "steps", "", with("notify", func(s *norm.Step) { s.Requires = []string{"accept"} }))
	refused("a step conflicts with steps that there are", "steps", "", with("notify", func(s *norm.Step) { s.ConflictsWith = []string{"accept"} }))
	refused("a step requires another once", "steps", "", with("notify", func(s *norm.Step) { s.Requires = []string{"investigate", "investigate"} }))
	refused("no step conflicts with itself", "steps", "", with("notify", func(s *norm.Step) { s.ConflictsWith = []string{"notify"} }))
	refused("no step comes before itself", "steps", "common practice", with("investigate", func(s *norm.Step) { s.Requires = []string{"statement"} }))
	refused("a procedure decides", "steps", "common practice", with("decide", func(s *norm.Step) { s.StepKind = norm.StepOther }))
	refused("once", "steps", "common practice", with("review", func(s *norm.Step) { s.StepKind = norm.StepDecide }))
	refused("and always", "steps", "common practice", with("decide", func(s *norm.Step) { s.Optional = true }))
	refused("no step is an orphan", "steps", "common practice", with("serve", func(s *norm.Step) { s.Requires = []string{"notify"} }))
	refused("nothing is served before the decision", "steps", "common practice", with("review", func(s *norm.Step) { s.StepKind = norm.StepServe }))
	refused("nobody is heard after the decision", "steps", "common practice", with("serve", func(s *norm.Step) { s.StepKind = norm.StepHearing }))
	refused("a version has a size", "clauses", "", draft(func(c *norm.Draft) {
		c.Clauses = nil
		for i := range 4 {
			c.Clauses = append(c.Clauses, norm.Clause{Code: fmt.Sprint(i), Text: strings.Repeat("x", domain.MaxText-1), Least: domain.MeasureWarning, Most: domain.MeasureWarning})
		}
	}))
	domaintest.Run(t, norm.Room, scenarios)
}

func TestMissingNamesTheEarliestStep(t *testing.T) {
	v := norm.Version{Steps: ordinary()}
	for _, tt := range []struct {
		name string
		done string
		step string
		want string
	}{
		{"nothing comes before the first", "", "investigate", ""},
		{"the first comes before all", "", "serve", "investigate"},
		{"a step is missing in between", "investigate notify", "decide", "statement"},
		{"an optional step may be left out", "investigate notify statement", "review", ""},
		{"what the optional step requires may not", "investigate", "hearing", "notify"},
		{"a step that was taken answers for those before it", "review", "decide", ""},
		{"an unknown step requires nothing", "", "dance", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			done := strings.Fields(tt.done)
			if got := v.Missing(tt.step, func(c string) bool { return slices.Contains(done, c) }); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if !v.Precedes("investigate", "serve") || v.Precedes("serve", "investigate") || v.Precedes("statement", "hearing") {
		t.Error("the order of the steps is not that of their requirements")
	}
	circle := norm.Version{Steps: []norm.Step{{Code: "a", Requires: []string{"b"}}, {Code: "b", Requires: []string{"a"}}}}
	if got := circle.Missing("a", func(string) bool { return false }); got == "" || !circle.Precedes("a", "a") {
		t.Errorf("a circle is not seen: %q is missing", got)
	}
}

func TestAConflictHoldsBothWays(t *testing.T) {
	v := norm.Version{Steps: ordinary()}
	if !v.Conflict("review", "investigate") || !v.Conflict("investigate", "review") || v.Conflict("notify", "serve") {
		t.Error("conflicts are not those of the text")
	}
}

func TestASinglePersonPathIsSeen(t *testing.T) {
	alone := ordinary()
	for i := range alone {
		alone[i].ConflictsWith, alone[i].TwoOfficers = nil, false
	}
	for _, tt := range []struct {
		name   string
		change func(steps []norm.Step)
		want   []string
	}{
		{"where nothing conflicts one person can do it all", func([]norm.Step) {}, []string{"investigate", "notify", "statement", "review", "decide", "serve"}},
		{"a conflict needs a second", func(s []norm.Step) { s[5].ConflictsWith = []string{"investigate"} }, nil},
		{"so does a step for two", func(s []norm.Step) { s[0].TwoOfficers = true }, nil},
		{"a conflict with a step that may be left out does not", func(s []norm.Step) { s[5].ConflictsWith = []string{"hearing"} },
			[]string{"investigate", "notify", "statement", "review", "decide", "serve"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			steps := slices.Clone(alone)
			tt.change(steps)
			if diff := cmp.Diff(tt.want, norm.Version{Steps: steps}.SinglePersonPath()); diff != "" {
				t.Errorf("path (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("its adoption says so", func(t *testing.T) {
		c := procedure(alone)
		domaintest.Run(t, norm.Room, []domaintest.Scenario{{
			Name: "adopted", Given: []domaintest.Past{{Act: hr, Event: norm.Drafted(c)}}, When: norm.Adopt{}, As: leader,
			Then: []domain.Event{norm.Adopted{Version: 1, From: day("2024-03-04"), ReviewBy: day("2026-03-04"), SinglePerson: true}},
		}})
	})
}

func TestTiersAreComparedByTheirBounds(t *testing.T) {
	light, grave := norm.Tier{MinAmount: 100, MaxAmount: 200}, norm.Tier{MinAmount: 200, MaxAmount: 500}
	lower := norm.Tier{MinAmount: 0, MaxAmount: 200}
	mixed := norm.Tier{MinAmount: 50, MaxAmount: 300}
	if light.LighterThan(mixed) || mixed.LighterThan(light) {
		t.Error("of two tiers that are each lower in one bound neither is the lighter")
	}
	if !light.LighterThan(grave) || grave.LighterThan(light) || !lower.LighterThan(light) || light.LighterThan(light) {
		t.Error("the lighter tier is not the one with the lower bounds")
	}
	if light.Allows(99) || !light.Allows(100) || !light.Allows(200) || light.Allows(201) {
		t.Error("a tier allows what lies between its bounds, and they")
	}
	n := fold(domaintest.Past{Act: hr, Event: norm.Drafted(benchmark(norm.Tier{Code: "light", Clause: "12", Factors: "first time", MaxAmount: 9}))}, adopted)
	if tier, ok := n.Tier("light", day("2024-03-04")); !ok || tier.MaxAmount != 9 {
		t.Errorf("the tier in force is %+v (%v)", tier, ok)
	}
	if steps := fold(domaintest.Past{Act: hr, Event: norm.Drafted(procedure(ordinary()))}, adopted).Steps(day("2024-03-04")); len(steps) != 7 {
		t.Errorf("%d steps are in force, want 7", len(steps))
	}
	if step, ok := (norm.Version{Steps: ordinary()}).StepOf(norm.StepDecide); !ok || step.Code != "decide" {
		t.Errorf("the step that decides is %+v (%v)", step, ok)
	}
}
