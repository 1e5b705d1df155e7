package main

import (
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/graphql/signin"
)

// alone are the pages that begin a ledger of their own; all others are followed
// on one demo, in the order of their names.
var alone = map[string][]string{
	"docs/import.md":             {"PROBITY_DATA=data", "PROBITY_PASSPHRASE=correct horse"},
	"docs/tutorials/operator.md": nil,
}

func TestFollowed(t *testing.T) {
	if testing.Short() {
		t.Skip("tells one command after the other")
	}
	pages := withCommands(t)
	for page, env := range alone {
		t.Run(page, func(t *testing.T) {
			if !slices.Contains(pages, page) {
				t.Fatal("shows no command")
			}
			t.Parallel()
			follow(t, page, nil, env...)
		})
	}
}

// servedDemo is the demo as its pages are asked for.
type servedDemo struct {
	*demo
	address string
	tokens  map[string]string // by role and subject, as a page names them
}

// checkPages follows the pages of docs on the served demo.
func (d *demo) checkPages(t *testing.T) {
	d.house.Access = defaultAccess()
	web, err := d.house.Web(slog.New(slog.DiscardHandler), welcomeQuery)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := &servedDemo{demo: d, address: listener.Addr().String(), tokens: map[string]string{"public": ""}}
	for _, p := range d.story.People {
		token, _, err := web.Issuer.Mint(signin.Grant{Subject: string(p.Subject), Role: p.Role, Units: p.Units})
		if err != nil {
			t.Fatal(err)
		}
		served.tokens[string(p.Role)+" "+string(p.Subject)] = token
	}
	if err := d.house.Notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	web.SetReady()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- serveHouse(ctx, d.house, web, listeners{all: listener}, slog.New(slog.DiscardHandler), false)
	}()
	served.awaitIndex(t)
	t.Run("docs/graphql.md, by clients of other makers", func(t *testing.T) { served.checkClients(t) })
	for _, page := range withCommands(t) {
		if _, own := alone[page]; !own {
			t.Run(page, func(t *testing.T) { follow(t, page, served) })
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// awaitIndex waits until the index is signed, which a reader of the demo never
// waits for.
func (d *servedDemo) awaitIndex(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if res, err := http.Get("http://" + d.address + "/log/index"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
	}
	t.Fatal("no index was signed")
}

// visitor is as whom and how the pages of the demo are opened.
type visitor struct{ token string }

var (
	inCode   = regexp.MustCompile("`([^`\n]+)`")
	toPage   = regexp.MustCompile(`\]\(http://127\.0\.0\.1:8080(/[^)\s]*)\)`)
	inBold   = regexp.MustCompile(`\*\*[^*]*\*\*`)
	italic   = regexp.MustCompile(`\*([^*]+)\*`)
	htmlTag  = regexp.MustCompile(`(?s)<!--.*?-->|<[^>]*>`)
	anySpace = regexp.MustCompile(`[\s\x{00a0}]+`)
)

// visit opens the pages that a paragraph leads to.
func (f *follower) visit(paragraph string) {
	if f.demo == nil {
		return
	}
	for _, code := range inCode.FindAllStringSubmatch(paragraph, -1) {
		if token, is := f.demo.tokens[code[1]]; is {
			f.who.token = token
		}
	}
	links := toPage.FindAllStringSubmatchIndex(paragraph, -1)
	for i, link := range links {
		path, end := paragraph[link[2]:link[3]], len(paragraph)
		if i+1 < len(links) {
			end = links[i+1][0]
		}
		want := http.StatusOK
		if strings.Contains(paragraph[link[1]:end], "`404`") {
			want = http.StatusNotFound
		}
		behind := inBold.ReplaceAllString(inCode.ReplaceAllString(paragraph[link[1]:end], ""), "")
		words := italic.FindAllStringSubmatch(behind, -1)
		wrong := f.look(path, want, words)
		for give := time.Now().Add(5 * time.Second); wrong != "" && time.Now().Before(give); wrong = f.look(path, want, words) {
			time.Sleep(50 * time.Millisecond) // the views follow what a command just recorded
		}
		if wrong != "" {
			f.t.Errorf("%s: %s %s", f.file, path, wrong)
		}
	}
}

// look opens a page and says what of it is not as it should be.
func (f *follower) look(path string, want int, words [][]string) string {
	status, text := f.open(path)
	if status != want {
		return fmt.Sprintf("answers %d", status)
	}
	for _, w := range words {
		if said := anySpace.ReplaceAllString(w[1], " "); !strings.Contains(text, said) {
			return fmt.Sprintf("does not say %q:\n%s", said, text)
		}
	}
	return ""
}

// open asks for a page of the demo, and returns its text.
func (f *follower) open(path string) (int, string) {
	res := f.send(http.MethodGet, path, nil, "")
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res.StatusCode, anySpace.ReplaceAllString(html.UnescapeString(htmlTag.ReplaceAllString(string(raw), " ")), " ")
}

// send asks the demo as the browser of the visitor does.
func (f *follower) send(method, path string, body io.Reader, contentType string) *http.Response {
	ctx, cancel := context.WithTimeout(f.t.Context(), 20*time.Second)
	f.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, method, "http://"+f.demo.address+path, body)
	if err != nil {
		f.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "en")
	if strings.Contains(f.file, "/zh/") {
		r.Header.Set("Accept-Language", "zh")
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if f.who.token != "" {
		r.AddCookie(&http.Cookie{Name: "probity-console", Value: f.who.token})
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	return res
}
