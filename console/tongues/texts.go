package tongues

import (
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Isolate shows a text of somebody's on a page of a language: on its own in the
// order of writing, with its language where that is another, and with the
// characters one would not see written out.
func Isolate(lang, s string) template.HTML {
	own := ""
	if lang != "zh" && strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		own = ` lang="` + Tags["zh"] + `"`
	}
	return template.HTML(`<bdi` + own + `>` + Visible(s) + `</bdi>`)
}

// Visible escapes a text, and writes out what changes the order of others or
// is not seen.
func Visible(s string) string {
	var out strings.Builder
	for from, i := 0, 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if Unseen(r) {
			out.WriteString(template.HTMLEscapeString(s[from:i]))
			fmt.Fprintf(&out, `<span class="unseen">U+%04X</span>`, r)
			from = i + size
		}
		if i += size; i == len(s) {
			out.WriteString(template.HTMLEscapeString(s[from:]))
		}
	}
	return out.String()
}

// Plainly is the same where no markup can stand.
func Plainly(s string) string {
	var out strings.Builder
	for _, r := range s {
		if Unseen(r) {
			fmt.Fprintf(&out, "[U+%04X]", r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// Unseen tells what is written out: controls, marks of direction and characters without width. Joiners
// are part of some scripts.
func Unseen(r rune) bool {
	switch r {
	case '\n', '\t', '\r', '\u200c', '\u200d':
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == '\ufffd'
}
