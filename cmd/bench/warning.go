package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/probity-ledger/probity/cmd/bench/evaluate"
)

// warning evaluates early warning, and puts the tables into the document where
// one is named. What is compared is told with intervals there; the goals are in
// the rows.
func (s *suite) warning(context.Context) error {
	seeds := pick(s, 50, 5)
	chicago, err := evaluate.LoadChicago(filepath.Join(s.data, "chicago"))
	if errors.Is(err, fs.ErrNotExist) {
		s.report.note("warning: the records of Chicago are not in %s; without them there is no back-test", s.data)
	} else if err != nil {
		return err
	}
	r, err := evaluate.Run(seeds, chicago, func(what string) { s.progress("%s", what) })
	if err != nil {
		return err
	}
	one := func(name, unit string, e evaluate.Estimate, times float64, goals ...goal) {
		s.report.add(name, unit, []float64{e.Value * times}, goals...)
	}
	one("planted: precision of the first ten / raw count of complaints", "×", r.Standard.OverRaw, 1, atLeast(1.7))
	one("planted: precision of the first ten / 3 or more in 12 months", "×", r.Standard.OverThreshold, 1, atLeast(3))
	one("planted: false alarms of change per 100 officer-months", "", r.Null.Changed, 1, below(1))
	one("null run: monthly runs that report anybody by comparison", "%", r.Null.Runs, 100, below(5))
	one("null run over 24 officers: monthly runs that report anybody by comparison", "%", r.Small.Runs, 100, below(5))
	one("a tenth that doubles, noticed within 240 cases", "%", r.Doubling.Seen, 100, atLeast(90))
	for _, c := range r.Cuts {
		one(fmt.Sprintf("Chicago: lift of the first 2 %% / raw count, %d", c.Year), "×", c.OverRaw, 1, atLeast(1))
	}
	if s.document == "" {
		return nil
	}
	before, err := os.ReadFile(s.document)
	if err != nil {
		return err
	}
	after, err := r.Write(before)
	if err != nil {
		return err
	}
	return os.WriteFile(s.document, after, 0o644)
}
