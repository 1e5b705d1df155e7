package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/post"
)

func TestAnalysing(t *testing.T) {
	person := misconduct.Analyse{Aspect: misconduct.AspectPerson, Text: "debts"}
	gaps := func(list ...misconduct.Gap) misconduct.Analyse {
		return misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "alone at night", Gaps: list}
	}
	control := misconduct.Gap{Kind: misconduct.GapControl, Post: "gate-2", Description: "one person"}
	missing := misconduct.Gap{Kind: misconduct.GapNorm, Description: "no rule on gifts"}
	short := misconduct.Gap{Kind: misconduct.GapNorm, Norm: "N1", Description: "says nothing of gifts"}
	atPost := map[domain.Reference]any{domain.PostID("gate-2"): post.Post{Status: post.StatusOpen}}
	inNorm := map[domain.Reference]any{domain.NormID("N1"): list}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a decided case is analysed for the person", Given: final,
			When: person, As: inspector,
			Then: []domain.Event{misconduct.Analysed{Aspect: misconduct.AspectPerson, Text: "debts"}},
		},
		{
			Name: "and for the institution with its gaps", Given: final,
			When: gaps(control, missing), As: inspector, Sees: atPost,
			Then: []domain.Event{misconduct.Analysed{Aspect: misconduct.AspectInstitution, Text: "alone at night", Gaps: []misconduct.Gap{control, missing}}},
		},
		{
			Name: "a gap of a rule that there is names it, and the numbers go on", Given: append(past(final...), ofInstitution, domaintest.Past{Act: inspector, Event: misconduct.Analysed{Aspect: misconduct.AspectInstitution, Text: "more", Gaps: []misconduct.Gap{missing}, Earlier: 1}}),
			When: gaps(short), As: inspector, Sees: inNorm,
			Then: []domain.Event{misconduct.Analysed{Aspect: misconduct.AspectInstitution, Text: "alone at night", Gaps: []misconduct.Gap{short}, Earlier: 2}},
		},
		{
			Name: "the post of a gap exists", Given: final,
			When: gaps(control), As: inspector,
			Refused: domain.CodeNotFound, Field: "gaps",
		},
		{
			Name: "and is not closed", Given: final,
			When: gaps(control), As: inspector, Sees: map[domain.Reference]any{domain.PostID("gate-2"): post.Post{Status: post.StatusClosed}},
			Refused: domain.CodeState, Field: "gaps",
		},
		{
			Name: "the norm of a gap is in force", Given: final,
			When: gaps(short), As: inspector, Sees: map[domain.Reference]any{domain.NormID("N1"): norm.Norm{Status: norm.StatusRepealed}},
			Refused: domain.CodeNotFound, Field: "gaps",
		},
		{
			Name: "a control is a post's, not a norm's", Given: final,
			When: gaps(misconduct.Gap{Kind: misconduct.GapControl, Post: "gate-2", Norm: "N1", Description: "one person"}), As: inspector,
			Refused: domain.CodeInvalid, Field: "gaps",
		},
		{
			Name: "a dismissed case teaches too", Given: past(opened, dismissed),
			When: person, As: inspector,
			Then: []domain.Event{misconduct.Analysed{Aspect: misconduct.AspectPerson, Text: "debts"}},
		},
		{
			Name: "a person has no gaps", Given: final,
			When: misconduct.Analyse{Aspect: misconduct.AspectPerson, Text: "debts", Gaps: []misconduct.Gap{missing}}, As: inspector,
			Refused: domain.CodeInvalid, Field: "gaps", Rule: "一案双析",
		},
		{
			Name: "a gap of control names its post", Given: final,
			When: gaps(missing, misconduct.Gap{Kind: misconduct.GapControl, Description: "one person"}), As: inspector,
			Refused: domain.CodeInvalid, Field: "gaps",
		},
		{
			Name: "a gap is of control or norm", Given: final,
			When: gaps(misconduct.Gap{Kind: "moral", Description: "greed"}), As: inspector,
			Refused: domain.CodeInvalid, Field: "gaps",
		},
		{
			Name: "a gap is described", Given: final,
			When: gaps(misconduct.Gap{Kind: misconduct.GapNorm}), As: inspector,
			Refused: domain.CodeInvalid, Field: "gaps",
		},
		{
			Name: "there are two aspects", Given: final,
			When: misconduct.Analyse{Aspect: "weather", Text: "fog"}, As: inspector,
			Refused: domain.CodeInvalid, Field: "aspect",
		},
		{
			Name: "an analysis has a text", Given: final,
			When: misconduct.Analyse{Aspect: misconduct.AspectPerson}, As: inspector,
			Refused: domain.CodeInvalid, Field: "text",
		},
		{
			Name: "what is not decided is not analysed", Given: judged,
			When: person, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: person, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who was under inquiry does not analyse", Given: final,
			When: person, As: ownInspector,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does hr", Given: final,
			When: person, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestArchiving(t *testing.T) {
	archive := misconduct.Archive{}
	analysed := func(given []domaintest.Past) []domaintest.Past {
		return append(past(given...), ofPerson, ofInstitution)
	}
	done := []domain.Event{misconduct.Archived{Officers: []domain.OfficerID{"P7", "P8"}}}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{
			Name: "a case is archived once nobody can appeal any more", Given: analysed(final),
			When: archive, As: late(inspector, "2024-04-05"),
			Then: done,
		},
		{
			Name: "and not while somebody can", Given: analysed(final),
			When: archive, As: late(inspector, "2024-04-04"),
			Refused: domain.CodeTooEarly, Rule: "监察法 art. 49",
		},
		{
			Name: "a dismissed case has no appeal to wait for, and its inquiry ended before", Given: analysed(past(opened, dismissed)),
			When: archive, As: leader,
			Then: []domain.Event{misconduct.Archived{}},
		},
		{
			Name: "nor has one in which everybody was cleared",
			Given: analysed(append(past(defended...),
				domaintest.Past{Act: inspector, Event: misconduct.FindingProposed{Findings: []misconduct.Finding{cleared}}},
				domaintest.Past{Act: leader, Event: misconduct.FindingConfirmed{Findings: []misconduct.Finding{cleared}}})),
			When: archive, As: inspector,
			Then: done,
		},
		{
			Name: "an open appeal keeps it open", Given: analysed(onAppeal),
			When: archive, As: late(inspector, "2024-06-03"),
			Refused: domain.CodeState,
		},
		{
			Name: "a decided appeal leaves time for the re-review", Given: analysed(afterAppeal),
			When: archive, As: late(inspector, "2024-04-04"),
			Refused: domain.CodeTooEarly,
		},
		{
			Name: "and no more than that", Given: analysed(afterAppeal),
			When: archive, As: late(inspector, "2024-04-05"),
			Then: done,
		},
		{
			Name: "a successful appeal leaves nothing to wait for", Given: analysed(append(past(onAppeal...), overturned)),
			When: archive, As: inspector,
			Then: done,
		},
		{
			Name: "an open re-review keeps it open", Given: analysed(onRereview),
			When: archive, As: late(inspector, "2024-06-03"),
			Refused: domain.CodeState,
		},
		{
			Name: "after the re-review nothing is left to wait for", Given: analysed(append(past(onRereview...), rereviewed)),
			When: archive, As: inspector,
			Then: done,
		},
		{
			Name: "the analysis of the person is required", Given: append(past(final...), ofInstitution),
			When: archive, As: late(inspector, "2024-06-03"),
			Refused: domain.CodeIncomplete, Rule: "一案双析",
		},
		{
			Name: "and that of the institution", Given: append(past(final...), ofPerson),
			When: archive, As: late(inspector, "2024-06-03"),
			Refused: domain.CodeIncomplete, Rule: "一案双析",
		},
		{
			Name: "what is not decided is not archived", Given: underInquiry,
			When: archive, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "there must be a case",
			When: archive, As: inspector,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "who was under inquiry does not archive", Given: analysed(final),
			When: archive, As: ownInspector,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does hr", Given: analysed(final),
			When: archive, As: hr,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}
