package main

import (
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

var (
	pageLink = regexp.MustCompile(`href="(/console/[^"#]*)"`)
	withID   = regexp.MustCompile(`[^/]*[0-9][^/]*`)
)

// checkConsole follows the links of the console as each role, to a page
// of each kind, and opens the page of each story.
func (d *demo) checkConsole() {
	web, err := d.house.Web(slog.New(slog.DiscardHandler), welcomeQuery)
	if err != nil {
		d.t.Fatal(err)
	}
	defer web.Close()
	if err := d.house.Notary.CatchUp(d.t.Context()); err != nil { // papers wait for their checkpoint
		d.t.Fatal(err)
	}
	met := map[string]bool{}
	done := map[domain.Role]bool{domain.RolePublic: true}
	d.followLinks(web, domain.RolePublic, "", met)
	for _, p := range d.story.People {
		if done[p.Role] {
			continue
		}
		done[p.Role] = true
		token, _, err := web.Issuer.Mint(signin.Grant{Subject: string(p.Subject), Role: p.Role, Units: p.Units})
		if err != nil {
			d.t.Fatal(err)
		}
		d.followLinks(web, p.Role, token, met)
		if p.Role != domain.RoleAuditor {
			continue
		}
		_, home := visit(web, console.Path+"/", token)
		for _, story := range d.story.Planted {
			if !strings.Contains(home, `href="`+html.EscapeString(storyPage(story))+`"`) || !strings.Contains(home, html.EscapeString(story.TitleZh)) {
				d.t.Errorf("the home of an auditor does not lead to %s", story.Name)
			}
			if status, _ := visit(web, storyPage(story), token); story.Complete && status != http.StatusOK {
				d.t.Errorf("%s: %s gives %d", story.Name, storyPage(story), status)
			}
		}
	}
	for _, want := range []string{"/console/", "/console/officers/*", "/console/officers/*/timeline", "/console/officers/*/compare", "/console/officers/*/print", "/console/cases/*/print", "/console/complaints/*/print", "/console/events/*", "/console/cases/*", "/console/complaints/*",
		"/console/plans/*", "/console/scorecards/SW", "/console/tracebacks/*", "/console/warnings/*", "/console/obligations", "/console/disclosures", "/console/search", "/console/enforcements/*", "/console/programmes/*", "/console/agencies", "/console/warning-rules", "/console/review-queue", "/console/key", "/console/keys", "/console/sign/prepare"} {
		if !met[want] {
			d.t.Errorf("no role is led to %s, only to %v", want, met)
		}
	}
}

// followLinks follows links, to a page of each kind.
func (d *demo) followLinks(web http.Handler, who domain.Role, token string, met map[string]bool) {
	seen := map[string]bool{}
	for queue := []string{console.Path + "/"}; len(queue) > 0; queue = queue[1:] {
		kind := withID.ReplaceAllString(strings.SplitN(queue[0], "?", 2)[0], "*")
		if seen[kind] {
			continue
		}
		seen[kind], met[kind] = true, true
		status, page := visit(web, queue[0], token)
		// A file that is named in one's own matter need not be open to one.
		if status != http.StatusOK && !(status == http.StatusNotFound && kind == "/console/officers/*") {
			d.t.Errorf("%s leads to %s: %d", who, queue[0], status)
		}
		for _, link := range pageLink.FindAllStringSubmatch(page, -1) {
			to := html.UnescapeString(link[1])
			if !strings.Contains(to, "lang=") && !strings.HasPrefix(to, console.Path+"/static/") && !strings.HasPrefix(to, console.Path+"/signin") {
				queue = append(queue, to)
			}
		}
	}
}

// visit asks for a page in Chinese, and for its text.
func visit(web http.Handler, path, token string) (int, string) {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+path, nil)
	r.Header.Set("Accept-Language", "zh")
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "probity-console", Value: token})
	}
	w := httptest.NewRecorder()
	web.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}
