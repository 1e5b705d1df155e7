package console

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger"
)

// desk is a ledger that answers every mutation with what it is given, and
// remembers what it was asked to do.
type desk struct {
	fake
	outcome Answer
	done    []Question
}

func newDesk(t *testing.T, d *desk) *Handler {
	t.Helper()
	h := newHandler(t, &d.fake)
	enter := h.config.Enter
	h.config.Enter = func(r *http.Request, token string) (Visitor, error) {
		as, _, _ := strings.Cut(token, ":")
		role := as
		if as == "hr" || as == "leader" {
			as = "officer"
		}
		v, err := enter(r, as)
		if v.Subject != "" {
			v.Role = role
		}
		v.Do = func(_ context.Context, q Question) Answer {
			d.done = append(d.done, q)
			return d.outcome
		}
		v.May = func(command string) bool { return command == "key.enroll" && (role == "hr" || role == "leader") }
		return v, err
	}
	return h
}

const hostile = `</textarea><script>alert(1)</script>"'>` + "\u202e"

// preparedText is what a ledger prepares, with these payloads.
func preparedText(t *testing.T, events ...string) string {
	t.Helper()
	p := ledger.Prepared{Instruction: []byte(`{"id":"x"}`), RecordedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), PayloadType: ledger.PayloadType, Ticket: []byte("ticket")}
	for _, event := range events {
		p.Payloads = append(p.Payloads, []byte(event))
	}
	text, err := ledger.MarshalPrepared(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func confirmedEvent(opinion string) string {
	raw, _ := json.Marshal(opinion)
	return fmt.Sprintf(`{"specversion":"1.0","id":"e1","type":"misconduct.finding_confirmed.v2","actor":"somebody","data":{"opinion":%s}}`, raw)
}

func answerOf(t *testing.T, data any) Answer {
	t.Helper()
	raw, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{Data: raw}
}

func TestWhatIsPreparedIsShownForSigning(t *testing.T) {
	text := preparedText(t, confirmedEvent(hostile))
	d := &desk{fake: fake{answer: Answer{Data: json.RawMessage(`{"keys":{"nodes":[{"id":"k1"}]}}`)}}}
	d.outcome = answerOf(t, map[string]any{"prepare": map[string]any{"prepared": text, "toSign": []string{"QUJD"}, "recorded": nil}})
	h := newDesk(t, d)
	instruction := `{"id":"x","command":"misconduct.confirm_finding","subject":"AJ-1` + "\\u003cb\\u003e" + `"}`
	resp, page := request{method: "POST", path: "/console/sign/prepare", token: "officer", body: url.Values{"instruction": {instruction}}.Encode()}.to(t, h)
	if resp.StatusCode != 200 || len(d.done) != 1 || d.done[0].Variables["instruction"] != instruction {
		t.Fatalf("%d, asked %v", resp.StatusCode, d.done)
	}
	for _, want := range []string{
		`id="prepared" value="` + html.EscapeString(text), `data-subject="somebody"`, `data-ledger="test.example/ledger"`, `data-tosign="[&#34;QUJD&#34;]"`,
		`data-known="[&#34;k1&#34;]"`, "AJ-1&lt;b&gt;", "probity submit --sign --key chen.key prepared &gt; signed", "<noscript>",
	} {
		if !strings.Contains(strings.ReplaceAll(page, "&#43;", "+"), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<script>alert") || strings.Contains(strings.Split(page, "<noscript>")[1], "\u202e") {
		t.Error("hostile texts are handed on")
	}
	if got := resp.Header.Get("Content-Security-Policy"); !strings.Contains(got, "frame-ancestors 'none'") || strings.Contains(got, "connect-src") {
		t.Errorf("the page may be framed, or ask others: %s", got)
	}
}

func TestWhatWasSignedIsSubmitted(t *testing.T) {
	text := preparedText(t, confirmedEvent("x"))
	signed := strings.TrimSuffix(text, "}") + `,"signatures":[[{"keyid":"k1","sig":"c2ln"}]]}`
	one := map[string]any{"payload": 0, "keyid": "k1", "sig": "c2ln"}
	for name, tt := range map[string]struct {
		form     url.Values
		prepared string
	}{
		"by the script":    {url.Values{"prepared": {text}, "signatures": {`[{"payload":0,"keyid":"k1","sig":"c2ln"}]`}, "back": {"/console/cases/AJ-1"}}, text},
		"by the program":   {url.Values{"signed": {signed}, "back": {"/console/cases/AJ-1"}}, signed},
		"over another one": {url.Values{"signed": {signed}, "prepared": {"other"}, "back": {"/console/cases/AJ-1"}}, signed},
	} {
		d := &desk{outcome: answerOf(t, map[string]any{"submit": map[string]any{"stream": "misconduct-AJ-1", "events": []string{"e1"}, "repeated": false}})}
		resp, page := request{method: "POST", path: signPath, token: "officer", body: tt.form.Encode()}.to(t, newDesk(t, d))
		if resp.StatusCode != 200 || len(d.done) != 1 || d.done[0].Variables["prepared"] != tt.prepared || fmt.Sprint(d.done[0].Variables["signatures"]) != fmt.Sprint([]any{one}) {
			t.Errorf("%s: %d, asked %v", name, resp.StatusCode, d.done)
		}
		for _, want := range []string{`<a href="/console/events/e1">Case: finding confirmed</a>`, "with your signature", `href="/console/cases/AJ-1"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %s", name, want)
			}
		}
	}
}

func TestWhatCannotBeReadIsNotSubmitted(t *testing.T) {
	text := preparedText(t, confirmedEvent("x"))
	for name, form := range map[string]url.Values{
		"nothing":                 {},
		"no signatures":           {"prepared": {text}},
		"an empty list":           {"prepared": {text}, "signatures": {"[]"}},
		"no list":                 {"prepared": {text}, "signatures": {`{"payload":0}`}},
		"a payload that is none":  {"prepared": {text}, "signatures": {`[{"payload":"0"}]`}},
		"an unsigned text":        {"signed": {text}},
		"no JSON":                 {"signed": {"<script>alert(1)</script>"}},
		"signatures of no form":   {"signed": {strings.TrimSuffix(text, "}") + `,"signatures":["x"]}`}},
		"two lines":               {"signed": {text + "\n" + text}},
		"signatures out of depth": {"signed": {strings.Repeat("[", 20000)}},
	} {
		d := &desk{fake: fake{answer: Answer{Data: json.RawMessage(`{}`)}}}
		resp, page := request{method: "POST", path: signPath, token: "officer", body: form.Encode() + "&x=1"}.to(t, newDesk(t, d))
		if resp.StatusCode != http.StatusUnprocessableEntity || len(d.done) != 0 || strings.Contains(page, "<script>alert") {
			t.Errorf("%s: %d, asked %v", name, resp.StatusCode, d.done)
		}
	}
	d := &desk{}
	resp, _ := request{method: "POST", path: signPath, token: "officer", body: "signed=" + strings.Repeat("x", maxSigned)}.to(t, newDesk(t, d))
	if resp.StatusCode != http.StatusRequestEntityTooLarge || len(d.done) != 0 {
		t.Errorf("a huge form: %d", resp.StatusCode)
	}
}

func TestARefusalSaysWhatToDo(t *testing.T) {
	text := preparedText(t, confirmedEvent("x"))
	form := url.Values{"prepared": {text}, "signatures": {`[{"payload":0,"keyid":"k1","sig":"c2ln"}]`}, "back": {"//evil.example"}}.Encode()
	for _, tt := range []struct {
		code, field string
		status      int
		says        string
	}{
		{"NOT_FOUND", "signature", 422, "See whether your key is enrolled"},
		{"STATE", "signature", 422, "See whether your key is enrolled"},
		{"BAD_USER_INPUT", "ticket", 422, "not what the ledger prepared for you"},
		{"FORBIDDEN", "actor", 422, "not what the ledger prepared for you"},
		{"TOO_LATE", "recordedAt", 422, "more than an hour ago"},
		{"STATE", "", 422, "changed meanwhile"},
		{"RULE", "input.months", 422, "The ledger says"},
		{"UNAVAILABLE", "", 503, "cannot answer now"},
		{"BUDGET_EXCEEDED", "", 429, "cannot answer now"},
	} {
		d := &desk{outcome: Answer{Errors: []Problem{{Code: tt.code, Field: tt.field, Message: `why<script>alert(1)</script>`, Rule: "art. 15"}}}}
		d.answer = Answer{Data: json.RawMessage(`{"event":null,"keys":{"nodes":[]}}`)}
		resp, page := request{method: "POST", path: signPath, token: "officer", body: form}.to(t, newDesk(t, d))
		if resp.StatusCode != tt.status || !strings.Contains(page, tt.says) || !strings.Contains(page, "art. 15") || strings.Contains(page, "<script>alert") {
			t.Errorf("%s %s: %d: %s", tt.code, tt.field, resp.StatusCode, page)
		}
		if !strings.Contains(page, `id="prepared" value="`) || strings.Contains(page, "evil.example") {
			t.Errorf("%s %s: what was prepared is lost, or the page leads away", tt.code, tt.field)
		}
	}
	// What was sent before is on file.
	d := &desk{outcome: Answer{Errors: []Problem{{Code: "TOO_LATE", Field: "recordedAt"}}}}
	d.answer = Answer{Data: json.RawMessage(`{"event":{"id":"e1"}}`)}
	resp, page := request{method: "POST", path: signPath, token: "officer", body: form}.to(t, newDesk(t, d))
	if resp.StatusCode != 200 || !strings.Contains(page, "on file already") {
		t.Errorf("sent again after its hour: %d", resp.StatusCode)
	}
}

func TestWhatWasSentOutlivesASession(t *testing.T) {
	for _, path := range []string{signPath, "/console/sign/prepare", "/console/keys", "/console/keys/k1"} {
		for _, token := range []string{"", "expired", "forged", "down"} {
			d := &desk{}
			resp, page := request{method: "POST", path: path, token: token, body: url.Values{"signed": {hostile}, "reason": {"a\nb"}}.Encode()}.to(t, newDesk(t, d))
			want := http.StatusUnauthorized
			if token == "down" {
				want = http.StatusServiceUnavailable
			}
			if resp.StatusCode != want || len(d.done) != 0 {
				t.Errorf("%s as %q: %d, asked %v", path, token, resp.StatusCode, d.done)
			}
			if !strings.Contains(page, `action="`+path+`"`) || !strings.Contains(page, html.EscapeString(`</textarea><script>alert(1)</script>"'>`)) || !strings.Contains(page, "name=\"reason\" value=\"a\nb\"") {
				t.Errorf("%s as %q: what was sent is lost: %s", path, token, page)
			}
		}
		d := &desk{}
		for _, header := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}} {
			if resp, _ := (request{method: "POST", path: path, body: "signed=x", token: "officer", header: header}).to(t, newDesk(t, d)); resp.StatusCode != http.StatusForbidden || len(d.done) != 0 {
				t.Errorf("%s from another site: %d", path, resp.StatusCode)
			}
		}
		if resp, _ := (request{method: "POST", path: path, body: `{"signed":"x"}`, token: "officer", header: map[string]string{"Content-Type": "text/plain"}}).to(t, newDesk(t, d)); resp.StatusCode != http.StatusUnsupportedMediaType || len(d.done) != 0 {
			t.Errorf("%s of another type: %d", path, resp.StatusCode)
		}
	}
	h := newHandler(t, &fake{}) // open for reading alone
	if resp, _ := (request{method: "POST", path: signPath, body: "signed=x", token: "officer"}).to(t, h); resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("where nothing can be recorded: %d", resp.StatusCode)
	}
}

// Every word that a script of signing says is one.
func TestScriptsOfSigningHaveWords(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, name := range []string{"sign.js", "key.js", "signing.js", "keystore.js"} {
		raw, err := fs.ReadFile(static, "static/"+name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`'(signing\.[a-z.]+[a-z])'`).FindAllStringSubmatch(string(raw), -1) {
			said++
			if w.by["zh"][found[1]] == "" {
				t.Errorf("%s: there is no word %s", name, found[1])
			}
		}
		if strings.Contains(string(raw), "innerHTML") || regexp.MustCompile(`\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|eval\(`).Match(raw) {
			t.Errorf("%s makes markup of texts, or sends something by itself", name)
		}
	}
	for _, status := range []string{"none", "ACTIVE", "RETIRED", "REVOKED"} {
		if w.by["zh"]["signing.state."+status] == "" {
			t.Errorf("there is no word for the state %s", status)
		}
	}
	if said < 20 {
		t.Errorf("scripts say %d words; are they read?", said)
	}
}
