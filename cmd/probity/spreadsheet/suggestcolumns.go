package spreadsheet

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// columnKind is what a column holds, by its values.
type columnKind string

const (
	kindEmpty   columnKind = "empty"
	kindDate    columnKind = "date"
	kindInteger columnKind = "whole number"
	kindID      columnKind = "id"
	kindValues  columnKind = "a few values"
	kindText    columnKind = "text"
)

const (
	sampleRows = 2000    // that kinds are told by
	uniqueRows = 500_000 // up to which it is counted whether values differ
	fewValues  = 20
	mostlyOf   = 75 // percent of the values that a date form must fit
)

// column is what was seen of a column.
type column struct {
	name   string
	kind   columnKind
	filled int // of all rows
	ids    bool
	whole  bool // numbers written as 17.0
	// values of all rows, in the order in which they came; at most one more
	// than fewValues.
	values   []string
	sample   []string // what the sampled rows have, without what is absent
	seen     map[uint64]bool
	repeated bool // some value comes more than once

	sums []string // what marks rows that hold a sum

	forms   []string // of dates or times
	times   bool
	unclear string // forms that fit as well
	misfit  string // a value that no form fits
}

// seenFile is what was seen of a file, or of several of one kind.
type seenFile struct {
	header      []string
	sampled     []sourceRow
	dice        *rand.Rand
	columns     []*column
	rows        int
	unreadable  int
	headerAgain bool
	// absent are the texts that stand for nothing.
	absent []string
}

var (
	sumWords    = []string{"合计", "总计", "小计", "共计", "total", "grandtotal", "subtotal", "sum"}
	absentTexts = []string{"NA", "N/A", "n/a", "#N/A", "NULL", "null", "-", "--", "—", "——", "/", "不详", "暂无"}
	integers    = regexp.MustCompile(`^[+-]?\d{1,15}(\.0)?$`)
)

func newSeenFile(header []string) *seenFile {
	f := &seenFile{header: header, dice: rand.New(rand.NewPCG(1, 2))}
	for _, name := range header {
		f.columns = append(f.columns, &column{name: name, seen: map[uint64]bool{}})
	}
	return f
}

// look reads a file to its end, and keeps a sample of its rows, always the
// same of the same files.
func (f *seenFile) look(r reader) error {
	for {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", rec.line, err)
		}
		if rec.problem != "" {
			f.unreadable++
			continue
		}
		if f.noRecord(rec.fields) {
			continue
		}
		f.take(rec.fields)
		row := sourceRow{number: f.rows, fields: rec.fields}
		if len(f.sampled) < sampleRows {
			f.sampled = append(f.sampled, row)
		} else if i := f.dice.IntN(f.rows); i < sampleRows {
			f.sampled[i] = row
		}
	}
}

// classify tells what the columns hold, when all files were looked at.
func (f *seenFile) classify() {
	slices.SortFunc(f.sampled, func(a, b sourceRow) int { return a.number - b.number })
	for i, c := range f.columns {
		for _, row := range f.sampled {
			if v := strings.TrimFunc(row.fields[i], blank); v != "" && !slices.Contains(f.absent, v) {
				c.sample = append(c.sample, v)
			}
		}
		c.classify()
	}
}

// noRecord takes note of rows that are none: the header again, and sums.
func (f *seenFile) noRecord(fields []string) bool {
	if slices.EqualFunc(fields, f.header, func(a, b string) bool { return strings.TrimFunc(a, blank) == b }) {
		f.headerAgain = true
		return true
	}
	for i := range min(2, len(fields)) {
		if cell := strings.TrimFunc(fields[i], blank); slices.Contains(sumWords, plainWord(cell)) {
			if c := f.columns[i]; !slices.Contains(c.sums, cell) {
				c.sums = append(c.sums, cell)
			}
			return true
		}
	}
	return false
}

func (f *seenFile) take(fields []string) {
	f.rows++
	for i, c := range f.columns {
		v := strings.TrimFunc(fields[i], blank)
		if v == "" {
			continue
		}
		if slices.Contains(absentTexts, v) {
			if !slices.Contains(f.absent, v) {
				f.absent = append(f.absent, v)
			}
			continue
		}
		c.take(v, f.rows)
	}
}

func (c *column) take(v string, row int) {
	c.filled++
	if row <= uniqueRows && !c.repeated {
		h := fnv.New64a()
		_, _ = io.WriteString(h, v)
		c.repeated = c.seen[h.Sum64()]
		c.seen[h.Sum64()] = true
	}
	if len(c.values) <= fewValues && !slices.Contains(c.values, v) {
		c.values = append(c.values, strings.Clone(v))
	}
}

// classify tells what the column holds.
func (c *column) classify() {
	all := func(is func(string) bool) bool {
		return !slices.ContainsFunc(c.sample, func(v string) bool { return !is(v) })
	}
	c.ids = c.filled > 0 && all(func(v string) bool { return domain.CheckID("", v) == nil })
	numbers := c.filled > 0 && all(integers.MatchString)
	c.whole = numbers && slices.ContainsFunc(c.sample, func(v string) bool { return strings.HasSuffix(v, ".0") })
	switch {
	case c.filled == 0:
		c.kind = kindEmpty
	case c.dates():
		c.kind = kindDate
	case c.ids && !c.repeated && c.filled > 1:
		c.kind = kindID
	case numbers && len(c.values) > fewValues:
		c.kind = kindInteger
	case len(c.values) <= fewValues && c.filled > len(c.values):
		c.kind = kindValues
	case numbers:
		c.kind = kindInteger
	default:
		c.kind = kindText
	}
	c.seen = nil
}

// spreadsheetErrors are what a spreadsheet program writes for a formula that
// failed.
var spreadsheetErrors = []string{"#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}

// dateForms are those that are tried, the usual ones first.
var (
	dateForms = []string{"YYYY-MM-DD", "YYYY年M月D日", "YYYY年MM月DD日", "YYYY/MM/DD", "YYYY/M/D", "YYYY.MM.DD", "YYYY.M.D", "YYYY-M-D", "YYYYMMDD",
		"DD/MM/YYYY", "MM/DD/YYYY", "D/M/YYYY", "M/D/YYYY", "DD.MM.YYYY", "D.M.YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "DD MMM YYYY", "D MMM YYYY", "DD-MMM-YYYY"}
	timeForms = []string{"YYYY-MM-DD hh:mm:ss", "YYYY-MM-DD hh:mm", "YYYY-MM-DDThh:mm:ss", "YYYY/MM/DD hh:mm:ss", "YYYY/MM/DD hh:mm", "YYYY/M/D hh:mm:ss", "YYYY/M/D hh:mm",
		"YYYY年M月D日 hh:mm", "DD/MM/YYYY hh:mm", "MM/DD/YYYY hh:mm"}
	// swapped are forms that only the reader can tell apart where both fit.
	swapped = map[string]string{"DD/MM/YYYY": "MM/DD/YYYY", "D/M/YYYY": "M/D/YYYY", "DD-MM-YYYY": "MM-DD-YYYY", "DD/MM/YYYY hh:mm": "MM/DD/YYYY hh:mm"}
)

// dates finds the forms of dates, or of times, that fit nearly all values. A
// form that fits more of what is left is taken before one that fits fewer.
func (c *column) dates() bool {
	unlike := 0
	for _, v := range c.sample {
		if len(v) < 6 || len(v) > 30 || v[0] < '0' || v[0] > '9' {
			unlike++
		}
	}
	if unlike*100 > len(c.sample)*(100-mostlyOf) {
		return false
	}
	for _, forms := range [][]string{dateForms, timeForms} {
		left := c.sample
		var taken []string
		for len(left) > 0 && len(taken) < 3 {
			best, rest := "", left
			for _, text := range forms {
				if still := misfits(text, left); len(still) < len(rest) {
					best, rest = text, still
				}
			}
			if best == "" {
				break
			}
			if other := swapped[best]; other != "" && len(misfits(other, left)) == len(rest) {
				c.unclear = best + " or " + other
			}
			taken, left = append(taken, best), rest
		}
		if len(taken) > 0 && (len(c.sample)-len(left))*100 >= len(c.sample)*mostlyOf {
			c.forms, c.times = taken, &forms[0] == &timeForms[0]
			if len(left) > 0 {
				c.misfit = left[0]
			}
			return true
		}
		c.unclear = ""
	}
	return false
}

func misfits(form string, values []string) []string {
	d, err := parseDateForm(scalar{text: form}, strings.Contains(form, "hh"))
	if err != nil {
		panic(err) // they are ours
	}
	var out []string
	for _, v := range values {
		if t, ok := d.parse(v, time.UTC); !ok || t.Year() < 1850 || t.Year() > 2150 {
			out = append(out, v)
		}
	}
	return out
}
