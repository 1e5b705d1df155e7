package main

import (
	"fmt"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/alerts"
)

// rulesPage is where the rules of early warning stand.
const rulesPage = "warning-rules.md"

// warningRules lists the deterministic rules of early warning.
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
	return p.bytes()
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
