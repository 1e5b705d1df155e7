package complaint_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
)

// Who acts in the scenarios. The complaint X1 is about the officer P7.
var (
	intake    = domaintest.By("intake-zhao", domain.RoleIntake)
	reporter  = domaintest.By("receipt-7f3a", domain.RolePublic)
	leader    = domaintest.By("leader-chen", domain.RoleLeader)
	second    = domaintest.By("leader-guo", domain.RoleLeader)
	inspector = domaintest.By("inspector-he", domain.RoleInspector)
	handler   = domaintest.By("handler-qian", domain.RoleHandler)
	other     = domaintest.By("handler-sun", domain.RoleHandler)
	importer  = domaintest.By("import", domain.RoleImporter)
)

// What happened before the scenarios, all of it at domaintest.Now: a Monday,
// 2024-03-04.
var (
	received = domaintest.Past{Act: intake, Event: complaint.Received{
		Channel: complaint.ChannelHotline, Category: "rudeness", Summary: "shouted at a broker", Unit: "U3", Officers: []domain.OfficerID{"P7"}}}
	named = domaintest.Past{Act: intake, Event: complaint.Received{
		Channel: complaint.ChannelLetter, Category: "bribery", Summary: "asked for a gift", Officers: []domain.OfficerID{"P7"}, RealName: true}}
	acknowledged   = domaintest.Past{Act: intake, Event: complaint.Acknowledged{}}
	admissible     = domaintest.Past{Act: intake, Event: complaint.Screened{Admissible: true, Ground: "our officer"}}
	inadmissible   = domaintest.Past{Act: intake, Event: complaint.Screened{Ground: "a court has it"}}
	accepted       = domaintest.Past{Act: intake, Event: complaint.Accepted{By: day("2024-05-03")}}
	declined       = domaintest.Past{Act: intake, Event: complaint.Declined{Ground: "a court has it"}}
	movedOut       = domaintest.Past{Act: intake, Event: complaint.Transferred{To: "market supervision", Ground: "their officer"}}
	movedIn        = domaintest.Past{Act: intake, Event: complaint.Transferred{To: "the port office", ToUnit: "U9", Ground: "their officer"}}
	contested      = domaintest.Past{Act: leader, Event: complaint.TransferContested{Ground: "not ours"}}
	assigned       = domaintest.Past{Act: leader, Event: complaint.HandlerAssigned{Handler: "handler-qian"}}
	reassigned     = domaintest.Past{Act: leader, Event: complaint.HandlerAssigned{Handler: "handler-sun"}}
	recused        = domaintest.Past{Act: handler, Event: complaint.HandlerRecused{Handler: "handler-qian", Ground: "a cousin"}}
	extended       = domaintest.Past{Act: leader, Event: complaint.Extended{Until: day("2024-06-02"), Reason: "a witness is abroad", Approver: "leader-chen"}}
	unproved       = domaintest.Past{Act: handler, Event: complaint.Concluded{Result: complaint.ResultNotSubstantiated, Unit: "U3", Opinion: "no witness"}}
	answered       = domaintest.Past{Act: handler, Event: complaint.Answered{Answer: "it could not be proved"}}
	rated          = domaintest.Past{Act: reporter, Event: complaint.SatisfactionRated{Grade: complaint.GradeAverage}}
	reviewAsked    = domaintest.Past{Act: reporter, Event: complaint.ReviewAsked{Ground: "there was a witness"}}
	upheld         = domaintest.Past{Act: leader, Event: complaint.ReviewDecided{Outcome: complaint.OutcomeUpheld, Opinion: "well founded"}}
	overturned     = domaintest.Past{Act: leader, Event: complaint.ReviewDecided{Outcome: complaint.OutcomeOverturned, Opinion: "a witness was not heard"}}
	reopened       = domaintest.Past{Act: leader, Event: complaint.Reopened{By: day("2024-05-03")}}
	rereviewAsked  = domaintest.Past{Act: reporter, Event: complaint.RereviewAsked{Ground: "still there was a witness"}}
	withdrawn      = domaintest.Past{Act: reporter, Event: complaint.Withdrawn{Reason: "settled"}}
	imported       = domaintest.Past{Act: importer, Event: complaint.Imported{ReceivedOn: day("2016-01-19"), Category: "conduct", Summary: "of old"}}
	open           = past(received, admissible, accepted)
	handled        = past(received, admissible, accepted, assigned)
	concluded      = past(received, admissible, accepted, assigned, unproved)
	told           = append(past(concluded...), answered)
	underReview    = append(past(told...), reviewAsked)
	underRereview  = append(past(underReview...), upheld, rereviewAsked)
	secondHandling = append(past(underReview...), overturned, reopened)
)

func past(events ...domaintest.Past) []domaintest.Past {
	return append([]domaintest.Past(nil), events...)
}

func day(s string) domain.Date { return domain.MustDate(s) }

// late returns the act on the day.
func late(act domain.Act, day string) domain.Act { return domaintest.At(act, domaintest.On(day)) }

// saidBefore is an act recorded on the day that is said to have been on an
// earlier one.
func saidBefore(act domain.Act, recorded, said string) domain.Act {
	act = domaintest.At(act, domaintest.On(recorded))
	act.OccurredAt = domaintest.On(said)
	return act
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, complaint.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, complaint.Room) }

// The life of one complaint, every step decided on the events of the steps
// before: overturned once, concluded anew by another handler, re-reviewed.
func TestAComplaintLivesFromReceiptToRereview(t *testing.T) {
	steps := []struct {
		command domain.Command
		as      domain.Act
		status  complaint.Status
	}{
		{complaint.Receive{Channel: complaint.ChannelVisit, Category: "delay", Summary: "waited a week", Unit: "U3", RealName: true}, intake, complaint.StatusReceived},
		{complaint.Acknowledge{}, intake, complaint.StatusReceived},
		{complaint.Screen{Admissible: true, Ground: "our window"}, intake, complaint.StatusScreened},
		{complaint.Transfer{To: "the port office", ToUnit: "U9", Ground: "their window"}, intake, complaint.StatusTransferred},
		{complaint.ContestTransfer{Ground: "closed that week"}, leader, complaint.StatusScreened},
		{complaint.Accept{}, leader, complaint.StatusAccepted},
		{complaint.Acknowledge{}, intake, complaint.StatusAccepted},
		{complaint.AssignHandler{Handler: "handler-sun"}, leader, complaint.StatusAccepted},
		{complaint.RecuseHandler{Handler: "handler-sun", Ground: "a cousin"}, other, complaint.StatusAccepted},
		{complaint.AssignHandler{Handler: "handler-qian"}, leader, complaint.StatusAccepted},
		{complaint.Extend{Until: day("2024-05-20"), Reason: "a holiday"}, leader, complaint.StatusAccepted},
		{complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "one day"}, handler, complaint.StatusConcluded},
		{complaint.Answer{Answer: "it was one day"}, handler, complaint.StatusAnswered},
		{complaint.Rate{Grade: complaint.GradeNeedsStrengthening}, reporter, complaint.StatusAnswered},
		{complaint.AskReview{Ground: "it was a week"}, reporter, complaint.StatusReviewAsked},
		{complaint.DecideReview{Outcome: complaint.OutcomeOverturned, Opinion: "the log was not read"}, inspector, complaint.StatusAccepted},
		{complaint.AssignHandler{Handler: "handler-wu"}, leader, complaint.StatusAccepted},
		{complaint.Conclude{Result: complaint.ResultSubstantiated, Conduct: "left a file for a week", Officers: []domain.OfficerID{"P9"},
			NamingReason: "the log names P9", Opinion: "as the log says"}, domaintest.By("handler-wu", domain.RoleHandler), complaint.StatusConcluded},
		{complaint.Answer{Answer: "it was a week"}, intake, complaint.StatusAnswered},
		{complaint.AskReview{Ground: "the chief knew"}, reporter, complaint.StatusReviewAsked},
		{complaint.DecideReview{Outcome: complaint.OutcomeUpheld, Opinion: "the chief did not"}, inspector, complaint.StatusReviewDecided},
		{complaint.AskRereview{Ground: "the chief knew"}, reporter, complaint.StatusRereviewAsked},
		{complaint.DecideRereview{Outcome: complaint.OutcomeVaried, Result: complaint.ResultPartly, Opinion: "five days"}, second, complaint.StatusRereviewDecided},
	}
	state := complaint.Room.NewState()
	for _, s := range steps {
		events, err := complaint.Room.Decide(state, s.command, domaintest.Seeing(complaint.Room, state, s.command, s.as), domain.CN2024())
		if err != nil {
			t.Fatalf("%s: %v", s.command.Name(), err)
		}
		for _, e := range events {
			complaint.Room.Apply(state, e, s.as)
		}
		if got := state.(*complaint.Complaint).Status; got != s.status {
			t.Fatalf("after %s the complaint is %q, want %q", s.command.Name(), got, s.status)
		}
	}
	if got := state.(*complaint.Complaint).Result; got != complaint.ResultPartly {
		t.Errorf("the result that stands is %q, want %q", got, complaint.ResultPartly)
	}
}
