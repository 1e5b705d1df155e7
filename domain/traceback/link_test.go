package traceback_test

import (
	"fmt"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/traceback"
)

// with returns the clerk's link with one change.
func with(change func(*traceback.Trace)) traceback.Trace {
	c := clerk
	change(&c)
	return c
}

func full() []domaintest.Past {
	past := chain()
	for i := range 64 {
		past = append(past, domaintest.Past{Act: inspector, Event: traceback.LinkTraced{Link: fmt.Sprintf("M%d", i), Officer: "P9"}})
	}
	return past
}

func TestTrace(t *testing.T) {
	domaintest.Run(t, traceback.Room, []domaintest.Scenario{
		{
			Name: "the person at the step answers directly", Given: chain(),
			When: clerk, As: inspector,
			Then: []domain.Event{direct.Event},
		},
		{
			Name: "the leader follows from the person", Given: chain(direct),
			When: head, As: inspector,
			Then: []domain.Event{leading.Event},
		},
		{
			Name: "the supervisor follows from the leader", Given: chain(direct, leading),
			When: watch, As: second,
			Then: []domain.Event{supervisory.Event},
		},
		{
			Name: "the weight may be left open", Given: chain(),
			When: with(func(c *traceback.Trace) { c.Weight, c.Post, c.Step = 0, "", "" }), As: inspector,
			Then: []domain.Event{unweighed.Event},
		},
		{
			Name: "a leader alone answers for nothing", Given: chain(),
			When: with(func(c *traceback.Trace) { c.Liability = traceback.LiabilityLeading }), As: inspector,
			Refused: domain.CodeIncomplete, Field: "because", Rule: "问责条例",
		},
		{
			Name: "a link follows from links of this trace", Given: chain(),
			When: head, As: inspector,
			Refused: domain.CodeInvalid, Field: "because",
		},
		{
			Name: "and not from itself", Given: chain(),
			When: with(func(c *traceback.Trace) { c.Because = []string{"L1"} }), As: inspector,
			Refused: domain.CodeInvalid, Field: "because",
		},
		{
			Name: "nor from one that was cleared", Given: chain(direct, noClerk),
			When: head, As: inspector,
			Refused: domain.CodeState, Field: "because",
		},
		{
			Name: "a code is given once", Given: chain(direct),
			When: clerk, As: inspector,
			Refused: domain.CodeExists, Field: "link",
		},
		{
			Name: "a trace has no more links than an entry of the ledger can list", Given: full(),
			When: clerk, As: inspector,
			Refused: domain.CodeInvalid, Field: "link",
		},
		{
			Name: "nobody traces themselves", Given: chain(),
			When: with(func(c *traceback.Trace) { c.Officer = "inspector-wang" }), As: inspector,
			Refused: domain.CodeConflict, Field: "officer",
		},
		{
			Name: "who traced is not traced by another", Given: chain(direct),
			When: with(func(c *traceback.Trace) { c.Link, c.Officer = "L9", "inspector-wang" }), As: second,
			Refused: domain.CodeConflict, Field: "officer",
		},
		{
			Name: "who is concerned takes no step", Given: chain(),
			When: clerk, As: self,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "there must be a trace",
			When: clerk, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "nothing is traced after the conclusion", Given: settled(),
			When: watch, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "a leader does not trace", Given: chain(),
			When: clerk, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
	fields := map[string]func(*traceback.Trace){
		"link":      func(c *traceback.Trace) { c.Link = "" },
		"officer":   func(c *traceback.Trace) { c.Officer = "" },
		"post":      func(c *traceback.Trace) { c.Post = "a post" },
		"unit":      func(c *traceback.Trace) { c.Unit = "" },
		"step":      func(c *traceback.Trace) { c.Step = "\xff" },
		"duty":      func(c *traceback.Trace) { c.Duty = "" },
		"stage":     func(c *traceback.Trace) { c.Stage = "later" },
		"liability": func(c *traceback.Trace) { c.Liability = "moral" },
		"intent":    func(c *traceback.Trace) { c.Intent = "none" },
		"weight":    func(c *traceback.Trace) { c.Weight = 101 },
		"because":   func(c *traceback.Trace) { c.Because = []string{"L1", "L1"} },
	}
	for field, change := range fields {
		domaintest.Run(t, traceback.Room, []domaintest.Scenario{{
			Name: "a malformed " + field + " is refused", Given: chain(),
			When: with(change), As: inspector,
			Refused: domain.CodeInvalid, Field: field,
		}})
	}
}

func TestWeigh(t *testing.T) {
	weigh := traceback.Weigh{Link: "L1", Weight: 80, Reason: "alone at the counter"}
	domaintest.Run(t, traceback.Room, []domaintest.Scenario{
		{
			Name: "a share is weighed", Given: chain(unweighed),
			When: weigh, As: inspector,
			Then: []domain.Event{weighed.Event},
		},
		{
			Name: "a negative share is refused", Given: chain(unweighed),
			When: traceback.Weigh{Link: "L1", Weight: -1, Reason: "none"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "weight",
		},
		{
			Name: "a reason is required", Given: chain(unweighed),
			When: traceback.Weigh{Link: "L1", Weight: 80}, As: inspector,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "there must be such a link", Given: chain(),
			When: weigh, As: inspector,
			Refused: domain.CodeInvalid, Field: "link",
		},
		{
			Name: "what was cleared has no weight", Given: chain(direct, noClerk),
			When: weigh, As: inspector,
			Refused: domain.CodeState, Field: "link",
		},
		{
			Name: "who is concerned does not weigh", Given: chain(direct, leading),
			When: weigh, As: domaintest.By("P1", domain.RoleInspector),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor a leader", Given: chain(direct),
			When: weigh, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestClear(t *testing.T) {
	clear := traceback.Clear{Link: "L1", Reason: "was on leave"}
	domaintest.Run(t, traceback.Room, []domaintest.Scenario{
		{
			Name: "a link is cleared with a reason", Given: chain(direct),
			When: clear, As: inspector,
			Then: []domain.Event{noClerk.Event},
		},
		{
			Name: "a reason is required", Given: chain(direct),
			When: traceback.Clear{Link: "L1"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "a link is cleared once", Given: chain(direct, noClerk),
			When: clear, As: inspector,
			Refused: domain.CodeState, Field: "link",
		},
		{
			Name: "nobody clears themselves", Given: chain(direct),
			When: clear, As: self,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nothing is cleared after the conclusion", Given: settled(),
			When: clear, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "a leader does not clear", Given: chain(direct),
			When: clear, As: leader,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
