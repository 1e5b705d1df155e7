package alerts

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/post"
)

// ofPosts are the rules about posts.
var ofPosts = []*Rule{{
	Code: "post.unguarded", Version: "1", Name: "a high-risk post without a tested control", Chinese: "高风险岗位缺乏有效防控", Article: "I9",
	Finds:        "a risk of a post was graded high by the leadership, and for longer than the rulebook gives no control of it passed its test",
	Not:          "that anything happened at the post, or anything of who holds it",
	FindsChinese: "岗位的一项风险被领导班子评为高等级，超过规则手册规定的期限没有一项防控措施通过测试",
	NotChinese:   "该岗位发生了问题，也不说明任岗人员如何",
	Where:        "warning.testControl",
	Threshold: func(b *domain.Rulebook) (string, string) {
		if b.Warning.TestControl.IsZero() {
			return "", ""
		}
		return termWords(b.Warning.TestControl), b.Warning.TestControl.Source
	},
	ThresholdChinese: func(b *domain.Rulebook) string {
		if b.Warning.TestControl.IsZero() {
			return ""
		}
		return b.Warning.TestControl.Chinese()
	},
	hears: []heard{
		on(func(x *scene, e post.Defined) { x.note(x.r.Act.Subject, Note{What: "post", Unit: e.Unit}) }),
		on(func(x *scene, e post.Imported) { x.note(x.r.Act.Subject, Note{What: "post", Unit: e.Unit}) }),
		on(func(x *scene, e post.RiskGraded) {
			if e.Level == post.LevelLeadership && !x.imported() {
				x.note(x.r.Act.Subject, Note{What: "graded", Text: e.Risk, Amount: graded(e.Grade == post.GradeHigh)})
			}
		}),
		on(func(x *scene, e post.ControlAdopted) {
			x.note(x.r.Act.Subject, Note{What: "control", Key: e.Control, Text: e.Risk})
		}),
		on(func(x *scene, e post.ControlTested) {
			x.note(x.r.Act.Subject, Note{What: "tested", Text: e.Control, Amount: graded(e.Passed)})
		}),
		on(func(x *scene, e post.Closed) { x.note(x.r.Act.Subject, Note{What: "closed", On: x.on(e.On)}) }),
	},
	judge: unguarded,
}}

func graded(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// unguarded walks through what happened to the risks of the post: each stretch
// in which a risk is high and no control of it passed its last test.
func unguarded(x *scene, m *Matter) (out []Hit) {
	var unit domain.UnitID
	risks := []string{}
	for _, n := range m.Notes {
		if n.What == "post" {
			unit = n.Unit
		}
		if n.What == "graded" && !slices.Contains(risks, n.Text) {
			risks = append(risks, n.Text)
		}
	}
	of := map[string]string{}
	for _, n := range m.of("control") {
		of[n.Key] = n.Text
	}
	for _, risk := range risks {
		high, passed := false, map[string]bool{}
		var since *Note
		end := func(on Day) {
			if since == nil {
				return
			}
			term := x.book(since.On).Warning.TestControl
			if from := x.after(term, since.On) + 1; !term.IsZero() && (on == 0 || on > from) {
				out = append(out, Hit{Unit: unit, Post: domain.PostID(x.r.Act.Subject), From: from, Until: on, Evidence: evidence(*since), Score: 1, Exposure: term.Length,
					Baseline:    fmt.Sprintf("a control that passed its test within %s (%s)", termWords(term), term.Source),
					Explanation: fmt.Sprintf("Risk %s of post %s has been graded high, and without a control that passed its test, since %s.", risk, x.r.Act.Subject, since.On.Date()),

					BaselineChinese:    fmt.Sprintf("应在%s内有一项防控措施通过测试（%s）", term.Chinese(), domain.SourceChinese(term.Source)),
					ExplanationChinese: fmt.Sprintf("岗位%s的风险%s自%s起为高风险，且没有通过测试的防控措施。", x.r.Act.Subject, risk, since.On.Date())})
			}
			since = nil
		}
		for i := range m.Notes {
			n := &m.Notes[i]
			switch {
			case n.What == "graded" && n.Text == risk:
				high = n.Amount == 1
			case n.What == "tested" && of[n.Text] == risk:
				passed[n.Text] = n.Amount == 1
			case n.What == "closed":
				high = false
			default:
				continue
			}
			works := false
			for _, p := range passed {
				works = works || p
			}
			switch bare := high && !works; {
			case bare && since == nil:
				since = n
			case !bare:
				end(n.On)
			}
		}
		end(0)
	}
	return out
}
