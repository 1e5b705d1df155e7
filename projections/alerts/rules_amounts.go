package alerts

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// ofAmounts are the rules about amounts that stay below a higher approval.
var ofAmounts = []*Rule{
	{
		Code: "amount.near_limit", Version: "1", Name: "amounts just below a limit", Chinese: "金额频繁贴近审批上限", Article: "D10",
		Finds:        "an officer's acts of one stream come, again and again, to amounts just below the one that needs a higher approval (warning.amounts, warning.near)",
		Not:          "that the amounts are wrong: a price list or a tier of the benchmark may end there",
		FindsChinese: "人员在同一业务中的案件金额一再略低于须经更高一级审批的金额（warning.amounts、warning.near）",
		NotChinese:   "金额有误：价目或者裁量阶次可能正好止于此处",
		Where:        patterns, Threshold: patterned("amount.near_limit"), ThresholdChinese: patternedChinese("amount.near_limit"),
		hears: []heard{on(func(x *scene, e enforcement.Decided) {
			w := x.book(x.on(e.On)).Warning
			limit, ok := x.limit(e)
			if !ok || w.Near == 0 || e.Amount*100 < limit.Amount*int64(w.Near) || e.Amount >= limit.Amount {
				return
			}
			for _, o := range e.Officers {
				x.note(string(o)+" "+string(e.ActKind), x.decision(e, o))
			}
		})},
		judge: func(x *scene, m *Matter) (out []Hit) {
			for _, run := range x.runs("amount.near_limit", m.Notes, nil) {
				last := run[len(run)-1]
				out = append(out, Hit{Unit: last.Unit, Officer: last.Officer, From: latest(run...), Evidence: evidence(run...), Score: len(run), Exposure: len(run),
					Baseline: "amounts end anywhere, and seldom again and again just below a limit",
					Explanation: fmt.Sprintf("%d acts (%s) of %s between %s and %s come to amounts just below a limit, %s on average.",
						len(run), last.Text, last.Officer, run[0].On.Date(), last.On.Date(), yuan(sum(run)/int64(len(run)))),

					BaselineChinese: "金额大小不一，很少一再略低于某一限额",
					ExplanationChinese: fmt.Sprintf("%s自%s至%s有%d件案件（%s）的金额略低于审批限额，平均%s。",
						last.Officer, run[0].On.Date(), last.On.Date(), len(run), inChinese(last.Text), yuanChinese(sum(run)/int64(len(run))))})
			}
			return out
		},
	},
	{
		Code: "amount.split", Version: "1", Name: "an amount split up", Chinese: "拆分金额规避审批", Article: "D10", Stream: enforcement.KindTrade,
		Finds:        "several acts of one stream with one party by one officer, close in time, each below the amount that needs a higher approval (warning.amounts), together at or above it",
		Not:          "that they were split on purpose: a party may need the same thing twice",
		FindsChinese: "同一人员在短时间内对同一当事人办理数件同一业务的案件，每件低于须经更高一级审批的金额（warning.amounts），合计达到或者超过该金额",
		NotChinese:   "是有意拆分：当事人可能两次需要同样的事项",
		Where:        patterns, Threshold: patterned("amount.split"), ThresholdChinese: patternedChinese("amount.split"),
		hears: []heard{on(func(x *scene, e enforcement.Decided) {
			limit, ok := x.limit(e)
			if party := x.act().Party; ok && party != "" && e.Amount > 0 && e.Amount < limit.Amount {
				for _, o := range e.Officers {
					n := x.decision(e, o)
					n.Key = x.r.Act.Subject
					n.What = string(x.act().PartyKind)
					x.note(string(o)+" "+string(e.ActKind)+" "+party, n)
				}
			}
		})},
		judge: func(x *scene, m *Matter) (out []Hit) {
			together := func(w []Note, b *domain.Rulebook) bool {
				limit, ok := b.Warning.Amount(w[0].Text, w[0].What)
				return ok && sum(w) >= limit.Amount
			}
			for _, run := range x.runs("amount.split", m.Notes, together) {
				last := run[len(run)-1]
				limit, _ := x.book(last.On).Warning.Amount(last.Text, last.What)
				out = append(out, Hit{Unit: last.Unit, Officer: last.Officer, From: latest(run...), Evidence: evidence(run...),
					Score: int(sum(run) * 100 / max(1, limit.Amount)), Exposure: len(run),
					Baseline: fmt.Sprintf("from %s on a higher approval is needed (%s)", yuan(limit.Amount), limit.Source),
					Explanation: fmt.Sprintf("%d acts (%s) of %s with one party between %s and %s come to %s together; each lies below the %s from which a higher approval is needed.",
						len(run), last.Text, last.Officer, run[0].On.Date(), last.On.Date(), yuan(sum(run)), yuan(limit.Amount)),

					BaselineChinese: fmt.Sprintf("%s以上须经更高一级审批（%s）", yuanChinese(limit.Amount), domain.SourceChinese(limit.Source)),
					ExplanationChinese: fmt.Sprintf("%s自%s至%s对同一当事人办理%d件案件（%s），金额合计%s；每件都低于须经更高一级审批的%s。",
						last.Officer, run[0].On.Date(), last.On.Date(), len(run), inChinese(last.Text), yuanChinese(sum(run)), yuanChinese(limit.Amount))})
			}
			return out
		},
	},
	{
		Code: "discretion.repeated", Version: "1", Name: "outside the tier again and again", Chinese: "裁量反复偏离", Article: "D5",
		Finds:        "an officer's acts were decided outside the tier of the benchmark again and again",
		Not:          "that any of them was wrong: each had a reason and the approval of another person; the benchmark may be out of date",
		FindsChinese: "人员的案件一再超出裁量阶次作出决定",
		NotChinese:   "其中任何一件有误：每件都有理由，并经他人批准；裁量基准也可能已经过时",
		Where:        patterns, Threshold: patterned("discretion.repeated"), ThresholdChinese: patternedChinese("discretion.repeated"),
		hears: []heard{on(func(x *scene, e enforcement.Decided) {
			if !e.Deviated || x.imported() {
				return
			}
			for _, o := range e.Officers {
				x.note(string(o), x.decision(e, o))
			}
		})},
		judge: func(x *scene, m *Matter) (out []Hit) {
			for _, run := range x.runs("discretion.repeated", m.Notes, nil) {
				last := run[len(run)-1]
				out = append(out, Hit{Unit: last.Unit, Officer: last.Officer, From: latest(run...), Evidence: evidence(run...), Score: len(run), Exposure: len(run),
					Baseline:    "an amount within the tier is the rule, one outside it the exception",
					Explanation: fmt.Sprintf("%d acts of %s between %s and %s were decided outside their tier.", len(run), last.Officer, run[0].On.Date(), last.On.Date()),

					BaselineChinese:    "裁量一般在阶次之内，超出阶次属于例外",
					ExplanationChinese: fmt.Sprintf("%s自%s至%s有%d件案件超出裁量阶次作出决定。", last.Officer, run[0].On.Date(), last.On.Date(), len(run))})
			}
			return out
		},
	},
}

// decision is the note of a decision, for one of the officers on the case.
func (x *scene) decision(e enforcement.Decided, o domain.OfficerID) Note {
	return Note{On: x.on(e.On), Unit: e.Unit, Officer: o, Amount: e.Amount, Text: string(e.ActKind), Passing: true}
}

// limit returns the amount from which the act needs a higher approval: a
// penalty on the spot that of the law on those.
func (x *scene) limit(e enforcement.Decided) (domain.AmountLimit, bool) {
	if x.imported() {
		return domain.AmountLimit{}, false
	}
	return x.book(x.on(e.On)).Warning.Amount(string(e.ActKind), string(x.act().PartyKind))
}
