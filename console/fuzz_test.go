package console

import (
	"net/url"
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
