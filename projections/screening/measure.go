package screening

import "github.com/probity-ledger/probity/domain"

// Measure is one thing that is compared, and the code of the warnings raised
// of it.
type Measure struct {
	// Code is that of the warnings, Version the form of the comparison.
	Code    string
	Version string
	Name    string
	Chinese string
	Article domain.Article
	// Finds says what it finds, Not what that does not mean.
	Finds, Not               string
	FindsChinese, NotChinese string
	// Counts tells of a share whether the case is among those that could (of),
	// and whether it counts (hit). Nil for amounts and meetings.
	Counts func(*Case) (hit, of bool)

	way way
	// share is which of the shares it counts; did says what came about, as in
	// "48 of 240 acts …", of what.
	share                          int
	did, didChinese, of, ofChinese string
}

// way is how a measure compares.
type way int

const (
	peers way = iota
	change
	amounts
	meetings
)

// share is one share, which is compared among peers and watched for changes.
type share struct {
	code, name, chinese            string
	article                        domain.Article
	counts                         func(*Case) (hit, of bool)
	did, didChinese, of, ofChinese string
	not, notChinese                string
}

var shares = []share{
	{
		code: "late", name: "late", chinese: "超期", article: "D2",
		counts: func(c *Case) (bool, bool) { return c.Late, true },
		did:    "missed a term of their procedure", didChinese: "超过法定或程序期限", of: "acts", ofChinese: "案件",
		not:        "that the officer is slow: the matters may be harder, the caseload larger, or others on the case may have held it up",
		notChinese: "该人员办事拖延：可能案情更复杂、案件更多，或者由其他环节造成",
	},
	{
		code: "skipped", name: "skipped steps", chinese: "程序缺步", article: "I10",
		counts: func(c *Case) (bool, bool) { return c.Skipped, true },
		did:    "left a step of their procedure out, or made it up afterwards", didChinese: "跳过或事后补办程序步骤", of: "acts", ofChinese: "案件",
		not:        "that any of them was wrong: each override had a reason and the approval of a second person; the step may not fit such matters",
		notChinese: "其中任何一件违法：每次越过均有理由并经另一人批准；该步骤也可能不适合此类事项",
	},
	{
		code: "outside", name: "outside the tier", chinese: "超出裁量档次", article: "D5",
		counts: func(c *Case) (bool, bool) { return c.Outside, c.Like != "" },
		did:    "were decided outside the tier of the benchmark", didChinese: "在裁量基准档次以外作出决定", of: "acts under a benchmark", ofChinese: "适用裁量基准的案件",
		not:        "that any amount is wrong: each deviation had a reason and an approval; the benchmark may be out of date",
		notChinese: "任何金额有误：每次偏离均有理由并经批准；裁量基准也可能已不合时宜",
	},
	{
		code: "overturned", name: "overturned", chinese: "被撤销或变更", article: "D6",
		counts: func(c *Case) (bool, bool) { return c.Overturned, c.Reviewed },
		did:    "were overturned or varied by reconsideration or a court", didChinese: "经复议或诉讼被撤销或变更", of: "reviewed acts", ofChinese: "经复议或诉讼审查的案件",
		not:        "that the officer is at fault: the law may have been unclear or have changed, and whose acts are reviewed is not by chance",
		notChinese: "该人员有过错：法律可能不明确或已修改，而且哪些案件进入审查并非随机",
	},
}

// sharesNumber is how many shares there are.
const sharesNumber = 4

var all = func() []*Measure {
	var out []*Measure
	for i, s := range shares {
		out = append(out, &Measure{
			Code: "peers." + s.code, Version: "1", Name: s.name + " more often than peers", Chinese: s.chinese + "比例高于同类人员", Article: s.article,
			Finds:        "of the " + s.of + " that an officer decided in one unit by one procedure, far more than among peers " + s.did,
			FindsChinese: "某人员在某单位按某程序办理的案件中，" + s.didChinese + "的比例远高于同类人员",
			Not:          s.not, NotChinese: s.notChinese, Counts: s.counts,
			way: peers, share: i, did: s.did, didChinese: s.didChinese, of: s.of, ofChinese: s.ofChinese,
		})
	}
	out = append(out, &Measure{
		Code: "peers.amounts", Version: "1", Name: "amounts away from like cases", Chinese: "裁量金额偏离同类案件", Article: "D5",
		Finds:        "an officer's amounts lie, on average, farther above or below those of like cases (one tier of one benchmark, by one procedure) than those of peers do",
		FindsChinese: "某人员决定的金额平均高于或低于同类案件（同一程序、同一裁量基准同一档次），偏离程度远超同类人员",
		Not:          "that any amount is wrong: all may lie within their tier, and the matters may differ in ways that the tier does not name",
		NotChinese:   "任何金额有误：金额可能都在档次之内，案情也可能存在档次未列明的差别",
		way:          amounts,
	}, &Measure{
		Code: "peers.meetings", Version: "1", Name: "one officer and one party too often", Chinese: "同一人员与同一对象往来过多", Article: "D10",
		Finds:        "an officer is on the acts about one party more often than if the acts of the unit and stream had been given out by lot",
		FindsChinese: "在同一单位、同一业务中，某人员经办同一对象的案件次数远高于随机分案时应有的次数",
		Not:          "that either had an advantage: the party may belong to the officer's district or field, or one matter may have needed several acts",
		NotChinese:   "任何一方获得利益：该对象可能属于该人员的片区或专业，也可能一事需要多件办理",
		way:          meetings,
	})
	for i, s := range shares {
		out = append(out, &Measure{
			Code: "change." + s.code, Version: "1", Name: s.name + " more often than before", Chinese: s.chinese + "比例较以往上升", Article: "D10",
			Finds:        "of the " + s.of + " that an officer decided in one unit by one procedure, more and more " + s.did + ", against what was usual for them and their peers before",
			FindsChinese: "某人员在某单位按某程序办理的案件中，" + s.didChinese + "的比例较其本人及同类人员以往的水平明显上升",
			Not:          s.not + "; and a change may come from outside, such as new tasks or new law", NotChinese: s.notChinese + "；变化也可能来自外部，例如任务或法律变动",
			Counts: s.counts, way: change, share: i, did: s.did, didChinese: s.didChinese, of: s.of, ofChinese: s.ofChinese,
		})
	}
	return out
}()

// Measures lists what is compared. Do not change them.
func Measures() []*Measure { return all }

// Find returns the measure of that code; nil when there is none.
func Find(code string) *Measure {
	for _, m := range all {
		if m.Code == code {
			return m
		}
	}
	return nil
}
