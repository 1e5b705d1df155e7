package projections_test

import (
	"context"
	"slices"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
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
