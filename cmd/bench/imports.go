package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/probity-ledger/probity/cmd/probity/maps"
	"github.com/probity-ledger/probity/cmd/probity/spreadsheet"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/embedded"
)

// imports measures the import of the Philadelphia records, where they are.
func (s *suite) imports(ctx context.Context) error {
	const city = "philadelphia"
	var files []string
	for _, name := range []string{"complaints.csv", "findings.csv"} {
		path := filepath.Join(s.data, city, name)
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			s.report.note("import was left out: there is no %s (say where with --data)", path)
			return nil
		}
		files = append(files, path)
	}
	if _, err := s.key(); err != nil {
		return err
	}
	text, err := maps.Open(city)
	if err != nil {
		return err
	}
	m, err := spreadsheet.Parse(city, text)
	if err != nil {
		return err
	}
	plan, err := m.Plan(s.codec, domain.CN2024(), files...)
	if err != nil {
		return err
	}
	const name = "import Philadelphia"
	got, err := s.rounds(ctx, pick(s, 5, 2), s.signAlone(ledger.PAE(make([]byte, 700))), workload{name, func(ctx context.Context) (sample, error) {
		return s.importRun(ctx, plan)
	}})
	if err != nil {
		return err
	}
	s.report.compare(name, "rows/s", got.rates(name), rawSign, got.rates(rawSign))
	s.report.add(name, "s", got.of(name, func(m sample) float64 { return m.p50 / 1000 }), below(15))
	return nil
}

// importRun imports into a new ledger. The sample's p50 is the whole time.
func (s *suite) importRun(ctx context.Context, plan *spreadsheet.Plan) (sample, error) {
	return s.onNewLedger(func(store *embedded.Store) (sample, error) {
		start := time.Now()
		summary, err := spreadsheet.Run(ctx, plan, s.recorder(store), spreadsheet.Options{})
		took := time.Since(start)
		total := summary.Total()
		if err == nil && total.Rejected+total.Recorded != total.Rows {
			err = fmt.Errorf("of %d rows %d were recorded and %d rejected", total.Rows, total.Recorded, total.Rejected)
		}
		return sample{rate: float64(total.Rows) / took.Seconds(), p50: millis(took)}, err
	})
}
