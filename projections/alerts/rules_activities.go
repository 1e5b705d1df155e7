package alerts

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
)

// ofActivities are the rules about education and study held for form's sake.
var ofActivities = []*Rule{
	{
		Code: "activity.minutes", Version: "1", Name: "identical minutes", Chinese: "会议记录雷同", Article: "I7",
		Finds:        "the minutes of two activities are the same file: their digests are equal",
		Not:          "that either was not held: the wrong file may have been attached",
		FindsChinese: "两次活动的会议记录是同一份文件：摘要值相同",
		NotChinese:   "其中任何一次没有举行：可能附错了文件",
		hears: []heard{on(func(x *scene, e activity.Held) {
			if !x.imported() && e.Minutes.Digest != "" {
				x.note(e.Minutes.Digest, Note{On: x.on(e.On), Unit: e.Unit, Text: x.r.Act.Subject, Passing: true})
			}
		})},
		judge: copied,
	},
	sameFormat("activity.format_warning", "警示教育形式单一", "I2", activity.KindWarningEducation),
	sameFormat("activity.format_diligence", "勤政教育形式单一", "D8", activity.KindDiligenceEducation),
}

// sameFormat makes the rule about activities of a kind that a unit holds in
// one format again and again.
func sameFormat(code, chinese string, article domain.Article, kind activity.Kind) *Rule {
	return &Rule{
		Code: code, Version: "1", Name: "one format again and again: " + string(kind), Chinese: chinese, Article: article,
		Finds:        "a unit held as many activities of the kind in a row in one format as the rulebook does not want",
		Not:          "that they taught nothing",
		FindsChinese: "单位连续以同一形式开展该类活动，次数达到规则手册所不希望的次数",
		NotChinese:   "这些活动没有效果",
		Where:        "activity.sameFormat",
		Threshold: func(b *domain.Rulebook) (string, string) {
			if b.Activity.SameFormat < 2 {
				return "", ""
			}
			return fmt.Sprintf("%d in a row", b.Activity.SameFormat), b.Activity.Source
		},
		ThresholdChinese: func(b *domain.Rulebook) string {
			if b.Activity.SameFormat < 2 {
				return ""
			}
			return fmt.Sprintf("连续%d次", b.Activity.SameFormat)
		},
		hears: []heard{on(func(x *scene, e activity.Held) {
			if !x.imported() && e.ActivityKind == kind {
				x.note(string(e.Unit), Note{On: x.on(e.On), Unit: e.Unit, Text: string(e.Format), Passing: true})
			}
		})},
		judge: func(x *scene, m *Matter) (out []Hit) {
			for i := 0; i < len(m.Notes); {
				j := i + 1
				for j < len(m.Notes) && m.Notes[j].Text == m.Notes[i].Text {
					j++
				}
				run := slices.Clone(m.Notes[i:j])
				i = j
				last := run[len(run)-1]
				most := x.book(last.On).Activity.SameFormat
				if most < 2 || len(run) < most {
					continue
				}
				out = append(out, Hit{Unit: last.Unit, From: last.On, Evidence: evidence(run...), Score: len(run), Exposure: len(m.Notes),
					Baseline:    fmt.Sprintf("fewer than %d in a row", most),
					Explanation: fmt.Sprintf("The last %d activities (%s) up to %s all have the format %s.", len(run), kind, last.On.Date(), last.Text),

					BaselineChinese:    fmt.Sprintf("同一形式连续少于%d次", most),
					ExplanationChinese: fmt.Sprintf("截至%s，最近%d次%s均为同一形式：%s。", last.On.Date(), len(run), inChinese(string(kind)), inChinese(last.Text))})
			}
			return out
		},
	}
}

// copied finds, for each unit, the sessions whose minutes are those of an
// earlier session, of whatever unit.
func copied(x *scene, m *Matter) (out []Hit) {
	if len(m.Notes) < 2 {
		return nil
	}
	first := m.Notes[0]
	of := map[domain.UnitID][]Note{}
	var units []domain.UnitID
	for _, n := range m.Notes[1:] {
		if of[n.Unit] == nil {
			units = append(units, n.Unit)
		}
		of[n.Unit] = append(of[n.Unit], n)
	}
	for _, unit := range units {
		why := append([]Note{first}, of[unit]...)
		last := why[len(why)-1]
		out = append(out, Hit{Unit: unit, From: last.On, Evidence: evidence(why...), Score: len(why), Exposure: len(m.Notes),
			Baseline:    "every session has minutes of its own",
			Explanation: fmt.Sprintf("%s of the unit, the last %s, filed as minutes the very file of session %s.", number(len(why)-1, "session"), last.Text, first.Text),

			BaselineChinese:    "每次活动有各自的会议记录",
			ExplanationChinese: fmt.Sprintf("该单位有%d次活动（最近一次为%s）提交的会议记录就是活动%s的同一份文件。", len(why)-1, last.Text, first.Text)})
	}
	return out
}
