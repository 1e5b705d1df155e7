package projections_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/alerts"
)

func (h *house) film(id, on, held, format string) {
	c := activity.HoldUnscheduled{ActivityKind: activity.KindWarningEducation, Format: activity.Format(format), Unit: "D2", Topic: id, Reason: "ad hoc", Hours: 1, Expected: 2}
	if held != "" {
		c.On = domain.MustDate(held)
	}
	h.on(on)
	h.do("hr:R1", id, c)
}

// due lists what is to be raised on a day, and which warnings lost their
// ground.
func due(t *testing.T, r *projections.Reader, day string) (out []string) {
	t.Helper()
	hits, err := r.HitsDue(context.Background(), domain.MustDate(day), projections.DueFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hits {
		out = append(out, fmt.Sprintf("%s %s score %d, %d of %d new, open %q", h.Rule, h.Unit, h.Score, len(h.Fresh), len(h.Evidence), h.Open))
	}
	lost, err := r.LostWarnings(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range lost {
		out = append(out, fmt.Sprintf("lost %s %q", w.ID, w.EscalatedTo))
	}
	return out
}

// Hits stand in the views as the events tell, the same day by day and built
// at once, and are for the system alone.
func TestHitsAreFoldedAndBuiltAgain(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.built()
	system := as(domain.RoleSystem, string(domain.ActorSystem))
	want := func(day string, list ...string) {
		t.Helper()
		h.catchUp(v)
		if d := cmp.Diff(list, due(t, v.As(system), day)); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		if d := cmp.Diff(list, due(t, h.built().As(system), day)); d != "" {
			t.Errorf("built at once (-want +got):\n%s", d)
		}
	}
	h.film("V1", "2024-03-04", "", "film")
	h.film("V2", "2024-04-01", "", "film")
	want("2024-06-03")
	h.film("V3", "2024-05-06", "", "film")
	want("2024-05-05") // not yet on the day before
	want("2024-06-03", `activity.format_warning D2 score 3, 3 of 3 new, open ""`)
	for _, role := range []domain.Role{domain.RoleAuditor, domain.RoleInspector, domain.RoleLeader, domain.RolePublic} {
		if got := due(t, v.As(as(role, "somebody")), "2024-06-03"); got != nil {
			t.Errorf("the %s is shown what is to be raised: %v", role, got)
		}
	}
	hits, err := v.As(system).HitsDue(context.Background(), domain.MustDate("2024-06-03"), projections.DueFilter{})
	if err != nil {
		t.Fatal(err)
	}
	h.on("2024-05-07")
	h.do("system:system", "W1", warning.Raise{Rule: hits[0].Rule, Version: "1", Unit: hits[0].Unit, Evidence: hits[0].Evidence, Score: 3, Explanation: "three films"})
	want("2024-06-03")
	if n, err := v.As(system).RaisedOn(context.Background(), domain.MustDate("2024-05-07")); err != nil || n["activity.format_warning"] != 1 {
		t.Errorf("raised on the day: %v, %v", n, err)
	}
	h.film("V4", "2024-05-08", "", "film")
	want("2024-06-03", `activity.format_warning D2 score 4, 1 of 4 new, open "W1"`)
	// What belongs to the open warning is told apart from what would be another.
	subject := hits[0].Subject()
	for _, c := range []struct {
		f    projections.DueFilter
		want int
	}{
		{projections.DueFilter{}, 1}, {projections.DueFilter{Rule: "activity.minutes"}, 0}, {projections.DueFilter{Rule: hits[0].Rule, Most: 1}, 1},
		{projections.DueFilter{Open: new(true)}, 1}, {projections.DueFilter{Open: new(false)}, 0},
		{projections.DueFilter{Of: []string{subject}}, 1}, {projections.DueFilter{Of: []string{"subject x"}}, 0}, {projections.DueFilter{Of: []string{}}, 0},
		{projections.DueFilter{Except: []string{subject}}, 0}, {projections.DueFilter{Except: []string{"subject x", "subject y"}}, 1},
	} {
		for _, r := range []*projections.Reader{v.As(system), h.built().As(system), v.As(auditor)} {
			list, err := r.HitsDue(context.Background(), domain.MustDate("2024-06-03"), c.f)
			n, err2 := r.CountHitsDue(context.Background(), domain.MustDate("2024-06-03"), c.f)
			want := c.want
			if r.Principal().Role != domain.RoleSystem {
				want = 0
			}
			if err != nil || err2 != nil || n != want || len(list) != want {
				t.Errorf("%+v: %d hits, counted as %d, want %d; %v, %v", c.f, len(list), n, want, err, err2)
			}
		}
	}
	h.film("V5", "2024-05-09", "2024-03-20", "visit") // recorded late: V1 is no part of the run any more
	want("2024-06-03", `activity.format_warning D2 score 3, 1 of 3 new, open "W1"`)
	h.film("V6", "2024-05-10", "2024-04-20", "visit") // and there is no run
	want("2024-06-03", `lost W1 ""`)
	h.do("system:system", "W1", warning.Escalate{To: domain.RoleInspector, Reason: alerts.GroundLost})
	want("2024-06-03")
}
