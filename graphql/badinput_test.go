package graphql_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

// Every mistake a client can make is told by name and place, in either form:
// as a request error without data, or as the error of one field beside null.
func TestBadInputIsToldByName(t *testing.T) {
	s := serve(t)
	token := s.token(domain.RoleAuditor, "X")
	cursor := answer[struct {
		Officers struct{ PageInfo struct{ EndCursor string } }
	}](t, shared(), auditor, `{ officers(first: 1) { pageInfo { endCursor } } }`).Officers.PageInfo.EndCursor
	const byDay = `query($d: Date) { complaints(filter: {receivedFrom: $d}) { totalCount } }`
	const byMoment = `query($d: DateTime) { events(filter: {occurredFrom: $d}) { totalCount } }`
	const byID = `query($id: ID!) { officer(id: $id) { id } }`
	const dateIs = `; Date is: A day of the Gregorian calendar, as in "2024-02-29"`
	for _, c := range []struct {
		name, body string
		code       string
		message    string // how it begins
		field      string // extensions.field, of an error of one field
	}{
		{"nothing", ``, "BAD_REQUEST", "the body is empty", ""},
		{"JSON that ends in the middle", `{"query":`, "BAD_REQUEST", "the body is not a JSON object in UTF-8 with each name once: it ends at byte 9", ""},
		{"a comma too many", `{"query":"{me{role}}",}`, "BAD_REQUEST", "the body is not a JSON object in UTF-8 with each name once: at byte 21, invalid character ','", ""},
		{"single quotes", `{'query':1}`, "BAD_REQUEST", "the body is not a JSON object in UTF-8 with each name once: at byte 1, invalid character '\\''", ""},
		{"a variable twice", `{"query":"{me{role}}","variables":{"a":1,"a":2}}`, "BAD_REQUEST", "the body is not a JSON object in UTF-8 with each name once: at byte 41 a name stands twice", ""},
		{"variables as a text", `{"query":"{me{role}}","variables":"{}"}`, "BAD_REQUEST", "the parameter variables must be a JSON object", ""},
		{"a misspelt parameter", `{"qeury":"{me{role}}"}`, "BAD_REQUEST", "the parameter query is missing", ""},

		{"a text for a number", with(`query($n: Int) { officers(first: $n) { totalCount } }`, `{"n":"x"}`), "BAD_USER_INPUT", `variable $n: expected Int, found "x"`, ""},
		{"a variable that is missing", with(byID, `{}`), "BAD_USER_INPUT", "variable $id of type ID! is required", ""},
		{"a variable misspelt", with(byID, `{"Id":"P1"}`), "BAD_USER_INPUT", "variable $id of type ID! is required", ""},
		{"null where there must be a value", with(byID, `{"id":null}`), "BAD_USER_INPUT", "variable $id of type ID! must not be null", ""},
		{"an object for an id", with(byID, `{"id":{"a":1}}`), "BAD_USER_INPUT", "variable $id: expected ID, found an object", ""},
		{"a wrong value deep inside", with(`query($f: ComplaintFilter) { complaints(filter: $f) { totalCount } }`, `{"f":{"channel":"PIGEON"}}`), "BAD_USER_INPUT", `variable $f.channel: Channel has no value "PIGEON"`, ""},
		{"a member that is not", with(`query($f: ComplaintFilter) { complaints(filter: $f) { totalCount } }`, `{"f":{"chanel":"LETTER"}}`), "BAD_USER_INPUT", `variable $f: ComplaintFilter has no field "chanel"`, ""},
		{"a text for a number in the document", asking(`{ officers(first: "5") { totalCount } }`), "GRAPHQL_VALIDATION_FAILED", `argument first: expected Int, found "5"`, ""},
		{"a text for an enum in the document", asking(`{ officers(filter: {status: "ACTIVE"}) { totalCount } }`), "GRAPHQL_VALIDATION_FAILED", `argument filter.status: expected OfficerStatus, found "ACTIVE"`, ""},
		{"no such enum value in the document", asking(`{ officers(filter: {status: NOPE}) { totalCount } }`), "GRAPHQL_VALIDATION_FAILED", `argument filter.status: OfficerStatus has no value "NOPE"`, ""},
		{"no such argument", asking(`{ officers(limit: 5) { totalCount } }`), "GRAPHQL_VALIDATION_FAILED", `field Query.officers has no argument "limit"`, ""},
		{"a missing argument", asking(`{ officer { id } }`), "GRAPHQL_VALIDATION_FAILED", `Field "officer" argument "id" of type "ID!" is required`, ""},
		{"no such field", asking(`{ officer(id: "P1") { salary } }`), "GRAPHQL_VALIDATION_FAILED", `type Officer has no field "salary"`, ""},
		{"several operations, none named", asking(`query A { me { role } } query B { me { role } }`), "OPERATION_RESOLUTION_FAILURE", "the document holds several operations; name one with operationName", ""},

		{"a day that is none", with(byDay, `{"d":"2024-02-30"}`), "BAD_USER_INPUT", `variable $d: expected Date, found "2024-02-30"` + dateIs, ""},
		{"a moment for a day", with(byDay, `{"d":"2024-02-03T10:00:00Z"}`), "BAD_USER_INPUT", `variable $d: expected Date, found "2024-02-03T10:00:00Z"` + dateIs, ""},
		{"a number for a day", with(byDay, `{"d":20240203}`), "BAD_USER_INPUT", `variable $d: expected Date, found 20240203` + dateIs, ""},
		{"a year of five digits", with(byDay, `{"d":"99999-01-01"}`), "BAD_USER_INPUT", `variable $d: expected Date, found "99999-01-01"`, ""},
		{"a day that is none, in the document", asking(`{ complaints(filter: {receivedFrom: "2024-02-30"}) { totalCount } }`), "GRAPHQL_VALIDATION_FAILED", `argument filter.receivedFrom: expected Date, found "2024-02-30"` + dateIs, ""},
		{"a day for a moment", with(byMoment, `{"d":"2024-02-03"}`), "BAD_USER_INPUT", `variable $d: expected DateTime, found "2024-02-03"; DateTime is: A moment by RFC 3339`, ""},
		{"a moment without an offset", with(byMoment, `{"d":"2024-02-03T10:00:00"}`), "BAD_USER_INPUT", "variable $d: expected DateTime", ""},
		{"a moment whose day is in the year 10000 somewhere", with(byMoment, `{"d":"9999-12-31T23:59:59Z"}`), "BAD_USER_INPUT", "variable $d: expected DateTime", ""},
		{"the moment that stands for none", with(byMoment, `{"d":"0001-01-01T00:00:00Z"}`), "BAD_USER_INPUT", "variable $d: expected DateTime", ""},
		{"a period that ends before it begins", asking(`{ scorecard(unit: "A", from: "2023-12-31", to: "2023-01-01") { until } }`), "BAD_USER_INPUT", "to: 2023-01-01 lies before the first day, 2023-12-31", "to"},

		{"a page of 501", asking(`{ officers(first: 501) { totalCount } }`), "BAD_USER_INPUT", "first: must lie between 1 and 500", "first"},
		{"a page of none", asking(`{ officers(last: 0) { totalCount } }`), "BAD_USER_INPUT", "last: must lie between 1 and 500", "last"},
		{"both ends", asking(`{ officers(first: 5, last: 5) { totalCount } }`), "BAD_USER_INPUT", "first: goes with after, last with before; ask for one of the two", "first"},
		{"a cursor made up", asking(`{ events(after: "x") { totalCount } }`), "BAD_USER_INPUT", "after: is not a cursor of this server", "after"},
		{"the cursor of another list", asking(`{ complaints(after: "` + cursor + `") { totalCount } }`), "BAD_USER_INPUT", "after: is the cursor of another list or another order", "after"},
		{"the cursor of another order", asking(`{ officers(filter: {sortByName: true}, after: "` + cursor + `") { totalCount } }`), "BAD_USER_INPUT", "after: is the cursor of another list or another order", "after"},
		{"a cursor cut short", asking(`{ officers(after: "` + cursor[:len(cursor)-2] + `") { totalCount } }`), "BAD_USER_INPUT", "after: is not a cursor of this server", "after"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := tell(t, s.post(c.body), token)
			if r.code() != c.code || len(r.Errors) != 1 || !strings.HasPrefix(r.Errors[0].Message, c.message) {
				t.Fatalf("%s\nwant %s %s", r.body, c.code, c.message)
			}
			e := r.Errors[0]
			if e.Extensions.Field != c.field {
				t.Errorf("field %q, want %q", e.Extensions.Field, c.field)
			}
			if inField := c.field != ""; inField != (r.status == 200) || inField != (r.Data != nil) || inField != (e.Path != nil) || !inField && r.status != 400 {
				t.Errorf("status %d: %s", r.status, r.body)
			}
			if c.code != "BAD_REQUEST" && len(e.Locations) == 0 {
				t.Errorf("without a place: %s", r.body)
			}
		})
	}
}

// What is not there and what may not be seen answer alike, so that nobody
// learns of its existence; what a role may never ask is refused by name.
func TestUnknownAndForbiddenLookAlike(t *testing.T) {
	s := serve(t, signin.AllowPublic())
	officer2 := s.token(domain.RoleOfficer, "P2")
	clerk := s.token(domain.RoleHR, "R1", "A")
	for _, c := range []struct {
		name, token, query, unknown string // the query with ids that are there, and with ids that are not
		want                        string
	}{
		{"an officer asks for a colleague", officer2, `{ officer(id: "P1") { id } complaint(id: "C1") { id } case(id: "M5") { id } }`,
			`{ officer(id: "nobody") { id } complaint(id: "' OR 1=1 --") { id } case(id: "") { id } }`, `{"officer":null,"complaint":null,"case":null}`},
		{"the timeline of a colleague", officer2, `{ timeline(ref: {type: OFFICER, id: "P1"}) { nodes { as } } }`, `{ timeline(ref: {type: OFFICER, id: "nobody"}) { nodes { as } } }`, `{"timeline":{"nodes":[]}}`},
		{"a file of a colleague", officer2, `{ officer(id: "P1") { recordFile { day } } }`, `{ officer(id: "nobody") { recordFile { day } } }`, `{"officer":null}`},
		{"personnel asks for a complaint", clerk, `{ complaint(id: "C1") { id } }`, `{ complaint(id: "C9") { id } }`, `{"complaint":null}`},
		{"the public asks for anything", "", `{ officer(id: "P1") { id } unit(id: "A") { id } units { totalCount } }`, `{ officer(id: "nobody") { id } unit(id: "B") { id } units { totalCount } }`,
			`{"officer":null,"unit":null,"units":{"totalCount":0}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, query := range []string{c.query, c.unknown} {
				if r := tell(t, s.post(asking(query)), c.token); r.status != 200 || r.code() != "" || string(r.Data) != c.want {
					t.Errorf("%s: status %d, %s, want %s", query, r.status, r.body, c.want)
				}
			}
		})
	}
	for _, c := range []struct{ name, token, query, field string }{
		{"the public asks for a part", "", `{ statistics(unit: "A") { totals { value } } }`, "unit"},
		{"the same of a unit that is not there", "", `{ statistics(unit: "B") { totals { value } } }`, "unit"},
		{"personnel asks for single days", clerk, `{ scorecard(unit: "A", from: "2023-01-01", to: "2023-12-30") { until } }`, "from"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := tell(t, s.post(asking(c.query)), c.token)
			if r.status != 200 || r.code() != "FORBIDDEN" || r.Errors[0].Extensions.Field != c.field {
				t.Errorf("status %d, %s", r.status, r.body)
			}
		})
	}
}
