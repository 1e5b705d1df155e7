package house

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/graphql/overhttp"
)

// filesUnder are the paths of all files of reporters.
func filesUnder(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, filesDir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// An erasure that is recorded takes key and files, whatever a crash left.
func TestAnErasureThatACrashCutShortTakesTheFiles(t *testing.T) {
	for name, crash := range map[string]func(w *window, key string) error{
		"before the key":        func(*window, string) error { return nil },
		"between key and files": func(w *window, key string) error { return w.vault.Destroy(key) },
		"in the midst of removal": func(w *window, key string) error {
			return errors.Join(w.vault.Destroy(key), os.Remove(filesUnder(w.t, w.dir)[0]))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWindow(t, newOffice(t))
			w.receive(handed)
			id := string(ComplaintOf(nonce(1)))
			// Past the house, as if it had been killed right after the event.
			if _, err := w.Recorder.Record(t.Context(), domain.Instruction{ID: "e", Command: complaint.EraseReporter{Ground: "on request"},
				Act: domain.Act{Subject: id, Actor: "T1", Role: domain.RoleIntake}}); err != nil {
				t.Fatal(err)
			}
			c, err := w.correspondence(t.Context(), id)
			if err == nil {
				err = crash(w, c.key)
			}
			if err != nil {
				t.Fatal(err)
			}
			w.stop()
			if n := len(filesUnder(t, w.dir)); n == 0 {
				t.Fatal("nothing was left, so nothing is tried")
			}
			w.close()
			w.open()
			w.follow()
			if left := filesUnder(t, w.dir); len(left) > 0 {
				t.Errorf("the start left %v", left)
			}
			if keys, err := w.vault.Keys(); err != nil || len(keys) > 0 {
				t.Errorf("the start left the keys %v, %v", keys, err)
			}
			if s := w.look(1); !s.Erased {
				t.Errorf("the reporter sees %+v", s)
			}
		})
	}
}

// What a crash left half written goes after a while, and nothing else does.
func TestWhatACrashLeftOfFiles(t *testing.T) {
	w := newWindow(t, newOffice(t))
	w.receive(handed)
	whole := filesUnder(t, w.dir)
	old, young := filepath.Join(filepath.Dir(whole[0]), newFile+"A"), filepath.Join(filepath.Dir(whole[0]), newFile+"B")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	w.stop()
	w.close()
	w.open()
	w.follow()
	if left := filesUnder(t, w.dir); len(left) != len(whole)+1 {
		t.Errorf("left: %v", left)
	}
	w.receive(handed)
}

// A file that was changed on the disk, cut off or put in another's place is
// told as broken; nothing of it comes out that is not what was handed in.
func TestAChangedFileIsNotGivenOut(t *testing.T) {
	w := newWindow(t, newOffice(t))
	w.receive(handed)
	id, intakeClerk := ComplaintOf(nonce(1)), staff(domain.RoleIntake, "T2")
	path := func(f intake.File) string {
		found, _ := filepath.Glob(filepath.Join(w.dir, filesDir, "*", strings.TrimPrefix(info(f).Digest, "sha256:")))
		return found[0]
	}
	raw, err := os.ReadFile(path(photo))
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(path(letter))
	if err != nil {
		t.Fatal(err)
	}
	middle := append([]byte(nil), raw...)
	middle[len(middle)/2] ^= 1
	for name, put := range map[string][]byte{"changed": middle, "cut off": raw[:len(raw)-100], "another": other, "empty": nil, "plain": []byte(strings.Repeat("x", 500))} {
		if err := os.WriteFile(path(photo), put, 0o600); err != nil {
			t.Fatal(err)
		}
		r, _, err := w.ComplaintFile(t.Context(), intakeClerk, id, info(photo).Digest)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
			r.Close()
		}
		if err == nil {
			t.Errorf("%s: it is given out", name)
		}
		if s := w.look(1); len(s.Files) != 2 {
			t.Errorf("%s: the reporter sees %+v", name, s.Files)
		}
	}
}

// Where replicas share no folder for files, complaints are taken without any.
func TestReplicasWithoutACommonFolderTakeNoFiles(t *testing.T) {
	if f := newFiles(Config{Dir: "x", Replicas: "postgres://"}, true); f.dir != "" {
		t.Errorf("files would lie in %s", f.dir)
	}
	if f := newFiles(Config{Dir: "x", Files: FilesConfig{Dir: "shared", MiB: 3}}, true); f.dir != "shared" || f.budget != 3<<20 {
		t.Errorf("got %+v", f)
	}
	w := newWindow(t, newOffice(t))
	w.vault.files.dir = ""
	if err := w.Receive(t.Context(), handed); fieldOf(err) != "files" || !strings.Contains(err.Error(), "share no folder") {
		t.Errorf("got %v", err)
	}
	r := handed
	r.Files = nil
	w.receive(r)
	w.write(1, 2, "It was on the third of May.")
	w.erase(1)
}

// A backup has the files, still sealed; put back with the vault they open, and
// without it nothing does.
func TestABackupHasTheFiles(t *testing.T) {
	w := newWindow(t, newOffice(t))
	w.receive(handed)
	at := t.TempDir()
	b := BackupConfig{Dir: filepath.Join(at, "ledger"), Vault: filepath.Join(at, "vault")}
	if _, err := w.Backup(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if found := traces(t, at, intakeWords...); len(found) > 0 {
		t.Errorf("in the backup: %v", found)
	}
	w.stop()
	w.close()
	for _, vault := range []string{b.Vault, ""} {
		dir := filepath.Join(at, "back"+filepath.Base(vault))
		if _, err := Restore(t.Context(), RestoreConfig{Dir: dir, From: b.Dir, Vault: vault}); err != nil {
			t.Fatal(err)
		}
		back := &office{t: t, dir: dir, plain: true}
		back.open()
		again := newWindow(t, back)
		if err := again.Views.CatchUp(t.Context(), again.Store, nil); err != nil {
			t.Fatal(err)
		}
		again.verify()
		r, _, err := again.ComplaintFile(t.Context(), staff(domain.RoleIntake, "T2"), ComplaintOf(nonce(1)), info(photo).Digest)
		if vault == "" {
			if domain.RefusalCode(err) != domain.CodeNotFound {
				t.Errorf("without the vault: %v", err)
			}
		} else if err != nil || !holds(t, r, photo) {
			t.Errorf("with the vault: %v", err)
		}
		if s := again.look(1); len(s.Files) != 2 || (s.Files[1].Name == "") != (vault == "") {
			t.Errorf("the reporter sees %+v", s.Files)
		}
		again.stop()
		back.close()
	}
}

// What people ask and read in GraphQL.
func TestMessagesInGraphQL(t *testing.T) {
	w := newWindow(t, newOffice(t))
	w.receive(handed)
	service, err := w.GraphQL(nil)
	if err != nil {
		t.Fatal(err)
	}
	id := string(ComplaintOf(nonce(1)))
	do := func(role domain.Role, query string, variables map[string]any) string {
		t.Helper()
		r := service.Do(context.Background(), staff(role, "T1"), overhttp.Request{Query: query, Variables: variables})
		return fmt.Sprintf("%s %v", r.Data, r.Errors)
	}
	ask := `mutation($c: ID!, $q: String!) { complaintAskReporter(subject: $c, id: "q1", input: {question: $q}) { recorded repeated } }`
	if got := do(domain.RoleIntake, ask, map[string]any{"c": id, "q": "Whose car was it?"}); !strings.Contains(got, `"recorded":true,"repeated":false`) {
		t.Error(got)
	}
	if got := do(domain.RoleIntake, ask, map[string]any{"c": id, "q": "Whose car was it?"}); !strings.Contains(got, `"recorded":true,"repeated":true`) {
		t.Error(got)
	}
	if got := do(domain.RoleIntake, ask, map[string]any{"c": id, "q": ""}); !strings.Contains(got, "input.question") {
		t.Error(got)
	}
	if got := do(domain.RoleLeader, ask, map[string]any{"c": id, "q": "Who are you?"}); !strings.Contains(got, "FORBIDDEN") {
		t.Error(got)
	}
	w.write(1, 2, "The chief's.")
	read := `query($c: ID!) { complaint(id: $c) { messages { from text readable files { name size } event { kind } } } }`
	got := do(domain.RoleIntake, read, map[string]any{"c": id})
	for _, want := range []string{`{"from":"REPORTER","text":null,"readable":true,"files":[{"name":"林静雯的信.txt","size":"49"}`, `{"from":"AGENCY","text":"Whose car was it?","readable":true,"files":[],"event":{"kind":"complaint.question_asked.v1"}}`,
		`{"from":"REPORTER","text":"The chief's."`} {
		if !strings.Contains(got, want) {
			t.Errorf("intake reads no %s: %s", want, got)
		}
	}
	got = do(domain.RoleInspector, read, map[string]any{"c": id})
	if strings.Contains(got, "car") || strings.Contains(got, "chief") || strings.Contains(got, "信") || strings.Count(got, `"readable":false`) != 3 {
		t.Errorf("an inspector reads %s", got)
	}
	if got := do(domain.RoleHR, read, map[string]any{"c": id}); got != `{"complaint":null} []` {
		t.Errorf("HR reads %s", got)
	}
}
