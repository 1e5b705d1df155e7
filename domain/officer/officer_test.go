package officer_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

var (
	hr        = domaintest.By("hr-li", domain.RoleHR)
	leader    = domaintest.By("leader-chen", domain.RoleLeader)
	inspector = domaintest.By("insp-zhao", domain.RoleInspector)
	system    = domaintest.By(domain.ActorSystem, domain.RoleSystem)
	importer  = domaintest.By("import", domain.RoleImporter)
	// self is the officer of the file, X1, and other another officer.
	self  = domaintest.By("X1", domain.RoleOfficer)
	other = domaintest.By("P2", domain.RoleOfficer)
)

var (
	enrolled  = domaintest.Past{Act: hr, Event: officer.Enrolled{FullName: "王芳", Unit: "U1", On: day("2020-07-01"), Rank: "inspector_2"}}
	appointed = domaintest.Past{Act: hr, Event: officer.Appointed{Post: "G1", Unit: "U1", HighRisk: true, On: day("2021-03-01")}}
	inquired  = domaintest.Past{Act: system, Event: officer.InquiryOpened{Case: "M1"}}
	suspended = domaintest.Past{Act: leader, Event: officer.SuspendedFromDuty{Reason: "inquiry", Case: "M1"}}
	separated = domaintest.Past{Act: hr, Event: officer.Separated{On: day("2024-02-01"), Reason: officer.ReasonRetired}}
	imported  = domaintest.Past{Act: importer, Event: officer.Imported{StaffNumber: "4711"}}
	// demerit runs from the day after Christmas for a year, past Now.
	demerit = domaintest.Past{Act: system, Event: officer.Restricted{Sanction: "S1", Measure: domain.MeasureDemerit,
		From: day("2023-12-26"), Until: day("2024-12-26"), BarsPromotion: true, BarsPayRise: true, BarsHonours: true}}
)

func day(s string) domain.Date { return domain.MustDate(s) }

// past builds what happened before on an enrolled officer.
func past(more ...domaintest.Past) []domaintest.Past {
	return append([]domaintest.Past{enrolled}, more...)
}

// fold returns the state after the history.
func fold(history ...domaintest.Past) any {
	state := officer.Room.NewState()
	for _, p := range history {
		officer.Room.Apply(state, p.Event, p.Act)
	}
	return state
}

func TestOfficer(t *testing.T) {
	for _, subject := range []struct {
		name      string
		scenarios []domaintest.Scenario
	}{
		{"enrolment and import", entering}, {"posts", posts}, {"promotion", promotions}, {"leaving", leaving},
		{"interests", interests}, {"training", trainings}, {"appraisal", appraisals}, {"indicators", indicators},
		{"certificate issued and renewed", issuing}, {"certificate suspended, restored, revoked", withholding},
		{"inquiries", inquiries}, {"restrictions", restrictions},
	} {
		t.Run(subject.name, func(t *testing.T) { domaintest.Run(t, officer.Room, subject.scenarios) })
	}
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, officer.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, officer.Room) }

// authority is who may give each command by default.
var authority = map[string]string{
	"officer.enroll": "hr", "officer.appoint": "hr leader", "officer.rotate": "hr leader",
	"officer.defer_rotation": "hr leader", "officer.promote": "hr leader",
	"officer.set_appraisal":    "hr leader",
	"officer.declare_interest": "hr inspector officer", "officer.end_interest": "hr inspector", "officer.complete_training": "hr officer",
	"officer.issue_certificate": "hr", "officer.renew_certificate": "hr",
	"officer.suspend_certificate": "hr inspector leader system", "officer.restore_certificate": "hr leader system", "officer.revoke_certificate": "hr leader",
	"officer.appraise": "hr leader", "officer.correct_appraisal": "hr leader",
	"officer.clear_outside_post": "hr leader",
	"officer.note_findings":      "inspector system",
	"officer.open_inquiry":       "inspector system", "officer.close_inquiry": "inspector system",
	"officer.restrict": "system", "officer.lift_restriction": "system",
	"officer.suspend_from_duty": "hr inspector leader", "officer.return_to_duty": "hr leader", "officer.separate": "hr leader", "officer.reinstate": "hr system",
	"officer.import": "importer",
}

func TestOnlyTheRightRolesMayGiveACommand(t *testing.T) {
	got := map[string]string{}
	for _, c := range officer.Room.Commands {
		var roles []string
		for _, role := range domain.Roles() {
			if err := decide(c, domaintest.By("someone", role)); domain.RefusalCode(err) != domain.CodeForbidden {
				roles = append(roles, string(role))
			}
		}
		slices.Sort(roles)
		got[string(c.Name)] = strings.Join(roles, " ")
	}
	if diff := cmp.Diff(authority, got); diff != "" {
		t.Errorf("who may give what (-want +got):\n%s", diff)
	}
}

// decide gives an empty command after the history, and returns the error.
func decide(c *domain.CommandType, as domain.Act, history ...domaintest.Past) error {
	state, command := fold(history...), c.Value(c.New())
	_, err := officer.Room.Decide(state, command, domaintest.Seeing(officer.Room, state, command, as), domain.CN2024())
	return err
}

// refusedUnless checks that every command, given by anyone who may, is
// refused so after the history, but for those exempt.
func refusedUnless(t *testing.T, want domain.Code, actor domain.ActorID, history []domaintest.Past, exempt ...domain.CommandName) {
	t.Helper()
	for _, c := range officer.Room.Commands {
		for _, role := range c.By {
			as := domaintest.By("someone", role)
			if actor != "" {
				as = domaintest.By(actor, role)
			}
			if role == domain.RoleOfficer {
				as = self
			}
			if got := domaintest.Met(c.Name, decide(c, as, history...)); (got == want) == slices.Contains(exempt, c.Name) {
				t.Errorf("%s by %s (%s): refused with %q; exempt from %s: %v", c.Name, as.Actor, role, got, want, slices.Contains(exempt, c.Name))
			}
		}
	}
}

func TestEveryCommandButEntryNeedsAPersonOnFile(t *testing.T) {
	refusedUnless(t, domain.CodeNotFound, "", nil, "officer.enroll", "officer.import")
}

func TestAfterSeparationOnlyTheFileIsKeptRight(t *testing.T) {
	// A second entry is refused with EXISTS; the others work on old files.
	refusedUnless(t, domain.CodeState, "", past(inquired, demerit, separated), "officer.enroll", "officer.import",
		"officer.correct_appraisal", "officer.open_inquiry", "officer.restrict", "officer.note_findings", "officer.clear_outside_post")
}

func TestNobodyActsOnTheirOwnFileButForInterestsAndTraining(t *testing.T) {
	refusedUnless(t, domain.CodeConflict, "X1", past(appointed), "officer.enroll", "officer.import",
		"officer.declare_interest", "officer.complete_training", "officer.restrict", "officer.lift_restriction")
}

func TestOverlongTextIsRefused(t *testing.T) {
	long := strings.Repeat("x", domain.MaxText+1)
	var scenarios []domaintest.Scenario
	for _, c := range []struct {
		field string
		given []domaintest.Past
		as    domain.Act
		when  domain.Command
	}{
		{"latinName", nil, hr, officer.Enroll{FullName: "王芳", Unit: "U1", LatinName: long}},
		{"staffNumber", nil, hr, officer.Enroll{FullName: "王芳", Unit: "U1", StaffNumber: long}},
		{"rank", nil, hr, officer.Enroll{FullName: "王芳", Unit: "U1", Rank: long}},
		{"latinName", nil, importer, officer.Import{LatinName: long}},
		{"staffNumber", nil, importer, officer.Import{StaffNumber: long}},
		{"sex", nil, importer, officer.Import{Sex: long}},
		{"ethnicity", nil, importer, officer.Import{Ethnicity: long}},
		{"rank", nil, importer, officer.Import{Rank: long}},
		{"with", past(), self, officer.DeclareInterest{Nature: "spouse", With: long}},
		{"officer", past(), self, officer.DeclareInterest{Nature: "spouse", Officer: domain.OfficerID(long)}},
		{"reason", past(issued), hr, officer.SuspendCertificate{Reason: long}},
	} {
		scenarios = append(scenarios, domaintest.Scenario{
			Name: string(c.when.Name()) + " with too long a " + c.field, Given: c.given, When: c.when, As: c.as, Refused: domain.CodeInvalid, Field: c.field,
		})
	}
	domaintest.Run(t, officer.Room, scenarios)
}
