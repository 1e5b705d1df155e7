package agency_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
)

// prefixes are how the ids of each agency begin.
var prefixes = []string{"HG", "SW", "SJ"}

// of tells whether the event is of the agency with the prefix.
func of(prefix string, e ledger.Decoded) bool {
	subject := e.Act.Subject
	for _, cut := range []string{"GS-", "target:", "act:", "case:"} {
		subject = strings.TrimPrefix(subject, cut)
	}
	return subject == prefix || strings.HasPrefix(subject, prefix+"-") || strings.HasPrefix(subject, prefix+".")
}

// alive lists, for each article, what must be on record of it in every
// agency.
var alive = map[domain.Article][]domain.Kind{
	"I1": {"plan.adopted.v1", "plan.target_met.v1", "plan.stage_report_deliberated.v1", "plan.stage_closed.v1"}, "I2": {"activity.held.v1", "activity.assessed.v1"},
	"I3": {"complaint.received.v1", "complaint.handler_assigned.v1", "complaint.answered.v1"}, "I4": {"inspection.opened.v1", "inspection.rectification_verified.v1"},
	"I5": {"disclosure.due.v1", "disclosure.published.v1"}, "I6": {"norm.adopted.v1", "norm.acknowledged.v1"}, "I7": {"activity.held.v1"}, "I8": {"activity.carrier_set.v1", "activity.carrier_refreshed.v1"},
	"I9": {"post.risk_graded.v1", "post.control_adopted.v1", "post.control_tested.v1", "post.rerating_required.v1"}, "I10": {"enforcement.step_taken.v1", "enforcement.step_overridden.v1"},
	"D1": {"officer.training_completed.v1", "officer.certificate_issued.v1", "officer.certificate_renewed.v1"}, "D2": {"enforcement.opened.v1", "enforcement.closed.v1"},
	"D3": {"complaint.satisfaction_rated.v1"}, "D4": {"officer.appraised.v1"}, "D5": {"enforcement.decided.v1", "enforcement.deviated.v1"},
	"D6": {"traceback.concluded.v1", "enforcement.reviewed.v1"}, "D7": {"reward.granted.v1", "sanction.imposed.v2"}, "D8": {"activity.held.v1"},
	"D9": {"norm.gap_found.v1", "norm.reviewed.v1"}, "D10": {"warning.raised.v2", "warning.acknowledged.v1", "warning.outcome_known.v1"},
}

// streams are the acts of each agency; market supervision levies nothing.
var streams = map[string][]enforcement.Kind{
	"HG": {enforcement.KindApproval, enforcement.KindInspection, enforcement.KindLevy, enforcement.KindPenalty, enforcement.KindTrade},
	"SW": {enforcement.KindApproval, enforcement.KindInspection, enforcement.KindLevy, enforcement.KindPenalty, enforcement.KindTrade},
	"SJ": {enforcement.KindApproval, enforcement.KindInspection, enforcement.KindPenalty, enforcement.KindTrade},
}

// checkArticles looks for each of the twenty articles in every agency, and
// for the rulebook before anything else.
func checkArticles(t *testing.T, h *house) {
	t.Helper()
	events := h.events(t)
	if len(h.story.Agencies) != 3 || len(alive) != 20 {
		t.Fatalf("%d agencies and %d articles, want 3 and 20", len(h.story.Agencies), len(alive))
	}
	_, digest, err := rulebooks.Open("cn-2024")
	if err != nil {
		t.Fatal(err)
	}
	if first, ok := events[0].Event.(rulebook.Adopted); !ok || first.Digest != digest || events[0].Act.Role != domain.RoleOverseer {
		t.Errorf("the first event is %s by the %s, want the rulebook adopted by the overseer, by the digest of its file", events[0].Event.Kind(), events[0].Act.Role)
	}
	for _, prefix := range prefixes {
		kinds, acts, warned := map[domain.Kind]int{}, map[enforcement.Kind]bool{}, map[domain.OfficerID]bool{}
		education, formats := map[activity.Kind]int{}, map[activity.Format]bool{}
		for _, e := range events {
			if !of(prefix, e) {
				continue
			}
			kinds[e.Event.Kind()]++
			switch e := e.Event.(type) {
			case enforcement.Decided:
				acts[e.ActKind] = true
			case activity.Held:
				education[e.ActivityKind]++
				formats[e.Format] = true
			case warning.Raised:
				warned[e.Officer] = true
			}
		}
		for article, want := range alive {
			for _, kind := range want {
				if kinds[kind] == 0 {
					t.Errorf("%s: article %s has no %s", prefix, article, kind)
				}
			}
		}
		if got := slices.Sorted(maps.Keys(acts)); !slices.Equal(got, streams[prefix]) {
			t.Errorf("%s decides %v, want %v", prefix, got, streams[prefix])
		}
		for _, kind := range []activity.Kind{activity.KindWarningEducation, activity.KindBranchStudy, activity.KindDiligenceEducation, activity.KindCulture} {
			if education[kind] < 3 {
				t.Errorf("%s held %d sessions of %s, want 3 at least", prefix, education[kind], kind)
			}
		}
		if len(formats) < 6 || len(warned) < 3 {
			t.Errorf("%s: %d formats of sessions and %d officers warned of, want 6 and 3 at least", prefix, len(formats), len(warned))
		}
	}
}

// troubles look for the warning condition of an article somewhere in the
// district.
var troubles = map[domain.Article]func([]ledger.Decoded) bool{
	"I1":  occurs("plan.target_missed.v1"),
	"I2":  threeOfOneFormat,
	"I3":  some(func(e complaint.Concluded) bool { return e.DaysLate > 0 }),
	"I5":  some(func(e disclosure.Published) bool { return e.DaysLate > 0 }),
	"I6":  some(func(e norm.Acknowledged) bool { return e.DaysLate > 0 }),
	"I7":  some(func(e activity.Held) bool { return e.ActivityKind == activity.KindBranchStudy && e.Contributors == 0 }),
	"I8":  carriersLeftAlone,
	"I9":  highRiskUntested,
	"I10": occurs("enforcement.step_overridden.v1"),
	"D1":  some(func(e warning.Raised) bool { return e.Rule == "certificate-expiring" }),
	"D2":  some(func(e enforcement.StepOverridden) bool { return e.Step == "hearing" }),
	"D3":  some(func(e complaint.SatisfactionRated) bool { return e.Grade == complaint.GradeNeedsStrengthening }),
	"D4":  incompetentTwice,
	"D5":  some(func(e warning.Raised) bool { return e.Rule == "discretion-outlier" }),
	"D6":  overturnedUnreviewed,
	"D9":  gapLeftOpen,
	"D10": occurs("warning.escalated.v2"),
}

func occurs(kind domain.Kind) func([]ledger.Decoded) bool {
	return func(events []ledger.Decoded) bool {
		return slices.ContainsFunc(events, func(e ledger.Decoded) bool { return e.Event.Kind() == kind })
	}
}

func some[E domain.Event](fits func(E) bool) func([]ledger.Decoded) bool {
	return func(events []ledger.Decoded) bool {
		return slices.ContainsFunc(events, func(e ledger.Decoded) bool {
			typed, ok := e.Event.(E)
			return ok && fits(typed)
		})
	}
}

func threeOfOneFormat(events []ledger.Decoded) bool {
	last, row := map[domain.UnitID]activity.Format{}, map[domain.UnitID]int{}
	for _, e := range events {
		held, ok := e.Event.(activity.Held)
		if !ok || held.ActivityKind != activity.KindWarningEducation {
			continue
		}
		if last[held.Unit] != held.Format {
			last[held.Unit], row[held.Unit] = held.Format, 0
		}
		if row[held.Unit]++; row[held.Unit] == 3 {
			return true
		}
	}
	return false
}

func carriersLeftAlone(events []ledger.Decoded) bool {
	for _, prefix := range prefixes {
		last := domain.Date{}
		for _, e := range events {
			refreshed, ok := e.Event.(activity.CarrierRefreshed)
			if !ok || !of(prefix, e) {
				continue
			}
			if !last.IsZero() && refreshed.On.DaysPast(last) > 180 {
				return true
			}
			last = refreshed.On
		}
	}
	return false
}

func highRiskUntested(events []ledger.Decoded) bool {
	high, adopted, tested := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, e := range events {
		switch graded := e.Event.(type) {
		case post.RiskGraded:
			high[e.Act.Subject] = high[e.Act.Subject] || graded.Grade == post.GradeHigh
		case post.ControlAdopted:
			adopted[e.Act.Subject] = true
		case post.ControlTested:
			tested[e.Act.Subject] = true
		}
	}
	for id := range high {
		if high[id] && adopted[id] && !tested[id] {
			return true
		}
	}
	return false
}

func incompetentTwice(events []ledger.Decoded) bool {
	last := map[string]int{}
	for _, e := range events {
		graded, ok := e.Event.(officer.Appraised)
		if !ok || graded.Grade != "incompetent" {
			continue
		}
		if last[e.Act.Subject] == graded.Year-1 {
			return true
		}
		last[e.Act.Subject] = graded.Year
	}
	return false
}

func overturnedUnreviewed(events []ledger.Decoded) bool {
	waiting := map[string]time.Time{}
	for _, e := range events {
		switch act := e.Event.(type) {
		case enforcement.Reviewed:
			if act.Outcome == enforcement.ResultOverturned {
				waiting[e.Act.Subject] = e.Act.RecordedAt
			}
		case enforcement.FaultReviewed:
			delete(waiting, e.Act.Subject)
		}
	}
	for _, since := range waiting {
		if since.Before(end.AddDate(0, 0, -30)) {
			return true
		}
	}
	return false
}

func gapLeftOpen(events []ledger.Decoded) bool {
	open := map[string]bool{}
	for _, e := range events {
		switch gap := e.Event.(type) {
		case norm.GapFound:
			open[e.Act.Subject+gap.Gap] = true
		case norm.GapClosed:
			delete(open, e.Act.Subject+gap.Gap)
		}
	}
	return len(open) > 0
}

// checkTroubles looks for the warning conditions.
func checkTroubles(t *testing.T, h *house) {
	t.Helper()
	events := h.events(t)
	for article, shown := range troubles {
		if !shown(events) {
			t.Errorf("nothing shows the warning of article %s", article)
		}
	}
}

// checkSpread holds that each agency has stories, and that one which is
// played alone has them all.
func checkSpread(t *testing.T, h *house) {
	t.Helper()
	told := map[domain.UnitID]int{}
	for _, p := range h.story.Planted {
		told[p.Agency]++
	}
	for _, a := range h.story.Agencies {
		if told[a.Unit] < 3 {
			t.Errorf("%s has %d stories, want 3 at least", a.Unit, told[a.Unit])
		}
	}
	alone := build(t, agency.Plan{Agencies: []string{agency.Tax}, End: end})
	if len(alone.story.Planted) != len(h.story.Planted) {
		t.Errorf("an agency alone has %d stories, the district %d", len(alone.story.Planted), len(h.story.Planted))
	}
	for _, p := range alone.story.Planted {
		if p.Agency != alone.story.Agencies[0].Unit {
			t.Errorf("story %s is planted in %q, of a plan with one agency", p.Name, p.Agency)
		}
	}
}
