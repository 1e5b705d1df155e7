package main

import (
	"fmt"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/alerts"
	"github.com/probity-ledger/probity/projections/screening"
)

// rulesPage is where the rules of early warning stand.
const rulesPage = "warning-rules.md"

// warningRules lists the deterministic rules of early warning, and its
// statistics.
func (h *house) warningRules() []byte {
	p := &page{}
	p.para(notice)
	p.para("# Rules of early warning 预警规则")
	p.para(`The deterministic rules: what each finds, what that does not mean, its threshold and where that is written, as of ` + h.book.ID + `.
A rule accuses nobody; it says where to look. A hit rests on recorded events and becomes a warning, once. More of the same,
while that warning is open, is grouped with it. Where a later event, late or as a correction, tells otherwise, that is
recorded as well: the warning is escalated with the reason that its ground is lost, and people decide.`)
	p.para("Deadlines have rules of their own (`clock:…`), which warn at 70, 90 and 100 per cent of a term: among them the rotation that is " +
		"overdue, the certificate that runs out, and the overturned act whose fault nobody reviewed. What the statistics of early warning " +
		"are worth stands in [early-warning.md](../early-warning.md).")
	p.para("Another threshold is tried on past events with `probity warn --replay --rulebook FILE`, and changed through the rulebook alone.")
	var rows [][]string
	for _, r := range alerts.All() {
		threshold, source, where := "", "", ""
		if r.Threshold != nil {
			threshold, source = r.Threshold(h.book)
			if threshold != "" {
				threshold, source = r.ThresholdChinese(h.book)+"<br>"+threshold, inBoth(source)
			}
			where = "`" + r.Where + "`"
		}
		rows = append(rows, []string{"`" + r.Code + "`", r.Chinese + "<br>" + r.Name, string(r.Article), threshold, source, where})
	}
	p.table([]string{"rule", "", "article", "threshold", "source", "in the rulebook"}, rows)
	if len(h.book.Warning.Amounts) > 0 {
		p.para("Amounts from which a higher approval is needed (`warning.amounts`), in yuan; just below is from " +
			fmt.Sprint(h.book.Warning.Near) + " per cent of them on:")
		rows = nil
		for _, l := range h.book.Warning.Amounts {
			rows = append(rows, []string{l.Stream, l.Party, fmt.Sprint(l.Amount / 100), inBoth(l.Source)})
		}
		p.table([]string{"stream", "party", "amount", "source"}, rows)
	}
	for _, r := range alerts.All() {
		p.para("## " + r.Code)
		p.para(r.Chinese + " · " + r.Name + ", version " + r.Version + ".")
		p.para("It finds that " + r.Finds + ".")
		p.para("It does not mean " + r.Not + ".")
		p.para("发现：" + r.FindsChinese + "。不表示" + r.NotChinese + "。")
		if kinds := r.Hears(); len(kinds) > 0 {
			p.para("It listens to " + kindList(kinds) + ".")
		}
	}
	h.measures(p)
	return p.bytes()
}

// measures lists the statistics of early warning.
func (h *house) measures(p *page) {
	p.para("# Statistics of early warning 预警统计")
	rules := h.book.Warning.Screening
	p.para(`Once a day acts are compared among those who work by the same procedure in one agency, over whole months, and with what was usual before.
What stands out becomes a warning, named after the measure, whom it is about and the month; found again, it is grouped with the open one.
All thresholds stand in the rulebook (` + "`warning.screening`" + `); where it sets none, nothing is compared. How the run works and how
good it is: [early-warning.md](../early-warning.md).`)
	p.table([]string{"field", "", "number"}, [][]string{
		{"`window`", "whole months over which peers are compared", fmt.Sprint(rules.Window)},
		{"`learn`", "months that tell what is usual before changes are looked for", fmt.Sprint(rules.Learn)},
		{"`peers`", "peers with exposure at least; with fewer nothing is compared", fmt.Sprint(rules.Peers)},
		{"`discovery`", "of what a run reports, how many in 10,000 are to be expected false at most", fmt.Sprint(rules.Discovery)},
		{"`times`", "the change of odds that is looked for", fmt.Sprint(rules.Times)},
		{"`alarms`", "false alarms of change in 10,000 officer-months at most, over all measures", fmt.Sprint(rules.Alarms)},
		{"`source`", "", inBoth(rules.Source)},
	})
	var rows [][]string
	for _, m := range screening.Measures() {
		threshold, chinese := m.Threshold(rules)
		rows = append(rows, []string{"`" + m.Code + "`", m.Chinese + "<br>" + m.Name, string(m.Article), chinese + "<br>" + threshold})
	}
	p.table([]string{"measure", "", "article", "threshold"}, rows)
	for _, m := range screening.Measures() {
		p.para("## " + m.Code)
		p.para(m.Chinese + " · " + m.Name + ", version " + m.Version + ".")
		p.para("It finds that " + m.Finds + ".")
		p.para("It does not mean " + m.Not + ".")
		p.para("发现：" + m.FindsChinese + "。不表示" + m.NotChinese + "。")
	}
}

func kindList(kinds []domain.Kind) string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = linkTo(k.Room(), string(k))
	}
	return strings.Join(out, ", ")
}

// inBoth writes a source in Chinese and English, once where both are the same.
func inBoth(source string) string {
	if chinese := domain.SourceChinese(source); chinese != source {
		return chinese + "<br>" + source
	}
	return source
}
