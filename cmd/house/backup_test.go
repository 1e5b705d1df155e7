package house

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/ledger"
)

// busy is an office in which everything happens at once: recording, sealing
// and erasing, reading, and the log that signs it all.
type busy struct {
	*office
	g                   *errgroup.Group
	recorded, read, all atomic.Int64 // acknowledged so far; all: readings begun
	missing             []string     // keys that a backup lacks
}

func keepBusy(ctx context.Context, o *office) *busy {
	b := &busy{office: o}
	b.g, ctx = errgroup.WithContext(ctx)
	after := context.WithoutCancel(ctx)
	loop := func(each func(n int) error) {
		b.g.Go(func() error {
			for n := 0; ctx.Err() == nil; n++ {
				if err := each(n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	ended := func(err error) error {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	b.g.Go(func() error { return ended(o.Notary.Run(ctx)) })
	b.g.Go(func() error { return ended(o.RunIndex(ctx)) })
	loop(func(n int) error {
		_, err := o.Record(after, domain.Instruction{ID: "busy", Command: unit.Establish{UnitName: "科", UnitKind: unit.KindDepartment, Parent: "U1"},
			Act: domain.Act{Subject: fmt.Sprintf("B%d", n), Actor: "R1", Role: domain.RoleHR}})
		b.recorded.Add(1)
		time.Sleep(time.Millisecond) // all go on at once, none at the cost of the rest
		return err
	})
	loop(func(n int) error {
		id := fmt.Sprintf("busy%d", n)
		_, _, err := o.Submit(after, fmt.Appendf(nil, receive, id, id))
		if err == nil && n%3 == 0 {
			_, _, err = o.Submit(after, fmt.Appendf(nil, `{"id":"e%s","command":"complaint.erase_reporter","subject":"%s","actor":"T1","role":"intake","data":{"ground":"art. 47"}}`, id, id))
		}
		time.Sleep(time.Millisecond)
		return err
	})
	loop(func(int) error {
		b.all.Add(1)
		err := o.NoteReading(after, personnel, "P1", "annual appraisal", time.Now())
		b.read.Add(1)
		time.Sleep(200 * time.Microsecond)
		return err
	})
	loop(func(int) error {
		time.Sleep(2 * time.Millisecond)
		return o.RecordReadings(after)
	})
	return b
}

// A backup made while everything happens at once is whole: what was
// acknowledged before it is in it, the log claims no more than the ledger
// holds, no reading is lost or counted twice, and whoever can be named can
// still be opened.
func TestABackupOfABusyHouse(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	b := keepBusy(ctx, newOffice(t))
	rounds := 3
	if testing.Short() {
		rounds = 2
	}
	for range rounds {
		b.backUp(t)
	}
	stop()
	if err := b.g.Wait(); err != nil {
		t.Fatal(err)
	}
	live := b.tally(t)
	for _, key := range b.missing {
		if live.sealed[key] {
			t.Errorf("a backup lacks the key %s, which was never erased", key)
		}
	}
}

func (b *busy) backUp(t *testing.T) {
	t.Helper()
	reading, err := Open(Config{Dir: b.dir})
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Close()
	place := t.TempDir()
	cfg := BackupConfig{Dir: filepath.Join(place, "ledger"), Vault: filepath.Join(place, "vault"), LeftOut: func(name string) { t.Errorf("%s is left out", name) }}
	recorded, read := b.recorded.Load(), b.read.Load()
	m, err := reading.Backup(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	began := b.all.Load()
	if m.Signed > m.Events {
		t.Fatalf("the log claims %d events, the ledger holds %d", m.Signed, m.Events)
	}
	o := &office{t: t, dir: filepath.Join(place, "again"), plain: true}
	r, err := Restore(t.Context(), RestoreConfig{Dir: o.dir, From: cfg.Dir, Vault: cfg.Vault})
	if err != nil {
		t.Fatal(err)
	}
	o.open()
	defer o.close()
	if err := o.RecordReadings(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.verify()
	is := o.tally(t)
	if is.units < recorded {
		t.Errorf("%d units are in the backup, %d were acknowledged before it", is.units, recorded)
	}
	if is.readings < read || is.readings > began {
		t.Errorf("%d readings after the restore; %d were noted before the backup, %d begun by its end", is.readings, read, began)
	}
	b.missing = append(b.missing, is.missing...)
	if r.Events == 0 || r.Position != fmt.Sprint(r.Events) {
		t.Errorf("restored %+v", r)
	}
	if err := o.Notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Notary.Check(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// tally is what an office holds.
type tally struct {
	units, readings int64           // of the load
	sealed          map[string]bool // keys of identities that are not erased
	missing         []string        // those that are not in the vault
}

// tally holds the vault against what the ledger says of each complaint.
func (o *office) tally(t *testing.T) tally {
	t.Helper()
	keys, err := o.vault.Keys()
	if err != nil {
		t.Fatal(err)
	}
	is := tally{sealed: map[string]bool{}}
	for s, err := range o.Store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := o.Codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		switch e := d.Event.(type) {
		case unit.Established:
			if strings.HasPrefix(s.Stream, "unit-B") {
				is.units++
			}
		case access.Read:
			is.readings += int64(e.Count)
		case complaint.ReporterSealed:
			is.sealed[e.Key] = true
		case complaint.ReporterErased:
			delete(is.sealed, e.Key)
			if slices.Contains(keys, e.Key) {
				t.Errorf("the key %s is there, though it was erased", e.Key)
			}
		}
	}
	for key := range is.sealed {
		if !slices.Contains(keys, key) {
			is.missing = append(is.missing, key)
		}
	}
	return is
}

// Keys that are exchanged while they are copied may not belong together.
func TestABackupDuringAChangeOfKeysIsMadeAgain(t *testing.T) {
	o := newOffice(t)
	if err := o.Notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	changed := false
	cfg := BackupConfig{Dir: filepath.Join(t.TempDir(), "b"), Progress: func(string, int64, int64) {
		if changed {
			return
		}
		changed = true
		raw, err := os.ReadFile(filepath.Join(o.dir, pubFile))
		if err != nil {
			t.Fatal(err)
		}
		if err := writeFile(filepath.Join(o.dir, pubFile), append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}}
	reading, err := Open(Config{Dir: o.dir})
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Close()
	if _, err := reading.Backup(t.Context(), cfg); !errors.Is(err, ErrKeysChanged) || !strings.Contains(err.Error(), pubFile) {
		t.Errorf("got %v", err)
	}
	if _, err := Restore(t.Context(), RestoreConfig{Dir: filepath.Join(t.TempDir(), "r"), From: cfg.Dir}); !errors.Is(err, ErrBackup) {
		t.Errorf("what was left of it: %v", err)
	}
}

// A webhook that sends while the ledger is copied has not come further in the
// copy than the ledger of the copy goes.
func TestABackupHasWebhooksOfBeforeTheLedger(t *testing.T) {
	o := newOffice(t)
	f := newHookFolder(o.dir)
	defer f.close()
	if err := f.Save(t.Context(), "pay", hooks.State{Position: 1}); err != nil {
		t.Fatal(err)
	}
	cfg := BackupConfig{Dir: filepath.Join(t.TempDir(), "b"), Progress: func(string, int64, int64) {
		for _, name := range []string{"pay", "new"} {
			if err := f.Save(t.Context(), name, hooks.State{Position: 1 << 20}); err != nil {
				t.Error(err)
			}
		}
	}}
	reading, err := Open(Config{Dir: o.dir})
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Close()
	if _, err := reading.Backup(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if s, found, err := f.Load(t.Context(), "pay"); err != nil || !found || s.Position == 1 {
		t.Fatalf("nothing was sent meanwhile: %+v, %v", s, err)
	}
	copied := newHookFolder(filepath.Join(cfg.Dir, backupData))
	if s, found, err := copied.Load(t.Context(), "pay"); err != nil || !found || s.Position != 1 {
		t.Errorf("the copy has %+v, %v, %v", s, found, err)
	}
	if _, found, err := copied.Load(t.Context(), "new"); found || err != nil {
		t.Errorf("the copy has a webhook of after its ledger: %v", err)
	}
}

// Whatever is left of a backup that was cut short is refused, wherever that
// was, and leaves an empty folder.
func TestWhatIsLeftOfABackupIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.submit(fmt.Sprintf(receive, "1", "C1"))
	if err := o.Notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	reading, err := Open(Config{Dir: o.dir})
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Close()
	from := filepath.Join(t.TempDir(), "b")
	m, err := reading.Backup(t.Context(), BackupConfig{Dir: from})
	if err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	if err := WriteArchive(&archive, from); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, cfg RestoreConfig) {
		t.Helper()
		cfg.Dir = filepath.Join(t.TempDir(), "r")
		if _, err := Restore(t.Context(), cfg); !errors.Is(err, ErrBackup) {
			t.Errorf("%s: %v", what, err)
		}
		if left, err := os.ReadDir(cfg.Dir); err != nil || len(left) > 0 {
			t.Errorf("%s leaves %v, %v", what, left, err)
		}
	}
	whole := archive.Bytes()
	// The last kilobyte of a tar stream is its end mark and nothing else.
	for cut := 0; cut < len(whole)-1024; cut += 1 + len(whole)/41 {
		refused(fmt.Sprintf("cut at %d of %d", cut, len(whole)), RestoreConfig{Stream: bytes.NewReader(whole[:cut])})
	}
	for i, f := range m.Files {
		path := filepath.Join(from, backupData, filepath.FromSlash(f.Name))
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) > 0 {
			bad := bytes.Clone(raw)
			bad[(i*7919)%len(bad)] ^= 1
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			refused("a bit of "+f.Name, RestoreConfig{From: from})
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		refused("without "+f.Name, RestoreConfig{From: from})
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Restore(t.Context(), RestoreConfig{Dir: filepath.Join(t.TempDir(), "r"), From: from}); err != nil {
		t.Errorf("the whole one: %v", err)
	}
}
