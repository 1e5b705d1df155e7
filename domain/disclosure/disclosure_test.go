package disclosure_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/domaintest"
)

// Who acts in the scenarios, at domaintest.Now unless said otherwise:
// 2024-03-04, a Monday.
var (
	hr       = domaintest.By("hr-li", domain.RoleHR)
	leader   = domaintest.By("leader-chen", domain.RoleLeader)
	officer  = domaintest.By("P7", domain.RoleOfficer)
	system   = domaintest.By(domain.ActorSystem, domain.RoleSystem)
	importer = domaintest.By("import", domain.RoleImporter)
)

var (
	sheet = domain.Evidence{Digest: "sha256:" + strings.Repeat("a", 64), MediaType: "text/html", Size: 9}
	shown = []domain.Evidence{sheet}
	long  = strings.Repeat("长", domain.MaxText)
)

const page = "https://customs.example/power-list"

var (
	due       = domaintest.Past{Act: hr, Event: disclosure.Due{Title: "权力清单", Category: "power list", Medium: disclosure.MediumWebsite, Unit: "U1", Deadline: day("2024-03-01")}}
	decision  = domaintest.Past{Act: system, Event: disclosure.Due{Title: "处罚决定", Category: "decision", Medium: disclosure.MediumBoard, Unit: "U1", Deadline: day("2024-03-13"), About: "E1"}}
	published = domaintest.Past{Act: officer, Event: disclosure.Published{Medium: disclosure.MediumWebsite, Unit: "U1", On: day("2024-02-28"), URL: page, Evidence: shown}}
	corrected = domaintest.Past{Act: officer, Event: disclosure.Corrected{Unit: "U1", Reason: "a name", Evidence: shown}}
	required  = domaintest.Past{Act: system, Event: disclosure.WithdrawRequired{Unit: "U1", Cause: "E1", Deadline: day("2024-03-01")}}
	withdrawn = domaintest.Past{Act: hr, Event: disclosure.Withdrawn{Unit: "U1", On: day("2024-03-01"), Reason: "overturned"}}
	imported  = domaintest.Past{Act: importer, Event: disclosure.Imported{Title: "权力清单", PublishedOn: day("2015-06-01")}}
)

func day(s string) domain.Date { return domain.MustDate(s) }

// late returns the act on the day.
func late(act domain.Act, day string) domain.Act { return domaintest.At(act, domaintest.On(day)) }

func past(events ...domaintest.Past) []domaintest.Past { return events }

func TestDisclosure(t *testing.T) {
	for _, subject := range []struct {
		name      string
		scenarios []domaintest.Scenario
	}{
		{"require", requiring}, {"publish", publishing}, {"correct", correcting},
		{"require the withdrawal", callingBack}, {"withdraw", withdrawing}, {"import", importing},
	} {
		t.Run(subject.name, func(t *testing.T) { domaintest.Run(t, disclosure.Room, subject.scenarios) })
	}
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, disclosure.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, disclosure.Room) }

// authority is who may give each command by default.
var authority = map[string]string{
	"disclosure.require": "hr inspector leader system", "disclosure.publish": "hr inspector leader officer",
	"disclosure.correct": "hr inspector leader officer", "disclosure.require_withdrawal": "inspector leader system",
	"disclosure.withdraw": "hr inspector leader", "disclosure.import": "importer",
}

func TestOnlyTheRightRolesMayGiveACommand(t *testing.T) {
	got := map[string]string{}
	for _, c := range disclosure.Room.Commands {
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
	state := disclosure.Room.NewState()
	for _, p := range history {
		disclosure.Room.Apply(state, p.Event, p.Act)
	}
	_, err := disclosure.Room.Decide(state, c.Value(c.New()), as, domain.CN2024())
	return err
}

// Nothing happens to what was never due, and nothing more to what was
// withdrawn.
func TestEveryCommandButEntryNeedsAnItemInLife(t *testing.T) {
	for _, c := range disclosure.Room.Commands {
		first, last := domain.CodeNotFound, domain.CodeState
		if c.Name == "disclosure.require" || c.Name == "disclosure.import" {
			first, last = domain.CodeInvalid, domain.CodeExists
		}
		as := domaintest.By("someone", c.By[0])
		if got := domaintest.Met(c.Name, decide(c, as)); got != first {
			t.Errorf("%s where there is no item: refused with %q, want %q", c.Name, got, first)
		}
		if got := domaintest.Met(c.Name, decide(c, as, due, published, corrected, withdrawn)); got != last {
			t.Errorf("%s on a withdrawn item: refused with %q, want %q", c.Name, got, last)
		}
	}
}

var wholeRequire = disclosure.Require{Title: "权力清单", Category: "power list", Medium: disclosure.MediumWebsite, Unit: "U1", Deadline: day("2024-03-31")}

// require returns the whole requirement, changed.
func require(change func(*disclosure.Require)) disclosure.Require {
	c := wholeRequire
	change(&c)
	return c
}

var requiring = []domaintest.Scenario{
	{Name: "an item is due on a medium by a day", When: wholeRequire, As: hr,
		Then: []domain.Event{disclosure.Due(wholeRequire)}},
	{Name: "an item may be due today", When: require(func(c *disclosure.Require) { c.Deadline = day("2024-03-04") }), As: leader,
		Then: []domain.Event{disclosure.Due(require(func(c *disclosure.Require) { c.Deadline = day("2024-03-04") }))}},
	{Name: "an enforcement decision is due in seven working days", As: system,
		When: disclosure.Require{Title: "处罚决定", Category: "decision", Medium: disclosure.MediumBoard, Unit: "U1", About: "E1"},
		Then: []domain.Event{disclosure.Due{Title: "处罚决定", Category: "decision", Medium: disclosure.MediumBoard, Unit: "U1", About: "E1", Deadline: day("2024-03-13")}}},
	{Name: "an item is required once", Given: past(due), When: wholeRequire, As: hr,
		Refused: domain.CodeExists, Field: "subject"},
	{Name: "a title is required", When: require(func(c *disclosure.Require) { c.Title = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "title"},
	{Name: "a category is required", When: require(func(c *disclosure.Require) { c.Category = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "category"},
	{Name: "an unknown medium is refused", When: require(func(c *disclosure.Require) { c.Medium = "rumour" }), As: hr,
		Refused: domain.CodeInvalid, Field: "medium"},
	{Name: "a unit is required", When: require(func(c *disclosure.Require) { c.Unit = "" }), As: hr,
		Refused: domain.CodeInvalid, Field: "unit"},
	{Name: "a malformed case is refused", When: require(func(c *disclosure.Require) { c.About = "E/1" }), As: hr,
		Refused: domain.CodeInvalid, Field: "about"},
	{Name: "what is about no case is due by a day", When: require(func(c *disclosure.Require) { c.Deadline = domain.Date{} }), As: hr,
		Refused: domain.CodeInvalid, Field: "by"},
	{Name: "nothing is due in the past", When: require(func(c *disclosure.Require) { c.Deadline = day("2024-03-03") }), As: hr,
		Refused: domain.CodeInvalid, Field: "by"},
}

var publishing = []domaintest.Scenario{
	{Name: "an item is published late, and the days are counted", Given: past(due), When: disclosure.Publish{URL: page, Evidence: shown}, As: officer,
		Then: []domain.Event{disclosure.Published{Medium: disclosure.MediumWebsite, Unit: "U1", On: day("2024-03-04"), URL: page, Evidence: shown, DaysLate: 3}}},
	{Name: "an item was published in time", Given: past(due), When: disclosure.Publish{On: day("2024-03-01"), URL: page, Evidence: shown}, As: hr,
		Then: []domain.Event{disclosure.Published{Medium: disclosure.MediumWebsite, Unit: "U1", On: day("2024-03-01"), URL: page, Evidence: shown}}},
	{Name: "on a board a place will do", Given: past(decision), When: disclosure.Publish{Place: "the hall", Evidence: shown}, As: hr,
		Then: []domain.Event{disclosure.Published{Medium: disclosure.MediumBoard, Unit: "U1", On: day("2024-03-04"), Place: "the hall", Evidence: shown}}},
	{Name: "and so will an address", Given: past(decision), When: disclosure.Publish{URL: "http://customs.example/board", Evidence: shown}, As: hr,
		Then: []domain.Event{disclosure.Published{Medium: disclosure.MediumBoard, Unit: "U1", On: day("2024-03-04"), URL: "http://customs.example/board", Evidence: shown}}},
	{Name: "on a website a place will not", Given: past(due), When: disclosure.Publish{Place: "the site", Evidence: shown}, As: hr,
		Refused: domain.CodeInvalid, Field: "url"},
	{Name: "the public must find it", Given: past(decision), When: disclosure.Publish{Evidence: shown}, As: hr,
		Refused: domain.CodeInvalid, Field: "place"},
	{Name: "an address of another scheme is refused", Given: past(due), When: disclosure.Publish{URL: "javascript:alert(1)", Evidence: shown}, As: hr,
		Refused: domain.CodeInvalid, Field: "url"},
	{Name: "an address keeps the size limit", Given: past(due), When: disclosure.Publish{URL: page + long, Evidence: shown}, As: hr,
		Refused: domain.CodeInvalid, Field: "url"},
	{Name: "a place keeps the size limit", Given: past(due), When: disclosure.Publish{URL: page, Place: long, Evidence: shown}, As: hr,
		Refused: domain.CodeInvalid, Field: "place"},
	{Name: "what was shown is proved", Given: past(due), When: disclosure.Publish{URL: page}, As: hr,
		Refused: domain.CodeIncomplete, Field: "evidence"},
	{Name: "malformed evidence is refused", Given: past(due), When: disclosure.Publish{URL: page, Evidence: []domain.Evidence{{}}}, As: hr,
		Refused: domain.CodeInvalid, Field: "evidence"},
	{Name: "a day to come is refused", Given: past(due), When: disclosure.Publish{On: day("2024-03-05"), URL: page, Evidence: shown}, As: hr,
		Refused: domain.CodeInvalid, Field: "on"},
	{Name: "an overturned decision is not published any more", Given: past(decision, required), When: disclosure.Publish{Place: "the hall", Evidence: shown}, As: hr,
		Refused: domain.CodeRule, Rule: "行政处罚法 art. 48"},
	{Name: "an item is published once", Given: past(due, published), When: disclosure.Publish{URL: page, Evidence: shown}, As: hr,
		Refused: domain.CodeState},
}

var correcting = []domaintest.Scenario{
	{Name: "what is public is put right", Given: past(due, published), When: disclosure.Correct{Reason: "a name", Evidence: shown}, As: officer,
		Then: []domain.Event{disclosure.Corrected{Unit: "U1", Reason: "a name", Evidence: shown}}},
	{Name: "and again", Given: past(due, published, corrected), When: disclosure.Correct{Reason: "a date", Evidence: shown}, As: officer,
		Then: []domain.Event{disclosure.Corrected{Unit: "U1", Reason: "a date", Evidence: shown}}},
	{Name: "a reason is required", Given: past(due, published), When: disclosure.Correct{Evidence: shown}, As: officer,
		Refused: domain.CodeInvalid, Field: "reason"},
	{Name: "what is shown now is proved", Given: past(due, published), When: disclosure.Correct{Reason: "a name"}, As: officer,
		Refused: domain.CodeIncomplete, Field: "evidence"},
	{Name: "malformed evidence is refused", Given: past(due, published), When: disclosure.Correct{Reason: "a name", Evidence: []domain.Evidence{{}}}, As: officer,
		Refused: domain.CodeInvalid, Field: "evidence"},
	{Name: "what is not public yet is not corrected", Given: past(due), When: disclosure.Correct{Reason: "a name", Evidence: shown}, As: officer,
		Refused: domain.CodeState},
}

var callingBack = []domaintest.Scenario{
	{Name: "an overturned act is withdrawn within three working days", Given: past(decision, published), When: disclosure.RequireWithdrawal{Cause: "E1"}, As: late(system, "2024-03-07"),
		Then: []domain.Event{disclosure.WithdrawRequired{Unit: "U1", Cause: "E1", Deadline: day("2024-03-12")}}},
	{Name: "also where the item names no case", Given: past(due), When: disclosure.RequireWithdrawal{Cause: "E1"}, As: leader,
		Then: []domain.Event{disclosure.WithdrawRequired{Unit: "U1", Cause: "E1", Deadline: day("2024-03-07")}}},
	{Name: "the case is the one the item is about", Given: past(decision), When: disclosure.RequireWithdrawal{Cause: "E2"}, As: leader,
		Refused: domain.CodeInvalid, Field: "cause"},
	{Name: "a case is required", Given: past(decision), When: disclosure.RequireWithdrawal{}, As: leader,
		Refused: domain.CodeInvalid, Field: "cause"},
	{Name: "a withdrawal is required once", Given: past(decision, published, required), When: disclosure.RequireWithdrawal{Cause: "E1"}, As: leader,
		Refused: domain.CodeExists, Field: "cause"},
}

var withdrawing = []domaintest.Scenario{
	{Name: "a public item is taken back", Given: past(due, published), When: disclosure.Withdraw{Reason: "out of date"}, As: hr,
		Then: []domain.Event{disclosure.Withdrawn{Unit: "U1", On: day("2024-03-04"), Reason: "out of date"}}},
	{Name: "an overturned act is taken back late, and the days are counted", Given: past(decision, published, required), When: disclosure.Withdraw{Reason: "overturned"}, As: hr,
		Then: []domain.Event{disclosure.Withdrawn{Unit: "U1", On: day("2024-03-04"), Reason: "overturned", DaysLate: 3}}},
	{Name: "an overturned act that was not public yet is no longer due", Given: past(decision, required), When: disclosure.Withdraw{On: day("2024-03-01"), Reason: "overturned"}, As: hr,
		Then: []domain.Event{disclosure.Withdrawn{Unit: "U1", On: day("2024-03-01"), Reason: "overturned"}}},
	{Name: "an item of old is taken back", Given: past(imported), When: disclosure.Withdraw{Reason: "out of date"}, As: hr,
		Then: []domain.Event{disclosure.Withdrawn{On: day("2024-03-04"), Reason: "out of date"}}},
	{Name: "nobody gets round publishing what is due", Given: past(due), When: disclosure.Withdraw{Reason: "embarrassing"}, As: hr,
		Refused: domain.CodeState},
	{Name: "a reason is required", Given: past(due, published), When: disclosure.Withdraw{}, As: hr,
		Refused: domain.CodeInvalid, Field: "reason"},
	{Name: "a day to come is refused", Given: past(due, published), When: disclosure.Withdraw{On: day("2024-03-05"), Reason: "out of date"}, As: hr,
		Refused: domain.CodeInvalid, Field: "on"},
	{Name: "a day before it was published is refused", Given: past(due, published), When: disclosure.Withdraw{On: day("2024-02-27"), Reason: "out of date"}, As: hr,
		Refused: domain.CodeInvalid, Field: "on"},
}

var wholeImport = disclosure.Import{Title: "权力清单", Category: "power list", Medium: disclosure.MediumGazette, Unit: "U1", PublishedOn: day("2015-06-01"), URL: page, Place: "no. 6", About: "E1"}

// imports returns the whole import, changed.
func imports(change func(*disclosure.Import)) disclosure.Import {
	c := wholeImport
	change(&c)
	return c
}

var importing = []domaintest.Scenario{
	{Name: "a public item of old is filed", When: wholeImport, As: importer,
		Then: []domain.Event{disclosure.Imported(wholeImport)}},
	{Name: "a title will do", When: disclosure.Import{Title: "权力清单"}, As: importer,
		Then: []domain.Event{disclosure.Imported{Title: "权力清单"}}},
	{Name: "an item on file is not imported over", Given: past(due), When: wholeImport, As: importer,
		Refused: domain.CodeExists, Field: "subject"},
	{Name: "a title is required", When: disclosure.Import{}, As: importer,
		Refused: domain.CodeInvalid, Field: "title"},
	{Name: "a category keeps the size limit", When: imports(func(c *disclosure.Import) { c.Category = long }), As: importer,
		Refused: domain.CodeInvalid, Field: "category"},
	{Name: "an unknown medium is refused", When: imports(func(c *disclosure.Import) { c.Medium = "rumour" }), As: importer,
		Refused: domain.CodeInvalid, Field: "medium"},
	{Name: "a malformed unit is refused", When: imports(func(c *disclosure.Import) { c.Unit = "U/1" }), As: importer,
		Refused: domain.CodeInvalid, Field: "unit"},
	{Name: "a day to come is refused", When: imports(func(c *disclosure.Import) { c.PublishedOn = day("2024-03-05") }), As: importer,
		Refused: domain.CodeInvalid, Field: "publishedOn"},
	{Name: "an address keeps the size limit", When: imports(func(c *disclosure.Import) { c.URL = page + long }), As: importer,
		Refused: domain.CodeInvalid, Field: "url"},
	{Name: "an address of another scheme is refused", When: imports(func(c *disclosure.Import) { c.URL = "javascript:alert(1)" }), As: importer,
		Refused: domain.CodeInvalid, Field: "url"},
	{Name: "a place keeps the size limit", When: imports(func(c *disclosure.Import) { c.Place = long }), As: importer,
		Refused: domain.CodeInvalid, Field: "place"},
	{Name: "a malformed case is refused", When: imports(func(c *disclosure.Import) { c.About = "E/1" }), As: importer,
		Refused: domain.CodeInvalid, Field: "about"},
}
