package clocks

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/norm"
)

// enforcementRules are the deadlines of one administrative act. Service and
// publication have a term where the act is a penalty.
var enforcementRules = []*Rule{
	{
		Name: "enforcement.decide", Chinese: "办案期限", Owed: "decide the act",
		OwedChinese: "作出执法决定",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Enforcement.Decide },
		Role:        domain.RoleOfficer, Who: handler, Breach: Visible,
		starts: []trigger[[]Opening]{on(func(e enforcement.Opened, x scene) []Opening {
			if e.DecideBy.IsZero() {
				return nil
			}
			o := Opening{Due: e.DecideBy}
			if e.ActKind == enforcement.KindApproval {
				o.Term = x.book.Enforcement.DecideLicence
			}
			return []Opening{o}
		})},
		stops: []trigger[stop]{
			stopsAt(func(e enforcement.Decided) (string, domain.Date) { return anyKey, e.On }), stops[enforcement.Closed](),
		},
	},
	{
		Name: "enforcement.ask_hearing", Chinese: "申请听证", Owed: "ask for a hearing: the party's right",
		OwedChinese: "申请听证（当事人的权利）",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Enforcement.AskHearing },
		Role:        domain.RolePublic, Breach: Lapses,
		starts: []trigger[[]Opening]{on(func(e enforcement.StepTaken, x scene) []Opening {
			if e.StepKind != norm.StepNotify || !x.matter.Penalty {
				return nil
			}
			return []Opening{{On: e.On}}
		})},
		stops: []trigger[stop]{
			stopsAt(func(e enforcement.HearingAsked) (string, domain.Date) { return anyKey, e.On }), stops[enforcement.Decided](),
		},
	},
	{
		Name: "enforcement.serve", Chinese: "送达期限", Owed: "serve the decision on the party",
		OwedChinese: "向当事人送达决定",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Enforcement.Serve },
		Role:        domain.RoleOfficer, Who: handler, Breach: Visible,
		starts: []trigger[[]Opening]{on(penaltyDecided)},
		stops:  []trigger[stop]{on(stepOf(norm.StepServe)), on(overturned), stops[enforcement.Closed]()},
	},
	{
		Name: "enforcement.publish", Chinese: "公示期限", Owed: "publish the penalty",
		OwedChinese: "公示处罚决定",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Enforcement.Publish },
		Role:        domain.RoleOfficer, Who: handler, Breach: Visible,
		starts: []trigger[[]Opening]{on(penaltyDecided)},
		stops:  []trigger[stop]{on(stepOf(norm.StepPublish)), on(overturned), stops[enforcement.Closed]()},
	},
	{
		Name: "enforcement.fault_review", Chinese: "执法过错责任认定", Owed: "review whose fault the overturned act is",
		OwedChinese: "认定被撤销行为的过错责任",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Enforcement.FaultReview },
		Role:        domain.RoleInspector, Breach: Visible,
		starts: []trigger[[]Opening]{startsBy(func(e enforcement.Reviewed) Opening { return Opening{On: e.On, Due: e.FaultReviewBy} })},
		stops:  []trigger[stop]{stops[enforcement.FaultReviewed]()},
	},
}

// penaltyDecided starts what follows a penalty that was imposed.
func penaltyDecided(e enforcement.Decided, x scene) []Opening {
	if !x.matter.Penalty {
		return nil
	}
	return []Opening{{On: e.On}}
}

// stepOf stops a clock when a step of the kind is taken.
func stepOf(kind norm.StepKind) func(enforcement.StepTaken, scene) stop {
	return func(e enforcement.StepTaken, _ scene) stop {
		return stop{key: anyKey, on: e.On, none: e.StepKind != kind}
	}
}

// overturned stops what an overturned act no longer owes.
func overturned(e enforcement.Reviewed, _ scene) stop {
	return stop{key: anyKey, on: e.On, none: e.Outcome != enforcement.ResultOverturned}
}

var inspectionRules = []*Rule{
	{
		// Whoever is supervised is in time by reporting; a report that is not
		// accepted leaves them owing, from the day of the order.
		Name: "inspection.rectify", Chinese: "整改期限", Owed: "put right what the inspection ordered",
		OwedChinese: "完成监督检查要求的整改",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Inspection.Rectify },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{startsBy(func(e inspection.RectificationOrdered) Opening {
			return Opening{Key: e.Code, Due: e.Due, Unit: e.Unit}
		})},
		stops: []trigger[stop]{
			on(func(e inspection.RectificationVerified, _ scene) stop { return stop{key: e.Code, none: !e.Accepted} }),
			stops[inspection.Closed](),
		},
	},
}
