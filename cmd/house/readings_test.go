package house

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

var (
	personnel = projections.Principal{Subject: "hr-li", Role: domain.RoleHR}
	overseen  = projections.Principal{Subject: "audit-sun", Role: domain.RoleAuditor}
)

// withOfficers is a house with the officers P1 and P2.
func withOfficers(t *testing.T) *life {
	l := begin(t, "2025-03-03")
	l.do("hr:hr-li", "hq", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	l.do("hr:hr-li", "P1", officer.Enroll{FullName: "王芳", Unit: "hq"})
	l.do("hr:hr-li", "P2", officer.Enroll{FullName: "李娜", Unit: "hq"})
	return l
}

// read notes a reading a second after the last.
func (l *life) read(who projections.Principal, id domain.OfficerID, why string) {
	l.t.Helper()
	l.now = l.now.Add(time.Second)
	if err := l.NoteReading(l.t.Context(), who, id, why, l.now); err != nil {
		l.t.Fatal(err)
	}
}

func (l *life) record() {
	l.t.Helper()
	if err := l.RecordReadings(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

// readings are those of the officer that are recorded, and how many journals
// wait.
func (l *life) readings(id domain.OfficerID) []string {
	l.t.Helper()
	l.catchUp()
	all, err := l.Views.As(overseen).FileReadings(l.t.Context(), []domain.OfficerID{id})
	if err != nil {
		l.t.Fatal(err)
	}
	var out []string
	for _, r := range all[id] {
		out = append(out, fmt.Sprintf("%s %s, %s: %d in %s", r.Role, r.By, r.Why, r.Count, r.To.Sub(r.From)))
	}
	return out
}

func (l *life) journals() []string {
	l.t.Helper()
	out, err := filepath.Glob(filepath.Join(l.dir, readingsDir, "*"))
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}

// kill ends the house as a kill would: nothing is recorded any more.
func (l *life) kill() {
	l.t.Helper()
	j := l.journal
	l.journal = &journal{dir: l.t.TempDir()}
	l.close()
	if j.file != nil {
		j.file.Close()
	}
	l.open()
}

func same(t *testing.T, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("readings (-want +got):\n%s", diff)
	}
}

func TestReadingsAreRecordedInGroups(t *testing.T) {
	l := withOfficers(t)
	for range 3 {
		l.read(personnel, "P1", "annual appraisal")
		l.read(overseen, "P1", "GraphQL")
	}
	l.read(personnel, "P1", "promotion")
	l.read(personnel, "P2", "annual appraisal")
	l.read(projections.Principal{Subject: "P1", Role: domain.RoleOfficer}, "P1", "GraphQL")
	same(t, nil, l.readings("P1"))
	l.record()
	first := []string{"hr hr-li, annual appraisal: 3 in 4s", "auditor audit-sun, GraphQL: 3 in 4s", "hr hr-li, promotion: 1 in 0s", "officer P1, GraphQL: 1 in 0s"}
	same(t, first, l.readings("P1"))
	same(t, []string{"hr hr-li, annual appraisal: 1 in 0s"}, l.readings("P2"))
	l.record() // nothing is left
	l.read(personnel, "P1", "annual appraisal")
	l.close() // records the rest
	l.open()
	same(t, append(first, "hr hr-li, annual appraisal: 1 in 0s"), l.readings("P1"))
	if left := l.journals(); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestReadingsOutliveAKill(t *testing.T) {
	l := withOfficers(t)
	l.read(personnel, "P1", "before the kill")
	l.read(personnel, "P1", "before the kill")
	l.kill()
	same(t, nil, l.readings("P1"))
	// Half a line, as a power cut may leave it, is nothing; nor is what is not ours.
	left := l.journals()
	if len(left) != 1 {
		t.Fatal(left)
	}
	file, err := os.OpenFile(left[0], os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = file.WriteString("\x00\x00\x00\n{}\n" + strings.Repeat("y", 3*longestLine) + "\n" + `{"officer":"P1","by":"hr-li","role":"hr","why":"cut`)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	l.read(personnel, "P1", "after it")
	l.record()
	want := []string{"hr hr-li, before the kill: 2 in 1s", "hr hr-li, after it: 1 in 0s"}
	same(t, want, l.readings("P1"))

	// Killed between recording and removing, anywhere in between.
	l.read(personnel, "P1", "again")
	l.read(personnel, "P2", "again")
	l.kill()
	journal := l.journals()[0]
	kept, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	groups, notes, err := readJournal(journal)
	if err != nil || len(notes) != 2 {
		t.Fatal(notes, err)
	}
	_, err = l.Recorder.Record(t.Context(), domain.Instruction{ID: "readings:" + filepath.Base(journal) + ":0", Command: notes[0],
		Act: domain.Act{Subject: string(groups[0].Officer), Actor: domain.ActorSystem, Role: domain.RoleSystem}})
	if err != nil {
		t.Fatal(err)
	}
	l.kill()
	l.record()
	if err := os.WriteFile(journal, kept, 0o600); err != nil { // removed, and back after a power cut
		t.Fatal(err)
	}
	l.kill()
	l.record()
	same(t, append(want, "hr hr-li, again: 1 in 0s"), l.readings("P1"))
	same(t, []string{"hr hr-li, again: 1 in 0s"}, l.readings("P2"))
	if left := l.journals(); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestReadingsThatCannotBeNotedAreRefused(t *testing.T) {
	l := withOfficers(t)
	note := func(who projections.Principal, why string) error {
		return l.NoteReading(t.Context(), who, "P1", why, l.now)
	}
	for field, err := range map[string]error{
		"by":   note(projections.Principal{Subject: "a|b", Role: domain.RoleHR}, "x"),
		"role": note(projections.Principal{Subject: "system", Role: domain.RoleSystem}, "x"),
		"why":  note(personnel, ""),
	} {
		if refusal, ok := errors.AsType[*domain.Refusal](err); !ok || refusal.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if left := l.journals(); len(left) > 0 {
		t.Errorf("noted: %v", left)
	}
	// A medium that takes no writing.
	l.read(personnel, "P1", "kept")
	whole := l.journal.file
	broken, err := os.Open(whole.Name())
	if err != nil {
		t.Fatal(err)
	}
	l.journal.file = broken
	if err := note(personnel, "lost"); err == nil {
		t.Error("noted on what takes no writing")
	}
	if err := errors.Join(whole.Close(), note(personnel, "after")); err != nil {
		t.Error(err)
	}
	l.record()
	same(t, []string{"hr hr-li, kept: 1 in 0s", "hr hr-li, after: 1 in 0s"}, l.readings("P1"))
	// Too many wait.
	l.journal.waiting = make([]string, waitingJournals)
	if err := note(personnel, "x"); !errors.Is(err, ErrReadingsWait) {
		t.Error(err)
	}
	l.journal.waiting = nil
	l.journal.end()
	if err := note(personnel, "x"); !errors.Is(err, ledger.ErrClosed) {
		t.Error(err)
	}
}

// A clock that was set back keeps readings waiting, not others.
func TestReadingsAheadOfTheClockWait(t *testing.T) {
	l := withOfficers(t)
	l.read(personnel, "P2", "early")
	ahead := l.now.Add(time.Hour)
	if err := l.NoteReading(t.Context(), personnel, "P1", "early", ahead); err != nil {
		t.Fatal(err)
	}
	if err := l.RecordReadings(t.Context()); domain.RefusalCode(err) == "" {
		t.Error(err)
	}
	l.read(personnel, "P1", "late")
	if err := l.RecordReadings(t.Context()); domain.RefusalCode(err) == "" {
		t.Error(err)
	}
	same(t, []string{"hr hr-li, late: 1 in 0s"}, l.readings("P1"))
	l.now = ahead
	l.record()
	same(t, []string{"hr hr-li, late: 1 in 0s", "hr hr-li, early: 1 in 0s"}, l.readings("P1"))
	same(t, []string{"hr hr-li, early: 1 in 0s"}, l.readings("P2"))
}

// Many read at once while journals are recorded; a journal is full after so
// many groups. Every reading is recorded once.
func TestReadingsByManyAreAllCounted(t *testing.T) {
	t.Parallel()
	l := withOfficers(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.RunReadings(ctx, slog.New(slog.NewTextHandler(io.Discard, nil))) }()
	const readers, each = 8, 400
	var all sync.WaitGroup
	for r := range readers {
		all.Go(func() {
			for i := range each {
				why := fmt.Sprintf("purpose %d", i%300)
				if err := l.NoteReading(ctx, projections.Principal{Subject: fmt.Sprintf("hr-%d", r), Role: domain.RoleHR}, "P1", why, l.now); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 3 {
		if err := l.RecordReadings(ctx); err != nil {
			t.Error(err)
		}
	}
	all.Wait()
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	l.record()
	l.catchUp()
	got, err := l.Views.As(overseen).FileReadings(t.Context(), []domain.OfficerID{"P1"})
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, r := range got["P1"] {
		count += r.Count
	}
	if count != readers*each {
		t.Errorf("%d readings in %d events, want %d", count, len(got["P1"]), readers*each)
	}
}

func TestAFloodOfReadingsIsOneEvent(t *testing.T) {
	l := withOfficers(t)
	for range 5000 {
		l.read(personnel, "P1", "curiosity")
	}
	l.record()
	same(t, []string{"hr hr-li, curiosity: 5000 in 1h23m19s"}, l.readings("P1"))
}

// BenchmarkNoteReading is what noting adds to an answer.
// What a crash left of a journal in the making is no reading: it is in no
// backup, and gone at the next start, unless somebody may be writing it still.
func TestAJournalInTheMakingIsLeftOutAndCleanedUp(t *testing.T) {
	l := withOfficers(t)
	if err := l.NoteReadings(t.Context(), personnel, []domain.OfficerID{"P1"}, "load", l.now); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(l.Dir, readingsDir)
	left, being := partialMark+"1-left"+bulkMark, partialMark+"2-being"+bulkMark
	for _, name := range []string{left, being} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * partialAge)
	if err := os.Chtimes(filepath.Join(dir, left), long, long); err != nil {
		t.Fatal(err)
	}
	backup := openJournals(l.Dir)
	defer backup.close()
	j, err := openJournal(l.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(backup.names) != 1 || !slices.Equal(backup.names, j.waiting) {
		t.Errorf("the backup has %q, there wait %q", backup.names, j.waiting)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 || entries[0].Name() != being {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func BenchmarkNoteReading(b *testing.B) {
	j, err := openJournal(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	h, now := &House{journal: j}, time.Now()
	b.ReportAllocs()
	for b.Loop() {
		if err := h.NoteReading(context.Background(), personnel, "P1", "annual appraisal", now); err != nil {
			b.Fatal(err)
		}
		if j.size > journalBytes-1000 {
			j.close()
			j.waiting = nil
		}
	}
	j.end()
}
