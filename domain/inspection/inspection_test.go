package inspection_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/officer"
)

// Who acts in the scenarios: I1 and I2 supervise the unit U1, of which P1 is.
var (
	head     = domaintest.By("I1", domain.RoleInspector)
	partner  = domaintest.By("I2", domain.RoleInspector)
	outsider = domaintest.By("I3", domain.RoleInspector)
	leader   = domaintest.By("leader-chen", domain.RoleLeader)
	worker   = domaintest.By("P1", domain.RoleOfficer)
	importer = domaintest.By("import", domain.RoleImporter)
	auditor  = domaintest.By("auditor-sun", domain.RoleAuditor)
)

var (
	party = "sha256:" + strings.Repeat("a", 64)
	photo = domain.Evidence{Digest: "sha256:" + strings.Repeat("b", 64), MediaType: "image/jpeg", Size: 9}
	pair  = []domain.OfficerID{"I1", "I2"}
	every = []inspection.Power{inspection.PowerExamine, inspection.PowerReadFiles, inspection.PowerAdviseHalt}
)

func day(s string) domain.Date { return domain.MustDate(s) }

func on(act domain.Act, s string) domain.Act { return domaintest.At(act, domaintest.On(s)) }

func past(events ...domaintest.Past) []domaintest.Past { return slices.Clone(events) }

func serving(unit domain.UnitID, interests ...officer.Interest) officer.Officer {
	return officer.Officer{Status: officer.StatusServing, Unit: unit, Interests: interests}
}

// The acts: E1 runs in the unit, E2 in another, E3 is closed.
var world = map[domain.Reference]any{
	domain.OfficerID("I1"): serving("D1"),
	domain.OfficerID("I2"): serving("D1"),
	domain.OfficerID("I3"): serving("D1"),
	domain.OfficerID("P1"): serving("U1"),
	domain.EnforcementID("E1"): enforcement.Enforcement{Status: enforcement.StatusOpen, Unit: "U1", Party: party,
		Officers: []domain.OfficerID{"P1", "P2"}, Chain: []domain.ActorID{"P1", "P2", "leader-guo", "I4"}},
	domain.EnforcementID("E2"): enforcement.Enforcement{Status: enforcement.StatusOpen, Unit: "U2"},
	domain.EnforcementID("E3"): enforcement.Enforcement{Status: enforcement.StatusClosed, Unit: "U1"},
	domain.EnforcementID("E4"): enforcement.Enforcement{Status: enforcement.StatusOpen, Unit: "U1", Chain: []domain.ActorID{"I1"}},
}

// run runs the scenarios in the world: what a command asks for it sees, with
// what the scenario itself gives instead.
func run(t *testing.T, scenarios []domaintest.Scenario) {
	t.Helper()
	for i, s := range scenarios {
		state := inspection.Room.NewState()
		for _, p := range s.Given {
			inspection.Room.Apply(state, p.Event, p.Act)
		}
		all := maps.Clone(world)
		maps.Copy(all, s.Sees)
		scenarios[i].Sees = map[domain.Reference]any{}
		for _, ref := range inspection.Room.Reads(state, s.When, s.As) {
			for known, other := range all {
				if known.Ref() == ref {
					scenarios[i].Sees[known] = other
				}
			}
		}
	}
	domaintest.Run(t, inspection.Room, scenarios)
}

// What happened before the scenarios.
var (
	opened   = domaintest.Past{Act: leader, Event: inspection.Opened{Powers: every, Unit: "U1", Supervisors: pair, Basis: "plan of the year"}}
	onAct    = domaintest.Past{Act: leader, Event: inspection.Opened{Powers: every, Unit: "U1", Enforcement: "E1", Supervisors: pair, Basis: "a warning"}}
	examiner = domaintest.Past{Act: leader, Event: inspection.Opened{Powers: []inspection.Power{inspection.PowerExamine}, Unit: "U1", Supervisors: pair, Basis: "plan of the year"}}
	adviser  = domaintest.Past{Act: leader, Event: inspection.Opened{Powers: []inspection.Power{inspection.PowerAdviseHalt}, Unit: "U1", Supervisors: pair, Basis: "plan of the year"}}
	onPerson = domaintest.Past{Act: leader, Event: inspection.Opened{Powers: every, Unit: "U1", Officers: []domain.OfficerID{"P1"}, Supervisors: pair, Basis: "a complaint"}}
	seen     = domaintest.Past{Act: head, Event: inspection.ObservationMade{Code: "o1", Text: "one key for two locks", Severity: inspection.SeveritySerious, Unit: "U1"}}
	halted   = domaintest.Past{Act: head, Event: inspection.HaltAdvised{Enforcement: "E1", Unit: "U1", Reason: "no notice"}}
	ordered  = domaintest.Past{Act: head, Event: inspection.RectificationOrdered{Code: "r1", Unit: "U1", Due: day("2024-04-04"), Text: "change a lock"}}
	reported = domaintest.Past{Act: worker, Event: inspection.RectificationReported{Code: "r1", Text: "changed"}}
	rejected = domaintest.Past{Act: head, Event: inspection.RectificationVerified{Code: "r1", Note: "the same key", Reporter: "P1"}}
	accepted = domaintest.Past{Act: head, Event: inspection.RectificationVerified{Code: "r1", Accepted: true, Reporter: "P1"}}
	closed   = domaintest.Past{Act: head, Event: inspection.Closed{Unit: "U1", Conclusion: "in order"}}
	old      = domaintest.Past{Act: importer, Event: inspection.Imported{Conclusion: "in order"}}
)

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, inspection.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, inspection.Room) }

// Every command refuses an inspection that is not there, one of old and one
// that is closed, except those that begin one.
func TestCommandsNeedAnInspection(t *testing.T) {
	starts := []domain.CommandName{"inspection.open", "inspection.import"}
	var scenarios []domaintest.Scenario
	for _, c := range inspection.Room.Commands {
		when, as := c.Value(c.New()), domaintest.By("I1", c.By[0])
		scenarios = append(scenarios, domaintest.Scenario{Name: string(c.Name) + " is for its roles", When: when, As: auditor, Refused: domain.CodeForbidden, Field: "role"})
		if slices.Contains(starts, c.Name) {
			continue
		}
		scenarios = append(scenarios,
			domaintest.Scenario{Name: string(c.Name) + " needs an inspection", When: when, As: as, Refused: domain.CodeNotFound, Field: "subject"},
			domaintest.Scenario{Name: string(c.Name) + " leaves history alone", Given: past(old), When: when, As: as, Refused: domain.CodeState},
			domaintest.Scenario{Name: string(c.Name) + " comes before the closing", Given: past(opened, closed), When: when, As: as, Refused: domain.CodeState})
	}
	run(t, scenarios)
}

func TestOpening(t *testing.T) {
	open := func(change func(*inspection.Open)) inspection.Open {
		c := inspection.Open{Powers: every, Unit: "U1", Supervisors: pair, Basis: "plan of the year"}
		if change != nil {
			change(&c)
		}
		return c
	}
	act := open(func(c *inspection.Open) { c.Unit, c.Enforcement, c.Basis = "", "E1", "a warning" })
	person := open(func(c *inspection.Open) { c.Officers, c.Basis = []domain.OfficerID{"P1"}, "a complaint" })
	i1 := func(o officer.Officer) map[domain.Reference]any {
		return map[domain.Reference]any{domain.OfficerID("I1"): o}
	}
	tied := func(i officer.Interest) map[domain.Reference]any { return i1(serving("D1", i)) }
	off := serving("D1")
	off.Status = officer.StatusSuspended
	run(t, []domaintest.Scenario{
		{
			Name: "two from outside supervise a unit",
			When: open(nil), As: leader,
			Then: []domain.Event{opened.Event},
		},
		{
			Name: "or an administrative act, whose unit it is",
			When: act, As: leader,
			Then: []domain.Event{onAct.Event},
		},
		{
			Name: "or an officer",
			When: person, As: head,
			Then: []domain.Event{onPerson.Event},
		},
		{
			Name: "an inspection is opened once", Given: past(opened),
			When: open(nil), As: leader,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "one supervisor is too few",
			When: open(func(c *inspection.Open) { c.Supervisors = []domain.OfficerID{"I1"} }), As: leader,
			Refused: domain.CodeRule, Field: "supervisors", Rule: "common practice",
		},
		{
			Name: "nobody supervises their own unit",
			When: open(func(c *inspection.Open) { c.Supervisors = []domain.OfficerID{"I1", "P1"} }), As: leader,
			Refused: domain.CodeConflict, Field: "supervisors", Rule: "common practice",
		},
		{
			Name: "nor an act they had a hand in",
			When: open(func(c *inspection.Open) { c.Enforcement = "E4" }), As: leader,
			Refused: domain.CodeConflict, Field: "supervisors", Rule: "common practice",
		},
		{
			Name: "nor themselves",
			When: open(func(c *inspection.Open) { c.Officers = []domain.OfficerID{"I1"} }), As: leader,
			Refused: domain.CodeConflict, Field: "supervisors", Rule: "common practice",
		},
		{
			Name: "a supervisor is on file",
			When: open(func(c *inspection.Open) { c.Supervisors = []domain.OfficerID{"I1", "I9"} }), As: leader,
			Refused: domain.CodeNotFound, Field: "supervisors",
		},
		{
			Name: "and on duty",
			When: open(nil), As: leader, Sees: i1(off),
			Refused: domain.CodeRule, Field: "supervisors",
		},
		{
			Name: "and has no tie to the unit",
			When: open(nil), As: leader, Sees: tied(officer.Interest{Nature: "spouse", Unit: "U1"}),
			Refused: domain.CodeConflict, Field: "supervisors", Rule: "公务员法 art. 76",
		},
		{
			Name: "nor to the party of the act",
			When: act, As: leader, Sees: tied(officer.Interest{Nature: "spouse", With: party}),
			Refused: domain.CodeConflict, Field: "supervisors", Rule: "公务员法 art. 76",
		},
		{
			Name: "nor to one who had a hand in it",
			When: act, As: leader, Sees: tied(officer.Interest{Nature: "spouse", Officer: "P2"}),
			Refused: domain.CodeConflict, Field: "supervisors",
		},
		{
			Name: "nor to the officer it is about",
			When: person, As: leader, Sees: tied(officer.Interest{Nature: "spouse", Officer: "P1"}),
			Refused: domain.CodeConflict, Field: "supervisors",
		},
		{
			Name: "a tie to somebody else bars nothing",
			When: act, As: leader, Sees: tied(officer.Interest{Nature: "spouse", Officer: "P3"}),
			Then: []domain.Event{onAct.Event},
		},
		{
			Name: "nor does one that is over",
			When: open(nil), As: leader, Sees: tied(officer.Interest{Nature: "spouse", Unit: "U1", Until: day("2024-03-03")}),
			Then: []domain.Event{opened.Event},
		},
		{
			Name: "nobody opens it on their own act",
			When: act, As: domaintest.By("leader-guo", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor on themselves",
			When: person, As: domaintest.By("P1", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "the act is there",
			When: open(func(c *inspection.Open) { c.Enforcement = "E9" }), As: leader,
			Refused: domain.CodeNotFound, Field: "enforcement",
		},
		{
			Name: "and of the unit",
			When: open(func(c *inspection.Open) { c.Enforcement = "E2" }), As: leader,
			Refused: domain.CodeInvalid, Field: "unit",
		},
		{
			Name: "it is of some unit",
			When: open(func(c *inspection.Open) { c.Unit = "" }), As: leader,
			Refused: domain.CodeInvalid, Field: "unit",
		},
		{
			Name: "powers are granted",
			When: open(func(c *inspection.Open) { c.Powers = nil }), As: leader,
			Refused: domain.CodeInvalid, Field: "powers",
		},
		{
			Name: "of those there are",
			When: open(func(c *inspection.Open) { c.Powers = []inspection.Power{"arrest"} }), As: leader,
			Refused: domain.CodeInvalid, Field: "powers",
		},
		{
			Name: "each once",
			When: open(func(c *inspection.Open) {
				c.Powers = []inspection.Power{inspection.PowerExamine, inspection.PowerExamine}
			}), As: leader,
			Refused: domain.CodeInvalid, Field: "powers",
		},
		{
			Name: "it has a basis",
			When: open(func(c *inspection.Open) { c.Basis = "" }), As: leader,
			Refused: domain.CodeInvalid, Field: "basis",
		},
	})
}

func TestReplacingSupervisors(t *testing.T) {
	replace := inspection.ReplaceSupervisors{Supervisors: []domain.OfficerID{"I2", "I3"}, Reason: "I1 retires"}
	replaced := domaintest.Past{Act: leader, Event: inspection.SupervisorsReplaced(replace)}
	run(t, []domaintest.Scenario{
		{
			Name: "others supervise from now on", Given: past(onAct),
			When: replace, As: leader,
			Then: []domain.Event{replaced.Event},
		},
		{
			Name: "those replaced do not", Given: past(onAct, replaced),
			When: inspection.Close{Conclusion: "in order"}, As: head,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "they stand outside as the first did", Given: past(onAct),
			When: inspection.ReplaceSupervisors{Supervisors: []domain.OfficerID{"I2", "P1"}, Reason: "I1 retires"}, As: leader,
			Refused: domain.CodeConflict, Field: "supervisors",
		},
		{
			Name: "two are needed", Given: past(onAct),
			When: inspection.ReplaceSupervisors{Supervisors: []domain.OfficerID{"I2"}, Reason: "I1 retires"}, As: leader,
			Refused: domain.CodeRule, Field: "supervisors",
		},
		{
			Name: "who had a hand in the act does not choose them", Given: past(onAct),
			When: replace, As: domaintest.By("leader-guo", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "there is a reason", Given: past(onAct),
			When: inspection.ReplaceSupervisors{Supervisors: pair}, As: leader,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "who reported a thing done does not come to verify it", Given: past(onAct, ordered,
				domaintest.Past{Act: domaintest.By("I3", domain.RoleHandler), Event: reported.Event}, replaced),
			When: inspection.VerifyRectification{Code: "r1", Accepted: true}, As: outsider,
			Refused: domain.CodeConflict, Field: "actor",
		},
	})
}

func TestImporting(t *testing.T) {
	history := inspection.Import{Unit: "U1", Officers: []domain.OfficerID{"P1"}, OpenedOn: day("2014-05-05"), ClosedOn: day("2014-06-05"), Basis: "plan", Conclusion: "two defects", Defects: 2}
	scenarios := []domaintest.Scenario{
		{
			Name: "an inspection of old is filed",
			When: history, As: importer,
			Then: []domain.Event{inspection.Imported(history)},
		},
		{
			Name: "what is on file is not imported", Given: past(opened),
			When: history, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
	}
	for field, change := range map[string]func(*inspection.Import){
		"unit":       func(c *inspection.Import) { c.Unit = "U/1" },
		"officers":   func(c *inspection.Import) { c.Officers = []domain.OfficerID{"P 1"} },
		"basis":      func(c *inspection.Import) { c.Basis = strings.Repeat("x", domain.MaxText+1) },
		"conclusion": func(c *inspection.Import) { c.Conclusion = "" },
		"defects":    func(c *inspection.Import) { c.Defects = -1 },
	} {
		c := history
		change(&c)
		scenarios = append(scenarios, domaintest.Scenario{Name: "an import checks " + field, When: c, As: importer, Refused: domain.CodeInvalid, Field: field})
	}
	run(t, scenarios)
}
