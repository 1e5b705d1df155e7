package console

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/probity-ledger/probity/console/tongues"
)

// tongue says things in one language.
type tongue struct {
	lang   string
	words  *words
	zone   *time.Location
	assets string
}

// functions are what templates say things with.
func (t *tongue) functions() template.FuncMap {
	return template.FuncMap{
		// Words, and what is shown in the language of the page.
		"t": t.say, "value": t.value, "kind": t.kind, "known": t.orKnown, "date": t.date, "moment": t.moment, "num": t.number, "money": t.money,
		"bdi": t.isolate, "text": t.text, "either": t.either, "inour": t.inOur, "person": t.person, "unit": t.named, "post": t.named, "byname": t.byName,
		// Commands, and texts of forms.
		"do": func(command string) string { return t.say("do." + command) }, "dohint": func(command string) string { return t.known("dohint."+command, "") },
		"bdien": t.english, "opened": opened, "beginning": beginning, "add": func(a, b int) int { return a + b },
		// Texts where no markup can stand.
		"plainly": func(v any) string { return tongues.Plainly(asText(v)) }, "short": short, "pretty": pretty, "tone": tone,
		"upper": func(v any) string { return strings.ToUpper(asText(v)) }, "lower": strings.ToLower,
		"tag": func(lang string) string { return tags[lang] },
		// Addresses.
		"to": pathTo, "refpath": refPath, "objectpath": objectPath, "found": foundPath, "svgpath": svgPath,
		"asset": func(name string) string { return t.assets + "/" + name },
		// Values.
		"has": has, "kv": pairs, "strs": func(all ...string) []string { return all },
		"part": func(m map[string]any, name string) any { return m[name] },
		"int":  asInt,
	}
}

// asText is a value that is a text, "" for any other.
func asText(v any) string {
	s, _ := v.(string)
	return s
}

// asInt is a value that is a whole number, 0 for any other.
func asInt(v any) int {
	n, _ := strconv.Atoi(fmt.Sprint(v))
	return n
}

func (t *tongue) say(key string, args ...any) string { return t.words.say(t.lang, key, args...) }

// value is the word for a value of an enum of the schema, or of a measure, grade
// or honour of the rulebook. What has no word is somebody's text.
func (t *tongue) value(enum string, v any) template.HTML {
	s, _ := v.(string)
	if s == "" {
		return t.nothing()
	}
	if text := t.known("v."+enum+"."+s, t.known("v."+s, "")); text != "" {
		return template.HTML(template.HTMLEscapeString(text))
	}
	return t.isolate(s)
}

// nothing stands where there is nothing to show.
func (t *tongue) nothing() template.HTML {
	return template.HTML(`<span class="none">` + template.HTMLEscapeString(t.say("none")) + `</span>`)
}

// kind is the word for a kind of event.
func (t *tongue) kind(v any) string {
	s, _ := v.(string)
	return t.known("k."+s, tongues.Plainly(s))
}

// orKnown is the word of a key, or else somebody's text.
func (t *tongue) orKnown(prefix string, key, otherwise any) template.HTML {
	if text := t.known(prefix+fmt.Sprint(key), ""); text != "" {
		return template.HTML(template.HTMLEscapeString(text))
	}
	return t.isolate(otherwise)
}

// known is the text of a key that need not be there.
func (t *tongue) known(key, otherwise string) string {
	if text, ok := t.words.by[t.lang][key]; ok {
		return text
	}
	return otherwise
}

// date shows a day, "2025-03-03", or the day of a moment in the zone of the
// rulebook.
func (t *tongue) date(v any) template.HTML {
	s, _ := v.(string)
	day, err := time.Parse(time.DateOnly, s)
	if err != nil { // a moment
		if day, err = time.Parse(time.RFC3339, s); err != nil {
			return t.nothing()
		}
		day = day.In(t.zone)
		s = day.Format(time.DateOnly)
	}
	return template.HTML(`<time datetime="` + s + `">` + t.day(day) + `</time>`)
}

func (t *tongue) day(d time.Time) string { return tongues.Day(t.lang, d) }

// moment shows a time, in the zone of the rulebook.
func (t *tongue) moment(v any) template.HTML {
	s, _ := v.(string)
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t.nothing()
	}
	at = at.In(t.zone)
	return template.HTML(`<time datetime="` + at.Format(time.RFC3339) + `">` + t.day(at) + ` ` + at.Format("15:04") + `</time>`)
}

// money shows an amount in fen.
func (t *tongue) money(v any) string {
	fen, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	if err != nil {
		return t.say("none")
	}
	return t.say("money", t.number(fen/100), max(fen, -fen)%100)
}

// number shows a whole number, in groups of three.
func (t *tongue) number(v any) string {
	s := fmt.Sprint(v)
	if _, err := strconv.ParseInt(s, 10, 64); v == nil || err != nil {
		if v == nil {
			return t.say("none")
		}
		return s
	}
	sign, digits := "", s
	if digits[0] == '-' {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// plain is the word for a value as text.
func (t *tongue) plain(enum, s string) string {
	return t.known("v."+enum+"."+s, t.known("v."+s, s))
}
