package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/probity-ledger/probity/cmd/probity/spreadsheet"
)

// shownReasons is how many reasons the summary of an import tells.
const shownReasons = 12

// printImport tells what an import did, or would do.
func printImport(w io.Writer, s spreadsheet.Summary, dry bool, took time.Duration) {
	verb := "recorded"
	if dry {
		verb = "would be recorded"
	}
	for _, f := range append(s.Files, s.Total()) {
		name := filepath.Base(f.File)
		if f.File == "" {
			name = "total"
		}
		fmt.Fprintf(w, "%-24s %8d rows: %d %s, %d on file already, %d rejected, %d skipped\n",
			name, f.Rows, f.Recorded, verb, f.Repeated, f.Rejected, f.Skipped)
	}
	for _, c := range s.Commands {
		fmt.Fprintf(w, "%-32s %8d %s, %d on file already\n", c.Command, c.Recorded, verb, c.Repeated)
	}
	printReasons(w, s)
	fmt.Fprintf(w, "took %.1f s\n", took.Seconds())
}

// printReasons tells why rows were left out, and where the first of them are.
func printReasons(w io.Writer, s spreadsheet.Summary) {
	others := s.OtherRows
	for i, why := range s.Reasons {
		if i >= shownReasons {
			others += why.Rows
			continue
		}
		what, reason := "rejected", why.Reason
		if why.Skipped {
			what = "skipped"
		}
		if why.Column != "" {
			reason = fmt.Sprintf("column %s: %s", why.Column, reason)
		}
		fmt.Fprintf(w, "%s %d of %s: %s (%s)\n", what, why.Rows, filepath.Base(why.File), reason, lines(why))
	}
	if others > 0 {
		fmt.Fprintf(w, "left out %d more for other reasons\n", others)
	}
}

func lines(why spreadsheet.Why) string {
	var numbers []string
	for _, n := range why.Lines {
		numbers = append(numbers, fmt.Sprint(n))
	}
	text := "line " + strings.Join(numbers, ", ")
	if len(numbers) > 1 {
		text = "lines" + strings.TrimPrefix(text, "line")
	}
	if why.Rows > len(why.Lines) {
		text += "…"
	}
	return text
}
