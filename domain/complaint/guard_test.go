package complaint_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

// tied is the file of somebody in the service with the tie.
func tied(tie officer.Interest) officer.Officer {
	return officer.Officer{Status: officer.StatusServing, Interests: []officer.Interest{tie}}
}

// The complaint is about P7, in the unit U3.
func TestOnlyWhoHasNoTieToTheComplaintHandlesAndReviewsIt(t *testing.T) {
	unfounded := complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "the recording is clear"}
	steps := []struct {
		name   string
		given  []domaintest.Past
		when   domain.Command
		as     domain.Act
		person domain.ActorID
		field  string
		then   domain.Event
	}{
		{"is assigned", open, complaint.AssignHandler{Handler: "handler-qian"}, leader, "handler-qian", "handler", complaint.HandlerAssigned{Handler: "handler-qian"}},
		{"concludes", handled, unfounded, handler, "handler-qian", "actor", complaint.Concluded{Result: complaint.ResultUnfounded, Unit: "U3", Opinion: "the recording is clear"}},
		{"reviews", underReview, complaint.DecideReview{Outcome: complaint.OutcomeUpheld, Opinion: "well founded"}, second, "leader-guo", "actor",
			complaint.ReviewDecided{Outcome: complaint.OutcomeUpheld, Opinion: "well founded"}},
		{"re-reviews", underRereview, complaint.DecideRereview{Outcome: complaint.OutcomeUpheld, Opinion: "well founded"}, second, "leader-guo", "actor",
			complaint.RereviewDecided{Outcome: complaint.OutcomeUpheld, Opinion: "well founded"}},
	}
	files := []struct {
		who     string
		own     officer.Officer
		ofP7    officer.Interest // declared by the officer complained about
		refused domain.Code
	}{
		{who: "somebody without a file"},
		{who: "somebody in the service", own: officer.Officer{Status: officer.StatusServing}},
		{who: "somebody with a tie elsewhere", own: tied(officer.Interest{Nature: "spouse", Officer: "P9", Unit: "U9"})},
		{who: "somebody whose tie ended yesterday", own: tied(officer.Interest{Nature: "lodger", Officer: "P7", Until: day("2024-03-03")})},
		{who: "the spouse of the officer", own: tied(officer.Interest{Nature: "spouse", Officer: "P7"}), refused: domain.CodeConflict},
		{who: "somebody with a stake in the unit", own: tied(officer.Interest{Nature: "former post", Unit: "U3"}), refused: domain.CodeConflict},
		{who: "somebody to whom the officer declared a tie", ofP7: officer.Interest{Nature: "cousin"}, refused: domain.CodeConflict},
		{who: "somebody under inquiry", own: officer.Officer{Status: officer.StatusServing, Inquiries: []domain.CaseID{"M2"}}, refused: domain.CodeRule},
		{who: "somebody off duty", own: officer.Officer{Status: officer.StatusSuspended}, refused: domain.CodeRule},
		{who: "somebody who left", own: officer.Officer{Status: officer.StatusSeparated}, refused: domain.CodeRule},
	}
	for _, s := range steps {
		var scenarios []domaintest.Scenario
		for _, f := range files {
			sc := domaintest.Scenario{Name: f.who + " " + s.name, Given: s.given, When: s.when, As: s.as,
				Sees: map[domain.Reference]any{domain.OfficerID(s.person): f.own}}
			if f.ofP7.Nature != "" {
				f.ofP7.Officer = domain.OfficerID(s.person)
				sc.Sees[domain.OfficerID("P7")] = tied(f.ofP7)
			}
			if f.refused == "" {
				sc.Then = []domain.Event{s.then}
			} else {
				sc.Name = "not " + sc.Name
				sc.Refused, sc.Field, sc.Rule = f.refused, s.field, "监察法 art. 58"
			}
			scenarios = append(scenarios, sc)
		}
		t.Run(s.name, func(t *testing.T) { domaintest.Run(t, complaint.Room, scenarios) })
	}
}

// A complaint may come to concern somebody whom it did not name.
func TestTheConclusionConcernsWhomItNames(t *testing.T) {
	conclude := complaint.Conclude{Result: complaint.ResultPartly, Conduct: "shouted", Unit: "U4", Officers: []domain.OfficerID{"P8"}, NamingReason: "at the window", Opinion: "recorded"}
	self := domain.OfficerID("handler-qian")
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "nobody finds their cousin responsible", Given: handled, When: conclude, As: handler,
			Sees:    map[domain.Reference]any{self: tied(officer.Interest{Nature: "cousin", Officer: "P8"})},
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法 art. 58",
		},
		{
			Name: "nor their own former unit", Given: handled, When: conclude, As: handler,
			Sees:    map[domain.Reference]any{self: tied(officer.Interest{Nature: "former post", Unit: "U4"})},
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法 art. 58",
		},
		{
			Name: "a handler who recuses themselves need not be free of ties", Given: handled, When: complaint.RecuseHandler{Handler: "handler-qian", Ground: "a cousin"}, As: handler,
			Then: []domain.Event{complaint.HandlerRecused{Handler: "handler-qian", Ground: "a cousin"}},
		},
	})
}
