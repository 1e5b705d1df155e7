package settings

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// said is a value and where it stands.
type said struct {
	text string
	at   Origin
}

// Values are what files, environment and flags say. Names are those of a
// settings file with the number of an entry in brackets, as in
// "issuers[0].audience". What was said and is wrong is not among them.
type Values struct {
	settings map[string]Setting // by the name on the list
	file     string
	said     map[string]said
	places   map[string]Origin // of sections, entries and values
	entries  map[string]int    // how many a list has
	names    map[string][]string
	mistakes []Mistake
}

// Err is an [*Invalid] with every mistake, or nil.
func (v *Values) Err() error {
	if len(v.mistakes) == 0 {
		return nil
	}
	return &Invalid{inOrder(v.mistakes)}
}

// Wrong notes a mistake in a setting, where it was said or, if it was not,
// where the section does that it would stand in.
func (v *Values) Wrong(name, format string, args ...any) {
	v.WrongWithHint(name, "", format, args...)
}

// WrongWithHint notes a mistake and what to do about it.
func (v *Values) WrongWithHint(name, hint, format string, args ...any) {
	v.mistakes = append(v.mistakes, Mistake{v.Origin(name), name, fmt.Errorf(format, args...).Error(), hint})
}

// WrongBeside notes a mistake in a setting that is told where another stands.
func (v *Values) WrongBeside(other, name, format string, args ...any) {
	v.mistakes = append(v.mistakes, Mistake{v.Origin(other), name, fmt.Errorf(format, args...).Error(), ""})
}

// Good tells that no mistake was found in the setting or below it.
func (v *Values) Good(name string) bool {
	for _, m := range v.mistakes {
		if m.Field == name || strings.HasPrefix(m.Field, name+".") || strings.HasPrefix(m.Field, name+"[") {
			return false
		}
	}
	return true
}

// Origin is where a setting, or what it lies in, was said; failing that the
// file as a whole, if there is one.
func (v *Values) Origin(name string) Origin {
	for {
		if at, ok := v.places[name]; ok {
			return at
		}
		cut := strings.LastIndexAny(name, ".[")
		if cut < 0 {
			return Origin{File: v.file}
		}
		name = name[:cut]
	}
}

// Said tells whether a setting was said, rightly or not.
func (v *Values) Said(name string) bool { _, ok := v.places[name]; return ok }

// Text is a value, or its default.
func (v *Values) Text(name string) string {
	if s, ok := v.said[name]; ok {
		return s.text
	}
	return v.settings[listed(name)].Default
}

// Path is a file: from the folder of the settings file, if it was said there.
func (v *Values) Path(name string) string {
	s, ok := v.said[name]
	if !ok || s.text == "" || s.at.File == "" || filepath.IsAbs(s.text) {
		return v.Text(name)
	}
	return filepath.Join(filepath.Dir(s.at.File), s.text)
}

// Whole is a whole number; 0 without any.
func (v *Values) Whole(name string) int64 {
	n, _ := strconv.ParseInt(v.Text(name), 10, 64)
	return n
}

// Number is a number; 0 without any.
func (v *Values) Number(name string) float64 {
	n, _ := strconv.ParseFloat(v.Text(name), 64)
	return n
}

// Duration is a length of time; 0 without any.
func (v *Values) Duration(name string) time.Duration {
	d, _ := time.ParseDuration(v.Text(name))
	return d
}

// On is a true or false; false without any.
func (v *Values) On(name string) bool { return v.Text(name) == "true" }

// Texts are the values of a list; nil without any.
func (v *Values) Texts(name string) []string {
	var out []string
	for i := range v.entries[name] {
		if s, ok := v.said[Entry(name, i)]; ok {
			out = append(out, s.text)
		}
	}
	return out
}

// Networks are the networks of a list.
func (v *Values) Networks(name string) []netip.Prefix {
	var out []netip.Prefix
	for _, text := range v.Texts(name) {
		if p, err := network(text); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// Entries is how many entries a list has.
func (v *Values) Entries(name string) int { return v.entries[name] }

// Names are the names of one's own under a setting, in the order of the file.
func (v *Values) Names(name string) []string { return v.names[name] }

// Entry is the name of an entry of a list.
func Entry(name string, i int) string { return fmt.Sprintf("%s[%d]", name, i) }

// listed is the name on the list for a name with numbers. Below names of
// one's own no setting has a default, so those are not looked for.
func listed(name string) string {
	var b strings.Builder
	for rest := name; ; {
		before, after, ok := strings.Cut(rest, "[")
		b.WriteString(before)
		_, tail, closed := strings.Cut(after, "]")
		if !ok || !closed {
			return b.String()
		}
		b.WriteString("[]")
		rest = tail
	}
}
