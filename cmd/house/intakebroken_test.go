package house

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
)

// What was damaged takes nothing else along: the reporter still sees how the
// complaint stands, and what was written besides.
func TestAMessageThatDoesNotOpenHidesNoOther(t *testing.T) {
	w := newWindow(t, newOffice(t))
	w.receive(handed)
	id := ComplaintOf(nonce(1))
	c, err := w.correspondence(t.Context(), string(id))
	if err != nil {
		t.Fatal(err)
	}
	broken := domain.Instruction{ID: "b", Act: domain.Act{Subject: string(id), Actor: "T1", Role: domain.RoleIntake},
		Command: complaint.AskReporter{Question: domain.SealedText{Key: c.key, Ciphertext: "bm90aGluZw=="}}}
	if _, err := w.Record(t.Context(), broken); err != nil {
		t.Fatal(err)
	}
	w.ask(1, "q1", "When was it?")
	if s := w.look(1); len(s.Messages) != 2 || s.Messages[0].Text != "" || s.Messages[1].Text != "When was it?" || len(s.Files) != 2 || !s.CanWrite {
		t.Errorf("the reporter sees %+v", s)
	}
	if err := w.Views.CatchUp(t.Context(), w.Store, nil); err != nil {
		t.Fatal(err)
	}
	list, err := w.Messages(t.Context(), w.Views.As(staff(domain.RoleIntake, "T1")), id)
	if err != nil || len(list) != 3 || !list[0].Readable || list[1].Readable || !list[2].Readable || list[2].Text != "When was it?" {
		t.Errorf("intake sees %+v, %v", list, err)
	}
}
