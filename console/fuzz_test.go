package console

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// FuzzBack: whatever is asked to be led to, one stays in the console.
func FuzzBack(f *testing.F) {
	for _, to := range []string{"/console/officers?a=b", "//evil.example", "/console/\\evil", "/console/../x", "https://evil.example/console/", "/console/%2e%2e/x"} {
		f.Add(to)
	}
	here, _ := url.Parse("https://ledger.example/console/signin")
	f.Fuzz(func(t *testing.T, to string) {
		got := back(to)
		u, err := here.Parse(got)
		if err != nil || u.Host != here.Host || u.Scheme != here.Scheme || !strings.HasPrefix(u.Path, "/console/") || strings.ContainsFunc(got, unicode.IsControl) || strings.Contains(got, `\`) {
			t.Errorf("%q leads to %q, which is %v", to, got, u)
		}
	})
}

// FuzzVisible: a text of somebody's is one text, with no element but our marks,
// and nothing in it that is not seen.
func FuzzVisible(f *testing.F) {
	for _, s := range []string{"张\u202e伟", "<script>", "a\x00b", "&amp;", "\xff"} {
		f.Add(s)
	}
	marks := regexp.MustCompile(`<span class="unseen">U\+[0-9A-F]{4,6}</span>`)
	f.Fuzz(func(t *testing.T, s string) {
		text := marks.ReplaceAllString(visible(s), "")
		if strings.ContainsAny(text, `<>"'`) {
			t.Fatalf("%q becomes markup: %s", s, text)
		}
		if text = html.UnescapeString(text); strings.ContainsFunc(text, unseen) {
			t.Fatalf("%q hands on what is not seen: %q", s, text)
		}
		if want := strings.Map(func(r rune) rune {
			if unseen(r) {
				return -1
			}
			return r
		}, s); text != want {
			t.Fatalf("%q is shown as %q", s, text)
		}
	})
}
