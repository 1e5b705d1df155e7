package house

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
)

// A rehearsal answers what the real thing then answers, and leaves nothing.
func TestARehearsalDecidesAsTheLedgerDoes(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir := t.TempDir()
	day := domain.MustDate("2024-03-05")
	instruction := func(id, subject string, cmd domain.Command) domain.Instruction {
		return domain.Instruction{ID: id, Command: cmd, Act: domain.Act{
			Subject: subject, Actor: "import:x", Role: domain.RoleImporter, OccurredAt: day.In(time.UTC), Source: fmt.Sprintf("sha256:%064d", 1),
		}}
	}
	filed := complaint.Import{ReceivedOn: day, Category: "a", Summary: "b"}
	before := []domain.Instruction{instruction("1", "C-1", filed)}
	then := []domain.Instruction{
		instruction("1", "C-1", filed),                                           // on file
		instruction("2", "C-1", filed),                                           // refused: on file already
		instruction("3", "C-2", filed),                                           // new
		instruction("3", "C-2", filed),                                           // said already
		instruction("4", "C-2", filed),                                           // refused by what came before it
		instruction("5", "P-1", officer.Import{FullName: "王芳"}),                  // new
		instruction("6", "C-3", complaint.Import{ReceivedOn: day, Summary: "b"}), // refused as to form
	}
	answers := func(rec interface {
		Record(context.Context, domain.Instruction) (ledger.Receipt, error)
	}) []string {
		var out []string
		for _, in := range then {
			r, err := rec.Record(t.Context(), in)
			out = append(out, fmt.Sprintf("%s %d %v %v %v", r.Stream, r.Revision, r.Kinds, r.Repeated, err))
		}
		return out
	}
	open := func(write bool) *House {
		h, err := Open(Config{Dir: dir, Write: write, PlainKey: true})
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	shut := func(close func() error) {
		if err := close(); err != nil {
			t.Fatal(err)
		}
	}

	h := open(true)
	for _, in := range before {
		if _, err := h.Recorder.Record(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	shut(h.Close)

	h = open(false)
	rehearsal, err := Rehearse(h, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	dry := answers(rehearsal)
	shut(rehearsal.Close)
	head, err := h.Store.Head(t.Context())
	if err != nil || head != 1 {
		t.Errorf("the ledger ends at %d after the rehearsal (%v)", head, err)
	}
	shut(h.Close)
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("the rehearsal left %v", left)
	}

	h = open(true)
	wet := answers(h.Recorder)
	shut(h.Close)
	if diff := cmp.Diff(wet, dry); diff != "" {
		t.Errorf("the rehearsal answers otherwise (-ledger +rehearsal):\n%s", diff)
	}
}
