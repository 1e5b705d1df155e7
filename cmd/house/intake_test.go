package house

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// nonce is that of the n-th form.
func nonce(n int) string { return fmt.Sprintf("%032x", n) }

// paper is a file that is handed in.
func paper(name, content string) intake.File {
	return intake.File{Name: name, MediaType: "text/plain", Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

// What the public hands in, and the words of it that must lie nowhere.
var (
	letter = paper("林静雯的信.txt", "the envelope lay on the desk of the section chief")
	photo  = paper("IMG_2041.txt", strings.Repeat("a photograph of the yard; ", 9000))
	handed = intake.Report{Nonce: nonce(1), Category: "bribery", Summary: "asked for a gift", Unit: "U1",
		Reporter: &intake.Reporter{Name: lin.Name, Phone: lin.Phone, Email: lin.Email}, Files: []intake.File{letter, photo}}
	intakeWords = append([]string{"envelope lay on the desk", "photograph of the yard", "IMG_2041", "的信", "on the third of May", "whose car it was", intake.CodeOf(nonce(1))}, linWords...)
)

// window is an office that takes what the public hands in.
type window struct {
	*office
	*Intake
	stop func() // following
}

func newWindow(t *testing.T, o *office) *window {
	w := &window{office: o}
	w.follow()
	return w
}

// follow opens the desk, and keeps the views up to date.
func (w *window) follow() {
	w.Intake = w.House.Intake()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	h := w.House
	go func() { defer close(ended); _ = h.Views.Run(ctx, h.Store) }()
	stop := sync.OnceFunc(func() { cancel(); <-ended })
	w.t.Cleanup(stop)
	w.stop = stop
}

func (w *window) receive(r intake.Report) {
	w.t.Helper()
	if err := w.Receive(w.t.Context(), r); err != nil {
		w.t.Fatal(err)
	}
}

func (w *window) look(n int) intake.State {
	w.t.Helper()
	s, err := w.Look(w.t.Context(), intake.CodeOf(nonce(n)))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *window) write(n int, as int, text string, files ...intake.File) {
	w.t.Helper()
	if err := w.Write(w.t.Context(), intake.CodeOf(nonce(n)), nonce(as), text, files); err != nil {
		w.t.Fatal(err)
	}
}

// ask is a question to the reporter of the complaint that the n-th form filed.
func (w *window) ask(n int, id, text string) {
	w.t.Helper()
	w.submit(fmt.Sprintf(`{"id":%q,"command":"complaint.ask_reporter","subject":%q,"actor":"T2","role":"intake","question":%q}`, id, ComplaintOf(nonce(n)), text))
	if err := w.Views.CatchUp(w.t.Context(), w.Store, nil); err != nil {
		w.t.Fatal(err)
	}
}

func (w *window) erase(n int) {
	w.t.Helper()
	w.submit(fmt.Sprintf(`{"id":"erase","command":"complaint.erase_reporter","subject":%q,"actor":"T1","role":"intake","data":{"ground":"个人信息保护法 art. 47"}}`, ComplaintOf(nonce(n))))
}

// staff is somebody of U1.
func staff(role domain.Role, who string) projections.Principal {
	return projections.Principal{Subject: who, Role: role, Units: []domain.UnitID{"U1"}}
}

// The whole life of a complaint that the public hands in, with a search of
// every file of the folder at each step.
func TestWhatThePublicHandsInLiesNowhereInPlainWords(t *testing.T) {
	t.Parallel()
	w := newWindow(t, newLockedOffice(t))
	at := t.Context()
	search := func(when string) {
		t.Helper()
		if found := traces(t, w.dir, intakeWords...); len(found) > 0 {
			t.Errorf("%s: %s", when, strings.Join(found, "\n"))
		}
		if found := traces(t, w.dir, "asked for a gift"); len(found) == 0 {
			t.Errorf("%s: the summary is not found, so nothing was searched", when)
		}
	}
	w.receive(handed)
	search("handed in")
	w.ask(1, "q1", "When was it, and whose car it was?")
	w.write(1, 2, "It was on the third of May.", paper("IMG_2042.txt", "a photograph of the yard, again"))
	w.write(1, 3, "I remember whose car it was.")
	search("asked and answered")

	got := w.look(1)
	want := intake.State{Complaint: string(ComplaintOf(nonce(1))), Status: "received", ReceivedOn: got.ReceivedOn, CanWrite: true,
		Files: []intake.FileInfo{info(letter), info(photo)},
		Messages: []intake.Message{
			{From: intake.FromAgency, Text: "When was it, and whose car it was?"},
			{From: intake.FromReporter, Text: "It was on the third of May.", Files: []intake.FileInfo{info(paper("IMG_2042.txt", "a photograph of the yard, again"))}},
			{From: intake.FromReporter, Text: "I remember whose car it was."},
		}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(intake.Message{}, "At"), cmpopts.EquateEmpty()); diff != "" || got.ReceivedOn == "" {
		t.Errorf("the reporter sees (-want +got):\n%s", diff)
	}
	file, e, err := w.ComplaintFile(at, staff(domain.RoleIntake, "T2"), ComplaintOf(nonce(1)), got.Files[1].Digest)
	if err != nil || e.Name != photo.Name || !holds(t, file, photo) {
		t.Errorf("intake does not get the photograph: %v, %+v", err, e)
	}
	opened, err := w.unseal("intake:T2@U1", ComplaintOf(nonce(1)), "to call back")
	if err != nil || opened.Reporter.Name != lin.Name {
		t.Errorf("intake does not get the identity: %v", err)
	}
	search("read")

	w.stop()
	w.close()
	search("closed")
	w.open()
	w.follow()
	w.erase(1)
	search("erased")
	w.verify()
	if left, err := os.ReadDir(filepath.Join(w.dir, filesDir)); err != nil || len(left) > 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
	if keys, err := w.vault.Keys(); err != nil || len(keys) > 0 {
		t.Errorf("keys are left: %v, %v", keys, err)
	}
	gone := w.look(1)
	if !gone.Erased || gone.CanWrite || len(gone.Messages) != 3 || gone.Messages[1].Text != "" || gone.Files[0].Name != "" {
		t.Errorf("after the erasure the reporter sees %+v", gone)
	}
	if _, _, err := w.ComplaintFile(at, staff(domain.RoleIntake, "T2"), ComplaintOf(nonce(1)), got.Files[1].Digest); domain.RefusalCode(err) != domain.CodeNotFound {
		t.Errorf("the file opens: %v", err)
	}
	if err := w.Receive(at, handed); err != nil {
		t.Errorf("handing in again after the erasure: %v", err)
	}
	if err := w.Write(at, intake.CodeOf(nonce(1)), nonce(9), "more", nil); fieldOf(err) != "" || err == nil {
		t.Errorf("writing after the erasure: %v", err)
	}
	if keys, err := w.vault.Keys(); err != nil || len(keys) > 0 {
		t.Errorf("a key was made after the erasure: %v, %v", keys, err)
	}
}

// info is what is told of a file.
func info(f intake.File) intake.FileInfo {
	e, err := evidenceOf(f)
	if err != nil {
		panic(err)
	}
	return intake.FileInfo{Name: f.Name, MediaType: f.MediaType, Digest: e.Digest, Size: e.Size}
}

func holds(t *testing.T, r io.ReadCloser, f intake.File) bool {
	t.Helper()
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Error(err)
	}
	source, _ := f.Open()
	want, _ := io.ReadAll(source)
	return bytes.Equal(got, want)
}

// fieldOf is the field that a refusal of the pages names; "none" for no refusal.
func fieldOf(err error) string {
	refused, no := errors.AsType[intake.Refusal](err)
	if !no {
		return "none"
	}
	return refused.Field
}

func TestHandingInAgainIsTheSameComplaint(t *testing.T) {
	w := newWindow(t, newOffice(t))
	at := t.Context()
	anonymous := intake.Report{Nonce: nonce(2), Category: "delay", Summary: "goods held"}
	for _, r := range []intake.Report{handed, anonymous, {Nonce: nonce(3), Category: "delay", Summary: "goods held", Files: []intake.File{letter}}} {
		w.receive(r)
		head, _ := w.Store.Head(at)
		w.receive(r)
		if again, _ := w.Store.Head(at); again != head {
			t.Errorf("%s was recorded twice", r.Nonce)
		}
	}
	for name, change := range map[string]func(*intake.Report){
		"another summary":  func(r *intake.Report) { r.Summary = "something else" },
		"another reporter": func(r *intake.Report) { r.Reporter = &intake.Reporter{Name: "Zhao"} },
		"no reporter":      func(r *intake.Report) { r.Reporter = nil },
		"one file less":    func(r *intake.Report) { r.Files = r.Files[:1] },
		"another file":     func(r *intake.Report) { r.Files = []intake.File{letter, paper("x", "new")} },
		"no files":         func(r *intake.Report) { r.Files = nil },
		"another unit":     func(r *intake.Report) { r.Unit = "U2" },
	} {
		r := handed
		change(&r)
		if err := w.Receive(at, r); fieldOf(err) != "nonce" {
			t.Errorf("%s under the same nonce: %v", name, err)
		}
	}
	w.write(2, 4, "in May", letter)
	w.write(2, 4, "in May", letter)
	if err := w.Write(at, intake.CodeOf(nonce(2)), nonce(4), "in June", []intake.File{letter}); fieldOf(err) != "nonce" {
		t.Errorf("another message under the same nonce: %v", err)
	}
	s := w.look(2)
	if len(s.Messages) != 1 || s.Messages[0].Text != "in May" {
		t.Errorf("got %+v", s.Messages)
	}
	for n := 1; n <= 3; n++ { // and nothing of them was lost
		for _, f := range w.look(n).Files {
			if f.Name == "" {
				t.Errorf("a file of %d is lost", n)
			}
		}
	}
	w.verify()
}

// Of two at once under one nonce one stands, whole, and the other is told.
func TestOneFormHandedInTwiceAtOnce(t *testing.T) {
	w := newWindow(t, newOffice(t))
	var all sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		r := handed
		r.Summary = fmt.Sprint("version ", i%2)
		all.Go(func() { errs[i] = w.Receive(context.Background(), r) })
	}
	all.Wait()
	stands := 0
	for _, err := range errs {
		switch {
		case err == nil:
			stands++
		case fieldOf(err) != "nonce":
			t.Error(err)
		}
	}
	if stands != 4 {
		t.Errorf("%d of 8 stand, want the 4 of one version: %v", stands, errs)
	}
	if s := w.look(1); len(s.Files) != 2 || s.Files[0].Name == "" || s.Files[1].Name == "" {
		t.Errorf("files are lost: %+v", s.Files)
	}
	if keys, err := w.vault.Keys(); err != nil || len(keys) != 1 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}

// Who reads what the reporter and the agency wrote.
func TestWhoReadsTheMessages(t *testing.T) {
	w := newWindow(t, newOffice(t))
	r := handed
	r.Reporter = nil
	w.receive(r)
	w.ask(1, "q1", "When was it?")
	id := ComplaintOf(nonce(1))
	for i, c := range []struct{ command, actor, role, data string }{
		{"screen", "T1", "intake", `"admissible":true,"ground":"ours"`}, {"accept", "T1", "intake", ``},
		{"assign_handler", "L1", "leader", `"handler":"H1"`}, {"recuse_handler", "H1", "handler", `"handler":"H1","ground":"a cousin"`},
		{"assign_handler", "L1", "leader", `"handler":"H2"`},
	} {
		w.submit(fmt.Sprintf(`{"id":"s%d","command":"complaint.%s","subject":%q,"actor":%q,"role":%q,"data":{%s}}`, i, c.command, id, c.actor, c.role, c.data))
	}
	w.submit(`{"id":"t1","command":"officer.enroll","subject":"T4","actor":"R1","role":"hr","data":{"name":"T4","unit":"U2","on":"2020-01-06"}}`)
	w.submit(`{"id":"t2","command":"officer.declare_interest","subject":"T4","actor":"R1","role":"hr","data":{"nature":"the spouse heads it","unit":"U1"}}`)
	if err := w.Views.CatchUp(t.Context(), w.Store, nil); err != nil {
		t.Fatal(err)
	}
	digest := info(letter).Digest
	for _, tt := range []struct {
		who  projections.Principal
		sees int  // messages
		read bool // what they say
		code domain.Code
	}{
		{staff(domain.RoleIntake, "T1"), 2, true, ""},
		{staff(domain.RoleHandler, "H2"), 2, true, ""},
		{staff(domain.RoleHandler, "H1"), 0, false, domain.CodeNotFound},
		{staff(domain.RoleIntake, "H1"), 2, false, domain.CodeConflict},
		{staff(domain.RoleIntake, "T4"), 0, false, domain.CodeNotFound},
		{staff(domain.RoleInspector, "I1"), 2, false, domain.CodeForbidden},
		{staff(domain.RoleLeader, "L1"), 2, false, domain.CodeForbidden},
		{staff(domain.RoleAuditor, "A1"), 2, false, domain.CodeForbidden},
		{staff(domain.RoleHR, "R1"), 0, false, domain.CodeNotFound},
		{staff(domain.RoleOfficer, "P1"), 0, false, domain.CodeNotFound},
		{projections.Principal{Subject: "T3", Role: domain.RoleIntake, Units: []domain.UnitID{"U2"}}, 0, false, domain.CodeNotFound},
		{projections.Principal{Role: domain.RolePublic}, 0, false, domain.CodeNotFound},
	} {
		name := string(tt.who.Role) + " " + tt.who.Subject
		list, err := w.Messages(t.Context(), w.Views.As(tt.who), id)
		if err != nil || len(list) != tt.sees {
			t.Errorf("%s sees %d messages, %v", name, len(list), err)
			continue
		}
		for _, m := range list {
			if m.Readable != tt.read || !tt.read && (m.Text != "" || len(m.Files) > 0 && m.Files[0].Name != "") {
				t.Errorf("%s reads %+v", name, m)
			}
		}
		if tt.read && (list[0].Files[0].Name != letter.Name || list[1].Text != "When was it?") {
			t.Errorf("%s reads %+v", name, list)
		}
		file, _, err := w.ComplaintFile(t.Context(), tt.who, id, digest)
		if domain.RefusalCode(err) != tt.code || (err == nil) != tt.read {
			t.Errorf("%s opens the file: %v, want %q", name, err, tt.code)
		}
		if err == nil && !holds(t, file, letter) {
			t.Errorf("%s gets another file", name)
		}
	}
	for _, digest := range []string{"", "sha256:", "../../../ledger.key", info(paper("x", "never")).Digest} {
		if _, _, err := w.ComplaintFile(t.Context(), staff(domain.RoleIntake, "T1"), id, digest); domain.RefusalCode(err) != domain.CodeNotFound {
			t.Errorf("%q: %v", digest, err)
		}
	}
}

// A question and a message with a file come at once, on a complaint that has no
// key yet: both are recorded, under one.
func TestAQuestionAndAMessageAtOnceGetOneKey(t *testing.T) {
	w := newWindow(t, newOffice(t))
	for n := 1; n <= 6; n++ {
		w.receive(intake.Report{Nonce: nonce(n), Category: "delay", Summary: "goods held"})
		var asked, wrote error
		var both sync.WaitGroup
		both.Go(func() {
			_, _, asked = w.Submit(context.Background(), fmt.Appendf(nil, `{"id":"q","command":"complaint.ask_reporter","subject":%q,"actor":"T2","role":"intake","question":"When?"}`, ComplaintOf(nonce(n))))
		})
		both.Go(func() {
			wrote = w.Write(context.Background(), intake.CodeOf(nonce(n)), nonce(100+n), "see", []intake.File{letter})
		})
		both.Wait()
		if asked != nil || wrote != nil {
			t.Errorf("%d: %v, %v", n, asked, wrote)
		}
		if keys, err := w.vault.Keys(); err != nil || len(keys) != n {
			t.Errorf("%d keys after %d complaints, %v", len(keys), n, err)
		}
	}
}
