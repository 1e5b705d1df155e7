package agency

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// grievance is a kind of complaint: its category, what people write (with
// {goods}, {hours}, {no}), what was done where it is true, and which measure
// it tends to draw.
type grievance struct {
	category string
	texts    []string
	conduct  string
	clause   string
	measures []domain.Measure
}

var grievances = map[string]grievance{
	"slow": {
		category: "通关迟缓 slow clearance",
		texts: []string{
			"{goods}一批（报关单 {no}）申报后 {hours} 小时仍未处理，多次询问没有答复。 A consignment of {goods} lay {hours} hours without a decision, and nobody answered.",
			"同日申报的其他企业均已放行，我司{goods}被无故搁置。 Others that declared the same day were released; our {goods} was set aside without a reason.",
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
			"同一型号{goods}，去年归入低税号，今年要求按高税号补税，未说明依据。 The same {goods} fell under a lower heading last year; now a higher one, with no grounds given.",
			"提交了归类决定书，仍被要求改单。 A ruling was shown and still the declaration had to be changed.",
		},
		conduct: "未查阅归类先例即作出认定 classified without looking up precedents", clause: "商品归类管理规定 art. 14",
		measures: []domain.Measure{domain.MeasureEducation, domain.MeasureCirculated, domain.MeasureAdmonition},
	},
	"inspection": {
		category: "随意查验 arbitrary inspection",
		texts: []string{
			"一周内三次开箱查验{goods}，均无异常，也未出示布控指令。 {goods} opened three times in a week, nothing found, no control order shown.",
			"只有一名关员到场，要求全部掏箱。 A single officer came and had the whole container emptied.",
		},
		conduct: "无布控指令实施查验、单人作业 inspected without a control order, alone", clause: "查验作业规程 art. 12",
		measures: []domain.Measure{domain.MeasureExamination, domain.MeasureAdmonition, domain.MeasureWarning},
	},
	"favours": {
		category: "索要好处 asking for favours",
		texts: []string{
			"暗示“茶水费”后当天放行，否则要查验{goods}。 'Tea money' was hinted at: release the same day, or the {goods} is inspected.",
			"要求报关员代付餐费，并提到报关单 {no}。 Our broker was made to pay a dinner, with declaration {no} mentioned.",
		},
		conduct: "收受管理服务对象礼品礼金 accepted gifts from those supervised", clause: "公职人员政务处分法 art. 34",
		measures: []domain.Measure{domain.MeasureWarning, domain.MeasureDemerit, domain.MeasureDemerit, domain.MeasureMajor},
	},
	"damage": {
		category: "查验损坏货物 goods damaged at inspection",
		texts:    []string{"查验后{goods}外包装破损，拒绝出具记录。 Packing of {goods} torn at inspection, and no record was given."},
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
		texts:    []string{"{goods}成交价格真实，被按参考价补税且不说明依据。 The price of {goods} is genuine; duty was taken on a reference price without grounds."},
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

var goods = []string{"冷冻虾 frozen shrimp", "集成电路 integrated circuits", "化妆品 cosmetics", "汽车零件 car parts", "红酒 wine", "医疗器械 medical devices", "木材 timber", "跨境电商包裹 parcels", "奶粉 milk powder", "塑料粒子 plastic pellets"}

// write fills in one of the grievance's texts. Each language of {goods} goes
// to its half of the text.
func (g grievance) write(p *play) string {
	zh, en, _ := strings.Cut(oneOf(p, goods), " ")
	text := oneOf(p, g.texts)
	fill := strings.NewReplacer("{hours}", fmt.Sprint(p.draw(6, 16)), "{no}", fmt.Sprintf("2248%08d", p.rng.IntN(100_000_000)))
	text = strings.Replace(text, "{goods}", zh, 1)
	return fill.Replace(strings.ReplaceAll(text, "{goods}", en))
}

// digest returns the digest of a document that is as made up as the agency.
func digest(of string) string {
	sum := sha256.Sum256([]byte(of))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// paper files a made-up document.
func (p *play) paper(subject, name, media string) []domain.Evidence {
	n := p.draw(20_000, 4_000_000)
	return []domain.Evidence{{Digest: digest(fmt.Sprintf("%s %s %d", subject, name, n)), MediaType: media, Size: int64(n), Name: name}}
}
