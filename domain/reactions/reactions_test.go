package reactions_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/warning"
)

// to is the instruction that gives the subject a command.
func to(subject string, c domain.Command) domain.Instruction {
	return domain.Instruction{Act: domain.Act{Subject: subject}, Command: c}
}

// follow returns what all reactions say to the event on aggregate X1.
func follow(e domain.Event) []domain.Instruction {
	var out []domain.Instruction
	for _, r := range reactions.All() {
		if r.On == e.Kind() {
			out = append(out, r.Then(domain.Recorded{ID: "e-1", Act: domain.Act{Subject: "X1", Actor: "someone"}, Event: e})...)
		}
	}
	return out
}

var (
	march  = domain.MustDate("2024-03-04")
	winter = domain.MustDate("2025-03-04")
	deed   = domain.MustDate("2024-01-15")
)

func finding(o domain.OfficerID, allegation string, r misconduct.Result, m domain.Measure) misconduct.Finding {
	return misconduct.Finding{Officer: o, Allegation: allegation, DeedOn: deed, Result: r, Intent: misconduct.IntentIntent, Measure: m, Opinion: "proved by the papers"}
}

func confirmed(f ...misconduct.Finding) misconduct.FindingConfirmed {
	return misconduct.FindingConfirmed{Findings: f}
}

func traced(fault string, officers ...domain.OfficerID) traceback.Open {
	return traceback.Open{Cause: traceback.CauseFinding, Case: "X1", Officers: officers, Fault: fault}
}

func noted(o domain.OfficerID, n int) domain.Instruction {
	return to(string(o), officer.NoteFindings{Case: "X1", Sustained: n})
}

func analysed(earlier int, gaps ...misconduct.Gap) misconduct.Analysed {
	return misconduct.Analysed{Aspect: misconduct.AspectInstitution, Text: "alone at night", Gaps: gaps, Earlier: earlier}
}

func gate(lacks string) misconduct.Gap {
	return misconduct.Gap{Kind: misconduct.GapControl, Post: "G1", Description: lacks}
}

func TestWhatFollows(t *testing.T) {
	concluded := func(r complaint.Result, officers ...domain.OfficerID) complaint.Concluded {
		return complaint.Concluded{Result: r, Conduct: "accepted gifts", Unit: "U1", Officers: officers, Opinion: "proved"}
	}
	opened := misconduct.Open{Origin: misconduct.OriginComplaint, Complaint: "X1", Unit: "U1", Officers: []domain.OfficerID{"P7"}, Conduct: "accepted gifts"}
	tests := []struct {
		name  string
		event domain.Event
		want  []domain.Instruction
	}{
		{"a substantiated complaint opens a case of the same id", concluded(complaint.ResultSubstantiated, "P7"), []domain.Instruction{to("X1", opened)}},
		{"so does one that is partly borne out", concluded(complaint.ResultPartly, "P7"), []domain.Instruction{to("X1", opened)}},
		{"not one that could not be proved", concluded(complaint.ResultNotSubstantiated, "P7"), nil},
		{"nor an unfounded one", concluded(complaint.ResultUnfounded), nil},
		{"nor one that names no officer", concluded(complaint.ResultSubstantiated), nil},

		{"a case marks the file of each officer", misconduct.Opened{Officers: []domain.OfficerID{"P7", "P8"}, Conduct: "gifts"},
			[]domain.Instruction{to("P7", officer.OpenInquiry{Case: "X1"}), to("P8", officer.OpenInquiry{Case: "X1"})}},
		{"a case against nobody yet marks nothing", misconduct.Opened{Unit: "U1", Conduct: "gifts"}, nil},
		{"a wider scope marks the files it reaches", misconduct.ScopeWidened{Officers: []domain.OfficerID{"P9"}, Conduct: "more gifts"},
			[]domain.Instruction{to("P9", officer.OpenInquiry{Case: "X1"})}},
		{"a dismissal takes the marks off", misconduct.Dismissed{Officers: []domain.OfficerID{"P7", "P8"}, Reason: "nothing in it"},
			[]domain.Instruction{to("P7", officer.CloseInquiry{Case: "X1"}), to("P8", officer.CloseInquiry{Case: "X1"})}},
		{"findings overturned on appeal take the sanction back", misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeOverturned, Opinion: "another person"},
			[]domain.Instruction{to("X1.P7", sanction.Annul{Ground: "another person"}), noted("P7", 0)}},
		{"so do findings varied until no measure is left", misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeVaried, Opinion: "not proved",
			Findings: []misconduct.Finding{finding("P7", "gifts", misconduct.ResultNotSustained, "")}},
			[]domain.Instruction{to("X1.P7", sanction.Annul{Ground: "not proved"}), noted("P7", 0)}},
		{"and findings overturned on re-review", misconduct.Rereviewed{Officer: "P7", Outcome: misconduct.OutcomeOverturned, Opinion: "another person"},
			[]domain.Instruction{to("X1.P7", sanction.Annul{Ground: "another person"}), noted("P7", 0)}},
		{"a milder finding that still draws a measure leaves it to the sanction's own appeal", misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeVaried,
			Findings: []misconduct.Finding{finding("P7", "gifts", misconduct.ResultSustained, domain.MeasureEducation)}}, []domain.Instruction{noted("P7", 1)}},
		{"an appeal that was upheld changes nothing", misconduct.AppealDecided{Officer: "P7", Outcome: misconduct.OutcomeUpheld}, nil},
		{"a post without a control is rated anew, and a gap is filed with its norm", analysed(2, gate("nobody looks"), misconduct.Gap{Kind: misconduct.GapNorm, Norm: "N1", Description: "says nothing of gifts"}),
			[]domain.Instruction{to("G1", post.RequireRerating{Cause: "nobody looks", Case: "X1"}), to("N1", norm.FindGap{Gap: "X1.4", Text: "says nothing of gifts", Case: "X1"})}},
		{"two gaps of one post call for one rating, each gap of a norm is its own", analysed(0, gate("nobody looks"), gate("one person"),
			misconduct.Gap{Kind: misconduct.GapNorm, Norm: "N1", Description: "gifts"}, misconduct.Gap{Kind: misconduct.GapNorm, Norm: "N1", Description: "loans"}),
			[]domain.Instruction{to("G1", post.RequireRerating{Cause: "2 controls are missing", Case: "X1"}),
				to("N1", norm.FindGap{Gap: "X1.3", Text: "gifts", Case: "X1"}), to("N1", norm.FindGap{Gap: "X1.4", Text: "loans", Case: "X1"})}},
		{"a rule that does not exist yet is nobody's to mend", analysed(0, misconduct.Gap{Kind: misconduct.GapNorm, Description: "no rule on gifts"}), nil},
		{"the archive takes the marks off", misconduct.Archived{Officers: []domain.OfficerID{"P7"}},
			[]domain.Instruction{to("P7", officer.CloseInquiry{Case: "X1"})}},
		{"the archive of a dismissed case finds no marks", misconduct.Archived{}, nil},

		{"a confirmed finding proposes its measure, and is traced", confirmed(finding("P7", "gifts", misconduct.ResultSustained, domain.MeasureWarning)),
			[]domain.Instruction{
				to("X1.P7", sanction.Propose{Officer: "P7", Case: "X1", Measure: domain.MeasureWarning, Conduct: "gifts", DeedOn: deed}),
				to("case:X1", traced("gifts", "P7")), noted("P7", 1),
			}},
		{"each officer gets a sanction of their own", confirmed(
			finding("P8", "absence", misconduct.ResultPartlySustained, domain.MeasureEducation), finding("P7", "gifts", misconduct.ResultSustained, domain.MeasureWarning)),
			[]domain.Instruction{
				to("X1.P8", sanction.Propose{Officer: "P8", Case: "X1", Measure: domain.MeasureEducation, Conduct: "absence", DeedOn: deed}),
				to("X1.P7", sanction.Propose{Officer: "P7", Case: "X1", Measure: domain.MeasureWarning, Conduct: "gifts", DeedOn: deed}),
				to("case:X1", traced("2 findings of case X1", "P8", "P7")), noted("P8", 1), noted("P7", 1),
			}},
		{"several findings against one officer are judged together", confirmed(
			finding("P7", "gifts", misconduct.ResultSustained, domain.MeasureWarning), finding("P7", "absence", misconduct.ResultSustained, domain.MeasureDemerit)),
			[]domain.Instruction{to("X1.P7", sanction.Propose{Officer: "P7", Case: "X1", Conduct: "2 findings of case X1 judged together", Acts: []sanction.Deed{
				{Measure: domain.MeasureWarning, Conduct: "gifts", DeedOn: deed}, {Measure: domain.MeasureDemerit, Conduct: "absence", DeedOn: deed}}}),
				to("case:X1", traced("2 findings of case X1", "P7")), noted("P7", 2)}},
		{"a finding without a measure is traced and proposes nothing", confirmed(finding("P7", "gifts", misconduct.ResultSustained, "")),
			[]domain.Instruction{to("case:X1", traced("gifts", "P7")), noted("P7", 1)}},
		{"a finding that is not borne out proposes nothing", confirmed(finding("P7", "gifts", misconduct.ResultExonerated, domain.MeasureWarning)), nil},

		{"only what is borne out is traced", confirmed(
			finding("P8", "absence", misconduct.ResultUnfounded, ""), finding("P7", "gifts", misconduct.ResultSustained, "")),
			[]domain.Instruction{to("case:X1", traced("gifts", "P7")), noted("P7", 1)}},

		{"a missed target that is held to account is traced", plan.MissHeldToAccount{Target: "T3", Unit: "U1", Officer: "P7", Reason: "no training was held"},
			[]domain.Instruction{to("target:X1:T3", traceback.Open{Cause: traceback.CauseMissedTarget, Plan: "X1", Target: "T3", Officers: []domain.OfficerID{"P7"}, Unit: "U1", Fault: "no training was held"})}},
		{"an act that somebody is at fault for is traced", enforcement.FaultReviewed{Unit: "U1", Found: true, Officers: []domain.OfficerID{"P7"}, Opinion: "no hearing was held"},
			[]domain.Instruction{to("act:X1", traceback.Open{Cause: traceback.CauseOverturnedAct, Enforcement: "X1", Officers: []domain.OfficerID{"P7"}, Unit: "U1", Fault: "no hearing was held"})}},
		{"one that nobody is at fault for is not", enforcement.FaultReviewed{Unit: "U1", Opinion: "the law had changed"}, nil},
		{"the overturning itself waits for the fault review", enforcement.Reviewed{Unit: "U1", Officers: []domain.OfficerID{"P7"}, Outcome: enforcement.ResultOverturned}, nil},
		{"an item about an act is noted with it", disclosure.Due{Title: "decision", Unit: "U1", About: "E1"}, []domain.Instruction{to("E1", enforcement.NotePublication{Disclosure: "X1"})}},
		{"one about no act is not", disclosure.Due{Title: "budget", Unit: "U1"}, nil},
		{"what an act calls back must go", enforcement.PublicationsRecalled{Unit: "U1", Disclosures: []domain.DisclosureID{"D1", "D2"}},
			[]domain.Instruction{to("D1", disclosure.RequireWithdrawal{Cause: "X1"}), to("D2", disclosure.RequireWithdrawal{Cause: "X1"})}},
		{"a link that is handed on proposes its measure", traceback.HandedOn{Link: "L2", Officer: "P1", Case: "C1", To: traceback.ToSanction, Measure: domain.MeasureWarning, Conduct: "to check the register"},
			[]domain.Instruction{to("X1.L2", sanction.Propose{Officer: "P1", Case: "C1", Measure: domain.MeasureWarning, Conduct: "to check the register"})}},
		{"an organisational measure goes the same way", traceback.HandedOn{Link: "L2", Officer: "P1", To: traceback.ToOrganisational, Measure: domain.MeasureAdmonition, Conduct: "to check the register"},
			[]domain.Instruction{to("X1.L2", sanction.Propose{Officer: "P1", Measure: domain.MeasureAdmonition, Conduct: "to check the register"})}},

		{"a warning acted on opens the case it names", warning.ActedOn{To: warning.TargetMisconduct, Case: "C1", Unit: "U1", Officer: "P7", Conduct: "fines outside the range"},
			[]domain.Instruction{to("C1", misconduct.Open{Origin: misconduct.OriginWarning, Unit: "U1", Officers: []domain.OfficerID{"P7"}, Conduct: "fines outside the range"})}},
		{"within a unit where it names nobody", warning.ActedOn{To: warning.TargetMisconduct, Case: "C1", Unit: "U1", Conduct: "fines outside the range"},
			[]domain.Instruction{to("C1", misconduct.Open{Origin: misconduct.OriginWarning, Unit: "U1", Conduct: "fines outside the range"})}},
		{"an inspection is opened by two named persons, not by a reaction", warning.ActedOn{To: warning.TargetInspection, Inspection: "I1", Unit: "U1", Conduct: "fines outside the range"}, nil},
		{"and a complaint by whoever receives it", warning.ActedOn{To: warning.TargetComplaint, Complaint: "K1", Unit: "U1", Conduct: "fines outside the range"}, nil},

		{"a demerit restricts", sanction.Imposed{Officer: "P7", Measure: domain.MeasureDemerit, From: march, Until: winter, BarsPromotion: true, BarsPayRise: true, BarsHonours: true},
			[]domain.Instruction{to("P7", officer.Restrict{Sanction: "X1", Measure: domain.MeasureDemerit, From: march, Until: winter, BarsPromotion: true, BarsPayRise: true, BarsHonours: true})}},
		{"a dismissal restricts for good and suspends the certificate", sanction.Imposed{Officer: "P7", Measure: domain.MeasureDismissal, From: march, ForGood: true, BarsPromotion: true, SuspendsCertificate: true},
			[]domain.Instruction{
				to("P7", officer.Restrict{Sanction: "X1", Measure: domain.MeasureDismissal, From: march, ForGood: true, BarsPromotion: true, SuspendsCertificate: true}),
			}},
		{"a measure without a period restricts nothing", sanction.Imposed{Officer: "P7", Measure: domain.MeasureCirculated, From: march, BarsHonours: true}, nil},
		{"a period that bars nothing restricts nothing", sanction.Imposed{Officer: "P7", Measure: domain.MeasureAdmonition, From: march, Until: winter}, nil},

		{"a variation restricts for the new period", sanction.Varied{Officer: "P7", Measure: domain.MeasureWarning, From: march, Until: winter, BarsPromotion: true},
			[]domain.Instruction{to("P7", officer.Restrict{Sanction: "X1", Measure: domain.MeasureWarning, From: march, Until: winter, BarsPromotion: true})}},
		{"and gives the certificate back after it", sanction.Varied{Officer: "P7", Measure: domain.MeasureWarning, From: march, Until: winter, BarsPromotion: true, RestoresCertificate: true},
			[]domain.Instruction{
				to("P7", officer.Restrict{Sanction: "X1", Measure: domain.MeasureWarning, From: march, Until: winter, BarsPromotion: true, RestoresCertificate: true}),
			}},
		{"a variation to a measure without effect lifts", sanction.Varied{Officer: "P7", Measure: domain.MeasureEducation, From: march, LiftsRestriction: true, RestoresCertificate: true},
			[]domain.Instruction{to("P7", officer.LiftRestriction{Sanction: "X1", RestoresRank: true, RestoresCertificate: true})}},

		{"a release lifts, without the rank where it is lost", sanction.Released{Officer: "P7", Measure: domain.MeasureDemotion, LiftsRestriction: true, RestoresCertificate: true, On: winter},
			[]domain.Instruction{to("P7", officer.LiftRestriction{Sanction: "X1", RestoresCertificate: true})}},
		{"a release brings the rank back where the measure leaves it", sanction.Released{Officer: "P7", Measure: domain.MeasureDemerit, RestoresRank: true, LiftsRestriction: true, On: winter},
			[]domain.Instruction{to("P7", officer.LiftRestriction{Sanction: "X1", RestoresRank: true})}},
		{"a release of what held nothing lifts nothing", sanction.Released{Officer: "P7", Measure: domain.MeasureAdmonition, On: winter}, nil},
		{"an overturned sanction gives everything back", sanction.Overturned{Officer: "P7", Ground: "another person", LiftsRestriction: true, RestoresCertificate: true},
			[]domain.Instruction{to("P7", officer.LiftRestriction{Sanction: "X1", RestoresRank: true, RestoresCertificate: true})}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, follow(tt.event)); diff != "" {
				t.Errorf("what follows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReactionsAreNamedOnceAndReactToKindsDecidedHere(t *testing.T) {
	c := catalog.New()
	names := map[string]bool{}
	for _, r := range reactions.All() {
		if names[r.Name] || r.Name == "" || strings.ContainsAny(r.Name, "/ ") {
			t.Errorf("the name %q stands twice, or is no name", r.Name)
		}
		names[r.Name] = true
		if r.Meaning == "" || !strings.HasSuffix(r.Meaning, ".") {
			t.Errorf("%s: the meaning %q is no sentence", r.Name, r.Meaning)
		}
		if c.Event(r.On) == nil {
			t.Errorf("%s reacts to %s, which does not exist", r.Name, r.On)
		}
		if strings.Contains(string(r.On), "imported") {
			t.Errorf("%s reacts to history of old, %s", r.Name, r.On)
		}
	}
}

func TestReactionsSurviveEveryEventAndSayCommandsOfTheSystem(t *testing.T) {
	c := catalog.New()
	for _, room := range c.Aggregates {
		for _, kind := range room.Events {
			for _, e := range []domain.Event{domaintest.Filled(kind), kind.Value(kind.New())} {
				for _, r := range reactions.All() {
					said := r.Then(domain.Recorded{Act: domain.Act{Subject: "X1"}, Event: e})
					if r.On != kind.Kind && len(said) > 0 {
						t.Errorf("%s answers to %s", r.Name, kind.Kind)
					}
					for _, in := range said {
						checkInstruction(t, c, r, in)
					}
				}
			}
		}
	}
}

func checkInstruction(t *testing.T, c *domain.Catalog, r domain.Reaction, in domain.Instruction) {
	t.Helper()
	cmd := c.Command(in.Command.Name())
	if cmd == nil {
		t.Errorf("%s says %s, which does not exist", r.Name, in.Command.Name())
		return
	}
	if !slices.Contains(cmd.By, domain.RoleSystem) {
		t.Errorf("%s says %s, which the system may not give", r.Name, cmd.Name)
	}
	if want := (domain.Act{Subject: in.Act.Subject}); in.Act != want || in.ID != "" {
		t.Errorf("%s sets more than subject and command: %+v", r.Name, in)
	}
}

// No chain of reactions comes back to a room it has been in: what a reaction
// commands lies further down the chain than what it reacts to. An item that
// is due begins the chain, the withdrawal of one ends it: nothing follows from
// that.
func TestReactionsRunDownTheChainAndNeverBack(t *testing.T) {
	order := map[string]int{"warning": 0, "complaint": 0, "plan": 0, "enforcement": 0, "misconduct": 1, "traceback": 2, "sanction": 3, "officer": 4, "post": 4, "norm": 4, "disclosure.due.v1": -1, "disclosure.require_withdrawal": 1}
	place := func(name, room string) (int, bool) {
		if n, ok := order[name]; ok {
			return n, true
		}
		n, ok := order[room]
		return n, ok
	}
	c := catalog.New()
	for _, r := range reactions.All() {
		from, ok := place(string(r.On), r.On.Room())
		if !ok {
			t.Errorf("%s: room %s has no place in the chain", r.Name, r.On.Room())
		}
		kind := c.Event(r.On)
		for _, e := range []domain.Event{domaintest.Filled(kind), concrete(kind)} {
			for _, in := range r.Then(domain.Recorded{Act: domain.Act{Subject: "X1"}, Event: e}) {
				if to, ok := place(string(in.Command.Name()), in.Command.Name().Room()); !ok || to <= from {
					t.Errorf("%s on %s says %s, which does not lie further down", r.Name, r.On, in.Command.Name())
				}
			}
		}
	}
}

// concrete returns an event that leads somewhere where a filled one, whose
// results are no results, does not.
func concrete(kind *domain.EventType) domain.Event {
	switch e := domaintest.Filled(kind).(type) {
	case complaint.Concluded:
		e.Result = complaint.ResultSubstantiated
		return e
	case misconduct.FindingConfirmed:
		for i := range e.Findings {
			e.Findings[i].Result = misconduct.ResultSustained
		}
		return e
	case misconduct.FindingConfirmedV1:
		for i := range e.Findings {
			e.Findings[i].Result = misconduct.ResultSustained
		}
		return e
	case misconduct.Analysed:
		e.Gaps = []misconduct.Gap{gate("nobody looks"), {Kind: misconduct.GapNorm, Norm: "N1", Description: "gifts"}}
		return e
	case warning.ActedOn:
		e.To = warning.TargetMisconduct
		return e
	default:
		return e
	}
}

// What a crash cut short after an event of the first form follows as it did.
func TestWhatFollowsTheFirstForms(t *testing.T) {
	old := []misconduct.FindingV1{{Officer: "P7", Allegation: "gifts", Result: misconduct.ResultSustained, Measure: domain.MeasureWarning}}
	for _, tt := range []struct {
		event domain.Event
		want  []domain.Instruction
	}{
		{misconduct.OpenedV1{Officers: []domain.OfficerID{"P7"}, Conduct: "gifts"}, []domain.Instruction{to("P7", officer.OpenInquiry{Case: "X1"})}},
		{misconduct.FindingConfirmedV1{Findings: old}, []domain.Instruction{
			to("X1.P7", sanction.Propose{Officer: "P7", Case: "X1", Measure: domain.MeasureWarning, Conduct: "gifts"}), to("case:X1", traced("gifts", "P7"))}},
		{misconduct.AppealDecidedV1{Officer: "P7", Outcome: misconduct.OutcomeOverturned, Opinion: "another person"},
			[]domain.Instruction{to("X1.P7", sanction.Annul{Ground: "another person"})}},
		{misconduct.RereviewedV1{Officer: "P7", Outcome: misconduct.OutcomeOverturned, Opinion: "another person"},
			[]domain.Instruction{to("X1.P7", sanction.Annul{Ground: "another person"})}},
		{sanction.ImposedV1{Officer: "P7", Measure: domain.MeasureWarning, From: march, Until: winter, BarsPromotion: true},
			[]domain.Instruction{to("P7", officer.Restrict{Sanction: "X1", Measure: domain.MeasureWarning, From: march, Until: winter, BarsPromotion: true})}},
		{sanction.VariedV1{Officer: "P7", Measure: domain.MeasureEducation, From: march, LiftsRestriction: true},
			[]domain.Instruction{to("P7", officer.LiftRestriction{Sanction: "X1", RestoresRank: true})}},
	} {
		if diff := cmp.Diff(tt.want, follow(tt.event)); diff != "" {
			t.Errorf("what follows %s (-want +got):\n%s", tt.event.Kind(), diff)
		}
	}
}
