package projections_test

import (
	"context"
	"slices"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/projections"
)

func TestAnOfficerSeesWhoReadTheirFile(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.on("2024-04-02")
	for _, id := range []string{"P1", "P2"} {
		h.do("importer:M", id, access.Import{Reader: "I2", Role: "inspector", Why: "yearly check", Count: 3, LastOn: domain.MustDate("2023-12-01")})
	}
	v := h.built()
	for _, c := range []struct {
		name string
		who  projections.Principal
		want []domain.OfficerID
	}{
		{"the officer", as(domain.RoleOfficer, "P1"), []domain.OfficerID{"P1"}},
		{"an auditor", auditor, []domain.OfficerID{"P1", "P2"}},
		{"an inspector within scope", as(domain.RoleInspector, "I9", "D2"), []domain.OfficerID{"P2"}},
		{"personnel do not", as(domain.RoleHR, "R1", projections.AllUnits), nil},
		{"a handler does not", as(domain.RoleHandler, "H1"), nil},
		{"the public does not", as(domain.RolePublic, "P1"), nil},
	} {
		got, err := v.As(c.who).FileReadings(context.Background(), []domain.OfficerID{"P1", "P2", "P3"})
		if err != nil {
			t.Fatal(err)
		}
		var of []domain.OfficerID
		for id, list := range got {
			of = append(of, id)
			if len(list) != 1 || list[0].By != "I2" || list[0].Count != 3 || !list[0].Imported {
				t.Errorf("%s: %s was read as %+v", c.name, id, list)
			}
		}
		slices.Sort(of)
		if !slices.Equal(of, c.want) {
			t.Errorf("%s: readings of %v, want %v", c.name, of, c.want)
		}
	}
}

func TestTheRisksOfAPostAndTheirControls(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.on("2024-04-02")
	h.do("hr:R1", "K1", post.IdentifyRisk{Risk: "r1", Description: "cash"})
	h.do("hr:R1", "K1", post.IdentifyRisk{Risk: "r2", Description: "files"})
	h.do("hr:R1", "K1", post.AdoptControl{Risk: "r1", Control: "c1", Description: "two keys"})
	h.do("inspector:I2", "K1", post.TestControl{Control: "c1", Passed: true, Evidence: paper})
	v := h.built()
	got, err := v.As(as(domain.RoleInspector, "I9", "W1")).PostRisks(context.Background(), []domain.PostID{"K1", "K2"})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	risks := got["K1"].Risks
	if len(risks) != 2 || !risks[0].Tested || len(risks[0].Controls) != 1 || risks[1].Tested {
		t.Errorf("the risks: %+v", risks)
	}
	if got, err := v.As(as(domain.RoleOfficer, "P1")).PostRisks(context.Background(), []domain.PostID{"K1"}); err != nil || len(got) > 0 {
		t.Errorf("an officer is told the risks of a post: %v, %v", got, err)
	}
}
