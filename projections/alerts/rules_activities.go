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
		Finds: "the minutes of two activities are the same file: their digests are equal",
		Not:   "that either was not held: the wrong file may have been attached",
		hears: []heard{on(func(x *scene, e activity.Held) {
			if !x.imported() && e.Minutes.Digest != "" {
				x.note(e.Minutes.Digest, Note{On: x.on(e.On), Unit: e.Unit, Text: x.r.Act.Subject, Passing: true})
			}
		})},
		judge: func(x *scene, m *Matter) []Hit {
			if len(m.Notes) < 2 {
				return nil
			}
			first, last := m.Notes[0], m.Notes[len(m.Notes)-1]
			return []Hit{{Unit: last.Unit, From: last.On, Evidence: evidence(m.Notes...), Score: len(m.Notes), Exposure: len(m.Notes),
				Baseline:    "every session has minutes of its own",
				Explanation: fmt.Sprintf("%d activities, the first %s and the last %s, have one and the same file as their minutes.", len(m.Notes), first.Text, last.Text)}}
		},
	},
	sameFormat("activity.format_warning", "警示教育形式单一", "I2", activity.KindWarningEducation),
	sameFormat("activity.format_diligence", "勤政教育形式单一", "D8", activity.KindDiligenceEducation),
}

// sameFormat makes the rule about activities of a kind that a unit holds in
// one format again and again.
func sameFormat(code, chinese string, article domain.Article, kind activity.Kind) *Rule {
	return &Rule{
		Code: code, Version: "1", Name: "one format again and again: " + string(kind), Chinese: chinese, Article: article,
		Finds: "a unit held as many activities of the kind in a row in one format as the rulebook does not want",
		Not:   "that they taught nothing",
		Where: "activity.sameFormat",
		Threshold: func(b *domain.Rulebook) (string, string) {
			if b.Activity.SameFormat < 2 {
				return "", ""
			}
			return fmt.Sprintf("%d in a row", b.Activity.SameFormat), b.Activity.Source
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
					Explanation: fmt.Sprintf("The last %d activities (%s) up to %s all have the format %s.", len(run), kind, last.On.Date(), last.Text)})
			}
			return out
		},
	}
}
