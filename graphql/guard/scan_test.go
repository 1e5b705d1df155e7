package guard

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/lexer"
	"github.com/graphql-go/graphql/language/source"
)

// lexed counts the tokens the library's lexer finds, false when it fails.
func lexed(body []byte) (int, bool) {
	next := lexer.Lex(source.NewSource(&source.Source{Body: bytes.Clone(body)}))
	for n := 0; ; n++ {
		token, err := next(0)
		if err != nil {
			return n, false
		}
		if token.Kind == lexer.EOF {
			return n, true
		}
	}
}

var lexicon = []string{
	``, `{}`, `{ a }`, `query Q($a: [Int!]! = [1, -2.5e+3, 0]) @x(y: "z\"\u00e9\\") { ...F ... on T { b: c } }`,
	`"""block \""" string""" "" "a" """"""`, "# only a comment", "{a#b\n}", "\ufeff{a,b,,c}", `-0.0E-1 00`, `"廉政" x`, "#查\n{a\n#询\nb}",
	`{a(x:{y:[{z:$v}]})|&!}`, "\"\"\"\n  a\r\n  b\n\"\"\"",
}

func TestTheScanSeesTheLexersTokens(t *testing.T) {
	for _, text := range lexicon {
		sameTokens(t, text)
	}
}

func sameTokens(t *testing.T, text string) {
	t.Helper()
	limits := DefaultLimits()
	limits.Tokens, limits.NameLength, limits.Depth, limits.ValueDepth = 1<<20, 1<<20, 1<<20, 1<<20
	e, r := scan(text, limits)
	if r != nil {
		return // what the scan refuses never reaches the lexer
	}
	if n, ok := lexed(blank(text)); ok && n != e.tokens {
		t.Errorf("%q: scan counts %d tokens, the lexer %d", text, e.tokens, n)
	}
}

func TestTheScanAcceptsWhatTheLexerAccepts(t *testing.T) {
	for _, text := range lexicon {
		_, r := scan(text, DefaultLimits())
		if _, ok := lexed(blankAnyway(text)); ok != (r == nil) && ok {
			t.Errorf("%q: refused with %q, the lexer takes it", text, r.message)
		}
	}
}

// blankAnyway is blank for texts that may not pass the scan.
func blankAnyway(text string) []byte {
	if _, r := scan(text, DefaultLimits()); r != nil {
		return []byte(text)
	}
	return blank(text)
}

func TestBlankingKeepsOffsetsAndLines(t *testing.T) {
	const text = "\ufeff{ # 查询 \"x\"\r\n a(t: \"# kept 廉\") }"
	got := string(blank(text))
	if len(got) != len(text) || strings.Count(got, "\n") != strings.Count(text, "\n") {
		t.Errorf("blanked text moved: %q", got)
	}
	if strings.Contains(got, "查") || !strings.Contains(got, "# kept 廉") {
		t.Errorf("wrong parts blanked: %q", got)
	}
}

func TestTheScanAllocatesNothing(t *testing.T) {
	introspection, err := os.ReadFile("testdata/introspection.graphql")
	if err != nil {
		t.Fatal(err)
	}
	text, limits := string(introspection), DefaultLimits()
	if n := testing.AllocsPerRun(100, func() { scan(text, limits) }); n != 0 {
		t.Errorf("scan allocates %v times", n)
	}
}

// FuzzDocument drives arbitrary text through every step. Nothing may panic or
// hang, the scan must agree with the lexer, and no document deeper than the
// scan measured may come out of the parser.
func FuzzDocument(f *testing.F) {
	g := testGuard(f)
	for _, text := range lexicon {
		f.Add(text)
	}
	files, err := filepath.Glob("testdata/*.graphql")
	if err != nil || len(files) == 0 {
		f.Fatal("no seed documents", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		sameTokens(t, text)
		if e, r := scan(text, g.limits); r == nil {
			if document, r := parse(text, e); r == nil {
				if deep := deepest(document); deep > e.depth {
					t.Errorf("%q: parsed %d deep, scanned %d", text, deep, e.depth)
				}
			}
		}
		if _, err := g.Check(text, "", map[string]any{"n": 3}); err != nil && AsErrors(err) == nil {
			t.Errorf("%q: refused with a foreign error %v", text, err)
		}
	})
}

func deepest(document *ast.Document) int {
	deep := 0
	for _, definition := range document.Definitions {
		if d, ok := definition.(ast.Definition); ok {
			deep = max(deep, setDepth(d.GetSelectionSet()))
		}
	}
	return deep
}

func setDepth(set *ast.SelectionSet) int {
	if set == nil {
		return 0
	}
	deep := 0
	for _, selection := range set.Selections {
		deep = max(deep, setDepth(selection.GetSelectionSet()))
	}
	return deep + 1
}
