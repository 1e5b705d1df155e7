package activity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/domaintest"
)

// Who acts in the scenarios, at domaintest.Now unless said otherwise:
// 2024-03-04.
var (
	hr        = domaintest.By("hr-li", domain.RoleHR)
	inspector = domaintest.By("inspector-he", domain.RoleInspector)
	overseer  = domaintest.By("overseer-tang", domain.RoleOverseer)
	officer   = domaintest.By("P7", domain.RoleOfficer)
	importer  = domaintest.By("import", domain.RoleImporter)
)

var (
	sheet = domain.Evidence{Digest: "sha256:" + strings.Repeat("a", 64), MediaType: "application/pdf", Size: 9}
	slide = domain.Evidence{Digest: "sha256:" + strings.Repeat("b", 64), MediaType: "application/pdf", Size: 8}
	long  = strings.Repeat("长", domain.MaxText)
	three = []domain.OfficerID{"P1", "P2", "P3"}
)

var (
	visit     = activity.Scheduled{ActivityKind: activity.KindWarningEducation, Format: activity.FormatVisit, Unit: "U1", On: day("2024-03-01"), Hours: 3, Topic: "the prison at Tilanqiao"}
	scheduled = domaintest.Past{Act: hr, Event: visit}
	study     = domaintest.Past{Act: hr, Event: activity.Scheduled{ActivityKind: activity.KindBranchStudy, Format: activity.FormatSeminar, Unit: "U1", On: day("2024-03-01"), Hours: 2, Topic: "article 33"}}
	held      = domaintest.Past{Act: hr, Event: activity.Held{ActivityKind: activity.KindWarningEducation, Format: activity.FormatVisit, Unit: "U1", On: day("2024-03-01"), Hours: 3, Expected: 3, Attendees: three}}
	assessed  = domaintest.Past{Act: inspector, Event: activity.Assessed{ActivityKind: activity.KindWarningEducation, Unit: "U1", Score: 80}}
	cancelled = domaintest.Past{Act: hr, Event: activity.Cancelled{Reason: "flood"}}
	set       = domaintest.Past{Act: hr, Event: activity.CarrierSet{Carrier: activity.CarrierBoard, Title: "廉政专栏", Unit: "U1", On: day("2024-01-08")}}
	refreshed = domaintest.Past{Act: hr, Event: activity.CarrierRefreshed{Unit: "U1", On: day("2024-03-01"), Content: "new cases"}}
	retired   = domaintest.Past{Act: hr, Event: activity.CarrierRetired{Unit: "U1", Reason: "moved"}}
	imported  = domaintest.Past{Act: importer, Event: activity.Imported{ActivityKind: activity.KindCulture, Topic: "calligraphy"}}
)

func day(s string) domain.Date { return domain.MustDate(s) }

func past(events ...domaintest.Past) []domaintest.Past { return events }

// people returns n officers.
func people(n int) []domain.OfficerID {
	var list []domain.OfficerID
	for i := range n {
		list = append(list, domain.OfficerID(fmt.Sprintf("P%d", i)))
	}
	return list
}

func TestActivity(t *testing.T) {
	for _, subject := range []struct {
		name      string
		scenarios []domaintest.Scenario
	}{
		{"schedule", scheduling}, {"cancel", cancelling}, {"hold", holding}, {"hold unscheduled", unscheduled},
		{"assess", assessing}, {"set a carrier", setting}, {"refresh a carrier", refreshing}, {"retire a carrier", retiring}, {"import", importing},
	} {
		t.Run(subject.name, func(t *testing.T) { domaintest.Run(t, activity.Room, subject.scenarios) })
	}
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, activity.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, activity.Room) }

// authority is who may give each command by default.
var authority = map[string]string{
	"activity.schedule": "hr inspector leader", "activity.hold": "hr inspector leader", "activity.hold_unscheduled": "hr inspector leader",
	"activity.assess": "hr inspector leader overseer", "activity.cancel": "hr inspector leader",
	"activity.set_carrier": "hr inspector leader", "activity.refresh_carrier": "hr inspector leader officer",
	"activity.retire_carrier": "hr inspector leader", "activity.import": "importer",
}

func TestOnlyTheRightRolesMayGiveACommand(t *testing.T) {
	got := map[string]string{}
	for _, c := range activity.Room.Commands {
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
	state := activity.Room.NewState()
	for _, p := range history {
		activity.Room.Apply(state, p.Event, p.Act)
	}
	_, err := activity.Room.Decide(state, c.Value(c.New()), as, domain.CN2024())
	return err
}

// Every command against every stage of life: where it does not belong it is
// refused for the stage, whatever it says.
func TestEveryCommandBelongsToOneStageOfLife(t *testing.T) {
	histories := map[string][]domaintest.Past{
		"nothing": nil, "scheduled": past(scheduled), "held": past(scheduled, held), "assessed": past(scheduled, held, assessed),
		"cancelled": past(scheduled, cancelled), "set": past(set), "retired": past(set, retired), "imported": past(imported),
	}
	stage := map[domain.CommandName]string{
		"activity.schedule": "nothing", "activity.hold_unscheduled": "nothing", "activity.set_carrier": "nothing", "activity.import": "nothing",
		"activity.hold": "scheduled", "activity.cancel": "scheduled", "activity.assess": "held",
		"activity.refresh_carrier": "set", "activity.retire_carrier": "set",
	}
	for _, c := range activity.Room.Commands {
		for name, history := range histories {
			want := domain.CodeState
			switch {
			case name == stage[c.Name]:
				want = domain.CodeInvalid // an empty command
			case stage[c.Name] == "nothing":
				want = domain.CodeExists
			case name == "nothing":
				want = domain.CodeNotFound
			}
			if got := domaintest.Met(c.Name, decide(c, domaintest.By("someone", c.By[0]), history...)); got != want {
				t.Errorf("%s on what is %s: refused with %q, want %q", c.Name, name, got, want)
			}
		}
	}
}

func TestARefreshOfOldDoesNotTurnTheClockBack(t *testing.T) {
	state := activity.Room.NewState()
	for _, p := range past(set, refreshed, domaintest.Past{Act: hr, Event: activity.CarrierRefreshed{On: day("2024-02-01")}}) {
		activity.Room.Apply(state, p.Event, p.Act)
	}
	if got := state.(*activity.Activity).Refreshed; got != day("2024-03-01") {
		t.Errorf("last refreshed on %s, want 2024-03-01", got)
	}
}
