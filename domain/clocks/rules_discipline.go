package clocks

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/warning"
)

// misconductRules are the deadlines of a case; each officer appeals alone.
var misconductRules = []*Rule{
	{
		// One for each officer, and one for a case against nobody yet; it runs
		// as Case.LastDay says.
		Name: limitation, Chinese: "追诉时效", Owed: "give notice of the proposed finding before nothing may be imposed any more",
		OwedChinese: "在不得再给予处分之前，送达拟认定事实的告知",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Limitation.Complete },
		Role:        domain.RoleInspector, Breach: Visible,
		Last: func(b *domain.Rulebook, from domain.Date, tolled []domain.Span) domain.Date {
			last, _ := b.Limitation.Last(from, b.Calendar, tolled...)
			return last
		},
		starts: []trigger[[]Opening]{
			on(func(e misconduct.Opened, _ scene) []Opening { return begun(e) }),
			on(func(e misconduct.OpenedV1, _ scene) []Opening { return begun(e.Now()) }),
			on(func(e misconduct.ScopeWidened, x scene) []Opening { return reached(e.Officers, x.matter.nobody()) }),
			on(func(e misconduct.ConductAdded, _ scene) []Opening { return reached(e.Officers, domain.Date{}) }),
		},
		stops: []trigger[stop]{
			stopsAt(func(e misconduct.NoticeGiven) (string, domain.Date) { return string(e.Officer), domain.Date{} }),
			stopsAt(func(misconduct.ScopeWidened) (string, domain.Date) { return "", domain.Date{} }),
			stops[misconduct.Dismissed](), stops[misconduct.Archived](),
		},
		changes: []trigger[change]{on(func(e misconduct.DiscoveryRecorded, _ scene) change {
			return change{key: string(e.Officer), from: e.On}
		})},
		tolls:   []trigger[pause]{on(func(e misconduct.TollingBegan, _ scene) pause { return pause{string(e.Officer), e.From} })},
		resumes: []trigger[pause]{on(func(e misconduct.TollingEnded, _ scene) pause { return pause{string(e.Officer), e.To} })},
	},
	{
		Name: "misconduct.ask_appeal", Chinese: "申请复审", Owed: "apply for the appeal: the officer's right",
		OwedChinese: "申请复审（当事人的权利）",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Inquiry.AskAppeal },
		Role:        domain.RoleOfficer, Breach: Lapses,
		starts: []trigger[[]Opening]{
			on(func(e misconduct.FindingConfirmed, x scene) []Opening { return mayAppeal(e, x) }),
			on(func(e misconduct.FindingConfirmedV1, x scene) []Opening { return mayAppeal(e.Now(), x) }),
		},
		stops: []trigger[stop]{stopsAt(func(e misconduct.Appealed) (string, domain.Date) { return string(e.Officer), domain.Date{} })},
	},
	{
		Name: "misconduct.decide_appeal", Chinese: "复审期限", Owed: "decide the appeal",
		OwedChinese: "作出复审决定",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Inquiry.DecideAppeal },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{on(func(e misconduct.Appealed, _ scene) []Opening { return []Opening{ofOfficer(e.Officer, "")} })},
		stops: []trigger[stop]{
			stopsAt(func(e misconduct.AppealDecided) (string, domain.Date) { return string(e.Officer), domain.Date{} }),
			stopsAt(func(e misconduct.AppealDecidedV1) (string, domain.Date) { return string(e.Officer), domain.Date{} }),
		},
	},
	{
		Name: "misconduct.ask_rereview", Chinese: "申请复核", Owed: "apply for the re-review: the officer's right",
		OwedChinese: "申请复核（当事人的权利）",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Inquiry.AskReReview },
		Role:        domain.RoleOfficer, Breach: Lapses,
		starts: []trigger[[]Opening]{
			on(func(e misconduct.AppealDecided, x scene) []Opening { return mayAskAgain(e, x) }),
			on(func(e misconduct.AppealDecidedV1, x scene) []Opening { return mayAskAgain(e.Now(), x) }),
		},
		stops: []trigger[stop]{stopsAt(func(e misconduct.RereviewAsked) (string, domain.Date) { return string(e.Officer), domain.Date{} })},
	},
	{
		Name: "misconduct.decide_rereview", Chinese: "复核期限", Owed: "decide the re-review",
		OwedChinese: "作出复核决定",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Inquiry.DecideReReview },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{on(func(e misconduct.RereviewAsked, _ scene) []Opening { return []Opening{ofOfficer(e.Officer, "")} })},
		stops: []trigger[stop]{
			stopsAt(func(e misconduct.Rereviewed) (string, domain.Date) { return string(e.Officer), domain.Date{} }),
			stopsAt(func(e misconduct.RereviewedV1) (string, domain.Date) { return string(e.Officer), domain.Date{} }),
		},
	},
}

const limitation = "misconduct.limitation"

// begun opens the limitation of a case that began: for each officer, or for the
// case while it is against nobody.
func begun(e misconduct.Opened) []Opening {
	if len(e.Officers) == 0 {
		return []Opening{{}}
	}
	return reached(e.Officers, domain.Date{})
}

// reached opens the limitation for each officer.
func reached(officers []domain.OfficerID, on domain.Date) []Opening {
	var out []Opening
	for _, o := range officers {
		opening := ofOfficer(o, "")
		opening.On = on
		out = append(out, opening)
	}
	return out
}

// nobody returns the day from which the limitation ran while the case was
// against nobody; zero when officers were identified before.
func (m *Matter) nobody() domain.Date {
	for _, c := range m.Clocks {
		if c.Name == limitation && c.Key == "" {
			return c.Started
		}
	}
	return domain.Date{}
}

// ofOfficer opens the clock that an officer has in a case.
func ofOfficer(o domain.OfficerID, who domain.ActorID) Opening {
	return Opening{Key: string(o), Officer: o, Who: who}
}

// mayAppeal opens the term of each officer; like that of a re-review it runs
// from the day on which the decision was recorded.
func mayAppeal(e misconduct.FindingConfirmed, x scene) []Opening {
	var out []Opening
	for _, f := range e.Findings {
		if f.Officer != "" && !slices.ContainsFunc(out, func(o Opening) bool { return o.Officer == f.Officer }) {
			opening := ofOfficer(f.Officer, domain.ActorID(f.Officer))
			opening.On = x.recorded
			out = append(out, opening)
		}
	}
	return out
}

func mayAskAgain(e misconduct.AppealDecided, x scene) []Opening {
	opening := ofOfficer(e.Officer, domain.ActorID(e.Officer))
	opening.On = x.recorded
	return []Opening{opening}
}

// sanctionRules are the deadlines of one measure.
var sanctionRules = []*Rule{
	{
		Name: "sanction.defence", Chinese: "陈述申辩", Owed: "make a statement in defence: the officer's right",
		OwedChinese: "陈述申辩（当事人的权利）",
		Role:        domain.RoleOfficer, Breach: Lapses,
		starts: []trigger[[]Opening]{startsBy(func(e sanction.Notified) Opening { return Opening{Due: e.DefenceBy, Who: domain.ActorID(e.Officer)} })},
		stops:  []trigger[stop]{stops[sanction.DefenceHeard](), stops[sanction.Withdrawn]()},
	},
	{
		Name: "sanction.execute", Chinese: "处分执行", Owed: "carry the measure out: post, rank and pay",
		OwedChinese: "办理处分执行手续（职务、职级、工资）",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Sanction.Execute },
		Role:        domain.RoleHR, Breach: Visible,
		starts: []trigger[[]Opening]{starts[sanction.Imposed](), starts[sanction.ImposedV1]()},
		stops:  executed,
	},
	{
		Name: "sanction.execute_most", Chinese: "处分执行最长期限", Owed: "carry the measure out at the very latest, with approval",
		OwedChinese: "经批准延长后，至迟办理完毕处分执行手续",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Sanction.ExecuteMost },
		Role:        domain.RoleHR, Breach: Visible,
		starts: []trigger[[]Opening]{starts[sanction.Imposed](), starts[sanction.ImposedV1]()},
		stops:  executed,
	},
	{
		// Released by itself at the end of the effect period (公职人员政务处分法
		// art. 26): the system gives the command, nobody is late.
		Name: "sanction.release", Chinese: "处分期满解除", Owed: "bear the effects of the measure until it is released",
		OwedChinese: "承担处分影响，至解除为止",
		Role:        domain.RoleSystem, Quiet: true, Breach: Commands,
		Command: func(Clock) domain.Command { return sanction.Release{} },
		starts: []trigger[[]Opening]{
			startsBy(func(e sanction.Imposed) Opening { return effect(e.From, e.Until, e.ForGood) }),
			startsBy(func(e sanction.Varied) Opening { return effect(e.From, e.Until, e.ForGood) }),
			startsBy(func(e sanction.ImposedV1) Opening { return effect(e.From, e.Until, e.ForGood) }),
			startsBy(func(e sanction.VariedV1) Opening { return effect(e.From, e.Until, e.ForGood) }),
		},
		stops: []trigger[stop]{stops[sanction.Varied](), stops[sanction.VariedV1](), stops[sanction.Released](), stops[sanction.Overturned]()},
	},
	{
		Name: "sanction.ask_appeal", Chinese: "申请复审", Owed: "apply for the appeal: the officer's right",
		OwedChinese: "申请复审（当事人的权利）",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Sanction.AskAppeal },
		Role:        domain.RoleOfficer, Breach: Lapses,
		starts: []trigger[[]Opening]{on(func(e sanction.Served, _ scene) []Opening {
			return []Opening{{On: e.On, Who: domain.ActorID(e.Officer)}}
		})},
		stops: []trigger[stop]{stops[sanction.Appealed](), stops[sanction.Overturned]()},
	},
	{
		Name: "sanction.decide_appeal", Chinese: "复审期限", Owed: "decide the appeal",
		OwedChinese: "作出复审决定",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Sanction.DecideAppeal },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{appealedAt(sanction.StageAppeal)},
		stops:  []trigger[stop]{stops[sanction.AppealDecided](), stops[sanction.Overturned]()},
	},
	{
		Name: "sanction.ask_rereview", Chinese: "申请复核", Owed: "apply for the re-review: the officer's right",
		OwedChinese: "申请复核（当事人的权利）",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Sanction.AskReReview },
		Role:        domain.RoleOfficer, Breach: Lapses,
		starts: []trigger[[]Opening]{on(func(e sanction.AppealDecided, _ scene) []Opening {
			if e.Stage != sanction.StageAppeal {
				return nil
			}
			return []Opening{{Who: domain.ActorID(e.Officer)}}
		})},
		stops: []trigger[stop]{stops[sanction.Appealed](), stops[sanction.Overturned]()},
	},
	{
		Name: "sanction.decide_rereview", Chinese: "复核期限", Owed: "decide the re-review",
		OwedChinese: "作出复核决定",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Sanction.DecideReReview },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{appealedAt(sanction.StageRereview)},
		stops:  []trigger[stop]{stops[sanction.AppealDecided](), stops[sanction.Overturned]()},
	},
}

var executed = []trigger[stop]{
	stopsAt(func(e sanction.Executed) (string, domain.Date) { return "", e.On }), stops[sanction.Overturned](),
}

// effect opens the effect period; there is none for what never ends.
func effect(from, until domain.Date, forGood bool) Opening {
	if forGood {
		until = domain.Date{}
	}
	return Opening{On: from, Due: until}
}

func appealedAt(stage sanction.Stage) trigger[[]Opening] {
	return on(func(e sanction.Appealed, _ scene) []Opening {
		if e.Stage != stage {
			return nil
		}
		return []Opening{{}}
	})
}

var rewardRules = []*Rule{
	{
		Name: "reward.publication", Chinese: "公示期", Owed: "wait for objections before the honour is decided",
		OwedChinese: "在作出奖励决定前听取异议",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Reward.Publicise },
		Role:        domain.RoleHR, Breach: Lapses,
		starts: []trigger[[]Opening]{startsBy(func(e reward.Publicised) Opening { return Opening{Due: e.ObjectionsEnd} })},
		stops:  []trigger[stop]{stops[reward.Granted](), stops[reward.Refused]()},
	},
}

var tracebackRules = []*Rule{
	{
		Name: "traceback.conclude", Chinese: "责任倒查期限", Owed: "conclude the trace of responsibility",
		OwedChinese: "完成责任倒查",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Traceback.Conclude },
		Role:        domain.RoleInspector, Breach: Visible,
		starts: []trigger[[]Opening]{startsBy(func(e traceback.Opened) Opening { return Opening{Due: e.Due} })},
		stops:  []trigger[stop]{stops[traceback.Concluded](), stops[traceback.Closed]()},
	},
}

var warningRules = []*Rule{
	{
		// A warning of a warning would be noise: one that waits too long goes
		// further up instead.
		Name: "warning.acknowledge", Chinese: "预警处置", Owed: "take the warning up",
		OwedChinese: "签收预警",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Warning.Acknowledge },
		Role:        domain.RoleInspector, Quiet: true, Breach: Commands,
		Command: func(c Clock) domain.Command {
			return warning.Escalate{To: domain.RoleLeader, Reason: "nobody took the warning up by " + c.Due.String(),
				ReasonChinese: "截至" + c.Due.String() + "无人签收该预警"}
		},
		starts: []trigger[[]Opening]{
			startsBy(func(e warning.Raised) Opening { return Opening{Due: e.Due} }),
			startsBy(func(e warning.RaisedV1) Opening { return Opening{Due: e.Due} }),
		},
		stops: []trigger[stop]{stops[warning.Acknowledged](), stops[warning.Escalated](), stops[warning.EscalatedV1](),
			stops[warning.ActedOn](), stops[warning.Dismissed]()},
	},
	{
		// To take a warning up is not to deal with it: each time it was taken
		// up or sent further up, a term runs to act on it or to dismiss it. At
		// the overseer there is nobody to send it on to.
		Name: "warning.handle", Chinese: "预警办结", Owed: "act on the warning or dismiss it with a reason",
		OwedChinese: "处置该预警，或说明理由予以排除",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Warning.Handle },
		Role:        domain.RoleInspector, Quiet: true, Breach: Commands,
		Command: func(c Clock) domain.Command {
			return warning.Escalate{Reason: "nobody acted on the warning or dismissed it by " + c.Due.String(),
				ReasonChinese: "截至" + c.Due.String() + "该预警既未处置也未排除"}
		},
		starts: []trigger[[]Opening]{
			starts[warning.Acknowledged](),
			on(func(e warning.Escalated, _ scene) []Opening { return handledBy(e.To) }),
			on(func(e warning.EscalatedV1, _ scene) []Opening { return handledBy(e.To) }),
		},
		stops: []trigger[stop]{stops[warning.Acknowledged](), stops[warning.Escalated](), stops[warning.EscalatedV1](),
			stops[warning.ActedOn](), stops[warning.Dismissed]()},
	},
}

// handledBy starts the term of the role to which a warning was sent up, unless
// nobody is above it.
func handledBy(to domain.Role) []Opening {
	if to == domain.RoleOverseer {
		return nil
	}
	return []Opening{{}}
}
