package inspection

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// RectificationOrdered: the unit is to put something right by the day Due 整改.
type RectificationOrdered struct {
	Code string        `json:"code"`
	Unit domain.UnitID `json:"unit"`
	Due  domain.Date   `json:"due"`
	Text string        `json:"text"`
}

func (RectificationOrdered) Kind() domain.Kind { return "inspection.rectification_ordered.v1" }

func (e RectificationOrdered) Apply(s *Inspection, act domain.Act) {
	if s.rectification(e.Code) < 0 {
		s.Rectifications = append(slices.Clip(s.Rectifications), Rectification{Code: e.Code, Due: e.Due})
	}
}

// OrderRectification orders something to be put right, within the rulebook's
// longest term.
type OrderRectification struct {
	// Code is its own, unique in the inspection.
	Code string `json:"code"`
	// Unit is the one supervised when absent.
	Unit domain.UnitID `json:"unit,omitzero"`
	// Due is the end of the rulebook's term when absent.
	Due  domain.Date `json:"due,omitzero"`
	Text string      `json:"text"`
}

func (OrderRectification) Name() domain.CommandName { return "inspection.order_rectification" }

func (OrderRectification) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleLeader}
}

func (c OrderRectification) Decide(s Inspection, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("continued"), s.bySupervisor(act, book), domain.CheckID("code", c.Code),
		domain.CheckOptionalID("unit", c.Unit), domain.CheckText("text", c.Text)); err != nil {
		return nil, err
	}
	if s.rectification(c.Code) >= 0 {
		return nil, domain.Refuse(domain.CodeExists, "code", "rectification %q was ordered already", c.Code)
	}
	today := book.Calendar.Day(act.OccurredAt)
	last := book.Inspection.Rectify.After(today, book.Calendar)
	switch {
	case c.Due.IsZero():
		c.Due = last
	case !c.Due.After(today):
		return nil, domain.Refuse(domain.CodeInvalid, "due", "%s is not to come", c.Due)
	case c.Due.After(last):
		return nil, domain.Refuse(domain.CodeRule, "due", "it is put right by %s at the latest", last).Under(book.Inspection.Rectify.Source)
	}
	if c.Unit == "" {
		c.Unit = s.Unit
	}
	return []domain.Event{RectificationOrdered(c)}, nil
}

// RectificationReported: somebody says that it was put right.
type RectificationReported struct {
	Code     string            `json:"code"`
	Text     string            `json:"text"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
	// DaysLate counts the days past the day it was due.
	DaysLate int `json:"daysLate,omitzero"`
}

func (RectificationReported) Kind() domain.Kind { return "inspection.rectification_reported.v1" }

func (e RectificationReported) Apply(s *Inspection, act domain.Act) {
	if i := s.rectification(e.Code); i >= 0 {
		s.Rectifications = slices.Clone(s.Rectifications)
		s.Rectifications[i].Reporter = act.Actor
	}
}

// ReportRectification says that something ordered was put right. It is for
// those supervised, not for the supervisors.
type ReportRectification struct {
	Code     string            `json:"code"`
	Text     string            `json:"text"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (ReportRectification) Name() domain.CommandName { return "inspection.report_rectification" }

func (ReportRectification) By() []domain.Role {
	return []domain.Role{domain.RoleOfficer, domain.RoleHandler, domain.RoleHR, domain.RoleLeader}
}

func (c ReportRectification) Decide(s Inspection, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := s.in("continued"); err != nil {
		return nil, err
	}
	if s.supervises(act.Actor) {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s supervises here; those supervised report what was put right", act.Actor).Under(book.Inspection.Separation)
	}
	i, err := s.openRectification(c.Code)
	if err := domain.First(err, domain.CheckText("text", c.Text), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	r := s.Rectifications[i]
	if r.Reporter != "" {
		return nil, domain.Refuse(domain.CodeState, "code", "rectification %q was reported by %s and waits to be verified", c.Code, r.Reporter)
	}
	return []domain.Event{RectificationReported{c.Code, c.Text, c.Evidence, book.Calendar.Day(act.OccurredAt).DaysPast(r.Due)}}, nil
}

// openRectification refuses one that was not ordered, or was accepted.
func (s Inspection) openRectification(code string) (int, error) {
	i := s.rectification(code)
	if i < 0 {
		return i, domain.Refuse(domain.CodeInvalid, "code", "no rectification %q was ordered", code)
	}
	if s.Rectifications[i].Accepted {
		return i, domain.Refuse(domain.CodeState, "code", "rectification %q was accepted", code)
	}
	return i, nil
}

// RectificationVerified: a supervisor looked whether it was put right. What
// is not accepted is to be reported anew.
type RectificationVerified struct {
	Code     string         `json:"code"`
	Accepted bool           `json:"accepted"`
	Note     string         `json:"note,omitzero"`
	Reporter domain.ActorID `json:"reporter"`
}

func (RectificationVerified) Kind() domain.Kind { return "inspection.rectification_verified.v1" }

func (e RectificationVerified) Apply(s *Inspection, act domain.Act) {
	if i := s.rectification(e.Code); i >= 0 {
		s.Rectifications = slices.Clone(s.Rectifications)
		s.Rectifications[i].Accepted = e.Accepted
		if !e.Accepted {
			s.Rectifications[i].Reporter = ""
		}
	}
}

// VerifyRectification accepts what was reported, or does not. A supervisor
// verifies, and never the one who reported.
type VerifyRectification struct {
	Code     string `json:"code"`
	Accepted bool   `json:"accepted"`
	// Note says what was seen; required where it is not accepted.
	Note string `json:"note,omitzero"`
}

func (VerifyRectification) Name() domain.CommandName { return "inspection.verify_rectification" }

func (VerifyRectification) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleLeader}
}

func (c VerifyRectification) Decide(s Inspection, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("continued"), s.bySupervisor(act, book)); err != nil {
		return nil, err
	}
	i, err := s.openRectification(c.Code)
	if err := domain.First(err, domain.CheckOptionalText("note", c.Note)); err != nil {
		return nil, err
	}
	reporter := s.Rectifications[i].Reporter
	if reporter == "" {
		return nil, domain.Refuse(domain.CodeIncomplete, "code", "nobody reported that rectification %q is done", c.Code).Under(book.Inspection.Separation)
	}
	if reporter == act.Actor {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s reported it done; another person must verify it", act.Actor).Under(book.Inspection.Separation)
	}
	if !c.Accepted && c.Note == "" {
		return nil, domain.Refuse(domain.CodeInvalid, "note", "is required where it is not accepted")
	}
	return []domain.Event{RectificationVerified{c.Code, c.Accepted, c.Note, reporter}}, nil
}

// Closed: the supervision ended.
type Closed struct {
	Unit       domain.UnitID `json:"unit"`
	Conclusion string        `json:"conclusion"`
	// Observations and Rectifications count what was noted and put right.
	Observations   int `json:"observations,omitzero"`
	Rectifications int `json:"rectifications,omitzero"`
}

func (Closed) Kind() domain.Kind { return "inspection.closed.v1" }

func (e Closed) Apply(s *Inspection, act domain.Act) { s.Status = StatusClosed }

// Close ends the supervision when everything ordered was put right.
type Close struct {
	Conclusion string `json:"conclusion"`
}

func (Close) Name() domain.CommandName { return "inspection.close" }

func (Close) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleLeader} }

func (c Close) Decide(s Inspection, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("closed"), s.bySupervisor(act, book), domain.CheckText("conclusion", c.Conclusion)); err != nil {
		return nil, err
	}
	for _, r := range s.Rectifications {
		if !r.Accepted {
			return nil, domain.Refuse(domain.CodeIncomplete, "", "rectification %q is not accepted yet", r.Code).Under(book.Inspection.Rectify.Source)
		}
	}
	return []domain.Event{Closed{s.Unit, c.Conclusion, len(s.Observations), len(s.Rectifications)}}, nil
}
