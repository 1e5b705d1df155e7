package graphql_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

func TestAnswers(t *testing.T) {
	owner := as(domain.RoleOfficer, "P1")
	for _, c := range []struct {
		name      string
		who       projections.Principal
		query     string
		variables []any
		want      string
	}{
		{"members stand in the order of the query, aliases and fragments included", auditor,
			`query { z: unit(id: "W1") { nameEn ...Rest id } a: unit(id: "A") { id } } fragment Rest on Unit { parent { name id } kind }`, nil,
			`{"z":{"nameEn":null,"parent":{"name":"监管处","id":"D1"},"kind":"WINDOW","id":"W1"},"a":{"id":"A"}}`},
		{"one field asked for in several places is merged", auditor,
			`{ unit(id: "W1") { parent { id } } unit(id: "W1") { parent { name } } }`, nil,
			`{"unit":{"parent":{"id":"D1","name":"监管处"}}}`},
		{"an unknown id is null and no error", auditor,
			`{ officer(id: "nobody") { id } unit(id: "") { id } case(id: "?") { id } event(id: "no uuid") { id } finding(id: "x") { id } }`, nil,
			`{"officer":null,"unit":null,"case":null,"event":null,"finding":null}`},
		{"a unit knows its tree", auditor,
			`{ unit(id: "A") { children { id children { id officers(first: 2) { totalCount nodes { id } } } parent { id } } } }`, nil,
			`{"unit":{"children":[{"id":"D1","children":[{"id":"W1","officers":{"totalCount":61,"nodes":[{"id":"P1"},{"id":"P100"}]}}],"parent":{"id":"A"}},` +
				`{"id":"D2","children":[],"parent":{"id":"A"}}]}}`},
		{"a complaint leads to its officers, cases, findings and sanctions", auditor,
			`{ complaint(id: "C1") { status result channel officers { id } cases { id origin officers { id } findings { officer { id } result }
				sanctions { case { id } officer { id } measure until } } findings { measure } unit { id } post { id } } }`, nil,
			`{"complaint":{"status":"ANSWERED","result":"SUBSTANTIATED","channel":"LETTER","officers":[{"id":"P1"}],` +
				`"cases":[{"id":"C1","origin":"COMPLAINT","officers":[{"id":"P1"}],"findings":[{"officer":{"id":"P1"},"result":"SUSTAINED"}],` +
				`"sanctions":[{"case":{"id":"C1"},"officer":{"id":"P1"},"measure":"demerit","until":"2024-06-05"}]}],` +
				`"findings":[{"measure":"demerit"}],"unit":{"id":"W1"},"post":null}}`},
		{"old history is told apart and names its source", auditor,
			`{ findings(filter: {officer: "P2"}) { nodes { result discipline foundOn imported category sourceDigest event { kind imported role } } } }`, nil,
			`{"findings":{"nodes":[{"result":"SUSTAINED","discipline":"TRAINING_COUNSELLING","foundOn":"2016-08-01","imported":true,"category":"courtesy",` +
				`"sourceDigest":"sha256:` + fmt.Sprintf("%064x", 190) + `","event":{"kind":"misconduct.finding_imported.v1","imported":true,"role":"IMPORTER"}}]}}`},
		{"facets speak in the names of the enums", auditor,
			`{ findings { totalCount result: facets(by: RESULT) { value count } facets(by: DISCIPLINE) { value count suppressed } } }`, nil,
			`{"findings":{"totalCount":63,"result":[{"value":"UNFOUNDED","count":60},{"value":"SUSTAINED","count":2},{"value":"NOT_SUSTAINED","count":1}],` +
				`"facets":[{"value":"","count":62,"suppressed":false},{"value":"TRAINING_COUNSELLING","count":1,"suppressed":false}]}}`},
		{"findings of an officer are narrowed by result and history", auditor,
			`{ officer(id: "P2") { all: findings { category } none: findings(imported: false) { category } some: findings(result: SUSTAINED) { category } } }`, nil,
			`{"officer":{"all":[{"category":"courtesy"}],"none":[],"some":[{"category":"courtesy"}]}}`},
		{"filters are taken from variables", auditor,
			`query Q($f: ComplaintFilter, $n: Int = 1) { complaints(filter: $f, first: $n) { nodes { id imported status } } }`,
			[]any{"f", map[string]any{"imported": true, "status": "IMPORTED"}},
			`{"complaints":{"nodes":[{"id":"X1","imported":true,"status":"IMPORTED"}]}}`},
		{"a null variable does not narrow", auditor,
			`query Q($f: ComplaintFilter) { complaints(filter: $f) { totalCount } }`, []any{"f", nil}, `{"complaints":{"totalCount":2}}`},
		{"search finds in both scripts and resolves what it found", auditor,
			`{ search(text: "zhang", types: [OFFICER]) { totalCount nodes { type id object { __typename ... on Officer { name unit { id } } ... on Unit { id } } } } }`, nil,
			`{"search":{"totalCount":1,"nodes":[{"type":"OFFICER","id":"P1","object":{"__typename":"Officer","name":"张伟","unit":{"id":"W1"}}}]}}`},
		{"the timeline of a reference can be narrowed by kind, field and role", auditor,
			`{ timeline(ref: {type: OFFICER, id: "P1"}, filter: {kinds: ["sanction.imposed.v2", "complaint.received.v1"], as: ["officer", "officers"], role: LEADER}) {
				nodes { as event { kind subject { type id object { __typename } } } } } }`, nil,
			`{"timeline":{"nodes":[{"as":["officer"],"event":{"kind":"sanction.imposed.v2","subject":{"type":"SANCTION","id":"` + theSanction + `","object":{"__typename":"Sanction"}}}}]}}`},
		{"the timeline of an actor is what they did", auditor,
			`{ timeline(ref: {type: ACTOR, id: "H1"}, order: RECORDED_ASC) { nodes { event { kind } } } }`, nil,
			`{"timeline":{"nodes":[{"event":{"kind":"complaint.handler_assigned.v1"}},{"event":{"kind":"complaint.concluded.v1"}},{"event":{"kind":"complaint.answered.v1"}}]}}`},
		{"the ledger says who it is", public, `{ ledger { origin projections { name } } }`, nil,
			`{"ledger":{"origin":"test.example/ledger","projections":[{"name":"events"},{"name":"registers"}]}}`},
		{"everybody may ask who they are", as(domain.RoleHR, "R1", "D1", "D2"), `{ me { subject role units officer { id } } }`, nil,
			`{"me":{"subject":"R1","role":"HR","units":["D1","D2"],"officer":null}}`},
		{"the public has no name and no units", public, `{ me { subject role units } }`, nil, `{"me":{"subject":null,"role":"PUBLIC","units":[]}}`},
		{"the public sees no object", public,
			`{ officer(id: "P1") { id } officers { totalCount nodes { id } } complaint(id: "C1") { id } events { nodes { id } } search(text: "zhang") { totalCount } }`, nil,
			`{"officer":null,"officers":{"totalCount":0,"nodes":[]},"complaint":null,"events":{"nodes":[]},"search":{"totalCount":0}}`},
		{"personnel see neither complaints nor cases nor the inquiry behind the bar", clerk,
			`{ complaint(id: "C1") { id } case(id: "C1") { id } officer(id: "P1") { barred recordFile { barred inquiries { eventId } findings { result case { id } complaint { id } } } } }`, nil,
			`{"complaint":null,"case":null,"officer":{"barred":true,"recordFile":{"barred":true,"inquiries":null,"findings":[{"result":"SUSTAINED","case":null,"complaint":null}]}}}`},
		{"an officer sees their own file without the open inquiry", owner,
			`{ officer(id: "P1") { barred recordFile { barred inquiries { eventId } } } other: officer(id: "P2") { id } }`, nil,
			`{"officer":{"barred":null,"recordFile":{"barred":null,"inquiries":null}},"other":null}`},
		{"an inspector sees the units of their scope and no others", as(domain.RoleInspector, "I2", "D2"),
			`{ a: officer(id: "P1") { id } b: officer(id: "P2") { id } officers { totalCount } complaints { nodes { id } } }`, nil,
			`{"a":null,"b":{"id":"P2"},"officers":{"totalCount":1},"complaints":{"nodes":[{"id":"X1"}]}}`},
		{"an inspector does not see the matter they are named in", as(domain.RoleInspector, "P1", "A"),
			`{ complaint(id: "C1") { id } officer(id: "P1") { id recordFile { day } } case(id: "M5") { id } }`, nil,
			`{"complaint":null,"officer":{"id":"P1","recordFile":null},"case":null}`},
		{"a condition leaves a field out", auditor, `query Q($x: Boolean!) { unit(id: "A") { id name @include(if: $x) kind @skip(if: true) } }`, []any{"x", false}, `{"unit":{"id":"A"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, shared().ask(t, c.who, c.query, c.variables...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSmallCellsAreSuppressedForThePublicAlone(t *testing.T) {
	const query = `{ statistics { complaintsByCategory { value count suppressed } totals { value count } } }`
	if got := shared().ask(t, public, query); !strings.Contains(got, `"value":"delay","count":null,"suppressed":true`) || !strings.Contains(got, `"value":"officers","count":62`) {
		t.Errorf("public: %s", got)
	}
	if got := shared().ask(t, auditor, query); !strings.Contains(got, `"value":"delay","count":1,"suppressed":false`) {
		t.Errorf("auditor: %s", got)
	}
}

func TestTheFileAsOfADateIsTheOneKnownThenOrTrueThen(t *testing.T) {
	a := newAgency(t)
	a.on("2024-05-20")
	a.doAt("hr:R1", "P1", officer.CompleteTraining{Course: "ethics", Hours: 8, On: domain.MustDate("2024-02-05")}, at("2024-02-05"))
	a.catchUp()
	const query = `query Q($r: DateTime, $o: DateTime) { officer(id: "P1") { recordFile(recordedAsOf: $r, occurredAsOf: $o) { training { year hours } head { events } } } }`
	type answered struct {
		Officer struct {
			RecordFile *struct {
				Training []struct{ Year, Hours int }
				Head     struct{ Events int }
			}
		}
	}
	hours := func(variables ...any) (sum int) {
		t.Helper()
		file := answer[answered](t, a, auditor, query, variables...).Officer.RecordFile
		if file == nil {
			return -1
		}
		for _, y := range file.Training {
			sum += y.Hours
		}
		return sum
	}
	for _, c := range []struct {
		name      string
		variables []any
		want      int
	}{
		{"now", nil, 48},
		{"what was known in March, before the course was filed", []any{"r", "2024-03-01T00:00:00Z"}, 40},
		{"what was true in March, as known today", []any{"o", "2024-03-01T00:00:00Z"}, 48},
		{"what was true in March, as known in March", []any{"o", "2024-03-01T00:00:00Z", "r", "2024-03-01T00:00:00Z"}, 40},
		{"the offset counts, not the digits", []any{"r", "2024-05-20T17:00:00+08:00"}, 40},
		{"before there was a file", []any{"r", "2020-01-01T00:00:00Z"}, -1},
	} {
		if got := hours(c.variables...); got != c.want {
			t.Errorf("%s: %d hours, want %d", c.name, got, c.want)
		}
	}
}

func TestAConnectionStaysWhatItWasWhileEventsAreAdded(t *testing.T) {
	a := newAgency(t)
	const query = `query Q($first: Int, $after: String, $last: Int, $before: String) {
		events(first: $first, after: $after, last: $last, before: $before) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
	type answered struct {
		Events struct {
			Edges []struct {
				Cursor string
				Node   struct{ ID string }
			}
			PageInfo struct {
				HasNextPage, HasPreviousPage bool
				StartCursor, EndCursor       string
			}
		}
	}
	whole := answer[answered](t, a, auditor, query, "first", 500).Events
	var walked []string
	cursor := []any{}
	for page := 0; ; page++ {
		p := answer[answered](t, a, auditor, query, append([]any{"first", 60}, cursor...)...).Events
		for _, e := range p.Edges {
			walked = append(walked, e.Node.ID)
		}
		if p.PageInfo.StartCursor != p.Edges[0].Cursor || p.PageInfo.EndCursor != p.Edges[len(p.Edges)-1].Cursor || p.PageInfo.HasPreviousPage != (page > 0) {
			t.Fatalf("page %d: %+v", page, p.PageInfo)
		}
		if !p.PageInfo.HasNextPage {
			break
		}
		cursor = []any{"after", p.PageInfo.EndCursor}
		a.on(fmt.Sprintf("2024-05-%02d", 10+page))
		a.do("hr:R1", "P1", officer.CompleteTraining{Course: "new", Hours: 1})
		a.catchUp()
	}
	var want []string
	for _, e := range whole.Edges {
		want = append(want, e.Node.ID)
	}
	if diff := cmp.Diff(want, walked); diff != "" {
		t.Errorf("walked page by page against all at once (-want +got):\n%s", diff)
	}
	back := answer[answered](t, a, auditor, query, "last", 3, "before", whole.Edges[10].Cursor).Events
	if len(back.Edges) != 3 || back.Edges[0].Node.ID != want[7] || back.Edges[2].Node.ID != want[9] || !back.PageInfo.HasPreviousPage {
		t.Errorf("backwards: %+v", back)
	}
}

// A veiled event is shown without the case; what is signed names it.
func TestAVeiledEventHasNoEnvelope(t *testing.T) {
	hr := projections.Principal{Role: domain.RoleHR, Subject: "hr-li", Units: []domain.UnitID{projections.AllUnits}}
	nodes := answer[struct {
		Events struct {
			Nodes []struct {
				Kind     string
				Veiled   bool
				Data     map[string]any
				Envelope *struct{ Raw string }
				Proof    *struct{ Receipt string }
			}
		}
	}](t, shared(), hr, `{ events(first: 500) { nodes { kind veiled data envelope { raw } proof { receipt } } } }`).Events.Nodes
	veiled := 0
	for _, e := range nodes {
		if e.Veiled {
			veiled++
		}
		if _, named := e.Data["case"]; named || e.Veiled != (e.Envelope == nil) || e.Veiled && e.Proof != nil {
			t.Errorf("%s: veiled %v, data %v, envelope %v, proof %v", e.Kind, e.Veiled, e.Data, e.Envelope, e.Proof)
		}
	}
	if veiled == 0 {
		t.Errorf("none of %d events is veiled", len(nodes))
	}
}

func TestTheEnvelopeOfAnEventVerifies(t *testing.T) {
	a := shared()
	type envelope struct {
		PayloadType, Payload, Raw string
		Signatures                []struct{ KeyID, Sig string }
	}
	events := answer[struct {
		Events struct {
			Nodes []struct {
				ID, Stream, Revision string
				Data                 json.RawMessage
				Envelope             envelope
			}
		}
	}](t, a, auditor, `{ events(first: 30) { nodes { id stream revision data envelope { payloadType payload raw signatures { keyid sig } } } } }`).Events.Nodes
	if len(events) != 30 {
		t.Fatalf("%d events", len(events))
	}
	for _, e := range events {
		opened, err := ledger.OpenEnvelope([]byte(e.Envelope.Raw))
		if err != nil {
			t.Fatal(err)
		}
		payload := ok(base64.StdEncoding.DecodeString(e.Envelope.Payload))
		sealed := ledger.Envelope{Payload: payload}
		for _, s := range e.Envelope.Signatures {
			sealed.Signatures = append(sealed.Signatures, ledger.Signature{KeyID: ledger.KeyID(s.KeyID), Sig: ok(base64.StdEncoding.DecodeString(s.Sig))})
		}
		if diff := cmp.Diff(opened, sealed); diff != "" {
			t.Errorf("raw against its parts:\n%s", diff)
		}
		if err := a.keys.Verify(sealed); err != nil {
			t.Errorf("%s: %v", e.ID, err)
		}
		var signed struct {
			ID, Stream string
			Revision   json.Number
			Data       json.RawMessage
		}
		if err := json.Unmarshal(payload, &signed); err != nil {
			t.Fatal(err)
		}
		if signed.ID != e.ID || signed.Stream != e.Stream || string(signed.Revision) != e.Revision || string(signed.Data) != string(e.Data) {
			t.Errorf("signed %+v, told %+v", signed, e)
		}
	}
}

func TestAnEventThatIsNotInTheLedgerIsAnIntegrityFailure(t *testing.T) {
	a := newAgency(t)
	b := emptyAgency(t, t.TempDir()) // another ledger, empty
	t.Cleanup(b.close)
	service := ok(newServiceOver(a, b.store))
	r := service.Do(context.Background(), auditor, overhttp.Request{Query: `{ events(first: 1) { nodes { kind envelope { raw } } } }`})
	if got := code(t, r); got != "INTEGRITY_FAILURE" {
		t.Errorf("code %s", got)
	}
	if got := string(r.Data.(json.RawMessage)); got != `{"events":{"nodes":[{"kind":"reward.imported.v1","envelope":null}]}}` {
		t.Errorf("data %s", got)
	}
}

// The bounds are the point: they do not grow with the number of officers.
func TestRelationsOfAListAreLoadedAtOnce(t *testing.T) {
	statements := func(n int, fields string) int {
		t.Helper()
		r, count := shared().service.DoCounted(context.Background(), auditor, overhttp.Request{
			Query:     `query Q($n: Int) { officers(first: $n) { nodes { id ` + fields + ` } } }`,
			Variables: map[string]any{"n": n},
		})
		if len(r.Errors) > 0 {
			t.Fatalf("errors: %+v", r.Errors)
		}
		return count
	}
	for _, c := range []struct {
		fields string
		most   int
	}{
		{"", 1},
		{"unit { name } post { name } findings { result }", 4},
		{"unit { parent { parent { name } } } post { unit { name } } counts { findings } sanctions { id case { id officers { id } } } rewards { id }", 12},
		{"findings { event { kind cause { kind } } complaint { officers { id } } }", 8},
	} {
		few, many := statements(2, c.fields), statements(50, c.fields)
		if many > c.most {
			t.Errorf("%q: %d statements for 50 officers, at most %d are needed", c.fields, many, c.most)
		}
		if many > few+2 { // a relation may be empty for the first two
			t.Errorf("%q: %d statements for 2 officers, %d for 50", c.fields, few, many)
		}
	}
}
