package graphql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections"
)

// taught is the agency in which three warnings about P1 led to cases, each of
// which called for a rating of K1 and proposed a change of early warning. K1
// was rated anew on 2 May 2023; a complaint about it came after that.
func taught(t *testing.T) *agency {
	a := emptyAgency(t, t.TempDir())
	t.Cleanup(a.close)
	a.organisation()
	a.on("2023-02-10")
	a.do("hr:R1", "K1", post.IdentifyRisk{Risk: "r1", Description: "cash"})
	a.rate(5)
	for i := range 3 {
		w, c := fmt.Sprintf("W%d", i+1), fmt.Sprintf("M%d", i+1)
		a.on(fmt.Sprintf("2023-02-2%d", i))
		a.do("inspector:I2", w, warning.Raise{Rule: "discretion.repeated", Version: "1", Unit: "W1", Officer: "P1", Explanation: "outside the tier"})
		a.do("inspector:I2", w, warning.Acknowledge{})
		a.do("inspector:I2", w, warning.Review{Opinion: "one trader"})
		a.do("inspector:I2", w, warning.ActOn{To: warning.TargetMisconduct, ID: c})
		a.do("leader:L1", c, misconduct.NameInvestigators{Investigators: []domain.ActorID{"I2", "I3"}})
		a.do("leader:L1", c, misconduct.Dismiss{Reason: "nobody is at fault"})
		a.do("inspector:I2", c, misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "nobody looks", Gaps: []misconduct.Gap{{Kind: misconduct.GapControl, Post: "K1", Description: "no second look"}},
			Rules: []misconduct.RuleProposal{{Threshold: domain.ThresholdNewRule, Rule: "trader.one", Change: "one trader, one officer", Reason: "nothing warns of it"}}})
	}
	a.do("leader:L1", "M1", misconduct.AnswerProposal{Proposal: 1, Answer: misconduct.AnswerDeclined, Reason: "pair.levy does"})
	a.on("2023-05-02")
	a.rate(1)
	a.on("2023-05-15")
	a.do("intake:T1", "CY", complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "waited", Unit: "W1", Post: "K1"})
	a.catchUp()
	return a
}

func (a *agency) rate(grade int) {
	f := post.Factors{Nature: grade, Scope: grade, Discretion: grade, Likelihood: grade, Harm: grade}
	a.do("hr:R1", "K1", post.GradeRisk{Risk: "r1", Level: post.LevelUnit, Factors: f})
	a.do("leader:L1", "K1", post.GradeRisk{Risk: "r1", Level: post.LevelSection, Factors: f})
	a.do("leader:L2", "K1", post.GradeRisk{Risk: "r1", Level: post.LevelLeadership, Factors: f})
}

func TestAWarningIsFollowedToWhatHappenedAfterwards(t *testing.T) {
	a := taught(t)
	got := a.ask(t, inspector, `{ warning(id: "W1") { cases { id analyses { aspect text on gaps { kind description post { id } norm { id } } } remedies {
		id kind status text post { id } threshold rule openedOn opened { kind } due overdue doneOn done { kind } from gradeBefore gradeAfter answer
		since(days: 90) { rule on days officer { id } complaintsAt { id } actsOf { id } before { from to warnings complaints acts } after { from to warnings complaints acts } caution } } } } }`)
	caution := "Before and after is no proof: whatever else changed meanwhile is counted along, a fall of warnings or complaints may be a fall of activity (compare the acts decided), " +
		"and where the threshold of a rule was changed, more or fewer warnings follow from that alone."
	want := `{"warning":{"cases":[{"id":"M1","analyses":[{"aspect":"INSTITUTION","text":"nobody looks","on":"2023-02-20","gaps":[{"kind":"CONTROL","description":"no second look","post":{"id":"K1"},"norm":null}]}],"remedies":[` +
		`{"id":"M1/rerating/K1/1","kind":"RERATING","status":"DONE","text":"no second look","post":{"id":"K1"},"threshold":null,"rule":null,"openedOn":"2023-02-20","opened":{"kind":"post.rerating_required.v1"},` +
		`"due":"2024-02-20","overdue":false,"doneOn":"2023-05-02","done":{"kind":"post.risk_graded.v1"},"from":"2023-05-02","gradeBefore":"HIGH","gradeAfter":"LOW","answer":null,` +
		`"since":[{"rule":"discretion.repeated","on":"2023-05-02","days":90,"officer":{"id":"P1"},"complaintsAt":{"id":"K1"},"actsOf":{"id":"P1"},` +
		`"before":{"from":"2023-02-01","to":"2023-05-01","warnings":2,"complaints":0,"acts":0},"after":{"from":"2023-05-03","to":"2023-07-31","warnings":0,"complaints":1,"acts":0},"caution":"` + caution + `"}]},` +
		`{"id":"M1/rule/1","kind":"RULE","status":"DECLINED","text":"one trader, one officer","post":null,"threshold":"NEW_RULE","rule":"trader.one","openedOn":"2023-02-20","opened":{"kind":"misconduct.rule_proposed.v1"},` +
		`"due":null,"overdue":false,"doneOn":"2023-02-22","done":{"kind":"misconduct.proposal_answered.v1"},"from":null,"gradeBefore":null,"gradeAfter":null,"answer":"pair.levy does","since":[]}]}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = a.ask(t, inspector, `{ post(id: "K1") { remedies(first: 2) { case { id warnings { id } } } } remedies(filter: {kind: RULE, status: OPEN}) { totalCount nodes { id case { id } } } remedy(id: "M2/rule/1") { number } }`)
	want = `{"post":{"remedies":[{"case":{"id":"M3","warnings":[{"id":"W3"}]}},{"case":{"id":"M2","warnings":[{"id":"W2"}]}}]},` +
		`"remedies":{"totalCount":2,"nodes":[{"id":"M3/rule/1","case":{"id":"M3"}},{"id":"M2/rule/1","case":{"id":"M2"}}]},"remedy":{"number":1}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	a.batched(t, `{ warnings(first: %d) { nodes { cases { analyses { gaps { post { id } norm { id } } event { id } } warnings { id } remedies { case { id } unit { id } post { id } norm { id } opened { id } done { id } rulebook { id }
		since { warning { id } officer { id } post { id } unit { id } complaintsAt { id } actsOf { id } actsIn { id } before { acts } after { acts } } } } } } }`)
	a.batched(t, `{ remedies(first: %d, filter: {kind: RERATING}) { nodes { case { warnings { id } } since(days: 30) { after { complaints } } } } }`)
}

// principal reads "role:subject:unit".
func principal(text string) projections.Principal {
	parts := strings.Split(text, ":")
	p := as(domain.Role(parts[0]), parts[1])
	if parts[2] != "" {
		p.Units = []domain.UnitID{domain.UnitID(parts[2])}
	}
	return p
}

func TestTheWayFromAWarningEndsWhereOneMayNotSee(t *testing.T) {
	a := taught(t)
	const query = `{ warning(id: "W1") { cases { id } } case(id: "M1") { warnings { id } remedies { id } } post(id: "K1") { remedies { id } } remedies { totalCount } remedy(id: "M1/rerating/K1/1") { since { days } } }`
	const none = `"case":null,"post":{"remedies":[]},"remedies":{"totalCount":0},"remedy":null}`
	for name, c := range map[string]struct {
		who  string
		want string
	}{
		"another unit":              {"inspector:I9:D2", `{"warning":null,"case":null,"post":null,"remedies":{"totalCount":0},"remedy":null}`},
		"whom the case was against": {"inspector:P1:A", `{"warning":null,` + none},
		"hr":                        {"hr:R1:A", `{"warning":null,` + none},
		"an overseer":               {"overseer:O:A", `{"warning":null,` + none},
		"an officer":                {"officer:P1:", `{"warning":null,` + none},
		"a handler":                 {"handler:H1:", `{"warning":null,` + none},
		"the public":                {"public::", `{"warning":null,"case":null,"post":null,"remedies":{"totalCount":0},"remedy":null}`},
	} {
		if got := a.ask(t, principal(c.who), query); got != c.want {
			t.Errorf("%s is told %s", name, got)
		}
	}
	for _, days := range []string{"0", "-1", "731"} {
		if got := code(t, a.try(auditor, `{ remedy(id: "M1/rerating/K1/1") { since(days: `+days+`) { days } } }`)); got != "BAD_USER_INPUT" {
			t.Errorf("%s days: %s", days, got)
		}
	}
	// Who asks for days that there are not spoils no other answer.
	both := a.try(auditor, `{ no: remedy(id: "M1/rerating/K1/1") { since(days: 0) { days } } yes: remedy(id: "M1/rerating/K1/1") { since(days: 30) { days } } }`)
	if told := fmt.Sprintf("%s", both.Data); !strings.Contains(told, `"yes":{"since":[{"days":30}]}`) || len(both.Errors) != 1 {
		t.Errorf("beside it is told %s, %v", told, both.Errors)
	}
	for _, first := range []string{"0", "-1"} {
		if got := code(t, a.try(auditor, `{ case(id: "M1") { remedies(first: `+first+`) { id } } }`)); got != "BAD_USER_INPUT" {
			t.Errorf("the first %s: %s", first, got)
		}
	}
	for _, id := range []string{"", "M1", "M1/rerating/K1/1 ", "'; DROP TABLE remedies; --", "\u202eM1/rule/1"} {
		if got := a.ask(t, auditor, `query($id: ID!) { remedy(id: $id) { id } }`, "id", id); got != `{"remedy":null}` {
			t.Errorf("%q is %s", id, got)
		}
	}
}
