package unit_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/unit"
)

var (
	hr       = domaintest.By("hr-li", domain.RoleHR)
	leader   = domaintest.By("leader-chen", domain.RoleLeader)
	importer = domaintest.By("import", domain.RoleImporter)
)

var (
	section = domaintest.Past{Act: hr, Event: unit.Established{UnitName: "查验一科", UnitNameEn: "Inspection Section 1", UnitKind: unit.KindSection, Parent: "U1", On: domain.MustDate("2020-01-02")}}
	agency  = domaintest.Past{Act: hr, Event: unit.Established{UnitName: "Harbour Customs", UnitKind: unit.KindAgency}}
	closed  = domaintest.Past{Act: hr, Event: unit.Closed{On: domain.MustDate("2024-01-31"), Reason: "merged"}}
	old     = domaintest.Past{Act: importer, Event: unit.Imported{UnitName: "39th District"}}
)

func TestUnit(t *testing.T) {
	t.Run("establish", func(t *testing.T) { domaintest.Run(t, unit.Room, establishing) })
	t.Run("change", func(t *testing.T) { domaintest.Run(t, unit.Room, changing) })
	t.Run("close", func(t *testing.T) { domaintest.Run(t, unit.Room, closing) })
	t.Run("import", func(t *testing.T) { domaintest.Run(t, unit.Room, importing) })
}

var establishing = []domaintest.Scenario{
	{
		Name: "an agency is established without a parent",
		When: unit.Establish{UnitName: "Harbour Customs", UnitKind: unit.KindAgency}, As: leader,
		Then: []domain.Event{unit.Established{UnitName: "Harbour Customs", UnitKind: unit.KindAgency}},
	},
	{
		Name: "a window is established under its section, from an earlier day",
		When: unit.Establish{UnitName: "申报窗口", UnitNameEn: "Declarations", UnitKind: unit.KindWindow, Parent: "U2", On: domain.MustDate("2024-03-01")}, As: hr, Sees: above("U2", unit.StatusOpen, "U1"),
		Then: []domain.Event{unit.Established{UnitName: "申报窗口", UnitNameEn: "Declarations", UnitKind: unit.KindWindow, Parent: "U2", On: domain.MustDate("2024-03-01")}},
	},
	{
		Name: "a unit is established once", Given: []domaintest.Past{section},
		When: unit.Establish{UnitName: "查验一科", UnitKind: unit.KindSection, Parent: "U1"}, As: hr,
		Refused: domain.CodeExists, Field: "subject",
	},
	{
		Name: "an imported unit is not established again", Given: []domaintest.Past{old},
		When: unit.Establish{UnitName: "39th District", UnitKind: unit.KindSection, Parent: "U1"}, As: hr,
		Refused: domain.CodeExists, Field: "subject",
	},
	{
		Name: "a name is required",
		When: unit.Establish{UnitKind: unit.KindAgency}, As: hr,
		Refused: domain.CodeInvalid, Field: "name",
	},
	{
		Name: "a second name over the size limit is refused",
		When: unit.Establish{UnitName: "关", UnitNameEn: strings.Repeat("x", domain.MaxText+1), UnitKind: unit.KindAgency}, As: hr,
		Refused: domain.CodeInvalid, Field: "nameEn",
	},
	{
		Name: "an unknown kind of unit is refused",
		When: unit.Establish{UnitName: "Harbour Customs", UnitKind: "bureau"}, As: hr,
		Refused: domain.CodeInvalid, Field: "kind",
	},
	{
		Name: "an agency under a parent is refused",
		When: unit.Establish{UnitName: "Harbour Customs", UnitKind: unit.KindAgency, Parent: "U1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "parent",
	},
	{
		Name: "a department without a parent is refused",
		When: unit.Establish{UnitName: "Levy", UnitKind: unit.KindDepartment}, As: hr,
		Refused: domain.CodeInvalid, Field: "parent",
	},
	{
		Name: "a unit is not its own parent",
		When: unit.Establish{UnitName: "Levy", UnitKind: unit.KindDepartment, Parent: "X1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "parent",
	},
	{
		Name: "a day to come is refused",
		When: unit.Establish{UnitName: "Harbour Customs", UnitKind: unit.KindAgency, On: domain.MustDate("2024-03-05")}, As: hr,
		Refused: domain.CodeInvalid, Field: "on",
	},
	{
		Name: "an officer may not establish a unit",
		When: unit.Establish{UnitName: "Harbour Customs", UnitKind: unit.KindAgency}, As: domaintest.By("P1", domain.RoleOfficer),
		Refused: domain.CodeForbidden, Field: "role",
	},
}

var changing = []domaintest.Scenario{
	{
		Name: "renaming replaces both names", Given: []domaintest.Past{section},
		When: unit.Rename{UnitName: "查验科"}, As: hr,
		Then: []domain.Event{unit.Renamed{UnitName: "查验科"}},
	},
	{
		Name: "renaming to the name it has is refused", Given: []domaintest.Past{section},
		When: unit.Rename{UnitName: "查验一科", UnitNameEn: "Inspection Section 1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "name",
	},
	{
		Name: "the second name alone may change", Given: []domaintest.Past{section},
		When: unit.Rename{UnitName: "查验一科", UnitNameEn: "First Inspection Section"}, As: leader,
		Then: []domain.Event{unit.Renamed{UnitName: "查验一科", UnitNameEn: "First Inspection Section"}},
	},
	{
		Name: "renaming to nothing is refused", Given: []domaintest.Past{section},
		When: unit.Rename{UnitNameEn: "Section"}, As: hr,
		Refused: domain.CodeInvalid, Field: "name",
	},
	{
		Name: "an unknown unit cannot be renamed",
		When: unit.Rename{UnitName: "查验科"}, As: hr,
		Refused: domain.CodeNotFound, Field: "subject",
	},
	{
		Name: "a closed unit cannot be renamed", Given: []domaintest.Past{section, closed},
		When: unit.Rename{UnitName: "查验科"}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "a section moves under another department", Given: []domaintest.Past{section},
		When: unit.Move{Parent: "U5"}, As: hr, Sees: above("U5", unit.StatusOpen, "U1"),
		Then: []domain.Event{unit.Moved{Parent: "U5"}},
	},
	{
		Name: "an imported unit finds its place", Given: []domaintest.Past{old},
		When: unit.Move{Parent: "U1"}, As: hr, Sees: above("U1", unit.StatusOpen, ""),
		Then: []domain.Event{unit.Moved{Parent: "U1"}},
	},
	{
		Name: "a move to where it lies is refused", Given: []domaintest.Past{section, {Act: hr, Event: unit.Moved{Parent: "U5"}}},
		When: unit.Move{Parent: "U5"}, As: hr,
		Refused: domain.CodeInvalid, Field: "parent",
	},
	{
		Name: "a move under itself is refused", Given: []domaintest.Past{section},
		When: unit.Move{Parent: "X1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "parent",
	},
	{
		Name: "a move to nowhere is refused", Given: []domaintest.Past{section},
		When: unit.Move{}, As: hr,
		Refused: domain.CodeInvalid, Field: "parent",
	},
	{
		Name: "an agency cannot be moved", Given: []domaintest.Past{agency},
		When: unit.Move{Parent: "U1"}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "an unknown unit cannot be moved",
		When: unit.Move{Parent: "U1"}, As: hr,
		Refused: domain.CodeNotFound, Field: "subject",
	},
	{
		Name: "a closed unit cannot be moved", Given: []domaintest.Past{section, closed},
		When: unit.Move{Parent: "U5"}, As: hr,
		Refused: domain.CodeState,
	},
}

var closing = []domaintest.Scenario{
	{
		Name: "a unit closes on the day of the act unless another is said", Given: []domaintest.Past{section},
		When: unit.Close{Reason: "merged"}, As: leader,
		Then: []domain.Event{unit.Closed{On: domain.MustDate("2024-03-04"), Reason: "merged"}},
	},
	{
		Name: "a unit closes on an earlier day", Given: []domaintest.Past{section},
		When: unit.Close{On: domain.MustDate("2024-02-29"), Reason: "merged"}, As: hr,
		Then: []domain.Event{unit.Closed{On: domain.MustDate("2024-02-29"), Reason: "merged"}},
	},
	{
		Name: "a day to come is refused", Given: []domaintest.Past{section},
		When: unit.Close{On: domain.MustDate("2024-03-05"), Reason: "merged"}, As: hr,
		Refused: domain.CodeInvalid, Field: "on",
	},
	{
		Name: "a day before it was established is refused", Given: []domaintest.Past{section},
		When: unit.Close{On: domain.MustDate("2020-01-01"), Reason: "merged"}, As: hr,
		Refused: domain.CodeInvalid, Field: "on",
	},
	{
		Name: "a reason is required", Given: []domaintest.Past{section},
		When: unit.Close{}, As: hr,
		Refused: domain.CodeInvalid, Field: "reason",
	},
	{
		Name: "a unit closes once", Given: []domaintest.Past{section, closed},
		When: unit.Close{Reason: "again"}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "an unknown unit cannot be closed",
		When: unit.Close{Reason: "merged"}, As: hr,
		Refused: domain.CodeNotFound, Field: "subject",
	},
}

var importing = []domaintest.Scenario{
	{
		Name: "a unit of old records needs a name only",
		When: unit.Import{UnitName: "39th District"}, As: importer,
		Then: []domain.Event{unit.Imported{UnitName: "39th District"}},
	},
	{
		Name: "kind and parent are kept where the records have them",
		When: unit.Import{UnitName: "39th District", UnitKind: unit.KindDepartment, Parent: "U1"}, As: importer,
		Then: []domain.Event{unit.Imported{UnitName: "39th District", UnitKind: unit.KindDepartment, Parent: "U1"}},
	},
	{
		Name: "a unit on file is not imported over", Given: []domaintest.Past{section},
		When: unit.Import{UnitName: "39th District"}, As: importer,
		Refused: domain.CodeExists, Field: "subject",
	},
	{
		Name: "an unknown kind is refused",
		When: unit.Import{UnitName: "39th District", UnitKind: "precinct"}, As: importer,
		Refused: domain.CodeInvalid, Field: "kind",
	},
	{
		Name: "a unit is not its own parent",
		When: unit.Import{UnitName: "39th District", Parent: "X1"}, As: importer,
		Refused: domain.CodeInvalid, Field: "parent",
	},
	{
		Name: "a name is required",
		When: unit.Import{}, As: importer,
		Refused: domain.CodeInvalid, Field: "name",
	},
	{
		Name: "only the importer imports",
		When: unit.Import{UnitName: "39th District"}, As: hr,
		Refused: domain.CodeForbidden, Field: "role",
	},
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, unit.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, unit.Room) }
