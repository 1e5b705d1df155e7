package projections

import (
	"context"
	"strings"
	"sync"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/projections/query"
)

// limits are what narrows a reader: its units with everything below them,
// and whom it must not judge. They are looked up when first needed.
type limits struct {
	mu   sync.Mutex
	done bool

	units []string
	// recused are the officers whose matters the principal may not see, the
	// principal among them; recusedUnits likewise.
	recused      []string
	recusedUnits []string
}

// scope writes the conditions under which the principal sees the rows of
// each table. It is the one place where the matrix at Reader stands in code.
type scope struct {
	who        Principal
	everywhere bool
	*limits
}

// scopeNow is the reader's scope with as much of its limits as was looked up.
func (r *Reader) scopeNow() scope { return scope{r.who, r.who.everywhere(), r.limits} }

// scoped returns the reader's scope, with its limits looked up.
func (r *Reader) scoped(ctx context.Context) (scope, error) {
	s := r.scopeNow()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done {
		return s, nil
	}
	if roots := r.who.named(); s.byUnits() && !s.everywhere && len(roots) > 0 {
		units, err := r.subtree(ctx, roots)
		if err != nil {
			return s, err
		}
		s.units = units
	}
	if s.recuses() {
		if err := r.findRecused(ctx, s.limits); err != nil {
			return s, err
		}
	}
	s.done = true
	return s, nil
}

// subtree returns the units, on file or not, and every unit below them.
// UNION drops what was met before, so that a ring ends.
func (r *Reader) subtree(ctx context.Context, roots []domain.UnitID) ([]string, error) {
	in := query.In("u.parent", roots)
	sql := "WITH RECURSIVE below (id) AS (SELECT u.id FROM units u WHERE " + in.SQL +
		" UNION SELECT u.id FROM units u JOIN below ON u.parent = below.id) SELECT id FROM below"
	return recall(r, sql, in.Args, sizeOfStrings, func() (units []string, err error) {
		for _, u := range roots {
			units = append(units, string(u))
		}
		err = r.ask(ctx, sql, in.Args, func(s dbRow) error {
			units = append(units, s.ColumnText(0))
			return nil
		})
		return units, err
	})
}

// findRecused lists those with whom the principal has an interest that
// stands today, declared by either side.
func (r *Reader) findRecused(ctx context.Context, l *limits) error {
	today := r.views.today().String()
	const sql = "SELECT other, unit FROM interests WHERE officer = ? AND (until = '' OR until >= ?) " +
		"UNION SELECT officer, '' FROM interests WHERE other = ? AND (until = '' OR until >= ?)"
	args := []any{r.who.Subject, today, r.who.Subject, today}
	found, err := recall(r, sql, args, func(both [2][]string) int { return sizeOfStrings(both[0]) + sizeOfStrings(both[1]) }, func() (both [2][]string, err error) {
		both[0] = []string{r.who.Subject}
		err = r.ask(ctx, sql, args, func(s dbRow) error {
			if other := s.ColumnText(0); other != "" {
				both[0] = append(both[0], other)
			}
			if unit := s.ColumnText(1); unit != "" {
				both[1] = append(both[1], unit)
			}
			return nil
		})
		return both, err
	})
	l.recused, l.recusedUnits = found[0], found[1]
	return err
}

// byUnits tells whether the role sees what its units hold.
func (s scope) byUnits() bool {
	switch s.who.Role {
	case domain.RoleAuditor, domain.RoleInspector, domain.RoleLeader, domain.RoleHR, domain.RoleIntake, domain.RoleOverseer, domain.RoleSystem:
		return true
	}
	return false
}

// recuses tells whether what concerns the principal is kept from them.
func (s scope) recuses() bool {
	switch s.who.Role {
	case domain.RoleInspector, domain.RoleLeader, domain.RoleHandler, domain.RoleIntake:
		return true
	}
	return false
}

// told tells scopes of one principal apart: what was looked up for it may be of
// before a change of the views.
func (s scope) told() []any {
	return []any{s.everywhere, len(s.units), strings.Join(s.units, "\x00"), len(s.recused), strings.Join(s.recused, "\x00"),
		len(s.recusedUnits), strings.Join(s.recusedUnits, "\x00")}
}

// in holds where the column is a unit in scope.
func (s scope) in(column string) query.Cond {
	if s.everywhere {
		return query.Cond{}
	}
	if len(s.units) == 0 {
		return query.Never
	}
	return query.In(column, s.units)
}

// serves holds where the officer in the column serves in scope.
func (s scope) serves(column string) query.Cond {
	if s.everywhere {
		return query.Cond{}
	}
	in := s.in("so.unit")
	return query.C("EXISTS (SELECT 1 FROM officers so WHERE so.id = "+column+" AND "+in.SQL+")", in.Args...)
}

// apart holds where the officer in the column is not one to be recused from.
func (s scope) apart(column string) query.Cond { return query.NotIn(column, s.recused) }

// apartFrom holds where nobody to be recused from is linked to the row, by
// the link table, and the unit is not one either. What is linked to them is
// little, and looked up once.
func (s scope) apartFrom(link, key, column, unit string) query.Cond {
	if !s.recuses() {
		return query.Cond{}
	}
	in := query.In("ro.officer", s.recused)
	return query.And(
		query.C(column+" NOT IN (SELECT ro."+key+" FROM "+link+" ro WHERE "+in.SQL+")", in.Args...),
		query.NotIn(unit, s.recusedUnits))
}

func (s scope) is(roles ...domain.Role) bool {
	for _, r := range roles {
		if s.who.Role == r {
			return true
		}
	}
	return false
}

// Units and posts are no secret of the house.
func (s scope) unit(a string) query.Cond { return s.chart(a + ".id") }
func (s scope) post(a string) query.Cond { return s.chart(a + ".unit") }

func (s scope) chart(column string) query.Cond {
	switch {
	case s.byUnits():
		return s.in(column)
	case s.is(domain.RoleHandler, domain.RoleOfficer):
		return query.Cond{}
	}
	return query.Never
}

func (s scope) officer(a string) query.Cond {
	switch {
	case s.is(domain.RoleOverseer):
		return query.Never
	case s.byUnits():
		return s.in(a + ".unit")
	case s.is(domain.RoleHandler):
		work := query.And(query.C("ho.officer = "+a+".id"), s.complaint("hc"))
		return query.C("EXISTS (SELECT 1 FROM complaint_officers ho JOIN complaints hc ON hc.id = ho.complaint WHERE "+work.SQL+")", work.Args...)
	case s.is(domain.RoleOfficer):
		return query.C(a+".id = ?", s.who.Subject)
	}
	return query.Never
}

// recordFile is over officers: whose record file is seen.
func (s scope) recordFile(a string) query.Cond {
	switch {
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleHR):
		return s.in(a + ".unit")
	case s.is(domain.RoleInspector, domain.RoleLeader):
		return query.And(s.in(a+".unit"), s.apart(a+".id"))
	case s.is(domain.RoleOfficer):
		return query.C(a+".id = ?", s.who.Subject)
	}
	return query.Never
}

func (s scope) complaint(a string) query.Cond {
	apart := s.apartFrom("complaint_officers", "complaint", a+".id", a+".unit")
	switch {
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader, domain.RoleIntake):
		return query.And(s.concerns(a, "complaint_officers", "complaint", s.in(a+".to_unit")), apart)
	case s.is(domain.RoleHandler):
		return query.And(query.C(a+".handler = ?", s.who.Subject), apart)
	}
	return query.Never
}

func (s scope) misconduct(a string) query.Cond {
	if !s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader) {
		return query.Never
	}
	return query.And(s.concerns(a, "case_officers", "case_id", query.Never),
		s.apartFrom("case_officers", "case_id", a+".id", a+".unit"))
}

// concerns holds where the row's unit is in scope, or an officer linked to
// it serves in scope.
func (s scope) concerns(a, link, key string, or query.Cond) query.Cond {
	if s.everywhere {
		return query.Cond{}
	}
	in := s.in("lo.unit")
	return query.Or(s.in(a+".unit"), or,
		query.C("EXISTS (SELECT 1 FROM "+link+" l JOIN officers lo ON lo.id = l.officer WHERE l."+key+" = "+a+".id AND "+in.SQL+")", in.Args...))
}

func (s scope) finding(a string) query.Cond {
	final := query.C(a+".result <> ?", string(misconduct.ResultPending))
	apart := query.Cond{}
	if s.recuses() {
		apart = query.And(s.apart(a+".officer"),
			s.apartFrom("case_officers", "case_id", a+".case_id", a+".unit"),
			s.apartFrom("complaint_officers", "complaint", a+".complaint", a+".unit"))
	}
	switch {
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader):
		return query.And(s.about(a), apart)
	case s.is(domain.RoleHR):
		return query.And(s.about(a), final)
	case s.is(domain.RoleHandler):
		work := query.And(query.C("hc.id = "+a+".complaint"), s.complaint("hc"))
		return query.And(query.C("EXISTS (SELECT 1 FROM complaints hc WHERE "+work.SQL+")", work.Args...), apart)
	case s.is(domain.RoleOfficer):
		return query.And(query.C(a+".officer = ?", s.who.Subject), final)
	}
	return query.Never
}

// about holds where the row's unit or officer is in scope.
func (s scope) about(a string) query.Cond {
	return query.Or(s.in(a+".unit"), s.serves(a+".officer"))
}

// untold are the statuses of a sanction before the person was told of it.
var untold = []sanction.Status{sanction.StatusProposed, sanction.StatusWithdrawn}

// decided are the statuses of a sanction from its decision on.
var decided = []sanction.Status{sanction.StatusImposed, sanction.StatusReleased, sanction.StatusOverturned, sanction.StatusImported}

func (s scope) sanction(a string) query.Cond {
	switch {
	case s.is(domain.RoleAuditor, domain.RoleSystem):
		return s.serves(a + ".officer")
	case s.is(domain.RoleInspector, domain.RoleLeader):
		return query.And(s.serves(a+".officer"), s.apart(a+".officer"),
			s.apartFrom("case_officers", "case_id", a+".case_id", "''"))
	case s.is(domain.RoleHR):
		return query.And(s.serves(a+".officer"), query.In(a+".status", decided))
	case s.is(domain.RoleOfficer):
		return query.And(query.C(a+".officer = ?", s.who.Subject), query.NotIn(a+".status", untold))
	}
	return query.Never
}

func (s scope) reward(a string) query.Cond {
	switch {
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader, domain.RoleHR):
		return s.about(a)
	case s.is(domain.RoleOfficer):
		return query.C(a+".officer = ?", s.who.Subject)
	}
	return query.Never
}
