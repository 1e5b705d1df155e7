package warning_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/warning"
)

var (
	system    = domaintest.By(domain.ActorSystem, domain.RoleSystem)
	inspector = domaintest.By("inspector-wang", domain.RoleInspector)
	leader    = domaintest.By("leader-chen", domain.RoleLeader)
	hr        = domaintest.By("hr-li", domain.RoleHR)
	importer  = domaintest.By("import", domain.RoleImporter)
	// self and selfLeader are whom the warning is about.
	self       = domaintest.By("P7", domain.RoleInspector)
	selfLeader = domaintest.By("P7", domain.RoleLeader)
)

var raise = warning.Raise{
	Rule: "discretion-outlier", Version: "1", Unit: "U1", Officer: "P7", Evidence: []domain.EventID{"e-1", "e-2"},
	Score: 2300, Exposure: 214, Baseline: "2 % outside the range", Peers: "31 officers of 4 windows", Explanation: "19 of 214 penalties lie outside their range",
}

var again = warning.Raise{
	Rule: "discretion-outlier", Version: "1", Unit: "U1", Officer: "P7", Evidence: []domain.EventID{"e-2", "e-3"}, Score: 2100, Exposure: 230, Explanation: "20 of 230",
}

var (
	raised = domaintest.Past{Act: system, Event: warning.Raised{
		Rule: "discretion-outlier", Version: "1", Unit: "U1", Officer: "P7", Evidence: []domain.EventID{"e-1", "e-2"},
		Score: 2300, Exposure: 214, Baseline: "2 % outside the range", Peers: "31 officers of 4 windows", Explanation: "19 of 214 penalties lie outside their range",
		Due: domain.MustDate("2024-03-11")}}
	inChinese    = domaintest.Past{Act: system, Event: saidInChinese(raised.Event.(warning.Raised))}
	onPost       = domaintest.Past{Act: system, Event: warning.Raised{Rule: "untested-control", Version: "1", Post: "counter-3", Score: 1, Explanation: "no control was tested"}}
	grouped      = domaintest.Past{Act: system, Event: warning.Grouped{Officer: "P7", Version: "1", Evidence: []domain.EventID{"e-3"}, Score: 2100, Exposure: 230, Explanation: "20 of 230"}}
	acknowledged = domaintest.Past{Act: inspector, Event: warning.Acknowledged{Officer: "P7", Note: "I look at the files"}}
	escalated    = domaintest.Past{Act: system, Event: warning.Escalated{Officer: "P7", To: domain.RoleLeader, Reason: "nobody took it up in 5 days"}}
	reviewed     = domaintest.Past{Act: inspector, Event: warning.Reviewed{Officer: "P7", Opinion: "19 files without a reason"}}
	actedOn      = domaintest.Past{Act: inspector, Event: warning.ActedOn{To: warning.TargetMisconduct, Case: "C1", Unit: "U1", Officer: "P7", Conduct: "fines outside the range"}}
	dismissed    = domaintest.Past{Act: inspector, Event: warning.Dismissed{Officer: "P7", Reason: "the benchmark had changed"}}
	wasRight     = domaintest.Past{Act: inspector, Event: warning.OutcomeKnown{Officer: "P7", Outcome: warning.OutcomeTrue, Note: "sustained"}}
	imported     = domaintest.Past{Act: importer, Event: warning.Imported{Rule: "red flag", Unit: "U1"}}
)

// chain returns the past of a raised warning, followed by more.
func chain(more ...domaintest.Past) []domaintest.Past {
	return append([]domaintest.Past{raised}, more...)
}

func fold(past ...domaintest.Past) *warning.Warning {
	state := warning.Room.NewState()
	for _, p := range past {
		warning.Room.Apply(state, p.Event, p.Act)
	}
	return state.(*warning.Warning)
}

func saidInChinese(e warning.Raised) warning.Raised {
	e.BaselineChinese, e.PeersChinese, e.ExplanationChinese = "超出幅度的占2%", "4个窗口的31人", "214件处罚中有19件超出幅度"
	return e
}

func TestWhatItSaysInChineseGoesWithWhatItSays(t *testing.T) {
	if got := fold(inChinese); got.ExplanationChinese != "214件处罚中有19件超出幅度" {
		t.Errorf("raised: %q", got.ExplanationChinese)
	}
	if got := fold(inChinese, grouped); got.ExplanationChinese != "" || got.Explanation != "20 of 230" {
		t.Errorf("a repeat without Chinese left %q beside %q", got.ExplanationChinese, got.Explanation)
	}
}

func TestARepeatJoinsTheEvidenceAndAsksForANewReview(t *testing.T) {
	got := *fold(raised, acknowledged, reviewed, grouped)
	want := warning.Warning{
		Status: warning.StatusAcknowledged, Rule: "discretion-outlier", Version: "1", Unit: "U1", Officer: "P7",
		Evidence: []domain.EventID{"e-1", "e-2", "e-3"}, Score: 2300, Explanation: "20 of 230", Times: 2, Due: domain.MustDate("2024-03-11"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
}

func TestAWarningIsOpenUntilItIsActedOnOrDismissed(t *testing.T) {
	tests := []struct {
		name string
		past []domaintest.Past
		want bool
	}{
		{"never raised", nil, false},
		{"raised", chain(), true},
		{"acknowledged", chain(acknowledged), true},
		{"reviewed", chain(acknowledged, reviewed), true},
		{"escalated", chain(escalated), true},
		{"acted on", chain(acknowledged, reviewed, actedOn), false},
		{"dismissed", chain(acknowledged, reviewed, dismissed), false},
		{"of old", []domaintest.Past{imported}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := fold(tt.past...).Open(); got != tt.want {
				t.Errorf("open: %v, want %v", got, tt.want)
			}
		})
	}
}

func with(change func(*warning.Raise)) warning.Raise {
	c := raise
	change(&c)
	return c
}

func TestRaise(t *testing.T) {
	noTerm := domain.CN2024()
	noTerm.Warning.Acknowledge = domain.Term{}
	domaintest.Run(t, warning.Room, []domaintest.Scenario{
		{
			Name: "a rule raises it, to be acknowledged in five working days",
			When: raise, As: system,
			Then: []domain.Event{raised.Event},
		},
		{
			Name: "an inspector raises one about a post; without a term there is no last day", Book: noTerm,
			When: warning.Raise{Rule: "untested-control", Version: "1", Post: "counter-3", Score: 1, Explanation: "no control was tested"}, As: inspector,
			Then: []domain.Event{onPost.Event},
		},
		{
			Name: "a repeat is grouped with what is new", Given: chain(),
			When: again, As: system,
			Then: []domain.Event{grouped.Event},
		},
		{
			Name: "so is one that only scores higher", Given: chain(acknowledged),
			When: with(func(c *warning.Raise) { c.Score = 2400 }), As: system,
			Then: []domain.Event{warning.Grouped{Officer: "P7", Version: "1", Score: 2400, Exposure: 214, Explanation: raise.Explanation}},
		},
		{
			Name: "what it says is said in Chinese too",
			When: with(func(c *warning.Raise) {
				c.BaselineChinese, c.PeersChinese, c.ExplanationChinese = "超出幅度的占2%", "4个窗口的31人", "214件处罚中有19件超出幅度"
			}), As: system,
			Then: []domain.Event{inChinese.Event},
		},
		{
			Name: "a repeat in one language takes the place of both", Given: []domaintest.Past{inChinese},
			When: again, As: system,
			Then: []domain.Event{grouped.Event},
		},
		{
			Name: "a repeat that brings nothing new is not recorded", Given: chain(),
			When: raise, As: system,
			Refused: domain.CodeExists, Field: "evidence",
		},
		{
			Name: "an id is for one rule and subject while it is open", Given: chain(),
			When: with(func(c *warning.Raise) { c.Officer = "P8" }), As: system,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "after the dismissal a new one is raised under another id", Given: chain(acknowledged, reviewed, dismissed),
			When: again, As: system,
			Refused: domain.CodeState, Field: "subject",
		},
		{
			Name: "nobody raises one about themselves",
			When: raise, As: self,
			Refused: domain.CodeConflict, Field: "officer", Rule: "common practice",
		},
		{
			Name: "nor adds to one", Given: chain(),
			When: again, As: self,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "it is about somebody or something",
			When: with(func(c *warning.Raise) { c.Unit, c.Officer = "", "" }), As: system,
			Refused: domain.CodeInvalid, Field: "unit",
		},
		{
			Name: "HR does not raise warnings",
			When: raise, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
	fields := map[string]func(*warning.Raise){
		"rule":               func(c *warning.Raise) { c.Rule = "" },
		"version":            func(c *warning.Raise) { c.Version = "" },
		"unit":               func(c *warning.Raise) { c.Unit = "a unit" },
		"post":               func(c *warning.Raise) { c.Post = "a post" },
		"officer":            func(c *warning.Raise) { c.Officer = "an officer" },
		"evidence":           func(c *warning.Raise) { c.Evidence = []domain.EventID{"e-1", "e-1"} },
		"baseline":           func(c *warning.Raise) { c.Baseline = "\xff" },
		"peers":              func(c *warning.Raise) { c.Peers = "\xff" },
		"explanation":        func(c *warning.Raise) { c.Explanation = "" },
		"baselineChinese":    func(c *warning.Raise) { c.BaselineChinese = "\xff" },
		"peersChinese":       func(c *warning.Raise) { c.PeersChinese = "\xff" },
		"explanationChinese": func(c *warning.Raise) { c.ExplanationChinese = strings.Repeat("字", 1<<15) },
		"score":              func(c *warning.Raise) { c.Score = -1 },
		"exposure":           func(c *warning.Raise) { c.Exposure = -1 },
	}
	for field, change := range fields {
		domaintest.Run(t, warning.Room, []domaintest.Scenario{{
			Name: "a malformed " + field + " is refused",
			When: with(change), As: system,
			Refused: domain.CodeInvalid, Field: field,
		}})
	}
	many := with(func(c *warning.Raise) {
		for i := range 513 {
			c.Evidence = append(c.Evidence, domain.EventID(fmt.Sprintf("m-%d", i)))
		}
	})
	domaintest.Run(t, warning.Room, []domaintest.Scenario{{
		Name: "more events than an entry of the ledger can list are refused",
		When: many, As: system,
		Refused: domain.CodeInvalid, Field: "evidence",
	}})
}

func TestImport(t *testing.T) {
	domaintest.Run(t, warning.Room, []domaintest.Scenario{
		{
			Name: "an alert of old is filed",
			When: warning.Import{Rule: "red flag", Unit: "U1"}, As: importer,
			Then: []domain.Event{imported.Event},
		},
		{
			Name: "it was about somebody or something",
			When: warning.Import{Rule: "red flag"}, As: importer,
			Refused: domain.CodeInvalid, Field: "unit",
		},
		{
			Name: "the rule is required",
			When: warning.Import{Unit: "U1"}, As: importer,
			Refused: domain.CodeInvalid, Field: "rule",
		},
		{
			Name: "one on file is not imported over", Given: chain(),
			When: warning.Import{Rule: "red flag", Unit: "U1"}, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "one of old is history", Given: []domaintest.Past{imported},
			When: warning.Acknowledge{}, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "it is not raised again under its id", Given: []domaintest.Past{imported},
			When: raise, As: system,
			Refused: domain.CodeState, Field: "subject",
		},
		{
			Name: "only the importer imports",
			When: warning.Import{Rule: "red flag", Unit: "U1"}, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, warning.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, warning.Room) }
