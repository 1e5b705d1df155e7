package house

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/ledger/seal"
)

func TestWhatTheDeskRefusesLeavesNothingBehind(t *testing.T) {
	w := newWindow(t, newOffice(t))
	at := t.Context()
	w.vault.files.budget = 1 << 20
	long := strings.Repeat("长", domain.MaxText)
	many := make([]intake.File, 11)
	for i := range many {
		many[i] = paper("a", fmt.Sprint(i))
	}
	big := paper("big", strings.Repeat("x", maxFile+1))
	half := paper("half", strings.Repeat("y", 700<<10))
	other := paper("half", strings.Repeat("z", 700<<10))
	for name, tt := range map[string]struct {
		change func(*intake.Report)
		field  string
	}{
		"no nonce":        {func(r *intake.Report) { r.Nonce = "" }, "nonce"},
		"a short nonce":   {func(r *intake.Report) { r.Nonce = "ab" }, "nonce"},
		"no summary":      {func(r *intake.Report) { r.Summary = "" }, "summary"},
		"a long summary":  {func(r *intake.Report) { r.Summary = long }, "summary"},
		"a hidden letter": {func(r *intake.Report) { r.Summary = "a\x1bb" }, "summary"},
		"no category":     {func(r *intake.Report) { r.Category = "" }, "category"},
		"a long place":    {func(r *intake.Report) { r.Place = long }, "place"},
		"no such unit":    {func(r *intake.Report) { r.Unit = "U9" }, "unit"},
		"no reporter":     {func(r *intake.Report) { r.Reporter = &intake.Reporter{} }, "reporter"},
		"a long name":     {func(r *intake.Report) { r.Reporter = &intake.Reporter{Name: long} }, "reporter"},
		"eleven files":    {func(r *intake.Report) { r.Files = many }, "files"},
		"a large file":    {func(r *intake.Report) { r.Files = []intake.File{letter, big} }, "files"},
		"an empty file":   {func(r *intake.Report) { r.Files = []intake.File{letter, paper("a", "")} }, "files"},
		"no media type":   {func(r *intake.Report) { r.Files = []intake.File{{Name: "a", Open: letter.Open}} }, "files"},
		"a header in it": {func(r *intake.Report) {
			r.Files = []intake.File{{Name: "a", MediaType: "text/plain\r\nX: y", Open: letter.Open}}
		}, "files"},
		"a bell in a name": {func(r *intake.Report) { r.Files = []intake.File{paper("a\a", "x")} }, "files"},
		"half a character": {func(r *intake.Report) { r.Files = []intake.File{paper("a\xff", "x")} }, "files"},
		"a long file name": {func(r *intake.Report) { r.Files = []intake.File{paper(long, "x")} }, "files"},
		"no room":          {func(r *intake.Report) { r.Files = []intake.File{half, other} }, "files"},
	} {
		r := handed
		r.Files = []intake.File{letter}
		tt.change(&r)
		if err := w.Receive(at, r); fieldOf(err) != tt.field {
			t.Errorf("%s: %v, want a refusal of %s", name, err, tt.field)
		}
	}
	check := func(when string) {
		t.Helper()
		if n, err := size(filepath.Join(w.dir, filesDir)); err != nil || n > 0 {
			t.Errorf("%s: %d bytes of files are left, %v", when, n, err)
		}
		if keys, err := w.vault.Keys(); err != nil || len(keys) > 0 {
			t.Errorf("%s: keys are left: %v, %v", when, keys, err)
		}
	}
	check("refused complaints")
	idle := w.receipts
	w.receipts = seal.NewReceipts("x", 0, 0)
	if err := w.Receive(at, handed); !errors.Is(err, intake.ErrUnavailable) {
		t.Errorf("with too many at once: %v", err)
	}
	if _, err := w.Look(at, intake.CodeOf(nonce(1))); !errors.Is(err, intake.ErrUnavailable) {
		t.Errorf("looking with too many at once: %v", err)
	}
	w.receipts = idle
	check("turned away")
	anonymous := intake.Report{Nonce: nonce(2), Category: "delay", Summary: "goods held"}
	w.receive(anonymous)
	for name, tt := range map[string]struct {
		code, nonce, text string
		files             []intake.File
		field             string
	}{
		"nothing":        {intake.CodeOf(nonce(2)), nonce(5), " \n", nil, "text"},
		"a long text":    {intake.CodeOf(nonce(2)), nonce(5), long, []intake.File{letter}, "text"},
		"eleven files":   {intake.CodeOf(nonce(2)), nonce(5), "see", many, "files"},
		"no nonce":       {intake.CodeOf(nonce(2)), "", "see", nil, "nonce"},
		"a foreign code": {intake.CodeOf(nonce(3)), nonce(5), "see", []intake.File{letter}, "none"},
	} {
		if err := w.Write(at, tt.code, tt.nonce, tt.text, tt.files); err == nil || fieldOf(err) != tt.field {
			t.Errorf("%s: %v, want a refusal of %s", name, err, tt.field)
		}
	}
	w.submit(fmt.Sprintf(`{"id":"w","command":"complaint.withdraw","subject":%q,"actor":"public","role":"public","data":{"reason":"settled"}}`, ComplaintOf(nonce(2))))
	if err := w.Write(at, intake.CodeOf(nonce(2)), nonce(5), "see", []intake.File{letter}); fieldOf(err) != "" {
		t.Errorf("on a withdrawn complaint: %v", err)
	}
	check("refused messages")
	for _, code := range []string{"", "1", "0000000000000000", "12345678901234567", "１２３４５６７８９０１２３４５６", nonce(2)[:16]} {
		if _, err := w.Look(at, code); !errors.Is(err, intake.ErrCode) {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestSoManyComplaintsAnHourAreTaken(t *testing.T) {
	o := newOffice(t)
	o.cfg.PublicPerHour = 2
	w := newWindow(t, o)
	for n := 1; n <= 3; n++ {
		err := w.Receive(t.Context(), intake.Report{Nonce: nonce(n), Category: "delay", Summary: "goods held"})
		if errors.Is(err, intake.ErrUnavailable) != (n == 3) || n < 3 && err != nil {
			t.Errorf("the %d: %v", n, err)
		}
	}
	w.receive(intake.Report{Nonce: nonce(1), Category: "delay", Summary: "goods held"}) // a retry is no other
	w.write(1, 8, "still held")
}

func TestMessagesAndReceiptsBesideTheData(t *testing.T) {
	w := newWindow(t, newOffice(t))
	given := `{"id":"1","command":"complaint.receive","subject":"C1","actor":"public","role":"public","data":{"channel":"web","category":"delay","summary":"goods held","realName":false},"receipt":"1234567890123456"}`
	w.submit(given)
	w.submit(given)
	w.submit(`{"id":"2","command":"complaint.ask_reporter","subject":"C1","actor":"T1","role":"intake","question":"When?"}`)
	w.submit(`{"id":"2","command":"complaint.ask_reporter","subject":"C1","actor":"T1","role":"intake","question":"When?"}`)
	w.submit(`{"id":"3","command":"complaint.reply","subject":"C1","actor":"public","role":"public","reply":"In May."}`)
	if n := w.count("C1", complaint.QuestionAsked{}.Kind()); n != 1 {
		t.Errorf("the question was asked %d times", n)
	}
	if err := w.Views.CatchUp(t.Context(), w.Store, nil); err != nil {
		t.Fatal(err)
	}
	s, err := w.Look(t.Context(), "1234567890123456")
	if err != nil || len(s.Messages) != 2 || s.Messages[0].Text != "When?" || s.Messages[1].Text != "In May." {
		t.Errorf("got %+v, %v", s, err)
	}
	for line, want := range map[string]string{
		`{"id":"2","command":"complaint.ask_reporter","subject":"C1","actor":"T1","role":"intake","question":"Where?"}`:                                             "id",
		`{"id":"1","command":"complaint.ask_reporter","subject":"C1","actor":"T1","role":"intake","question":"Where?"}`:                                             "id",
		`{"id":"4","command":"complaint.ask_reporter","subject":"C1","actor":"T1","role":"intake","question":""}`:                                                   "question",
		`{"id":"4","command":"complaint.ask_reporter","subject":"C1","actor":"T1","role":"intake","question":{"text":"a"}}`:                                         "question",
		`{"id":"4","command":"complaint.ask_reporter","subject":"C1","actor":"T1","role":"intake"}`:                                                                 "question",
		`{"id":"4","command":"complaint.ask_reporter","subject":"C1","actor":"T1","role":"intake","reply":"x"}`:                                                     "reply",
		`{"id":"4","command":"complaint.ask_reporter","subject":"C1","actor":"T1","role":"intake","question":"x","reply":"y"}`:                                      "reply",
		`{"id":"4","command":"complaint.ask_reporter","subject":"C1","actor":"T1","role":"intake","data":{"question":{"key":"k","ciphertext":"YQ=="}}}`:             "data.question",
		`{"id":"4","command":"complaint.reply","subject":"C1","actor":"public","role":"public","data":{"reply":{"key":"k","ciphertext":"YQ=="}}}`:                   "data.reply",
		`{"id":"4","command":"complaint.accept","subject":"C1","actor":"T1","role":"intake","question":"x"}`:                                                        "question",
		`{"id":"4","command":"complaint.accept","subject":"C1","actor":"T1","role":"intake","receipt":"1234567890123456"}`:                                          "receipt",
		strings.Replace(given, `"1234567890123456"`, `1234567890123456`, 1):                                                                                         "receipt",
		strings.Replace(given, `"1234567890123456"`, `"1234 5678 9012 3456"`, 1):                                                                                    "receipt",
		strings.Replace(strings.Replace(given, "C1", "C2", 1), `"role":"public"`, `"role":"intake"`, 1):                                                             "role",
		strings.Replace(strings.Replace(given, "C1", "C2", 1), `"realName":false`, `"realName":false,"receipt":{"hash":"5f0c7a1be2d34496a1b2c3d4e5f60718"}`, 1):     "data.receipt",
		strings.Replace(strings.Replace(given, `,"receipt":"1234567890123456"`, ``, 1), `"realName":false`, `"realName":false,"receipt":{"hash":"0","key":"k"}`, 1): "data.receipt",
	} {
		_, _, err := w.Submit(t.Context(), []byte(line))
		if refused, no := errors.AsType[*domain.Refusal](err); !no || refused.Field != want {
			t.Errorf("%s: %v, want a refusal of %s", line, err, want)
		}
	}
	if keys, err := w.vault.Keys(); err != nil || len(keys) != 1 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}
