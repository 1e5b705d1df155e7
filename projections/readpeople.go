package projections

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/query"
)

// Officer returns the officer; nil when there is none to be seen.
func (r *Reader) Officer(ctx context.Context, id domain.OfficerID) (*Officer, error) {
	found, err := r.OfficersByID(ctx, []domain.OfficerID{id})
	return found[id], err
}

// OfficersByID returns those that are seen.
func (r *Reader) OfficersByID(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID]*Officer, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := loadByID(ctx, r, officerTable, ids, s.officer("x"))
	return byID(rows, s.showOfficer, func(o *Officer) domain.OfficerID { return o.ID }), err
}

// Officers lists the register of officers.
func (r *Reader) Officers(ctx context.Context, f OfficerFilter, p Page) (*List[Officer], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	where := query.And(s.officer("x"), below("x.unit", f.Unit), query.Eq("x.post", f.Post), query.Eq("x.status", f.Status), is("x.imported", f.Imported))
	if f.Name != "" {
		where = query.And(where, query.Contains("x.search", f.Name))
	}
	if f.MinFindings > 0 {
		seen := s.finding("f")
		args := append(seen.Args, f.MinFindings)
		where = query.And(where, query.C("x.id IN (SELECT f.officer FROM findings f"+seen.Where()+" GROUP BY f.officer HAVING count(*) >= ?)", args...))
	}
	l := listing[officerRow]{name: "officers", table: officerTable, where: where, order: []string{"id"}}
	if f.SortByName {
		l.name, l.order = "officers by name", []string{"sort_name", "id"}
	}
	rows, err := l.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	return convert(rows, s.showOfficer), nil
}

var officerShelf = shelf[officerRow, Officer, domain.OfficerID]{
	name: "officers", table: officerTable, order: []string{"id"}, seen: scope.officer,
	show: func(r *Reader, row *officerRow) Officer { return r.scopeNow().showOfficer(row) }, id: func(o *Officer) domain.OfficerID { return o.ID },
}

// showOfficer leaves out what the principal may not know.
func (s scope) showOfficer(row *officerRow) Officer {
	o := row.Officer
	if s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader, domain.RoleHR) && s.recordFileOf(row.ID) {
		barred := row.Inquiries != ""
		o.Barred = &barred
	}
	return o
}

// recordFileOf tells whether recusal keeps the file of the officer, who is
// known to be in scope, from the principal.
func (s scope) recordFileOf(id domain.OfficerID) bool {
	for _, o := range s.recused {
		if o == string(id) {
			return false
		}
	}
	return true
}

// OfficerCounts counts what is on file about each officer, within what the
// principal may see. Officers without anything are left out.
func (r *Reader) OfficerCounts(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID]OfficerCounts, error) {
	out := map[domain.OfficerID]OfficerCounts{}
	s, err := r.scoped(ctx)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	complaints := query.And(query.In("co.officer", ids), s.complaint("c"))
	findings := query.And(query.In("f.officer", ids), query.C("NOT f.overturned"), s.finding("f"))
	sanctions := query.And(query.In("s.officer", ids), s.sanction("s"))
	rewards := query.And(query.In("w.officer", ids), s.reward("w"))
	sql := "SELECT 0, co.officer, count(*) FROM complaint_officers co JOIN complaints c ON c.id = co.complaint" + complaints.Where() + " GROUP BY co.officer" +
		" UNION ALL SELECT 1, f.officer, count(*) FROM findings f" + findings.Where() + " GROUP BY f.officer" +
		" UNION ALL SELECT 2, s.officer, count(*) FROM sanctions s" + sanctions.Where() + " GROUP BY s.officer" +
		" UNION ALL SELECT 3, w.officer, count(*) FROM rewards w" + rewards.Where() + " GROUP BY w.officer"
	var args []any
	for _, c := range []query.Cond{complaints, findings, sanctions, rewards} {
		args = append(args, c.Args...)
	}
	err = r.ask(ctx, sql, args, func(st dbRow) error {
		id := domain.OfficerID(st.ColumnText(1))
		c := out[id]
		*[]*int{&c.Complaints, &c.Findings, &c.Sanctions, &c.Rewards}[st.ColumnInt(0)] = st.ColumnInt(2)
		out[id] = c
		return nil
	})
	return out, err
}

// Unit returns the unit; nil when there is none to be seen.
func (r *Reader) Unit(ctx context.Context, id domain.UnitID) (*Unit, error) {
	found, err := r.UnitsByID(ctx, []domain.UnitID{id})
	return found[id], err
}

func showUnit(row *unitRow) Unit   { return row.Unit }
func unitID(u *Unit) domain.UnitID { return u.ID }

var unitShelf = shelf[unitRow, Unit, domain.UnitID]{
	name: "units", table: unitTable, order: []string{"id"}, seen: scope.unit, id: unitID,
	show: func(_ *Reader, row *unitRow) Unit { return row.Unit },
}

// UnitsByID returns those that are seen.
func (r *Reader) UnitsByID(ctx context.Context, ids []domain.UnitID) (map[domain.UnitID]*Unit, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := loadByID(ctx, r, unitTable, ids, s.unit("x"))
	return byID(rows, showUnit, unitID), err
}

// Units lists the register of units by id.
func (r *Reader) Units(ctx context.Context, f UnitFilter, p Page) (*List[Unit], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	where := query.And(s.unit("x"), query.Eq("x.parent", f.Parent), query.If(f.Roots, "x.parent = ''"), query.Eq("x.kind", f.Kind), query.Eq("x.status", f.Status))
	rows, err := listing[unitRow]{name: "units", table: unitTable, where: where, order: []string{"id"}}.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	return convert(rows, showUnit), nil
}

// UnitsByParent returns the units directly below each.
func (r *Reader) UnitsByParent(ctx context.Context, ids []domain.UnitID) (map[domain.UnitID][]Unit, error) {
	s, err := r.scoped(ctx)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows, err := loadAll(ctx, r, unitTable, query.And(query.In("x.parent", ids), s.unit("x")), "x.id")
	return grouped(rows, showUnit, func(u *Unit) domain.UnitID { return u.Parent }), err
}

// Post returns the post; nil when there is none to be seen.
func (r *Reader) Post(ctx context.Context, id domain.PostID) (*Post, error) {
	found, err := r.PostsByID(ctx, []domain.PostID{id})
	return found[id], err
}

func showPost(row *postRow) Post { return row.Post }

var postShelf = shelf[postRow, Post, domain.PostID]{
	name: "posts", table: postTable, order: []string{"id"}, seen: scope.post,
	show: func(_ *Reader, row *postRow) Post { return row.Post }, id: func(p *Post) domain.PostID { return p.ID },
}

// PostsByID returns those that are seen.
func (r *Reader) PostsByID(ctx context.Context, ids []domain.PostID) (map[domain.PostID]*Post, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := loadByID(ctx, r, postTable, ids, s.post("x"))
	return byID(rows, showPost, func(p *Post) domain.PostID { return p.ID }), err
}

// Posts lists the register of posts by id.
func (r *Reader) Posts(ctx context.Context, f PostFilter, p Page) (*List[Post], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	where := query.And(s.post("x"), below("x.unit", f.Unit), query.Eq("x.grade", f.Grade), query.Eq("x.status", f.Status))
	rows, err := listing[postRow]{name: "posts", table: postTable, where: where, order: []string{"id"}}.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	return convert(rows, showPost), nil
}
