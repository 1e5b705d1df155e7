package graphql_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/guard"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/projections"
)

// page is docs/graphql.md.
func page(t testing.TB) string {
	t.Helper()
	raw, err := os.ReadFile("../docs/graphql.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// section is the part of the page under a heading.
func section(t testing.TB, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(page(t), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("docs/graphql.md has no section %q", heading)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	return rest
}

// rows are the cells of the tables in a text, without their heads.
func rows(text string) [][]string {
	var out [][]string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "| `") {
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			out = append(out, cells)
		}
	}
	return out
}

var quoted = regexp.MustCompile("`([^`]+)`")

func number(t testing.TB, cell string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.ReplaceAll(cell, ",", ""), 10, 64)
	if err != nil {
		t.Errorf("%q is no number", cell)
	}
	return n
}

func TestTheDocumentedCodesAreThoseThatAreSent(t *testing.T) {
	documented := map[string]bool{}
	for _, row := range rows(section(t, "Null or error")) {
		for _, code := range quoted.FindAllStringSubmatch(row[0], -1) {
			documented[code[1]] = true
		}
	}
	sent := map[string]bool{}
	for _, dir := range []string{".", "guard", "overhttp", "signin", "plan"} {
		collectCodes(t, dir, sent)
	}
	for _, code := range constants(t, "../domain", "Code") {
		sent[code] = true
	}
	delete(sent, string(domain.CodeInvalid)) // told as BAD_USER_INPUT
	if diff := cmp.Diff(slices.Sorted(maps.Keys(sent)), slices.Sorted(maps.Keys(documented))); diff != "" {
		t.Errorf("codes in the program and in docs/graphql.md (-program +page):\n%s", diff)
	}
}

// collectCodes finds the codes of a package: constants named code… or Code…,
// and what is handed to fault and NewError as it stands.
func collectCodes(t *testing.T, dir string, into map[string]bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	code := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if word, _ := strconv.Unquote(lit.Value); regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`).MatchString(word) {
				into[word] = true
			}
		}
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, ident := range n.Names {
					if strings.HasPrefix(strings.ToLower(ident.Name), "code") && i < len(n.Values) {
						code(n.Values[i])
					}
				}
			case *ast.CallExpr:
				called := ""
				switch f := n.Fun.(type) {
				case *ast.Ident:
					called = f.Name
				case *ast.SelectorExpr:
					called = f.Sel.Name
				}
				if called == "fault" || called == "NewError" {
					for _, arg := range n.Args {
						code(arg)
					}
				}
			}
			return true
		})
	}
}

func TestTheDocumentedLimitsAreThoseInForce(t *testing.T) {
	documented := map[string]int64{}
	for _, row := range rows(section(t, "Limits")) {
		documented[strings.Trim(row[0], "`")] = number(t, row[1])
	}
	inForce := map[string]int64{}
	limits := reflect.ValueOf(guard.DefaultLimits())
	for i := range limits.NumField() {
		inForce[limits.Type().Field(i).Name] = limits.Field(i).Int()
	}
	if diff := cmp.Diff(inForce, documented); diff != "" {
		t.Errorf("limits in the program and in docs/graphql.md (-program +page):\n%s", diff)
	}
	if guard.DefaultLimits().DefaultPage != projections.DefaultPage || guard.DefaultLimits().Bytes != overhttp.DefaultMaxBody || projections.MaxPage != 500 ||
		overhttp.DefaultTimeout.Seconds() != 10 {
		t.Error("a page, a body or the time limit is not what is documented and weighed")
	}
}

func TestTheDocumentedBudgetsAreTheDefaults(t *testing.T) {
	documented := budget.Allowances{}
	for _, row := range rows(section(t, "Cost and budgets")) {
		documented[domain.Role(strings.Trim(row[0], "`"))] = budget.Allowance{PerSecond: number(t, row[1]), Burst: number(t, row[2]), PerOperation: number(t, row[3])}
	}
	if diff := cmp.Diff(budget.Defaults(), documented); diff != "" {
		t.Errorf("budgets in the program and in docs/graphql.md (-program +page):\n%s", diff)
	}
}
