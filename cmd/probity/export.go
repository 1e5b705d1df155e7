package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/probity/spreadsheet"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/record"
)

func (a *app) exportCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write records out for other programs",
		Args:  usageArgs(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.exportRecordsCmd(), a.exportEventsCmd(), a.exportReporterCmd(), a.exportLogCmd(), a.exportProofCmd())
	return cmd
}

func (a *app) exportRecordsCmd() *cobra.Command {
	var format, as string
	cmd := &cobra.Command{
		Use:   "records [--format csv|ndjson]",
		Short: "Personnel record files, to standard output",
		Long: `Writes the record file of every officer the role may see, in the order of their
ids. ndjson: one file a line, whole. csv: one row for each entry of a file, with
the event behind it; cells that a spreadsheet would take for a formula get an
apostrophe.`,
		Example: example("probity export records --format csv > records.csv",
			"probity export records --format ndjson --as hr:li@hq > records.ndjson"),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			who, err := asPrincipal(as)
			if err != nil {
				return err
			}
			var write recordWriter
			switch format {
			case "ndjson":
				write = &ndjsonRecords{a.stdout}
			case "csv":
				write = newCSVRecords(a.stdout)
			default:
				return usagef("--format %q is unknown: use csv or ndjson", format)
			}
			h, err := a.openReading()
			if err != nil {
				return err
			}
			defer h.Close()
			if err := h.OpenViews(cmd.Context(), nil); err != nil {
				return err
			}
			n := 0
			for file, err := range h.Views.As(who).ExportRecords(cmd.Context()) {
				if err == nil {
					err = write.file(file)
				}
				if err != nil {
					return errors.Join(write.end(), err)
				}
				n++
			}
			fmt.Fprintf(a.stderr, "%d record files\n", n)
			return write.end()
		},
	}
	cmd.Flags().StringVar(&format, "format", "csv", "csv or ndjson")
	cmd.Flags().StringVar(&as, "as", "auditor:local", "who asks: ROLE:SUBJECT[@UNIT,…]")
	return cmd
}

type recordWriter interface {
	file(*record.File) error
	end() error
}

type ndjsonRecords struct{ w io.Writer }

func (n *ndjsonRecords) file(f *record.File) error {
	raw, err := json.Marshal(f, json.Deterministic(true), jsontext.EscapeForHTML(false))
	if err == nil {
		_, err = n.w.Write(append(raw, '\n'))
	}
	return err
}

func (n *ndjsonRecords) end() error { return nil }

// recordColumns are those of the CSV form, one row an entry.
var recordColumns = []string{
	"officer", "name", "latin_name", "unit", "section", "entry", "detail", "status", "from", "until", "imported", "event", "recorded_at",
}

type csvRecords struct{ w *csv.Writer }

func newCSVRecords(w io.Writer) *csvRecords {
	c := &csvRecords{csv.NewWriter(w)}
	c.w.Write(recordColumns) // an error is kept and told by end
	return c
}

func (c *csvRecords) end() error {
	c.w.Flush()
	return c.w.Error()
}

// file writes the entries of a file, each section in the file's own order.
func (c *csvRecords) file(f *record.File) error {
	id := f.Identity
	row := func(section, entry, detail, status string, from, until fmt.Stringer, s record.Source) {
		imported := "no"
		if s.Imported {
			imported = "yes"
		}
		cells := []string{
			string(f.Officer), id.Name, id.LatinName, string(id.Unit), section, entry, detail, status,
			from.String(), until.String(), imported, string(s.Event), s.RecordedAt.Format("2006-01-02T15:04:05Z07:00"),
		}
		for i := range cells {
			cells[i] = spreadsheet.Harmless(cells[i])
		}
		c.w.Write(cells)
	}
	row("identity", id.Rank, id.SeparationReason, f.Status, id.EnrolledOn, id.SeparatedOn, id.Source)
	for _, e := range f.Posts {
		row("post", string(e.Post), string(e.Unit), "", e.From, e.To, e.Source)
	}
	for _, e := range f.Ranks {
		row("rank", e.Rank, "", "", e.On, noDate, e.Source)
	}
	for _, e := range f.Suspensions {
		row("suspension", e.Reason, string(e.Case), "", e.From, e.To, e.Source)
	}
	for _, e := range f.Certificates {
		row("certificate", e.Number, "", e.Status, e.ValidFrom, e.ValidTo, e.Source)
	}
	for _, e := range f.Courses {
		row("training", e.Course, fmt.Sprintf("%d hours", e.Hours), "", e.On, noDate, e.Source)
	}
	for _, e := range f.Appraisals {
		row("appraisal", fmt.Sprint(e.Year), e.Grade, word(e.Corrected, "corrected"), noDate, noDate, e.Source)
	}
	for _, e := range f.Interests {
		row("interest", e.Nature, e.With, "", noDate, e.Until, e.Source)
	}
	for _, e := range f.Findings {
		row("finding", e.Category, join(e.Result, e.Discipline, e.Measure), word(e.Overturned, "overturned"), e.On, noDate, e.Source)
	}
	for _, e := range f.Complaints {
		row("complaint", string(e.ID), join(e.Category, e.Result), e.Status, e.ReceivedOn, noDate, e.Source)
	}
	for _, e := range f.Sanctions {
		row("sanction", string(e.ID), join(e.Measure, e.Label), e.Status, e.From, e.Until, e.Source)
	}
	for _, e := range f.Restrictions {
		row("restriction", string(e.Sanction), e.Measure, "in force", e.From, e.Until, e.Source)
	}
	for _, e := range f.Rewards {
		row("reward", string(e.ID), join(e.Honour, e.Merit), e.Status, e.On, noDate, e.Source)
	}
	for _, e := range f.Readings {
		row("reading", string(e.By), join(e.Role, e.Why, fmt.Sprintf("%d times", e.Count)), "", moment{e.From}, moment{e.To}, e.Source)
	}
	return c.w.Error()
}

// moment is a time that may not be known.
type moment struct{ time.Time }

func (m moment) String() string {
	if m.IsZero() {
		return ""
	}
	return m.Format(time.RFC3339)
}

func join(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.Join(parts, "; ")
}

func word(yes bool, w string) string {
	if yes {
		return w
	}
	return ""
}

// noDate is an empty cell.
var noDate domain.Date
