package projections

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/ledger"
)

func (g *registers) foldComplaint(d *ledger.Decoded) error {
	row, err := g.complaints.change(d)
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
		row.AnsweredOn, row.Rating = g.day(d), ""
	case complaint.SatisfactionRated:
		row.Rating = string(e.Grade)
	case complaint.Reopened:
		row.ConcludedOn, row.AnsweredOn, row.Rating = domain.Date{}, domain.Date{}, ""
	case complaint.ReceiptGiven:
		// Of two with one code, which nobody draws, the first has it.
		if err := g.exec("INSERT INTO receipts (hash, complaint) VALUES (?, ?) ON CONFLICT DO NOTHING", e.Hash, d.Act.Subject); err != nil {
			return err
		}
	}
	row.Imported = row.Imported || d.Act.Imported()
	// The state began without officers, so these are the ones of the event.
	for _, o := range s.Officers {
		if err := g.exec("INSERT INTO complaint_officers (complaint, officer) VALUES (?, ?) ON CONFLICT DO NOTHING", d.Act.Subject, string(o)); err != nil {
			return err
		}
	}
	return nil
}

func (g *registers) foldCase(d *ledger.Decoded) error {
	row, err := g.cases.change(d)
	if err != nil {
		return err
	}
	s := misconduct.Case{Status: misconduct.Status(row.Status)}
	applyTo(&s, d)
	row.Status = string(s.Status)
	officers := s.Officers
	switch e := d.Event.(type) {
	case misconduct.Opened:
		g.openCase(d, row, e)
	case misconduct.OpenedV1:
		g.openCase(d, row, e.Now())
	case misconduct.Imported:
		row.Complaint, row.Unit, row.OpenedOn = e.Complaint, e.Unit, e.OpenedOn
	case misconduct.FindingImported:
		officers = g.importFinding(row, e)
		g.addFinding(d, 0, Finding{Case: row.ID, Complaint: e.Complaint, Officer: e.Officer, Unit: e.Unit,
			Category: e.Category, Result: string(e.Result), Discipline: string(e.Discipline), On: e.FoundOn})
	case misconduct.FindingConfirmed:
		row.DecidedOn = g.day(d)
		g.addFindings(d, row, e.Findings)
	case misconduct.FindingConfirmedV1:
		row.DecidedOn = g.day(d)
		g.addFindings(d, row, e.Now().Findings)
	case misconduct.AppealDecidedV1:
		g.replaceFindings(d, row, e.Officer, e.Outcome, e.Now().Findings)
	case misconduct.RereviewedV1:
		g.replaceFindings(d, row, e.Officer, e.Outcome, e.Now().Findings)
	case misconduct.AppealDecided:
		g.replaceFindings(d, row, e.Officer, e.Outcome, e.Findings)
	case misconduct.Rereviewed:
		g.replaceFindings(d, row, e.Officer, e.Outcome, e.Findings)
	case misconduct.Dismissed:
		row.DecidedOn = g.day(d)
	case misconduct.Archived:
		row.ArchivedOn = g.day(d)
	}
	if err := g.foldAnalysis(d, row); err != nil {
		return err
	}
	row.Imported = row.Imported || d.Act.Imported()
	for _, o := range officers {
		if err := g.exec("INSERT INTO case_officers (case_id, officer) VALUES (?, ?) ON CONFLICT DO NOTHING", d.Act.Subject, string(o)); err != nil {
			return err
		}
	}
	return g.numberFindings(d)
}

func (g *registers) openCase(d *ledger.Decoded, row *caseRow, e misconduct.Opened) {
	row.Origin, row.Complaint, row.Inspection, row.Unit, row.Summary, row.OpenedOn = string(e.Origin), e.Complaint, e.Inspection, e.Unit, e.Conduct, g.day(d)
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

// findingSeq numbers findings in the order of the ledger: the position of
// the event and the place within it. It is their key in the table, so that
// they are only ever appended. An event holds far fewer than findingsAnEvent.
func findingSeq(at ledger.Position, place int) int64 { return int64(at)*findingsAnEvent + int64(place) }

const findingsAnEvent = 4096

// findings are the rows not written yet, and what appeals overturned.
type findings struct {
	rows       []findingRow
	overturned []overturned
}

// overturned says that an appeal replaced the findings of a case against an
// officer that came before it.
type overturned struct {
	caseID domain.CaseID
	by     domain.OfficerID
	before int64
}

func (f *findings) flush(c conn, x *documents) error {
	if len(f.rows) == 0 {
		return nil
	}
	stmt, err := c.prepare(insertFinding)
	if err != nil {
		return err
	}
	for i := range f.rows {
		if err := errors.Join(findingTable.bind(stmt, &f.rows[i]), stmt.Exec()); err != nil {
			return fmt.Errorf("store a finding: %w", err)
		}
		if x == nil {
			continue
		}
		d := f.rows[i].document()
		if err := x.put(d.of, d.wording()); err != nil {
			return err
		}
	}
	f.rows = f.rows[:0]
	return nil
}

var insertFinding = findingTable.insert()

// settle marks what was overturned. It comes after flush, and in a bulk load
// after the indexes.
func (f *findings) settle(c conn) error {
	for _, o := range f.overturned {
		if err := c.query("UPDATE findings SET overturned = TRUE WHERE case_id = ? AND officer = ? AND seq < ?",
			[]any{string(o.caseID), string(o.by), o.before}, nil); err != nil {
			return err
		}
	}
	f.overturned = f.overturned[:0]
	return nil
}

// addFinding files one finding of the event; place is 0 for an event that
// holds one, else it counts from 1.
func (g *registers) addFinding(d *ledger.Decoded, place int, f Finding) {
	f.ID, f.Event, f.Position = string(d.ID), d.ID, d.Position
	if place > 0 {
		f.ID += "." + strconv.Itoa(place)
	}
	f.On = g.orDay(f.On, d)
	f.Imported, f.Source = d.Act.Imported(), d.Act.Source
	g.findings.rows = append(g.findings.rows, findingRow{findingSeq(d.Position, place), f})
}

// numberFindings numbers the findings of the event among the references.
func (g *registers) numberFindings(d *ledger.Decoded) error {
	rows := g.findings.rows
	for i := len(rows) - 1; i >= 0 && rows[i].Position == d.Position; i-- {
		if err := g.texts.reserve(domain.Ref{Type: findingRef, ID: rows[i].ID}); err != nil {
			return err
		}
	}
	return nil
}

func (g *registers) addFindings(d *ledger.Decoded, row *caseRow, list []misconduct.Finding) {
	for i, f := range list {
		g.addFinding(d, i+1, Finding{
			Case: row.ID, Complaint: row.Complaint, Officer: f.Officer, Unit: row.Unit,
			Category: f.Allegation, Conduct: f.Opinion, Result: string(f.Result), Measure: string(f.Measure),
			DeedOn: f.DeedOn, Norm: f.Norm, NormVersion: f.NormVersion, Clause: f.Clause,
		})
	}
}

// replaceFindings marks the findings against the officer as overturned when
// an appeal annulled or varied them, and files those that stand instead.
func (g *registers) replaceFindings(d *ledger.Decoded, row *caseRow, o domain.OfficerID, outcome misconduct.Outcome, list []misconduct.Finding) {
	if outcome == misconduct.OutcomeUpheld {
		return
	}
	g.findings.overturned = append(g.findings.overturned, overturned{row.ID, o, findingSeq(d.Position, 0)})
	g.addFindings(d, row, list)
}
