package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/query"
)

// CasesByWarning returns the cases that each warning led to: the one it opened,
// and those that come from the complaint or the inspection it led to.
func (r *Reader) CasesByWarning(ctx context.Context, ids []domain.WarningID) (map[domain.WarningID][]Case, error) {
	warnings, err := r.WarningsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	var cases []domain.CaseID
	var complaints []domain.ComplaintID
	var inspections []domain.InspectionID
	for _, w := range warnings {
		if w.Case != "" {
			cases = append(cases, w.Case)
		}
		if w.Complaint != "" {
			complaints = append(complaints, w.Complaint)
		}
		if w.Inspection != "" {
			inspections = append(inspections, w.Inspection)
		}
	}
	direct, err := r.CasesByID(ctx, cases)
	if err != nil {
		return nil, err
	}
	by, err := r.CasesByComplaint(ctx, complaints)
	if err != nil {
		return nil, err
	}
	found, err := r.CasesByInspection(ctx, inspections)
	if err != nil {
		return nil, err
	}
	out := map[domain.WarningID][]Case{}
	for id, w := range warnings {
		if c := direct[w.Case]; c != nil {
			out[id] = append(out[id], *c)
		}
		if w.Complaint != "" {
			out[id] = append(out[id], by[w.Complaint]...)
		}
		if w.Inspection != "" {
			out[id] = append(out[id], found[w.Inspection]...)
		}
	}
	return out, nil
}

// WarningsByCase returns the warnings that led to each case, directly or by
// the complaint or the inspection that it came from, the first raised first.
func (r *Reader) WarningsByCase(ctx context.Context, ids []domain.CaseID) (map[domain.CaseID][]Warning, error) {
	cases, err := r.CasesByID(ctx, ids)
	if err != nil || len(cases) == 0 {
		return nil, err
	}
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	var named []domain.CaseID
	var complaints []domain.ComplaintID
	var inspections []domain.InspectionID
	for id, c := range cases {
		named = append(named, id)
		if c.Complaint != "" {
			complaints = append(complaints, c.Complaint)
		}
		if c.Inspection != "" {
			inspections = append(inspections, c.Inspection)
		}
	}
	slices.Sort(named) // the same question has the same text
	slices.Sort(complaints)
	slices.Sort(inspections)
	rows, err := loadAll(ctx, r, warningTable, query.And(query.Or(query.In("x.case_id", named), query.In("x.complaint", complaints), query.In("x.inspection", inspections)), scope.warning(s, "x")), "x.raised_on, x.id")
	if err != nil {
		return nil, err
	}
	out := map[domain.CaseID][]Warning{}
	for i := range rows {
		w := warningShelf.show(r, &rows[i])
		for id, c := range cases {
			if w.Case == id || w.Complaint != "" && w.Complaint == c.Complaint || w.Inspection != "" && w.Inspection == c.Inspection {
				out[id] = append(out[id], w)
			}
		}
	}
	return out, nil
}
