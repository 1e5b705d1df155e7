package clocks

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/plan"
)

var planRules = []*Rule{
	{
		// At the end of the day the target is missed: the system says so, and
		// whoever answers explains it or is held to account (article I1).
		Name: "plan.target", Chinese: "工作目标", Owed: "meet the target of the plan",
		OwedChinese: "完成工作目标",
		Role:        domain.RoleOfficer, Personal: true, Breach: Commands,
		Command: func(c Clock) domain.Command { return plan.MissTarget{Target: c.Key} },
		starts: []trigger[[]Opening]{startsBy(func(e plan.TargetSet) Opening {
			return Opening{Key: e.Target, Due: e.Due, Unit: e.Unit, Officer: e.Officer, Who: domain.ActorID(e.Officer)}
		})},
		stops: []trigger[stop]{
			stopsAt(func(e plan.TargetMet) (string, domain.Date) { return e.Target, e.On }),
			stopsAt(func(e plan.TargetMissed) (string, domain.Date) { return e.Target, domain.Date{} }),
			stops[plan.Closed](),
		},
		changes: []trigger[change]{on(func(e plan.TargetReassigned, _ scene) change {
			return change{key: e.Target, who: domain.ActorID(e.Officer), unit: e.Unit, officer: e.Officer}
		})},
	},
}

var activityRules = []*Rule{
	{
		Name: "activity.refresh_carrier", Chinese: "廉政文化载体更新", Owed: "refresh the culture carrier",
		OwedChinese: "更新廉政文化载体",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Activity.Refresh },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{
			on(func(e activity.CarrierSet, _ scene) []Opening { return []Opening{{On: e.On}} }),
			on(func(e activity.CarrierRefreshed, _ scene) []Opening { return []Opening{{On: e.On}} }),
		},
		stops: []trigger[stop]{
			stopsAt(func(e activity.CarrierRefreshed) (string, domain.Date) { return anyKey, e.On }),
			stops[activity.CarrierRetired](),
		},
	},
}

// disclosureRules are the deadlines of what is due to the public (article
// I5). Publishing a penalty, and retracting one that was overturned, is done
// by these too.
var disclosureRules = []*Rule{
	{
		Name: "disclosure.publish", Chinese: "政务公开", Owed: "publish the item",
		OwedChinese: "公开该事项",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Disclosure.Publish },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{startsBy(func(e disclosure.Due) Opening { return Opening{Due: e.Deadline} })},
		stops: []trigger[stop]{
			stopsAt(func(e disclosure.Published) (string, domain.Date) { return anyKey, e.On }), stops[disclosure.Withdrawn](),
		},
	},
	{
		Name: "disclosure.withdraw", Chinese: "撤回公开", Owed: "withdraw the overturned act from the public and say why",
		OwedChinese: "撤回已被撤销行为的公开信息并说明理由",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Disclosure.Withdraw },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{startsBy(func(e disclosure.WithdrawRequired) Opening { return Opening{Due: e.Deadline} })},
		stops:  []trigger[stop]{stopsAt(func(e disclosure.Withdrawn) (string, domain.Date) { return anyKey, e.On })},
	},
}

// normRules are the upkeep of rule texts (article D9).
var normRules = []*Rule{
	{
		Name: "norm.review", Chinese: "制度定期评估", Owed: "review the text",
		OwedChinese: "评估制度文本",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Norm.Review },
		Role:        domain.RoleLeader, Who: handler, Breach: Visible,
		starts: []trigger[[]Opening]{
			startsBy(func(e norm.Adopted) Opening { return Opening{Due: e.ReviewBy} }),
			startsBy(func(e norm.Reviewed) Opening { return Opening{Due: e.NextBy} }),
		},
		stops: []trigger[stop]{
			stopsIf(func(e norm.Adopted) bool { return !e.ReviewBy.IsZero() }), stops[norm.Reviewed](), stops[norm.Repealed](),
		},
	},
	{
		Name: "norm.close_gap", Chinese: "制度漏洞整改", Owed: "close the gap with a new version",
		OwedChinese: "以新版本堵塞制度漏洞",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Norm.CloseGap },
		Role:        domain.RoleLeader, Who: handler, Breach: Visible,
		starts: []trigger[[]Opening]{startsBy(func(e norm.GapFound) Opening { return Opening{Key: e.Gap, Due: e.CloseBy} })},
		stops: []trigger[stop]{
			stopsAt(func(e norm.GapClosed) (string, domain.Date) { return e.Gap, domain.Date{} }), stops[norm.Repealed](),
		},
	},
}
