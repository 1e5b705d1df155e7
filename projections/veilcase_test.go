package projections_test

import (
	"context"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/projections"
)

// Who may not know of a case reads its id in no event, also where the event
// itself is theirs to see.
func TestEventsNameNoCaseToThoseWhoMayNotKnowOfIt(t *testing.T) {
	h := agency(t)
	h.do("leader:L1", "P1", officer.SuspendFromDuty{Reason: "inquiry", Case: "C1"})
	h.do("leader:L1", "K1", post.RequireRerating{Cause: "no second pair of eyes", Case: "C1"})
	v := h.built()
	for _, who := range []projections.Principal{as(domain.RoleHR, "R1", projections.AllUnits), as(domain.RoleOfficer, "P1"), as(domain.RoleLeader, "L1", "A"), auditor} {
		t.Run(string(who.Role), func(t *testing.T) {
			r, blind := v.As(who), who.Role == domain.RoleHR || who.Role == domain.RoleOfficer
			l, err := r.Events(context.Background(), projections.EventFilter{}, projections.Page{First: projections.MaxPage})
			if err != nil {
				t.Fatal(err)
			}
			named := map[string]bool{}
			for _, e := range l.Items {
				data := string(e.Data)
				if strings.Contains(data, `"case"`) {
					named[string(e.Kind)] = true
				}
				if e.Veiled && !blind {
					t.Errorf("%s is veiled: %s", e.Kind, data)
				}
				one, err := r.Event(context.Background(), e.ID)
				if err != nil || string(one.Data) != data {
					t.Errorf("%s alone shows %s, in the list %s: %v", e.Kind, one.Data, data, err)
				}
				if e.Kind == (officer.SuspendedFromDuty{}).Kind() && !strings.Contains(data, `"reason":"inquiry"`) {
					t.Errorf("the rest of the event is gone: %s", data)
				}
			}
			for _, kind := range []domain.Kind{officer.SuspendedFromDuty{}.Kind(), officer.FindingsNoted{}.Kind(), "sanction.imposed.v2"} {
				if named[string(kind)] == blind {
					t.Errorf("%s names its case: %v", kind, named[string(kind)])
				}
			}
			if blind && len(named) > 0 {
				t.Errorf("these name a case: %v", named)
			}
		})
	}
}
