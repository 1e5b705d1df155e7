package console

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/probity-ledger/probity/console/tongues"
)

// hostileTexts are what somebody may have written wherever a text may stand.
var hostileTexts = map[string]string{
	"markup": `<script>alert("x")</script><style>*{display:none}</style></bdi></td></table></svg></title></textarea></select></noscript><img src=x onerror=alert(1)>` +
		`<svg onload=alert(1)><form action=https://evil.example><!-- --!> <![CDATA[ ]]> --> <?xml ?>`,
	"attributes":            `" onmouseover="alert(1)" style="position:fixed" '><b x='`,
	"a link to a script":    `javascript:alert(1)`,
	"a link elsewhere":      `//evil.example/..\@evil.example`,
	"entities":              `&lt;script&gt; &#x202e; &quot; &amp;amp; &NewLine; {{.}} {{template "main"}} ${alert(1)}`,
	"what is not seen":      "张\u202e\u2066伟\u2069\u200f\u061c李\u200b\u2060\ufeff\u00ad娜\U000e0041",
	"controls":              "a\x01\x07\x08\x0b\x0c\x1b[31m\x7f\u0085\u2028\u2029b",
	longest:                 strings.Repeat("长", 5000) + strings.Repeat("W", 5000),
	"marks upon each other": "Z" + strings.Repeat("\u0301", 200),
	"a path":                `x/../../../signout?x=1#y;%2e%2e%2f%00`,
}

const longest = "ten thousand letters"

// harmless has a letter in each script, as names have.
const harmless = "张a"

// everyPage is each kind of page, and papers, with an address of it.
func everyPage(id string) map[string]string {
	all := slices.Clone(pages)
	for _, p := range papers {
		all = append(all, p.page)
	}
	out := map[string]string{"home": "/", "enforcement-filter": "/enforcements?kind=PENALTY"}
	for _, p := range all {
		out[p.name] = strings.NewReplacer("{id}", url.PathEscape(id), "{type}", "case", "{article}", "I1").Replace(p.route)
	}
	out["search"] += "?q=x"
	return out
}

// hostileConsole answers with what is made up.
func hostileConsole(t *testing.T, m *madeUp) *Handler {
	t.Helper()
	h, err := New(Config{Origin: "test.example/ledger", Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
		Enter: func(_ *http.Request, token string) (Visitor, error) {
			return Visitor{Role: token, Subject: m.text, Units: []string{m.text}, Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), Ask: m.ask}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestHostileTextsAreTexts: whatever stands in the texts, ids and names of all
// that a page shows, the page has the very elements, attributes and kinds of
// addresses that it has of harmless ones; nothing in it is unseen; and no text is
// kept from wrapping.
func TestHostileTextsAreTexts(t *testing.T) {
	types := outputTypes(t)
	names := []string{}
	for name := range hostileTexts {
		names = append(names, name)
	}
	slices.Sort(names)
	m := &madeUp{types: types, text: harmless}
	h := hostileConsole(t, m)
	for page := range everyPage("x") {
		t.Run(page, func(t *testing.T) {
			roles := []string{"auditor"}
			if page == "home" {
				roles = []string{"auditor", "inspector", "leader", "hr", "intake", "handler", "overseer", "officer"}
			}
			for turn := range 4 { // flags, values of enums, members of unions
				lang := languages[turn/2]
				for _, role := range roles[:max(1, len(roles)*(1-turn))] { // all in the first turn
					m.text, m.yes, m.turn = harmless, turn%2 == 0, turn
					want := pageWith(t, h, m, page, role, lang)
					if turn == 0 && !strings.Contains(textOf(want), harmless) {
						t.Errorf("as %s it shows no text of anybody's", role)
					}
					for _, name := range names {
						if name == longest && turn > 0 {
							continue
						}
						m.text = hostileTexts[name]
						got := pageWith(t, h, m, page, role, lang)
						if a, b := skeleton(want), skeleton(got); !slices.Equal(a, b) {
							t.Fatalf("%s, as %s in %s, turn %d: the page has other elements: %s", name, role, lang, turn, firstDifference(a, b))
						}
						inspect(t, got, name, m.text)
					}
				}
			}
		})
	}
}

// pageWith asks for a page about what is made up, under an id that is made up
// too.
func pageWith(t *testing.T, h *Handler, m *madeUp, name, role, lang string) *html.Node {
	t.Helper()
	id := []rune(m.text)
	path := everyPage(string(id[:min(len(id), 100)]))[name] // of what there is, ids are no longer
	resp, body := request{path: Path + path, token: role, header: map[string]string{"Accept-Language": tags[lang]}}.to(t, h)
	if m.err != nil {
		t.Fatalf("%s asks what the schema does not answer: %v", name, m.err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s is answered with %d", name, resp.StatusCode)
	}
	for header, values := range resp.Header {
		if strings.Contains(strings.Join(values, " "), "evil.example") {
			t.Errorf("%s: the header %s is %q", name, header, values)
		}
	}
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// skeleton are the elements of a page in their order, with the names of their
// attributes, the values of those that mean something, and where links lead
// without what is in them. The marks of what is unseen are part of a text.
func skeleton(n *html.Node) []string {
	var out []string
	for n := range n.Descendants() {
		switch n.Type {
		case html.ElementNode:
			if attribute(n, "class") == "unseen" {
				continue
			}
			line := n.Data
			slices.SortFunc(n.Attr, func(a, b html.Attribute) int { return cmp.Compare(a.Key, b.Key) })
			for _, a := range n.Attr {
				switch a.Key {
				case "lang": // of a text, by its script
					if n.Data == "bdi" {
						continue
					}
					line += " lang=" + a.Val
				case "id": // of an event, or of what the script finds
					line += " id=" + strings.SplitN(a.Val, "-", 2)[0]
				case "class", "type", "name", "method", "rel", "role", "src", "http-equiv", "for", "tabindex", "scope":
					line += " " + a.Key + "=" + a.Val
				case "href", "action":
					line += " " + a.Key + "=" + kindOfAddress(a.Val)
				default:
					line += " " + a.Key
				}
			}
			out = append(out, line)
		case html.CommentNode, html.DoctypeNode:
			out = append(out, fmt.Sprint(n.Type, n.Data))
		}
	}
	return out
}

// kindOfAddress is how many parts an address has, and which it begins with.
func kindOfAddress(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return "elsewhere: " + to
	}
	parts := strings.Split(u.EscapedPath(), "/")
	first := strings.Join(parts[:min(3, len(parts))], "/")
	return fmt.Sprintf("%s (%d), %d parameters", first, len(parts), len(u.Query()))
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// raw are the attributes that carry a value as it is back to the server, as those
// of data carry it to scripts; nobody reads them.
var raw = []string{ // an id is led to by a link within the page
	"value", "href", "content", "id"}

// inspect holds a page against what must be true of each.
func inspect(t *testing.T, page *html.Node, name, text string) {
	t.Helper()
	start := strings.TrimSpace(tongues.Plainly(text))
	start = start[:min(len(start), 12)]
	for n := range page.Descendants() {
		for _, a := range n.Attr {
			if !slices.Contains(raw, a.Key) && !strings.HasPrefix(a.Key, "data-") && strings.ContainsFunc(a.Val, tongues.Unseen) {
				t.Errorf("%s: %s of <%s> hands on what is not seen: %q", name, a.Key, n.Data, a.Val)
			}
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
				t.Errorf("%s: <%s> has %s", name, n.Data, a.Key)
			}
			if slices.Contains([]string{"href", "src", "action", "formaction", "xlink:href"}, a.Key) && !strings.HasPrefix(a.Val, "/console/") && !strings.HasPrefix(a.Val, "#") &&
				!slices.Contains([]string{"/log/checkpoint", "/graphiql/", "data:,"}, a.Val) && !strings.HasPrefix(a.Val, "data:image/png;base64,") {
				t.Errorf("%s: %s of <%s> leads to %q", name, a.Key, n.Data, a.Val)
			}
		}
		if n.Type != html.TextNode {
			continue
		}
		if strings.ContainsFunc(n.Data, tongues.Unseen) {
			t.Errorf("%s: <%s> hands on what is not seen: %q", name, n.Parent.Data, n.Data)
		}
		if !strings.Contains(n.Data, start) || t.Failed() {
			continue
		}
		for up := n.Parent; up != nil; up = up.Parent {
			class := strings.Fields(attribute(up, "class"))
			switch {
			case up.Data == "time", slices.Contains(class, "pill") && !slices.Contains(class, "long"):
				t.Errorf("%s: a text of somebody's stands in <%s class=%q>, which does not wrap: %.40q", name, up.Data, attribute(up, "class"), n.Data)
			case up.Data == "text" && len([]rune(n.Data)) > 64:
				t.Errorf("%s: a text of %d characters is drawn, where nothing wraps", name, len([]rune(n.Data)))
			}
		}
	}
}

func textOf(page *html.Node) string {
	var out strings.Builder
	for n := range page.Descendants() {
		if n.Type == html.TextNode {
			out.WriteString(n.Data)
		}
	}
	return out.String()
}

func firstDifference(a, b []string) string {
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return fmt.Sprintf("the %d. is <%.200s>, and <%.200s> of harmless texts", i, cmp.Or(y, "nothing"), cmp.Or(x, "nothing"))
		}
	}
	return "none"
}

// What is in the address is a text too.
func TestHostileAddressesAreTexts(t *testing.T) {
	types := outputTypes(t)
	// Those that are judged before anything is asked stand in an address alone.
	judged := []string{"from", "to", "on", "at", "room", "period", "lang"}
	rest := []string{"q", "name", "unit", "officer", "handler", "post", "status", "result", "kind", "review", "state", "who", "dueBefore", "medium", "outcome", "agency", "benchmark", "by", "grade", "likelihood", "harm", "postStatus", "after", "before", "why"}
	m := &madeUp{types: types, text: harmless, yes: true}
	h := hostileConsole(t, m)
	for name, path := range everyPage("x") {
		for _, text := range hostileTexts {
			all := url.Values{}
			for _, parameter := range rest {
				all.Set(parameter, text[:min(len(text), 300)])
			}
			addresses := []url.Values{all}
			for _, parameter := range judged {
				addresses = append(addresses, url.Values{parameter: {text}})
			}
			for _, query := range addresses {
				resp, body := request{path: Path + strings.SplitN(path, "?", 2)[0] + "?" + query.Encode(), token: "auditor"}.to(t, h)
				if resp.StatusCode >= 500 || strings.Contains(resp.Header.Get("Location"), "//") {
					t.Fatalf("%s with %.300s: %d %s", name, query.Encode(), resp.StatusCode, resp.Header.Get("Location"))
				}
				root, err := html.Parse(strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				for n := range root.Descendants() {
					src := attribute(n, "src")
					if n.Type == html.ElementNode && slices.Contains([]string{"script", "style", "img", "iframe", "object", "embed", "base", "b"}, n.Data) && !strings.HasPrefix(src, h.files.Base) && !strings.HasPrefix(src, "data:image/png") {
						t.Errorf("%s with %.300s has <%s>", name, query.Encode(), n.Data)
					}
				}
				inspect(t, root, name, text)
			}
		}
	}
}

// The style lets every text wrap wherever it must, row headers too.
func TestTheStyleLetsTextsWrap(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("assets", "console.css"))
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range []string{"overflow-wrap: anywhere;\n}", "tbody th { overflow-wrap: anywhere; }", ".pill.long { white-space: normal;"} {
		if !strings.Contains(string(raw), rule) {
			t.Errorf("the style lacks %s", rule)
		}
	}
}
