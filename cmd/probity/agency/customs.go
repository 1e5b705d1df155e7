package agency

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/unit"
)

var customsClauses, customsTiers, customsMilder = benchmark(
	norm.Clause{Code: "C12", Text: "申报不实 Inaccurate declaration"},
	norm.Clause{Code: "C18", Text: "擅自转让监管货物 Transfer of goods under supervision"},
	[3]string{
		"初次、漏缴税款不足 1 万元、主动更正 first time, less than 10,000 yuan evaded, corrected unasked",
		"漏缴税款 1 万至 10 万元 10,000 to 100,000 yuan evaded",
		"两年内再次、金额较大 again within two years, large amount",
	}, 1)

// customs 海关: goods at the border, in all five streams.
var customs = &profile{
	key: Customs, prefix: "HG", zh: "临浦海关", en: "Linpu Customs",
	head: "关长", clerk: "关员", site: "linpu.customs.example",
	departments: []department{
		{"TG", unit.KindDepartment, "通关业务处", "Clearance Department", ""},
		{"DT", unit.KindSection, "报关大厅", "Declaration Hall", "TG"},
		{"CY", unit.KindDepartment, "查验处", "Inspection Department", ""},
		{"ZS", unit.KindDepartment, "关税处", "Duties Department", ""},
		{"QG", unit.KindDepartment, "企业管理和稽查处", "Enterprise and Audit Department", ""},
		{"FZ", unit.KindDepartment, "法制处", "Legal Department", ""},
	},
	hall: "DT", hallPlace: "报关大厅 Declaration Hall", renamed: [2]string{"通关服务大厅", "Clearance Service Hall"}, sample: "CY",
	duties: customsDuties, window: customsWindow, grievances: customsGrievances,
	things: []string{"冷冻虾 frozen shrimp", "集成电路 integrated circuits", "化妆品 cosmetics", "汽车零件 car parts", "红酒 wine", "医疗器械 medical devices",
		"木材 timber", "跨境电商包裹 parcels", "奶粉 milk powder", "塑料粒子 plastic pellets"},
	reference: "2248%08d",
	clauses:   customsClauses, tiers: customsTiers, milder: customsMilder,
	matters: map[enforcement.Kind][]string{
		enforcement.KindApproval:   {"减免税资格审批 Approval of duty relief", "企业注册登记 Registration of an enterprise", "暂时进境展品核准 Temporary import of exhibits"},
		enforcement.KindLevy:       {"进口关税征收 Import duty", "补征税款 Duty paid in addition"},
		enforcement.KindPenalty:    {"申报不实案 Inaccurate declaration", "擅自转让监管货物案 Transfer of goods under supervision", "影响税款征收案 Conduct affecting the collection of duty"},
		enforcement.KindInspection: {"货物查验 Inspection of goods", "企业稽查 Audit of an enterprise"},
		enforcement.KindTrade:      {"罚没物资拍卖 Auction of confiscated goods"},
	},
	certificate: "关执字",
	courses: []string{"海关法与执法程序 Customs law and procedure", "廉政警示教育 Integrity education", "商品归类实务 Tariff classification",
		"窗口服务礼仪 Window service", "行政处罚裁量基准 Discretion benchmarks", "原产地规则 Rules of origin",
		"智慧海关系统操作 Clearance systems", "执法记录与证据 Records and evidence", "公务员职业道德 Civil service ethics"},
	merits: []string{
		"全年办结 3,200 票报关单，无一差错 3,200 declarations in a year without an error",
		"拒收红包 5 次并上交 refused and handed in five gifts",
		"查获走私案件有功 merit in uncovering smuggling",
		"窗口满意率 99.6% window satisfaction of 99.6 %",
		"优化查验流程，平均时长缩短三成 inspection time cut by three tenths",
		"疫情期间连续坚守岗位 stood by the post through the epidemic",
	},
	ties: []tie{
		{"配偶从业 spouse's employment", "远航报关有限公司 Yuanhang Customs Brokers"},
		{"兄弟姐妹从业 sibling's employment", "临浦国际货运代理 Linpu Freight Forwarding"},
		{"子女从业 child's employment", "港湾物流园 Harbour Logistics Park"},
		{"持股 shareholding", "海通进出口有限公司 Haitong Import and Export"},
		{"原工作单位 former employer", "东港码头公司 Donggang Terminals"},
		{"姻亲关系 in-law", "顺达仓储 Shunda Warehousing"},
	},
	aims: []target{
		{"", "查验录像抽查 Sample of inspection videos", "抽查 30 份 thirty samples"},
		{"", "压缩通关时间 Shorter clearance", "时长统计 statistics of time"},
	},
	elsewhere: "区市场监督管理局 District Market Supervision Administration",
	former:    [2]string{"原溪浦海关", "former Xipu Customs"},
	stories:   []int{storyDemerit, storyImported, storyExpired, storyCycle},
	troubles:  troubles{stale: true},
}

// The duties of its sections, in the order in which it grows them.
var customsDuties = []*duty{
	{
		key: "inspection", code: "C", department: "CY", stream: enforcement.KindInspection, zh: "查验", en: "Goods Inspection Section",
		power: "进出口货物查验 Physical inspection of goods", legalBasis: "海关法 art. 28",
		limits:  "布控指令或风险研判 on a control order or risk assessment only; two officers present",
		flow:    []string{"接收布控指令 receive control order", "派单 assign two officers", "实施查验 inspect", "录入结果 record result", "复核放行 check and release"},
		risk:    "随意开箱、选择性查验、借机索要好处 arbitrary or selective inspection, favours asked for",
		control: "随机派员、全程录像、双人作业 random assignment, full video, two persons",
		factors: post.Factors{Nature: 4, Scope: 4, Discretion: 4, Likelihood: 3, Harm: 4}, grievances: []string{"inspection", "favours", "slow", "damage"},
	},
	{
		key: "review", code: "S", department: "TG", stream: enforcement.KindApproval, zh: "审单", en: "Declaration Review Section",
		power: "报关单证审核 Review of declarations", legalBasis: "海关法 art. 24",
		limits:  "系统派单 declarations assigned by the system; return once with all reasons",
		flow:    []string{"系统派单 assignment", "审核单证 review", "退单或通过 return or pass", "抽查复核 sample check"},
		risk:    "压单、反复退单、挑单 declarations held back, returned again and again, or picked",
		control: "限时审核预警与一次性告知 time limit alarm, all reasons told at once",
		factors: post.Factors{Nature: 3, Scope: 4, Discretion: 3, Likelihood: 3, Harm: 3}, grievances: []string{"slow", "review", "favours"},
	},
	{
		key: "duty", code: "Z", department: "ZS", stream: enforcement.KindLevy, zh: "征税", en: "Duty Assessment Section",
		power: "税款审定与征收 Assessment and collection of duties", legalBasis: "海关法 art. 53, 55",
		limits:  "估价质疑须书面告知 doubts about value told in writing",
		flow:    []string{"审价 assess value", "质疑与磋商 query and consult", "开具税款缴款书 issue the note", "核销 clear"},
		risk:    "随意估价、拖延退税 arbitrary valuation, refunds delayed",
		control: "价格风险参数与退税限时 price parameters and time limit for refunds",
		factors: post.Factors{Nature: 5, Scope: 4, Discretion: 3, Likelihood: 2, Harm: 4}, grievances: []string{"valuation", "slow", "refund"},
	},
	{
		key: "penalty", code: "F", department: "FZ", stream: enforcement.KindPenalty, zh: "处罚案件", en: "Penalty Cases Section",
		power: "行政处罚案件办理 Administrative penalty cases", legalBasis: "海关行政处罚实施条例; 行政处罚法 art. 57",
		limits:  "处罚幅度按裁量基准 within the discretion benchmark; legal review before the decision",
		flow:    []string{"立案 open", "调查取证 investigate", "告知听证 notify and hear", "法制审核 legal review", "决定 decide", "送达 serve"},
		risk:    "同案不同罚、以罚代刑 like cases punished unlike, crimes not referred",
		control: "裁量基准校验与法制审核 benchmark check and legal review",
		factors: post.Factors{Nature: 5, Scope: 3, Discretion: 5, Likelihood: 2, Harm: 5}, grievances: []string{"penalty", "slow", "attitude"},
	},
	{
		key: "classification", code: "G", department: "TG", stream: enforcement.KindLevy, zh: "归类", en: "Tariff Classification Section",
		power: "商品归类认定 Tariff classification", legalBasis: "海关法 art. 42",
		limits:  "税率差超过 10 个百分点须集体审议 above ten points of rate difference by a panel",
		flow:    []string{"受理 accept", "查阅归类决定 look up rulings", "提出意见 propose", "集体审议 panel", "告知 notify"},
		risk:    "同一商品不同归类、以归类换好处 like goods classified unlike, classification traded for favours",
		control: "归类先例库与交叉复核 precedent base and cross check",
		factors: post.Factors{Nature: 5, Scope: 4, Discretion: 4, Likelihood: 3, Harm: 4}, grievances: []string{"classification", "slow", "favours"},
	},
	{
		key: "audit", code: "J", department: "QG", stream: enforcement.KindInspection, zh: "稽查", en: "Post-clearance Audit Section",
		power: "对企业的稽查 Audit of enterprises", legalBasis: "海关法 art. 45; 海关稽查条例",
		limits:  "提前三日书面通知 written notice three days ahead; two officers",
		flow:    []string{"选案 select", "通知 notify", "实施稽查 audit", "征求意见 hear the enterprise", "结论 conclude"},
		risk:    "选案随意、接受企业宴请 arbitrary selection, hospitality of the audited",
		control: "双随机选案与廉政回访 random selection, integrity call-back",
		factors: post.Factors{Nature: 4, Scope: 3, Discretion: 4, Likelihood: 3, Harm: 4}, grievances: []string{"audit", "favours", "slow"},
	},
	{
		key: "exemption", code: "M", department: "ZS", stream: enforcement.KindApproval, zh: "减免税", en: "Duty Relief Section",
		power: "减免税审批 Approval of duty relief", legalBasis: "海关法 art. 57",
		limits:  "十个工作日内办结 decided within ten working days",
		flow:    []string{"受理 accept", "审核资格 check entitlement", "审批 approve", "后续监管 follow up"},
		risk:    "违规审批、后续监管缺位 relief against the rules, no follow-up",
		control: "审批与监管分离 approval apart from follow-up",
		factors: post.Factors{Nature: 5, Scope: 2, Discretion: 3, Likelihood: 2, Harm: 4}, grievances: []string{"slow", "refund", "review"},
	},
}

// What the windows of the declaration hall do.
var customsWindow = &duty{
	key: "window", department: "TG", stream: enforcement.KindApproval, zh: "报关窗口", en: "Declaration Window",
	power: "窗口受理与咨询 Acceptance and advice at the window", legalBasis: "海关法 art. 24; 窗口服务规范",
	limits:  "当场受理或一次性告知 accept at once or tell all that is missing",
	flow:    []string{"取号 ticket", "受理 accept", "流转 pass on", "办结告知 notify"},
	risk:    "态度生硬、推诿、超时 rudeness, passing the buck, long waits",
	control: "服务评价器与现场巡视 rating device and walk-round",
	factors: post.Factors{Nature: 1, Scope: 4, Discretion: 2, Likelihood: 3, Harm: 2}, grievances: []string{"attitude", "slow", "attitude"},
}

var customsGrievances = map[string]grievance{
	"slow": {
		category: "通关迟缓 slow clearance",
		texts: []string{
			"{things}一批（报关单 {no}）申报后 {hours} 小时仍未处理，多次询问没有答复。 A consignment of {things} lay {hours} hours without a decision, and nobody answered.",
			"同日申报的其他企业均已放行，我司{things}被无故搁置。 Others that declared the same day were released; our {things} was set aside without a reason.",
		},
		conduct: "未在规定时限内办理且未告知原因 not dealt with in time, no reason told", clause: "首问负责与限时办结规定 art. 6",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureEducation, domain.MeasureExamination, domain.MeasureCirculated},
	},
	"attitude": {
		category: "窗口态度生硬 rude window service",
		texts: []string{
			"窗口关员边看手机边办理，询问时说“自己看公告”。 The officer looked at a phone and said 'read the notice yourself'.",
			"材料缺一项，来回跑了三趟，每次说法都不同。 Three trips for one missing paper, each time told something else.",
			"{hours} 点前到号却被告知下班，态度恶劣。 My number came up and I was told the window was closed.",
		},
		conduct: "窗口服务态度生硬，未一次性告知 rude at the window, not all told at once", clause: "窗口服务规范 art. 9",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureEducation, domain.MeasureExamination, domain.MeasureCirculated, domain.MeasureAdmonition},
	},
	"classification": {
		category: "归类错误 wrong classification",
		texts: []string{
			"同一型号{things}，去年归入低税号，今年要求按高税号补税，未说明依据。 The same {things} fell under a lower heading last year; now a higher one, with no grounds given.",
			"提交了归类决定书，仍被要求改单。 A ruling was shown and still the declaration had to be changed.",
		},
		conduct: "未查阅归类先例即作出认定 classified without looking up precedents", clause: "商品归类管理规定 art. 14",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureCirculated, domain.MeasureAdmonition},
	},
	"inspection": {
		category: "随意查验 arbitrary inspection",
		texts: []string{
			"一周内三次开箱查验{things}，均无异常，也未出示布控指令。 {things} opened three times in a week, nothing found, no control order shown.",
			"只有一名关员到场，要求全部掏箱。 A single officer came and had the whole container emptied.",
		},
		conduct: "无布控指令实施查验、单人作业 inspected without a control order, alone", clause: "查验作业规程 art. 12",
		measures: []domain.Measure{domain.MeasureExamination, domain.MeasureAdmonition, domain.MeasureWarning},
	},
	"favours": {
		category: "索要好处 asking for favours",
		texts: []string{
			"暗示“茶水费”后当天放行，否则要查验{things}。 'Tea money' was hinted at: release the same day, or the {things} is inspected.",
			"要求报关员代付餐费，并提到报关单 {no}。 Our broker was made to pay a dinner, with declaration {no} mentioned.",
		},
		conduct: "收受管理服务对象礼品礼金 accepted gifts from those supervised", clause: "公职人员政务处分法 art. 34",
		measures: []domain.Measure{domain.MeasureWarning, domain.MeasureDemerit, domain.MeasureDemerit, domain.MeasureMajor},
	},
	"damage": {
		category: "查验损坏货物 goods damaged at inspection",
		texts:    []string{"查验后{things}外包装破损，拒绝出具记录。 Packing of {things} torn at inspection, and no record was given."},
		conduct:  "查验损坏货物未如实记录 damage at inspection not recorded", clause: "查验作业规程 art. 21",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureExamination},
	},
	"review": {
		category: "反复退单 declarations returned again and again",
		texts:    []string{"报关单 {no} 被退四次，每次理由不同。 Declaration {no} was returned four times, each time for another reason."},
		conduct:  "未一次性告知退单原因 reasons for the return not told at once", clause: "首问负责与限时办结规定 art. 4",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureCirculated},
	},
	"valuation": {
		category: "估价不公 unfair valuation",
		texts:    []string{"{things}成交价格真实，被按参考价补税且不说明依据。 The price of {things} is genuine; duty was taken on a reference price without grounds."},
		conduct:  "价格质疑未书面告知 doubts about value not told in writing", clause: "审价办法 art. 43",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureCirculated, domain.MeasureAdmonition},
	},
	"refund": {
		category: "退税拖延 refund delayed",
		texts:    []string{"退税申请 {no} 已两个月，说系统问题。 Refund {no} has waited two months; 'the system', they say."},
		conduct:  "退税超过法定时限 refund past the term", clause: "海关法 art. 63",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureExamination},
	},
	"audit": {
		category: "稽查扰企 audit that disturbs business",
		texts:    []string{"未提前通知即进厂稽查，封存账册 {hours} 天。 An audit without notice; the books sealed for {hours} days."},
		conduct:  "未提前书面通知实施稽查 audit without written notice", clause: "海关稽查条例 art. 10",
		measures: []domain.Measure{domain.MeasureExamination, domain.MeasureAdmonition},
	},
	"penalty": {
		category: "处罚不公 unfair penalty",
		texts:    []string{"同类申报不实，他人警告，我司罚款，申辩未被听取。 For the like misdeclaration others were warned, we were fined and not heard."},
		conduct:  "未听取陈述申辩即作出处罚 penalty without hearing the defence", clause: "行政处罚法 art. 45",
		measures: []domain.Measure{domain.MeasureCirculated, domain.MeasureAdmonition, domain.MeasureWarning},
	},
}
