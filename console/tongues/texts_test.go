package tongues

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

// FuzzVisible: a text of somebody's is one text, with no element but our marks,
// and nothing in it that is not seen.
func FuzzVisible(f *testing.F) {
	for _, s := range []string{"张\u202e伟", "<script>", "a\x00b", "&amp;", "\xff"} {
		f.Add(s)
	}
	marks := regexp.MustCompile(`<span class="unseen">U\+[0-9A-F]{4,6}</span>`)
	f.Fuzz(func(t *testing.T, s string) {
		text := marks.ReplaceAllString(Visible(s), "")
		if strings.ContainsAny(text, `<>"'`) {
			t.Fatalf("%q becomes markup: %s", s, text)
		}
		if text = html.UnescapeString(text); strings.ContainsFunc(text, Unseen) {
			t.Fatalf("%q hands on what is not seen: %q", s, text)
		}
		if want := strings.Map(func(r rune) rune {
			if Unseen(r) {
				return -1
			}
			return r
		}, s); text != want {
			t.Fatalf("%q is shown as %q", s, text)
		}
	})
}
