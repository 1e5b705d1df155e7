package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/console/tongues"
)

// No page sets a cookie, runs a script, loads from elsewhere, is kept or
// framed, whatever is asked.
func TestHeadersStandOnEveryAnswer(t *testing.T) {
	b := newBench(t, nil)
	code := b.post("/public/complaint", filled("send")...).code(t)
	answers := map[string]answer{
		"start": b.get("/public/"), "form": b.get("/public/complaint"), "code": b.get("/public/receipt"), "zh": b.get("/public/?lang=zh"), "missing": b.get("/public/x"),
		"check": b.post("/public/complaint", filled("check")...), "refused": b.post("/public/complaint", filled("check", part{name: "summary"})...),
		"sent": b.post("/public/complaint", filled("send")...), "state": b.post("/public/receipt", part{name: "code", value: code}), "no form": b.post("/public/complaint"),
		"delete": b.do(httptest.NewRequest("DELETE", "/public/complaint", nil)), "no type": b.do(httptest.NewRequest("POST", "/public/complaint", nil)),
	}
	for name, a := range answers {
		for header, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Cache-Control": "no-store", "Set-Cookie": "",
		} {
			if got := a.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
		if regexp.MustCompile(`(?i)<script|<style|\son[a-z]+=|\sstyle=|https?://|src=`).MatchString(a.body) {
			t.Errorf("%s holds a script, a style or another host: %s", name, a.body)
		}
		if strings.Contains(name, "zh") != strings.Contains(a.body, `<html lang="zh-Hans">`) {
			t.Errorf("%s is in another language", name)
		}
	}
	if got := answers["delete"].StatusCode; got != 405 {
		t.Errorf("DELETE is answered with %d", got)
	}
	style := b.get(b.files.Base + "/intake.css")
	if style.StatusCode != 200 || !strings.Contains(style.Header.Get("Cache-Control"), "immutable") {
		t.Error("there is no style")
	}
}

// The code stands in bodies alone.
func TestTheCodeIsInNoAddressHeaderOrLog(t *testing.T) {
	b := newBench(t, nil)
	sent := b.post("/public/complaint", filled("send", part{name: "name", value: "林一"})...)
	code := sent.code(t)
	state := b.post("/public/receipt", part{name: "code", value: code})
	b.desk.down = errors.New("broken")
	failed := b.post("/public/receipt", part{name: "code", value: code})
	again := b.post("/public/complaint", filled("send", part{name: "name", value: "林一"})...)
	secret := regexp.MustCompile(code + "|" + regexp.QuoteMeta(grouped(code)) + "|" + nonce)
	for name, a := range map[string]answer{"receipt": sent, "state": state, "failure": failed, "again": again} {
		for header, values := range a.Header {
			if secret.MatchString(header + strings.Join(values, " ")) {
				t.Errorf("%s: the code is in %s", name, header)
			}
		}
		for _, m := range regexp.MustCompile(`(?:href|action|formaction|src)="([^"]*)"|<title>([^<]*)</title>`).FindAllString(a.body, -1) {
			if secret.MatchString(m) {
				t.Errorf("%s: the code is in %s", name, m)
			}
		}
		if a.Header.Get("Location") != "" {
			t.Errorf("%s leads on", name)
		}
	}
	if secret.MatchString(b.log.String()) || strings.Contains(b.log.String(), "林一") || !strings.Contains(b.log.String(), "broken") {
		t.Errorf("the log is %s", b.log)
	}
}

func TestOtherSitesSendNothing(t *testing.T) {
	tests := []struct {
		name   string
		header map[string]string
		status int
	}{
		{"our page", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200},
		{"our page in a browser that says little", map[string]string{"Origin": "null"}, 200},
		{"our page in a browser of old", map[string]string{"Origin": "http://ledger.example"}, 200},
		{"no browser", nil, 200},
		{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		{"a sandbox of another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403},
		{"a neighbour", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://x.ledger.example"}, 403},
		{"another site in a browser of old", map[string]string{"Origin": "https://evil.example"}, 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, nil)
			kind, raw := body(filled("send"))
			r := httptest.NewRequest("POST", "http://ledger.example/public/complaint", strings.NewReader(string(raw)))
			r.Header.Set("Content-Type", kind)
			for k, v := range tt.header {
				r.Header.Set(k, v)
			}
			if got := b.do(r); got.StatusCode != tt.status || (b.desk.received == 1) != (tt.status == 200) {
				t.Errorf("%d", got.StatusCode)
			}
		})
	}
}

func TestAPanicIsContained(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Terms = func() Terms { panic("odd") } })
	if got := b.get("/public/"); got.StatusCode != http.StatusInternalServerError || !strings.Contains(b.log.String(), "odd") || strings.Contains(b.log.String(), "192.0.2.1") {
		t.Errorf("%d, logged %s", got.StatusCode, b.log)
	}
}

func TestBothLanguagesHaveTheSameWords(t *testing.T) {
	by := map[string]map[string]string{}
	for _, lang := range tongues.Languages {
		raw, err := os.ReadFile("words/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		if err := json.Unmarshal(raw, &all); err != nil {
			t.Fatal(err)
		}
		by[lang] = all
	}
	verb := regexp.MustCompile(`%[a-z]`)
	for key, en := range by["en"] {
		zh := by["zh"][key]
		if en == "" || zh == "" || fmt.Sprint(verb.FindAllString(en, -1)) != fmt.Sprint(verb.FindAllString(zh, -1)) {
			t.Errorf("%s is %q and %q", key, en, zh)
		}
	}
	if len(by["en"]) != len(by["zh"]) {
		t.Errorf("%d words in English, %d in Chinese", len(by["en"]), len(by["zh"]))
	}
	used := regexp.MustCompile(`\bt "([^"]+)"|"((?:wrong|error|warn|hint|state)\.[A-Za-z.]+)"`)
	files, _ := filepath.Glob("*.go")
	pages, _ := filepath.Glob("templates/*.html")
	for _, file := range append(files, pages...) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(raw), -1) {
			if key := m[1] + m[2]; by["en"][key] == "" && !strings.HasSuffix(key, ".") && !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%s: there is no word %s", file, key)
			}
		}
	}
	for _, category := range categories {
		if by["en"]["category."+category] == "" {
			t.Errorf("there is no word for %s", category)
		}
	}
}
