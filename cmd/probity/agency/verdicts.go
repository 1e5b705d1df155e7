package agency

import "strings"

// verdict is what people make of the warnings of a rule.
type verdict struct {
	// found is said where there was something in it, empty where there was
	// not.
	found, empty string
	// ends are how they end, one after the other; of, those in one agency.
	ends []end
	of   map[string][]end
	// clock: a deadline. How it ends, the deadline says.
	clock bool
}

// verdictOn returns what people make of a rule's warnings.
func verdictOn(rule string) verdict {
	if a, ok := verdicts[rule]; ok {
		return a
	}
	if strings.HasPrefix(rule, "clock:") {
		return verdict{clock: true, found: "核对台账：期限已到，纳入逾期专项督查 checked against the register: the term has run out, looked into with all that is overdue",
			empty: "核对台账：已办结或在期限内 checked against the register: done, or within its term"}
	}
	return verdict{found: "已核对原始记录，情况属实 the records were checked and bear it out", empty: "已核对原始记录，属数据口径 the records were checked: an artefact of the data",
		ends: []end{endFalse, endUnclear, endClean}}
}

// verdicts are those to the rules of which the district tells a story.
var verdicts = map[string]verdict{
	"activity.format_warning": {ends: []end{endInspect}, // I2
		found: "一年来只放警示片，参训人员反映流于形式 nothing but films for a year; those who came call it a formality"},
	"complaint.repeated": {ends: []end{endInspect, endUnclear, endFalse, endClean}, // I3
		found: "同一岗位同类投诉，环节设置有问题，不只是个人态度 complaints of one kind about one post: the way the work is set up, not a person's manner",
		empty: "投诉事项各不相同，岗位业务量大 the matters differ, and the post is a busy one"},
	"list.unacknowledged": {ends: []end{endFalse, endInspect, endUnclear, endFalse}, // I6
		found: "多次提醒仍未签收，且不能说出清单内容 not acknowledged after several reminders, nor able to say what the list forbids",
		empty: "长期病假，返岗当日补签 on sick leave for long; signed on the day of return"},
	"activity.minutes": {ends: []end{endInspect}, // I7
		found: "两次学习会议记录为同一文件，无人发言，走过场 the minutes of two sessions are one file, nobody spoke: an empty form"},
	"post.unguarded": {ends: []end{endInspect, endFalse, endClean}, // I9
		found: "高风险岗位的防控措施从未测试 the control of a post of high risk was never tested",
		empty: "措施已测试，登记滞后 the control was tested, and entered late"},
	"I10.overrides": {ends: []end{endInspect}, // I10
		found: "跳过步骤的理由多为“当事人催办”，由同一领导批准 most were left out because the party was in a hurry, and one leader allowed them"},
	"certificate.missing": {ends: []end{endInspect}, // D1
		found: "暂停决定口头告知，四日后才登记；其间确已办案 the suspension was told by word of mouth and entered four days later; a step was taken meanwhile"},
	"steps.skipped": {ends: []end{endInspect, endFalse, endFalse, endUnclear}, // D2
		found: "省略的步骤无正当理由 there was no good reason to leave the step out",
		empty: "涉及个人隐私，依规不公示，理由成立 private matters, rightly not posted"},
	"D3.bad": {ends: []end{endUnclear}, // D3
		empty: "差评集中在系统停机两日，无法区分窗口与系统原因 the bad ratings fall on two days without the system; window and system cannot be told apart"},
	"appraisal.worst_twice": {ends: []end{endInspect}, // D4
		found: "连续两年不称职，考核依据充分，移交人事依法办理辞退 incompetent twice in a row, on good grounds; to personnel for dismissal by law"},
	"discretion.repeated": {ends: []end{endInspect, endFalse}, // D5
		found: "减轻理由雷同，无佐证材料 the reasons for going below the tier are all alike and unproved",
		empty: "基准已修订，旧案按新基准均在阶次内 the benchmark was revised; by the new one all lie within their tier"},
	"honour.restricted": {ends: []end{endInspect}, // D7
		found: "诫勉决定迟登记四日，其间授予奖励，应予撤销 the admonition was entered four days late, the honour granted meanwhile; to be revoked"},
	"activity.format_diligence": {ends: []end{endClean}, // D8
		found: "三次均为线上学习 three in a row online"},
	"procedure.single_person": {ends: []end{endInspect}, // D9
		found: "即时办理规程未设复核，一人可办到底 the procedure has no second look; one person can carry a case through"},
	"amount.near_limit": {ends: []end{endUnclear}, // D10, as those below
		empty: "税额由申报价格决定，未见人为压低，也不能排除 the duty follows from the declared price; nothing shows that it was kept low, nothing rules it out"},
	"amount.split":    {ends: []end{endOpen}},
	"pair.approval":   {ends: []end{endFalse}, empty: "该企业为区内最大申请人，由固定窗口受理 the largest applicant of the district, served by one window as planned"},
	"pair.levy":       {ends: []end{endOpen}},
	"pair.penalty":    {ends: []end{endFoundCase}, found: "三次不予处罚理由相同，均未附首违证明 three times dropped for one reason, never with proof of a first breach"},
	"pair.inspection": {ends: []end{endClean}, found: "同一检查人五次检查均无异常 five inspections by one person, all in order"},
	"pair.trade": {ends: []end{endSlowCase},
		found: "涉嫌向特定买受人泄露底价 suspected of telling one bidder the reserve price"},
	"rule.flooded": {ends: []end{endFalse}, empty: "系上线首日清理存量，无人借机掩盖 the backlog of the first day; nobody hides anything behind it"},
}
