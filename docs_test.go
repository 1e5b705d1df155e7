package probity_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/mod/modfile"
)

// pages are the documents for people, by their path from here.
func pages(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, root := range []string{"README.md", "ARCHITECTURE.md", "docs", "deploy"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".md" {
				return err
			}
			raw, err := os.ReadFile(path)
			out[filepath.ToSlash(path)] = string(raw)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

var (
	link    = regexp.MustCompile(`\]\(([^()\s]+(?:\([^()\s]*\))?[^()\s]*)\)`)
	inTicks = regexp.MustCompile("`[^`\n]*`")
	anchor  = regexp.MustCompile(`<a (?:id|name)="([^"]+)">`)
)

// prose is a page without its blocks of code.
func prose(page string) string {
	var out strings.Builder
	fence := ""
	for line := range strings.Lines(page) {
		text := strings.TrimSpace(line)
		mark := text[:len(text)-len(strings.TrimLeft(text, "`"))]
		switch {
		case fence == "" && len(mark) >= 3:
			fence = mark
		case fence != "" && text == fence:
			fence = ""
		case fence == "":
			out.WriteString(line)
		}
	}
	return out.String()
}

// links are the places that a page leads to.
func links(page string) (out []string) {
	for _, m := range link.FindAllStringSubmatch(inTicks.ReplaceAllString(prose(page), "`"), -1) {
		out = append(out, m[1])
	}
	return out
}

// anchors are the places within a page that can be led to, as GitHub makes
// them of headings.
func anchors(page string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(prose(page)) {
		for _, m := range anchor.FindAllStringSubmatch(line, -1) {
			out[m[1]] = true
		}
		title := strings.TrimLeft(line, "#")
		if level := len(line) - len(title); level == 0 || level > 6 || !strings.HasPrefix(title, " ") {
			continue
		}
		slug := strings.Map(func(r rune) rune {
			switch {
			case unicode.IsLetter(r), unicode.IsNumber(r), r == '-', r == '_':
				return unicode.ToLower(r)
			case r == ' ':
				return '-'
			}
			return -1
		}, strings.TrimSpace(title))
		for n, as := 1, slug; ; n++ {
			if !out[as] {
				out[as] = true
				break
			}
			as = slug + "-" + strconv.Itoa(n)
		}
	}
	return out
}

func TestEveryLinkOfTheDocumentsLeadsSomewhere(t *testing.T) {
	all := pages(t)
	places := map[string]map[string]bool{}
	for name, page := range all {
		places[name] = anchors(page)
	}
	for name, page := range all {
		for _, to := range links(page) {
			if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			file, place, inside := strings.Cut(to, "#")
			at := name
			if file != "" {
				at = filepath.ToSlash(filepath.Join(filepath.Dir(name), file))
				if _, err := os.Stat(at); err != nil {
					t.Errorf("%s leads to %s, which is not there", name, to)
					continue
				}
			}
			if inside && places[at] != nil && !places[at][place] {
				t.Errorf("%s leads to %s, and there is no such heading", name, to)
			}
		}
	}
}

func TestEveryPageIsOnTheListOfPages(t *testing.T) {
	all := pages(t)
	listed := links(all["docs/README.md"])
	for name := range all {
		page, within := strings.CutPrefix(name, "docs/")
		if !within || page == "README.md" || strings.HasPrefix(page, "catalogue/") && page != "catalogue/README.md" {
			continue // the catalogue has a list of its own
		}
		if n := len(slices.DeleteFunc(slices.Clone(listed), func(to string) bool { return to != page })); n != 1 {
			t.Errorf("docs/README.md lists %s %d times", page, n)
		}
	}
}

// section is what a page says under a heading.
func section(t *testing.T, page, heading string) string {
	t.Helper()
	_, after, found := strings.Cut(page, "\n## "+heading+"\n")
	if !found {
		t.Fatalf("no section %q", heading)
	}
	text, _, _ := strings.Cut(after, "\n## ")
	return text
}

// rooms are the folders that the tree in a block of code names.
func rooms(tree string) (out []string) {
	var above []string
	for line := range strings.Lines(tree) {
		text := strings.TrimLeft(line, " ")
		depth := (len(line) - len(text)) / 2
		if depth > len(above) || text == "\n" || strings.HasPrefix(text, "`") {
			continue // goes on with what it says of the line before
		}
		name, rest, _ := strings.Cut(text, " ")
		names := []string{name}
		if rooms := strings.Fields(text); depth == 1 && !strings.HasSuffix(name, "/") && !strings.Contains(rest, "  ") {
			names = rooms // several with one line for all of them
		}
		above = append(above[:depth], strings.TrimSuffix(names[0], "/"))
		for _, n := range names {
			out = append(out, strings.Join(append(slices.Clone(above[:depth]), strings.TrimSuffix(n, "/")), "/"))
		}
	}
	return out
}

func TestTheArchitectureNamesEveryRoom(t *testing.T) {
	tree := rooms(section(t, pages(t)["ARCHITECTURE.md"], "The rooms"))
	for _, p := range list(t) {
		if own := p.own(); own != "" && !slices.Contains(tree, own) {
			t.Errorf("the tree of rooms lacks %s", own)
		}
	}
	for _, room := range tree {
		if _, err := os.Stat(filepath.FromSlash(room)); err != nil {
			t.Errorf("the tree of rooms has %s: %v", room, err)
		}
	}
}

func TestTheArchitectureNamesEveryDependency(t *testing.T) {
	raw, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, m := range inTicks.FindAllString(section(t, pages(t)["ARCHITECTURE.md"], "Dependencies"), -1) {
		name := strings.Trim(m, "`")
		before, rest, some := strings.Cut(name, "{")
		if !some {
			named[name] = true
			continue
		}
		within, _, _ := strings.Cut(rest, "}")
		for part := range strings.SplitSeq(within, ",") {
			named[before+part] = true
		}
	}
	for _, r := range mod.Require {
		if r.Indirect {
			continue
		}
		name := strings.TrimPrefix(r.Mod.Path, "github.com/")
		said := false
		for part := name; part != "." && !said; part = filepath.ToSlash(filepath.Dir(part)) {
			said = named[part]
		}
		if !said {
			t.Errorf("the table of dependencies lacks %s", name)
		}
	}
}
