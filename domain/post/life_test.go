package post_test

import (
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/unit"
)

// in is what a command sees of the unit U1.
func in(status unit.Status) map[domain.Reference]any {
	return map[domain.Reference]any{domain.UnitID("U1"): unit.Unit{Status: status}}
}

var life = []domaintest.Scenario{
	{
		Name: "a post is defined with its title and unit",
		When: post.Define{Title: "查验科长", TitleEn: "Head of Inspection", Unit: "U1", Leader: true}, As: hr, Sees: in(unit.StatusOpen),
		Then: []domain.Event{post.Defined{Title: "查验科长", TitleEn: "Head of Inspection", Unit: "U1", Leader: true}},
	},
	{
		Name: "a post is not defined in a unit that does not exist",
		When: post.Define{Title: "查验岗", Unit: "U1"}, As: hr,
		Refused: domain.CodeNotFound, Field: "unit",
	},
	{
		Name: "nor in one that is closed",
		When: post.Define{Title: "查验岗", Unit: "U1"}, As: hr, Sees: in(unit.StatusClosed),
		Refused: domain.CodeState, Field: "unit",
	},
	{
		Name: "a post is defined once", Given: past(),
		When: post.Define{Title: "查验岗", Unit: "U1"}, As: hr,
		Refused: domain.CodeExists, Field: "subject",
	},
	{
		Name: "a closed post is not defined again", Given: past(closed),
		When: post.Define{Title: "查验岗", Unit: "U1"}, As: hr,
		Refused: domain.CodeExists, Field: "subject",
	},
	{
		Name: "a post has a title",
		When: post.Define{Unit: "U1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "title",
	},
	{
		Name: "an overlong English title is refused",
		When: post.Define{Title: "查验岗", TitleEn: strings.Repeat("x", domain.MaxText+1), Unit: "U1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "titleEn",
	},
	{
		Name: "a post belongs to a unit",
		When: post.Define{Title: "查验岗"}, As: hr,
		Refused: domain.CodeInvalid, Field: "unit",
	},
	{
		Name: "an abolished post is closed", Given: past(),
		When: post.Close{}, As: hr,
		Then: []domain.Event{post.Closed{On: day("2024-03-04")}},
	},
	{
		Name: "a post was closed on an earlier day", Given: past(),
		When: post.Close{On: day("2024-02-29")}, As: leader,
		Then: []domain.Event{post.Closed{On: day("2024-02-29")}},
	},
	{
		Name: "a post is not closed ahead of the day", Given: past(),
		When: post.Close{On: day("2024-03-05")}, As: hr,
		Refused: domain.CodeInvalid, Field: "on",
	},
	{
		Name: "a post is not closed over the re-rating a case calls for", Given: past(found, required),
		When: post.Close{}, As: hr,
		Refused: domain.CodeIncomplete, Rule: "common practice",
	},
	{
		Name: "a post is closed over a re-rating that only the year calls for", Given: past(found,
			domaintest.Past{Act: system, Event: post.ReratingRequired{Cause: "a year has passed", Due: day("2024-06-01")}}),
		When: post.Close{}, As: hr,
		Then: []domain.Event{post.Closed{On: day("2024-03-04")}},
	},
	{
		Name: "a post is closed after the re-rating", Given: past(found, required, byUnit, bySection, byLeader),
		When: post.Close{}, As: hr,
		Then: []domain.Event{post.Closed{On: day("2024-03-04")}},
	},
	{
		Name: "a post of old records is put on file",
		When: post.Import{Title: "Desk officer", Unit: "D-24"}, As: importer,
		Then: []domain.Event{post.Imported{Title: "Desk officer", Unit: "D-24"}},
	},
	{
		Name: "a post on file is not imported", Given: past(),
		When: post.Import{Title: "Desk officer"}, As: importer,
		Refused: domain.CodeExists, Field: "subject",
	},
	{
		Name: "an imported post has a title",
		When: post.Import{Unit: "D-24"}, As: importer,
		Refused: domain.CodeInvalid, Field: "title",
	},
	{
		Name: "an imported post names its unit rightly",
		When: post.Import{Title: "Desk officer", Unit: "District 24"}, As: importer,
		Refused: domain.CodeInvalid, Field: "unit",
	},
	{
		Name: "an imported post holds powers like any other", Given: []domaintest.Past{imported},
		When: post.ListPower{Power: "W1", PowerName: "open containers", LegalBasis: "海关法 art. 28"}, As: hr,
		Then: []domain.Event{post.PowerListed{Power: "W1", PowerName: "open containers", LegalBasis: "海关法 art. 28"}},
	},
}

var rotation = []domaintest.Scenario{
	{
		Name: "a post may have a stricter rotation rule", Given: past(),
		When: post.SetRotationRule{Years: 3}, As: hr,
		Then: []domain.Event{post.RotationRuleSet{Years: 3}},
	},
	{
		Name: "a rotation rule may repeat the rulebook's", Given: past(),
		When: post.SetRotationRule{Years: 10}, As: hr,
		Then: []domain.Event{post.RotationRuleSet{Years: 10}},
	},
	{
		Name: "a rotation rule is not laxer than the rulebook's", Given: past(),
		When: post.SetRotationRule{Years: 11}, As: hr,
		Refused: domain.CodeRule, Field: "years", Rule: "common practice",
	},
	{
		Name: "at a high-risk post the rulebook is stricter", Given: past(found, byUnit, bySection, byLeader),
		When: post.SetRotationRule{Years: 6}, As: hr,
		Refused: domain.CodeRule, Field: "years",
	},
	{
		Name: "nobody rotates after no years", Given: past(),
		When: post.SetRotationRule{}, As: hr,
		Refused: domain.CodeInvalid, Field: "years",
	},
}

var powers = []domaintest.Scenario{
	{
		Name: "a power is listed with its basis, limits and flow", Given: past(),
		When: post.ListPower{Power: "W1", PowerName: "open containers", LegalBasis: "海关法 art. 28", Limits: "the port area", Flow: []string{"draw", "open", "seal"}}, As: hr,
		Then: []domain.Event{post.PowerListed{Power: "W1", PowerName: "open containers", LegalBasis: "海关法 art. 28", Limits: "the port area", Flow: []string{"draw", "open", "seal"}}},
	},
	{
		Name: "a power is listed once", Given: past(listed),
		When: post.ListPower{Power: "W1", PowerName: "levy", LegalBasis: "海关法 art. 53"}, As: hr,
		Refused: domain.CodeExists, Field: "power",
	},
	{
		Name: "a power has a code", Given: past(),
		When: post.ListPower{PowerName: "levy", LegalBasis: "海关法 art. 53"}, As: hr,
		Refused: domain.CodeInvalid, Field: "power",
	},
	{
		Name: "a power has a name", Given: past(),
		When: post.ListPower{Power: "W1", LegalBasis: "海关法 art. 53"}, As: hr,
		Refused: domain.CodeInvalid, Field: "name",
	},
	{
		Name: "there is no power without a legal basis", Given: past(),
		When: post.ListPower{Power: "W1", PowerName: "levy"}, As: hr,
		Refused: domain.CodeInvalid, Field: "legalBasis",
	},
	{
		Name: "overlong limits are refused", Given: past(),
		When: post.ListPower{Power: "W1", PowerName: "levy", LegalBasis: "海关法 art. 53", Limits: strings.Repeat("x", domain.MaxText+1)}, As: hr,
		Refused: domain.CodeInvalid, Field: "limits",
	},
	{
		Name: "a step of the flow says something", Given: past(),
		When: post.ListPower{Power: "W1", PowerName: "levy", LegalBasis: "海关法 art. 53", Flow: []string{"assess", ""}}, As: hr,
		Refused: domain.CodeInvalid, Field: "flow",
	},
	{
		Name: "the steps of the flow share one limit of size", Given: past(),
		When: post.ListPower{Power: "W1", PowerName: "levy", LegalBasis: "海关法 art. 53", Flow: []string{strings.Repeat("x", domain.MaxText/2), strings.Repeat("y", domain.MaxText/2)}}, As: hr,
		Refused: domain.CodeInvalid, Field: "flow",
	},
	{
		Name: "a listed power is described anew", Given: past(listed),
		When: post.RevisePower{Power: "W1", PowerName: "open and sample", LegalBasis: "海关法 art. 28", Limits: "two persons"}, As: leader,
		Then: []domain.Event{post.PowerRevised{Power: "W1", PowerName: "open and sample", LegalBasis: "海关法 art. 28", Limits: "two persons"}},
	},
	{
		Name: "a power that is not listed is not revised", Given: past(listed),
		When: post.RevisePower{Power: "W2", PowerName: "levy", LegalBasis: "海关法 art. 53"}, As: leader,
		Refused: domain.CodeIncomplete, Field: "power",
	},
	{
		Name: "a revision does not take the legal basis away", Given: past(listed),
		When: post.RevisePower{Power: "W1", PowerName: "open and sample"}, As: leader,
		Refused: domain.CodeInvalid, Field: "legalBasis",
	},
}
