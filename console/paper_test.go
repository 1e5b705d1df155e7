package console

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	checkpointNote = "test.example/ledger\n7\ncm9vdA==\n\n— test.example/ledger c2ln\n"
	fileOnPaper    = `{"officer":{"id":"P1","recordFile":{"day":"2026-03-01","status":"SERVING","barred":false,"inquiries":null,
"identity":{"name":"张<b>伟\u202e","latinName":"Zhang Wei","staffNumber":"1","rank":null,"enrolledOn":"2020-01-01","separatedOn":null,"separationReason":null,"unit":{"id":"A","name":"海关","nameEn":"Customs"},"recordedAt":"2026-01-01T00:00:00Z","imported":false,"event":null},
"posts":[],"ranks":[{"rank":"III","on":"2021-01-01","recordedAt":"2026-01-01T00:00:00Z","imported":true,"event":{"id":"e1"}}],"suspensions":[],"certificates":[],"training":[],"courses":[],"appraisals":[],"interests":[],"restrictions":[],
"sanctions":[{"id":"S1","case":{"id":"C1"},"measure":"demerit","label":null,"status":"IMPOSED","from":"2025-01-01","until":null,"forGood":false,"inForce":true,"recordedAt":"2026-01-01T00:00:00Z","imported":false,"event":{"id":"e2"}}],
"rewards":[],"findings":[],"complaints":[],"head":{"position":"6","events":4,"hash":"sha256:abcd"}}}}`
	caseOnPaper = `{"case":{"id":"C1","status":"OPEN","origin":"COMPLAINT","summary":"<script>","openedOn":"2026-01-01","unit":null,"officers":[{"id":"P1","name":"张伟","latinName":null}],
"decidedOn":null,"archivedOn":null,"imported":false,"complaint":null,"inspection":null,"findings":[],"sanctions":[],"tracebacks":[],
"timeline":{"totalCount":1234,"nodes":[{"event":{"id":"e1","position":"3","kind":"misconduct.case_opened.v1","actor":"i1","role":"INSPECTOR","occurredAt":"2026-01-01T00:00:00Z","recordedAt":"2026-01-01T00:00:00Z","imported":false}}]}},"clocks":{"nodes":[]}}`
)

func answerOnPaper(data string) Answer {
	return Answer{Data: json.RawMessage(data), Proof: &Proof{Position: "7", Checkpoint: checkpointNote, Digest: "beef", Receipt: `{"payload":"cmVjZWlwdA=="}`}}
}

var (
	heldLine = regexp.MustCompile(`<dt>[^<]+<code>(\w+)</code></dt><dd><code><bdi[^>]*>([^<]*)</bdi></code></dd>`)
	codePath = regexp.MustCompile(`<path d="([^"]+)"`)
)

// readCodes tells what the lines of a page say, as its first code must hold
// them, and the drawings of its codes.
func readCodes(page string) (text string, codes []string) {
	text = "probity-paper/1"
	for _, l := range heldLine.FindAllStringSubmatch(page, -1) {
		text += "\n" + l[1] + " " + html.UnescapeString(l[2])
	}
	for _, d := range codePath.FindAllStringSubmatch(page, -1) {
		codes = append(codes, d[1])
	}
	return text, codes
}

func TestAPaperSaysWhatItsCodesHold(t *testing.T) {
	f := &fake{answer: answerOnPaper(fileOnPaper)}
	h := newHandler(t, f)
	for lang, title := range map[string]string{"en": "Personnel record file", "zh": "人事档案"} {
		resp, page := request{path: "/console/officers/P1/print?on=2026-02-01", token: "auditor", header: map[string]string{"Accept-Language": lang}}.to(t, h)
		if resp.StatusCode != 200 || !strings.Contains(page, "<h1>"+title+"</h1>") || resp.Header.Get("Content-Language") != tags[lang] {
			t.Fatalf("%s: %d\n%s", lang, resp.StatusCode, page)
		}
		text, codes := readCodes(page)
		want := "probity-paper/1\nledger test.example/ledger\nfile officer/P1\nat 2026-02-01T23:59:59.999Z\nshownTo auditor:somebody\nposition 7\nevents 4\nstate sha256:abcd\nanswer sha256:beef\ntree 7 cm9vdA=="
		if text != want {
			t.Errorf("%s: the page says\n%s\nwant\n%s", lang, text, want)
		}
		first, err := newCode(want, moderate)
		if err != nil {
			t.Fatal(err)
		}
		second, err := newCode(`{"payload":"cmVjZWlwdA=="}`, dense)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(codes, []string{first.Path, second.Path}) {
			t.Errorf("%s: the codes are not those of what the page says", lang)
		}
		if !strings.Contains(page, html.EscapeString(checkpointNote)) {
			t.Errorf("%s: the checkpoint is not printed as it was signed", lang)
		}
		if strings.Contains(page, "<b>") || strings.ContainsRune(page, '\u202e') || strings.Contains(page, "<a ") || strings.Contains(page, "<nav") {
			t.Errorf("%s: markup of a name, a link or the navigation is on the paper", lang)
		}
		if key := regexp.MustCompile(`paper\.(?:line|sign)\.\w+`).FindString(page); key != "" {
			t.Errorf("%s: there is no word %s", lang, key)
		}
		q := f.asked[len(f.asked)-1]
		if !q.Prove || q.Purpose != "console: print" || q.Variables["at"] != "2026-02-01T23:59:59.999Z" {
			t.Errorf("%s: asked %+v", lang, q)
		}
	}
}

func TestAPaperShowsNothingThatIsToCome(t *testing.T) {
	f := &fake{answer: answerOnPaper(fileOnPaper)}
	h := newHandler(t, f) // in which it is noon of the first of March
	for query, want := range map[string]string{
		"": "2026-03-01T12:00:00Z", "?on=2026-03-01": "2026-03-01T12:00:00Z", "?on=2100-01-01": "2026-03-01T12:00:00Z", "?at=2100-01-01T00:00:00Z": "2026-03-01T12:00:00Z",
		"?at=2026-01-01T08:00:00.5%2B08:00": "2026-01-01T00:00:00.5Z", "?on=2026-02-28": "2026-02-28T23:59:59.999Z",
	} {
		resp, _ := request{path: "/console/officers/P1/print" + query, token: "auditor"}.to(t, h)
		if got := f.asked[len(f.asked)-1].Variables["at"]; resp.StatusCode != 200 || got != want {
			t.Errorf("%s: %d, as of %v, want %s", query, resp.StatusCode, got, want)
		}
	}
	asked := len(f.asked)
	for _, query := range []string{"?on=yesterday", "?at=now", "?at=0001-01-01T00:00:00Z"} {
		if resp, _ := (request{path: "/console/officers/P1/print" + query, token: "auditor"}).to(t, h); resp.StatusCode != 400 {
			t.Errorf("%s: %d", query, resp.StatusCode)
		}
	}
	if len(f.asked) != asked {
		t.Error("an address that cannot be right is asked for")
	}
}

func TestWhatAPaperLacksItSays(t *testing.T) {
	f := &fake{answer: answerOnPaper(caseOnPaper)}
	h := newHandler(t, f)
	says := func(want string) {
		t.Helper()
		second := f.answer.Proof.Receipt != "" && len(f.answer.Proof.Receipt) <= maxDense
		resp, page := request{path: "/console/cases/C1/print", token: "auditor"}.to(t, h)
		if resp.StatusCode != 200 || !strings.Contains(page, want) || strings.Contains(page, "<script>") || strings.Contains(page, "paper.sign.") || strings.Contains(page, "The larger code") != second {
			t.Errorf("%d, without %q, or wrong about its codes:\n%s", resp.StatusCode, want, page)
		}
	}
	says("The first 1 of 1,234 steps")
	says("case/C1")
	f.answer.Proof.Receipt = ""
	says("No receipt")
	f.answer.Proof.Receipt = strings.Repeat("x", maxDense+1)
	says("too long for a code")
	f.answer.Proof.Checkpoint = ""
	says("No checkpoint")
	f.answer.Proof = nil
	if resp, _ := (request{path: "/console/cases/C1/print", token: "auditor"}).to(t, h); resp.StatusCode != 500 {
		t.Errorf("without a position: %d", resp.StatusCode)
	}
	for path, data := range map[string]string{"/console/cases/C1/print": `{"case":null,"clocks":null}`, "/console/officers/P1/print": `{"officer":{"id":"P1","recordFile":null}}`} {
		f.answer = answerOnPaper(data)
		if resp, _ := (request{path: path, token: "auditor"}).to(t, h); resp.StatusCode != 404 {
			t.Errorf("%s of what may not be seen: %d", path, resp.StatusCode)
		}
	}
}

func TestAPaperIsOneFile(t *testing.T) {
	f := &fake{answer: answerOnPaper(fileOnPaper)}
	h := newHandler(t, f)
	visitor := Visitor{Role: "hr", Subject: "li\nstate sha256:forged", Ask: func(_ context.Context, q Question) Answer { f.asked = append(f.asked, q); return f.answer }}
	order := Order{Kind: "officers", ID: "P 1/ü", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Language: "zh", Address: "https://ledger.example", Purpose: "appraisal"}
	raw, err := h.Paper(t.Context(), visitor, order)
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	if regexp.MustCompile(`(?:src|href)=|url\(|@import`).MatchString(page) {
		t.Error("it loads something")
	}
	_, style, _ := strings.Cut(page, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	sum := sha256.Sum256([]byte(style))
	if policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(html.UnescapeString(page), policy) {
		t.Errorf("its policy does not let its own style in: %.400s", page)
	}
	text, codes := readCodes(page)
	for _, want := range []string{"\nfile officer/P 1/ü\n", "\nshownTo hr:li state sha256:forged\n", "\naddress https://ledger.example/console/officers/P%201%2F%C3%BC/print?at=2026-01-02T03%3A04%3A05Z"} {
		if !strings.Contains(text, want) {
			t.Errorf("it says %q, without %q", text, want)
		}
	}
	if first, err := newCode(text, moderate); err != nil || len(codes) != 2 || codes[0] != first.Path {
		t.Errorf("the code is not that of what the page says: %v", err)
	}
	if q := f.asked[0]; q.Variables["id"] != "P 1/ü" || q.Purpose != "appraisal" {
		t.Errorf("asked %+v", q)
	}
	for units, want := range map[string]string{"": "hr:li", "A,B": "hr:li@A,B", strings.Repeat("A,", 300): "hr:li@(301 units)"} {
		v := Visitor{Role: "hr", Subject: "li"}
		if units != "" {
			v.Units = strings.Split(units, ",")
		}
		if got := shownTo(v); got != want {
			t.Errorf("shown to %s, want %s", got, want)
		}
	}
	f.answer = answerOnPaper(`{"officer":null}`)
	if _, err := h.Paper(t.Context(), visitor, order); !errors.Is(err, ErrNoPaper) {
		t.Errorf("of nobody: %v", err)
	}
	for _, host := range []string{"127.0.0.1:8080", "localhost", ""} {
		r := httptest.NewRequest("GET", "/console/officers/P1/print", nil)
		r.Host = host
		if to := paperAddress(r, ""); to != "" {
			t.Errorf("a reader is sent to %s", to)
		}
	}
}

// A drawing has what scanners look for: the three corners, the rhythm between
// them, and nothing in the zone around.
func TestCodesAreDrawnAsQR(t *testing.T) {
	c, err := newCode("probity-paper/1 账本", moderate)
	if err != nil {
		t.Fatal(err)
	}
	dark := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(c.Path, -1) {
		x, y, n := atoi(m[1]), atoi(m[2]), atoi(m[3])
		for i := range n {
			dark[[2]int{x + i, y}] = true
		}
	}
	n := c.Size - 2*quiet
	if n < 21 || (n-17)%4 != 0 {
		t.Fatalf("%d modules a side", n)
	}
	for _, corner := range [][2]int{{0, 0}, {n - 7, 0}, {0, n - 7}} {
		for y := range 7 {
			for x := range 7 {
				ring := max(x-3, 3-x, y-3, 3-y)
				if dark[[2]int{quiet + corner[0] + x, quiet + corner[1] + y}] != (ring != 2) {
					t.Fatalf("the corner at %v is not drawn", corner)
				}
			}
		}
	}
	for i := 8; i < n-8; i++ {
		if dark[[2]int{quiet + i, quiet + 6}] != (i%2 == 0) {
			t.Fatal("the rhythm between corners is broken")
		}
	}
	for at := range dark {
		if min(at[0], at[1]) < quiet || max(at[0], at[1]) >= quiet+n {
			t.Fatalf("%v lies in the quiet zone", at)
		}
	}
	if _, err := newCode(strings.Repeat("x", maxDense+1), dense); !errors.Is(err, errLongCode) {
		t.Errorf("too long: %v", err)
	}
	if _, err := newCode(strings.Repeat("x", maxDense), moderate); err != nil {
		t.Errorf("what fits only without recovery: %v", err)
	}
}

func atoi(s string) int {
	n := 0
	for _, c := range s {
		n = 10*n + int(c-'0')
	}
	return n
}

// A case says which inspection found it, on its page and on paper.
func TestACaseNamesItsInspection(t *testing.T) {
	data := strings.Replace(caseOnPaper, `"inspection":null`, `"inspection":{"id":"JC-1"}`, 1)
	shorter := data[:strings.Index(data, `"timeline"`)] + `"timeline":{"totalCount":0,"nodes":[],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":"","endCursor":""}},"warnings":[],"analyses":[],"remedies":[]},"clocks":{"nodes":[]}}`
	if page := shown(t, "/console/cases/C1", shorter); !strings.Contains(page, `href="/console/history/inspection/JC-1"`) {
		t.Error("the page does not lead to it")
	}
	_, page := request{path: "/console/cases/C1/print", token: "auditor"}.to(t, newHandler(t, &fake{answer: answerOnPaper(data)}))
	if !strings.Contains(page, "JC-1") {
		t.Error("the paper does not name it")
	}
}
