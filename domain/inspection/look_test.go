package inspection_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
)

func TestReadingFiles(t *testing.T) {
	read := inspection.ReadFile{File: "2024-17", Enforcement: "E1", Officer: "P1", Purpose: "compare the weights"}
	run(t, []domaintest.Scenario{
		{
			Name: "a supervisor reads a file", Given: past(opened),
			When: read, As: head,
			Then: []domain.Event{inspection.FileRead(read)},
		},
		{
			Name: "with the power to", Given: past(examiner),
			When: read, As: head,
			Refused: domain.CodeRule, Rule: "common practice",
		},
		{
			Name: "nobody else does", Given: past(opened),
			When: read, As: outsider,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "which file is said", Given: past(opened),
			When: inspection.ReadFile{Purpose: "compare"}, As: head,
			Refused: domain.CodeInvalid, Field: "file",
		},
		{
			Name: "and what for", Given: past(opened),
			When: inspection.ReadFile{File: "2024-17"}, As: head,
			Refused: domain.CodeInvalid, Field: "purpose",
		},
	})
}

func TestObserving(t *testing.T) {
	observe := func(change func(*inspection.Observe)) inspection.Observe {
		c := inspection.Observe{Code: "o1", Text: "one key for two locks", Severity: inspection.SeveritySerious}
		if change != nil {
			change(&c)
		}
		return c
	}
	run(t, []domaintest.Scenario{
		{
			Name: "a supervisor notes what is wrong", Given: past(opened),
			When: observe(nil), As: head,
			Then: []domain.Event{seen.Event},
		},
		{
			Name: "at a post, of an officer, with a photograph", Given: past(opened),
			When: observe(func(c *inspection.Observe) {
				c.Post, c.Officer, c.Evidence = "K1", "P1", []domain.Evidence{photo}
			}), As: partner,
			Then: []domain.Event{inspection.ObservationMade{Code: "o1", Text: "one key for two locks", Severity: inspection.SeveritySerious, Unit: "U1",
				Post: "K1", Officer: "P1", Evidence: []domain.Evidence{photo}}},
		},
		{
			Name: "a code is used once", Given: past(opened, seen),
			When: observe(nil), As: head,
			Refused: domain.CodeExists, Field: "code",
		},
		{
			Name: "with a power to look", Given: past(adviser),
			When: observe(nil), As: head,
			Refused: domain.CodeRule, Rule: "common practice",
		},
		{
			Name: "nobody else notes anything", Given: past(opened),
			When: observe(nil), As: leader,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "a supervisor is not observed here", Given: past(opened),
			When: observe(func(c *inspection.Observe) { c.Officer = "I2" }), As: head,
			Refused: domain.CodeConflict, Field: "officer",
		},
		{
			Name: "a severity is one of three", Given: past(opened),
			When: observe(func(c *inspection.Observe) { c.Severity = "funny" }), As: head,
			Refused: domain.CodeInvalid, Field: "severity",
		},
	})
}

func TestAdvisingAHalt(t *testing.T) {
	advise := inspection.AdviseHalt{Enforcement: "E1", Reason: "no notice"}
	run(t, []domaintest.Scenario{
		{
			Name: "a supervisor advises to halt an act of the unit", Given: past(opened),
			When: advise, As: head,
			Then: []domain.Event{halted.Event},
		},
		{
			Name: "the act it is about need not be named", Given: past(onAct),
			When: inspection.AdviseHalt{Reason: "no notice"}, As: head,
			Then: []domain.Event{halted.Event},
		},
		{
			Name: "where it is about none, one is named", Given: past(opened),
			When: inspection.AdviseHalt{Reason: "no notice"}, As: head,
			Refused: domain.CodeInvalid, Field: "enforcement",
		},
		{
			Name: "a decided act may be halted too", Given: past(opened),
			When: advise, As: head, Sees: map[domain.Reference]any{domain.EnforcementID("E1"): enforcement.Enforcement{Status: enforcement.StatusDecided, Unit: "U1"}},
			Then: []domain.Event{halted.Event},
		},
		{
			Name: "a closed one is not", Given: past(opened),
			When: inspection.AdviseHalt{Enforcement: "E3", Reason: "no notice"}, As: head,
			Refused: domain.CodeState, Field: "enforcement",
		},
		{
			Name: "nor one of another unit", Given: past(opened),
			When: inspection.AdviseHalt{Enforcement: "E2", Reason: "no notice"}, As: head,
			Refused: domain.CodeInvalid, Field: "enforcement",
		},
		{
			Name: "nor one that is not there", Given: past(opened),
			When: inspection.AdviseHalt{Enforcement: "E9", Reason: "no notice"}, As: head,
			Refused: domain.CodeNotFound, Field: "enforcement",
		},
		{
			Name: "nobody advises on their own act", Given: past(opened),
			When: inspection.AdviseHalt{Enforcement: "E4", Reason: "no notice"}, As: head,
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "it is advised once", Given: past(opened, halted),
			When: advise, As: head,
			Refused: domain.CodeExists, Field: "enforcement",
		},
		{
			Name: "with the power to", Given: past(examiner),
			When: advise, As: head,
			Refused: domain.CodeRule, Rule: "common practice",
		},
		{
			Name: "there is a reason", Given: past(opened),
			When: inspection.AdviseHalt{Enforcement: "E1"}, As: head,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "nobody else advises", Given: past(opened),
			When: advise, As: outsider,
			Refused: domain.CodeForbidden, Field: "actor",
		},
	})
}

func TestRectifying(t *testing.T) {
	order := inspection.OrderRectification{Code: "r1", Due: day("2024-04-04"), Text: "change a lock"}
	report := inspection.ReportRectification{Code: "r1", Text: "changed"}
	accept := inspection.VerifyRectification{Code: "r1", Accepted: true}
	run(t, []domaintest.Scenario{
		{
			Name: "a supervisor orders it by a day", Given: past(opened),
			When: order, As: head,
			Then: []domain.Event{ordered.Event},
		},
		{
			Name: "within ninety days unless said otherwise", Given: past(opened),
			When: inspection.OrderRectification{Code: "r1", Unit: "U2", Text: "change a lock"}, As: head,
			Then: []domain.Event{inspection.RectificationOrdered{Code: "r1", Unit: "U2", Due: day("2024-06-02"), Text: "change a lock"}},
		},
		{
			Name: "not later", Given: past(opened),
			When: inspection.OrderRectification{Code: "r1", Due: day("2024-06-03"), Text: "change a lock"}, As: head,
			Refused: domain.CodeRule, Field: "due", Rule: "common practice",
		},
		{
			Name: "nor today", Given: past(opened),
			When: inspection.OrderRectification{Code: "r1", Due: day("2024-03-04"), Text: "change a lock"}, As: head,
			Refused: domain.CodeInvalid, Field: "due",
		},
		{
			Name: "a code is used once", Given: past(opened, ordered),
			When: order, As: head,
			Refused: domain.CodeExists, Field: "code",
		},
		{
			Name: "nobody else orders", Given: past(opened),
			When: order, As: leader,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "those supervised report it done", Given: past(opened, ordered),
			When: report, As: on(worker, "2024-04-04"),
			Then: []domain.Event{reported.Event},
		},
		{
			Name: "late, and it shows", Given: past(opened, ordered),
			When: report, As: on(worker, "2024-04-06"),
			Then: []domain.Event{inspection.RectificationReported{Code: "r1", Text: "changed", DaysLate: 2}},
		},
		{
			Name: "a supervisor does not report", Given: past(opened, ordered),
			When: report, As: domaintest.By("I1", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "what was not ordered is not reported", Given: past(opened),
			When: report, As: worker,
			Refused: domain.CodeInvalid, Field: "code",
		},
		{
			Name: "what is reported waits", Given: past(opened, ordered, reported),
			When: report, As: worker,
			Refused: domain.CodeState, Field: "code",
		},
		{
			Name: "what is accepted is done", Given: past(opened, ordered, reported, accepted),
			When: report, As: worker,
			Refused: domain.CodeState, Field: "code",
		},
		{
			Name: "what is not accepted is reported anew", Given: past(opened, ordered, reported, rejected),
			When: report, As: worker,
			Then: []domain.Event{reported.Event},
		},
		{
			Name: "a supervisor accepts it", Given: past(opened, ordered, reported),
			When: accept, As: head,
			Then: []domain.Event{accepted.Event},
		},
		{
			Name: "or does not, and says why", Given: past(opened, ordered, reported),
			When: inspection.VerifyRectification{Code: "r1", Note: "the same key"}, As: head,
			Then: []domain.Event{rejected.Event},
		},
		{
			Name: "not without", Given: past(opened, ordered, reported),
			When: inspection.VerifyRectification{Code: "r1"}, As: head,
			Refused: domain.CodeInvalid, Field: "note",
		},
		{
			Name: "nothing is verified that nobody reported", Given: past(opened, ordered),
			When: accept, As: head,
			Refused: domain.CodeIncomplete, Field: "code",
		},
		{
			Name: "nor that nobody ordered", Given: past(opened),
			When: accept, As: head,
			Refused: domain.CodeInvalid, Field: "code",
		},
		{
			Name: "nobody else verifies", Given: past(opened, ordered, reported),
			When: accept, As: outsider,
			Refused: domain.CodeForbidden, Field: "actor",
		},
	})
}

func TestClosing(t *testing.T) {
	end := inspection.Close{Conclusion: "in order"}
	run(t, []domaintest.Scenario{
		{
			Name: "with everything put right it is closed", Given: past(opened, seen, ordered, reported, accepted),
			When: end, As: partner,
			Then: []domain.Event{inspection.Closed{Unit: "U1", Conclusion: "in order", Observations: 1, Rectifications: 1}},
		},
		{
			Name: "not with something open", Given: past(opened, seen, ordered, reported),
			When: end, As: head,
			Refused: domain.CodeIncomplete, Rule: "common practice",
		},
		{
			Name: "nobody else closes it", Given: past(opened),
			When: end, As: leader,
			Refused: domain.CodeForbidden, Field: "actor",
		},
		{
			Name: "there is a conclusion", Given: past(opened),
			When: inspection.Close{}, As: head,
			Refused: domain.CodeInvalid, Field: "conclusion",
		},
	})
}

func TestEveryFieldIsChecked(t *testing.T) {
	long := strings.Repeat("长", domain.MaxText)
	var scenarios []domaintest.Scenario
	check := func(field string, as domain.Act, given []domaintest.Past, when domain.Command) {
		scenarios = append(scenarios, domaintest.Scenario{Name: string(when.Name()) + " checks " + field, Given: given, When: when, As: as, Refused: domain.CodeInvalid, Field: field})
	}
	for field, change := range map[string]func(*inspection.Open){
		"enforcement": func(c *inspection.Open) { c.Enforcement = "E 1" },
		"post":        func(c *inspection.Open) { c.Post = "K 1" },
		"officers":    func(c *inspection.Open) { c.Officers = []domain.OfficerID{"P1", "P1"} },
		"supervisors": func(c *inspection.Open) { c.Supervisors = []domain.OfficerID{"I1", "I1"} },
		"basis":       func(c *inspection.Open) { c.Basis = long },
		"unit":        func(c *inspection.Open) { c.Unit = "U 1" },
	} {
		c := inspection.Open{Powers: every, Unit: "U1", Supervisors: pair, Basis: "plan"}
		change(&c)
		check(field, leader, nil, c)
	}
	check("supervisors", leader, past(opened), inspection.ReplaceSupervisors{Supervisors: []domain.OfficerID{"I1", "I1"}, Reason: "ill"})
	check("enforcement", head, past(opened), inspection.ReadFile{File: "1", Purpose: "look", Enforcement: "E 1"})
	check("officer", head, past(opened), inspection.ReadFile{File: "1", Purpose: "look", Officer: "P 1"})
	check("code", head, past(opened), inspection.Observe{Text: "x", Severity: inspection.SeverityMinor})
	check("text", head, past(opened), inspection.Observe{Code: "o1", Severity: inspection.SeverityGrave})
	check("post", head, past(opened), inspection.Observe{Code: "o1", Text: "x", Post: "K 1", Severity: inspection.SeverityMinor})
	check("officer", head, past(opened), inspection.Observe{Code: "o1", Text: "x", Officer: "P 1", Severity: inspection.SeverityMinor})
	check("evidence", head, past(opened), inspection.Observe{Code: "o1", Text: "x", Severity: inspection.SeverityMinor, Evidence: []domain.Evidence{{}}})
	check("code", head, past(opened), inspection.OrderRectification{Text: "x"})
	check("unit", head, past(opened), inspection.OrderRectification{Code: "r1", Unit: "U 1", Text: "x"})
	check("text", head, past(opened), inspection.OrderRectification{Code: "r1"})
	check("text", worker, past(opened, ordered), inspection.ReportRectification{Code: "r1"})
	check("evidence", worker, past(opened, ordered), inspection.ReportRectification{Code: "r1", Text: "x", Evidence: []domain.Evidence{{}}})
	check("note", head, past(opened, ordered, reported), inspection.VerifyRectification{Code: "r1", Note: long})
	run(t, scenarios)
}
