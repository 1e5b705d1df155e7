package spreadsheet

import (
	"strings"
	"time"
)

// dateForm is how a source writes its dates, such as DD/MM/YYYY.
type dateForm struct {
	text   string
	layout string // in the notation of package time
}

// The parts a form is made of, longest first. What is none of these is
// matched as it stands.
var dateParts = []struct{ part, layout string }{
	{"YYYY", "2006"}, {"MMM", "Jan"}, {"YY", "06"}, {"MM", "01"}, {"DD", "02"},
	{"hh", "15"}, {"mm", "04"}, {"ss", "05"}, {"M", "1"}, {"D", "2"},
}

func parseDateForm(s scalar, withTime bool) (dateForm, error) {
	d := dateForm{text: s.text}
	var has = map[string]bool{}
	var layout strings.Builder
scan:
	for rest := s.text; rest != ""; {
		for _, p := range dateParts {
			if strings.HasPrefix(rest, p.part) {
				layout.WriteString(p.layout)
				has[strings.ToLower(p.part[:1])+p.part[:1]] = true
				rest = rest[len(p.part):]
				continue scan
			}
		}
		c := rest[0]
		if c < 0x80 && !strings.ContainsRune(" -/.:,T", rune(c)) {
			return d, wrong(s.at, "date form %q: %q is none of YYYY YY MMM MM M DD D hh mm ss nor a separator", s.text, c)
		}
		layout.WriteByte(c)
		rest = rest[1:]
	}
	d.layout = layout.String()
	switch {
	case !has["yY"] || !has["mM"] || !has["dD"]:
		return d, wrong(s.at, "date form %q does not hold year, month and day", s.text)
	case withTime && !(has["hh"] && has["mm"]):
		return d, wrong(s.at, "form %q does not hold hours (hh) and minutes (mm)", s.text)
	case !withTime && (has["hh"] || has["mm"] || has["ss"]):
		return d, wrong(s.at, "date form %q holds a time of day; use time instead of date", s.text)
	}
	return d, nil
}

// parse is strict: what it reads must be written exactly as the form says,
// so 2024-02-30 and, for YYYY-MM-DD, 2024-2-3 are refused.
func (d dateForm) parse(s string, loc *time.Location) (time.Time, bool) {
	t, err := time.ParseInLocation(d.layout, s, loc)
	if err != nil || t.Year() < 1 {
		return t, false
	}
	return t, t.Format(d.layout) == s
}

func parseClock(s scalar) (time.Duration, error) {
	if s.text == "" {
		return 0, nil
	}
	t, err := time.Parse("15:04", s.text)
	if err != nil || t.Format("15:04") != s.text {
		return 0, wrong(s.at, "at: %q is not a time of day such as 09:30", s.text)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// instant reads the field's text as a moment in its zone.
func (f *field) instant(s string, otherwise *time.Location) (time.Time, error) {
	loc := f.zone
	if loc == nil {
		loc = otherwise
	}
	for _, d := range f.dates {
		t, ok := d.parse(s, loc)
		if !ok {
			continue
		}
		if !f.instants {
			h := int(f.clock / time.Hour)
			m := int(f.clock % time.Hour / time.Minute)
			t = time.Date(t.Year(), t.Month(), t.Day(), h, m, 0, 0, loc)
		}
		return t, nil
	}
	forms := make([]string, len(f.dates))
	for i, d := range f.dates {
		forms[i] = d.text
	}
	return time.Time{}, f.reject(s, "is not of the form %s", strings.Join(forms, " or "))
}
