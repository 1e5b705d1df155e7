package projections

import (
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

// inquiryKinds tell of an open inquiry on an officer's own stream.
var inquiryKinds = []domain.Kind{officer.InquiryOpened{}.Kind(), officer.InquiryClosed{}.Kind()}

// event is the condition over events: the object an event happened to is
// seen. subject is the alias of the event's subject among the refs, kind
// that of its kind among the words.
func (s scope) event(subject, kind string) query.Cond {
	if s.everywhere && s.is(domain.RoleAuditor, domain.RoleSystem) {
		return query.Cond{}
	}
	return query.And(s.subject(subject, s.quiet(kind)), s.unnamed(kind), s.unopened(kind))
}

// subject is the condition over what something is about: the object is seen.
// The alias has the columns type and name; quiet holds besides for what is
// about an officer.
func (s scope) subject(subject string, quiet query.Cond) query.Cond {
	return anyOf(subject,
		seen(officer.Room.Name, "officers", query.And(s.recordFile("it"), quiet)),
		seen(complaint.Room.Name, "complaints", s.complaint("it")),
		seen(misconduct.Room.Name, "cases", s.misconduct("it")),
		seen(sanction.Room.Name, "sanctions", s.sanction("it")),
		seen(reward.Room.Name, "rewards", s.reward("it")),
		seen(post.Room.Name, "posts", s.houseKept(s.post("it"))),
		seen(unit.Room.Name, "units", s.houseKept(s.unit("it"))),
		seen(plan.Room.Name, "plans", s.plan("it")),
		seen(traceback.Room.Name, "tracebacks", s.traceback("it")),
		seen(enforcement.Room.Name, "enforcements", s.enforcement("it")),
		seen(norm.Room.Name, "norms", s.houseKept(s.norm("it"))),
		seen(disclosure.Room.Name, "disclosures", s.internal(s.disclosure("it"))),
		seen(warning.Room.Name, "warnings", s.warning("it")),
		seen(inspection.Room.Name, "inspections", s.inspection("it")),
		seen(programme.Room.Name, "programmes", s.programme("it")),
		seen(access.Room.Name, "accesses", s.access("it")),
		seen(activity.Room.Name, "activities", s.houseKept(s.activity("it"))),
		seen(rulebook.Room.Name, "rulebooks", s.houseKept(s.rulebook("it"))),
		seen(key.Room.Name, "keys", s.key("it")),
	)
}

// seenRow is what of a room is seen: the rows of its table, under the alias it,
// that meet the condition.
type seenRow struct {
	room, table string
	object      query.Cond
}

func seen(room, table string, object query.Cond) seenRow { return seenRow{room, table, object} }

// anyOf holds for references of which the object is seen. It is a choice by the
// type and no chain of OR, which SQLite may take for a reason to look up each type
// by an index, and the rest of the question for every one of them.
func anyOf(subject string, rows ...seenRow) query.Cond {
	sql, args := "", []any{}
	for _, x := range rows {
		if x.object.SQL == query.Never.SQL {
			continue
		}
		object := query.And(query.C("it.id = "+subject+".name"), x.object)
		sql += " WHEN ? THEN EXISTS (SELECT 1 FROM " + x.table + " it WHERE " + object.SQL + ")"
		args = append(append(args, x.room), object.Args...)
	}
	if sql == "" {
		return query.Never
	}
	return query.C("CASE "+subject+".type"+sql+" ELSE FALSE END", args...)
}

// quiet leaves out the kinds that tell of an open inquiry, for those who may
// not know of one.
func (s scope) quiet(kind string) query.Cond {
	if s.is(domain.RoleHR, domain.RoleOfficer) {
		return query.NotIn(kind+".word", inquiryKinds)
	}
	return query.Cond{}
}

// houseKept keeps the history of posts and units (powers, risks) from those
// who only need their names.
func (s scope) houseKept(object query.Cond) query.Cond {
	if s.is(domain.RoleOfficer, domain.RoleHandler, domain.RoleOverseer) {
		return query.Never
	}
	return object
}

// internal keeps the history of what the public may see from the public: an
// event names who acted.
func (s scope) internal(object query.Cond) query.Cond {
	if s.is(domain.RolePublic) {
		return query.Never
	}
	return s.houseKept(object)
}

// unnamed leaves out the single answers to a survey, which are counted in
// cells that are not too small, for all but those who verify everything.
func (s scope) unnamed(kind string) query.Cond {
	if s.is(domain.RoleAuditor, domain.RoleSystem) {
		return query.Cond{}
	}
	return query.NotIn(kind+".word", []domain.Kind{programme.SurveyAnswered{}.Kind()})
}

// openings are the kinds that tell why the identity of a reporter was opened
// or erased.
var openings = []domain.Kind{complaint.ReporterUnsealed{}.Kind(), complaint.ReporterErased{}.Kind()}

// unopened leaves them out for whoever works a complaint: a reason may tell
// more than it should.
func (s scope) unopened(kind string) query.Cond {
	if s.is(domain.RoleHandler) {
		return query.NotIn(kind+".word", openings)
	}
	return query.Cond{}
}
