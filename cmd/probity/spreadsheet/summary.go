package spreadsheet

import "slices"

// Summary is what a run did.
type Summary struct {
	// DryRun: nothing was recorded; what is called recorded would be.
	DryRun bool
	// Files in the order in which they were read.
	Files []FileSummary
	// Commands that were recorded, in the order of the map.
	Commands []CommandSummary
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

func newSummary(p *Plan, dry bool) Summary {
	s := Summary{DryRun: dry}
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
