package alerts

import (
	"fmt"

	"github.com/probity-ledger/probity/domain/norm"
)

// ofNorms are the rules about texts of rules.
var ofNorms = []*Rule{{
	Code: "procedure.single_person", Version: "1", Name: "a procedure that one person can walk alone", Chinese: "流程可由一人独立完成", Article: "D9",
	Finds:        "a version of a procedure was adopted through which one person alone can carry a case",
	Not:          "that anybody did; and a small matter may be meant to be handled so",
	FindsChinese: "通过的程序版本可由一人独立办完一件案件",
	NotChinese:   "有人这样做过；简易事项也可能本来就准许这样办理",
	hears: []heard{on(func(x *scene, e norm.Adopted) {
		t := x.text().Text
		if x.imported() || t == nil || t.Kind != norm.KindProcedure {
			return
		}
		x.note(x.r.Act.Subject, Note{On: x.on(e.From), Unit: t.Unit, Amount: int64(e.Version), What: map[bool]string{true: "single", false: "parted"}[e.SinglePerson]})
	})},
	judge: func(x *scene, m *Matter) (out []Hit) {
		for i, n := range m.Notes {
			if n.What != "single" {
				continue
			}
			h := Hit{Unit: n.Unit, From: n.On, Evidence: evidence(n), Score: 1, Exposure: 1,
				Baseline:    "at least two persons have a hand in every case",
				Explanation: fmt.Sprintf("Version %d of procedure %s lets one person carry a case from its opening to its end.", n.Amount, x.r.Act.Subject),

				BaselineChinese:    "每件案件至少经两人之手",
				ExplanationChinese: fmt.Sprintf("程序%s第%d版允许一人从立案到结案独立办理案件。", x.r.Act.Subject, n.Amount)}
			if i+1 < len(m.Notes) {
				h.Until = m.Notes[i+1].On
			}
			if h.Until == 0 || h.Until > h.From {
				out = append(out, h)
			}
		}
		return out
	},
}}
