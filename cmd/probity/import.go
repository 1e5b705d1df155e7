package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/maps"
	"github.com/probity-ledger/probity/cmd/probity/spreadsheet"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/ledger"
)

type importFlags struct {
	mapFile  string
	sheet    string
	rejects  string
	dryRun   bool
	suggest  bool
	plainKey bool
}

func (a *app) importCmd() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import --map MAP.yaml FILE… | --suggest FILE…",
		Short: "Bring old records in from spreadsheets (.xlsx, CSV, also gzipped)",
		Long: `Turns the rows of workbooks and CSV files into commands as a mapping file says, and
records them as imported history: each event keeps the digest of its source row. A row
that cannot be read, mapped or recorded goes to the rejects file with its file,
line, column and reason; nothing is dropped in silence. Importing the same file
again adds nothing, so an interrupted import is simply run again.

--map takes a file, or the name of a map that comes with the program:
` + "  " + strings.Join(maps.Names(), ", ") + `

Rejected rows do not make the import fail; the summary counts them by reason.

With --suggest a map is proposed from the headings and the first rows: how the
files are written, which command suits them and why. What only you can say is a
gap, ???, and a map with gaps is refused. docs/import.md tells of every key.

With --dry-run everything is read, mapped and decided, each row on what the
ledger holds and on the rows before it, and nothing is recorded. Its rejects go
to a file of their own, rejects-dry-run.csv, unless --rejects names one. It cannot
foresee what others record before the import is run, nor a full disk.`,
		Example: example("probity import --suggest complaints-2023.xlsx > ours.yaml",
			"probity import --map philadelphia complaints.csv findings.csv",
			"probity import --map ours.yaml --rejects bad.csv --dry-run 2023.csv.gz"),
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, files []string) error {
			if f.suggest {
				return a.suggestMap(cmd, f, files)
			}
			return a.importFiles(cmd, f, files)
		},
	}
	cmd.Flags().StringVar(&f.mapFile, "map", "", "mapping file, or the name of a map that comes with the program")
	cmd.Flags().StringVar(&f.sheet, "sheet", "", "the sheet of workbooks to read, instead of that of the map")
	cmd.Flags().StringVar(&f.rejects, "rejects", "", "where rejected rows go (default: rejects.csv in the data folder, of a dry run rejects-dry-run.csv)")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "decide everything as the import would, and record nothing")
	cmd.Flags().BoolVar(&f.suggest, "suggest", false, "print a map for the files, with gaps to fill in, and import nothing")
	cmd.Flags().BoolVar(&f.plainKey, "plain-key", false, "on first start, keep the signing key unencrypted")
	return cmd
}

func (a *app) importFiles(cmd *cobra.Command, f importFlags, files []string) (err error) {
	m, err := readMap(f.mapFile)
	if err != nil {
		return err
	}
	if f.sheet != "" {
		m.UseSheet(f.sheet)
	}
	// The map and the headers are judged before anything is opened or made.
	book, err := a.bookInForce()
	if err != nil {
		return err
	}
	plan, err := m.Plan(ledger.NewCodec(catalog.New(), ""), book, files...)
	if err != nil {
		return usageError{err}
	}
	recorder, end, err := a.importer(cmd.Context(), f)
	if err != nil {
		return err
	}
	defer func() {
		if failed := end(); err == nil {
			err = failed
		}
	}()
	if f.rejects == "" {
		f.rejects = a.defaultRejects(f.dryRun)
	}
	rejects, err := spreadsheet.CreateRejects(f.rejects)
	if err != nil {
		return err
	}
	bar := &rowsBar{}
	if a.onTerminal() {
		bar = newRowsBar(a.stderr)
	}
	start := time.Now()
	summary, err := spreadsheet.Run(cmd.Context(), plan, recorder, spreadsheet.Options{
		Rejects: rejects, Progress: bar.show,
	})
	bar.done()
	some, rejectsErr := rejects.Commit()
	printImport(a.stdout, summary, f.dryRun, time.Since(start))
	if some {
		fmt.Fprintf(a.stdout, "rejected rows, each with its reason, are in %s\n", f.rejects)
	}
	if _, stopped := errors.AsType[*spreadsheet.StopError](err); stopped && !f.dryRun {
		err = hinted{err, "what was recorded stays; run the same import again to go on where it ended"}
	}
	return errors.Join(err, rejectsErr)
}

// suggestMap prints a map for files that have none.
func (a *app) suggestMap(cmd *cobra.Command, f importFlags, files []string) error {
	if f.mapFile != "" || f.dryRun || f.sheet != "" || f.rejects != "" {
		return usagef("--suggest makes a map, and goes with none of --map, --sheet, --rejects and --dry-run")
	}
	book, err := a.bookInForce()
	if err != nil {
		return err
	}
	if err := spreadsheet.Suggest(a.stdout, ledger.NewCodec(catalog.New(), ""), book, files...); err != nil {
		return usageError{err}
	}
	return nil
}

// importer opens what records the import, or only rehearses it.
func (a *app) importer(ctx context.Context, f importFlags) (spreadsheet.Recorder, func() error, error) {
	if !f.dryRun {
		h, err := a.openWriting(ctx, f.plainKey)
		if err != nil {
			return nil, nil, err
		}
		return h.Recorder, h.Close, nil
	}
	h, err := a.openReading()
	if errors.Is(err, house.ErrNoLedger) {
		h, err = nil, nil // the import would begin one
	}
	if err != nil {
		return nil, nil, err
	}
	below := func() error { return nil }
	if h != nil {
		below = h.Close
	}
	rehearsal, err := house.Rehearse(h, time.Now)
	if err != nil {
		return nil, nil, errors.Join(err, below())
	}
	return rehearsal, func() error { return errors.Join(rehearsal.Close(), below()) }, nil
}

// defaultRejects keeps rejects in the data folder; a dry run makes no folder,
// and leaves the rejects of the last import as they are.
func (a *app) defaultRejects(dryRun bool) string {
	if !dryRun {
		return filepath.Join(a.data, "rejects.csv")
	}
	const name = "rejects-dry-run.csv"
	if _, err := os.Stat(a.data); err != nil {
		return name
	}
	return filepath.Join(a.data, name)
}

// bookInForce returns the rulebook by which the ledger in the data folder
// lives now, or a new one would.
func (a *app) bookInForce() (*domain.Rulebook, error) {
	h, err := a.openReading()
	if errors.Is(err, house.ErrNoLedger) {
		return domain.CN2024(), nil
	}
	if err != nil {
		return nil, err
	}
	return h.Books.At(time.Now()), errors.Join(h.NoBooks, h.Close())
}

// readMap reads a mapping file, or one of those that come with the program.
func readMap(name string) (*spreadsheet.Map, error) {
	if name == "" {
		return nil, hinted{usagef("--map is required"), "see 'probity import --help' for the maps that come with the program"}
	}
	raw, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		if raw, err = maps.Open(name); err != nil {
			return nil, hinted{usagef("there is no file %s, and no map of that name comes with the program", name), "the maps that come with it: " + strings.Join(maps.Names(), ", ")}
		}
	}
	if err != nil {
		return nil, usagef("read the map: %w", err)
	}
	m, err := spreadsheet.Parse(name, raw)
	if err != nil {
		return nil, usageError{err}
	}
	return m, nil
}
