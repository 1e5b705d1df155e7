package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

const cliFile = "../../docs/cli.md"

// TestTheCommandLineIsAsDocumented holds docs/cli.md against what every verb
// says of itself; -update writes it.
func TestTheCommandLineIsAsDocumented(t *testing.T) {
	raw, err := os.ReadFile(cliFile)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(raw), "\n## ")
	if !found {
		t.Fatal("docs/cli.md has no verbs")
	}
	var page strings.Builder
	page.WriteString(head)
	root := (&app{}).root()
	root.InitDefaultHelpCmd()
	verbs := func(cmd *cobra.Command) []*cobra.Command {
		return slices.DeleteFunc(slices.Clone(cmd.Commands()), func(c *cobra.Command) bool { return !c.IsAvailableCommand() || c.Name() == "help" })
	}
	var tell func(cmd *cobra.Command)
	tell = func(cmd *cobra.Command) {
		if cmd.Runnable() && cmd != root {
			fmt.Fprintf(&page, "\n## %s\n\n%s.\n\n```text\n%s```\n", cmd.CommandPath(), cmd.Short, helpOf(cmd))
		}
		for _, verb := range verbs(cmd) {
			tell(verb)
		}
	}
	tell(root)
	fmt.Fprintf(&page, "\n## Flags of every verb\n\n```text\n%s\n```\n", root.PersistentFlags().FlagUsages())
	fresh := strings.ReplaceAll(page.String(), "\n\n```\n", "\n```\n")
	if *update {
		if err := os.WriteFile(cliFile, []byte(fresh), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(string(raw), "\n"), strings.Split(fresh, "\n")); diff != "" {
		t.Errorf("docs/cli.md is stale; 'go test ./cmd/probity -run CommandLine -update' writes it (-page +help):\n%s", diff)
	}
}

// helpOf is what --help says, without what is the same everywhere.
func helpOf(cmd *cobra.Command) string {
	cmd.InitDefaultHelpFlag()
	out := cmd.Long
	if out == "" {
		out = cmd.Short
	}
	out = strings.TrimSpace(out) + "\n\n" + cmd.UsageString()
	out, _, _ = strings.Cut(out, "\nGlobal Flags:")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// tableOf are the words in code of the first cells of a section's table.
func tableOf(t *testing.T, file, heading string) []string {
	t.Helper()
	raw, err := os.ReadFile("../../docs/" + file)
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(raw), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("docs/%s has no section %q", file, heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var out []string
	for line := range strings.Lines(section) {
		if cell, row := strings.CutPrefix(line, "| "); row {
			cell, _, _ = strings.Cut(cell, " | ")
			for _, code := range inCode.FindAllStringSubmatch(cell, -1) {
				out = append(out, code[1])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestTheDocumentedErrorsAreThoseThatAreGiven(t *testing.T) {
	exits := []string{}
	for _, code := range []int{exitFine, exitFailed, exitUsage, exitIntegrity} {
		exits = append(exits, strconv.Itoa(code))
	}
	if diff := cmp.Diff(exits, tableOf(t, "errors.md", "Exit codes")); diff != "" {
		t.Errorf("exit codes (-program +page):\n%s", diff)
	}
	refusals := map[string]bool{}
	statuses := map[string]bool{}
	for _, dir := range []string{"../../domain", "../../graphql", "../../console", "../house", "../../ledger/notary/witness"} {
		eachDeclared(t, dir, func(name, value string) {
			if strings.HasPrefix(name, "Code") && dir == "../../domain" {
				refusals[value] = true
			}
		}, func(status string) { statuses[status] = true })
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(refusals)), tableOf(t, "errors.md", "Refusals")); diff != "" {
		t.Errorf("codes of refusals (-program +page):\n%s", diff)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(statuses)), tableOf(t, "errors.md", "HTTP")); diff != "" {
		t.Errorf("statuses (-program +page):\n%s", diff)
	}
}

// statusNames are the statuses of HTTP by their constants.
func statusNames() map[string]string {
	names := map[string]string{"StatusOK": "200", "StatusRequestURITooLong": "414"}
	for code := 100; code < 600; code++ {
		if text := http.StatusText(code); text != "" {
			names["Status"+regexp.MustCompile(`[^A-Za-z]`).ReplaceAllString(text, "")] = strconv.Itoa(code)
		}
	}
	return names
}

// eachDeclared tells of the constants of text in a folder and those below it,
// and of the statuses of HTTP that its programs answer with.
func eachDeclared(t *testing.T, dir string, constant func(name, value string), status func(string)) {
	t.Helper()
	byName := statusNames()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(filepath.Dir(path), "test") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if i < len(n.Values) && filepath.Dir(path) == filepath.Clean(dir) {
						if lit, ok := n.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
							text, _ := strconv.Unquote(lit.Value)
							constant(name.Name, text)
						}
					}
				}
			case *ast.BinaryExpr:
				return n.Op != token.EQL && n.Op != token.NEQ // compares what another server answered
			case *ast.SelectorExpr:
				if pkg, ok := n.X.(*ast.Ident); ok && pkg.Name == "http" && byName[n.Sel.Name] != "" {
					status(byName[n.Sel.Name])
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkFolder holds docs/files.md against the demo's folder.
func (d *demo) checkFolder() {
	documented := tableOf(d.t, "files.md", "The data folder")
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		if !slices.Contains(documented, name) {
			d.t.Errorf("docs/files.md does not tell of %s", name)
		}
	}
}
