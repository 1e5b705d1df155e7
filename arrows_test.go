package probity_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/probity-ledger/probity"

// arrow forbids imports, and says why. Whom and what are import paths; those
// of this module are written without its name. A path stands for itself and
// whatever lies below it.
type arrow struct {
	from   []string
	except []string
	to     []string
	// but lists what stays allowed below to.
	but []string
	why string
}

// The house: cmd → {graphql, console} → projections → ledger → domain.
var arrows = []arrow{
	{from: []string{"domain"}, to: []string{"ledger", "projections", "graphql", "console", "cmd"},
		why: "what may happen must not depend on how it is recorded, known, asked or shown"},
	{from: []string{"ledger"}, to: []string{"domain"}, but: []string{"domain"},
		why: "the ledger records any room and knows none; it reaches them through the catalog it is handed"},
	{from: []string{"ledger"}, to: []string{"projections", "graphql", "console", "cmd"},
		why: "recording must not depend on who reads"},
	{from: []string{"projections"}, to: []string{"graphql", "console", "cmd"},
		why: "what we know must not depend on how it is asked"},
	{from: []string{"graphql"}, to: []string{"console", "cmd"},
		why: "the pages call the queries, never the other way round"},
	{from: []string{"console"}, to: []string{"graphql", "projections", "ledger", "domain"},
		why: "pages ask in GraphQL, through what cmd hands them; a second way to data would be scoped, charged and noted by nobody"},
	{from: []string{""}, except: []string{"cmd"}, to: []string{"cmd"},
		why: "only the programs wire; nothing depends on a program"},
	{from: []string{""}, except: []string{"cmd", "ledger"}, to: []string{"ledger/embedded", "ledger/kurrent"},
		why: "cmd alone constructs stores; everybody else holds the Store contract"},
}

// kept says who alone imports a library of others; nobody where none is named.
var kept = []struct {
	library string
	by      []string
	why     string
}{
	{"github.com/EventStore/EventStore-Client-Go", []string{"ledger/kurrent", "cmd/bench"},
		"the client has traps that the store on KurrentDB holds against; use the store"},
	{"github.com/kurrent-io/KurrentDB-Client-Go", nil,
		"it registers the same messages as EventStore-Client-Go, and a program with both panics at its start"},
}

// pure lists what a rule has no business with.
var pure = map[string]string{
	"os":            "a rule reads no file and no environment",
	"io/fs":         "a rule reads no file",
	"path/filepath": "a rule reads no file",
	"embed":         "a rule reads no file; numbers stand in a Rulebook value",
	"net":           "a rule asks nobody",
	"math/rand":     "the same command must always decide the same; ids are handed in",
	"crypto/rand":   "the same command must always decide the same; ids are handed in",
	"context":       "a rule neither waits nor is cancelled",
	"log":           "a rule returns what it has to say",
	"sync":          "a state is folded by one goroutine at a time",
	"database":      "a rule stores nothing",
	"syscall":       "a rule has no machine",
	"unsafe":        "a rule has no machine",
}

// tracingMade is what makes and sends spans; all else may know the API.
var tracingMade = []string{"go.opentelemetry.io/otel/sdk", "go.opentelemetry.io/otel/exporters", "go.opentelemetry.io/contrib"}

// bench is the one package of domain that is for tests and may do as tests do.
const bench = "domain/domaintest"

type pkg struct {
	ImportPath string
	Name       string
	Imports    []string
	Deps       []string
	Module     *struct{ Main bool }
}

// own returns the path within the module, "" for its root.
func (p pkg) own() string { return within(p.ImportPath) }

func within(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
}

// under tells whether the path is one of the roots or lies below one; the
// root "" has everything below it.
func under(p string, roots []string) bool {
	return slices.ContainsFunc(roots, func(r string) bool { return r == "" || p == r || strings.HasPrefix(p, r+"/") })
}

func ours(importPath string) bool {
	return importPath == module || strings.HasPrefix(importPath, module+"/")
}

// list are the packages of the module.
func list(t *testing.T) []pkg {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go tool to ask for the imports")
	}
	pkgs, err := listed()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for _, must := range []string{"domain", "domain/sanction", "ledger"} {
		if !slices.ContainsFunc(pkgs, func(p pkg) bool { return p.own() == must }) {
			t.Fatalf("go list says nothing of %s; it lists %d packages of the module", must, len(pkgs))
		}
	}
	watch(t, pkgs)
	return pkgs
}

// listed asks the go tool, once for all tests.
var listed = sync.OnceValues(func() (pkgs []pkg, err error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Name,Imports,Deps,Module", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs, nil
		} else if err != nil {
			return nil, err
		}
		if p.Module != nil && p.Module.Main {
			pkgs = append(pkgs, p)
		}
	}
})

// watch reads the folders that go list read, so that a cached result of
// these tests is not used once one of them changed.
func watch(t *testing.T, pkgs []pkg) {
	t.Helper()
	seen := map[string]bool{}
	for _, p := range pkgs {
		for dir := p.own(); !seen[dir]; dir = strings.TrimSuffix(path.Dir(dir), ".") {
			seen[dir] = true
			if _, err := os.ReadDir(filepath.FromSlash("./" + dir)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// breaches returns a sentence for each import of the package that an arrow,
// or the purity of the domain, forbids.
func breaches(p pkg) []string {
	var out []string
	for _, a := range arrows {
		if !under(p.own(), a.from) || under(p.own(), a.except) {
			continue
		}
		for _, dep := range p.Deps {
			if d := within(dep); ours(dep) && under(d, a.to) && !slices.Contains(a.but, d) {
				out = append(out, p.own()+" reaches "+d+": "+a.why)
			}
		}
	}
	for _, imp := range p.Imports {
		switch {
		case under(imp, tracingMade) && !under(p.own(), []string{"cmd"}):
			out = append(out, p.own()+" imports "+imp+": only the programs make and send spans")
		case under(imp, []string{"go.opentelemetry.io"}) && under(p.own(), []string{"domain", "ledger", "projections"}):
			out = append(out, p.own()+" imports "+imp+": it is watched from outside, through a hook or what wraps it")
		}
	}
	for _, k := range kept {
		for _, imp := range p.Imports {
			if under(imp, []string{k.library}) && !under(p.own(), k.by) {
				out = append(out, p.own()+" imports "+imp+": "+k.why)
			}
		}
	}
	if !under(p.own(), []string{"domain"}) || p.own() == bench {
		return out
	}
	for _, imp := range p.Imports {
		if first, _, _ := strings.Cut(imp, "/"); strings.Contains(first, ".") && !ours(imp) {
			out = append(out, p.own()+" imports "+imp+": the rules stand on the standard library alone, so that they can be read and kept for decades")
		}
		for ban, why := range pure {
			if under(imp, []string{ban}) {
				out = append(out, p.own()+" imports "+imp+": "+why)
			}
		}
		if within(imp) == bench && ours(imp) {
			out = append(out, p.own()+" imports "+bench+": the bench is for tests alone")
		}
	}
	return out
}

func TestArrowsPointTheRightWay(t *testing.T) {
	for _, p := range list(t) {
		for _, b := range breaches(p) {
			t.Error(b)
		}
	}
}

func TestNoPackageIsCalledForItsShape(t *testing.T) {
	// A package is named for its subject: these names say nothing of one and
	// attract whatever found no home.
	banned := []string{"util", "utils", "common", "helper", "helpers", "pkg", "misc", "shared", "ports", "adapters"}
	for _, p := range list(t) {
		for _, name := range append(strings.Split(p.own(), "/"), p.Name) {
			if slices.Contains(banned, name) {
				t.Errorf("%s: %q names no subject; name the package for what it is about", p.own(), name)
			}
		}
	}
}

// clock lists what the package time offers beside dates and lengths.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation"}

func TestTheDomainAsksNoClock(t *testing.T) {
	for _, p := range list(t) {
		if !under(p.own(), []string{"domain"}) || p.own() == bench {
			continue
		}
		files, err := filepath.Glob(filepath.Join(filepath.FromSlash(p.own()), "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", p.own(), err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, use := range clockUses(t, name, src) {
				t.Errorf("%s: time is handed in (Act.OccurredAt), a rule asks no clock and no zone of the machine", use)
			}
		}
	}
}

// clockUses returns where the source asks the clock.
func clockUses(t *testing.T, name string, src []byte) []string {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == "time" && slices.Contains(clock, sel.Sel.Name) {
				out = append(out, fset.Position(sel.Pos()).String()+" uses time."+sel.Sel.Name)
			}
		}
		return true
	})
	return out
}

// The guards themselves: each would be silent if it were broken.
func TestTheGuardsSeeABreach(t *testing.T) {
	in := func(own string, imports ...string) pkg {
		return pkg{ImportPath: module + "/" + own, Imports: imports, Deps: imports}
	}
	tests := []struct {
		name string
		pkg  pkg
		want int
	}{
		{"a room on the kernel and the standard library", in("domain/reward", module+"/domain", "slices", "time", "encoding/json"), 0},
		{"a room that imports a library", in("domain/reward", "github.com/google/uuid"), 1},
		{"a room that imports the ledger", in("domain/reward", module+"/ledger"), 1},
		{"a room that opens files", in("domain/reward", "os"), 1},
		{"a room that calls the network", in("domain/reward", "net/http"), 1},
		{"a room that draws lots", in("domain/reward", "math/rand/v2", "crypto/rand"), 2},
		{"a room that waits", in("domain/reward", "context"), 1},
		{"a room that leans on the bench", in("domain/reward", module+"/domain/domaintest"), 1},
		{"the bench, which is for tests", in("domain/domaintest", "os", "path/filepath", "github.com/google/go-cmp/cmp", module+"/domain"), 0},
		{"a ledger on the kernel", in("ledger", module+"/domain", "os", "context"), 0},
		{"a ledger that knows a room", in("ledger", module+"/domain", module+"/domain/reward"), 1},
		{"a ledger that knows the catalog", in("ledger/embedded", module+"/domain/catalog"), 1},
		{"a ledger that reads views", in("ledger", module+"/projections"), 1},
		{"views on ledger and rooms", in("projections", module+"/ledger", module+"/domain/officer"), 0},
		{"views that know their queries", in("projections", module+"/graphql"), 1},
		{"views that open a store", in("projections", module+"/ledger/embedded"), 1},
		{"queries that know the pages", in("graphql", module+"/console"), 1},
		{"pages that know a program", in("console", module+"/cmd/house"), 1},
		{"pages that read views", in("console", module+"/projections"), 1},
		{"pages that execute queries themselves", in("console", module+"/graphql"), 1},
		{"pages that know a rule", in("console", module+"/domain"), 1},
		{"queries that name their spans", in("graphql", "go.opentelemetry.io/otel/trace"), 0},
		{"queries that send spans", in("graphql", "go.opentelemetry.io/otel/sdk/trace"), 1},
		{"a ledger that makes spans", in("ledger/notary", "go.opentelemetry.io/otel/trace"), 1},
		{"the store on KurrentDB", in("ledger/kurrent", module+"/ledger", "github.com/EventStore/EventStore-Client-Go/v4/esdb"), 0},
		{"a program that calls KurrentDB past the store", in("cmd/probity", "github.com/EventStore/EventStore-Client-Go/v4/esdb"), 1},
		{"the other client of KurrentDB", in("ledger/kurrent", "github.com/kurrent-io/KurrentDB-Client-Go/kurrentdb"), 1},
		{"a program that wires everything", in("cmd/probity", module+"/cmd/house", module+"/ledger/embedded", module+"/console", module+"/graphql"), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := breaches(tt.pkg); len(got) != tt.want {
				t.Errorf("%d breaches, want %d: %q", len(got), tt.want, got)
			}
		})
	}
	t.Run("a rule that asks the clock", func(t *testing.T) {
		src := "package p\nimport \"time\"\nvar a = time.Now()\nvar b = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)\n"
		if got := clockUses(t, "p.go", []byte(src)); len(got) != 1 {
			t.Errorf("found %q, want the one use of time.Now", got)
		}
	})
}
