package spreadsheet

import (
	"regexp"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain/complaint"
)

// reporterColumn finds the headings under which agencies keep who reported a
// complaint, and how they are reached.
var reporterColumn = regexp.MustCompile(`(?i)举报人|投诉人|信访人|检举人|控告人|反映人|` +
	`^(complainants?|reporters?|whistle-?blowers?|informants?)([ _-]?('s)?[ _-]?(full|first|last|given|family)?[ _-]?(names?|tele)?(phones?|mobile|e-?mails?|address|contacts?|id|number)?)$`)

// reporters refuses a map that would bring in, or leave in the rejects, who
// reported a complaint: what is imported is not sealed.
func (l *linker) reporters() error {
	if !slices.ContainsFunc(l.in.rows, func(ins *instruction) bool { return strings.HasPrefix(ins.command.text, complaint.Room.Name+".") }) {
		return nil
	}
	for _, c := range l.columns {
		if reporterColumn.MatchString(c.text) {
			return wrong(c.at, `column %q seems to say who reported, and what is imported is not sealed: put it under "withhold"`, c.text)
		}
	}
	for _, c := range l.in.ignore {
		if reporterColumn.MatchString(c.key) {
			return wrong(c.at, `column %q seems to say who reported, and an ignored column is copied into the rejects: put it under "withhold" instead`, c.key)
		}
	}
	return nil
}

// withhold empties the cells that nobody is to see, before the row is looked
// at, digested or rejected. A row whose columns cannot be told apart is
// emptied altogether.
func (f *plannedFile) withhold(rec *record) {
	if len(f.withheld) == 0 {
		return
	}
	if rec.problem != "" {
		rec.raw = "(withheld: the map withholds a column of this file)"
		return
	}
	rec.fields = slices.Clone(rec.fields)
	for _, i := range f.withheld {
		rec.fields[i] = ""
	}
}
