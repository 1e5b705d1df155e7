package screening

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// warningPrefix begins the names of all warnings of findings.
const warningPrefix = "screen:"

// Series names what is found of one officer and matter by one measure, in
// whatever month; of meetings, with one party, which nobody can read from it.
func (k Key) Series() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{k.Code, string(k.Unit), string(k.Officer), string(k.Stream), string(k.Procedure), k.Party}, "\x1f")))
	return warningPrefix + k.Code + ":" + hex.EncodeToString(sum[:8])
}

// WarningID names the warning that is raised of the finding, after its series
// and the month with which the run ended: the same whenever it is found again.
func (k Key) WarningID() domain.WarningID { return domain.WarningID(k.Series() + ":" + k.End.String()) }

// SeriesOf returns the measure's code and the series that a warning's name
// tells of; false where it is not the name of a finding's.
func SeriesOf(id domain.WarningID) (code, series string, ok bool) {
	parts := strings.Split(string(id), ":")
	if len(parts) < 4 || parts[0]+":" != warningPrefix {
		return "", "", false
	}
	return parts[1], strings.Join(parts[:3], ":"), true
}

// OfChange tells whether it looks for changes, each of which is found in the run
// of one month alone.
func (m *Measure) OfChange() bool { return m.way == change }

// Threshold says in words when it reports, and the same in Chinese; "" where the
// rules are the zero value and nothing is compared.
func (m *Measure) Threshold(r domain.ScreeningRules) (words, chinese string) {
	switch {
	case r == (domain.ScreeningRules{}):
		return "", ""
	case m.way == change:
		return fmt.Sprintf("%d times the odds of before, learnt in %d months; %d false alarms in 10,000 officer-months at most, of all measures of change together", r.Times, r.Learn, r.Alarms),
			fmt.Sprintf("比值比以往上升至%d倍，以%d个月的情况为基准；各项变化指标合计每万人月误报至多%d次", r.Times, r.Learn, r.Alarms)
	}
	if m.way == meetings {
		return fmt.Sprintf("%d months; of what a run reports %d in 10,000 false at most, as is to be expected", r.Window, r.Discovery),
			fmt.Sprintf("%d个月；每次比对所报情形中预期误报至多万分之%d", r.Window, r.Discovery)
	}
	return fmt.Sprintf("%d months, %d peers at least; of what a run reports %d in 10,000 false at most, as is to be expected", r.Window, r.Peers, r.Discovery),
		fmt.Sprintf("%d个月，同类人员至少%d名；每次比对所报情形中预期误报至多万分之%d", r.Window, r.Peers, r.Discovery)
}

// GroundLost is the reason for which a warning is escalated whose months do not
// stand out any more.
const GroundLost = "what was found no longer stands out: something of its months that was recorded since, late or as a review of an act, tells otherwise; " +
	"look again, and dismiss the warning or say what remains of it"

// GroundLostChinese is the same in Chinese.
const GroundLostChinese = "原先发现的情形已不再突出：此后补录的或对相关案件复核的记录表明情况有所不同；请重新查看，排除该预警或者说明尚存的问题"
