package graphql_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/graphql/overhttp"
)

// paper is a piece of evidence.
var paper = []domain.Evidence{{Digest: "sha256:" + strings.Repeat("0", 64), MediaType: "application/pdf", Size: 1}}

// programme is one agency with something in every room of the programme, for
// all tests that only ask.
var programme = sync.OnceValue(func() *agency {
	var quiet testing.T
	dir := filepath.Join(sharedDir, "programme")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		panic(err)
	}
	a := emptyAgency(&quiet, dir)
	a.organisation()
	a.matter()
	a.planned()
	a.traced()
	a.catchUp()
	return a
})

// planned records the plans PL1…PL3 of D1, each with a target held to account.
func (a *agency) planned() {
	for i := range 3 {
		id := fmt.Sprintf("PL%d", i+1)
		a.on("2024-01-08")
		a.do("leader:L1", id, plan.Draft{Title: "integrity " + id, From: domain.MustDate("2024-01-01"), To: domain.MustDate("2024-12-31"), Unit: "D1", Owner: "P2",
			Stages: []plan.Stage{{Stage: "s1", Ends: domain.MustDate("2024-03-29")}}})
		for j := range 2 {
			a.do("leader:L1", id, plan.SetTarget{Target: fmt.Sprintf("t%d", j+1), Title: "train", Due: domain.MustDate("2024-03-01"), Unit: "W1",
				Officer: domain.OfficerID(fmt.Sprintf("P%d", 100+2*i+j)), Stage: "s1"})
		}
		a.do("leader:L1", id, plan.Adopt{})
		a.do("leader:L1", id, plan.MeetTarget{Target: "t1", Evidence: paper})
		a.on("2024-03-29")
		a.do("inspector:I2", id, plan.MissTarget{Target: "t2"})
		a.do("leader:L1", id, plan.HoldToAccount{Target: "t2", Reason: "nothing was done"})
		a.do("leader:L1", id, plan.FileStageReport{Stage: "s1", Lines: []plan.Comparison{{Target: "t1"}, {Target: "t2"}}})
		a.do("leader:L2", id, plan.DeliberateStageReport{Stage: "s1", Outcome: plan.OutcomePassed})
	}
}

// traced adds two links to the trace of each plan's target.
func (a *agency) traced() {
	for i := range 3 {
		id := fmt.Sprintf("target:PL%d:t2", i+1)
		a.do("inspector:I2", id, traceback.Trace{Link: "L1", Officer: domain.OfficerID(fmt.Sprintf("P%d", 101+2*i)), Post: "K1", Unit: "W1", Step: "training",
			Duty: "hold the course", Stage: traceback.StageInProcess, Liability: traceback.LiabilityDirect, Intent: traceback.IntentNegligence, Weight: 60})
		a.do("inspector:I2", id, traceback.Trace{Link: "L2", Officer: "P2", Unit: "D2", Duty: "see that it is held",
			Stage: traceback.StageExPost, Liability: traceback.LiabilityLeading, Intent: traceback.IntentNegligence, Because: []string{"L1"}})
	}
}

func TestATraceIsAskedAsAGraph(t *testing.T) {
	a := programme()
	got := a.ask(t, inspector, `{ plan(id: "PL1") { tracebacks { id status cause plan { id }
		nodes { id kind officer { id } post { id } duty stage liability weight } edges { from to } } } }`)
	want := `{"plan":{"tracebacks":[{"id":"target:PL1:t2","status":"OPEN","cause":"MISSED_TARGET","plan":{"id":"PL1"},"nodes":[` +
		`{"id":"fault","kind":"FAULT","officer":null,"post":null,"duty":null,"stage":null,"liability":null,"weight":null},` +
		`{"id":"step:training","kind":"STEP","officer":null,"post":null,"duty":null,"stage":null,"liability":null,"weight":null},` +
		`{"id":"link:L1","kind":"LINK","officer":{"id":"P101"},"post":{"id":"K1"},"duty":"hold the course","stage":"IN_PROCESS","liability":"DIRECT","weight":60},` +
		`{"id":"link:L2","kind":"LINK","officer":{"id":"P2"},"post":null,"duty":"see that it is held","stage":"EX_POST","liability":"LEADING","weight":null}],` +
		`"edges":[{"from":"fault","to":"step:training"},{"from":"step:training","to":"link:L1"},{"from":"link:L1","to":"link:L2"}]}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := a.ask(t, inspector, `{ case(id: "C1") { tracebacks { id } } tracebacks(filter: {cause: MISSED_TARGET, officer: "P101"}) { nodes { id } } }`); got !=
		`{"case":{"tracebacks":[{"id":"case:C1"}]},"tracebacks":{"nodes":[{"id":"target:PL1:t2"}]}}` {
		t.Error(got)
	}
	if got := a.ask(t, clerk, `{ tracebacks { totalCount } traceback(id: "case:C1") { id } }`); got != `{"tracebacks":{"totalCount":0},"traceback":null}` {
		t.Error(got)
	}
	a.batched(t, `{ tracebacks(first: %d) { nodes { case { id } plan { id } unit { id } officers { id } nodes { officer { id } post { id } unit { id } sanction { id } } } } }`)
	a.batched(t, `{ plans(first: %d) { nodes { tracebacks { id } } } }`)
}

// statements answers the query for a list and returns how many SQL statements
// that took; it fails when there is an error.
func (a *agency) statements(t *testing.T, query string) int {
	t.Helper()
	response, n := a.service.DoCounted(t.Context(), auditor, overhttp.Request{Query: query})
	if len(response.Errors) > 0 {
		t.Fatalf("errors: %+v", response.Errors)
	}
	return n
}

// batched fails unless a list of one object takes as many SQL statements as
// a list of three.
func (a *agency) batched(t *testing.T, query string) {
	t.Helper()
	if one, many := a.statements(t, fmt.Sprintf(query, 1)), a.statements(t, fmt.Sprintf(query, 3)); one != many {
		t.Errorf("one object takes %d statements, three %d", one, many)
	}
}

func TestThePlanBoardIsAsked(t *testing.T) {
	got := programme().ask(t, inspector, `{ plan(id: "PL1") { status unit { id } owner { id }
		missed: targets(result: ACCOUNTABLE) { code due result decision officer { id name } unit { id } } targets { code result percent }
		stages { code status reports { outcome lines { target result } } } } }`)
	want := `{"plan":{"status":"ADOPTED","unit":{"id":"D1"},"owner":{"id":"P2"},` +
		`"missed":[{"code":"t2","due":"2024-03-01","result":"ACCOUNTABLE","decision":"nothing was done","officer":{"id":"P101","name":"王1"},"unit":{"id":"W1"}}],` +
		`"targets":[{"code":"t1","result":"MET","percent":100},{"code":"t2","result":"ACCOUNTABLE","percent":0}],` +
		`"stages":[{"code":"s1","status":"PASSED","reports":[{"outcome":"PASSED","lines":[{"target":"t1","result":"MET"},{"target":"t2","result":"ACCOUNTABLE"}]}]}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := programme().ask(t, inspector, `{ plans(filter: {result: ACCOUNTABLE, officer: "P101"}) { totalCount nodes { id } } }`); got != `{"plans":{"totalCount":1,"nodes":[{"id":"PL1"}]}}` {
		t.Error(got)
	}
	if got := programme().ask(t, public, `{ plan(id: "PL1") { id } plans { totalCount } }`); got != `{"plan":null,"plans":{"totalCount":0}}` {
		t.Error(got)
	}
	programme().batched(t, `{ plans(first: %d) { nodes { unit { id } owner { id } targets { officer { id } unit { id } } stages { reports { lines { officer { id } } } } } } }`)
}

func TestAReferenceLeadsToEveryRoom(t *testing.T) {
	got := programme().ask(t, inspector, `{ events(first: 1, filter: {kinds: ["plan.adopted.v1"]}) { nodes { subject { type id object { ... on Plan { title } } } } } }`)
	if want := `{"events":{"nodes":[{"subject":{"type":"PLAN","id":"PL3","object":{"title":"integrity PL3"}}}]}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
