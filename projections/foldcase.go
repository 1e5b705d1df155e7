package projections

import (
	"strconv"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

func (g *registers) foldComplaint(d *ledger.Decoded) error {
	row, err := g.complaints.change(d.Act.Subject)
	if err != nil {
		return err
	}
	s := complaint.Complaint{Status: complaint.Status(row.Status), RealName: row.RealName, Unit: row.Unit, Post: row.Post,
		ToUnit: row.ToUnit, Due: row.Due, Handler: row.Handler, Result: complaint.Result(row.Result)}
	applyTo(&s, d)
	row.Status, row.RealName, row.Unit, row.Post = string(s.Status), s.RealName, s.Unit, s.Post
	row.ToUnit, row.Due, row.Handler, row.Result = s.ToUnit, s.Due, s.Handler, string(s.Result)
	switch e := d.Event.(type) {
	case complaint.Received:
		row.ReceivedOn, row.Channel = g.day(d), string(e.Channel)
		row.Category, row.Summary, row.Place = e.Category, e.Summary, e.Place
	case complaint.Imported:
		row.ReceivedOn, row.Category, row.Summary, row.Place = e.ReceivedOn, e.Category, e.Summary, e.Place
	case complaint.Concluded:
		row.ConcludedOn = g.day(d)
	case complaint.Answered:
		row.AnsweredOn = g.day(d)
	case complaint.Reopened:
		row.ConcludedOn, row.AnsweredOn = domain.Date{}, domain.Date{}
	}
	row.Imported = row.Imported || d.Act.Imported()
	row.Search = query.Fold(string(row.ID), row.Category, row.Place, row.Summary)
	// The state began without officers, so these are the ones of the event.
	for _, o := range s.Officers {
		if err := g.exec("INSERT INTO complaint_officers (complaint, officer) VALUES (?, ?) ON CONFLICT DO NOTHING", d.Act.Subject, string(o)); err != nil {
			return err
		}
	}
	return nil
}

func (g *registers) foldCase(d *ledger.Decoded) error {
	row, err := g.cases.change(d.Act.Subject)
	if err != nil {
		return err
	}
	s := misconduct.Case{Status: misconduct.Status(row.Status)}
	applyTo(&s, d)
	row.Status = string(s.Status)
	officers := s.Officers
	switch e := d.Event.(type) {
	case misconduct.Opened:
		row.Origin, row.Complaint, row.Unit, row.Summary, row.OpenedOn = string(e.Origin), e.Complaint, e.Unit, e.Conduct, g.day(d)
	case misconduct.Imported:
		row.Complaint, row.Unit, row.OpenedOn = e.Complaint, e.Unit, e.OpenedOn
	case misconduct.FindingImported:
		officers = g.importFinding(row, e)
		err = g.addFinding(d, string(d.ID), Finding{Case: row.ID, Complaint: e.Complaint, Officer: e.Officer, Unit: e.Unit,
			Category: e.Category, Result: string(e.Result), Discipline: string(e.Discipline), On: e.FoundOn})
	case misconduct.FindingConfirmed:
		row.DecidedOn = g.day(d)
		err = g.addFindings(d, row, e.Findings)
	case misconduct.AppealDecided:
		err = g.replaceFindings(d, row, e.Officer, e.Outcome, e.Findings)
	case misconduct.Rereviewed:
		err = g.replaceFindings(d, row, e.Officer, e.Outcome, e.Findings)
	case misconduct.Dismissed:
		row.DecidedOn = g.day(d)
	case misconduct.Archived:
		row.ArchivedOn = g.day(d)
	}
	if err != nil {
		return err
	}
	row.Imported = row.Imported || d.Act.Imported()
	row.Search = query.Fold(string(row.ID), row.Summary)
	for _, o := range officers {
		if err := g.exec("INSERT INTO case_officers (case_id, officer) VALUES (?, ?) ON CONFLICT DO NOTHING", d.Act.Subject, string(o)); err != nil {
			return err
		}
	}
	return nil
}

// importFinding lets a case without a header take what its findings say, and
// returns whom the finding is about.
func (g *registers) importFinding(row *caseRow, e misconduct.FindingImported) []domain.OfficerID {
	if row.Complaint == "" {
		row.Complaint = e.Complaint
	}
	if row.Unit == "" {
		row.Unit = e.Unit
	}
	if e.Officer == "" {
		return nil
	}
	return []domain.OfficerID{e.Officer}
}

func (g *registers) addFinding(d *ledger.Decoded, id string, f Finding) error {
	row, err := g.findings.change(id)
	if err != nil {
		return err
	}
	f.ID, f.Event, f.Position = id, d.ID, d.Position
	f.On = g.orDay(f.On, d)
	f.Imported, f.Source = d.Act.Imported(), d.Act.Source
	row.Finding = f
	return nil
}

// addFindings files the findings of one event, numbered within it.
func (g *registers) addFindings(d *ledger.Decoded, row *caseRow, findings []misconduct.Finding) error {
	for i, f := range findings {
		err := g.addFinding(d, string(d.ID)+"."+strconv.Itoa(i+1), Finding{
			Case: row.ID, Complaint: row.Complaint, Officer: f.Officer, Unit: row.Unit,
			Category: f.Allegation, Conduct: f.Opinion, Result: string(f.Result), Measure: string(f.Measure),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// replaceFindings marks the findings against the officer as overturned when
// an appeal annulled or varied them, and files those that stand instead.
func (g *registers) replaceFindings(d *ledger.Decoded, row *caseRow, o domain.OfficerID, outcome misconduct.Outcome, findings []misconduct.Finding) error {
	if outcome == misconduct.OutcomeUpheld {
		return nil
	}
	if err := g.findings.flush(); err != nil {
		return err
	}
	clear(g.findings.rows)
	if err := g.exec("UPDATE findings SET overturned = 1 WHERE case_id = ? AND officer = ?", string(row.ID), string(o)); err != nil {
		return err
	}
	return g.addFindings(d, row, findings)
}
