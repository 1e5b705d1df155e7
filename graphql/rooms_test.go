package graphql_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/graphql/overhttp"
)

// paper is a piece of evidence.
var paper = []domain.Evidence{{Digest: "sha256:" + strings.Repeat("0", 64), MediaType: "application/pdf", Size: 1}}

// whole is one agency with something in every room of the programme, for
// all tests that only ask.
var whole = sync.OnceValue(func() *agency {
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
	a.enforced()
	a.supervised()
	a.surveyed()
	a.educated()
	a.adopted()
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
	a := whole()
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

// enforced records the norms NB and NP and the levies E1…E3 under them, each
// outside its tier, overturned, and somebody's fault.
func (a *agency) enforced() {
	a.on("2024-02-01")
	a.do("hr:R1", "P2", officer.IssueCertificate{Number: "N2"})
	a.do("hr:R1", "NP", norm.Draft{Title: "levies", NormKind: norm.KindProcedure, Unit: "A", Owner: "P2", Steps: []norm.Step{
		{Code: "check", StepName: "check", StepKind: norm.StepOther, TwoOfficers: true},
		{Code: "decide", StepName: "decide", StepKind: norm.StepDecide, Requires: []string{"check"}}}})
	a.do("hr:R1", "NB", norm.Draft{Title: "how much", NormKind: norm.KindBenchmark, Unit: "D2", Owner: "P2", Clauses: []norm.Clause{{Code: "12", Text: "stalls"}},
		Tiers: []norm.Tier{{Code: "light", Clause: "12", Factors: "first time", MinAmount: 100, MaxAmount: 1000}}})
	for _, id := range []string{"NP", "NB"} {
		a.do("leader:L1", id, norm.Adopt{From: domain.MustDate("2024-02-02")})
		a.do("inspector:I2", id, norm.FindGap{Gap: "g1", Text: "no range for repeats", Case: "C1"})
	}
	a.do("officer:P2", "NB", norm.Acknowledge{Officer: "P2", Version: 1})
	for i, id := range []string{"E1", "E2", "E3"} {
		a.on("2024-03-04")
		a.do("leader:L1", id, enforcement.Open{ActKind: enforcement.KindLevy, Unit: "W1", Procedure: "NP", Benchmark: "NB", PartyKind: enforcement.PartyPerson,
			Party: paper[0].Digest, Officers: []domain.OfficerID{"P1", "P2"}, Matter: "stall"})
		a.do("officer:P1", id, enforcement.TakeStep{Step: "check", Second: "P2"})
		a.do("officer:P1", id, enforcement.AskDeviation{Tier: "light", Amount: 50, Reason: "poor"})
		a.do("leader:L2", id, enforcement.Deviate{})
		a.do("leader:L1", id, enforcement.Decide{Outcome: enforcement.OutcomeLevied, Tier: "light", Factor: "first time", Amount: 50, Opinion: "so"})
		a.on("2024-04-08")
		a.disclosed(i + 1)
		a.do("inspector:I2", id, enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultOverturned, Ground: "too little"})
		a.do("inspector:I2", id, enforcement.ReviewFault{Found: true, Officers: []domain.OfficerID{"P1"}, Opinion: "careless"})
	}
}

// disclosed records the item about the act of that number, before the act is
// overturned; the first is published.
func (a *agency) disclosed(n int) {
	id := fmt.Sprintf("DC%d", n)
	a.do("hr:R1", id, disclosure.Require{Title: "duties", Category: "powers", Medium: disclosure.MediumWebsite, Unit: "D1",
		Deadline: domain.MustDate("2024-05-10"), About: domain.EnforcementID(fmt.Sprintf("E%d", n))})
	if n == 1 {
		a.do("hr:R1", id, disclosure.Publish{URL: "https://example.test/1", Evidence: paper})
	}
}

func TestTheRegisterOfActsIsAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, inspector, `{ enforcement(id: "E1") { kind outcome tier amount minAmount deviated deviation { reason approver } review unit { id }
		benchmark { id } procedure { title } steps { code officer { id } second { id } } reviews { body outcome } faultReviews { found officers { id } }
		tracebacks { cause enforcement { id } } } }`)
	want := `{"enforcement":{"kind":"LEVY","outcome":"LEVIED","tier":"light","amount":"50","minAmount":"100","deviated":true,` +
		`"deviation":{"reason":"poor","approver":"L2"},"review":"OVERTURNED","unit":{"id":"W1"},"benchmark":{"id":"NB"},"procedure":{"title":"levies"},` +
		`"steps":[{"code":"check","officer":{"id":"P1"},"second":{"id":"P2"}}],"reviews":[{"body":"COURT","outcome":"OVERTURNED"}],` +
		`"faultReviews":[{"found":true,"officers":[{"id":"P1"}]}],"tracebacks":[{"cause":"OVERTURNED_ACT","enforcement":{"id":"E1"}}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = a.ask(t, inspector, `{ enforcements(filter: {deviated: true, review: OVERTURNED}) { totalCount } discretion(by: UNIT) { unit { id } decided outside outsideShare spread }
		discretionFunnel(by: CLAUSE) { rows { benchmark { id } clause officer { id } decided outside place limits { low95 high95 low998 high998 } } mean spread doubt curve { decided limits { high95 } chance { high95 } } }
		officers: discretion(by: OFFICER) { officer { id } decided place } }`)
	if want := `{"enforcements":{"totalCount":3},"discretion":[{"unit":{"id":"W1"},"decided":3,"outside":3,"outsideShare":100,"spread":0}],"discretionFunnel":{"rows":[{"benchmark":{"id":"NB"},"clause":"12","officer":null,` +
		`"decided":3,"outside":3,"place":"WITHIN","limits":{"low95":18.73,"high95":100,"low998":0,"high998":100}}],"mean":87.5,"spread":0,"doubt":0,"curve":[{"decided":1,"limits":{"high95":100},"chance":{"high95":100}},` +
		`{"decided":2,"limits":{"high95":100},"chance":{"high95":100}},{"decided":3,"limits":{"high95":100},"chance":{"high95":100}}]},` +
		`"officers":[{"officer":{"id":"P1"},"decided":3,"place":"WITHIN"},{"officer":{"id":"P2"},"decided":3,"place":"WITHIN"}]}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	a.batched(t, `{ enforcements(first: %d) { nodes { unit { id } officers { id } benchmark { id } procedure { id } steps { officer { id } second { id } }
		faultReviews { officers { id } } tracebacks { id } } } }`)
}

func TestTheRegisterOfNormsIsAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, as(domain.RoleOfficer, "P1"), `{ norms(filter: {kind: DISCRETION_BENCHMARK, inForceOn: "2024-03-01"}) { nodes { id openGaps gaps { code text case { id } }
		inForce(on: "2024-03-01") { number tiers { code minAmount maxAmount } } before: inForce(on: "2024-01-01") { number }
		acknowledgement { officers acknowledged share } } } }`)
	want := `{"norms":{"nodes":[{"id":"NB","openGaps":1,"gaps":[{"code":"g1","text":"no range for repeats","case":null}],` +
		`"inForce":{"number":1,"tiers":[{"code":"light","minAmount":"100","maxAmount":"1000"}]},"before":null,` +
		`"acknowledgement":{"officers":1,"acknowledged":1,"share":100}}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	one, two := a.statements(t, `{ norms(first: 1) { nodes { unit { id } owner { id } gaps { case { id } } acknowledgement { share } } } }`),
		a.statements(t, `{ norms(first: 2) { nodes { unit { id } owner { id } gaps { case { id } } acknowledgement { share } } } }`)
	if one != two {
		t.Errorf("one norm takes %d statements, two %d", one, two)
	}
}

func TestDisclosuresAreAskedWithoutSigningIn(t *testing.T) {
	a := whole()
	got := a.ask(t, public, `{ disclosures { totalCount nodes { id unitId unit { id } enforcement { id } due status overdue url } } disclosure(id: "DC1") { timeline { totalCount } } }`)
	want := `{"disclosures":{"totalCount":3,"nodes":[` +
		`{"id":"DC3","unitId":"D1","unit":null,"enforcement":null,"due":"2024-05-10","status":"DUE","overdue":true,"url":null},` +
		`{"id":"DC2","unitId":"D1","unit":null,"enforcement":null,"due":"2024-05-10","status":"DUE","overdue":true,"url":null},` +
		`{"id":"DC1","unitId":"D1","unit":null,"enforcement":null,"due":"2024-05-10","status":"PUBLISHED","overdue":true,"url":"https://example.test/1"}]},` +
		`"disclosure":{"timeline":{"totalCount":0}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	a.batched(t, `{ disclosures(first: %d) { nodes { unit { id } enforcement { id } } } }`)
}

// supervised records the inspections IN1…IN3 of W1 and the warnings WA1…WA3.
func (a *agency) supervised() {
	a.on("2024-04-15")
	for i := range 4 {
		a.do("hr:R1", fmt.Sprintf("Q%d", i), officer.Enroll{FullName: "监督", Unit: "A"})
	}
	for i := range 3 {
		in, wa := fmt.Sprintf("IN%d", i+1), fmt.Sprintf("WA%d", i+1)
		about := domain.OfficerID(fmt.Sprintf("P%d", 100+i))
		a.do("inspector:I2", in, inspection.Open{Powers: []inspection.Power{inspection.PowerExamine}, Unit: "W1", Officers: []domain.OfficerID{about},
			Supervisors: []domain.OfficerID{domain.OfficerID(fmt.Sprintf("Q%d", i)), "Q3"}, Basis: "yearly"})
		a.do("inspector:Q3", in, inspection.Observe{Code: "o1", Text: "no receipts", Severity: inspection.SeveritySerious, Officer: about, Evidence: paper})
		a.do("inspector:Q3", in, inspection.OrderRectification{Code: "r1", Unit: "W1", Due: domain.MustDate("2024-05-15"), Text: "give receipts"})
		a.do("inspector:I2", wa, warning.Raise{Rule: "rotation", Version: "1", Officer: about, Unit: "W1", Score: 90, Explanation: "nine years", Baseline: "10 years", Peers: "W1",
			ExplanationChinese: "已满九年", BaselineChinese: "10年", PeersChinese: "本单位"})
	}
}

func TestWarningsAndInspectionsAreAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, inspector, `{ inspection(id: "IN1") { status powers officers { id } supervisors { id } observations { code severity officer { id } } rectifications { code due accepted unit { id } } }
		warnings(filter: {officer: "P100", status: RAISED}) { nodes { id rule score times explanation explanationChinese baselineChinese peersChinese officer { id } outcome } } }`)
	want := `{"inspection":{"status":"OPEN","powers":["examine"],"officers":[{"id":"P100"}],"supervisors":[{"id":"Q0"},{"id":"Q3"}],` +
		`"observations":[{"code":"o1","severity":"SERIOUS","officer":{"id":"P100"}}],"rectifications":[{"code":"r1","due":"2024-05-15","accepted":false,"unit":{"id":"W1"}}]},` +
		`"warnings":{"nodes":[{"id":"WA1","rule":"rotation","score":90,"times":1,"explanation":"nine years","explanationChinese":"已满九年","baselineChinese":"10年","peersChinese":"本单位","officer":{"id":"P100"},"outcome":null}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := a.ask(t, clerk, `{ inspections { totalCount } warnings { totalCount } }`); got != `{"inspections":{"totalCount":0},"warnings":{"totalCount":0}}` {
		t.Error(got)
	}
	a.batched(t, `{ inspections(first: %d) { nodes { unit { id } officers { id } supervisors { id } observations { officer { id } } rectifications { unit { id } } } } }`)
	a.batched(t, `{ warnings(first: %d) { nodes { unit { id } officer { id } post { id } evidence { id } case { id } } } }`)
}

// surveyed files three cycles, the first with the survey of 2015, who read
// the file of P1, and the risks of K1.
func (a *agency) surveyed() {
	a.on("2024-04-20")
	a.do("importer:M", "P1", access.Import{Reader: "I2", Role: "inspector", Why: "yearly check", Count: 3, LastOn: domain.MustDate("2023-12-01")})
	a.do("hr:R1", "K1", post.IdentifyRisk{Risk: "r1", Description: "cash"})
	a.do("hr:R1", "K1", post.IdentifyRisk{Risk: "r2", Description: "files"})
	a.do("hr:R1", "K1", post.IdentifyRisk{Risk: "r3", Description: "tips"})
	a.do("hr:R1", "K1", post.AdoptControl{Risk: "r1", Control: "c1", Description: "two keys"})
	for i := range 3 {
		a.do("importer:M", fmt.Sprintf("CY%d", i), programme.Import{Agency: "A", From: domain.MustDate("2015-01-01")})
	}
	a.do("importer:M", "CY0", programme.ImportSurvey{Survey: "2015", Distributed: 200, Valid: 178,
		Grades: programme.Tally{VerySatisfied: 53, FairlyGood: 70, Average: 42, NeedsStrengthening: 13}})
}

func TestTheReferenceSurveyIsAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, as(domain.RoleOverseer, "O"), `{ programme(id: "CY0") { status agency { id } surveys { valid verySatisfied { count share } middleTwo { count share suppressed } } } }`)
	want := `{"programme":{"status":"IMPORTED","agency":{"id":"A"},"surveys":[{"valid":178,"verySatisfied":{"count":53,"share":29.78},"middleTwo":{"count":112,"share":62.92,"suppressed":false}}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := a.ask(t, public, `{ programmes { totalCount } }`); got != `{"programmes":{"totalCount":0}}` {
		t.Error(got)
	}
	a.batched(t, `{ programmes(first: %d) { nodes { agency { id } baseline { events { id } } } } }`)
}

func TestRisksAndReadingsAreAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, as(domain.RoleOfficer, "P1"), `{ officer(id: "P1") { fileReadings { by role count to } } post(id: "K1") { risks { powers } } }`)
	if want := `{"officer":{"fileReadings":[{"by":"I2","role":"inspector","count":3,"to":"2023-12-01T00:00:00Z"}]},"post":{"risks":null}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = a.ask(t, clerk, `{ officer(id: "P1") { fileReadings { by } } post(id: "K1") { risks { risks { code grade tested controls { code passed } } } } }`)
	if want := `{"officer":{"fileReadings":[]},"post":{"risks":{"risks":[{"code":"r1","grade":null,"tested":false,"controls":[{"code":"c1","passed":false}]},` +
		`{"code":"r2","grade":null,"tested":false,"controls":[]},{"code":"r3","grade":null,"tested":false,"controls":[]}]}}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	a.batched(t, `{ officers(first: %d) { nodes { fileReadings { by } } } }`)
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
	got := whole().ask(t, inspector, `{ plan(id: "PL1") { status unit { id } owner { id }
		missed: targets(result: ACCOUNTABLE) { code due result decision officer { id name } unit { id } } targets { code result percent }
		stages { code status reports { outcome lines { target result } } } } }`)
	want := `{"plan":{"status":"ADOPTED","unit":{"id":"D1"},"owner":{"id":"P2"},` +
		`"missed":[{"code":"t2","due":"2024-03-01","result":"ACCOUNTABLE","decision":"nothing was done","officer":{"id":"P101","name":"王1"},"unit":{"id":"W1"}}],` +
		`"targets":[{"code":"t1","result":"MET","percent":100},{"code":"t2","result":"ACCOUNTABLE","percent":0}],` +
		`"stages":[{"code":"s1","status":"PASSED","reports":[{"outcome":"PASSED","lines":[{"target":"t1","result":"MET"},{"target":"t2","result":"ACCOUNTABLE"}]}]}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := whole().ask(t, inspector, `{ plans(filter: {result: ACCOUNTABLE, officer: "P101"}) { totalCount nodes { id } } }`); got != `{"plans":{"totalCount":1,"nodes":[{"id":"PL1"}]}}` {
		t.Error(got)
	}
	if got := whole().ask(t, public, `{ plan(id: "PL1") { id } plans { totalCount } }`); got != `{"plan":null,"plans":{"totalCount":0}}` {
		t.Error(got)
	}
	whole().batched(t, `{ plans(first: %d) { nodes { unit { id } owner { id } targets { officer { id } unit { id } } stages { reports { lines { officer { id } } } } } } }`)
}

func TestAReferenceLeadsToEveryRoom(t *testing.T) {
	got := whole().ask(t, inspector, `{ events(first: 1, filter: {kinds: ["plan.adopted.v1"]}) { nodes { subject { type id object { ... on Plan { title } } } } } }`)
	if want := `{"events":{"nodes":[{"subject":{"type":"PLAN","id":"PL3","object":{"title":"integrity PL3"}}}]}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
