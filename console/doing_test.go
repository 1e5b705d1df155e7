package console

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// doer answers what forms ask and do, and remembers it.
type doer struct {
	asked, did []Question
	know       Answer   // what is asked is answered with
	does       []Answer // what is done, one after another; the last again
	enter      error
}

func (d *doer) handler(t testing.TB) *Handler {
	t.Helper()
	h, err := New(Config{Origin: "test.example/ledger", Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
		Enter: func(_ *http.Request, token string) (Visitor, error) {
			if token == "" {
				return Visitor{Role: "public"}, nil
			}
			return Visitor{Role: "leader", Subject: "L1", May: func(command string) bool { return command != "plan.close" },
				Ask: func(_ context.Context, q Question) Answer {
					d.asked = append(d.asked, q)
					return d.know
				},
				Do: func(_ context.Context, q Question) Answer {
					d.did = append(d.did, q)
					answer := d.does[0]
					if len(d.does) > 1 {
						d.does = d.does[1:]
					}
					return answer
				}}, d.enter
		}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const caseKnown = `{"subject":{"id":"K1","status":"FINDING_PROPOSED","summary":"甲","timeline":{"nodes":[{"event":{"id":"e2","kind":"misconduct.finding_proposed.v2","actor":"i1","role":"INSPECTOR","recordedAt":"2026-01-01T00:00:00Z","subject":{"type":"CASE","id":"K1"}}}]},
"shown":{"nodes":[{"event":{"id":"e2","kind":"misconduct.finding_proposed.v2","actor":"i1","role":"INSPECTOR","occurredAt":"2026-01-01T00:00:00Z","data":{"findings":[{"officer":"P1","opinion":"<b>重</b>","result":"sustained","measure":"warning","deedOn":"2025-01-01","priors":2}]}}}]}}}`

func did(members string) Answer {
	return Answer{Data: json.RawMessage(`{"done":{"id":"x","recorded":false,"repeated":false,"needsSignature":false,"position":null,"events":[{"id":"e3","kind":"misconduct.finding_confirmed.v2","event":null}],"followed":null,"prepared":null` + members + `}}`)}
}

func refused(p Problem) Answer {
	return Answer{Data: json.RawMessage(`{"done":null}`), Errors: []Problem{p}}
}

var carried = regexp.MustCompile(`name="(_\w+)" value="([^"]*)"`)

// carry is what a page has a form send along.
func carry(body string, more url.Values) string {
	for _, found := range carried.FindAllStringSubmatch(body, -1) {
		if !more.Has(found[1]) && found[1] != stepName {
			more.Set(found[1], found[2])
		}
	}
	return more.Encode()
}

const confirm = "/console/do/misconduct.confirm_finding/K1"

func TestOnlyAFormThatIsSentDoesAnything(t *testing.T) {
	d := &doer{know: Answer{Data: json.RawMessage(caseKnown)}, does: []Answer{did("")}}
	h := d.handler(t)
	paths := append(everyPath(h), confirm, "/console/do/complaint.receive", "/console/do/plan.close/J1", "/console/do/nothing", "/console/do/nothing/x")
	for _, path := range paths {
		for _, method := range []string{"GET", "HEAD", "PUT", "DELETE"} {
			request{method: method, path: path, token: "x", header: map[string]string{"Sec-Fetch-Site": "same-origin"}}.to(t, h)
		}
	}
	if len(d.did) != 0 {
		t.Errorf("looking did something: %v", d.did)
	}
	resp, body := request{path: confirm, token: "x"}.to(t, h)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Security-Policy") != doPolicy || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if !strings.Contains(body, "&lt;b&gt;重") || !strings.Contains(body, "<dt>Earlier findings</dt><dd><bdi>2</bdi>") || strings.Contains(body, "<b>重") {
		t.Errorf("what is to be confirmed is not shown: %s", body)
	}
	for _, q := range d.asked {
		if strings.Contains(q.Document, "mutation") {
			t.Error("a mutation is asked for")
		}
	}
}

func TestWhatNeedsASignatureIsPrepared(t *testing.T) {
	d := &doer{know: Answer{Data: json.RawMessage(caseKnown)}, does: []Answer{
		did(`,"needsSignature":true`), refused(Problem{Code: "INCOMPLETE", Field: "signature", Message: "signature: sign it"}), did(`,"prepared":{"prepared":"P","toSign":["AA=="]}`),
	}}
	h := d.handler(t)
	_, page := request{path: confirm, token: "x"}.to(t, h)
	_, page = request{method: "POST", path: confirm, token: "x", body: carry(page, url.Values{"_step": {"check"}})}.to(t, h)
	if !strings.Contains(page, "Go on to sign") {
		t.Fatalf("that it is to be signed is not told: %s", page)
	}
	_, page = request{method: "POST", path: confirm, token: "x", body: carry(page, url.Values{"_step": {"record"}})}.to(t, h)
	if len(d.did) != 3 || d.did[0].Variables["dry"] != true || d.did[1].Variables["prepare"] != false || d.did[2].Variables["prepare"] != true || d.did[1].Variables["id"] != d.did[2].Variables["id"] {
		t.Errorf("%d were done: %v", len(d.did), d.did)
	}
	if strings.Contains(page, "<h1>Recorded") {
		t.Error("told as recorded, without a signature")
	}
}

// Whatever keeps a form from being recorded, what was typed comes back.
func TestWhatWasTypedIsNeverLost(t *testing.T) {
	const typed = "因情节较轻 <i>"
	d := &doer{}
	h := d.handler(t)
	for name, tt := range map[string]struct {
		problem Problem
		enter   error
		token   string
		know    Answer
		want    int
	}{
		"a rule":           {problem: Problem{Code: "RULE", Field: "input.departure", Rule: "办法 art. 3", Message: "input.departure: no"}, want: 422},
		"a place unknown":  {problem: Problem{Code: "STATE", Field: "nothing.known", Message: "no"}, want: 422},
		"somebody else's":  {problem: Problem{Code: "FORBIDDEN", Field: "actor", Message: "no"}, want: 403},
		"a spent budget":   {problem: Problem{Code: "BUDGET_EXCEEDED", RetryAfter: 3 * time.Second}, want: 429},
		"a ledger closing": {problem: Problem{Code: "UNAVAILABLE"}, want: 503},
		"an error":         {problem: Problem{Code: "INTERNAL", Message: "x"}, want: 500},
		"an ended session": {enter: ErrExpired, want: 401},
		"a forged token":   {enter: errors.New("forged"), want: 401},
		"an issuer down":   {enter: ErrUnavailable, want: 503},
		"nothing known":    {know: Answer{Errors: []Problem{{Code: "UNAVAILABLE"}}}, want: 503},
	} {
		d.know, d.does, d.enter = Answer{Data: json.RawMessage(caseKnown)}, []Answer{refused(tt.problem)}, tt.enter
		if tt.know.Errors != nil {
			d.know = tt.know
		}
		resp, body := request{method: "POST", path: confirm, token: "x", body: url.Values{"_step": {"record"}, "_id": {"mine"}, "departure": {typed}}.Encode()}.to(t, h)
		if resp.StatusCode != tt.want || !strings.Contains(body, ">因情节较轻 &lt;i&gt;</textarea>") || !strings.Contains(body, `name="_id" value="mine"`) {
			t.Errorf("%s: %d, want %d: %s", name, resp.StatusCode, tt.want, body)
		}
		if tt.problem.Rule != "" && (!strings.Contains(body, tt.problem.Rule) || !strings.Contains(body, `aria-describedby="i-departure-error i-departure-hint"`)) {
			t.Errorf("%s: the source is not at the field", name)
		}
		if tt.want == 429 && resp.Header.Get("Retry-After") != "3" {
			t.Errorf("%s: Retry-After is %q", name, resp.Header.Get("Retry-After"))
		}
	}
}

func TestAFieldOfARefusalIsFound(t *testing.T) {
	f, m := findForm("misconduct.propose_finding")
	d := &doing{form: f, matter: m}
	for said, want := range map[string]string{"input.findings": "findings", "findings.0.officer": "findings.0.officer", "input.findings.0.nothing": "findings.0", "subject": "", "occurredAt": whenName, "id": idName, "actor": "", "": ""} {
		if got := d.fieldOf(said); got != want {
			t.Errorf("%q is at %q, want %q", said, got, want)
		}
	}
}

// Rows that were left empty are none; the rest move together.
func TestRowsMoveTogether(t *testing.T) {
	f := &filled{Values: url.Values{"findings.2.officer": {"P2"}, "findings.5.officer": {" P5\r\n"}, "findings.1.opinion": {" "}}, problems: map[string]string{}}
	got, err := json.Marshal(f.read([]field{{name: "findings", kind: rows, fields: []field{aPick("officer", "officer"), must(aText("opinion"))}}}, ""))
	if want := `{"findings":[{"officer":"P2"},{"officer":"P5"}]}`; err != nil || string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
	if len(f.problems) != 2 || f.problems["findings.1.opinion"] != "form.need" {
		t.Errorf("%v", f.problems)
	}
}

// What is too much for a form is refused, and comes back all the same.
func TestTooManyAreRefused(t *testing.T) {
	ids := strings.Repeat("P1 ", maxRows+1)
	f := &filled{Values: url.Values{"ids": {ids}, "evidence.60.name": {"x"}, "evidence.61.name": {" "}}, problems: map[string]string{}}
	f.read([]field{picks("ids", "officer"), documents("evidence")}, "")
	if f.problems["ids"] != "form.many" || f.problems["evidence"] != "form.many" {
		t.Errorf("%v", f.problems)
	}
	d := &doer{know: Answer{Data: json.RawMessage(`{}`)}, does: []Answer{did("")}}
	body := url.Values{"_step": {"check"}, "_subject": {"K1"}, "officers": {strings.Repeat("P1,", 100_000)}}.Encode()
	resp, page := request{method: "POST", path: "/console/do/misconduct.open", token: "x", body: body}.to(t, d.handler(t))
	if resp.StatusCode != 422 || strings.Count(page, `name="officers"`) > 5 || strings.Count(page, "P1") < 100_000 || len(d.did) > 0 {
		t.Errorf("%d, %d fields, %d ids", resp.StatusCode, strings.Count(page, `name="officers"`), strings.Count(page, "P1"))
	}
}

func TestValuesAreRead(t *testing.T) {
	fields := []field{aDay("day"), aNumber("n"), aYesNo("b"), aChoice("c", "X", "A"), picks("ids", "officer")}
	for _, tt := range []struct{ name, text, want string }{
		{"day", "2026-02-28", `{"day":"2026-02-28"}`}, {"day", "2026-02-30", ""}, {"day", "yesterday", ""}, {"n", " 12 ", `{"n":12}`}, {"n", "-1", ""}, {"n", "1.5", ""}, {"n", "99999999999999999999", ""},
		{"b", "no", `{"b":false}`}, {"b", "on", ""}, {"c", "A", `{"c":"A"}`}, {"c", "B", ""}, {"ids", "a, b，c\td", `{"ids":["a","b","c","d"]}`}, {"ids", " ", `{}`},
	} {
		f := &filled{Values: url.Values{tt.name: {tt.text}}, problems: map[string]string{}}
		got, _ := json.Marshal(f.read(fields, ""))
		if refused := len(f.problems) > 0; refused != (tt.want == "") || !refused && string(got) != tt.want {
			t.Errorf("%s %q: %s, refused: %v", tt.name, tt.text, got, f.problems)
		}
	}
}
