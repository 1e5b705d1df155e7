package graphql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

const firstQuarter = `from: "2024-01-01", to: "2024-03-31"`

func TestTheScorecardIsAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, inspector, `{ scorecard(unit: "W1", `+firstQuarter+`) { unitId until articles(only: ["I1", "D3"]) { article title titleZh level score warnings
		indicators { id numerator denominator value direction warning { met limit source text } events(counting: REST) { kind subject { id } } } } } }`)
	want := `{"scorecard":{"unitId":"W1","until":"2024-03-31","articles":[` +
		`{"article":"I1","title":"plan","titleZh":"反腐工作有计划","level":"REQUIRED","score":75,"warnings":1,"indicators":[` +
		`{"id":"I1.on_time","numerator":3,"denominator":6,"value":50,"direction":"HIGHER","warning":{"met":true,"limit":100,"source":"创双政 art. I1","text":"a milestone is late: 3 of 6, 50.00 % (at least 100.00 %, 创双政 art. I1)"},` +
		`"events":[{"kind":"plan.target_set.v1","subject":{"id":"PL3"}},{"kind":"plan.target_set.v1","subject":{"id":"PL2"}},{"kind":"plan.target_set.v1","subject":{"id":"PL1"}}]},` +
		`{"id":"I1.unexplained","numerator":0,"denominator":3,"value":0,"direction":"LOWER","warning":{"met":false,"limit":0,"source":"创双政 art. I1","text":"within the limit: 0 of 3, 0.00 % (at most 0.00 %, 创双政 art. I1)"},` +
		`"events":[{"kind":"plan.miss_held_to_account.v1","subject":{"id":"PL3"}},{"kind":"plan.miss_held_to_account.v1","subject":{"id":"PL2"}},{"kind":"plan.miss_held_to_account.v1","subject":{"id":"PL1"}}]}]},` +
		`{"article":"D3","title":"window service","titleZh":"窗口服务有规范","level":"REQUIRED","score":null,"warnings":0,"indicators":[` +
		`{"id":"D3.bad","numerator":0,"denominator":0,"value":null,"direction":"LOWER","warning":{"met":false,"limit":10,"source":"common practice","text":"nothing to judge in the period (at most 10.00 %, passed where chance has less than 5 %, common practice)"},"events":[]}]}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = a.ask(t, inspector, `{ scorecard(unit: "W1", `+firstQuarter+`, recordedAsOf: "2023-12-31T00:00:00Z") { until articles(only: ["I1"]) { score } } }`)
	if want := `{"scorecard":{"until":"2023-12-31","articles":[{"score":null}]}}`; got != want {
		t.Errorf("before it began: got  %s\nwant %s", got, want)
	}
	if got := a.ask(t, as(domain.RoleOfficer, "P1"), `{ scorecard(unit: "W1", `+firstQuarter+`) { unitId } scorecards(units: ["W1", "A"], `+firstQuarter+`) { unitId } }`); got != `{"scorecard":null,"scorecards":[]}` {
		t.Error(got)
	}
	if got := a.ask(t, as(domain.RoleOverseer, "O"), `{ scorecards(units: ["W1", "A", "nowhere"], `+firstQuarter+`) { unitId unit { id } articles(only: ["I1"]) { indicators { events { id } } } } }`); got !=
		`{"scorecards":[{"unitId":"A","unit":{"id":"A"},"articles":[{"indicators":[{"events":[]},{"events":[]}]}]}]}` {
		t.Error(got)
	}
}

func TestWhoMayNotSeeTheObjectsGetsASuppressedScorecard(t *testing.T) {
	a, overseer := whole(), as(domain.RoleOverseer, "O", "W1")
	got := a.ask(t, overseer, `{ scorecard(unit: "W1", `+firstQuarter+`) { articles(only: ["I1"]) { score suppressed warnings
		indicators { id numerator denominator suppressed value warning { met text } } } } }`)
	// 3 of 6 milestones, and none of 3 misses, which are too few for a score.
	want := `{"scorecard":{"articles":[{"score":null,"suppressed":true,"warnings":1,"indicators":[` +
		`{"id":"I1.on_time","numerator":null,"denominator":null,"suppressed":true,"value":null,"warning":{"met":true,"text":"a milestone is late (at least 100.00 %, 创双政 art. I1)"}},` +
		`{"id":"I1.unexplained","numerator":null,"denominator":null,"suppressed":true,"value":null,"warning":null}]}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, query := range []string{
		`{ scorecard(unit: "W1", from: "2024-03-01", to: "2024-03-31") { unitId } }`,
		`{ scorecards(units: ["W1"], ` + firstQuarter + `, asOfPosition: "3") { unitId } }`,
		`{ scorecard(unit: "W1", ` + firstQuarter + `, recordedAsOf: "2024-02-01T00:00:00Z") { unitId } }`,
	} {
		if got := code(t, a.try(overseer, query)); got != string(domain.CodeForbidden) {
			t.Errorf("%s: %s", query, got)
		}
	}
}

func TestAScorecardRefusesWhatItDoesNotKnow(t *testing.T) {
	for query, want := range map[string]string{
		`{ scorecard(unit: "A", from: "2024-02-01", to: "2024-01-01") { unitId } }`:                              "lies before the first day",
		`{ scorecard(unit: "A", ` + firstQuarter + `) { articles(only: ["X1"]) { score } } }`:                    `there is no article "X1"`,
		`{ scorecard(unit: "A", ` + firstQuarter + `) { articles { indicators { events(first: 0) { id } } } } }`: "between 1 and 500",
	} {
		r := whole().try(auditor, query)
		if len(r.Errors) == 0 || !strings.Contains(r.Errors[0].Message, want) {
			t.Errorf("%s: %+v, want %q", query, r.Errors, want)
		}
	}
}

func TestScorecardsAreLoadedInBatches(t *testing.T) {
	a := whole()
	ask := func(units string) int {
		return a.statements(t, fmt.Sprintf(`{ scorecards(units: [%s], `+firstQuarter+`) { unit { id } articles { score indicators { value events(first: 1) { id kind } } } } }`, units))
	}
	if one, many := ask(`"A"`), ask(`"A", "D1", "D2", "W1"`); one != many {
		t.Errorf("one scorecard takes %d statements, four %d", one, many)
	}
	a.batched(t, `{ programmes(first: %d) { nodes { comparison { article baseline measuredBefore result measuredAfter } } } }`)
}
