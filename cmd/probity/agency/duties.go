package agency

import "github.com/probity-ledger/probity/domain/post"

// duty is what a section or window does: the power its posts hold, and where
// that power may go astray.
type duty struct {
	key        string
	department string
	zh, en     string // of the section, less its number
	power      string
	legalBasis string
	limits     string
	flow       []string
	risk       string
	control    string
	factors    post.Factors
	// grievances are the keys of what people complain of.
	grievances []string
}

// The duties of the sections, in the order in which an agency grows them.
var duties = []*duty{
	{
		key: "inspection", department: "LP-CY", zh: "查验", en: "Goods Inspection Section",
		power: "进出口货物查验 Physical inspection of goods", legalBasis: "海关法 art. 28",
		limits:  "布控指令或风险研判 on a control order or risk assessment only; two officers present",
		flow:    []string{"接收布控指令 receive control order", "派单 assign two officers", "实施查验 inspect", "录入结果 record result", "复核放行 check and release"},
		risk:    "随意开箱、选择性查验、借机索要好处 arbitrary or selective inspection, favours asked for",
		control: "随机派员、全程录像、双人作业 random assignment, full video, two persons",
		factors: post.Factors{Nature: 4, Scope: 4, Discretion: 4, Likelihood: 3, Harm: 4}, grievances: []string{"inspection", "favours", "slow", "damage"},
	},
	{
		key: "review", department: "LP-TG", zh: "审单", en: "Declaration Review Section",
		power: "报关单证审核 Review of declarations", legalBasis: "海关法 art. 24",
		limits:  "系统派单 declarations assigned by the system; return once with all reasons",
		flow:    []string{"系统派单 assignment", "审核单证 review", "退单或通过 return or pass", "抽查复核 sample check"},
		risk:    "压单、反复退单、挑单 declarations held back, returned again and again, or picked",
		control: "限时审核预警与一次性告知 time limit alarm, all reasons told at once",
		factors: post.Factors{Nature: 3, Scope: 4, Discretion: 3, Likelihood: 3, Harm: 3}, grievances: []string{"slow", "review", "favours"},
	},
	{
		key: "classification", department: "LP-TG", zh: "归类", en: "Tariff Classification Section",
		power: "商品归类认定 Tariff classification", legalBasis: "海关法 art. 42",
		limits:  "税率差超过 10 个百分点须集体审议 above ten points of rate difference by a panel",
		flow:    []string{"受理 accept", "查阅归类决定 look up rulings", "提出意见 propose", "集体审议 panel", "告知 notify"},
		risk:    "同一商品不同归类、以归类换好处 like goods classified unlike, classification traded for favours",
		control: "归类先例库与交叉复核 precedent base and cross check",
		factors: post.Factors{Nature: 5, Scope: 4, Discretion: 4, Likelihood: 3, Harm: 4}, grievances: []string{"classification", "slow", "favours"},
	},
	{
		key: "duty", department: "LP-ZS", zh: "征税", en: "Duty Assessment Section",
		power: "税款审定与征收 Assessment and collection of duties", legalBasis: "海关法 art. 53, 55",
		limits:  "估价质疑须书面告知 doubts about value told in writing",
		flow:    []string{"审价 assess value", "质疑与磋商 query and consult", "开具税款缴款书 issue the note", "核销 clear"},
		risk:    "随意估价、拖延退税 arbitrary valuation, refunds delayed",
		control: "价格风险参数与退税限时 price parameters and time limit for refunds",
		factors: post.Factors{Nature: 5, Scope: 4, Discretion: 3, Likelihood: 2, Harm: 4}, grievances: []string{"valuation", "slow", "refund"},
	},
	{
		key: "audit", department: "LP-QG", zh: "稽查", en: "Post-clearance Audit Section",
		power: "对企业的稽查 Audit of enterprises", legalBasis: "海关法 art. 45; 海关稽查条例",
		limits:  "提前三日书面通知 written notice three days ahead; two officers",
		flow:    []string{"选案 select", "通知 notify", "实施稽查 audit", "征求意见 hear the enterprise", "结论 conclude"},
		risk:    "选案随意、接受企业宴请 arbitrary selection, hospitality of the audited",
		control: "双随机选案与廉政回访 random selection, integrity call-back",
		factors: post.Factors{Nature: 4, Scope: 3, Discretion: 4, Likelihood: 3, Harm: 4}, grievances: []string{"audit", "favours", "slow"},
	},
	{
		key: "penalty", department: "LP-FZ", zh: "处罚案件", en: "Penalty Cases Section",
		power: "行政处罚案件办理 Administrative penalty cases", legalBasis: "海关行政处罚实施条例; 行政处罚法 art. 57",
		limits:  "处罚幅度按裁量基准 within the discretion benchmark; legal review before the decision",
		flow:    []string{"立案 open", "调查取证 investigate", "告知听证 notify and hear", "法制审核 legal review", "决定 decide", "送达 serve"},
		risk:    "同案不同罚、以罚代刑 like cases punished unlike, crimes not referred",
		control: "裁量基准校验与法制审核 benchmark check and legal review",
		factors: post.Factors{Nature: 5, Scope: 3, Discretion: 5, Likelihood: 2, Harm: 5}, grievances: []string{"penalty", "slow", "attitude"},
	},
	{
		key: "exemption", department: "LP-ZS", zh: "减免税", en: "Duty Relief Section",
		power: "减免税审批 Approval of duty relief", legalBasis: "海关法 art. 57",
		limits:  "十个工作日内办结 decided within ten working days",
		flow:    []string{"受理 accept", "审核资格 check entitlement", "审批 approve", "后续监管 follow up"},
		risk:    "违规审批、后续监管缺位 relief against the rules, no follow-up",
		control: "审批与监管分离 approval apart from follow-up",
		factors: post.Factors{Nature: 5, Scope: 2, Discretion: 3, Likelihood: 2, Harm: 4}, grievances: []string{"slow", "refund", "review"},
	},
}

// windowDuty is what the windows of the declaration hall do.
var windowDuty = &duty{
	key: "window", department: "LP-TG", zh: "报关窗口", en: "Declaration Window",
	power: "窗口受理与咨询 Acceptance and advice at the window", legalBasis: "海关法 art. 24; 窗口服务规范",
	limits:  "当场受理或一次性告知 accept at once or tell all that is missing",
	flow:    []string{"取号 ticket", "受理 accept", "流转 pass on", "办结告知 notify"},
	risk:    "态度生硬、推诿、超时 rudeness, passing the buck, long waits",
	control: "服务评价器与现场巡视 rating device and walk-round",
	factors: post.Factors{Nature: 1, Scope: 4, Discretion: 2, Likelihood: 3, Harm: 2}, grievances: []string{"attitude", "slow", "attitude"},
}
