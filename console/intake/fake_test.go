package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeDesk is a small desk in memory: it keeps what is handed in by code, takes
// repeats for the same, and refuses what it is told to.
type fakeDesk struct {
	mu       sync.Mutex
	reports  map[string]Report // by code
	written  map[string]string // digest by nonce
	contents map[string]string // digest by code
	states   map[string]*State
	down     error // what every call fails with
	refuse   error // what Receive and Write fail with
	received int   // calls that recorded something
	stall    chan struct{}
}

func newDesk() *fakeDesk {
	return &fakeDesk{reports: map[string]Report{}, written: map[string]string{}, contents: map[string]string{}, states: map[string]*State{}}
}

func (d *fakeDesk) Agencies(context.Context) ([]Agency, error) {
	return []Agency{{"HG", "溪浦海关 Xipu Customs", ""}, {"SW", "溪浦税务局 Xipu Tax", ""}, {"HG-1", "查验科 Inspection Section", "HG"}}, d.down
}

func digestOf(files []File, texts ...string) (string, []FileInfo, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q", texts)
	var infos []FileInfo
	for _, f := range files {
		r, err := f.Open()
		if err != nil {
			return "", nil, err
		}
		raw, err := io.ReadAll(r)
		if err != nil || int64(len(raw)) != f.Size {
			return "", nil, fmt.Errorf("%d of %d bytes: %w", len(raw), f.Size, err)
		}
		of := sha256.Sum256(raw)
		infos = append(infos, FileInfo{f.Name, f.MediaType, "sha256:" + hex.EncodeToString(of[:]), f.Size})
		fmt.Fprintf(sum, "%s %x\n", f.Name, of)
	}
	return hex.EncodeToString(sum.Sum(nil)), infos, nil
}

func (d *fakeDesk) Receive(_ context.Context, r Report) error {
	if d.stall != nil {
		<-d.stall
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.down; err != nil {
		return err
	}
	if d.refuse != nil {
		return d.refuse
	}
	digest, files, err := digestOf(r.Files, r.Category, r.Summary, r.Place, r.Unit, fmt.Sprint(r.Reporter))
	if err != nil {
		return err
	}
	code := CodeOf(r.Nonce)
	if had, ok := d.contents[code]; ok {
		if had != digest {
			return Refusal{"nonce", "this form was sent with other content"}
		}
		return nil
	}
	d.received++
	d.reports[code], d.contents[code] = r, digest
	d.states[code] = &State{Complaint: "TS-" + code[:2] + "X", Status: "received", ReceivedOn: "2026-11-30", CanWrite: true, Files: files}
	return nil
}

func (d *fakeDesk) Look(_ context.Context, code string) (State, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down != nil {
		return State{}, d.down
	}
	s, ok := d.states[code]
	if !ok {
		return State{}, fmt.Errorf("look: %w", ErrCode)
	}
	return *s, nil
}

func (d *fakeDesk) Write(_ context.Context, code, nonce, text string, files []File) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down != nil {
		return d.down
	}
	s, ok := d.states[code]
	if !ok {
		return ErrCode
	}
	if d.refuse != nil {
		return d.refuse
	}
	digest, infos, err := digestOf(files, code, text)
	if err != nil {
		return err
	}
	if had, ok := d.written[nonce]; ok {
		if had != digest {
			return Refusal{"nonce", "this form was sent with other content"}
		}
		return nil
	}
	d.received++
	d.written[nonce] = digest
	s.Messages = append(s.Messages, Message{FromReporter, time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC), text, infos})
	return nil
}

// ask is an agency's question.
func (d *fakeDesk) ask(code, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.states[code]
	s.Messages = append(s.Messages, Message{FromAgency, time.Date(2026, 11, 30, 11, 0, 0, 0, time.UTC), text, nil})
}

// bench is pages over a fake desk, and what they log.
type bench struct {
	*Handler
	desk *fakeDesk
	log  *bytes.Buffer
}

func newBench(t testing.TB, change func(*Config)) *bench {
	t.Helper()
	b := &bench{desk: newDesk(), log: &bytes.Buffer{}}
	config := Config{
		Desk: b.desk, Origin: "test.example/ledger", Disclosures: func(*http.Request) string { return "/console/disclosures" }, Folder: t.TempDir(),
		Terms: func() Terms {
			return Terms{Route: Span{15, "days"}, Handle: Span{60, "days"}, Extension: Span{30, "days"}}
		},
		Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&config)
	}
	h, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	b.Handler = h
	t.Cleanup(func() { h.Close() })
	return b
}

// part is a field of a form; one with a file name is a file.
type part struct{ name, file, value string }

// body writes a form in parts.
func body(parts []part) (kind string, raw []byte) {
	var out bytes.Buffer
	m := multipart.NewWriter(&out)
	for _, p := range parts {
		header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name=%q`, p.name)}}
		if p.file != "" {
			header.Set("Content-Disposition", `form-data; name="`+p.name+`"; filename="`+strings.TrimPrefix(p.file, "-")+`"`)
			header.Set("Content-Type", "application/x-claimed")
		}
		w, _ := m.CreatePart(header)
		_, _ = io.WriteString(w, p.value)
	}
	_ = m.Close()
	return m.FormDataContentType(), out.Bytes()
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

func (b *bench) do(r *http.Request) answer {
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return answer{w.Result(), w.Body.String()}
}

func (b *bench) get(path string) answer {
	r := httptest.NewRequest("GET", "http://ledger.example"+path, nil)
	r.Header.Set("Accept-Language", "en")
	return b.do(r)
}

func (b *bench) post(path string, parts ...part) answer {
	kind, raw := body(parts)
	r := httptest.NewRequest("POST", "http://ledger.example"+path, bytes.NewReader(raw))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "en")
	return b.do(r)
}

var (
	input = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`)
	code  = regexp.MustCompile(`<p class="digits"><span>(\d{4} \d{4}</span> <span>\d{4} \d{4})</span></p>`)
)

// hidden are the hidden fields of the first form of a page, as a browser sends
// them.
func (a answer) hidden() []part {
	var out []part
	form, _, _ := strings.Cut(a.body, "</form>")
	for _, m := range input.FindAllStringSubmatch(form, -1) {
		out = append(out, part{name: m[1], value: unescape(m[2])})
	}
	return out
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&#43;", "+", "&amp;", "&").Replace(s)
}

// code is the code that a receipt shows, without blanks.
func (a answer) code(t testing.TB) string {
	t.Helper()
	m := code.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no code is shown: %d %s", a.StatusCode, a.body)
	}
	return strings.NewReplacer(" ", "", "</span>", "", "<span>", "").Replace(m[1])
}

const nonce = "00112233445566778899aabbccddeeff"

// filled is a complaint that is taken, with changes by name.
func filled(step string, changes ...part) []part {
	out := []part{{name: "nonce", value: nonce}, {name: "unit", value: "HG"}, {name: "category", value: "delay"}, {name: "summary", value: "The goods were held for a week."}, {name: "place", value: "north gate"}}
	var more []part
	for _, c := range changes {
		done := false
		for i := range out {
			if out[i].name == c.name && c.file == "" {
				out[i], done = c, true
			}
		}
		if !done {
			more = append(more, c)
		}
	}
	return append(append(out, part{name: "step", value: step}), more...)
}
