package evaluate

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/cmd/bench/planted"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/screening"
)

// Result is a whole evaluation.
type Result struct {
	Standard, Weaker, Louder, Null Study
	// AtStated is the null run with the limit of comparisons at what is stated.
	AtStated Study
	// Small is a null run over agencies of 24 officers, a dozen in each stream.
	Small    Study
	Doubling Power
	Cuts     []Cut // none where the public records are not there
}

// The cut-offs of the back-test. The weights of the engine were chosen at the
// beginnings of 1999, 2002 and 2005.
var years = []int{2008, 2011, 2014}

// Run evaluates on as many seeds. Progress is told in words. Without c there is
// no back-test.
func Run(seeds int, c *Chicago, progress func(string)) (Result, error) {
	var out Result
	w := screening.NewWatcher(rules)
	loose := rules
	loose.Discovery = 10_000 * stated
	standard := planted.Standard()
	weaker, louder, null := standard, standard, standard
	weaker.Strength, louder.Complained, null.Each = 2, 3, 0
	small := null
	small.Units, small.Streams, small.Officers = 2, 2, 24
	for _, run := range []struct {
		name   string
		seeds  int
		config planted.Config
		rules  domain.ScreeningRules
		study  *Study
	}{
		{"standard", seeds, standard, rules, &out.Standard}, {"weaker trouble", seeds, weaker, rules, &out.Weaker}, {"louder trouble", seeds, louder, rules, &out.Louder},
		{"null", seeds, null, rules, &out.Null}, {"null, with the limit at what is stated", seeds, null, loose, &out.AtStated},
		{"null, of 24 officers each", 8 * seeds, small, rules, &out.Small},
	} {
		progress(fmt.Sprintf("%d agencies, %s", run.seeds, run.name))
		var err error
		if *run.study, err = Planted(run.config, run.seeds, run.rules, w); err != nil {
			return out, err
		}
	}
	progress("a share that doubles")
	var err error
	if out.Doubling, err = Doubling(2000, w); err != nil || c == nil {
		return out, err
	}
	for _, year := range years {
		progress(fmt.Sprintf("Chicago at the beginning of %d", year))
		out.Cuts = append(out.Cuts, c.BackTest(year))
	}
	return out, nil
}

func (e Estimate) text(format string, times float64) string {
	return fmt.Sprintf(format+" ("+format+"–"+format+")", e.Value*times, e.Low*times, e.High*times)
}

// Tables writes the result in Markdown, each figure with the interval that holds
// it with 95 %.
func (r Result) Tables() []byte {
	var b bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("### Whom to look at first\n")
	p("Part of the first ten officers who are in trouble, of ten among 200 (precision, and recall as well), over %d agencies.\n", r.Standard.Seeds)
	p("| ranking | standard | weaker trouble | louder trouble |")
	p("|---|---|---|---|")
	for i, x := range r.Standard.Precision {
		p("| %s | %s | %s | %s |", x.Ranking, x.At.text("%.3f", 1), r.Weaker.Precision[i].At.text("%.3f", 1), r.Louder.Precision[i].At.text("%.3f", 1))
	}
	for _, x := range []struct {
		name string
		of   func(Study) Estimate
	}{
		{"engine / raw count of complaints", func(s Study) Estimate { return s.OverRaw }},
		{"engine / raw count of all marks", func(s Study) Estimate { return s.OverMarks }},
		{"engine / 3 or more in 12 months", func(s Study) Estimate { return s.OverThreshold }},
	} {
		p("| **%s** | %s | %s | %s |", x.name, x.of(r.Standard).text("%.1f", 1), x.of(r.Weaker).text("%.1f", 1), x.of(r.Louder).text("%.1f", 1))
	}
	p("\n### What the monthly runs report, and when\n")
	p("| trouble | reported | after months (median) | reported, weaker | reported, louder |")
	p("|---|---|---|---|---|")
	for i, f := range r.Standard.Found {
		p("| %s | %s %% | %s | %s %% | %s %% |", f.Kind, f.Part.text("%.0f", 100), f.Delay.text("%.0f", 1), r.Weaker.Found[i].Part.text("%.0f", 100), r.Louder.Found[i].Part.text("%.0f", 100))
	}
	p("\n### False alarms\n")
	p("| | standard | null run | stated |")
	p("|---|---|---|---|")
	p("| by comparison with peers, per 100 officer-months | %s | %s | |", r.Standard.Compared.text("%.3f", 1), r.Null.Compared.text("%.3f", 1))
	p("| by change of one's own, per 100 officer-months | %s | %s | %.1f |", r.Standard.Changed.text("%.2f", 1), r.Null.Changed.text("%.2f", 1), float64(rules.Alarms)/100)
	p("| the same over %d agencies of 24 officers, a dozen in each stream | | %s | %.1f |", r.Small.Seeds, r.Small.Changed.text("%.2f", 1), float64(rules.Alarms)/100)
	p("| monthly runs that report anybody by comparison | | %s %% | %.0f %% |", r.Null.Runs.text("%.1f", 100), 100*stated)
	p("| the same, were its limit what is stated | | %s %% | |", r.AtStated.Runs.text("%.1f", 100))
	p("| the same over the %d of 24 officers | | %s %% | %.0f %% |", r.Small.Seeds, r.Small.Runs.text("%.1f", 100), 100*stated)
	p("\n### A share that doubles\n")
	p("A tenth of twenty cases a month becomes a fifth: noticed within %d cases %s %% of the time, after %s months (median); %s false alarms per 100 officer-months where nothing changes.", r.Doubling.Cases, r.Doubling.Seen.text("%.1f", 100), r.Doubling.Delay.text("%.0f", 1), r.Doubling.FalseAlarm.text("%.2f", 1))
	if len(r.Cuts) == 0 {
		return b.Bytes()
	}
	p("\n### Chicago\n")
	p("Lift of the first 2 %%: how many times as often as officers on average they had a complaint of the next two years upheld. Recall: what part of those who had one are among the first 5 %%.\n")
	p("| cut-off | officers | had one | ranking | lift of the first 2 %% | recall of the first 5 %% |")
	p("|---|---|---|---|---|---|")
	for _, c := range r.Cuts {
		for _, t := range c.Tests {
			p("| %d | %d | %.1f %% | %s | %s | %s %% |", c.Year, c.Officers, 100*c.Base, t.Ranking, t.Lift.text("%.2f", 1), t.Recall.text("%.1f", 100))
		}
		p("| %d | | | **engine / raw count, all years** | %s | |", c.Year, c.OverRaw.text("%.2f", 1))
	}
	p("\n### Whom the flags fall on\n")
	p("Race and sex are in no ranking. Part of each group that is among the first 2 %%, and part that had a complaint upheld in the two years after.\n")
	p("| cut-off | group | officers | flagged | upheld later |")
	p("|---|---|---|---|---|")
	for _, c := range r.Cuts {
		for _, f := range c.Fair {
			p("| %d | %s | %d | %.1f %% | %.1f %% |", c.Year, strings.ToLower(f.Group), f.Officers, 100*f.Flagged, 100*f.Later)
		}
	}
	return b.Bytes()
}

// The lines between which the tables of a document stand.
const (
	begin = "<!-- tables: made by cmd/bench -->\n"
	end   = "<!-- end of tables -->\n"
)

// Write puts the tables into a document, in place of those that it has.
func (r Result) Write(document []byte) ([]byte, error) {
	before, rest, ok := bytes.Cut(document, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		return nil, errors.New("the document has no lines between which the tables stand")
	}
	return slices.Concat(before, []byte(begin), []byte("\n"), r.Tables(), []byte("\n"), []byte(end), after), nil
}
