package misconduct_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

// Who acts in the scenarios. The case X1 is against the officers P7 and P8.
var (
	inspector = domaintest.By("inspector-he", domain.RoleInspector)
	partner   = domaintest.By("inspector-lin", domain.RoleInspector)
	outsider  = domaintest.By("inspector-xu", domain.RoleInspector)
	leader    = domaintest.By("leader-chen", domain.RoleLeader)
	second    = domaintest.By("leader-guo", domain.RoleLeader)
	third     = domaintest.By("leader-han", domain.RoleLeader)
	officer   = domaintest.By("P7", domain.RoleOfficer)
	hr        = domaintest.By("hr-li", domain.RoleHR)
	importer  = domaintest.By("import", domain.RoleImporter)
	// P7 in the roles that nobody under inquiry may use in the case.
	ownInspector = domaintest.By("P7", domain.RoleInspector)
	ownLeader    = domaintest.By("P7", domain.RoleLeader)
)

// What is found in the scenarios.
var (
	bribe = misconduct.Finding{Officer: "P7", Allegation: "took a gift", DeedOn: day("2024-02-01"), Result: misconduct.ResultSustained,
		Intent: misconduct.IntentIntent, Clause: "prohibition 3", Measure: domain.MeasureDemerit, Opinion: "admitted"}
	cleared = misconduct.Finding{Officer: "P8", Allegation: "knew of it", DeedOn: day("2024-02-01"), Result: misconduct.ResultUnfounded,
		Intent: misconduct.IntentNone, Opinion: "was on leave"}
	found = []misconduct.Finding{bribe, cleared}
	sheet = domain.Evidence{Digest: "sha256:" + strings.Repeat("a", 64), MediaType: "application/pdf", Size: 9}
)

// What happened before the scenarios, all of it at domaintest.Now: a Monday,
// 2024-03-04.
var (
	opened = domaintest.Past{Act: inspector, Event: misconduct.Opened{
		Origin: misconduct.OriginInspection, Unit: "U3", Officers: []domain.OfficerID{"P7", "P8"}, Conduct: "a gift"}}
	further = domaintest.Past{Act: inspector, Event: misconduct.ConductAdded{Officers: []domain.OfficerID{"P7"}, Conduct: "a second gift"}}
	// widened is how further conduct was recorded at first.
	widened       = domaintest.Past{Act: inspector, Event: misconduct.ScopeWidened{Officers: []domain.OfficerID{"P7"}, Conduct: "a second gift"}}
	investigated  = domaintest.Past{Act: leader, Event: misconduct.InvestigatorsNamed{Investigators: []domain.ActorID{"inspector-he", "inspector-lin"}}}
	replaced      = domaintest.Past{Act: leader, Event: misconduct.InvestigatorsNamed{Investigators: []domain.ActorID{"inspector-he", "inspector-xu"}}}
	notified      = domaintest.Past{Act: inspector, Event: misconduct.NoticeGiven{Officer: "P7"}}
	heard         = domaintest.Past{Act: inspector, Event: misconduct.StatementHeard{Officer: "P7", Statement: "it was a loan"}}
	proposed      = domaintest.Past{Act: inspector, Event: misconduct.FindingProposed{Findings: found}}
	rejected      = domaintest.Past{Act: leader, Event: misconduct.FindingRejected{Reason: "ask the giver"}}
	confirmed     = domaintest.Past{Act: leader, Event: misconduct.FindingConfirmed{Findings: found}}
	dismissed     = domaintest.Past{Act: leader, Event: misconduct.Dismissed{Officers: []domain.OfficerID{"P7", "P8"}, Reason: "no gift"}}
	appealed      = domaintest.Past{Act: officer, Event: misconduct.Appealed{Officer: "P7", Ground: "it was a loan"}}
	upheld        = domaintest.Past{Act: second, Event: misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}}
	overturned    = domaintest.Past{Act: second, Event: misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeOverturned, Opinion: "a loan"}}
	rereviewAsked = domaintest.Past{Act: officer, Event: misconduct.RereviewAsked{Officer: "P7", Ground: "still a loan"}}
	rereviewed    = domaintest.Past{Act: third, Event: misconduct.Rereviewed{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}}
	ofPerson      = domaintest.Past{Act: inspector, Event: misconduct.Analysed{Aspect: misconduct.AspectPerson, Text: "debts"}}
	ofInstitution = domaintest.Past{Act: inspector, Event: misconduct.Analysed{Aspect: misconduct.AspectInstitution, Text: "one person decides", Gaps: []misconduct.Gap{{Kind: misconduct.GapNorm, Description: "nobody checks"}}}}
	archived      = domaintest.Past{Act: inspector, Event: misconduct.Archived{Officers: []domain.OfficerID{"P7", "P8"}}}
	header        = domaintest.Past{Act: importer, Event: misconduct.Imported{Complaint: "16-0001"}}
	oldFinding    = domaintest.Past{Act: importer, Event: misconduct.FindingImported{Complaint: "16-0001", Officer: "P7", Category: "Falsification", Result: misconduct.ResultPending}}

	underInquiry = past(opened, investigated)
	defended     = past(opened, investigated, notified, heard)
	judged       = append(past(defended...), proposed)
	sentBack     = append(past(judged...), rejected)
	final        = append(past(judged...), confirmed)
	onAppeal     = append(past(final...), appealed)
	afterAppeal  = append(past(onAppeal...), upheld)
	onRereview   = append(past(afterAppeal...), rereviewAsked)
	closed       = append(past(final...), ofPerson, ofInstitution, archived)
)

func past(events ...domaintest.Past) []domaintest.Past {
	return append([]domaintest.Past(nil), events...)
}

func day(s string) domain.Date { return domain.MustDate(s) }

// late returns the act on the day.
func late(act domain.Act, day string) domain.Act { return domaintest.At(act, domaintest.On(day)) }

// with returns the finding, changed.
func with(f misconduct.Finding, change func(*misconduct.Finding)) []misconduct.Finding {
	change(&f)
	return []misconduct.Finding{f}
}

// measured returns the finding with another measure.
func measured(f misconduct.Finding, m domain.Measure) []misconduct.Finding {
	return with(f, func(f *misconduct.Finding) { f.Measure = m })
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, misconduct.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, misconduct.Room) }

// The life of one case, every step decided on the events of the steps before.
func TestACaseLivesFromOpeningToArchive(t *testing.T) {
	lighter := measured(bribe, domain.MeasureWarning)
	archive := late(inspector, "2024-05-06")
	steps := []struct {
		command domain.Command
		as      domain.Act
		status  misconduct.Status
	}{
		{misconduct.Open{Origin: misconduct.OriginComplaint, Complaint: "C1", Unit: "U3", Conduct: "a gift"}, domaintest.By(domain.ActorSystem, domain.RoleSystem), misconduct.StatusOpen},
		{misconduct.WidenScope{Officers: []domain.OfficerID{"P7"}, Conduct: "a gift"}, inspector, misconduct.StatusOpen},
		{misconduct.TakeMeasure{Officer: "P7", Measure: "off duty"}, leader, misconduct.StatusOpen},
		{misconduct.NameInvestigators{Investigators: []domain.ActorID{"inspector-he", "inspector-lin"}}, leader, misconduct.StatusInquiry},
		{misconduct.LodgeEvidence{Evidence: []domain.Evidence{sheet}, Note: "the receipt"}, partner, misconduct.StatusInquiry},
		{misconduct.GiveNotice{Officer: "P7", ReplyBy: day("2024-03-11")}, inspector, misconduct.StatusInquiry},
		{misconduct.HearStatement{Officer: "P7", Waived: true}, inspector, misconduct.StatusInquiry},
		{misconduct.ProposeFinding{Findings: measured(bribe, domain.MeasureMajor)}, inspector, misconduct.StatusProposed},
		{misconduct.RejectFinding{Reason: "too heavy"}, leader, misconduct.StatusInquiry},
		{misconduct.ProposeFinding{Findings: []misconduct.Finding{bribe}}, partner, misconduct.StatusProposed},
		{misconduct.ReferToProsecutor{Officer: "P7", Offence: "bribery"}, inspector, misconduct.StatusProposed},
		{misconduct.ConfirmFinding{}, leader, misconduct.StatusConfirmed},
		{misconduct.Appeal{Officer: "P7", Ground: "a loan"}, officer, misconduct.StatusConfirmed},
		{misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "a small one", Findings: lighter}, second, misconduct.StatusConfirmed},
		{misconduct.AskRereview{Officer: "P7", Ground: "a loan"}, officer, misconduct.StatusConfirmed},
		{misconduct.DecideRereview{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "a gift"}, third, misconduct.StatusConfirmed},
		{misconduct.Analyse{Aspect: misconduct.AspectPerson, Text: "debts"}, inspector, misconduct.StatusConfirmed},
		{misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "alone at night", Gaps: []misconduct.Gap{{Kind: misconduct.GapNorm, Description: "nobody looks"}}}, inspector, misconduct.StatusConfirmed},
		{misconduct.Archive{}, archive, misconduct.StatusArchived},
	}
	state := misconduct.Room.NewState()
	for _, s := range steps {
		events, err := misconduct.Room.Decide(state, s.command, domaintest.Seeing(misconduct.Room, state, s.command, s.as), domain.CN2024())
		if err != nil {
			t.Fatalf("%s: %v", s.command.Name(), err)
		}
		for _, e := range events {
			misconduct.Room.Apply(state, e, s.as)
		}
		if got := state.(*misconduct.Case).Status; got != s.status {
			t.Fatalf("after %s the case is %q, want %q", s.command.Name(), got, s.status)
		}
	}
	stands := state.(*misconduct.Case).Confirmed
	if len(stands) != 1 || stands[0].Measure != domain.MeasureWarning {
		t.Errorf("what stands is %+v, want one finding with the measure %q", stands, domain.MeasureWarning)
	}
}

// Whatever is closed is closed: no command leads on from an archived case, but
// for the answer to what it proposes.
func TestNothingFollowsTheArchive(t *testing.T) {
	state := misconduct.Room.NewState()
	for _, p := range closed {
		misconduct.Room.Apply(state, p.Event, p.Act)
	}
	for _, c := range misconduct.Room.Commands {
		command := c.Value(c.New())
		if command.Name() == (misconduct.AnswerProposal{}).Name() {
			continue
		}
		act := domaintest.By("somebody", c.By[0])
		events, err := misconduct.Room.Decide(state, command, domaintest.Seeing(misconduct.Room, state, command, act), domain.CN2024())
		if code := domain.RefusalCode(err); code != domain.CodeState && code != domain.CodeExists {
			t.Errorf("%s: got %v, %v; want a refusal", c.Name, events, err)
		}
	}
}
