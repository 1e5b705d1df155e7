package officer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

var spouse = domaintest.Past{Act: self, Event: officer.InterestDeclared{Nature: "spouse", With: "Harbour Freight Ltd", Until: day("2024-12-31")}}

var interests = []domaintest.Scenario{
	{
		Name: "an officer declares an interest of their own", Given: past(),
		When: officer.DeclareInterest{Nature: "spouse", With: "Harbour Freight Ltd", Until: day("2024-12-31")}, As: self,
		Then: []domain.Event{officer.InterestDeclared{Nature: "spouse", With: "Harbour Freight Ltd", Until: day("2024-12-31")}},
	},
	{
		Name: "an inspector files a tie to a colleague", Given: past(),
		When: officer.DeclareInterest{Nature: "sibling", Officer: "P2", Unit: "U2"}, As: inspector,
		Then: []domain.Event{officer.InterestDeclared{Nature: "sibling", Officer: "P2", Unit: "U2"}},
	},
	{
		Name: "an officer declares no interest of another", Given: past(),
		When: officer.DeclareInterest{Nature: "spouse", With: "Harbour Freight Ltd"}, As: other,
		Refused: domain.CodeForbidden, Field: "subject",
	},
	{
		Name: "an interest has a nature", Given: past(),
		When: officer.DeclareInterest{With: "Harbour Freight Ltd"}, As: self,
		Refused: domain.CodeInvalid, Field: "nature",
	},
	{
		Name: "an interest is with someone", Given: past(),
		When: officer.DeclareInterest{Nature: "spouse"}, As: self,
		Refused: domain.CodeInvalid, Field: "with",
	},
	{
		Name: "an interest is not with oneself", Given: past(),
		When: officer.DeclareInterest{Nature: "spouse", Officer: "X1"}, As: self,
		Refused: domain.CodeInvalid, Field: "officer",
	},
	{
		Name: "an interest names a unit rightly", Given: past(),
		When: officer.DeclareInterest{Nature: "former employer", Unit: "no id"}, As: self,
		Refused: domain.CodeInvalid, Field: "unit",
	},
	{
		Name: "an interest that is over is not declared", Given: past(),
		When: officer.DeclareInterest{Nature: "spouse", With: "Harbour Freight Ltd", Until: day("2024-03-03")}, As: self,
		Refused: domain.CodeInvalid, Field: "until",
	},
	{
		Name: "the same interest is declared once", Given: past(spouse),
		When: officer.DeclareInterest{Nature: "spouse", With: "Harbour Freight Ltd", Until: day("2024-12-31")}, As: hr,
		Refused: domain.CodeExists, Field: "with",
	},
	{
		Name: "an interest that lasts longer is declared again", Given: past(spouse),
		When: officer.DeclareInterest{Nature: "spouse", With: "Harbour Freight Ltd", Until: day("2025-12-31")}, As: self,
		Then: []domain.Event{officer.InterestDeclared{Nature: "spouse", With: "Harbour Freight Ltd", Until: day("2025-12-31")}},
	},
	{
		Name: "another person ends an interest", Given: past(spouse),
		When: officer.EndInterest{Nature: "spouse", With: "Harbour Freight Ltd"}, As: hr,
		Then: []domain.Event{officer.InterestEnded{Nature: "spouse", With: "Harbour Freight Ltd"}},
	},
	{
		Name: "an officer does not end an interest by their own word", Given: past(spouse),
		When: officer.EndInterest{Nature: "spouse", With: "Harbour Freight Ltd"}, As: self,
		Refused: domain.CodeForbidden, Field: "role",
	},
	{
		Name: "only a declared interest is ended", Given: past(spouse),
		When: officer.EndInterest{Nature: "shareholding", With: "Harbour Freight Ltd"}, As: hr,
		Refused: domain.CodeState, Field: "with",
	},
	{
		Name: "an interest is ended once", Given: past(spouse, domaintest.Past{Act: hr, Event: officer.InterestEnded{Nature: "spouse", With: "Harbour Freight Ltd"}}),
		When: officer.EndInterest{Nature: "spouse", With: "Harbour Freight Ltd"}, As: hr,
		Refused: domain.CodeState, Field: "with",
	},
}

var trainings = []domaintest.Scenario{
	{
		Name: "an officer files a course of their own", Given: past(),
		When: officer.CompleteTraining{Course: "penalty procedure", Hours: 16, On: day("2024-02-29")}, As: self,
		Then: []domain.Event{officer.TrainingCompleted{Course: "penalty procedure", Hours: 16, On: day("2024-02-29")}},
	},
	{
		Name: "HR files a course that came before the first day", Given: past(),
		When: officer.CompleteTraining{Course: "pre-post training", Hours: 400, On: day("2020-06-30")}, As: hr,
		Then: []domain.Event{officer.TrainingCompleted{Course: "pre-post training", Hours: 400, On: day("2020-06-30")}},
	},
	{
		Name: "an officer files no course of another", Given: past(),
		When: officer.CompleteTraining{Course: "penalty procedure", Hours: 16}, As: other,
		Refused: domain.CodeForbidden, Field: "subject",
	},
	{
		Name: "a course has a name", Given: past(),
		When: officer.CompleteTraining{Hours: 16}, As: hr,
		Refused: domain.CodeInvalid, Field: "course",
	},
	{
		Name: "a course of no hours is none", Given: past(),
		When: officer.CompleteTraining{Course: "penalty procedure"}, As: hr,
		Refused: domain.CodeInvalid, Field: "hours",
	},
	{
		Name: "a course of 401 hours is a slip of the pen", Given: past(),
		When: officer.CompleteTraining{Course: "penalty procedure", Hours: 401}, As: hr,
		Refused: domain.CodeInvalid, Field: "hours",
	},
	{
		Name: "a course to come is not completed", Given: past(),
		When: officer.CompleteTraining{Course: "penalty procedure", Hours: 16, On: day("2024-03-05")}, As: hr,
		Refused: domain.CodeInvalid, Field: "on",
	},
}

var graded = domaintest.Past{Act: hr, Event: officer.Appraised{Year: 2023, Grade: "incompetent"}}

var appraisals = []domaintest.Scenario{
	{
		Name: "a year is graded", Given: past(),
		When: officer.Appraise{Year: 2023, Grade: "excellent"}, As: hr,
		Then: []domain.Event{officer.Appraised{Year: 2023, Grade: "excellent"}},
	},
	{
		Name: "a grade the rulebook does not have is refused", Given: past(),
		When: officer.Appraise{Year: 2023, Grade: "splendid"}, As: hr,
		Refused: domain.CodeInvalid, Field: "grade",
	},
	{
		Name: "a year to come is not graded", Given: past(),
		When: officer.Appraise{Year: 2025, Grade: "excellent"}, As: hr,
		Refused: domain.CodeInvalid, Field: "year",
	},
	{
		Name: "a year before the service is not graded", Given: past(),
		When: officer.Appraise{Year: 2019, Grade: "excellent"}, As: hr,
		Refused: domain.CodeInvalid, Field: "year",
	},
	{
		Name: "a year is graded once", Given: past(graded),
		When: officer.Appraise{Year: 2023, Grade: "excellent"}, As: hr,
		Refused: domain.CodeExists, Field: "year",
	},
	{
		Name: "a wrong grade is corrected, with the reason", Given: past(graded),
		When: officer.CorrectAppraisal{Year: 2023, Grade: "competent", Reason: "two complaints were counted twice"}, As: leader,
		Then: []domain.Event{officer.AppraisalCorrected{Year: 2023, Grade: "competent", Reason: "two complaints were counted twice"}},
	},
	{
		Name: "a wrong grade is corrected after the officer has left", Given: past(graded, separated),
		When: officer.CorrectAppraisal{Year: 2023, Grade: "competent", Reason: "two complaints were counted twice"}, As: leader,
		Then: []domain.Event{officer.AppraisalCorrected{Year: 2023, Grade: "competent", Reason: "two complaints were counted twice"}},
	},
	{
		Name: "a correction has a reason", Given: past(graded),
		When: officer.CorrectAppraisal{Year: 2023, Grade: "competent"}, As: leader,
		Refused: domain.CodeInvalid, Field: "reason",
	},
	{
		Name: "a correction leads to a grade of the rulebook", Given: past(graded),
		When: officer.CorrectAppraisal{Year: 2023, Grade: "splendid", Reason: "merit"}, As: leader,
		Refused: domain.CodeInvalid, Field: "grade",
	},
	{
		Name: "a correction into the same grade is none", Given: past(graded),
		When: officer.CorrectAppraisal{Year: 2023, Grade: "incompetent", Reason: "merit"}, As: leader,
		Refused: domain.CodeInvalid, Field: "grade",
	},
	{
		Name: "a year that was not graded is not corrected", Given: past(graded),
		When: officer.CorrectAppraisal{Year: 2022, Grade: "competent", Reason: "merit"}, As: leader,
		Refused: domain.CodeState, Field: "year",
	},
}

func TestStateTellsTheFile(t *testing.T) {
	state := fold(past(appointed, inquired, demerit, spouse, graded,
		domaintest.Past{Act: hr, Event: officer.RotationDeferred{Post: "G1", Until: day("2027-03-01")}},
		domaintest.Past{Act: hr, Event: officer.Rotated{From: "G1", To: "G2", Unit: "U2", Leader: true, On: day("2024-01-02")}},
		domaintest.Past{Act: self, Event: officer.TrainingCompleted{Course: "a", Hours: 30, On: day("2023-01-01")}},
		domaintest.Past{Act: self, Event: officer.TrainingCompleted{Course: "b", Hours: 12, On: day("2023-12-31")}},
		domaintest.Past{Act: self, Event: officer.TrainingCompleted{Course: "c", Hours: 8, On: day("2024-01-01")}},
		domaintest.Past{Act: leader, Event: officer.AppraisalCorrected{Year: 2023, Grade: "competent", Reason: "miscounted"}},
		domaintest.Past{Act: leader, Event: officer.Promoted{Rank: "inspector_1", On: day("2023-06-01")}},
	)...)
	want := &officer.Officer{
		Status: officer.StatusServing, Name: "王芳", Unit: "U2", Rank: "inspector_1", EnrolledOn: day("2020-07-01"),
		Post: "G2", Since: day("2024-01-02"), Leader: true,
		Inquiries: []domain.CaseID{"M1"},
		Followed:  []domain.CaseID{"M1"},
		Restrictions: []officer.Restriction{{Sanction: "S1", Measure: domain.MeasureDemerit, From: day("2023-12-26"), Until: day("2024-12-26"),
			BarsPromotion: true, BarsPayRise: true, BarsHonours: true}},
		Interests: []officer.Interest{{Nature: "spouse", With: "Harbour Freight Ltd", Until: day("2024-12-31")}},
		Training:  map[int]int{2023: 42, 2024: 8},
		Grades:    map[int]string{2023: "competent"},
	}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	if tie := want.Interests[0]; !tie.StandsOn(day("2024-12-31")) || tie.StandsOn(day("2025-01-01")) {
		t.Error("an interest stands up to and including its last day")
	}
}

func TestADeferralOfAnotherPostChangesNothing(t *testing.T) {
	deferred := domaintest.Past{Act: hr, Event: officer.RotationDeferred{Post: "G0", Until: day("2027-03-01")}}
	if diff := cmp.Diff(fold(past(appointed)...), fold(past(appointed, deferred)...)); diff != "" {
		t.Errorf("state (-before +after):\n%s", diff)
	}
}
