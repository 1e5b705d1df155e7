package alerts

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/projections/indicators"
)

// ofOfficers are the rules about one officer.
var ofOfficers = []*Rule{
	{
		Code: "certificate.missing", Version: "1", Name: "acting without a valid certificate", Chinese: "无有效执法证执法", Article: "D1",
		Finds:        "an officer took a step of casework on a day on which their enforcement certificate was not valid: it had expired, was suspended or revoked, or there was none",
		Not:          "that they knew it: a suspension may have been recorded later than its day",
		FindsChinese: "人员在执法证无效之日承办了案件环节：执法证已到期、被暂扣或者吊销，或者没有执法证",
		NotChinese:   "本人知情：暂扣可能是事后才记录的",
		hears: []heard{
			on(func(x *scene, e officer.CertificateIssued) {
				x.own(Note{What: "issued", Text: e.Number, On: x.on(e.ValidFrom), Until: indicators.DayOf(e.ValidTo)})
			}),
			on(func(x *scene, e officer.CertificateRenewed) {
				x.own(Note{What: "renewed", Text: e.Number, Until: indicators.DayOf(e.ValidTo)})
			}),
			on(func(x *scene, e officer.CertificateSuspended) { x.own(Note{What: "suspended", Text: e.Number}) }),
			on(func(x *scene, e officer.CertificateRestored) { x.own(Note{What: "restored", Text: e.Number}) }),
			on(func(x *scene, e officer.CertificateRevoked) { x.own(Note{What: "revoked", Text: e.Number}) }),
			on(func(x *scene, e enforcement.StepTaken) {
				if x.imported() || !slices.Contains(casework, e.StepKind) {
					return
				}
				for _, o := range []domain.OfficerID{e.Officer, e.Second} {
					if o != "" {
						x.note(string(o), Note{What: "acted", On: x.on(e.On), Officer: o, Unit: cmp.Or(x.act().Unit, x.around.UnitOf(o)), Text: x.r.Act.Subject, Key: x.r.Act.Subject + " " + e.Step, Passing: true})
					}
				}
			}),
		},
		judge: uncertified,
	},
	{
		Code: "appraisal.worst_twice", Version: "1", Name: "the worst grade two years in a row", Chinese: "连续两年考核不称职", Article: "D4",
		Finds:        "an officer was graded with the worst grade of the rulebook in two years in a row, which leads to dismissal",
		Not:          "that the grades were right: they can be contested, and a correction counts from the day it is recorded",
		FindsChinese: "人员连续两年被评为规则手册规定的最低等次，依规定应予辞退",
		NotChinese:   "考核评定正确：本人可以申诉，更正自记录之日起生效",
		Where:        "service.grades",
		Threshold: func(b *domain.Rulebook) (string, string) {
			if len(b.Service.Grades) == 0 {
				return "", ""
			}
			limit, _ := b.Indicators.Limit("D4.worst_again")
			return b.Service.Grades[len(b.Service.Grades)-1] + ", two years in a row", limit.Source
		},
		ThresholdChinese: func(b *domain.Rulebook) string {
			if len(b.Service.Grades) == 0 {
				return ""
			}
			return "连续两年" + inChinese(b.Service.Grades[len(b.Service.Grades)-1])
		},
		hears: []heard{
			on(func(x *scene, e officer.Appraised) { x.grade(e.Year, e.Grade) }),
			on(func(x *scene, e officer.AppraisalCorrected) { x.grade(e.Year, e.Grade) }),
		},
		judge: worstTwice,
	},
	{
		Code: "list.unacknowledged", Version: "1", Name: "a list of prohibited conduct not acknowledged", Chinese: "禁止行为清单逾期未确认", Article: "I6",
		Finds:        "an officer for whom a list of prohibited conduct is in force has not acknowledged it within the term",
		Not:          "that they do not know or keep it",
		FindsChinese: "禁止行为清单对人员有效，而其未在期限内确认",
		NotChinese:   "其不了解或者不遵守清单",
		Where:        "norm.acknowledge",
		Threshold: func(b *domain.Rulebook) (string, string) {
			if b.Norm.Acknowledge.IsZero() {
				return "", ""
			}
			return termWords(b.Norm.Acknowledge), b.Norm.Acknowledge.Source
		},
		ThresholdChinese: func(b *domain.Rulebook) string {
			if b.Norm.Acknowledge.IsZero() {
				return ""
			}
			return b.Norm.Acknowledge.Chinese()
		},
		hears: []heard{
			on(func(x *scene, e officer.Enrolled) { x.serves(e.Unit, e.On) }),
			on(func(x *scene, e officer.Appointed) { x.serves(e.Unit, e.On) }),
			on(func(x *scene, e officer.Rotated) { x.serves(e.Unit, e.On) }),
			on(func(x *scene, e officer.Separated) { x.own(Note{What: "gone", On: x.on(e.On)}) }),
			on(func(x *scene, e officer.Reinstated) { x.own(Note{What: "back", On: x.on(e.On)}) }),
			on(func(x *scene, e norm.Acknowledged) {
				if !x.imported() {
					x.note(string(e.Officer), Note{What: "known", Text: x.r.Act.Subject, Amount: int64(e.Version), Officer: e.Officer})
				}
			}),
			on(func(x *scene, e norm.Adopted) { x.everybodyOf() }),
			on(func(x *scene, e norm.Repealed) { x.everybodyOf() }),
			on(func(x *scene, e unit.Moved) { x.everybody() }),
		},
		judge: unacknowledged,
	},
	{
		Code: "honour.restricted", Version: "1", Name: "honoured while barred from honours", Chinese: "受限期间获得奖励", Article: "D7",
		Finds:        "an honour was granted to an officer while a measure was in effect that bars honours",
		Not:          "that whoever granted it knew of the measure; it may have been recorded later",
		FindsChinese: "在限制评优受奖的措施有效期间，向人员授予了奖励",
		NotChinese:   "授予奖励的人知道该措施：措施可能是事后才记录的",
		hears: []heard{
			on(func(x *scene, e officer.Restricted) {
				if !e.BarsHonours {
					return
				}
				n := Note{What: "barred", Text: string(e.Sanction), On: x.on(e.From), Until: indicators.Ever}
				if !e.ForGood && !e.Until.IsZero() {
					n.Until = indicators.DayOf(e.Until) + 1
				}
				x.own(n)
			}),
			on(func(x *scene, e officer.RestrictionLifted) { x.own(Note{What: "lifted", Text: string(e.Sanction)}) }),
			on(func(x *scene, e reward.Granted) {
				if e.Officer != "" && !x.imported() {
					x.note(string(e.Officer), Note{What: "honoured", Officer: e.Officer, Unit: x.around.UnitOf(e.Officer), Text: x.r.Act.Subject})
				}
			}),
			on(func(x *scene, e reward.Revoked) {
				if e.Officer != "" {
					x.note(string(e.Officer), Note{What: "revoked", Officer: e.Officer, Text: x.r.Act.Subject})
				}
			}),
		},
		judge: honouredWhileBarred,
	},
}

// own keeps what the officer's own stream tells.
func (x *scene) own(n Note) {
	n.Officer = domain.OfficerID(x.r.Act.Subject)
	x.note(x.r.Act.Subject, n)
}

func (x *scene) grade(year int, grade string) {
	x.own(Note{What: "grade", Key: fmt.Sprint(year), Unit: x.around.UnitOf(domain.OfficerID(x.r.Act.Subject)), Amount: int64(year), Text: grade})
}

func worstTwice(x *scene, m *Matter) (out []Hit) {
	grades := m.of("grade")
	slices.SortStableFunc(grades, func(a, b Note) int { return int(a.Amount - b.Amount) })
	for i := 1; i < len(grades); i++ {
		before, now := grades[i-1], grades[i]
		all := x.book(latest(before, now)).Service.Grades
		if len(all) == 0 || now.Amount != before.Amount+1 {
			continue
		}
		if worst := all[len(all)-1]; now.Text != worst || before.Text != worst {
			continue
		}
		out = append(out, Hit{Unit: now.Unit, Officer: now.Officer, From: latest(before, now), Evidence: evidence(before, now), Score: 2, Exposure: len(grades),
			Baseline:    "not two years in a row",
			Explanation: fmt.Sprintf("%s was graded %s for %d and for %d.", now.Officer, now.Text, before.Amount, now.Amount),

			BaselineChinese:    "不应连续两年",
			ExplanationChinese: fmt.Sprintf("%s在%d年度和%d年度考核中均被评为%s。", now.Officer, before.Amount, now.Amount, inChinese(now.Text))})
	}
	return out
}

// everybodyOf lets what each officer owes to the lists be judged anew, where the
// text is one.
func (x *scene) everybodyOf() {
	if t := x.text().Text; t != nil && t.Kind == norm.KindProhibition {
		x.everybody()
	}
}

// everybody lets it be judged anew for all, where there is a list.
func (x *scene) everybody() {
	if len(x.around.Look("lists").Lists) == 0 {
		return
	}
	for _, id := range x.around.Roll() {
		x.touch(string(id))
	}
}

// unacknowledged finds the versions of lists that the officer did not
// acknowledge in time, which runs from the day on which both the version was in
// force and the officer served where the list is for.
func unacknowledged(x *scene, m *Matter) (out []Hit) {
	if len(m.Notes) == 0 {
		return nil
	}
	id := m.Notes[0].Officer
	for _, l := range x.around.Look("lists").Lists {
		for _, s := range x.served(m, l.Unit) {
			for i, v := range l.Versions {
				until := sooner(l.Until, s.To)
				if i+1 < len(l.Versions) {
					until = sooner(until, l.Versions[i+1].From)
				}
				begins := max(v.From, s.From)
				for _, n := range m.of("known") {
					if n.Text == string(l.Norm) && n.Amount >= int64(v.Number) {
						until = sooner(until, max(n.On, begins))
					}
				}
				term := x.book(begins).Norm.Acknowledge
				from := x.after(term, begins) + 1
				if term.IsZero() || until != 0 && until <= from {
					continue
				}
				out = append(out, Hit{Unit: m.unitOn(from), Officer: id, From: from, Until: until, Evidence: []domain.EventID{v.Event}, Score: 1, Exposure: term.Length,
					Baseline:    fmt.Sprintf("acknowledged within %s (%s)", termWords(term), term.Source),
					Explanation: fmt.Sprintf("%s has owed it since %s to acknowledge version %d of list %s; the term ended on %s.", id, begins.Date(), v.Number, l.Norm, (from - 1).Date()),

					BaselineChinese:    fmt.Sprintf("应在%s内确认（%s）", term.Chinese(), domain.SourceChinese(term.Source)),
					ExplanationChinese: fmt.Sprintf("%s自%s起应确认清单%s第%d版，期限已于%s届满。", id, begins.Date(), l.Norm, v.Number, (from - 1).Date())})
			}
		}
	}
	return out
}

// sooner returns the earlier of two days, of which 0 is none.
func sooner(a, b Day) Day {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

func honouredWhileBarred(x *scene, m *Matter) (out []Hit) {
	for _, h := range m.of("honoured") {
		if slices.ContainsFunc(m.of("revoked"), func(n Note) bool { return n.Text == h.Text && n.On <= h.On }) {
			continue
		}
		for _, b := range m.of("barred") {
			until := b.Until
			for _, n := range m.of("lifted") {
				if n.Text == b.Text {
					until = min(until, n.On)
				}
			}
			if b.On > h.On || h.On >= until {
				continue
			}
			out = append(out, Hit{Unit: h.Unit, Officer: h.Officer, From: h.On, Evidence: evidence(b, h), Score: 2, Exposure: 1,
				Baseline:    "no honour while a measure bars it",
				Explanation: fmt.Sprintf("%s was granted honour %s on %s while sanction %s bars honours.", h.Officer, h.Text, h.On.Date(), b.Text),

				BaselineChinese:    "限制期间不授予奖励",
				ExplanationChinese: fmt.Sprintf("%s于%s被授予奖励%s，而惩戒%s限制其评优受奖。", h.Officer, h.On.Date(), h.Text, b.Text)})
			break
		}
	}
	return out
}
