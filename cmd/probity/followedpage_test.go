package main

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// TestAFormIsSentAsABrowserDoes: what a page of docs fills in is found by the
// labels that are seen, and sent with what the form holds besides.
func TestAFormIsSentAsABrowserDoes(t *testing.T) {
	root, err := html.Parse(strings.NewReader(`<main><form id="do"><input type="hidden" name="_id" value="x">
<label for="a">Ground <span class="soft">(optional)</span></label><textarea id="a" name="ground">
before</textarea>
<label for="b">Result</label><select id="b" name="result"><option value="">Choose</option><option value="NO">not borne out</option><option value="YES" selected>borne out</option></select>
<input name="who" aria-label="Person 1" value="p"><input type="checkbox" name="drop" value="1"><input type="checkbox" name="keep" value="1" checked><input type="file" name="file">
</form><form><input name="other" value="1"></form></main>`))
	if err != nil {
		t.Fatal(err)
	}
	p := &formPage{root: root, filled: map[*html.Node]string{}}
	if got, want := p.values(p.byID("do")), (url.Values{"_id": {"x"}, "ground": {"before"}, "result": {"YES"}, "who": {"p"}, "keep": {"1"}}); !cmp.Equal(want, got) {
		t.Errorf("before anything is filled in (-want +got):\n%s", cmp.Diff(want, got))
	}
	for _, c := range []struct {
		label, value string
		fails        bool
	}{
		{"Ground", "now", false}, {"Result", "not borne out", false}, {"Person 1", "q", false},
		{"Result", "NO", true}, {"Reason", "none", true}, {"Ground (optional)", "x", true},
	} {
		if wrong := p.fill(c.label, c.value); (wrong != "") != c.fails {
			t.Errorf("%s: %s says %q", c.label, c.value, wrong)
		}
	}
	if got, want := p.values(p.byID("do")), (url.Values{"_id": {"x"}, "ground": {"now"}, "result": {"NO"}, "who": {"q"}, "keep": {"1"}}); !cmp.Equal(want, got) {
		t.Errorf("filled in (-want +got):\n%s", cmp.Diff(want, got))
	}
	if wrong := p.press(nil, "Record"); wrong == "" {
		t.Error("a button that is not there is pressed")
	}
}
