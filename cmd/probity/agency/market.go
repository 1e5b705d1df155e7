package agency

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/unit"
)

var marketClauses, marketTiers, marketMilder = benchmark(
	norm.Clause{Code: "G07", Text: "经营超过保质期的食品 Food sold past its date"},
	norm.Clause{Code: "G31", Text: "虚假宣传 Misleading advertising"},
	[3]string{
		"首次、货值不足 500 元、主动下架 first time, below 500 yuan, taken off the shelf unasked",
		"货值 500 元至 1 万元 goods of 500 to 10,000 yuan",
		"一年内再次、受众较广 again within a year, many reached",
	}, 2)

// market 市场监督管理局: who may trade, and with what. It levies nothing.
var market = &profile{
	key: MarketSupervision, prefix: "SJ", zh: "临浦区市场监督管理局", en: "Linpu District Market Supervision Administration",
	head: "局长", clerk: "执法员", site: "linpu.market.example",
	departments: []department{
		{"ZC", unit.KindDepartment, "注册许可科", "Registration and Licensing Department", ""},
		{"DT", unit.KindSection, "注册大厅", "Registration Hall", "ZC"},
		{"SP", unit.KindDepartment, "食品安全科", "Food Safety Department", ""},
		{"ZL", unit.KindDepartment, "质量与特种设备科", "Quality and Special Equipment Department", ""},
		{"ZD", unit.KindDepartment, "综合执法大队", "Enforcement Brigade", ""},
		{"FG", unit.KindDepartment, "法规科", "Legal Department", ""},
	},
	hall: "DT", hallPlace: "注册大厅 Registration Hall", renamed: [2]string{"企业服务大厅", "Business Service Hall"}, sample: "ZD",
	duties: marketDuties, window: marketWindow, grievances: marketGrievances,
	things: []string{"面馆 noodle shop", "超市 supermarket", "药店 pharmacy", "电梯 lift", "菜市场 food market", "奶茶店 tea shop",
		"早教中心 nursery", "健身房 gym", "加油站 petrol station", "网络直播间 live-stream shop"},
	reference: "5307%08d",
	clauses:   marketClauses, tiers: marketTiers, milder: marketMilder,
	matters: map[enforcement.Kind][]string{
		enforcement.KindApproval:   {"食品经营许可 Food business licence", "营业执照设立登记 Registration of a business", "药品经营许可 Pharmacy licence"},
		enforcement.KindPenalty:    {"经营过期食品案 Food sold past its date", "虚假宣传案 Misleading advertising", "无照经营案 Trade without a licence", "特种设备超期未检案 Special equipment not inspected in time"},
		enforcement.KindInspection: {"食品安全双随机检查 Random food inspection", "电梯维保检查 Inspection of lift maintenance", "药店飞行检查 Unannounced visit to a pharmacy"},
		enforcement.KindTrade:      {"罚没物品公开拍卖 Auction of confiscated goods", "食品抽检服务采购 Purchase of food tests"},
	},
	certificate: "市监执字",
	courses: []string{"市场监管程序规定 Procedure of market supervision", "廉政警示教育 Integrity education", "食品安全法 Food safety law",
		"窗口服务礼仪 Window service", "行政处罚裁量基准 Discretion benchmarks", "特种设备安全 Safety of special equipment",
		"双随机系统操作 The random selection system", "执法记录与证据 Records and evidence", "公务员职业道德 Civil service ethics"},
	merits: []string{
		"全年核发许可 2,600 件，无一差错 2,600 licences in a year without an error",
		"拒收商户礼品并上交 refused gifts of traders and handed them in",
		"查处假药案件有功 merit in a case of false medicines",
		"企业开办压缩至半天 a business opened within half a day",
		"校园食堂隐患整改全覆盖 every school kitchen put right",
		"调解消费纠纷 640 起 640 consumer disputes settled",
	},
	ties: []tie{
		{"配偶从业 spouse's employment", "临浦餐饮管理公司 Linpu Catering"},
		{"兄弟姐妹从业 sibling's employment", "安达电梯维保 Anda Lift Maintenance"},
		{"子女从业 child's employment", "临浦食品检测 Linpu Food Testing"},
		{"持股 shareholding", "惠民连锁药房 Huimin Pharmacies"},
		{"姻亲关系 in-law", "开元企业登记代理 Kaiyuan Registration Agents"},
	},
	aims: []target{
		{"", "双随机检查结果公示 Results of random inspections published", "公示页 pages"},
		{"", "许可到期提醒 Licences about to lapse reminded", "提醒记录 record of reminders"},
	},
	elsewhere: "区城市管理行政执法局 District Urban Management Bureau",
	former:    [2]string{"原溪浦工商所", "former Xipu Trade Office"},
	stories:   []int{storyDismissedCase, storyClean, storySkippedHearing, storyOutlier, storySurvey2015},
	troubles:  troubles{dull: activity.FormatFilm, untested: "licence", idle: true, unreviewed: true},
}

// The duties of its sections, in the order in which it grows them.
var marketDuties = []*duty{
	{
		key: "licence", code: "X", department: "ZC", stream: enforcement.KindApproval, zh: "许可", en: "Licensing Section",
		power: "食品药品经营许可 Food and pharmacy licences", legalBasis: "行政许可法 art. 42; 食品安全法 art. 35",
		limits:  "二十日内决定，现场核查两人 decided within twenty days, two look on the spot",
		flow:    []string{"受理 accept", "现场核查 look on the spot", "审批 approve", "发证 issue"},
		risk:    "核查走过场、以证换好处 visits for form's sake, licences traded for favours",
		control: "核查影像上传与随机派员 images filed, officers assigned at random",
		factors: post.Factors{Nature: 5, Scope: 4, Discretion: 4, Likelihood: 3, Harm: 5}, grievances: []string{"licence", "slow", "favours"},
	},
	{
		key: "inspection", code: "S", department: "SP", stream: enforcement.KindInspection, zh: "食品检查", en: "Food Inspection Section",
		power: "食品安全监督检查 Food inspections", legalBasis: "食品安全法 art. 110",
		limits:  "双随机抽取，亮证检查 drawn at random, identity shown; two officers",
		flow:    []string{"抽取 draw", "检查 inspect", "抽样 sample", "录入 record", "公示 publish"},
		risk:    "选择性检查、通风报信 selective inspection, warnings in advance",
		control: "双随机、执法记录仪全程开启 random draw, body camera on",
		factors: post.Factors{Nature: 4, Scope: 5, Discretion: 4, Likelihood: 3, Harm: 5}, grievances: []string{"inspection", "favours", "slow"},
	},
	{
		key: "penalty", code: "F", department: "ZD", stream: enforcement.KindPenalty, zh: "办案", en: "Penalty Cases Section",
		power: "市场监管行政处罚 Penalties of market supervision", legalBasis: "行政处罚法 art. 57; 市场监督管理行政处罚程序规定",
		limits:  "处罚幅度按裁量基准 within the discretion benchmark; legal review before the decision",
		flow:    []string{"立案 open", "调查取证 investigate", "告知听证 notify and hear", "法制审核 legal review", "决定 decide", "送达 serve"},
		risk:    "小过重罚、同案不同罚 heavy fines for small faults, like cases punished unlike",
		control: "裁量基准校验与法制审核 benchmark check and legal review",
		factors: post.Factors{Nature: 5, Scope: 4, Discretion: 5, Likelihood: 3, Harm: 4}, grievances: []string{"penalty", "slow", "attitude"},
	},
	{
		key: "equipment", code: "T", department: "ZL", stream: enforcement.KindInspection, zh: "特种设备", en: "Special Equipment Section",
		power: "特种设备安全监察 Safety of lifts and boilers", legalBasis: "特种设备安全法 art. 57, 61",
		limits:  "监察指令书载明期限 orders name a day",
		flow:    []string{"计划 plan", "现场检查 inspect", "下达指令 order", "复查 check again"},
		risk:    "放任超期设备、指定维保单位 overdue equipment let pass, maintenance firms imposed",
		control: "超期自动预警、指令复查闭环 alarm when overdue, orders checked",
		factors: post.Factors{Nature: 4, Scope: 3, Discretion: 3, Likelihood: 2, Harm: 5}, grievances: []string{"equipment", "slow", "favours"},
	},
	{
		key: "registration", code: "Z", department: "ZC", stream: enforcement.KindApproval, zh: "登记", en: "Registration Section",
		power: "市场主体登记 Registration of businesses", legalBasis: "市场主体登记管理条例 art. 19",
		limits:  "材料齐全当场登记 at once when the papers are complete",
		flow:    []string{"受理 accept", "形式审查 formal check", "登记 register", "发照 issue"},
		risk:    "反复退件、指定代理 returned again and again, agents imposed",
		control: "一次性告知与退件抽查 all told at once, sample of returns",
		factors: post.Factors{Nature: 2, Scope: 4, Discretion: 2, Likelihood: 3, Harm: 2}, grievances: []string{"review", "slow", "attitude"},
	},
}

// What the windows of the registration hall do.
var marketWindow = &duty{
	key: "window", department: "ZC", stream: enforcement.KindApproval, zh: "注册窗口", en: "Registration Window",
	power: "窗口受理与咨询 Acceptance and advice at the window", legalBasis: "市场主体登记管理条例 art. 17; 窗口服务规范",
	limits:  "当场受理或一次性告知 accept at once or tell all that is missing",
	flow:    []string{"取号 ticket", "受理 accept", "流转 pass on", "办结告知 notify"},
	risk:    "态度生硬、推诿、超时 rudeness, passing the buck, long waits",
	control: "服务评价器与现场巡视 rating device and walk-round",
	factors: post.Factors{Nature: 1, Scope: 4, Discretion: 2, Likelihood: 3, Harm: 2}, grievances: []string{"attitude", "slow", "attitude"},
}

var marketGrievances = map[string]grievance{
	"slow": {
		category: "办理迟缓 slow handling",
		texts: []string{
			"{things}的申请（受理号 {no}）{hours} 天没有消息，电话无人接。 No word for {hours} days on the application of a {things}, number {no}; nobody picks up the telephone.",
			"举报过的{things}照常营业，一直没有处理。 The {things} I reported trades as before, and nothing is done.",
		},
		conduct: "未在规定时限内办理且未告知原因 not dealt with in time, no reason told", clause: "首问负责与限时办结规定 art. 6",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureEducation, domain.MeasureExamination, domain.MeasureCirculated},
	},
	"attitude": {
		category: "窗口态度生硬 rude window service",
		texts: []string{
			"问名称能不能用，回答“系统说不行就不行”。 Asked whether a name is free and was told 'if the system says no, it is no'.",
			"材料缺一项，来回跑了三趟，每次说法都不同。 Three trips for one missing paper, each time told something else.",
		},
		conduct: "窗口服务态度生硬，未一次性告知 rude at the window, not all told at once", clause: "窗口服务规范 art. 9",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureEducation, domain.MeasureExamination, domain.MeasureCirculated, domain.MeasureAdmonition},
	},
	"licence": {
		category: "许可不公 unfair licensing",
		texts:    []string{"同样条件的{things}当天拿证，我们现场核查三次不过，理由不写。 A {things} like ours had its licence the same day; we failed three visits, and no reason is written."},
		conduct:  "现场核查未出具书面意见 no written opinion after the visit", clause: "食品经营许可管理办法 art. 19",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureCirculated, domain.MeasureAdmonition},
	},
	"equipment": {
		category: "特种设备监管不力 lax supervision of equipment",
		texts:    []string{"小区电梯超期 {hours} 个月未检，报告 {no} 后仍在运行。 The lift is {hours} months past its inspection and still runs after report {no}."},
		conduct:  "对超期未检设备未下达指令 no order on overdue equipment", clause: "特种设备安全法 art. 62",
		measures: []domain.Measure{domain.MeasureExamination, domain.MeasureCirculated, domain.MeasureAdmonition},
	},
	"review": {
		category: "反复退件 applications returned again and again",
		texts:    []string{"登记申请 {no} 被退四次，每次理由不同。 Application {no} was returned four times, each time for another reason."},
		conduct:  "未一次性告知退件原因 reasons for the return not told at once", clause: "首问负责与限时办结规定 art. 4",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureCirculated},
	},
	"inspection": {
		category: "随意检查 arbitrary inspection",
		texts: []string{
			"一周内三次检查{things}，均无问题，也不亮证。 A {things} inspected three times in a week, nothing found, no identity shown.",
			"只有一名执法人员到场，拿走样品不给单据。 A single officer came and took samples without a receipt.",
		},
		conduct: "未亮证、单人检查 inspected without identity, alone", clause: "市场监督管理行政检查程序 art. 8",
		measures: []domain.Measure{domain.MeasureExamination, domain.MeasureAdmonition, domain.MeasureWarning},
	},
	"favours": {
		category: "索要好处 asking for favours",
		texts: []string{
			"暗示“表示一下”就不再检查{things}。 It was hinted that 'a token' would end the visits to the {things}.",
			"要求{things}找指定代办，并提到受理号 {no}。 A {things} was sent to a certain agent, with number {no} mentioned.",
		},
		conduct: "收受管理服务对象礼品礼金 accepted gifts from those supervised", clause: "公职人员政务处分法 art. 34",
		measures: []domain.Measure{domain.MeasureWarning, domain.MeasureDemerit, domain.MeasureDemerit, domain.MeasureMajor},
	},
	"penalty": {
		category: "处罚不公 unfair penalty",
		texts:    []string{"一瓶过期饮料罚两千，隔壁{things}只警告，申辩未被听取。 Two thousand for one bottle past its date; the {things} next door was warned. We were not heard."},
		conduct:  "未听取陈述申辩即作出处罚 penalty without hearing the defence", clause: "行政处罚法 art. 45",
		measures: []domain.Measure{domain.MeasureCirculated, domain.MeasureAdmonition, domain.MeasureWarning},
	},
}
