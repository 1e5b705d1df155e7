package enforcement_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
)

// Who acts in the scenarios: P1 and P2 are on the case X1, P5 reviews it, P6
// chairs its hearing.
var (
	first     = domaintest.By("P1", domain.RoleOfficer)
	other     = domaintest.By("P2", domain.RoleOfficer)
	third     = domaintest.By("P3", domain.RoleOfficer)
	lawyer    = domaintest.By("P5", domain.RoleOfficer)
	chair     = domaintest.By("P6", domain.RoleOfficer)
	leader    = domaintest.By("leader-chen", domain.RoleLeader)
	deputy    = domaintest.By("leader-guo", domain.RoleLeader)
	inspector = domaintest.By("inspector-he", domain.RoleInspector)
	importer  = domaintest.By("import", domain.RoleImporter)
	hr        = domaintest.By("hr-li", domain.RoleHR)
)

var (
	pair   = []domain.OfficerID{"P1", "P2"}
	party  = "sha256:" + strings.Repeat("a", 64)
	report = domain.Evidence{Digest: "sha256:" + strings.Repeat("b", 64), MediaType: "application/pdf", Size: 9}
)

func day(s string) domain.Date { return domain.MustDate(s) }

func on(act domain.Act, s string) domain.Act { return domaintest.At(act, domaintest.On(s)) }

func past(events ...domaintest.Past) []domaintest.Past { return slices.Clone(events) }

// The texts: N1 is the procedure of an ordinary penalty, N2 one of a permit,
// N3 one on the spot; B1 the benchmark, milder from May on.
func steps() []norm.Step {
	return []norm.Step{
		{Code: "investigate", StepName: "调查取证", StepKind: norm.StepInvestigate},
		{Code: "preserve", StepName: "登记保存", StepKind: norm.StepPreserve, Optional: true},
		{Code: "notify", StepName: "告知", StepKind: norm.StepNotify, Requires: []string{"investigate", "preserve"}},
		{Code: "statement", StepName: "听取陈述申辩", StepKind: norm.StepStatement, Requires: []string{"notify"}},
		{Code: "hearing", StepName: "听证", StepKind: norm.StepHearing, Requires: []string{"notify"}, Optional: true},
		{Code: "review", StepName: "法制审核", StepKind: norm.StepLegalReview, Requires: []string{"statement", "hearing"}, ConflictsWith: []string{"investigate"}},
		{Code: "decide", StepName: "决定", StepKind: norm.StepDecide, Requires: []string{"review"}, ConflictsWith: []string{"investigate"}},
		{Code: "serve", StepName: "送达", StepKind: norm.StepServe, Requires: []string{"decide"}},
		{Code: "publish", StepName: "公示", StepKind: norm.StepPublish, Requires: []string{"decide"}, Optional: true},
	}
}

func short() []norm.Step {
	return []norm.Step{
		{Code: "check", StepName: "核查", StepKind: norm.StepOther, TwoOfficers: true},
		{Code: "decide", StepName: "决定", StepKind: norm.StepDecide, Requires: []string{"check"}},
	}
}

func text(kind norm.Kind, versions ...norm.Version) norm.Norm {
	return norm.Norm{Status: norm.StatusAdopted, NormKind: kind, Versions: versions}
}

func tiers(light, grave int64) []norm.Tier {
	return []norm.Tier{
		{Code: "light", Clause: "12", Factors: "first time", MinAmount: 0, MaxAmount: light},
		{Code: "grave", Clause: "12", Factors: "again", MinAmount: light, MaxAmount: grave},
	}
}

// certified returns an officer in service with a certificate for the year.
func certified(unit domain.UnitID, interests ...officer.Interest) officer.Officer {
	return officer.Officer{Status: officer.StatusServing, Unit: unit, Interests: interests,
		Certificate: officer.Certificate{Number: "C", ValidFrom: day("2024-01-01"), ValidTo: day("2024-12-31"), Status: officer.CertificateValid}}
}

var world = map[domain.Reference]any{
	domain.NormID("N1"): text(norm.KindProcedure, norm.Version{Number: 1, From: day("2020-01-01"), Steps: short()}, norm.Version{Number: 2, From: day("2024-01-01"), Steps: steps()}),
	domain.NormID("N2"): text(norm.KindProcedure, norm.Version{Number: 1, From: day("2020-01-01"), Steps: short()}),
	domain.NormID("B1"): text(norm.KindBenchmark,
		norm.Version{Number: 1, From: day("2022-01-01"), Tiers: tiers(50_000, 900_000)},
		norm.Version{Number: 2, From: day("2024-03-20"), Tiers: append(tiers(40_000, 1_000_000), norm.Tier{Code: "new", Clause: "13", MaxAmount: 5})}),
	domain.OfficerID("P1"): certified("U1"),
	domain.OfficerID("P2"): certified("U1"),
	domain.OfficerID("P3"): certified("U1"),
	domain.OfficerID("P5"): officer.Officer{Status: officer.StatusServing},
	domain.OfficerID("P6"): officer.Officer{Status: officer.StatusServing},
}

// run runs the scenarios in the world: what a command asks for it sees, with
// what the scenario itself gives instead.
func run(t *testing.T, scenarios []domaintest.Scenario) {
	t.Helper()
	for i, s := range scenarios {
		state := enforcement.Room.NewState()
		for _, p := range s.Given {
			enforcement.Room.Apply(state, p.Event, p.Act)
		}
		all := maps.Clone(world)
		maps.Copy(all, s.Sees)
		scenarios[i].Sees = map[domain.Reference]any{}
		for _, ref := range enforcement.Room.Reads(state, s.When, s.As) {
			for known, other := range all {
				if known.Ref() == ref {
					scenarios[i].Sees[known] = other
				}
			}
		}
	}
	domaintest.Run(t, enforcement.Room, scenarios)
}

// What happened before the scenarios: an ordinary penalty from its opening on
// a Monday to its service.
var (
	opened = domaintest.Past{Act: first, Event: enforcement.Opened{ActKind: enforcement.KindPenalty, Unit: "U1", Procedure: "N1", ProcedureVersion: 2, Benchmark: "B1",
		PartyKind: enforcement.PartyOrganisation, Party: party, Officers: pair, Matter: "short weight", DeedOn: day("2024-02-01"), DecideBy: day("2024-06-02")}}
	permit = domaintest.Past{Act: first, Event: enforcement.Opened{ActKind: enforcement.KindApproval, Unit: "U1", Procedure: "N2", ProcedureVersion: 1,
		PartyKind: enforcement.PartyPerson, Party: party, Officers: pair, Matter: "market stall", DeedOn: day("2024-03-04"), DecideBy: day("2024-04-01")}}
	spot = domaintest.Past{Act: first, Event: enforcement.Opened{ActKind: enforcement.KindPenalty, Unit: "U1", Procedure: "N2", ProcedureVersion: 1, OnTheSpot: true,
		PartyKind: enforcement.PartyPerson, Party: party, Officers: pair, Matter: "litter", DeedOn: day("2024-03-04"), DecideBy: day("2024-06-02")}}
	checked      = domaintest.Past{Act: first, Event: enforcement.StepTaken{Step: "check", StepKind: norm.StepOther, Officer: "P1", Second: "P2", On: day("2024-03-04")}}
	investigated = taken(first, "investigate", norm.StepInvestigate, "P1", "P2", "2024-03-05")
	notified     = domaintest.Past{Act: on(first, "2024-03-11"), Event: enforcement.StepTaken{Step: "notify", StepKind: norm.StepNotify, Officer: "P1", On: day("2024-03-11"), Amount: 60_000}}
	heard        = taken(first, "statement", norm.StepStatement, "P1", "", "2024-03-12")
	asked        = domaintest.Past{Act: on(first, "2024-03-18"), Event: enforcement.HearingAsked{On: day("2024-03-18")}}
	scheduled    = domaintest.Past{Act: on(first, "2024-03-18"), Event: enforcement.HearingScheduled{HeldOn: day("2024-03-27")}}
	hearing      = taken(chair, "hearing", norm.StepHearing, "P6", "", "2024-03-27")
	reviewed     = taken(lawyer, "review", norm.StepLegalReview, "P5", "", "2024-03-13")
	decided      = domaintest.Past{Act: on(leader, "2024-03-20"), Event: enforcement.Decided{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: pair, Step: "decide", On: day("2024-03-20"), Outcome: enforcement.OutcomePenalised, Clause: "12",
		Tier: "grave", Factor: "again", Amount: 60_000, MinAmount: 50_000, MaxAmount: 900_000, Benchmark: "B1", BenchmarkVersion: 1, Opinion: "agreed"}}
	terminated = domaintest.Past{Act: on(leader, "2024-03-20"), Event: enforcement.Decided{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: pair, Step: "decide", On: day("2024-03-20"), Outcome: enforcement.OutcomeTerminated, Opinion: "the party died"}}
	served     = taken(first, "serve", norm.StepServe, "P1", "", "2024-03-25")
	wanted     = domaintest.Past{Act: first, Event: enforcement.OverrideAsked{Step: "statement", Reason: "the party left"}}
	granted    = domaintest.Past{Act: deputy, Event: enforcement.StepOverridden{Unit: "U1", Step: "statement", Reason: "the party left", AskedBy: "P1", Approver: "leader-guo"}}
	beyond     = domaintest.Past{Act: first, Event: enforcement.DeviationAsked{Tier: "grave", Amount: 30_000, Reason: "poor"}}
	allowed    = domaintest.Past{Act: deputy, Event: enforcement.Deviated{Unit: "U1", Tier: "grave", Amount: 30_000, Reason: "poor", AskedBy: "P1", Approver: "leader-guo"}}
	overturned = domaintest.Past{Act: inspector, Event: enforcement.Reviewed{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: pair, Body: enforcement.BodyCourt, Outcome: enforcement.ResultOverturned, On: day("2024-06-03"), Ground: "no hearing",
		RetractBy: day("2024-06-06"), FaultReviewBy: day("2024-07-03")}}
	varied = domaintest.Past{Act: inspector, Event: enforcement.Reviewed{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: pair, Body: enforcement.BodyReconsideration, Outcome: enforcement.ResultVaried, On: day("2024-06-03"), Ground: "too much", Amount: 50_000}}
	found  = domaintest.Past{Act: inspector, Event: enforcement.FaultReviewed{Unit: "U1", Found: true, Officers: []domain.OfficerID{"P1"}, Opinion: "careless"}}
	closed = domaintest.Past{Act: first, Event: enforcement.Closed{Unit: "U1"}}
	old    = domaintest.Past{Act: importer, Event: enforcement.Imported{ActKind: enforcement.KindPenalty, Outcome: "fine", Officers: []domain.OfficerID{"P1"}}}

	ready = past(opened, investigated, notified, heard, reviewed)
	final = append(past(ready...), decided)
	ended = append(past(final...), served)
)

func taken(by domain.Act, step string, kind norm.StepKind, who, second domain.OfficerID, s string) domaintest.Past {
	return domaintest.Past{Act: on(by, s), Event: enforcement.StepTaken{Step: step, StepKind: kind, Officer: who, Second: second, On: day(s)}}
}

func fold(events []domaintest.Past) enforcement.Enforcement {
	state := enforcement.Room.NewState()
	for _, p := range events {
		enforcement.Room.Apply(state, p.Event, p.Act)
	}
	return *state.(*enforcement.Enforcement)
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, enforcement.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, enforcement.Room) }

func TestWhoHadAHandInAnActIsConcerned(t *testing.T) {
	s := fold(append(past(opened, wanted, granted, beyond, allowed, investigated, reviewed), decided))
	for who, want := range map[domain.ActorID]bool{
		"P1": true, "P2": true, "P5": true, "leader-guo": true, "leader-chen": true, "P3": false, "inspector-he": false,
	} {
		if got := s.Concerns(who); got != want {
			t.Errorf("%s is concerned: %v, want %v", who, got, want)
		}
	}
	if !s.Running() || fold(append(past(ended...), closed)).Running() {
		t.Error("an act runs until it is closed")
	}
}

// Every command refuses an act that is not there, one of old, and one that is
// closed, except those that are for it.
func TestCommandsNeedAnAct(t *testing.T) {
	starts := []domain.CommandName{"enforcement.open", "enforcement.import"}
	after := []domain.CommandName{"enforcement.review", "enforcement.review_fault", "enforcement.note_publication"}
	var scenarios []domaintest.Scenario
	for _, c := range enforcement.Room.Commands {
		if slices.Contains(starts, c.Name) {
			continue
		}
		when, as := c.Value(c.New()), domaintest.By("somebody", c.By[0])
		scenarios = append(scenarios,
			domaintest.Scenario{Name: string(c.Name) + " needs an act", When: when, As: as, Refused: domain.CodeNotFound, Field: "subject"},
			domaintest.Scenario{Name: string(c.Name) + " leaves history alone", Given: past(old), When: when, As: as, Refused: domain.CodeState})
		if !slices.Contains(after, c.Name) {
			scenarios = append(scenarios, domaintest.Scenario{Name: string(c.Name) + " comes before the closing", Given: append(past(ended...), closed), When: when, As: as, Refused: domain.CodeState})
		}
	}
	run(t, scenarios)
}

// The roles of each command, by one that has none of them.
func TestEachCommandIsForItsRoles(t *testing.T) {
	var scenarios []domaintest.Scenario
	for _, c := range enforcement.Room.Commands {
		scenarios = append(scenarios, domaintest.Scenario{Name: string(c.Name), When: c.Value(c.New()), As: hr, Refused: domain.CodeForbidden, Field: "role"})
	}
	run(t, scenarios)
}
