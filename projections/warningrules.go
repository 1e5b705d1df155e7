package projections

import (
	"strings"
	"sync"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/projections/alerts"
	"github.com/probity-ledger/probity/projections/screening"
)

// WarningRuleKind is what raises warnings under a code.
type WarningRuleKind string

// What raises warnings.
const (
	WarningByRule    WarningRuleKind = "rule"    // a rule of package alerts
	WarningByMeasure WarningRuleKind = "measure" // a comparison of package screening
	WarningByClock   WarningRuleKind = "clock"   // a deadline of the rulebook
	// WarningByOther: a code that this program does not know, of a warning
	// raised by hand, by another version or in old records.
	WarningByOther WarningRuleKind = "other"
)

// warningRuleKinds lists them in the order in which they are told.
var warningRuleKinds = []WarningRuleKind{WarningByRule, WarningByMeasure, WarningByClock, WarningByOther}

// WarningRule says what raises the warnings of a code.
type WarningRule struct {
	Code string
	Kind WarningRuleKind
	// Name and Chinese are what it is called, "" for one that is not known;
	// Article is what it serves, "" where it serves several.
	Name    string
	Chinese string
	Article domain.Article
	// Finds says what it finds, Not what that does not mean; both in Chinese too.
	Finds, FindsChinese string
	Not, NotChinese     string
}

// ofClock says of every deadline what it finds and what that does not mean.
var ofClock = WarningRule{
	Kind:         WarningByClock,
	Finds:        "the term is used to so many per cent, or its last day has come",
	FindsChinese: "期限已用去若干百分比，或最后一日已到",
	Not:          "that whoever answers for it has neglected anything: the term may have been put off, or the thing done and not yet recorded",
	NotChinese:   "责任人有任何懈怠：期限可能已延长，或事项已办结而尚未录入",
}

// ofClocks are the deadlines by the codes of their warnings.
var ofClocks = sync.OnceValue(func() map[string]*clocks.Rule {
	out := map[string]*clocks.Rule{}
	for _, r := range clocks.Rules() {
		out[clocks.RuleCode(r.Name)] = r
	}
	return out
})

// WarningRuleOf tells what raises warnings under the code.
func WarningRuleOf(code string) WarningRule {
	if r := alerts.Find(code); r != nil {
		return WarningRule{code, WarningByRule, r.Name, r.Chinese, r.Article, r.Finds, r.FindsChinese, r.Not, r.NotChinese}
	}
	if m := screening.Find(code); m != nil {
		return WarningRule{code, WarningByMeasure, m.Name, m.Chinese, m.Article, m.Finds, m.FindsChinese, m.Not, m.NotChinese}
	}
	if r := ofClocks()[code]; r != nil {
		out := ofClock
		out.Code, out.Name, out.Chinese, out.Article = code, r.Owed, r.OwedChinese, articleOfRoom(r.Name)
		return out
	}
	return WarningRule{Code: code, Kind: WarningByOther}
}

// articleOfRoom is the article that all deadlines of a room serve.
func articleOfRoom(clock string) domain.Article {
	room, _, _ := strings.Cut(clock, ".")
	return map[string]domain.Article{"complaint": "I3", "inspection": "I4", "disclosure": "I5", "warning": "D10"}[room]
}
