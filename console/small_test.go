package console

import (
	"strings"
	"testing"
)

// TestSealedIsSaidOfWhoIsSealed: a real name that was given is not yet a name
// under seal.
func TestSealedIsSaidOfWhoIsSealed(t *testing.T) {
	for _, c := range []struct {
		what, complaint string
		want            string
	}{
		{"a name that nobody filed", `"realName":true,"sealing":{"totalCount":0}`, "real name</dd>"},
		{"a name under seal", `"realName":true,"sealing":{"totalCount":1}`, "real name, who reported is under seal</dd>"},
		{"no name, and a telephone under seal", `"realName":false,"sealing":{"totalCount":1}`, "anonymous, who reported is under seal</dd>"},
		{"neither", `"realName":false,"sealing":{"totalCount":0}`, "anonymous</dd>"},
	} {
		page := shown(t, "/console/complaints/C1", `{"complaint":{"id":"C1","summary":"s","category":"c","result":null,"unit":null,"post":null,"officers":[],"handler":null,"receivedOn":null,"due":null,
"concludedOn":null,"answeredOn":null,"rating":null,"messages":[],"cases":[],"findings":[],"status":"RECEIVED","channel":"WEB",`+c.complaint+`,"timeline":{"totalCount":0,"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":"","endCursor":""},"nodes":[]}},"clocks":{"nodes":[]}}`)
		if !strings.Contains(page, c.want) {
			t.Errorf("%s: the page does not say %q:\n%s", c.what, c.want, page)
		}
	}
}

func TestAnObligationNamesItsTarget(t *testing.T) {
	page := shown(t, "/console/obligations", `{"obligations":{"totalCount":1,"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":"","endCursor":""},"nodes":[{"id":"o","clock":"plan.target","what":"meet the target","subject":{"type":"PLAN","id":"P1"},"part":"Q3-2","state":"LATE","due":"2026-01-01","daysLate":3,"extended":false,"source":null,"who":"a","role":null,"unit":null,"officer":null,"shareUsed":1}]}}`)
	if !strings.Contains(page, "Q3-2") {
		t.Errorf("the target is not named:\n%s", page)
	}
}

func TestSigningInLeadsToComplaintsWhereTheyAreTaken(t *testing.T) {
	h := newHandler(t, &fake{})
	for _, where := range []string{"/public/", ""} {
		h.config.Complaints = where
		if _, page := (request{path: "/console/signin"}).to(t, h); strings.Contains(page, `href="/public/"`) != (where != "") {
			t.Errorf("complaints are taken at %q, but the page is\n%s", where, page)
		}
	}
}

func TestAWarningSpeaksTheLanguageOfItsReader(t *testing.T) {
	list := func(chinese string) string {
		return `{"warnings":{"totalCount":1,"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":"","endCursor":""},"nodes":[{"id":"W1","status":"RAISED","rule":"r","explanation":"nine years in one post","explanationChinese":` +
			chinese + `,"raisedOn":null,"due":null,"unit":null,"officer":null}]}}`
	}
	for _, c := range []struct{ lang, chinese, want, not string }{
		{"zh", `"同一岗位已满九年"`, "同一岗位已满九年", "nine years"},
		{"en", `"同一岗位已满九年"`, "nine years in one post", "同一岗位"},
		{"zh", `null`, "nine years in one post", "同一岗位"},
		{"zh", `""`, "nine years in one post", "同一岗位"},
	} {
		page := shownIn(t, c.lang, "/console/warnings", list(c.chinese))
		if !strings.Contains(page, c.want) || strings.Contains(page, c.not) {
			t.Errorf("in %s, with %s, the page says %q or lacks %q", c.lang, c.chinese, c.not, c.want)
		}
	}
}
