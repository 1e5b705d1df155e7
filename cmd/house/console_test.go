package house

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/signin"
)

// The texts of a hostile town.
const (
	scripted = `<script>alert("x")</script><img src=x onerror=alert(1)>`
	reversed = "张\u202e伟\u200b" + `"><b>`
)

// pages are the pages of a house in which hostile texts were recorded.
type consolePages struct {
	*Web
	house *House
}

func newConsolePages(t *testing.T) *consolePages {
	t.Helper()
	h, err := Open(Config{Dir: t.TempDir(), Write: true, PlainKey: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	long := scripted + strings.Repeat("长", 2700)
	for i, in := range []struct {
		role    domain.Role
		subject string
		command domain.Command
	}{
		{domain.RoleHR, "A", unit.Establish{UnitName: "海关" + scripted, UnitNameEn: scripted, UnitKind: unit.KindAgency}},
		{domain.RoleHR, "B", unit.Establish{UnitName: "税务局", UnitKind: unit.KindAgency}},
		{domain.RoleHR, "K1", post.Define{Title: "岗" + scripted, Unit: "A"}},
		{domain.RoleHR, "P1", officer.Enroll{FullName: reversed, LatinName: scripted, Unit: "A", Rank: scripted}},
		{domain.RoleHR, "P1", officer.Appoint{Post: "K1", Unit: "A"}},
		{domain.RoleHR, "P2", officer.Enroll{FullName: "李娜", Unit: "B"}},
		{domain.RoleHR, "P1", officer.CompleteTraining{Course: scripted, Hours: 1}},
		{domain.RoleIntake, "C1", complaint.Receive{Channel: complaint.ChannelLetter, Category: scripted, Summary: long, Place: scripted, Unit: "A", Officers: []domain.OfficerID{"P1"}}},
	} {
		if _, err := h.Recorder.Record(t.Context(), domain.Instruction{
			ID: string(rune('a' + i)), Command: in.command, Act: domain.Act{Subject: in.subject, Actor: "somebody", Role: in.role},
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Views.CatchUp(t.Context(), h.Store, nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.Access = graphql.Access{Budgets: budget.Defaults()} // whatever the navigation leads to must be within them
	web, err := h.Web(slog.New(slog.DiscardHandler), "{me{role}}")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	return &consolePages{web, h}
}

// get asks for a page as whoever a grant names; the public without one.
func (c *consolePages) get(t *testing.T, path string, as signin.Grant) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+console.Path+path, nil)
	r.Header.Set("Accept-Language", "en")
	if as.Role != "" {
		token, _, err := c.Issuer.Mint(as)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "probity-console", Value: token})
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(raw)
}

var (
	asAuditor   = signin.Grant{Subject: "a1", Role: domain.RoleAuditor}
	asInspector = signin.Grant{Subject: "i1", Role: domain.RoleInspector, Units: []domain.UnitID{"A"}}
	asOther     = signin.Grant{Subject: "i2", Role: domain.RoleInspector, Units: []domain.UnitID{"B"}}
	asHR        = signin.Grant{Subject: "h1", Role: domain.RoleHR, Units: []domain.UnitID{"A"}}
	asOfficer   = signin.Grant{Subject: "P1", Role: domain.RoleOfficer}
	asPeer      = signin.Grant{Subject: "P2", Role: domain.RoleOfficer}
	asIntake    = signin.Grant{Subject: "t1", Role: domain.RoleIntake, Units: []domain.UnitID{"A"}}
	asLeader    = signin.Grant{Subject: "l1", Role: domain.RoleLeader, Units: []domain.UnitID{"A"}}
	asHandler   = signin.Grant{Subject: "d1", Role: domain.RoleHandler}
	asOverseer  = signin.Grant{Subject: "o1", Role: domain.RoleOverseer, Units: []domain.UnitID{"A"}}
	asPublic    = signin.Grant{}
)

func TestTheConsole(t *testing.T) {
	c := newConsolePages(t)
	t.Run("shows hostile texts as texts", c.hostile)
	t.Run("shows each role its own", c.roles)
	t.Run("shows nothing of what is not there", c.missing)
	t.Run("asks what the schema answers", c.asks)
	t.Run("has readings noted", c.readings)
	t.Run("answers what comes by another name", c.edge)
}

// hostile: texts from anywhere, kept or in the address, are neither markup nor
// able to turn around what stands beside them.
func (c *consolePages) hostile(t *testing.T) {
	for _, path := range []string{"/", "/officers", "/officers/P1", "/officers/P1/timeline", "/officers/P1/compare", "/officers/P1/print", "/complaints", "/complaints/C1", "/complaints/C1/print", "/scorecards", "/scorecards/A",
		"/history/unit/A", "/history/post/K1", "/posts", "/posts/K1", "/posts?likelihood=4&harm=5", "/discretion", "/clocks", "/posts?unit=" + url.QueryEscape(scripted), "/discretion?unit=" + url.QueryEscape(scripted), "/discretion?by=post&benchmark=" + url.QueryEscape(scripted), "/search?q=alert", "/officers?name=" + url.QueryEscape(scripted), "/search?q=" + url.QueryEscape(scripted), "/officers/" + url.PathEscape(scripted), "/officers/P1?on=" + url.QueryEscape(scripted), "/officers?after=" + url.QueryEscape(scripted)} {
		status, page := c.get(t, path, asAuditor)
		if status != 200 && !strings.Contains(path, "%3C") {
			t.Errorf("%s: %d", path, status)
		}
		if strings.Contains(page, "<script>alert") || strings.Contains(page, "<img") || strings.Contains(page, `"><b>`) {
			t.Errorf("%s lets markup through", path)
		}
		if strings.ContainsAny(page, "\u202e\u200b") && !strings.Contains(path, "?") {
			t.Errorf("%s hands on what turns texts around", path)
		}
	}
	_, page := c.get(t, "/officers/P1", asAuditor)
	if !strings.Contains(page, `<bdi lang="zh-Hans">张<span class="unseen">U+202E</span>伟<span class="unseen">U+200B</span>`) {
		t.Error("the name is not isolated, or what is unseen in it is not shown")
	}
	if _, page = c.get(t, "/complaints/C1", asAuditor); strings.Count(page, "长") < 2700 {
		t.Error("a long text is cut")
	}
}

func (c *consolePages) roles(t *testing.T) {
	tests := []struct {
		path string
		as   signin.Grant
		want int
	}{
		{"/officers/P1", asInspector, 200}, {"/officers/P1", asHR, 200}, {"/officers/P1", asOfficer, 200}, {"/officers/P1", asIntake, 200},
		{"/officers/P1", asOther, 404}, {"/officers/P1", asPeer, 404}, {"/officers/P1", asOverseer, 404}, {"/officers/P1", asHandler, 404},
		{"/officers/P1/print", asHR, 200}, {"/officers/P1/print", asOfficer, 200}, {"/officers/P1/print", asPeer, 404}, {"/officers/P1/print", asOther, 404}, {"/officers/P1/print", asPublic, 303},
		{"/complaints/C1/print", asInspector, 200}, {"/complaints/C1/print", asHR, 404}, {"/complaints/C1/print", asOfficer, 404},
		{"/officers/P1/timeline", asPeer, 404}, {"/officers/P1/compare", asPeer, 404},
		{"/complaints/C1", asInspector, 200}, {"/complaints/C1", asIntake, 200}, {"/complaints/C1", asHR, 404}, {"/complaints/C1", asOfficer, 404}, {"/complaints/C1", asOther, 404},
		{"/scorecards/A", asLeader, 200}, {"/scorecards/A", asOverseer, 200}, {"/scorecards/B", asOverseer, 404}, {"/scorecards/A", asOfficer, 404}, {"/agencies", asOverseer, 200},
		{"/posts/K1", asIntake, 200}, {"/posts/K1", asOther, 404}, {"/posts/K9", asAuditor, 404}, {"/posts", asHR, 200}, {"/posts", asPublic, 303}, {"/discretion", asLeader, 200}, {"/clocks", asIntake, 200}, {"/clocks", asPublic, 303},
		{"/disclosures", asPublic, 200}, {"/", asPublic, 200}, {"/officers/P1", asPublic, 303}, {"/officers/none", asPublic, 303}, {"/search?q=x", asPublic, 303},
	}
	for _, tt := range tests {
		if status, _ := c.get(t, tt.path, tt.as); status != tt.want {
			t.Errorf("%s as %s %s: %d, want %d", tt.path, tt.as.Role, tt.as.Subject, status, tt.want)
		}
	}
	for _, as := range []signin.Grant{asHR, asOther, asOfficer, asPeer, asHandler, asOverseer} {
		if _, page := c.get(t, "/complaints", as); strings.Contains(page, "C1") || !strings.Contains(page, "0 in all") {
			t.Errorf("%s %s is told of a complaint", as.Role, as.Subject)
		}
	}
	for _, as := range []signin.Grant{asAuditor, asInspector, asHR, asOfficer, asPeer, asIntake, asLeader, asHandler, asOverseer, asPublic} {
		status, page := c.get(t, "/", as)
		if status != 200 {
			t.Errorf("home as %s: %d", as.Role, status)
		}
		for _, link := range regexp.MustCompile(`href="/console(/[a-z]+)"`).FindAllStringSubmatch(page, -1) {
			if status, _ := c.get(t, link[1], as); status != 200 {
				t.Errorf("home leads %s to %s: %d", as.Role, link[1], status)
			}
		}
	}
}

// missing: a page about what may not be seen is that about what does not
// exist, but for the address itself.
func (c *consolePages) missing(t *testing.T) {
	for _, path := range []string{"/officers/%s", "/officers/%s/timeline", "/officers/%s/compare", "/officers/%s/print", "/history/officer/%s"} {
		_, hidden := c.get(t, strings.Replace(path, "%s", "P1", 1), asPeer)
		_, none := c.get(t, strings.Replace(path, "%s", "P9", 1), asPeer)
		if strings.ReplaceAll(hidden, "P1", "P9") != none {
			t.Errorf("%s tells that P1 is there", path)
		}
	}
}

// asks: every document is one that the schema knows; about nothing, for nobody
// is there by that name.
func (c *consolePages) asks(t *testing.T) {
	for _, path := range []string{"/officers/none", "/officers/none/timeline?room=case", "/officers/none/compare", "/officers/none/print", "/cases/none", "/cases/none/print", "/complaints/none", "/complaints/none/print", "/plans/none", "/tracebacks/none", "/enforcements/none", "/programmes/none", "/warnings/none", "/posts/none", "/events/none",
		"/scorecards/none", "/scorecards/none/I1", "/history/case/none", "/history/actor/none", "/nothing", "/officers/none/timeline?room=officer&room=sanction&from=2024-01-01&to=2024-12-31"} {
		want := 404
		if strings.Contains(path, "room=case") {
			want = 400
		}
		if status, page := c.get(t, path, asAuditor); status != want {
			t.Errorf("%s: %d, want %d: %s", path, status, want, regexp.MustCompile(`<p class="detail">.*`).FindString(page))
		}
	}
	for _, path := range []string{"/officers?unit=A&status=SERVING&name=x", "/cases?status=OPEN", "/complaints?status=RECEIVED&result=PARTLY", "/plans?status=ADOPTED", "/warnings?status=RAISED", "/obligations?state=OPEN", "/disclosures?status=DUE&overdue=1",
		"/enforcements?kind=PENALTY&overridden=1", "/programmes", "/agencies?period=2025H2", "/posts?grade=HIGH&untested=1&overdue=1&pending=1&unit=A", "/posts?likelihood=0&harm=9", "/posts?postStatus=CLOSED", "/discretion?by=post&kind=PENALTY&benchmark=N1&unit=A", "/discretion?by=officer", "/clocks?unit=A&who=x", "/warning-rules", "/warning-rules?raisedFrom=2024-01-01&raisedTo=2025-12-31&unit=A", "/warning-rules?rule=%27%3B--", "/review-queue", "/review-queue?unit=A", "/scorecards", "/scorecards/A?period=2025", "/scorecards/A?period=2025H1", "/scorecards/A/D10?period=2025Q4", "/search"} {
		if status, page := c.get(t, path, asAuditor); status != 200 {
			t.Errorf("%s: %d: %s", path, status, regexp.MustCompile(`<p class="detail">.*`).FindString(page))
		}
	}
	for _, path := range []string{"/history/case/%ff", "/officers/%00", "/officers?name=%ff", "/search?q=%ff%00", "/officers?after=%ff", "/scorecards/%ff/I1", "/officers/P1/timeline?room=%ff", "/search?q=%22", "/officers?%zz"} {
		if status, _ := c.get(t, path, asAuditor); status >= 500 {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, path := range []string{"/warning-rules?raisedFrom=2025-02-30", "/warning-rules?raisedFrom=2025-02-01&raisedTo=2025-01-01", "/cases?status=NONSENSE", "/discretion?by=gossip", "/posts?grade=NONE"} {
		if status, _ := c.get(t, path, asAuditor); status != 400 {
			t.Errorf("%s, which there is not: %d", path, status)
		}
	}
	_, page := c.get(t, "/officers/P1/timeline", asAuditor)
	event := regexp.MustCompile(`/console(/events/[^"]+)"`).FindStringSubmatch(page)
	if event == nil {
		t.Fatalf("the timeline leads to no event: %s", page)
	}
	status, page := c.get(t, event[1], asAuditor)
	if status != 200 || !strings.Contains(page, "application/cloudevents+json") || !strings.Contains(page, "c2sp.org/tlog-proof") {
		t.Errorf("%s: %d, without envelope or receipt: %s", event[1], status, page)
	}
}

// readings: who looks at a file stands in it, with the page they looked at.
func (c *consolePages) readings(t *testing.T) {
	c.get(t, "/officers/P1", asHR)
	if err := c.house.RecordReadings(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := c.house.Views.CatchUp(t.Context(), c.house.Store, nil); err != nil {
		t.Fatal(err)
	}
	_, page := c.get(t, "/", asOfficer)
	if !strings.Contains(page, "h1</bdi>") || !strings.Contains(page, "console: officer") {
		t.Errorf("the officer is not told who read their file: %s", page)
	}
}

func (c *consolePages) edge(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "http://evil.example"+console.Path+"/", nil)
	w := httptest.NewRecorder()
	if c.ServeHTTP(w, r); w.Code != http.StatusMisdirectedRequest {
		t.Errorf("by another name: %d", w.Code)
	}
	front := Front{NoConsole: true}
	web, err := c.house.WebAt(front, slog.New(slog.DiscardHandler), "{me{role}}")
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	w = httptest.NewRecorder()
	if web.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+console.Path+"/", nil)); w.Code != http.StatusNotFound {
		t.Errorf("without a console: %d", w.Code)
	}
}
