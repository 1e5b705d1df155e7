package indicators

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
)

// coverage is the limit of attendance at education.
func coverage(b *domain.Rulebook) domain.IndicatorLimit {
	return domain.IndicatorLimit{Limit: b.Activity.Coverage, Source: b.Activity.Source}
}

// integrity are the articles on integrity 廉.
var integrity = []*Article{
	{ID: "I1", Name: "plan", Chinese: "反腐工作有计划", Indicators: []*Definition{
		{ID: "I1.on_time", Name: "targets met on time", Chinese: "目标按期完成率", Direction: Higher, About: plan.Room.Name,
			Numerator: "targets met by their day", Denominator: "targets met or due in the period", Warns: "a milestone is late"},
		{ID: "I1.unexplained", Name: "missed targets without explanation", Chinese: "逾期未说明率", Direction: Lower, About: plan.Room.Name,
			Numerator:   "of these, neither met later, explained, excused nor held to account",
			Denominator: "targets due in the period and not met by their day", Warns: "a missed target has neither evidence nor explanation"},
	}},
	{ID: "I2", Name: "warning education", Chinese: "警示教育有内容", Indicators: []*Definition{
		{ID: "I2.coverage", Name: "coverage of warning education", Chinese: "警示教育覆盖率", Direction: Higher, About: officer.Room.Name,
			Numerator: "persons who attended", Denominator: "persons who were expected", Warns: "too few attend", Limit: coverage},
		{ID: "I2.variety", Name: "variety of formats", Chinese: "形式多样率", Direction: Higher, About: activity.Room.Name,
			Numerator: "sessions that do not end a run of one format", Denominator: "sessions held", Warns: "too many sessions in a row have one format"},
	}},
	{ID: "I3", Name: "external supervision", Chinese: "外部监督有保障", Indicators: []*Definition{
		{ID: "I3.clocks", Name: "complaint deadlines kept", Chinese: "投诉办理按期率", Direction: Higher, About: complaint.Room.Name,
			Numerator: "deadlines kept", Denominator: "deadlines of complaints kept or run out in the period", Warns: "deadlines of complaints are missed"},
		{ID: "I3.substantiated", Name: "complaints borne out", Chinese: "投诉属实率", Direction: Lower, About: complaint.Room.Name, Unscored: true,
			Numerator: "complaints concluded as borne out, in whole or in part", Denominator: "complaints concluded"},
		{ID: "I3.repeats", Name: "repeats on the same post", Chinese: "同岗位重复投诉率", Direction: Lower, About: complaint.Room.Name,
			Numerator: "complaints about a post that was complained about for the same category shortly before", Denominator: "complaints received about a post", Warns: "complaints repeat on the same post"},
	}},
	{ID: "I4", Name: "internal supervision", Chinese: "内部监督有机制", Indicators: []*Definition{
		{ID: "I4.accepted", Name: "rectifications accepted in time", Chinese: "整改按期验收率", Direction: Higher, About: inspection.Room.Name,
			Numerator: "rectifications accepted by their day", Denominator: "rectifications accepted or due in the period", Warns: "rectifications are not accepted in time"},
		{ID: "I4.defects", Name: "inspections that found defects", Chinese: "监督发现问题率", Direction: Lower, About: inspection.Room.Name, Unscored: true,
			Numerator: "inspections with at least one observation", Denominator: "inspections closed"},
		{ID: "I4.conflict", Name: "one person in two conflicting steps", Chinese: "不相容环节一人承担率", Direction: Lower, About: enforcement.Room.Name,
			Numerator: "acts in which one person took two steps that the procedure keeps apart", Denominator: "acts decided", Warns: "one person took two conflicting steps"},
	}},
	{ID: "I5", Name: "open government", Chinese: "政务公开有媒介", Indicators: []*Definition{
		{ID: "I5.on_time", Name: "items published on time", Chinese: "公开按期率", Direction: Higher, About: disclosure.Room.Name,
			Numerator: "items published by their day", Denominator: "items published or due in the period", Warns: "publication is overdue"},
		{ID: "I5.overturned_public", Name: "overturned acts still public", Chinese: "已撤销决定仍公开率", Direction: Lower, About: disclosure.Room.Name, Stock: true,
			Numerator: "of these, past the last day for it", Denominator: "items about overturned acts that wait to be withdrawn", Warns: "an overturned act is still public"},
	}},
	// I6 asks who a list is for when a case of it is touched, see [scene.list]: a
	// unit that moves to another agency keeps what was owed before.
	{ID: "I6", Name: "prohibition list", Chinese: "禁止行为有清单", Indicators: []*Definition{
		{ID: "I6.acknowledged", Name: "lists acknowledged", Chinese: "清单知晓确认率", Direction: Higher, About: officer.Room.Name, Stock: true,
			Numerator: "of these, acknowledged", Denominator: "officers, once for each list of prohibited conduct in force for them"},
		{ID: "I6.overdue", Name: "lists not acknowledged in time", Chinese: "逾期未确认率", Direction: Lower, About: officer.Room.Name, Stock: true, Unscored: true,
			Numerator: "of these, not acknowledged within the term", Denominator: "officers, once for each list of prohibited conduct in force for them", Warns: "an officer has not acknowledged the list in time"},
		{ID: "I6.breaches", Name: "findings that cite a clause", Chinese: "违反清单认定率", Direction: Lower, About: misconduct.Room.Name, Unscored: true,
			Numerator: "of these, borne out and citing the clause that was broken", Denominator: "findings confirmed", Warns: "prohibited conduct was found"},
	}},
	{ID: "I7", Name: "branch study", Chinese: "支部学习有规范", Indicators: []*Definition{
		{ID: "I7.attendance", Name: "attendance at branch study", Chinese: "支部学习出勤率", Direction: Higher, About: officer.Room.Name,
			Numerator: "persons who attended", Denominator: "persons who were expected", Warns: "too few attend"},
		{ID: "I7.empty", Name: "empty form", Chinese: "走过场率", Direction: Lower, About: activity.Room.Name,
			Numerator: "sessions with repeated minutes, or to which nobody contributed", Denominator: "sessions held", Warns: "a session was held for form's sake"},
	}},
	{ID: "I8", Name: "culture", Chinese: "廉政文化有载体", Indicators: []*Definition{
		{ID: "I8.fresh", Name: "carriers refreshed", Chinese: "文化载体更新率", Direction: Higher, About: activity.Room.Name, Stock: true,
			Numerator: "of these, refreshed within the term", Denominator: "carriers of culture in use", Warns: "a carrier was not refreshed for too long"},
	}},
	{ID: "I9", Name: "post risk", Chinese: "岗位风险有评级", Indicators: []*Definition{
		{ID: "I9.tested", Name: "controls tested", Chinese: "防控措施验证率", Direction: Higher, About: post.Room.Name, Stock: true,
			Numerator: "of these, passed their last test", Denominator: "controls adopted", Warns: "controls are not tested"},
		{ID: "I9.unguarded", Name: "high-risk posts without a tested control", Chinese: "高风险岗位无有效防控率", Direction: Lower, About: post.Room.Name, Stock: true,
			Numerator: "of these, with a high risk of which no control passed its last test", Denominator: "posts with a risk graded high", Warns: "a high-risk post has no tested control"},
		{ID: "I9.overdue", Name: "re-ratings overdue", Chinese: "重新评级逾期率", Direction: Lower, About: post.Room.Name, Stock: true,
			Numerator: "of these, past the day of the next grading", Denominator: "risks graded, and re-ratings required", Warns: "a re-rating is overdue"},
	}},
	{ID: "I10", Name: "technical constraint", Chinese: "权力制约有技术", Indicators: []*Definition{
		{ID: "I10.overrides", Name: "overrides per 100 cases", Chinese: "每百案环节越过数", Direction: Lower, About: enforcement.Room.Name,
			Numerator: "steps left out by an override", Denominator: "acts decided", Warns: "steps are overridden too often"},
	}},
}
