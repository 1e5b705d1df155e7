package officer_test

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
)

var leaving = []domaintest.Scenario{
	{
		Name: "an officer is suspended from duty during an inquiry", Given: past(inquired),
		When: officer.SuspendFromDuty{Reason: "inquiry", Case: "M1"}, As: leader,
		Then: []domain.Event{officer.SuspendedFromDuty{Reason: "inquiry", Case: "M1"}},
	},
	{
		Name: "a suspension from duty has a reason", Given: past(),
		When: officer.SuspendFromDuty{}, As: leader,
		Refused: domain.CodeInvalid, Field: "reason",
	},
	{
		Name: "a suspension from duty names its case rightly", Given: past(),
		When: officer.SuspendFromDuty{Reason: "inquiry", Case: "no id"}, As: leader,
		Refused: domain.CodeInvalid, Field: "case",
	},
	{
		Name: "nobody is suspended from duty twice", Given: past(suspended),
		When: officer.SuspendFromDuty{Reason: "inquiry"}, As: leader,
		Refused: domain.CodeState,
	},
	{
		Name: "a suspended officer returns to duty", Given: past(suspended),
		When: officer.ReturnToDuty{}, As: leader,
		Then: []domain.Event{officer.ReturnedToDuty{}},
	},
	{
		Name: "an officer on duty does not return to it", Given: past(),
		When: officer.ReturnToDuty{}, As: leader,
		Refused: domain.CodeState,
	},
	{
		Name: "an officer who returned to duty is promoted like any other", Given: past(suspended, domaintest.Past{Act: leader, Event: officer.ReturnedToDuty{}}),
		When: officer.Promote{Rank: "inspector_1"}, As: leader,
		Then: []domain.Event{officer.Promoted{Rank: "inspector_1", On: day("2024-03-04")}},
	},
	{
		Name: "an officer retires", Given: past(appointed),
		When: officer.Separate{On: day("2024-03-01"), Reason: officer.ReasonRetired}, As: hr,
		Then: []domain.Event{officer.Separated{On: day("2024-03-01"), Reason: officer.ReasonRetired}},
	},
	{
		Name: "nobody leaves twice", Given: past(separated),
		When: officer.Separate{Reason: officer.ReasonDeceased}, As: hr,
		Refused: domain.CodeState,
	},
	{
		Name: "a separation has one of the reasons", Given: past(),
		When: officer.Separate{Reason: "bored"}, As: hr,
		Refused: domain.CodeInvalid, Field: "reason",
	},
	{
		Name: "nobody left before taking up the post held", Given: past(appointed),
		When: officer.Separate{On: day("2021-02-28"), Reason: officer.ReasonResigned}, As: hr,
		Refused: domain.CodeInvalid, Field: "on",
	},
	{
		Name: "nobody has left tomorrow", Given: past(),
		When: officer.Separate{On: day("2024-03-05"), Reason: officer.ReasonResigned}, As: hr,
		Refused: domain.CodeInvalid, Field: "on",
	},
	{
		Name: "while an inquiry is open nobody retires", Given: past(inquired),
		When: officer.Separate{Reason: officer.ReasonRetired}, As: hr,
		Refused: domain.CodeRule, Rule: "art. 41",
	},
	{
		Name: "while an inquiry is open nobody resigns", Given: past(inquired),
		When: officer.Separate{Reason: officer.ReasonResigned}, As: hr,
		Refused: domain.CodeRule, Rule: "art. 41",
	},
	{
		Name: "while an inquiry is open nobody is transferred out", Given: past(inquired),
		When: officer.Separate{Reason: officer.ReasonTransferredOut}, As: hr,
		Refused: domain.CodeRule, Rule: "art. 41",
	},
	{
		Name: "an open inquiry does not stop a dismissal", Given: past(inquired, suspended),
		When: officer.Separate{Reason: officer.ReasonDismissed}, As: leader,
		Then: []domain.Event{officer.Separated{On: day("2024-03-04"), Reason: officer.ReasonDismissed}},
	},
	{
		Name: "an open inquiry does not stop death", Given: past(inquired),
		When: officer.Separate{Reason: officer.ReasonDeceased}, As: hr,
		Then: []domain.Event{officer.Separated{On: day("2024-03-04"), Reason: officer.ReasonDeceased}},
	},
}

// byCase is a mark that a case of this ledger set, byHand one that a person set.
var (
	byCase = domaintest.Past{Act: system, Event: officer.InquiryOpened{Case: "M1"}}
	byHand = domaintest.Past{Act: inspector, Event: officer.InquiryOpened{Case: "M1"}}
)

// caseM2 sees the case M2 with this history.
func caseM2(events ...domain.Event) map[domain.Reference]any {
	state := misconduct.Room.NewState()
	for _, e := range events {
		misconduct.Room.Apply(state, e, inspector)
	}
	return map[domain.Reference]any{domain.CaseID("M2"): *state.(*misconduct.Case)}
}

var inquiries = []domaintest.Scenario{
	{
		Name: "a case marks the file", Given: past(),
		When: officer.OpenInquiry{Case: "M1"}, As: system,
		Then: []domain.Event{officer.InquiryOpened{Case: "M1"}},
	},
	{
		Name: "a second case marks the file too", Given: past(inquired),
		When: officer.OpenInquiry{Case: "M2"}, As: inspector, Sees: caseM2(misconduct.Opened{Officers: []domain.OfficerID{"X1"}}),
		Then: []domain.Event{officer.InquiryOpened{Case: "M2"}},
	},
	{
		Name: "nobody marks a file by hand for a case that is not there", Given: past(),
		When: officer.OpenInquiry{Case: "M2"}, As: inspector,
		Refused: domain.CodeRule, Field: "case", Rule: "art. 41",
	},
	{
		Name: "nor for a case against another", Given: past(),
		When: officer.OpenInquiry{Case: "M2"}, As: inspector, Sees: caseM2(misconduct.Opened{Officers: []domain.OfficerID{"P8"}}),
		Refused: domain.CodeRule, Field: "case",
	},
	{
		Name: "nor for one that is over", Given: past(),
		When: officer.OpenInquiry{Case: "M2"}, As: inspector, Sees: caseM2(misconduct.Opened{Officers: []domain.OfficerID{"X1"}}, misconduct.Dismissed{}),
		Refused: domain.CodeRule, Field: "case",
	},
	{
		Name: "nor for one of old", Given: past(),
		When: officer.OpenInquiry{Case: "M2"}, As: inspector, Sees: caseM2(misconduct.FindingImported{Officer: "X1", Result: misconduct.ResultSustained}),
		Refused: domain.CodeRule, Field: "case",
	},
	{
		Name: "the same case marks the file once", Given: past(inquired),
		When: officer.OpenInquiry{Case: "M1"}, As: system,
		Refused: domain.CodeExists, Field: "case",
	},
	{
		Name: "a mark names its case", Given: past(),
		When: officer.OpenInquiry{}, As: system,
		Refused: domain.CodeInvalid, Field: "case",
	},
	{
		Name: "a person may be inquired into after leaving", Given: past(separated),
		When: officer.OpenInquiry{Case: "M1"}, As: system,
		Then: []domain.Event{officer.InquiryOpened{Case: "M1"}},
	},
	{
		Name: "the mark goes with the case", Given: past(inquired),
		When: officer.CloseInquiry{Case: "M1"}, As: system,
		Then: []domain.Event{officer.InquiryClosed{Case: "M1"}},
	},
	{
		Name: "and not by hand before", Given: past(byCase),
		When: officer.CloseInquiry{Case: "M1"}, As: inspector,
		Refused: domain.CodeRule, Field: "case", Rule: "art. 41",
	},
	{
		Name: "nor is a mark set by hand for a case that is over", Given: past(byCase, domaintest.Past{Act: system, Event: officer.InquiryClosed{Case: "M1"}}),
		When: officer.OpenInquiry{Case: "M1"}, As: inspector,
		Refused: domain.CodeRule, Field: "case",
	},
	{
		Name: "one set by hand is taken off by hand", Given: past(byHand),
		When: officer.CloseInquiry{Case: "M1"}, As: inspector,
		Then: []domain.Event{officer.InquiryClosed{Case: "M1"}},
	},
	{
		Name: "the case takes over a mark set by hand", Given: past(byHand),
		When: officer.OpenInquiry{Case: "M1"}, As: system,
		Then: []domain.Event{officer.InquiryOpened{Case: "M1"}},
	},
	{
		Name: "a case that does not mark the file is not closed on it", Given: past(inquired),
		When: officer.CloseInquiry{Case: "M2"}, As: system,
		Refused: domain.CodeState, Field: "case",
	},
	{
		Name: "one of two closed cases leaves the officer under inquiry", Given: past(inquired,
			domaintest.Past{Act: system, Event: officer.InquiryOpened{Case: "M2"}}, domaintest.Past{Act: system, Event: officer.InquiryClosed{Case: "M1"}}),
		When: officer.Promote{Rank: "inspector_1"}, As: leader,
		Refused: domain.CodeRule, Rule: "art. 41",
	},
}

var restrictions = []domaintest.Scenario{
	{
		Name: "an imposed sanction restricts the officer for its period", Given: past(),
		When: officer.Restrict{Sanction: "S1", Measure: domain.MeasureWarning, From: day("2024-03-04"), Until: day("2024-09-04"), BarsPromotion: true, BarsHonours: true}, As: system,
		Then: []domain.Event{officer.Restricted{Sanction: "S1", Measure: domain.MeasureWarning, From: day("2024-03-04"), Until: day("2024-09-04"), BarsPromotion: true, BarsHonours: true}},
	},
	{
		Name: "a dismissal restricts for good, also after it was carried out", Given: past(separated),
		When: officer.Restrict{Sanction: "S1", Measure: domain.MeasureDismissal, From: day("2024-03-04"), ForGood: true, BarsPromotion: true}, As: system,
		Then: []domain.Event{officer.Restricted{Sanction: "S1", Measure: domain.MeasureDismissal, From: day("2024-03-04"), ForGood: true, BarsPromotion: true}},
	},
	{
		Name: "a varied sanction replaces its period", Given: past(demerit, domaintest.Past{Act: system, Event: officer.Restricted{
			Sanction: "S1", Measure: domain.MeasureWarning, From: day("2023-08-26"), Until: day("2024-02-26"), BarsPromotion: true}}),
		When: officer.Promote{Rank: "inspector_1"}, As: leader,
		Then: []domain.Event{officer.Promoted{Rank: "inspector_1", On: day("2024-03-04")}},
	},
	{
		Name: "a sanction varied again is filed like the first time", Given: past(demerit),
		When: officer.Restrict{Sanction: "S1", Measure: domain.MeasureWarning, From: day("2023-12-26"), Until: day("2024-06-26"), BarsPromotion: true}, As: system,
		Then: []domain.Event{officer.Restricted{Sanction: "S1", Measure: domain.MeasureWarning, From: day("2023-12-26"), Until: day("2024-06-26"), BarsPromotion: true}},
	},
	{
		Name: "a restriction names its sanction", Given: past(),
		When: officer.Restrict{Measure: domain.MeasureWarning, From: day("2024-03-04"), Until: day("2024-09-04")}, As: system,
		Refused: domain.CodeInvalid, Field: "sanction",
	},
	{
		Name: "a restriction comes of a measure of the ladder", Given: past(),
		When: officer.Restrict{Sanction: "S1", Measure: "pillory", From: day("2024-03-04"), Until: day("2024-09-04")}, As: system,
		Refused: domain.CodeInvalid, Field: "measure",
	},
	{
		Name: "a restriction has a first day", Given: past(),
		When: officer.Restrict{Sanction: "S1", Measure: domain.MeasureWarning, Until: day("2024-09-04")}, As: system,
		Refused: domain.CodeInvalid, Field: "from",
	},
	{
		Name: "a restriction ends some day or never", Given: past(),
		When: officer.Restrict{Sanction: "S1", Measure: domain.MeasureWarning, From: day("2024-03-04")}, As: system,
		Refused: domain.CodeInvalid, Field: "until",
	},
	{
		Name: "a restriction for good has no last day", Given: past(),
		When: officer.Restrict{Sanction: "S1", Measure: domain.MeasureDismissal, From: day("2024-03-04"), Until: day("2024-09-04"), ForGood: true}, As: system,
		Refused: domain.CodeInvalid, Field: "until",
	},
	{
		Name: "a restriction does not end before it begins", Given: past(),
		When: officer.Restrict{Sanction: "S1", Measure: domain.MeasureWarning, From: day("2024-03-04"), Until: day("2024-03-03")}, As: system,
		Refused: domain.CodeInvalid, Field: "until",
	},
	{
		Name: "a released sanction's restriction is lifted", Given: past(demerit),
		When: officer.LiftRestriction{Sanction: "S1", RestoresRank: true}, As: system,
		Then: []domain.Event{officer.RestrictionLifted{Sanction: "S1", RestoresRank: true}},
	},
	{
		Name: "a restriction is lifted after the officer has left", Given: past(demerit, separated),
		When: officer.LiftRestriction{Sanction: "S1"}, As: system,
		Then: []domain.Event{officer.RestrictionLifted{Sanction: "S1"}},
	},
	{
		Name: "what was never restricted is not lifted", Given: past(demerit),
		When: officer.LiftRestriction{Sanction: "S2"}, As: system,
		Refused: domain.CodeState, Field: "sanction",
	},
}
