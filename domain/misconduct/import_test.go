package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

func TestImportingAHeader(t *testing.T) {
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a case of old is filed",
			When: misconduct.Import{Complaint: "16-0001", Unit: "1700", OpenedOn: day("2016-01-19")}, As: importer,
			Then: []domain.Event{misconduct.Imported{Complaint: "16-0001", Unit: "1700", OpenedOn: day("2016-01-19")}},
		},
		{
			Name: "also after its findings", Given: past(oldFinding),
			When: misconduct.Import{Complaint: "16-0001"}, As: importer,
			Then: []domain.Event{misconduct.Imported{Complaint: "16-0001"}},
		},
		{
			Name: "but once", Given: past(header, oldFinding),
			When: misconduct.Import{Complaint: "16-0001"}, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "and not over a case opened here", Given: past(opened),
			When: misconduct.Import{Complaint: "16-0001"}, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "its ids are well formed",
			When: misconduct.Import{Complaint: "16 0001"}, As: importer,
			Refused: domain.CodeInvalid, Field: "complaint",
		},
		{
			Name: "its day is not to come",
			When: misconduct.Import{OpenedOn: day("2024-03-05")}, As: importer,
			Refused: domain.CodeInvalid, Field: "openedOn",
		},
		{
			Name: "it stays history", Given: past(header),
			When: misconduct.NameInvestigators{Investigators: []domain.ActorID{"inspector-he", "inspector-lin"}}, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "an inspector does not import",
			When: misconduct.Import{Complaint: "16-0001"}, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestImportingAFinding(t *testing.T) {
	file := misconduct.ImportFinding{Complaint: "16-0001", Officer: "P7", Category: "Falsification", Result: misconduct.ResultPending}
	refused := func(name, field string, change func(*misconduct.ImportFinding)) domaintest.Scenario {
		c := file
		change(&c)
		return domaintest.Scenario{Name: name, When: c, As: importer, Refused: domain.CodeInvalid, Field: field}
	}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a finding of old needs no header",
			When: misconduct.ImportFinding{Complaint: "16-0001", Officer: "P7", Unit: "1700", Category: "Falsification", Result: misconduct.ResultSustained,
				Discipline: misconduct.DisciplineTraining, FoundOn: day("2016-03-01"), Note: "as published"}, As: importer,
			Then: []domain.Event{misconduct.FindingImported{Complaint: "16-0001", Officer: "P7", Unit: "1700", Category: "Falsification", Result: misconduct.ResultSustained,
				Discipline: misconduct.DisciplineTraining, FoundOn: day("2016-03-01"), Note: "as published"}},
		},
		{
			Name: "an identical one is another allegation", Given: past(header, oldFinding),
			When: file, As: importer,
			Then: []domain.Event{oldFinding.Event},
		},
		{
			Name: "one against an unidentified officer names nobody",
			When: misconduct.ImportFinding{Category: "No C.A.P. Investigation", Result: misconduct.ResultNotApplicable, Discipline: misconduct.DisciplineNotApplicable}, As: importer,
			Then: []domain.Event{misconduct.FindingImported{Category: "No C.A.P. Investigation", Result: misconduct.ResultNotApplicable, Discipline: misconduct.DisciplineNotApplicable}},
		},
		{
			Name: "none is filed in a case opened here", Given: past(opened),
			When: file, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
		refused("its result is a known one", "result", func(c *misconduct.ImportFinding) { c.Result = "#VALUE!" }),
		refused("its discipline is a known one", "discipline", func(c *misconduct.ImportFinding) { c.Discipline = "#VALUE!" }),
		refused("it has a category", "category", func(c *misconduct.ImportFinding) { c.Category = "" }),
		refused("its complaint's id is well formed", "complaint", func(c *misconduct.ImportFinding) { c.Complaint = "16/0001" }),
		refused("its officer's id is well formed", "officer", func(c *misconduct.ImportFinding) { c.Officer = "N A" }),
		refused("its unit's id is well formed", "unit", func(c *misconduct.ImportFinding) { c.Unit = "1700 17TH" }),
		refused("its day is not to come", "foundOn", func(c *misconduct.ImportFinding) { c.FoundOn = day("2024-03-05") }),
		{
			Name: "an inspector does not import",
			When: file, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
