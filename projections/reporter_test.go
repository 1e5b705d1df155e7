package projections_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/projections"
)

// Whoever works the complaint sees that an identity is under seal, and
// neither why it was opened nor why it was erased; those who answer for the
// opening being rightful see that.
func TestWhoSeesThatAnIdentityWasOpened(t *testing.T) {
	h := newHouse(t).on("2024-03-04")
	h.do("hr:R1", "U1", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	h.do("hr:R1", "P1", officer.Enroll{FullName: "P1", Unit: "U1", On: domain.MustDate("2020-01-06")})
	h.do("intake:T1", "C1", complaint.Receive{Channel: complaint.ChannelVisit, Category: "bribery", Summary: "asked for a gift", Unit: "U1",
		Officers: []domain.OfficerID{"P1"}, Reporter: domain.Sealed{Key: "k1", Ciphertext: "AWZha2Ugc2VhbGVkIHRleHQ="}})
	h.do("intake:T1", "C1", complaint.Screen{Admissible: true, Ground: "ours"})
	h.do("intake:T1", "C1", complaint.Accept{})
	h.do("leader:L1", "C1", complaint.AssignHandler{Handler: "H1"})
	h.do("intake:T1", "C1", complaint.UnsealReporter{Reason: "to ask for the date"})
	h.do("leader:L1", "C1", complaint.EraseReporter{Ground: "on request"})
	v := h.built()
	seal, open, erase := complaint.ReporterSealed{}.Kind(), complaint.ReporterUnsealed{}.Kind(), complaint.ReporterErased{}.Kind()
	for _, tt := range []struct {
		role domain.Role
		who  string
		want []domain.Kind
	}{
		{domain.RoleAuditor, "A1", []domain.Kind{seal, open, erase}},
		{domain.RoleIntake, "T1", []domain.Kind{seal, open, erase}},
		{domain.RoleInspector, "I1", []domain.Kind{seal, open, erase}},
		{domain.RoleLeader, "L1", []domain.Kind{seal, open, erase}},
		{domain.RoleHandler, "H1", []domain.Kind{seal}},
		{domain.RoleHandler, "H2", nil},
		{domain.RoleHR, "R1", nil},
		{domain.RoleOfficer, "P1", nil},
		{domain.RoleOverseer, "O1", nil},
		{domain.RolePublic, "", nil},
	} {
		r := v.As(projections.Principal{Subject: tt.who, Role: tt.role, Units: []domain.UnitID{"U1"}})
		var got []domain.Kind
		l, err := r.Events(context.Background(), projections.EventFilter{Order: projections.RecordedAsc}, projections.Page{First: projections.MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range l.Items {
			if slices.Contains([]domain.Kind{seal, open, erase}, e.Kind) {
				got = append(got, e.Kind)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.role, tt.who, diff)
		}
	}
}
