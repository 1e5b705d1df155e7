package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/rosterfile"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/roster"
)

// recordsExport is what export records is asked for.
type recordsExport struct {
	format, as, since, asOf, out, table, purpose string
}

func (a *app) exportRecordsCmd() *cobra.Command {
	var x recordsExport
	cmd := &cobra.Command{
		Use:   "records [--format csv|ndjson|xlsx|parquet] [-o FILE]",
		Short: "Personnel record files as tables that other systems load",
		Long: `Writes the record file of every officer that the role may see: one row an
officer, and tables of their posts, ranks, appraisals, certificates, courses,
rewards, sanctions, restrictions, suspensions, findings and complaints. All
columns stand in docs/hr-feed.md.

  ndjson   one line an officer, the tables as lists in it
  xlsx     a sheet for each table
  csv      a file for each table: with -o records.csv, the officers are in
  parquet  records.csv, their posts in records-posts.csv, and so on; without -o
           one table goes to standard output, that of --table

In CSV, cells that a spreadsheet would take for a formula get an apostrophe; the
other formats hold texts as they are. A file has its name only once it is whole.

At the end a cursor is printed: with --since it brings later those officers of
whom something else is told by then, and nobody else.

Every file that is written is noted as read by the subject of --as, for the
reason in --purpose; the officers see it. A running server records these readings
within a minute. Where none runs they wait for the next program that records, and
an export that finds many waiting records them first, with the key of the ledger.`,
		Example: example("probity export records -o records.xlsx",
			"probity export records --format parquet -o records.parquet --as hr:li@hq",
			"probity export records --format ndjson --since r1.eyJzIjo5Nn0 >> changes.ndjson"),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.exportRecords(cmd.Context(), x) },
	}
	f := cmd.Flags()
	f.StringVar(&x.format, "format", "", strings.Join(rosterfile.Formats, ", ")+"; by the ending of -o, else csv")
	f.StringVar(&x.as, "as", "hr:local@*", "who asks: ROLE:SUBJECT[@UNIT,…]")
	f.StringVar(&x.since, "since", "", "only what changed since the cursor that an earlier export printed")
	f.StringVar(&x.asOf, "as-of", "", "as the ledger knew it at the end of the DATE, or at a moment (RFC 3339)")
	f.StringVarP(&x.out, "out", "o", "", "file to write; standard output without it")
	f.StringVar(&x.table, "table", "", "only this table")
	f.StringVar(&x.purpose, "purpose", "export of records", "why the files are read")
	return cmd
}

// check fills in what follows from the rest.
func (x *recordsExport) check() ([]*roster.Table, error) {
	if x.format == "" {
		x.format = "csv"
		for _, f := range rosterfile.Formats {
			if strings.HasSuffix(x.out, "."+f) {
				x.format = f
			}
		}
	}
	if !slices.Contains(rosterfile.Formats, x.format) {
		return nil, usagef("--format %q is unknown: use %s", x.format, strings.Join(rosterfile.Formats, ", "))
	}
	if x.since != "" && x.asOf != "" {
		return nil, usagef("--as-of shows the whole as of a day: leave --since out")
	}
	tables, names := roster.Tables(), []string{}
	if x.table == "" {
		if x.out == "" && rosterfile.Apart(x.format) {
			return tables[:1], nil // officers
		}
		return tables, nil
	}
	for _, t := range tables {
		if t.Name == x.table {
			if x.format == "ndjson" {
				return nil, usagef("--table: a line of ndjson holds all of them")
			}
			return []*roster.Table{t}, nil
		}
		names = append(names, t.Name)
	}
	return nil, usagef("--table %q is unknown: use %s", x.table, strings.Join(names, ", "))
}

func (a *app) exportRecords(ctx context.Context, x recordsExport) error {
	who, err := asPrincipal(x.as)
	if err != nil {
		return err
	}
	tables, err := x.check()
	if err != nil {
		return err
	}
	cursor, err := roster.ParseCursor(x.since)
	if err != nil {
		return usageError{fmt.Errorf("--since: %w", err)}
	}
	h, err := a.openReading()
	if err != nil {
		return err
	}
	defer h.Close()
	a.recordEarlierReadings(ctx, h)
	if err := h.OpenViews(ctx, nil); err != nil {
		return err
	}
	reader := h.Views.As(who)
	moment, err := roster.Moment(reader, x.asOf)
	if err != nil {
		return usageError{fmt.Errorf("--as-of: %w", err)}
	}
	if cursor, err = cursor.Begin(ctx, reader, moment); err != nil {
		return err
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(exportMemory))
	out := &outputs{path: x.out, stdout: a.stdout, first: tables[0].Name}
	defer out.drop()
	w, err := rosterfile.New(x.format, tables, out.open)
	if err != nil {
		return err
	}
	defer w.Drop()
	n, err := a.writeRows(ctx, h, reader, cursor, x.purpose, w)
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = out.commit()
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stderr, "%d record files\ncursor: %s\n", n, cursor.End())
	return nil
}

// writeRows has each row noted as read before it is written.
func (a *app) writeRows(ctx context.Context, h *house.House, reader *projections.Reader, cursor roster.Cursor, why string, w rosterfile.Writer) (n int, err error) {
	var rows []roster.Row
	bar := a.progress("record files", -1)
	defer bar.done()
	flush := func() error {
		var officers []domain.OfficerID
		for _, r := range rows {
			officers = append(officers, r.File.Officer)
		}
		note := func() error { return h.NoteReadings(ctx, reader.Principal(), officers, why, time.Now()) }
		if err := a.noteReadings(ctx, h, note); err != nil {
			return err
		}
		for _, r := range rows {
			if err := w.Write(r); err != nil {
				return err
			}
		}
		n += len(rows)
		bar.set(n)
		rows = rows[:0]
		return nil
	}
	for r, err := range cursor.Rows(ctx, reader) {
		if err != nil {
			return n, err
		}
		if rows = append(rows, r); len(rows) == noteAtOnce {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	return n, flush()
}

// exportMemory is from where on memory is given back sooner, in bytes: the
// library for workbooks keeps up to 32 MB for each sheet.
const exportMemory = 200 << 20

// noteAtOnce is how many rows are noted as read at once.
const noteAtOnce = 1000

// outputs are the files that an export writes.
type outputs struct {
	path   string // "" for standard output
	first  string // the table that has the name itself
	stdout io.Writer
	files  []*wholeFile
	buffer *bufio.Writer
}

func (o *outputs) open(table string) (io.Writer, error) {
	if o.path == "" {
		o.buffer = bufio.NewWriterSize(o.stdout, 64<<10)
		return o.buffer, nil
	}
	path := o.path
	if table != "" && table != o.first {
		path = beside(path, table)
	}
	f, err := createWhole(path)
	if err != nil {
		return nil, err
	}
	o.files = append(o.files, f)
	return f, nil
}

func (o *outputs) commit() error {
	if o.buffer != nil {
		return o.buffer.Flush()
	}
	var err error
	for _, f := range slices.Backward(o.files) { // the officers last
		err = errors.Join(err, f.commit())
	}
	return err
}

func (o *outputs) drop() {
	for _, f := range o.files {
		f.drop()
	}
}
