package projections_test

import (
	"context"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/projections"
)

// surveyed files the cycle CY0 of A with the survey of 2015, the reference
// case: 178 valid answers, 53, 70, 42 and 13 of them by grade.
func (h *house) surveyed() *house {
	h.on("2024-04-01")
	h.do("importer:M", "CY0", programme.Import{Agency: "A", From: domain.MustDate("2015-01-01"), To: domain.MustDate("2015-12-31"), Note: "first cycle"})
	h.do("importer:M", "CY0", programme.ImportSurvey{Survey: "2015", Instrument: "v1", HeldOn: domain.MustDate("2015-06-01"), Distributed: 200, Valid: 178,
		Grades:   programme.Tally{VerySatisfied: 53, FairlyGood: 70, Average: 42, NeedsStrengthening: 13},
		Measures: []programme.MeasureTally{{Measure: "m1", Text: "training", Exists: 100, Known: 3, Wanted: 178}}})
	h.do("overseer:O1", "CY1", programme.Open{Agency: "D2", From: domain.MustDate("2024-01-01"), To: domain.MustDate("2024-12-31")})
	return h
}

func TestTheReferenceSurveyShows62Point92Percent(t *testing.T) {
	h := newHouse(t)
	h.people()
	p, err := h.surveyed().built().As(auditor).Programme(context.Background(), "CY0")
	if err != nil || p == nil || len(p.Surveys) != 1 {
		t.Fatal(p, err)
	}
	s := p.Surveys[0]
	if got := s.MiddleTwo; got.Count != 112 || got.Share.String() != "62.92 %" {
		t.Errorf("the middle two: %+v, %s", got, got.Share)
	}
	if s.Grades.Whole != 178 || s.Grades.Cells[0].Count != 53 || s.Valid != 178 || s.Distributed != 200 {
		t.Errorf("the survey: %+v", s)
	}
	m := s.Measures[0]
	if m.Exists.Count != 100 || m.Exists.Suppressed || !m.Known.Suppressed || m.Known.Count != 0 || !m.Wanted.Suppressed {
		t.Errorf("small cells are told: %+v", m)
	}
}

func TestCyclesAreForThoseWhoAnswerForAnAgencyAndForItsOverseer(t *testing.T) {
	h := newHouse(t)
	h.people()
	v := h.surveyed().built()
	for _, c := range []struct {
		name string
		who  projections.Principal
		want string
	}{
		{"an overseer of everything sees all", as(domain.RoleOverseer, "O"), "CY1 CY0"},
		{"an overseer of one agency sees that one", as(domain.RoleOverseer, "O", "D2"), "CY1"},
		{"a leader sees those in scope", as(domain.RoleLeader, "L1", "A"), "CY1 CY0"},
		{"an officer sees none", as(domain.RoleOfficer, "P1"), ""},
		{"a handler sees none", as(domain.RoleHandler, "H1"), ""},
		{"the public sees none", as(domain.RolePublic, ""), ""},
	} {
		l, err := v.As(c.who).Programmes(context.Background(), projections.ProgrammeFilter{}, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		if got := idsOf(l.Items, func(p projections.Programme) string { return string(p.ID) }); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
