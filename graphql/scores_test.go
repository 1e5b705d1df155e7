package graphql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

// The rule "rotation" of the agency is no rule of this program's.
func TestWarningRulesAreAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, inspector, `{ warningRules(raisedFrom: "2024-01-01", rule: "rotation") { code kind name nameZh article finds notMeant imported versions raised again acknowledged waiting late escalated
		actedOn dismissed open right wrong unclear notYetKnown precision { share low high missing } median { hours missing } ninetieth { hours missing } } }`)
	want := `{"warningRules":[{"code":"rotation","kind":"OTHER","name":null,"nameZh":null,"article":null,"finds":null,"notMeant":null,"imported":false,"versions":["1"],"raised":3,"again":0,` +
		`"acknowledged":0,"waiting":3,"late":3,"escalated":0,"actedOn":0,"dismissed":0,"open":3,"right":0,"wrong":0,"unclear":0,"notYetKnown":3,` +
		`"precision":{"share":null,"low":null,"high":null,"missing":"NOTHING_KNOWN"},"median":{"hours":null,"missing":"NOTHING_KNOWN"},"ninetieth":{"hours":null,"missing":"NOTHING_KNOWN"}}]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := a.ask(t, as(domain.RoleOverseer, "O", "A"), `{ warningRules { code raised precision { share missing } median { hours missing } } }`); got != `{"warningRules":[]}` {
		t.Errorf("an overseer is told of three warnings under a code of somebody's: %s", got)
	}
}

func TestTheReviewQueueIsAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, inspector, `{ reviewQueue(unit: "W1") { officers reports upheld places(first: 1) { place officer { id } reports upheld open lastOn monthsInService acts } } }`)
	if want := `{"reviewQueue":{"officers":1,"reports":1,"upheld":1,"places":[{"place":1,"officer":{"id":"P1"},"reports":1,"upheld":1,"open":0,"lastOn":"2023-03-06","monthsInService":16,"acts":3}]}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// As many as there are, in one statement for the officers.
	one, many := a.statements(t, `{ reviewQueue { places(first: 1) { officer { id unit { id } } } } }`), a.statements(t, `{ reviewQueue { places(first: 500) { officer { id unit { id } } } } }`)
	if one != many || many > 7 {
		t.Errorf("%d statements for one place, %d for all", one, many)
	}
}

// askScores is one question of each kind, with what is told of nothing.
var askScores = map[string]string{
	"warningRules":    `{ warningRules { code raised } }`,
	"warningFairness": `{ warningFairness(by: SEX) { leftOut of { kind all { officers } groups { group } } } }`,
	"reviewQueue":     `{ reviewQueue { officers places { officer { id } } } }`,
}

func TestWhoIsToldScores(t *testing.T) {
	a := whole()
	told := map[string]string{
		"auditor": "warningRules warningFairness reviewQueue", "inspector": "warningRules reviewQueue", "leader": "warningRules reviewQueue", "overseer": "warningRules warningFairness",
		"hr": "", "intake": "", "handler": "", "officer": "", "public": "",
	}
	for role, list := range told {
		who := as(domain.Role(role), "X1", "A")
		if role == "officer" {
			who = as(domain.RoleOfficer, "P1") // complained about, and warned of
		}
		for field, query := range askScores {
			got := a.ask(t, who, query)
			if nothing := got == fmt.Sprintf(`{%q:null}`, field); nothing == strings.Contains(list, field) {
				t.Errorf("%s asks for %s: %s", role, field, got)
			}
		}
	}
	for field, query := range map[string]string{"warningRules": `{ warningRules(unit: "W1") { raised } }`, "reviewQueue": `{ reviewQueue(unit: "W1") { officers } }`,
		"warningFairness": `{ warningFairness(by: SEX, unit: "W1") { leftOut } }`} {
		if got := a.ask(t, as(domain.RoleAuditor, "X", "Z9"), query); got != fmt.Sprintf(`{%q:null}`, field) {
			t.Errorf("another agency's auditor asks for %s: %s", field, got)
		}
	}
}

func TestWrongQuestionsForScoresAreRefused(t *testing.T) {
	a := whole()
	overseer := as(domain.RoleOverseer, "O", "A")
	for name, c := range map[string]struct{ query, code string }{
		"days the wrong way round":      {`{ warningRules(raisedFrom: "2024-02-01", raisedTo: "2024-01-01") { code } }`, "BAD_USER_INPUT"},
		"no day":                        {`{ warningRules(raisedFrom: "2024-02-30") { code } }`, "GRAPHQL_VALIDATION_FAILED"},
		"no rules":                      {`{ warningRules(first: 0) { code } }`, "BAD_USER_INPUT"},
		"rules without end":             {`{ warningRules(first: 2000000000) { code raised } }`, "QUERY_TOO_COSTLY"},
		"no attribute":                  {`{ warningFairness(by: AGE) { leftOut } }`, "GRAPHQL_VALIDATION_FAILED"},
		"no attribute at all":           {`{ warningFairness { leftOut } }`, "GRAPHQL_VALIDATION_FAILED"},
		"who is in a group":             {`{ warningFairness(by: SEX) { of { groups { group officers { id } } } } }`, "GRAPHQL_VALIDATION_FAILED"},
		"no place":                      {`{ reviewQueue { places(first: 0) { place } } }`, "BAD_USER_INPUT"},
		"less than no place":            {`{ reviewQueue { places(first: -1) { place } } }`, "BAD_USER_INPUT"},
		"more than are told":            {`{ reviewQueue { places(first: 501) { place } } }`, "BAD_USER_INPUT"},
		"places without end":            {`{ reviewQueue { places(first: 2000000000) { officer { id } } } }`, "QUERY_TOO_COSTLY"},
		"who reported":                  {`{ reviewQueue { places { reporter } } }`, "GRAPHQL_VALIDATION_FAILED"},
		"officers by what is protected": {`{ officers(filter: {sex: "female"}) { totalCount } }`, "GRAPHQL_VALIDATION_FAILED"},
		"an officer's sex":              {`{ officer(id: "P1") { sex } }`, "GRAPHQL_VALIDATION_FAILED"},
	} {
		if got := code(t, a.try(auditor, c.query)); got != c.code {
			t.Errorf("%s: %s, want %s", name, got, c.code)
		}
	}
	for name, query := range map[string]string{
		"a part":        `{ warningRules(unit: "W1") { raised } }`,
		"days":          `{ warningRules(raisedTo: "2024-01-01") { raised } }`,
		"groups of one": `{ warningFairness(by: SEX, unit: "W1") { leftOut } }`,
		"groups by day": `{ warningFairness(by: SEX, raisedFrom: "2024-01-01") { leftOut } }`,
	} {
		if got := code(t, a.try(overseer, query)); got != string(domain.CodeForbidden) {
			t.Errorf("an overseer asks for %s: %s", name, got)
		}
	}
	// A code is a text like any other.
	for _, rule := range []string{`'; DROP TABLE warnings; --`, strings.Repeat("x", 4000), "规则\u202e", "%", ""} {
		if got := a.ask(t, auditor, `query($r: String) { warningRules(rule: $r) { code } }`, "r", rule); rule != "" && got != `{"warningRules":[]}` {
			t.Errorf("rule %.20q: %s", rule, got)
		}
	}
}
