package house

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/outlier"
	"github.com/probity-ledger/probity/projections/screening"
)

// lookBack is how many months before the last whole one a run looks at for
// changes, each of which is noticed in one month alone: no process may have run
// then, the cap of the day may have held it back, or something was recorded late.
const lookBack = 2

// screened is what a Scheduler keeps of its runs to save time: all of it can be
// forgotten.
type screened struct {
	on       domain.Date // of the last run, zero before the first
	watchers map[domain.ScreeningRules]*outlier.Watcher
	// judged are the open warnings that were judged again and keep their ground,
	// with the last event that they were judged by.
	judged map[domain.WarningID]ledger.Position
}

// night is one run over what is compared.
type night struct {
	*raising
	shelf *domain.Shelf
	rules domain.ScreeningRules // in force today
	end   screening.Month
	// known are the warnings of findings, by their series, the last raised last.
	known   map[string][]*projections.ScreenedWarning
	screens map[domain.ScreeningRules]*held
	// doubts are found by the decisions they rest on, found are the series that
	// the run of the last whole month found.
	doubts map[domain.EventID][]*doubt
	found  map[string]bool
	// changed is the last event that changed what was decided in those months.
	changed map[[2]screening.Month]ledger.Position
}

// held is a screen of the months from first to last, by some rules.
type held struct {
	*screening.Screen
	watcher     *outlier.Watcher
	first, last screening.Month
}

// Screen is the nightly run: it compares the acts of the whole months up to the
// last one that is over, by the rulebook in force on the day of now, raises what
// stands out, and says of open warnings where what is known now takes their
// ground away. It may be repeated at any time, and finds the same on any day of
// a month unless something was recorded late.
func (s *Scheduler) Screen(ctx context.Context, now time.Time) (Passed, error) {
	passed := Passed{Commanded: map[domain.CommandName]int{}}
	shelf := s.books.Shelf()
	return passed, s.screen(ctx, s.systemReader(), shelf, shelf.Day(now), &passed)
}

// ScreenDaily is Screen on the first call of a day, and nothing on the others. It
// tells whether it ran.
func (s *Scheduler) ScreenDaily(ctx context.Context, now time.Time) (passed Passed, ran bool, err error) {
	if s.books.Shelf().Day(now) == s.screened.on {
		return Passed{}, false, nil
	}
	passed, err = s.Screen(ctx, now)
	return passed, err == nil, err
}

func (s *Scheduler) screen(ctx context.Context, reader *projections.Reader, shelf *domain.Shelf, today domain.Date, passed *Passed) error {
	r, err := s.raising(ctx, reader, shelf.On(today), today, passed)
	if err != nil {
		return err
	}
	day := indicators.DayOf(today)
	n := &night{raising: r, shelf: shelf, rules: shelf.On(today).Warning.Screening, end: screening.LastWhole(day),
		known: map[string][]*projections.ScreenedWarning{}, screens: map[domain.ScreeningRules]*held{},
		doubts: map[domain.EventID][]*doubt{}, found: map[string]bool{}, changed: map[[2]screening.Month]ledger.Position{}}
	doubts, err := n.learn(ctx)
	if err != nil {
		return fmt.Errorf("find what may have lost its ground: %w", err)
	}
	if n.rules != (domain.ScreeningRules{}) {
		n.need(n.rules, n.end-lookBack, n.end)
	}
	if err := n.fill(ctx); err != nil {
		return fmt.Errorf("read what is compared: %w", err)
	}
	if n.rules != (domain.ScreeningRules{}) {
		if err := n.find(ctx); err != nil {
			return err
		}
	}
	if err := n.reconsider(ctx, doubts); err != nil {
		return err
	}
	s.screened.on = today
	return nil
}

// need has a screen ready for runs that end with the months from one to another.
func (n *night) need(rules domain.ScreeningRules, from, to screening.Month) {
	from = screening.Since(rules, from)
	h := n.screens[rules]
	if h == nil {
		h = &held{first: from, last: to}
		n.screens[rules] = h
	}
	h.first, h.last = min(h.first, from), max(h.last, to)
}

// fill reads once what all screens compare.
func (n *night) fill(ctx context.Context) error {
	if len(n.screens) == 0 {
		return nil
	}
	agency, err := n.reader.Agencies(ctx)
	if err != nil {
		return err
	}
	var from, to screening.Month
	for rules, h := range n.screens {
		if h.watcher = n.screened.watchers[rules]; h.watcher == nil {
			h.watcher = screening.NewWatcher(rules)
			if n.screened.watchers == nil {
				n.screened.watchers = map[domain.ScreeningRules]*outlier.Watcher{}
			}
			n.screened.watchers[rules] = h.watcher
		}
		h.Screen = screening.New(rules, h.first, h.last, agency)
		if from == 0 {
			from, to = h.first, h.last
		}
		from, to = min(from, h.first), max(to, h.last)
	}
	return n.reader.Compared(ctx, from.First(), to.Last(), func(c *screening.Case) error {
		for _, h := range n.screens {
			h.Add(*c)
		}
		for _, d := range n.doubts[c.Decision] {
			if !d.met {
				d.name(c)
			}
		}
		return nil
	})
}

// find raises what the run finds that ends with the last whole month, and the
// changes that were noticed in the months before.
func (n *night) find(ctx context.Context) error {
	h := n.screens[n.rules]
	var findings []screening.Finding
	for end := n.end - lookBack; end <= n.end; end++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		report, err := h.Findings(h.watcher, end)
		if err != nil {
			return fmt.Errorf("compare the months up to %s: %w", end, err)
		}
		for _, f := range report.Findings {
			if end == n.end || f.OfChange() {
				findings = append(findings, f)
			}
			if end == n.end {
				n.found[f.Key().Series()] = true
			}
		}
	}
	// Of several months the gravest goes first as well.
	slices.SortStableFunc(findings, func(a, b screening.Finding) int { return b.Score - a.Score })
	grounds, err := n.reader.Grounds(ctx, findings)
	if err != nil {
		return fmt.Errorf("find what findings rest on: %w", err)
	}
	for i := range findings {
		if err := n.raise(ctx, &findings[i], &grounds[i]); err != nil {
			return err
		}
	}
	return n.floods(ctx)
}

// raise raises a finding, or groups it with the open warning of its series.
// Where the last one was settled, it is raised again only if at least half of
// what it rests on was decided after the months that one was about: people have
// judged the rest.
func (n *night) raise(ctx context.Context, f *screening.Finding, g *projections.Ground) error {
	if len(g.Evidence) == 0 {
		return nil
	}
	series := f.Key().Series()
	open := n.opened[series]
	if of := n.known[series]; len(of) > 0 {
		last := of[len(of)-1]
		switch {
		case !last.Open && 2*g.After(monthOf(last).Last()) < len(g.Days):
			return nil
		case last.Open && (f.End < monthOf(last) || tells(last, f.Score, g.Evidence)):
			return nil
		case last.Open:
			open = last.ID
		}
	}
	command := warning.Raise{Rule: f.Code, Version: f.Version, Unit: f.Unit, Officer: f.Officer, Evidence: g.Evidence,
		Score: f.Score, Exposure: f.Of, Baseline: f.Baseline, Peers: f.Peers, Explanation: f.Explanation,
		BaselineChinese: f.BaselineChinese, PeersChinese: f.PeersChinese, ExplanationChinese: f.ExplanationChinese}
	if open != "" {
		_, _, err := n.record(ctx, open, command)
		return err
	}
	if n.full(command, f.Name, f.Chinese) {
		return nil
	}
	for _, id := range names(f.Key().WarningID()) {
		done, taken, err := n.record(ctx, id, command)
		if err != nil {
			return err
		}
		if done {
			n.raised[f.Code]++
		}
		if !taken {
			n.opened[series] = id
			break
		}
	}
	return nil
}

// tells tells whether the open warning tells all of that already.
func tells(w *projections.ScreenedWarning, score int, evidence []domain.EventID) bool {
	return score <= w.Score && !slices.ContainsFunc(evidence, func(e domain.EventID) bool { return !slices.Contains(w.Evidence, e) })
}

// record gives the command, under a name that what it tells has alone. It tells
// whether that was new, and whether the warning is another's.
func (n *night) record(ctx context.Context, id domain.WarningID, command warning.Raise) (done, taken bool, err error) {
	sum := sha256.New()
	for _, e := range command.Evidence {
		fmt.Fprintln(sum, e)
	}
	done, err = n.give(ctx, fmt.Sprintf("%s:%d:%x", id, command.Score, sum.Sum(nil)[:4]), string(id), command)
	switch {
	case domain.RefusalCode(err) != "":
		n.passed.Refused++
		return false, refusedOf(err, "subject"), nil
	case err != nil:
		return false, false, fmt.Errorf("warn of what %s found: %w", command.Rule, err)
	case done:
		n.passed.Warned++
	}
	return done, false, nil
}
