package spreadsheet

import "slices"

// Summary is what a run did.
type Summary struct {
	// Files in the order in which they were read.
	Files []FileSummary
	// Commands that were recorded, in the order of the map.
	Commands []CommandSummary
	// Reasons for which rows were rejected or skipped, in the order in which
	// they were first met; at most maxReasons, and OtherRows counts the rows
	// beyond them.
	Reasons   []Why
	OtherRows int
}

// Why is one reason for which rows of one file were not recorded.
type Why struct {
	File    string
	Skipped bool   // by the map; rejected otherwise
	Column  string // at fault, if one is
	Reason  string
	Rows    int
	// Lines of the first of them, at most maxLines.
	Lines []int
}

const (
	maxReasons = 200
	maxLines   = 3
)

// why counts rows under a reason.
func (s *Summary) why(w Why, rows []sourceRow) {
	i := slices.IndexFunc(s.Reasons, func(o Why) bool {
		return o.File == w.File && o.Skipped == w.Skipped && o.Column == w.Column && o.Reason == w.Reason
	})
	if i < 0 && len(s.Reasons) == maxReasons {
		s.OtherRows += len(rows)
		return
	}
	if i < 0 {
		i = len(s.Reasons)
		s.Reasons = append(s.Reasons, w)
	}
	found := &s.Reasons[i]
	found.Rows += len(rows)
	for _, r := range rows[:min(len(rows), maxLines-len(found.Lines))] {
		found.Lines = append(found.Lines, r.line)
	}
}

// FileSummary counts the rows of one file:
// Rows = Recorded + Repeated + Rejected + Skipped.
type FileSummary struct {
	File, Input string
	// Rows read, after the header; empty lines are no rows.
	Rows int
	// Recorded: something new was recorded of the row.
	Recorded int
	// Repeated: all of it was on file already.
	Repeated int
	// Rejected: the row stands in the rejects.
	Rejected int
	// Skipped: the map says why the row is of no interest.
	Skipped int
}

// CommandSummary counts the instructions of one command.
type CommandSummary struct {
	Command  string
	Recorded int
	Repeated int // was on file already
}

func newSummary(p *Plan) Summary {
	var s Summary
	for _, f := range p.files {
		s.Files = append(s.Files, FileSummary{File: f.path, Input: f.in.name.text})
		for _, ins := range f.in.rows {
			if !slices.ContainsFunc(s.Commands, func(c CommandSummary) bool { return c.Command == ins.command.text }) {
				s.Commands = append(s.Commands, CommandSummary{Command: ins.command.text})
			}
		}
	}
	return s
}

// Total adds up the files.
func (s *Summary) Total() FileSummary {
	var t FileSummary
	for _, f := range s.Files {
		t.Rows += f.Rows
		t.Recorded += f.Recorded
		t.Repeated += f.Repeated
		t.Rejected += f.Rejected
		t.Skipped += f.Skipped
	}
	return t
}

func (s *Summary) count(c counted) {
	for i := range s.Commands {
		if s.Commands[i].Command != c.command {
			continue
		}
		if c.repeated {
			s.Commands[i].Repeated++
		} else {
			s.Commands[i].Recorded++
		}
	}
}
