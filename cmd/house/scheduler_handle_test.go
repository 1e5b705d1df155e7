package house

import (
	"context"
	"slices"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
)

// escalations lists when open warnings were sent up by the system, and to whom.
func (l *life) escalations() []string {
	l.t.Helper()
	var out []string
	for s, err := range l.Store.ReadAll(context.Background(), ledger.Start) {
		if err != nil {
			l.t.Fatal(err)
		}
		d, err := l.Codec.Decode(s)
		if err != nil {
			l.t.Fatal(err)
		}
		if e, ok := d.Event.(warning.Escalated); ok && d.Act.Actor == domain.ActorSystem {
			out = append(out, d.Act.Subject+" "+l.Books.Shelf().Day(d.Act.OccurredAt).String()+" to "+string(e.To)+": "+e.Reason)
		}
	}
	return out
}

// To take a warning up is not to deal with it: one that nobody acts on or
// dismisses goes up, role by role, and stays with the last; one that is
// settled goes nowhere.
func TestAWarningThatIsTakenUpAndLeftLyingGoesFurtherUp(t *testing.T) {
	l := begin(t, "2024-01-08")
	l.do("hr:R1", "U1", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	for _, id := range []string{"lying", "reviewed", "settled"} {
		l.do("inspector:I1", id, warning.Raise{Rule: "by-hand", Version: "1", Unit: "U1", Explanation: "odd"})
		l.do("inspector:I1", id, warning.Acknowledge{})
	}
	l.do("inspector:I1", "reviewed", warning.Review{Opinion: "odd indeed"})
	l.do("inspector:I1", "settled", warning.Review{Opinion: "a wrong clock"})
	l.do("inspector:I1", "settled", warning.Dismiss{Reason: "a wrong clock"})
	for range 100 {
		l.now = l.now.AddDate(0, 0, 1)
		l.catchUp()
		l.pass()
	}
	want := []string{
		"lying 2024-02-08 to leader: nobody acted on the warning or dismissed it by 2024-02-07",
		"reviewed 2024-02-08 to leader: nobody acted on the warning or dismissed it by 2024-02-07",
		"lying 2024-03-10 to overseer: nobody acted on the warning or dismissed it by 2024-03-09",
		"reviewed 2024-03-10 to overseer: nobody acted on the warning or dismissed it by 2024-03-09",
	}
	got := l.escalations()
	slices.SortStableFunc(got, func(a, b string) int { return slices.Index(want, a) - slices.Index(want, b) })
	if !slices.Equal(got, want) {
		t.Errorf("sent up: %q, want %q", got, want)
	}
	l.catchUp()
	if p := l.pass(); p.Any() || p.Refused > 0 {
		t.Errorf("a pass more did %+v", p)
	}
}

// Who takes up a warning that was sent up has a term of their own, and whoever
// settles it ends the matter.
func TestAWarningIsSettledByWhomItWasSentUpTo(t *testing.T) {
	l := begin(t, "2024-01-08")
	l.do("hr:R1", "U1", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	l.do("inspector:I1", "W1", warning.Raise{Rule: "by-hand", Version: "1", Unit: "U1", Explanation: "odd"})
	for day := 1; day <= 100; day++ {
		l.now = l.now.AddDate(0, 0, 1)
		switch day {
		case 20: // escalated since 2024-01-16
			l.do("leader:L1", "W1", warning.Acknowledge{})
		case 45:
			l.do("leader:L1", "W1", warning.Review{Opinion: "look there"})
			l.do("leader:L1", "W1", warning.ActOn{To: warning.TargetInspection, ID: "JC1"})
		}
		l.catchUp()
		l.pass()
	}
	want := []string{"W1 2024-01-16 to leader: nobody took the warning up by 2024-01-15"}
	if got := l.escalations(); !slices.Equal(got, want) {
		t.Errorf("sent up: %q, want %q", got, want)
	}
}
