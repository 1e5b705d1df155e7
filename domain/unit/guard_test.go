package unit_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/unit"
)

// above is what a command sees of the unit it names as parent.
func above(id domain.UnitID, status unit.Status, parent domain.UnitID) map[domain.Reference]any {
	return map[domain.Reference]any{id: unit.Unit{Status: status, Parent: parent}}
}

// The unit is X1.
func TestAUnitLiesUnderOneThatStandsAndNotUnderItself(t *testing.T) {
	var scenarios []domaintest.Scenario
	for _, c := range []struct {
		name  string
		given []domaintest.Past
		when  domain.Command
		then  domain.Event
	}{
		{"established", nil, unit.Establish{UnitName: "Levy", UnitKind: unit.KindDepartment, Parent: "U5"}, unit.Established{UnitName: "Levy", UnitKind: unit.KindDepartment, Parent: "U5"}},
		{"moved", []domaintest.Past{section}, unit.Move{Parent: "U5"}, unit.Moved{Parent: "U5"}},
	} {
		scenarios = append(scenarios,
			domaintest.Scenario{Name: c.name + " under an open unit", Given: c.given, When: c.when, As: hr, Sees: above("U5", unit.StatusOpen, "U1"), Then: []domain.Event{c.then}},
			domaintest.Scenario{Name: "not " + c.name + " under a unit that does not exist", Given: c.given, When: c.when, As: hr, Refused: domain.CodeNotFound, Field: "parent"},
			domaintest.Scenario{Name: "not " + c.name + " under a closed unit", Given: c.given, When: c.when, As: hr, Sees: above("U5", unit.StatusClosed, "U1"), Refused: domain.CodeState, Field: "parent"},
			domaintest.Scenario{Name: "not " + c.name + " under a unit that lies under it", Given: c.given, When: c.when, As: hr, Sees: above("U5", unit.StatusOpen, "X1"), Refused: domain.CodeInvalid, Field: "parent"},
		)
	}
	domaintest.Run(t, unit.Room, append(scenarios, domaintest.Scenario{
		Name: "old records are not judged", When: unit.Import{UnitName: "39th District", Parent: "U5"}, As: importer,
		Then: []domain.Event{unit.Imported{UnitName: "39th District", Parent: "U5"}},
	}))
}
