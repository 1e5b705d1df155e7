package projections_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/projections"
)

// P1 is barred by a sanction from 5 June 2023 to 5 June 2024.
func TestHonoursWhileASanctionWasInEffect(t *testing.T) {
	h := agency(t)
	h.on("2024-05-21")
	for id, on := range map[string]string{"H1": "2023-06-04", "H2": "2023-06-05", "H3": "2024-06-05", "H4": "2024-06-06", "H5": ""} {
		i := reward.Import{Officer: "P1", Honour: "model officer"}
		if on != "" {
			i.GrantedOn = domain.MustDate(on)
		}
		h.do("importer:M", id, i)
	}
	h.do("importer:M", "H6", reward.Import{Officer: "P2", Honour: "model officer", GrantedOn: domain.MustDate("2023-07-01")}) // S9 was only proposed
	v := h.built()
	for _, c := range []struct {
		who  projections.Principal
		want []string
	}{
		{auditor, []string{"H2", "H3"}},
		{as(domain.RoleHR, "R1", projections.AllUnits), []string{"H2", "H3"}},
		{as(domain.RoleOfficer, "P1"), []string{"H2", "H3"}},
		{as(domain.RoleOfficer, "P2"), nil},
		{as(domain.RoleAuditor, "X", "D2"), nil},
		{as(domain.RolePublic, ""), nil},
	} {
		l, err := v.As(c.who).Rewards(context.Background(), projections.RewardFilter{WhileRestricted: true}, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, x := range l.Items {
			got = append(got, string(x.ID))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %s:\n%s", c.who.Role, c.who.Subject, diff)
		}
	}
}

func TestComplaintsAreCountedByPost(t *testing.T) {
	h := agency(t)
	h.on("2024-05-21")
	for _, x := range []struct{ id, post string }{{"E1", "K1"}, {"E2", "K2"}, {"E3", "K1"}} {
		h.do("intake:T1", x.id, complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "late", Unit: "W1", Post: domain.PostID(x.post)})
	}
	r := h.built().As(auditor)
	got, err := r.ComplaintFacets(context.Background(), projections.ComplaintFilter{Unit: "W1"}, projections.ByPost)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]projections.Bucket{{Value: "K1", Count: 2}, {Value: "", Count: 1}, {Value: "K2", Count: 1}}, got); diff != "" {
		t.Error(diff)
	}
	l, err := r.Complaints(context.Background(), projections.ComplaintFilter{Post: "K1"}, projections.Page{})
	if err != nil || len(l.Items) != 2 {
		t.Errorf("about K1: %+v, %v", l, err)
	}
	if _, err := r.FindingFacets(context.Background(), projections.FindingFilter{}, projections.ByPost); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("findings by post: %v", err)
	}
}
