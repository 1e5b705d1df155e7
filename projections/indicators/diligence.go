package indicators

import (
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/warning"
)

// diligence are the articles on diligence 勤.
var diligence = []*Article{
	{ID: "D1", Name: "qualification", Chinese: "岗前资质有培训", Indicators: []*Definition{
		{ID: "D1.valid", Name: "valid certificates", Chinese: "执法证有效率", Direction: Higher, About: officer.Room.Name, Stock: true,
			Numerator: "of these, valid", Denominator: "officers in the service whose certificate was issued and not revoked", Warns: "an enforcement officer has no valid certificate"},
		{ID: "D1.hours", Name: "training hours reached", Chinese: "年度培训学时达标率", Direction: Higher, About: officer.Room.Name, Stock: true,
			Numerator: "of these, with the hours of a year in the last 365 days", Denominator: "officers who have served a year", Warns: "too few reach the training hours"},
		{ID: "D1.expiring", Name: "certificates about to expire", Chinese: "执法证临期率", Direction: Lower, About: officer.Room.Name, Stock: true, Unscored: true,
			Numerator: "of these, in the last days of validity", Denominator: "certificates valid", Warns: "a certificate is about to expire"},
	}},
	{ID: "D2", Name: "civil enforcement", Chinese: "文明执法有制度", Indicators: []*Definition{
		{ID: "D2.defects", Name: "acts with a defect", Chinese: "执法瑕疵率", Direction: Lower, About: enforcement.Room.Name,
			Numerator: "of these, with a step left out, made up for afterwards or taken late", Denominator: "acts decided", Warns: "steps are missing or late"},
		{ID: "D2.in_time", Name: "enforcement deadlines kept", Chinese: "执法期限遵守率", Direction: Higher, About: enforcement.Room.Name,
			Numerator: "deadlines kept", Denominator: "deadlines for decision, service and publication kept or run out in the period", Warns: "deadlines of enforcement are missed"},
		{ID: "D2.reversed", Name: "acts reversed on review", Chinese: "复议诉讼纠错率", Direction: Lower, About: enforcement.Room.Name,
			Numerator: "of these, overturned or varied", Denominator: "reviews of acts decided by reconsideration or court", Warns: "too many acts are reversed"},
	}},
	{ID: "D3", Name: "window service", Chinese: "窗口服务有规范", Indicators: []*Definition{
		{ID: "D3.bad", Name: "bad ratings", Chinese: "差评率", Direction: Lower, About: complaint.Room.Name, Chance: true,
			Numerator: "of these, that service needs strengthening", Denominator: "ratings given", Warns: "more bad ratings than chance explains"},
	}},
	{ID: "D4", Name: "appraisal", Chinese: "基础考核能优化", Indicators: []*Definition{
		{ID: "D4.appraised", Name: "officers appraised", Chinese: "年度考核完成率", Direction: Higher, About: officer.Room.Name, Stock: true,
			Numerator: "of these, with the grade of the last year that is due", Denominator: "officers who served the whole of a year that is due", Warns: "appraisals are missing"},
		{ID: "D4.worst", Name: "worst grades", Chinese: "不称职率", Direction: Lower, About: officer.Room.Name, Unscored: true,
			Numerator: "of these, the worst 不称职", Denominator: "grades given"},
		{ID: "D4.worst_again", Name: "second worst grade in a row", Chinese: "连续不称职", Direction: Lower, About: officer.Room.Name,
			Numerator: "of these, the worst for the second year in a row", Denominator: "grades given", Warns: "an officer was graded incompetent for the second year in a row, which leads to dismissal"},
	}},
	{ID: "D5", Name: "discretion", Chinese: "执法裁量有限制", Indicators: []*Definition{
		{ID: "D5.outside", Name: "acts outside their tier", Chinese: "超裁量基准率", Direction: Lower, About: enforcement.Room.Name,
			Numerator: "of these, outside the range of their tier", Denominator: "acts decided under a tier of a benchmark", Warns: "too many acts lie outside their tier"},
		{ID: "D5.spread", Name: "spread of like cases", Chinese: "同案离散度", Direction: Lower, About: enforcement.Room.Name, Spread: true,
			Numerator:   "distances of the amounts from the mean of their like, in per cent of it, added up",
			Denominator: "acts with like cases: decided under the same clause and tier of the same benchmark", Warns: "like cases are decided too differently"},
	}},
	{ID: "D6", Name: "fault liability", Chinese: "执法过错责任制", Indicators: []*Definition{
		{ID: "D6.reviewed", Name: "reversals with fault review in time", Chinese: "过错责任认定按期率", Direction: Higher, About: enforcement.Room.Name,
			Numerator: "fault reviews done in time", Denominator: "fault reviews of reversed acts done or due in the period", Warns: "an act was reversed and nobody reviewed whose fault it was"},
	}},
	{ID: "D7", Name: "reward and penalty", Chinese: "勤政奖惩有机制", Indicators: []*Definition{
		{ID: "D7.filed", Name: "sanctions filed in time", Chinese: "惩戒入档执行按期率", Direction: Higher, About: sanction.Room.Name,
			Numerator: "sanctions carried out and filed by HR in time", Denominator: "sanctions carried out or due in the period", Warns: "a sanction did not reach the personal file in time"},
		{ID: "D7.honour_restricted", Name: "honours while restricted", Chinese: "受限期间获奖率", Direction: Lower, About: reward.Room.Name,
			Numerator: "of these, while a sanction barred honours", Denominator: "honours granted to officers", Warns: "somebody was honoured while a sanction barred it"},
	}},
	{ID: "D8", Name: "diligence education", Chinese: "勤政警示常态化", Indicators: []*Definition{
		{ID: "D8.coverage", Name: "coverage of diligence education", Chinese: "勤政教育覆盖率", Direction: Higher, About: officer.Room.Name,
			Numerator: "persons who attended", Denominator: "persons who were expected", Warns: "too few attend", Limit: coverage},
	}},
	{ID: "D9", Name: "refined process", Chinese: "制度规范、业务流程精细化", Indicators: []*Definition{
		{ID: "D9.overdue", Name: "reviews overdue", Chinese: "制度评估逾期率", Direction: Lower, About: norm.Room.Name, Stock: true,
			Numerator: "of these, past the day of the next review", Denominator: "rule texts in force with a day for their review", Warns: "the review of a rule text is overdue"},
		{ID: "D9.gaps", Name: "open gaps overdue", Chinese: "制度漏洞逾期率", Direction: Lower, About: norm.Room.Name, Stock: true,
			Numerator: "of these, past the day by which they should be closed", Denominator: "gaps of rule texts that are open", Warns: "a gap is open for too long"},
		{ID: "D9.single_person", Name: "single-person paths", Chinese: "单人流程率", Direction: Lower, About: norm.Room.Name, Stock: true,
			Numerator: "of these, with a path that one person can walk alone", Denominator: "enforcement procedures in force", Warns: "one person can walk a procedure alone"},
	}},
	{ID: "D10", Name: "electronic early warning", Chinese: "电子业务有预警", Indicators: []*Definition{
		{ID: "D10.acknowledged", Name: "warnings acknowledged in time", Chinese: "预警处置按期率", Direction: Higher, About: warning.Room.Name,
			Numerator: "warnings taken up in time", Denominator: "warnings taken up or due in the period", Warns: "warnings wait too long"},
		{ID: "D10.term", Name: "term used until warnings are taken up", Chinese: "预警处置用时占期限比例", Direction: Lower, About: warning.Room.Name, Portion: true, Unscored: true,
			Numerator: "per cent of their terms used until then, by the calendar, added up: 100 while nobody did, more where it was later", Denominator: "warnings taken up or due in the period"},
		{ID: "D10.precision", Name: "precision of warnings", Chinese: "预警准确率", Direction: Higher, About: warning.Room.Name,
			Numerator: "of these, true", Denominator: "warnings whose outcome became known as true or false", Warns: "too many warnings are false"},
	}},
}
