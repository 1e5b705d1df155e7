package alerts

import (
	"fmt"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// ofActs are the rules about how one act went.
var ofActs = []*Rule{
	{
		Code: "steps.conflict", Version: "1", Name: "one person in two conflicting steps", Chinese: "不相容环节一人承担", Article: "I4",
		// enforcement.TakeStep and Decide refuse this, whoever asks and whatever was
		// overridden: it looks for what came into the ledger past them.
		Finds:        "one person took two steps of an act that its procedure keeps apart (the commands refuse that, whoever asks, so a hit means that an event came into the ledger past them)",
		Not:          "that anything was done wrongly in either step, or that the person chose it: the other may have been away",
		FindsChinese: "同一人承担了案件中程序规定分开的两个环节（系统的指令一律拒绝此类操作，因此命中表示有事件绕过指令进入了账本）",
		NotChinese:   "任一环节办理有误，也不表示本人有意为之：另一人可能当时不在",
		hears: []heard{
			on(func(x *scene, e enforcement.StepTaken) {
				if x.imported() {
					return
				}
				x.step(e.Step, domain.ActorID(e.Officer))
				if e.Second != "" {
					x.step(e.Step, domain.ActorID(e.Second))
				}
			}),
			on(func(x *scene, e enforcement.Decided) {
				if !x.imported() {
					x.step(e.Step, x.r.Act.Actor)
				}
			}),
		},
		judge: (*scene).conflicts,
	},
	{
		Code: "steps.skipped", Version: "1", Name: "steps left out or out of their order", Chinese: "程序缺失或倒置", Article: "D2",
		Finds:        "an act was decided though steps of its procedure were left out by an override, or a step was taken after one that it comes before",
		Not:          "that the override was not justified: a second person granted it with a reason; nor that the decision is wrong",
		FindsChinese: "案件作出了决定，而程序的某些环节被越过，或者有环节在其后续环节之后才进行",
		NotChinese:   "越过没有理由：已由第二人说明理由后批准；也不表示决定有误",
		hears: []heard{
			on(func(x *scene, e enforcement.StepOverridden) {
				if !x.imported() {
					x.note(x.r.Act.Subject, Note{What: "left out", Unit: e.Unit, Text: e.Step})
				}
			}),
			on(func(x *scene, e enforcement.StepTaken) {
				if !x.imported() {
					x.note(x.r.Act.Subject, Note{What: "step", On: x.on(e.On), Text: e.Step})
				}
			}),
			on(func(x *scene, e enforcement.Decided) {
				if !x.imported() {
					x.note(x.r.Act.Subject, Note{What: "decided", Unit: e.Unit, On: x.on(e.On), Text: x.r.Act.Subject})
				}
			}),
		},
		judge: (*scene).skipped,
	},
}

// step notes who took a step of the act; Key is the person.
func (x *scene) step(step string, who domain.ActorID) {
	x.note(x.r.Act.Subject, Note{What: "step", Text: step, Unit: x.act().Unit, Officer: domain.OfficerID(who), Key: step + " " + string(who)})
}

func (x *scene) conflicts(m *Matter) (out []Hit) {
	a := x.act()
	steps := m.of("step")
	apart := func(s, t string) bool {
		for _, p := range x.steps(a) {
			if p.Code == s && slices.Contains(p.ConflictsWith, t) || p.Code == t && slices.Contains(p.ConflictsWith, s) {
				return true
			}
		}
		return false
	}
	for j := range steps {
		for i := range j {
			s, t := steps[i], steps[j]
			if s.Officer != t.Officer || a.Unit == "" || !apart(s.Text, t.Text) {
				continue
			}
			out = append(out, Hit{Unit: a.Unit, Officer: t.Officer, From: latest(s, t), Evidence: evidence(s, t), Score: 2, Exposure: len(steps),
				Baseline:    fmt.Sprintf("procedure %s, version %d, keeps the two steps apart", a.Procedure, a.Version),
				Explanation: fmt.Sprintf("In act %s %s took both step %s and step %s, which the procedure gives to different persons.", x.r.Act.Subject, t.Officer, s.Text, t.Text),

				BaselineChinese:    fmt.Sprintf("程序%s第%d版规定这两个环节分开", a.Procedure, a.Version),
				ExplanationChinese: fmt.Sprintf("案件%s中，%s同时承担了环节%s和环节%s，而程序规定由不同人员承担。", x.r.Act.Subject, t.Officer, s.Text, t.Text)})
		}
	}
	return out
}

func (x *scene) skipped(m *Matter) []Hit {
	decided := m.of("decided")
	if len(decided) == 0 {
		return nil
	}
	a := x.act()
	var why []Note
	var words, chinese []string
	for _, n := range m.of("left out") {
		why = append(why, n)
		words = append(words, "step "+n.Text+" was left out by an override")
		chinese = append(chinese, "环节"+n.Text+"被越过")
	}
	steps := m.of("step")
	for _, p := range x.steps(a) {
		i := slices.IndexFunc(steps, func(n Note) bool { return n.Text == p.Code })
		if i < 0 {
			continue
		}
		for _, before := range p.Requires {
			j := slices.IndexFunc(steps, func(n Note) bool { return n.Text == before })
			if j >= 0 && steps[j].On > steps[i].On {
				why = append(why, steps[i], steps[j])
				words = append(words, "step "+before+" was taken after step "+p.Code)
				chinese = append(chinese, "环节"+before+"在环节"+p.Code+"之后才进行")
			}
		}
	}
	if len(why) == 0 {
		return nil
	}
	why = append(why, decided[0])
	return []Hit{{Unit: decided[0].Unit, From: latest(why...), Evidence: union(nil, evidence(why...)), Score: len(words), Exposure: len(x.steps(a)),
		Baseline:    fmt.Sprintf("every step of procedure %s, version %d, in its order", a.Procedure, a.Version),
		Explanation: fmt.Sprintf("Act %s was decided, but %s.", x.r.Act.Subject, strings.Join(words, ", and ")),

		BaselineChinese:    fmt.Sprintf("程序%s第%d版的各环节依次进行", a.Procedure, a.Version),
		ExplanationChinese: fmt.Sprintf("案件%s已作出决定，但%s。", x.r.Act.Subject, strings.Join(chinese, "，"))}}
}
