package graphql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/rulebook"
)

// educated records the activities AC1…AC3 of W1 with the same minutes, and
// the boards CB1…CB3.
func (a *agency) educated() {
	a.on("2024-05-06")
	for i := range 3 {
		a.do("hr:R1", fmt.Sprintf("AC%d", i+1), activity.HoldUnscheduled{ActivityKind: activity.KindBranchStudy, Format: activity.FormatSeminar, Unit: "W1", Topic: "the law",
			Reason: "called at short notice", On: domain.MustDate(fmt.Sprintf("2024-04-0%d", i+1)), Hours: 2, Expected: 2,
			Attendees: []domain.OfficerID{"P1", domain.OfficerID(fmt.Sprintf("P%d", 100+i))}, Contributors: i, Materials: paper, Minutes: paper[0]})
		a.do("hr:R1", fmt.Sprintf("CB%d", i+1), activity.SetCarrier{Carrier: activity.CarrierBoard, Title: "宣传栏", Unit: "W1"})
	}
	a.do("leader:L1", "AC1", activity.Assess{Score: 70, Feedback: "long"})
	a.do("hr:R1", "CB1", activity.RefreshCarrier{Content: "new cases", Evidence: paper})
}

func TestActivitiesAndTheirCoverageAreAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, inspector, `{ activity(id: "AC1") { status kind format heldOn hours attended expected attendance contributors score unit { id } attendees { id } materials { mediaType } sameMinutes { id } }
		activities(filter: {repeatsMinutes: true, officer: "P1"}) { totalCount nodes { id } } carriers { nodes { id carrier refreshedOn refreshes { content } } }
		activityCoverage(unit: "W1", from: "2024-04-01", to: "2024-04-30", kind: BRANCH_STUDY) { unit { id } officers attended share activities formats byFormat { value count }
			longestRun { length format kind unit { id } activities { id } } repeated repeatedMinutes { activities { id } } silent } }`)
	want := `{"activity":{"status":"ASSESSED","kind":"BRANCH_STUDY","format":"SEMINAR","heldOn":"2024-04-01","hours":2,"attended":2,"expected":2,"attendance":100,"contributors":0,"score":70,` +
		`"unit":{"id":"W1"},"attendees":[{"id":"P1"},{"id":"P100"}],"materials":[{"mediaType":"application/pdf"}],"sameMinutes":[{"id":"AC2"},{"id":"AC3"}]},` +
		`"activities":{"totalCount":2,"nodes":[{"id":"AC3"},{"id":"AC2"}]},` +
		`"carriers":{"nodes":[{"id":"CB1","carrier":"BOARD","refreshedOn":"2024-05-06","refreshes":[{"content":"new cases"}]},` +
		`{"id":"CB2","carrier":"BOARD","refreshedOn":"2024-05-06","refreshes":[]},{"id":"CB3","carrier":"BOARD","refreshedOn":"2024-05-06","refreshes":[]}]},` +
		`"activityCoverage":{"unit":{"id":"W1"},"officers":61,"attended":4,"share":6.56,"activities":3,"formats":1,"byFormat":[{"value":"SEMINAR","count":3}],` +
		`"longestRun":{"length":3,"format":"SEMINAR","kind":"BRANCH_STUDY","unit":{"id":"W1"},"activities":[{"id":"AC1"},{"id":"AC2"},{"id":"AC3"}]},` +
		`"repeated":2,"repeatedMinutes":[{"activities":[{"id":"AC1"},{"id":"AC2"},{"id":"AC3"}]}],"silent":1}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := a.ask(t, as(domain.RoleOfficer, "P100"), `{ activities { nodes { id attended attendees { id } } } carriers { totalCount }
		activityCoverage(from: "2024-04-01", to: "2024-04-30") { officers } }`); got !=
		`{"activities":{"nodes":[{"id":"AC1","attended":2,"attendees":[{"id":"P100"}]}]},"carriers":{"totalCount":0},"activityCoverage":null}` {
		t.Error(got)
	}
	overseer := as(domain.RoleOverseer, "O", "W1")
	if got := a.ask(t, overseer, `{ activityCoverage(unit: "W1", from: "2024-04-01", to: "2024-06-30") { officers attended share suppressed activities } }`); got !=
		`{"activityCoverage":{"officers":61,"attended":null,"share":null,"suppressed":true,"activities":3}}` { // 4 of 61
		t.Error(got)
	}
	if got := code(t, a.try(overseer, `{ activityCoverage(unit: "W1", from: "2024-04-01", to: "2024-04-30") { officers } }`)); got != string(domain.CodeForbidden) {
		t.Error(got)
	}
	a.batched(t, `{ activities(first: %d) { nodes { unit { id } attendees { id } invited { id } sameMinutes { id } } } }`)
	a.batched(t, `{ carriers(first: %d) { nodes { unit { id } } } }`)
}

func TestConcentrationIsAsked(t *testing.T) {
	a := whole()
	// C1 names P1 alone of the officers of W1; one finding bears it out.
	got := a.ask(t, inspector, `{ complaintConcentration(unit: "W1", from: "2023-01-01", to: "2023-12-31") { officers named complaints sustained
		byComplaints { officers count share cumulative suppressed } bySustained { count } } }`)
	if want := `{"complaintConcentration":{"officers":61,"named":1,"complaints":1,"sustained":1,"byComplaints":[{"officers":7,"count":1,"share":100,"cumulative":100,"suppressed":false},` +
		`{"officers":6,"count":0,"share":0,"cumulative":100,"suppressed":false},`; !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s…", got, want)
	}
	got = a.ask(t, public, `{ complaintConcentration { named complaints byComplaints { count share cumulative suppressed } } }`)
	if want := `{"complaintConcentration":{"named":null,"complaints":null,"byComplaints":[{"count":null,"share":null,"cumulative":null,"suppressed":true},`; !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s…", got, want)
	}
	if got := code(t, a.try(public, `{ complaintConcentration(unit: "W1") { officers } }`)); got != string(domain.CodeForbidden) {
		t.Errorf("a part is told to the public: %s", got)
	}
	if got := a.ask(t, clerk, `{ complaintConcentration { officers } }`); got != `{"complaintConcentration":null}` {
		t.Error(got)
	}
}

// adopted records that cn-2020 is amended and then superseded by cn-2024.
func (a *agency) adopted() {
	day := domain.MustDate
	sum := func(of string) string { return "sha256:" + strings.Repeat(of, 64) }
	a.on("2024-05-07")
	a.do("leader:L1", "cn-2020", rulebook.Adopt{Version: "1", Digest: sum("a"), ValidFrom: day("2020-01-01")})
	a.do("leader:L1", "cn-2020", rulebook.Amend{Version: "2", Digest: sum("b"), From: day("2024-05-10"), Reason: "a longer appeal"})
	a.do("leader:L1", "cn-2024", rulebook.Adopt{Version: "1", Digest: sum("c"), ValidFrom: day("2024-06-01")})
	a.do("leader:L1", "cn-2020", rulebook.Supersede{Successor: "cn-2024", From: day("2024-06-01")})
}

func TestRulebooksAreAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, as(domain.RoleOfficer, "P1"), `{ rulebook(id: "cn-2020") { supersededBy { id } to versions { version from to reason by event { id } }
		before: inForce(on: "2019-12-31") { version } then: inForce(on: "2024-05-09") { version digest } later: inForce(on: "2024-05-10") { version } }
		rulebooks(filter: {inForceOn: "2024-06-01"}) { totalCount nodes { id } } }`)
	want := `{"rulebook":{"supersededBy":{"id":"cn-2024"},"to":"2024-05-31","versions":[{"version":"1","from":"2020-01-01","to":"2024-05-09","reason":null,"by":"L1","event":null},` +
		`{"version":"2","from":"2024-05-10","to":"2024-05-31","reason":"a longer appeal","by":"L1","event":null}],` +
		`"before":null,"then":{"version":"1","digest":"sha256:` + strings.Repeat("a", 64) + `"},"later":{"version":"2"}},"rulebooks":{"totalCount":1,"nodes":[{"id":"cn-2024"}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := a.ask(t, public, `{ rulebooks { totalCount } }`); got != `{"rulebooks":{"totalCount":0}}` {
		t.Error(got)
	}
	if got := a.ask(t, auditor, `{ events(first: 2, filter: {kinds: ["rulebook.superseded.v1", "activity.carrier_refreshed.v1", "activity.assessed.v1"]}) { nodes { subject { object { __typename ... on Rulebook { id } ... on Carrier { title } } } } }
		rulebook(id: "cn-2024") { versions { event { kind } } } }`); got !=
		`{"events":{"nodes":[{"subject":{"object":{"__typename":"Rulebook","id":"cn-2020"}}},{"subject":{"object":{"__typename":"Carrier","title":"宣传栏"}}}]},`+
			`"rulebook":{"versions":[{"event":{"kind":"rulebook.adopted.v1"}}]}}` {
		t.Error(got)
	}
}

func TestTheRegisterOfRisksIsAsked(t *testing.T) {
	a := whole()
	got := a.ask(t, clerk, `{ postRisk(id: "K1/r1") { id code description grade due untested pending post { id } unit { id } gradings { level } controls { code description adopter adoptedOn tested } }
		postRisks(filter: {ungraded: true, unit: "D1"}) { totalCount nodes { id } } }`)
	want := `{"postRisk":{"id":"K1/r1","code":"r1","description":"cash","grade":null,"due":null,"untested":false,"pending":false,"post":{"id":"K1"},"unit":{"id":"W1"},"gradings":[],` +
		`"controls":[{"code":"c1","description":"two keys","adopter":"R1","adoptedOn":"2024-04-20","tested":false}]},"postRisks":{"totalCount":3,"nodes":[{"id":"K1/r1"},{"id":"K1/r2"},{"id":"K1/r3"}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := a.ask(t, as(domain.RoleOfficer, "P1"), `{ postRisk(id: "K1/r1") { id } postRisks { totalCount } }`); got != `{"postRisk":null,"postRisks":{"totalCount":0}}` {
		t.Error(got)
	}
	a.batched(t, `{ postRisks(first: %d) { nodes { post { id } unit { id } } } }`)
}

func TestTheWholeRecordFileIsAsked(t *testing.T) {
	a := whole()
	query := `{ officer(id: "P1") { recordFile { ranks { rank on } suspensions { from } readings { by role why count to imported kind } complaints { id result concludedOn answeredOn } } } }`
	want := `{"officer":{"recordFile":{"ranks":[{"rank":"二级主办","on":"2023-01-09"}],"suspensions":[],` +
		`"readings":[{"by":"I2","role":"inspector","why":"yearly check","count":3,"to":"2023-12-01T00:00:00Z","imported":true,"kind":"access.imported.v1"}],` +
		`"complaints":[{"id":"C1","result":"SUBSTANTIATED","concludedOn":"2023-04-03","answeredOn":"2023-04-03"}]}}}`
	if got := a.ask(t, as(domain.RoleOfficer, "P1"), query); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := a.ask(t, clerk, `{ officer(id: "P1") { recordFile { readings { by } } } }`); got != `{"officer":{"recordFile":{"readings":null}}}` {
		t.Error(got)
	}
	if got := a.ask(t, auditor, `{ officer(id: "P1") { recordFile(recordedAsOf: "2024-04-01T00:00:00Z") { readings { by } } } }`); got != `{"officer":{"recordFile":{"readings":[]}}}` {
		t.Error(got)
	}
}
