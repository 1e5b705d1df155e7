package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

func TestAppealing(t *testing.T) {
	appeal := misconduct.Appeal{Officer: "P7", Ground: "it was a loan"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "an officer appeals within a month of the confirmation", Given: final,
			When: appeal, As: late(officer, "2024-04-04"),
			Then: []domain.Event{misconduct.Appealed{Officer: "P7", Ground: "it was a loan"}},
		},
		{
			Name: "and not on the day after", Given: final,
			When: appeal, As: late(officer, "2024-04-05"),
			Refused: domain.CodeTooLate, Rule: "公职人员政务处分法 art. 55",
		},
		{
			Name: "an inspector files it for the officer", Given: final,
			When: appeal, As: outsider,
			Then: []domain.Event{misconduct.Appealed{Officer: "P7", Ground: "it was a loan"}},
		},
		{
			Name: "no officer appeals for another", Given: final,
			When: appeal, As: domaintest.By("P8", domain.RoleOfficer),
			Refused: domain.CodeForbidden, Field: "officer",
		},
		{
			Name: "who was cleared has nothing to appeal", Given: final,
			When: misconduct.Appeal{Officer: "P8", Ground: "in principle"}, As: domaintest.By("P8", domain.RoleOfficer),
			Refused: domain.CodeState, Field: "officer",
		},
		{
			Name: "one appeal an officer", Given: afterAppeal,
			When: appeal, As: officer,
			Refused: domain.CodeState, Field: "officer",
		},
		{
			Name: "only who was under inquiry appeals", Given: final,
			When: misconduct.Appeal{Officer: "P9", Ground: "for a friend"}, As: outsider,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "an appeal has a ground", Given: final,
			When: misconduct.Appeal{Officer: "P7"}, As: officer,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "what is not confirmed is not appealed", Given: judged,
			When: appeal, As: officer,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: appeal, As: officer,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a leader does not appeal", Given: final,
			When: appeal, As: second,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestDecidingAnAppeal(t *testing.T) {
	uphold := misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}
	vary := func(findings ...misconduct.Finding) misconduct.DecideAppeal {
		return misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "a small one", Findings: findings}
	}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "another leader upholds", Given: onAppeal,
			When: uphold, As: second,
			Then: []domain.Event{misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}},
		},
		{
			Name: "a late decision is recorded, and shows", Given: onAppeal,
			When: uphold, As: late(second, "2024-04-07"),
			Then: []domain.Event{misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan", DaysLate: 3}},
		},
		{
			Name: "a variation says what stands now", Given: onAppeal,
			When: vary(measured(bribe, domain.MeasureWarning)...), As: second,
			Then: []domain.Event{misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "a small one", Findings: measured(bribe, domain.MeasureWarning)}},
		},
		{
			Name: "an appeal never makes it heavier", Given: onAppeal,
			When: vary(measured(bribe, domain.MeasureDismissal)...), As: second,
			Refused: domain.CodeRule, Field: "findings", Rule: "公职人员政务处分法",
		},
		{
			Name: "it does not touch another officer", Given: onAppeal,
			When: vary(measured(bribe, domain.MeasureWarning)[0], cleared), As: second,
			Refused: domain.CodeInvalid, Field: "findings",
		},
		{
			Name: "a variation has findings", Given: onAppeal,
			When: vary(), As: second,
			Refused: domain.CodeInvalid, Field: "findings",
		},
		{
			Name: "findings go with a variation alone", Given: onAppeal,
			When: misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan", Findings: found}, As: second,
			Refused: domain.CodeInvalid, Field: "findings",
		},
		{
			Name: "who confirmed does not decide", Given: onAppeal,
			When: uphold, As: leader,
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法 art. 49",
		},
		{
			Name: "who investigated does not decide", Given: onAppeal,
			When: uphold, As: domaintest.By("inspector-lin", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "who was under inquiry does not decide", Given: onAppeal,
			When: uphold, As: ownLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nobody decides unasked", Given: final,
			When: uphold, As: second,
			Refused: domain.CodeState, Field: "officer",
		},
		{
			Name: "an appeal is decided once", Given: afterAppeal,
			When: uphold, As: third,
			Refused: domain.CodeState, Field: "officer",
		},
		{
			Name: "the officer is named", Given: onAppeal,
			When: misconduct.DecideAppeal{Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}, As: second,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "an unknown outcome is refused", Given: onAppeal,
			When: misconduct.DecideAppeal{Officer: "P7", Outcome: "fine", Opinion: "no loan"}, As: second,
			Refused: domain.CodeInvalid, Field: "outcome",
		},
		{
			Name: "a decision carries an opinion", Given: onAppeal,
			When: misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeUpheld}, As: second,
			Refused: domain.CodeInvalid, Field: "opinion",
		},
		{
			Name: "there must be a case",
			When: uphold, As: second,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "an inspector does not decide", Given: onAppeal,
			When: uphold, As: outsider,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestAskingForARereview(t *testing.T) {
	ask := misconduct.AskRereview{Officer: "P7", Ground: "still a loan"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "the officer asks within a month of the decision", Given: afterAppeal,
			When: ask, As: late(officer, "2024-04-04"),
			Then: []domain.Event{misconduct.RereviewAsked{Officer: "P7", Ground: "still a loan"}},
		},
		{
			Name: "and not on the day after", Given: afterAppeal,
			When: ask, As: late(officer, "2024-04-05"),
			Refused: domain.CodeTooLate, Rule: "监察法 art. 49",
		},
		{
			Name: "the appeal comes first", Given: onAppeal,
			When: ask, As: officer,
			Refused: domain.CodeIncomplete, Field: "officer",
		},
		{
			Name: "it is asked for once", Given: onRereview,
			When: ask, As: officer,
			Refused: domain.CodeState, Field: "officer",
		},
		{
			Name: "after a success nothing is left to ask for", Given: append(past(onAppeal...), overturned),
			When: ask, As: officer,
			Refused: domain.CodeState, Field: "officer",
		},
		{
			Name: "no officer asks for another", Given: afterAppeal,
			When: ask, As: domaintest.By("P8", domain.RoleOfficer),
			Refused: domain.CodeForbidden, Field: "officer",
		},
		{
			Name: "only who was under inquiry asks", Given: afterAppeal,
			When: misconduct.AskRereview{Officer: "P9", Ground: "for a friend"}, As: outsider,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "a request has a ground", Given: afterAppeal,
			When: misconduct.AskRereview{Officer: "P7"}, As: officer,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{
			Name: "what is not confirmed is not re-reviewed", Given: judged,
			When: ask, As: officer,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: ask, As: officer,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a leader does not ask", Given: afterAppeal,
			When: ask, As: second,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestDecidingARereview(t *testing.T) {
	uphold := misconduct.DecideRereview{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}
	lightened := append(past(onAppeal...), domaintest.Past{Act: second, Event: misconduct.AppealDecided{
		Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "a small one", Findings: measured(bribe, domain.MeasureWarning)}}, rereviewAsked)
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a third leader upholds, for good", Given: onRereview,
			When: uphold, As: third,
			Then: []domain.Event{misconduct.Rereviewed{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}},
		},
		{
			Name: "a late decision is recorded, and shows", Given: onRereview,
			When: uphold, As: late(third, "2024-05-05"),
			Then: []domain.Event{misconduct.Rereviewed{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan", DaysLate: 1}},
		},
		{
			Name: "it may overturn", Given: onRereview,
			When: misconduct.DecideRereview{Officer: "P7", Outcome: misconduct.OutcomeOverturned, Opinion: "a loan"}, As: third,
			Then: []domain.Event{misconduct.Rereviewed{Officer: "P7", Outcome: misconduct.OutcomeOverturned, Opinion: "a loan"}},
		},
		{
			Name: "it does not undo what the appeal made lighter", Given: lightened,
			When: misconduct.DecideRereview{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "a gift", Findings: []misconduct.Finding{bribe}}, As: third,
			Refused: domain.CodeRule, Field: "findings",
		},
		{
			Name: "who decided the appeal does not re-review", Given: onRereview,
			When: uphold, As: second,
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法 art. 49",
		},
		{
			Name: "nor who confirmed", Given: onRereview,
			When: uphold, As: leader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor who was under inquiry", Given: onRereview,
			When: uphold, As: ownLeader,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nobody re-reviews unasked", Given: afterAppeal,
			When: uphold, As: third,
			Refused: domain.CodeState, Field: "officer",
		},
		{
			Name: "a re-review is decided once", Given: append(past(onRereview...), rereviewed),
			When: uphold, As: third,
			Refused: domain.CodeState, Field: "officer",
		},
		{
			Name: "the officer is named", Given: onRereview,
			When: misconduct.DecideRereview{Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}, As: third,
			Refused: domain.CodeInvalid, Field: "officer",
		},
		{
			Name: "a decision carries an opinion", Given: onRereview,
			When: misconduct.DecideRereview{Officer: "P7", Outcome: misconduct.OutcomeUpheld}, As: third,
			Refused: domain.CodeInvalid, Field: "opinion",
		},
		{
			Name: "there must be a case",
			When: uphold, As: third,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "an inspector does not re-review", Given: onRereview,
			When: uphold, As: outsider,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
