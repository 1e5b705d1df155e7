package misconduct_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/rulebook"
)

var (
	sooner = misconduct.RuleProposal{Threshold: domain.ThresholdPattern, Rule: "amount.split", Change: "2 within 60 days", Reason: "the parts lay 40 days apart"}
	closer = misconduct.RuleProposal{Threshold: domain.ThresholdNear, Change: "from 85 per cent on", Reason: "all lay at 87"}
	unseen = misconduct.RuleProposal{Threshold: domain.ThresholdNewRule, Rule: "key.borrowed", Change: "one key, two shifts", Reason: "nobody looked at the keys"}

	proposedRules = domaintest.Past{Act: inspector, Event: misconduct.RuleProposed{Proposal: 1, Threshold: sooner.Threshold, Rule: sooner.Rule, Change: sooner.Change, Reason: sooner.Reason}}
)

func TestProposingRules(t *testing.T) {
	analyse := func(list ...misconduct.RuleProposal) misconduct.Analyse {
		return misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "too late", Rules: list}
	}
	changed := func(change func(*misconduct.RuleProposal)) misconduct.Analyse {
		p := sooner
		change(&p)
		return analyse(closer, p)
	}
	event := func(n int, p misconduct.RuleProposal) domain.Event {
		return misconduct.RuleProposed{Proposal: n, Threshold: p.Threshold, Rule: p.Rule, Change: p.Change, Reason: p.Reason}
	}
	refused := func(name string, when misconduct.Analyse) domaintest.Scenario {
		return domaintest.Scenario{Name: name, Given: final, When: when, As: inspector, Refused: domain.CodeInvalid, Field: "rules"}
	}
	analysed := misconduct.Analysed{Aspect: misconduct.AspectInstitution, Text: "too late"}
	person := analyse(sooner)
	person.Aspect = misconduct.AspectPerson
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "an analysis proposes changes of early warning", Given: final, When: analyse(sooner, closer, unseen), As: inspector,
			Then: []domain.Event{analysed, event(1, sooner), event(2, closer), event(3, unseen)}},
		{Name: "their numbers go on", Given: append(past(final...), proposedRules), When: analyse(closer), As: inspector,
			Then: []domain.Event{analysed, event(2, closer)}},
		{Name: "a dismissed case may propose too", Given: past(opened, dismissed), When: analyse(closer), As: inspector,
			Then: []domain.Event{analysed, event(1, closer)}},
		refused("not of a person", person),
		refused("there is such a threshold", changed(func(p *misconduct.RuleProposal) { p.Threshold = "mood" })),
		refused("a pattern names its rule", changed(func(p *misconduct.RuleProposal) { p.Rule = "" })),
		refused("a number of all rules names none", changed(func(p *misconduct.RuleProposal) { p.Threshold = domain.ThresholdAtOnce })),
		refused("a rule has a code", changed(func(p *misconduct.RuleProposal) { p.Rule = "a b" })),
		refused("it is said what is to change", changed(func(p *misconduct.RuleProposal) { p.Change = "" })),
		refused("and why", changed(func(p *misconduct.RuleProposal) { p.Reason = strings.Repeat("长", domain.MaxText) })),
	})
}

// shelf is cn-2024 with a second version from 2024-03-18 on, changed.
func shelf(t *testing.T, change func(*domain.WarningRules)) *domain.Rulebook {
	t.Helper()
	first, second := domain.CN2024(), domain.CN2024()
	first.ValidTo = domain.MustDate("2024-03-17")
	second.Version, second.ValidFrom = "2", domain.MustDate("2024-03-18")
	change(&second.Warning)
	s, err := domain.NewShelf(first, second)
	if err != nil {
		t.Fatal(err)
	}
	return s.On(domain.MustDate("2024-03-04"))
}

func TestAnsweringAProposal(t *testing.T) {
	given := append(past(final...), proposedRules)
	answered := append(past(given...), domaintest.Past{Act: leader, Event: misconduct.ProposalAnswered{Proposal: 1, Answer: misconduct.AnswerDeclined, Reason: "too many"}})
	adopt := misconduct.AnswerProposal{Proposal: 1, Answer: misconduct.AnswerAdopted, Rulebook: "cn-2024", Version: "2"}
	decline := misconduct.AnswerProposal{Proposal: 1, Answer: misconduct.AnswerDeclined, Reason: "twice as many false ones"}
	with := func(change func(*misconduct.AnswerProposal)) misconduct.AnswerProposal {
		c := adopt
		change(&c)
		return c
	}
	from := domain.MustDate("2024-03-18")
	versions := map[domain.Reference]any{domain.RulebookID("cn-2024"): rulebook.Rulebook{Versions: []rulebook.Version{
		{Version: "1", From: domain.MustDate("2024-01-01"), To: domain.MustDate("2024-03-17")}, {Version: "2", From: from}}}}
	book := shelf(t, func(w *domain.WarningRules) { w.Patterns[1].Within.Length = 60 })
	same := shelf(t, func(w *domain.WarningRules) { w.Patterns[1].Within.Source, w.Near = "order 7", 80 })
	adopted := []domain.Event{misconduct.ProposalAnswered{Proposal: 1, Answer: misconduct.AnswerAdopted, Rulebook: "cn-2024", Version: "2", From: from}}
	later := misconduct.AnswerProposal{Proposal: 1, Answer: misconduct.AnswerAdopted, Rulebook: "cn-2024", Version: "3"}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "the rulebook was amended", Given: given, When: adopt, As: leader, Sees: versions, Book: book, Then: adopted},
		{Name: "also after the archive", Given: append(past(given...), ofPerson, ofInstitution, archived), When: adopt, As: leader, Sees: versions, Book: book, Then: adopted},
		{Name: "or it will not be, for a reason", Given: given, When: decline, As: leader,
			Then: []domain.Event{misconduct.ProposalAnswered{Proposal: 1, Answer: misconduct.AnswerDeclined, Reason: decline.Reason}}},
		{Name: "a version that leaves the threshold as it was is no answer", Given: given, When: adopt, As: leader, Sees: versions, Book: same, Refused: domain.CodeInvalid, Field: "version"},
		{Name: "nor is one that began before", Given: given, When: with(func(c *misconduct.AnswerProposal) { c.Version = "1" }), As: leader, Sees: versions, Book: book, Refused: domain.CodeInvalid, Field: "version"},
		{Name: "nor one that nobody adopted", Given: given, When: later, As: leader, Sees: versions, Book: book, Refused: domain.CodeNotFound, Field: "version"},
		{Name: "nor one by which the agency does not live", Given: given, When: later, As: leader, Book: book, Refused: domain.CodeState, Field: "version",
			Sees: map[domain.Reference]any{domain.RulebookID("cn-2024"): rulebook.Rulebook{Versions: []rulebook.Version{{Version: "3", From: from}}}}},
		{Name: "an adopted one names its version", Given: given, When: with(func(c *misconduct.AnswerProposal) { c.Version = "" }), As: leader, Sees: versions, Refused: domain.CodeInvalid, Field: "version"},
		{Name: "a declined one has none", Given: given, When: with(func(c *misconduct.AnswerProposal) { c.Answer, c.Reason = misconduct.AnswerDeclined, "no" }), As: leader, Sees: versions, Refused: domain.CodeInvalid, Field: "version"},
		{Name: "and says why", Given: given, When: misconduct.AnswerProposal{Proposal: 1, Answer: misconduct.AnswerDeclined}, As: leader, Refused: domain.CodeInvalid, Field: "reason"},
		{Name: "there are two answers", Given: given, When: with(func(c *misconduct.AnswerProposal) { c.Answer = "later" }), As: leader, Sees: versions, Refused: domain.CodeInvalid, Field: "answer"},
		{Name: "the version has a name", Given: given, When: with(func(c *misconduct.AnswerProposal) { c.Version = "2 3" }), As: leader, Sees: versions, Refused: domain.CodeInvalid, Field: "version"},
		{Name: "and the rulebook", Given: given, When: with(func(c *misconduct.AnswerProposal) { c.Rulebook = "cn/2024" }), As: leader, Refused: domain.CodeInvalid, Field: "rulebook"},
		{Name: "there is such a proposal", Given: given, When: with(func(c *misconduct.AnswerProposal) { c.Proposal = 2 }), As: leader, Sees: versions, Refused: domain.CodeNotFound, Field: "proposal"},
		{Name: "it is answered once", Given: answered, When: adopt, As: leader, Sees: versions, Refused: domain.CodeState, Field: "proposal"},
		{Name: "by another than who made it", Given: given, When: decline, As: domaintest.By("inspector-he", domain.RoleLeader), Refused: domain.CodeConflict, Field: "actor", Rule: "common practice"},
		{Name: "and not by whom the case is against", Given: given, When: decline, As: ownLeader, Refused: domain.CodeConflict, Field: "actor"},
		{Name: "nor by an inspector", Given: given, When: decline, As: outsider, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "there must be a case", When: decline, As: leader, Refused: domain.CodeNotFound, Field: "subject"},
		{Name: "that is decided", Given: judged, When: decline, As: leader, Refused: domain.CodeState},
	})
}
