package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections/query"
)

// reached are the tables of what can be commanded on, by room.
var reached = map[string]string{
	unit.Room.Name: "units", post.Room.Name: "posts", officer.Room.Name: "officers",
	complaint.Room.Name: "complaints", misconduct.Room.Name: "cases", sanction.Room.Name: "sanctions", reward.Room.Name: "rewards",
	plan.Room.Name: "plans", enforcement.Room.Name: "enforcements", activity.Room.Name: "activities",
	traceback.Room.Name: "tracebacks", inspection.Room.Name: "inspections", warning.Room.Name: "warnings",
	norm.Room.Name: "norms", disclosure.Room.Name: "disclosures", programme.Room.Name: "programmes", rulebook.Room.Name: "rulebooks",
}

// recusing are the rooms in which nobody judges a matter of their own.
var recusing = []string{complaint.Room.Name, misconduct.Room.Name, sanction.Room.Name, traceback.Room.Name, inspection.Room.Name, warning.Room.Name}

// ofAll are the rooms of what holds for the whole ledger.
var ofAll = []string{rulebook.Room.Name, access.Room.Name}

// reaching is the scope in which the principal commands. It is that of what
// they see, but for officers and handlers, who see by name and command in the
// agency in which they serve, or in the units that they are given; and who has
// every unit in scope commands on what belongs to none as well.
func (r *Reader) reaching(ctx context.Context) (scope, error) {
	s, err := r.scoped(ctx)
	if err != nil || s.everywhere {
		return s, err
	}
	if !s.byUnits() {
		if s.limits, err = r.serving(ctx, s); err != nil {
			return s, err
		}
	}
	s.everywhere, err = r.whole(ctx, s)
	return s, err
}

// serving are the limits of those who have no units of what they see.
func (r *Reader) serving(ctx context.Context, s scope) (_ *limits, err error) {
	roots := r.who.named()
	if len(roots) == 0 && s.is(domain.RoleOfficer, domain.RoleHandler) {
		if roots, err = r.agencyOf(ctx, r.who.Subject); err != nil {
			return nil, err
		}
	}
	own := &limits{done: true, recused: s.recused, recusedUnits: s.recusedUnits}
	if len(roots) > 0 {
		own.units, err = r.subtree(ctx, roots)
	}
	return own, err
}

// agencyOf is the root above the unit in which the officer serves.
func (r *Reader) agencyOf(ctx context.Context, who string) (roots []domain.UnitID, err error) {
	err = r.ask(ctx, "WITH RECURSIVE up (id, parent) AS (SELECT u.id, u.parent FROM units u JOIN officers o ON o.unit = u.id WHERE o.id = ?"+
		" UNION SELECT u.id, u.parent FROM units u JOIN up ON u.id = up.parent) SELECT id FROM up WHERE parent = ''", []any{who},
		func(s dbRow) error {
			roots = append(roots, domain.UnitID(s.ColumnText(0)))
			return nil
		})
	return roots, err
}

// unbound tells the scope that nothing narrows: all units, and nobody to be
// recused from.
func (s scope) unbound() bool { return s.everywhere && !s.recuses() && !s.is(domain.RoleOfficer) }

// reach is over the table of the room: what the principal may command on, by
// the units and officers it concerns. Which role may give which command is
// the rulebook's to say.
func (s scope) reach(room string) query.Cond {
	switch {
	case s.is(domain.RoleOfficer):
		return s.ownReach(room)
	case s.is(domain.RoleHandler) && room == complaint.Room.Name:
		return s.complaint("x")
	}
	switch room {
	case unit.Room.Name:
		return s.in("x.id")
	case post.Room.Name, norm.Room.Name, disclosure.Room.Name, programme.Room.Name:
		return s.in("x.unit")
	case officer.Room.Name:
		if s.is(domain.RoleInspector, domain.RoleLeader) {
			return query.And(s.in("x.unit"), s.apart("x.id"))
		}
		return s.in("x.unit")
	case complaint.Room.Name:
		return query.And(s.concerns("x", "complaint_officers", "complaint", s.in("x.to_unit")),
			s.apartFrom("complaint_officers", "complaint", "x.id", "x.unit"))
	case misconduct.Room.Name:
		return query.And(s.concerns("x", "case_officers", "case_id", query.Never), s.apartFrom("case_officers", "case_id", "x.id", "x.unit"))
	case sanction.Room.Name:
		apart := query.Cond{}
		if s.recuses() {
			apart = query.And(s.apart("x.officer"), s.apartFrom("case_officers", "case_id", "x.case_id", "''"))
		}
		return query.And(s.serves("x.officer"), apart)
	case reward.Room.Name:
		return s.about("x")
	case plan.Room.Name, enforcement.Room.Name, activity.Room.Name:
		return s.involves("x", room)
	case traceback.Room.Name, inspection.Room.Name, warning.Room.Name:
		return query.And(s.involves("x", room), s.leavesOut("x", room))
	}
	return query.Never
}

// told are the statuses of a reward from its publication on.
var told = []reward.Status{reward.StatusPublicised, reward.StatusGranted, reward.StatusRefused, reward.StatusRevoked}

// ownReach is what an officer commands on: their own matters, as far as they
// were told of them, and what their agency does in the open.
func (s scope) ownReach(room string) query.Cond {
	self := s.who.Subject
	switch room {
	case officer.Room.Name:
		return query.C("x.id = ?", self)
	case misconduct.Room.Name:
		return query.C("EXISTS (SELECT 1 FROM findings f WHERE f.case_id = x.id AND f.officer = ? AND f.result <> ?)", self, string(misconduct.ResultPending))
	case sanction.Room.Name:
		return s.sanction("x")
	case reward.Room.Name:
		return query.Or(s.reward("x"), query.And(s.about("x"), query.In("x.status", told)))
	case plan.Room.Name:
		return s.involvesSelf("x", room)
	case enforcement.Room.Name: // a hearing is chaired by somebody else
		return s.involves("x", room)
	case norm.Room.Name:
		return s.norm("x")
	case activity.Room.Name, disclosure.Room.Name, inspection.Room.Name:
		return s.in("x.unit")
	}
	return query.Never
}

// open is over the table of the room: what whoever signs in sees.
func (s scope) open(room string) query.Cond {
	switch room {
	case norm.Room.Name:
		return s.norm("x")
	case disclosure.Room.Name:
		return s.disclosure("x")
	case rulebook.Room.Name:
		return s.rulebook("x")
	}
	return query.Never
}

// naming is over the table of the room: what the principal may name in a
// command of another.
func (s scope) naming(room string) query.Cond {
	switch room {
	case officer.Room.Name, post.Room.Name:
		return s.in("x.unit")
	case unit.Room.Name:
		return s.in("x.id")
	}
	return query.Or(s.reach(room), s.open(room))
}

// whole tells whether the scope takes in all units there are.
func (r *Reader) whole(ctx context.Context, s scope) (bool, error) {
	if len(s.units) == 0 {
		return false, nil
	}
	out := query.NotIn("x.id", s.units)
	outside, err := r.askInt(ctx, "SELECT EXISTS (SELECT 1 FROM units x"+out.Where()+")", out.Args)
	if err != nil || outside != 0 {
		return false, err
	}
	any, err := r.askInt(ctx, "SELECT EXISTS (SELECT 1 FROM units)", nil)
	return any != 0, err
}

// within returns those of the ids, of the room, that meet the condition.
func (r *Reader) within(ctx context.Context, room string, ids []string, cond query.Cond) (map[string]bool, error) {
	out := map[string]bool{}
	if cond.SQL == query.Never.SQL || reached[room] == "" {
		return out, nil
	}
	cond = query.And(query.In("x.id", ids), cond)
	err := r.ask(ctx, "SELECT x.id FROM "+reached[room]+" x"+cond.Where(), cond.Args, func(s dbRow) error {
		out[s.ColumnText(0)] = true
		return nil
	})
	return out, err
}

// linked returns those of the references that events of the subject touch.
func (r *Reader) linked(ctx context.Context, subject, ref domain.Ref) (bool, error) {
	n, err := r.askInt(ctx, "SELECT EXISTS (SELECT 1 FROM refs n JOIN touches t ON t.ref = n.id JOIN events e ON e.position = t.position"+
		" JOIN refs s ON s.id = e.subject WHERE n.name = ? AND n.type = ? AND s.name = ? AND s.type = ?)",
		[]any{ref.ID, ref.Type, subject.ID, subject.Type})
	return n != 0, err
}

// holder returns who holds a key on file; found is false for one that is not,
// empty the holder of a ledger key.
func (r *Reader) holder(ctx context.Context, id string) (holder domain.ActorID, found bool, err error) {
	kinds := query.In("k.word", []domain.Kind{key.Enrolled{}.Kind(), key.Imported{}.Kind()})
	err = r.ask(ctx, "SELECT coalesce("+query.Member("e.data", "holder")+", '') FROM refs n JOIN touches t ON t.ref = n.id"+
		" JOIN events e ON e.position = t.position AND e.subject = n.id JOIN words k ON k.id = e.kind WHERE n.name = ? AND n.type = ? AND "+kinds.SQL,
		append([]any{id, key.Room.Name}, kinds.Args...), func(s dbRow) error {
			holder, found = domain.ActorID(s.ColumnText(0)), true
			return nil
		})
	return holder, found, err
}

// vouches tells whether the principal answers for whose key it is: their own,
// one of somebody who serves in scope, and in the whole ledger any.
func (r *Reader) vouches(ctx context.Context, s scope, holder domain.ActorID) (bool, error) {
	if holder != "" && string(holder) == s.who.Subject {
		return true, nil
	}
	serves, err := r.within(ctx, officer.Room.Name, []string{string(holder)}, s.in("x.unit"))
	if err != nil || serves[string(holder)] {
		return err == nil, err
	}
	return s.everywhere, nil
}

// judges tells whether the room is one in which the principal is recused
// from somebody.
func (s scope) judges(room string) bool { return s.recuses() && slices.Contains(recusing, room) }
