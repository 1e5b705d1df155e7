package main

import (
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/alerts"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/screening"
)

// warnFlags are those of `probity warn`.
type warnFlags struct {
	replay, json             bool
	rulebook, rule, from, to string
}

// replayed is what a rule or measure would have raised, and did.
type replayed struct {
	Rule             string       `json:"rule"`
	Name             string       `json:"name"`
	Chinese          string       `json:"chinese"`
	Threshold        string       `json:"threshold,omitzero"`
	ThresholdChinese string       `json:"thresholdChinese,omitzero"`
	Source           string       `json:"source,omitzero"`
	Would            int          `json:"would"`
	Did              int          `json:"did"`
	Both             int          `json:"both"`
	Warnings         []wouldRaise `json:"warnings,omitempty"`

	bounded bool // it reports from a threshold on, set or not
}

// wouldRaise is one warning that would have been raised.
type wouldRaise struct {
	ID          domain.WarningID `json:"id"`
	On          domain.Date      `json:"on"`
	Unit        domain.UnitID    `json:"unit,omitzero"`
	Post        domain.PostID    `json:"post,omitzero"`
	Officer     domain.OfficerID `json:"officer,omitzero"`
	Score       int              `json:"score"`
	Times       int              `json:"times"`
	Raised      bool             `json:"raised"`
	Explanation string           `json:"explanation"`
	// ExplanationChinese says the same in Chinese.
	ExplanationChinese string `json:"explanationChinese"`
}

func (a *app) warnCmd() *cobra.Command {
	var f warnFlags
	cmd := &cobra.Command{
		Use:   "warn --replay",
		Short: "What early warning would have raised on past events",
		Long: `Plays the recorded events through the deterministic rules of early warning and
through its statistics, and tells of each how many warnings it would have raised,
how many were, and how many of them are the same. With --rulebook they are judged
by the thresholds of that file on every day, so that a threshold is seen at work
before it is adopted. Nothing is recorded.

The statistics run at the end of each month on what was recorded by then, so
nothing is known too early. What people did with a warning is no part of a replay:
all that was found of one officer, post or unit is one warning. Rules and
statistics: docs/catalogue/warning-rules.md.`,
		Example: example(`probity warn --replay`, `probity warn --replay --rulebook stricter.yaml --rule amount.split --from 2025-01-01 --json`),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !f.replay {
				return usagef("--replay is required: this verb raises nothing, a server does ('probity serve')")
			}
			if f.rule != "" && alerts.Find(f.rule) == nil && screening.Find(f.rule) == nil {
				return usagef("--rule %s: there is no such rule or measure; docs/catalogue/warning-rules.md lists them", f.rule)
			}
			from, to, err := f.days()
			if err != nil {
				return err
			}
			h, err := a.openReading()
			if err != nil {
				return err
			}
			defer h.Close()
			shelf, err := f.shelf(h)
			if err != nil {
				return err
			}
			bar := a.progress("playing the events", -1)
			list, err := f.play(cmd, h, shelf, from, to, bar.position)
			bar.done()
			if err != nil {
				return err
			}
			return a.printReplay(list, f.json)
		},
	}
	cmd.Flags().BoolVar(&f.replay, "replay", false, "play what is recorded; nothing is raised")
	cmd.Flags().StringVar(&f.rulebook, "rulebook", "", "file of the rulebook to judge by (default: those adopted)")
	cmd.Flags().StringVar(&f.rule, "rule", "", "this rule or measure alone, by its code")
	cmd.Flags().StringVar(&f.from, "from", "", "first day of the warnings to tell, as YYYY-MM-DD")
	cmd.Flags().StringVar(&f.to, "to", "", "last day of the warnings to tell")
	cmd.Flags().BoolVar(&f.json, "json", false, "print JSON, with each warning")
	return cmd
}

// days reads --from and --to.
func (f *warnFlags) days() (from, to indicators.Day, err error) {
	from, to = -indicators.Ever, indicators.Ever
	for _, x := range []struct {
		flag, day string
		into      *indicators.Day
	}{{"--from", f.from, &from}, {"--to", f.to, &to}} {
		if x.day == "" {
			continue
		}
		var d domain.Date
		if err := d.UnmarshalText([]byte(x.day)); err != nil || d.IsZero() {
			return 0, 0, usagef("%s %s is no day; write it as 2025-01-31", x.flag, x.day)
		}
		*x.into = indicators.DayOf(d)
	}
	if from > to {
		return 0, 0, usagef("--from %s lies after --to %s", f.from, f.to)
	}
	return from, to, nil
}

// shelf are the rulebooks to judge by.
func (f *warnFlags) shelf(h *house.House) (*domain.Shelf, error) {
	if f.rulebook == "" {
		return h.Books.Shelf(), nil
	}
	raw, err := os.ReadFile(f.rulebook)
	if err != nil {
		return nil, fmt.Errorf("read the rulebook: %w", err)
	}
	book, _, err := rulebooks.Parse(f.rulebook, raw)
	if err != nil {
		return nil, err
	}
	return domain.ShelfOf(book), nil
}

// counted are the rules and measures in their order, and what is counted of
// each.
type counted struct {
	from, to indicators.Day
	list     []*replayed
	of       map[string]*replayed
	did      map[domain.WarningID]bool
}

func (c *counted) add(x *replayed) {
	c.list, c.of[x.Rule] = append(c.list, x), x
}

// raised counts one that was raised, under the name by which it is compared.
func (c *counted) raised(rule string, on indicators.Day, id domain.WarningID) {
	if x := c.of[rule]; x != nil && c.from <= on && on <= c.to {
		x.Did++
		c.did[id] = true
	}
}

// would counts one that would have been raised.
func (c *counted) would(rule string, on indicators.Day, id domain.WarningID, w wouldRaise) {
	x := c.of[rule]
	if x == nil || on < c.from || on > c.to {
		return
	}
	w.On, w.Raised = on.Date(), c.did[id]
	x.Would++
	if w.Raised {
		x.Both++
	}
	x.Warnings = append(x.Warnings, w)
}

// play plays the ledger and counts.
func (f *warnFlags) play(cmd *cobra.Command, h *house.House, shelf *domain.Shelf, from, to indicators.Day, progress func(ledger.Position)) ([]*replayed, error) {
	rules, statistics := alerts.NewReplay(shelf), screening.NewReplay(shelf)
	for s, err := range h.Store.ReadAll(cmd.Context(), ledger.Start) {
		if err != nil {
			return nil, err
		}
		d, err := h.Codec.Decode(s)
		if err != nil {
			return nil, err
		}
		if indicators.DayOf(shelf.Day(d.Act.RecordedAt)) > to {
			break // what was recorded later tells nothing of the days that are asked for
		}
		rules.Add(d.Recorded, d.Position)
		if err := statistics.Add(d.Recorded); err != nil {
			return nil, err
		}
		progress(d.Position)
	}
	today := shelf.Day(time.Now())
	until := min(to, indicators.DayOf(today))
	rules.Until(until)
	if err := statistics.Until(until); err != nil {
		return nil, err
	}
	c := f.counted(shelf.On(today), from, to)
	for _, w := range rules.Did() {
		c.raised(w.Rule, w.On, w.ID)
	}
	for _, w := range statistics.Did() {
		_, series, _ := screening.SeriesOf(w.ID)
		c.raised(w.Code, w.On, domain.WarningID(series))
	}
	for _, w := range rules.Would() {
		c.would(w.Rule, w.On, w.ID, wouldRaise{ID: w.ID, Unit: w.Unit, Post: w.Post, Officer: w.Officer, Score: w.Score, Times: w.Times, Explanation: w.Explanation, ExplanationChinese: w.ExplanationChinese})
	}
	for _, w := range statistics.Would() {
		_, series, _ := screening.SeriesOf(w.ID)
		c.would(w.Code, w.On, domain.WarningID(series), wouldRaise{ID: w.ID, Unit: w.Unit, Officer: w.Officer, Score: w.Score, Times: w.Times, Explanation: w.Explanation, ExplanationChinese: w.ExplanationChinese})
	}
	return c.list, nil
}

// counted begins to count what is asked for.
func (f *warnFlags) counted(book *domain.Rulebook, from, to indicators.Day) *counted {
	c := &counted{from: from, to: to, of: map[string]*replayed{}, did: map[domain.WarningID]bool{}}
	for _, r := range alerts.All() {
		if r == alerts.Flooded || f.rule != "" && r.Code != f.rule {
			continue
		}
		x := &replayed{Rule: r.Code, Name: r.Name, Chinese: r.Chinese, bounded: r.Threshold != nil}
		if x.bounded {
			x.Threshold, x.Source = r.Threshold(book)
			x.ThresholdChinese = r.ThresholdChinese(book)
		}
		c.add(x)
	}
	for _, m := range screening.Measures() {
		if f.rule != "" && m.Code != f.rule {
			continue
		}
		x := &replayed{Rule: m.Code, Name: m.Name, Chinese: m.Chinese, bounded: true}
		x.Threshold, x.ThresholdChinese = m.Threshold(book.Warning.Screening)
		if x.Threshold != "" {
			x.Source = book.Warning.Screening.Source
		}
		c.add(x)
	}
	return c
}

func (a *app) printReplay(list []*replayed, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(list)
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RULE\tWOULD\tDID\tBOTH\tTHRESHOLD")
	for _, x := range list {
		threshold := x.Threshold
		switch {
		case threshold != "":
			threshold += " (" + x.Source + ")"
		case x.bounded:
			threshold = "none is set: silent"
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\n", x.Rule, x.Would, x.Did, x.Both, threshold)
	}
	return w.Flush()
}
