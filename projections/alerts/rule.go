package alerts

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
)

// Rule is one deterministic rule of early warning.
type Rule struct {
	// Code is that of the warnings it raises, Version the form of the rule.
	// Matters are stored under the code: never give it another meaning.
	Code    string
	Version string
	Name    string
	Chinese string
	Article domain.Article
	// Stream is the live stream of article D10 that it watches, if it is one.
	Stream enforcement.Kind
	// Finds says what it finds, Not what that does not mean; the other two say
	// the same in Chinese, NotChinese as what follows 不表示.
	Finds, FindsChinese string
	Not, NotChinese     string
	// Where its threshold stands in the rulebook; "" for a rule that has none.
	Where string
	// Threshold returns it in words, and its source. No words: the rulebook
	// sets none, and the rule is silent.
	Threshold func(*domain.Rulebook) (words, source string)
	// ThresholdChinese returns the same words in Chinese.
	ThresholdChinese func(*domain.Rulebook) string

	hears []heard
	judge func(*scene, *Matter) []Hit
}

// heard says what a rule does with events of one kind.
type heard struct {
	kind domain.Kind
	does func(*scene, domain.Event)
}

// on makes what is done with one kind of event.
func on[E domain.Event](does func(*scene, E)) heard {
	var zero E
	return heard{zero.Kind(), func(x *scene, e domain.Event) { does(x, e.(E)) }}
}

// Hit is one case that a rule finds.
type Hit struct {
	Rule string `json:"r"`
	// Unit, Post, Officer: whom it is about; at least one.
	Unit    domain.UnitID    `json:"u,omitzero"`
	Post    domain.PostID    `json:"p,omitzero"`
	Officer domain.OfficerID `json:"o,omitzero"`
	// From is the first day on which it stands. Until, where it is set, is the
	// first on which what it found is put right.
	From  Day `json:"f"`
	Until Day `json:"t,omitzero"`
	// Evidence are the events it rests on, never none, the earliest first.
	Evidence []domain.EventID `json:"e"`
	// Score is on the rule's own scale; more is graver. Exposure is over how
	// many acts, days or steps it was counted.
	Score       int    `json:"s"`
	Exposure    int    `json:"x,omitzero"`
	Baseline    string `json:"b,omitzero"`
	Explanation string `json:"w"`
	// BaselineChinese and ExplanationChinese say the same in Chinese.
	BaselineChinese    string `json:"bz,omitzero"`
	ExplanationChinese string `json:"wz,omitzero"`
}

// Says is what a warning of the hit says, in both languages: what was found,
// and what that does not mean.
func (r *Rule) Says(h *Hit) (english, chinese string) {
	return r.Name + ": " + h.Explanation + " It does not mean " + r.Not + ".",
		r.Chinese + "：" + h.ExplanationChinese + "这不表示" + r.NotChinese + "。"
}

// Subject names whom the hits of one rule are about, for what is grouped.
func (h *Hit) Subject() string {
	return subject(h.Rule, h.Unit, h.Post, h.Officer)
}

// WarningID names the warning that is raised of the hit, where fresh is the first
// of its events that was not warned of: the same whenever it is asked.
func (h *Hit) WarningID(fresh domain.EventID) domain.WarningID {
	sum := sha256.Sum256([]byte(h.Subject()))
	return domain.WarningID("rule:" + h.Rule + ":" + hex.EncodeToString(sum[:6]) + ":" + string(fresh))
}

func subject(rule string, unit domain.UnitID, post domain.PostID, officer domain.OfficerID) string {
	return "subject " + rule + "\x1f" + string(unit) + "\x1f" + string(post) + "\x1f" + string(officer)
}

// Peers says of every hit who was compared, PeersChinese in Chinese.
const (
	Peers        = "nobody is compared: the rule looks at this matter alone"
	PeersChinese = "不与他人比较：本规则只看该事项本身"
)

// All lists the rules. Do not change them.
func All() []*Rule { return all }

// Find returns the rule of that code; nil when there is none.
func Find(code string) *Rule { return byCode[code] }

// Flooded is raised, once a day and rule, where a rule found more than may be
// raised in a day. It is found by nobody's fold.
var Flooded = &Rule{
	Code: "rule.flooded", Version: "1", Name: "more hits than may be raised in a day", Chinese: "预警数量超限", Article: "D10",
	Finds:        "one rule found more than the rulebook lets it raise in a day; the gravest were raised, the others wait for the next day and are counted here",
	Not:          "that any of them is right or wrong; look for one that somebody may want to hide among many",
	FindsChinese: "一条规则发现的情形多于规则手册允许其一日内发出的预警；最严重的已发出，其余留待次日，在此计数",
	NotChinese:   "其中任何一件属实或者不属实；请查看是否有人借大量预警掩盖其中某一件",
	Where:        "warning.atOnce",
	Threshold: func(b *domain.Rulebook) (string, string) {
		if b.Warning.AtOnce == 0 {
			return "", ""
		}
		return number(b.Warning.AtOnce, "warning") + " of one rule a day", b.Warning.AtOnceSource
	},
	ThresholdChinese: func(b *domain.Rulebook) string {
		if b.Warning.AtOnce == 0 {
			return ""
		}
		return fmt.Sprintf("每条规则每日%d件预警", b.Warning.AtOnce)
	},
}

var (
	all    = together()
	byCode = func() map[string]*Rule {
		out := map[string]*Rule{}
		for _, r := range all {
			out[r.Code] = r
		}
		return out
	}()
	byKind = func() map[domain.Kind][]hearing {
		out := map[domain.Kind][]hearing{}
		for _, r := range all {
			for _, h := range r.hears {
				out[h.kind] = append(out[h.kind], hearing{r, h.does})
			}
		}
		return out
	}()
)

type hearing struct {
	rule *Rule
	does func(*scene, domain.Event)
}

func together() []*Rule {
	out := []*Rule{Flooded}
	for _, some := range [][]*Rule{ofOfficers, ofPosts, ofActs, ofAmounts, ofPairs, ofActivities, ofNorms, ofComplaints} {
		out = append(out, some...)
	}
	return out
}

// Hears lists the kinds of event that it listens to, in their order in the
// rule.
func (r *Rule) Hears() []domain.Kind {
	out := make([]domain.Kind, len(r.hears))
	for i, h := range r.hears {
		out[i] = h.kind
	}
	return out
}
