package access_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/domaintest"
)

var (
	system   = domaintest.By(domain.ActorSystem, domain.RoleSystem)
	auditor  = domaintest.By("auditor-lin", domain.RoleAuditor)
	importer = domaintest.By("import", domain.RoleImporter)
)

var (
	morning = domaintest.Now.Add(-2 * time.Hour)
	noon    = domaintest.Now.Add(-time.Minute)
	note    = access.Note{Reader: "hr-li", Role: domain.RoleHR, Why: "annual appraisal", Count: 3, From: morning, To: noon}
)

func with(change func(*access.Note)) access.Note {
	c := note
	change(&c)
	return c
}

func TestNote(t *testing.T) {
	domaintest.Run(t, access.Room, []domaintest.Scenario{
		{
			Name: "readings for one purpose are noted together",
			When: note, As: system,
			Then: []domain.Event{access.Read{Reader: "hr-li", Role: domain.RoleHR, Why: "annual appraisal", Count: 3, From: morning, To: noon}},
		},
		{
			Name: "the person's own reading is noted too", Given: []domaintest.Past{{Act: system, Event: access.Read(note)}},
			When: access.Note{Reader: "X1", Role: domain.RoleOfficer, Why: "own file", Count: 1, From: noon, To: noon}, As: system,
			Then: []domain.Event{access.Read{Reader: "X1", Role: domain.RoleOfficer, Why: "own file", Count: 1, From: noon, To: noon}},
		},
		{
			Name: "who read is required",
			When: with(func(c *access.Note) { c.Reader = "" }), As: system,
			Refused: domain.CodeInvalid, Field: "by",
		},
		{
			Name: "an unknown role is refused",
			When: with(func(c *access.Note) { c.Role = "king" }), As: system,
			Refused: domain.CodeInvalid, Field: "role",
		},
		{
			Name: "and so is the system, which is nobody",
			When: with(func(c *access.Note) { c.Role = domain.RoleSystem }), As: system,
			Refused: domain.CodeInvalid, Field: "role",
		},
		{
			Name: "a purpose is required",
			When: with(func(c *access.Note) { c.Why = "" }), As: system,
			Refused: domain.CodeInvalid, Field: "why",
		},
		{
			Name: "no reading is nothing to note",
			When: with(func(c *access.Note) { c.Count = 0 }), As: system,
			Refused: domain.CodeInvalid, Field: "count",
		},
		{
			Name: "the first time is required",
			When: with(func(c *access.Note) { c.From = time.Time{} }), As: system,
			Refused: domain.CodeInvalid, Field: "from",
		},
		{
			Name: "time does not run backwards",
			When: with(func(c *access.Note) { c.From, c.To = noon, morning }), As: system,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "nor ahead of the note",
			When: with(func(c *access.Note) { c.To = domaintest.Now.Add(time.Second) }), As: system,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "one reading takes place once",
			When: with(func(c *access.Note) { c.Count = 1 }), As: system,
			Refused: domain.CodeInvalid, Field: "to",
		},
		{
			Name: "readers do not note themselves",
			When: note, As: auditor,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestImport(t *testing.T) {
	domaintest.Run(t, access.Room, []domaintest.Scenario{
		{
			Name: "an old log is filed",
			When: access.Import{Reader: "hr-li", Role: "personnel office", Why: "promotion", Count: 2, LastOn: domain.MustDate("2018-01-01")}, As: importer,
			Then: []domain.Event{access.Imported{Reader: "hr-li", Role: "personnel office", Why: "promotion", Count: 2, LastOn: domain.MustDate("2018-01-01")}},
		},
		{
			Name: "who read is required",
			When: access.Import{Count: 2}, As: importer,
			Refused: domain.CodeInvalid, Field: "by",
		},
		{
			Name: "no reading is nothing to file",
			When: access.Import{Reader: "hr-li"}, As: importer,
			Refused: domain.CodeInvalid, Field: "count",
		},
		{
			Name: "a malformed role is refused",
			When: access.Import{Reader: "hr-li", Role: "\xff", Count: 1}, As: importer,
			Refused: domain.CodeInvalid, Field: "role",
		},
		{
			Name: "a malformed purpose is refused",
			When: access.Import{Reader: "hr-li", Why: "\xff", Count: 1}, As: importer,
			Refused: domain.CodeInvalid, Field: "why",
		},
		{
			Name: "only the importer imports",
			When: access.Import{Reader: "hr-li", Count: 2}, As: system,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestReadersAreCountedByRole(t *testing.T) {
	state := access.Room.NewState()
	for _, e := range []domain.Event{
		access.Read{Reader: "hr-li", Role: domain.RoleHR, Count: 3, From: morning, To: noon},
		access.Read{Reader: "auditor-lin", Role: domain.RoleAuditor, Count: 1, From: morning, To: morning},
		access.Read{Reader: "hr-li", Role: domain.RoleHR, Count: 1, From: morning, To: morning},
		access.Read{Reader: "hr-li", Role: domain.RoleLeader, Count: 1, From: noon, To: noon},
		access.Imported{Reader: "clerk", Role: "archive", Count: 2, LastOn: domain.MustDate("2018-01-01")},
		access.Imported{Reader: "clerk", Role: "archive", Count: 1},
	} {
		access.Room.Apply(state, e, system)
	}
	want := &access.File{Readings: 9, Readers: []access.Reader{
		{By: "hr-li", Role: domain.RoleHR, Readings: 4, Last: noon},
		{By: "auditor-lin", Role: domain.RoleAuditor, Readings: 1, Last: morning},
		{By: "hr-li", Role: domain.RoleLeader, Readings: 1, Last: noon},
		{By: "clerk", Role: "archive", Readings: 3, Last: domain.MustDate("2018-01-01").In(time.UTC)},
	}}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Errorf("readers (-want +got):\n%s", diff)
	}
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, access.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, access.Room) }
