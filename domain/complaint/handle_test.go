package complaint_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
)

func TestAssigningAHandler(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "an accepted complaint is given to one handler", Given: open,
			When: complaint.AssignHandler{Handler: "handler-qian"}, As: leader,
			Then: []domain.Event{complaint.HandlerAssigned{Handler: "handler-qian"}},
		},
		{
			Name: "a later assignment replaces the earlier", Given: handled,
			When: complaint.AssignHandler{Handler: "handler-sun"}, As: intake,
			Then: []domain.Event{complaint.HandlerAssigned{Handler: "handler-sun"}},
		},
		{
			Name: "who is complained about is no handler", Given: open,
			When: complaint.AssignHandler{Handler: "P7"}, As: leader,
			Refused: domain.CodeConflict, Field: "handler", Rule: "监察法",
		},
		{
			Name: "who was recused is no handler", Given: append(past(handled...), recused),
			When: complaint.AssignHandler{Handler: "handler-qian"}, As: leader,
			Refused: domain.CodeConflict, Field: "handler", Rule: "监察法",
		},
		{
			Name: "whose conclusion was overturned does not handle it anew", Given: secondHandling,
			When: complaint.AssignHandler{Handler: "handler-qian"}, As: leader,
			Refused: domain.CodeConflict, Field: "handler",
		},
		{
			Name: "the handler is not assigned twice", Given: handled,
			When: complaint.AssignHandler{Handler: "handler-qian"}, As: leader,
			Refused: domain.CodeState, Field: "handler",
		},
		{
			Name: "a handler is named", Given: open,
			When: complaint.AssignHandler{}, As: leader,
			Refused: domain.CodeInvalid, Field: "handler",
		},
		{
			Name: "what is not accepted has no handler", Given: past(received, admissible),
			When: complaint.AssignHandler{Handler: "handler-qian"}, As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a complaint",
			When: complaint.AssignHandler{Handler: "handler-qian"}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not choose the handler", Given: open,
			When: complaint.AssignHandler{Handler: "handler-qian"}, As: domaintest.By("P7", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does a handler", Given: open,
			When: complaint.AssignHandler{Handler: "handler-qian"}, As: handler,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestRecusingTheHandler(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a handler steps back", Given: handled,
			When: complaint.RecuseHandler{Handler: "handler-qian", Ground: "a cousin"}, As: handler,
			Then: []domain.Event{complaint.HandlerRecused{Handler: "handler-qian", Ground: "a cousin"}},
		},
		{
			Name: "an inspector makes the handler step back", Given: handled,
			When: complaint.RecuseHandler{Handler: "handler-qian", Ground: "a cousin"}, As: inspector,
			Then: []domain.Event{complaint.HandlerRecused{Handler: "handler-qian", Ground: "a cousin"}},
		},
		{
			Name: "a colleague does not", Given: handled,
			When: complaint.RecuseHandler{Handler: "handler-qian", Ground: "a cousin"}, As: other,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "only the handler is recused", Given: append(past(handled...), reassigned),
			When: complaint.RecuseHandler{Handler: "handler-qian", Ground: "a cousin"}, As: leader,
			Refused: domain.CodeState, Field: "handler",
		},
		{
			Name: "a recusal has a ground", Given: handled,
			When: complaint.RecuseHandler{Handler: "handler-qian"}, As: handler,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "after the conclusion it is too late to step back", Given: concluded,
			When: complaint.RecuseHandler{Handler: "handler-qian", Ground: "a cousin"}, As: handler,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a complaint",
			When: complaint.RecuseHandler{Handler: "handler-qian", Ground: "a cousin"}, As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not shake the handler off", Given: handled,
			When: complaint.RecuseHandler{Handler: "handler-qian", Ground: "too strict"}, As: domaintest.By("P7", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "the public does not recuse", Given: handled,
			When: complaint.RecuseHandler{Handler: "handler-qian", Ground: "too slow"}, As: reporter,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestExtending(t *testing.T) {
	extend := func(until string) complaint.Extend {
		return complaint.Extend{Until: day(until), Reason: "a witness is abroad"}
	}
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "a leader extends the term by thirty days at most, and is its approver", Given: handled,
			When: extend("2024-06-02"), As: leader,
			Then: []domain.Event{complaint.Extended{Until: day("2024-06-02"), Reason: "a witness is abroad", Approver: "leader-chen"}},
		},
		{
			Name: "thirty-one days are refused", Given: handled,
			When: extend("2024-06-03"), As: leader,
			Refused: domain.CodeRule, Field: "until", Rule: "信访工作条例 art. 34",
		},
		{
			Name: "a second extension is refused", Given: append(past(handled...), extended),
			When: extend("2024-06-10"), As: leader,
			Refused: domain.CodeRule, Rule: "信访工作条例 art. 34",
		},
		{
			Name:  "a reopened complaint may be extended again",
			Given: past(received, admissible, accepted, assigned, extended, unproved, answered, reviewAsked, overturned, reopened),
			When:  extend("2024-05-20"), As: leader,
			Then: []domain.Event{complaint.Extended{Until: day("2024-05-20"), Reason: "a witness is abroad", Approver: "leader-chen"}},
		},
		{
			Name: "a term that has run out is not extended", Given: handled,
			When: extend("2024-06-02"), As: late(leader, "2024-05-04"),
			Refused: domain.CodeTooLate,
		},
		{
			Name: "an extension ends later than the term", Given: handled,
			When: extend("2024-05-03"), As: leader,
			Refused: domain.CodeInvalid, Field: "until",
		},
		{
			Name: "the handler does not approve their own", Given: handled,
			When: extend("2024-06-02"), As: domaintest.By("handler-qian", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "an extension has a reason", Given: handled,
			When: complaint.Extend{Until: day("2024-06-02")}, As: leader,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "what is concluded is not extended", Given: concluded,
			When: extend("2024-06-02"), As: leader,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a complaint",
			When: extend("2024-06-02"), As: leader,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who is complained about does not extend", Given: handled,
			When: extend("2024-06-02"), As: domaintest.By("P7", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a handler does not extend", Given: handled,
			When: extend("2024-06-02"), As: other,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
