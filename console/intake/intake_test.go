package intake

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/console/tongues"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The whole way: a form, a check, a receipt, a look, a question, an answer.
func TestAComplaintGoesItsWay(t *testing.T) {
	b := newBench(t, nil)
	form := b.get("/public/complaint")
	if form.StatusCode != 200 || !strings.Contains(form.body, "查验科 Inspection Section") {
		t.Fatalf("the form is %d: %s", form.StatusCode, form.body)
	}
	of := form.hidden()[0].value
	checked := b.post("/public/complaint", filled("check", part{name: "nonce", value: of}, part{name: "summary", value: "One line.\r\n\r\nAnother: <b>&\"'"}, part{name: "name", value: "林一"}, part{"files", "a.pdf", "%PDF-1.7 text"})...)
	if checked.StatusCode != 200 || !strings.Contains(checked.body, "a.pdf") || !strings.Contains(checked.body, "application/pdf") || !strings.Contains(checked.body, "One line.\n\nAnother: &lt;b&gt;") {
		t.Fatalf("the check is %d: %s", checked.StatusCode, checked.body)
	}
	if b.desk.received != 0 {
		t.Fatal("a check records")
	}
	sent := b.post("/public/complaint", append(checked.hidden(), part{name: "step", value: "send"})...)
	code := sent.code(t)
	if code != CodeOf(of) || !strings.Contains(sent.body, "Within 15 days") || !strings.Contains(sent.body, "TS-"+code[:2]+"X") {
		t.Fatalf("the receipt is wrong: %s", sent.body)
	}
	r := b.desk.reports[code]
	if r.Summary != "One line.\n\nAnother: <b>&\"'" || r.Unit != "HG" || r.Category != "delay" || r.Reporter == nil || r.Reporter.Name != "林一" || len(r.Files) != 1 {
		t.Errorf("the desk got %+v", r)
	}
	b.desk.ask(code, "On which <day>?")
	state := b.post("/public/receipt", part{name: "code", value: grouped(code)}, part{name: "step", value: "look"})
	if state.StatusCode != 200 || !strings.Contains(state.body, "Received, not looked at yet") || !strings.Contains(state.body, "On which &lt;day&gt;?") || !strings.Contains(state.body, "30 Nov 2026") {
		t.Fatalf("the state is %d: %s", state.StatusCode, state.body)
	}
	message := append(state.hidden(), part{name: "text", value: "On Monday."}, part{name: "step", value: "write"}, part{"files", "b.txt", "noted"})
	for range 2 { // as by a double click
		written := b.post("/public/receipt", message...)
		if written.StatusCode != 200 || !strings.Contains(written.body, "Your message was received") || strings.Count(written.body, "On Monday.") != 1 {
			t.Fatalf("the message is %d: %s", written.StatusCode, written.body)
		}
	}
	if got := b.desk.states[code].Messages; len(got) != 2 || got[1].Files[0].MediaType != "text/plain; charset=utf-8" {
		t.Errorf("the messages are %+v", got)
	}
}

// Whatever became of the answer, the form sent again is the same complaint.
func TestSentAgainItIsTheSameComplaint(t *testing.T) {
	b := newBench(t, nil)
	parts := filled("send", part{"files", "a.txt", "one"})
	first := b.post("/public/complaint", parts...).code(t)
	again := b.post("/public/complaint", parts...)
	if again.code(t) != first || b.desk.received != 1 {
		t.Errorf("sent again: %s and %s, %d recorded", first, again.code(t), b.desk.received)
	}
	other := newBench(t, nil) // a process that knows nothing of the first
	other.Handler.config.Desk = b.desk
	if got := other.post("/public/complaint", parts...).code(t); got != first || b.desk.received != 1 {
		t.Errorf("after a restart: %s", got)
	}
	changed := b.post("/public/complaint", filled("send", part{name: "summary", value: "something else"})...)
	if changed.code(t) != first || !strings.Contains(changed.body, "was sent before with other content") || b.desk.received != 1 {
		t.Errorf("changed: %s", changed.body)
	}
}

// A browser that was sent to two places at once gets one complaint.
func TestADoubleClickIsOneComplaint(t *testing.T) {
	b := newBench(t, nil)
	b.desk.stall = make(chan struct{})
	parts := filled("send", part{"files", "a.txt", "one"})
	answers := make(chan answer)
	for range 2 {
		go func() { answers <- b.post("/public/complaint", parts...) }()
	}
	close(b.desk.stall)
	one, two := <-answers, <-answers
	if one.code(t) != two.code(t) || b.desk.received != 1 || strings.Contains(one.body+two.body, "other content") {
		t.Errorf("%d recorded", b.desk.received)
	}
}

func TestEveryRefusalStandsAtItsField(t *testing.T) {
	long := strings.Repeat("林", maxText/3+1)
	tests := []struct {
		name   string
		desk   func(*fakeDesk)
		parts  []part
		status int
		field  string // "" for the whole form
		want   string
		kept   string
	}{
		{"nothing said", nil, filled("check", part{name: "summary"}), 422, "summary", "Say what happened.", "north gate"},
		{"blanks alone", nil, filled("check", part{name: "summary", value: " \r\n\t "}), 422, "summary", "Say what happened.", "north gate"},
		{"no kind of matter", nil, filled("check", part{name: "category"}), 422, "category", "Choose what kind", "held for a week"},
		{"a kind of one's own", nil, filled("send", part{name: "category", value: "<script>"}), 422, "category", "Choose what kind", "held for a week"},
		{"a unit that is not there", nil, filled("send", part{name: "unit", value: "X9"}), 422, "unit", "not on the list", `<option value="X9" selected>`},
		{"too long a text", nil, filled("send", part{name: "summary", value: long}), 422, "summary", "8193 bytes; 8192 are taken", long},
		{"too long a name", nil, filled("send", part{name: "name", value: long}), 422, "name", "1024 are taken", long},
		{"a control character", nil, filled("send", part{name: "summary", value: "a\x07b"}), 422, "summary", "control character", "a\x07b"},
		{"an empty file", nil, filled("check", part{"files", "a.txt", ""}), 422, "files", "“a.txt” is empty", "held for a week"},
		{"a file too large", nil, filled("check", part{"files", "a.txt", strings.Repeat("x", MaxFile+1)}), 422, "files", "larger than 20 MiB", "held for a week"},
		{"files too large together", nil, filled("check", part{"files", "a.bin", strings.Repeat("x", MaxFile)}, part{"files", "b.bin", strings.Repeat("y", MaxFile)}, part{"files", "c.bin", strings.Repeat("z", MaxFile)}), 422, "files", "more than 50 MiB together", "held for a week"},
		{"too many files", nil, filled("check", manyFiles(11)...), 422, "files", "more than 10 files", "f10.txt"},
		{"files that are gone", nil, filled("send", part{name: "kept", value: strings.Repeat("0a", 32)}), 422, "files", "Choose them again", "held for a week"},
		{"the desk refuses a field", func(d *fakeDesk) { d.refuse = Refusal{"place", "no <such> place"} }, filled("send"), 422, "place", "no &lt;such&gt; place", "north gate"},
		{"the desk refuses the identity", func(d *fakeDesk) { d.refuse = Refusal{"reporter", "is odd"} }, filled("send", part{name: "name", value: "L"}), 422, "name", "is odd", "north gate"},
		{"the desk refuses it all", func(d *fakeDesk) { d.refuse = Refusal{"", "not today"} }, filled("send"), 422, "", "not today", "north gate"},
		{"the desk refuses what no form has", func(d *fakeDesk) { d.refuse = Refusal{"secret", "odd"} }, filled("send"), 422, "", "odd", "north gate"},
		{"the desk is away", func(d *fakeDesk) { d.refuse = fmt.Errorf("put: %w", ErrUnavailable) }, filled("send"), 503, "", "Nothing that you typed is lost", "north gate"},
		{"the desk fails", func(d *fakeDesk) { d.refuse = errors.New("disk 7 at 10.0.0.1") }, filled("send"), 500, "", "Something failed", "north gate"},
		{"there is no list of units", func(d *fakeDesk) { d.down = ErrUnavailable }, filled("check"), 503, "", "Nothing that you typed is lost", `<option value="HG" selected>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, nil)
			if tt.desk != nil {
				tt.desk(b.desk)
			}
			got := b.post("/public/complaint", tt.parts...)
			if got.StatusCode != tt.status || b.desk.received != 0 {
				t.Fatalf("%d, %d recorded: %s", got.StatusCode, b.desk.received, got.body)
			}
			if !strings.Contains(got.body, tt.want) || strings.Contains(got.body, "10.0.0.1") {
				t.Errorf("it does not say %q: %s", tt.want, got.body)
			}
			if !strings.Contains(got.body, tt.kept) || !strings.Contains(got.body, `name="nonce" value="`+nonce) {
				t.Errorf("what was typed is lost: %s", got.body)
			}
			if !strings.Contains(got.body, `role="alert" tabindex="-1" autofocus`) || !strings.Contains(got.body, "<title>Please look at this: ") {
				t.Error("it is not announced")
			}
			if tt.field != "" && (!strings.Contains(got.body, `href="#`+tt.field+`"`) || !strings.Contains(got.body, `id="`+tt.field+`-wrong"`) || !regexp.MustCompile(`id="`+tt.field+`"[^>]*aria-describedby="`+tt.field+`-wrong[^>]*aria-invalid="true"|id="`+tt.field+`"[^>]*aria-invalid="true" aria-describedby="`+tt.field+`-wrong`).MatchString(got.body)) {
				t.Errorf("it does not stand at %s: %s", tt.field, got.body)
			}
		})
	}
}

func manyFiles(n int) (out []part) {
	for i := range n {
		out = append(out, part{"files", fmt.Sprintf("f%d.txt", i), fmt.Sprint("content ", i)})
	}
	return out
}

func TestReceiptsAreLookedUp(t *testing.T) {
	b := newBench(t, nil)
	code := b.post("/public/complaint", filled("send")...).code(t)
	tests := []struct {
		name, typed string
		status      int
		want        string
	}{
		{"as shown", grouped(code), 200, "TS-"},
		{"with dashes", code[:4] + "-" + code[4:8] + "–" + code[8:], 200, "TS-"},
		{"in full width", strings.Map(func(r rune) rune { return r - '0' + '０' }, code), 200, "TS-"},
		{"in Arabic digits", strings.Map(func(r rune) rune { return r - '0' + '٠' }, code), 200, "TS-"},
		{"another", strings.Repeat("1", 16), 422, "No complaint has this receipt code"},
		{"short", "123", 422, "has 16 digits"},
		{"nothing", "", 422, "has 16 digits"},
		{"letters", "<script>alert(1)</script>", 422, "&lt;script&gt;"},
		{"very long", strings.Repeat("1", 100_000), 422, "has 16 digits"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := b.post("/public/receipt", part{name: "code", value: tt.typed})
			if got.StatusCode != tt.status || !strings.Contains(got.body, tt.want) || strings.Contains(got.body, "<script") {
				t.Errorf("%d: %s", got.StatusCode, got.body)
			}
		})
	}
	b.desk.down = ErrUnavailable
	if got := b.post("/public/receipt", part{name: "code", value: code}); got.StatusCode != 503 || got.Header.Get("Retry-After") == "" {
		t.Errorf("while the desk is away: %d", got.StatusCode)
	}
}

// Another language keeps the message that is being written, and its files.
func TestALanguageIsChosenInTheMiddleOfAMessage(t *testing.T) {
	b := newBench(t, nil)
	code := b.post("/public/complaint", filled("send")...).code(t)
	page := b.post("/public/receipt", part{name: "code", value: code})
	form, _, _ := strings.Cut(page.body[strings.Index(page.body, `name="text"`):], "</form>")
	if !strings.Contains(form, `name="step" value="look" formaction="?lang=zh" formnovalidate`) {
		t.Fatalf("the button is not in the form: %s", form)
	}
	sent := append(page.hidden(), part{name: "text", value: "half a sentence"}, part{name: "step", value: "look"}, part{"files", "a.txt", "x"})
	got := b.post("/public/receipt?lang=zh", sent...)
	if got.StatusCode != 200 || !strings.Contains(got.body, "\nhalf a sentence</textarea>") || !strings.Contains(got.body, "a.txt") || !strings.Contains(got.body, "办理进展") {
		t.Errorf("%d: %s", got.StatusCode, got.body)
	}
	if n := len(b.desk.states[code].Messages); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
}

func TestEveryStateIsToldInWords(t *testing.T) {
	b := newBench(t, nil)
	code := b.post("/public/complaint", filled("send")...).code(t)
	state := b.desk.states[code]
	for _, status := range []string{"received", "screened", "accepted", "declined", "transferred", "concluded", "answered", "review_asked", "review_decided", "rereview_asked", "rereview_decided", "withdrawn", "imported", "of_the_future"} {
		for _, lang := range tongues.Languages {
			state.Status, state.CanWrite, state.Erased, state.Result = status, status == "received", status == "answered", "partly"
			state.Due, state.ConcludedOn, state.AnsweredOn = "2027-01-29", "2027-01-05", "2027-01-06"
			got := b.post("/public/receipt?lang="+lang, part{name: "code", value: code})
			want := b.sheets[lang].words[lang]["status."+status]
			if want == "" {
				want = status
			}
			if got.StatusCode != 200 || !strings.Contains(got.body, want) || strings.Contains(got.body, `name="text"`) != state.CanWrite || !strings.Contains(got.body, `datetime="2027-01-29"`) {
				t.Errorf("%s in %s: %s", status, lang, got.body)
			}
		}
	}
}

func TestMessagesAreRefusedAtTheirField(t *testing.T) {
	b := newBench(t, nil)
	code := b.post("/public/complaint", filled("send")...).code(t)
	message := func(nonce, text string, more ...part) answer {
		return b.post("/public/receipt", append([]part{{name: "nonce", value: nonce}, {name: "code", value: code}, {name: "text", value: text}, {name: "step", value: "write"}}, more...)...)
	}
	one, two := strings.Repeat("1", 32), strings.Repeat("2", 32)
	if got := message(one, ""); got.StatusCode != 422 || !strings.Contains(got.body, "Write your message") {
		t.Errorf("an empty one: %d", got.StatusCode)
	}
	long := strings.Repeat("x", maxText+1)
	if got := message(one, long, part{"files", "a.txt", "kept"}); got.StatusCode != 422 || !strings.Contains(got.body, long) || !strings.Contains(got.body, "a.txt") {
		t.Errorf("a long one: %d", got.StatusCode)
	}
	if got := message(one, "short"); got.StatusCode != 200 || len(b.desk.states[code].Messages) != 1 || len(b.desk.states[code].Messages[0].Files) != 1 {
		t.Errorf("the file of the long one is gone: %+v", b.desk.states[code].Messages)
	}
	if got := message(one, "other"); got.StatusCode != 409 || !strings.Contains(got.body, "\nother</textarea>") || strings.Contains(got.body, `name="nonce" value="`+one) {
		t.Errorf("another from the same form: %d %s", got.StatusCode, got.body)
	}
	b.desk.refuse = Refusal{"text", "is closed"}
	if got := message(two, "more"); got.StatusCode != 422 || !strings.Contains(got.body, "is closed") || !strings.Contains(got.body, "\nmore</textarea>") {
		t.Errorf("refused: %d %s", got.StatusCode, got.body)
	}
	b.desk.refuse = errors.New("broken")
	if got := message(two, "more"); got.StatusCode != 500 || !strings.Contains(got.body, "\nmore</textarea>") {
		t.Errorf("broken: %d", got.StatusCode)
	}
	b.desk.refuse = nil
	if got := b.post("/public/receipt", part{name: "nonce", value: two}, part{name: "code", value: strings.Repeat("7", 16)}, part{name: "text", value: "x"}, part{name: "step", value: "write"}); got.StatusCode != 422 || !strings.Contains(got.body, "No complaint has") {
		t.Errorf("to nobody: %d", got.StatusCode)
	}
}
