package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
)

// report is everything a run found out.
type report struct {
	Machine machine `json:"machine"`
	Quick   bool    `json:"quick"`
	Rows    []row   `json:"rows"`
	// Notes say what was left out and why.
	Notes []string `json:"notes,omitempty"`
}

// row is one line of the table: a figure, perhaps beside its reference.
type row struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"` // median over the rounds
	Unit  string  `json:"unit"`
	// Reference, its value and the median of the ratios within each round.
	Reference      string  `json:"reference,omitempty"`
	ReferenceValue float64 `json:"referenceValue,omitempty"`
	Ratio          float64 `json:"ratio,omitempty"`
	// Goal in words, and whether it was met; nil without one.
	Goal string `json:"goal,omitempty"`
	Met  *bool  `json:"met,omitempty"`
	// Rounds are the single values in the order measured.
	Rounds []float64 `json:"rounds"`
}

// goal is what a row should reach. It informs and never fails.
type goal struct {
	text string
	met  func(row) bool
}

func ratioAtLeast(x float64) goal {
	return goal{fmt.Sprintf("≥ %.2f ×", x), func(r row) bool { return r.Ratio >= x }}
}

func ratioBelow(x float64) goal {
	return goal{fmt.Sprintf("< %.2f ×", x), func(r row) bool { return r.Ratio < x }}
}

func atLeast(x float64) goal {
	return goal{"≥ " + figure(x), func(r row) bool { return r.Value >= x }}
}

func below(x float64) goal {
	return goal{"< " + figure(x), func(r row) bool { return r.Value < x }}
}

// add makes a row of the values of all rounds.
func (p *report) add(name, unit string, values []float64, goals ...goal) {
	p.judge(row{Name: name, Value: median(values), Unit: unit, Rounds: values}, goals)
}

// compare makes a row of values beside the reference's of the same rounds.
func (p *report) compare(name, unit string, values []float64, reference string, referenceValues []float64, goals ...goal) {
	ratios := make([]float64, 0, len(values))
	for i := range min(len(values), len(referenceValues)) {
		ratios = append(ratios, values[i]/referenceValues[i])
	}
	p.judge(row{
		Name: name, Value: median(values), Unit: unit, Rounds: values,
		Reference: reference, ReferenceValue: median(referenceValues), Ratio: median(ratios),
	}, goals)
}

func (p *report) judge(r row, goals []goal) {
	for _, g := range goals {
		met := g.met(r)
		r.Goal, r.Met = g.text, &met
	}
	p.Rows = append(p.Rows, r)
}

func (p *report) note(format string, args ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, args...))
}

// write prints the table.
func (p *report) write(w io.Writer) {
	p.Machine.write(w)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "measure\tvalue\tunit\treference\treference value\tratio\tgoal\tmet")
	for _, r := range p.Rows {
		reference, value, ratio, met := "–", "–", "–", "–"
		if r.Reference != "" {
			reference, value, ratio = r.Reference, figure(r.ReferenceValue), strconv.FormatFloat(r.Ratio, 'f', 2, 64)
		}
		if r.Met != nil {
			met = map[bool]string{true: "yes", false: "no"}[*r.Met]
		}
		fmt.Fprintln(tw, strings.Join([]string{r.Name, figure(r.Value), r.Unit, reference, value, ratio, orDash(r.Goal), met}, "\t"))
	}
	// A terminal that takes no more has been told all it can be.
	_ = tw.Flush()
	for _, n := range p.Notes {
		fmt.Fprintln(w, "note:", n)
	}
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// figure writes a number with three digits that matter, or all before the
// point, in groups of three.
func figure(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	switch abs := math.Abs(x); {
	case abs >= 100:
		return grouped(strconv.FormatFloat(x, 'f', 0, 64))
	case abs >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// grouped puts a comma before every third digit from the end.
func grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// save writes the report as JSON.
func (p *report) save(path string) error {
	raw, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if err := os.WriteFile(path, append(raw, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
