package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

// then returns the event as one of the past, on the day.
func then(act domain.Act, on string, e domain.Event) domaintest.Past {
	return domaintest.Past{Act: late(act, on), Event: e}
}

// The case was opened on 2024-03-04; a limitation of a year ends on 2025-03-04.
var (
	since     = past(then(inspector, "2024-03-04", opened.Event), then(leader, "2024-03-05", investigated.Event))
	tolled    = append(past(since...), then(inspector, "2024-05-01", misconduct.TollingBegan{Officer: "P7", Ground: "criminal_case", From: day("2024-05-01"), Reason: "charged"}))
	resumed   = append(past(tolled...), then(inspector, "2024-07-31", misconduct.TollingEnded{Officer: "P7", Ground: "criminal_case", To: day("2024-07-31")})) // 92 days
	told      = append(past(since...), then(inspector, "2024-06-03", notified.Event))
	earlier   = append(past(since...), then(inspector, "2024-03-06", misconduct.DiscoveryRecorded{Officer: "P7", On: day("2024-01-10"), Basis: "the audit"}))
	unnamed   = past(then(inspector, "2024-03-04", misconduct.Opened{Origin: misconduct.OriginInspection, Unit: "U3", Conduct: "a gift"}), then(leader, "2024-03-05", investigated.Event))
	identity  = append(past(unnamed...), then(inspector, "2024-09-02", misconduct.ScopeWidened{Officers: []domain.OfficerID{"P7"}, Conduct: "a gift"}))
	joined    = append(past(since...), then(inspector, "2024-09-02", misconduct.ScopeWidened{Officers: []domain.OfficerID{"P9"}, Conduct: "helped"}))
	moreAfter = append(past(told...), then(inspector, "2024-09-02", further.Event))
	moreYet   = append(past(since...), then(inspector, "2024-09-02", further.Event))
)

func TestNoNoticeAfterTheLimitation(t *testing.T) {
	for _, tt := range []struct {
		name    string
		given   []domaintest.Past
		officer domain.OfficerID
		last    string
	}{
		{"a year from the opening", since, "P7", "2025-03-04"},
		{"from an earlier discovery", earlier, "P7", "2025-01-10"},
		{"the discovery of one officer's conduct is not another's", earlier, "P8", "2025-03-04"},
		{"days tolled are added", resumed, "P7", "2025-06-04"},
		{"to the officer they were tolled for", resumed, "P8", "2025-03-04"},
		{"who is identified later was known of from the opening", identity, "P7", "2025-03-04"},
		{"who joins later, from then on", joined, "P9", "2025-09-02"},
		{"further conduct after notice, from when it came in", moreAfter, "P7", "2025-09-02"},
		{"further conduct before notice, from the first", moreYet, "P7", "2025-03-04"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			notice, last := misconduct.GiveNotice{Officer: tt.officer}, day(tt.last)
			backdated := late(inspector, last.AddDays(1).String())
			backdated.OccurredAt = domaintest.On(tt.last)
			domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
				{Name: "on the last day", Given: tt.given, When: notice, As: late(inspector, tt.last), Book: affairs(), Then: []domain.Event{misconduct.NoticeGiven{Officer: tt.officer}}},
				{Name: "on the day after", Given: tt.given, When: notice, As: late(inspector, last.AddDays(1).String()), Book: affairs(),
					Refused: domain.CodeTooLate, Field: "officer", Rule: "code 3304"},
				{Name: "nor by saying that it was the day before", Given: tt.given, When: notice, As: backdated, Book: affairs(),
					Refused: domain.CodeTooLate, Field: "officer", Rule: "code 3304"},
				{Name: "where the rulebook has no limitation", Given: tt.given, When: notice, As: late(inspector, "2030-01-01"), Then: []domain.Event{misconduct.NoticeGiven{Officer: tt.officer}}},
			})
		})
	}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "while it is tolled there is time", Given: tolled, When: misconduct.GiveNotice{Officer: "P7"}, As: late(inspector, "2027-01-04"), Book: affairs(),
			Then: []domain.Event{misconduct.NoticeGiven{Officer: "P7"}}},
		{Name: "who had notice may have it again", Given: told, When: misconduct.GiveNotice{Officer: "P7"}, As: late(inspector, "2027-01-04"), Book: affairs(),
			Then: []domain.Event{misconduct.NoticeGiven{Officer: "P7"}}},
	})
}

func TestRecordingADiscovery(t *testing.T) {
	found := misconduct.RecordDiscovery{Officer: "P7", On: day("2024-01-10"), Basis: "the audit"}
	with := func(change func(*misconduct.RecordDiscovery)) misconduct.RecordDiscovery {
		c := found
		change(&c)
		return c
	}
	on := late(inspector, "2024-03-06")
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "before the opening", Given: since, When: found, As: on, Book: affairs(), Then: []domain.Event{misconduct.DiscoveryRecorded(found)}},
		{Name: "an earlier one later on", Given: earlier, When: with(func(c *misconduct.RecordDiscovery) { c.On = day("2024-01-02") }), As: on, Book: affairs(),
			Then: []domain.Event{misconduct.DiscoveryRecorded{Officer: "P7", On: day("2024-01-02"), Basis: "the audit"}}},
		{Name: "a later one by the same person", Given: earlier, When: with(func(c *misconduct.RecordDiscovery) { c.On = day("2024-02-02") }), As: on, Book: affairs(),
			Refused: domain.CodeConflict, Field: "actor", Rule: "code 3304"},
		{Name: "a later one by another", Given: earlier, When: with(func(c *misconduct.RecordDiscovery) { c.On = day("2024-02-02") }), As: late(leader, "2024-03-07"), Book: affairs(),
			Then: []domain.Event{misconduct.DiscoveryRecorded{Officer: "P7", On: day("2024-02-02"), Basis: "the audit"}}},
		{Name: "not after the case knew it", Given: since, When: with(func(c *misconduct.RecordDiscovery) { c.On = day("2024-03-05") }), As: on, Book: affairs(), Refused: domain.CodeInvalid, Field: "on"},
		{Name: "a day is needed", Given: since, When: with(func(c *misconduct.RecordDiscovery) { c.On = domain.Date{} }), As: on, Refused: domain.CodeInvalid, Field: "on"},
		{Name: "and a basis", Given: since, When: with(func(c *misconduct.RecordDiscovery) { c.Basis = "" }), As: on, Refused: domain.CodeInvalid, Field: "basis"},
		{Name: "of an officer in the case", Given: since, When: with(func(c *misconduct.RecordDiscovery) { c.Officer = "P9" }), As: on, Refused: domain.CodeInvalid, Field: "officer"},
		{Name: "not once notice was given", Given: told, When: found, As: late(inspector, "2024-06-04"), Book: affairs(), Refused: domain.CodeState, Field: "officer"},
		{Name: "not by who is under inquiry", Given: since, When: found, As: ownInspector, Refused: domain.CodeConflict, Field: "actor"},
		{Name: "not while a finding is proposed", Given: judged, When: found, As: inspector, Refused: domain.CodeState},
		{Name: "there must be a case", When: found, As: on, Refused: domain.CodeNotFound, Field: "subject"},
		{Name: "not by hr", Given: since, When: found, As: hr, Refused: domain.CodeForbidden, Field: "role"},
	})
}

func TestTollingTheLimitation(t *testing.T) {
	begin := misconduct.BeginTolling{Officer: "P7", Ground: "criminal_case", From: day("2024-05-01"), Reason: "charged"}
	with := func(change func(*misconduct.BeginTolling)) misconduct.BeginTolling {
		c := begin
		change(&c)
		return c
	}
	on := late(inspector, "2024-05-06")
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "from a day that was", Given: since, When: begin, As: on, Book: affairs(), Then: []domain.Event{misconduct.TollingBegan(begin)}},
		{Name: "from today where none is said", Given: since, When: with(func(c *misconduct.BeginTolling) { c.From = domain.Date{} }), As: on, Book: affairs(),
			Then: []domain.Event{misconduct.TollingBegan{Officer: "P7", Ground: "criminal_case", From: day("2024-05-06"), Reason: "charged"}}},
		{Name: "a second time after the first", Given: resumed, When: with(func(c *misconduct.BeginTolling) { c.Ground, c.From = "waiver", day("2024-09-02") }), As: late(inspector, "2024-09-02"), Book: affairs(),
			Then: []domain.Event{misconduct.TollingBegan{Officer: "P7", Ground: "waiver", From: day("2024-09-02"), Reason: "charged"}}},
		{Name: "one ground at a time", Given: tolled, When: with(func(c *misconduct.BeginTolling) { c.Ground = "waiver" }), As: on, Book: affairs(), Refused: domain.CodeState, Field: "ground", Rule: "code 3304(d)"},
		{Name: "a ground of the book", Given: since, When: with(func(c *misconduct.BeginTolling) { c.Ground = "holidays" }), As: on, Book: affairs(), Refused: domain.CodeInvalid, Field: "ground", Rule: "code 3304"},
		{Name: "with a reason", Given: since, When: with(func(c *misconduct.BeginTolling) { c.Reason = "" }), As: on, Book: affairs(), Refused: domain.CodeInvalid, Field: "reason"},
		{Name: "not from a day to come", Given: since, When: with(func(c *misconduct.BeginTolling) { c.From = day("2024-05-07") }), As: on, Book: affairs(), Refused: domain.CodeInvalid, Field: "from"},
		{Name: "not from before the discovery", Given: since, When: with(func(c *misconduct.BeginTolling) { c.From = day("2024-03-03") }), As: on, Book: affairs(), Refused: domain.CodeInvalid, Field: "from"},
		{Name: "what is over is not tolled", Given: since, When: begin, As: late(inspector, "2025-03-05"), Book: affairs(), Refused: domain.CodeTooLate, Rule: "code 3304"},
		{Name: "nothing runs after notice", Given: told, When: begin, As: late(inspector, "2024-06-04"), Book: affairs(), Refused: domain.CodeState, Field: "officer"},
		{Name: "nothing runs without the rule", Given: since, When: begin, As: on, Refused: domain.CodeRule},
		{Name: "for an officer in the case", Given: since, When: with(func(c *misconduct.BeginTolling) { c.Officer = "P9" }), As: on, Book: affairs(), Refused: domain.CodeInvalid, Field: "officer"},
		{Name: "not by who is under inquiry", Given: since, When: begin, As: ownLeader, Book: affairs(), Refused: domain.CodeConflict, Field: "actor"},
		{Name: "there must be a case", When: begin, As: on, Refused: domain.CodeNotFound, Field: "subject"},
		{Name: "not by hr", Given: since, When: begin, As: hr, Refused: domain.CodeForbidden, Field: "role"},
	})
	end := misconduct.EndTolling{Officer: "P7", To: day("2024-07-31")}
	domaintest.Run(t, misconduct.Room, []domaintest.Scenario{
		{Name: "it runs again", Given: tolled, When: end, As: late(inspector, "2024-08-05"), Book: affairs(), Then: []domain.Event{misconduct.TollingEnded{Officer: "P7", Ground: "criminal_case", To: day("2024-07-31")}}},
		{Name: "from tomorrow where no day is said", Given: tolled, When: misconduct.EndTolling{Officer: "P7"}, As: late(inspector, "2024-08-05"), Book: affairs(),
			Then: []domain.Event{misconduct.TollingEnded{Officer: "P7", Ground: "criminal_case", To: day("2024-08-05")}}},
		{Name: "not before it began", Given: tolled, When: misconduct.EndTolling{Officer: "P7", To: day("2024-04-30")}, As: late(inspector, "2024-08-05"), Refused: domain.CodeInvalid, Field: "to"},
		{Name: "not in days to come", Given: tolled, When: end, As: late(inspector, "2024-07-30"), Refused: domain.CodeInvalid, Field: "to"},
		{Name: "once", Given: resumed, When: end, As: late(inspector, "2024-08-05"), Refused: domain.CodeState, Field: "officer"},
		{Name: "for an officer in the case", Given: tolled, When: misconduct.EndTolling{Officer: "P9"}, As: on, Refused: domain.CodeInvalid, Field: "officer"},
		{Name: "not by who is under inquiry", Given: tolled, When: end, As: ownLeader, Refused: domain.CodeConflict, Field: "actor"},
		{Name: "there must be a case", When: end, As: on, Refused: domain.CodeNotFound, Field: "subject"},
		{Name: "not by hr", Given: tolled, When: end, As: hr, Refused: domain.CodeForbidden, Field: "role"},
	})
}

// No step is said to lie before the one that started its term, and nobody
// keeps a term by saying so.
func TestTermsFollowTheFacts(t *testing.T) {
	backdate := func(act domain.Act, occurred, recorded string) domain.Act {
		act = late(act, recorded)
		act.OccurredAt = domaintest.On(occurred)
		return act
	}
	appeal := misconduct.Appeal{Officer: "P7", Ground: "it was a loan"}
	ask := misconduct.AskRereview{Officer: "P7", Ground: "still a loan"}
	uphold := misconduct.DecideAppeal{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan"}
	lateConfirmed := append(past(judged...), domaintest.Past{Act: backdate(leader, "2024-03-04", "2024-04-15"), Event: confirmed.Event})
	var scenarios []domaintest.Scenario
	for _, x := range []struct {
		given []domaintest.Past
		when  domain.Command
		as    domain.Act
	}{
		{past(opened), misconduct.WidenScope{Officers: []domain.OfficerID{"P9"}, Conduct: "drove"}, inspector},
		{underInquiry, misconduct.GiveNotice{Officer: "P7"}, inspector},
		{append(past(underInquiry...), notified), misconduct.HearStatement{Officer: "P7", Waived: true}, inspector},
		{defended, propose(bribe), inspector},
		{judged, misconduct.ConfirmFinding{}, leader},
		{judged, misconduct.RejectFinding{Reason: "thin"}, leader},
		{past(opened), misconduct.Dismiss{Reason: "thin"}, leader},
		{final, appeal, officer},
		{onAppeal, uphold, second},
		{afterAppeal, ask, officer},
		{onRereview, misconduct.DecideRereview(uphold), third},
	} {
		scenarios = append(scenarios, domaintest.Scenario{Name: string(x.when.Name()) + " before its term began", Given: x.given, When: x.when,
			As: backdate(x.as, "2024-03-03", "2024-03-04"), Refused: domain.CodeInvalid, Field: "occurredAt"})
	}
	domaintest.Run(t, misconduct.Room, append(scenarios,
		domaintest.Scenario{Name: "an officer appeals when it is recorded, whatever day they say", Given: final, When: appeal, As: backdate(officer, "2024-04-04", "2024-04-05"), Refused: domain.CodeTooLate},
		domaintest.Scenario{Name: "what an inspector files for them counts from the day it was handed in", Given: final, When: appeal, As: backdate(outsider, "2024-04-04", "2024-04-08"),
			Then: []domain.Event{misconduct.Appealed(appeal)}},
		domaintest.Scenario{Name: "an officer asks for a re-review when it is recorded", Given: afterAppeal, When: ask, As: backdate(officer, "2024-04-04", "2024-04-05"), Refused: domain.CodeTooLate},
		domaintest.Scenario{Name: "a decision is late when it is recorded late", Given: onAppeal, When: uphold, As: backdate(second, "2024-03-20", "2024-04-07"),
			Then: []domain.Event{misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeUpheld, Opinion: "no loan", DaysLate: 3}}},
		domaintest.Scenario{Name: "a confirmation recorded late leaves the officer a month from then", Given: lateConfirmed, When: appeal, As: late(officer, "2024-05-15"),
			Then: []domain.Event{misconduct.Appealed(appeal)}},
		domaintest.Scenario{Name: "and no more", Given: lateConfirmed, When: appeal, As: late(officer, "2024-05-16"), Refused: domain.CodeTooLate},
		domaintest.Scenario{Name: "nor is it archived before", Given: append(past(lateConfirmed...), ofPerson, ofInstitution), When: misconduct.Archive{}, As: late(inspector, "2024-05-15"), Refused: domain.CodeTooEarly},
	))
}
