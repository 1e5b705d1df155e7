package projections

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/query"
)

// Complaint returns the complaint; nil when there is none to be seen.
func (r *Reader) Complaint(ctx context.Context, id domain.ComplaintID) (*Complaint, error) {
	found, err := r.ComplaintsByID(ctx, []domain.ComplaintID{id})
	return found[id], err
}

func showComplaint(row *complaintRow) Complaint { return row.Complaint }

var complaintShelf = shelf[complaintRow, Complaint, domain.ComplaintID]{
	name: "complaints", table: complaintTable, order: []string{"received_on", "id"}, desc: true, seen: scope.complaint, fill: (*Reader).nameComplained,
	show: func(_ *Reader, row *complaintRow) Complaint { return row.Complaint }, id: func(c *Complaint) domain.ComplaintID { return c.ID },
}

// ComplaintsByID returns those that are seen.
func (r *Reader) ComplaintsByID(ctx context.Context, ids []domain.ComplaintID) (map[domain.ComplaintID]*Complaint, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := loadByID(ctx, r, complaintTable, ids, s.complaint("x"))
	if err != nil {
		return nil, err
	}
	err = r.nameComplained(ctx, rows)
	return byID(rows, showComplaint, func(c *Complaint) domain.ComplaintID { return c.ID }), err
}

// Complaints lists the register of complaints, newest receipt first.
func (r *Reader) Complaints(ctx context.Context, f ComplaintFilter, p Page) (*List[Complaint], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := listing[complaintRow]{name: "complaints", table: complaintTable, where: s.complaints(f), order: []string{"received_on", "id"}, desc: true}.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	if err := r.nameComplained(ctx, rows.Items); err != nil {
		return nil, err
	}
	return convert(rows, showComplaint), nil
}

func (s scope) complaints(f ComplaintFilter) query.Cond {
	return query.And(s.complaint("x"),
		query.Eq("x.category", f.Category), below("x.unit", f.Unit), query.Eq("x.place", f.Place), query.Eq("x.channel", f.Channel),
		query.Eq("x.status", f.Status), query.Eq("x.result", f.Result), query.Eq("x.rating", f.Rating), query.Eq("x.handler", f.Handler), query.Eq("x.post", f.Post), is("x.imported", f.Imported),
		query.If(f.Officer != "", "x.id IN (SELECT complaint FROM complaint_officers WHERE officer = ?)", string(f.Officer)),
		query.If(!f.ReceivedFrom.IsZero(), "x.received_on >= ?", f.ReceivedFrom.String()),
		query.If(!f.ReceivedTo.IsZero(), "x.received_on <= ? AND x.received_on <> ''", f.ReceivedTo.String()),
		query.If(!f.DueBefore.IsZero(), "x.due < ? AND x.due <> '' AND x.concluded_on = ''", f.DueBefore.String()),
		query.If(f.WithoutFindings, "NOT EXISTS (SELECT 1 FROM findings nf WHERE nf.complaint = x.id)"))
}

// nameComplained fills in the officers of the complaints.
func (r *Reader) nameComplained(ctx context.Context, rows []complaintRow) error {
	at := make(map[string]*complaintRow, len(rows))
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = string(rows[i].ID)
		at[ids[i]] = &rows[i]
	}
	return r.officersOf(ctx, "complaint_officers", "complaint", ids, func(id string, o domain.OfficerID) {
		at[id].Officers = append(at[id].Officers, o)
	})
}

// officersOf calls add for every officer linked to one of the ids.
func (r *Reader) officersOf(ctx context.Context, link, key string, ids []string, add func(id string, o domain.OfficerID)) error {
	if len(ids) == 0 {
		return nil
	}
	in := query.In(key, ids)
	return r.ask(ctx, "SELECT "+key+", officer FROM "+link+in.Where()+" ORDER BY 1, 2", in.Args, func(s dbRow) error {
		add(s.ColumnText(0), domain.OfficerID(s.ColumnText(1)))
		return nil
	})
}

// Case returns the case; nil when there is none to be seen.
func (r *Reader) Case(ctx context.Context, id domain.CaseID) (*Case, error) {
	found, err := r.CasesByID(ctx, []domain.CaseID{id})
	return found[id], err
}

func showCase(row *caseRow) Case {
	out := row.Case
	out.Analyses = row.held().Analyses
	return out
}

var caseShelf = shelf[caseRow, Case, domain.CaseID]{
	name: "cases", table: caseTable, order: []string{"opened_on", "id"}, desc: true, seen: scope.misconduct, fill: (*Reader).nameAccused,
	show: func(_ *Reader, row *caseRow) Case { return showCase(row) }, id: func(c *Case) domain.CaseID { return c.ID },
}

// CasesByID returns those that are seen.
func (r *Reader) CasesByID(ctx context.Context, ids []domain.CaseID) (map[domain.CaseID]*Case, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := loadByID(ctx, r, caseTable, ids, s.misconduct("x"))
	if err != nil {
		return nil, err
	}
	err = r.nameAccused(ctx, rows)
	return byID(rows, showCase, func(c *Case) domain.CaseID { return c.ID }), err
}

// CasesByComplaint returns the cases that each complaint gave rise to.
func (r *Reader) CasesByComplaint(ctx context.Context, ids []domain.ComplaintID) (map[domain.ComplaintID][]Case, error) {
	return casesBy(ctx, r, "x.complaint", ids, func(c *Case) domain.ComplaintID { return c.Complaint })
}

// CasesByInspection returns the cases that come from what each inspection
// found.
func (r *Reader) CasesByInspection(ctx context.Context, ids []domain.InspectionID) (map[domain.InspectionID][]Case, error) {
	return casesBy(ctx, r, "x.inspection", ids, func(c *Case) domain.InspectionID { return c.Inspection })
}

func casesBy[K ~string](ctx context.Context, r *Reader, column string, ids []K, of func(*Case) K) (map[K][]Case, error) {
	s, err := r.scoped(ctx)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows, err := loadAll(ctx, r, caseTable, query.And(query.In(column, ids), s.misconduct("x")), "x.id")
	if err != nil {
		return nil, err
	}
	err = r.nameAccused(ctx, rows)
	return grouped(rows, showCase, of), err
}

// Cases lists the register of cases, newest first.
func (r *Reader) Cases(ctx context.Context, f CaseFilter, p Page) (*List[Case], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	where := query.And(s.misconduct("x"), query.Eq("x.status", f.Status), below("x.unit", f.Unit), query.Eq("x.complaint", f.Complaint),
		is("x.imported", f.Imported),
		query.If(f.Officer != "", "x.id IN (SELECT case_id FROM case_officers WHERE officer = ?)", string(f.Officer)))
	rows, err := listing[caseRow]{name: "cases", table: caseTable, where: where, order: []string{"opened_on", "id"}, desc: true}.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	if err := r.nameAccused(ctx, rows.Items); err != nil {
		return nil, err
	}
	return convert(rows, showCase), nil
}

// nameAccused fills in the officers of the cases.
func (r *Reader) nameAccused(ctx context.Context, rows []caseRow) error {
	at := make(map[string]*caseRow, len(rows))
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = string(rows[i].ID)
		at[ids[i]] = &rows[i]
	}
	return r.officersOf(ctx, "case_officers", "case_id", ids, func(id string, o domain.OfficerID) {
		at[id].Officers = append(at[id].Officers, o)
	})
}
