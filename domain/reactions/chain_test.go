package reactions_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
)

// ledger is just enough of a ledger to run the chain: states in a map, and
// what follows from an event is carried out as the system.
type ledger struct {
	t       *testing.T
	catalog *domain.Catalog
	book    *domain.Rulebook
	states  map[domain.Ref]any
	// bySystem are the kinds that reactions brought about, refused what a
	// room refused a reaction.
	bySystem []domain.Kind
	refused  []string
}

func newLedger(t *testing.T) *ledger {
	return &ledger{t: t, catalog: catalog.New(), book: domain.CN2024(), states: map[domain.Ref]any{}}
}

func (l *ledger) state(room, id string) any {
	ref := domain.Ref{Type: room, ID: id}
	if l.states[ref] == nil {
		l.states[ref] = l.catalog.Room(room).NewState()
	}
	return l.states[ref]
}

func (l *ledger) officer(id string) *officer.Officer {
	return l.state("officer", id).(*officer.Officer)
}

func (l *ledger) record(c domain.Command, act domain.Act) error {
	room := l.catalog.Room(c.Name().Room())
	state := l.state(room.Name, act.Subject)
	sight := domain.Sight{}
	for _, ref := range room.Reads(state, c, act) {
		sight[ref] = l.state(ref.Type, ref.ID)
	}
	act.Sees = &sight
	events, err := room.Decide(state, c, act, l.book)
	if err != nil {
		return err
	}
	for _, e := range events {
		room.Apply(state, e, act)
		if act.Role == domain.RoleSystem {
			l.bySystem = append(l.bySystem, e.Kind())
		}
	}
	for _, e := range events {
		l.follow(e, act)
	}
	return nil
}

func (l *ledger) follow(e domain.Event, cause domain.Act) {
	if cause.Imported() {
		return
	}
	for _, r := range reactions.All() {
		if r.On != e.Kind() {
			continue
		}
		for _, in := range r.Then(domain.Recorded{Act: cause, Event: e}) {
			act := cause
			act.Subject, act.Actor, act.Role = in.Act.Subject, domain.ActorSystem, domain.RoleSystem
			if err := l.record(in.Command, act); err != nil {
				if domain.RefusalCode(err) == "" {
					l.t.Fatalf("%s: %v", r.Name, err)
				}
				l.refused = append(l.refused, r.Name+": "+err.Error())
			}
		}
	}
}

// step is one command of a scenario: who, on which day, to whom.
type step struct {
	day   string
	actor domain.ActorID
	role  domain.Role
	to    string
	do    domain.Command
}

func (l *ledger) do(steps ...step) {
	l.t.Helper()
	for _, s := range steps {
		if err := l.record(s.do, s.act()); err != nil {
			l.t.Fatalf("%s by %s on %s: %v", s.do.Name(), s.actor, s.day, err)
		}
	}
}

func (l *ledger) refuses(code domain.Code, s step) {
	l.t.Helper()
	if err := l.record(s.do, s.act()); domain.RefusalCode(err) != code {
		l.t.Fatalf("%s by %s on %s: got %v, want a refusal %s", s.do.Name(), s.actor, s.day, err, code)
	}
}

func (s step) act() domain.Act {
	act := domaintest.At(domaintest.By(s.actor, s.role), domaintest.On(s.day))
	act.Subject = s.to
	return act
}

// service is what goes before: two officers, one with a certificate.
func service() []step {
	return []step{
		{"2020-01-06", "hr-li", domain.RoleHR, "U1", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency}},
		{"2020-01-06", "hr-li", domain.RoleHR, "P7", officer.Enroll{FullName: "王伟", Unit: "U1", Rank: "二级主办"}},
		{"2020-01-06", "hr-li", domain.RoleHR, "P8", officer.Enroll{FullName: "李娜", Unit: "U1", Rank: "二级主办"}},
		{"2020-02-03", "hr-li", domain.RoleHR, "P7", officer.IssueCertificate{Number: "C-7"}},
	}
}

// upTo is the complaint K1 against the officer up to its conclusion.
func upTo(result complaint.Result, officers ...domain.OfficerID) []step {
	return []step{
		{"2024-01-08", "intake-zhou", domain.RoleIntake, "K1", complaint.Receive{Channel: complaint.ChannelHotline, Category: "gifts", Summary: "gifts at the counter", Unit: "U1", Officers: []domain.OfficerID{"P7"}}},
		{"2024-01-09", "intake-zhou", domain.RoleIntake, "K1", complaint.Screen{Admissible: true, Ground: "within our remit"}},
		{"2024-01-09", "intake-zhou", domain.RoleIntake, "K1", complaint.Accept{}},
		{"2024-01-10", "leader-chen", domain.RoleLeader, "K1", complaint.AssignHandler{Handler: "handler-sun"}},
		{"2024-01-22", "handler-sun", domain.RoleHandler, "K1", complaint.Conclude{Result: result, Conduct: "accepted gifts", Officers: officers, NamingReason: "on the camera", Opinion: "proved by the camera"}},
	}
}

// inquiry is the case up to its confirmed finding.
func inquiry(findings ...misconduct.Finding) []step {
	return []step{
		{"2024-01-23", "inspector-wang", domain.RoleInspector, "K1", misconduct.NameInvestigators{Investigators: []domain.ActorID{"inspector-wang", "inspector-he"}}},
		{"2024-02-01", "inspector-wang", domain.RoleInspector, "K1", misconduct.GiveNotice{Officer: "P7"}},
		{"2024-02-06", "inspector-wang", domain.RoleInspector, "K1", misconduct.HearStatement{Officer: "P7", Statement: "they were returned"}},
		{"2024-02-19", "inspector-wang", domain.RoleInspector, "K1", misconduct.ProposeFinding{Findings: findings}},
		{"2024-02-26", "leader-chen", domain.RoleLeader, "K1", misconduct.ConfirmFinding{}},
	}
}

// decision is the sanction from notice to being imposed, on 4 March 2024.
func decision() []step {
	return []step{
		{"2024-02-27", "inspector-wang", domain.RoleInspector, "K1.P7", sanction.Notify{}},
		{"2024-02-29", "P7", domain.RoleOfficer, "K1.P7", sanction.HearDefence{Waived: true}},
		{"2024-03-01", "leader-chen", domain.RoleLeader, "K1.P7", sanction.Approve{}},
		{"2024-03-04", "leader-chen", domain.RoleLeader, "K1.P7", sanction.Impose{}},
	}
}

func TestTheChainFromTheComplaintToTheRelease(t *testing.T) {
	l := newLedger(t)
	l.do(service()...)
	l.do(upTo(complaint.ResultSubstantiated, "P7")...)
	if got := l.officer("P7").Inquiries; !slices.Equal(got, []domain.CaseID{"K1"}) {
		t.Fatalf("after the complaint was borne out the inquiries are %v, want K1", got)
	}
	promote := func(day string) step {
		return step{day, "hr-li", domain.RoleHR, "P7", officer.Promote{Rank: "一级主办"}}
	}
	l.refuses(domain.CodeRule, promote("2024-01-24"))

	l.do(inquiry(finding("P7", "accepted gifts", misconduct.ResultSustained, domain.MeasureMajor))...)
	if s := l.state("sanction", "K1.P7").(*sanction.Sanction); s.Status != sanction.StatusProposed || s.Measure != domain.MeasureMajor || s.Case != "K1" {
		t.Fatalf("after the finding the sanction is %+v", s)
	}

	l.do(decision()...)
	until := domain.MustDate("2025-09-04")
	want := []officer.Restriction{{
		Sanction: "K1.P7", Measure: domain.MeasureMajor, From: domain.MustDate("2024-03-04"), Until: until,
		BarsPromotion: true, BarsPayRise: true, BarsHonours: true,
	}}
	if diff := cmp.Diff(want, l.officer("P7").Restrictions); diff != "" {
		t.Fatalf("restrictions (-want +got):\n%s", diff)
	}
	if c := l.officer("P7").Certificate; c.Status != officer.CertificateHeld || c.Sanction != "K1.P7" {
		t.Fatalf("the certificate is %+v, want it suspended by the sanction", c)
	}

	l.do(
		step{"2024-03-11", "inspector-wang", domain.RoleInspector, "K1", misconduct.Analyse{Aspect: misconduct.AspectPerson, Text: "greed"}},
		step{"2024-03-11", "inspector-wang", domain.RoleInspector, "K1", misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "no second pair of eyes"}},
		step{"2024-04-08", "leader-chen", domain.RoleLeader, "K1", misconduct.Archive{}},
	)
	if got := l.officer("P7").Inquiries; len(got) > 0 {
		t.Fatalf("after the archive the inquiries are %v", got)
	}
	l.refuses(domain.CodeRule, promote("2024-04-09"))

	release := step{until.String(), domain.ActorSystem, domain.RoleSystem, "K1.P7", sanction.Release{}}
	l.refuses(domain.CodeTooEarly, release)
	release.day = until.AddDays(1).String()
	l.do(release)
	if got := l.officer("P7").Restrictions; len(got) > 0 {
		t.Fatalf("after the release the restrictions are %v", got)
	}
	if c := l.officer("P7").Certificate; c.Status != officer.CertificateValid {
		t.Fatalf("after the release the certificate is %+v", c)
	}
	l.do(promote(release.day))

	followed := []domain.Kind{
		"misconduct.opened.v2", "officer.inquiry_opened.v1", "sanction.proposed.v2", "traceback.opened.v1", "officer.findings_noted.v1", "officer.restricted.v1", "officer.certificate_suspended.v1",
		"officer.inquiry_closed.v1", "sanction.released.v1", "officer.restriction_lifted.v1", "officer.certificate_restored.v1",
	}
	if diff := cmp.Diff(followed, l.bySystem); diff != "" {
		t.Errorf("done by the system (-want +got):\n%s", diff)
	}
	if len(l.refused) > 0 {
		t.Errorf("reactions were refused: %q", l.refused)
	}
}

func TestAnAppealMakesTheRestrictionMilderAndAnotherEndsIt(t *testing.T) {
	l := newLedger(t)
	l.do(service()...)
	l.do(upTo(complaint.ResultPartly, "P7")...)
	l.do(inquiry(finding("P7", "accepted gifts", misconduct.ResultSustained, domain.MeasureMajor))...)
	l.do(decision()...)
	l.do(
		step{"2024-03-05", "hr-li", domain.RoleHR, "K1.P7", sanction.Serve{}},
		step{"2024-04-01", "P7", domain.RoleOfficer, "K1.P7", sanction.Appeal{Ground: "the gifts were returned"}},
		step{"2024-04-22", "leader-zhao", domain.RoleLeader, "K1.P7", sanction.DecideAppeal{Outcome: sanction.OutcomeVaried, Opinion: "in part", Measure: domain.MeasureWarning}},
	)
	r := l.officer("P7").Restrictions
	if len(r) != 1 || r[0].Measure != domain.MeasureWarning || r[0].Until != domain.MustDate("2024-09-04") || r[0].BarsPayRise {
		t.Fatalf("after the variation the restrictions are %+v", r)
	}
	if c := l.officer("P7").Certificate; c.Status != officer.CertificateValid {
		t.Fatalf("after the variation the certificate is %+v", c)
	}
	l.do(
		step{"2024-05-20", "P7", domain.RoleOfficer, "K1.P7", sanction.AskRereview{Ground: "I was not there"}},
		step{"2024-06-20", "leader-zhao", domain.RoleLeader, "K1.P7", sanction.DecideAppeal{Outcome: sanction.OutcomeOverturned, Opinion: "another person"}},
	)
	if got := l.officer("P7").Restrictions; len(got) > 0 {
		t.Fatalf("after it was overturned the restrictions are %v", got)
	}
	if len(l.refused) > 0 {
		t.Errorf("reactions were refused: %q", l.refused)
	}
}

func TestSeveralFindingsAgainstOneOfficerMakeOneSanction(t *testing.T) {
	l := newLedger(t)
	l.do(service()...)
	l.do(upTo(complaint.ResultSubstantiated, "P7")...)
	l.do(inquiry(
		finding("P7", "accepted gifts", misconduct.ResultSustained, domain.MeasureWarning),
		finding("P7", "hid the register", misconduct.ResultSustained, domain.MeasureDemerit))...)
	l.do(decision()...)
	r := l.officer("P7").Restrictions
	if len(r) != 1 || r[0].Measure != domain.MeasureDemerit || r[0].Until != domain.MustDate("2025-03-04") {
		t.Fatalf("the restrictions are %+v, want those of one demerit", r)
	}
}

func TestADismissedCaseFreesTheOfficers(t *testing.T) {
	l := newLedger(t)
	l.do(service()...)
	l.do(upTo(complaint.ResultSubstantiated, "P7")...)
	l.do(
		step{"2024-01-23", "inspector-wang", domain.RoleInspector, "K1", misconduct.WidenScope{Officers: []domain.OfficerID{"P7", "P8"}, Conduct: "more gifts"}},
		step{"2024-01-29", "leader-chen", domain.RoleLeader, "K1", misconduct.Dismiss{Reason: "the gifts were a loan"}},
	)
	for _, id := range []string{"P7", "P8"} {
		if got := l.officer(id).Inquiries; len(got) > 0 {
			t.Errorf("the inquiries of %s are %v after the dismissal", id, got)
		}
	}
	l.do(
		step{"2024-02-01", "inspector-wang", domain.RoleInspector, "K1", misconduct.Analyse{Aspect: misconduct.AspectPerson, Text: "none"}},
		step{"2024-02-01", "inspector-wang", domain.RoleInspector, "K1", misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "none"}},
		step{"2024-02-02", "leader-chen", domain.RoleLeader, "K1", misconduct.Archive{}},
	)
	if len(l.refused) > 0 {
		t.Errorf("reactions were refused: %q", l.refused)
	}
}

func TestAnOfficerOutsideTheBooksIsReportedAndUndoesNothing(t *testing.T) {
	l := newLedger(t)
	l.do(upTo(complaint.ResultSubstantiated, "P7")...) // P7 was never enrolled
	if got := l.state("misconduct", "K1").(*misconduct.Case).Status; got != misconduct.StatusOpen {
		t.Errorf("the case is %q, want it open", got)
	}
	if len(l.refused) != 1 {
		t.Errorf("refused reactions: %q, want the mark on the unknown file", l.refused)
	}
}

func TestNothingFollowsFromHistoryOfOld(t *testing.T) {
	l := newLedger(t)
	old := func(id string, c domain.Command) step {
		return step{"2024-01-08", "import", domain.RoleImporter, id, c}
	}
	l.do(
		old("P7", officer.Import{FullName: "Officer 7"}),
		old("K1", misconduct.ImportFinding{Officer: "P7", Category: "abuse", Result: misconduct.ResultSustained, Discipline: misconduct.DisciplineGuilty}),
		old("S1", sanction.Import{Officer: "P7", Measure: "Reprimand", Canonical: domain.MeasureWarning, From: domain.MustDate("2023-12-01"), Until: domain.MustDate("2024-06-01")}),
	)
	if len(l.bySystem) > 0 || len(l.refused) > 0 {
		t.Errorf("the system did %v, and was refused %q", l.bySystem, l.refused)
	}
	if s := l.state("sanction", "S1").(*sanction.Sanction); s.ReleaseDue(domain.DateOf(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))) {
		t.Error("a sanction of old is due for release")
	}
}

// The publication of an act goes with the act, without anybody's doing.
func TestAnOverturnedActCallsBackWhatIsPublicOfIt(t *testing.T) {
	l := newLedger(t)
	l.state("enforcement", "E1").(*enforcement.Enforcement).Status = enforcement.StatusDecided
	require := disclosure.Require{Title: "penalty", Category: "decision", Medium: disclosure.MediumBoard, Unit: "U1", About: "E1"}
	l.do(
		step{"2024-03-04", "hr-li", domain.RoleHR, "D1", require},
		step{"2024-03-05", "hr-li", domain.RoleHR, "D2", require},
		step{"2024-03-06", "hr-li", domain.RoleHR, "D3", disclosure.Require{Title: "budget", Category: "budget", Medium: disclosure.MediumBoard, Unit: "U1", Deadline: domain.MustDate("2024-04-01")}},
		step{"2024-06-03", "inspector-wang", domain.RoleInspector, "E1", enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultOverturned, Ground: "no hearing"}},
		step{"2024-06-04", "hr-li", domain.RoleHR, "D4", require},
	)
	for id, want := range map[string]string{"D1": "2024-06-06", "D2": "2024-06-06", "D3": "", "D4": "2024-06-07"} {
		if got := l.state("disclosure", id).(*disclosure.Item); got.WithdrawBy.String() != want {
			t.Errorf("%s is to be withdrawn by %q, want %q", id, got.WithdrawBy, want)
		}
	}
	if len(l.refused) > 0 {
		t.Errorf("refused: %v", l.refused)
	}
}
