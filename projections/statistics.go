package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// SmallCell is the count below which a cell of the public statistics is
// suppressed: fewer could lead back to a person (common practice).
const SmallCell = 5

// StatisticsFilter narrows statistics.
type StatisticsFilter struct {
	// Unit with everything below it.
	Unit         domain.UnitID
	ReceivedFrom domain.Date
	ReceivedTo   domain.Date
}

// Statistics counts what is on file, within the principal's scope. Only
// findings that stand are counted. For the public, and for an overseer,
// cells below SmallCell are suppressed, with as many of the next smallest as it
// takes for them not to be worked out from the rest.
type Statistics struct {
	// Totals by kind of object: officers, units, complaints, cases,
	// findings, sanctions, rewards; without those of which the principal
	// may see none.
	Totals               []Bucket
	ComplaintsByYear     []Bucket
	ComplaintsByCategory []Bucket
	ComplaintsByResult   []Bucket
	FindingsByResult     []Bucket
	FindingsByDiscipline []Bucket
	SanctionsByMeasure   []Bucket
}

// Statistics counts what is on file. The filter's days are those of receipt
// of complaints and of findings. The public may not narrow them at all, an
// overseer only to one of their agencies.
func (r *Reader) Statistics(ctx context.Context, f StatisticsFilter) (*Statistics, error) {
	if !knownRole(r.who.Role) {
		return &Statistics{}, nil
	}
	counter, outside := r.counter()
	if outside {
		if err := r.subtractable(f); err != nil {
			return nil, err
		}
		defer func() { r.statements.Add(counter.statements.Load()) }()
	}
	s, err := counter.count(ctx, f)
	if err == nil && outside {
		for _, list := range [][]Bucket{s.ComplaintsByYear, s.ComplaintsByCategory, s.ComplaintsByResult,
			s.FindingsByResult, s.FindingsByDiscipline, s.SanctionsByMeasure} {
			suppress(list)
		}
		hideSmall(s.Totals) // of different things, so nothing is their sum
	}
	return s, err
}

// subtractable refuses filters to whom small cells are hidden from: of two
// tables that overlap, such as up to one day and up to the next, the
// difference is a table in which nothing is hidden (differencing).
func (r *Reader) subtractable(f StatisticsFilter) error {
	if f.Unit != "" && (r.who.Role == domain.RolePublic || !slices.Contains(r.who.Units, f.Unit)) {
		return domain.Refuse(domain.CodeForbidden, "unit", "statistics of a part are not open to this role: small numbers could be worked out from the difference")
	}
	if !f.ReceivedFrom.IsZero() || !f.ReceivedTo.IsZero() {
		return domain.Refuse(domain.CodeForbidden, "receivedFrom", "statistics of a stretch of days are not open to this role: small numbers could be worked out from the difference; ask without days")
	}
	return nil
}

func knownRole(role domain.Role) bool {
	_, ok := domain.ParseRole(string(role))
	return ok && role != domain.RoleImporter
}

func (r *Reader) count(ctx context.Context, f StatisticsFilter) (*Statistics, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	complaints := s.complaints(ComplaintFilter{Unit: f.Unit, ReceivedFrom: f.ReceivedFrom, ReceivedTo: f.ReceivedTo})
	findings := query.And(s.findings(FindingFilter{Unit: f.Unit, FoundFrom: f.ReceivedFrom, FoundTo: f.ReceivedTo}), query.C("NOT x.overturned"))
	sanctions := query.And(s.sanction("x"), ofOfficer(f.Unit))
	out := &Statistics{}
	for _, q := range []struct {
		list  *[]Bucket
		value string
		table string
		where query.Cond
	}{
		{&out.ComplaintsByYear, "substr(x.received_on, 1, 4)", "complaints", complaints},
		{&out.ComplaintsByCategory, "x.category", "complaints", complaints},
		{&out.ComplaintsByResult, "x.result", "complaints", complaints},
		{&out.FindingsByResult, "x.result", "findings", findings},
		{&out.FindingsByDiscipline, "x.discipline", "findings", findings},
		{&out.SanctionsByMeasure, "x.measure", "sanctions", sanctions},
		{&out.Totals, "'officers'", "officers", query.And(s.officer("x"), below("x.unit", f.Unit))},
		{&out.Totals, "'units'", "units", query.And(s.unit("x"), below("x.id", f.Unit))},
		{&out.Totals, "'complaints'", "complaints", complaints},
		{&out.Totals, "'cases'", "cases", query.And(s.misconduct("x"), below("x.unit", f.Unit))},
		{&out.Totals, "'findings'", "findings", findings},
		{&out.Totals, "'sanctions'", "sanctions", sanctions},
		{&out.Totals, "'rewards'", "rewards", query.And(s.reward("x"), below("x.unit", f.Unit))},
	} {
		list, err := r.buckets(ctx, "SELECT "+q.value+", count(*) FROM "+q.table+" x"+q.where.Where()+" GROUP BY 1 ORDER BY 1", q.where.Args)
		if err != nil {
			return nil, err
		}
		*q.list = append(*q.list, list...)
	}
	return out, nil
}

// suppress hides the small cells of a list whose total is known. What is
// hidden comes out together by subtraction, so the smallest of the others are
// hidden with it: one at least, and until the sum is twice a small cell, so
// that it does not tell each of them (two that make two are one and one).
func suppress(list []Bucket) {
	sum := hideSmall(list)
	if sum == 0 {
		return
	}
	for first := true; first || sum < 2*SmallCell; first = false {
		next := -1
		for i := range list {
			if !list[i].Suppressed && (next < 0 || list[i].Count < list[next].Count) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		sum += list[next].Count
		list[next].Suppressed, list[next].Count = true, 0
	}
}

// hideSmall hides the cells below SmallCell and returns what they held.
func hideSmall(list []Bucket) int {
	sum := 0
	for i := range list {
		if list[i].Count < SmallCell {
			sum += list[i].Count
			list[i].Suppressed, list[i].Count = true, 0
		}
	}
	return sum
}

// Position returns the last event that the views show. Where they show nothing,
// because they are of another version, the error is ErrUnavailable.
func (r *Reader) Position(ctx context.Context) (ledger.Position, error) {
	if r.held != nil {
		return readPosition(r.held)
	}
	if r.views.unfit.Load() {
		return ledger.Start, errOtherVersion
	}
	return r.views.Position(ctx)
}

// Positions tells how far each projection has come.
func (r *Reader) Positions(ctx context.Context) ([]Progress, error) {
	var out []Progress
	err := r.ask(ctx, "SELECT name, version, position FROM projections ORDER BY name", nil, func(s dbRow) error {
		out = append(out, Progress{s.ColumnText(0), s.ColumnInt(1), ledger.Position(s.ColumnInt64(2))})
		return nil
	})
	return out, err
}
