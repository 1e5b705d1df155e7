package house

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/ledger/seal"
	"github.com/probity-ledger/probity/projections"
)

// The whole life, with a search of every file of the folder at each step.
func TestNoFileTellsWhoReportedAndAfterTheErasureNobodyCan(t *testing.T) {
	t.Parallel()
	o := newLockedOffice(t)
	look := func(when string) {
		t.Helper()
		if found := traces(t, o.dir, linWords...); len(found) > 0 {
			t.Errorf("%s: %s", when, strings.Join(found, "\n"))
		}
		// The search finds what is meant to be there.
		if found := traces(t, o.dir, "asked for a gift"); len(found) == 0 {
			t.Errorf("%s: the summary is not found, so nothing was searched", when)
		}
	}
	statistics := func() *projections.Statistics {
		t.Helper()
		if err := o.Views.CatchUp(t.Context(), o.Store, nil); err != nil {
			t.Fatal(err)
		}
		s, err := o.Views.As(projections.Principal{Subject: "A", Role: domain.RoleAuditor}).Statistics(t.Context(), projections.StatisticsFilter{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	o.submit(fmt.Sprintf(receive, "1", "C1"))
	look("sealed, before the views follow") // with the write-ahead log of the ledger
	before := statistics()
	look("sealed")
	if _, err := o.unseal("intake:T2@U1", "C1", "to ask for the date"); err != nil {
		t.Fatal(err)
	}
	look("opened")
	on, err := o.reporterOn(t.Context(), "complaint-C1", "")
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := os.ReadFile(filepath.Join(o.dir, vaultDir, on.sealed.Key+".key"))
	if err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup")
	o.close()
	if err := os.CopyFS(backup, os.DirFS(o.dir)); err != nil {
		t.Fatal(err)
	}
	look("closed")
	if found := traces(t, backup, linWords...); len(found) > 0 {
		t.Errorf("in the backup: %v", found)
	}

	o.open()
	o.submit(`{"id":"e","command":"complaint.erase_reporter","subject":"C1","actor":"T1","role":"intake","data":{"ground":"个人信息保护法 art. 47"}}`)
	if _, err := o.unseal("intake:T2@U1", "C1", "to ask again"); domain.RefusalCode(err) != domain.CodeState || !strings.Contains(err.Error(), "erased") {
		t.Errorf("opened after the erasure: %v", err)
	}
	if diff := cmp.Diff(before, statistics()); diff != "" || len(before.ComplaintsByCategory) == 0 {
		t.Errorf("the statistics changed (-before +after):\n%s", diff)
	}
	o.verify()
	look("erased")
	notIn := func(dir, when string) {
		t.Helper()
		if err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
			if err != nil || info.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			// The end of the file is the encrypted key itself; its beginning
			// names the algorithm, as in every other.
			if bytes.Contains(raw, wrapped[len(wrapped)/2:len(wrapped)/2+16]) {
				t.Errorf("%s: %s still holds the wrapped key", when, path)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	notIn(o.dir, "erased")
	o.close()
	notIn(o.dir, "closed")

	// With every file of the folder and the passphrase nobody opens it, with
	// the backup of before whoever holds both does: so it must not be kept.
	raw, err := os.ReadFile(filepath.Join(o.dir, sealFile))
	if err != nil || !seal.IsEncrypted(raw) {
		t.Fatalf("the seal key is not encrypted: %v", err)
	}
	if same, err := os.ReadFile(filepath.Join(backup, sealFile)); err != nil || !bytes.Equal(same, raw) {
		t.Fatalf("the seal key of the backup is another: %v", err)
	}
	master, err := seal.ParseMaster(raw, []byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		dir  string
		want error
	}{{o.dir, seal.ErrNoKey}, {backup, nil}} {
		origin, err := os.ReadFile(filepath.Join(tt.dir, originFile))
		if err != nil {
			t.Fatal(err)
		}
		v := &vault{}
		v.Vault = seal.NewVault(filepath.Join(tt.dir, vaultDir), strings.TrimSpace(string(origin)), seal.Holding(master))
		h := &House{vault: v}
		if text, err := h.open(on.sealed, reporterPlace("C1")); !errors.Is(err, tt.want) {
			t.Errorf("in %s: %s, %v; want %v", tt.dir, text, err, tt.want)
		}
	}

	// The vault of the backup is put back: the next start erases again.
	if err := os.RemoveAll(filepath.Join(o.dir, vaultDir)); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(o.dir, vaultDir), os.DirFS(filepath.Join(backup, vaultDir))); err != nil {
		t.Fatal(err)
	}
	o.open()
	notIn(o.dir, "after an older vault was put back")
}

// An event that did not come by way of Record, as one that its author signs,
// is carried out at the end of the run; after a crash, by the next start.
func TestAnErasureThatACrashCutShortIsCompleted(t *testing.T) {
	for _, crash := range []bool{false, true} {
		t.Run(fmt.Sprintf("crash %t", crash), func(t *testing.T) {
			o := newOffice(t)
			o.submit(fmt.Sprintf(receive, "1", "C1"))
			o.submit(fmt.Sprintf(receive, "1", "C2"))
			vault, atCrash := filepath.Join(o.dir, vaultDir), filepath.Join(t.TempDir(), "vault")
			if _, err := o.Recorder.Record(t.Context(), domain.Instruction{ID: "e", Command: complaint.EraseReporter{Ground: "on request"},
				Act: domain.Act{Subject: "C1", Actor: "T1", Role: domain.RoleIntake}}); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(atCrash, os.DirFS(vault)); err != nil {
				t.Fatal(err)
			}
			o.close()
			if crash { // the vault is as it was when the process died
				if err := errors.Join(os.RemoveAll(vault), os.CopyFS(vault, os.DirFS(atCrash))); err != nil {
					t.Fatal(err)
				}
				o.open()
				o.close()
			}
			entries, err := os.ReadDir(vault)
			if err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, e := range entries {
				left = append(left, e.Name())
			}
			o.open()
			on, err := o.reporterOn(t.Context(), "complaint-C2", "")
			if err != nil {
				t.Fatal(err)
			}
			want := []string{on.sealed.Key + ".key", erasuresFile}
			slices.Sort(want)
			if diff := cmp.Diff(want, left); diff != "" {
				t.Errorf("the vault (-want +got):\n%s", diff)
			}
		})
	}
}

// A destruction that fails is told, and owed to the next start.
func TestAnErasureThatFailsIsOwed(t *testing.T) {
	o := newOffice(t)
	o.submit(fmt.Sprintf(receive, "1", "C1"))
	on, err := o.reporterOn(t.Context(), "complaint-C1", "")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.dir, vaultDir, on.sealed.Key+".key")
	if err := os.Rename(path, path+".aside"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	line := []byte(`{"id":"e","command":"complaint.erase_reporter","subject":"C1","actor":"T1","role":"intake","data":{"ground":"on request"}}`)
	if _, _, err := o.Submit(t.Context(), line); err == nil || !strings.Contains(err.Error(), "not carried out yet") {
		t.Errorf("a failed destruction was not told: %v", err)
	}
	o.close()
	if err := errors.Join(os.Remove(path), os.Rename(path+".aside", path)); err != nil {
		t.Fatal(err)
	}
	o.open()
	if keys, err := o.vault.Keys(); err != nil || len(keys) != 0 {
		t.Errorf("the vault holds %v, %v", keys, err)
	}
}

func TestTheSealKeyIsMissedWhenItIsLost(t *testing.T) {
	o := newOffice(t)
	o.submit(fmt.Sprintf(receive, "1", "C1"))
	o.close()
	path := filepath.Join(o.dir, sealFile)
	if err := os.Rename(path, path+".lost"); err != nil {
		t.Fatal(err)
	}
	o.open()
	for what, do := range map[string]func() error{
		"opening": func() error { _, err := o.unseal("intake:T2@U1", "C1", "to ask"); return err },
		"sealing": func() error {
			_, _, err := o.Submit(t.Context(), []byte(fmt.Sprintf(receive, "1", "C2")))
			return err
		},
	} {
		if err := do(); err == nil || !strings.Contains(err.Error(), "put it back from its backup") {
			t.Errorf("%s without the seal key: %v", what, err)
		}
	}
	if n := o.count("C1", complaint.ReporterUnsealed{}.Kind()); n != 0 {
		t.Errorf("%d openings are recorded that showed nothing", n)
	}
}

func TestAPlainLedgerKeyMeansAPlainSealKey(t *testing.T) {
	dir := t.TempDir()
	h, err := Open(Config{Dir: dir, Write: true, PlainKey: true, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if _, err := os.Stat(filepath.Join(dir, sealFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a seal key was made for nothing: %v", err)
	}
	if _, _, err := h.Submit(t.Context(), []byte(fmt.Sprintf(receive, "1", "C1"))); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, sealFile))
	if err != nil || seal.IsEncrypted(raw) {
		t.Errorf("the seal key is encrypted, or not there: %v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, sealFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
