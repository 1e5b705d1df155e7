package house

import (
	"fmt"
	"testing"

	"github.com/probity-ledger/probity/console/intake"
)

// Who gave no name reads the answer behind the code: nobody can send it to them.
func TestTheAnswerIsToldBehindTheCode(t *testing.T) {
	t.Parallel()
	w := newWindow(t, newOffice(t))
	r := handed
	r.Reporter = nil
	w.receive(r)
	for i, c := range []struct{ command, actor, role, data string }{
		{"screen", "T1", "intake", `"admissible":true,"ground":"ours"`}, {"accept", "T1", "intake", ``},
		{"assign_handler", "L1", "leader", `"handler":"H2"`}, {"conclude", "H2", "handler", `"result":"not_substantiated","opinion":"for the file alone"`},
	} {
		w.submit(fmt.Sprintf(`{"id":"s%d","command":"complaint.%s","subject":%q,"actor":%q,"role":%q,"data":{%s}}`, i, c.command, ComplaintOf(nonce(1)), c.actor, c.role, c.data))
	}
	w.follow()
	if got := w.look(1); len(got.Messages) != 0 || got.Result != "" {
		t.Errorf("before the answer the reporter is told %+v", got)
	}
	w.submit(fmt.Sprintf(`{"id":"answer","command":"complaint.answer","subject":%q,"actor":"H2","role":"handler","data":{"answer":"It could not be proved."}}`, ComplaintOf(nonce(1))))
	w.follow()
	got := w.look(1)
	if len(got.Messages) != 1 || got.Messages[0].From != intake.FromAgency || got.Messages[0].Text != "It could not be proved." || got.Messages[0].At.IsZero() || got.Status != "answered" {
		t.Errorf("the reporter is told %+v", got)
	}
}
