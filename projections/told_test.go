package projections_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/projections"
)

// Whoever has the code is told how the complaint stands: the result once they
// were answered, never who worked on it. A name sees nothing by a code.
func TestACodeTellsHowItsComplaintStands(t *testing.T) {
	const hash = "5f0c7a1be2d34496a1b2c3d4e5f60718"
	h := newHouse(t).on("2024-03-04")
	h.do("hr:R1", "U1", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	h.do("hr:R1", "U2", unit.Establish{UnitName: "旧处", UnitKind: unit.KindSection, Parent: "U1"})
	h.do("hr:R1", "U2", unit.Close{Reason: "merged"})
	h.do("hr:R1", "P1", officer.Enroll{FullName: "P1", Unit: "U1", On: domain.MustDate("2020-01-06")})
	receive := complaint.Receive{Channel: complaint.ChannelWeb, Category: "bribery", Summary: "asked for a gift", Unit: "U1", Officers: []domain.OfficerID{"P1"}}
	h.do("intake:T1", "C0", receive)
	receive.Receipt.Hash = hash
	h.do("public:public", "C1", receive)
	h.do("intake:T1", "C1", complaint.Screen{Admissible: true, Ground: "ours"})
	h.do("intake:T1", "C1", complaint.Accept{})
	h.do("leader:L1", "C1", complaint.AssignHandler{Handler: "H1"})
	h.do("handler:H1", "C1", complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "the recording is clear"})

	public := projections.Principal{Role: domain.RolePublic}
	told := func(who projections.Principal, hash string) *projections.Told {
		t.Helper()
		x, err := h.built().As(who).Told(t.Context(), hash)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	day := domain.MustDate("2024-03-04")
	want := &projections.Told{ID: "C1", Status: "concluded", ReceivedOn: day, Due: domain.MustDate("2024-05-03"), ConcludedOn: day}
	if diff := cmp.Diff(want, told(public, hash)); diff != "" {
		t.Errorf("concluded (-want +got):\n%s", diff)
	}
	h.do("handler:H1", "C1", complaint.Answer{Answer: "it was not so"})
	want.Status, want.AnsweredOn, want.Result = "answered", day, "unfounded"
	if diff := cmp.Diff(want, told(public, hash)); diff != "" {
		t.Errorf("answered (-want +got):\n%s", diff)
	}
	for _, other := range []string{"", "0" + hash[1:], hash[:31], "%"} {
		if x := told(public, other); x != nil {
			t.Errorf("%q opens %s", other, x.ID)
		}
	}
	for _, role := range domain.Roles() {
		if x := told(projections.Principal{Subject: "X", Role: role, Units: []domain.UnitID{"U1"}}, hash); x != nil && role != domain.RolePublic {
			t.Errorf("%s is told of %s", role, x.ID)
		}
	}
	units, err := h.built().As(public).Addressees(t.Context())
	if diff := cmp.Diff([]projections.Unit{{ID: "U1", Name: "海关", Kind: "agency"}}, units); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
