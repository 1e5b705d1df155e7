package enforcement_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
)

func TestReviewing(t *testing.T) {
	with := func(p ...domaintest.Past) []domaintest.Past { return append(past(ended...), p...) }
	overturn := enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultOverturned, Ground: "no hearing"}
	june := on(inspector, "2024-06-03")
	run(t, []domaintest.Scenario{
		{
			Name: "an overturned penalty is retracted and reviewed for fault", Given: with(),
			When: overturn, As: june,
			Then: []domain.Event{overturned.Event},
		},
		{
			Name: "also when the act is closed", Given: with(closed),
			When: overturn, As: june,
			Then: []domain.Event{overturned.Event},
		},
		{
			Name: "an upheld one stands", Given: with(),
			When: enforcement.Review{Body: enforcement.BodyReconsideration, Outcome: enforcement.ResultUpheld, On: day("2024-05-31"), Ground: "lawful"}, As: june,
			Then: []domain.Event{enforcement.Reviewed{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: pair, Body: enforcement.BodyReconsideration, Outcome: enforcement.ResultUpheld, On: day("2024-05-31"), Ground: "lawful"}},
		},
		{
			Name: "a varied one has another amount and is retracted", Given: with(),
			When: enforcement.Review{Body: enforcement.BodyReconsideration, Outcome: enforcement.ResultVaried, Ground: "too much", Amount: 50_000}, As: june,
			Then: []domain.Event{enforcement.Reviewed{ActKind: enforcement.KindPenalty, Unit: "U1", Officers: pair, Body: enforcement.BodyReconsideration, Outcome: enforcement.ResultVaried, On: day("2024-06-03"), Ground: "too much", Amount: 50_000, RetractBy: day("2024-06-06")}},
		},
		{
			Name: "a permit has no penalty to retract", Given: past(permit, checked, domaintest.Past{Act: first, Event: enforcement.Decided{ActKind: enforcement.KindApproval, Unit: "U1", Officers: pair, Step: "decide", On: day("2024-03-04"), Outcome: enforcement.OutcomeRefused}}),
			When: overturn, As: june,
			Then: []domain.Event{enforcement.Reviewed{ActKind: enforcement.KindApproval, Unit: "U1", Officers: pair, Body: enforcement.BodyCourt, Outcome: enforcement.ResultOverturned, On: day("2024-06-03"), Ground: "no hearing", FaultReviewBy: day("2024-07-03")}},
		},
		{
			Name: "only a varied one has another amount", Given: with(),
			When: enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultUpheld, Ground: "lawful", Amount: 1}, As: june,
			Refused: domain.CodeInvalid, Field: "amount",
		},
		{
			Name: "what is overturned is not reviewed again", Given: with(overturned),
			When: overturn, As: june,
			Refused: domain.CodeState,
		},
		{
			Name: "who had a hand in it does not file it", Given: with(),
			When: overturn, As: on(leader, "2024-06-03"),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "the review comes after the decision", Given: with(),
			When: enforcement.Review{Body: enforcement.BodyCourt, Outcome: enforcement.ResultUpheld, Ground: "lawful", On: day("2024-03-19")}, As: june,
			Refused: domain.CodeInvalid, Field: "on",
		},
		{
			Name: "an act that is not decided is not reviewed", Given: ready,
			When: overturn, As: june,
			Refused: domain.CodeState,
		},
		{
			Name: "there are two bodies", Given: with(),
			When: enforcement.Review{Body: "press", Outcome: enforcement.ResultUpheld, Ground: "lawful"}, As: june,
			Refused: domain.CodeInvalid, Field: "body",
		},
		{
			Name: "and three outcomes", Given: with(),
			When: enforcement.Review{Body: enforcement.BodyCourt, Outcome: "scorned", Ground: "lawful"}, As: june,
			Refused: domain.CodeInvalid, Field: "outcome",
		},
	})
}

func TestReviewingFault(t *testing.T) {
	with := func(p ...domaintest.Past) []domaintest.Past { return append(past(ended...), p...) }
	find := enforcement.ReviewFault{Found: true, Officers: []domain.OfficerID{"P1"}, Opinion: "careless"}
	run(t, []domaintest.Scenario{
		{
			Name: "a fault is found within thirty days", Given: with(overturned),
			When: find, As: on(inspector, "2024-07-03"),
			Then: []domain.Event{found.Event},
		},
		{
			Name: "later it shows", Given: with(overturned),
			When: find, As: on(inspector, "2024-07-05"),
			Then: []domain.Event{enforcement.FaultReviewed{Unit: "U1", Found: true, Officers: []domain.OfficerID{"P1"}, Opinion: "careless", DaysLate: 2}},
		},
		{
			Name: "a varied act may be nobody's fault", Given: with(varied),
			When: enforcement.ReviewFault{Opinion: "hard to see"}, As: on(inspector, "2024-07-05"),
			Then: []domain.Event{enforcement.FaultReviewed{Unit: "U1", Opinion: "hard to see"}},
		},
		{
			Name: "a fault is somebody's", Given: with(overturned),
			When: enforcement.ReviewFault{Found: true, Opinion: "careless"}, As: on(inspector, "2024-07-03"),
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "of those who had a hand in the act", Given: with(overturned),
			When: enforcement.ReviewFault{Found: true, Officers: []domain.OfficerID{"P3"}, Opinion: "careless"}, As: on(inspector, "2024-07-03"),
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "where no fault is found nobody is named", Given: with(overturned),
			When: enforcement.ReviewFault{Officers: []domain.OfficerID{"P1"}, Opinion: "careless"}, As: on(inspector, "2024-07-03"),
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "who had a hand in the act does not judge it", Given: with(overturned),
			When: find, As: on(leader, "2024-07-03"),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "an act that stands has no fault to review", Given: with(),
			When: find, As: on(inspector, "2024-07-03"),
			Refused: domain.CodeState,
		},
		{
			Name: "the fault is reviewed once", Given: with(overturned, found),
			When: find, As: on(inspector, "2024-07-03"),
			Refused: domain.CodeExists,
		},
	})
}

func TestClosing(t *testing.T) {
	granted := domaintest.Past{Act: deputy, Event: enforcement.StepOverridden{Unit: "U1", Step: "serve", Reason: "moved away", AskedBy: "P1", Approver: "leader-guo"}}
	run(t, []domaintest.Scenario{
		{
			Name: "an act is closed when every step was taken", Given: ended,
			When: enforcement.Close{}, As: first,
			Then: []domain.Event{closed.Event},
		},
		{
			Name: "not before the service", Given: final,
			When: enforcement.Close{}, As: first,
			Refused: domain.CodeIncomplete, Field: "step", Rule: "行政处罚法 art. 61",
		},
		{
			Name: "unless it was overridden, which counts", Given: append(past(final...), granted),
			When: enforcement.Close{}, As: first,
			Then: []domain.Event{enforcement.Closed{Unit: "U1", Overrides: 1}},
		},
		{
			Name: "a terminated act has no more steps", Given: past(opened, terminated),
			When: enforcement.Close{}, As: first,
			Then: []domain.Event{closed.Event},
		},
		{
			Name: "an overturned act stays open until its fault is reviewed", Given: append(past(ended...), overturned),
			When: enforcement.Close{}, As: first,
			Refused: domain.CodeIncomplete,
		},
		{
			Name: "and is closed then, served or not", Given: append(past(final...), overturned, found),
			When: enforcement.Close{}, As: first,
			Then: []domain.Event{closed.Event},
		},
		{
			Name:  "of a permit the procedure says what is missing",
			Given: past(permit, domaintest.Past{Act: first, Event: enforcement.Decided{ActKind: enforcement.KindApproval, Unit: "U1", Officers: pair, Step: "decide", On: day("2024-03-04"), Outcome: enforcement.OutcomeGranted}}),
			When:  enforcement.Close{}, As: first,
			Refused: domain.CodeIncomplete, Field: "step", Rule: "norm N2, version 1",
		},
	})
}
