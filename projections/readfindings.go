package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/projections/query"
)

func showFinding(row *findingRow) Finding { return row.Finding }

// Finding returns the finding; nil when there is none to be seen.
func (r *Reader) Finding(ctx context.Context, id string) (*Finding, error) {
	found, err := r.FindingsByID(ctx, []string{id})
	return found[id], err
}

// FindingsByID returns those that are seen.
func (r *Reader) FindingsByID(ctx context.Context, ids []string) (map[string]*Finding, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := loadByID(ctx, r, findingTable, ids, s.finding("x"))
	return byID(rows, showFinding, func(f *Finding) string { return f.ID }), err
}

// Findings lists the register of findings, in the order of the ledger.
func (r *Reader) Findings(ctx context.Context, f FindingFilter, p Page) (*List[Finding], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := listing[findingRow]{name: "findings", table: findingTable, where: s.findings(f), order: []string{"seq"}}.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	return convert(rows, showFinding), nil
}

func (s scope) findings(f FindingFilter) query.Cond {
	return query.And(s.finding("x"),
		query.Eq("x.officer", f.Officer), query.Eq("x.complaint", f.Complaint), query.Eq("x.case_id", f.Case), below("x.unit", f.Unit),
		query.Eq("x.result", f.Result), query.Eq("x.discipline", f.Discipline), query.Eq("x.category", f.Category),
		is("x.imported", f.Imported), query.If(f.Unidentified, "x.officer = ''"),
		query.If(!f.FoundFrom.IsZero(), "x.found_on >= ?", f.FoundFrom.String()),
		query.If(!f.FoundTo.IsZero(), "x.found_on <= ?", f.FoundTo.String()))
}

// facetColumns are the columns that may be counted by.
var facetColumns = map[Facet]string{
	ByResult: "result", ByDiscipline: "discipline", ByCategory: "category", ByUnit: "unit", BySource: "source", ByOfficer: "officer",
	ByRating: "rating", ByPost: "post",
}

// FindingFacets counts the findings under the filter by a facet, most
// frequent first. The number of buckets is the number of distinct values:
// with BySource, of distinct source rows.
func (r *Reader) FindingFacets(ctx context.Context, f FindingFilter, by Facet) ([]Bucket, error) {
	if by == ByRating || by == ByPost {
		return nil, domain.Refuse(domain.CodeInvalid, "by", "a finding has no %s", by)
	}
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	return r.facet(ctx, "findings", s.findings(f), by)
}

// ComplaintFacets counts the complaints under the filter by result, rating,
// category, unit or post.
func (r *Reader) ComplaintFacets(ctx context.Context, f ComplaintFilter, by Facet) ([]Bucket, error) {
	if by != ByResult && by != ByRating && by != ByCategory && by != ByUnit && by != ByPost {
		return nil, domain.Refuse(domain.CodeInvalid, "by", "complaints are counted by result, rating, category, unit or post, not by %q", by)
	}
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	return r.facet(ctx, "complaints", s.complaints(f), by)
}

func (r *Reader) facet(ctx context.Context, table string, where query.Cond, by Facet) ([]Bucket, error) {
	column, ok := facetColumns[by]
	if !ok {
		return nil, domain.Refuse(domain.CodeInvalid, "by", "%q is no facet", by)
	}
	return r.buckets(ctx, "SELECT x."+column+", count(*) FROM "+table+" x"+where.Where()+" GROUP BY 1 ORDER BY 2 DESC, 1", where.Args)
}

// buckets reads rows of a value and a count.
func (r *Reader) buckets(ctx context.Context, sql string, args []any) ([]Bucket, error) {
	var out []Bucket
	err := r.ask(ctx, sql, args, func(s dbRow) error {
		out = append(out, Bucket{Value: s.ColumnText(0), Count: s.ColumnInt(1)})
		return nil
	})
	return out, err
}

// FindingsByComplaint returns the findings that concern each complaint.
func (r *Reader) FindingsByComplaint(ctx context.Context, ids []domain.ComplaintID) (map[domain.ComplaintID][]Finding, error) {
	return findingsBy(ctx, r, "complaint", ids, func(f *Finding) domain.ComplaintID { return f.Complaint })
}

// FindingsByCase returns the findings of each case.
func (r *Reader) FindingsByCase(ctx context.Context, ids []domain.CaseID) (map[domain.CaseID][]Finding, error) {
	return findingsBy(ctx, r, "case_id", ids, func(f *Finding) domain.CaseID { return f.Case })
}

// FindingsByOfficer returns the findings on each officer.
func (r *Reader) FindingsByOfficer(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID][]Finding, error) {
	return findingsBy(ctx, r, "officer", ids, func(f *Finding) domain.OfficerID { return f.Officer })
}

func findingsBy[K ~string](ctx context.Context, r *Reader, column string, ids []K, key func(*Finding) K) (map[K][]Finding, error) {
	s, err := r.scoped(ctx)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows, err := loadAll(ctx, r, findingTable, query.And(query.In("x."+column, ids), s.finding("x")), "x.seq")
	return grouped(rows, showFinding, key), err
}

func showSanction(row *sanctionRow) Sanction { return row.Sanction }

var sanctionShelf = shelf[sanctionRow, Sanction, domain.SanctionID]{
	name: "sanctions", table: sanctionTable, order: []string{"id"}, seen: scope.sanction,
	show: func(_ *Reader, row *sanctionRow) Sanction { return row.Sanction }, id: func(x *Sanction) domain.SanctionID { return x.ID },
}

// Sanction returns the sanction; nil when there is none to be seen.
func (r *Reader) Sanction(ctx context.Context, id domain.SanctionID) (*Sanction, error) {
	found, err := r.SanctionsByID(ctx, []domain.SanctionID{id})
	return found[id], err
}

// SanctionsByID returns those that are seen.
func (r *Reader) SanctionsByID(ctx context.Context, ids []domain.SanctionID) (map[domain.SanctionID]*Sanction, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := loadByID(ctx, r, sanctionTable, ids, s.sanction("x"))
	return byID(rows, showSanction, func(x *Sanction) domain.SanctionID { return x.ID }), err
}

// Sanctions lists the register of sanctions by id.
func (r *Reader) Sanctions(ctx context.Context, f SanctionFilter, p Page) (*List[Sanction], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	day := f.InForceOn.String()
	where := query.And(s.sanction("x"), query.Eq("x.officer", f.Officer), query.Eq("x.case_id", f.Case), query.Eq("x.measure", f.Measure),
		query.Eq("x.status", f.Status), is("x.imported", f.Imported), ofOfficer(f.Unit),
		query.If(!f.InForceOn.IsZero(), "x.status = ? AND x.effect_from <= ? AND (x.for_good OR (x.effect_until <> '' AND x.effect_until >= ?))",
			string(sanction.StatusImposed), day, day))
	rows, err := listing[sanctionRow]{name: "sanctions", table: sanctionTable, where: where, order: []string{"id"}}.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	return convert(rows, showSanction), nil
}

// ofOfficer narrows to rows whose officer serves in the unit or below it.
func ofOfficer(unit domain.UnitID) query.Cond {
	if unit == "" {
		return query.Cond{}
	}
	in := below("uo.unit", unit)
	return query.C("x.officer IN (SELECT uo.id FROM officers uo WHERE "+in.SQL+")", in.Args...)
}

// SanctionsByOfficer returns the sanctions of each officer.
func (r *Reader) SanctionsByOfficer(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID][]Sanction, error) {
	s, err := r.scoped(ctx)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows, err := loadAll(ctx, r, sanctionTable, query.And(query.In("x.officer", ids), s.sanction("x")), "x.id")
	return grouped(rows, showSanction, func(x *Sanction) domain.OfficerID { return x.Officer }), err
}

// SanctionsByCase returns the sanctions that followed from each case.
func (r *Reader) SanctionsByCase(ctx context.Context, ids []domain.CaseID) (map[domain.CaseID][]Sanction, error) {
	s, err := r.scoped(ctx)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows, err := loadAll(ctx, r, sanctionTable, query.And(query.In("x.case_id", ids), s.sanction("x")), "x.id")
	return grouped(rows, showSanction, func(x *Sanction) domain.CaseID { return x.Case }), err
}

func showReward(row *rewardRow) Reward { return row.Reward }

var rewardShelf = shelf[rewardRow, Reward, domain.RewardID]{
	name: "rewards", table: rewardTable, order: []string{"id"}, seen: scope.reward,
	show: func(_ *Reader, row *rewardRow) Reward { return row.Reward }, id: func(x *Reward) domain.RewardID { return x.ID },
}

// Reward returns the reward; nil when there is none to be seen.
func (r *Reader) Reward(ctx context.Context, id domain.RewardID) (*Reward, error) {
	found, err := r.RewardsByID(ctx, []domain.RewardID{id})
	return found[id], err
}

// RewardsByID returns those that are seen.
func (r *Reader) RewardsByID(ctx context.Context, ids []domain.RewardID) (map[domain.RewardID]*Reward, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := loadByID(ctx, r, rewardTable, ids, s.reward("x"))
	return byID(rows, showReward, func(x *Reward) domain.RewardID { return x.ID }), err
}

// Rewards lists the register of rewards by id.
func (r *Reader) Rewards(ctx context.Context, f RewardFilter, p Page) (*List[Reward], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	where := query.And(s.reward("x"), query.Eq("x.officer", f.Officer), query.Eq("x.honour", f.Honour), query.Eq("x.status", f.Status), is("x.imported", f.Imported))
	if f.Unit != "" {
		where = query.And(where, query.Or(below("x.unit", f.Unit), ofOfficer(f.Unit)))
	}
	if f.WhileRestricted {
		barred := query.And(query.C("rs.officer = x.officer AND x.granted_on <> '' AND rs.effect_from <> '' AND rs.effect_from <= x.granted_on"),
			query.C("(rs.for_good OR rs.effect_until >= x.granted_on)"), query.NotIn("rs.status", void), s.sanction("rs"))
		where = query.And(where, query.C("x.officer <> '' AND EXISTS (SELECT 1 FROM sanctions rs WHERE "+barred.SQL+")", barred.Args...))
	}
	rows, err := listing[rewardRow]{name: "rewards", table: rewardTable, where: where, order: []string{"id"}}.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	return convert(rows, showReward), nil
}

// void are the statuses of a sanction that had, or has, no effect.
var void = append(slices.Clone(untold), sanction.StatusOverturned)

// RewardsByOfficer returns the rewards of each officer.
func (r *Reader) RewardsByOfficer(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID][]Reward, error) {
	s, err := r.scoped(ctx)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows, err := loadAll(ctx, r, rewardTable, query.And(query.In("x.officer", ids), s.reward("x")), "x.id")
	return grouped(rows, showReward, func(x *Reward) domain.OfficerID { return x.Officer }), err
}
