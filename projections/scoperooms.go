package projections

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections/query"
)

// involves holds where the row's unit is in scope, or an officer it concerns
// serves in scope.
func (s scope) involves(a, room string) query.Cond {
	if s.everywhere {
		return query.Cond{}
	}
	in := s.in("lo.unit")
	return query.Or(s.in(a+".unit"),
		query.C("EXISTS (SELECT 1 FROM concerned l JOIN officers lo ON lo.id = l.officer WHERE l.room = ? AND l.object = "+a+".id AND "+in.SQL+")",
			append([]any{room}, in.Args...)...))
}

// involvesSelf holds where the row concerns the principal.
func (s scope) involvesSelf(a, room string) query.Cond {
	return query.C("EXISTS (SELECT 1 FROM concerned l WHERE l.room = ? AND l.object = "+a+".id AND l.officer = ?)", room, s.who.Subject)
}

// leavesOut holds where nobody to be recused from is concerned by the row,
// and the unit is not one either.
func (s scope) leavesOut(a, room string) query.Cond {
	if !s.recuses() {
		return query.Cond{}
	}
	in := query.In("ro.officer", s.recused)
	return query.And(
		query.C(a+".id NOT IN (SELECT ro.object FROM concerned ro WHERE ro.room = ? AND "+in.SQL+")", append([]any{room}, in.Args...)...),
		query.NotIn(a+".unit", s.recusedUnits))
}

// working is the condition over what the house works by, such as its plans:
// those in charge see what is in scope, an officer what they are named in.
func (s scope) working(a, room string, more ...domain.Role) query.Cond {
	switch {
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader), s.is(more...):
		return s.involves(a, room)
	case s.is(domain.RoleOfficer):
		return s.involvesSelf(a, room)
	}
	return query.Never
}

func (s scope) plan(a string) query.Cond { return s.working(a, plan.Room.Name, domain.RoleHR) }

// inquiring is the condition over what may lead to an inquiry, such as a
// trace: those in charge see what is in scope, less what concerns them.
func (s scope) inquiring(a, room string) query.Cond {
	if !s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader) {
		return query.Never
	}
	return query.And(s.involves(a, room), s.leavesOut(a, room))
}

func (s scope) traceback(a string) query.Cond { return s.inquiring(a, traceback.Room.Name) }

func (s scope) enforcement(a string) query.Cond { return s.working(a, enforcement.Room.Name) }

// norm: the rules in force, and those that were, are for everyone who signs
// in; a draft is for those who keep the house.
func (s scope) norm(a string) query.Cond {
	switch {
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader, domain.RoleHR):
		return query.Cond{}
	case s.is(domain.RoleIntake, domain.RoleHandler, domain.RoleOfficer, domain.RoleOverseer):
		return query.C(a+".status <> ?", string(norm.StatusDraft))
	}
	return query.Never
}

// disclosure: what is due to the public is for everyone, signed in or not.
// What had to be withdrawn is no longer for the public.
func (s scope) disclosure(a string) query.Cond {
	switch {
	case s.is(domain.RolePublic):
		return query.C(a+".status <> ?", string(disclosure.StatusWithdrawn))
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader, domain.RoleHR,
		domain.RoleIntake, domain.RoleHandler, domain.RoleOfficer, domain.RoleOverseer):
		return query.Cond{}
	}
	return query.Never
}

func (s scope) warning(a string) query.Cond    { return s.inquiring(a, warning.Room.Name) }
func (s scope) inspection(a string) query.Cond { return s.inquiring(a, inspection.Room.Name) }

// programme is for those who answer for an agency, and for its overseer.
func (s scope) programme(a string) query.Cond {
	if s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader, domain.RoleHR, domain.RoleOverseer) {
		return s.in(a + ".unit")
	}
	return query.Never
}

// activity: an overseer sees what is held in an agency, if not by whom it was
// attended.
func (s scope) activity(a string) query.Cond {
	return s.working(a, activity.Room.Name, domain.RoleHR, domain.RoleOverseer)
}

// rulebook: the rules are for everyone who signs in.
func (s scope) rulebook(string) query.Cond {
	switch {
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader, domain.RoleHR,
		domain.RoleIntake, domain.RoleHandler, domain.RoleOfficer, domain.RoleOverseer):
		return query.Cond{}
	}
	return query.Never
}

// key: those who keep the trust of the ledger, or check it, see all keys;
// everyone else who signs in sees their own.
func (s scope) key(a string) query.Cond {
	switch {
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleLeader, domain.RoleHR):
		return query.Cond{}
	case s.who.Subject != "" && s.is(domain.RoleInspector, domain.RoleHandler, domain.RoleIntake, domain.RoleOfficer, domain.RoleOverseer):
		return query.C(a+".holder = ?", s.who.Subject)
	}
	return query.Never
}

// scorecard is over units: counts of what those in charge answer for. HR and
// overseers see those of whole agencies and of the units they are given, not
// of each part, whose small counts would lead back to persons.
func (s scope) scorecard(a string) query.Cond {
	switch {
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader):
		return s.in(a + ".id")
	case s.is(domain.RoleHR, domain.RoleOverseer):
		return s.undivided(a)
	}
	return query.Never
}

// undivided is over units: the agencies in scope, and the units that the
// principal is given.
func (s scope) undivided(a string) query.Cond {
	return query.And(s.in(a+".id"), query.Or(query.Eq(a+".kind", unit.KindAgency), query.In(a+".id", s.who.Units)))
}

// veiled tells of which objects, by their room, the role is told no small
// counts, because it may not see them.
func (s scope) veiled(room string) bool {
	switch {
	case s.is(domain.RoleHR):
		return slices.Contains([]string{complaint.Room.Name, misconduct.Room.Name, enforcement.Room.Name, inspection.Room.Name, warning.Room.Name}, room)
	case s.is(domain.RoleOverseer):
		return !slices.Contains([]string{activity.Room.Name, disclosure.Room.Name, norm.Room.Name}, room)
	}
	return false
}

// postRisk: the risks of a post are its history, not its name.
func (s scope) postRisk(a string) query.Cond { return s.houseKept(s.post(a)) }

// access: the officer sees who read their file, those who may read it see it
// too. Personnel do not: a reading may tell of an inquiry.
func (s scope) access(a string) query.Cond {
	switch {
	case s.is(domain.RoleOfficer):
		return query.C(a+".id = ?", s.who.Subject)
	case s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader):
		file := query.And(query.C("ao.id = "+a+".id"), s.recordFile("ao"))
		return query.C("EXISTS (SELECT 1 FROM officers ao WHERE "+file.SQL+")", file.Args...)
	}
	return query.Never
}
