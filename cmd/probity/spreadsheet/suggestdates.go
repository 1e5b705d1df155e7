package spreadsheet

import (
	"fmt"
	"strings"
)

// date writes a field that is a day.
func (s *suggestion) date(name string, c *column) {
	forms, cut := c.forms, ""
	if c.times { // a day without its time
		cut = `, match: '(.+)[ T][\d:]+'`
		forms = nil
		for _, f := range c.forms {
			forms = append(forms, strings.TrimRight(f[:strings.IndexByte(f, 'h')], " T"))
		}
	}
	text, comment := formList(forms), ""
	switch {
	case c.unclear != "":
		text, comment = quote(gap), "day or month first? All values fit both: "+c.unclear
	case c.misfit != "":
		comment = "at least one value is of another form and will be rejected"
	}
	s.line(10, fmt.Sprintf("%s: {column: %s%s, date: %s}", name, quote(c.name), cut, text), "%s", comment)
}

func formList(forms []string) string {
	if len(forms) == 1 {
		return quote(forms[0])
	}
	return "[" + quotedAll(forms) + "]"
}

// occurred writes when things happened: the first day that the command is
// given, where all rows have it.
func (s *suggestion) occurred(p *proposal) {
	for _, name := range fieldNames(p.best.command) {
		c := p.best.fields[name]
		if c == nil || c.kind != kindDate || c.filled < p.seen.rows {
			continue
		}
		step, text := "date", formList(c.forms)
		if c.times {
			step = "time"
		}
		if c.unclear != "" {
			text = quote(gap)
		}
		s.line(4, fmt.Sprintf("occurredAt: {column: %s, %s: %s}", quote(c.name), step, text), "")
		return
	}
	s.line(4, "", "no column says of every row when it happened, so all will be said to happen when it is imported; occurredAt: changes that")
}
