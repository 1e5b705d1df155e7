package clocks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
)

// Level says how far a warned clock has run. It is the score of the warning
// that is raised.
type Level int

// The levels: the first is an early notice that only long terms have, the
// next two are 70 and 90 per cent, the last is the last day itself.
const (
	First  Level = 40
	Second Level = 70
	Third  Level = 90
	Last   Level = 100
)

// Levels lists them, lowest first.
func Levels() []Level { return []Level{First, Second, Third, Last} }

// Mark is when a level is reached: so long before the last day, or when so
// many per cent of the term are used.
type Mark struct {
	Level  Level
	Before domain.Term
	Share  int
}

// DefaultMarks warn at 70, 90 and 100 per cent of the term.
var DefaultMarks = []Mark{{Level: Second, Share: 70}, {Level: Third, Share: 90}, {Level: Last, Share: 100}}

// Reached is the first day on which a clock stands at a level.
type Reached struct {
	Level Level
	On    domain.Date
}

// Reaches returns on which days the clock reaches its levels; none for a
// clock that nobody is warned of. A mark before the clock began is reached
// on its first day.
func (k *Keeper) Reaches(c *Clock) []Reached {
	rule := k.rules[c.Name]
	if rule == nil || rule.Quiet || rule.Breach == Lapses {
		return nil
	}
	marks := rule.Marks
	if marks == nil {
		marks = DefaultMarks
	}
	out := make([]Reached, len(marks))
	for i, m := range marks {
		day := c.Due
		switch {
		case m.Before.Unit == domain.Months:
			day = c.Due.AddMonths(-m.Before.Length)
		case !m.Before.IsZero():
			day = c.Due.AddDays(-m.Before.Length)
		case m.Share < 100:
			// From is moved by the days tolled, so the days left are what
			// counts.
			left := c.Length - (c.Length*m.Share+99)/100
			day = k.before(c, left)
		}
		if day.Before(c.Started) {
			day = c.Started
		}
		out[i] = Reached{m.Level, day}
	}
	return out
}

// before returns the first day on which no more than so many days are left.
func (k *Keeper) before(c *Clock, left int) domain.Date {
	if !c.Workdays {
		return c.Due.AddDays(-left)
	}
	count := k.CountOf(c)
	day, target := c.Due, count.Number(c.Due, true)-left
	for {
		prev := day.AddDays(-1)
		if count.Number(prev, true) < target {
			return day
		}
		day = prev
	}
}

// warningPrefix begins the codes of the rules of clocks, and the ids of the
// warnings they raise.
const warningPrefix = "clock:"

// RuleCode returns the code of the rule that warns of a clock.
func RuleCode(name string) string { return warningPrefix + name }

// WarningID names the warning of a clock and its last day. An extension sets
// another last day, and what is warned of then is another promise.
func (c *Clock) WarningID() domain.WarningID {
	return domain.WarningID(warningPrefix + c.Name + ":" + string(c.Start) + ":" + strings.ReplaceAll(c.Due.String(), "-", ""))
}

// Again names the warning to raise at a level when the first one was settled
// before.
func Again(id domain.WarningID, level Level) domain.WarningID {
	return domain.WarningID(fmt.Sprintf("%s:%d", id, level))
}

// WarningOf returns the id that WarningID gave, for a warning of that id or
// of one raised again; false for any other warning.
func WarningOf(id string) (domain.WarningID, bool) {
	parts := strings.Split(id, ":")
	if parts[0]+":" != warningPrefix || len(parts) < 4 {
		return "", false
	}
	return domain.WarningID(strings.Join(parts[:4], ":")), true
}

// Warn returns the command that raises the warning of the clock at the
// level, the same whenever it is asked; false where the matter names no unit,
// post or officer whom the warning could be about.
func (k *Keeper) Warn(c *Clock, level Level) (warning.Raise, bool) {
	rule := k.rules[c.Name]
	if rule == nil {
		return warning.Raise{}, false
	}
	w := warning.Raise{
		Rule: RuleCode(c.Name), Version: "1", Unit: c.Unit, Post: c.Post, Evidence: []domain.EventID{c.Start},
		Score: int(level), Exposure: c.Length, Explanation: k.explain(rule, c, level), ExplanationChinese: k.explainChinese(rule, c, level),
	}
	if rule.Personal {
		w.Officer = c.Officer
	}
	if source := rule.Source(k.BookOf(c)); source != "" {
		w.Baseline, w.BaselineChinese = source, domain.SourceChinese(source)
	}
	return w, w.Unit != "" || w.Post != "" || w.Officer != ""
}

// explain says in plain words what runs out.
func (k *Keeper) explain(rule *Rule, c *Clock, level Level) string {
	days := "days"
	if c.Workdays {
		days = "working days"
	}
	what := rule.Owed
	if c.Key != "" {
		what += " (" + c.Key + ")"
	}
	text := fmt.Sprintf("%s %s: to %s. The term of %d %s began on %s and ends on %s; ", rule.Chinese, c.Subject.ID, what, c.Length, days, c.Started, c.Due)
	left := rule.before(level)
	switch {
	case level == Last:
		text += "its last day has come."
	case !left.IsZero():
		text += fmt.Sprintf("%d %s or less are left.", left.Length, left.Unit)
	default:
		text += fmt.Sprintf("%d %% of it are used.", level)
	}
	return text
}

// explainChinese says the same in Chinese.
func (k *Keeper) explainChinese(rule *Rule, c *Clock, level Level) string {
	days := "日"
	if c.Workdays {
		days = "个工作日"
	}
	what := rule.OwedChinese
	if c.Key != "" {
		what += "（" + c.Key + "）"
	}
	text := fmt.Sprintf("%s %s：应%s。期限%d%s，自%s起，至%s止；", rule.Chinese, c.Subject.ID, what, c.Length, days, c.Started, c.Due)
	left := rule.before(level)
	switch {
	case level == Last:
		text += "期限最后一日已到。"
	case !left.IsZero():
		text += fmt.Sprintf("剩余不超过%s。", left.Chinese())
	default:
		text += fmt.Sprintf("已用去期限的%d%%。", level)
	}
	return text
}

// before returns how long before the last day the level is reached; the zero
// term where it is a share of the term.
func (r *Rule) before(level Level) domain.Term {
	i := slices.IndexFunc(r.Marks, func(m Mark) bool { return m.Level == level })
	if i < 0 {
		return domain.Term{}
	}
	return r.Marks[i].Before
}
