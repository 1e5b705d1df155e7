package warning_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/warning"
)

// A history of first forms and its present form fold to the same warning, and
// the commands of today go on from it.
func TestFirstFormsFoldAsTheirPresentOnes(t *testing.T) {
	raisedV1 := warning.RaisedV1{
		Rule: "discretion-outlier", Version: "1", Unit: "U1", Officer: "P7", Evidence: []domain.EventID{"e-1", "e-2"},
		Score: 2300, Exposure: 214, Baseline: "2 % outside the range", Peers: "31 officers of 4 windows", Explanation: "19 of 214 penalties lie outside their range",
		Due: domain.MustDate("2024-03-11")}
	groupedV1 := warning.GroupedV1{Officer: "P7", Version: "1", Evidence: []domain.EventID{"e-3"}, Score: 2100, Exposure: 230, Explanation: "20 of 230"}
	escalatedV1 := warning.EscalatedV1{Officer: "P7", To: domain.RoleLeader, Reason: "nobody took it up in 5 days"}
	was, is := warning.Room.NewState(), warning.Room.NewState()
	var given []domaintest.Past
	for _, s := range []struct{ was, is domain.Event }{
		{raisedV1, raised.Event}, {groupedV1, grouped.Event}, {escalatedV1, escalated.Event}, {acknowledged.Event, acknowledged.Event},
	} {
		if now := warning.Now(s.was); !cmp.Equal(now, s.is) {
			t.Errorf("%s is now %+v, want %+v", s.was.Kind(), now, s.is)
		}
		warning.Room.Apply(was, s.was, system)
		warning.Room.Apply(is, s.is, system)
		if diff := cmp.Diff(is, was); diff != "" {
			t.Fatalf("after %s (-present +first form):\n%s", s.was.Kind(), diff)
		}
		given = append(given, domaintest.Past{Act: system, Event: s.was})
	}
	domaintest.Run(t, warning.Room, []domaintest.Scenario{{
		Name: "a repeat in two languages joins a warning of the first form", Given: given,
		When: with(func(c *warning.Raise) {
			c.Evidence, c.ExplanationChinese = []domain.EventID{"e-9"}, "214件处罚中有19件超出幅度"
		}), As: system,
		Then: []domain.Event{warning.Grouped{Officer: "P7", Version: "1", Evidence: []domain.EventID{"e-9"}, Score: 2300, Exposure: 214,
			Explanation: raise.Explanation, ExplanationChinese: "214件处罚中有19件超出幅度"}},
	}})
}
