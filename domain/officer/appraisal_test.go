package officer_test

import (
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

func duty(code, text string, basis officer.Basis, weight int) officer.Indicator {
	return officer.Indicator{Indicator: code, Duty: text, Basis: basis, Weight: weight}
}

var balanced = []officer.Indicator{
	duty("A1", "查验差错率 errors in examination", officer.BasisPerformance, 50),
	duty("A2", "科室评议 the section's view", officer.BasisSuperiors, 25),
	duty("A3", "窗口评价 ratings at the window", officer.BasisPublic, 25),
}

// withIndicators is the balanced year with another at a place.
func withIndicators(place int, with ...officer.Indicator) officer.SetAppraisal {
	list := append(append([]officer.Indicator{}, balanced[:place]...), with...)
	return officer.SetAppraisal{Year: 2024, Indicators: append(list, balanced[place+1:]...)}
}

var indicators = []domaintest.Scenario{
	{
		Name: "what a year is graded by is laid down", Given: past(),
		When: officer.SetAppraisal{Year: 2024, Indicators: balanced}, As: hr,
		Then: []domain.Event{officer.AppraisalSet{Year: 2024, Indicators: balanced}},
	},
	{
		Name: "and anew, and for the next year", Given: past(domaintest.Past{Act: hr, Event: officer.AppraisalSet{Year: 2025, Indicators: balanced}}),
		When: officer.SetAppraisal{Year: 2025, Indicators: balanced}, As: leader,
		Then: []domain.Event{officer.AppraisalSet{Year: 2025, Indicators: balanced}},
	},
	{
		Name: "an indicator that rewards revenue from fines is refused", Given: past(),
		When: withIndicators(0, duty("A1", "完成罚没收入 50 万元", officer.BasisPerformance, 50)), As: hr,
		Refused: domain.CodeRule, Field: "indicators", Rule: "行政处罚法 art. 74",
	},
	{
		Name: "in English too, however it is written", Given: past(),
		When: withIndicators(0, duty("A1", "Fine Revenue of the quarter", officer.BasisPerformance, 50)), As: hr,
		Refused: domain.CodeRule, Field: "indicators", Rule: "行政处罚法 art. 74",
	},
	{
		Name: "and by its basis", Given: past(),
		When: withIndicators(0, duty("A1", "done", "fine_revenue", 50)), As: hr,
		Refused: domain.CodeRule, Field: "indicators", Rule: "行政处罚法 art. 74",
	},
	{
		Name: "how penalties stand up in review may count", Given: past(),
		When: withIndicators(0, duty("A1", "罚款决定被撤销率 fines overturned", officer.BasisPerformance, 50)), As: hr,
		Then: []domain.Event{officer.AppraisalSet(withIndicators(0, duty("A1", "罚款决定被撤销率 fines overturned", officer.BasisPerformance, 50)))},
	},
	{
		Name: "performance comes first", Given: past(),
		When: officer.SetAppraisal{Year: 2024, Indicators: []officer.Indicator{duty("A1", "work", officer.BasisPerformance, 30),
			duty("A2", "the section's view", officer.BasisSuperiors, 50), duty("A3", "ratings", officer.BasisPublic, 20)}}, As: hr,
		Refused: domain.CodeRule, Field: "indicators", Rule: "创双政 art. D4",
	},
	{
		Name: "without the public's view there is no appraisal", Given: past(),
		When: withIndicators(2, duty("A3", "conduct", officer.BasisConduct, 25)), As: hr,
		Refused: domain.CodeIncomplete, Field: "indicators", Rule: "创双政 art. D4",
	},
	{
		Name: "the weights make a hundred", Given: past(),
		When: withIndicators(2, duty("A3", "ratings", officer.BasisPublic, 24)), As: hr,
		Refused: domain.CodeInvalid, Field: "indicators",
	},
	{
		Name: "no weight is nothing, or hides another", Given: past(),
		When: withIndicators(2, duty("A3", "ratings", officer.BasisPublic, 50), duty("A4", "conduct", officer.BasisConduct, -25)), As: hr,
		Refused: domain.CodeInvalid, Field: "indicators",
	},
	{
		Name: "two indicators have two codes", Given: past(),
		When: withIndicators(1, duty("A1", "the section's view", officer.BasisSuperiors, 25)), As: hr,
		Refused: domain.CodeInvalid, Field: "indicators",
	},
	{
		Name: "an indicator has a code", Given: past(),
		When: withIndicators(1, duty("", "the section's view", officer.BasisSuperiors, 25)), As: hr,
		Refused: domain.CodeInvalid, Field: "indicators",
	},
	{
		Name: "an indicator names a duty", Given: past(),
		When: withIndicators(1, duty("A2", "", officer.BasisSuperiors, 25)), As: hr,
		Refused: domain.CodeInvalid, Field: "indicators",
	},
	{
		Name: "an unknown basis is refused", Given: past(),
		When: withIndicators(1, duty("A2", "luck", "luck", 25)), As: hr,
		Refused: domain.CodeInvalid, Field: "indicators",
	},
	{
		Name: "the duties fit on the page", Given: past(),
		When: withIndicators(0, duty("A1", strings.Repeat("x", domain.MaxText), officer.BasisPerformance, 50)), As: hr,
		Refused: domain.CodeInvalid, Field: "indicators",
	},
	{
		Name: "a year has an indicator", Given: past(),
		When: officer.SetAppraisal{Year: 2024}, As: hr,
		Refused: domain.CodeInvalid, Field: "indicators",
	},
	{
		Name: "the year after next is too far", Given: past(),
		When: officer.SetAppraisal{Year: 2026, Indicators: balanced}, As: hr,
		Refused: domain.CodeInvalid, Field: "year",
	},
	{
		Name: "a graded year keeps what it was graded by", Given: past(graded),
		When: officer.SetAppraisal{Year: 2023, Indicators: balanced}, As: hr,
		Refused: domain.CodeState, Field: "year",
	},
	{
		Name: "nobody lays down their own duties", Given: past(),
		When: officer.SetAppraisal{Year: 2024, Indicators: balanced}, As: domaintest.By("X1", domain.RoleHR),
		Refused: domain.CodeConflict, Field: "actor",
	},
	{
		Name: "an unknown officer has no duties",
		When: officer.SetAppraisal{Year: 2024, Indicators: balanced}, As: hr,
		Refused: domain.CodeNotFound, Field: "subject",
	},
}
