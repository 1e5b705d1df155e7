package agency

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/unit"
)

var taxClauses, taxTiers, taxMilder = benchmark(
	norm.Clause{Code: "S11", Text: "未按规定开具发票 Invoices not issued as prescribed"},
	norm.Clause{Code: "S23", Text: "少缴税款 Tax underpaid"},
	[3]string{
		"首次、票面不足 1 万元、主动改正 first time, below 10,000 yuan, put right unasked",
		"票面 1 万至 10 万元 10,000 to 100,000 yuan",
		"再次少缴、占应纳税额一成以上 again, and a tenth of the tax due or more",
	}, 1)

// tax 税务局: what is levied, deferred, refunded and audited.
var tax = &profile{
	key: Tax, prefix: "SW", zh: "临浦区税务局", en: "Linpu District Tax Bureau",
	head: "局长", clerk: "税务员", site: "linpu.tax.example",
	departments: []department{
		{"NS", unit.KindDepartment, "纳税服务科", "Taxpayer Service Department", ""},
		{"DT", unit.KindSection, "办税服务厅", "Tax Service Hall", "NS"},
		{"ZG", unit.KindDepartment, "征收管理科", "Collection Department", ""},
		{"SZ", unit.KindDepartment, "税政科", "Tax Policy Department", ""},
		{"FX", unit.KindDepartment, "风险管理局", "Risk and Audit Department", ""},
		{"FG", unit.KindDepartment, "法制科", "Legal Department", ""},
	},
	hall: "DT", hallPlace: "办税服务厅 Tax Service Hall", renamed: [2]string{"智慧办税服务厅", "Smart Tax Service Hall"}, sample: "FX",
	duties: taxDuties, window: taxWindow, grievances: taxGrievances,
	things: []string{"餐饮店 restaurant", "建筑公司 construction company", "药店 pharmacy", "网店 online shop", "物流公司 haulier", "民宿 guest house",
		"培训机构 training school", "二手车行 used-car dealer", "印刷厂 printing works", "美容院 beauty salon"},
	reference: "3101%08d",
	clauses:   taxClauses, tiers: taxTiers, milder: taxMilder,
	matters: map[enforcement.Kind][]string{
		enforcement.KindApproval:   {"延期缴纳税款核准 Deferral of payment", "发票最高开票限额审批 Ceiling of invoices", "增值税留抵退税审核 VAT refund"},
		enforcement.KindLevy:       {"增值税核定征收 VAT by assessment", "土地增值税清算 Land value tax settled", "补缴企业所得税 Corporate tax paid in addition"},
		enforcement.KindPenalty:    {"未按规定开具发票案 Invoices not issued as prescribed", "少缴税款案 Tax underpaid", "逾期申报案 Return filed late"},
		enforcement.KindInspection: {"日常税务检查 Routine tax audit", "发票专项检查 Audit of invoices"},
		enforcement.KindTrade:      {"抵税财物拍卖 Auction of property held for tax"},
	},
	certificate: "税执字",
	courses: []string{"税收征管法 Law on tax collection", "廉政警示教育 Integrity education", "增值税实务 VAT in practice",
		"办税服务规范 Standard of tax service", "税务行政处罚裁量 Discretion in tax penalties", "企业所得税汇算 Corporate tax settlement",
		"金税系统操作 The tax system", "执法全过程记录 Recording of enforcement", "公务员职业道德 Civil service ethics"},
	merits: []string{
		"办理退税 1,800 笔，无一超期 1,800 refunds, none of them late",
		"拒收礼品卡并上交 refused gift cards and handed them in",
		"破获虚开发票团伙有功 merit in uncovering a ring of false invoices",
		"办税厅满意率 99.4% satisfaction in the hall of 99.4 %",
		"精简申报资料四成 papers to be filed cut by four tenths",
		"上门辅导小微企业 210 户 210 small firms advised on the spot",
	},
	ties: []tie{
		{"配偶从业 spouse's employment", "诚信税务师事务所 Chengxin Tax Advisers"},
		{"兄弟姐妹从业 sibling's employment", "临浦代理记账 Linpu Bookkeeping"},
		{"子女从业 child's employment", "汇算财务咨询 Huisuan Financial Consulting"},
		{"持股 shareholding", "临浦商业广场 Linpu Shopping Plaza"},
		{"姻亲关系 in-law", "宏达建设 Hongda Construction"},
	},
	aims: []target{
		{"", "退税按期办结率 99% Refunds in time, 99 %", "系统统计 figures of the system"},
		{"", "税务检查案源双随机 Audits selected at random", "选案记录 record of selection"},
	},
	elsewhere: "区人力资源和社会保障局 District Human Resources and Social Security Bureau",
	former:    [2]string{"原溪浦税务所", "former Xipu Tax Office"},
	stories:   []int{storyAppeal, storyRevokedReward, storyDismissal, storyMissedTarget, storyAnonymous},
	troubles:  troubles{gap: true},
}

// The duties of its sections, in the order in which it grows them.
var taxDuties = []*duty{
	{
		key: "collection", code: "Z", department: "ZG", stream: enforcement.KindLevy, zh: "征收", en: "Collection Section",
		power: "税款核定与征收 Assessment and collection of tax", legalBasis: "税收征收管理法 art. 28, 35",
		limits:  "核定须公示并可申辩 assessments are published and may be contested",
		flow:    []string{"受理申报 accept the return", "核定 assess", "公示 publish", "征收 collect", "入库 pay in"},
		risk:    "人情税、核定畸低 tax among friends, assessments too low",
		control: "行业预警线与交叉复核 warning line of the trade, cross check",
		factors: post.Factors{Nature: 5, Scope: 4, Discretion: 4, Likelihood: 3, Harm: 4}, grievances: []string{"assessment", "slow", "favours"},
	},
	{
		key: "refund", code: "T", department: "SZ", stream: enforcement.KindApproval, zh: "退税审核", en: "Refund Section",
		power: "退税与减免审核 Refunds and reliefs", legalBasis: "税收征收管理法 art. 51; 增值税法 art. 21",
		limits:  "十个工作日内办结 decided within ten working days",
		flow:    []string{"受理 accept", "审核 check", "复核 check again", "退库 pay out"},
		risk:    "拖延退税、违规减免 refunds held back, relief against the rules",
		control: "限时预警、审批与退库分离 time limit alarm, approval apart from payment",
		factors: post.Factors{Nature: 5, Scope: 3, Discretion: 3, Likelihood: 3, Harm: 4}, grievances: []string{"refund", "slow", "review"},
	},
	{
		key: "inspection", code: "J", department: "FX", stream: enforcement.KindInspection, zh: "检查", en: "Tax Audit Section",
		power: "税务检查 Tax audits", legalBasis: "税收征收管理法 art. 54, 59",
		limits:  "出示检查证与通知书 identity card and notice shown; two officers",
		flow:    []string{"选案 select", "通知 notify", "实施检查 audit", "听取意见 hear the taxpayer", "结论 conclude"},
		risk:    "选案随意、接受宴请 arbitrary selection, hospitality of the audited",
		control: "双随机选案与廉政回访 random selection, integrity call-back",
		factors: post.Factors{Nature: 4, Scope: 3, Discretion: 4, Likelihood: 3, Harm: 4}, grievances: []string{"inspection", "favours", "slow"},
	},
	{
		key: "penalty", code: "F", department: "FG", stream: enforcement.KindPenalty, zh: "处罚案件", en: "Penalty Cases Section",
		power: "税务行政处罚 Tax penalties", legalBasis: "税收征收管理法 art. 60–64; 行政处罚法 art. 57",
		limits:  "处罚幅度按裁量基准 within the discretion benchmark; legal review before the decision",
		flow:    []string{"立案 open", "调查取证 investigate", "告知听证 notify and hear", "法制审核 legal review", "决定 decide", "送达 serve"},
		risk:    "同案不同罚、以罚代刑 like cases punished unlike, crimes not referred",
		control: "裁量基准校验与法制审核 benchmark check and legal review",
		factors: post.Factors{Nature: 5, Scope: 3, Discretion: 5, Likelihood: 2, Harm: 5}, grievances: []string{"penalty", "slow", "attitude"},
	},
	{
		key: "invoice", code: "P", department: "ZG", stream: enforcement.KindApproval, zh: "发票管理", en: "Invoice Section",
		power: "发票领用与限额审批 Invoices and their ceilings", legalBasis: "发票管理办法 art. 15",
		limits:  "按风险等级核定 by risk class; reasons told in writing",
		flow:    []string{"受理 accept", "实地核查 look on the spot", "审批 approve", "发放 hand out"},
		risk:    "违规提高限额 ceilings raised against the rules",
		control: "分级审批与风险扫描 approval by level, risk scan",
		factors: post.Factors{Nature: 3, Scope: 4, Discretion: 3, Likelihood: 3, Harm: 3}, grievances: []string{"review", "slow", "attitude"},
	},
}

// What the windows of the tax service hall do.
var taxWindow = &duty{
	key: "window", department: "NS", stream: enforcement.KindApproval, zh: "办税窗口", en: "Tax Window",
	power: "窗口受理与咨询 Acceptance and advice at the window", legalBasis: "纳税服务规范",
	limits:  "当场受理或一次性告知 accept at once or tell all that is missing",
	flow:    []string{"取号 ticket", "受理 accept", "流转 pass on", "办结告知 notify"},
	risk:    "态度生硬、推诿、超时 rudeness, passing the buck, long waits",
	control: "评价器与导税巡视 rating device and walk-round",
	factors: post.Factors{Nature: 1, Scope: 4, Discretion: 2, Likelihood: 3, Harm: 2}, grievances: []string{"attitude", "slow", "attitude"},
}

var taxGrievances = map[string]grievance{
	"slow": {
		category: "办税迟缓 slow tax service",
		texts: []string{
			"{things}的申请（受理号 {no}）{hours} 个工作日仍无答复。 The application of a {things}, number {no}, has had no answer for {hours} working days.",
			"同日申请的其他企业均已办结，我们{things}被无故搁置。 Others that applied the same day are done; our {things} was set aside without a reason.",
		},
		conduct: "未在规定时限内办理且未告知原因 not dealt with in time, no reason told", clause: "首问负责与限时办结规定 art. 6",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureEducation, domain.MeasureExamination, domain.MeasureCirculated},
	},
	"attitude": {
		category: "窗口态度生硬 rude window service",
		texts: []string{
			"咨询发票问题被说“自己看网上”。 Asked about invoices and was told to 'look on the internet'.",
			"材料缺一项，跑了三趟，每次说法不同。 Three trips for one missing paper, each time told something else.",
			"排队 {hours} 号，轮到时说系统下班。 Waited behind {hours} others and was told the system had closed.",
		},
		conduct: "窗口服务态度生硬，未一次性告知 rude at the window, not all told at once", clause: "窗口服务规范 art. 9",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureEducation, domain.MeasureExamination, domain.MeasureCirculated, domain.MeasureAdmonition},
	},
	"assessment": {
		category: "核定不公 unfair assessment",
		texts:    []string{"同街同规模的{things}核定税额不到我们一半，未公示依据。 A {things} of the same size in the same street is assessed at less than half, and no grounds were published."},
		conduct:  "核定税额未公示、未听取意见 assessed without publication and without a hearing", clause: "个体工商户税收定期定额征收管理办法 art. 7",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureCirculated, domain.MeasureAdmonition},
	},
	"refund": {
		category: "退税拖延 refund delayed",
		texts:    []string{"{things}的退税申请 {no} 已两个月，说系统问题。 Refund {no} of a {things} has waited two months; 'the system', they say."},
		conduct:  "退税超过规定期限 refund past the term", clause: "税收征收管理法 art. 51",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureExamination},
	},
	"review": {
		category: "反复补正 papers asked for again and again",
		texts:    []string{"申请 {no} 被退四次，每次要求不同材料。 Application {no} was returned four times, each time for another paper."},
		conduct:  "未一次性告知补正内容 what was missing not told at once", clause: "首问负责与限时办结规定 art. 4",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureCirculated},
	},
	"inspection": {
		category: "随意检查 arbitrary audit",
		texts: []string{
			"一个月内三次检查{things}，未出示通知书。 A {things} audited three times in a month, no notice shown.",
			"只有一名税务人员到场，调走账册 {hours} 天。 A single officer came and took the books for {hours} days.",
		},
		conduct: "未出示通知书、单人检查 audited without notice, alone", clause: "税收征收管理法 art. 59",
		measures: []domain.Measure{domain.MeasureExamination, domain.MeasureAdmonition, domain.MeasureWarning},
	},
	"favours": {
		category: "索要好处 asking for favours",
		texts: []string{
			"暗示送购物卡就能少核定税额。 It was hinted that a gift card lowers the assessment.",
			"要求{things}指定代理记账公司，并提到受理号 {no}。 A {things} was made to take a certain bookkeeper, with number {no} mentioned.",
		},
		conduct: "收受管理服务对象礼品礼金 accepted gifts from those supervised", clause: "公职人员政务处分法 art. 34",
		measures: []domain.Measure{domain.MeasureWarning, domain.MeasureDemerit, domain.MeasureDemerit, domain.MeasureMajor},
	},
	"penalty": {
		category: "处罚不公 unfair penalty",
		texts:    []string{"同样逾期申报，别家{things}免罚，我司罚款，申辩未被听取。 For the like late return another {things} went free; we were fined and not heard."},
		conduct:  "未听取陈述申辩即作出处罚 penalty without hearing the defence", clause: "行政处罚法 art. 45",
		measures: []domain.Measure{domain.MeasureCirculated, domain.MeasureAdmonition, domain.MeasureWarning},
	},
}
