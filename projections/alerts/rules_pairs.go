package alerts

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain/enforcement"
)

// ofPairs are the rules about one handler and one beneficiary, one for each of
// the five streams.
var ofPairs = []*Rule{
	pair(enforcement.KindApproval, "granted to", "准予同一对象许可", "同一经办人反复为同一对象办理许可", enforcement.OutcomeGranted),
	pair(enforcement.KindLevy, "exempted for", "对同一对象免征", "同一经办人反复为同一对象免征", enforcement.OutcomeExempted),
	pair(enforcement.KindPenalty, "dropped for", "对同一对象不予处罚", "同一经办人反复对同一对象不予处罚", enforcement.OutcomeExempted),
	pair(enforcement.KindInspection, "found in order at", "对同一对象检查无异常", "同一检查人反复检查同一对象均无异常", enforcement.OutcomeInOrder),
	pair(enforcement.KindTrade, "awarded to", "向同一对象成交", "同一经办人反复向同一对象成交", enforcement.OutcomeAwarded),
}

// pair makes the rule of one stream: its acts end, again and again, in favour
// of one party by the hand of one officer.
func pair(stream enforcement.Kind, how, howChinese, chinese string, favours ...enforcement.Outcome) *Rule {
	code := "pair." + string(stream)
	return &Rule{
		Code: code, Version: "1", Name: fmt.Sprintf("one handler, one beneficiary: %s", stream), Chinese: chinese, Article: "D10", Stream: stream,
		Finds:        fmt.Sprintf("acts of the stream %s, %s one and the same party again and again, with one and the same officer on the case", stream, how),
		Not:          "that either had an advantage: the party may come often, and the officer may be the only one who handles such matters",
		FindsChinese: fmt.Sprintf("同一人员承办的%s案件一再%s", inChinese(string(stream)), howChinese),
		NotChinese:   "任何一方得到了好处：该对象可能经常前来办理，该人员也可能是唯一承办此类事项的人",
		Where:        patterns, Threshold: patterned(code), ThresholdChinese: patternedChinese(code),
		hears: []heard{on(func(x *scene, e enforcement.Decided) {
			party := x.act().Party
			if x.imported() || e.ActKind != stream || party == "" || !slices.Contains(favours, e.Outcome) {
				return
			}
			for _, o := range e.Officers {
				n := x.decision(e, o)
				n.Key, n.What = x.r.Act.Subject, "favour"
				x.note(string(o)+" "+party, n)
			}
		})},
		judge: func(x *scene, m *Matter) (out []Hit) {
			for _, run := range x.runs(code, m.Notes, nil) {
				last := run[len(run)-1]
				p, _ := x.book(last.On).Warning.Pattern(code)
				out = append(out, Hit{Unit: last.Unit, Officer: last.Officer, From: latest(run...), Evidence: evidence(run...), Score: len(run), Exposure: len(run),
					Baseline: fmt.Sprintf("fewer than %d within %s", p.Times, termWords(p.Within)),
					Explanation: fmt.Sprintf("%d acts (%s) with %s on the case between %s and %s were %s one and the same party.",
						len(run), stream, last.Officer, run[0].On.Date(), last.On.Date(), how),

					BaselineChinese: fmt.Sprintf("%s内少于%d件", p.Within.Chinese(), p.Times),
					ExplanationChinese: fmt.Sprintf("%s至%s，由%s承办、%s的%s案件共%d件。",
						run[0].On.Date(), last.On.Date(), last.Officer, howChinese, inChinese(string(stream)), len(run))})
			}
			return out
		},
	}
}
