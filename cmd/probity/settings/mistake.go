package settings

import (
	"fmt"
	"slices"
	"strings"
)

// Origin is the place where something was said. The zero value is nowhere: a
// default.
type Origin struct {
	// File and Line of a settings file; the line is 0 where it concerns the
	// whole file.
	File string
	Line int
	// Variable of the environment, or Flag of the command line, if not a file.
	Variable, Flag string
}

// Mistake is one thing that is wrong with the settings.
type Mistake struct {
	Origin
	Field  string // the name of the setting, as in a file
	Reason string
	Hint   string // what to do; may be empty
}

// String is file:line: field: reason, or the variable or flag and the reason.
func (m Mistake) String() string {
	reason := m.Reason
	switch {
	case m.Flag != "":
		return "--" + m.Flag + ": " + reason
	case m.Variable != "":
		return m.Variable + ": " + reason
	}
	if m.Field != "" {
		reason = m.Field + ": " + reason
	}
	switch {
	case m.File == "":
		return reason
	case m.Line == 0:
		return m.File + ": " + reason
	}
	return fmt.Sprintf("%s:%d: %s", m.File, m.Line, reason)
}

// Invalid are all the mistakes of some settings.
type Invalid struct{ Mistakes []Mistake }

// Error is the mistake, or all of them on a line each.
func (e *Invalid) Error() string {
	if len(e.Mistakes) == 1 {
		return e.Mistakes[0].String()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d mistakes in the settings", len(e.Mistakes))
	for _, m := range e.Mistakes {
		b.WriteString("\n  " + m.String())
		if m.Hint != "" {
			b.WriteString("\n    hint: " + m.Hint)
		}
	}
	return b.String()
}

// Hint is what to do about a lone mistake; several have theirs beside them.
func (e *Invalid) Hint() string {
	if len(e.Mistakes) == 1 {
		return e.Mistakes[0].Hint
	}
	return ""
}

// inOrder puts the mistakes in the order of the file; others come after it.
func inOrder(mistakes []Mistake) []Mistake {
	slices.SortStableFunc(mistakes, func(a, b Mistake) int {
		if (a.File == "") != (b.File == "") {
			return strings.Compare(b.File, a.File)
		}
		return a.Line - b.Line
	})
	return mistakes
}
